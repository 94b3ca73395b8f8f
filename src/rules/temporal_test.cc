#include "rules/temporal.h"

#include <gtest/gtest.h>

#include "rules/zone.h"
#include "yipan/clock.h"

namespace yipan::rules {
namespace {

int32_t offset(const char* zone, const char* local) {
  const auto z = Zone::named(zone);
  const auto t = parse_date_time(local);
  return z && t ? z->offset_at_local(t->seconds) : -1;
}

TEST(Zone, KnowsHistoryAndTheFuture) {
  EXPECT_EQ(offset("Asia/Shanghai", "2022-11-23T00:00:00"), 8 * 3600);
  EXPECT_EQ(offset("Asia/Shanghai", "1988-07-01T00:00:00"), 9 * 3600);  // summer time, 1986-1991
  EXPECT_EQ(offset("Europe/Paris", "2018-07-01T00:00:00"), 2 * 3600);
  EXPECT_EQ(offset("Europe/Paris", "2018-12-01T00:00:00"), 3600);
  EXPECT_EQ(offset("Europe/Paris", "2999-07-01T00:00:00"), 2 * 3600);  // by the POSIX rule
  EXPECT_EQ(offset("Australia/Melbourne", "2500-01-01T00:00:00"), 11 * 3600);
  EXPECT_FALSE(Zone::named("Nowhere/City"));
  EXPECT_FALSE(Zone::named("../../../etc/passwd"));
  EXPECT_FALSE(tzdata_version().empty());
}

TEST(Zone, PosixRules) {
  const auto rule = internal::parse_posix_tz("CET-1CEST,M3.5.0,M10.5.0/3");
  ASSERT_TRUE(rule.present && rule.has_summer);
  EXPECT_EQ(rule.offset_at(Date::from_ymd(2030, 7, 1)->days() * kSecondsPerDay), 7200);
  EXPECT_EQ(rule.offset_at(Date::from_ymd(2030, 1, 1)->days() * kSecondsPerDay), 3600);
  EXPECT_FALSE(internal::parse_posix_tz("nonsense,,").present);
  EXPECT_EQ(internal::parse_posix_tz("<+0330>-3:30").standard, 12600);
}

TEST(Temporal, WrittenAndReadBack) {
  const uint64_t seed = 77;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 20'000; ++i) {
    DateTime t;
    t.seconds = random.between(-30'000'000'000'000'000, 30'000'000'000'000'000);
    t.nanos = static_cast<int32_t>(random.below(1'000'000'000));
    if (random.chance(0.5)) {
      t.zone = Zone::offset_seconds(static_cast<int32_t>(random.between(-64800, 64800)));
    }
    const auto back = parse_date_time(format_date_time(t));
    ASSERT_TRUE(back) << format_date_time(t);
    ASSERT_TRUE(Value::date_time(*back).same_as(Value::date_time(t))) << format_date_time(t);
    const DaysDuration d{random.between(-1'000'000'000'000, 1'000'000'000'000), t.nanos};
    ASSERT_EQ(*parse_days_duration(format_duration(d)), d) << format_duration(d);
    const int64_t months = random.between(-10'000'000'000, 10'000'000'000);
    ASSERT_EQ(*parse_months_duration(format_months(months)), months);
  }
}

TEST(Temporal, RefusesWhatIsNoDate) {
  for (const char* bad : {"2021-02-30", "21-01-01", "+2021-01-01", "02021-01-01", "2021-1-1",
                          "1000000000-01-01", "2021-01-01T", "-0000-01-01"}) {
    EXPECT_TRUE(parse_temporal(bad).is_null()) << bad;
  }
  for (const char* bad : {"P", "PT", "P1", "P1H", "PT1D", "P1YT1H", "P1M2Y", "1D", "PT1.5H"}) {
    EXPECT_TRUE(parse_temporal(bad).is_null()) << bad;
  }
}

}  // namespace
}  // namespace yipan::rules
