#include "yipan/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <unordered_set>

#include "base/decimal_bits.h"

namespace yipan {
namespace {

Decimal d(std::string_view text) {
  const std::optional<Decimal> value = Decimal::parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(Decimal::infinity());
}

std::string s(Decimal value) { return value.to_string(); }

TEST(Decimal, ParsesAndPrintsPlainNotation) {
  struct Case {
    const char* text;
    const char* printed;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"0", "0"},
           {"-0", "0"},
           {"0.000", "0"},
           {"0e99", "0"},
           {"12", "12"},
           {"+7", "7"},
           {"-0.50", "-0.5"},
           {".5", "0.5"},
           {"5.", "5"},
           {"1.2e3", "1200"},
           {"1E-3", "0.001"},
           {"1e+2", "100"},
           {"00012.3400", "12.34"},
           {"1e33", "1000000000000000000000000000000000"},
           {"1234567890123456789012345678901234", "1234567890123456789012345678901234"},
           {"0.1234567890123456789012345678901234", "0.1234567890123456789012345678901234"}}) {
    EXPECT_EQ(s(d(c.text)), c.printed) << c.text;
  }
}

TEST(Decimal, ParseRefusesWhatIsNoNumber) {
  for (const char* text :
       {"", "-", "+", ".", "1 ", " 1", "1e", "1e+", "e5", "1.2.3", "--1", "1,000", "Infinity",
        "NaN", "0x10", "1e9999", "-1e6145", "1e99999999999999999999", "１２"}) {
    EXPECT_FALSE(Decimal::parse(text)) << text;
  }
  EXPECT_FALSE(Decimal::parse("1e3", false));
  EXPECT_TRUE(Decimal::parse("1000", false));
}

TEST(Decimal, ParseRoundsHalfEvenTo34Digits) {
  EXPECT_EQ(s(d("1.0000000000000000000000000000000005")), "1");
  EXPECT_EQ(s(d("1.0000000000000000000000000000000015")), "1.000000000000000000000000000000002");
  EXPECT_EQ(s(d("1.00000000000000000000000000000000050000000000000000000001")),
            "1.000000000000000000000000000000001");
  EXPECT_EQ(s(d("99999999999999999999999999999999995")), "100000000000000000000000000000000000");
  // The ends of the range: subnormals round once, at their own last digit.
  EXPECT_EQ(d("1e-6176").words(), (bid::Words{1, 0}));
  EXPECT_TRUE(d("5e-6177").is_zero());
  EXPECT_EQ(d("15e-6177"), d("2e-6176"));
  EXPECT_EQ(d("1.5000000000000000000000000000000000001e-6176"), d("2e-6176"));
  EXPECT_TRUE(d("1e-99999999999999999999").is_zero());
  EXPECT_TRUE(Decimal::parse("9.999999999999999999999999999999999e6144"));
  EXPECT_TRUE(Decimal::parse("1e6144"));
  EXPECT_FALSE(Decimal::parse("9.9999999999999999999999999999999995e6144"));
}

TEST(Decimal, FromDoubleIsTheShortestRoundTrip) {
  EXPECT_EQ(s(Decimal::from_double(0.1)), "0.1");
  EXPECT_EQ(s(Decimal::from_double(-2.5)), "-2.5");
  EXPECT_EQ(s(Decimal::from_double(1e23)), "100000000000000000000000");
  EXPECT_EQ(s(Decimal::from_double(-0.0)), "0");
  EXPECT_EQ(s(Decimal::from_double(9007199254740993.0)), "9007199254740992");
  EXPECT_FALSE(Decimal::from_double(std::numeric_limits<double>::infinity()).is_finite());
  EXPECT_FALSE(Decimal::from_double(std::nan("")).is_finite());
  EXPECT_EQ(d("0.1").to_double(), 0.1);
}

TEST(Decimal, ArithmeticIsDecimal) {
  EXPECT_EQ(d("0.1") + d("0.2"), d("0.3"));
  EXPECT_EQ(d("1") / d("3"), d("0.3333333333333333333333333333333333"));
  EXPECT_EQ(d("10") / d("4"), d("2.5"));
  EXPECT_EQ(d("100") * d("1.10"), d("110"));
  EXPECT_EQ(s(d("5") - d("5.00")), "0");
  EXPECT_EQ(s(-d("0")), "0");
  EXPECT_EQ(s(d("-3") * d("0")), "0");
  EXPECT_EQ(d("9999999999999999999999999999999999") + d("1"), d("1e34"));
}

TEST(Decimal, WhatIsNoNumberIsNotFinite) {
  EXPECT_FALSE((d("1") / d("0")).is_finite());
  EXPECT_FALSE((d("0") / d("0")).is_finite());
  EXPECT_FALSE((d("9e6144") + d("9e6144")).is_finite());
  EXPECT_FALSE(d("-1").sqrt().is_finite());
  EXPECT_FALSE(d("0").log().is_finite());
  EXPECT_FALSE(d("-8").pow(d("0.5")).is_finite());
  const Decimal none = d("0") / d("0");
  EXPECT_FALSE(none == none);
  EXPECT_EQ(none <=> d("1"), std::partial_ordering::unordered);
  EXPECT_EQ(Decimal::infinity() <=> d("1"), std::partial_ordering::greater);
  EXPECT_EQ(-Decimal::infinity() <=> d("1"), std::partial_ordering::less);
  EXPECT_EQ(s(-Decimal::infinity()), "-Infinity");
  EXPECT_FALSE(none.to_int64());
  EXPECT_FALSE(none.is_negative());
}

TEST(Decimal, EqualValuesAreEqualAndHashAlike) {
  EXPECT_EQ(d("1.0"), d("1.00"));
  EXPECT_EQ(d("1.0").hash(), d("1.00").hash());
  EXPECT_EQ(d("1e20").hash(), d("100000000000000000000").hash());
  EXPECT_NE(d("1").hash(), d("-1").hash());
  EXPECT_NE(d("1").hash(), d("10").hash());
  EXPECT_EQ(d("0").hash(), d("0.000").hash());
  EXPECT_EQ(d("0.000").words(), Decimal().words());
  std::unordered_set<size_t> hashes;
  for (int i = 0; i < 100'000; ++i) hashes.insert(Decimal::from_scaled(i, i % 7).hash());
  EXPECT_GT(hashes.size(), 80'000U);
}

TEST(Decimal, OrderIsNumeric) {
  const char* ascending[] = {
      "-1e6144", "-2",   "-1.5",    "-0.0001", "0",
      "1e-6176", "0.3",  "0.30001", "1",       "1.0000000000000000000000000000000001",
      "12",      "1e20", "1e6144"};
  for (size_t i = 0; i < std::size(ascending); ++i) {
    for (size_t k = 0; k < std::size(ascending); ++k) {
      // The tenth is 1 after rounding to 34 digits.
      const size_t a = i == 9 ? 8 : i;
      const size_t b = k == 9 ? 8 : k;
      EXPECT_EQ(d(ascending[i]) <=> d(ascending[k]), std::partial_ordering(a <=> b))
          << ascending[i] << " " << ascending[k];
    }
  }
}

TEST(Decimal, RoundsInEachDirection) {
  using R = Decimal::Rounding;
  struct Case {
    const char* value;
    // half_even, half_up, half_down, up, down, floor, ceiling
    const char* expected[7];
  };
  const R modes[] = {R::half_even, R::half_up, R::half_down, R::up, R::down, R::floor, R::ceiling};
  for (const Case& c : {Case{"2.5", {"2", "3", "2", "3", "2", "2", "3"}},
                        Case{"3.5", {"4", "4", "3", "4", "3", "3", "4"}},
                        Case{"-2.5", {"-2", "-3", "-2", "-3", "-2", "-3", "-2"}},
                        Case{"2.51", {"3", "3", "3", "3", "2", "2", "3"}},
                        Case{"2.49", {"2", "2", "2", "3", "2", "2", "3"}},
                        Case{"-0.001", {"0", "0", "0", "-1", "0", "-1", "0"}},
                        Case{"1e-6000", {"0", "0", "0", "1", "0", "0", "1"}},
                        Case{"7", {"7", "7", "7", "7", "7", "7", "7"}}}) {
    for (size_t i = 0; i < 7; ++i) {
      EXPECT_EQ(s(d(c.value).rounded(0, modes[i])), c.expected[i]) << c.value << " mode " << i;
    }
  }
}

TEST(Decimal, RoundsAtAnyScale) {
  using R = Decimal::Rounding;
  EXPECT_EQ(s(d("1.005").rounded(2, R::half_even)), "1");
  EXPECT_EQ(s(d("1.015").rounded(2, R::half_even)), "1.02");
  EXPECT_EQ(s(d("1234.5").rounded(-2, R::half_up)), "1200");
  EXPECT_EQ(s(d("1250").rounded(-2, R::half_even)), "1200");
  EXPECT_EQ(s(d("4e100").rounded(-101, R::half_up)), "0");
  EXPECT_EQ(d("6e6143").rounded(-6144, R::half_up), d("1e6144"));
  EXPECT_EQ(s(d("1.25").rounded(6176, R::up)), "1.25");
  EXPECT_EQ(d("1e-6176").rounded(6175, R::up), d("1e-6175"));
  EXPECT_FALSE(Decimal::infinity().floor().is_finite());
  EXPECT_EQ(s(d("-1.5").floor()), "-2");
  EXPECT_EQ(s(d("-1.5").ceiling()), "-1");
}

TEST(Decimal, ModuloHasTheSignOfTheDivisor) {
  EXPECT_EQ(s(d("12").modulo(d("5"))), "2");
  EXPECT_EQ(s(d("-12").modulo(d("5"))), "3");
  EXPECT_EQ(s(d("12").modulo(d("-5"))), "-3");
  EXPECT_EQ(s(d("-12").modulo(d("-5"))), "-2");
  EXPECT_EQ(s(d("10.1").modulo(d("4.5"))), "1.1");
  EXPECT_EQ(s(d("-10.1").modulo(d("4.5"))), "3.4");
  EXPECT_EQ(s(d("10").modulo(d("5"))), "0");
  EXPECT_FALSE(d("1").modulo(d("0")).is_finite());
  // Quotients of more than 34 digits: 10^40 = 4 mod 7, 10^6144 = 1 mod 9.
  EXPECT_EQ(s(d("1e40").modulo(d("7"))), "4");
  EXPECT_EQ(s(d("1e6144").modulo(d("9"))), "1");
  EXPECT_EQ(s(d("1e6144").modulo(d("-9"))), "-8");
  EXPECT_EQ(s(d("3").modulo(d("1e50"))), "3");
  EXPECT_EQ(d("-3").modulo(d("1e50")), d("1e50"));  // 1e50 - 3, to 34 digits
  EXPECT_EQ(s(d("7").modulo(d("0.3"))), "0.1");
}

TEST(Decimal, ConvertsToIntegersOnlyIfExact) {
  EXPECT_EQ(d("12.000").to_int64(), 12);
  EXPECT_EQ(d("1.2e3").to_int64(), 1200);
  EXPECT_FALSE(d("12.5").to_int64());
  EXPECT_EQ(d("9223372036854775807").to_int64(), INT64_MAX);
  EXPECT_EQ(d("-9223372036854775808").to_int64(), INT64_MIN);
  EXPECT_FALSE(d("9223372036854775808").to_int64());
  EXPECT_FALSE(d("-9223372036854775809").to_int64());
  EXPECT_FALSE(d("1e6000").to_int64());
  EXPECT_FALSE(d("1e-6000").to_int64());
  EXPECT_EQ(d("12.5").to_scaled(1), 125);
  EXPECT_EQ(d("12.5").to_scaled(4), 125000);
  EXPECT_FALSE(d("12.55").to_scaled(1));
  EXPECT_EQ(d("1200").to_scaled(-2), 12);
  EXPECT_EQ(Decimal::from_int(INT64_MIN).to_int64(), INT64_MIN);
  EXPECT_EQ(s(Decimal::from_scaled(INT64_MIN, 2)), "-92233720368547758.08");
  EXPECT_EQ(Decimal::from_scaled(0, 5).to_scaled(9), 0);
  EXPECT_TRUE(d("1e6000").is_integer());
  EXPECT_TRUE(d("2.00").is_integer());
  EXPECT_FALSE(d("2.01").is_integer());
}

TEST(Decimal, FromWordsAcceptsOnlyCanonicalValues) {
  EXPECT_EQ(Decimal::from_words({0, 0x2FFE000000000000ULL}).words(), Decimal().words());
  EXPECT_EQ(Decimal::from_words({~0ULL, 0x3041FFFFFFFFFFFFULL}).words(), Decimal().words());
  EXPECT_TRUE(Decimal::from_words({5, 0x6000000000000000ULL}).is_zero());  // too large: zero
  EXPECT_FALSE(Decimal::from_words({5, 0xFE00000000000000ULL}).is_finite());
  EXPECT_EQ(Decimal::from_words({7, 0xF800000000001000ULL}), -Decimal::infinity());
  EXPECT_EQ(Decimal::from_words(d("-12.5").words()), d("-12.5"));
}

TEST(Decimal, RootsAndLogarithms) {
  EXPECT_EQ(d("2").sqrt(), d("1.414213562373095048801688724209698"));
  EXPECT_EQ(d("144").sqrt(), d("12"));
  EXPECT_EQ(s(d("0").exp()), "1");
  EXPECT_EQ(s(d("1").log()), "0");
  const auto near = [](Decimal a, Decimal b) { return (a - b).abs() <= d("2e-33") * b.abs(); };
  EXPECT_TRUE(near(d("1").exp(), d("2.718281828459045235360287471352662")));
  EXPECT_TRUE(near(d("10").log(), d("2.302585092994045684017991454684364")));
  EXPECT_TRUE(near(d("2").pow(d("0.5")), d("1.414213562373095048801688724209698")));
}

}  // namespace
}  // namespace yipan
