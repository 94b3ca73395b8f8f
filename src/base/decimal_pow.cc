// Integral powers, rounded half-even from the exact value.
//
// Small results are computed exactly. The others are computed in base 10^18 with an error bound,
// at growing precision, until both ends of the interval round alike (Ziv's method: A. Ziv, Fast
// evaluation of elementary mathematical functions with correctly rounded last bit, TOMS 17, 1991).
// That ends: a base without trailing zeros has powers without trailing zeros, so a result of more
// than 35 digits is neither exact nor halfway between two decimals.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/decimal_bits.h"

namespace yipan::bid {
namespace {

constexpr uint64_t kLimb = 1'000'000'000'000'000'000;  // 10^18
constexpr int kLimbDigits = 18;
// Beyond this power of ten every result is infinite or zero.
constexpr int64_t kPowerLimit = 7000;

// A positive number: sum of limbs[i] x 10^(18 i), times 10^exponent; the top limb is not zero. The
// true value lies in [x, x (1 + error x 10^(-18 (size - 1)))].
struct Wide {
  std::vector<uint64_t> limbs;
  int64_t exponent = 0;
  double error = 0;
};

// Brings x to exactly `size` limbs, dropping low ones.
void fit(Wide* x, size_t size) {
  while (!x->limbs.empty() && x->limbs.back() == 0) x->limbs.pop_back();
  if (x->limbs.size() > size) {
    const size_t drop = x->limbs.size() - size;
    x->limbs.erase(x->limbs.begin(), x->limbs.begin() + static_cast<ptrdiff_t>(drop));
    x->exponent += static_cast<int64_t>(drop) * kLimbDigits;
  } else if (x->limbs.size() < size) {
    const size_t pad = size - x->limbs.size();
    x->limbs.insert(x->limbs.begin(), pad, 0);
    x->exponent -= static_cast<int64_t>(pad) * kLimbDigits;
  }
}

Wide multiply(const Wide& a, const Wide& b, size_t size) {
  Wide out;
  out.limbs.assign(a.limbs.size() + b.limbs.size(), 0);
  for (size_t i = 0; i < a.limbs.size(); ++i) {
    U128 carry = 0;
    for (size_t k = 0; k < b.limbs.size(); ++k) {
      carry += static_cast<U128>(a.limbs[i]) * b.limbs[k] + out.limbs[i + k];
      out.limbs[i + k] = static_cast<uint64_t>(carry % kLimb);
      carry /= kLimb;
    }
    out.limbs[i + b.limbs.size()] = static_cast<uint64_t>(carry);
  }
  out.exponent = a.exponent + b.exponent;
  fit(&out, size);
  // The product of the bounds, and one for what was dropped; the factor covers their own product
  // and the rounding of these doubles.
  out.error = (a.error + b.error + 1) * 1.000001;
  return out;
}

Wide from_coefficient(U128 c, int64_t exponent, size_t size) {
  Wide out;
  for (; c != 0; c /= kLimb) out.limbs.push_back(static_cast<uint64_t>(c % kLimb));
  out.exponent = exponent;
  fit(&out, size);
  return out;
}

// 1 / (c x 10^exponent) by long division, four digits at a time (c < 10^34).
Wide reciprocal(U128 c, int64_t exponent, size_t size) {
  // The quotient begins with up to 34 zeros, hence four more limbs than wanted.
  const size_t count = (size + 4 + 1) / 2 * 2;
  Wide out;
  out.limbs.assign(count, 0);
  U128 rest = 1;
  for (size_t pair = 0; pair < count / 2; ++pair) {
    U128 digits = 0;
    for (int i = 0; i < 9; ++i) {
      rest *= kPow10[4];
      digits = digits * kPow10[4] + rest / c;
      rest %= c;
    }
    out.limbs[count - 1 - 2 * pair] = static_cast<uint64_t>(digits / kLimb);
    out.limbs[count - 2 - 2 * pair] = static_cast<uint64_t>(digits % kLimb);
  }
  out.exponent = -exponent - static_cast<int64_t>(count) * kLimbDigits;
  fit(&out, size);
  out.error = 1;
  return out;
}

// The decimal128 nearest to the limbs, of which there are at least three.
Decimal nearest(const Wide& x, bool negative) {
  size_t top = x.limbs.size();
  while (x.limbs[top - 1] == 0) --top;
  // The top limb has 1 to 18 digits: with one below it at least 19, and 36 are wanted.
  U128 head = x.limbs[top - 1];
  const int missing = 36 - digit_count(head) - kLimbDigits;  // from the third limb, 0 to 17
  const uint64_t low_unit =
      static_cast<uint64_t>(kPow10[static_cast<size_t>(kLimbDigits - missing)]);
  head = head * kLimb + x.limbs[top - 2];
  head = head * kPow10[static_cast<size_t>(missing)] + x.limbs[top - 3] / low_unit;
  bool sticky = x.limbs[top - 3] % low_unit != 0;
  for (size_t i = 0; i + 3 < top && !sticky; ++i) sticky = x.limbs[i] != 0;
  const int64_t exponent =
      x.exponent + static_cast<int64_t>(top - 3) * kLimbDigits + (kLimbDigits - missing);
  return make(negative, head, exponent, sticky);
}

// The upper end of x's interval.
Wide upper(const Wide& x) {
  Wide out = x;
  out.limbs.push_back(0);
  // x < 10^(18 size), so that error x 10^(-18 (size - 1)) x is below error units of limb 1.
  U128 carry = static_cast<U128>(x.error) + 2;
  for (size_t i = 1; i < out.limbs.size() && carry != 0; ++i) {
    carry += out.limbs[i];
    out.limbs[i] = static_cast<uint64_t>(carry % kLimb);
    carry /= kLimb;
  }
  return out;
}

// Left to right, so that every intermediate power lies between 1 and the result.
std::optional<Decimal> power(const Wide& base, U128 n, bool negative, size_t size) {
  int bit = 127;
  while ((n >> bit & 1) == 0) --bit;
  Wide x = base;
  for (--bit; bit >= 0; --bit) {
    x = multiply(x, x, size);
    if ((n >> bit & 1) != 0) x = multiply(x, base, size);
    const int64_t magnitude = x.exponent + static_cast<int64_t>(size) * kLimbDigits;
    if (magnitude > kPowerLimit) return make(negative, 1, kPowerLimit);
    if (magnitude < -kPowerLimit) return Decimal();
  }
  const Decimal low = nearest(x, negative);
  if (low.words() == nearest(upper(x), negative).words()) return low;
  return std::nullopt;
}

// c^n if it stays below 10^37.
std::optional<U128> small_power(U128 c, U128 n) {
  if (c == 1) return U128{1};
  if (n > 128) return std::nullopt;
  U128 out = 1;
  for (; n != 0; --n) {
    if (out > kPow10[37] / c) return std::nullopt;
    out *= c;
  }
  return out;
}

// How often the prime (2 or 5) is to be multiplied to give c, if c is such a power.
std::optional<unsigned> exponent_of(U128 c, unsigned prime) {
  unsigned count = 0;
  for (; c % prime == 0; c /= prime) ++count;
  if (c != 1 || count == 0) return std::nullopt;
  return count;
}

struct Exact {
  U128 coefficient;
  int64_t exponent;
};

// (c x 10^e)^n or its reciprocal, where a decimal of few digits is the exact value.
std::optional<Exact> exact_power(U128 c, int64_t e, U128 n, bool invert) {
  if (n > 100'000) return std::nullopt;
  const auto count = static_cast<int64_t>(n);
  if (!invert || c == 1) {
    const std::optional<U128> p = small_power(c, n);
    if (!p) return std::nullopt;
    return Exact{*p, invert ? -e * count : e * count};
  }
  // 1 / 2^k = 5^k x 10^-k, and 1 / 5^k = 2^k x 10^-k.
  for (const unsigned prime : {2U, 5U}) {
    const std::optional<unsigned> k = exponent_of(c, prime);
    if (!k) continue;
    const std::optional<U128> p = small_power(10 / prime, n * *k);
    if (!p) return std::nullopt;
    return Exact{*p, -count * (static_cast<int64_t>(*k) + e)};
  }
  return std::nullopt;
}

// The magnitude of an integral value, held at 2^127: any base but +-1 has left the range long
// before that power.
U128 integer_magnitude(const Parts& p) {
  constexpr U128 kTop = static_cast<U128>(1) << 127;
  if (p.exponent > 38) return kTop;
  if (p.exponent >= 0) {
    const U128 unit = kPow10[static_cast<size_t>(p.exponent)];
    return p.coefficient > kTop / unit ? kTop : p.coefficient * unit;
  }
  return p.coefficient / kPow10[static_cast<size_t>(std::min(-p.exponent, 38))];
}

}  // namespace

Decimal pow_integer(Decimal base, Decimal exponent) {
  Parts b = unpack(base.words());
  b.exponent += strip_zeros(&b.coefficient);
  const Parts x = unpack(exponent.words());
  const U128 n = integer_magnitude(x);
  const bool odd = x.exponent <= 0 && (n & 1) != 0;
  const bool negative = b.negative && odd;
  if (b.coefficient == 1 && b.exponent == 0) return make(negative, 1, 0);
  if (b.coefficient == 1 && n > 100'000) {  // a power of ten
    const bool grows = (b.exponent > 0) != x.negative;
    return grows ? make(negative, 1, kPowerLimit) : Decimal();
  }
  if (const auto exact = exact_power(b.coefficient, b.exponent, n, x.negative)) {
    return make(negative, exact->coefficient, exact->exponent);
  }
  // The error of a power grows with n, so that at least 34 digits more than its own are kept.
  const int lost = static_cast<int>(std::ceil(std::log10(static_cast<double>(n)))) + 2;
  const auto first = static_cast<size_t>((lost + 34 + 36) / kLimbDigits + 2);
  for (size_t size = first; size <= 4 * first; size *= 2) {
    const Wide start = x.negative ? reciprocal(b.coefficient, b.exponent, size)
                                  : from_coefficient(b.coefficient, b.exponent, size);
    if (const auto result = power(start, n, negative, size)) return *result;
  }
  return nan();
}

}  // namespace yipan::bid
