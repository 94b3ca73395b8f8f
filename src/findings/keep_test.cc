// Findings as rows, and back: what a run keeps is what the next one reads.
#include <gtest/gtest.h>

#include "findings/city_for_tests.h"
#include "support/postgres.h"

namespace yipan::findings {
namespace {

class KeepTest : public test::BothDatabases {};
YIPAN_ON_BOTH_DATABASES(KeepTest);

board::Schemas shipped_schemas() {
  return std::move(
      board::Schemas::load(Files::posix(), std::string(YIPAN_SOURCE_DIR) + "/rulebook/schema")
          .value());
}

void write(store::Connection& db, const board::TableSchema& table, const Batch& rows) {
  store::TableSpec spec = table.table_spec();
  spec.listed = false;
  ASSERT_TRUE(db.create_table(spec));
  auto writer = std::move(db.bulk(spec.name, spec.columns).value());
  ASSERT_TRUE(writer->append(rows));
  ASSERT_TRUE(writer->finish());
}

TEST_P(KeepTest, WhatIsKeptIsReadBack) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  make_city(*db);
  DiagnoseOptions options;
  options.as_of = day("2022-11-30");
  const TestRulebook files(sample_rulebook());
  const Rulebook book = files.load(options.as_of);
  const auto d = diagnose(*db, city_schemas(), book, options);
  ASSERT_TRUE(d.has_value()) << d.error().to_string_en();

  const auto nothing = previous_findings(*db);
  ASSERT_TRUE(nothing.has_value());
  EXPECT_TRUE(nothing->empty());

  const board::Schemas schemas = shipped_schemas();
  const FindingRows kept = rows(*d, schemas);
  write(*db, *schemas.find("findings"), kept.findings);
  write(*db, *schemas.find("finding_evidence"), kept.evidence);
  const auto read = previous_findings(*db);
  ASSERT_TRUE(read.has_value()) << read.error().to_string_en();
  ASSERT_EQ(read->size(), 2U);
  for (const Finding& back : *read) {
    const Answer& answer = d->answers[0];
    const Finding& f = back.lead ? answer.leads[0] : answer.findings[0];
    EXPECT_EQ(back.id, f.id);
    EXPECT_EQ(back.question, f.question);
    EXPECT_EQ(back.code, f.code);
    EXPECT_EQ(back.rule, f.rule);
    EXPECT_EQ(back.severity, f.severity);
    EXPECT_EQ(back.claim.zh, f.claim.zh);
    EXPECT_EQ(back.remedy.en, f.remedy.en);
    EXPECT_EQ(back.key, f.key);
    EXPECT_EQ(back.money_fen, f.money_fen);
    EXPECT_EQ(back.lead_name, f.lead_name);
    EXPECT_EQ(back.support_ids, f.support_ids);
    EXPECT_EQ(back.first_seen_on, "2022-11-30");
    EXPECT_EQ(back.cleared_on, "");
    EXPECT_EQ(back.lon, f.lon);
    EXPECT_EQ(back.citations.size(), f.citations.size());
    ASSERT_EQ(back.evidence.size(), f.evidence.size());
    EXPECT_EQ(back.evidence[0].key, f.evidence[0].key);
    EXPECT_EQ(back.evidence[0].row, f.evidence[0].row);
  }
  // The next run knows them.
  options.previous = *read;
  options.previous_on = options.as_of;
  options.as_of = day("2022-12-31");
  const auto next = diagnose(*db, city_schemas(), files.load(options.as_of), options);
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->answers[0].findings[0].state, State::standing);
  EXPECT_EQ(next->answers[0].findings[0].first_seen_on, "2022-11-30");
}

}  // namespace
}  // namespace yipan::findings
