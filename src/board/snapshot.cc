#include "board/snapshot.h"

#include <fmt/format.h>

#include <algorithm>

namespace yipan::board {

std::vector<size_t> TableView::order_columns() const {
  std::vector<size_t> out;
  for (const std::string& name : order) {
    size_t at = 0;
    while (spec.columns[at].name != name) ++at;
    out.push_back(at);
  }
  return out;
}

std::string TableView::sql(store::Dialect dialect) const {
  std::vector<Type> types;
  for (const size_t c : order_columns()) types.push_back(spec.columns[c].type);
  return fmt::format("SELECT {} FROM {} ORDER BY {}", sql_list(column_names(spec)), q(spec.name),
                     sql_order(dialect, order, types));
}

std::string TableView::exact_sql() const {
  std::string columns;
  for (const store::ColumnSpec& column : spec.columns) {
    if (!columns.empty()) columns += ", ";
    columns += column.type == Type::geometry ? fmt::format("CAST({} AS BLOB)", q(column.name))
                                             : q(column.name);
  }
  return fmt::format("SELECT {} FROM {} NOT INDEXED ORDER BY {}", columns, q(spec.name),
                     sql_list(order));
}

std::vector<Type> TableView::exact_types() const {
  std::vector<Type> out = types_of(spec);
  for (Type& type : out) {
    if (type == Type::boolean) type = Type::integer;
    if (type == Type::date || type == Type::instant) type = Type::text;
    if (type == Type::geometry) type = Type::bytes;
  }
  return out;
}

std::string TableView::storage_check_sql() const {
  const std::vector<Type> types = exact_types();
  std::string sums;
  for (size_t c = 0; c < types.size(); ++c) {
    const std::string_view storage = types[c] == Type::integer ? "integer"
                                     : types[c] == Type::real  ? "real"
                                     : types[c] == Type::text  ? "text"
                                                               : "blob";
    if (c != 0) sums += " + ";
    sums += fmt::format("SUM(typeof({}) NOT IN ('null', '{}'))", q(spec.columns[c].name), storage);
  }
  return fmt::format("SELECT {} FROM {} NOT INDEXED", sums, q(spec.name));
}

std::string TableView::raw_sql() const {
  std::string columns;
  for (const store::ColumnSpec& column : spec.columns) {
    if (!columns.empty()) columns += ", ";
    const std::string name = q(column.name);
    columns += fmt::format(
        "CASE typeof({}) WHEN 'real' THEN 'real:' || quote({}) ELSE typeof({}) || ':' || hex({}) "
        "END",
        name, name, name, name);
  }
  std::string positions;
  for (const size_t c : order_columns()) {
    if (!positions.empty()) positions += ", ";
    positions += std::to_string(c + 1);
  }
  return fmt::format("SELECT {} FROM {} NOT INDEXED ORDER BY {}", columns, q(spec.name), positions);
}

std::vector<TableView> table_views(const Schemas& schemas) {
  std::vector<TableView> out;
  for (const TableSchema& table : schemas.all()) {
    out.push_back({current_spec(table), table.primary_key, &table});
    TableView history{history_spec(table), table.primary_key, &table};
    history.order.push_back("y_entry");
    out.push_back(std::move(history));
  }
  for (store::TableSpec& spec : bookkeeping_specs()) {
    std::vector<std::string> order = spec.primary_key;
    out.push_back({std::move(spec), std::move(order), nullptr});
  }
  std::sort(out.begin(), out.end(),
            [](const TableView& a, const TableView& b) { return a.spec.name < b.spec.name; });
  return out;
}

}  // namespace yipan::board
