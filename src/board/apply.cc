#include "board/apply.h"

#include <algorithm>

namespace yipan::board {

using store::Value;

Result<bool> first_row(store::Connection& db, std::string_view sql, const store::Values& parameters,
                       const std::vector<Type>& types, Batch* batch) {
  YIPAN_ASSIGN(const auto rows, db.query(sql, parameters, types));
  return rows->next(batch, 1);
}

Result<LastVintage> last_vintage(store::Connection& db, const std::string& dataset) {
  Batch batch;
  YIPAN_ASSIGN(const bool found,
               first_row(db,
                         "SELECT vintage, table_name, row_count FROM y_datasets "
                         "WHERE dataset = $1 ORDER BY vintage DESC LIMIT 1",
                         {Value(dataset)}, {Type::integer, Type::text, Type::integer}, &batch));
  LastVintage out;
  if (!found) return out;
  out.vintage = static_cast<uint64_t>(batch.columns[0].int_at(0));
  out.table = batch.columns[1].bytes_at(0);
  out.rows = static_cast<uint64_t>(batch.columns[2].int_at(0));
  return out;
}

Result<> insert_vintage(store::Connection& db, const VintageRow& row) {
  return db.execute(
      "INSERT INTO y_datasets (dataset, vintage, table_name, entry, kind, reason, row_count, "
      "refused, added, changed, removed, same) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
      {Value(row.dataset), Value(row.diff.vintage), Value(row.table), Value(row.entry),
       Value(row.kind), Value(row.reason), Value(row.rows), Value(row.refused),
       Value(row.diff.added), Value(row.diff.changed), Value(row.diff.removed),
       Value(row.diff.same)});
}

Result<uint64_t> table_rows(store::Connection& db, const std::string& table) {
  YIPAN_ASSIGN(const auto rows,
               db.query_int("SELECT CAST(COALESCE(SUM(d.row_count), 0) AS BIGINT) "
                            "FROM y_datasets d WHERE d.table_name = $1 AND d.vintage = (SELECT "
                            "MAX(e.vintage) FROM y_datasets e WHERE e.dataset = d.dataset)",
                            {Value(table)}));
  return static_cast<uint64_t>(rows.value_or(0));
}

Result<> refresh_if_moved(store::Connection& db, const std::string& table, uint64_t moved) {
  YIPAN_ASSIGN(const uint64_t rows, table_rows(db, table));
  if (moved == 0 || moved * 10 < rows) return {};
  return db.refresh_statistics({table});
}

Error lost_table(const std::string& table) {
  return Error("board.corrupt")
      .zh("y_datasets 提到的表“" + table + "”不在表结构里")
      .en("y_datasets names the table '" + table + "', which the schemas have not")
      .element("y_datasets")
      .column("table_name")
      .remedy("运行 yipan rebuild", "run yipan rebuild");
}

namespace {

Result<> insert_entry(const ApplyContext& context) {
  const ledger::Entry& entry = context.entry;
  return context.db.execute(
      "INSERT INTO y_entries (entry, accepted_at, who, what, subject) VALUES ($1, $2, $3, $4, $5)",
      {Value(context.index), Value(entry.when), Value(entry.who), Value(entry.what),
       Value(entry.on)});
}

}  // namespace

Result<Applied> apply_entry(const ApplyContext& context) {
  YIPAN_TRY(insert_entry(context));
  if (context.entry.what == "schema.adopt") return apply_adoption(context);
  if (context.entry.what == "dataset.import") return apply_import(context);
  if (context.entry.what == "dataset.withdraw") return apply_withdrawal(context);
  return Applied{};
}

}  // namespace yipan::board
