// The language: operators, three-valued logic, lists, contexts, functions (DMN 1.5, chapter 10).
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

TEST(Feel, Arithmetic) {
  check({{"1 + 2 * 3", "7"},
         {"0.1 + 0.2", "0.3"},
         {"1 / 3", "0.3333333333333333333333333333333333"},
         {"2 / 3", "0.6666666666666666666666666666666667"},
         {"-5 ** 2", "25"},
         {"3 ** 4 ** 5", "3486784401"},
         {"9999999999999999999999999999999999 + 1", "10000000000000000000000000000000000"},
         {"\"a\" + \"b\"", "\"ab\""},
         {"1 + \"a\"", "null"},
         {"10 ** 6144 * 10", "null"}});
  EXPECT_EQ(reason("1 / 0"), "rules.number.division");
  EXPECT_EQ(reason("10 ** 6000 * 10 ** 6000"), "rules.number.overflow");
  EXPECT_EQ(reason("null + 1"), "rules.type.operands");
}

TEST(Feel, KleeneLogic) {
  const char* values[] = {"true", "false", "null"};
  const char* ands[3][3] = {
      {"true", "false", "null"}, {"false", "false", "false"}, {"null", "false", "null"}};
  const char* ors[3][3] = {
      {"true", "true", "true"}, {"true", "false", "null"}, {"true", "null", "null"}};
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 3; ++k) {
      const std::string a = values[i], b = values[k];
      EXPECT_EQ(feel(a + " and " + b), ands[i][k]) << a << " and " << b;
      EXPECT_EQ(feel(a + " or " + b), ors[i][k]) << a << " or " << b;
    }
  }
}

// As the boxed conditional: null takes the else branch, what is no boolean is a fault.
TEST(Feel, Conditionals) {
  check({{"if true then 1 else 2", "1"},
         {"if false then 1 else 2", "2"},
         {"if null then 1 else 2", "2"},
         {"if 1 > null then 1 else 2", "2"},
         {"if \"a\" then 1 else 2", "null"},
         {"if 1 then 1 else 2", "null"},
         {"if [true] then 1 else 2", "null"}});
  EXPECT_EQ(reason("if \"a\" then 1 else 2"), "rules.type.boolean");
}

TEST(Feel, Comparison) {
  check({{"1 = 1.0", "true"},
         {"null = null", "true"},
         {"1 = null", "false"},
         {"1 = \"1\"", "null"},
         {"[1, [2]] = [1, [2]]", "true"},
         {"{a: 1, b: 2} = {b: 2, a: 1}", "true"},
         {"\"a\" < \"b\"", "true"},
         {"\"乙\" < \"甲\"", "true"},
         {"1 < \"2\"", "null"},
         {"5 between 1 and 5", "true"},
         {"5 in [1..5)", "false"},
         {"5 in (< 3, > 4)", "true"},
         {"\"b\" in [\"a\", \"b\"]", "true"},
         {"1 in [\"a\"]", "false"},
         {"[1,2] in [[1,2],[3]]", "true"},
         {"5 in (? > 4)", "true"}});
}

TEST(Feel, ListsAndFilters) {
  check({{"[1,2,3][2]", "2"},
         {"[1,2,3][-1]", "3"},
         {"[1,2,3][item > 1]", "[2, 3]"},
         {"[{a: 1}, {a: 2}].a", "[1, 2]"},
         {"[{a: 1, b: \"x\"}, {a: 2, b: \"y\"}][a > 1].b", "[\"y\"]"},
         {"1[1]", "1"},
         {"null[item > 1]", "[]"},
         {"{x: 3, r: [1,2,3][x]}.r", "3"},
         {"{x: 2, r: [{x: 5}][x = 5]}.r", "[{x: 5}]"},
         {"[1,2,3][4]", "null"}});
  EXPECT_EQ(reason("[1,2,3][4]"), "rules.list.index");
  EXPECT_EQ(reason("{a: 1}.b"), "rules.context.member");
}

TEST(Feel, Iteration) {
  check({{"for x in [1,2], y in [10,20] return x + y", "[11, 21, 12, 22]"},
         {"for i in 3..1 return i", "[3, 2, 1]"},
         {"for i in 1..6 return if i <= 2 then 1 else partial[-1] + partial[-2]",
          "[1, 1, 2, 3, 5, 8]"},
         {"for d in @\"2024-02-28\"..@\"2024-03-01\" return d.day", "[28, 29, 1]"},
         {"some x in [1,2] satisfies x > 1", "true"},
         {"every x in [] satisfies false", "true"},
         {"some x in [1, null] satisfies x > 5", "null"},
         {"for i in [1..3) return i", "[1, 2]"}});
  EXPECT_EQ(reason("for i in \"a\"..\"c\" return i"), "rules.type.iteration");
}

TEST(Feel, FunctionsAndClosures) {
  check({{"(function(x, y) x - y)(y: 1, x: 5)", "4"},
         {"{f: function(n) if n <= 1 then 1 else n * f(n - 1), r: f(20)}.r", "2432902008176640000"},
         {"{k: 3, f: function(x) x * k, r: for i in 1..3 return f(i)}.r", "[3, 6, 9]"},
         {"{c: function(a) function(b) a + b, r: c(2)(3)}.r", "5"},
         {"sort([3,1,2], function(a, b) a > b)", "[3, 2, 1]"},
         {"(function(x: number) x)(\"a\")", "null"},
         {"(function(x: list<number>) x)(1)", "[1]"},
         {"{f: abs, r: f(-2)}.r", "2"}});
  EXPECT_EQ(reason("(function(x) x)()"), "rules.function.arity");
  EXPECT_EQ(reason("1(2)"), "rules.type.function");
}

TEST(Feel, InstanceOf) {
  check({{"1 instance of number", "true"},
         {"null instance of Any", "false"},
         {"[1, \"a\"] instance of list<number>", "false"},
         {"[1..2] instance of range<number>", "true"},
         {"{a: 1} instance of context<a: string>", "false"},
         {"(function(a: number) \"x\") instance of function<number> -> string", "true"},
         {"@\"P1D\" instance of days and time duration", "true"}});
}

TEST(Feel, UnaryTests) {
  const auto n = [](int64_t v) { return Value::number(v); };
  EXPECT_EQ(unary("-", n(5)), "true");
  EXPECT_EQ(unary("1, 5, 7", n(5)), "true");
  EXPECT_EQ(unary("not(1, 5)", n(5)), "false");
  EXPECT_EQ(unary("< 5", n(5)), "false");
  EXPECT_EQ(unary("[1..5], > 9", n(5)), "true");
  EXPECT_EQ(unary("odd(?)", n(5)), "true");
  EXPECT_EQ(unary("? > 3 and ? < 5", n(5)), "false");
  EXPECT_EQ(unary("not(? > 3)", n(5)), "false");
  EXPECT_EQ(unary("[1,2,5]", n(5)), "true");
  EXPECT_EQ(unary("null", Value()), "true");
  EXPECT_EQ(unary("< 5", Value()), "null");
  EXPECT_EQ(unary("\"居住\", \"商业\"", Value::string("商业")), "true");
  EXPECT_EQ(unary("true", Value::boolean(false)), "false");
}

TEST(Feel, ChineseIsOrdinary) {
  EXPECT_EQ(feel("用地面积 * 容积率", {{"用地面积", "number"}, {"容积率", "number"}},
                 {Value::number(int64_t{100}), Value::number(Decimal::from_scaled(25, 1))}),
            "250");
  EXPECT_EQ(feel("{住房 面积: 90, 人数: 3, 人均: 住房 面积 / 人数}.人均"), "30");
  EXPECT_EQ(feel("substring(\"城市更新项目\", 3, 2)"), "\"更新\"");
  EXPECT_EQ(feel("string length(\"低保户\")"), "3");
  EXPECT_EQ(feel("matches(\"京A12345\", \"[\\u4e00-\\u9fff][A-Z]\\d{5}\")"), "true");
  EXPECT_EQ(feel("{f: function(年龄) if 年龄 >= 60 then \"老人\" else \"其他\", r: f(61)}.r"),
            "\"老人\"");
}

TEST(Feel, NullCarriesItsReasonAndPlace) {
  const auto e = compile_expression("if 甲 > 0 then\n  upper case(甲) else 1", {{"甲", "Any"}});
  ASSERT_TRUE(e);
  Evaluator evaluator;
  const Value v = evaluator.evaluate(*e, {Value::number(int64_t{3})});
  ASSERT_TRUE(v.is_null());
  const auto why = evaluator.reason(v);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->code, "rules.function.argument");
  EXPECT_EQ(why->en, "upper case does not take number here");
  EXPECT_EQ(why->zh, "函数 upper case 不接受数字作这个参数");
  EXPECT_EQ(why->place.line, 2U);
  EXPECT_EQ(why->place.char_column, 3U);
  EXPECT_EQ(why->expression, "upper case(甲)");
}

TEST(Feel, LimitsAreNamed) {
  EXPECT_EQ(reason("count(for i in 1..100000000 return i)"), "rules.limit.list");
  EXPECT_EQ(reason("{f: function(n) f(n + 1), r: f(1)}.r"), "rules.limit.stack");
  Limits limits;
  limits.steps = 1000;
  const auto e = compile_expression("for i in 1..5000 return i");
  Evaluator evaluator(EvaluatorOptions{.limits = limits});
  const Value v = evaluator.evaluate(*e, std::span<const Value>());
  EXPECT_TRUE(v.is_null());
  EXPECT_EQ(evaluator.warnings().front().code, "rules.limit.steps");
  EXPECT_EQ(evaluator.warnings().front().zh, "求值步数超过上限，已停止");
}

// Each item holds all before it: written out, item n has 2^n values.
TEST(Feel, ValuesThatShareTooMuchAreRefused) {
  EXPECT_EQ(reason("for i in 10..200 return partial"), "rules.limit.list");
}

TEST(Feel, DeepValuesAreRefusedAndFreed) {
  EXPECT_EQ(reason("for i in 1..6000 return [partial[-1]]"), "rules.limit.list");
  EXPECT_EQ(feel("{r: for i in 1..3 return partial}.r"), "[[], [[]], [[], [[]]]]");
}

}  // namespace
}  // namespace yipan::rules
