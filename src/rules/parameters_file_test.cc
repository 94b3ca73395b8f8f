#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/test_tables.h"
#include "yipan/rules.h"

namespace yipan::rules {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kGood = R"([[parameter]]
name = "起征点"
unit = "元/月"
[[parameter.value]]
from = 2018-10-01
value = 5_000
citation = "个人所得税法（2018）第六条"
[[parameter.value]]
from = 2011-09-01
value = 3500
citation = "个人所得税法（2011）第六条"

[[parameter]]
name = "费率"
value = [{ from = 2020-01-01, value = 0.1234567890123456789, citation = "x" }]

[[parameter]]
name = "时限"
[[parameter.value]]
from = "2020-01-01"
feel = 'duration("P30D")'
citation = "y"
)";

TEST(Parameters, ReadExactlyAndSorted) {
  const auto all = parse_parameters(kGood, "p.toml");
  ASSERT_TRUE(all.has_value()) << all.error().to_string_en();
  ASSERT_EQ(all->size(), 3U);
  const Parameter& p = (*all)[0];
  EXPECT_EQ(p.name, "起征点");
  ASSERT_EQ(p.values.size(), 2U);
  EXPECT_EQ(p.values[0].from.to_string(), "2011-09-01");
  EXPECT_EQ(p.values[0].value.to_string(), "3500");
  EXPECT_EQ(p.values[1].value.to_string(), "5000");
  EXPECT_EQ(p.values[1].unit, "元/月");
  EXPECT_EQ((*all)[1].values[0].value.to_string(), "0.1234567890123456789");
  EXPECT_TRUE((*all)[2].values[0].value.is(Kind::days_duration));
}

TEST(Parameters, AreResolvedForTheDate) {
  CompileOptions options;
  options.parameters = *parse_parameters(kGood, "p.toml");
  const std::vector<Source> model = {
      {"m.dmn", literal_model({{"收入", "number"}}, "max(0, 收入 - 起征点)", "number")}};
  for (const auto& [day, expected] :
       {std::pair("2018-09-30", "4500"), std::pair("2018-10-01", "3000")}) {
    options.as_of = *Date::parse("2020-06-01");
    options.as_of = *Date::parse(day);
    options.parameters.resize(1);
    const Compilation built = compile_model(model, options);
    ASSERT_TRUE(built.ok()) << built.diagnostics[0].error.to_string_en();
    Evaluator evaluator(built.model);
    evaluator.set(*built.model->find_input("收入"), Value::number(int64_t{8000}));
    EXPECT_EQ(evaluator.evaluate(*built.model->find_decision("d")).to_string(), expected);
  }
  options.as_of = *Date::parse("2010-01-01");
  const Compilation gap = compile_model(model, options);
  ASSERT_FALSE(gap.ok());
  EXPECT_THAT(gap.diagnostics[0].error.message_zh(),
              HasSubstr("参数“起征点”在 2010-01-01 没有取值：最早的取值自 2011-09-01 起"));
}

struct Bad {
  std::string toml;
  std::string zh;
  uint64_t line;
};

TEST(Parameters, MistakesAreNamed) {
  const std::string head = "[[parameter]]\nname = \"a\"\n[[parameter.value]]\n";
  const Bad all[] = {
      {"[[parameter]]\nname = \"a\n", "写法有误", 2},
      {"[[parametre]]\n", "不认识的项“parametre”", 1},
      {"[[parameter]]\nunit = \"元\"\n", "缺少 name", 1},
      {"[[parameter]]\nname = \"a\"\n", "缺少 [[parameter.value]]", 1},
      {head + "value = 1\ncitation = \"c\"\n", "缺少 from", 3},
      {head + "from = 2020-01-01\nvalue = 1\n", "缺少 citation", 3},
      {head + "from = 2020-01-01\ncitation = \"c\"\n", "缺少 value", 3},
      {head + "from = \"去年\"\nvalue = 1\ncitation = \"c\"\n", "from 不是日期", 4},
      {head + "from = 2020-01-01\nvalues = 1\ncitation = \"c\"\n", "不认识的项“values”", 5},
      {head + "from = 2020-01-01\nvalue = inf\ncitation = \"c\"\n", "取值不能用", 5},
      {head + "from = 2020-01-01\nfeel = '1 +'\ncitation = \"c\"\n", "feel 写法有误", 5},
      {head + "from = 2020-01-01\nvalue = 1\ncitation = \"c\"\n[[parameter.value]]\nfrom = "
              "2020-01-01\nvalue = 2\ncitation = \"c\"\n",
       "两个自 2020-01-01 起的取值", 7},
      {head + "from = 2020-01-01\nvalue = 1\ncitation = \"c\"\n" + head, "写了两次", 7},
  };
  for (const Bad& bad : all) {
    const auto parsed = parse_parameters(bad.toml, "p.toml");
    ASSERT_FALSE(parsed.has_value()) << bad.toml;
    EXPECT_THAT(parsed.error().message_zh(), HasSubstr(bad.zh));
    EXPECT_EQ(parsed.error().place().line, bad.line) << bad.toml;
    EXPECT_EQ(parsed.error().place().file, "p.toml");
  }
}

}  // namespace
}  // namespace yipan::rules
