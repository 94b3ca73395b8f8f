// The BID encoding of decimal128 (IEEE 754-2008, 3.5.2), taken apart and put together.
//
// High word: sign in bit 63, biased exponent in bits 62..49, then the upper 49 bits of the
// coefficient. Every Decimal holds canonical words: coefficient below 10^34, zero only as +0E0.
#ifndef YIPAN_BASE_DECIMAL_BITS_H_
#define YIPAN_BASE_DECIMAL_BITS_H_

#include <array>
#include <bit>
#include <cstdint>

#include "yipan/decimal.h"

namespace yipan::bid {

using U128 = unsigned __int128;
using I128 = __int128;
using Words = std::array<uint64_t, 2>;

inline constexpr int kDigits = 34;
inline constexpr int kBias = 6176;
inline constexpr int kExponentMin = -6176;  // of the integer coefficient
inline constexpr int kExponentMax = 6111;
inline constexpr uint64_t kSign = 1ULL << 63;
inline constexpr uint64_t kSpecial = 3ULL << 61;  // infinity, NaN, or a coefficient too large
inline constexpr uint64_t kInfinity = 0x7800000000000000ULL;
inline constexpr uint64_t kNan = 0x7C00000000000000ULL;
inline constexpr uint64_t kCoefficientHigh = (1ULL << 49) - 1;

inline constexpr std::array<U128, 39> kPow10 = [] {
  std::array<U128, 39> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();
inline constexpr U128 kCoefficientMax = kPow10[kDigits] - 1;

struct Parts {
  U128 coefficient;
  int exponent;
  bool negative;
};

inline bool is_finite(const Words& w) { return (w[1] & kSpecial) != kSpecial; }
inline bool is_nan(const Words& w) { return (w[1] & kNan) == kNan; }
inline bool is_zero(const Words& w) {
  return w[0] == 0 && w[1] == static_cast<uint64_t>(kBias) << 49;
}

inline U128 coefficient(const Words& w) {
  return static_cast<U128>(w[1] & kCoefficientHigh) << 64 | w[0];
}
inline int biased_exponent(const Words& w) { return static_cast<int>(w[1] >> 49 & 0x3fff); }

// Of a finite value.
inline Parts unpack(const Words& w) {
  return {coefficient(w), biased_exponent(w) - kBias, (w[1] & kSign) != 0};
}

// Coefficient below 10^34 and not zero, exponent in range.
inline Words pack_biased(bool negative, U128 c, int biased) {
  return {static_cast<uint64_t>(c), static_cast<uint64_t>(c >> 64) |
                                        static_cast<uint64_t>(biased) << 49 |
                                        static_cast<uint64_t>(negative) << 63};
}

// Decimal digits of c; 0 has none.
inline int digit_count(U128 c) {
  if (c == 0) return 0;
  const auto high = static_cast<uint64_t>(c >> 64);
  const int bits =
      high != 0 ? 128 - std::countl_zero(high) : 64 - std::countl_zero(static_cast<uint64_t>(c));
  const int guess = bits * 1233 >> 12;
  return guess + (c >= kPow10[static_cast<size_t>(guess)] ? 1 : 0);
}

// Takes the trailing zeros off and returns how many there were. c is not zero.
inline int strip_zeros(U128* c) {
  int stripped = 0;
  while (*c >> 64 != 0 && *c % 10 == 0) {
    *c /= 10;
    ++stripped;
  }
  if (*c >> 64 != 0) return stripped;
  auto small = static_cast<uint64_t>(*c);
  while (small % 10 == 0) {
    small /= 10;
    ++stripped;
  }
  *c = small;
  return stripped;
}

// The nearest decimal128 to c x 10^exponent, half-even; infinity beyond the range. `sticky` says
// that digits other than zero followed c, which then has at least 35 digits.
Decimal make(bool negative, U128 c, int64_t exponent, bool sticky = false);
Decimal nan();

// Intel's library without the short cuts of this one: what they are tested and measured against.
Decimal library_add(Decimal a, Decimal b);
Decimal library_sub(Decimal a, Decimal b);
Decimal library_mul(Decimal a, Decimal b);
Decimal library_div(Decimal a, Decimal b);
Decimal library_fmod(Decimal a, Decimal b);  // the sign of a
Decimal library_quantize(Decimal a, Decimal unit);
Decimal library_parse(const char* text);
std::partial_ordering library_compare(Decimal a, Decimal b);

// base^exponent for an integral exponent, rounded half-even from the exact value. The base is
// finite and not zero; the exponent is finite, integral and not zero.
Decimal pow_integer(Decimal base, Decimal exponent);

}  // namespace yipan::bid

#endif  // YIPAN_BASE_DECIMAL_BITS_H_
