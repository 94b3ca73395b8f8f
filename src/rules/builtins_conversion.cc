// Conversion functions (DMN 1.5, 10.3.4.1, table 72).
#include <string>

#include "rules/builtins.h"
#include "rules/compiler.h"
#include "rules/machine.h"
#include "rules/parser.h"
#include "rules/print.h"
#include "rules/temporal.h"

namespace yipan::rules {
namespace {

Value invalid(const Call& c, const Value& text) { return c.fail(Why::invalid_text, text); }

Value date(const Call& c) {
  if (const Value* text = c.want(0, Kind::string)) {
    const auto parsed = parse_date(text->as_string());
    return parsed ? Value::date(*parsed) : invalid(c, *text);
  }
  if (const Value* d = c.want(0, Kind::date)) return *d;
  if (const Value* d = c.want(0, Kind::date_time)) return Value::date(date_of(d->as_date_time()));
  return c.wrong_argument(0);
}

Value date_of_parts(const Call& c) {
  int64_t parts[3];
  for (size_t i = 0; i < 3; ++i) {
    const Value* n = c.want(i, Kind::number);
    const auto whole = n != nullptr ? n->as_number().to_int64() : std::nullopt;
    if (!whole) return c.wrong_argument(i);
    parts[i] = *whole;
  }
  if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > 31) return c.fail(Why::domain);
  const auto made =
      Date::from_ymd(parts[0], static_cast<int>(parts[1]), static_cast<int>(parts[2]));
  return made ? Value::date(*made) : c.fail(Why::domain);
}

Value date_time(const Call& c) {
  if (const Value* text = c.want(0, Kind::string)) {
    const auto parsed = parse_date_time(text->as_string());
    return parsed ? Value::date_time(*parsed) : invalid(c, *text);
  }
  if (const Value* v = c.want(0, Kind::date_time)) return *v;
  if (const Value* v = c.want(0, Kind::date)) return Value::date_time(midnight_utc(v->as_date()));
  return c.wrong_argument(0);
}

Value date_time_of_parts(const Call& c) {
  const Value* time = c.want(1, Kind::time);
  Date day;
  if (const Value* d = c.want(0, Kind::date)) {
    day = d->as_date();
  } else if (const Value* dt = c.want(0, Kind::date_time)) {
    day = date_of(dt->as_date_time());
  } else {
    return c.wrong_argument(0);
  }
  if (time == nullptr) return c.wrong_argument(1);
  return Value::date_time(make_date_time(day, time->as_time()));
}

Value time(const Call& c) {
  if (const Value* text = c.want(0, Kind::string)) {
    const auto parsed = parse_time(text->as_string());
    return parsed ? Value::time(*parsed) : invalid(c, *text);
  }
  if (const Value* v = c.want(0, Kind::time)) return *v;
  if (const Value* v = c.want(0, Kind::date_time)) return Value::time(time_of(v->as_date_time()));
  if (c.want(0, Kind::date) != nullptr) return Value::time({0, Zone::offset_seconds(0)});
  return c.wrong_argument(0);
}

Value time_of_parts(const Call& c) {
  int64_t hm[2];
  for (size_t i = 0; i < 2; ++i) {
    const Value* n = c.want(i, Kind::number);
    const auto whole = n != nullptr ? n->as_number().to_int64() : std::nullopt;
    if (!whole) return c.wrong_argument(i);
    hm[i] = *whole;
  }
  const Value* s = c.want(2, Kind::number);
  if (s == nullptr) return c.wrong_argument(2);
  const auto nanos = s->as_number().rounded(9, Decimal::Rounding::down).to_scaled(9);
  if (!nanos || *nanos < 0 || *nanos >= 60 * kNanosPerSecond || hm[0] < 0 || hm[0] > 23 ||
      hm[1] < 0 || hm[1] > 59) {
    return c.fail(Why::domain);
  }
  Zone zone;
  if (!c[3].is_null()) {
    const Value* offset = c.want(3, Kind::days_duration);
    if (offset == nullptr) return c.wrong_argument(3);
    const int64_t seconds = offset->as_duration().seconds;
    if (seconds > 18 * 3600 || seconds < -18 * 3600) return c.fail(Why::domain);
    zone = Zone::offset_seconds(static_cast<int32_t>(seconds));
  }
  return Value::time({(hm[0] * 3600 + hm[1] * 60) * kNanosPerSecond + *nanos, zone});
}

Value duration(const Call& c) {
  if (const Value* v = c.want(0, Kind::days_duration)) return *v;
  if (const Value* v = c.want(0, Kind::months_duration)) return *v;
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  if (const auto m = parse_months_duration(text->as_string())) return Value::months(*m);
  if (const auto d = parse_days_duration(text->as_string())) return Value::duration(*d);
  return invalid(c, *text);
}

std::optional<Date> day_of(const Call& c, size_t i) {
  if (const Value* d = c.want(i, Kind::date)) return d->as_date();
  if (const Value* d = c.want(i, Kind::date_time)) return date_of(d->as_date_time());
  return std::nullopt;
}

Value months_duration(const Call& c) {
  const auto from = day_of(c, 0), to = day_of(c, 1);
  if (!from) return c.wrong_argument(0);
  if (!to) return c.wrong_argument(1);
  return Value::months(months_between(*from, *to));
}

// The text without grouping separators and with a point; nothing if they are misplaced.
std::optional<std::string> plain_number(std::string_view text, std::string_view grouping,
                                        std::string_view decimal) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (!grouping.empty() && text.substr(i, grouping.size()) == grouping) {
      i += grouping.size();
    } else if (text.substr(i, decimal.size()) == decimal) {
      out += '.';
      i += decimal.size();
    } else if ((text[i] >= '0' && text[i] <= '9') || (out.empty() && text[i] == '-')) {
      out += text[i++];
    } else {
      return std::nullopt;
    }
  }
  return out;
}

Value number(const Call& c) {
  if (c.given == 1) {
    if (const Value* n = c.want(0, Kind::number)) return *n;
  }
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  std::string_view grouping, decimal = ".";
  if (!c[1].is_null()) {
    const Value* g = c.want(1, Kind::string);
    if (g == nullptr) return c.wrong_argument(1);
    grouping = g->as_string();
    if (grouping != " " && grouping != "," && grouping != ".") return c.fail(Why::domain);
  }
  if (!c[2].is_null()) {
    const Value* d = c.want(2, Kind::string);
    if (d == nullptr) return c.wrong_argument(2);
    decimal = d->as_string();
    if (decimal != "," && decimal != ".") return c.fail(Why::domain);
  }
  if (grouping == decimal) return c.fail(Why::domain);
  const auto plain = plain_number(text->as_string(), grouping, decimal);
  const auto parsed = plain ? Decimal::parse(*plain, false) : std::nullopt;
  if (!parsed || !parsed->is_finite()) return invalid(c, *text);
  return Value::number(*parsed);
}

Value string(const Call& c) {
  if (c[0].is_null()) return c.wrong_argument(0);
  return Value::string(internal::print_value(c[0], false));
}

// The constant that a bound is written as; an empty text is no bound.
bool read_bound(std::string_view text, Value* out) {
  if (text.find_first_not_of(' ') == std::string_view::npos) return true;
  Ast ast;
  Faults faults(&ast);
  const uint32_t unit = ast.add_unit({"", "", 0, std::string(text)});
  const Scope& scope = builtin_scope();
  const Expr* tree = Parser(&ast, &faults, nullptr, 20).parse_expression(unit, scope);
  const auto value = constant_value(*tree);
  if (!value || value->is_null()) return false;
  *out = *value;
  return true;
}

// range("[18..21)"): an interval whose bounds are constants; a missing one makes it open, as in
// range("[2..)"), which is (>= 2).
Value range(const Call& c) {
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  const std::string_view s = text->as_string();
  const size_t dots = s.find("..");
  if (s.size() < 4 || dots == std::string_view::npos || dots == 0) return invalid(c, *text);
  const char open = s.front(), close = s.back();
  if ((open != '[' && open != '(' && open != ']') ||
      (close != ']' && close != ')' && close != '[')) {
    return invalid(c, *text);
  }
  Value low, high;
  if (!read_bound(s.substr(1, dots - 1), &low) ||
      !read_bound(s.substr(dots + 2, s.size() - dots - 3), &high)) {
    return invalid(c, *text);
  }
  const bool low_in = open == '[', high_in = close == ']';
  auto form = Value::RangeForm::interval;
  if (low.is_null() && high.is_null()) return invalid(c, *text);
  if (low.is_null()) form = high_in ? Value::RangeForm::less_equal : Value::RangeForm::less;
  if (high.is_null()) form = low_in ? Value::RangeForm::greater_equal : Value::RangeForm::greater;
  return c.machine.make_range(low, low_in, high, high_in, form, c.node);
}

}  // namespace

void add_conversion_builtins(std::vector<Builtin>* out) {
  out->push_back(
      {"date",
       Returns::date,
       {{{"from"}, 1, false, date}, {{"year", "month", "day"}, 3, false, date_of_parts}}});
  out->push_back(
      {"date and time",
       Returns::date_time,
       {{{"from"}, 1, false, date_time}, {{"date", "time"}, 2, false, date_time_of_parts}}});
  out->push_back({"time",
                  Returns::time,
                  {{{"from"}, 1, false, time},
                   {{"hour", "minute", "second", "offset"}, 3, false, time_of_parts}}});
  out->push_back({"duration", Returns::any, {{{"from"}, 1, false, duration}}});
  out->push_back({"years and months duration",
                  Returns::months_duration,
                  {{{"from", "to"}, 2, false, months_duration}}});
  out->push_back({"number",
                  Returns::number,
                  {{{"from", "grouping separator", "decimal separator"}, 3, false, number},
                   {{"from"}, 1, false, [](const Call& c) {
                      Value all[3] = {c[0], Value(), Value()};
                      return number({c.machine, all, 1, c.node, c.name});
                    }}}});
  out->push_back({"string", Returns::string, {{{"from"}, 1, false, string}}});
  out->push_back({"range", Returns::range, {{{"from"}, 1, false, range}}});
}

}  // namespace yipan::rules
