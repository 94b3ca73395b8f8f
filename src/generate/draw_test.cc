#include "generate/draw.h"

#include <gtest/gtest.h>

#include <numeric>

namespace yipan::generate {
namespace {

TEST(Draw, SplitAddsUpAndFollowsTheWeights) {
  EXPECT_EQ(split(10, {1, 1, 2}), (std::vector<int64_t>{3, 2, 5}));
  EXPECT_EQ(split(0, {1, 0}), (std::vector<int64_t>{0, 0}));
  EXPECT_EQ(split(7, {0, 3, 0}), (std::vector<int64_t>{0, 7, 0}));
}

TEST(Draw, PropertyPartsAddUp) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    Random random(seed);
    const size_t count = 1 + random.below(200);
    const int64_t least = static_cast<int64_t>(random.below(50));
    const int64_t total =
        least * static_cast<int64_t>(count) + static_cast<int64_t>(random.below(1'000'000'000));
    const std::vector<int64_t> parts = split_randomly(random, total, count, least);
    ASSERT_EQ(parts.size(), count);
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), int64_t{0}), total);
    for (const int64_t part : parts) EXPECT_GE(part, least);
    const Date from = day(2016, 1, 1);
    const Date drawn = draw_date(random, from, from.plus_days(9));
    EXPECT_TRUE(drawn >= from && drawn <= from.plus_days(9));
    const Date working = working_day(drawn);
    EXPECT_TRUE(working.weekday() <= 5 && working >= drawn && working < drawn.plus_days(3));
    const double factor = spread(random);
    EXPECT_TRUE(factor > 0.2 && factor < 5);
  }
}

TEST(Draw, WorkingDays) {
  EXPECT_EQ(working_day(day(2022, 11, 26)).to_string(), "2022-11-28");  // a Saturday
  EXPECT_EQ(plus_working_days(day(2022, 11, 25), 1).to_string(), "2022-11-28");
  EXPECT_EQ(id_of("P", 7), "P0007");
}

}  // namespace
}  // namespace yipan::generate
