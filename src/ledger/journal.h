// The journal's files: what makes an append durable.
#ifndef YIPAN_LEDGER_JOURNAL_H_
#define YIPAN_LEDGER_JOURNAL_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "ledger/journal_format.h"
#include "yipan/file.h"

namespace yipan::ledger {

struct SegmentFile {
  uint64_t first = 0;
  std::string path;
};
// The segments of a ledger in order; none if it has no journal.
Result<std::vector<SegmentFile>> list_segments(Files& files, const std::string& directory);

// Replays all segments. Damage (as against an unfinished last batch) is an error. What ends below
// `trimmed_max` may have been trimmed: there, and only there, a gap is no damage.
struct JournalState {
  std::vector<SegmentFile> segments;
  JournalPosition end;
  uint64_t last_good_bytes = 0;  // of the last segment
  bool cut = false;              // something unfinished stands after them
  // The segments before this one were trimmed, but a crash has brought one of them back.
  std::optional<size_t> gap_at;
};
Result<JournalState> replay_journal(Files& files, std::vector<SegmentFile> segments,
                                    uint64_t trimmed_max, const EachRecord& each);

// Appends records to the last segment. One thread at a time.
class Journal {
 public:
  static Result<std::unique_ptr<Journal>> create(Files& files, const std::string& directory,
                                                 const JournalPosition& start);
  // After replay_journal(). If `doubtful`, or if something unfinished was cut, the last segment is
  // copied to a new file, because the page cache may hold what the disk does not.
  static Result<std::unique_ptr<Journal>> resume(Files& files, const std::string& directory,
                                                 const JournalState& state, bool doubtful);

  // One write and one fdatasync. After an error that leaves the file in doubt is_broken() holds,
  // and nothing may be appended any more.
  Result<> append(std::string_view payload, std::span<const Hash256> leaves);
  bool is_broken() const { return broken_; }
  uint64_t segment_bytes() const { return bytes_; }
  Result<> rotate();  // begins a new segment

  const JournalPosition& position() const { return position_; }
  // Segments that are complete, oldest first; each ends where the next begins.
  const std::deque<SegmentFile>& closed() const { return closed_; }
  uint64_t active_first() const { return active_.first; }
  Result<> remove_oldest();

 private:
  Journal(Files& files, std::string directory) : files_(files), directory_(std::move(directory)) {}
  Files& files_;
  std::string directory_;  // .../journal
  std::deque<SegmentFile> closed_;
  SegmentFile active_;
  std::unique_ptr<File> file_;
  uint64_t bytes_ = 0;
  JournalPosition position_;
  bool broken_ = false;
};

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_JOURNAL_H_
