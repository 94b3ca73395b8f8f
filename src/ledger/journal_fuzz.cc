// A good segment, cut and altered as the input says, then replayed: what is accepted must be a
// prefix of what was written. And the input itself as a segment.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/journal_format.h"
#include "ledger/layout.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

std::string make_segment(std::vector<Hash256>* all) {
  JournalPosition position = journal_start("fuzz");
  std::string segment = encode_segment_header(position);
  for (int r = 1; r <= 5; ++r) {
    std::string payload;
    std::vector<Hash256> leaves;
    for (int i = 0; i < r; ++i) {
      const std::string entry = "{\"entry\":" + std::to_string(r * 10 + i) + "}";
      append_bundle_entry(entry, &payload);
      leaves.push_back(leaf_hash(entry));
      all->push_back(leaves.back());
    }
    Hash256 chain;
    segment += encode_record_header(position, leaves, payload.size(), &chain) + payload;
    position = {position.next + leaves.size(), chain};
  }
  return segment;
}

void replay(std::string_view segment, const JournalPosition& start,
            const std::vector<Hash256>* expected) {
  uint64_t next = start.next;
  const auto scan = scan_segment(segment, start, [&](const JournalRecord& record) -> Result<> {
    CHECK(record.first == next);
    for (const Hash256& leaf : record.leaves) {
      if (expected != nullptr) CHECK(next < expected->size() && (*expected)[next] == leaf);
      ++next;
    }
    return {};
  });
  CHECK(scan && scan->end.next == next);
  static_cast<void>(find_later_record(segment, scan->good_bytes, next + 1));
}

void try_input(const uint8_t* data, size_t size) {
  static std::vector<Hash256> all;
  static const std::string good = make_segment(&all);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  std::string segment = good;
  for (size_t at = 0; at + 3 < size; at += 4) {
    const size_t place = (data[at] << 8 | data[at + 1]) % (segment.size() + 1);
    if (data[at + 2] == 0) {
      segment.resize(place);
    } else if (place < segment.size()) {
      segment[place] = static_cast<char>(segment[place] ^ data[at + 3]);
    }
    if (segment.size() < kSegmentHeaderBytes) break;
  }
  const auto altered = decode_segment_header(segment);
  if (altered) replay(segment, *altered, &all);
  const auto start = decode_segment_header(input);
  if (start) replay(input, *start, nullptr);
  if (size >= kSegmentHeaderBytes) replay(input, journal_start("fuzz"), nullptr);
}

}  // namespace
}  // namespace yipan::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  yipan::ledger::try_input(data, size);
  return 0;
}
