#include "rules/number.h"

#include <gtest/gtest.h>

#include "yipan/clock.h"

namespace yipan::rules {
namespace {

Decimal random_decimal(Random* random) {
  const int digits = static_cast<int>(random->below(20));
  int64_t bound = 1;
  for (int i = 0; i < digits && i < 18; ++i) bound *= 10;
  return Decimal::from_scaled(random->between(-bound, bound),
                              static_cast<int>(random->below(24)) - 4);
}

// The short cuts give what Decimal gives.
TEST(Number, ShortCutsAgreeWithDecimal) {
  const uint64_t seed = 34;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 200'000; ++i) {
    const Decimal a = random_decimal(&random), b = random_decimal(&random);
    const Value x = Value::number(a), y = Value::number(b);
    ASSERT_EQ(add_numbers(x, y, false).as_number(), a + b) << a.to_string() << " " << b.to_string();
    ASSERT_EQ(add_numbers(x, y, true).as_number(), a - b) << a.to_string() << " " << b.to_string();
    ASSERT_EQ(multiply_numbers(x, y).as_number(), a * b) << a.to_string() << " " << b.to_string();
    for (const Value& v : {add_numbers(x, y, true), multiply_numbers(x, y)}) {
      if (v.as_number().is_zero()) {
        ASSERT_EQ(v.as_number().words(), Decimal().words());
      }
    }
    const int order = a < b ? -1 : a == b ? 0 : 1;
    ASSERT_EQ(compare_numbers(x, y), order) << a.to_string() << " " << b.to_string();
  }
}

TEST(Number, InfinityIsSeen) {
  EXPECT_FALSE(is_finite_number(Value::number(Decimal::infinity())));
  EXPECT_TRUE(is_finite_number(Value::number(int64_t{-5})));
}

}  // namespace
}  // namespace yipan::rules
