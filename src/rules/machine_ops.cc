// Operators on values (DMN 1.5, 10.3.2.13, tables 50 to 60) and properties (table 65).
#include "rules/machine.h"
#include "rules/number.h"
#include "rules/temporal.h"

namespace yipan::rules {

std::string_view to_string(Op op) {
  constexpr std::string_view kNames[] = {"",   "+", "-",  "*", "/",  "**",  "=",
                                         "!=", "<", "<=", ">", ">=", "and", "or"};
  return kNames[static_cast<size_t>(op)];
}

Property property_of(std::string_view name) {
  static constexpr std::pair<std::string_view, Property> kNames[] = {
      {"year", Property::year},
      {"month", Property::month},
      {"day", Property::day},
      {"weekday", Property::weekday},
      {"hour", Property::hour},
      {"minute", Property::minute},
      {"second", Property::second},
      {"time offset", Property::time_offset},
      {"timezone", Property::timezone},
      {"days", Property::days},
      {"hours", Property::hours},
      {"minutes", Property::minutes},
      {"seconds", Property::seconds},
      {"years", Property::years},
      {"months", Property::months},
      {"start", Property::start},
      {"end", Property::end},
      {"start included", Property::start_included},
      {"end included", Property::end_included}};
  for (const auto& [n, p] : kNames) {
    if (n == name) return p;
  }
  return Property::none;
}

Value::RangeForm range_form_of(Op op) {
  switch (op) {
    case Op::less:
      return Value::RangeForm::less;
    case Op::less_equal:
      return Value::RangeForm::less_equal;
    case Op::greater:
      return Value::RangeForm::greater;
    case Op::greater_equal:
      return Value::RangeForm::greater_equal;
    case Op::equal:
      return Value::RangeForm::equal;
    case Op::not_equal:
      return Value::RangeForm::not_equal;
    default:
      return Value::RangeForm::interval;
  }
}

namespace {

std::optional<Value> wrap(const std::optional<DateTime>& v) {
  if (!v) return std::nullopt;
  return Value::date_time(*v);
}

std::optional<Value> wrap(const std::optional<DaysDuration>& v) {
  if (!v) return std::nullopt;
  return Value::duration(*v);
}

std::optional<Value> wrap(const std::optional<Date>& v) {
  if (!v) return std::nullopt;
  return Value::date(*v);
}

// Table 57: a moment and a duration.
std::optional<Value> shift(const Value& moment, const Value& duration, bool back) {
  if (duration.is(Kind::months_duration)) {
    if (duration.as_months() == INT64_MIN) return std::nullopt;
    const int64_t months = back ? -duration.as_months() : duration.as_months();
    if (moment.is(Kind::date)) return wrap(moment.as_date().plus_months(months));
    if (moment.is(Kind::date_time)) return wrap(plus_months(moment.as_date_time(), months));
    return std::nullopt;
  }
  const DaysDuration d = back ? negate(duration.as_duration()) : duration.as_duration();
  if (moment.is(Kind::time)) return Value::time(plus(moment.as_time(), d));
  if (moment.is(Kind::date_time)) return wrap(plus(moment.as_date_time(), d));
  const auto shifted = plus(midnight_utc(moment.as_date()), d);
  if (!shifted) return std::nullopt;
  return Value::date(date_of(*shifted));
}

bool is_moment(const Value& v) {
  return v.is(Kind::date) || v.is(Kind::time) || v.is(Kind::date_time);
}
bool is_duration(const Value& v) {
  return v.is(Kind::days_duration) || v.is(Kind::months_duration);
}

// a - b of two moments; a date counts as its midnight in UTC when met by a zoned date and time.
std::optional<Value> distance(const Value& a, const Value& b) {
  if (a.is(Kind::time) != b.is(Kind::time)) return std::nullopt;
  if (a.is(Kind::time)) {
    const TimeOfDay x = a.as_time(), y = b.as_time();
    if (x.zone.is_none() != y.zone.is_none()) return std::nullopt;
    const int64_t zones = x.zone.offset_at_local(0) - y.zone.offset_at_local(0);
    const int64_t nanos = x.nanos - y.nanos - zones * kNanosPerSecond;
    return Value::duration({floor_div(nanos, kNanosPerSecond),
                            static_cast<int32_t>(floor_mod(nanos, kNanosPerSecond))});
  }
  const DateTime x = a.is(Kind::date) ? midnight_utc(a.as_date()) : a.as_date_time();
  const DateTime y = b.is(Kind::date) ? midnight_utc(b.as_date()) : b.as_date_time();
  if (x.zone.is_none() != y.zone.is_none()) return std::nullopt;
  const int64_t xs = x.seconds - x.zone.offset_at_local(x.seconds);
  const int64_t ys = y.seconds - y.zone.offset_at_local(y.seconds);
  return wrap(plus(DaysDuration{xs, x.nanos}, negate(DaysDuration{ys, y.nanos})));
}

std::optional<Value> add_values(const Value& a, const Value& b, bool subtract) {
  if (a.is(Kind::number) && b.is(Kind::number)) return add_numbers(a, b, subtract);
  if (a.is(Kind::string) && b.is(Kind::string) && !subtract) {
    return Value::string(std::string(a.as_string()).append(b.as_string()));
  }
  if (a.is(Kind::days_duration) && b.is(Kind::days_duration)) {
    const DaysDuration d = subtract ? negate(b.as_duration()) : b.as_duration();
    return wrap(plus(a.as_duration(), d));
  }
  if (a.is(Kind::months_duration) && b.is(Kind::months_duration)) {
    int64_t sum = 0;
    const bool bad = subtract ? __builtin_sub_overflow(a.as_months(), b.as_months(), &sum)
                              : __builtin_add_overflow(a.as_months(), b.as_months(), &sum);
    if (bad) return std::nullopt;
    return Value::months(sum);
  }
  if (is_moment(a) && is_duration(b)) return shift(a, b, subtract);
  if (is_duration(a) && is_moment(b) && !subtract) return shift(b, a, false);
  if (is_moment(a) && is_moment(b) && subtract) return distance(a, b);
  return std::nullopt;
}

std::optional<Value> months_of(const Decimal& months) {
  // Whole months: the fraction is cut off, as by java.time.
  const Decimal whole = months.rounded(0, Decimal::Rounding::down);
  const auto value = whole.to_int64();
  if (!value) return std::nullopt;
  return Value::months(*value);
}

std::optional<Value> multiply_values(const Value& a, const Value& b) {
  if (a.is(Kind::number) && b.is(Kind::number)) return multiply_numbers(a, b);
  if (a.is(Kind::number) && is_duration(b)) return multiply_values(b, a);
  if (!b.is(Kind::number)) return std::nullopt;
  if (a.is(Kind::days_duration)) {
    return wrap(from_seconds(to_seconds(a.as_duration()) * b.as_number()));
  }
  if (a.is(Kind::months_duration)) {
    return months_of(Decimal::from_int(a.as_months()) * b.as_number());
  }
  return std::nullopt;
}

std::optional<Value> divide_values(const Value& a, const Value& b) {
  if (a.is(Kind::number) && b.is(Kind::number)) {
    return Value::number(a.as_number() / b.as_number());
  }
  if (a.is(Kind::days_duration) && b.is(Kind::number)) {
    return wrap(from_seconds(to_seconds(a.as_duration()) / b.as_number()));
  }
  if (a.is(Kind::months_duration) && b.is(Kind::number)) {
    return months_of(Decimal::from_int(a.as_months()) / b.as_number());
  }
  if (a.is(Kind::days_duration) && b.is(Kind::days_duration)) {
    return Value::number(to_seconds(a.as_duration()) / to_seconds(b.as_duration()));
  }
  if (a.is(Kind::months_duration) && b.is(Kind::months_duration)) {
    return Value::number(Decimal::from_int(a.as_months()) / Decimal::from_int(b.as_months()));
  }
  return std::nullopt;
}

bool is_zero(const Value& v) {
  switch (v.kind()) {
    case Kind::number:
      return v.as_number().is_zero();
    case Kind::months_duration:
      return v.as_months() == 0;
    case Kind::days_duration:
      return v.as_duration() == DaysDuration{};
    default:
      return false;
  }
}

std::optional<Value> arithmetic(Op op, const Value& a, const Value& b) {
  switch (op) {
    case Op::add:
    case Op::subtract:
      return add_values(a, b, op == Op::subtract);
    case Op::multiply:
      return multiply_values(a, b);
    case Op::divide:
      return divide_values(a, b);
    default:
      if (!a.is(Kind::number) || !b.is(Kind::number)) return std::nullopt;
      return Value::number(a.as_number().pow(b.as_number()));
  }
}

Tri compare_values(Op op, const Value& a, const Value& b) {
  if (op == Op::equal) return equal(a, b);
  if (op == Op::not_equal) return rules::negate(equal(a, b));
  const auto order = compare(a, b);
  if (!order) return Tri::unknown;
  switch (op) {
    case Op::less:
      return tri(*order < 0);
    case Op::less_equal:
      return tri(*order <= 0);
    case Op::greater:
      return tri(*order > 0);
    default:
      return tri(*order >= 0);
  }
}

}  // namespace

Value Machine::binary(Op op, const Value& a, const Value& b, uint32_t node) {
  if (op >= Op::equal) {
    const Tri result = compare_values(op, a, b);
    if (result != Tri::unknown) return to_value(result);
    return fail(Why::incomparable, node, Value(), a.kind(), b.kind());
  }
  if (op == Op::divide && is_zero(b)) return fail(Why::division_by_zero, node);
  const auto result = arithmetic(op, a, b);
  if (!result) {
    return fail(Why::operands, node, Value::string(to_string(op)), a.kind(), b.kind());
  }
  if (result->is(Kind::number) && !is_finite_number(*result)) return fail(Why::overflow, node);
  if (result->is(Kind::string)) {
    const size_t size = result->as_string().size();
    if (size > options_.limits.string_bytes) return fail(Why::limit_string, node);
    if (size > 1024 && !tick(size / 256, node)) return Value();  // long texts cost memory
  }
  return *result;
}

Value Machine::negate(const Value& v, uint32_t node) {
  switch (v.kind()) {
    case Kind::number:
      return Value::number(-v.as_number());
    case Kind::days_duration:
      return Value::duration(rules::negate(v.as_duration()));
    case Kind::months_duration:
      if (v.as_months() == INT64_MIN) return fail(Why::overflow, node);
      return Value::months(-v.as_months());
    default:
      return fail(Why::operand, node, Value::string("-"), v.kind());
  }
}

// 10.3.2.7: both bounds of one ordered kind, low not above high; a null bound is open.
Value Machine::make_range(const Value& low, bool low_included, const Value& high,
                          bool high_included, Value::RangeForm form, uint32_t node) {
  const bool open = low.is_null() || high.is_null();
  bool good = open;
  if (open) {
    const Value& bound = low.is_null() ? high : low;
    good = compare(bound, bound).has_value();
  } else if (form == Value::RangeForm::equal || form == Value::RangeForm::not_equal) {
    good = true;
  } else {
    const auto order = compare(low, high);
    good = order && *order <= 0;
  }
  if (!good) return fail(Why::bad_range, node, Value(), low.kind(), high.kind());
  return Value::range(low, low_included && !low.is_null(), high, high_included && !high.is_null(),
                      form);
}

namespace {

Value zone_offset(Zone zone, int64_t local_seconds) {
  if (zone.is_none()) return Value();
  return Value::duration({zone.offset_at_local(local_seconds), 0});
}

Value zone_name(Zone zone) { return zone.is_named() ? Value::string(zone.name()) : Value(); }

std::optional<Value> date_property(Date date, Property p) {
  switch (p) {
    case Property::year:
      return Value::number(static_cast<int64_t>(date.ymd().year));
    case Property::month:
      return Value::number(static_cast<int64_t>(date.ymd().month));
    case Property::day:
      return Value::number(static_cast<int64_t>(date.ymd().day));
    case Property::weekday:
      return Value::number(static_cast<int64_t>(date.weekday()));
    default:
      return std::nullopt;
  }
}

std::optional<Value> time_property(const TimeOfDay& time, int64_t local_seconds, Property p) {
  const int64_t s = time.nanos / kNanosPerSecond;
  switch (p) {
    case Property::hour:
      return Value::number(s / 3600);
    case Property::minute:
      return Value::number(s / 60 % 60);
    case Property::second:
      return Value::number(s % 60);
    case Property::time_offset:
      return zone_offset(time.zone, local_seconds);
    case Property::timezone:
      return zone_name(time.zone);
    default:
      return std::nullopt;
  }
}

// Parts of a duration have the sign of the whole.
std::optional<Value> days_property(const DaysDuration& duration, Property p) {
  const bool negative = duration.seconds < 0;
  const int64_t s = negative ? rules::negate(duration).seconds : duration.seconds;
  const auto part = [negative](int64_t n) { return Value::number(negative ? -n : n); };
  switch (p) {
    case Property::days:
      return part(s / kSecondsPerDay);
    case Property::hours:
      return part(s / 3600 % 24);
    case Property::minutes:
      return part(s / 60 % 60);
    case Property::seconds:
      return part(s % 60);
    default:
      return std::nullopt;
  }
}

std::optional<Value> range_property(const Value& range, Property p) {
  switch (p) {
    case Property::start:
      return range.low();
    case Property::end:
      return range.high();
    case Property::start_included:
      return Value::boolean(range.low_included());
    case Property::end_included:
      return Value::boolean(range.high_included());
    default:
      return std::nullopt;
  }
}

std::optional<Value> property(const Value& object, Property p) {
  switch (object.kind()) {
    case Kind::date:
      return date_property(object.as_date(), p);
    case Kind::time:
      return time_property(object.as_time(), object.as_time().nanos / kNanosPerSecond, p);
    case Kind::date_time: {
      const DateTime v = object.as_date_time();
      if (auto found = date_property(date_of(v), p)) return found;
      return time_property(time_of(v), v.seconds, p);
    }
    case Kind::days_duration:
      return days_property(object.as_duration(), p);
    case Kind::months_duration:
      if (p == Property::years) return Value::number(object.as_months() / 12);
      if (p == Property::months) return Value::number(object.as_months() % 12);
      return std::nullopt;
    case Kind::range:
      return range_property(object, p);
    default:
      return std::nullopt;
  }
}

}  // namespace

Value Machine::member(const Value& object, const Value& key, Property p, uint32_t node) {
  if (object.is(Kind::context)) {
    if (const Value* found = object.find(key.as_string())) return *found;
    return fail(Why::no_member, node, key, object.kind());
  }
  if (object.is(Kind::list)) {
    std::vector<Value> out;
    const auto items = object.as_list();
    out.reserve(items.size());
    for (const Value& item : items) out.push_back(member(item, key, p, node));
    return Value::list(std::move(out));
  }
  if (p != Property::none) {
    if (auto found = property(object, p)) return std::move(*found);
  }
  return fail(Why::no_member, node, key, object.kind());
}

}  // namespace yipan::rules
