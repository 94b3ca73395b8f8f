// Broken packs: every fault is named with file, line, reason and remedy, and stops nobody else.
#include <gtest/gtest.h>

#include "findings/city_for_tests.h"

namespace yipan::findings {
namespace {

const std::string kPack = "questions/01-begun/";

struct Fault {
  const char* file;  // of the pack
  const char* what;  // replaced ...
  const char* with;  // ... by this
  const char* code;
  const char* zh;  // in the message
  const char* en;
  bool has_line = true;
};

std::vector<Error> problems_of(const RulebookFiles& files) {
  const Rulebook book = TestRulebook(files).load(day("2022-11-30"));
  if (book.problems().empty()) return {};
  EXPECT_EQ(book.problems().front().pack, "01-begun");
  return book.problems().front().errors;
}

void expect_fault(const Fault& fault) {
  SCOPED_TRACE(std::string(fault.file) + ": " + fault.with);
  RulebookFiles files = sample_rulebook();
  replace(&files[kPack + fault.file], fault.what, fault.with);
  const auto problems = problems_of(files);
  ASSERT_FALSE(problems.empty());
  for (const Error& error : problems) {
    if (error.code() != fault.code) continue;
    EXPECT_NE(error.message_zh().find(fault.zh), std::string::npos) << error.to_string_zh();
    EXPECT_NE(error.message_en().find(fault.en), std::string::npos) << error.to_string_en();
    EXPECT_TRUE(error.place().file.ends_with(kPack + fault.file)) << error.to_string_en();
    EXPECT_EQ(error.place().line.has_value(), fault.has_line) << error.to_string_en();
    EXPECT_FALSE(error.remedy_zh().empty()) << error.to_string_zh();
    EXPECT_FALSE(error.remedy_en().empty()) << error.to_string_en();
    return;
  }
  FAIL() << "no " << fault.code << " but " << problems.front().to_string_en();
}

TEST(PackTest, TheSampleIsSound) {
  const auto problems = problems_of(sample_rulebook());
  EXPECT_TRUE(problems.empty()) << problems.front().to_string_en();
}

TEST(PackTest, FaultsOfQuestionToml) {
  const Fault faults[] = {
      {"question.toml", "number = 1", "number = ", "findings.pack.toml", "TOML", "TOML"},
      {"question.toml", "number = 1", "number = \"one\"", "findings.pack.value",
       "“number”应是1 到 9999 的整数", "'number' must be an integer from 1 to 9999"},
      {"question.toml", "number = 1", "number = 1\ncolour = 2", "findings.pack.key",
       "没有键“colour”", "there is no key 'colour'"},
      {"question.toml", "asks.en = \"build lawfully\"\n", "", "findings.pack.missing",
       "缺少“asks.en”", "'asks.en' is missing"},
      {"question.toml", "kind = \"bar\"", "kind = \"pie\"", "findings.pack.value",
       "“[[view]] kind”应是bar、line、map 或 table",
       "'[[view]] kind' must be bar, line, map or table"},
      {"question.toml", "unit = \"\"", "unit = \"cubits\"", "findings.pack.value",
       "“[[figure]] unit”应是", "'[[figure]] unit' must be a unit"},
      {"question.toml", "\"places\"", "\"tides\"", "findings.pack.value", "已有的量算",
       "measures: places"},
      {"question.toml", "norm = \"small_fen\"", "norm = \"large_fen\"", "findings.pack.parameter",
       "没有参数“large_fen”", "there is no parameter 'large_fen'"},
      {"question.toml", "by_area = \"by_area\"", "by_area = \"map\"", "findings.pack.view",
       "没有视图“map”", "there is no view 'map'"},
      {"question.toml", "{begun:n0} begun", "{began:n0} begun", "findings.placeholder.unknown",
       "{began}", "{began}"},
      {"question.toml", "{begun:n0} begun", "{begun:n9} begun", "findings.pack.value",
       "没有格式“n9”", "no format 'n9'"},
      {"question.toml", "count.paid_much", "count.paid_little", "findings.placeholder.unknown",
       "{count.paid_little}", "{count.paid_little}"},
      {"question.toml", "name = \"paid_by_area\"", "name = \"paid\"", "findings.pack.section",
       "“paid”在 facts.sql 里没有一节", "'paid' has no section in facts.sql"},
      {"question.toml", "table = \"projects\"\n", "", "findings.pack.evidence",
       "“begun_project”没有证据", "'begun_project' has no evidence"},
      {"question.toml", "table = \"projects\"", "decision = \"other\"", "findings.pack.decision",
       "没有决策“other”", "no decision 'other'"},
  };
  for (const Fault& fault : faults) expect_fault(fault);
}

TEST(PackTest, FaultsOfTheSql) {
  const Fault faults[] = {
      {"facts.sql", "-- fact: paid_by_area", "-- fact: paid_by_zone", "findings.pack.entry",
       "“paid_by_zone”一节在 question.toml 里没有对应的项",
       "the section 'paid_by_zone' has no entry in question.toml"},
      {"facts.sql", ":small_fen", ":tiny_fen", "findings.pack.parameter", "没有参数“tiny_fen”",
       "there is no parameter 'tiny_fen'"},
      {"facts.sql", ":small_fen", ":later", "rules.parameter.gap", "2022-11-30",
       "has no value on 2022-11-30"},
      {"facts.sql", ":small_fen", ":key", "findings.pack.parameter", "没有参数“key”",
       "there is no parameter 'key'"},
      {"evidence.sql", "-- evidence: paid_by_area", "-- evidence: paid", "findings.pack.entry",
       "“paid”一节", "the section 'paid'"},
      {"views.sql", "-- view: by_area", "-- figure: by_area", "findings.section.word",
       "-- view: 名字", "-- view: name"},
  };
  for (const Fault& fault : faults) expect_fault(fault);
}

TEST(PackTest, FaultsOfTheJudge) {
  const Fault faults[] = {
      {"judge.dmn", "begun_on</text></outputEntry>", "begun_on + 1</text></outputEntry>",
       "rules.type.operands", "", ""},
      {"judge.dmn", "<outputEntry id=\"b1\"><text>\"begun_without_permit\"",
       "<outputEntry id=\"b1\"><text>\"begun_badly\"", "findings.pack.code",
       "代码“begun_badly”不在 catalogue 里", "the code 'begun_badly' is not in the catalogue"},
      {"judge.dmn", "building-law#7", "building-law#70", "findings.law.citation", "70", "70"},
      {"judge.dmn", "\"T01\"", "\"T99\"", "findings.pack.rule", "没有规则“T99”",
       "there is no rule 'T99'"},
      {"judge.dmn", "\"district\"", "\"mayor\"", "findings.pack.role", "没有角色“mayor”",
       "there is no role 'mayor'"},
      {"judge.dmn", "\"red\"", "\"pink\"", "findings.catalogue.severity", "没有严重程度“pink”",
       "there is no severity 'pink'"},
      {"judge.dmn", "{payments:n0}笔", "{payments:k}笔", "findings.template.format", "没有格式“k”",
       "there is no format 'k'"},
      {"judge.dmn", "\"停工补办\"", "null", "findings.catalogue.missing", "缺少“remedy_zh”",
       "lacks 'remedy_zh'"},
      {"judge.dmn", "<text>\"paid_much\"</text></literalExpression>",
       "<text>\"begun_without_permit\"</text></literalExpression>", "findings.catalogue.twice",
       "在目录里有两行", "has two rows in the catalogue"},
      {"judge.dmn", "name=\"catalogue\">", "name=\"katalog\">", "findings.catalogue.none",
       "没有名为 catalogue 的决策", "no decision named catalogue", false},
  };
  for (const Fault& fault : faults) expect_fault(fault);
}

TEST(PackTest, AFaultOfTheModelHasItsLine) {
  RulebookFiles files = sample_rulebook();
  replace(&files[kPack + "judge.dmn"], "paid_fen / 100", "paid_fen / ");
  const auto problems = problems_of(files);
  ASSERT_FALSE(problems.empty());
  EXPECT_TRUE(problems.front().code().starts_with("rules.")) << problems.front().to_string_en();
  EXPECT_TRUE(problems.front().place().file.ends_with("judge.dmn"));
  EXPECT_TRUE(problems.front().place().line.has_value());
}

TEST(PackTest, AllFaultsOfAPackAreNamedAtOnce) {
  RulebookFiles files = sample_rulebook();
  replace(&files[kPack + "question.toml"], "kind = \"bar\"", "kind = \"pie\"");
  replace(&files[kPack + "facts.sql"], ":small_fen", ":tiny_fen");
  replace(&files[kPack + "judge.dmn"], "\"T01\"", "\"T99\"");
  EXPECT_EQ(problems_of(files).size(), 3U);
}

TEST(PackTest, ABrokenPackDoesNotStopTheOthers) {
  RulebookFiles files = sample_rulebook();
  for (const auto& [name, text] : sample_rulebook()) {
    if (!name.starts_with(kPack)) continue;
    files["questions/02-other/" + name.substr(kPack.size())] = text;
  }
  replace(&files["questions/02-other/question.toml"], "number = 1", "number = 2");
  replace(&files[kPack + "judge.dmn"], "\"T01\"", "\"T99\"");
  const Rulebook book = TestRulebook(files).load(day("2022-11-30"));
  EXPECT_EQ(book.pack_count(), 1U);
  ASSERT_EQ(book.problems().size(), 1U);
  EXPECT_EQ(book.problems()[0].number, 1);
  EXPECT_EQ(book.problems()[0].title.zh, "是否依法开工");
}

TEST(PackTest, ANumberTwiceIsAFault) {
  RulebookFiles files = sample_rulebook();
  for (const auto& [name, text] : sample_rulebook()) {
    if (name.starts_with(kPack)) files["questions/02-other/" + name.substr(kPack.size())] = text;
  }
  const Rulebook book = TestRulebook(files).load(day("2022-11-30"));
  ASSERT_EQ(book.problems().size(), 1U);
  EXPECT_EQ(book.problems()[0].errors[0].message_zh(), "问题 1 已有一包：01-begun");
}

TEST(PackTest, TheHashIsOfTheFiles) {
  const std::string before = TestRulebook(sample_rulebook()).load(day("2022-11-30")).hash();
  EXPECT_EQ(TestRulebook(sample_rulebook()).load(day("2022-12-30")).hash(), before);
  for (const char* file : {"questions/01-begun/README.md", "law/rules/T.toml",
                           "standards/building.toml", "questions/01-begun/judge.dmn"}) {
    RulebookFiles files = sample_rulebook();
    files[file] += "\n";
    EXPECT_NE(TestRulebook(files).load(day("2022-11-30")).hash(), before) << file;
  }
}

TEST(PackTest, CasesAreRun) {
  RulebookFiles files = sample_rulebook();
  files[kPack + "cases/begun_project.csv"] =
      "# case,permit,begun_on,cost_fen,=> begun_project.code\n"
      "without,false,2022-01-01,1,begun_without_permit\nwith,true,2022-01-01,1,null\n"
      "wrong,true,2022-01-01,1,begun_without_permit\n";
  const TestRulebook book(files);
  const auto cases =
      run_pack_cases(Files::posix(), book.path(), day("2022-11-30"), Clock::system());
  ASSERT_TRUE(cases.has_value()) << cases.error().to_string_en();
  ASSERT_EQ(cases->size(), 1U);
  EXPECT_EQ(cases->front().passed, 2U);
  EXPECT_EQ(cases->front().failed, 1U);
  EXPECT_NE(cases->front().text.find("begun_without_permit"), std::string::npos);
}

}  // namespace
}  // namespace yipan::findings
