#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/cases_csv.h"
#include "rules/cases_value.h"
#include "rules/test_tables.h"
#include "yipan/clock.h"
#include "yipan/file.h"

namespace yipan::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<Source> permit() {
  const std::vector<TestColumn> inputs = {
      {"面积", "number"}, {"用途", "string"}, {"签约日", "date"}};
  return {{"m.dmn",
           table_model("UNIQUE", inputs, {{"o", "string"}},
                       {"<100 | - | - | \"小\"", ">=100 | \"住宅\" | < @\"2023-01-01\" | \"旧\"",
                        ">=100 | \"住宅\" | >= @\"2023-01-01\" | \"新\""})}};
}

Result<CaseReport> run(const std::string& csv) {
  return run_cases(permit(), csv, "m.cases.csv", {}, Clock::system());
}

TEST(Csv, QuotesLineEndsAndByteOrderMark) {
  const auto rows = parse_csv(
      "\xEF\xBB\xBF"
      "a,\"b \"\"x\"\", y\"\r\n\n1,\"two\nlines\"\n",
      "f");
  ASSERT_TRUE(rows.has_value());
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_THAT((*rows)[0].fields, ElementsAre("a", "b \"x\", y"));
  EXPECT_THAT((*rows)[1].fields, ElementsAre("1", "two\nlines"));
  EXPECT_EQ((*rows)[1].row, 3U);
  std::string out;
  append_csv_field("b \"x\", y", &out);
  EXPECT_EQ(out, "\"b \"\"x\"\", y\"");
}

TEST(Csv, OpenQuoteIsNamed) {
  const auto rows = parse_csv("a\n\"b", "f.csv");
  ASSERT_FALSE(rows.has_value());
  EXPECT_EQ(rows.error().message_zh(), "引号没有结束");
  EXPECT_EQ(rows.error().place().to_string(), "f.csv, row 2");
}

TEST(CaseValues, ByTypeOrAsLiteral) {
  const auto read = [](std::string_view text, Type::Form form) {
    const auto v = value_of_text(text, *Types::basic(form), "x");
    return v ? v->to_json() : "error: " + v.error().message_en();
  };
  EXPECT_EQ(read("12.50", Type::Form::number), "12.5");
  EXPECT_EQ(read("2022-11-30", Type::Form::date), "\"2022-11-30\"");
  EXPECT_EQ(read("@\"2022-11-30\"", Type::Form::date), "\"2022-11-30\"");
  EXPECT_EQ(read("是", Type::Form::boolean), "true");
  EXPECT_EQ(read("住宅", Type::Form::string), "\"住宅\"");
  EXPECT_EQ(read("\"\"", Type::Form::string), "\"\"");
  EXPECT_EQ(read("", Type::Form::string), "null");
  EXPECT_EQ(read("[1, 2]", Type::Form::any), "[1,2]");
  EXPECT_EQ(read("just text", Type::Form::any), "\"just text\"");
  EXPECT_THAT(read("1,200", Type::Form::number), HasSubstr("'x' must be a number"));
  EXPECT_THAT(read("2022-13-01", Type::Form::date), HasSubstr("must be a date"));
}

TEST(CaseValues, WhatIsWrittenReadsBack) {
  const Value values[] = {Value::string("住宅"),
                          Value::string("12"),
                          Value::string(" a "),
                          Value::string("\"q\""),
                          Value::string("null"),
                          Value::string(""),
                          Value::boolean(true),
                          Value::number(int64_t{7}),
                          Value::date(*Date::parse("2022-11-30")),
                          Value::list({Value::string("a"), Value::number(int64_t{1})})};
  for (const Value& v : values) {
    for (const Type* type : {Types::any(), Types::of_kind(v.kind())}) {
      if (v.is(Kind::list)) type = Types::any();
      const auto back = value_of_text(text_of_value(v, *type), *type, "x");
      ASSERT_TRUE(back.has_value()) << text_of_value(v, *type);
      EXPECT_TRUE(back->same_as(v)) << text_of_value(v, *type) << " -> " << back->to_json();
    }
  }
}

TEST(CaseValues, JsonKeepsEveryDigit) {
  const auto v = value_of_json(
      R"({"a": 0.1234567890123456789012345678901234, "b": [1, null, true]})", "c.json");
  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->to_json(), R"({"a":0.1234567890123456789012345678901234,"b":[1,null,true]})");
  const auto bad = value_of_json("{\"a\": 1,\n \"b\" 2}", "c.json");
  ASSERT_FALSE(bad.has_value());
  EXPECT_THAT(bad.error().to_string_zh(), HasSubstr("JSON 写法有误"));
  EXPECT_EQ(bad.error().place().line, 2U);
  const auto twice = value_of_json("{\"a\": 1, \"a\": 2}", "c.json");
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().message_zh(), HasSubstr("写了两次"));
}

TEST(Cases, PassAndFail) {
  const auto report =
      run("# 名称,面积,用途,签约日,=> d\n小的,50,,,小\n旧的,100,住宅,2022-12-31,旧\n"
          "错的,100,住宅,2023-01-01,旧\n缺的,100,商业,2023-01-01,新\n");
  ASSERT_TRUE(report.has_value()) << report.error().to_string_en();
  EXPECT_EQ(report->passed, 2U);
  EXPECT_EQ(report->failed, 2U);
  ASSERT_EQ(report->failures.size(), 2U);
  EXPECT_EQ(report->failures[0].row, 4U);
  EXPECT_EQ(report->failures[0].name, "错的");
  EXPECT_EQ(report->failures[0].expected, "\"旧\"");
  EXPECT_EQ(report->failures[0].actual, "\"新\"");
  EXPECT_EQ(report->failures[1].actual, "null");
  EXPECT_FALSE(report->failures[1].why_zh.empty());
}

TEST(Cases, UnknownColumnSuggestsTheNearest) {
  const auto report = run("面即,=> d\n1,小\n");
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().message_zh(), "模型里没有名为“面即”的输入");
  EXPECT_EQ(report.error().remedy_zh(), "是不是“面积”？");
  EXPECT_EQ(report.error().remedy_en(), "did you mean '面积'?");
  EXPECT_EQ(report.error().place().row, 1U);
}

TEST(Cases, BadCellNamesRowAndColumn) {
  const auto report = run("面积,=> d\n5,小\n十二,小\n");
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().message_zh(), "“面积”应是数字，却是 “十二”");
  EXPECT_EQ(report.error().place().row, 3U);
  EXPECT_EQ(report.error().place().column, "面积");
}

TEST(Cases, RowOfAnotherWidth) {
  const auto report = run("面积,=> d\n5\n");
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().message_en(), "this row has 1 cells, the header 2");
}

TEST(Cases, ContextPathsAndComponents) {
  const std::string body =
      "<itemDefinition name=\"人\"><itemComponent name=\"年龄\"><typeRef>number</typeRef>"
      "</itemComponent><itemComponent name=\"收入\"><typeRef>number</typeRef></itemComponent>"
      "</itemDefinition><itemDefinition name=\"果\"><itemComponent name=\"合格\"><typeRef>boolean"
      "</typeRef></itemComponent><itemComponent name=\"额\"><typeRef>number</typeRef>"
      "</itemComponent></itemDefinition>" +
      input_xml({"申请人", "人"}) +
      decision_xml("低保", {{"申请人", "人"}},
                   literal_xml("{合格: 申请人.收入 < 1000, 额: 1000 - 申请人.收入}"), "果");
  const std::vector<Source> model = {{"m.dmn", definitions(body)}};
  const auto report = run_cases(
      model, "申请人.年龄,申请人.收入,=> 低保.合格,=> 低保.额\n30,400,true,600\n30,2000,false,\n",
      "c.csv", {}, Clock::system());
  ASSERT_TRUE(report.has_value()) << report.error().to_string_en();
  EXPECT_EQ(report->passed, 2U);

  const Compilation built = compile_model(model);
  const auto rows = evaluate_rows(built.model, {}, "申请人.收入\n400\n", "r.csv", {});
  ASSERT_TRUE(rows.has_value()) << rows.error().to_string_en();
  EXPECT_EQ(rows->csv, "申请人.收入,=> 低保.合格,=> 低保.额\r\n400,true,600\r\n");
}

TEST(Cases, RowsGiveATableOfCasesThatPasses) {
  const Compilation built = compile_model(permit());
  const auto rows = evaluate_rows(built.model, {"d"},
                                  "面积,用途,签约日\n1,,\n100,住宅,2022-01-01\n", "r.csv", {});
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->rows, 2U);
  const auto report = run(rows->csv);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->passed, 2U);
  EXPECT_EQ(report->failed, 0U);
}

TEST(Cases, EachRowHasItsDate) {
  const auto version = [](const char* from, const char* until, const char* feel) {
    std::string d = decision_xml("率", {}, literal_xml(feel), "number");
    const std::string validity =
        fmt::format("<extensionElements><validity{}{}/></extensionElements>",
                    *from != 0 ? fmt::format(" from=\"{}\"", from) : "",
                    *until != 0 ? fmt::format(" until=\"{}\"", until) : "");
    d.replace(d.find("id=\"率\""), std::string("id=\"率\"").size(),
              fmt::format("id=\"率{}\"", feel));
    return d.insert(d.find('>') + 1, validity);
  };
  const std::vector<Source> model = {
      {"m.dmn",
       definitions(version("2018-01-01", "2022-01-01", "1") + version("2022-01-01", "", "2"))}};
  const auto report =
      run_cases(model, "@as_of,=> 率\n2021-12-31,1\n2022-01-01,2\n", "c.csv", {}, Clock::system());
  ASSERT_TRUE(report.has_value()) << report.error().to_string_en();
  EXPECT_EQ(report->passed, 2U) << report->failures.size();
}

TEST(ModelFiles, ImportsAreFoundByNamespace) {
  auto dir = TempDir::make();
  ASSERT_TRUE(dir.has_value());
  Files& files = Files::posix();
  const auto write = [&](const std::string& name, const std::string& ns, const std::string& body) {
    std::string xml = definitions(body);
    xml.replace(xml.find("urn:test"), 8, ns);
    ASSERT_TRUE(write_file_atomic(files, dir->path() + "/" + name, xml).has_value());
  };
  write("a.dmn", "urn:a", "<import name=\"b\" namespace=\"urn:b\"/>");
  write("b.dmn", "urn:b", "<import name=\"c\" namespace=\"urn:c\"/>");
  write("c.dmn", "urn:c", "<import name=\"a\" namespace=\"urn:a\"/>");
  write("d.dmn", "urn:d", "");
  const auto sources = read_model(files, dir->path() + "/a.dmn");
  ASSERT_TRUE(sources.has_value());
  ASSERT_EQ(sources->size(), 3U);
  EXPECT_THAT((*sources)[1].name, HasSubstr("b.dmn"));
  EXPECT_THAT((*sources)[2].name, HasSubstr("c.dmn"));
  EXPECT_FALSE(read_model(files, dir->path() + "/none.dmn").has_value());
}

TEST(Inputs, JsonByNameAndType) {
  const Compilation built = compile_model(permit());
  Evaluator evaluator(built.model);
  const auto done =
      set_inputs(&evaluator, *built.model,
                 R"({"面积": 100, "用途": "住宅", "签约日": "2022-12-31"})", "c.json");
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(evaluator.evaluate(*built.model->find_decision("d")).to_string(), "旧");
  const auto wrong = set_inputs(&evaluator, *built.model, R"({"签约日": "昨天"})", "c.json");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_THAT(wrong.error().message_zh(), HasSubstr("“签约日”应是日期"));
  EXPECT_THAT(wrong.error().remedy_zh(), HasSubstr("2022-11-30"));
  const auto unknown = set_inputs(&evaluator, *built.model, R"({"面级": 1})", "c.json");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_THAT(unknown.error().remedy_zh(), HasSubstr("面积"));
}

}  // namespace
}  // namespace yipan::rules
