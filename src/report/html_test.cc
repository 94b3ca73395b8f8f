#include "report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "report/sample_for_tests.h"
#include "yipan/hash.h"
#include "yipan/text.h"

namespace yipan::report {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string sample_html(const findings::Diagnosis& diagnosis, const ReportOptions& options) {
  auto db = sample_board();
  const AreaMap areas = read_areas(*db).value();
  return html_report(make_outline(diagnosis, options, areas));
}

class HtmlReport : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    html_ = new std::string(sample_html(sample_diagnosis(), sample_options("")));
    doc_ = new pugi::xml_document;
    const auto r =
        doc_->load_buffer(html_->data(), html_->size(), pugi::parse_default | pugi::parse_doctype);
    ASSERT_TRUE(r) << r.description() << ": " << html_->substr(static_cast<size_t>(r.offset), 80);
  }
  static void TearDownTestSuite() {
    delete html_;
    delete doc_;
  }
  static size_t count(const std::string& xpath) { return doc_->select_nodes(xpath.c_str()).size(); }
  static std::string all_text(const std::string& xpath) {
    std::string out;
    for (const auto& n : doc_->select_nodes((xpath + "//text()").c_str())) {
      out += n.node().value();
    }
    return out;
  }
  static std::string* html_;
  static pugi::xml_document* doc_;
};
std::string* HtmlReport::html_ = nullptr;
pugi::xml_document* HtmlReport::doc_ = nullptr;

TEST_F(HtmlReport, IsSelfContainedAndRunsNothing) {
  EXPECT_EQ(count("//script"), 0U);
  EXPECT_EQ(count("//@src | //link | //iframe | //object | //form"), 0U);
  EXPECT_EQ(count("//@style"), 0U);
  EXPECT_EQ(count("//@*[starts-with(name(), 'on')]"), 0U);
  for (const auto& a : doc_->select_nodes("//a/@href")) {
    const std::string href = a.attribute().value();
    EXPECT_TRUE(href.starts_with("#") || href.starts_with("https://")) << href;
  }
  const std::string policy =
      doc_->select_node("//meta[@http-equiv='Content-Security-Policy']/@content")
          .attribute()
          .value();
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, ::testing::Not(HasSubstr("unsafe")));
  const std::string style = doc_->select_node("//style").node().child_value();
  EXPECT_THAT(policy, HasSubstr(base64(sha256(style).view())));
}

TEST_F(HtmlReport, HostileTextIsText) {
  EXPECT_THAT(*html_, ::testing::Not(HasSubstr("<script")));
  EXPECT_THAT(*html_, HasSubstr("&lt;script&gt;alert('x')&lt;/script&gt; &amp; &quot;]]&gt;"));
  EXPECT_THAT(*html_, HasSubstr("&lt;b&gt;粗&lt;/b&gt;"));  // in the method
}

TEST_F(HtmlReport, OpensWithEightAnswersAndNoScore) {
  EXPECT_EQ(count("//table[@class='answers']/tbody/tr"), 4U);
  const std::string row = all_text("//table[@class='answers']/tbody/tr[1]");
  EXPECT_THAT(row, HasSubstr("签约资金中制造业占46.1%"));
  // Four red ones of 123,456,789 fen times 2, 3, 4 and 5.
  EXPECT_THAT(row, HasSubstr("1,728.40万元"));
  EXPECT_THAT(row, HasSubstr("17,283,950 yuan"));
  EXPECT_EQ(all_text("//table[@class='answers']/tbody/tr[1]/td[2]/b"), "4");
  EXPECT_EQ(all_text("//table[@class='answers']/tbody/tr[1]/td[3]/b"), "1");
  EXPECT_THAT(all_text("//table[@class='answers']/tbody/tr[1]/td[4]"), EndsWith("0"));
  EXPECT_THAT(all_text("//table[@class='answers']/tbody/tr[3]"), HasSubstr("未能得出"));
  EXPECT_EQ(all_text("//h1/span[@lang='zh']"), "岚江市诊断报告");
  EXPECT_THAT(all_text("//div[@class='synthetic']"), HasSubstr("合成数据"));
  EXPECT_THAT(all_text("//header"), HasSubstr("没有回答：问题包 08-rule-of-law 有毛病"));
  EXPECT_THAT(all_text("//section[@id='missing']"), HasSubstr("add it to rulebook/law"));
  EXPECT_THAT(all_text("//header"), HasSubstr("2022年11月30日"));
}

TEST_F(HtmlReport, SaysWhatIsOverdueNewReopenedAndCleared) {
  const auto number = [](int n) {
    return all_text("//ul[@class='strip']/li[" + std::to_string(n) + "]/b");
  };
  EXPECT_EQ(number(1), "1");  // red since May
  EXPECT_EQ(number(2), "3");
  EXPECT_EQ(number(3), "1");
  EXPECT_EQ(number(4), "1");
  EXPECT_EQ(number(5), "1");  // lead
  EXPECT_THAT(all_text("//section[@id='changes']"), HasSubstr("第11号项目"));
  EXPECT_THAT(all_text("//section[@id='q1']"), HasSubstr("逾期（已 213 天）"));
}

TEST_F(HtmlReport, FiguresHaveOneUnitAColumnNormAndSource) {
  const std::string q = "//section[@id='q1']//table[caption]//tr";
  EXPECT_EQ(all_text(q + "[th//a][1]/td[1]"), "46.1");
  EXPECT_EQ(all_text(q + "[th//a][1]/td[3]"), "50.0");
  EXPECT_EQ(all_text(q + "[th//a][1]/td[4]"), "F055");
  EXPECT_EQ(count(q + "[td[1]='45.60'][td[2]/span='亿元']"), 1U);
  EXPECT_EQ(count(q + "[td[1]/span='未填'][td[2]/span='persons']"), 1U);
}

TEST_F(HtmlReport, FindingsShowRuleNormRemedyEvidence) {
  const std::string group = "//section[@id='q1-begun_before_approval-red']";
  EXPECT_EQ(count(group + "//tbody/tr"), 4U);
  const std::string text = all_text(group);
  EXPECT_THAT(text, HasSubstr("《政府投资条例》第12条"));
  EXPECT_THAT(text, HasSubstr("已核对原文"));
  EXPECT_THAT(text, HasSubstr("停工补办手续"));
  EXPECT_THAT(text, HasSubstr("市住房和城乡建设局"));  // leads differ: a column
  EXPECT_THAT(text, HasSubstr("approvals/PRJ-0001|2"));
  EXPECT_THAT(text, HasSubstr("账本第 12 条，源文件第 34 行"));
  EXPECT_THAT(text, HasSubstr("approved_on = 未填"));
  EXPECT_EQ(count(group + "//summary/span[@class='id'][starts-with(., 'F1-')]"), 4U);
  const std::string odd = all_text("//section[@id='q1-hostile_text-orange']");
  EXPECT_EQ(count("//section[@id='q1-hostile_text-orange']//span[@class='unverified']"), 1U);
  EXPECT_THAT(odd, HasSubstr("未核实"));
  EXPECT_THAT(odd, HasSubstr("共 25,000 条，前 2 条见 findings.xlsx"));
  EXPECT_THAT(all_text("//section[@id='q1-lead-odd_digits-yellow']"), HasSubstr("缺：依据"));
}

TEST_F(HtmlReport, DepartmentsLawAndStepsAreThere) {
  EXPECT_EQ(count("//section[@id='departments']/section"), 2U);
  const std::string first = all_text("//section[@id='departments']/section[1]");
  EXPECT_THAT(first, HasSubstr("市发展和改革委员会"));
  EXPECT_THAT(first, HasSubstr("停工补办手续"));
  EXPECT_EQ(count("//section[@id='citations']//tbody/tr"), 2U);
  EXPECT_THAT(all_text("//section[@id='q1']"), HasSubstr("5,000"));
}

TEST_F(HtmlReport, EveryLinkInsideLeadsSomewhereAndIdsAreUnique) {
  std::set<std::string> ids;
  for (const auto& a : doc_->select_nodes("//@id")) {
    EXPECT_TRUE(ids.insert(a.attribute().value()).second) << a.attribute().value();
  }
  for (const auto& a : doc_->select_nodes("//a/@href[starts-with(., '#')]")) {
    EXPECT_TRUE(ids.contains(a.attribute().value() + 1)) << a.attribute().value();
  }
  for (const auto& a : doc_->select_nodes("//@aria-labelledby")) {
    for (const std::string_view id : split(a.attribute().value(), ' ')) {
      EXPECT_TRUE(ids.contains(std::string(id))) << id;
    }
  }
}

TEST_F(HtmlReport, BothLanguagesAreComplete) {
  EXPECT_EQ(count("//span[@lang='zh']"), count("//span[@lang='en']"));
  EXPECT_EQ(std::string(doc_->select_node("/html/@lang").attribute().value()), "zh-CN");
}

TEST(HtmlReportLarge, CapsRowsAndStaysSmall) {
  const std::string html = sample_html(large_diagnosis(5000), sample_options(""));
  pugi::xml_document doc;
  ASSERT_TRUE(doc.load_buffer(html.data(), html.size()));
  // 5,000 of ten codes and three severities: 30 groups, none with more than 200 rows.
  EXPECT_EQ(doc.select_nodes("//section[@id='q2']//section").size(), 30U);
  EXPECT_LT(html.size(), size_t{12} << 20);
  EXPECT_LE(doc.select_nodes("//section[@id='q2-code_0-red']//tbody/tr").size(), 200U);
}

TEST(HtmlReportLarge, OtherRowsAreCountedAndPointedTo) {
  ReportOptions options = sample_options("");
  options.limits.rows_html = 2;
  const std::string html = sample_html(sample_diagnosis(), options);
  EXPECT_THAT(html, HasSubstr("共 4 项，这里列出前 2 项，其余见 findings.xlsx。"));
}

TEST(HtmlReportEmpty, NothingAtAllIsStillAReport) {
  findings::Diagnosis nothing;
  nothing.as_of = Date::parse("2022-11-30").value();
  const std::string html = sample_html(nothing, sample_options(""));
  EXPECT_THAT(html, HasSubstr("首次诊断"));
  EXPECT_THAT(html, ::testing::Not(HasSubstr("不是任何城市的真实记录")));
}

}  // namespace
}  // namespace yipan::report
