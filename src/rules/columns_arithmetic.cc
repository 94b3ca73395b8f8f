// Arithmetic of vector programs (DMN 1.5, tables 56 to 60): numbers as scaled integers where every
// result is exact, else as decimals; dates and durations as integers.
#include "rules/columns_lower.h"
#include "rules/temporal.h"

namespace yipan::rules::columns {
namespace {

constexpr int64_t kDaysMax = INT64_MAX / 4;  // of a duration, in seconds (temporal.h)

int64_t power_of_10(int exponent) {
  int64_t out = 1;
  while (exponent-- > 0) out *= 10;
  return out;
}

}  // namespace

Reg Lowerer::binary(VOp op, Rep result, Reg a, Reg b, int scale, int64_t unit) {
  return emit({.op = op, .a = a, .b = b}, result, scale, unit);
}

Reg Lowerer::to_decimal(Reg r) {
  if (rep(r) == Rep::decimal) return r;
  if (info(r).constant) return constant_decimal(Decimal::from_scaled(info(r).wide, info(r).scale));
  return emit({.op = VOp::to_decimal, .a = r, .imm = info(r).scale}, Rep::decimal);
}

std::optional<Reg> Lowerer::to_scale(Reg r, int scale) {
  const RegInfo from = info(r);
  if (from.scale == scale) return r;
  if (scale < from.scale || scale > kScaleMax) return std::nullopt;
  const int64_t factor = power_of_10(scale - from.scale);
  if (from.constant) {
    int64_t units = 0;
    if (__builtin_mul_overflow(from.wide, factor, &units)) return std::nullopt;
    return constant_wide(Rep::integer, units, scale);
  }
  return binary(VOp::multiply, Rep::integer, r, constant_wide(Rep::integer, factor), scale);
}

Reg Lowerer::to_unit(Reg r, int64_t unit) {
  const RegInfo from = info(r);
  if (from.unit == unit) return r;
  const int64_t factor = from.unit / unit;
  if (from.constant) return constant_wide(Rep::days, from.wide * factor, 0, unit);
  return binary(VOp::multiply, Rep::days, r, constant_wide(Rep::integer, factor), 0, unit);
}

void Lowerer::align_numbers(Reg* a, Reg* b) {
  if (rep(*a) == Rep::integer && rep(*b) == Rep::integer) {
    const int scale = std::max(info(*a).scale, info(*b).scale);
    const auto x = to_scale(*a, scale), y = to_scale(*b, scale);
    if (x && y) {
      *a = *x;
      *b = *y;
      return;
    }
  }
  *a = to_decimal(*a);
  *b = to_decimal(*b);
}

void Lowerer::align(Reg* a, Reg* b) {
  if (is_number(rep(*a)) && is_number(rep(*b))) {
    align_numbers(a, b);
  } else if (rep(*a) == Rep::days && rep(*b) == Rep::days && info(*a).unit != info(*b).unit) {
    *a = to_unit(*a, 1);
    *b = to_unit(*b, 1);
  }
}

Result<Reg> Lowerer::arithmetic(const Node& n, uint32_t node) {
  YIPAN_ASSIGN(const Reg a, value(n.a));
  YIPAN_ASSIGN(const Reg b, value(n.b));
  if (rep(a) == Rep::none || rep(b) == Rep::none) return kNull;
  switch (n.code) {
    case Code::add:
      return add(a, b, false, node);
    case Code::subtract:
      return add(a, b, true, node);
    case Code::multiply:
      return multiply(a, b, node);
    case Code::divide:
      return divide(a, b, node);
    default:
      return power(a, b);
  }
}

Reg Lowerer::limit_days(Reg r) {
  const int64_t limit = kDaysMax / info(r).unit;
  return emit({.op = VOp::within, .a = r, .imm = -limit, .imm2 = limit}, Rep::days, 0,
              info(r).unit);
}

Reg Lowerer::limit_dates(Reg r) {
  const int64_t first = Date::from_ymd(kYearMin, 1, 1)->days();
  const int64_t last = Date::from_ymd(kYearMax, 12, 31)->days();
  return emit({.op = VOp::within, .a = r, .imm = first, .imm2 = last}, Rep::date);
}

Result<Reg> Lowerer::add(Reg a, Reg b, bool subtract, uint32_t node) {
  const VOp op = subtract ? VOp::subtract : VOp::add;
  if (is_number(rep(a)) && is_number(rep(b))) {
    align_numbers(&a, &b);
    if (rep(a) == Rep::integer) return binary(op, Rep::integer, a, b, info(a).scale);
    return binary(subtract ? VOp::decimal_subtract : VOp::decimal_add, Rep::decimal, a, b);
  }
  if (rep(a) == Rep::text && rep(b) == Rep::text && !subtract) {
    return binary(VOp::text_join, Rep::text, a, b);
  }
  if (rep(a) == Rep::days && rep(b) == Rep::days) {
    align(&a, &b);
    return limit_days(binary(op, Rep::days, a, b, 0, info(a).unit));
  }
  if (rep(a) == Rep::months && rep(b) == Rep::months) return binary(op, Rep::months, a, b);
  const bool b_duration = rep(b) == Rep::days || rep(b) == Rep::months;
  if (rep(a) == Rep::date && b_duration) return shift(a, b, subtract, node);
  const bool a_duration = rep(a) == Rep::days || rep(a) == Rep::months;
  if (a_duration && rep(b) == Rep::date && !subtract) return shift(b, a, false, node);
  if (rep(a) == Rep::date && rep(b) == Rep::date && subtract) {
    return binary(VOp::subtract, Rep::days, a, b, 0, kSecondsPerDay);
  }
  return kNull;
}

// A date and a duration (table 57): midnight plus so many seconds, cut down to its day.
Result<Reg> Lowerer::shift(Reg date, Reg duration, bool back, uint32_t) {
  if (rep(duration) == Rep::months) {
    if (back) {
      duration = binary(VOp::subtract, Rep::months, constant_wide(Rep::months, 0), duration);
    }
    return binary(VOp::plus_months, Rep::date, date, duration);
  }
  if (info(duration).unit == kSecondsPerDay) {
    const VOp op = back ? VOp::subtract : VOp::add;
    return limit_dates(binary(op, Rep::date, date, duration));
  }
  if (back) duration = binary(VOp::subtract, Rep::days, constant_wide(Rep::days, 0), duration);
  const Reg whole = emit({.op = VOp::divide_constant,
                          .mode = Decimal::Rounding::floor,
                          .a = duration,
                          .imm = kSecondsPerDay / info(duration).unit},
                         Rep::days, 0, kSecondsPerDay);
  return limit_dates(binary(VOp::add, Rep::date, date, whole));
}

Result<Reg> Lowerer::multiply(Reg a, Reg b, uint32_t node) {
  if (is_number(rep(a)) && is_number(rep(b))) {
    const int scale = info(a).scale + info(b).scale;
    if (rep(a) == Rep::integer && rep(b) == Rep::integer && scale <= kScaleMax) {
      return binary(VOp::multiply, Rep::integer, a, b, scale);
    }
    return binary(VOp::decimal_multiply, Rep::decimal, to_decimal(a), to_decimal(b));
  }
  if (is_number(rep(a))) std::swap(a, b);
  if (!is_number(rep(b))) return kNull;
  if (rep(a) != Rep::days && rep(a) != Rep::months) return kNull;
  if (rep(b) != Rep::integer || (rep(a) == Rep::days && info(b).scale != 0)) {
    return fail(obstacle(node, "时长乘以非整数，逐行求值",
                         "a duration times a number that may have a fraction: row by row"));
  }
  if (rep(a) == Rep::days) {
    return limit_days(binary(VOp::multiply, Rep::days, a, b, 0, info(a).unit));
  }
  const Reg product = binary(VOp::multiply, Rep::months, a, b);
  if (info(b).scale == 0) return product;
  return emit({.op = VOp::divide_constant,
               .mode = Decimal::Rounding::down,
               .a = product,
               .imm = power_of_10(info(b).scale)},
              Rep::months);
}

namespace {

// 10^scale / value as units of as few digits as possible, if that is a finite decimal.
std::optional<std::pair<int64_t, int>> reciprocal(int64_t units, int scale) {
  if (units == 0 || units == INT64_MIN) return std::nullopt;
  constexpr int kDigitsMax = 9;
  int64_t power = 1;
  for (int digits = 0; digits <= kDigitsMax; ++digits) {
    if (power % units == 0) {
      // 1 / (units x 10^-scale) = (power / units) x 10^(scale - digits)
      int64_t inverse = power / units;
      int exponent = scale - digits;
      while (exponent > 0) {
        if (__builtin_mul_overflow(inverse, int64_t{10}, &inverse)) return std::nullopt;
        --exponent;
      }
      return std::pair{inverse, -exponent};
    }
    power *= 10;
  }
  return std::nullopt;
}

}  // namespace

Reg Lowerer::divide_numbers(Reg a, Reg b) {
  if (rep(a) == Rep::integer && rep(b) == Rep::integer && info(b).constant) {
    if (info(b).wide == 0) return kNull;
    const auto inverse = reciprocal(info(b).wide, info(b).scale);
    if (inverse && info(a).scale + inverse->second <= kScaleMax) {
      return binary(VOp::multiply, Rep::integer, a,
                    constant_wide(Rep::integer, inverse->first, inverse->second),
                    info(a).scale + inverse->second);
    }
  }
  return binary(VOp::decimal_divide, Rep::decimal, to_decimal(a), to_decimal(b));
}

Result<Reg> Lowerer::divide(Reg a, Reg b, uint32_t node) {
  if (is_number(rep(a)) && is_number(rep(b))) return divide_numbers(a, b);
  const bool durations = (rep(a) == Rep::days && rep(b) == Rep::days) ||
                         (rep(a) == Rep::months && rep(b) == Rep::months);
  if (durations) {
    // A ratio: of days to days, if both are whole.
    align(&a, &b);
    const auto number = [this](Reg r) {
      if (info(r).constant) return constant_wide(Rep::integer, info(r).wide);
      return binary(VOp::add, Rep::integer, r, constant_wide(Rep::integer, 0));
    };
    Reg x = number(a), y = number(b);
    if (decimals_) {
      x = to_decimal(x);
      y = to_decimal(y);
    }
    return divide_numbers(x, y);
  }
  if ((rep(a) == Rep::days || rep(a) == Rep::months) && is_number(rep(b))) {
    return fail(
        obstacle(node, "时长除以数，逐行求值", "a duration divided by a number: row by row"));
  }
  return kNull;
}

Result<Reg> Lowerer::power(Reg a, Reg b) {
  if (!is_number(rep(a)) || !is_number(rep(b))) return kNull;
  const RegInfo& e = info(b);
  if (rep(a) == Rep::integer && rep(b) == Rep::integer && e.constant && e.scale == 0 &&
      e.wide >= 1 && e.wide <= 4 && info(a).scale * e.wide <= kScaleMax) {
    Reg out = a;
    for (int64_t i = 1; i < info(b).wide; ++i) {
      out = binary(VOp::multiply, Rep::integer, out, a, info(out).scale + info(a).scale);
    }
    return out;
  }
  return binary(VOp::decimal_power, Rep::decimal, to_decimal(a), to_decimal(b));
}

Reg Lowerer::round(Reg r, int scale, Decimal::Rounding mode) {
  if (rep(r) == Rep::decimal) {
    return emit({.op = VOp::decimal_round, .mode = mode, .a = r, .imm = scale}, Rep::decimal);
  }
  const int drop = info(r).scale - scale;
  if (drop <= 0) return r;
  if (drop > kScaleMax) return round(to_decimal(r), scale, mode);
  const Reg quotient =
      emit({.op = VOp::divide_constant, .mode = mode, .a = r, .imm = power_of_10(drop)},
           Rep::integer, std::max(scale, 0));
  if (scale >= 0) return quotient;
  if (-scale > kScaleMax) return round(to_decimal(r), scale, mode);
  return binary(VOp::multiply, Rep::integer, quotient,
                constant_wide(Rep::integer, power_of_10(-scale)));
}

// round(a / b, scale) without the 34 digits between. It is the same: with |a| below 2^63 units the
// distance of a quotient from a tie, or from a whole unit, is at least 1 / 2b of a unit, and the
// 34th digit lies far below that.
std::optional<Reg> Lowerer::round_quotient(Reg a, Reg b, int scale, Decimal::Rounding mode) {
  if (rep(a) != Rep::integer || rep(b) != Rep::integer || scale < 0 || scale > kScaleMax) {
    return std::nullopt;
  }
  const int shift = scale + info(b).scale - info(a).scale;
  if (shift > kScaleMax || shift < -kScaleMax) return std::nullopt;
  const Reg factor = constant_wide(Rep::integer, power_of_10(shift < 0 ? -shift : shift));
  if (shift > 0) a = binary(VOp::multiply, Rep::integer, a, factor, info(a).scale + shift);
  if (shift < 0) b = binary(VOp::multiply, Rep::integer, b, factor, info(b).scale - shift);
  return emit({.op = VOp::divide_round, .mode = mode, .a = a, .b = b}, Rep::integer, scale);
}

}  // namespace yipan::rules::columns
