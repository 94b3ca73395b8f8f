// Placeholders and their formats.
#include "findings/template.h"

#include <gtest/gtest.h>

#include <map>

namespace yipan::findings {
namespace {

using rules::Value;

class TestNames : public Names {
 public:
  std::string area(std::string_view id, Language language) const override {
    return std::string(language == Language::zh ? "区" : "area ") + std::string(id);
  }
  std::string organisation(std::string_view id, Language) const override {
    return "org " + std::string(id);
  }
};

Value number(std::string_view text) { return Value::number(Decimal::parse(text).value()); }

std::string shown(std::string_view text, const Value& x, Language language) {
  const auto parsed = parse_template(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  if (!parsed) return "";
  const TestNames names;
  const auto out = render(
      *parsed, [&](std::string_view name) { return name == "x" ? &x : nullptr; }, names, language);
  return out ? *out : out.error().to_string_en();
}
void expect(std::string_view text, const Value& x, std::string_view zh, std::string_view en) {
  EXPECT_EQ(shown(text, x, Language::zh), zh) << text;
  EXPECT_EQ(shown(text, x, Language::en), en) << text;
}

TEST(TemplateTest, Numbers) {
  expect("{x}", number("1234.50"), "1234.5", "1234.5");
  expect("{x:n0}", number("1234567.5"), "1,234,568", "1,234,568");
  expect("{x:n2}", number("-1234567"), "-1,234,567.00", "-1,234,567.00");
  expect("{x:n1}", number("0.25"), "0.3", "0.3");
  expect("{x:n4}", number("999"), "999.0000", "999.0000");
  expect("{x:percent}", number("0.461"), "46.1%", "46.1%");
  expect("{x:percent}", number("1"), "100%", "100%");
}

TEST(TemplateTest, Money) {
  expect("{x:yuan}", number("123456"), "1,234.56元", "1,234.56 yuan");
  expect("{x:wan}", number("1234560000"), "1,234.56万元", "12,345,600 yuan");
  expect("{x:wan}", number("1000000"), "1万元", "10,000 yuan");
  expect("{x:yi}", number("16614400000000"), "1,661.44亿元", "166,144 million yuan");
}

TEST(TemplateTest, DatesAndOthers) {
  const Value day = Value::date(Date::from_ymd(2022, 11, 30).value());
  expect("{x}", day, "2022年11月30日", "30 November 2022");
  expect("{x:month}", day, "2022年11月", "November 2022");
  expect("{x:month}", Value::string("2022-03"), "2022年3月", "March 2022");
  expect("{x}", Value::boolean(true), "是", "yes");
  expect("{x}", Value::null(), "未填", "not stated");
  expect("{x:n2}", Value::null(), "未填", "not stated");
  expect("{x:area}", Value::string("D1"), "区D1", "area D1");
  expect("{x:org}", Value::string("O1"), "org O1", "org O1");
  expect("{{x}} {x}}}", Value::string("甲"), "{x} 甲}", "{x} 甲}");
}

TEST(TemplateTest, WhatIsWrongIsSaid) {
  EXPECT_EQ(parse_template("a {x:n5}").error().message_zh(), "没有格式“n5”");
  EXPECT_EQ(parse_template("a {x:n5}").error().code(), "findings.template.format");
  EXPECT_EQ(parse_template("a {x").error().message_en(), "a brace without its partner: '{x'");
  EXPECT_EQ(parse_template("a } b").error().code(), "findings.template.brace");
  EXPECT_EQ(parse_template("{}").error().code(), "findings.template.brace");
  EXPECT_NE(shown("{y}", number("1"), Language::en).find("nothing is called {y}"),
            std::string::npos);
  EXPECT_NE(shown("{x:n0}", Value::string("many"), Language::en)
                .find("'many' is no value for this format"),
            std::string::npos);
}

}  // namespace
}  // namespace yipan::findings
