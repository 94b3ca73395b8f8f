// The rulebook that ships: every pack is sound, its cases pass, and it runs on a city without rows.
#include <gtest/gtest.h>

#include <set>

#include "yipan/board.h"
#include "yipan/clock.h"
#include "yipan/file.h"
#include "yipan/findings.h"
#include "yipan/store.h"

namespace yipan::findings {
namespace {

const std::string kRulebook = std::string(YIPAN_SOURCE_DIR) + "/rulebook";
const Date kAsOf = Date::from_ymd(2022, 11, 30).value();

Rulebook load() {
  auto book = load_rulebook(Files::posix(), kRulebook, {.as_of = kAsOf, .questions = {}});
  EXPECT_TRUE(book.has_value()) << (book ? "" : book.error().to_string_en());
  return std::move(*book);
}

TEST(ShippedRulebookTest, EveryPackIsSound) {
  const Rulebook book = load();
  for (const PackProblem& problem : book.problems()) {
    for (const Error& error : problem.errors) ADD_FAILURE() << error.to_string_en();
  }
  EXPECT_EQ(book.pack_count(), 8U);
}

TEST(ShippedRulebookTest, NoTableHasAGapOrAnOverlap) {
  for (const PackAnalysis& pack : analyse_packs(load())) {
    for (const rules::TableAnalysis& table : pack.tables) {
      EXPECT_TRUE(table.complete) << pack.pack << " " << table.element;
      for (const rules::TableFinding& finding : table.findings) {
        ADD_FAILURE() << pack.pack << " " << table.element << ": " << finding.en;
      }
    }
  }
}

TEST(ShippedRulebookTest, EveryCasePasses) {
  const auto cases = run_pack_cases(Files::posix(), kRulebook, kAsOf, Clock::system());
  ASSERT_TRUE(cases.has_value()) << cases.error().to_string_en();
  std::set<std::string> packs;
  for (const PackCases& one : *cases) {
    packs.insert(one.pack);
    EXPECT_GT(one.passed, 0U) << one.file;
    EXPECT_EQ(one.failed, 0U) << one.file << "\n" << one.text;
  }
  EXPECT_EQ(packs.size(), 8U);
}

TEST(ShippedRulebookTest, RunsOnACityWithoutRows) {
  const auto schemas = board::Schemas::load(Files::posix(), kRulebook + "/schema");
  ASSERT_TRUE(schemas.has_value()) << schemas.error().to_string_en();
  auto db = std::move(store::open({.url = "sqlite::memory:"}).value());
  ASSERT_TRUE(make_empty_board(*db, *schemas));
  DiagnoseOptions options;
  options.as_of = kAsOf;
  const auto d = diagnose(*db, *schemas, load(), options);
  ASSERT_TRUE(d.has_value()) << d.error().to_string_en();
  for (const Answer& answer : d->answers) {
    for (const auto* list : {&answer.errors, &answer.unjudged}) {
      for (const Error& error : *list) ADD_FAILURE() << error.to_string_en();
    }
    EXPECT_FALSE(answer.sentence.zh.empty()) << answer.pack;
    const bool says_so = answer.sentence.zh.find("没有这个问题要用的记录") != std::string::npos ||
                         answer.sentence.zh.find("记录不足") != std::string::npos;
    EXPECT_TRUE(says_so) << answer.sentence.zh;
    // Where nothing is recorded nothing is wrong.
    for (const Finding& finding : answer.findings) ADD_FAILURE() << finding.claim.zh;
  }
  const FindingRows none = rows(*d, *schemas);
  EXPECT_EQ(none.findings.columns.size(), schemas->find("findings")->fields.size());
}

}  // namespace
}  // namespace yipan::findings
