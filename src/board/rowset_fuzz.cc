// Any bytes as a rowset: an error or rows, never a crash. With the checksums made right, so that
// what lies behind them is reached too, and what was read is written and read again.
#include <cstdint>
#include <cstring>

#include "board/rowset_format.h"
#include "board/test_support.h"

namespace {

using yipan::Batch;
using yipan::board::MemoryFile;
using yipan::board::RowsetReader;

void read_all(std::string bytes) {
  auto reader = RowsetReader::open(std::make_unique<MemoryFile>(std::move(bytes)));
  if (!reader) return;
  std::string again;
  yipan::board::MemoryBlob blob(&again);
  yipan::board::RowsetWriter writer(&blob, (*reader)->header());
  Batch batch;
  std::vector<uint64_t> rows;
  while (true) {
    const auto more = (*reader)->next(&batch, &rows);
    if (!more || !*more) break;
    CHECK(batch.rows() == rows.size());
    CHECK(writer.append(batch, rows).has_value());
    for (size_t i = 0; i < rows.size(); ++i) (void)yipan::board::row_hash(batch, i);
  }
  CHECK(writer.finish().has_value());
}

// The payload of one batch, behind a right header and right checksums.
std::string wrap(std::string_view payload, uint32_t rows) {
  const std::string json = R"({"fields":["a","b","c","d","e"],"table":"t",)"
                           R"("types":["integer","text","real","geometry","date"]})";
  const auto with_hash = [](std::string record) {
    return record + std::string(yipan::sha256(record).view());
  };
  const auto u32 = [](uint32_t value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof value);
  };
  std::string out(yipan::board::kRowsetMagic);
  out += u32(static_cast<uint32_t>(json.size())) + with_hash(json);
  out += with_hash(u32(rows) + u32(static_cast<uint32_t>(payload.size())) + std::string(payload));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_all(std::string(bytes));
  if (size > 1) read_all(wrap(bytes.substr(1), 1U + static_cast<uint8_t>(bytes[0])));
  return 0;
}
