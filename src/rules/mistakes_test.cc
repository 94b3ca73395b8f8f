// What a rule writer reads after a typical mistake: place, reason, remedy, in both languages.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "rules/test_tables.h"

namespace yipan::rules {
namespace {

struct Mistake {
  std::string name;
  std::string model;      // DMN XML
  std::string zh;         // must occur in the Chinese text
  std::string en;         // must occur in the English text
  std::string remedy_en;  // must occur in the English remedy
};

const std::vector<TestColumn> kArea = {{"面积", "number"}, {"用途", "string"}, {"开工日", "date"}};

Mistake expression(std::string name, std::string_view feel, std::string zh, std::string en,
                   std::string remedy) {
  return {std::move(name), literal_model(kArea, feel), std::move(zh), std::move(en),
          std::move(remedy)};
}

Mistake cell(std::string name, std::string_view test, std::string zh, std::string en,
             std::string remedy) {
  return {std::move(name),
          table_model("UNIQUE", kArea, {{"o", "string"}},
                      {"<100 | - | - | \"a\"", fmt::format("- | {} | - | \"b\"", test)}),
          std::move(zh), std::move(en), std::move(remedy)};
}

Mistake table(std::string name, std::string_view policy, const std::vector<std::string>& rules,
              std::string zh, std::string en, std::string remedy) {
  return {std::move(name), table_model(policy, kArea, {{"o", "string", "\"a\",\"b\""}}, rules),
          std::move(zh), std::move(en), std::move(remedy)};
}

Mistake model(std::string name, const std::string& body, std::string zh, std::string en,
              std::string remedy) {
  return {std::move(name), definitions(body), std::move(zh), std::move(en), std::move(remedy)};
}

std::vector<Mistake> in_expressions() {
  return {
      expression("missing quote", "if 用途 = \"住宅 then 1 else 2", "引号没有结束",
                 "no closing quote", "\""),
      expression("two equals signs", "面积 == 100", "“=”", "'='", "single ="),
      expression("near miss", "面即 > 100", "面即", "面即", "面积"),
      expression("unknown function", "summ([1, 2])", "summ", "summ", "sum"),
      expression("too many arguments", "floor(1, 2, 3)", "floor", "floor", "floor"),
      expression("unbalanced bracket", "(面积 + 1 * 2", ")", ")", ")"),
      expression("decimal comma", "面积 * 0,5", ",", ",", "."),
      expression("c and", "面积 > 1 && 面积 < 2", "&", "&", "and"),
      expression("c or", "面积 > 1 || 面积 < 2", "|", "|", "or"),
      expression("c not", "!(面积 > 1)", "!", "!", "not"),
      expression("sql not equal", "面积 <> 1", ">", ">", "!="),
      expression("single quotes", "用途 = '住宅'", "'", "'", "\""),
      expression("full-width comma", "max(面积，100)", "，", "，", ","),
      expression("full-width parentheses", "（面积 + 1）* 2", "（", "（", "("),
      expression("full-width comparison", "面积 ≥ 100", "≥", "≥", ">="),
      expression("full-width quotes", "用途 = “住宅”", "“", "“", "\""),
      expression("full-width equals", "面积 ＝ 100", "＝", "＝", "="),
      expression("ternary", "面积 > 1 ? 2 : 3", "?", "?", "if"),
      expression("if without else", "if 面积 > 1 then 2", "else", "else", "complete"),
      expression("uppercase keyword", "面积 > 1 AND 面积 < 2", "AND", "AND", "and"),
      expression("percent", "面积 * 5%", "%", "%", "0.05"),
      expression("date as text", "开工日 > \"2022-01-01\"", "日期", "date", "date("),
      expression("types differ", "面积 = \"100\"", "字符串", "string", ""),
      expression("adding text to a number", "面积 + \"平方米\"", "字符串", "string", "string("),
      expression("impossible date", "@\"2023-02-30\"", "2023-02-30", "2023-02-30", "@"),
      expression("thousands separator", "面积 > 1,000", ",", ",", ""),
      expression("dangling operator", "面积 +", "值", "value", ""),
      expression("bracket never opened", "面积 + 1)", ")", ")", ""),
      expression("assignment", "面积 := 3", ":", ":", "="),
      expression("empty for", "for x in [1,2] x + 1", "return", "return", "check"),
  };
}

std::vector<Mistake> in_cells() {
  return {
      cell("bare text", "住宅", "住宅", "住宅", "\""),
      cell("unclosed range", "[1..5", "]", "]", "]"),
      cell("number in a text column", "5", "规则 2", "rule 2", ""),
      cell("full-width comma", "\"住宅\"，\"商业\"", "，", "，", ","),
      table("unknown hit policy", "UNIK", {"- | - | - | \"a\""}, "UNIK", "UNIK", "UNIQUE"),
      table("missing output", "UNIQUE", {"- | - | -"}, "输出", "output", ""),
      table("missing input", "UNIQUE", {"- | \"a\""}, "输入", "input", ""),
      table("output not in the list", "UNIQUE", {"- | - | - | \"c\""}, "c", "c", "\"a\""),
  };
}

std::vector<Mistake> in_models() {
  const std::string input = input_xml({"面积", "number"});
  return {
      model("cycle",
            "<decision id=\"a\" name=\"a\"><variable name=\"a\"/><informationRequirement>"
            "<requiredDecision href=\"#b\"/></informationRequirement>" +
                literal_xml("b") +
                "</decision><decision id=\"b\" name=\"b\"><variable name=\"b\"/>"
                "<informationRequirement><requiredDecision href=\"#a\"/></informationRequirement>" +
                literal_xml("a") + "</decision>",
            "a -> b -> a", "a -> b -> a", "remove"),
      model("unknown href", decision_xml("d", {{"没有", "number"}}, literal_xml("1")), "#i_没有",
            "#i_没有", "check"),
      model("duplicate id", input + "<inputData id=\"i_面积\" name=\"别的\"/>", "i_面积", "i_面积",
            ""),
      model("duplicate name",
            input + "<inputData id=\"x\" name=\"面积\"><variable name=\"面积\"/></inputData>",
            "面积", "面积", "rename"),
      model("unknown type", input_xml({"面积", "nummer"}), "nummer", "nummer", "number"),
      model("missing requirement", input + decision_xml("d", {}, literal_xml("面积 + 1")), "面积",
            "面积", "requirement"),
      model("import not given", "<import name=\"x\" namespace=\"urn:x\"/>", "urn:x", "urn:x",
            "give"),
  };
}

void expect_readable(const Mistake& m) {
  const Compilation built = compile_model({{"模型.dmn", m.model}});
  if (std::getenv("YIPAN_SHOW") != nullptr) {
    std::clog << "== " << m.name << "\n";
    for (const Diagnostic& d : built.diagnostics) {
      std::clog << d.error.to_string_zh() << "\n" << d.error.to_string_en() << "\n";
    }
  }
  ASSERT_FALSE(built.diagnostics.empty()) << m.name << ": nothing was said";
  const Error& e = built.diagnostics.front().error;
  EXPECT_NE(e.message_zh().find(m.zh), std::string::npos) << m.name << ": " << e.message_zh();
  EXPECT_NE(e.message_en().find(m.en), std::string::npos) << m.name << ": " << e.message_en();
  EXPECT_NE(e.remedy_en().find(m.remedy_en), std::string::npos)
      << m.name << ": " << e.message_en() << " / " << e.remedy_en();
  EXPECT_FALSE(e.remedy_zh().empty()) << m.name;
  EXPECT_FALSE(e.remedy_en().empty()) << m.name;
  EXPECT_EQ(e.place().file, "模型.dmn") << m.name;
  EXPECT_TRUE(e.place().line.has_value()) << m.name;
}

TEST(Mistakes, InExpressions) {
  for (const Mistake& m : in_expressions()) expect_readable(m);
}

TEST(Mistakes, InCells) {
  for (const Mistake& m : in_cells()) expect_readable(m);
}

TEST(Mistakes, InModels) {
  for (const Mistake& m : in_models()) expect_readable(m);
}

}  // namespace
}  // namespace yipan::rules
