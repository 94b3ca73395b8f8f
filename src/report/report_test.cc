#include "yipan/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <cstdlib>
#include <pugixml.hpp>

#include "report/document.h"
#include "report/sample_for_tests.h"
#include "yipan/hash.h"

namespace yipan::report {
namespace {

using ::testing::HasSubstr;

std::string zip_entry(const std::string& archive, const std::string& name) {
  zip_t* zip = zip_open(archive.c_str(), ZIP_RDONLY, nullptr);
  if (zip == nullptr) return "";
  std::string out;
  if (zip_file_t* file = zip_fopen(zip, name.c_str(), 0); file != nullptr) {
    char buffer[4096];
    for (zip_int64_t n = 0; (n = zip_fread(file, buffer, sizeof buffer)) > 0;) {
      out.append(buffer, static_cast<size_t>(n));
    }
    zip_fclose(file);
  }
  zip_close(zip);
  return out;
}

pugi::xml_document xml_entry(const std::string& archive, const std::string& name) {
  pugi::xml_document doc;
  const std::string xml = zip_entry(archive, name);
  EXPECT_TRUE(doc.load_buffer(xml.data(), xml.size())) << name;
  return doc;
}

std::string text_of(const pugi::xml_document& doc, const char* xpath) {
  std::string out;
  for (const auto& n : doc.select_nodes(xpath)) out += std::string(n.node().child_value()) + "\n";
  return out;
}

class WrittenReport : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new TempDir(TempDir::make().value());
    auto db = sample_board();
    const auto options = sample_options(folder_->path() + "/out");
    auto written = write_report(Files::posix(), *db, sample_diagnosis(), options);
    ASSERT_TRUE(written) << written.error().to_string_en();
    for (const Error& e : written->problems) ADD_FAILURE() << e.to_string_en();
    EXPECT_EQ(written->files.size(), 5U);
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string path(Format f) {
    return folder_->path() + "/out/" + std::string(file_name(f));
  }
  static TempDir* folder_;
};
TempDir* WrittenReport::folder_ = nullptr;

TEST_F(WrittenReport, LeavesNothingElseBehind) {
  const auto names = Files::posix().list(folder_->path() + "/out").value();
  EXPECT_EQ(names, (std::vector<std::string>{"findings.gpkg", "findings.xlsx", "report.docx",
                                             "report.html", "report.pdf"}));
}

TEST_F(WrittenReport, DocxIsAnOfficialDocument) {
  const auto doc = xml_entry(path(Format::docx), "word/document.xml");
  const pugi::xml_node page = doc.select_node("//w:sectPr/w:pgMar").node();
  EXPECT_EQ(page.attribute("w:top").as_int(), 2098);     // 37 mm in twips
  EXPECT_EQ(page.attribute("w:bottom").as_int(), 1984);  // 35
  EXPECT_EQ(page.attribute("w:left").as_int(), 1587);    // 28
  EXPECT_EQ(page.attribute("w:right").as_int(), 1474);   // 26
  const std::string text = text_of(doc, "//w:t");
  EXPECT_THAT(text, HasSubstr("岚江市诊断报告"));
  EXPECT_THAT(text, HasSubstr("一、总体情况"));
  EXPECT_THAT(text, HasSubstr("二、投资是不是真的"));
  EXPECT_THAT(text, HasSubstr("（一）主要数据"));
  EXPECT_THAT(text, HasSubstr("依据：《政府投资条例》第12条。"));
  EXPECT_THAT(text, HasSubstr("第99条（未核实）"));
  EXPECT_THAT(text, HasSubstr("<script>alert('x')</script>"));
  EXPECT_GT(doc.select_nodes("//w:trPr/w:tblHeader").size(), 3U);
  // Bar, line, map; and where the findings are.
  EXPECT_EQ(doc.select_nodes("//w:drawing").size(), 4U);
  EXPECT_EQ(zip_entry(path(Format::docx), "word/media/chart4.png").substr(1, 3), "PNG");
  const auto styles = xml_entry(path(Format::docx), "word/styles.xml");
  const auto body = styles.select_node("//w:style[@w:styleId='Body']").node();
  EXPECT_EQ(body.select_node(".//w:sz/@w:val").attribute().as_int(), 32);
  EXPECT_EQ(body.select_node(".//w:spacing/@w:line").attribute().as_int(), 560);
  EXPECT_STREQ(body.select_node(".//w:rFonts/@w:eastAsia").attribute().value(), "仿宋_GB2312");
  EXPECT_THAT(zip_entry(path(Format::docx), "word/footer1.xml"), HasSubstr("PAGE"));
  EXPECT_THAT(zip_entry(path(Format::docx), "word/header1.xml"), HasSubstr("合成数据"));
}

TEST_F(WrittenReport, PdfIsOne) {
  const std::string pdf = read_file(Files::posix(), path(Format::pdf)).value();
  EXPECT_TRUE(pdf.starts_with("%PDF-1."));
  EXPECT_THAT(pdf, HasSubstr("%%EOF"));
  EXPECT_THAT(pdf, HasSubstr("/Outlines"));
  EXPECT_THAT(pdf, HasSubstr("/CreationDate (20221201013000"));
}

TEST_F(WrittenReport, XlsxHasFourSheets) {
  const std::string file = path(Format::xlsx);
  const auto book = xml_entry(file, "xl/workbook.xml");
  std::string names;
  for (const auto& s : book.select_nodes("//sheets/sheet/@name")) {
    names += std::string(s.attribute().value()) + " ";
  }
  EXPECT_EQ(names, "发现 证据 线索 指标 ");
  const auto findings = xml_entry(file, "xl/worksheets/sheet1.xml");
  // Header, four red, one orange, one cleared.
  EXPECT_EQ(findings.select_nodes("//sheetData/row").size(), 7U);
  EXPECT_EQ(findings.select_nodes("//autoFilter").size(), 1U);
  EXPECT_EQ(findings.select_nodes("//pane[@state='frozen']").size(), 1U);
  EXPECT_STREQ(findings.select_node("//row[2]/c[@r='K2']/v").node().child_value(), "2469135.78");
  EXPECT_EQ(findings.select_nodes("//f").size(), 0U);  // no formula
  const auto evidence = xml_entry(file, "xl/worksheets/sheet2.xml");
  EXPECT_EQ(evidence.select_nodes("//sheetData/row").size(), 1U + 7U * 2U);
  const auto leads = xml_entry(file, "xl/worksheets/sheet3.xml");
  EXPECT_EQ(leads.select_nodes("//sheetData/row").size(), 2U);
  const auto figures = xml_entry(file, "xl/worksheets/sheet4.xml");
  EXPECT_STREQ(figures.select_node("//c[@r='D2']/v").node().child_value(), "46.14");
  EXPECT_STREQ(figures.select_node("//c[@r='D3']/v").node().child_value(), "45.6");  // 亿元
}

TEST_F(WrittenReport, GeopackageHasPointsAndEvidence) {
  auto db = store::open({.url = "sqlite:" + path(Format::gpkg), .read_only = true}).value();
  EXPECT_EQ(db->query_int("SELECT count(*) FROM findings").value(), 6);
  EXPECT_EQ(db->query_int("SELECT count(*) FROM findings_without_place").value(), 1);
  EXPECT_EQ(db->query_int("SELECT count(*) FROM finding_evidence").value(), 14);
  EXPECT_EQ(db->query_int("SELECT count(*) FROM findings WHERE lead = 1").value(), 1);
  EXPECT_EQ(db->query_text("SELECT claim_en FROM findings_without_place").value().value(),
            std::string(kHostile));
  EXPECT_EQ(db->query_int("SELECT count(*) FROM gpkg_geometry_columns").value(), 1);
  EXPECT_EQ(db->query_text("SELECT unit FROM figures WHERE value > 1000").value().value(), "fen");
}

TEST_F(WrittenReport, SameInputGivesSameBytes) {
  auto again = TempDir::make().value();
  auto db = sample_board();
  ASSERT_TRUE(write_report(Files::posix(), *db, sample_diagnosis(), sample_options(again.path())));
  for (const Format f : all_formats()) {
    const std::string name(file_name(f));
    const std::string one = read_file(Files::posix(), path(f)).value();
    const std::string two = read_file(Files::posix(), again.path() + "/" + name).value();
    EXPECT_TRUE(one == two) << name;
  }
}

TEST(Report, TellsProgressAndWritesOnlyWhatIsAsked) {
  auto folder = TempDir::make().value();
  auto db = sample_board();
  ReportOptions options = sample_options(folder.path());
  options.formats = {Format::html};
  std::vector<std::string> steps;
  options.progress = [&](const Text& step, uint64_t done, uint64_t total) {
    steps.push_back(fmt::format("{} {}/{}", step.en, done, total));
  };
  ASSERT_TRUE(write_report(Files::posix(), *db, sample_diagnosis(), options));
  EXPECT_EQ(steps, (std::vector<std::string>{"writing report.html 0/1", "done 1/1"}));
  EXPECT_EQ(Files::posix().list(folder.path()).value(), std::vector<std::string>{"report.html"});
}

TEST(Report, BoardWithoutAreasHasNoMaps) {
  auto folder = TempDir::make().value();
  auto db = store::open({.url = "sqlite::memory:"}).value();
  ReportOptions options = sample_options(folder.path());
  options.formats = {Format::html};
  EXPECT_TRUE(write_report(Files::posix(), *db, sample_diagnosis(), options));
}

TEST(Report, TooMuchEvidenceCostsTheXlsxOnly) {
  auto folder = TempDir::make().value();
  auto db = sample_board();
  ReportOptions options = sample_options(folder.path());
  options.formats = {Format::xlsx, Format::html};
  options.limits.evidence_sheet = 3;
  const auto written = write_report(Files::posix(), *db, sample_diagnosis(), options);
  ASSERT_TRUE(written);
  ASSERT_EQ(written->problems.size(), 1U);
  EXPECT_THAT(written->problems[0].to_string_en(), HasSubstr("more than 3 rows of evidence"));
  EXPECT_THAT(written->problems[0].remedy_en(), HasSubstr("findings.gpkg"));
  EXPECT_EQ(Files::posix().list(folder.path()).value(), std::vector<std::string>{"report.html"});
}

TEST(Report, UnknownFormatListsThoseThereAre) {
  EXPECT_EQ(parse_format("pdf").value(), Format::pdf);
  const Error e = parse_format("doc").error();
  EXPECT_THAT(e.to_string_en(), HasSubstr("there is no report format \"doc\""));
  EXPECT_THAT(e.remedy_en(), HasSubstr("html, docx, pdf, xlsx, gpkg"));
}

TEST(Report, FolderThatIsAFileIsSaid) {
  auto folder = TempDir::make().value();
  ASSERT_TRUE(write_file_atomic(Files::posix(), folder.path() + "/out", "x"));
  auto db = sample_board();
  const auto written =
      write_report(Files::posix(), *db, sample_diagnosis(), sample_options(folder.path() + "/out"));
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().to_string_en(), HasSubstr("/out"));
}

// A Files on which every write fails as on a full disk.
class FullDisk : public Files {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, Open mode) override {
    if (mode == Open::read) return Files::posix().open(path, mode);
    return fail(file_error(ENOSPC, "不能写文件", "cannot write the file", path));
  }
  Result<> rename(const std::string& a, const std::string& b) override {
    return Files::posix().rename(a, b);
  }
  Result<> remove(const std::string& p) override { return Files::posix().remove(p); }
  Result<> make_directories(const std::string& p) override {
    return Files::posix().make_directories(p);
  }
  Result<> sync_directory(const std::string& p) override {
    return Files::posix().sync_directory(p);
  }
  Result<bool> exists(const std::string& p) override { return Files::posix().exists(p); }
  Result<std::vector<std::string>> list(const std::string& p) override {
    return Files::posix().list(p);
  }
  Result<std::unique_ptr<File>> lock(const std::string& p) override {
    return Files::posix().lock(p);
  }
};

TEST(Report, FullDiskLeavesTheOldReport) {
  auto folder = TempDir::make().value();
  const std::string old = folder.path() + "/report.html";
  ASSERT_TRUE(write_file_atomic(Files::posix(), old, "old"));
  auto db = sample_board();
  FullDisk full;
  const auto written = write_report(full, *db, sample_diagnosis(), sample_options(folder.path()));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code(), "base.file.no_space");
  EXPECT_EQ(read_file(Files::posix(), old).value(), "old");
  EXPECT_EQ(Files::posix().list(folder.path()).value(), std::vector<std::string>{"report.html"});
}

// Very long words, hundreds of lines in a cell, many pages: nothing is lost, nothing loops.
TEST(Document, LongRowsGoOnOverleaf) {
  Document document;
  document.title = "长表";
  std::string longest;
  for (int i = 0; i < 400; ++i) longest += "很长的一行文字，没有尽头，";
  document.blocks.push_back({.kind = Block::Kind::table,
                             .table = {.header = {"甲", "乙"},
                                       .widths = {0.2, 0.8},
                                       .numbers = {true, false},
                                       .rows = {{"1", longest}, {std::string(3000, 'W'), "x"}}}});
  const auto pdf = pdf_bytes(document, Instant{});
  ASSERT_TRUE(pdf) << pdf.error().to_string_en();
  EXPECT_GT(pdf->size(), 2000U);
  EXPECT_TRUE(docx_bytes(document, Instant{}));
}

TEST(Document, ChineseNumbersCountOn) {
  EXPECT_EQ(chinese_number(1), "一");
  EXPECT_EQ(chinese_number(10), "十");
  EXPECT_EQ(chinese_number(12), "十二");
  EXPECT_EQ(chinese_number(20), "二十");
  EXPECT_EQ(chinese_number(99), "九十九");
}

}  // namespace
}  // namespace yipan::report
