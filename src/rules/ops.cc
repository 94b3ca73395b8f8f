#include "rules/ops.h"

#include "rules/number.h"
#include "rules/temporal.h"

namespace yipan::rules {
namespace {

template <typename T>
int sign(const T& a, const T& b) {
  return a < b ? -1 : a == b ? 0 : 1;
}

Tri equal_lists(const Value& a, const Value& b) {
  const auto x = a.as_list(), y = b.as_list();
  if (x.size() != y.size()) return Tri::no;
  for (size_t i = 0; i < x.size(); ++i) {
    if (equal(x[i], y[i]) != Tri::yes) return Tri::no;
  }
  return Tri::yes;
}

Tri equal_contexts(const Value& a, const Value& b) {
  if (a.entry_count() != b.entry_count()) return Tri::no;
  for (size_t i = 0; i < a.entry_count(); ++i) {
    const Value* other = b.find(a.entry_key(i).as_string());
    if (other == nullptr || equal(a.entry_value(i), *other) != Tri::yes) return Tri::no;
  }
  return Tri::yes;
}

Tri equal_ranges(const Value& a, const Value& b) {
  if (a.range_form() != b.range_form() || a.low_included() != b.low_included() ||
      a.high_included() != b.high_included()) {
    return Tri::no;
  }
  return tri(equal(a.low(), b.low()) == Tri::yes && equal(a.high(), b.high()) == Tri::yes);
}

std::optional<int> compare_times(const TimeOfDay& a, const TimeOfDay& b) {
  if (a.zone.is_none() != b.zone.is_none()) return std::nullopt;
  int64_t x = a.nanos / kNanosPerSecond, y = b.nanos / kNanosPerSecond;
  if (!(a.zone == b.zone)) {
    x -= a.zone.offset_at_local(x);
    y -= b.zone.offset_at_local(y);
  }
  return sign(x, y);
}

std::optional<int> compare_date_times(const DateTime& a, const DateTime& b) {
  if (a.zone.is_none() != b.zone.is_none()) return std::nullopt;
  if (a.zone == b.zone && !a.zone.is_named()) return sign(a.seconds, b.seconds);
  return sign(a.seconds - a.zone.offset_at_local(a.seconds),
              b.seconds - b.zone.offset_at_local(b.seconds));
}

}  // namespace

Tri equal(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return tri(a.is_null() && b.is_null());
  if (a.kind() != b.kind()) return Tri::unknown;
  switch (a.kind()) {
    case Kind::number:
      return tri(compare_numbers(a, b) == 0);
    case Kind::string:
      return tri(a.as_string() == b.as_string());
    case Kind::time: {
      const auto order = compare_times(a.as_time(), b.as_time());
      return tri(order && *order == 0);
    }
    case Kind::date_time: {
      const auto order = compare_date_times(a.as_date_time(), b.as_date_time());
      return tri(order && *order == 0);
    }
    case Kind::list:
      return equal_lists(a, b);
    case Kind::context:
      return equal_contexts(a, b);
    case Kind::range:
      return equal_ranges(a, b);
    default:
      return tri(a.same_as(b));
  }
}

std::optional<int> compare(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::number:
      return compare_numbers(a, b);
    case Kind::string:
      return a.as_string().compare(b.as_string());  // UTF-8 sorts by code point
    case Kind::date:
    case Kind::months_duration:
      return sign(static_cast<int64_t>(a.bits()[0]), static_cast<int64_t>(b.bits()[0]));
    case Kind::time:
      return compare_times(a.as_time(), b.as_time());
    case Kind::date_time:
      return compare_date_times(a.as_date_time(), b.as_date_time());
    case Kind::days_duration:
      return sign(a.as_duration(), b.as_duration());
    default:
      return std::nullopt;
  }
}

Tri in_range(const Value& value, const Value& range) {
  if (range.range_form() == Value::RangeForm::not_equal) return negate(equal(value, range.low()));
  if (range.range_form() == Value::RangeForm::equal) return equal(value, range.low());
  if (range.low().is_null() && range.high().is_null()) return Tri::unknown;
  Tri result = Tri::yes;
  if (!range.low().is_null()) {
    const auto order = compare(value, range.low());
    if (!order) return Tri::unknown;
    result = tri(range.low_included() ? *order >= 0 : *order > 0);
  }
  if (!range.high().is_null()) {
    const auto order = compare(value, range.high());
    if (!order) return Tri::unknown;
    result = both(result, tri(range.high_included() ? *order <= 0 : *order < 0));
  }
  return result;
}

Tri matches(const Value& value, const Value& test) {
  if (test.is(Kind::range)) {
    if (value.is(Kind::range)) return equal(value, test);
    return in_range(value, test);
  }
  if (test.is(Kind::list)) {
    // As list contains: what cannot be compared is not in the list.
    if (value.is(Kind::list) && equal(value, test) == Tri::yes) return Tri::yes;
    for (const Value& item : test.as_list()) {
      const Tri found = item.is(Kind::list) ? equal(value, item) : matches(value, item);
      if (found == Tri::yes) return Tri::yes;
    }
    return Tri::no;
  }
  return equal(value, test);
}

}  // namespace yipan::rules
