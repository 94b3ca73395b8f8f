#include "store/sqlite/db.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "store/checks.h"
#include "store/geopackage_blob.h"
#include "store/sqlite/errors.h"

namespace yipan::store {
namespace {

constexpr size_t kKeptMax = 64;

bool is_blank(std::string_view sql) {
  return sql.find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

Result<> bind_text(Db* db, sqlite3_stmt* statement, int at, std::string_view text) {
  YIPAN_TRY(check_text(text));
  const char* data = text.empty() ? "" : text.data();  // a null pointer would be NULL
  const int code =
      sqlite3_bind_text64(statement, at, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return code == SQLITE_OK ? Result<>() : fail(db->error("bind", code));
}

Result<> bind_blob(Db* db, sqlite3_stmt* statement, int at, std::string_view data) {
  const int code = sqlite3_bind_blob64(statement, at, data.empty() ? "" : data.data(), data.size(),
                                       SQLITE_TRANSIENT);
  return code == SQLITE_OK ? Result<>() : fail(db->error("bind", code));
}

struct Binder {
  Db* db;
  sqlite3_stmt* statement;
  int at;

  Result<> operator()(std::monostate) { return checked(sqlite3_bind_null(statement, at)); }
  Result<> operator()(int64_t x) { return checked(sqlite3_bind_int64(statement, at, x)); }
  Result<> operator()(bool x) { return checked(sqlite3_bind_int64(statement, at, x ? 1 : 0)); }
  Result<> operator()(double x) {
    YIPAN_TRY(check_real(x));
    return checked(sqlite3_bind_double(statement, at, x + 0.0));  // -0.0 becomes 0.0
  }
  Result<> operator()(const std::string& x) { return bind_text(db, statement, at, x); }
  Result<> operator()(Date x) {
    YIPAN_TRY(check_date(x.days()));
    char text[kDateSize];
    write_iso_date(x.days(), text);
    return bind_text(db, statement, at, {text, kDateSize});
  }
  Result<> operator()(Instant x) {
    YIPAN_TRY(check_instant(x.micros()));
    char text[kInstantSize];
    write_iso_instant(x.micros(), text);
    return bind_text(db, statement, at, {text, kInstantSize});
  }
  Result<> operator()(const Bytes& x) { return bind_blob(db, statement, at, x.data); }
  Result<> operator()(const Geometry& x) {
    std::string blob;
    YIPAN_ASSIGN(const WkbInfo info, append_geopackage(x.wkb, x.srid, &blob));
    YIPAN_TRY(check_geometry(info, 0));
    return bind_blob(db, statement, at, blob);
  }
  Result<> checked(int code) const {
    return code == SQLITE_OK ? Result<>() : fail(db->error("bind", code));
  }
};

// The N of "$N"; 0 for any other form.
size_t parameter_number(const char* name) {
  if (name == nullptr || name[0] != '$') return 0;
  const std::string_view digits(name + 1);
  size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? number : 0;
}

}  // namespace

Db::~Db() {
  holidays.reset();
  forget_statements();
  sqlite3_close_v2(handle);
}

Result<Statement> Db::take(std::string_view sql) {
  if (const auto it = kept_by_sql.find(sql); it != kept_by_sql.end()) {
    const auto at = it->second;
    Statement statement = std::move(at->statement);
    kept_by_sql.erase(it);
    kept.erase(at);
    return statement;
  }
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  if (code != SQLITE_OK) return fail(error(sql, code));
  Statement statement(raw);
  const std::string_view rest = sql.substr(static_cast<size_t>(tail - sql.data()));
  if (raw == nullptr || (!is_blank(rest) && !first_keyword(rest).empty())) {
    return fail(Error("store.sql.several")
                    .zh("这里须是一条 SQL 语句")
                    .en("one SQL statement is expected here")
                    .remedy("多条语句请用 script()", "use script() for several statements"));
  }
  return statement;
}

void Db::give_back(Statement statement) {
  sqlite3_reset(statement.get());
  sqlite3_clear_bindings(statement.get());
  const char* sql = sqlite3_sql(statement.get());
  if (sql == nullptr || kept_by_sql.contains(sql)) return;
  kept.push_front({sql, std::move(statement)});
  kept_by_sql.emplace(kept.front().sql, kept.begin());
  if (kept.size() <= kKeptMax) return;
  kept_by_sql.erase(kept.back().sql);
  kept.pop_back();
}

void Db::forget_statements() {
  kept_by_sql.clear();
  kept.clear();
}

Error Db::error(std::string_view doing, int code) const {
  return sqlite_error(handle, code, path, doing);
}

Result<> Db::run(const char* sql) {
  const int code = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Result<>() : fail(error(sql, code));
}

Result<> bind_all(Db* db, sqlite3_stmt* statement, const Values& parameters) {
  const int count = sqlite3_bind_parameter_count(statement);
  size_t highest = 0;
  bool good = true;
  for (int i = 1; i <= count; ++i) {
    const size_t number = parameter_number(sqlite3_bind_parameter_name(statement, i));
    good = good && number >= 1 && number <= parameters.size();
    if (!good) break;
    highest = std::max(highest, number);
    Binder binder{db, statement, i};
    if (auto bound = std::visit(binder, parameters[number - 1].v); !bound) {
      bound.error().element(fmt::format("${}", number));
      return bound;
    }
  }
  if (good && highest == parameters.size()) return {};
  return fail(parameter_count_error(parameters.size()));
}

}  // namespace yipan::store
