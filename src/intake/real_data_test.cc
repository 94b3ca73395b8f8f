// Other people's data, through mapping files only. The figures are those of the sources
// (counted with other tools).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "intake/city_for_tests.h"

namespace yipan::intake {
namespace {

using ::testing::HasSubstr;

const std::string kShared = std::string(YIPAN_SHARED_DIR) + "/data/";
const std::string kCities = std::string(YIPAN_SOURCE_DIR) + "/cities/";

class RealDataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Files::posix().exists(kShared + "README.md").value_or(false)) {
      GTEST_SKIP() << "skipped the import of real data: " << kShared << " is not there";
    }
    city_ = std::make_unique<TestCity>(std::string(YIPAN_SOURCE_DIR) + "/rulebook/schema");
  }
  PackageOutcome import(const std::string& name, bool partial = false) {
    PackageOptions options;
    options.path = kCities + name;
    options.data_directory = kShared + name;
    options.who = "tester";
    options.side_directory = city_->path("");
    options.accept_partial = partial;
    auto outcome = import_package(city_->context(), options);
    if (!outcome) {
      ADD_FAILURE() << outcome.error().to_string_en();
      return {};
    }
    const char* show = std::getenv("YIPAN_SHOW_LOGS");  // to be read by a person
    for (const ImportOutcome& r : outcome->resources) {
      if (show != nullptr) std::cout << r.log.summary_zh() << r.log.summary_en() << "\n";
      if (r.status == Status::refused) ADD_FAILURE() << r.log.summary_en();
    }
    EXPECT_TRUE(outcome->complete);
    return std::move(*outcome);
  }
  QualityLog log_of(const PackageOutcome& p, const std::string& dataset) {
    for (const ImportOutcome& r : p.resources) {
      if (r.log.dataset == dataset) return r.log;
    }
    ADD_FAILURE() << "no dataset " << dataset;
    return {};
  }
  std::unique_ptr<TestCity> city_;
};

TEST_F(RealDataTest, FloodControlRegisterAndTwoYearsOfAPortfolio) {
  PackageOutcome p = import("registers");
  EXPECT_EQ(log_of(p, "registers/dpwh-projects").rows_accepted, 7383U);
  EXPECT_EQ(log_of(p, "registers/dpwh-contracts").rows_accepted, 7383U);
  // Budgets at exactly 49.0 million and 96.5 million; contracts at exactly the budget.
  EXPECT_EQ(city_->rows("SELECT count(*) FROM contracts WHERE budget_fen = 4900000000"), "683\n");
  EXPECT_EQ(city_->rows("SELECT count(*) FROM contracts WHERE budget_fen = 9650000000"), "470\n");
  EXPECT_EQ(city_->rows("SELECT count(*) FROM contracts WHERE budget_fen = amount_fen"), "1568\n");
  EXPECT_THAT(log_of(p, "registers/dpwh-projects").summary_en(), HasSubstr("amounts are in PHP"));
  // Contract ids such as 2.2E+072, which a spreadsheet has spoilt, are pointed out.
  const std::vector<Issue> warnings = log_of(p, "registers/dpwh-contracts").warnings;
  EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(), [](const Issue& i) {
    return i.code == "intake.warning.spoilt_id" && i.column == "ContractId、ProjectId";
  }));
  EXPECT_EQ(city_->rows("SELECT count(*) FROM projects WHERE currency = 'GBP'"), "244\n");
  auto vintages = city_->board().vintages("registers/gmpp");
  ASSERT_TRUE(vintages.has_value());
  ASSERT_EQ(vintages->size(), 2U);
  EXPECT_EQ((*vintages)[0].rows, 235U);
  EXPECT_EQ((*vintages)[1].rows, 244U);
  EXPECT_EQ((*vintages)[1].diff.removed, 29U);
  EXPECT_EQ((*vintages)[1].diff.changed + (*vintages)[1].diff.same, 206U);
}

TEST_F(RealDataTest, CensusByCountyIsUnpivoted) {
  PackageOutcome p = import("census");
  EXPECT_EQ(city_->rows("SELECT sum(resident_persons) FROM population WHERE area_id = '321100'"),
            "3210418\n");
  EXPECT_EQ(city_->rows("SELECT age_to, resident_persons FROM population WHERE area_id = "
                        "'110000' AND age_from = 0 AND sex = 'M'"),
            "0|79388\n");
  EXPECT_EQ(city_->rows("SELECT period, value FROM observations WHERE indicator_id = 'wpp.births' "
                        "ORDER BY period LIMIT 1"),
            "1950-01-01|22293.375\n");
}

TEST_F(RealDataTest, CambridgeIsAWholeCity) {
  PackageOutcome p = import("cambridge", true);
  const QualityLog log = log_of(p, "cambridge/parcels");
  EXPECT_EQ(log.rows_read + log.rows_skipped, 13116U) << log.summary_en();
  EXPECT_GT(log.rows_accepted, 12900U) << log.summary_en();
  // Map-lots that occur again, outlines that are no polygon, a building worth less than nothing.
  EXPECT_EQ(log.rows_refused, 12U) << log.summary_en();
  EXPECT_EQ(city_->rows("SELECT count(*) FROM plan_zones"), "261\n");
  EXPECT_EQ(city_->rows("SELECT count(*) FROM areas WHERE kind = 'cell'"), "1044\n");
  EXPECT_EQ(city_->rows("SELECT count(*) FROM facilities WHERE kind = 'kindergarten'"), "87\n");
  EXPECT_THAT(log.summary_en(), HasSubstr("an invalid geometry was repaired"));
  // 18.5 km² of land and water within the boundary, as the city states (7.1 square miles).
  EXPECT_EQ(city_->rows("SELECT count(*) FROM areas WHERE id = 'cambridge' AND area_m2 > 18000000 "
                        "AND area_m2 < 18800000"),
            "1\n");
}

TEST_F(RealDataTest, Oc4idsExampleComesIn) {
  PackageOutcome p = import("oc4ids");
  EXPECT_EQ(
      city_->rows("SELECT id, state, invest_total_fen, spent_fen, currency FROM projects"),
      "oc4ids-bu3kcz-m75-junctions-4-to-5-smart-motorway|accepted|4000000000|4210000000|GBP\n");
  EXPECT_EQ(city_->rows("SELECT category, method, amount_fen, final_fen, supplier_name FROM "
                        "contracts WHERE amount_fen = 2900000000"),
            "works|invited|2900000000|3525000000|Concrete Motorways Construction\n");
}

}  // namespace
}  // namespace yipan::intake
