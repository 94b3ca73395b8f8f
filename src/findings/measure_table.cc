#include "findings/measure_table.h"

namespace yipan::findings {
namespace {

constexpr size_t kRowsPerBatch = 4096;

std::vector<Type> types_of(const std::vector<store::ColumnSpec>& columns) {
  std::vector<Type> out;
  for (const store::ColumnSpec& column : columns) out.push_back(column.type);
  return out;
}

}  // namespace

MeasureTable::MeasureTable(store::Connection& db, std::string name,
                           std::vector<store::ColumnSpec> columns,
                           std::vector<std::string> primary_key)
    : db_(db), batch_(types_of(columns)) {
  spec_.name = std::move(name);
  spec_.temporary = true;
  spec_.listed = false;
  spec_.columns = std::move(columns);
  spec_.primary_key = std::move(primary_key);
}

MeasureTable::~MeasureTable() {
  writer_.reset();
  if (!read_only_) return;
  // If this fails the connection is gone, and its next statement says so.
  static_cast<void>(db_.execute("SET default_transaction_read_only = on").has_value());
}

// PostgreSQL makes no table in a read-only session, not even a temporary one: such a session is
// opened for just as long as this takes.
Result<> MeasureTable::allow_writing() {
  if (db_.dialect() != store::Dialect::postgresql) return {};
  YIPAN_ASSIGN(const auto mode, db_.query_text("SHOW default_transaction_read_only"));
  if (mode.value_or("") != "on") return {};
  read_only_ = true;
  return db_.execute("SET default_transaction_read_only = off");
}

Result<> MeasureTable::open() {
  YIPAN_TRY(allow_writing());
  YIPAN_ASSIGN(const bool there, db_.has_table(spec_.name));
  if (there) YIPAN_TRY(db_.drop_table(spec_.name));
  YIPAN_TRY(db_.create_table(spec_));
  YIPAN_ASSIGN(writer_, db_.bulk(spec_.name, spec_.columns));
  return {};
}

Batch& MeasureTable::batch() { return batch_; }

Result<> MeasureTable::end_row() {
  if (batch_.rows() < kRowsPerBatch) return {};
  YIPAN_TRY(writer_->append(batch_));
  batch_.clear();
  return {};
}

Result<> MeasureTable::finish() {
  if (batch_.rows() > 0) YIPAN_TRY(writer_->append(batch_));
  batch_.clear();
  YIPAN_TRY(writer_->finish());
  writer_.reset();
  return {};
}

}  // namespace yipan::findings
