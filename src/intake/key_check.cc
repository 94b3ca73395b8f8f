#include "intake/key_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <queue>

namespace yipan::intake {
namespace {

constexpr size_t kBlockItems = size_t{1} << 14;

bool before(const KeyCheck::Item& a, const KeyCheck::Item& b) {
  return a.hash != b.hash ? a.hash < b.hash : a.ordinal < b.ordinal;
}

uint64_t mix(uint64_t a, uint64_t b) {
  __extension__ typedef unsigned __int128 Wide;
  Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// One sorted run, read block by block.
class Run {
 public:
  explicit Run(std::unique_ptr<File> file) : file_(std::move(file)) {}
  Result<bool> next(KeyCheck::Item* item) {
    if (at_ == block_.size()) {
      block_.resize(kBlockItems);
      YIPAN_ASSIGN(size_t n, file_->read_at(offset_, reinterpret_cast<char*>(block_.data()),
                                            kBlockItems * sizeof(KeyCheck::Item)));
      offset_ += n;
      block_.resize(n / sizeof(KeyCheck::Item));
      at_ = 0;
      if (block_.empty()) return false;
    }
    *item = block_[at_++];
    return true;
  }

 private:
  std::unique_ptr<File> file_;
  uint64_t offset_ = 0;
  std::vector<KeyCheck::Item> block_;
  size_t at_ = 0;
};

// Collects runs of equal hashes from items that come in order.
class Groups {
 public:
  void take(const KeyCheck::Item& item) {
    if (!current_.empty() && item.hash != hash_) flush();
    hash_ = item.hash;
    current_.push_back(item.ordinal);
  }
  std::vector<std::vector<uint64_t>> finish() {
    flush();
    return std::move(groups_);
  }

 private:
  void flush() {
    if (current_.size() > 1) groups_.push_back(current_);
    current_.clear();
  }
  uint64_t hash_ = 0;
  std::vector<uint64_t> current_;
  std::vector<std::vector<uint64_t>> groups_;
};

}  // namespace

uint64_t hash_key(std::string_view bytes, uint64_t seed) {
  uint64_t h = seed ^ (bytes.size() * 0x9E3779B97F4A7C15ULL);
  const char* p = bytes.data();
  size_t n = bytes.size();
  for (; n >= 8; p += 8, n -= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    h = mix(h ^ word, 0xA0761D6478BD642FULL);
  }
  uint64_t tail = 0;
  std::memcpy(&tail, p, n);
  return mix(h ^ tail ^ 0xE7037ED1A0B428DBULL, 0x8EBC6AF09C88C6E3ULL);
}

Result<> KeyCheck::add(uint64_t hash, uint64_t ordinal) {
  items_.push_back({hash, ordinal});
  if (items_.size() < run_items_) return {};
  return spill();
}

Result<> KeyCheck::spill() {
  if (directory_ == nullptr) {
    YIPAN_ASSIGN(TempDir made, TempDir::make());
    directory_ = std::make_unique<TempDir>(std::move(made));
  }
  std::sort(items_.begin(), items_.end(), before);
  std::string path = fmt::format("{}/run{}", directory_->path(), runs_.size());
  YIPAN_ASSIGN(auto file, files_.open(path, Open::create_new));
  YIPAN_TRY(file->write_at(
      0, {reinterpret_cast<const char*>(items_.data()), items_.size() * sizeof(Item)}));
  runs_.push_back(std::move(path));
  items_.clear();
  return {};
}

Result<std::vector<std::vector<uint64_t>>> KeyCheck::candidates() {
  Groups groups;
  if (runs_.empty()) {
    std::sort(items_.begin(), items_.end(), before);
    for (const Item& item : items_) groups.take(item);
    return groups.finish();
  }
  if (!items_.empty()) {
    YIPAN_TRY(spill());
  }
  std::vector<Run> runs;
  for (const std::string& path : runs_) {
    YIPAN_ASSIGN(auto file, files_.open(path, Open::read));
    runs.emplace_back(std::move(file));
  }
  using Head = std::pair<Item, size_t>;
  const auto later = [](const Head& a, const Head& b) { return before(b.first, a.first); };
  std::priority_queue<Head, std::vector<Head>, decltype(later)> heads(later);
  Item item{};
  for (size_t i = 0; i < runs.size(); ++i) {
    YIPAN_ASSIGN(bool more, runs[i].next(&item));
    if (more) heads.push({item, i});
  }
  while (!heads.empty()) {
    Head head = heads.top();
    heads.pop();
    groups.take(head.first);
    YIPAN_ASSIGN(bool more, runs[head.second].next(&item));
    if (more) heads.push({item, head.second});
  }
  return groups.finish();
}

}  // namespace yipan::intake
