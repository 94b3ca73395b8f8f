#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "board/rowset_format.h"
#include "board/value_check.h"
#include "yipan/board.h"
#include "yipan/json.h"

namespace yipan::board {

struct RowsetWriter::State {
  ledger::Ledger::BlobWriter* out;
  RowsetHeader header;
  Batch pending;  // fewer rows than a batch has
  std::vector<uint64_t> pending_rows;
  size_t pending_bytes = 0;
  std::string record;
  uint64_t rows = 0;
  bool begun = false;

  Result<> write_header();
  Result<> write_batch(const Batch& batch, const std::vector<uint64_t>& source_rows, size_t from,
                       size_t to);
  Result<> write_record(uint32_t count);
  Result<> flush();
  Result<> check(const Batch& batch, const std::vector<uint64_t>& source_rows) const;
};

namespace {

void put_u32_at(std::string* bytes, size_t at, uint32_t value) {
  std::memcpy(bytes->data() + at, &value, sizeof value);
}

size_t varlen_bytes(const Batch& batch) {
  size_t bytes = 0;
  for (const Column& column : batch.columns) {
    if (is_varlen(column.type())) bytes += column.bytes().size();
  }
  return bytes;
}

size_t varlen_bytes(const Batch& batch, size_t row) {
  size_t bytes = 0;
  for (const Column& column : batch.columns) {
    if (is_varlen(column.type())) bytes += column.offsets()[row + 1] - column.offsets()[row];
  }
  return bytes;
}

}  // namespace

Result<> RowsetWriter::State::write_header() {
  begun = true;
  Json types = Json::array();
  for (const Type type : header.types) types.push_back(std::string(to_string(type)));
  YIPAN_ASSIGN(
      const std::string json,
      canonical_json(Json{{"fields", header.fields}, {"table", header.table}, {"types", types}}));
  std::string bytes(kRowsetMagic);
  bytes.resize(bytes.size() + 4);
  put_u32_at(&bytes, kRowsetMagic.size(), static_cast<uint32_t>(json.size()));
  bytes += json;
  bytes += sha256(json).view();
  return out->write(bytes);
}

// `record` holds eight bytes of room, then the payload.
Result<> RowsetWriter::State::write_record(uint32_t count) {
  put_u32_at(&record, 0, count);
  put_u32_at(&record, 4, static_cast<uint32_t>(record.size() - 8));
  const Hash256 hash = sha256(record);
  record += hash.view();
  return out->write(record);
}

Result<> RowsetWriter::State::write_batch(const Batch& batch,
                                          const std::vector<uint64_t>& source_rows, size_t from,
                                          size_t to) {
  record.assign(8, '\0');
  encode_payload(batch, source_rows, from, to, &record);
  rows += to - from;
  return write_record(static_cast<uint32_t>(to - from));
}

Result<> RowsetWriter::State::flush() {
  if (pending_rows.empty()) return {};
  YIPAN_TRY(write_batch(pending, pending_rows, 0, pending_rows.size()));
  pending.clear();
  pending_rows.clear();
  pending_bytes = 0;
  return {};
}

Result<> RowsetWriter::State::check(const Batch& batch,
                                    const std::vector<uint64_t>& source_rows) const {
  CHECK(batch.types() == header.types && source_rows.size() == batch.rows());
  for (size_t c = 0; c < batch.columns.size(); ++c) {
    const Column& column = batch.columns[c];
    CHECK(column.size() == batch.rows());
    auto bad = find_bad_value(column);
    if (!bad && is_varlen(column.type()) && column.bytes().size() > kRowsetValueMax) {
      for (size_t i = 0; i < column.size() && !bad; ++i) {
        if (column.bytes_at(i).size() > kRowsetValueMax) {
          bad = BadValue{i, "超过 64 MiB", "it is longer than 64 MiB"};
        }
      }
    }
    if (!bad) continue;
    return fail(Error("board.rowset.value")
                    .zh(fmt::format("这个值存不进任何库：{}", bad->zh))
                    .en(fmt::format("no database can hold this value: {}", bad->en))
                    .row(source_rows[bad->row])
                    .column(header.fields[c])
                    .remedy("请在来源文件里更正，或让导入拒收这一行",
                            "correct it in the source, or let the import refuse the row"));
  }
  return {};
}

RowsetWriter::RowsetWriter(ledger::Ledger::BlobWriter* out, const RowsetHeader& header)
    : state_(std::make_unique<State>()) {
  CHECK(header.fields.size() == header.types.size() && !header.fields.empty() &&
        header.fields.size() <= kRowsetFieldsMax);
  state_->out = out;
  state_->header = header;
  state_->pending = Batch(header.types);
}

RowsetWriter::~RowsetWriter() = default;

Result<> RowsetWriter::append(const Batch& batch, const std::vector<uint64_t>& source_rows) {
  State& s = *state_;
  if (!s.begun) YIPAN_TRY(s.write_header());
  YIPAN_TRY(s.check(batch, source_rows));
  const size_t rows = batch.rows();
  // A batch ends where its rows or its bytes are full, wherever the caller's batches end. What is
  // small enough to reach neither limit needs no look at single rows.
  const bool small = varlen_bytes(batch) < kRowsetBatchBytes;
  size_t at = 0;
  while (at < rows) {
    if (s.pending_rows.empty() && small && rows - at >= kRowsetBatchRows) {
      YIPAN_TRY(s.write_batch(batch, source_rows, at, at + kRowsetBatchRows));
      at += kRowsetBatchRows;
      continue;
    }
    s.pending_bytes += varlen_bytes(batch, at);
    for (size_t c = 0; c < batch.columns.size(); ++c) {
      s.pending.columns[c].append_from(batch.columns[c], at);
    }
    s.pending_rows.push_back(source_rows[at++]);
    if (s.pending_rows.size() == kRowsetBatchRows || s.pending_bytes >= kRowsetBatchBytes) {
      YIPAN_TRY(s.flush());
    }
  }
  return {};
}

Result<uint64_t> RowsetWriter::finish() {
  State& s = *state_;
  if (!s.begun) YIPAN_TRY(s.write_header());
  YIPAN_TRY(s.flush());
  s.record.assign(16, '\0');
  std::memcpy(s.record.data() + 8, &s.rows, sizeof s.rows);
  YIPAN_TRY(s.write_record(0));
  return s.rows;
}

}  // namespace yipan::board
