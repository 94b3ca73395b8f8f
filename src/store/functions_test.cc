// The portable functions give the same on both databases.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "store/sqlite/functions.h"
#include "store/store_test_util.h"
#include "support/postgres.h"
#include "yipan/clock.h"

namespace yipan::store {
namespace {

using ::testing::HasSubstr;

class FunctionsTest : public test::BothDatabases {
 protected:
  // The one value of an expression, as text; "error: ..." if it fails.
  static std::string value(Connection* db, const std::string& expression, Type type) {
    auto rows = db->query("SELECT " + expression, {}, {type});
    if (!rows) return "error: " + rows.error().to_string_en();
    Batch batch;
    auto more = (*rows)->next(&batch);
    if (!more) return "error: " + more.error().to_string_en();
    if (type == Type::date && !batch.columns[0].is_null(0)) {
      return Date::from_days(batch.columns[0].int_at(0)).to_string();
    }
    if (type == Type::real && !batch.columns[0].is_null(0)) {
      return std::to_string(batch.columns[0].real_at(0));
    }
    return cell_text(batch.columns[0], 0);
  }
};
YIPAN_ON_BOTH_DATABASES(FunctionsTest);

struct Case {
  const char* expression;
  Type type;
  const char* expected;
};

TEST_P(FunctionsTest, GiveWhatTheManualSays) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  constexpr Case kCases[] = {
      {"days_between('2022-11-30', '2022-12-02')", Type::integer, "2"},
      {"days_between('2022-12-02', '2022-11-30')", Type::integer, "-2"},
      {"days_between('2022-12-02', NULL)", Type::integer, "null"},
      {"months_between('2022-01-31', '2022-02-28')", Type::integer, "0"},
      {"months_between('2022-02-28', '2022-01-31')", Type::integer, "0"},
      {"months_between('2022-01-15', '2023-03-15')", Type::integer, "14"},
      {"years_between('2000-02-29', '2022-02-28')", Type::integer, "21"},
      {"years_between('2000-02-29', '2022-03-01')", Type::integer, "22"},
      {"years_between('2022-03-01', '2000-02-29')", Type::integer, "-22"},
      {"add_days('2024-02-28', 2)", Type::date, "2024-03-01"},
      {"add_days('2024-03-01', -1)", Type::date, "2024-02-29"},
      {"add_days(NULL, -1)", Type::date, "null"},
      {"year_of('2024-03-01')", Type::integer, "2024"},
      {"month_of('2024-03-01')", Type::integer, "3"},
      {"share(1, 4)", Type::real, "0.250000"},
      {"share(1, 0)", Type::real, "null"},
      {"share(NULL, 4)", Type::real, "null"},
      {"round_to(2.5, 0)", Type::real, "3.000000"},
      {"round_to(-2.5, 0)", Type::real, "-3.000000"},
      {"round_to(1.005, 2)", Type::real, "1.010000"},
      {"round_to(1250, -2)", Type::real, "1300.000000"},
      {"round_to(0.5, -1)", Type::real, "0.000000"},
      {"least_of(3, 2)", Type::integer, "2"},
      {"least_of(3, NULL)", Type::integer, "null"},
      {"greatest_of(3, 2.5, 7)", Type::real, "7.000000"},
      {"greatest_of('乙', '甲')", Type::text, "甲"},
      {"length('一盘棋')", Type::integer, "3"},
      {"substr('一盘棋', 2, 2)", Type::text, "盘棋"},
      {"'a' || 'b' || 3", Type::text, "ab3"},
      {"CASE WHEN 'ABC' LIKE 'a%' THEN 1 ELSE 0 END", Type::integer, "0"},
      {"7 / 2", Type::integer, "3"},
      {"-7 / 2", Type::integer, "-3"},
      {"-7 % 2", Type::integer, "-1"},
  };
  for (const Case& c : kCases)
    EXPECT_EQ(value(db.get(), c.expression, c.type), c.expected) << c.expression;
}

TEST_P(FunctionsTest, RefuseWhatIsNoDate) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  for (const char* bad :
       {"days_between('2022-02-30', '2022-03-01')", "year_of('soon')", "add_days('9999-12-31', 1)",
        "add_days('2022-01-01', 99999999999)", "text_list(3)"}) {
    EXPECT_THAT(value(db.get(), bad, Type::text), HasSubstr("error")) << bad;
  }
}

TEST_P(FunctionsTest, WorkingDaysFollowTheCalendar) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  // 2022-09-30 is a Friday.
  const auto days = [&](const char* a, const char* b) {
    return value(db.get(), fmt::format("working_days_between('{}', '{}')", a, b), Type::integer);
  };
  EXPECT_EQ(days("2022-09-30", "2022-10-03"), "1");
  EXPECT_EQ(days("2022-10-03", "2022-09-30"), "-1");
  EXPECT_EQ(days("2022-09-26", "2022-10-10"), "10");
  EXPECT_EQ(days("2022-09-30", "2022-09-30"), "0");
  ASSERT_OK(db->create_table(
      {.name = "y_holidays",
       .columns = {{"day", Type::date, true, ""}, {"kind", Type::text, true, ""}}}));
  for (int day = 1; day <= 7; ++day) {
    ASSERT_OK(db->execute("INSERT INTO y_holidays (day, kind) VALUES ($1, 'holiday')",
                          {Value(*Date::from_ymd(2022, 10, day))}));
  }
  ASSERT_OK(
      db->execute("INSERT INTO y_holidays (day, kind) VALUES ($1, 'workday'), ($2, 'workday')",
                  {Value("2022-10-08"), Value("2022-10-09")}));
  EXPECT_EQ(days("2022-09-30", "2022-10-03"), "0");
  EXPECT_EQ(days("2022-09-30", "2022-10-10"), "3");
  EXPECT_EQ(days("2022-10-10", "2022-09-30"), "-3");
  ASSERT_OK(db->drop_table("y_holidays"));
  EXPECT_EQ(days("2022-09-30", "2022-10-03"), "1");
}

TEST_P(FunctionsTest, DatesAgreeWithTheBaseLibrary) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  constexpr uint64_t kSeed = 20221123;
  Random random(kSeed);
  ASSERT_OK(db->create_table(
      {.name = "pairs", .columns = {{"a", Type::date, true, ""}, {"b", Type::date, true, ""}}}));
  Batch batch({Type::date, Type::date});
  for (int i = 0; i < 3000; ++i) {
    const int64_t a = random.between(-719'162, 2'932'896);
    const int64_t b = random.chance(0.5)
                          ? random.between(-719'162, 2'932'896)
                          : std::clamp<int64_t>(a + random.between(-800, 800), -719'162, 2'932'896);
    batch.columns[0].append_int(a);
    batch.columns[1].append_int(b);
  }
  auto writer = db->bulk("pairs", {{"a", Type::date, true, ""}, {"b", Type::date, true, ""}});
  ASSERT_OK((*writer)->append(batch));
  ASSERT_OK((*writer)->finish());
  const Batch all = read_all(db.get(),
                             "SELECT a, b, days_between(a, b) AS days, months_between(a, b) AS "
                             "months, years_between(a, b) AS years, year_of(a) AS year, "
                             "month_of(b) AS month FROM pairs");
  ASSERT_EQ(all.rows(), 3000U);
  for (size_t row = 0; row < all.rows(); ++row) {
    const Date a = Date::from_days(all.columns[0].int_at(row));
    const Date b = Date::from_days(all.columns[1].int_at(row));
    SCOPED_TRACE(a.to_string() + " " + b.to_string());
    ASSERT_EQ(all.columns[2].int_at(row), b.days() - a.days());
    ASSERT_EQ(all.columns[3].int_at(row), whole_months_between(a, b));
    ASSERT_EQ(all.columns[4].int_at(row), whole_years_between(a, b));
    ASSERT_EQ(all.columns[5].int_at(row), a.ymd().year);
    ASSERT_EQ(all.columns[6].int_at(row), b.ymd().month);
  }
}

TEST_P(FunctionsTest, Aggregates) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  ASSERT_OK(db->create_table({.name = "t",
                              .columns = {{"g", Type::text, false, ""},
                                          {"n", Type::integer, false, ""},
                                          {"x", Type::real, false, ""}}}));
  ASSERT_OK(
      db->execute("INSERT INTO t (g, n, x) VALUES ('丙', 1, 0.5), ('甲', 2, 1.5), "
                  "('乙', 3, NULL), ('甲', NULL, 9), (NULL, 10, 2), ('a', 4, 3)"));
  const auto one = [&](const char* sql, Type type) { return value(db.get(), sql, type); };
  EXPECT_EQ(one("text_list(g) FROM t", Type::text), "a、丙、乙、甲");
  EXPECT_EQ(one("text_list(g) FROM t WHERE n > 100", Type::text), "null");
  EXPECT_EQ(one("text_list(g) FROM t WHERE g IS NULL", Type::text), "null");
  EXPECT_EQ(one("mean(n) FROM t", Type::real), "4.000000");
  EXPECT_EQ(one("median(n) FROM t", Type::real), "3.000000");
  EXPECT_EQ(one("median(x) FROM t", Type::real), "2.000000");
  EXPECT_EQ(one("median(x) FROM t WHERE n <= 2", Type::real), "1.000000");
  EXPECT_EQ(one("median(x) FROM t WHERE n > 100", Type::real), "null");
  EXPECT_EQ(one("mean(x) FROM t WHERE n > 100", Type::real), "null");
  EXPECT_EQ(one("regr_slope(x, n) FROM t WHERE n < 4", Type::real), "1.000000");
  EXPECT_EQ(one("regr_slope(x, n) FROM t WHERE n = 1", Type::real), "null");
  EXPECT_EQ(one("sum(n) FROM t", Type::integer), "20");
}

TEST(RoundDecimalTest, RoundsTheDecimalThatAPersonSees) {
  EXPECT_EQ(round_decimal(0.285, 2), 0.29);
  EXPECT_EQ(round_decimal(9.995, 2), 10.0);
  EXPECT_EQ(round_decimal(999'999'999'999'999.0, -15), 1e15);
  EXPECT_EQ(round_decimal(0.05, 0), 0.0);
  EXPECT_EQ(round_decimal(-0.05, 1), -0.1);
  EXPECT_EQ(round_decimal(1e300, 2), 1e300);
  EXPECT_EQ(round_decimal(5e-324, 3), 0.0);
  EXPECT_EQ(round_decimal(123.456, 400), 123.456);
}

}  // namespace
}  // namespace yipan::store
