// Built-in functions, from the examples of the specification's tables (DMN 1.5, 10.3.4).
#include <gtest/gtest.h>

#include "rules/test_util.h"

namespace yipan::rules {
namespace {

struct Row {
  const char* text;
  const char* result;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& r : rows) EXPECT_EQ(feel(r.text), r.result) << r.text;
}

TEST(Builtins, Strings) {
  check({{"substring(\"foobar\", 3)", "\"obar\""},
         {"substring(\"foobar\", 3, 3)", "\"oba\""},
         {"substring(\"foobar\", -2, 1)", "\"a\""},
         {"substring(\"\\U01F40Eab\", 2)", "\"ab\""},
         {"string length(\"\\U01F40Eab\")", "3"},
         {"upper case(\"aBc4\")", "\"ABC4\""},
         {"lower case(\"aBc4\")", "\"abc4\""},
         {"substring before(\"foobar\", \"bar\")", "\"foo\""},
         {"substring after(\"foobar\", \"ob\")", "\"ar\""},
         {"substring after(\"\", \"a\")", "\"\""},
         {"contains(\"foobar\", \"of\")", "false"},
         {"starts with(\"foobar\", \"fo\")", "true"},
         {"ends with(\"foobar\", \"r\")", "true"},
         {"split(\"John Doe\", \"\\\\s\")", "[\"John\", \"Doe\"]"},
         {"split(\"a;b;c;;\", \";\")", "[\"a\", \"b\", \"c\", \"\", \"\"]"},
         {"string join([\"a\", null, \"c\"], \"-\")", "\"a-c\""},
         {"replace(\"abcd\", \"(ab)|(a)\", \"[1=$1][2=$2]\")", "\"[1=ab][2=]cd\""},
         {"matches(\"foobar\", \"^fo*b\")", "true"},
         {"replace(\"abc\", \"x*\", \"-\")", "null"}});
  EXPECT_EQ(reason("matches(\"a\", \"[\")"), "rules.regex.invalid");
}

TEST(Builtins, Lists) {
  check({{"list contains([1, null], null)", "true"},
         {"count([])", "0"},
         {"min(1, 2, 3)", "1"},
         {"max([@\"2020-01-01\", @\"2021-01-01\"])", "@\"2021-01-01\""},
         {"sum([1, 2.5])", "3.5"},
         {"mean([1, 2, 3])", "2"},
         {"all([false, null])", "false"},
         {"any([])", "false"},
         {"sublist([4,5,6], 1, 2)", "[4, 5]"},
         {"sublist([4,5,6], -2)", "[5, 6]"},
         {"append([1], 2, 3)", "[1, 2, 3]"},
         {"concatenate([1,2],[3])", "[1, 2, 3]"},
         {"insert before([1,3], 1, 2)", "[2, 1, 3]"},
         {"remove([1,2,3], 2)", "[1, 3]"},
         {"reverse([1,2,3])", "[3, 2, 1]"},
         {"index of([1,2,3,2], 2)", "[2, 4]"},
         {"union([1,2],[2,3])", "[1, 2, 3]"},
         {"distinct values([1,2,3,2,1.0])", "[1, 2, 3]"},
         {"flatten([[1,2],[[3]], 4])", "[1, 2, 3, 4]"},
         {"product([2, 3, 4])", "24"},
         {"median([6, 1, 2, 3])", "2.5"},
         {"stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"},
         {"mode([6, 1, 9, 6, 1])", "[1, 6]"},
         {"list replace([2,4,7,8], 3, 6)", "[2, 4, 6, 8]"},
         {"list replace([2,4,7,8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"},
         {"sort([3, 1, 2])", "[1, 2, 3]"},
         {"sum([])", "null"}});
}

TEST(Builtins, Numbers) {
  check({{"decimal(1/3, 2)", "0.33"},
         {"decimal(2.5, 0)", "2"},
         {"floor(-1.5)", "-2"},
         {"ceiling(-1.56, 1)", "-1.5"},
         {"round up(-5.5, 0)", "-6"},
         {"round half up(5.5, 0)", "6"},
         {"round half down(5.5, 0)", "5"},
         {"round down(1234.5, -2)", "1200"},
         {"abs(@\"-PT5H\")", "@\"PT5H\""},
         {"modulo(-12, 5)", "3"},
         {"sqrt(16)", "4"},
         {"sqrt(-1)", "null"},
         {"odd(5)", "true"},
         {"even(5)", "false"},
         {"round up(5.5, 6177)", "null"}});
}

TEST(Builtins, DatesAndTimes) {
  check({{"date(2017, 12, 31)", "@\"2017-12-31\""},
         {"date(2017, 2, 29)", "null"},
         {"date(\"-999999999-12-31\").year", "-999999999"},
         {"@\"2021-01-31\" + @\"P1M\"", "@\"2021-02-28\""},
         {"@\"2021-01-31T10:00:00@Europe/Paris\" + @\"PT24H\"",
          "@\"2021-02-01T10:00:00@Europe/Paris\""},
         {"date and time(date(\"2017-01-01\"), time(\"23:59:01Z\"))", "@\"2017-01-01T23:59:01Z\""},
         {"@\"2022-11-23T08:00:00@Asia/Shanghai\" = @\"2022-11-23T00:00:00Z\"", "true"},
         {"@\"10:30:00@Asia/Shanghai\".time offset", "@\"PT8H\""},
         {"years and months duration(@\"2011-12-22\", @\"2013-08-24\")", "@\"P1Y8M\""},
         {"day of week(@\"2022-11-23\")", "\"Wednesday\""},
         {"week of year(@\"2005-01-01\")", "53"},
         {"month of year(@\"2019-09-17\")", "\"September\""},
         {"@\"PT36H\" / @\"PT12H\"", "3"},
         {"@\"2022-12-31T24:00:00\"", "@\"2023-01-01T00:00:00\""},
         {"time(\"25:00:00\")", "null"}});
  EXPECT_EQ(reason("today()"), "rules.clock");
  EXPECT_EQ(reason("date(\"2021-13-01\")"), "rules.text.invalid");
}

TEST(Builtins, NowComesFromTheClock) {
  const ManualClock clock(Instant::from_micros(1'669'190'400'000'000));  // 2022-11-23T08:00:00Z
  EvaluatorOptions options{.clock = &clock};
  options.zone = *Zone::named("Asia/Shanghai");
  Evaluator evaluator(options);
  const auto e = compile_expression("[now(), today()]");
  ASSERT_TRUE(e);
  EXPECT_EQ(evaluator.evaluate(*e, std::span<const Value>()).to_string(),
            "[@\"2022-11-23T16:00:00@Asia/Shanghai\", @\"2022-11-23\"]");
}

TEST(Builtins, Ranges) {
  check({{"before([1..10), 10)", "true"},
         {"meets([1..5], [5..10])", "true"},
         {"overlaps([1..5], [3..8])", "true"},
         {"overlaps before([1..5], [3..8])", "true"},
         {"during(5, [1..10])", "true"},
         {"finishes(10, [1..10])", "true"},
         {"started by([1..10], 1)", "true"},
         {"coincides([1..5], [1..5])", "true"},
         {"includes([1..10], [4..6])", "true"},
         {"after(point: 12, range: [1..10])", "true"},
         {"range(\"[18..21)\")", "[18..21)"},
         {"range(\"[2..)\")", "(>= 2)"},
         {"range(\"(..2)\")", "(< 2)"},
         {"range(\"\")", "null"},
         {"range(\"[3..1]\")", "null"}});
}

TEST(Builtins, Contexts) {
  check({{"get value({a: 1}, \"a\")", "1"},
         {"get value({a: {b: 2}}, [\"a\", \"b\"])", "2"},
         {"get entries({a: 1})", "[{key: \"a\", value: 1}]"},
         {"context put({x: 1}, \"y\", 2)", "{x: 1, y: 2}"},
         {"context put({x: 1, y: {a: 0}}, [\"y\", \"a\"], 2)", "{x: 1, y: {a: 2}}"},
         {"context put({x: 1}, [\"y\", \"a\"], 2)", "null"},
         {"context merge([{x: 1}, {x: 2, y: 3}])", "{x: 2, y: 3}"},
         {"context([{key: \"a\", value: 1}])", "{a: 1}"}});
}

TEST(Builtins, Conversions) {
  check({{"number(\"1.000.000,01\", \".\", \",\")", "1000000.01"},
         {"number(\"1 000\", \" \", \".\")", "1000"},
         {"string(1.10)", "\"1.1\""},
         {"string([1, \"a\", {b: null}])", "\"[1, \\\"a\\\", {b: null}]\""},
         {"string(@\"P1DT2H\")", "\"P1DT2H\""},
         {"duration(\"P26M\")", "@\"P2Y2M\""},
         {"is(@\"10:00:00Z\", @\"10:00:00+00:00\")", "true"}});
}

}  // namespace
}  // namespace yipan::rules
