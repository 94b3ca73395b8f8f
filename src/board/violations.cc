// Keys and references of an import, found set-wise.
#include <fmt/format.h>

#include <algorithm>

#include "board/apply.h"

namespace yipan::board {

using store::Value;

namespace {

std::vector<Type> types_for(const TableSchema& table, const std::vector<std::string>& fields,
                            std::initializer_list<Type> before,
                            std::initializer_list<Type> after = {}) {
  std::vector<Type> out(before);
  for (const std::string& name : fields) out.push_back(table.find(name)->type);
  out.insert(out.end(), after);
  return out;
}

std::string key_at(const Batch& batch, size_t row, size_t from, size_t count) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < count; ++i) parts.push_back(value_text(batch.columns[from + i], row));
  return join_key(parts);
}

Result<uint64_t> count(store::Connection& db, const std::string& sql,
                       const store::Values& parameters = {}) {
  YIPAN_ASSIGN(const auto value, db.query_int(sql, parameters));
  return static_cast<uint64_t>(value.value_or(0));
}

// Calls back for every row of the result.
Result<> each_row(store::Connection& db, const std::string& sql, const store::Values& parameters,
                  const std::vector<Type>& types,
                  const std::function<void(const Batch&, size_t)>& call) {
  YIPAN_ASSIGN(const auto rows, db.query(sql, parameters, types));
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) return {};
    for (size_t i = 0; i < batch.rows(); ++i) call(batch, i);
  }
}

size_t room(const Applied& out) { return kViolationsMax - out.violations.size(); }

Result<> find_doubled(const ApplyContext& context, const TableSchema& table,
                      const std::string& dataset, Applied* out) {
  const auto& key = table.primary_key;
  const std::string groups = fmt::format(
      "SELECT {}, MIN(y_row) AS y_first, COUNT(*) AS y_count FROM y_stage GROUP BY {} "
      "HAVING COUNT(*) > 1",
      sql_list(key), sql_list(key));
  YIPAN_ASSIGN(const uint64_t found,
               count(context.db, fmt::format("SELECT CAST(COALESCE(SUM(y_count - 1), 0) AS BIGINT) "
                                             "FROM ({}) m",
                                             groups)));
  out->violation_count += found;
  if (found == 0) return {};
  const std::string sql = fmt::format(
      "SELECT s.y_row, {}, m.y_first FROM y_stage s JOIN ({}) m ON {} WHERE s.y_row > m.y_first "
      "ORDER BY s.y_row LIMIT {}",
      sql_list(key, "s"), groups, sql_equal("s", key, "m", key), room(*out));
  return each_row(context.db, sql, {}, types_for(table, key, {Type::integer}, {Type::integer}),
                  [&](const Batch& batch, size_t i) {
                    Violation v;
                    v.kind = Violation::Kind::duplicate_key;
                    v.source_row = static_cast<uint64_t>(batch.columns[0].int_at(i));
                    v.fields = key;
                    v.key = key_at(batch, i, 1, key.size());
                    v.references = fmt::format("row {}", batch.columns[1 + key.size()].int_at(i));
                    v.table = table.name;
                    v.dataset = dataset;
                    out->violations.push_back(std::move(v));
                  });
}

Result<> find_taken(const ApplyContext& context, const TableSchema& table,
                    const std::string& dataset, Applied* out) {
  const auto& key = table.primary_key;
  const std::string from = fmt::format(
      "FROM y_stage s JOIN {} t ON {} JOIN y_sources src ON src.entry = t.y_source "
      "WHERE src.dataset <> $1",
      q(table.name), sql_equal("s", key, "t", key));
  YIPAN_ASSIGN(const uint64_t found,
               count(context.db, "SELECT COUNT(*) " + from, {Value(dataset)}));
  out->violation_count += found;
  if (found == 0) return {};
  const std::string sql =
      fmt::format("SELECT s.y_row, {}, t.y_row, src.dataset, src.file {} ORDER BY s.y_row LIMIT {}",
                  sql_list(key, "s"), from, room(*out));
  const auto types =
      types_for(table, key, {Type::integer}, {Type::integer, Type::text, Type::text});
  return each_row(context.db, sql, {Value(dataset)}, types, [&](const Batch& batch, size_t i) {
    const size_t other = 1 + key.size();
    Violation v;
    v.kind = Violation::Kind::duplicate_key;
    v.source_row = static_cast<uint64_t>(batch.columns[0].int_at(i));
    v.fields = key;
    v.key = key_at(batch, i, 1, key.size());
    v.references =
        fmt::format("{}: {}, row {}", batch.columns[other + 1].bytes_at(i),
                    batch.columns[other + 2].bytes_at(i), batch.columns[other].int_at(i));
    v.table = table.name;
    v.dataset = dataset;
    out->violations.push_back(std::move(v));
  });
}

std::string all_present(const ForeignKey& key, std::string_view alias) {
  std::string out;
  for (const std::string& field : key.fields) {
    if (!out.empty()) out += " AND ";
    out += fmt::format("{}.{} IS NOT NULL", alias, q(field));
  }
  return out;
}

Violation reference_violation(const Batch& batch, size_t row, const ForeignKey& key) {
  Violation v;
  v.kind = Violation::Kind::dangling_reference;
  v.source_row = static_cast<uint64_t>(batch.columns[0].int_at(row));
  v.fields = key.fields;
  v.key = key_at(batch, row, 1, key.fields.size());
  v.references = key.table + "." + fmt::format("{}", fmt::join(key.references, ","));
  return v;
}

}  // namespace

Result<> find_duplicates(const ApplyContext& context, const TableSchema& table,
                         const std::string& dataset, bool others, Applied* out) {
  YIPAN_TRY(find_doubled(context, table, dataset, out));
  if (others) YIPAN_TRY(find_taken(context, table, dataset, out));
  out->duplicates = out->violation_count != 0;
  return {};
}

Result<> find_dangling(const ApplyContext& context, const TableSchema& table,
                       const std::string& dataset, const NewRows& rows, Applied* out) {
  for (const ForeignKey& key : table.foreign_keys) {
    const std::string join = sql_equal("r", key.references, "n", key.fields);
    std::string where = fmt::format("WHERE {} AND NOT EXISTS (SELECT 1 FROM {} r WHERE {})",
                                    all_present(key, "n"), q(key.table), join);
    if (key.table == table.name && !rows.applied) {
      where += fmt::format(" AND NOT EXISTS (SELECT 1 FROM y_stage r WHERE {})", join);
    }
    const std::string from = fmt::format("FROM {} {}", rows.from, where);
    YIPAN_ASSIGN(const uint64_t found, count(context.db, "SELECT COUNT(*) " + from));
    out->violation_count += found;
    if (found == 0 || room(*out) == 0) continue;
    const std::string sql = fmt::format("SELECT n.y_row, {} {} ORDER BY n.y_row LIMIT {}",
                                        sql_list(key.fields, "n"), from, room(*out));
    YIPAN_TRY(each_row(context.db, sql, {}, types_for(table, key.fields, {Type::integer}),
                       [&](const Batch& batch, size_t i) {
                         Violation v = reference_violation(batch, i, key);
                         v.table = table.name;
                         v.dataset = dataset;
                         out->violations.push_back(std::move(v));
                       }));
  }
  return {};
}

Result<> find_orphans(const ApplyContext& context, const TableSchema& table,
                      const std::string& dataset, Applied* out) {
  for (const TableSchema& other : context.schemas.all()) {
    for (const ForeignKey& key : other.foreign_keys) {
      if (key.table != table.name) continue;
      const std::string from = fmt::format(
          "FROM {} n JOIN y_sources src ON src.entry = n.y_source WHERE src.dataset <> $1 AND {} "
          "AND EXISTS (SELECT 1 FROM {} h WHERE h.y_entry_end = {} AND {}) "
          "AND NOT EXISTS (SELECT 1 FROM {} r WHERE {})",
          q(other.name), all_present(key, "n"), q(history_name(table.name)), context.index,
          sql_equal("h", key.references, "n", key.fields), q(table.name),
          sql_equal("r", key.references, "n", key.fields));
      YIPAN_ASSIGN(const uint64_t found,
                   count(context.db, "SELECT COUNT(*) " + from, {Value(dataset)}));
      out->violation_count += found;
      if (found == 0 || room(*out) == 0) continue;
      const std::string sql = fmt::format(
          "SELECT n.y_row, {}, src.dataset {} ORDER BY src.dataset{}, n.y_row LIMIT {}",
          sql_list(key.fields, "n"), from,
          context.db.dialect() == store::Dialect::postgresql ? " COLLATE \"C\"" : "", room(*out));
      const auto types = types_for(other, key.fields, {Type::integer}, {Type::text});
      YIPAN_TRY(
          each_row(context.db, sql, {Value(dataset)}, types, [&](const Batch& batch, size_t i) {
            Violation v = reference_violation(batch, i, key);
            v.kind = Violation::Kind::orphaned_reference;
            v.table = other.name;
            v.dataset = batch.columns[1 + key.fields.size()].bytes_at(i);
            out->violations.push_back(std::move(v));
          }));
    }
  }
  return {};
}

}  // namespace yipan::board
