// Numbers, markup, Markdown, areas, charts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <pugixml.hpp>

#include "report/areas.h"
#include "report/chart.h"
#include "report/markdown.h"
#include "report/markup.h"
#include "report/numbers.h"
#include "report/outline.h"
#include "report/sample_for_tests.h"

namespace yipan::report {
namespace {

TEST(Numbers, AreGroupedAndRounded) {
  EXPECT_EQ(grouped(1234567.891, 1), "1,234,567.9");
  EXPECT_EQ(grouped(-1234.0, 0), "-1,234");
  EXPECT_EQ(grouped(-0.004, 2), "0.00");
  EXPECT_EQ(grouped(999.0, 0), "999");
  EXPECT_EQ(grouped(std::numeric_limits<double>::infinity(), 0), "—");
  EXPECT_EQ(grouped(uint64_t{18446744073709551615U}), "18,446,744,073,709,551,615");
}

TEST(Numbers, MoneyIsShownInTheUnitThatFits) {
  EXPECT_EQ(money_text(123'400'000'000).zh, "12.34亿元");
  EXPECT_EQ(money_text(123'400'000'000).en, "1,234 million yuan");
  EXPECT_EQ(money_text(56'700'000).zh, "56.70万元");
  EXPECT_EQ(money_text(56'700'000).en, "567,000 yuan");
  EXPECT_EQ(money_text(805).zh, "8.05元");
  EXPECT_EQ(money_text(-123'400'000'000).zh, "-12.34亿元");
  EXPECT_EQ(wan_text(1'234'500'000), "1,234.50");
  EXPECT_EQ(shown_unit("fen", 0, 4.56e11).text(4.56e11), "45.60");
  EXPECT_EQ(shown_unit("fen", 0, 4.56e11).label.zh, "亿元");
  EXPECT_EQ(shown_unit("m2_per_person", 2, 3.46).label.zh, "平方米/人");
  EXPECT_EQ(shown_unit("", 3, 0.744).text(0.744), "0.744");
}

TEST(Numbers, DatesAreSaidInBothLanguages) {
  EXPECT_EQ(date_text(std::string_view("2022-11-30")).zh, "2022年11月30日");
  EXPECT_EQ(date_text(std::string_view("2022-11-30")).en, "30 November 2022");
  EXPECT_EQ(date_text(std::string_view("")).zh, "");
  EXPECT_EQ(date_text(std::string_view("soon")).zh, "soon");
  // 17:30 UTC is half past one of the next day in Beijing.
  EXPECT_EQ(beijing_time_text(Instant::parse("2022-11-30T17:30:00Z").value()).zh,
            "2022年12月1日 01:30");
}

TEST(Markup, EscapesWhatXmlCannotHold) {
  EXPECT_EQ(escaped("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
  EXPECT_EQ(escaped(std::string_view("a\0b\x1f\tc", 6)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\tc");
  EXPECT_EQ(escaped("\xC3("), "\xEF\xBF\xBD(");
  EXPECT_EQ(escaped("\xEF\xBF\xBF"), "\xEF\xBF\xBD");  // U+FFFF
}

TEST(Markup, ShowsEqualTextsOnce) {
  Markup m;
  m.both("市财政局", "市财政局").both("甲", "").both("是", "yes");
  EXPECT_EQ(m.take(), "市财政局甲<span lang=\"zh\">是</span><span lang=\"en\">yes</span>");
}

std::string html_of(std::string_view markdown) {
  Markup out;
  markdown_to_html(markdown, 2, &out);
  return out.take();
}

TEST(Markdown, RendersTheSubset) {
  EXPECT_EQ(html_of("# 方法\n\n第一行\n第二行"), "<h3>方法</h3><p>第一行第二行</p>");
  EXPECT_EQ(html_of("one\ntwo **three** `a<b`"),
            "<p>one two <strong>three</strong> <code>a&lt;b</code></p>");
  EXPECT_EQ(html_of("- a\n  - b\n- c"), "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>");
  EXPECT_EQ(html_of("1. a\n2. b"), "<ol><li>a</li><li>b</li></ol>");
  EXPECT_EQ(html_of("```\n<x>\n```\nafter"), "<pre><code>&lt;x&gt;\n</code></pre><p>after</p>");
  EXPECT_EQ(html_of("| a | b |\n|---|:-:|\n| 1 |"),
            "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">a</th><th scope=\"col\">b"
            "</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table></div>");
}

TEST(Markdown, IsSafe) {
  EXPECT_EQ(html_of("<script>x</script>"), "<p>&lt;script&gt;x&lt;/script&gt;</p>");
  EXPECT_EQ(html_of("[x](javascript:alert(1))").find("href"), std::string::npos);
  EXPECT_EQ(html_of("![x](https://evil/p.png)"), "<p>x</p>");
  EXPECT_NE(html_of("[x](https://a.cn/\"onclick=)").find("&quot;onclick"), std::string::npos);
}

TEST(Areas, ReadsNamesAndBoundaries) {
  auto db = sample_board();
  const AreaMap map = read_areas(*db).value();
  ASSERT_NE(map.find("D1"), nullptr);
  EXPECT_EQ(map.find("D1")->name.en, "Wangjiang");
  ASSERT_EQ(map.find("D1")->rings.size(), 1U);
  EXPECT_EQ(map.find("D1")->rings[0].size(), 5U);
  EXPECT_TRUE(map.find("D3")->rings.empty());
  EXPECT_EQ(map.find("nowhere"), nullptr);
  EXPECT_EQ(map.ground().size(), 2U);
}

TEST(Areas, CutGeometryGivesNoRings) {
  const std::string whole = square_wkb(117, 34, 1);
  EXPECT_EQ(rings_of_wkb(whole).size(), 1U);
  for (size_t n = 0; n < whole.size(); ++n) {
    EXPECT_TRUE(rings_of_wkb(std::string_view(whole).substr(0, n)).empty()) << n;
  }
  std::string huge = whole;  // claims 4 billion points
  huge[18] = huge[19] = huge[20] = huge[21] = '\xff';
  EXPECT_TRUE(rings_of_wkb(huge).empty());
}

pugi::xml_document parsed(const std::string& xml) {
  pugi::xml_document doc;
  const pugi::xml_parse_result r = doc.load_buffer(xml.data(), xml.size());
  EXPECT_TRUE(r) << r.description() << " at " << r.offset;
  return doc;
}

size_t count(const pugi::xml_document& doc, const char* xpath) {
  return doc.select_nodes(xpath).size();
}

TEST(Chart, BarsHaveLabelsValuesAndNorm) {
  const Chart chart = draw_view(sample_view("bar"), {}, {.both = true, .id = "b"});
  const auto doc = parsed(chart.svg);
  EXPECT_EQ(count(doc, "//text[.='46.1']"), 1U);
  EXPECT_EQ(count(doc, "//text[.='望江区']"), 1U);
  EXPECT_EQ(count(doc, "//text[.='标准 30.0']"), 1U);
  EXPECT_EQ(count(doc, "//text[.='norm 30.0'][@lang='en']"), 1U);
  EXPECT_EQ(count(doc, "//text[.='未填']"), 1U);  // the null
  EXPECT_EQ(count(doc, "//svg/title"), 1U);
  EXPECT_EQ(count(doc, "//svg/desc"), 1U);
  EXPECT_EQ(count(doc, "//*[@style]"), 0U);
  EXPECT_EQ(count(doc, "//pattern"), 1U);  // series differ by more than colour
}

TEST(Chart, LinesStopAtGapsAndMapsFallBackToBars) {
  findings::ViewData view = sample_view("line");
  view.rows = {{"2020", "", "1", ""}, {"2021", "", "", ""}, {"2022", "", "3", ""}};
  const auto doc = parsed(draw_view(view, {}, {.both = false, .id = "l"}).svg);
  EXPECT_EQ(count(doc, "//*[@lang]"), 0U);  // one language
  const std::string d = doc.select_node("//path[@stroke-width='2.2']/@d").attribute().value();
  EXPECT_EQ(std::count(d.begin(), d.end(), 'M'), 2);
  EXPECT_EQ(std::count(d.begin(), d.end(), 'L'), 0);
  // No boundaries: bars.
  EXPECT_NE(draw_view(sample_view("map"), {}, {.id = "m"}).svg.find("条形图"), std::string::npos);
}

TEST(Chart, MapsShowNameAndValueInEachArea) {
  auto db = sample_board();
  const AreaMap areas = read_areas(*db).value();
  const auto doc = parsed(draw_view(sample_view("map"), areas, {.both = true, .id = "m"}).svg);
  EXPECT_EQ(count(doc, "//text[.='望江区']"), 1U);
  EXPECT_EQ(count(doc, "//text[.='Wangjiang']"), 1U);
  EXPECT_EQ(count(doc, "//text[.='46.1']"), 1U);
  EXPECT_EQ(count(doc, "//path"), 2U);
}

TEST(Chart, NothingToDrawIsNothing) {
  findings::ViewData view = sample_view("bar");
  view.rows = {{"甲", "", "", "x"}};
  EXPECT_EQ(draw_view(view, {}, {}).svg, "");
  EXPECT_EQ(draw_view(sample_view("table"), {}, {}).svg, "");
}

TEST(Chart, TicksAreRound) {
  EXPECT_EQ(tick_step(10, 5), 2);
  EXPECT_EQ(tick_step(97, 5), 20);
  EXPECT_EQ(tick_step(0.3, 5), 0.1);
  EXPECT_EQ(tick_step(0, 5), 1);
}

TEST(ForeignLaw, SaysSoOnlyWhereChineseLawDoesNotHold) {
  EXPECT_EQ(foreign_law("cn").zh, "");
  EXPECT_EQ(foreign_law("cn-jiangsu").en, "");
  EXPECT_EQ(foreign_law("").zh, "");
  EXPECT_THAT(foreign_law("us-ma").zh, ::testing::HasSubstr("us-ma"));
  EXPECT_THAT(foreign_law("us-ma").zh, ::testing::HasSubstr("不构成违法认定"));
  EXPECT_THAT(foreign_law("us-ma").en, ::testing::HasSubstr("does not apply"));
}

}  // namespace
}  // namespace yipan::report
