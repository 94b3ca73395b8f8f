#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>

#include "store/iso_time.h"
#include "store/sqlite/functions.h"

namespace yipan::store {
namespace {

using Call = void (*)(sqlite3_context*, int, sqlite3_value**);

bool any_null(int count, sqlite3_value** values) {
  return std::any_of(values, values + count,
                     [](sqlite3_value* v) { return sqlite3_value_type(v) == SQLITE_NULL; });
}

void refuse(sqlite3_context* context, const std::string& message) {
  sqlite3_result_error(context, message.data(), static_cast<int>(message.size()));
}

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_value_bytes(value))};
}

// False (and the query fails, as it does in PostgreSQL) unless it is an ISO date.
bool date_of(sqlite3_context* context, sqlite3_value* value, int64_t* days) {
  if (sqlite3_value_type(value) == SQLITE_TEXT) {
    if (const auto read = read_iso_date(text_of(value))) {
      *days = *read;
      return true;
    }
  }
  refuse(context, fmt::format("\"{}\" is not a date (YYYY-MM-DD)", text_of(value)));
  return false;
}

bool integer_of(sqlite3_context* context, sqlite3_value* value, int64_t* number) {
  if (sqlite3_value_type(value) != SQLITE_INTEGER) {
    refuse(context, fmt::format("\"{}\" is not an integer", text_of(value)));
    return false;
  }
  *number = sqlite3_value_int64(value);
  return true;
}

bool real_of(sqlite3_context* context, sqlite3_value* value, double* number) {
  const int type = sqlite3_value_type(value);
  if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
    refuse(context, fmt::format("\"{}\" is not a number", text_of(value)));
    return false;
  }
  *number = sqlite3_value_double(value);
  return true;
}

template <int64_t (*Measure)(int64_t, int64_t)>
void between(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return;
  int64_t from = 0;
  int64_t to = 0;
  if (!date_of(context, values[0], &from) || !date_of(context, values[1], &to)) return;
  sqlite3_result_int64(context, Measure(from, to));
}
int64_t days_measure(int64_t from, int64_t to) { return to - from; }
int64_t years_measure(int64_t from, int64_t to) { return months_between_days(from, to) / 12; }

void add_days(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return;
  int64_t days = 0;
  int64_t more = 0;
  if (!date_of(context, values[0], &days) || !integer_of(context, values[1], &more)) return;
  if (more > kDateDaysMax * 2 || more < -kDateDaysMax * 2 || !is_date_in_range(days + more)) {
    refuse(context, "add_days leaves the years 0001 to 9999");
    return;
  }
  char text[kDateSize];
  write_iso_date(days + more, text);
  sqlite3_result_text(context, text, kDateSize, SQLITE_TRANSIENT);
}

template <bool kMonth>
void part_of(sqlite3_context* context, int count, sqlite3_value** values) {
  int64_t days = 0;
  if (any_null(count, values) || !date_of(context, values[0], &days)) return;
  const CivilDay civil = civil_from_days(days);
  sqlite3_result_int64(context, kMonth ? civil.month : civil.year);
}

void share(sqlite3_context* context, int count, sqlite3_value** values) {
  double part = 0;
  double whole = 0;
  if (any_null(count, values) || !real_of(context, values[0], &part) ||
      !real_of(context, values[1], &whole) || whole == 0) {
    return;
  }
  sqlite3_result_double(context, part / whole);
}

void round_to(sqlite3_context* context, int count, sqlite3_value** values) {
  double x = 0;
  int64_t digits = 0;
  if (any_null(count, values) || !real_of(context, values[0], &x) ||
      !integer_of(context, values[1], &digits)) {
    return;
  }
  const int limited = static_cast<int>(std::clamp<int64_t>(digits, -400, 400));
  sqlite3_result_double(context, round_decimal(x, limited));
}

// Numbers by value, text and dates by their bytes (which is by code point).
int compare(sqlite3_value* a, sqlite3_value* b) {
  if (sqlite3_value_type(a) == SQLITE_TEXT || sqlite3_value_type(b) == SQLITE_TEXT) {
    return text_of(a).compare(text_of(b));
  }
  if (sqlite3_value_type(a) == SQLITE_INTEGER && sqlite3_value_type(b) == SQLITE_INTEGER) {
    const int64_t x = sqlite3_value_int64(a);
    const int64_t y = sqlite3_value_int64(b);
    return x < y ? -1 : static_cast<int>(x > y);
  }
  const double x = sqlite3_value_double(a);
  const double y = sqlite3_value_double(b);
  return x < y ? -1 : static_cast<int>(x > y);
}

template <int kSign>
void extreme(sqlite3_context* context, int count, sqlite3_value** values) {
  if (any_null(count, values)) return;
  sqlite3_value* best = values[0];
  bool has_real = false;
  bool has_text = false;
  for (int i = 0; i < count; ++i) {
    has_real = has_real || sqlite3_value_type(values[i]) == SQLITE_FLOAT;
    has_text = has_text || sqlite3_value_type(values[i]) == SQLITE_TEXT;
    if (compare(values[i], best) * kSign > 0) best = values[i];
  }
  if (has_real && !has_text) {  // one real makes all of them real
    sqlite3_result_double(context, sqlite3_value_double(best));
  } else {
    sqlite3_result_value(context, best);
  }
}

std::string_view column_text(sqlite3_stmt* row, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  if (text == nullptr) return {};
  return {text, static_cast<size_t>(sqlite3_column_bytes(row, column))};
}

// Weekdays in (from, to] less holidays on weekdays, plus weekend days made working days. The
// calendar y_holidays is optional: without it, Monday to Friday.
Result<int64_t> working_days(Db* db, int64_t from, int64_t to) {
  int64_t count = weekdays_after(from, to);
  if (sqlite3_table_column_metadata(db->handle, nullptr, "y_holidays", "day", nullptr, nullptr,
                                    nullptr, nullptr, nullptr) != SQLITE_OK) {
    db->holidays.reset();
    return count;
  }
  if (!db->holidays) {
    sqlite3_stmt* raw = nullptr;
    constexpr const char* kSql =
        "SELECT day, kind FROM y_holidays WHERE day > ?1 AND day <= ?2 GROUP BY day, kind";
    const int code =
        sqlite3_prepare_v3(db->handle, kSql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) return fail(db->error(kSql, code));
    db->holidays.reset(raw);
  }
  sqlite3_stmt* query = db->holidays.get();
  char bounds[2][kDateSize];
  write_iso_date(from, bounds[0]);
  write_iso_date(to, bounds[1]);
  sqlite3_bind_text(query, 1, bounds[0], kDateSize, SQLITE_STATIC);
  sqlite3_bind_text(query, 2, bounds[1], kDateSize, SQLITE_STATIC);
  int code = sqlite3_step(query);
  for (; code == SQLITE_ROW; code = sqlite3_step(query)) {
    const auto day = read_iso_date(column_text(query, 0));
    const std::string_view kind = column_text(query, 1);
    if (!day) continue;
    const bool weekday = iso_weekday(*day) <= 5;
    if (kind == "holiday" && weekday) --count;
    if (kind == "workday" && !weekday) ++count;
  }
  sqlite3_reset(query);
  sqlite3_clear_bindings(query);
  if (code != SQLITE_DONE) return fail(db->error("y_holidays", code));
  return count;
}

void working_days_between(sqlite3_context* context, int count, sqlite3_value** values) {
  int64_t from = 0;
  int64_t to = 0;
  if (any_null(count, values) || !date_of(context, values[0], &from) ||
      !date_of(context, values[1], &to)) {
    return;
  }
  auto* db = static_cast<Db*>(sqlite3_user_data(context));
  const auto days = working_days(db, std::min(from, to), std::max(from, to));
  if (!days) {
    refuse(context, days.error().message_en());
    return;
  }
  sqlite3_result_int64(context, from <= to ? *days : -*days);
}

struct Function {
  const char* name;
  int arguments;
  Call call;
  bool deterministic = true;
};

constexpr Function kFunctions[] = {
    {"days_between", 2, between<days_measure>},
    {"months_between", 2, between<months_between_days>},
    {"years_between", 2, between<years_measure>},
    {"add_days", 2, add_days},
    {"year_of", 1, part_of<false>},
    {"month_of", 1, part_of<true>},
    {"working_days_between", 2, working_days_between, false},
    {"share", 2, share},
    {"round_to", 2, round_to},
    {"least_of", 2, extreme<-1>},
    {"least_of", 3, extreme<-1>},
    {"greatest_of", 2, extreme<1>},
    {"greatest_of", 3, extreme<1>},
};

}  // namespace

// %.14e gives the 15 significant digits that PostgreSQL's float8-to-numeric cast keeps; the rest
// is rounding a decimal string.
double round_decimal(double x, int digits) {
  if (x == 0 || !std::isfinite(x)) return x == 0 ? 0.0 : x;
  char text[40];
  std::snprintf(text, sizeof text, "%.14e", std::fabs(x));
  std::string mantissa = std::string(1, text[0]) + std::string(text + 2, 14);
  int exponent = std::atoi(text + 17);     // value = 0.d1d2d3... x 10^(exponent + 1)
  const int kept = exponent + 1 + digits;  // digits of the mantissa that stay
  if (kept < 0) return 0.0;
  if (kept < static_cast<int>(mantissa.size())) {
    const bool up = mantissa[static_cast<size_t>(kept)] >= '5';
    mantissa.resize(static_cast<size_t>(kept));
    if (up) {
      size_t at = mantissa.size();
      while (at > 0 && mantissa[at - 1] == '9') mantissa[--at] = '0';
      if (at > 0) {
        ++mantissa[at - 1];
      } else {
        mantissa.insert(mantissa.begin(), '1');
        ++exponent;
      }
    }
  }
  if (mantissa.empty()) return 0.0;
  const std::string decimal = fmt::format("0.{}e{}", mantissa, exponent + 1);
  double rounded = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), rounded);
  return x < 0 && rounded != 0 ? -rounded : rounded;
}

Result<> register_scalar_functions(Db* db) {
  for (const Function& f : kFunctions) {
    const int flags = SQLITE_UTF8 | SQLITE_INNOCUOUS | (f.deterministic ? SQLITE_DETERMINISTIC : 0);
    const int code = sqlite3_create_function_v2(db->handle, f.name, f.arguments, flags, db, f.call,
                                                nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(db->error(f.name, code));
  }
  return {};
}

}  // namespace yipan::store
