#include "generate/figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generate/formula.h"
#include "yipan/units.h"

namespace yipan::generate {
namespace {

using ::testing::HasSubstr;

Result<Figures> city() {
  return Figures::load(Files::posix(), YIPAN_SOURCE_DIR "/cities/xx/figures.toml");
}

TEST(Figures, TheSpeechHasThemAllWithKnownUnits) {
  const auto figures = city();
  ASSERT_TRUE(figures.has_value()) << figures.error().to_string_en();
  EXPECT_EQ(figures->all().size(), 103u);
  EXPECT_EQ(figures->as_of().to_string(), "2022-11-30");
  for (const Figure& f : figures->all()) {
    EXPECT_TRUE(f.unit.empty() || find_unit(f.unit) != nullptr) << f.id << " " << f.unit;
  }
  EXPECT_EQ(*figures->scaled("F053", 2), 166'144);
  EXPECT_EQ(*figures->scaled("F141", 2), 42'480);
}

TEST(Figures, KnowsWhatDoesNotAddUp) {
  const auto figures = city();
  ASSERT_TRUE(figures.has_value());
  size_t failing = 0;
  for (const Figure& f : figures->all()) {
    for (const Relation& r : f.relations) failing += r.holds ? 0 : 1;
  }
  EXPECT_EQ(failing, 7u);
}

std::string one(const std::string& body) {
  return "as_of = \"2022-11-30\"\n[[figure]]\nid = \"F001\"\nkind = \"data\"\nbound = \"exact\"\n"
         "subject = \"甲\"\nsubject_en = \"a\"\n" +
         body;
}

TEST(FiguresErrors, NamePlaceAndRemedy) {
  auto result = Figures::parse("as_of = \n", "f.toml");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.figures.syntax");
  EXPECT_EQ(result.error().place().line, 1u);
  EXPECT_EQ(result.error().place().file, "f.toml");
  result = Figures::parse("as_of = \"2022-11-30\"\n[.x]\n", "f.toml");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.figures.syntax");
  result = Figures::parse(one("unit = \"m2\"\n"), "f.toml");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.figures.key");
  EXPECT_THAT(result.error().message_en(), HasSubstr("F001 lacks value"));
  EXPECT_THAT(result.error().remedy_zh(), HasSubstr("figures.md"));
  result = Figures::parse(
      one("value = \"2\"\nrelations = [{formula = \"F001 = 3\", holds = true}]\n"), "f.toml");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.figures.relation");
  EXPECT_THAT(result.error().message_zh(), HasSubstr("实际不成立"));
  EXPECT_EQ(result.error().place().element, "F001");
  result = Figures::parse(one("value = \"2.345\"\n"), "f.toml");
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->scaled("F001", 2).error().code(), "generate.figures.inexact");
  EXPECT_EQ(result->scaled("F002", 2).error().code(), "generate.figures.missing");
  EXPECT_FALSE(Figures::parse("as_of = \"2022-11-30\"\nx = \"\xff\"", "f.toml").has_value());
}

Result<bool> evaluate(std::string_view formula) {
  return evaluate_relation(formula, [](std::string_view name) -> std::optional<Decimal> {
    if (name == "F001") return Decimal::from_int(10);
    if (name == "F001.max") return Decimal::from_int(20);
    if (name == "F002") return Decimal::from_scaled(325, 2);
    return std::nullopt;
  });
}

TEST(Formula, Arithmetic) {
  struct Case {
    const char* formula;
    bool holds;
  };
  for (const Case& c : {Case{"F001 = 10", true},
                        {"F001 + F002 = 13.25", true},
                        {"F001.max - F001 > F002 * 3", true},
                        {"2 + 3 * 4 = 14", true},
                        {"(2 + 3) * 4 = 20", true},
                        {"10 - 3 - 2 = 5", true},
                        {"round(F001 / 3, 2) = 3.33", true},
                        {"round(0.125, 2) = 0.13", true},
                        {"F001 <= 9.999", false},
                        {"F001 >= F001", true}}) {
    const auto result = evaluate(c.formula);
    ASSERT_TRUE(result.has_value()) << c.formula << result.error().to_string_en();
    EXPECT_EQ(*result, c.holds) << c.formula;
  }
}

TEST(FormulaErrors, SayWhere) {
  EXPECT_THAT(evaluate("F001 10").error().message_en(), HasSubstr("character 6"));
  EXPECT_EQ(evaluate("F001 = ").error().code(), "generate.formula.syntax");
  EXPECT_EQ(evaluate("F001 = 10 )").error().code(), "generate.formula.syntax");
  EXPECT_EQ(evaluate("1..2 = 1").error().code(), "generate.formula.syntax");
  EXPECT_THAT(evaluate("F009 = 1").error().message_zh(), HasSubstr("F009"));
  EXPECT_EQ(evaluate("1 / 0 = 1").error().code(), "generate.formula.undefined");
  EXPECT_EQ(evaluate("round(1 / 0, 2) = 1").error().code(), "generate.formula.undefined");
  const std::string deep = std::string(10'000, '(') + "1";
  EXPECT_EQ(evaluate(deep).error().code(), "generate.formula.syntax");
}

}  // namespace
}  // namespace yipan::generate
