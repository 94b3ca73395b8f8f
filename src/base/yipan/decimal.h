// Decimal: IEEE 754-2008 decimal128 (34 significant digits), as FEEL numbers are defined
// (DMN 1.5, 10.3.2.3.1), over Intel's Decimal Floating-Point Math Library.
//
// Arithmetic rounds half-even to 34 digits. Overflow, division by zero and invalid operations give
// a Decimal for which is_finite() is false; callers (FEEL: null) decide what that means.
// Values are 16 bytes, trivially copyable, passed by value. Equality and order are numeric:
// 1.0 == 1.00; `hash` agrees with it. There is one zero: no negative one, no 0.00.
#ifndef YIPAN_DECIMAL_H_
#define YIPAN_DECIMAL_H_

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yipan/result.h"

namespace yipan {

class Decimal {
 public:
  // Rounding directions of the FEEL functions (DMN 1.5, table 76).
  enum class Rounding : uint8_t { half_even, half_up, half_down, up, down, floor, ceiling };

  constexpr Decimal() = default;  // zero
  static Decimal from_int(int64_t value);
  static Decimal from_scaled(int64_t units, int digits);  // units x 10^-digits, exactly
  // The shortest decimal that reads back as the same double: 0.1 gives 0.1, and not the
  // 0.1000000000000000055511151231257827 that the binary fraction stands for.
  static Decimal from_double(double value);
  // "12", "-0.5", "1.2e3" (xsd:decimal, and exponents if `exponent` is allowed). No spaces, no
  // infinities, nothing beyond the range (1e9999). More than 34 digits round half-even.
  static std::optional<Decimal> parse(std::string_view text, bool exponent = true);
  static Decimal infinity();

  friend Decimal operator+(Decimal a, Decimal b);
  friend Decimal operator-(Decimal a, Decimal b);
  friend Decimal operator*(Decimal a, Decimal b);
  friend Decimal operator/(Decimal a, Decimal b);
  Decimal operator-() const;
  friend bool operator==(Decimal a, Decimal b);
  // Numeric order; unordered only if one is not a number.
  friend std::partial_ordering operator<=>(Decimal a, Decimal b);

  bool is_finite() const;
  bool is_integer() const;
  bool is_negative() const;  // strictly below zero
  bool is_zero() const;

  Decimal abs() const;
  // Rounds to `scale` digits after the point (negative: before it). 10^scale must be representable.
  Decimal rounded(int scale, Rounding mode) const;
  Decimal floor() const { return rounded(0, Rounding::floor); }
  Decimal ceiling() const { return rounded(0, Rounding::ceiling); }
  // a - b * floor(a / b): the sign of b (DMN 1.5, modulo).
  Decimal modulo(Decimal b) const;
  // An integral exponent: the exact value rounded half-even. Others: the library's, within one
  // unit of the last digit, as are exp and log. 0^0 is 1.
  Decimal pow(Decimal exponent) const;
  Decimal sqrt() const;
  Decimal exp() const;
  Decimal log() const;  // natural

  std::optional<int64_t> to_int64() const;  // only if integral and in range
  // units such that value == units x 10^-digits; nothing if that is not exact or overflows.
  std::optional<int64_t> to_scaled(int digits) const;
  double to_double() const;
  // Canonical, plain notation, no trailing zeros: "0.1", "-1200", never "1E+3".
  std::string to_string() const;
  size_t hash() const;  // equal values hash alike

  // The 16 bytes of the BID encoding, low word first. For kernels and canonical encodings.
  const std::array<uint64_t, 2>& words() const { return words_; }
  static Decimal from_words(std::array<uint64_t, 2> words);

 private:
  // +0E0 in BID: exponent bias 6176 in bits 49.. of the high word.
  std::array<uint64_t, 2> words_ = {0, 0x3040000000000000ULL};
};

}  // namespace yipan

#endif  // YIPAN_DECIMAL_H_
