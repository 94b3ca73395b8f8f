#include "yipan/decimal.h"

#include <cctype>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <cwchar>

#include "base/decimal_bits.h"

#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
extern "C" {
#include <bid_conf.h>
#include <bid_functions.h>
}

namespace yipan {
namespace {

using bid::Parts;
using bid::U128;
using bid::Words;

BID_UINT128 to_bid(const Words& words) {
  BID_UINT128 out;
  out.w[0] = words[0];
  out.w[1] = words[1];
  return out;
}

Decimal from_bid(const BID_UINT128& value) { return Decimal::from_words({value.w[0], value.w[1]}); }

template <typename Function>
Decimal call(Function function, Decimal a) {
  _IDEC_flags flags = 0;
  return from_bid(function(to_bid(a.words()), BID_ROUNDING_TO_NEAREST, &flags));
}

template <typename Function>
[[gnu::noinline]] Decimal call(Function function, const Words& a, const Words& b) {
  _IDEC_flags flags = 0;
  return from_bid(function(to_bid(a), to_bid(b), BID_ROUNDING_TO_NEAREST, &flags));
}

// Brings a and b (finite) to the smaller of their exponents. False if that might need more than
// 127 bits.
bool align(const Words& a, const Words& b, U128* ca, U128* cb, int* biased) {
  const int ea = bid::biased_exponent(a);
  const int eb = bid::biased_exponent(b);
  *ca = bid::coefficient(a);
  *cb = bid::coefficient(b);
  *biased = ea;
  if (ea == eb) return true;
  U128* larger = ea > eb ? ca : cb;
  const int gap = ea > eb ? ea - eb : eb - ea;
  if (gap > 18 || *larger >> 64 != 0) return false;
  *larger *= static_cast<uint64_t>(bid::kPow10[static_cast<size_t>(gap)]);
  *biased = ea > eb ? eb : ea;
  return true;
}

// a + (-1)^flip b on the words, if both are finite and the exact sum fits 34 digits.
bool add_exact(const Words& a, const Words& b, uint64_t flip, Words* sum) {
  if (!bid::is_finite(a) || !bid::is_finite(b)) return false;
  if (bid::is_zero(b)) {
    *sum = a;
    return true;
  }
  if (bid::is_zero(a)) {
    *sum = {b[0], b[1] ^ flip};
    return true;
  }
  U128 ca;
  U128 cb;
  int biased;
  if (!align(a, b, &ca, &cb, &biased)) return false;
  bool negative = (a[1] & bid::kSign) != 0;
  const bool differ = ((a[1] ^ b[1] ^ flip) & bid::kSign) != 0;
  U128 magnitude;
  if (!differ) {
    magnitude = ca + cb;
  } else if (ca >= cb) {
    magnitude = ca - cb;
  } else {
    magnitude = cb - ca;
    negative = !negative;
  }
  if (magnitude > bid::kCoefficientMax) return false;
  *sum = magnitude == 0 ? Decimal().words() : bid::pack_biased(negative, magnitude, biased);
  return true;
}

int sign_of(const Words& w) {
  if (bid::is_zero(w)) return 0;
  return (w[1] & bid::kSign) != 0 ? -1 : 1;
}

// Whether the magnitude grows by one unit: `quotient` was kept, the dropped part compares to half
// a unit as `half` says (negative: below), and it is not zero.
bool rounds_away(Decimal::Rounding mode, bool negative, bool odd, int half) {
  switch (mode) {
    case Decimal::Rounding::half_even:
      return half > 0 || (half == 0 && odd);
    case Decimal::Rounding::half_up:
      return half >= 0;
    case Decimal::Rounding::half_down:
      return half > 0;
    case Decimal::Rounding::up:
      return true;
    case Decimal::Rounding::down:
      return false;
    case Decimal::Rounding::floor:
      return negative;
    case Decimal::Rounding::ceiling:
      return !negative;
  }
  return false;
}

struct Division {
  U128 quotient;
  U128 remainder;
};

// Most divisions of this program fit 64 bits, where the processor does them at once.
Division divide(U128 a, U128 b) {
  if ((a | b) >> 64 == 0) {
    const auto x = static_cast<uint64_t>(a);
    const auto y = static_cast<uint64_t>(b);
    return {x / y, x % y};
  }
  return {a / b, a % b};
}

// |a| mod |b| for b not zero, in units of 10^*exponent.
U128 remainder(const Parts& a, const Parts& b, int* exponent) {
  *exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
  if (a.exponent < b.exponent) {
    const int gap = b.exponent - a.exponent;
    const int digits = bid::digit_count(b.coefficient) + gap;
    if (digits > bid::digit_count(a.coefficient)) return a.coefficient;  // |a| < |b|
    return divide(a.coefficient, b.coefficient * bid::kPow10[static_cast<size_t>(gap)]).remainder;
  }
  U128 rest = divide(a.coefficient, b.coefficient).remainder;
  // rest < 10^34, and 10^38 fits 127 bits: four digits at a time.
  for (int gap = a.exponent - b.exponent; gap > 0 && rest != 0; gap -= 4) {
    rest = rest * (gap >= 4 ? bid::kPow10[4] : bid::kPow10[static_cast<size_t>(gap)]);
    rest = divide(rest, b.coefficient).remainder;
  }
  return rest;
}

}  // namespace

namespace bid {

Decimal library_add(Decimal a, Decimal b) { return call(bid128_add, a.words(), b.words()); }
Decimal library_sub(Decimal a, Decimal b) { return call(bid128_sub, a.words(), b.words()); }
Decimal library_mul(Decimal a, Decimal b) { return call(bid128_mul, a.words(), b.words()); }
Decimal library_div(Decimal a, Decimal b) { return call(bid128_div, a.words(), b.words()); }

Decimal library_fmod(Decimal a, Decimal b) {
  _IDEC_flags flags = 0;
  return from_bid(bid128_fmod(to_bid(a.words()), to_bid(b.words()), &flags));
}

Decimal library_quantize(Decimal a, Decimal unit) {
  return call(bid128_quantize, a.words(), unit.words());
}

Decimal library_parse(const char* text) {
  _IDEC_flags flags = 0;
  // The library does not write to the text, though its type says so.
  return from_bid(bid128_from_string(const_cast<char*>(text), BID_ROUNDING_TO_NEAREST, &flags));
}

std::partial_ordering library_compare(Decimal a, Decimal b) {
  _IDEC_flags flags = 0;
  const BID_UINT128 x = to_bid(a.words());
  const BID_UINT128 y = to_bid(b.words());
  if (bid128_quiet_less(x, y, &flags)) return std::partial_ordering::less;
  if (bid128_quiet_less(y, x, &flags)) return std::partial_ordering::greater;
  if (bid128_quiet_equal(x, y, &flags)) return std::partial_ordering::equivalent;
  return std::partial_ordering::unordered;
}

}  // namespace bid

Decimal bid::nan() { return Decimal::from_words({0, kNan}); }

Decimal bid::make(bool negative, U128 c, int64_t exponent, bool sticky) {
  if (c == 0) return Decimal();
  const int digits = digit_count(c);
  int64_t drop = digits - kDigits;
  if (kExponentMin - exponent > drop) drop = kExponentMin - exponent;
  if (drop > 0) {
    if (drop > digits) return Decimal();  // below a tenth of the smallest unit
    if (drop == 39) return Decimal();     // 2^128 is below half of 10^39
    const U128 unit = kPow10[static_cast<size_t>(drop)];
    const U128 rest = c % unit;
    const U128 half = unit / 2;
    c /= unit;
    exponent += drop;
    if (rest > half || (rest == half && (sticky || (c & 1) != 0))) ++c;
    if (c > kCoefficientMax) {
      c /= 10;
      ++exponent;
    }
    if (c == 0) return Decimal();
  }
  if (exponent > kExponentMax) {
    const int64_t shift = exponent - kExponentMax;
    if (digit_count(c) + shift > kDigits) {
      return Decimal::from_words({0, kInfinity | (negative ? kSign : 0)});
    }
    c *= kPow10[static_cast<size_t>(shift)];
    exponent = kExponentMax;
  }
  return Decimal::from_words(pack_biased(negative, c, static_cast<int>(exponent) + kBias));
}

Decimal Decimal::from_words(std::array<uint64_t, 2> words) {
  Decimal out;
  if (bid::is_finite(words)) {
    const U128 c = bid::coefficient(words);
    if (c != 0 && c <= bid::kCoefficientMax) out.words_ = words;
  } else if (bid::is_nan(words)) {
    out.words_ = {0, bid::kNan};
  } else if ((words[1] & bid::kInfinity) == bid::kInfinity) {
    out.words_ = {0, words[1] & (bid::kInfinity | bid::kSign)};
  }
  return out;
}

Decimal Decimal::from_int(int64_t value) {
  Decimal out;
  if (value == 0) return out;
  const auto bits = static_cast<uint64_t>(value);
  out.words_ = bid::pack_biased(value < 0, value < 0 ? 0 - bits : bits, bid::kBias);
  return out;
}

Decimal Decimal::from_scaled(int64_t units, int digits) {
  const auto bits = static_cast<uint64_t>(units);
  return bid::make(units < 0, units < 0 ? 0 - bits : bits, -static_cast<int64_t>(digits));
}

Decimal Decimal::infinity() { return from_words({0, bid::kInfinity}); }

Decimal operator+(Decimal a, Decimal b) {
  Decimal out;
  if (add_exact(a.words_, b.words_, 0, &out.words_)) return out;
  return bid::library_add(a, b);
}

Decimal operator-(Decimal a, Decimal b) {
  Decimal out;
  if (add_exact(a.words_, b.words_, bid::kSign, &out.words_)) return out;
  return bid::library_sub(a, b);
}

Decimal operator*(Decimal a, Decimal b) {
  if (bid::is_finite(a.words_) && bid::is_finite(b.words_) &&
      ((a.words_[1] | b.words_[1]) & bid::kCoefficientHigh) == 0) {
    const U128 product = static_cast<U128>(a.words_[0]) * b.words_[0];
    const int biased = bid::biased_exponent(a.words_) + bid::biased_exponent(b.words_) - bid::kBias;
    if (product == 0) return Decimal();
    if (product <= bid::kCoefficientMax && biased >= 0 &&
        biased <= bid::kExponentMax + bid::kBias) {
      const bool negative = ((a.words_[1] ^ b.words_[1]) & bid::kSign) != 0;
      Decimal out;
      out.words_ = bid::pack_biased(negative, product, biased);
      return out;
    }
  }
  return bid::library_mul(a, b);
}

Decimal operator/(Decimal a, Decimal b) {
  // An exact quotient of two small coefficients needs no library.
  if (bid::is_finite(a.words_) && bid::is_finite(b.words_) &&
      ((a.words_[1] | b.words_[1]) & bid::kCoefficientHigh) == 0 && a.words_[0] != 0 &&
      b.words_[0] != 0 && a.words_[0] % b.words_[0] == 0) {
    const int biased = bid::biased_exponent(a.words_) - bid::biased_exponent(b.words_) + bid::kBias;
    if (biased >= 0 && biased <= bid::kExponentMax + bid::kBias) {
      const bool negative = ((a.words_[1] ^ b.words_[1]) & bid::kSign) != 0;
      Decimal out;
      out.words_ = bid::pack_biased(negative, a.words_[0] / b.words_[0], biased);
      return out;
    }
  }
  return bid::library_div(a, b);
}

Decimal Decimal::operator-() const {
  if (bid::is_zero(words_) || bid::is_nan(words_)) return *this;
  Decimal out = *this;
  out.words_[1] ^= bid::kSign;
  return out;
}

bool operator==(Decimal a, Decimal b) {
  if (a.words_ == b.words_) return !bid::is_nan(a.words_);
  if (bid::is_finite(a.words_) &&
      bid::biased_exponent(a.words_) == bid::biased_exponent(b.words_) &&
      bid::is_finite(b.words_)) {
    return false;
  }
  return (a <=> b) == std::partial_ordering::equivalent;
}

std::partial_ordering operator<=>(Decimal a, Decimal b) {
  if (!bid::is_finite(a.words_) || !bid::is_finite(b.words_)) {
    return bid::library_compare(a, b);
  }
  const int sa = sign_of(a.words_);
  const int sb = sign_of(b.words_);
  if (sa != sb || sa == 0) return sa <=> sb;
  U128 ca;
  U128 cb;
  int biased;
  if (!align(a.words_, b.words_, &ca, &cb, &biased)) return bid::library_compare(a, b);
  return sa > 0 ? ca <=> cb : cb <=> ca;
}

bool Decimal::is_finite() const { return bid::is_finite(words_); }
bool Decimal::is_zero() const { return bid::is_zero(words_); }

bool Decimal::is_negative() const {
  return (words_[1] & bid::kSign) != 0 && !bid::is_nan(words_) && !is_zero();
}

bool Decimal::is_integer() const {
  if (!is_finite()) return false;
  const Parts p = bid::unpack(words_);
  if (p.exponent >= 0) return true;
  if (-p.exponent >= bid::kDigits) return false;
  return divide(p.coefficient, bid::kPow10[static_cast<size_t>(-p.exponent)]).remainder == 0;
}

Decimal Decimal::abs() const { return (words_[1] & bid::kSign) != 0 ? -*this : *this; }

Decimal Decimal::rounded(int scale, Rounding mode) const {
  if (!is_finite() || is_zero()) return *this;
  const Parts p = bid::unpack(words_);
  const int64_t target = -static_cast<int64_t>(scale);
  const int64_t drop = target - p.exponent;
  if (drop <= 0) return *this;
  Division d{0, p.coefficient};
  int half = -1;
  if (drop <= bid::kDigits) {
    const U128 unit = bid::kPow10[static_cast<size_t>(drop)];
    d = divide(p.coefficient, unit);
    half = d.remainder == unit / 2 ? 0 : d.remainder > unit / 2 ? 1 : -1;
  }
  if (d.remainder != 0 && rounds_away(mode, p.negative, (d.quotient & 1) != 0, half)) ++d.quotient;
  return bid::make(p.negative, d.quotient, target);
}

Decimal Decimal::modulo(Decimal b) const {
  if (!is_finite() || !b.is_finite() || b.is_zero()) return bid::nan();
  const Parts dividend = bid::unpack(words_);
  const Parts divisor = bid::unpack(b.words_);
  int exponent = 0;
  const U128 rest = remainder(dividend, divisor, &exponent);
  const Decimal signed_rest = bid::make(dividend.negative, rest, exponent);
  if (rest == 0 || dividend.negative == divisor.negative) return signed_rest;
  return signed_rest + b;
}

Decimal Decimal::pow(Decimal exponent) const {
  if (is_finite() && exponent.is_integer()) {
    if (exponent.is_zero()) return from_int(1);
    if (!is_zero()) return bid::pow_integer(*this, exponent);
  }
  return call(bid128_pow, words_, exponent.words_);
}

Decimal Decimal::sqrt() const { return call(bid128_sqrt, *this); }
Decimal Decimal::exp() const { return call(bid128_exp, *this); }
Decimal Decimal::log() const { return call(bid128_log, *this); }

std::optional<int64_t> Decimal::to_int64() const { return to_scaled(0); }

std::optional<int64_t> Decimal::to_scaled(int digits) const {
  if (!is_finite()) return std::nullopt;
  if (is_zero()) return 0;
  const Parts p = bid::unpack(words_);
  const int64_t shift = static_cast<int64_t>(p.exponent) + digits;
  U128 units = p.coefficient;
  if (shift < 0) {
    if (shift < -bid::kDigits) return std::nullopt;
    const Division d = divide(units, bid::kPow10[static_cast<size_t>(-shift)]);
    if (d.remainder != 0) return std::nullopt;
    units = d.quotient;
  } else if (shift > 0) {
    if (shift > 19 || units >> 63 != 0) return std::nullopt;
    units *= bid::kPow10[static_cast<size_t>(shift)];
  }
  constexpr U128 kMax = static_cast<U128>(INT64_MAX);
  if (units > kMax + (p.negative ? 1 : 0)) return std::nullopt;
  const auto bits = static_cast<uint64_t>(units);
  return static_cast<int64_t>(p.negative ? 0 - bits : bits);
}

double Decimal::to_double() const {
  _IDEC_flags flags = 0;
  return bid128_to_binary64(to_bid(words_), BID_ROUNDING_TO_NEAREST, &flags);
}

size_t Decimal::hash() const {
  uint64_t low = words_[0];
  uint64_t high = words_[1];
  if (is_finite() && !is_zero()) {
    const Parts p = bid::unpack(words_);
    U128 c = p.coefficient;
    const auto exponent = static_cast<uint64_t>(p.exponent + bid::strip_zeros(&c));
    low = static_cast<uint64_t>(c);
    high = static_cast<uint64_t>(c >> 64) ^ exponent << 49 ^ (p.negative ? bid::kSign : 0);
  }
  // The finaliser of MurmurHash3 (fmix64), which lets every bit of the key reach every bit.
  uint64_t h = low ^ (high * 0x9E3779B97F4A7C15ULL + (high >> 32));
  h = (h ^ h >> 33) * 0xFF51AFD7ED558CCDULL;
  h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53ULL;
  return h ^ h >> 33;
}

}  // namespace yipan
