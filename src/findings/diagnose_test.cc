// Diagnosing a small city, the same on both databases.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "findings/city_for_tests.h"
#include "support/postgres.h"

namespace yipan::findings {
namespace {

const std::string kPack = "questions/01-begun/";

class DiagnoseTest : public test::BothDatabases {
 protected:
  void start() {
    db_ = connect();
    make_city(*db_);
  }
  Diagnosis ask(const RulebookFiles& files, const std::string& on = "2022-11-30",
                const Diagnosis* before = nullptr) {
    DiagnoseOptions options;
    options.as_of = day(on);
    if (before != nullptr) remember(*before, &options);
    const TestRulebook book(files);
    auto out = diagnose(*db_, schemas_, book.load(options.as_of), options);
    EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().to_string_en());
    return std::move(*out);
  }
  static void remember(const Diagnosis& before, DiagnoseOptions* options) {
    for (const Answer& answer : before.answers) {
      for (const auto* list : {&answer.findings, &answer.leads}) {
        options->previous.insert(options->previous.end(), list->begin(), list->end());
      }
    }
    options->previous.insert(options->previous.end(), before.carried.begin(), before.carried.end());
    options->previous_on = before.as_of;
  }
  Error error_of(const RulebookFiles& files) {
    const Diagnosis d = ask(files);
    EXPECT_TRUE(d.missing.empty());
    EXPECT_EQ(d.answers.size(), 1U);
    if (d.answers.empty() || d.answers[0].errors.empty()) return Error("test.none");
    EXPECT_TRUE(d.answers[0].findings.empty());
    return d.answers[0].errors[0];
  }
  void expect_error(const char* file, const char* what, const char* with, const char* code,
                    const char* zh) {
    SCOPED_TRACE(with);
    RulebookFiles files = sample_rulebook();
    replace(&files[kPack + file], what, with);
    const Error error = error_of(files);
    EXPECT_EQ(error.code(), code) << error.to_string_en();
    EXPECT_NE(error.message_zh().find(zh), std::string::npos) << error.to_string_zh();
    EXPECT_FALSE(error.place().file.empty());
    EXPECT_TRUE(error.place().line.has_value()) << error.to_string_en();
    EXPECT_FALSE(error.remedy_zh().empty());
    EXPECT_FALSE(error.remedy_en().empty());
  }

  std::unique_ptr<store::Connection> db_;
  board::Schemas schemas_ = city_schemas();
};
YIPAN_ON_BOTH_DATABASES(DiagnoseTest);

TEST_P(DiagnoseTest, FindsWhatIsWrong) {
  YIPAN_NEED_DATABASE();
  start();
  const Diagnosis d = ask(sample_rulebook());
  ASSERT_EQ(d.answers.size(), 1U);
  const Answer& answer = d.answers[0];
  ASSERT_TRUE(answer.errors.empty()) << answer.errors[0].to_string_en();
  EXPECT_EQ(answer.sentence.zh, "3个项目开工，1项严重，涉及123.46万元，1");
  EXPECT_EQ(answer.sentence.en, "3 begun, 1 serious, 1,234,600 yuan, 1");
  ASSERT_EQ(answer.findings.size(), 1U);
  const Finding& f = answer.findings[0];
  EXPECT_TRUE(f.id.starts_with("F1-"));
  EXPECT_EQ(f.id.size(), 15U);
  EXPECT_EQ(f.code, "begun_without_permit");
  EXPECT_EQ(f.rule, "T01");
  EXPECT_EQ(f.claim.zh, "路（东区）2022年3月1日开工，投资123.46万元，没有许可");
  EXPECT_EQ(f.claim.en, "路 in East was begun on 1 March 2022 at 1,234,567 yuan, no permit");
  EXPECT_EQ(f.norm.zh, "1万元以上先领许可");
  EXPECT_EQ(f.value, "2022-03-01");
  EXPECT_EQ(f.money_fen, 123456700);
  EXPECT_EQ(f.lead_id, "O2");  // of its district
  EXPECT_EQ(f.support_ids, std::vector<std::string>{"O1"});
  ASSERT_EQ(f.citations.size(), 1U);
  EXPECT_EQ(f.citations[0].label.zh, "《建筑法》第七条");
  EXPECT_EQ(f.citation_status, "verified");
  ASSERT_EQ(f.evidence.size(), 1U);
  EXPECT_EQ(f.evidence[0].entry, 3U);
  EXPECT_EQ(f.evidence[0].row, 2U);
  EXPECT_EQ(f.lon, 117.25);
  EXPECT_EQ(f.state, State::fresh);
  EXPECT_EQ(d.count(Severity::red), 1U);
  EXPECT_EQ(d.money_fen(), 123456700);
  EXPECT_FALSE(d.synthetic);
}

TEST_P(DiagnoseTest, WhatLacksNormOrCitationIsALead) {
  YIPAN_NEED_DATABASE();
  start();
  const Diagnosis d = ask(sample_rulebook());
  ASSERT_EQ(d.answers[0].leads.size(), 1U);
  const Finding& lead = d.answers[0].leads[0];
  EXPECT_EQ(lead.key, "D1");
  EXPECT_EQ(lead.claim.zh, "付了6.01元，2笔");
  EXPECT_EQ(lead.value, "6.01");
  ASSERT_EQ(lead.lead_lacks.size(), 2U);
  EXPECT_EQ(lead.lead_lacks[0].zh, "标准");
  EXPECT_EQ(lead.lead_lacks[1].en, "citation");
  ASSERT_EQ(lead.evidence.size(), 2U);
  EXPECT_EQ(lead.evidence[1].key, "P1|2");
  EXPECT_EQ(lead.evidence[1].row, 3U);
  EXPECT_EQ(d.lead_count(), 1U);
  EXPECT_EQ(d.count(Severity::yellow), 0U);
}

TEST_P(DiagnoseTest, EvidenceForAllFindingsAtOnceIsTheSame) {
  YIPAN_NEED_DATABASE();
  start();
  RulebookFiles files = sample_rulebook();
  std::string& evidence = files[kPack + "evidence.sql"];
  replace(&evidence, "SELECT 'payments'", "SELECT p.area_id AS key, 'payments'");
  replace(&evidence, "WHERE p.area_id = :key ORDER BY 2", "ORDER BY 1, 3");
  const Diagnosis d = ask(files);
  ASSERT_TRUE(d.answers[0].errors.empty()) << d.answers[0].errors[0].to_string_en();
  const Finding& lead = d.answers[0].leads[0];
  ASSERT_EQ(lead.evidence.size(), 2U);
  EXPECT_EQ(lead.evidence[0].key, "P1|1");
  EXPECT_EQ(lead.evidence[1].entry, 4U);
  EXPECT_EQ(lead.evidence_total, 2U);
}

TEST_P(DiagnoseTest, ViewsAndFiguresAreThere) {
  YIPAN_NEED_DATABASE();
  start();
  const Answer answer = ask(sample_rulebook()).answers[0];
  ASSERT_EQ(answer.figures.size(), 1U);
  EXPECT_EQ(answer.figures[0].value, 3.0);
  EXPECT_EQ(answer.figures[0].norm, 1000000.0);
  ASSERT_EQ(answer.views.size(), 1U);
  EXPECT_EQ(answer.views[0].columns, (std::vector<std::string>{"name", "projects"}));
  EXPECT_EQ(answer.views[0].rows[2], (std::vector<std::string>{"西区", "2"}));
  ASSERT_EQ(answer.steps.size(), 2U);
  EXPECT_EQ(answer.steps[0].rows, 2U);  // the small one is no candidate
  EXPECT_EQ(answer.steps[0].findings, 1U);
}

// A sentence full of "not stated" is no answer; one that found something says it all the same.
TEST_P(DiagnoseTest, TooLittleOnRecordIsSaid) {
  YIPAN_NEED_DATABASE();
  start();
  RulebookFiles files = sample_rulebook();
  replace(&files[kPack + "figures.sql"], "count(*) AS value", "max(cost_fen) AS value");
  replace(&files[kPack + "figures.sql"], "begun_on <= :as_of", "begun_on > :as_of");
  const Answer found = ask(files).answers[0];
  ASSERT_TRUE(found.errors.empty()) << found.errors[0].to_string_en();
  EXPECT_FALSE(found.findings.empty());
  EXPECT_NE(found.sentence.zh.find("未填"), std::string::npos) << found.sentence.zh;
  ASSERT_TRUE(db_->execute("UPDATE projects SET permit = TRUE"));
  ASSERT_TRUE(db_->execute("UPDATE payments SET paid_fen = 1"));
  const Answer none = ask(files).answers[0];
  EXPECT_TRUE(none.findings.empty());
  EXPECT_NE(none.sentence.zh.find("记录不足"), std::string::npos) << none.sentence.zh;
  EXPECT_NE(none.sentence.en.find("not known: begun"), std::string::npos) << none.sentence.en;
}

TEST_P(DiagnoseTest, AFindingIsFollowedFromRunToRun) {
  YIPAN_NEED_DATABASE();
  start();
  const RulebookFiles files = sample_rulebook();
  const Diagnosis first = ask(files, "2022-06-01");
  const Diagnosis again = ask(files, "2022-06-01", &first);
  EXPECT_EQ(again.answers[0].findings[0].state, State::fresh);  // the same day
  const Diagnosis second = ask(files, "2022-07-01", &again);
  const Finding& standing = second.answers[0].findings[0];
  EXPECT_EQ(standing.state, State::standing);
  EXPECT_EQ(standing.first_seen_on, "2022-06-01");
  EXPECT_EQ(standing.last_seen_on, "2022-07-01");
  EXPECT_EQ(changes(second).standing, 1U);

  run_sql(*db_, "UPDATE projects SET permit = TRUE WHERE id = 'P1'");
  const Diagnosis third = ask(files, "2022-08-01", &second);
  ASSERT_EQ(third.answers[0].findings.size(), 1U);
  const Finding& cleared = third.answers[0].findings[0];
  EXPECT_EQ(cleared.id, standing.id);
  EXPECT_EQ(cleared.state, State::cleared);
  EXPECT_EQ(cleared.cleared_on, "2022-08-01");
  EXPECT_EQ(cleared.last_seen_on, "2022-07-01");
  EXPECT_EQ(cleared.citations[0].label.zh, "《建筑法》第七条");
  EXPECT_EQ(third.count(Severity::red), 0U);
  EXPECT_EQ(third.money_fen(), 0);
  EXPECT_EQ(changes(third).cleared.size(), 1U);

  const Diagnosis fourth = ask(files, "2022-09-01", &third);
  EXPECT_EQ(fourth.answers[0].findings[0].cleared_on, "2022-08-01");  // carried along
  EXPECT_TRUE(changes(fourth).cleared.empty());

  run_sql(*db_, "UPDATE projects SET permit = FALSE WHERE id = 'P1'");
  const Diagnosis fifth = ask(files, "2022-10-01", &fourth);
  EXPECT_EQ(fifth.answers[0].findings[0].state, State::reopened);
  EXPECT_EQ(fifth.answers[0].findings[0].first_seen_on, "2022-06-01");
  EXPECT_EQ(fifth.answers[0].findings[0].cleared_on, "");
  EXPECT_EQ(changes(fifth).reopened.size(), 1U);
}

TEST_P(DiagnoseTest, AQuestionThatIsNotAnsweredKeepsItsFindings) {
  YIPAN_NEED_DATABASE();
  start();
  const Diagnosis first = ask(sample_rulebook());
  RulebookFiles broken = sample_rulebook();
  replace(&broken[kPack + "judge.dmn"], "\"T01\"", "\"T99\"");
  const Diagnosis second = ask(broken, "2022-12-30", &first);
  EXPECT_TRUE(second.answers.empty());
  ASSERT_EQ(second.missing.size(), 1U);
  ASSERT_EQ(second.carried.size(), 2U);
  EXPECT_EQ(second.carried[0].state, State::fresh);
  EXPECT_EQ(second.count(Severity::red), 0U);
}

TEST_P(DiagnoseTest, ErrorsThatOnlyABoardShows) {
  YIPAN_NEED_DATABASE();
  start();
  expect_error("facts.sql", "FROM payments t", "FROM payment t", "findings.sql.failed",
               "“paid_by_area”一节的 SQL 运行不了");
  expect_error("facts.sql", "p.area_id AS key, p.area_id,", "p.area_id,", "findings.fact.key",
               "“paid_by_area”的查询没有 key 列");
  expect_error("facts.sql", "SELECT p.area_id AS key, p.area_id,", "SELECT count(*) AS key,",
               "findings.fact.key", "不是文本");
  expect_error("facts.sql", "GROUP BY p.area_id", "GROUP BY p.area_id, t.number",
               "findings.fact.key", "出现两次");
  expect_error("facts.sql", "sum(t.paid_fen) AS paid_fen", "sum(t.paid_fen) AS paid",
               "findings.fact.input", "输入“paid_fen”没有同名的列");
  expect_error("facts.sql", "sum(t.paid_fen) AS paid_fen", "min(p.name) AS paid_fen",
               "findings.fact.type", "列“paid_fen”是 text，决策的输入要 number");
  expect_error("facts.sql", "-- types: key text, subject text", "-- types: key text, name text",
               "findings.sql.types", "第 2 列是“name”，查询给的是“subject”");
  expect_error("evidence.sql", "'payments' AS", "'payings' AS", "findings.evidence.table",
               "证据里的表“payings”不存在");
  expect_error("evidence.sql", "|| '|' ||", "|| '-' ||", "findings.evidence.row",
               "没有主键为“P1-1”的行");
  expect_error("evidence.sql", "AS row_key", "AS k", "findings.evidence.columns",
               "要有两列：table_name、row_key");
  expect_error("question.toml", "table = \"projects\"", "table = \"areas\"",
               "findings.evidence.row", "没有主键为“P1”的行");
  expect_error("figures.sql", "AS value", "AS number", "findings.figure.columns", "只有一列 value");
  expect_error("views.sql", "AS projects", "AS n", "findings.view.column", "没有列“projects”");
  expect_error("judge.dmn", "\"{subject}（", "\"{object}（", "findings.placeholder.unknown",
               "{object}");
  expect_error("judge.dmn", "{payments:n0}笔", "{payment:n0}笔", "findings.placeholder.unknown",
               "{payment}");
  expect_error("judge.dmn", "{code: \"paid_much\"", "{code: \"paid_more\"", "findings.pack.code",
               "代码“paid_more”不在 catalogue 里");
  expect_error("judge.dmn", "else null", "else 5", "findings.decision.outcome", "给出“5”");
}

TEST_P(DiagnoseTest, ARowWithoutAnAnswerIsSaidAndStopsNothing) {
  YIPAN_NEED_DATABASE();
  start();
  RulebookFiles files = sample_rulebook();
  replace(&files[kPack + "judge.dmn"], "else null", "else date(\"2022-02-30\")");
  const Answer answer = ask(files).answers[0];
  ASSERT_TRUE(answer.errors.empty()) << answer.errors[0].to_string_en();
  ASSERT_EQ(answer.unjudged.size(), 1U);
  EXPECT_NE(answer.unjudged[0].message_zh().find("对 key 为“D2”的一行没有答案"), std::string::npos)
      << answer.unjudged[0].to_string_zh();
  EXPECT_EQ(answer.steps[1].unjudged, 1U);
  EXPECT_EQ(answer.leads.size(), 1U);
}

TEST_P(DiagnoseTest, ExplainsAFindingToTheRule) {
  YIPAN_NEED_DATABASE();
  start();
  DiagnoseOptions options;
  options.as_of = day("2022-11-30");
  const TestRulebook files(sample_rulebook());
  const Rulebook book = files.load(options.as_of);
  const auto d = diagnose(*db_, schemas_, book, options);
  ASSERT_TRUE(d.has_value());
  const auto why = explain(*db_, schemas_, book, options, d->answers[0].findings[0].id);
  ASSERT_TRUE(why.has_value()) << why.error().to_string_en();
  EXPECT_EQ(why->finding.key, "P1");
  EXPECT_NE(why->sql.find("FROM projects p"), std::string::npos);
  EXPECT_NE(why->explanation.to_text_zh().find("规则 1 命中"), std::string::npos);
  ASSERT_EQ(why->parameters.size(), 1U);
  EXPECT_EQ(why->parameters[0].first, "small_fen");
  const auto none = explain(*db_, schemas_, book, options, "F1-000000000000");
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code(), "findings.unknown");
  EXPECT_EQ(none.error().message_en(), "no finding F1-000000000000 stands on 2022-11-30");
}

// Everything that a reader sees of a diagnosis.
std::string dump(const Diagnosis& d) {
  std::string out;
  for (const Answer& answer : d.answers) {
    out += answer.sentence.zh + answer.sentence.en;
    for (const auto* list : {&answer.findings, &answer.leads}) {
      for (const Finding& f : *list) {
        out += fmt::format("{} {} {} {} {} {} {}\n", f.id, f.claim.zh, f.claim.en, f.value,
                           f.money_fen.value_or(-1), f.lon.value_or(0), f.lat.value_or(0));
        for (const Evidence& e : f.evidence) {
          out += fmt::format("{}/{} {} {}\n", e.table, e.key, e.entry, e.row);
        }
        for (const auto& [name, value] : f.facts) out += name + "=" + value + "\n";
      }
    }
    for (const ViewData& view : answer.views) {
      for (const auto& row : view.rows) {
        for (const std::string& cell : row) out += cell + ",";
      }
    }
  }
  return out;
}

TEST(DiagnoseOnBothTest, GivesTheSame) {
  if (test::postgres_cluster().url.empty()) GTEST_SKIP() << test::postgres_cluster().reason;
  std::string dumps[2];
  size_t i = 0;
  for (const auto dialect : {store::Dialect::sqlite, store::Dialect::postgresql}) {
    const test::ScratchDatabase place(dialect);
    auto db = std::move(place.open().value());
    make_city(*db);
    DiagnoseOptions options;
    options.as_of = day("2022-11-30");
    const TestRulebook files(sample_rulebook());
    const auto d = diagnose(*db, city_schemas(), files.load(options.as_of), options);
    ASSERT_TRUE(d.has_value()) << d.error().to_string_en();
    dumps[i++] = dump(*d);
  }
  EXPECT_EQ(dumps[0], dumps[1]);
  EXPECT_NE(dumps[0].find("没有许可"), std::string::npos);
}

TEST_P(DiagnoseTest, RunsOnABoardThatIsReadOnly) {
  YIPAN_NEED_DATABASE();
  start();
  db_ = connect(/*read_only=*/true);
  const Diagnosis d = ask(sample_rulebook());
  ASSERT_TRUE(d.answers[0].errors.empty()) << d.answers[0].errors[0].to_string_en();
  EXPECT_EQ(d.answers[0].findings.size(), 1U);
  const auto refused = db_->execute("DELETE FROM projects");
  EXPECT_FALSE(refused.has_value());
}

}  // namespace
}  // namespace yipan::findings
