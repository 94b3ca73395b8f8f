// Decimal arithmetic, with a short cut for what nearly every rule computes: numbers of at most
// 19 digits, whose coefficient fits one word. The short cuts give what Decimal gives, to the
// encoding's last bit where it matters (value and exponent); number_test.cc proves it at random.
#ifndef YIPAN_RULES_NUMBER_H_
#define YIPAN_RULES_NUMBER_H_

#include <array>
#include <bit>
#include <cstdint>

#include "yipan/decimal.h"
#include "yipan/rules.h"

namespace yipan::rules {

// A decimal128 in BID: sign 1 bit, exponent 14 bits (bias 6176), coefficient 113 bits. A word whose
// bits 62 and 61 are both set is another form (infinity, NaN): never short.
struct ShortDecimal {
  static constexpr uint64_t kSign = 0x8000000000000000ULL;
  static constexpr uint64_t kCoefficientHigh = 0x0001FFFFFFFFFFFFULL;
  static constexpr uint64_t kSpecial = 0x6000000000000000ULL;
  static constexpr int kShift = 49;

  static bool is_short(uint64_t high) {
    return (high & kCoefficientHigh) == 0 && (high & kSpecial) != kSpecial;
  }
  static int exponent(uint64_t high) {  // biased
    return static_cast<int>((high & ~kSign) >> kShift);
  }
  static uint64_t make_high(bool negative, int biased) {
    return (negative ? kSign : 0) | (static_cast<uint64_t>(biased) << kShift);
  }
};

inline constexpr std::array<uint64_t, 20> kPowersOf10 = [] {
  std::array<uint64_t, 20> powers{};
  uint64_t power = 1;
  for (auto& p : powers) {
    p = power;
    power *= 10;
  }
  return powers;
}();

// Brings two short coefficients to the smaller exponent. False if that does not fit.
inline bool align_short(uint64_t* a, int* exponent_a, uint64_t* b, int* exponent_b) {
  int gap = *exponent_a - *exponent_b;
  if (gap == 0) return true;
  uint64_t* large = gap > 0 ? a : b;
  if (gap < 0) gap = -gap;
  if (gap > 19 || __builtin_mul_overflow(*large, kPowersOf10[static_cast<size_t>(gap)], large)) {
    return false;
  }
  const int low = *exponent_a < *exponent_b ? *exponent_a : *exponent_b;
  *exponent_a = *exponent_b = low;
  return true;
}

// -1, 0, 1. Both finite.
inline int compare_numbers(const Value& a, const Value& b) {
  const uint64_t ah = a.bits()[1], bh = b.bits()[1];
  if (ShortDecimal::is_short(ah) && ShortDecimal::is_short(bh)) {
    uint64_t x = a.bits()[0], y = b.bits()[0];
    int ex = ShortDecimal::exponent(ah), ey = ShortDecimal::exponent(bh);
    if (align_short(&x, &ex, &y, &ey)) {
      const bool nx = (ah & ShortDecimal::kSign) != 0 && x != 0;
      const bool ny = (bh & ShortDecimal::kSign) != 0 && y != 0;
      if (nx != ny) return nx ? -1 : 1;
      if (x == y) return 0;
      return (x < y) != nx ? -1 : 1;
    }
  }
  const Decimal x = a.as_number(), y = b.as_number();
  if (x == y) return 0;
  return x < y ? -1 : 1;
}

// Zero is always +0E0, as everywhere in Decimal.
inline Value make_short(bool negative, uint64_t coefficient, int biased) {
  constexpr int kBias = 6176;
  if (coefficient == 0) {
    negative = false;
    biased = kBias;
  }
  return Value::number(std::bit_cast<Decimal>(
      std::array<uint64_t, 2>{coefficient, ShortDecimal::make_high(negative, biased)}));
}

// a + b, or a - b if `negate`. May be infinite: check is_finite_number.
inline Value add_numbers(const Value& a, const Value& b, bool negate) {
  const uint64_t ah = a.bits()[1];
  const uint64_t bh = negate ? b.bits()[1] ^ ShortDecimal::kSign : b.bits()[1];
  if (ShortDecimal::is_short(ah) && ShortDecimal::is_short(bh)) {
    uint64_t x = a.bits()[0], y = b.bits()[0];
    int ex = ShortDecimal::exponent(ah), ey = ShortDecimal::exponent(bh);
    if (align_short(&x, &ex, &y, &ey)) {
      const bool nx = (ah & ShortDecimal::kSign) != 0, ny = (bh & ShortDecimal::kSign) != 0;
      uint64_t sum = 0;
      if (nx == ny) {
        if (!__builtin_add_overflow(x, y, &sum)) {
          return make_short(nx, sum, ex);
        }
      } else {
        const bool negative = x >= y ? nx : ny;
        sum = x >= y ? x - y : y - x;
        return make_short(negative, sum, ex);
      }
    }
  }
  return Value::number(negate ? a.as_number() - b.as_number() : a.as_number() + b.as_number());
}

inline Value multiply_numbers(const Value& a, const Value& b) {
  const uint64_t ah = a.bits()[1], bh = b.bits()[1];
  if (ShortDecimal::is_short(ah) && ShortDecimal::is_short(bh)) {
    uint64_t product = 0;
    const int exponent = ShortDecimal::exponent(ah) + ShortDecimal::exponent(bh) - 6176;
    if (exponent >= 0 && exponent < 12000 &&
        !__builtin_mul_overflow(a.bits()[0], b.bits()[0], &product)) {
      return make_short(((ah ^ bh) & ShortDecimal::kSign) != 0, product, exponent);
    }
  }
  return Value::number(a.as_number() * b.as_number());
}

inline bool is_finite_number(const Value& v) {
  // Infinity and NaN have bits 62..59 set (1111).
  return (v.bits()[1] & 0x7800000000000000ULL) != 0x7800000000000000ULL;
}

// Digits after the point of the encoding, trailing zeros included; may be negative.
inline int encoded_scale(const Value& v) { return 6176 - ShortDecimal::exponent(v.bits()[1]); }

}  // namespace yipan::rules

#endif  // YIPAN_RULES_NUMBER_H_
