// XLSX, GeoJSON, TopoJSON, GeoPackage, shapefile and .gz in; all exports out and back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xlsxwriter.h>
#include <zip.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>

#include "intake/city_for_tests.h"
#include "intake/xlsx_parts.h"

namespace yipan::intake {
namespace {

using ::testing::HasSubstr;

class FormatsTest : public ::testing::Test {
 protected:
  ImportOutcome must(Result<ImportOutcome> outcome) {
    if (!outcome) {
      ADD_FAILURE() << outcome.error().to_string_en();
      return {};
    }
    if (outcome->status == Status::refused) ADD_FAILURE() << outcome->log.summary_en();
    return std::move(*outcome);
  }
  // A workbook as offices make them: a title, two header rows with merged cells, dates, a hidden
  // sheet.
  std::string workbook() {
    std::string path = city_.path("投资.xlsx");
    lxw_workbook* book = workbook_new(path.c_str());
    lxw_worksheet* hidden = workbook_add_worksheet(book, "草稿");
    lxw_worksheet* sheet = workbook_add_worksheet(book, "项目");
    worksheet_hide(hidden);
    worksheet_set_first_sheet(sheet);
    worksheet_activate(sheet);
    lxw_format* date = workbook_add_format(book);
    format_set_num_format(date, "yyyy\"年\"m\"月\"d\"日\"");
    lxw_format* percent = workbook_add_format(book);
    format_set_num_format(percent, "0.0%");
    worksheet_merge_range(sheet, 0, 0, 0, 4, "2022年重点项目", nullptr);
    worksheet_merge_range(sheet, 1, 0, 2, 0, "项目编号", nullptr);
    worksheet_merge_range(sheet, 1, 1, 1, 2, "总投资", nullptr);
    worksheet_write_string(sheet, 2, 1, "计划（万元）", nullptr);
    worksheet_write_string(sheet, 2, 2, "占比", nullptr);
    worksheet_merge_range(sheet, 1, 3, 2, 3, "开工日期", nullptr);
    worksheet_merge_range(sheet, 1, 4, 2, 4, "业主", nullptr);
    worksheet_write_string(sheet, 3, 0, "P1", nullptr);
    worksheet_write_number(sheet, 3, 1, 1234.56, nullptr);
    worksheet_write_number(sheet, 3, 2, 0.355, percent);
    worksheet_write_number(sheet, 3, 3, 44868, date);
    worksheet_merge_range(sheet, 3, 4, 4, 4, "O1", nullptr);
    worksheet_write_string(sheet, 4, 0, "P2", nullptr);
    worksheet_write_formula_num(sheet, 4, 1, "=B4*2", nullptr, 2469.12);
    EXPECT_EQ(workbook_close(book), LXW_NO_ERROR);
    return path;
  }
  std::string xlsx_mapping() {
    return city_.write("x.mapping.toml",
                       "table = \"projects\"\n[columns]\nid = \"项目编号\"\nowner_id = \"业主\"\n"
                       "started_on = \"开工日期\"\n[columns.invest_fen]\n"
                       "from = \"总投资/计划（万元）\"\n[columns.share_permille]\n"
                       "from = \"总投资/占比\"\n");
  }
  void organisations() {
    must(city_.import("o.csv", "单位编号,单位名称\nO1,水务局\n", "organisations"));
  }
  TestCity city_;
};

TEST_F(FormatsTest, XlsxWithMergedHeadersDatesAndUnits) {
  organisations();
  ImportOptions options = city_.options(workbook(), "projects");
  options.mapping_path = xlsx_mapping();
  ImportOutcome o = must(import_file(city_.context(), options));
  EXPECT_EQ(city_.rows("SELECT id, invest_fen, share_permille, started_on, owner_id, y_row FROM "
                       "projects ORDER BY id"),
            "P1|1234560000|355|2022-11-03|O1|4\nP2|2469120000|||O1|5\n");
  EXPECT_EQ(o.log.sheet, "项目");
  EXPECT_THAT(o.log.summary_zh(), HasSubstr("工作簿中有隐藏的工作表，没有读：草稿"));
}

TEST_F(FormatsTest, AnErrorInACellRefusesTheRow) {
  std::string path = city_.path("e.xlsx");
  lxw_workbook* book = workbook_new(path.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, nullptr);
  worksheet_write_string(sheet, 0, 0, "单位编号", nullptr);
  worksheet_write_string(sheet, 0, 1, "单位名称", nullptr);
  worksheet_write_string(sheet, 1, 0, "O1", nullptr);
  worksheet_write_formula_str(sheet, 1, 1, "=A9", nullptr, "#REF!");
  worksheet_write_number(sheet, 2, 0, 123456789012345678.0, nullptr);
  worksheet_write_string(sheet, 2, 1, "乙", nullptr);
  workbook_close(book);
  auto o = import_file(city_.context(), city_.options(path, "organisations"));
  ASSERT_TRUE(o.has_value()) << o.error().to_string_en();
  ASSERT_EQ(o->log.refusals.size(), 1U) << o->log.summary_en();
  EXPECT_EQ(o->log.refusals[0].code, "intake.value.long_number");
  EXPECT_THAT(o->log.refusals[0].remedy_zh, HasSubstr("设为文本格式"));
}

TEST_F(FormatsTest, ATruncatedXlsxAndAZipBombAreRefused) {
  std::string whole = city_.read(workbook());
  auto cut = city_.import("cut.xlsx", whole.substr(0, whole.size() / 2), "projects");
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().code(), "intake.zip.truncated");
  EXPECT_THAT(cut.error().message_zh(), HasSubstr("没有传完"));
  EXPECT_EQ(cut.error().place().file, "cut.xlsx");

  std::string path = city_.path("bomb.xlsx");
  zip_t* zip = zip_open(city_.path("投资.xlsx").c_str(), 0, nullptr);
  std::string zeros(64 << 20, ' ');
  zip_file_add(zip, "xl/sharedStrings.xml", zip_source_buffer(zip, zeros.data(), zeros.size(), 0),
               ZIP_FL_OVERWRITE);
  ASSERT_EQ(zip_close(zip), 0);
  auto bomb = import_file(city_.context(), city_.options(city_.path("投资.xlsx"), "projects"));
  ASSERT_FALSE(bomb.has_value());
  EXPECT_EQ(bomb.error().code(), "intake.limit.unzipped");
  EXPECT_THAT(bomb.error().message_en(), HasSubstr("it may be a zip bomb"));
  EXPECT_THAT(bomb.error().remedy_en(), HasSubstr("save it as CSV"));
}

TEST_F(FormatsTest, OtherFilesSayWhatTheyAre) {
  auto error = [&](const std::string& name, std::string_view content) {
    auto o = city_.import(name, content, "projects");
    EXPECT_FALSE(o.has_value());
    return o ? Error("none") : o.error();
  };
  std::string cfb = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(2000, '\0');
  Error xls = error("旧.xls", cfb);
  EXPECT_EQ(xls.code(), "intake.format.xls");
  EXPECT_EQ(xls.remedy_zh(), "请在电子表格软件中另存为 .xlsx");
  cfb += std::string("E\0n\0c\0r\0y\0p\0t\0e\0d\0", 18);
  EXPECT_EQ(error("密.xlsx", cfb).message_zh(), "文件有密码保护，无法读取");
  EXPECT_EQ(error("a.pdf", "%PDF-1.7").code(), "intake.format.pdf");
  EXPECT_EQ(error("a.csv", "").code(), "intake.format.empty");
}

constexpr char kGeojson[] =
    R"({"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"id":"P1","name":"湖","n":3},"geometry":
  {"type":"Polygon","coordinates":[[[117,34],[117.1,34],[117.1,34.1],[117,34]]]}},
 {"type":"Feature","properties":{"id":"P2","name":"a\"}{","n":null},"geometry":null}],
 "crs":{"type":"name","properties":{"name":"GCJ-02"}}})";

TEST_F(FormatsTest, GeojsonPlainAndCompressedInGcj02) {
  std::string gz(4096, '\0');
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(kGeojson));
  z.avail_in = sizeof kGeojson - 1;
  z.next_out = reinterpret_cast<Bytef*>(gz.data());
  z.avail_out = static_cast<uInt>(gz.size());
  ASSERT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  gz.resize(z.total_out);
  deflateEnd(&z);
  ImportOutcome o = must(city_.import("a.geojson.gz", gz, "projects"));
  EXPECT_EQ(o.log.crs, "GCJ-02");
  EXPECT_EQ(o.log.unmapped, std::vector<std::string>{"n"});
  EXPECT_EQ(city_.rows("SELECT id, name FROM projects ORDER BY id"), "P1|湖\nP2|a\"}{\n");
  ExportOptions options;
  options.tables = {"projects"};
  ASSERT_TRUE(export_csv(city_.context(), city_.path("out.csv"), options).has_value());
  EXPECT_THAT(city_.read(city_.path("out.csv")), HasSubstr("MULTIPOLYGON (((116.99"));
  auto cut = city_.import("cut.geojson", std::string_view(kGeojson).substr(0, 150), "projects");
  ASSERT_FALSE(cut.has_value());
  EXPECT_EQ(cut.error().code(), "intake.geojson.syntax");
  EXPECT_EQ(cut.error().place().row, 1U);
}

TEST_F(FormatsTest, TopojsonSharesArcs) {
  must(city_.import("a.topojson",
                    R"({"type":"Topology","transform":{"scale":[0.5,0.5],"translate":[100,30]},
 "objects":{"plots":{"type":"GeometryCollection","geometries":[
  {"type":"Polygon","arcs":[[0,1]],"properties":{"id":"A"}},
  {"type":"Polygon","arcs":[[2,-1]],"properties":{"id":"B"}}]}},
 "arcs":[[[2,0],[0,2]],[[2,2],[-2,0],[0,-2],[2,0]],[[2,0],[2,0],[0,2],[-2,0]]]})",
                    "projects"));
  ExportOptions options;
  options.tables = {"projects"};
  options.bom = false;
  ASSERT_TRUE(export_csv(city_.context(), city_.path("out.csv"), options).has_value());
  std::string out = city_.read(city_.path("out.csv"));
  EXPECT_THAT(out, HasSubstr("MULTIPOLYGON (((101 30, 101 31, 100 31, 100 30, 101 30)))"));
  EXPECT_THAT(out, HasSubstr("MULTIPOLYGON (((101 30, 102 30, 102 31, 101 31, 101 30)))"));
}

TEST_F(FormatsTest, ExportsComeBackAndAreTheSameTwice) {
  organisations();
  must(city_.import("p.csv",
                    "项目编号,项目名称,业主,状态,投资额（元）,占地面积（㎡）,开工日期,公开,范围\n"
                    "P1,\"a,\"\"b\"\"\",O1,在建,12.34,0.1,2022-11-03,是,"
                    "\"POLYGON((117 34,117.1 34,117.123456789012 34.1,117 34))\"\nP2,,,,,,,,\n",
                    "projects"));
  ExportOptions options;
  options.package_name = "test";
  Context c = city_.context();
  for (const char* name : {"1", "2"}) {
    std::string to = city_.path(name);
    ASSERT_TRUE(export_package(c, to, options).has_value());
    ASSERT_TRUE(export_xlsx(c, to + ".xlsx", options).has_value());
    auto gpkg = export_geopackage(c, to + ".gpkg", options);
    ASSERT_TRUE(gpkg.has_value()) << gpkg.error().to_string_en();
    EXPECT_EQ(*gpkg, 3U);
  }
  for (const char* end : {"/datapackage.json", "/data/projects.csv", ".xlsx", ".gpkg"}) {
    EXPECT_EQ(city_.read(city_.path("1") + end), city_.read(city_.path("2") + end)) << end;
  }
  const Hash256 before = city_.board().content_hash().value();
  TestCity other;
  PackageOptions package;
  package.path = city_.path("1");
  package.who = "tester";
  auto back = import_package(other.context(), package);
  ASSERT_TRUE(back.has_value()) << back.error().to_string_en();
  EXPECT_TRUE(back->complete);
  ASSERT_TRUE(export_package(other.context(), city_.path("3"), options).has_value());
  EXPECT_EQ(city_.read(city_.path("3/data/projects.csv")),
            city_.read(city_.path("1/data/projects.csv")));
  EXPECT_NE(before, Hash256());
}

TEST_F(FormatsTest, GeopackageAndShapefileComeIn) {
  must(city_.import("a.geojson", kGeojson, "projects"));
  ExportOptions options;
  options.tables = {"projects"};
  ASSERT_TRUE(export_geopackage(city_.context(), city_.path("out.gpkg"), options).has_value());
  TestCity other;
  ImportOutcome o =
      must(import_file(other.context(), other.options(city_.path("out.gpkg"), "projects")));
  EXPECT_EQ(o.log.format, "gpkg");
  EXPECT_EQ(o.log.rows_accepted, 2U);
  std::string shp = city_.path("lots.shp");
  std::string command = "ogr2ogr -f 'ESRI Shapefile' -select id " + shp + " " +
                        city_.path("out.gpkg") + " projects 2>/dev/null";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "skipped shapefiles: no ogr2ogr";
  TestCity third;
  ImportOptions shape = third.options(shp, "projects");
  shape.side_directory = third.path("");
  ImportOutcome s = must(import_file(third.context(), shape));
  EXPECT_EQ(s.log.format, "shapefile");
  EXPECT_EQ(third.rows("SELECT id FROM projects WHERE geom IS NOT NULL"), "P1\n");
  // The parts of a shapefile are evidence like the file itself.
  const auto entry = third.ledger().entry(third.ledger().size() - 1);
  ASSERT_TRUE(entry.has_value());
  for (const char* part : {"lots.shp", "lots.shx", "lots.dbf", "lots.prj"}) {
    const Hash256 hash = sha256(read_file(Files::posix(), city_.path(part), 1 << 20).value());
    EXPECT_NE(std::find(entry->evidence.begin(), entry->evidence.end(), hash),
              entry->evidence.end())
        << part;
  }
}

TEST_F(FormatsTest, PreviewProposesAMapping) {
  PreviewOptions options;
  options.path = city_.write("x.csv", "项目编号,投资额（万元）,备注\nP1,3.5,x\nP2,4,\n");
  options.schemas = &city_.board().schemas();
  auto p = preview(city_.context(), options);
  ASSERT_TRUE(p.has_value()) << p.error().to_string_en();
  EXPECT_EQ(p->table, "projects");
  EXPECT_EQ(p->header_row, 1U);
  EXPECT_EQ(p->columns[1].field, "invest_fen");
  EXPECT_EQ(p->columns[1].unit, "wan_yuan");
  EXPECT_EQ(p->columns[1].type, "number");
  EXPECT_EQ(p->rows[0][0], "P1");
  EXPECT_THAT(p->mapping_toml, HasSubstr("[columns.invest_fen]\nfrom = \"投资额（万元）\""));
  EXPECT_THAT(p->mapping_toml, HasSubstr("[[ignore]]\ncolumns = [\"备注\"]"));
  ImportOptions import = city_.options(options.path, "projects");
  import.mapping_path = city_.write("p.mapping.toml", p->mapping_toml);
  EXPECT_EQ(must(import_file(city_.context(), import)).log.rows_accepted, 2U);
}

TEST(XlsxPartsTest, StylesAndReferences) {
  EXPECT_EQ(style_of_format(14, ""), XlsxStyle::date);
  EXPECT_EQ(style_of_format(164, "yyyy\\-mm\\-dd hh:mm"), XlsxStyle::datetime);
  EXPECT_EQ(style_of_format(165, "[$-804]yyyy\"年\"m\"月\""), XlsxStyle::date);
  EXPECT_EQ(style_of_format(166, "0.00%"), XlsxStyle::percent);
  EXPECT_EQ(style_of_format(167, "#,##0 \"days\";[Red]-#,##0"), XlsxStyle::plain);
  uint32_t column = 0;
  uint32_t row = 0;
  ASSERT_TRUE(parse_reference("AB12", &column, &row));
  EXPECT_EQ(column, 27U);
  EXPECT_EQ(row, 12U);
  EXPECT_FALSE(parse_reference("XFE1", &column, &row));
  EXPECT_FALSE(parse_reference("A0", &column, &row));
  EXPECT_FALSE(parse_reference("12", &column, &row));
}

}  // namespace
}  // namespace yipan::intake
