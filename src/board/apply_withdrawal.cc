// "dataset.withdraw": a dataset's rows leave the board for the history.
#include <fmt/format.h>

#include "board/apply.h"

namespace yipan::board {

using store::Value;

namespace {

Result<> move_all(const ApplyContext& context, const TableSchema& table,
                  const std::string& dataset) {
  const std::string fields = sql_list(field_names(table));
  const std::string mine = "y_source IN (SELECT entry FROM y_sources WHERE dataset = $1)";
  YIPAN_TRY(context.db.execute(
      fmt::format("INSERT INTO {} ({}, y_entry, y_source, y_row, y_hash, y_entry_end) "
                  "SELECT {}, y_entry, y_source, y_row, y_hash, {} FROM {} WHERE {}",
                  q(history_name(table.name)), fields, fields, context.index, q(table.name), mine),
      {Value(dataset)}));
  return context.db.execute(fmt::format("DELETE FROM {} WHERE {}", q(table.name), mine),
                            {Value(dataset)});
}

}  // namespace

Result<Applied> apply_withdrawal(const ApplyContext& context) {
  YIPAN_ASSIGN(const auto body, DatasetWithdrawal::parse(context.entry.body));
  YIPAN_ASSIGN(const LastVintage last, last_vintage(context.db, body.dataset));
  if (last.vintage == 0) {
    return fail(Error("board.withdraw.unknown")
                    .zh(fmt::format("没有数据集“{}”", body.dataset))
                    .en(fmt::format("there is no dataset '{}'", body.dataset))
                    .element(fmt::format("entry {}", context.index))
                    .remedy("核对数据集的名称", "check the name of the dataset"));
  }
  const TableSchema* table = context.schemas.find(last.table);
  if (table == nullptr) return fail(lost_table(last.table));
  YIPAN_TRY(move_all(context, *table, body.dataset));
  Applied out;
  out.diff.vintage = last.vintage + 1;
  out.diff.removed = last.rows;
  VintageRow row;
  row.dataset = body.dataset;
  row.table = last.table;
  row.kind = "withdraw";
  row.reason = body.reason.empty() ? "none given" : body.reason;
  row.entry = context.index;
  row.diff = out.diff;
  YIPAN_TRY(insert_vintage(context.db, row));
  YIPAN_TRY(find_orphans(context, *table, body.dataset, &out));
  YIPAN_TRY(refresh_if_moved(context.db, last.table, last.rows));
  return out;
}

}  // namespace yipan::board
