// Whole imports into a ledger and a board: what comes in, what is refused, and what is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/city_for_tests.h"

namespace yipan::intake {
namespace {

using ::testing::HasSubstr;

constexpr char kOrganisations[] = "单位编号,单位名称\nO1,市水务局\nO2,市教育局\n";
constexpr char kProjects[] =
    "项目编号,项目名称,业主,状态,投资额（万元）,占地面积（亩）,占比,开工日期,公开\n"
    "P1,河道整治,O1,在建,1234.5,3,35%,2022-11-03,是\n"
    "P2,\"第一小学, 扩建\",O2,完工,\"2,000\",,10,2022年11月,否\n";

class ImportTest : public ::testing::Test {
 protected:
  ImportOutcome must(Result<ImportOutcome> outcome) {
    if (!outcome) {
      ADD_FAILURE() << outcome.error().to_string_en();
      return {};
    }
    return std::move(*outcome);
  }
  void organisations() {
    EXPECT_EQ(must(city_.import("单位.csv", kOrganisations, "organisations")).status,
              Status::accepted);
  }
  // The one refusal of an import of one project's row.
  Issue refusal(const std::string& header, const std::string& row) {
    ImportOutcome o = must(city_.import("x.csv", header + "\n" + row + "\n", "projects"));
    EXPECT_EQ(o.status, Status::refused) << o.log.summary_en();
    EXPECT_EQ(o.log.refusals.size(), 1U) << o.log.summary_en();
    return o.log.refusals.empty() ? Issue() : o.log.refusals[0];
  }
  TestCity city_;
};

TEST_F(ImportTest, ColumnsAreMatchedByTitleAndUnitsConverted) {
  organisations();
  ImportOutcome o = must(city_.import("项目.csv", kProjects, "projects"));
  EXPECT_EQ(o.status, Status::accepted) << o.log.summary_en();
  EXPECT_EQ(o.diff.added, 2U);
  EXPECT_EQ(city_.rows("SELECT id, name, owner_id, state, invest_fen, area_m2, share_permille, "
                       "started_on, public, y_row FROM projects ORDER BY id"),
            "P1|河道整治|O1|building|1234500000|2000|350|2022-11-03|true|2\n"
            "P2|第一小学, 扩建|O2|done|2000000000||10|2022-11-01|false|3\n");
  auto trace = city_.board().trace("projects", "P1");
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->file, "项目.csv");
  EXPECT_EQ(trace->row, 2U);
  EXPECT_EQ(o.log.warnings.size(), 2U) << o.log.summary_en();  // a month, a unit in a cell
  EXPECT_THAT(o.log.summary_zh(), HasSubstr("接受 2，退回 0"));
}

TEST_F(ImportTest, TheSameFileAgainIsNoNewVintage) {
  organisations();
  ImportOutcome first = must(city_.import("项目.csv", kProjects, "projects"));
  const uint64_t size = city_.ledger().size();
  ImportOutcome again = must(city_.import("项目.csv", kProjects, "projects"));
  EXPECT_EQ(again.status, Status::unchanged);
  EXPECT_EQ(again.entry, first.entry);
  EXPECT_EQ(city_.ledger().size(), size);
  // Another file, and then the first again, is a new vintage: the city went back to it.
  std::string other(kProjects);
  other.replace(other.find("1234.5"), 6, "1300.0");
  EXPECT_EQ(must(city_.import("项目.csv", other, "projects")).diff.changed, 1U);
  ImportOutcome back = must(city_.import("项目.csv", kProjects, "projects"));
  EXPECT_EQ(back.status, Status::accepted);
  EXPECT_EQ(back.diff.vintage, 3U);
}

TEST_F(ImportTest, OneBadRowKeepsAllOutAndIsMended) {
  organisations();
  const std::string file =
      "项目编号,业主,开工日期\nP1,O1,2023-02-30\nP2,O2,2023-02-28\nP3,O2,2023/3/1\n";
  ImportOutcome o = must(city_.import("计划.csv", file, "projects"));
  EXPECT_EQ(o.status, Status::refused);
  EXPECT_EQ(o.log.rows_read, 3U);
  EXPECT_EQ(o.log.rows_refused, 1U);
  EXPECT_EQ(city_.rows("SELECT id FROM projects"), "");
  std::string side = city_.read(o.refused_path);
  EXPECT_EQ(side.substr(0, 3), "\xEF\xBB\xBF");
  EXPECT_THAT(side, HasSubstr("原行号,退回原因,处理办法,Reason,Remedy,项目编号,业主,开工日期"));
  EXPECT_THAT(side, HasSubstr("2,开工日期：日期 2023-02-30 不存在,请核对年、月、日,"));
  EXPECT_THAT(city_.read(o.log_path), HasSubstr("\"rows_refused\":1"));

  side.replace(side.rfind("2023-02-30"), 10, "2023-03-02");
  ImportOptions options = city_.options(city_.path("计划.csv"), "projects");
  options.mended_path = city_.write("计划.mended.csv", side);
  ImportOutcome mended = must(import_file(city_.context(), options));
  EXPECT_EQ(mended.status, Status::accepted) << mended.log.summary_en();
  EXPECT_EQ(mended.log.rows_mended, 1U);
  EXPECT_EQ(city_.rows("SELECT id, started_on, y_row FROM projects ORDER BY id"),
            "P1|2023-03-02|2\nP2|2023-02-28|3\nP3|2023-03-01|4\n");
}

TEST_F(ImportTest, AcceptPartialTakesTheGoodRows) {
  organisations();
  ImportOptions options = city_.options(
      city_.write("p.csv", "项目编号,业主\nP1,O1\nP1,O2\nP2,O9\nP3,O1\n,O1\n"), "projects");
  options.accept_partial = true;
  ImportOutcome o = must(import_file(city_.context(), options));
  EXPECT_EQ(o.status, Status::partial) << o.log.summary_en();
  EXPECT_EQ(o.log.rows_accepted, 2U);
  EXPECT_EQ(o.log.rows_refused, 3U);
  EXPECT_EQ(city_.rows("SELECT id, owner_id FROM projects ORDER BY id"), "P1|O1\nP3|O1\n");
  const std::string side = city_.read(o.refused_path);
  EXPECT_THAT(side, HasSubstr("项目编号 P1 与第 2 行重复"));
  EXPECT_THAT(side, HasSubstr("业主 指向的 O9 在 organisations.id 中不存在"));
  EXPECT_THAT(side, HasSubstr("“项目编号”必填，这里是空的"));
  auto entry = city_.ledger().entry(o.entry);
  ASSERT_TRUE(entry.has_value());
  EXPECT_THAT(city_.read(city_.ledger().blob_path(entry->evidence.back())),
              HasSubstr("yipan-quality-log/1"));
}

TEST_F(ImportTest, AcceptPartialNeedsAGoodRow) {
  organisations();
  must(city_.import("p.csv", "项目编号,业主\nP1,O1\n", "projects"));
  ImportOptions options =
      city_.options(city_.write("p.csv", "项目编号,业主\n,O1\n,O2\n"), "projects");
  options.accept_partial = true;
  EXPECT_EQ(must(import_file(city_.context(), options)).status, Status::refused);
  city_.write("p.csv", "项目编号,业主\nP7,O8\n");
  EXPECT_EQ(must(import_file(city_.context(), options)).status, Status::refused);
  EXPECT_EQ(city_.rows("SELECT id FROM projects"), "P1\n");
}

TEST_F(ImportTest, DuplicatesAndDanglingReferencesAreSaid) {
  organisations();
  Issue twice = refusal("项目编号,业主", "P1,O1\nP1,O2");
  EXPECT_EQ(twice.code, "intake.key.duplicate");
  EXPECT_EQ(twice.zh, "项目编号 P1 与第 2 行重复");
  EXPECT_EQ(twice.en, "项目编号 P1 is the same as in row 2");
  EXPECT_EQ(twice.row, 3U);
  EXPECT_EQ(twice.remedy_en, "find out which row is right; correct or remove the other");
  Issue nowhere = refusal("项目编号,业主", "P1,O7");
  EXPECT_EQ(nowhere.code, "intake.reference.dangling");
  EXPECT_EQ(nowhere.row, 2U);
  EXPECT_EQ(nowhere.en, "业主 points to O7, which is not in organisations.id");
  EXPECT_THAT(nowhere.remedy_zh, HasSubstr("先导入它所指的表"));
}

TEST_F(ImportTest, ValuesThatAreWrongAreSaid) {
  organisations();
  Issue i = refusal("项目编号,占地面积（㎡）", "P1,-5");
  EXPECT_EQ(i.zh, "占地面积 -5 小于下限 0 平方米");
  EXPECT_EQ(i.column, "占地面积（㎡）");
  EXPECT_EQ(i.remedy_zh, "请核对数值和单位");
  i = refusal("项目编号,投资额（万元）", "P1,0.1234567");
  EXPECT_THAT(i.zh, HasSubstr("换算后是 123456.7 分，不是整数，不能精确保存"));
  i = refusal("项目编号,投资额（万元）", "P1,5亩");
  EXPECT_EQ(i.code, "intake.unit.kind");
  EXPECT_THAT(i.en, HasSubstr("5亩 is in mu (a unit of area), this column wants fen"));
  i = refusal("项目编号,状态", "P1,停工");
  EXPECT_EQ(i.zh, "“停工”不在代码表中");
  EXPECT_EQ(i.remedy_zh, "可用的值：在建、完工；或在映射的 codes 中对应");
  i = refusal("项目编号,开工日期", "P1,3/11/2022");
  EXPECT_THAT(i.remedy_en, HasSubstr("give the format with dates in the mapping"));
  i = refusal("项目编号,投资额（万元）", "P1,1.234.5");
  EXPECT_EQ(i.en, "1.234.5 is not a number");
  i = refusal("项目编号,项目名称", "P1,a,b");
  EXPECT_EQ(i.code, "intake.csv.ragged");
  EXPECT_EQ(i.en, "this row has 3 cells, the header has 2");
}

TEST_F(ImportTest, AWrongUnitInTheHeaderRefusesTheFile) {
  auto o = city_.import("x.csv", "项目编号,投资额（亩）\nP1,5\n", "projects");
  ASSERT_FALSE(o.has_value());
  EXPECT_EQ(o.error().code(), "intake.unit.kind");
  EXPECT_EQ(o.error().place().column, "投资额（亩）");
  EXPECT_THAT(o.error().message_zh(), HasSubstr("的单位是亩"));
  EXPECT_THAT(o.error().remedy_zh(), HasSubstr("改正表头里的单位"));
}

TEST_F(ImportTest, GeometryIsCheckedAndSaysWhereItCrosses) {
  organisations();
  Issue i = refusal("项目编号;范围", "P1;POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))");
  EXPECT_EQ(i.code, "intake.geometry.invalid");
  EXPECT_THAT(i.zh, HasSubstr("边界自相交"));
  EXPECT_THAT(i.en, HasSubstr("(1.0000000, 1.0000000)"));
  EXPECT_THAT(i.remedy_en, HasSubstr("geometry = \"repair\""));
  i = refusal("项目编号;范围",
              "P1;POLYGON((233000 900000, 233100 900000, 233100 900100, 233000 900000))");
  EXPECT_EQ(i.code, "intake.crs.outside");
  EXPECT_THAT(i.remedy_en, HasSubstr("EPSG:26986"));
  i = refusal("项目编号;范围", "P1;POINT(1 1)");
  EXPECT_EQ(i.en, "the geometry is a point, this column wants a multipolygon");
}

TEST_F(ImportTest, AChangeOfTheFileDuringTheCopyIsSeen) {
  ImportOptions options = city_.options(city_.write("x.csv", kOrganisations), "organisations");
  options.progress = [&](const Progress& p) {
    if (p.phase == Progress::Phase::copying) city_.write("x.csv", "单位编号,单位名称\n");
  };
  auto o = import_file(city_.context(), options);
  ASSERT_FALSE(o.has_value());
  EXPECT_EQ(o.error().code(), "intake.file.changed");
  EXPECT_EQ(o.error().place().file, "x.csv");
  EXPECT_THAT(o.error().remedy_zh(), HasSubstr("请等保存或传输结束"));
}

TEST_F(ImportTest, ADryRunLeavesNothingBehind) {
  ImportOptions options = city_.options(city_.write("x.csv", kOrganisations), "organisations");
  options.dry_run = true;
  const uint64_t size = city_.ledger().size();
  ImportOutcome o = must(import_file(city_.context(), options));
  EXPECT_EQ(o.status, Status::checked);
  EXPECT_EQ(o.diff.added, 2U);
  EXPECT_EQ(city_.ledger().size(), size);
  EXPECT_EQ(city_.rows("SELECT id FROM organisations"), "");
}

TEST_F(ImportTest, AMissingColumnIsNamedWithWhatTheFileHas) {
  auto o = city_.import("x.csv", "名字,别的\n甲,1\n", "organisations");
  ASSERT_FALSE(o.has_value());
  EXPECT_EQ(o.error().code(), "intake.columns.missing");
  EXPECT_THAT(o.error().message_zh(), HasSubstr("单位名称（name）"));
  EXPECT_THAT(o.error().remedy_zh(), HasSubstr("名字、别的"));
}

}  // namespace
}  // namespace yipan::intake
