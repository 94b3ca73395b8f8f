#include "yipan/money.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/test_seed.h"

namespace yipan {
namespace {

using testing::HasSubstr;

Decimal d(std::string_view text) { return Decimal::parse(text).value_or(Decimal::infinity()); }

TEST(Money, FromUnitsExactly) {
  EXPECT_EQ(Money::yuan(12)->fen(), 1200);
  EXPECT_EQ(Money::from_yuan(d("12.34"))->fen(), 1234);
  EXPECT_EQ(Money::from_yuan(d("-0.01"))->fen(), -1);
  EXPECT_EQ(Money::from_wan_yuan(d("3.000001"))->fen(), 3'000'001);
  EXPECT_EQ(Money::from_yi_yuan(d("1.5"))->fen(), 15'000'000'000);
  EXPECT_EQ(Money::from_yuan(d("92233720368547758.07"))->fen(), INT64_MAX);
  EXPECT_EQ(Money::from_yuan(d("-92233720368547758.08"))->fen(), INT64_MIN);
}

TEST(Money, PartsOfAFenAreRefusedWithTheirDigits) {
  const auto half = Money::from_yuan(d("0.005"));
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().code(), "base.money.digits");
  EXPECT_EQ(half.error().message_en(),
            "0.005 yuan is not a whole number of fen: 3 digits after the point, at most 2 are "
            "possible");
  EXPECT_EQ(half.error().message_zh(), "金额 0.005 元不是整数分：小数点后有 3 位，至多 2 位");
  EXPECT_THAT(half.error().remedy_zh(), HasSubstr("去掉多余的 1 位小数"));
  EXPECT_THAT(half.error().remedy_en(), HasSubstr("drop the 1 digits too many"));
  const auto wan = Money::from_wan_yuan(d("1.00000012"));
  ASSERT_FALSE(wan);
  EXPECT_THAT(wan.error().message_zh(), HasSubstr("1.00000012 万元不是整数分：小数点后有 8 位"));
}

TEST(Money, OverflowIsAnErrorThatShowsTheOperation) {
  const Money most = Money::fen(INT64_MAX);
  const auto sum = most.plus(Money::fen(1));
  ASSERT_FALSE(sum);
  EXPECT_EQ(sum.error().code(), "base.money.overflow");
  EXPECT_EQ(sum.error().message_en(),
            "the amount is out of range: 92233720368547758.07 + 0.01 yuan");
  EXPECT_EQ(sum.error().message_zh(), "金额超出范围：92233720368547758.07 + 0.01 元");
  EXPECT_THAT(sum.error().remedy_zh(), HasSubstr("请检查单位"));
  for (const auto& result :
       {Money::fen(INT64_MIN).minus(Money::fen(1)), most.times(int64_t{2}), most.times(d("1.1")),
        Money::yuan(INT64_MAX), Money::from_yuan(d("1e30")), Money::fen(1).times(d("1e40"))}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code(), "base.money.overflow");
  }
  EXPECT_EQ(Money::fen(INT64_MIN).times(Decimal::from_int(1))->fen(), INT64_MIN);
  EXPECT_FALSE(Money::fen(INT64_MIN).times(Decimal::from_int(-1)));
  const auto infinite = Money::fen(1).times(Decimal::infinity());
  ASSERT_FALSE(infinite);
  EXPECT_EQ(infinite.error().code(), "base.money.not_finite");
  EXPECT_EQ(Money::from_yuan(Decimal::infinity()).error().code(), "base.money.not_finite");
}

TEST(Money, TimesRoundsHalfEvenToTheFen) {
  EXPECT_EQ(Money::fen(5).times(d("0.5"))->fen(), 2);
  EXPECT_EQ(Money::fen(7).times(d("0.5"))->fen(), 4);
  EXPECT_EQ(Money::fen(-5).times(d("0.5"))->fen(), -2);
  EXPECT_EQ(Money::fen(5).times(d("0.50000000000000000000000000000001"))->fen(), 3);
  EXPECT_EQ(Money::fen(100).times(d("1e-6000"))->fen(), 0);
  EXPECT_EQ(Money::fen(0).times(d("1e6000"))->fen(), 0);
  EXPECT_EQ(Money::fen(3).times(d("1e3"))->fen(), 3000);
  // Exactly 1,000,000,000,000,000,000.5 - 10^-34 and the like: one rounding, not two.
  EXPECT_EQ(
      Money::fen(1'000'000'000'000'000'001).times(d("0.4999999999999999999999999999999999"))->fen(),
      500'000'000'000'000'000);
  EXPECT_EQ(Money::fen(INT64_MAX).times(d("1"))->fen(), INT64_MAX);
}

TEST(Money, TimesAgreesWithTheExactProduct) {
  std::mt19937_64 random(test_seed("TimesAgreesWithTheExactProduct"));
  for (int i = 0; i < 100'000; ++i) {
    // Nine digits each: the product is exact in a Decimal.
    const auto fen = static_cast<int64_t>(random() % 2'000'000'000) - 1'000'000'000;
    const auto units = static_cast<int64_t>(random() % 2'000'000'000) - 1'000'000'000;
    const Decimal factor = Decimal::from_scaled(units, static_cast<int>(random() % 25));
    const Decimal exact = Decimal::from_int(fen) * factor;
    ASSERT_EQ(Money::fen(fen).times(factor)->fen(),
              exact.rounded(0, Decimal::Rounding::half_even).to_int64())
        << fen << " x " << factor.to_string();
  }
}

TEST(Money, RatioAndText) {
  EXPECT_EQ(Money::fen(1).ratio(Money::fen(4)).value(), d("0.25"));
  const auto none = Money::fen(1).ratio(Money());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), "base.money.zero_whole");
  EXPECT_THAT(none.error().message_en(), HasSubstr("the whole amount is zero"));
  EXPECT_EQ(Money::fen(123450).to_string(), "1234.50");
  EXPECT_EQ(Money::fen(-5).to_string(), "-0.05");
  EXPECT_EQ(Money::fen(INT64_MIN).to_string(), "-92233720368547758.08");
  EXPECT_EQ(Money::fen(123450).to_yuan(), d("1234.5"));
  EXPECT_EQ(Money::fen(123450).to_wan_yuan(), d("0.12345"));
  EXPECT_EQ(Money::fen(15'000'000'000).to_yi_yuan(), d("1.5"));
}

}  // namespace
}  // namespace yipan
