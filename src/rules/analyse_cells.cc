#include "rules/analyse_cells.h"

#include "rules/temporal.h"

namespace yipan::rules {
namespace {

std::optional<Value> constant_of(const Program& program, uint32_t node) {
  const Node& n = program.nodes[node];
  if (n.code == Code::constant) return program.constants[n.a];
  if (n.code == Code::range && (n.flags & kRangeEitherWay) == 0) {
    const auto low = constant_of(program, n.a), high = constant_of(program, n.b);
    if (!low || !high || low->kind() == Kind::null || high->kind() == Kind::null) {
      return std::nullopt;
    }
    return Value::range(*low, (n.flags & kRangeLow) != 0, *high, (n.flags & kRangeHigh) != 0,
                        static_cast<Value::RangeForm>(n.c));
  }
  return std::nullopt;
}

bool comparable(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
    case Kind::context:
    case Kind::function:
      return false;
    case Kind::range:
      return value.range_form() != Value::RangeForm::not_equal;
    case Kind::list:
      for (const Value& item : value.as_list()) {
        if (!comparable(item)) return false;
      }
      return true;
    default:
      return true;
  }
}

}  // namespace

std::optional<SimpleTests> simple_tests(const Program& program, uint32_t node) {
  const Node& n = program.nodes[node];
  if (n.code != Code::unary_tests) return std::nullopt;
  SimpleTests out;
  out.negated = (n.flags & 1U) != 0;
  for (uint32_t i = 0; i < n.count; ++i) {
    const Node& test = program.nodes[program.kids[n.a + i]];
    if (test.code != Code::test) return std::nullopt;
    auto value = constant_of(program, test.a);
    if (!value || !comparable(*value)) return std::nullopt;
    out.tests.push_back({static_cast<Op>(test.flags), std::move(*value)});
  }
  return out;
}

std::optional<SimpleTests> simple_cell(const Program& program, const Cell& cell) {
  SimpleTests out;
  out.negated = cell.negated;
  switch (cell.type) {
    case Cell::Type::any:
      return out;
    case Cell::Type::equal:
    case Cell::Type::range:
      out.tests.push_back({Op::none, cell.value});
      return out;
    case Cell::Type::one_of:
      for (const Value& v : cell.value.as_list()) out.tests.push_back({Op::none, v});
      return out;
    case Cell::Type::general:
      return simple_tests(program, cell.node);
  }
  return std::nullopt;
}

Tri holds(const SimpleTest& test, const Value& value) {
  if (test.op == Op::none) return matches(value, test.value);
  if (test.op == Op::equal) return equal(value, test.value);
  if (test.op == Op::not_equal) return negate(equal(value, test.value));
  const auto order = compare(value, test.value);
  if (!order) return Tri::unknown;
  switch (test.op) {
    case Op::less:
      return tri(*order < 0);
    case Op::less_equal:
      return tri(*order <= 0);
    case Op::greater:
      return tri(*order > 0);
    case Op::greater_equal:
      return tri(*order >= 0);
    default:
      return Tri::unknown;
  }
}

bool holds(const SimpleTests& tests, const Value& value) {
  if (tests.tests.empty()) return true;
  Tri result = Tri::no;
  for (const SimpleTest& test : tests.tests) result = either(result, holds(test, value));
  return (tests.negated ? negate(result) : result) == Tri::yes;
}

// ---- atoms
// ---------------------------------------------------------------------------------------

namespace {

// A count of the smallest steps of a kind: days, nanoseconds' seconds, months.
int64_t steps_of(const Value& v) {
  switch (v.kind()) {
    case Kind::date:
      return v.as_date().days();
    case Kind::time:
      return v.as_time().nanos / kNanosPerSecond;
    case Kind::date_time:
      return v.as_date_time().seconds;
    case Kind::days_duration:
      return v.as_duration().seconds;
    default:
      return v.as_months();
  }
}

Value from_steps(int64_t steps, const Value& like) {
  switch (like.kind()) {
    case Kind::date:
      return Value::date(Date::from_days(steps));
    case Kind::time:
      return Value::time({steps * kNanosPerSecond, like.as_time().zone});
    case Kind::date_time:
      return Value::date_time({steps, 0, like.as_date_time().zone});
    case Kind::days_duration:
      return Value::duration({steps, 0});
    default:
      return Value::months(steps);
  }
}

bool strictly_within(const Value& v, const Value& low, const Value& high) {
  return (low.is_null() || compare(low, v).value_or(0) < 0) &&
         (high.is_null() || compare(v, high).value_or(0) < 0);
}

// The number with the fewest digits near the middle.
Value number_between(const Value& low, const Value& high) {
  if (low.is_null() && high.is_null()) return Value::number(int64_t{0});
  const Decimal one = Decimal::from_int(1);
  if (low.is_null()) return Value::number(high.as_number().ceiling() - one);
  if (high.is_null()) return Value::number(low.as_number().floor() + one);
  const Decimal middle = (low.as_number() + high.as_number()) * Decimal::from_scaled(5, 1);
  constexpr int kScaleMin = -12, kScaleMax = 20;
  for (int scale = kScaleMin; scale <= kScaleMax; ++scale) {
    const Value v = Value::number(middle.rounded(scale, Decimal::Rounding::half_even));
    if (strictly_within(v, low, high)) return v;
  }
  return Value::number(middle);
}

std::optional<Value> sample_between(const Value& low, const Value& high, Kind kind) {
  if (kind == Kind::number) {
    const Value v = number_between(low, high);
    return strictly_within(v, low, high) ? std::optional<Value>(v) : std::nullopt;
  }
  const Value& like = low.is_null() ? high : low;
  if (like.is_null()) {
    if (kind == Kind::date) return Value::date(Date::from_days(20454));  // 2026-01-01
    if (kind == Kind::time) return Value::time({12 * 3600 * kNanosPerSecond, Zone()});
    if (kind == Kind::date_time) return Value::date_time({20454 * kSecondsPerDay, 0, Zone()});
    if (kind == Kind::days_duration) return Value::duration({kSecondsPerDay, 0});
    return Value::months(1);
  }
  const bool daily = kind == Kind::date_time || kind == Kind::days_duration;
  const int64_t step = kind == Kind::time ? 3600 : daily ? kSecondsPerDay : 1;
  int64_t steps = 0;
  if (low.is_null()) {
    steps = steps_of(high) - step;
  } else if (high.is_null()) {
    steps = steps_of(low) + step;
  } else {
    steps = steps_of(low) + (steps_of(high) - steps_of(low)) / 2;
  }
  for (const int64_t nudge : {int64_t{0}, int64_t{1}}) {
    const int64_t at = steps + nudge;
    const bool in_day = kind != Kind::time || (at >= 0 && at < kSecondsPerDay);
    Value v = in_day ? from_steps(at, like) : Value();
    if (in_day && strictly_within(v, low, high)) return v;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Atom> cut_ordered(const std::vector<Value>& points, Kind kind) {
  std::vector<Atom> out;
  const auto gap = [&](const Value& low, const Value& high) {
    auto sample = sample_between(low, high, kind);
    if (!sample) return;
    Atom atom;
    atom.low = low;
    atom.high = high;
    atom.sample = std::move(*sample);
    out.push_back(std::move(atom));
  };
  Value below;
  for (const Value& p : points) {
    gap(below, p);
    Atom atom;
    atom.sample = atom.low = atom.high = p;
    atom.point = true;
    out.push_back(std::move(atom));
    below = p;
  }
  gap(below, Value());
  return out;
}

}  // namespace yipan::rules
