#include "intake/number.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "yipan/decimal.h"

namespace yipan::intake {
namespace {

__extension__ typedef __int128 Int128;

constexpr int kDigitsMax = 18;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr int64_t kPow10[] = {1,
                              10,
                              100,
                              1000,
                              10000,
                              100000,
                              1000000,
                              10000000,
                              100000000,
                              1000000000,
                              10000000000,
                              100000000000,
                              1000000000000,
                              10000000000000,
                              100000000000000,
                              1000000000000000,
                              10000000000000000,
                              100000000000000000,
                              1000000000000000000};

// Digits before the point: grouped all through in threes, or not at all.
class Digits {
 public:
  bool add(char c) {
    if (count_ > 0 || c != '0') {
      if (count_ == kDigitsMax) {
        if (c != '0') return false;
        ++dropped_;
        return true;
      }
      if (dropped_ > 0 && c != '0') return false;
      ++count_;
      value_ = value_ * 10 + (c - '0');
    }
    return true;
  }
  int64_t value() const { return value_; }
  int dropped() const { return dropped_; }  // zeros left off at the end

 private:
  int64_t value_ = 0;
  int count_ = 0;
  int dropped_ = 0;
};

NumberFault parse_exponent(std::string_view text, int* exponent) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || text.size() > 3) return NumberFault::syntax;
  int value = 0;
  for (char c : text) {
    if (!is_digit(c)) return NumberFault::syntax;
    value = value * 10 + (c - '0');
  }
  *exponent += negative ? -value : value;
  return NumberFault::none;
}

NumberFault parse_unsigned(std::string_view text, const NumberStyle& style, ScaledNumber* out) {
  Digits digits;
  size_t i = 0;
  size_t group = 0;  // digits since the last group mark
  bool grouped = false;
  bool any = false;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      if (!digits.add(text[i])) return NumberFault::too_long;
      ++group;
      any = true;
    } else if (text[i] == style.thousands && style.thousands != 0) {
      if (group == 0 || (grouped && group != 3) || (!grouped && group > 3)) {
        return NumberFault::grouping;
      }
      grouped = true;
      group = 0;
    } else {
      break;
    }
  }
  if (grouped && group != 3) return NumberFault::grouping;
  int exponent = digits.dropped();
  if (i < text.size() && text[i] == style.decimal_mark) {
    for (++i; i < text.size() && is_digit(text[i]); ++i) {
      const int before = digits.dropped();
      if (!digits.add(text[i])) return NumberFault::too_long;
      if (digits.dropped() == before) --exponent;
      any = true;
    }
  }
  if (!any) return NumberFault::syntax;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return NumberFault::syntax;
    NumberFault fault = parse_exponent(text.substr(i + 1), &exponent);
    if (fault != NumberFault::none) return fault;
  }
  *out = {digits.value(), digits.value() == 0 ? 0 : exponent};
  return NumberFault::none;
}

}  // namespace

NumberFault parse_number(std::string_view text, const NumberStyle& style, ScaledNumber* out) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  } else if (text.substr(0, 3) == "\xE2\x88\x92") {
    negative = true;
    text.remove_prefix(3);
  } else if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
    negative = true;
    text = text.substr(1, text.size() - 2);
  }
  NumberFault fault = parse_unsigned(text, style, out);
  if (negative) out->mantissa = -out->mantissa;
  return fault;
}

IntFault scale_to_int(const ScaledNumber& number, const Factor& factor, Rounding rounding,
                      int64_t* out) {
  Int128 value = static_cast<Int128>(number.mantissa) * factor.num;
  Int128 divisor = factor.den;
  if (number.mantissa == 0) {
    *out = 0;
    return IntFault::none;
  }
  int exponent = number.exponent;
  constexpr Int128 kBig = static_cast<Int128>(1) << 100;
  for (; exponent > 0; --exponent) {
    if (value > kBig || value < -kBig) return IntFault::overflow;
    value *= 10;
  }
  for (; exponent < 0; ++exponent) {
    if (divisor > kBig) {
      if (rounding == Rounding::exact) return IntFault::fraction;
      *out = 0;
      return IntFault::none;
    }
    divisor *= 10;
  }
  Int128 quotient = value / divisor;
  Int128 rest = value % divisor;
  if (rest != 0) {
    if (rounding == Rounding::exact) return IntFault::fraction;
    Int128 twice = rest < 0 ? -rest * 2 : rest * 2;
    if (twice > divisor || (twice == divisor && quotient % 2 != 0)) quotient += value < 0 ? -1 : 1;
  }
  if (quotient > INT64_MAX || quotient < INT64_MIN) return IntFault::overflow;
  *out = static_cast<int64_t>(quotient);
  return IntFault::none;
}

double scale_to_real(const ScaledNumber& number, const Factor& factor) {
  constexpr Int128 kExact = static_cast<Int128>(1) << 53;
  Int128 top = static_cast<Int128>(number.mantissa) * factor.num;
  Int128 bottom = factor.den;
  int exponent = number.exponent;
  for (; exponent > 0 && top < kExact && top > -kExact; --exponent) top *= 10;
  for (; exponent < 0 && bottom < kExact; ++exponent) bottom *= 10;
  if (exponent == 0 && top <= kExact && top >= -kExact && bottom <= kExact) {
    return static_cast<double>(top) / static_cast<double>(bottom);
  }
  Decimal value = Decimal::from_int(number.mantissa) * Decimal::from_int(factor.num) /
                  Decimal::from_int(factor.den);
  const int shift = number.exponent < -340 ? -340 : (number.exponent > 340 ? 340 : number.exponent);
  for (int left = shift; left > 0; left -= kDigitsMax) {
    value = value * Decimal::from_int(kPow10[left < kDigitsMax ? left : kDigitsMax]);
  }
  for (int left = -shift; left > 0; left -= kDigitsMax) {
    value = value / Decimal::from_int(kPow10[left < kDigitsMax ? left : kDigitsMax]);
  }
  return value.to_double();
}

std::string scaled_text(const ScaledNumber& number, const Factor& factor) {
  Decimal value = Decimal::from_int(number.mantissa) * Decimal::from_int(factor.num) /
                  Decimal::from_int(factor.den);
  const int shift = number.exponent;
  if (shift > 0 && shift <= kDigitsMax) value = value * Decimal::from_int(kPow10[shift]);
  if (shift < 0 && shift >= -kDigitsMax) value = value / Decimal::from_int(kPow10[-shift]);
  std::string text = value.to_string();
  if (shift > kDigitsMax || shift < -kDigitsMax) text += fmt::format("e{}", shift);
  return text;
}

std::string spreadsheet_text(double value) {
  if (value == std::floor(value) && std::fabs(value) < 1e15) {
    return fmt::format("{}", static_cast<int64_t>(value));
  }
  return fmt::format("{:.15g}", value);
}

}  // namespace yipan::intake
