// Numeric functions (DMN 1.5, 10.3.4.5, table 76).
#include "rules/builtins.h"
#include "rules/machine.h"
#include "rules/number.h"
#include "rules/temporal.h"

namespace yipan::rules {
namespace {

using Rounding = Decimal::Rounding;

constexpr int64_t kScaleMin = -6111, kScaleMax = 6176;  // what decimal128's exponent can hold

Value finish(const Call& c, Decimal result) {
  if (!result.is_finite()) return c.fail(Why::overflow);
  return Value::number(result);
}

Value rounded(const Call& c, Rounding mode, bool scale_needed) {
  const Value* n = c.want(0, Kind::number);
  if (n == nullptr) return c.wrong_argument(0);
  int64_t scale = 0;
  if (scale_needed || c.given > 1) {
    const Value* s = c.want(1, Kind::number);
    if (s == nullptr) return c.wrong_argument(1);
    const auto whole = s->as_number().floor().to_int64();
    if (!whole || *whole < kScaleMin || *whole > kScaleMax) return c.fail(Why::domain);
    scale = *whole;
  }
  if (scale >= encoded_scale(*n)) return *n;
  return finish(c, n->as_number().rounded(static_cast<int>(scale), mode));
}

Value decimal(const Call& c) { return rounded(c, Rounding::half_even, true); }
Value floor(const Call& c) { return rounded(c, Rounding::floor, false); }
Value ceiling(const Call& c) { return rounded(c, Rounding::ceiling, false); }
Value round_up(const Call& c) { return rounded(c, Rounding::up, true); }
Value round_down(const Call& c) { return rounded(c, Rounding::down, true); }
Value round_half_up(const Call& c) { return rounded(c, Rounding::half_up, true); }
Value round_half_down(const Call& c) { return rounded(c, Rounding::half_down, true); }

Value abs(const Call& c) {
  if (const Value* n = c.want(0, Kind::number)) return Value::number(n->as_number().abs());
  if (const Value* d = c.want(0, Kind::days_duration)) {
    const DaysDuration v = d->as_duration();
    return Value::duration(v.seconds < 0 ? negate(v) : v);
  }
  if (const Value* m = c.want(0, Kind::months_duration)) {
    if (m->as_months() == INT64_MIN) return c.fail(Why::overflow);
    return Value::months(m->as_months() < 0 ? -m->as_months() : m->as_months());
  }
  return c.wrong_argument(0);
}

Value modulo(const Call& c) {
  const Value *a = c.want(0, Kind::number), *b = c.want(1, Kind::number);
  if (a == nullptr) return c.wrong_argument(0);
  if (b == nullptr) return c.wrong_argument(1);
  if (b->as_number().is_zero()) return c.fail(Why::division_by_zero);
  return finish(c, a->as_number().modulo(b->as_number()));
}

Value of_number(const Call& c, Decimal (Decimal::*function)() const, bool (*defined)(Decimal)) {
  const Value* n = c.want(0, Kind::number);
  if (n == nullptr) return c.wrong_argument(0);
  if (!defined(n->as_number())) return c.fail(Why::domain);
  return finish(c, (n->as_number().*function)());
}

Value sqrt(const Call& c) {
  return of_number(c, &Decimal::sqrt, [](Decimal n) { return !n.is_negative(); });
}
Value log(const Call& c) {
  return of_number(c, &Decimal::log, [](Decimal n) { return !n.is_negative() && !n.is_zero(); });
}
Value exp(const Call& c) {
  return of_number(c, &Decimal::exp, [](Decimal) { return true; });
}

Value parity(const Call& c, bool odd) {
  const Value* n = c.want(0, Kind::number);
  if (n == nullptr) return c.wrong_argument(0);
  if (!n->as_number().is_integer()) return c.fail(Why::domain);
  const bool is_odd = !n->as_number().modulo(Decimal::from_int(2)).is_zero();
  return Value::boolean(is_odd == odd);
}
Value odd(const Call& c) { return parity(c, true); }
Value even(const Call& c) { return parity(c, false); }

}  // namespace

void add_number_builtins(std::vector<Builtin>* out) {
  const auto add = [out](std::string_view name, std::vector<std::string_view> parameters,
                         uint8_t required, BuiltinFn run) {
    out->push_back({name, Returns::number, {{std::move(parameters), required, false, run}}});
  };
  add("decimal", {"n", "scale"}, 2, decimal);
  add("floor", {"n", "scale"}, 1, floor);
  add("ceiling", {"n", "scale"}, 1, ceiling);
  add("round up", {"n", "scale"}, 2, round_up);
  add("round down", {"n", "scale"}, 2, round_down);
  add("round half up", {"n", "scale"}, 2, round_half_up);
  add("round half down", {"n", "scale"}, 2, round_half_down);
  out->push_back({"abs", Returns::any, {{{"n"}, 1, false, abs}}});
  add("modulo", {"dividend", "divisor"}, 2, modulo);
  add("sqrt", {"number"}, 1, sqrt);
  add("log", {"number"}, 1, log);
  add("exp", {"number"}, 1, exp);
  out->push_back({"odd", Returns::boolean, {{{"number"}, 1, false, odd}}});
  out->push_back({"even", Returns::boolean, {{{"number"}, 1, false, even}}});
}

}  // namespace yipan::rules
