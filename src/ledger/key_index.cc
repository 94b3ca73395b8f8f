#include "ledger/key_index.h"

#include <algorithm>
#include <bit>
#include <queue>

#include "ledger/layout.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr size_t kRecentKeysMax = 65536;
constexpr uint64_t kRecentEntriesMax = uint64_t{1} << 18;
constexpr size_t kMergeWidth = 4;

// Runs of about equal size are merged: tier k holds up to 65,536 x 4^k keys.
int tier_of(const KeyRun& run) {
  const uint64_t units = run.count() / kRecentKeysMax;
  return units == 0 ? 0 : (std::bit_width(units) - 1) / 2;
}

struct RunName {
  uint64_t from = 0;
  uint64_t to = 0;
  std::string path;
};

std::optional<RunName> parse_run_name(const std::string& folder, std::string_view name) {
  constexpr std::string_view kSuffix = ".keys";
  if (name.size() != 41 + kSuffix.size() || name[20] != '-' || !name.ends_with(kSuffix)) {
    return std::nullopt;
  }
  const auto from = parse_digits20(name.substr(0, 20));
  const auto to = parse_digits20(name.substr(21, 20));
  if (!from || !to || *from >= *to) return std::nullopt;
  return RunName{*from, *to, folder + "/" + std::string(name)};
}

// Reads a run from its beginning to its end, a page at a time.
class RunCursor {
 public:
  explicit RunCursor(std::shared_ptr<const KeyRun> run) : run_(std::move(run)) {}
  Result<bool> next() {
    if (++at_ < slots_.size()) return true;
    if (page_ == run_->pages()) return false;
    YIPAN_ASSIGN(slots_, run_->page(page_++));
    at_ = 0;
    return true;
  }
  const KeySlot& slot() const { return slots_[at_]; }

 private:
  std::shared_ptr<const KeyRun> run_;
  uint64_t page_ = 0;
  std::vector<KeySlot> slots_;
  size_t at_ = 0;
};

Result<> merge_into(std::span<const std::shared_ptr<const KeyRun>> runs, KeyRunWriter* out) {
  std::vector<RunCursor> cursors;
  using Head = std::pair<KeySlot, size_t>;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  for (const auto& run : runs) {
    RunCursor& cursor = cursors.emplace_back(run);
    YIPAN_ASSIGN(const bool more, cursor.next());
    if (more) heads.emplace(cursor.slot(), cursors.size() - 1);
  }
  while (!heads.empty()) {
    const auto [slot, i] = heads.top();
    heads.pop();
    YIPAN_TRY(out->add(slot));
    YIPAN_ASSIGN(const bool more, cursors[i].next());
    if (more) heads.emplace(cursors[i].slot(), i);
  }
  return {};
}

}  // namespace

Result<std::vector<std::shared_ptr<const KeyRun>>> open_runs(Files& files,
                                                             const std::string& directory,
                                                             std::vector<std::string>* stale) {
  std::vector<std::shared_ptr<const KeyRun>> out;
  const std::string folder = directory + "/index";
  YIPAN_ASSIGN(const bool exists, files.exists(folder));
  if (!exists) return out;
  YIPAN_ASSIGN(const std::vector<std::string> names, files.list(folder));
  std::vector<RunName> runs;
  for (const std::string& name : names) {
    if (auto run = parse_run_name(folder, name)) {
      runs.push_back(*std::move(run));
    } else if (name.ends_with(".tmp")) {
      stale->push_back(folder + "/" + name);
    }
  }
  std::sort(runs.begin(), runs.end(), [](const RunName& a, const RunName& b) {
    return a.from != b.from ? a.from < b.from : a.to > b.to;
  });
  uint64_t next = 0;
  for (const RunName& run : runs) {
    if (run.from != next) {
      stale->push_back(run.path);
      continue;
    }
    YIPAN_ASSIGN(out.emplace_back(), KeyRun::open(files, run.path, run.from, run.to));
    next = run.to;
  }
  return out;
}

Result<std::unique_ptr<KeyIndex>> KeyIndex::open(Files& files, const std::string& ledger_directory,
                                                 bool writer, uint64_t log_size) {
  std::unique_ptr<KeyIndex> index(new KeyIndex(files, ledger_directory + "/index"));
  std::vector<std::string> stale;
  YIPAN_ASSIGN(index->runs_, open_runs(files, ledger_directory, &stale));
  // Runs that reach beyond the log are of another one (a folder put together from two backups).
  if (index->covered() > log_size) {
    for (const auto& run : index->runs_) stale.push_back(run->path());
    index->runs_.clear();
  }
  if (!writer) return index;
  YIPAN_TRY(files.make_directories(index->directory_));
  for (const std::string& path : stale) YIPAN_TRY(files.remove(path));
  return index;
}

uint64_t KeyIndex::covered() const {
  const std::lock_guard lock(mutex_);
  return runs_.empty() ? 0 : runs_.back()->to();
}

void KeyIndex::add(std::string_view key, uint64_t index) {
  if (key.empty()) return;
  const std::lock_guard lock(mutex_);
  recent_.emplace(key_hash64(key), index);
}

Result<std::vector<uint64_t>> KeyIndex::candidates(std::string_view key) const {
  const uint64_t hash = key_hash64(key);
  std::vector<uint64_t> out;
  std::vector<std::shared_ptr<const KeyRun>> runs;
  {
    const std::lock_guard lock(mutex_);
    const auto [from, to] = recent_.equal_range(hash);
    for (auto at = from; at != to; ++at) out.push_back(at->second);
    runs = runs_;
  }
  for (const auto& run : runs) YIPAN_TRY(run->find(hash, &out));
  std::sort(out.begin(), out.end());
  return out;
}

Result<> KeyIndex::flush(uint64_t durable_size) {
  const uint64_t from = covered();
  std::vector<KeySlot> slots;
  {
    const std::lock_guard lock(mutex_);
    if (durable_size <= from) return {};
    if (recent_.size() < kRecentKeysMax && durable_size - from < kRecentEntriesMax) return {};
    for (const auto& [hash, index] : recent_) {
      if (index < durable_size) slots.push_back({hash, index});
    }
  }
  std::sort(slots.begin(), slots.end());
  YIPAN_ASSIGN(KeyRunWriter writer, KeyRunWriter::create(files_, directory_, from, durable_size));
  for (const KeySlot& slot : slots) YIPAN_TRY(writer.add(slot));
  YIPAN_ASSIGN(std::shared_ptr<const KeyRun> run, writer.finish());
  {
    const std::lock_guard lock(mutex_);
    runs_.push_back(std::move(run));
    std::erase_if(recent_, [&](const auto& slot) { return slot.second < durable_size; });
  }
  return merge_tail();
}

Result<> KeyIndex::merge_tail() {
  for (;;) {
    if (runs_.size() < kMergeWidth) return {};
    const std::vector<std::shared_ptr<const KeyRun>> tail(runs_.end() - kMergeWidth, runs_.end());
    const int tier = tier_of(*tail.back());
    for (const auto& run : tail) {
      if (tier_of(*run) != tier) return {};
    }
    YIPAN_ASSIGN(KeyRunWriter writer,
                 KeyRunWriter::create(files_, directory_, tail.front()->from(), tail.back()->to()));
    YIPAN_TRY(merge_into(tail, &writer));
    YIPAN_ASSIGN(std::shared_ptr<const KeyRun> merged, writer.finish());
    {
      const std::lock_guard lock(mutex_);
      runs_.resize(runs_.size() - kMergeWidth);
      runs_.push_back(std::move(merged));
    }
    for (const auto& run : tail) YIPAN_TRY(files_.remove(run->path()));
  }
}

}  // namespace yipan::ledger
