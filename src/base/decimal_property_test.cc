// The short cuts against Intel's library, on values where both the short and the long way are
// often taken.
#include <gtest/gtest.h>

#include <random>

#include "base/decimal_bits.h"
#include "base/test_seed.h"
#include "yipan/decimal.h"

namespace yipan {
namespace {

class Source {
 public:
  explicit Source(uint64_t seed) : random_(seed) {}

  uint64_t below(uint64_t n) { return random_() % n; }

  // Coefficients of 0 to 34 digits, often small, often with trailing zeros; exponents near each
  // other, and now and then anywhere.
  Decimal next() {
    bid::U128 c = 0;
    const uint64_t digits = below(3) == 0 ? below(35) : below(12);
    for (uint64_t i = 0; i < digits; ++i) c = c * 10 + (below(4) == 0 ? 0 : below(10));
    const int64_t exponent = below(20) == 0 ? static_cast<int64_t>(below(12'400)) - 6'200
                                            : static_cast<int64_t>(below(30)) - 20;
    const Decimal value = bid::make(below(2) == 0, c, exponent);
    return value.is_finite() ? value : next();
  }

 private:
  std::mt19937_64 random_;
};

std::string both(Decimal a, Decimal b) { return a.to_string() + " and " + b.to_string(); }

constexpr int kRounds = 200'000;

TEST(DecimalProperty, ArithmeticEqualsTheLibrary) {
  Source source(test_seed("ArithmeticEqualsTheLibrary"));
  for (int i = 0; i < kRounds; ++i) {
    const Decimal a = source.next();
    const Decimal b = source.next();
    // Bit for bit, but for operands that are zero: there the exponent of the other one is kept.
    ASSERT_EQ(a + b, bid::library_add(a, b)) << both(a, b);
    ASSERT_EQ(a - b, bid::library_sub(a, b)) << both(a, b);
    ASSERT_EQ((a * b).words(), bid::library_mul(a, b).words()) << both(a, b);
    if (!b.is_zero()) {
      ASSERT_EQ(a / b, bid::library_div(a, b)) << both(a, b);
    }
    if (!a.is_zero() && !b.is_zero()) {
      ASSERT_EQ((a + b).words(), bid::library_add(a, b).words()) << both(a, b);
    }
  }
}

TEST(DecimalProperty, OrderEqualsTheLibrary) {
  Source source(test_seed("OrderEqualsTheLibrary"));
  for (int i = 0; i < kRounds; ++i) {
    const Decimal a = source.next();
    const Decimal b = source.below(4) == 0 ? a * Decimal::from_scaled(10, 1) : source.next();
    ASSERT_EQ(a <=> b, bid::library_compare(a, b)) << both(a, b);
    ASSERT_EQ(a == b, bid::library_compare(a, b) == std::partial_ordering::equivalent)
        << both(a, b);
    if (a == b) {
      ASSERT_EQ(a.hash(), b.hash()) << both(a, b);
    }
  }
}

TEST(DecimalProperty, RoundingEqualsTheLibrary) {
  Source source(test_seed("RoundingEqualsTheLibrary"));
  for (int i = 0; i < kRounds; ++i) {
    const Decimal a = source.next();
    const int scale = static_cast<int>(source.below(40)) - 10;
    const Decimal unit = bid::make(false, 1, -scale);
    const Decimal expected = bid::library_quantize(a, unit);
    if (!expected.is_finite()) continue;  // more than 34 digits: nothing to round
    ASSERT_EQ(a.rounded(scale, Decimal::Rounding::half_even), expected)
        << a.to_string() << " to " << scale;
  }
}

TEST(DecimalProperty, ModuloEqualsTheLibrary) {
  Source source(test_seed("ModuloEqualsTheLibrary"));
  for (int i = 0; i < kRounds / 4; ++i) {
    const Decimal a = source.next();
    const Decimal b = source.next();
    if (b.is_zero()) continue;
    Decimal expected = bid::library_fmod(a, b);
    if (!expected.is_zero() && a.is_negative() != b.is_negative()) expected = expected + b;
    ASSERT_EQ(a.modulo(b), expected) << both(a, b);
  }
}

TEST(DecimalProperty, TextRoundTrips) {
  Source source(test_seed("TextRoundTrips"));
  for (int i = 0; i < kRounds / 4; ++i) {
    const Decimal a = source.next();
    const std::string text = a.to_string();
    const std::optional<Decimal> back = Decimal::parse(text, false);
    ASSERT_TRUE(back.has_value()) << text;
    ASSERT_EQ(*back, a);
    ASSERT_EQ(back->to_string(), text);
    ASSERT_EQ(bid::library_parse(text.c_str()), a) << text;
  }
}

TEST(DecimalProperty, LongLiteralsRoundAsTheLibraryDoes) {
  Source source(test_seed("LongLiteralsRoundAsTheLibraryDoes"));
  for (int i = 0; i < kRounds / 4; ++i) {
    std::string text = source.below(2) == 0 ? "-" : "";
    const uint64_t digits = 1 + source.below(60);
    const uint64_t point = source.below(digits);
    for (uint64_t k = 0; k < digits; ++k) {
      if (k == point) text += '.';
      const uint64_t digit = source.below(3) == 0 ? 5 * source.below(2) : source.below(10);
      text += static_cast<char>('0' + digit);
    }
    text += "e" + std::to_string(static_cast<int64_t>(source.below(12'000)) - 6'200);
    const Decimal expected = bid::library_parse(text.c_str());
    const std::optional<Decimal> value = Decimal::parse(text);
    ASSERT_EQ(value.has_value(), expected.is_finite()) << text;
    if (value) {
      ASSERT_EQ(*value, expected) << text;
    }
  }
}

TEST(DecimalProperty, DoublesRoundTrip) {
  std::mt19937_64 random(test_seed("DoublesRoundTrip"));
  for (int i = 0; i < kRounds / 4; ++i) {
    const uint64_t bits = random();
    double value;
    static_assert(sizeof value == sizeof bits);
    __builtin_memcpy(&value, &bits, sizeof value);
    if (value != value || value - value != 0) continue;
    ASSERT_EQ(Decimal::from_double(value).to_double(), value) << bits;
  }
}

}  // namespace
}  // namespace yipan
