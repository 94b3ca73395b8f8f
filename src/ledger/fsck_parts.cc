// fsck of the private part: evidence blobs, runs of idempotency keys, the journal.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "ledger/blobs.h"
#include "ledger/encoding.h"
#include "ledger/fsck_context.h"
#include "ledger/journal.h"
#include "ledger/tiles.h"

namespace yipan::ledger {
namespace {

void unexpected(FsckContext* c, const std::string& path) {
  c->problem(fsck_error("ledger.fsck.unexpected", "账本中不该有这个文件",
                        "this file does not belong in a ledger")
                 .file(path));
}

// Names in a folder; none if it does not exist.
std::vector<std::string> names_in(FsckContext* c, const std::string& folder) {
  const Result<bool> exists = c->files.exists(folder);
  if (!exists || !*exists) return {};
  Result<std::vector<std::string>> names = c->files.list(folder);
  if (names) return *std::move(names);
  c->problem(std::move(names).error());
  return {};
}

void check_blob(FsckContext* c, const std::string& path, const Hash256& name) {
  const Result<std::unique_ptr<File>> file = c->files.open(path, Open::read);
  const Result<Hash256> found = file ? hash_file(**file) : fail(file.error());
  if (!found) {
    if (!FsckContext::is_gone(found.error())) c->problem(found.error());
    return;
  }
  ++c->report.blobs;
  if (const Result<uint64_t> size = (*file)->size()) c->report.bytes += *size;
  if (*found == name) return;
  c->problem(
      fsck_error(
          "ledger.fsck.blob", fmt::format("证据内容的哈希是 {}，与文件名不符", found->hex()),
          fmt::format("the content hashes to {}, which is not the file's name", found->hex()))
          .file(path));
}

// The journal's leaf hashes against the level-0 tiles below the checkpoint.
class JournalLeaves {
 public:
  explicit JournalLeaves(FsckContext* c) : c_(*c), size_(c->checkpoint ? c->checkpoint->size : 0) {}
  void check(const JournalRecord& record, const std::string& path) {
    uint64_t offset = record.offset + kRecordHeaderBytes;
    for (size_t i = 0; i < record.leaves.size(); ++i) {
      const uint64_t index = record.first + i;
      if (index >= size_) return;
      const std::string& tile = tile_of(index / kTileWidth);
      const size_t at = index % kTileWidth;
      if (tile.size() >= (at + 1) * kHashBytes && hash_at(tile, at) != record.leaves[i]) {
        c_.problem(fsck_error("ledger.fsck.journal",
                              fmt::format("日志中的条目 {} 与瓦片不符", index),
                              fmt::format("entry {} in the journal does not fit its tile", index))
                       .file(path)
                       .byte_offset(offset)
                       .element(fmt::format("entry {}", index)));
      }
      offset += 2 + record.entries[i].size();
    }
  }

 private:
  const std::string& tile_of(uint64_t n) {
    if (n != n_) {
      n_ = n;
      tile_ = read_tile(c_.files, c_.directory, {0, n, width_at(0, n, size_)}).value_or("");
    }
    return tile_;
  }
  FsckContext& c_;
  const uint64_t size_;
  uint64_t n_ = ~uint64_t{0};
  std::string tile_;
};

Error broken_record(const std::string& path, uint64_t offset, uint64_t index) {
  return fsck_error("ledger.fsck.journal",
                    fmt::format("日志从条目 {} 起的一批损坏，或在断电时没有写完", index),
                    fmt::format("the batch from entry {} on is damaged, or was not finished when "
                                "the power failed",
                                index))
      .file(path)
      .byte_offset(offset);
}

// Whether nobody is writing this ledger. Holds the lock for a moment to find out.
bool is_idle(FsckContext* c) {
  const std::string path = c->path("lock");
  const Result<bool> exists = c->files.exists(path);
  if (!exists || !*exists) return true;
  const Result<std::unique_ptr<File>> lock = c->files.lock(path);
  return lock || lock.error().code() != "base.file.locked";
}

class JournalCheck {
 public:
  explicit JournalCheck(FsckContext* c) : c_(*c), leaves_(c) {}

  void run(const std::vector<SegmentFile>& segments) {
    for (size_t i = 0; i < segments.size(); ++i) {
      if (!check_segment(segments[i], i + 1 == segments.size())) return;
    }
    if (!segments.empty() && c_.checkpoint && end_->next < c_.checkpoint->size) {
      c_.problem(fsck_error("ledger.journal.short", "日志短于检查点",
                            "the journal ends before the checkpoint's size")
                     .file(segments.back().path));
    }
  }

 private:
  // False: stop, for what follows cannot be judged.
  bool check_segment(const SegmentFile& segment, bool is_last) {
    Result<std::string> content = read_file(c_.files, segment.path, uint64_t{1} << 31);
    if (!content) {  // trimmed meanwhile: begin anew with the next
      if (FsckContext::is_gone(content.error()) && !end_) return true;
      c_.problem(std::move(content).error());
      return false;
    }
    c_.report.bytes += content->size();
    const std::optional<JournalPosition> start = decode_segment_header(*content);
    if (!start || start->next != segment.first || (end_ && *start != *end_) ||
        (segment.first == 0 && c_.checkpoint && *start != journal_start(c_.checkpoint->origin))) {
      c_.problem(broken_record(segment.path, 0, segment.first));
      return false;
    }
    const JournalScan scan = *scan_segment(*content, *start, [&](const JournalRecord& record) {
      leaves_.check(record, segment.path);
      return Result<>();
    });
    end_ = scan.end;
    if (scan.good_bytes == content->size()) return true;
    if (is_last && !find_later_record(*content, scan.good_bytes, scan.end.next + 1) &&
        !is_unfinished_for_good(segment, scan.good_bytes)) {
      return true;
    }
    c_.problem(broken_record(segment.path, scan.good_bytes, scan.end.next));
    return false;
  }

  // A live log's last record may be half written; it is no problem while the writer is alive.
  bool is_unfinished_for_good(const SegmentFile& segment, uint64_t good_bytes) {
    if (!is_idle(&c_)) return false;
    const Result<std::string> again = read_file(c_.files, segment.path, uint64_t{1} << 31);
    if (!again) return false;
    const std::optional<JournalRecord> record = decode_record(*again, good_bytes);
    return again->size() > good_bytes && (!record || record->previous != end_->chain);
  }

  FsckContext& c_;
  JournalLeaves leaves_;
  std::optional<JournalPosition> end_;
};

}  // namespace

uint64_t slot_sum(const KeySlot& slot) {
  return std::rotl(slot.hash * 0x9E3779B97F4A7C15u, 31) ^ (slot.index * 0xC2B2AE3D27D4EB4Fu);
}

void fsck_blobs(FsckContext* c) {
  if (!c->options.check_blobs) return;
  const std::string root = c->path("blobs");
  for (const std::string& shard : names_in(c, root)) {
    if (shard == "tmp") continue;
    const std::string folder = root + "/" + shard;
    if (shard.size() != 2 || !hash_from_lower_hex(std::string(62, '0') + shard)) {
      unexpected(c, folder);
      continue;
    }
    for (const std::string& name : names_in(c, folder)) {
      const std::optional<Hash256> hash = hash_from_lower_hex(name);
      if (!hash || !name.starts_with(shard)) {
        unexpected(c, folder + "/" + name);
        continue;
      }
      c->blobs.insert(*hash);
      check_blob(c, folder + "/" + name, *hash);
    }
  }
}

void fsck_open_runs(FsckContext* c) {
  std::vector<std::string> stale;  // left by a crash, removed by the next writer
  Result<std::vector<std::shared_ptr<const KeyRun>>> runs =
      open_runs(c->files, c->directory, &stale);
  if (!runs) {
    if (!FsckContext::is_gone(runs.error())) c->problem(std::move(runs).error());
    return;
  }
  c->runs = *std::move(runs);
  c->run_sums.assign(c->runs.size(), 0);
}

void fsck_runs(FsckContext* c) {
  for (size_t i = 0; i < c->runs.size(); ++i) {
    const KeyRun& run = *c->runs[i];
    uint64_t sum = 0;
    KeySlot previous;
    bool sorted = true;
    bool readable = true;
    for (uint64_t page = 0; page < run.pages() && readable; ++page) {
      Result<std::vector<KeySlot>> slots = run.page(page);
      readable = slots.has_value();
      if (!readable) {
        c->problem(std::move(slots).error());
        break;
      }
      for (const KeySlot& slot : *slots) {
        sorted &= previous <= slot;
        previous = slot;
        sum += slot_sum(slot);
      }
    }
    const bool comparable = c->checkpoint && run.to() <= c->checkpoint->size;
    if (!readable || (sorted && (!comparable || sum == c->run_sums[i]))) continue;
    c->problem(fsck_error("ledger.index.corrupt", "幂等键索引与条目不符",
                          "the index of idempotency keys does not fit the entries")
                   .file(run.path()));
  }
}

void fsck_journal(FsckContext* c) {
  if (!c->is_own) return;
  Result<std::vector<SegmentFile>> segments = list_segments(c->files, c->directory);
  if (!segments) return c->problem(std::move(segments).error());
  if (segments->empty()) {
    c->problem(fsck_error("ledger.journal.missing", "没有日志段", "there is no journal")
                   .file(c->path("journal")));
    return;
  }
  JournalCheck(c).run(*segments);
}

}  // namespace yipan::ledger
