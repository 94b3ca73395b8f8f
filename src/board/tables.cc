#include "board/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "yipan/date.h"
#include "yipan/text.h"

namespace yipan::board {
namespace {

store::ColumnSpec column(std::string_view name, Type type, bool not_null = true) {
  store::ColumnSpec out;
  out.name = name;
  out.type = type;
  out.not_null = not_null;
  return out;
}

store::TableSpec bare_spec(const TableSchema& table) {
  store::TableSpec spec = table.table_spec();
  spec.primary_key.clear();
  spec.indexes.clear();
  return spec;
}

void add_provenance(store::TableSpec* spec) {
  spec->columns.push_back(column("y_entry", Type::integer));
  spec->columns.push_back(column("y_source", Type::integer));
  spec->columns.push_back(column("y_row", Type::integer));
  spec->columns.push_back(column("y_hash", Type::bytes));
}

store::TableSpec bookkeeping(std::string_view name, std::vector<store::ColumnSpec> columns,
                             std::vector<std::string> key) {
  store::TableSpec spec;
  spec.name = name;
  spec.columns = std::move(columns);
  spec.primary_key = std::move(key);
  spec.listed = false;
  return spec;
}

IndexSpec make_index(std::string_view table, const std::vector<std::string>& columns, bool unique) {
  std::string joined;
  for (const std::string& name : columns) joined += name + ",";
  IndexSpec out;
  out.name = fmt::format("{}_y_{}", table, sha256(joined).hex().substr(0, 8));
  out.table = table;
  out.columns = columns;
  out.unique = unique;
  return out;
}

}  // namespace

store::TableSpec current_spec(const TableSchema& table) {
  store::TableSpec spec = bare_spec(table);
  add_provenance(&spec);
  return spec;
}

store::TableSpec history_spec(const TableSchema& table) {
  store::TableSpec spec = bare_spec(table);
  spec.name = history_name(table.name);
  add_provenance(&spec);
  spec.columns.push_back(column("y_entry_end", Type::integer));
  spec.listed = false;
  return spec;
}

store::TableSpec stage_spec(const TableSchema& table) {
  store::TableSpec spec = bare_spec(table);
  spec.name = kStage;
  spec.columns.push_back(column("y_row", Type::integer));
  spec.columns.push_back(column("y_hash", Type::bytes));
  spec.listed = false;
  spec.temporary = true;
  return spec;
}

std::vector<store::TableSpec> bookkeeping_specs() {
  std::vector<store::TableSpec> out;
  out.push_back(
      bookkeeping("y_changes",
                  {column("dataset", Type::text), column("vintage", Type::integer),
                   column("position", Type::integer), column("key", Type::text),
                   column("kind", Type::text), column("field", Type::text),
                   column("old_value", Type::text, false), column("new_value", Type::text, false)},
                  {"dataset", "vintage", "position"}));
  out.push_back(bookkeeping("y_datasets",
                            {column("dataset", Type::text), column("vintage", Type::integer),
                             column("table_name", Type::text), column("entry", Type::integer),
                             column("kind", Type::text), column("reason", Type::text),
                             column("row_count", Type::integer), column("refused", Type::integer),
                             column("added", Type::integer), column("changed", Type::integer),
                             column("removed", Type::integer), column("same", Type::integer)},
                            {"dataset", "vintage"}));
  out.push_back(bookkeeping(
      "y_entries",
      {column("entry", Type::integer), column("accepted_at", Type::instant),
       column("who", Type::text), column("what", Type::text), column("subject", Type::text)},
      {"entry"}));
  out.push_back(
      bookkeeping("y_meta", {column("name", Type::text), column("value", Type::text)}, {"name"}));
  out.push_back(bookkeeping(
      "y_sources",
      {column("entry", Type::integer), column("dataset", Type::text),
       column("table_name", Type::text), column("file", Type::text), column("sheet", Type::text),
       column("encoding", Type::text), column("file_hash", Type::bytes),
       column("rowset_hash", Type::bytes), column("imported_at", Type::instant),
       column("imported_by", Type::text), column("synthetic", Type::boolean)},
      {"entry"}));
  return out;
}

std::vector<Type> types_of(const store::TableSpec& spec) {
  std::vector<Type> out;
  for (const store::ColumnSpec& c : spec.columns) out.push_back(c.type);
  return out;
}

std::string IndexSpec::create_sql() const {
  return fmt::format("CREATE {}INDEX {} ON {} ({})", unique ? "UNIQUE " : "", q(name), q(table),
                     sql_list(columns));
}

std::string IndexSpec::drop_sql() const { return "DROP INDEX IF EXISTS " + q(name); }

std::vector<IndexSpec> index_specs(const TableSchema& table, const Schemas& schemas) {
  std::vector<IndexSpec> out{make_index(table.name, table.primary_key, true)};
  const auto add = [&](const std::vector<std::string>& columns) {
    const bool known = std::any_of(out.begin(), out.end(),
                                   [&](const IndexSpec& i) { return i.columns == columns; });
    if (!known) out.push_back(make_index(table.name, columns, false));
  };
  for (const auto& columns : table.indexes) add(columns);
  for (const TableSchema& other : schemas.all()) {
    for (const ForeignKey& key : other.foreign_keys) {
      if (key.table == table.name) add(key.references);
    }
  }
  return out;
}

IndexSpec history_index(const TableSchema& table) {
  return make_index(history_name(table.name), table.primary_key, false);
}

std::string sql_list(const std::vector<std::string>& names, std::string_view alias) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ", ";
    if (!alias.empty()) out += std::string(alias) + ".";
    out += q(name);
  }
  return out;
}

std::vector<std::string> column_names(const store::TableSpec& spec) {
  std::vector<std::string> out;
  for (const store::ColumnSpec& c : spec.columns) out.push_back(c.name);
  return out;
}

std::vector<std::string> field_names(const TableSchema& table) {
  std::vector<std::string> out;
  for (const Field& field : table.fields) out.push_back(field.name);
  return out;
}

std::string sql_equal(std::string_view a, const std::vector<std::string>& columns_a,
                      std::string_view b, const std::vector<std::string>& columns_b) {
  std::string out;
  for (size_t i = 0; i < columns_a.size(); ++i) {
    if (i != 0) out += " AND ";
    out += fmt::format("{}.{} = {}.{}", a, q(columns_a[i]), b, q(columns_b[i]));
  }
  return out;
}

std::string sql_order(store::Dialect dialect, const std::vector<std::string>& columns,
                      const std::vector<Type>& types, std::string_view alias) {
  std::string out;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i != 0) out += ", ";
    if (!alias.empty()) out += std::string(alias) + ".";
    out += q(columns[i]);
    if (types[i] == Type::text && dialect == store::Dialect::postgresql) out += " COLLATE \"C\"";
  }
  return out;
}

std::vector<Type> key_types(const TableSchema& table) {
  std::vector<Type> out;
  for (const std::string& name : table.primary_key) out.push_back(table.find(name)->type);
  return out;
}

std::string sql_key_order(store::Dialect dialect, const TableSchema& table,
                          std::string_view alias) {
  return sql_order(dialect, table.primary_key, key_types(table), alias);
}

Result<store::Value> key_value(Type type, std::string_view text) {
  const auto wrong = [&] {
    return fail(Error("board.key")
                    .zh(fmt::format("“{}”不是 {} 类型的键", text, to_string(type)))
                    .en(fmt::format("'{}' is not a key of type {}", text, to_string(type)))
                    .remedy("按 yipan show 所显示的样子写键", "write the key as yipan show does"));
  };
  switch (type) {
    case Type::boolean:
      if (text != "true" && text != "false") return wrong();
      return store::Value(text == "true");
    case Type::integer: {
      int64_t value = 0;
      const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (code != std::errc() || end != text.data() + text.size()) return wrong();
      return store::Value(value);
    }
    case Type::date: {
      const auto date = Date::parse(text);
      if (!date) return wrong();
      return store::Value(*date);
    }
    case Type::instant: {
      const auto instant = Instant::parse(text);
      if (!instant) return wrong();
      return store::Value(*instant);
    }
    default:
      if (find_invalid_utf8(text) != std::string_view::npos ||
          text.find('\0') != std::string_view::npos) {
        return wrong();
      }
      return store::Value(text);
  }
}

}  // namespace yipan::board
