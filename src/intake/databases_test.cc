// Every type through an import and out again, on both databases: the same rows, the same bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/city_for_tests.h"
#include "support/postgres.h"

namespace yipan::intake {
namespace {

constexpr char kProjects[] =
    "项目编号,项目名称,状态,投资额（元）,占地面积（㎡）,占比（%）,开工日期,公开,范围\n"
    "P2,乙,完工,,,,,,\n"
    "P1,\"a,\"\"b\"\"\n甲\",在建,12.34,0.1,35.5,2022-11-03,是,"
    "\"POLYGON((117 34,117.1 34,117.123456789012 34.1,117 34))\"\n"
    "中,,,0,1e-7,0,1900-01-01,否,\n";

// The exports of the same city in SQLite, made once.
struct Exports {
  std::string csv, xlsx, package;
};

Exports exports_of(TestCity* city) {
  ExportOptions options;
  options.package_name = "test";
  Context context = city->context();
  EXPECT_TRUE(export_package(context, city->path("package"), options).has_value());
  EXPECT_TRUE(export_xlsx(context, city->path("out.xlsx"), options).has_value());
  options.tables = {"projects"};
  options.titles_zh = true;
  options.provenance = true;
  EXPECT_TRUE(export_csv(context, city->path("out.csv"), options).has_value());
  return {city->read(city->path("out.csv")), city->read(city->path("out.xlsx")),
          city->read(city->path("package/data/projects.csv"))};
}

class DatabasesTest : public test::BothDatabases {};

TEST_P(DatabasesTest, ExportsAreTheSameFromEither) {
  YIPAN_NEED_DATABASE();
  TestCity peer;
  ASSERT_TRUE(peer.import("p.csv", kProjects, "projects").has_value());
  const Exports expected = exports_of(&peer);
  EXPECT_THAT(expected.csv, testing::HasSubstr("投资额（分）"));
  EXPECT_THAT(expected.csv,
              testing::HasSubstr("\r\nP1,\"a,\"\"b\"\"\n甲\",,building,1234,0.1,355,"));
  EXPECT_THAT(expected.package, testing::HasSubstr("117.123456789012"));

  TestCity city;
  city.open_board(connect());
  auto o = city.import("p.csv", kProjects, "projects");
  ASSERT_TRUE(o.has_value()) << o.error().to_string_en();
  EXPECT_EQ(o->status, Status::accepted) << o->log.summary_en();
  const Exports got = exports_of(&city);
  EXPECT_EQ(got.csv, expected.csv);
  EXPECT_EQ(got.package, expected.package);
  EXPECT_TRUE(got.xlsx == expected.xlsx);
  // As it was before the import: nothing.
  ExportOptions before;
  before.tables = {"projects"};
  before.ledger_size = o->entry;
  EXPECT_EQ(export_csv(city.context(), city.path("before.csv"), before).value(), 0U);
}

YIPAN_ON_BOTH_DATABASES(DatabasesTest);

}  // namespace
}  // namespace yipan::intake
