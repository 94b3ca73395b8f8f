#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/test_tables.h"

namespace yipan::rules {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string cited_model() {
  const std::vector<TestColumn> inputs = {{"面积", "number"}};
  std::string d = decision_xml(
      "准予开工", inputs,
      table_xml("UNIQUE", inputs, {{"o", "string"}}, {"< 100 | \"<b>\"", ">= 100 | \"b & c\""}));
  d.insert(d.find('>') + 1,
           "<authorityRequirement><requiredAuthority href=\"#k\"/></authorityRequirement>");
  return definitions(
      "<knowledgeSource id=\"k\" name=\"政府投资条例 第十一条\" "
      "locationURI=\"https://example.org/law\"/>" +
      input_xml({"面积", "number"}) + d);
}

TEST(Doc, PageHoldsTablesGraphAndCitations) {
  const auto html = document_html({{"m.dmn", cited_model()}});
  ASSERT_TRUE(html.has_value());
  EXPECT_THAT(*html, HasSubstr("<html lang=\"zh-CN\">"));
  EXPECT_THAT(*html, HasSubstr("<svg class=\"drg\""));
  EXPECT_THAT(*html, HasSubstr("依据：政府投资条例 第十一条"));
  EXPECT_THAT(*html, HasSubstr("href=\"https://example.org/law\""));
  EXPECT_THAT(*html, HasSubstr("<code>&lt; 100</code>"));
  EXPECT_THAT(*html, HasSubstr("&quot;b &amp; c&quot;"));
  EXPECT_THAT(*html, Not(HasSubstr("<b>")));
  EXPECT_THAT(*html, Not(HasSubstr("<script")));
}

TEST(Doc, FaultsStandOnThePage) {
  const auto html =
      document_html({{"m.dmn", literal_model({{"a", "number"}}, "没有这个名字 + 1")}});
  ASSERT_TRUE(html.has_value());
  EXPECT_THAT(*html, HasSubstr("模型的错误"));
  EXPECT_THAT(*html, HasSubstr("没有这个名字"));
}

TEST(Doc, NotADmnFile) {
  const auto html = document_html({{"m.dmn", "<page/>"}});
  ASSERT_FALSE(html.has_value());
  EXPECT_THAT(html.error().message_zh(), HasSubstr("不是 DMN 文件"));
}

}  // namespace
}  // namespace yipan::rules
