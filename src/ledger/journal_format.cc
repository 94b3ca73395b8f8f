#include "ledger/journal_format.h"

#include <cstring>

#include "ledger/encoding.h"
#include "ledger/layout.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr std::string_view kSegmentMagic("\x00YP\x01jrnl", 8);
constexpr std::string_view kRecordMagic("\x00YP\x02", 4);
constexpr size_t kPreviousOffset = 24;
constexpr size_t kChainOffset = 56;

Hash256 hash_in(std::string_view bytes, size_t offset) {
  return *Hash256::from_bytes(bytes.substr(offset, kHashBytes));
}

Hash256 chain_of(std::string_view header, std::span<const Hash256> leaves) {
  static_assert(sizeof(Hash256) == kHashBytes);
  Sha256 hash;
  hash.update(header.substr(0, kChainOffset));
  hash.update({reinterpret_cast<const char*>(leaves.data()), leaves.size_bytes()});
  return hash.finish();
}

}  // namespace

JournalPosition journal_start(std::string_view origin) { return {0, sha256(origin)}; }

std::string encode_segment_header(const JournalPosition& start) {
  std::string out(kSegmentMagic);
  append_be64(start.next, &out);
  out += start.chain.view();
  out += sha256(out).view();
  return out;
}

std::optional<JournalPosition> decode_segment_header(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes || !bytes.starts_with(kSegmentMagic)) return std::nullopt;
  if (hash_in(bytes, 48) != sha256(bytes.substr(0, 48))) return std::nullopt;
  return JournalPosition{read_be64(bytes, 8), hash_in(bytes, 16)};
}

std::string encode_record_header(const JournalPosition& position, std::span<const Hash256> leaves,
                                 uint64_t payload_bytes, Hash256* chain) {
  CHECK(!leaves.empty() && leaves.size() <= UINT32_MAX);
  std::string out(kRecordMagic);
  append_be32(static_cast<uint32_t>(leaves.size()), &out);
  append_be64(position.next, &out);
  append_be64(payload_bytes, &out);
  out += position.chain.view();
  *chain = chain_of(out, leaves);
  out += chain->view();
  return out;
}

std::optional<JournalRecord> decode_record(std::string_view segment, uint64_t offset) {
  if (offset > segment.size() || segment.size() - offset < kRecordHeaderBytes) return std::nullopt;
  const std::string_view header = segment.substr(offset, kRecordHeaderBytes);
  if (!header.starts_with(kRecordMagic)) return std::nullopt;
  const uint32_t count = read_be32(header, 4);
  const uint64_t payload_bytes = read_be64(header, 16);
  if (payload_bytes > segment.size() - offset - kRecordHeaderBytes) return std::nullopt;
  if (count == 0 || count > payload_bytes / 2) return std::nullopt;
  JournalRecord record;
  record.first = read_be64(header, 8);
  record.previous = hash_in(header, kPreviousOffset);
  record.chain = hash_in(header, kChainOffset);
  record.offset = offset;
  record.bytes = kRecordHeaderBytes + payload_bytes;
  std::string_view payload = segment.substr(offset + kRecordHeaderBytes, payload_bytes);
  record.entries.reserve(count);
  record.leaves.reserve(count);
  while (!payload.empty()) {
    if (payload.size() < 2 || record.entries.size() == count) return std::nullopt;
    const size_t length = read_be16(payload, 0);
    if (payload.size() - 2 < length) return std::nullopt;
    record.entries.push_back(payload.substr(2, length));
    record.leaves.push_back(leaf_hash(record.entries.back()));
    payload.remove_prefix(2 + length);
  }
  if (record.entries.size() != count) return std::nullopt;
  if (record.chain != chain_of(header, record.leaves)) return std::nullopt;
  return record;
}

Result<JournalScan> scan_segment(std::string_view segment, const JournalPosition& start,
                                 const EachRecord& each) {
  JournalScan out{kSegmentHeaderBytes, start};
  while (out.good_bytes < segment.size()) {
    const std::optional<JournalRecord> record = decode_record(segment, out.good_bytes);
    if (!record || record->first != out.end.next || record->previous != out.end.chain) break;
    YIPAN_TRY(each(*record));
    out.good_bytes += record->bytes;
    out.end = {record->first + record->entries.size(), record->chain};
  }
  return out;
}

std::optional<uint64_t> find_later_record(std::string_view segment, uint64_t offset,
                                          uint64_t index_min) {
  for (size_t at = segment.find(kRecordMagic, offset); at != segment.npos;
       at = segment.find(kRecordMagic, at + 1)) {
    const std::optional<JournalRecord> record = decode_record(segment, at);
    if (record && record->first >= index_min) return at;
  }
  return std::nullopt;
}

}  // namespace yipan::ledger
