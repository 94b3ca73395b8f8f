// Reading: as of, trace, history, datasets and their vintages.
#include <fmt/format.h>

#include "board/board_impl.h"

namespace yipan::board {

using store::Value;

namespace {

// The condition "key = $first, ..." on the alias.
std::string key_condition(const TableSchema& table, std::string_view alias) {
  std::string out;
  for (size_t i = 0; i < table.primary_key.size(); ++i) {
    if (i != 0) out += " AND ";
    out += fmt::format("{}.{} = ${}", alias, q(table.primary_key[i]), i + 1);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> field_values(const TableSchema& table,
                                                              const Batch& batch, size_t row) {
  std::vector<std::pair<std::string, std::string>> out;
  for (size_t c = 0; c < table.fields.size(); ++c) {
    out.emplace_back(table.fields[c].name, value_text(batch.columns[c], row));
  }
  return out;
}

std::vector<Type> with(std::vector<Type> types, std::initializer_list<Type> more) {
  types.insert(types.end(), more);
  return types;
}

uint64_t number(const Batch& batch, size_t column, size_t row) {
  return static_cast<uint64_t>(batch.columns[column].int_at(row));
}

std::string text(const Batch& batch, size_t column, size_t row) {
  return std::string(batch.columns[column].bytes_at(row));
}

Error unknown_row(std::string_view table, std::string_view key, bool gone) {
  Error error("board.row.unknown");
  error.zh(fmt::format("表 {} 里没有“{}”{}", table, key, gone ? "（现已不在，历史里有）" : ""))
      .en(fmt::format("table {} has no row '{}'{}", table, key,
                      gone ? " (it is gone; the history has it)" : ""))
      .element(table)
      .remedy(gone ? "运行 yipan history" : "核对键的写法",
              gone ? "run yipan history" : "check how the key is written");
  return error;
}

// All rows of a result.
Result<> read_all(store::Connection& db, const std::string& sql, const store::Values& parameters,
                  const std::vector<Type>& types,
                  const std::function<void(const Batch&, size_t)>& each) {
  YIPAN_ASSIGN(const auto rows, db.query(sql, parameters, types));
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) return {};
    for (size_t i = 0; i < batch.rows(); ++i) each(batch, i);
  }
}

}  // namespace

Result<const TableSchema*> BoardImpl::table_or_error(std::string_view name) const {
  const TableSchema* table = schemas_.find(name);
  if (table != nullptr) return table;
  return fail(Error("board.table.unknown")
                  .zh(fmt::format("没有表“{}”", name))
                  .en(fmt::format("there is no table '{}'", name))
                  .element(name)
                  .remedy("运行 yipan show，看有哪些表", "run yipan show to see the tables"));
}

Result<store::Values> BoardImpl::key_parameters(const TableSchema& table,
                                                std::string_view key) const {
  YIPAN_ASSIGN(const auto parts, split_key(key, table.primary_key.size()));
  const std::vector<Type> types = key_types(table);
  store::Values out;
  for (size_t i = 0; i < parts.size(); ++i) {
    YIPAN_ASSIGN(Value value, key_value(types[i], parts[i]));
    out.push_back(std::move(value));
  }
  return out;
}

Result<std::string> BoardImpl::as_of_sql(std::string_view table, uint64_t ledger_size) {
  YIPAN_ASSIGN(const TableSchema* schema, table_or_error(table));
  const std::string columns = sql_list(column_names(current_spec(*schema)));
  return fmt::format(
      "SELECT {} FROM {} WHERE y_entry < {} UNION ALL SELECT {} FROM {} "
      "WHERE y_entry < {} AND y_entry_end >= {}",
      columns, q(table), ledger_size, columns, q(history_name(table)), ledger_size, ledger_size);
}

Result<uint64_t> BoardImpl::ledger_size_at(Instant when) {
  YIPAN_ASSIGN(
      const auto last,
      db().query_int("SELECT MAX(entry) FROM y_entries WHERE accepted_at <= $1", {Value(when)}));
  return last ? static_cast<uint64_t>(*last) + 1 : 0;
}

Result<std::string> BoardImpl::key_order_sql(std::string_view table) {
  YIPAN_ASSIGN(const TableSchema* schema, table_or_error(table));
  return "ORDER BY " + sql_key_order(db().dialect(), *schema);
}

Result<Provenance> BoardImpl::trace(std::string_view table, std::string_view key) {
  YIPAN_TRY(usable(false));
  YIPAN_ASSIGN(const TableSchema* schema, table_or_error(table));
  YIPAN_ASSIGN(const store::Values parameters, key_parameters(*schema, key));
  const std::string sql = fmt::format(
      "SELECT {}, t.y_entry, t.y_row, t.y_hash, s.dataset, s.file, s.sheet, s.file_hash, "
      "s.rowset_hash FROM {} t JOIN y_sources s ON s.entry = t.y_source WHERE {}",
      sql_list(field_names(*schema), "t"), q(table), key_condition(*schema, "t"));
  const std::vector<Type> types =
      with(schema->types(), {Type::integer, Type::integer, Type::bytes, Type::text, Type::text,
                             Type::text, Type::bytes, Type::bytes});
  Batch batch;
  YIPAN_ASSIGN(const bool found, first_row(db(), sql, parameters, types, &batch));
  if (!found) return fail(unknown_row(table, key, history(table, key).has_value()));
  const size_t at = schema->fields.size();
  const auto hash = [&](size_t column) {
    return Hash256::from_bytes(batch.columns[column].bytes_at(0)).value_or(Hash256{});
  };
  Provenance out;
  out.table = table;
  out.key = key;
  out.entry = number(batch, at, 0);
  out.row = number(batch, at + 1, 0);
  out.row_hash = hash(at + 2);
  out.dataset = text(batch, at + 3, 0);
  out.file = text(batch, at + 4, 0);
  out.sheet = text(batch, at + 5, 0);
  out.file_hash = hash(at + 6);
  out.rowset_hash = hash(at + 7);
  out.values = field_values(*schema, batch, 0);
  return out;
}

Result<std::vector<HistoryItem>> BoardImpl::history(std::string_view table, std::string_view key) {
  YIPAN_TRY(usable(false));
  YIPAN_ASSIGN(const TableSchema* schema, table_or_error(table));
  YIPAN_ASSIGN(const store::Values parameters, key_parameters(*schema, key));
  const std::string fields = sql_list(field_names(*schema), "t");
  const std::string tail = fmt::format(
      "e.accepted_at AS at, e.who AS who, COALESCE(d.reason, '') AS reason FROM {{}} t "
      "LEFT JOIN y_entries e ON e.entry = t.y_entry "
      "LEFT JOIN y_datasets d ON d.entry = t.y_entry WHERE {}",
      key_condition(*schema, "t"));
  const std::string sql = fmt::format(
      "SELECT {}, t.y_entry AS began, t.y_entry_end AS ended, {} "
      "UNION ALL SELECT {}, t.y_entry, 0, {} ORDER BY began",
      fields, fmt::format(fmt::runtime(tail), q(history_name(table))), fields,
      fmt::format(fmt::runtime(tail), q(table)));
  const std::vector<Type> types =
      with(schema->types(), {Type::integer, Type::integer, Type::instant, Type::text, Type::text});
  std::vector<HistoryItem> out;
  const size_t at = schema->fields.size();
  YIPAN_TRY(read_all(db(), sql, parameters, types, [&](const Batch& batch, size_t i) {
    HistoryItem item;
    item.entry = number(batch, at, i);
    item.entry_end = number(batch, at + 1, i);
    item.when = Instant::from_micros(batch.columns[at + 2].int_at(i));
    item.who = text(batch, at + 3, i);
    item.reason = text(batch, at + 4, i);
    item.values = field_values(*schema, batch, i);
    out.push_back(std::move(item));
  }));
  if (out.empty()) return fail(unknown_row(table, key, false));
  return out;
}

Result<std::vector<DatasetInfo>> BoardImpl::datasets() {
  YIPAN_TRY(usable(false));
  const std::string sql =
      "SELECT d.dataset, d.table_name, d.vintage, d.entry, d.row_count, d.kind FROM y_datasets d "
      "WHERE d.vintage = (SELECT MAX(e.vintage) FROM y_datasets e WHERE e.dataset = d.dataset) "
      "ORDER BY " +
      sql_order(db().dialect(), {"dataset"}, {Type::text}, "d");
  std::vector<DatasetInfo> out;
  YIPAN_TRY(
      read_all(db(), sql, {},
               {Type::text, Type::text, Type::integer, Type::integer, Type::integer, Type::text},
               [&](const Batch& batch, size_t i) {
                 DatasetInfo info;
                 info.dataset = text(batch, 0, i);
                 info.table = text(batch, 1, i);
                 info.vintage = number(batch, 2, i);
                 info.entry = number(batch, 3, i);
                 info.rows = number(batch, 4, i);
                 info.withdrawn = batch.columns[5].bytes_at(i) == "withdraw";
                 out.push_back(std::move(info));
               }));
  return out;
}

Result<std::vector<Vintage>> BoardImpl::vintages(std::string_view dataset) {
  YIPAN_TRY(usable(false));
  std::vector<Vintage> out;
  YIPAN_TRY(read_all(
      db(),
      "SELECT d.table_name, d.entry, d.kind, d.reason, d.row_count, d.refused, d.vintage, d.added, "
      "d.changed, d.removed, d.same, e.accepted_at, e.who FROM y_datasets d "
      "JOIN y_entries e ON e.entry = d.entry WHERE d.dataset = $1 ORDER BY d.vintage",
      {Value(dataset)},
      {Type::text, Type::integer, Type::text, Type::text, Type::integer, Type::integer,
       Type::integer, Type::integer, Type::integer, Type::integer, Type::integer, Type::instant,
       Type::text},
      [&](const Batch& batch, size_t i) {
        Vintage v;
        v.dataset = dataset;
        v.table = text(batch, 0, i);
        v.entry = number(batch, 1, i);
        v.withdrawal = batch.columns[2].bytes_at(i) == "withdraw";
        v.reason = text(batch, 3, i);
        v.rows = number(batch, 4, i);
        v.refused = number(batch, 5, i);
        v.diff.vintage = number(batch, 6, i);
        v.diff.added = number(batch, 7, i);
        v.diff.changed = number(batch, 8, i);
        v.diff.removed = number(batch, 9, i);
        v.diff.same = number(batch, 10, i);
        v.when = Instant::from_micros(batch.columns[11].int_at(i));
        v.who = text(batch, 12, i);
        out.push_back(std::move(v));
      }));
  return out;
}

Result<std::vector<Change>> BoardImpl::changes(std::string_view dataset, uint64_t vintage,
                                               uint64_t position, size_t limit) {
  YIPAN_TRY(usable(false));
  std::vector<Change> out;
  YIPAN_TRY(read_all(
      db(),
      "SELECT position, key, kind, field, COALESCE(old_value, ''), COALESCE(new_value, '') "
      "FROM y_changes WHERE dataset = $1 AND vintage = $2 AND position > $3 "
      "ORDER BY position LIMIT $4",
      {Value(dataset), Value(vintage), Value(position), Value(static_cast<uint64_t>(limit))},
      {Type::integer, Type::text, Type::text, Type::text, Type::text, Type::text},
      [&](const Batch& batch, size_t i) {
        const std::string kind = text(batch, 2, i);
        Change change;
        change.position = number(batch, 0, i);
        change.key = text(batch, 1, i);
        change.kind = kind == "added"     ? Change::Kind::added
                      : kind == "changed" ? Change::Kind::changed
                                          : Change::Kind::removed;
        change.field = text(batch, 3, i);
        change.old_value = text(batch, 4, i);
        change.new_value = text(batch, 5, i);
        out.push_back(std::move(change));
      }));
  return out;
}

}  // namespace yipan::board
