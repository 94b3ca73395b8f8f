#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "board/rowset_format.h"
#include "board/value_check.h"
#include "yipan/board.h"
#include "yipan/json.h"

namespace yipan::board {

struct RowsetReader::State {
  std::unique_ptr<File> file;
  uint64_t offset = 0;
  RowsetHeader header;
  std::string record;
  uint64_t rows = 0;
  bool ended = false;

  Result<> read_exact(size_t size);  // into record
  Result<> read_header();
  Result<> parse_header(std::string_view json);
  Result<> read_record(uint32_t* count);
  Result<> read_end();
};

namespace {

constexpr size_t kHashBytes = 32;

Error corrupt(std::string_view what, uint64_t offset) {
  return Error("board.rowset.corrupt")
      .zh(fmt::format("行集损坏：{}", what))
      .en(fmt::format("the rowset is corrupt: {}", what))
      .byte_offset(offset)
      .remedy("运行 yipan fsck；从备份或副本取回这个文件（它的名字就是它的哈希）",
              "run yipan fsck; fetch the blob from a backup or a copy (its name is its hash)");
}

uint32_t u32_at(std::string_view bytes, size_t at) {
  uint32_t value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::optional<Type> parse_type(std::string_view name) {
  for (uint8_t t = 0; t <= static_cast<uint8_t>(Type::bytes); ++t) {
    if (to_string(static_cast<Type>(t)) == name) return static_cast<Type>(t);
  }
  return {};
}

}  // namespace

Result<> RowsetReader::State::read_exact(size_t size) {
  record.resize(size);
  size_t have = 0;
  while (have < size) {
    YIPAN_ASSIGN(const size_t got, file->read_at(offset + have, record.data() + have, size - have));
    if (got == 0) return fail(corrupt("cut short", offset + have));
    have += got;
  }
  offset += size;
  return {};
}

Result<> RowsetReader::State::parse_header(std::string_view json) {
  YIPAN_ASSIGN(const Json doc, parse_json(json));
  const auto strings = [](const Json& list) {
    for (const Json& item : list) {
      if (!item.is_string()) return false;
    }
    return list.is_array() && !list.empty() && list.size() <= kRowsetFieldsMax;
  };
  const uint64_t at = kRowsetMagic.size() + 4;
  if (!doc.is_object() || doc.size() != 3 || !doc.contains("table") || !doc["table"].is_string() ||
      !doc.contains("fields") || !strings(doc["fields"]) || !doc.contains("types") ||
      !strings(doc["types"]) || doc["fields"].size() != doc["types"].size()) {
    return fail(corrupt("the header is not {fields, table, types}", at));
  }
  header.table = doc["table"].get<std::string>();
  header.fields = doc["fields"].get<std::vector<std::string>>();
  for (const Json& name : doc["types"]) {
    const auto type = parse_type(name.get_ref<const std::string&>());
    if (!type) return fail(corrupt("a type in the header is unknown", at));
    header.types.push_back(*type);
  }
  return {};
}

Result<> RowsetReader::State::read_header() {
  YIPAN_TRY(read_exact(kRowsetMagic.size() + 4));
  if (!std::string_view(record).starts_with(kRowsetMagic)) {
    return fail(Error("board.rowset.magic")
                    .zh("这不是行集（或是更新版本写的）")
                    .en("this is not a rowset (or a newer version wrote it)")
                    .byte_offset(0)
                    .remedy("核对账本条目引用的哈希", "check the hash that the entry refers to"));
  }
  const uint32_t size = u32_at(record, kRowsetMagic.size());
  if (size > kRowsetHeaderMax) return fail(corrupt("the header is too long", offset - 4));
  YIPAN_TRY(read_exact(size + kHashBytes));
  const std::string_view json = std::string_view(record).substr(0, size);
  if (sha256(json).view() != std::string_view(record).substr(size)) {
    return fail(corrupt("the header's checksum is wrong", offset - record.size()));
  }
  return parse_header(json);
}

Result<> RowsetReader::State::read_record(uint32_t* count) {
  const uint64_t start = offset;
  YIPAN_TRY(read_exact(8));
  *count = u32_at(record, 0);
  const uint32_t size = u32_at(record, 4);
  if (*count > kRowsetBatchRows) return fail(corrupt("a batch has too many rows", start));
  if (size > kRowsetPayloadMax) return fail(corrupt("a batch is too long", start));
  // The length is not yet to be trusted: the file must be as long before memory is taken.
  YIPAN_ASSIGN(const uint64_t file_size, file->size());
  if (file_size < start + 8 + size + kHashBytes) return fail(corrupt("cut short", file_size));
  offset = start;
  YIPAN_TRY(read_exact(8 + size + kHashBytes));
  const std::string_view body = std::string_view(record).substr(0, 8 + size);
  if (sha256(body).view() != std::string_view(record).substr(body.size())) {
    return fail(corrupt("a batch's checksum is wrong", start));
  }
  return {};
}

Result<> RowsetReader::State::read_end() {
  ended = true;
  uint64_t total = 0;
  if (record.size() != 8 + sizeof total + kHashBytes) {
    return fail(corrupt("the end record is malformed", offset));
  }
  std::memcpy(&total, record.data() + 8, sizeof total);
  if (total != rows) return fail(corrupt("the number of rows is wrong", offset));
  YIPAN_ASSIGN(const uint64_t size, file->size());
  if (size != offset) return fail(corrupt("bytes after the end", offset));
  return {};
}

RowsetReader::RowsetReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
RowsetReader::~RowsetReader() = default;

Result<std::unique_ptr<RowsetReader>> RowsetReader::open(std::unique_ptr<File> file) {
  auto state = std::make_unique<State>();
  state->file = std::move(file);
  YIPAN_TRY(state->read_header());
  return std::unique_ptr<RowsetReader>(new RowsetReader(std::move(state)));
}

const RowsetHeader& RowsetReader::header() const { return state_->header; }

Result<bool> RowsetReader::next(Batch* batch, std::vector<uint64_t>* source_rows) {
  State& s = *state_;
  if (batch->types() != s.header.types) *batch = Batch(s.header.types);
  batch->clear();
  source_rows->clear();
  if (s.ended) return false;
  const uint64_t start = s.offset;
  uint32_t count = 0;
  YIPAN_TRY(s.read_record(&count));
  if (count == 0) {
    YIPAN_TRY(s.read_end());
    return false;
  }
  const std::string_view payload =
      std::string_view(s.record).substr(8, s.record.size() - 8 - kHashBytes);
  if (const auto wrong = decode_payload(payload, count, batch, source_rows); !wrong.empty()) {
    return fail(corrupt(wrong, start));
  }
  for (size_t c = 0; c < batch->columns.size(); ++c) {
    if (const auto bad = find_bad_value(batch->columns[c])) {
      return fail(corrupt(bad->en, start).row((*source_rows)[bad->row]).column(s.header.fields[c]));
    }
  }
  s.rows += count;
  return true;
}

}  // namespace yipan::board
