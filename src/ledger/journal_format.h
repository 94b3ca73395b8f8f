// The bytes of a journal segment: docs/formats/ledger.md, "journal/FIRST.journal". Pure functions;
// journal.h does the files.
#ifndef YIPAN_LEDGER_JOURNAL_FORMAT_H_
#define YIPAN_LEDGER_JOURNAL_FORMAT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/ledger.h"

namespace yipan::ledger {

inline constexpr size_t kSegmentHeaderBytes = 80;
inline constexpr size_t kRecordHeaderBytes = 88;

// Where the journal stands: the next index, and the chain value of the last record.
struct JournalPosition {
  uint64_t next = 0;
  Hash256 chain;
  friend bool operator==(const JournalPosition&, const JournalPosition&) = default;
};
JournalPosition journal_start(std::string_view origin);

std::string encode_segment_header(const JournalPosition& start);
std::optional<JournalPosition> decode_segment_header(std::string_view bytes);

// The 88 bytes before a payload, and the chain value after it. `leaves` has one hash an entry.
std::string encode_record_header(const JournalPosition& position, std::span<const Hash256> leaves,
                                 uint64_t payload_bytes, Hash256* chain);

struct JournalRecord {
  uint64_t first = 0;
  Hash256 previous;
  Hash256 chain;
  uint64_t offset = 0;  // in the segment
  uint64_t bytes = 0;   // header and payload
  std::vector<std::string_view> entries;
  std::vector<Hash256> leaves;
};
// The record that begins at `offset`, if it is whole and agrees with its own chain value.
std::optional<JournalRecord> decode_record(std::string_view segment, uint64_t offset);

// Calls back for each record that continues `start`, until one does not. Returns the offset and
// position after the last good one; the offset is the segment's size if all of it was good.
struct JournalScan {
  uint64_t good_bytes = 0;
  JournalPosition end;
};
using EachRecord = std::function<Result<>(const JournalRecord&)>;
Result<JournalScan> scan_segment(std::string_view segment, const JournalPosition& start,
                                 const EachRecord& each);

// A record after `offset` that is whole in itself and holds entries from `index_min` on: the sign
// that what stands before it was damaged, and is not merely a batch that was never finished.
std::optional<uint64_t> find_later_record(std::string_view segment, uint64_t offset,
                                          uint64_t index_min);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_JOURNAL_FORMAT_H_
