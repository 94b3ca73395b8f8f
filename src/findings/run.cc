#include "findings/run.h"

#include <fmt/format.h>

#include "yipan/clock.h"

namespace yipan::findings {
namespace {

using rules::Kind;
using rules::Value;

store::Value sql_value(const Value& value) {
  switch (value.kind()) {
    case Kind::number:
      if (const auto integer = value.as_number().to_int64()) return store::Value(*integer);
      return store::Value(value.as_number().to_double());
    case Kind::string:
      return store::Value(value.as_string());
    case Kind::date:
      return store::Value(value.as_date());
    case Kind::boolean:
      return store::Value(value.as_boolean());
    default:
      return {};
  }
}

Result<> check_stated_types(const Section& section, const std::vector<store::OutColumn>& columns,
                            const std::string& file) {
  for (size_t i = 0; i < section.types.size() && i < columns.size(); ++i) {
    if (section.types[i].first == columns[i].name) continue;
    return fail(section_error("findings.sql.types", section, file)
                    .zh(fmt::format("-- types: 的第 {} 列是“{}”，查询给的是“{}”", i + 1,
                                    section.types[i].first, columns[i].name))
                    .en(fmt::format("column {} of -- types: is '{}', but the query gives '{}'",
                                    i + 1, section.types[i].first, columns[i].name))
                    .column(columns[i].name)
                    .remedy("按查询的顺序写出所有列", "list all columns in the query's order"));
  }
  return {};
}

}  // namespace

Result<Run> Run::prepare(store::Connection& db, const board::Schemas& schemas,
                         const RulebookData& book, const DiagnoseOptions& options) {
  YIPAN_ASSIGN(Directory city, Directory::load(db, schemas));
  YIPAN_ASSIGN(Places places, Places::measure(db, schemas));
  return Run{db, schemas, book, options, std::move(city), std::move(places),
             std::make_shared<Planner>(db)};
}

Result<> Planner::for_one_key(bool one) {
  if (db_.dialect() != store::Dialect::postgresql || one_ == one) return {};
  if (!one_) YIPAN_TRY(db_.execute("SET jit = off"));
  one_ = one;
  return db_.execute(one ? "SET enable_nestloop = on" : "SET enable_nestloop = off");
}

Planner::~Planner() {
  if (!one_) return;
  // If this fails the connection is gone, and its next statement says so.
  static_cast<void>(db_.execute("RESET enable_nestloop").has_value());
  static_cast<void>(db_.execute("RESET jit").has_value());
}

double Run::seconds() const {
  return options.clock == nullptr
             ? 0
             : static_cast<double>(options.clock->monotonic_micros()) / 1'000'000.0;
}

Error section_error(std::string_view code, const Section& section, const std::string& file) {
  return Error(code).file(file).line(section.line).element(section.name);
}

Result<std::unique_ptr<store::Rows>> open_section(const Run& run, const Section& section,
                                                  const std::string& file, std::string_view key) {
  store::Values values;
  for (const std::string& name : section.statement.names) {
    if (name == "as_of") {
      values.emplace_back(run.options.as_of);
    } else if (name == "key") {
      values.emplace_back(key);
    } else {
      values.push_back(sql_value(run.book.values.find(name)->second));
    }
  }
  YIPAN_TRY(run.planner->for_one_key(!key.empty()));
  std::vector<Type> types;
  for (const auto& [name, type] : section.types) types.push_back(type);
  auto rows = run.db.query(section.statement.sql, values, types);
  if (!rows) {
    return fail(section_error("findings.sql.failed", section, file)
                    .zh(fmt::format("“{}”一节的 SQL 运行不了", section.name))
                    .en(fmt::format("the SQL of '{}' does not run", section.name))
                    .remedy("按下面数据库的话改正；共同的写法见 docs/formats/sql.md",
                            "correct it as the database says below; docs/formats/sql.md has the "
                            "SQL that runs on both")
                    .because(rows.error()));
  }
  YIPAN_TRY(check_stated_types(section, (*rows)->columns(), file));
  return std::move(*rows);
}

Value cell_value(const Column& column, size_t row) {
  if (column.is_null(row)) return Value::null();
  switch (column.type()) {
    case Type::boolean:
      return Value::boolean(column.int_at(row) != 0);
    case Type::integer:
      return Value::number(column.int_at(row));
    case Type::real:
      return Value::number(Decimal::from_double(column.real_at(row)));
    case Type::date:
      return Value::date(Date::from_days(column.int_at(row)));
    default:
      return Value::string(board::value_text(column, row));
  }
}

}  // namespace yipan::findings
