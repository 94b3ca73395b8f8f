#include "yipan/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "base/test_seed.h"

namespace yipan {
namespace {

using testing::HasSubstr;

Decimal d(std::string_view text) { return Decimal::parse(text).value_or(Decimal::infinity()); }

std::string id_of(std::string_view name) {
  const Unit* unit = find_unit(name);
  return unit == nullptr ? "none" : std::string(unit->id);
}

Result<Decimal> convert(std::string_view value, std::string_view from, std::string_view to) {
  return convert(d(value), *find_unit(from), *find_unit(to));
}

TEST(Units, AreFoundByTheirManyNames) {
  struct Case {
    const char* id;
    std::initializer_list<const char*> names;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"m2", {"m2", "㎡", "平方米", "平米", "m²", "M2", " 平 方 米 ", "ｍ２", "m^2"}},
           {"wan_m2", {"万㎡", "万平方米", "万平米", "万m²", "万 ㎡", "10,000 m²"}},
           {"km2", {"平方公里", "km²", "㎢", "平方千米"}},
           {"ha", {"公顷", "hm²", "ha", "HA", "hm2"}},
           {"mu", {"亩", "mu", "市亩"}},
           {"wan_mu", {"万亩"}},
           {"yuan", {"元", "人民币元", "￥", "RMB"}},
           {"wan_yuan", {"万元", "万 元", "万元人民币", "人民币万元"}},
           {"yi_yuan", {"亿元"}},
           {"usd", {"美元", "USD", "US$"}},
           {"wan_usd", {"万美元"}},
           {"yi_usd", {"亿美元"}},
           {"wan_persons", {"万人"}},
           {"percent", {"%", "％", "百分比"}},
           {"permille", {"‰"}},
           {"beds_per_1000_persons", {"张/千人", "张／千人", "床/千人", "张每千人", "张/ 千人"}},
           {"persons_per_1000_persons", {"人/千人"}},
           {"m2_per_person", {"㎡/人", "平方米/人", "m²/人", "平方米每人"}},
           {"wan_yuan_per_mu", {"万元/亩"}},
           {"yuan_per_m2", {"元/㎡", "元/平方米", "元/m2"}},
           {"kwh", {"千瓦时", "kWh", "度", "kW·h"}},
           {"wan_tonne", {"万吨"}},
           {"years", {"年"}},
           {"none", {"", "亩亩", "投资", "元/", "\xFF"}}}) {
    for (const char* name : c.names) EXPECT_EQ(id_of(name), c.id) << name;
  }
}

TEST(Units, EachHasAnIdOfItsOwnAndIsFoundByIt) {
  std::set<std::string_view> ids;
  for (const Unit& unit : all_units()) {
    EXPECT_TRUE(ids.insert(unit.id).second) << unit.id;
    EXPECT_EQ(find_unit(unit.id), &unit) << unit.id;
    EXPECT_EQ(find_unit(unit.zh), &unit) << unit.zh;
    EXPECT_EQ(find_unit(unit.en), &unit) << unit.en;
    EXPECT_GT(unit.factor_num, 0) << unit.id;
    EXPECT_GT(unit.factor_den, 0) << unit.id;
  }
  EXPECT_GT(ids.size(), 90U);
}

TEST(Units, ConversionIsExact) {
  struct Case {
    const char* value;
    const char* from;
    const char* to;
    const char* expected;
  };
  for (const Case& c :
       std::initializer_list<Case>{{"3", "亩", "m2", "2000"},
                                   {"15", "亩", "公顷", "1"},
                                   {"1500", "亩", "平方公里", "1"},
                                   {"1", "公顷", "亩", "15"},
                                   {"2.5", "万㎡", "亩", "37.5"},
                                   {"1", "亩", "m2", "666.6666666666666666666666666666667"},
                                   {"1.2345", "亿元", "元", "123450000"},
                                   {"1", "万元", "分", "1000000"},
                                   {"123", "分", "元", "1.23"},
                                   {"45", "%", "‰", "450"},
                                   {"0.45", "比值", "%", "45"},
                                   {"10", "万元/亩", "元/㎡", "150"},
                                   {"150", "元/㎡", "万元/亩", "10"},
                                   {"100", "元/月", "元/年", "1200"},
                                   {"2", "年", "月", "24"},
                                   {"3", "万美元", "美元", "30000"},
                                   {"1", "人/公顷", "人/平方公里", "100"},
                                   {"1", "亿元/平方公里", "万元/公顷", "100"},
                                   {"1", "亿人", "万人", "10000"}}) {
    const auto out = convert(c.value, c.from, c.to);
    ASSERT_TRUE(out) << c.from;
    EXPECT_EQ(out->to_string(), c.expected) << c.value << " " << c.from << " in " << c.to;
  }
}

TEST(Units, KindsDoNotMix) {
  const auto out = convert("1", "亩", "万元");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code(), "base.units.kind");
  EXPECT_EQ(out.error().message_zh(), "“亩”与“万元”不是同类单位，不能换算（area 与 money）");
  EXPECT_THAT(out.error().message_en(), HasSubstr("mu is a unit of area"));
  EXPECT_THAT(out.error().remedy_zh(), HasSubstr("检查该列的单位"));
  EXPECT_THAT(out.error().remedy_en(), HasSubstr("check the unit"));
  EXPECT_FALSE(convert("1", "美元", "元"));
  EXPECT_FALSE(convert("1", "人", "户"));
  EXPECT_FALSE(convert("1", "天", "月"));
  const auto infinite = convert(Decimal::infinity(), *find_unit("亩"), *find_unit("m2"));
  ASSERT_FALSE(infinite);
  EXPECT_EQ(infinite.error().code(), "base.units.range");
}

TEST(Units, ThereAndBackIsTheSame) {
  std::mt19937_64 random(test_seed("ThereAndBackIsTheSame"));
  const std::vector<Unit>& units = all_units();
  for (int i = 0; i < 50'000; ++i) {
    const Unit& from = units[random() % units.size()];
    const Unit& to = units[random() % units.size()];
    const Decimal value = Decimal::from_scaled(static_cast<int64_t>(random() % 1'000'000'000), 3);
    const auto there = convert(value, from, to);
    ASSERT_EQ(there.has_value(), from.kind == to.kind);
    if (!there) continue;
    const auto back = convert(*there, to, from);
    ASSERT_TRUE(back);
    ASSERT_EQ(back->rounded(20, Decimal::Rounding::half_even), value) << from.id << " " << to.id;
  }
}

TEST(UnitsHeader, UnitsAreFoundWherePeoplePutThem) {
  struct Case {
    const char* header;
    const char* name;
    const char* unit;
  };
  for (const Case& c :
       std::initializer_list<Case>{{"投资额（万元）", "投资额", "wan_yuan"},
                                   {"面积(㎡)", "面积", "m2"},
                                   {"面积（ 平方米 ）", "面积", "m2"},
                                   {"面积[公顷]", "面积", "ha"},
                                   {"面积【亩】", "面积", "mu"},
                                   {"金额/亿元", "金额", "yi_yuan"},
                                   {"单位：亩", "", "mu"},
                                   {"用地面积 单位：亩", "用地面积", "mu"},
                                   {"投资额：万元", "投资额", "wan_yuan"},
                                   {"投资额（单位：万元）", "投资额", "wan_yuan"},
                                   {"占比%", "占比", "percent"},
                                   {"占比（％）", "占比", "percent"},
                                   {"死亡率‰", "死亡率", "permille"},
                                   {"建筑面积㎡", "建筑面积", "m2"},
                                   {"建筑面积万㎡", "建筑面积", "wan_m2"},
                                   {"建设用地面积km²", "建设用地面积", "km2"},
                                   {"投资额（含税（万元））", "投资额（含税）", "wan_yuan"},
                                   {"投资额（（万元））", "投资额", "wan_yuan"},
                                   {"投资额（万元，含税）", "投资额（含税）", "wan_yuan"},
                                   {"投资额（含税，万元）", "投资额（含税）", "wan_yuan"},
                                   {"投资额（万元）合计", "投资额合计", "wan_yuan"},
                                   {"投资额(一期)(万元)", "投资额(一期)", "wan_yuan"},
                                   {"投资额（万元）（一期）", "投资额（一期）", "wan_yuan"},
                                   {"单价/元/㎡", "单价", "yuan_per_m2"},
                                   {"单价（元／平方米）", "单价", "yuan_per_m2"},
                                   {"千人床位数（张/千人）", "千人床位数", "beds_per_1000_persons"},
                                   {"Area m2", "Area", "m2"},
                                   {"投资额\n（万元）", "投资额", "wan_yuan"},
                                   {"　投资额（万元）　", "投资额", "wan_yuan"}}) {
    const HeaderUnit out = split_header_unit(c.header);
    EXPECT_EQ(out.name, c.name) << c.header;
    ASSERT_NE(out.unit, nullptr) << c.header;
    EXPECT_EQ(out.unit->id, c.unit) << c.header;
  }
}

TEST(UnitsHeader, OthersStayAsTheyAre) {
  for (const char* header : {"项目（一期）", "项目名称", "年/月", "年/月/日", "是/否", "年", "亩",
                             "人/千人", "面积（", "面积）", "）（", "（）", "",
                             "项目（一期）（二期）", "投资额（万元", "备注：无", "/", "%"}) {
    const HeaderUnit out = split_header_unit(header);
    EXPECT_EQ(out.name, header);
    EXPECT_EQ(out.unit, nullptr) << header;
  }
}

}  // namespace
}  // namespace yipan
