#include "ledger/journal.h"

#include <fmt/format.h>

#include <cerrno>

#include "ledger/files_of_log.h"
#include "ledger/layout.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr std::string_view kSuffix = ".journal";
constexpr uint64_t kSegmentBytesMax = uint64_t{1} << 31;

std::string segment_path(const std::string& directory, uint64_t first) {
  return directory + "/" + digits20(first) + std::string(kSuffix);
}

Error corrupt(const std::string& path, uint64_t offset, uint64_t index) {
  return Error("ledger.journal.corrupt")
      .zh(fmt::format("账本日志损坏：条目 {} 起的一批已确认，却读不出来", index))
      .en(fmt::format("the journal is damaged: the batch from entry {} on was acknowledged but "
                      "cannot be read",
                      index))
      .file(path)
      .byte_offset(offset)
      .remedy("请勿删除任何文件；从备份恢复该日志段，再打开账本",
              "delete nothing; restore this journal segment from a backup, then open the ledger");
}

Result<> write_new_file(Files& files, const std::string& path, std::string_view content) {
  const std::string temporary = path + ".tmp";
  YIPAN_ASSIGN(const std::unique_ptr<File> file, files.open(temporary, Open::create));
  YIPAN_TRY(file->truncate(0));
  YIPAN_TRY(file->write_at(0, content));
  YIPAN_TRY(file->sync_data());
  YIPAN_TRY(files.rename(temporary, path));
  return files.sync_directory(path.substr(0, path.rfind('/')));
}

// Any whole record with later entries, in this segment after `offset` or in those that follow.
Result<bool> has_later_record(Files& files, std::string_view segment, uint64_t offset,
                              uint64_t index_min, std::span<const SegmentFile> following) {
  if (find_later_record(segment, offset, index_min)) return true;
  for (const SegmentFile& later : following) {
    YIPAN_ASSIGN(const std::string content, read_file(files, later.path, kSegmentBytesMax));
    if (find_later_record(content, kSegmentHeaderBytes, index_min)) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<SegmentFile>> list_segments(Files& files, const std::string& directory) {
  const std::string folder = directory + "/journal";
  YIPAN_ASSIGN(const bool exists, files.exists(folder));
  std::vector<SegmentFile> out;
  if (!exists) return out;
  YIPAN_ASSIGN(const std::vector<std::string> names, files.list(folder));
  for (const std::string& name : names) {
    std::string_view stem = name;
    if (!stem.ends_with(kSuffix)) continue;  // a temporary file of a crash
    stem.remove_suffix(kSuffix.size());
    if (const auto first = parse_digits20(stem)) out.push_back({*first, folder + "/" + name});
  }
  return out;
}

Result<JournalState> replay_journal(Files& files, std::vector<SegmentFile> segments,
                                    uint64_t trimmed_max, const EachRecord& each) {
  CHECK(!segments.empty());
  JournalState out;
  for (size_t i = 0; i < segments.size(); ++i) {
    const std::string& path = segments[i].path;
    YIPAN_ASSIGN(const std::string content, read_file(files, path, kSegmentBytesMax));
    const std::optional<JournalPosition> start = decode_segment_header(content);
    // A segment is written whole before it gets its name, so its header is never unfinished.
    if (!start || start->next != segments[i].first) {
      return fail(corrupt(path, 0, segments[i].first));
    }
    if (i > 0 && *start != out.end) {
      if (round_up(start->next) > trimmed_max) return fail(corrupt(path, 0, start->next));
      out.gap_at = i;
      break;
    }
    YIPAN_ASSIGN(const JournalScan scan, scan_segment(content, *start, each));
    out.end = scan.end;
    out.last_good_bytes = scan.good_bytes;
    if (scan.good_bytes == content.size()) continue;
    out.cut = true;
    const auto following = std::span(segments).subspan(i + 1);
    YIPAN_ASSIGN(const bool later,
                 has_later_record(files, content, scan.good_bytes, scan.end.next + 1, following));
    // A new segment is begun only when the one before is complete.
    if (later || !following.empty()) return fail(corrupt(path, scan.good_bytes, scan.end.next));
  }
  out.segments = std::move(segments);
  return out;
}

Result<std::unique_ptr<Journal>> Journal::create(Files& files, const std::string& directory,
                                                 const JournalPosition& start) {
  std::unique_ptr<Journal> journal(new Journal(files, directory + "/journal"));
  YIPAN_TRY(make_folders(files, directory, "journal"));
  journal->position_ = start;
  journal->active_ = {start.next, segment_path(journal->directory_, start.next)};
  YIPAN_TRY(write_new_file(files, journal->active_.path, encode_segment_header(start)));
  YIPAN_ASSIGN(journal->file_, files.open(journal->active_.path, Open::read_write));
  journal->bytes_ = kSegmentHeaderBytes;
  return journal;
}

Result<std::unique_ptr<Journal>> Journal::resume(Files& files, const std::string& directory,
                                                 const JournalState& state, bool doubtful) {
  std::unique_ptr<Journal> journal(new Journal(files, directory + "/journal"));
  journal->closed_.assign(state.segments.begin(), state.segments.end() - 1);
  journal->active_ = state.segments.back();
  journal->position_ = state.end;
  journal->bytes_ = state.last_good_bytes;
  // A segment without records may be one whose beginning failed, and its name with it.
  if (doubtful || state.cut || state.last_good_bytes == kSegmentHeaderBytes) {
    YIPAN_ASSIGN(std::string content, read_file(files, journal->active_.path, kSegmentBytesMax));
    CHECK(content.size() >= state.last_good_bytes);
    content.resize(state.last_good_bytes);
    YIPAN_TRY(write_new_file(files, journal->active_.path, content));
  }
  YIPAN_ASSIGN(journal->file_, files.open(journal->active_.path, Open::read_write));
  return journal;
}

Result<> Journal::append(std::string_view payload, std::span<const Hash256> leaves) {
  CHECK(!broken_);
  Hash256 chain;
  std::string record = encode_record_header(position_, leaves, payload.size(), &chain);
  record += payload;
  if (Result<> written = file_->write_at(bytes_, record); !written) {
    // Want of space passes; whatever part was written is cut off so that nothing unfinished can
    // stand before the next record. Any other error leaves the file in doubt.
    const int error = written.error().os_errno();
    broken_ = (error != ENOSPC && error != EDQUOT) || !file_->truncate(bytes_);
    return written;
  }
  if (Result<> synced = file_->sync_data(); !synced) {
    broken_ = true;
    return synced;
  }
  bytes_ += record.size();
  position_ = {position_.next + leaves.size(), chain};
  return {};
}

Result<> Journal::rotate() {
  const SegmentFile next{position_.next, segment_path(directory_, position_.next)};
  if (next.first == active_.first) return {};
  // Whether a failed rename took place is unknown: records after it in the old segment might then
  // stand before a segment that does not follow them.
  broken_ = true;
  YIPAN_TRY(write_new_file(files_, next.path, encode_segment_header(position_)));
  YIPAN_ASSIGN(std::unique_ptr<File> file, files_.open(next.path, Open::read_write));
  broken_ = false;
  closed_.push_back(active_);
  active_ = next;
  file_ = std::move(file);
  bytes_ = kSegmentHeaderBytes;
  return {};
}

Result<> Journal::remove_oldest() {
  CHECK(!closed_.empty());
  YIPAN_TRY(files_.remove(closed_.front().path));
  closed_.pop_front();
  return files_.sync_directory(directory_);
}

}  // namespace yipan::ledger
