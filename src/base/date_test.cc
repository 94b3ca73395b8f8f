#include "yipan/date.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "base/test_seed.h"

namespace yipan {
namespace {

using testing::HasSubstr;

Date date(std::string_view text) {
  const auto value = Date::parse(text);
  EXPECT_TRUE(value) << text;
  return value.value_or(Date());
}

TEST(Date, ParsesAndPrints) {
  EXPECT_EQ(date("1970-01-01").days(), 0);
  EXPECT_EQ(date("2022-11-30").days(), 19326);
  EXPECT_EQ(date("0000-02-29").ymd(), (YearMonthDay{0, 2, 29}));
  for (const char* text : {"2022-11-30", "0001-01-01", "-0044-03-15", "999999999-12-31",
                           "-999999999-01-01", "12345-06-07", "2000-02-29"}) {
    EXPECT_EQ(date(text).to_string(), text);
  }
}

TEST(Date, ErrorsSayWhichPartIsWrong) {
  struct Case {
    const char* text;
    const char* code;
    const char* zh;
    const char* en;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"2023-02-30", "base.date.day", "日期“2023-02-30”有误：2023 年 2 月有 28 天",
            "the date \"2023-02-30\" is wrong: February 2023 has 28 days"},
           {"2023-04-00", "base.date.day", "2023 年 4 月有 30 天", "April 2023 has 30 days"},
           {"2023-13-01", "base.date.month", "没有 13 月", "there is no month 13"},
           {"2023-00-01", "base.date.month", "没有 0 月", "there is no month 0"},
           {"1000000000-01-01", "base.date.year", "年份超出正负 999,999,999",
            "the year is beyond +-999,999,999"},
           {"23-01-01", "base.date.form", "年份只有 2 位数字", "the year has 2 digits, not four"},
           {"02023-01-01", "base.date.form", "不能以 0 开头", "does not begin with 0"},
           {"", "base.date.form", "开头不是年份", "does not begin with a year"},
           {"+2023-01-01", "base.date.form", "开头不是年份", "does not begin with a year"},
           {"2023/01/01", "base.date.form", "月份之前须是连字符", "no \"-\" before the month"},
           {"2023-1-01", "base.date.form", "月份不是两位数字", "the month is not two digits"},
           {"2023-01", "base.date.form", "日之前须是连字符", "no \"-\" before the day"},
           {"2023-01-1", "base.date.form", "日不是两位数字", "the day is not two digits"},
           {"2023-01-01Z", "base.date.form", "日之后还有“Z”", "\"Z\" follows the day"},
           {"2023年1月1日", "base.date.form", "月份之前须是连字符", "no \"-\" before the month"}}) {
    const auto value = Date::parse(c.text);
    ASSERT_FALSE(value) << c.text;
    EXPECT_EQ(value.error().code(), c.code) << c.text;
    EXPECT_THAT(value.error().message_zh(), HasSubstr(c.zh));
    EXPECT_THAT(value.error().message_en(), HasSubstr(c.en));
    EXPECT_FALSE(value.error().remedy_zh().empty()) << c.text;
    EXPECT_FALSE(value.error().remedy_en().empty()) << c.text;
  }
  const auto form = Date::parse("2023/01/01");
  EXPECT_THAT(form.error().remedy_zh(), HasSubstr("例如 2022-11-30"));
  EXPECT_THAT(form.error().remedy_en(), HasSubstr("such as 2022-11-30"));
}

TEST(Date, FromYmdRefusesWhatIsNoDay) {
  EXPECT_TRUE(Date::from_ymd(2024, 2, 29));
  EXPECT_FALSE(Date::from_ymd(2023, 2, 29));
  EXPECT_FALSE(Date::from_ymd(1900, 2, 29));
  EXPECT_TRUE(Date::from_ymd(2000, 2, 29));
  EXPECT_FALSE(Date::from_ymd(2023, 0, 1));
  EXPECT_FALSE(Date::from_ymd(2023, 1, 32));
  EXPECT_FALSE(Date::from_ymd(1'000'000'000, 1, 1));
  EXPECT_FALSE(Date::from_ymd(INT64_MIN, 1, 1));
}

TEST(Date, WeeksAndDaysOfTheYear) {
  struct Case {
    const char* text;
    int weekday;
    int week;
    int day_of_year;
  };
  // ISO 8601: the first week of a year holds its first Thursday.
  for (const Case& c : std::initializer_list<Case>{{"2005-01-01", 6, 53, 1},
                                                   {"2005-12-31", 6, 52, 365},
                                                   {"2007-01-01", 1, 1, 1},
                                                   {"2008-12-29", 1, 1, 364},
                                                   {"2010-01-03", 7, 53, 3},
                                                   {"2020-12-31", 4, 53, 366},
                                                   {"2022-11-30", 3, 48, 334},
                                                   {"1969-12-31", 3, 1, 365}}) {
    EXPECT_EQ(date(c.text).weekday(), c.weekday) << c.text;
    EXPECT_EQ(date(c.text).iso_week(), c.week) << c.text;
    EXPECT_EQ(date(c.text).day_of_year(), c.day_of_year) << c.text;
  }
}

TEST(Date, MonthsKeepTheDayOrTakeTheLast) {
  EXPECT_EQ(date("2023-01-31").plus_months(1)->to_string(), "2023-02-28");
  EXPECT_EQ(date("2024-02-29").plus_months(12)->to_string(), "2025-02-28");
  EXPECT_EQ(date("2023-03-31").plus_months(-1)->to_string(), "2023-02-28");
  EXPECT_EQ(date("0000-01-15").plus_months(-1)->to_string(), "-0001-12-15");
  EXPECT_FALSE(date("999999999-12-01").plus_months(1));
  EXPECT_FALSE(date("2023-01-01").plus_months(INT64_MAX));
  EXPECT_FALSE(date("-2023-01-01").plus_months(INT64_MIN));
}

TEST(Date, WholeMonthsAndYearsBetween) {
  EXPECT_EQ(whole_years_between(date("2000-02-29"), date("2018-02-28")), 17);
  EXPECT_EQ(whole_years_between(date("2000-02-29"), date("2018-03-01")), 18);
  EXPECT_EQ(whole_years_between(date("2018-03-01"), date("2000-02-29")), -18);
  EXPECT_EQ(whole_months_between(date("2023-01-31"), date("2023-02-28")), 0);
  EXPECT_EQ(whole_months_between(date("2023-01-15"), date("2023-03-15")), 2);
  EXPECT_EQ(whole_months_between(date("2023-03-15"), date("2023-01-16")), -1);
  EXPECT_EQ(whole_months_between(date("2023-03-15"), date("2023-03-15")), 0);
}

TEST(Date, AgreesWithChrono) {
  std::mt19937_64 random(test_seed("AgreesWithChrono"));
  for (int i = 0; i < 200'000; ++i) {
    // chrono's years are -32767 to 32767.
    const int64_t days = static_cast<int64_t>(random() % 22'000'000) - 11'000'000;
    const std::chrono::sys_days point{std::chrono::days(days)};
    const std::chrono::year_month_day expected(point);
    const Date value = Date::from_days(days);
    const YearMonthDay ymd = value.ymd();
    ASSERT_EQ(ymd.year, static_cast<int>(expected.year())) << days;
    ASSERT_EQ(ymd.month, static_cast<unsigned>(expected.month())) << days;
    ASSERT_EQ(ymd.day, static_cast<unsigned>(expected.day())) << days;
    ASSERT_EQ(value.weekday(), static_cast<int>(std::chrono::weekday(point).iso_encoding()))
        << days;
  }
}

TEST(Date, RoundTripsOverTheWholeRange) {
  std::mt19937_64 random(test_seed("RoundTripsOverTheWholeRange"));
  const int64_t first = date("-999999999-01-01").days();
  const int64_t last = date("999999999-12-31").days();
  for (int i = 0; i < 200'000; ++i) {
    const int64_t days =
        first + static_cast<int64_t>(random() % static_cast<uint64_t>(last - first + 1));
    const Date value = Date::from_days(days);
    const YearMonthDay ymd = value.ymd();
    ASSERT_EQ(Date::from_ymd(ymd.year, ymd.month, ymd.day), value) << days;
    ASSERT_EQ(Date::parse(value.to_string()).value(), value) << value.to_string();
    ASSERT_LE(value.iso_week(), 53) << days;
    ASSERT_GE(value.iso_week(), 1) << days;
  }
}

TEST(Instant, ParsesAndPrints) {
  EXPECT_EQ(Instant::parse("1970-01-01T00:00:00Z")->micros(), 0);
  EXPECT_EQ(Instant::parse("2022-11-23T16:30:00+08:00")->to_string(), "2022-11-23T08:30:00Z");
  EXPECT_EQ(Instant::parse("2022-11-23T08:30:00.5Z")->to_string(), "2022-11-23T08:30:00.500000Z");
  EXPECT_EQ(Instant::parse("1969-12-31T23:59:59.999999Z")->micros(), -1);
  EXPECT_EQ(Instant::parse("2022-12-31T20:00:00-05:30")->utc_date().to_string(), "2023-01-01");
  for (const int64_t micros : {INT64_MIN, INT64_MAX, int64_t{-1}, int64_t{0}}) {
    const Instant value = Instant::from_micros(micros);
    EXPECT_EQ(Instant::parse(value.to_string())->micros(), micros) << value.to_string();
  }
}

TEST(Instant, ErrorsSayWhichPartIsWrong) {
  struct Case {
    const char* text;
    const char* code;
    const char* zh;
    const char* en;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"2022-11-23", "base.instant.form", "须是字母 T", "followed by the letter T"},
           {"2022-11-23 08:30:00Z", "base.instant.form", "须是字母 T", "the letter T"},
           {"2022-11-23T08:30Z", "base.instant.form", "不是 时:分:秒", "not hh:mm:ss"},
           {"2022-11-23T08:30:00", "base.instant.form", "缺少时区", "the time zone is missing"},
           {"2022-11-23T24:00:00Z", "base.instant.form", "小时超过 23", "the hour is above 23"},
           {"2022-11-23T08:60:00Z", "base.instant.form", "分钟超过 59", "the minute is above 59"},
           {"2022-11-23T08:30:60Z", "base.instant.form", "不记闰秒", "leap seconds"},
           {"2022-11-23T08:30:00.Z", "base.instant.form", "1 至 6 位", "1 to 6 digits"},
           {"2022-11-23T08:30:00.1234567Z", "base.instant.form", "1 至 6 位", "1 to 6 digits"},
           {"2022-11-23T08:30:00+15:00", "base.instant.form", "正负 14:00", "beyond +-14:00"},
           {"2022-11-23T08:30:00+8:00", "base.instant.form", "时区不是 Z", "neither Z nor"},
           {"2022-11-23T08:30:00Zz", "base.instant.form", "时区不是 Z", "neither Z nor"},
           {"2022-02-29T08:30:00Z", "base.date.day", "2022 年 2 月有 28 天", "has 28 days"},
           {"999999-01-01T00:00:00Z", "base.instant.range", "超出范围", "out of range"}}) {
    const auto value = Instant::parse(c.text);
    ASSERT_FALSE(value) << c.text;
    EXPECT_EQ(value.error().code(), c.code) << c.text;
    EXPECT_THAT(value.error().message_zh(), HasSubstr(c.zh));
    EXPECT_THAT(value.error().message_en(), HasSubstr(c.en));
    EXPECT_FALSE(value.error().remedy_zh().empty()) << c.text;
  }
}

TEST(Instant, RoundTrips) {
  std::mt19937_64 random(test_seed("Instant.RoundTrips"));
  for (int i = 0; i < 100'000; ++i) {
    const Instant value = Instant::from_micros(static_cast<int64_t>(random()));
    ASSERT_EQ(Instant::parse(value.to_string()).value(), value) << value.to_string();
  }
}

}  // namespace
}  // namespace yipan
