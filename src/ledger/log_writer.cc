#include "ledger/log_writer.h"

#include <fmt/format.h>

#include <unordered_map>

#include "ledger/entry_scan.h"
#include "ledger/note_text.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr size_t kGroupBytesMax = size_t{32} << 20;
constexpr size_t kAppendBytesMax = size_t{256} << 20;
constexpr uint64_t kWaitingBytesMax = uint64_t{64} << 20;  // of tiles not written yet

Error too_big(size_t bytes) {
  return Error("ledger.append.too_big")
      .zh(fmt::format("一次追加 {} 字节，上限是 {}", bytes, kAppendBytesMax))
      .en(fmt::format("one append of {} bytes, the limit is {}", bytes, kAppendBytesMax))
      .remedy("请分批追加，或把大块内容作为证据文件", "append in parts, or put it into a blob");
}

Error missing_evidence(size_t position, const Hash256& hash) {
  return Error("ledger.evidence.missing")
      .zh(fmt::format("第 {} 条所引的证据 {} 不在账本中", position + 1, hash.hex()))
      .en(fmt::format("entry {} names the evidence {}, which is not here", position + 1,
                      hash.hex()))
      .row(position + 1)
      .element(hash.hex())
      .remedy("请先用 put_blob 存入证据，再追加条目",
              "put the evidence with put_blob first, then append the entry");
}

}  // namespace

// What one journal record takes: entries of several requests, in order.
struct LogWriter::Group {
  uint64_t first = 0;
  std::string payload;
  std::vector<Hash256> leaves;
  std::vector<const Encoded*> entries;
  std::unordered_map<std::string_view, uint64_t> keys;
};

LogWriter::LogWriter(const Options& options)
    : LogBase(options),
      clock_(*options.clock),
      signer_(options.signer),
      interval_micros_(options.checkpoint_interval_micros),
      background_(options.background && options.checkpoint_interval_micros > 0),
      segment_bytes_(options.journal_segment_bytes),
      tiles_(files_, directory_) {}

LogWriter::~LogWriter() {
  {
    const std::lock_guard lock(background_mutex_);
    closing_ = true;
  }
  background_wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (!opened_) return;
  if (Result<> published = publish(); !published) report("ledger.close", published.error());
}

Error LogWriter::stopped() const {
  const std::lock_guard lock(stop_mutex_);
  Error error = Error("ledger.stopped")
                    .zh("写盘出错后，账本已停止写入")
                    .en("the ledger takes no more entries after an error of the disk")
                    .file(directory_)
                    .remedy("请检查磁盘，然后重新打开账本：打开时会查明哪些条目已落盘",
                            "check the disk, then open the ledger anew: opening finds out which "
                            "entries are on it");
  return stopped_ ? std::move(error).because(*stopped_) : error;
}

bool LogWriter::is_stopped() const {
  const std::lock_guard lock(stop_mutex_);
  return stopped_.has_value();
}

void LogWriter::stop(const Error& why) {
  const std::lock_guard lock(stop_mutex_);
  if (stopped_) return;
  stopped_ = why;
  logger_.error("ledger.stopped").kv("dir", directory_).kv("why", why.to_json());
}

Result<> LogWriter::encode(std::span<const Entry> entries, Request* request) const {
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    for (const Hash256& hash : entry.evidence) {
      YIPAN_ASSIGN(const bool present, blobs_.has(hash));
      if (!present) return fail(missing_evidence(i, hash));
    }
    Encoded& out = request->entries.emplace_back();
    Result<std::string> bytes = fail(Error("ledger.entry.field"));
    if (entry.when.micros() != 0) {
      bytes = entry.encode();
    } else {
      Entry timed = entry;
      timed.when = clock_.now();
      bytes = timed.encode();
    }
    if (!bytes) return fail(std::move(bytes).error().row(i + 1));
    out.bytes = *std::move(bytes);
    out.leaf = leaf_hash(out.bytes);
    out.key = entry.idempotency_key;
    request->bytes += out.bytes.size() + 2;
  }
  if (request->bytes > kAppendBytesMax) return fail(too_big(request->bytes));
  return {};
}

Result<std::vector<uint64_t>> LogWriter::append(std::span<const Entry> entries) {
  Request request;
  YIPAN_TRY(encode(entries, &request));
  if (entries.empty()) return request.indices;
  YIPAN_TRY(submit(&request));
  return std::move(request.indices);
}

// Leader and followers: whoever finds nobody leading commits all that is queued, the others wait.
Result<> LogWriter::submit(Request* request) {
  std::unique_lock lock(queue_mutex_);
  queue_.push_back(request);
  while (!request->done) {
    if (leading_) {
      queue_changed_.wait(lock);
    } else {
      lead(&lock);
    }
  }
  return request->result;
}

void LogWriter::lead(std::unique_lock<std::mutex>* lock) {
  std::vector<Request*> group;
  for (size_t bytes = 0; !queue_.empty(); queue_.pop_front()) {
    if (!group.empty() && bytes + queue_.front()->bytes > kGroupBytesMax) break;
    bytes += queue_.front()->bytes;
    group.push_back(queue_.front());
  }
  leading_ = true;
  lock->unlock();
  commit(group);
  lock->lock();
  leading_ = false;
  for (Request* request : group) request->done = true;
  queue_changed_.notify_all();
}

void LogWriter::commit(const std::vector<Request*>& requests) {
  Group group;
  group.first = view_.size();
  std::vector<Request*> accepted;
  for (Request* request : requests) {
    request->result = resolve(request, &group);
    if (request->result) accepted.push_back(request);
  }
  const Result<> durable = make_durable(&group);
  if (!durable) {
    for (Request* request : accepted) request->result = durable;
    return;
  }
  after_commit();
}

// Gives every entry its index: a known key its old one, all others the next.
Result<> LogWriter::resolve(Request* request, Group* group) const {
  std::vector<std::pair<const Encoded*, uint64_t>> fresh;
  std::unordered_map<std::string_view, uint64_t> own;
  uint64_t next = group->first + group->entries.size();
  for (const Encoded& entry : request->entries) {
    if (!entry.key.empty()) {
      std::optional<uint64_t> known;
      if (const auto at = group->keys.find(entry.key); at != group->keys.end()) known = at->second;
      if (const auto at = own.find(entry.key); at != own.end()) known = at->second;
      if (!known) {
        YIPAN_ASSIGN(known, find_key(*keys_, entry.key));
      }
      if (known) {
        request->indices.push_back(*known);
        continue;
      }
      own[entry.key] = next;
    }
    fresh.emplace_back(&entry, next);
    request->indices.push_back(next++);
  }
  for (const auto& [entry, index] : fresh) {
    append_bundle_entry(entry->bytes, &group->payload);
    group->leaves.push_back(entry->leaf);
    group->entries.push_back(entry);
    if (!entry->key.empty()) group->keys[entry->key] = index;
  }
  return {};
}

Result<> LogWriter::make_durable(Group* group) {
  if (group->entries.empty()) return {};
  const std::lock_guard lock(journal_mutex_);
  if (is_stopped()) return fail(stopped());
  if (Result<> written = journal_->append(group->payload, group->leaves); !written) {
    if (journal_->is_broken()) stop(written.error());
    return written;
  }
  std::vector<std::string_view> entries;
  entries.reserve(group->entries.size());
  for (const Encoded* entry : group->entries) entries.push_back(entry->bytes);
  for (size_t i = 0; i < group->entries.size(); ++i) {
    keys_->add(group->entries[i]->key, group->first + i);
  }
  view_.append(entries, group->leaves);
  // The entries are durable whether or not a new segment can be begun.
  if (journal_->segment_bytes() >= segment_bytes_) {
    if (Result<> rotated = journal_->rotate(); !rotated) stop(rotated.error());
  }
  return {};
}

void LogWriter::after_commit() {
  const bool behind = view_.waiting_bytes() > kWaitingBytesMax;
  if (background_ && !behind) {
    {
      const std::lock_guard lock(background_mutex_);
      wake_ = true;
    }
    background_wake_.notify_one();
    return;
  }
  if (!behind && !is_due()) return;
  // Acknowledged already; what could not be published is tried again at the next occasion.
  if (Result<> published = publish(); !published) report("ledger.publish", published.error());
}

std::optional<uint64_t> LogWriter::find_idempotency_key(std::string_view key) const {
  const Result<std::optional<uint64_t>> found = find_key(*keys_, key);
  if (found) return *found;
  logger_.error("ledger.keys.unreadable").kv("error", found.error().to_json());
  return std::nullopt;
}

}  // namespace yipan::ledger
