#include "findings/law.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "yipan/file.h"
#include "yipan/rules.h"

namespace yipan::findings {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view kSource = R"toml(id = "test-law-2020"
title.zh = "试验法"
title.en = "Test Law"
issuer.zh = "国务院"
issuer.en = "State Council"
level = "law"
jurisdiction = "cn"
promulgated = 2020-01-02
effective_from = 2020-03-01
effective_until = 2024-01-01
text_status = "checked"

[[article]]
article = "12"
title.zh = "第十二条"
paraphrase.zh = "不得"
paraphrase.en = "must not"
status = "verified"

[[article]]
article = "34.2(1)"
title.zh = "第三十四条第二款第（一）项"
paraphrase.zh = "罚"
paraphrase.en = "a fine"
status = "unverified"
)toml";

constexpr std::string_view kRule = R"([[rule]]
id = "P05"
questions = [2, 8]
title.zh = "概算"
title.en = "Budget"
condition.zh = "超过"
condition.en = "above"
citations = ["test-law-2020#12"]
status = "verified"
parameters = ["estimate_excess_share"]
)";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const size_t at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return out.replace(at, from.size(), to);
}

std::vector<Error> problems_of(std::string_view source, std::string_view rules) {
  std::vector<Error> problems;
  std::vector<LawSource> sources;
  if (auto parsed = parse_law_source(source, "s.toml", &problems)) sources.push_back(*parsed);
  make_law(std::move(sources), parse_law_rules(rules, "R.toml", &problems), &problems);
  return problems;
}

TEST(LawTest, ReadsAndResolves) {
  std::vector<Error> problems;
  auto source = parse_law_source(kSource, "s.toml", &problems);
  ASSERT_TRUE(source);
  const Law law = make_law({*source}, parse_law_rules(kRule, "R.toml", &problems), &problems);
  ASSERT_THAT(problems, IsEmpty());

  const auto cited = law.resolve("test-law-2020#12");
  ASSERT_TRUE(cited) << cited.error().to_string_en();
  EXPECT_EQ(cited->label.zh, "《试验法》第十二条");
  EXPECT_EQ(cited->label.en, "Test Law, Article 12");
  EXPECT_EQ(cited->status, LawStatus::verified);
  EXPECT_EQ(cited->article->paraphrase.en, "must not");
  EXPECT_EQ(law.resolve("test-law-2020#34.2(1)")->label.en,
            "Test Law, Article 34, paragraph 2, item 1");
  EXPECT_EQ(law.resolve("test-law-2020")->label.zh, "《试验法》");
  EXPECT_EQ(*law.weakest({"test-law-2020#12", "test-law-2020#34.2(1)"}), LawStatus::unverified);
  EXPECT_EQ(*law.weakest({}), LawStatus::verified);
  EXPECT_EQ(law.article("test-law-2020"), nullptr);
  ASSERT_NE(law.rule("P05"), nullptr);
  EXPECT_EQ(law.rule("P05")->line, 1U);
  EXPECT_THAT(law.rule("P05")->questions, testing::ElementsAre(2, 8));
  EXPECT_EQ(law.rule("P06"), nullptr);
}

TEST(LawTest, PeriodIsHalfOpenAndUnknownBoundsAreOpen) {
  std::vector<Error> problems;
  LawSource source = *parse_law_source(kSource, "s.toml", &problems);
  EXPECT_FALSE(source.in_force(*Date::parse("2020-02-29")));
  EXPECT_TRUE(source.in_force(*Date::parse("2020-03-01")));
  EXPECT_TRUE(source.in_force(*Date::parse("2023-12-31")));
  EXPECT_FALSE(source.in_force(*Date::parse("2024-01-01")));
  source.effective_until.reset();
  EXPECT_TRUE(source.in_force(*Date::parse("2999-01-01")));
  source.effective_from.reset();
  EXPECT_TRUE(source.in_force(*Date::parse("1900-01-01")));
}

TEST(LawTest, DocumentsAreLabelledByLevel) {
  std::vector<Error> problems;
  const auto label = [&](std::string_view level) {
    std::string text = replaced(kSource, "level = \"law\"", level);
    const Law law = make_law({*parse_law_source(text, "s.toml", &problems)}, {}, &problems);
    return law.resolve("test-law-2020#12")->label;
  };
  EXPECT_EQ(label("level = \"standard\"\nnumber = \"GB 1-2020\"").zh,
            "《试验法》（GB 1-2020）第十二条");
  EXPECT_EQ(label("level = \"standard\"").en, "Test Law, clause 12");
  EXPECT_EQ(label("level = \"speech\"").zh, "试验法：第十二条");
  EXPECT_EQ(label("level = \"city-choice\"").en, "Test Law: Article 12");
  EXPECT_THAT(problems, IsEmpty());
}

struct BadCase {
  std::string name;
  bool in_source;
  std::string from;
  std::string to;
  std::string code;
  uint64_t line;
  std::string message;
  std::string remedy;
};
void PrintTo(const BadCase& c, std::ostream* out) { *out << c.name; }

class LawBadTest : public testing::TestWithParam<BadCase> {};

TEST_P(LawBadTest, SaysWhatWhereAndRemedy) {
  const BadCase& c = GetParam();
  const std::string source(c.in_source ? replaced(kSource, c.from, c.to) : std::string(kSource));
  const std::string rules(c.in_source ? std::string(kRule) : replaced(kRule, c.from, c.to));
  const std::vector<Error> problems = problems_of(source, rules);
  ASSERT_THAT(problems, SizeIs(testing::Ge(1U)));
  const Error& e = problems.front();
  EXPECT_EQ(e.code(), c.code) << e.to_string_en();
  EXPECT_EQ(e.place().file, c.in_source ? "s.toml" : "R.toml");
  EXPECT_EQ(e.place().line.value_or(0), c.line) << e.to_string_en();
  EXPECT_THAT(e.message_en(), HasSubstr(c.message));
  EXPECT_THAT(e.remedy_en(), HasSubstr(c.remedy));
  EXPECT_FALSE(e.message_zh().empty());
  EXPECT_FALSE(e.remedy_zh().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Cases, LawBadTest,
    testing::Values(
        BadCase{"syntax", true, "level = \"law\"", "level = ", "findings.law.syntax", 6,
                "not valid TOML", "mend this line"},
        BadCase{"no_such_day", true, "2020-01-02", "2020-02-30", "findings.law.syntax", 8,
                "not valid TOML", "mend"},
        BadCase{"date_text", true, "2020-01-02", "\"2 January\"", "findings.law.value", 8,
                "promulgated", "2019-07-01"},
        BadCase{"period", true, "2024-01-01", "2020-03-01", "findings.law.period", 10,
                "not after effective_from", "first day"},
        BadCase{"key", true, "promulgated", "promulgatd", "findings.law.key", 8,
                "unknown key promulgatd", "promulgated"},
        BadCase{"level", true, "\"law\"", "\"decree\"", "findings.law.word", 6,
                "level knows no 'decree'", "ministry-rule"},
        BadCase{"text_status", true, "\"checked\"", "\"verified\"", "findings.law.word", 11,
                "knows no 'verified'", "checked, secondary, unverified"},
        BadCase{"status", true, "status = \"unverified\"", "status = \"sure\"", "findings.law.word",
                25, "article 34.2(1): status knows no 'sure'", "verified, secondary"},
        BadCase{"no_paraphrase", true, "paraphrase.en = \"must not\"\n", "", "findings.law.missing",
                16, "article 12: paraphrase.en is missing", "add article 12: paraphrase.en"},
        BadCase{"empty", true, "\"must not\"", "\"\"", "findings.law.value", 17, "paraphrase.en",
                "not empty"},
        BadCase{"article_id", true, "\"12\"", "\"12 条\"", "findings.law.value", 14, "article",
                "34(1)"},
        BadCase{"source_id", true, "test-law-2020", "Test_Law", "findings.law.value", 1, "id",
                "a-z"},
        BadCase{"rule_id", false, "P05", "P5", "findings.law.value", 2, "id", "P05"},
        BadCase{"questions", false, "[2, 8]", "[0]", "findings.law.value", 3, "questions",
                "1 to 99"},
        BadCase{"unknown_source", false, "test-law-2020#12", "best-law#12", "findings.law.citation",
                1, "there is no 'best-law'", "best-law.toml"},
        BadCase{"unknown_article", false, "test-law-2020#12", "test-law-2020#13",
                "findings.law.citation", 1, "names no article", "12, 34.2(1)"},
        BadCase{"no_citation", false, "[\"test-law-2020#12\"]", "[]", "findings.law.value", 8,
                "citations", "at least one"},
        BadCase{"weakest", false, "[\"test-law-2020#12\"]",
                "[\"test-law-2020#12\", \"test-law-2020#34.2(1)\"]", "findings.law.status", 1,
                "weakest of its citations is 'unverified'", "status = \"unverified\""},
        BadCase{"uncited_consequence", false, "parameters =",
                "consequence.zh = \"罚\"\nconsequence.en = \"a fine\"\nparameters =",
                "findings.law.missing", 1, "consequence_citations is missing", "add rule P05"},
        BadCase{"half_note", false, "parameters =", "note.zh = \"注\"\nparameters =",
                "findings.law.missing", 10, "note.en is missing", "add rule P05: note.en"}),
    [](const auto& param) { return param.param.name; });

TEST(LawTest, DuplicatesAreFound) {
  const std::string twice = std::string(kRule) + std::string(kRule);
  std::vector<Error> problems = problems_of(kSource, twice);
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].message_en(), HasSubstr("rule 'P05' is given twice"));
  EXPECT_EQ(problems[0].place().file, "R.toml");
  problems = problems_of(replaced(kSource, "\"34.2(1)\"", "\"12\""), kRule);
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].message_en(), HasSubstr("article '12' of 'test-law-2020'"));
}

TEST(LawTest, LoadReportsEveryProblemOfTheFolder) {
  auto folder = TempDir::make();
  ASSERT_TRUE(folder);
  Files& files = Files::posix();
  const std::string root = folder->path();
  ASSERT_TRUE(files.make_directories(root + "/sources"));
  std::vector<Error> problems;
  auto law = load_law(files, root, &problems);  // there is no folder of rules
  ASSERT_FALSE(law);
  EXPECT_EQ(problems.front().code(), "base.file.not_found");

  ASSERT_TRUE(files.make_directories(root + "/rules"));
  ASSERT_TRUE(write_file_atomic(files, root + "/sources/other-name.toml", kSource));
  ASSERT_TRUE(write_file_atomic(files, root + "/sources/broken.toml", "id = "));
  ASSERT_TRUE(write_file_atomic(files, root + "/rules/P.toml", replaced(kRule, "#12", "#99")));
  ASSERT_TRUE(write_file_atomic(files, root + "/rules/notes.txt", "not read"));
  law = load_law(files, root, &problems);
  ASSERT_FALSE(law);
  EXPECT_EQ(law.error().code(), "findings.law.invalid");
  EXPECT_THAT(law.error().message_en(), HasSubstr("3 problems"));
  ASSERT_THAT(problems, SizeIs(3));
  EXPECT_THAT(problems[0].to_string_en(), HasSubstr("broken.toml"));
  EXPECT_THAT(problems[1].to_string_en(),
              AllOf(HasSubstr("other-name.toml"), HasSubstr("id = \"other-name\"")));
  EXPECT_THAT(problems[2].to_string_zh(), AllOf(HasSubstr("P.toml"), HasSubstr("《试验法》")));
}

// ---- the registry that ships ------------------------------------------------------------------

const Law& shipped() {
  static const Law law = [] {
    std::vector<Error> problems;
    auto loaded = load_law(Files::posix(), YIPAN_SOURCE_DIR "/rulebook/law", &problems);
    for (const Error& problem : problems) ADD_FAILURE() << problem.to_string_en();
    return loaded ? std::move(*loaded) : Law();
  }();
  return law;
}

std::vector<rules::Parameter> shipped_parameters() {
  const std::string path = YIPAN_SOURCE_DIR "/rulebook/standards/parameters.toml";
  const auto text = read_file(Files::posix(), path);
  if (!text) {
    ADD_FAILURE() << text.error().to_string_en();
    return {};
  }
  auto out = rules::parse_parameters(*text, path);
  if (!out) ADD_FAILURE() << out.error().to_string_en();
  return out ? *out : std::vector<rules::Parameter>();
}

std::set<std::string> expected_rules() {
  std::set<std::string> out;
  const auto add = [&](const char* letter, int count) {
    for (int i = 1; i <= count; ++i)
      out.insert(letter + std::string(i < 10 ? "0" : "") + std::to_string(i));
  };
  for (const auto& [letter, count] : {std::pair{"P", 38},
                                      {"D", 6},
                                      {"F", 3},
                                      {"S", 6},
                                      {"C", 3},
                                      {"H", 3},
                                      {"E", 3},
                                      {"G", 2},
                                      {"W", 4},
                                      {"A", 3},
                                      {"Q", 3},
                                      {"M", 7},
                                      {"L", 4},
                                      {"U", 2}}) {
    add(letter, count);
  }
  return out;
}

TEST(ShippedLawTest, HoldsAllEightySevenRules) {
  std::set<std::string> found;
  for (const LawRule& rule : shipped().rules()) found.insert(rule.id);
  EXPECT_EQ(found.size(), 87U);
  EXPECT_EQ(found, expected_rules());
  for (const LawRule& rule : shipped().rules()) {
    for (const int question : rule.questions) EXPECT_LE(question, 8) << rule.id;
  }
}

// All files of that name below the folder, one after the other.
std::string texts_of(const std::string& folder, std::string_view name) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().filename() != name) continue;
    std::ifstream in(entry.path());
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

TEST(ShippedLawTest, EverySourceIsCited) {
  std::set<std::string> cited;
  const auto add = [&](const std::string& citation) {
    EXPECT_TRUE(shipped().resolve(citation)) << citation;
    cited.insert(citation.substr(0, citation.find('#')));
  };
  for (const LawRule& rule : shipped().rules()) {
    for (const auto* list : {&rule.citations, &rule.supporting, &rule.consequence_citations}) {
      for (const std::string& citation : *list) add(citation);
    }
  }
  for (const rules::Parameter& parameter : shipped_parameters()) {
    for (const rules::DatedValue& value : parameter.values) add(value.citation);
  }
  const std::string questions = texts_of(YIPAN_SOURCE_DIR "/rulebook/questions", "judge.dmn");
  for (const LawSource& source : shipped().sources()) {
    // One local regulation is a comparison that only descriptions name.
    if (source.id == "zhengzhou-government-investment-2018") continue;
    const bool by_question = questions.find('"' + source.id + '#') != std::string::npos;
    EXPECT_TRUE(by_question || cited.contains(source.id)) << source.id;
  }
}

TEST(ShippedLawTest, EveryParameterOfARuleExistsAndHasAValue) {
  const std::vector<rules::Parameter> parameters = shipped_parameters();
  std::set<std::string> names;
  for (const rules::Parameter& parameter : parameters) {
    names.insert(parameter.name);
    for (const char* day : {"2022-11-30", "2026-11-23"}) {
      EXPECT_TRUE(rules::in_force(parameter, *Date::parse(day))) << parameter.name << " " << day;
    }
  }
  for (const LawRule& rule : shipped().rules()) {
    for (const std::string& name : rule.parameters) {
      EXPECT_TRUE(names.contains(name)) << rule.id << " " << name;
    }
  }
}

// A value begins no earlier than the source it cites, where we know since when that is in force;
// amended laws are registered with the day of the text that was read, so they may be older.
TEST(ShippedLawTest, ParametersAreInForceUnderTheirSource) {
  for (const rules::Parameter& parameter : shipped_parameters()) {
    for (const rules::DatedValue& value : parameter.values) {
      const auto cited = shipped().resolve(value.citation);
      ASSERT_TRUE(cited) << parameter.name << " " << cited.error().to_string_en();
      const auto until = cited->source->effective_until;
      EXPECT_TRUE(!until || value.from < *until) << parameter.name;
      EXPECT_TRUE(!cited->source->promulgated || cited->status == LawStatus::speech ||
                  *cited->source->promulgated <= value.from)
          << parameter.name << " " << value.from.to_string();
    }
  }
}

TEST(ShippedLawTest, ReportingAboveAnEstimateAndAuditingBeforeAnIncreaseAreTwoRules) {
  const LawRule* report = shipped().rule("P05");
  const LawRule* audit = shipped().rule("P18");
  ASSERT_TRUE(report != nullptr && audit != nullptr);
  EXPECT_EQ(shipped().resolve(report->citations.front())->label.zh, "《政府投资条例》第十二条");
  EXPECT_EQ(report->status, LawStatus::verified);
  EXPECT_EQ(audit->status, LawStatus::unverified);
  for (const std::string& citation : audit->citations) {
    EXPECT_THAT(citation, Not(HasSubstr("government-investment-regulations")));
  }
  EXPECT_NE(report->parameters, audit->parameters);
}

// What we call verified is in a text that we read.
TEST(ShippedLawTest, VerifiedArticlesStandInCheckedTexts) {
  for (const LawSource& source : shipped().sources()) {
    for (const LawArticle& article : source.articles) {
      if (article.status != LawStatus::verified) continue;
      EXPECT_EQ(source.text_status, "checked") << source.id << " " << article.id;
    }
  }
}

std::string chinese_number(int n) {
  static const char* const kDigits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  if (n < 10) return kDigits[n];
  if (n < 100) {
    return (n < 20 ? "" : kDigits[n / 10]) + std::string("十") + (n % 10 ? kDigits[n % 10] : "");
  }
  const int rest = n % 100;
  std::string out = kDigits[n / 100] + std::string("百");
  if (rest == 0) return out;
  if (rest < 10) return out + "零" + kDigits[rest];
  return out + (rest < 20 ? "一" : "") + chinese_number(rest);
}

TEST(ShippedLawTest, TitlesOfArticlesAgreeWithTheirNumbers) {
  size_t checked = 0;
  for (const LawSource& source : shipped().sources()) {
    for (const LawArticle& article : source.articles) {
      if (source.level == LawLevel::standard || article.id[0] < '0' || article.id[0] > '9')
        continue;
      const std::string title = "第" + chinese_number(std::stoi(article.id)) + "条";
      EXPECT_TRUE(article.title.zh.starts_with(title)) << source.id << " " << article.id;
      ++checked;
    }
  }
  EXPECT_GT(checked, 150U);
}

}  // namespace
}  // namespace yipan::findings
