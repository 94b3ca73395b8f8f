// Models: requirements, faults, versions, parameters, explanations.
#include <gtest/gtest.h>

#include <thread>

#include "yipan/rules.h"

namespace yipan::rules {
namespace {

constexpr std::string_view kSpace15 = "https://www.omg.org/spec/DMN/20230324/MODEL/";

std::string model(std::string_view body, std::string_view ns = kSpace15) {
  return "<definitions xmlns=\"" + std::string(ns) + "\" name=\"m\" namespace=\"urn:m\">\n" +
         std::string(body) + "</definitions>";
}

std::string decision(std::string_view name, std::string_view text, std::string_view requires_ = "",
                     std::string_view type = "") {
  std::string out = "<decision id=\"" + std::string(name) + "\" name=\"" + std::string(name) +
                    "\"><variable name=\"" + std::string(name) + "\"";
  if (!type.empty()) out += " typeRef=\"" + std::string(type) + "\"";
  return out + "/>" + std::string(requires_) + "<literalExpression><text>" + std::string(text) +
         "</text></literalExpression></decision>\n";
}

std::string needs(std::string_view what, std::string_view id) {
  return "<informationRequirement><required" + std::string(what) + " href=\"#" + std::string(id) +
         "\"/></informationRequirement>";
}

TEST(Model, EvaluatesADiamondOnce) {
  const auto built =
      compile_model({{"m.dmn", model("<inputData id=\"i\" name=\"面积\"><variable "
                                     "name=\"面积\" typeRef=\"number\"/></inputData>" +
                                     decision("甲", "面积 * 2", needs("Input", "i")) +
                                     decision("乙", "甲 + 甲", needs("Decision", "甲")))}});
  ASSERT_TRUE(built.ok()) << built.diagnostics[0].error.to_string_en();
  Evaluator evaluator(built.model);
  evaluator.set(*built.model->find_input("面积"), Value::number(int64_t{3}));
  EXPECT_EQ(evaluator.evaluate(*built.model->find_decision("乙")).to_string(), "12");
  evaluator.set(*built.model->find_input("面积"), Value::number(int64_t{4}));
  EXPECT_EQ(evaluator.evaluate(*built.model->find_decision("乙")).to_string(), "16");
}

TEST(Model, AllFaultsInOnePass) {
  const auto built = compile_model(
      {{"规则.dmn",
        model(decision("a", "1 +", "") + decision("b", "nowhere + 1", "") +
              decision("c", "d", needs("Decision", "d")) +
              decision("d", "c", needs("Decision", "c")) +
              decision("e", "1", needs("Input", "missing")) + decision("f", "1", "", "tNone") +
              "<businessKnowledgeModel id=\"j\" name=\"j\"><variable name=\"j\"/>"
              "<encapsulatedLogic kind=\"Java\"/></businessKnowledgeModel>")}});
  ASSERT_NE(built.model, nullptr);
  EXPECT_FALSE(built.ok());
  std::vector<std::string> codes;
  for (const Diagnostic& d : built.diagnostics) {
    codes.push_back(d.error.code());
    EXPECT_EQ(d.error.place().file, "规则.dmn") << d.error.to_string_en();
    EXPECT_TRUE(d.error.place().line.has_value()) << d.error.to_string_en();
    EXPECT_FALSE(d.error.message_zh().empty());
    EXPECT_FALSE(d.error.remedy_zh().empty()) << d.error.to_string_en();
  }
  for (const char* code : {"rules.syntax", "rules.name.unknown", "rules.cycle",
                           "rules.dmn.reference", "rules.external"}) {
    EXPECT_NE(std::find(codes.begin(), codes.end(), code), codes.end()) << code;
  }
  Evaluator evaluator(built.model);
  EXPECT_TRUE(evaluator.evaluate(*built.model->find_decision("a")).is_null());
  EXPECT_EQ(evaluator.evaluate(*built.model->find_decision("e")).to_string(), "1");
  EXPECT_TRUE(evaluator.evaluate(*built.model->find_decision("c")).is_null());
}

TEST(Model, FaultsNameElementAndLine) {
  const auto built = compile_model({{"m.dmn", model("\n\n" + decision("x", "1 + unknown thing"))}});
  ASSERT_EQ(built.diagnostics.size(), 1U);
  const Error& e = built.diagnostics[0].error;
  EXPECT_EQ(e.place().element, "x");
  EXPECT_EQ(e.place().line, 4U);
  EXPECT_NE(e.message_en().find("unknown thing"), std::string::npos);
}

TEST(Model, ReadsOlderNamespaces) {
  for (std::string_view ns : {"http://www.omg.org/spec/DMN/20151101/dmn.xsd",
                              "http://www.omg.org/spec/DMN/20180521/MODEL/",
                              "https://www.omg.org/spec/DMN/20191111/MODEL/",
                              "https://www.omg.org/spec/DMN/20211108/MODEL/",
                              "https://www.omg.org/spec/DMN/20230324/MODEL/"}) {
    const auto built = compile_model({{"m.dmn", model(decision("x", "1 + 1"), ns)}});
    ASSERT_TRUE(built.ok()) << ns;
    Evaluator evaluator(built.model);
    EXPECT_EQ(evaluator.evaluate(*built.model->find_decision("x")).to_string(), "2");
  }
}

TEST(Model, RefusesWhatIsNoDmn) {
  const auto first = [](const std::string& text) {
    const auto built = compile_model({{"x.dmn", text}});
    return built.diagnostics.empty() ? "" : built.diagnostics[0].error.code();
  };
  EXPECT_EQ(first("<definitions"), "rules.xml.syntax");
  EXPECT_EQ(first("<other/>"), "rules.dmn.root");
  EXPECT_EQ(first("<!DOCTYPE a [<!ENTITY b \"c\">]><definitions/>"), "rules.xml.doctype");
  EXPECT_EQ(first("<definitions name=\"\xFF\"/>"), "rules.xml.encoding");
}

std::string version(std::string_view id, std::string_view text, std::string_view validity) {
  std::string out = decision("标准", text);
  out.replace(out.find("id=\"标准\""), std::string("id=\"标准\"").size(),
              "id=\"" + std::string(id) + "\"");
  const size_t at = out.find("<variable");
  return out.insert(
      at, "<extensionElements><validity " + std::string(validity) + "/></extensionElements>");
}

TEST(Model, VersionsAndGaps) {
  const std::string xml = model(version("v1", "480", "from=\"2018-01-01\" until=\"2020-07-01\"") +
                                version("v2", "540", "from=\"2021-01-01\"") +
                                decision("用", "标准 * 2", needs("Decision", "v1")));
  const auto on = [&](int year, int month, int day) {
    CompileOptions options;
    options.as_of = *Date::from_ymd(year, month, day);
    return compile_model({{"m.dmn", xml}}, options);
  };
  const auto early = on(2019, 5, 1), late = on(2022, 5, 1), gap = on(2020, 10, 1);
  ASSERT_TRUE(early.ok() && late.ok());
  EXPECT_EQ(Evaluator(early.model).evaluate(*early.model->find_decision("用")).to_string(), "960");
  EXPECT_EQ(Evaluator(late.model).evaluate(*late.model->find_decision("用")).to_string(), "1080");
  ASSERT_FALSE(gap.ok());
  EXPECT_EQ(gap.diagnostics[0].error.code(), "rules.version.gap");
  EXPECT_NE(gap.diagnostics[0].error.message_en().find("2020-10-01"), std::string::npos);
  EXPECT_NE(gap.diagnostics[0].error.message_zh().find("[2018-01-01, 2020-07-01)"),
            std::string::npos);
  EXPECT_EQ(compile_model({{"m.dmn", xml}}).diagnostics[0].error.code(), "rules.version.date");
}

TEST(Model, DatedParameters) {
  CompileOptions options;
  options.as_of = *Date::from_ymd(2022, 6, 1);
  options.parameters = {
      {"低保标准",
       {{*Date::from_ymd(2020, 1, 1), Value::number(int64_t{600}), "yuan", "甲"},
        {*Date::from_ymd(2022, 1, 1), Value::number(int64_t{700}), "yuan", "乙"}}}};
  const Source source{"m.dmn", model(decision("x", "低保标准 * 3"))};
  const auto built = compile_model({source}, options);
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(Evaluator(built.model).evaluate(*built.model->find_decision("x")).to_string(), "2100");
  options.as_of = *Date::from_ymd(2019, 6, 1);
  const auto gap = compile_model({source}, options);
  ASSERT_FALSE(gap.ok());
  EXPECT_EQ(gap.diagnostics[0].error.code(), "rules.parameter.gap");
  EXPECT_NE(gap.diagnostics[0].error.message_en().find("2020-01-01"), std::string::npos);
}

TEST(Model, ExplainsWhichRuleAndWhy) {
  const auto built = compile_model({{"m.dmn", model(R"(
<knowledgeSource id="law" name="住房保障条例 第十条" locationURI="urn:law:10"/>
<inputData id="i" name="人均面积"><variable name="人均面积" typeRef="number"/></inputData>
<decision id="d" name="轮候资格"><variable name="轮候资格"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<authorityRequirement><requiredAuthority href="#law"/></authorityRequirement>
<decisionTable id="t" hitPolicy="UNIQUE">
<input><inputExpression><text>人均面积</text></inputExpression></input><output/>
<rule><inputEntry><text>&lt; 15</text></inputEntry>
<outputEntry><text>"合格"</text></outputEntry></rule>
<rule><inputEntry><text>&gt;= 15</text></inputEntry><outputEntry><text>"不合格"</text></outputEntry>
<annotationEntry><text>高于标准</text></annotationEntry></rule></decisionTable></decision>)")}});
  ASSERT_TRUE(built.ok()) << built.diagnostics[0].error.to_string_en();
  EvaluatorOptions options;
  options.explain = true;
  Evaluator evaluator(built.model, options);
  evaluator.set(*built.model->find_input("人均面积"), Value::number(int64_t{20}));
  EXPECT_EQ(evaluator.evaluate(*built.model->find_decision("轮候资格")).to_string(), "不合格");
  ASSERT_NE(evaluator.explanation(), nullptr);
  EXPECT_EQ(evaluator.explanation()->to_text_zh(),
            "决策 轮候资格 = \"不合格\"\n"
            "  依据的数据：人均面积 = 20\n"
            "  出处：住房保障条例 第十条 (urn:law:10)\n"
            "  决策表 轮候资格 (命中策略 U) = \"不合格\"\n"
            "    依据的数据：人均面积 = 20\n"
            "    规则 1 未命中：人均面积 要求 < 15，实为 20\n"
            "    规则 2 命中：高于标准\n");
  EXPECT_NE(evaluator.explanation()->to_text_en().find("Rule 1 did not fire: 人均面积 wants < 15, "
                                                       "is 20"),
            std::string::npos);
  EXPECT_NE(evaluator.explanation()->to_json().find("\"fired\":true"), std::string::npos);
}

TEST(Model, ManyThreadsShareOneModel) {
  const auto built = compile_model(
      {{"m.dmn", model("<inputData id=\"i\" name=\"n\"><variable name=\"n\"/></inputData>" +
                       decision("x", "{k: \"项\" + string(n), r: for i in 1..n return k}.r",
                                needs("Input", "i")))}});
  ASSERT_TRUE(built.ok());
  const auto in = *built.model->find_input("n"), out = *built.model->find_decision("x");
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      Evaluator evaluator(built.model);
      for (int64_t i = 1; i <= 200; ++i) {
        evaluator.clear();
        evaluator.set(in, Value::number(i % 7 + 1));
        good += evaluator.evaluate(out).as_list().size() == static_cast<size_t>(i % 7 + 1);
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(good.load(), 800);
}

}  // namespace
}  // namespace yipan::rules
