#include "base/units_table.h"

namespace yipan::units {
namespace {

constexpr int64_t kWan = 10'000;
constexpr int64_t kYi = 100'000'000;

std::vector<NamedUnit> area_and_length() {
  return {
      {{"m2", "平方米", "m²", "area", 1, 1},
       "㎡ m^2 平米 平方 sqm 平方公尺 squaremetre squaremeter"},
      {{"wan_m2", "万平方米", "10,000 m²", "area", kWan, 1}, "万㎡ 万m² 万m2 万平米 万平方 万平"},
      {{"yi_m2", "亿平方米", "100 million m²", "area", kYi, 1}, "亿㎡ 亿m² 亿m2 亿平米"},
      {{"cm2", "平方厘米", "cm²", "area", 1, 10'000}, "㎠ cm^2"},
      {{"km2", "平方公里", "km²", "area", 1'000'000, 1}, "㎢ km^2 平方千米 sqkm"},
      {{"wan_km2", "万平方公里", "10,000 km²", "area", kWan * 1'000'000, 1}, "万km² 万km2 万㎢"},
      // 15 mu are one hectare.
      {{"mu", "亩", "mu", "area", 2'000, 3}, "市亩"},
      {{"wan_mu", "万亩", "10,000 mu", "area", kWan * 2'000, 3}, ""},
      {{"yi_mu", "亿亩", "100 million mu", "area", kYi * 2'000, 3}, ""},
      {{"ha", "公顷", "ha", "area", 10'000, 1}, "hm² hm2 hm^2 hectare hectares"},
      {{"wan_ha", "万公顷", "10,000 ha", "area", kWan * 10'000, 1}, "万hm² 万hm2"},
      {{"m", "米", "m", "length", 1, 1}, "metre meter 公尺 延米"},
      {{"dm", "分米", "dm", "length", 1, 10}, ""},
      {{"cm", "厘米", "cm", "length", 1, 100}, "㎝ 公分"},
      {{"mm", "毫米", "mm", "length", 1, 1'000}, "㎜"},
      {{"km", "公里", "km", "length", 1'000, 1}, "㎞ 千米"},
      {{"wan_km", "万公里", "10,000 km", "length", kWan * 1'000, 1}, "万km 万千米"},
      {{"li", "里", "li", "length", 500, 1}, "华里 市里"},
      {{"m3", "立方米", "m³", "volume", 1, 1}, "㎥ m^3 立方 方 cubicmetre"},
      {{"wan_m3", "万立方米", "10,000 m³", "volume", kWan, 1}, "万㎥ 万m³ 万m3 万立方 万方"},
      {{"yi_m3", "亿立方米", "100 million m³", "volume", kYi, 1}, "亿㎥ 亿m³ 亿m3 亿方"},
      {{"litre", "升", "L", "volume", 1, 1'000}, "liter litres 公升"},
  };
}

std::vector<NamedUnit> money() {
  return {
      {{"fen", "分", "fen", "money", 1, 1}, "人民币分"},
      {{"jiao", "角", "jiao", "money", 10, 1}, ""},
      {{"yuan", "元", "yuan", "money", 100, 1}, "人民币元 圆 元人民币 rmb cny ¥ ￥ 块"},
      {{"qian_yuan", "千元", "1,000 yuan", "money", 1'000 * 100, 1}, "千元人民币"},
      {{"wan_yuan", "万元", "10,000 yuan", "money", kWan * 100, 1},
       "万元人民币 人民币万元 万圆 10kyuan 10krmb"},
      {{"baiwan_yuan", "百万元", "million yuan", "money", 1'000'000 * 100, 1}, "百万元人民币"},
      {{"qianwan_yuan", "千万元", "10 million yuan", "money", 10'000'000 * 100, 1}, ""},
      {{"yi_yuan", "亿元", "100 million yuan", "money", kYi * 100, 1},
       "亿元人民币 人民币亿元 亿圆"},
      {{"wanyi_yuan", "万亿元", "trillion yuan", "money", kWan * kYi * 100, 1}, "万亿元人民币"},
      {{"us_cent", "美分", "US cent", "money_usd", 1, 100}, ""},
      {{"usd", "美元", "US dollar", "money_usd", 1, 1}, "$ us$ dollar dollars 美金"},
      {{"wan_usd", "万美元", "10,000 US dollars", "money_usd", kWan, 1}, "万美金 10kusd"},
      {{"baiwan_usd", "百万美元", "million US dollars", "money_usd", 1'000'000, 1}, "百万美金"},
      {{"yi_usd", "亿美元", "100 million US dollars", "money_usd", kYi, 1}, "亿美金"},
      {{"yuan_per_month", "元/月", "yuan/month", "money_per_time", 12 * 100, 1},
       "元每月 元/每月 rmb/month"},
      {{"wan_yuan_per_month", "万元/月", "10,000 yuan/month", "money_per_time", 12 * kWan * 100, 1},
       "万元每月"},
      {{"yuan_per_year", "元/年", "yuan/year", "money_per_time", 100, 1}, "元每年 元/a"},
      {{"wan_yuan_per_year", "万元/年", "10,000 yuan/year", "money_per_time", kWan * 100, 1},
       "万元每年"},
      {{"yi_yuan_per_year", "亿元/年", "100 million yuan/year", "money_per_time", kYi * 100, 1},
       "亿元每年"},
      {{"yuan_per_person", "元/人", "yuan/person", "money_per_person", 100, 1}, "元每人 元/人次"},
      {{"wan_yuan_per_person", "万元/人", "10,000 yuan/person", "money_per_person", kWan * 100, 1},
       "万元每人"},
      {{"yuan_per_m2", "元/平方米", "yuan/m²", "money_per_area", 100, 1},
       "元/㎡ 元/m² 元/m2 元/平米 元每平方米 元/平方"},
      {{"wan_yuan_per_m2", "万元/平方米", "10,000 yuan/m²", "money_per_area", kWan * 100, 1},
       "万元/㎡ 万元/m² 万元/m2 万元/平米"},
      {{"yuan_per_mu", "元/亩", "yuan/mu", "money_per_area", 100 * 3, 2'000}, "元每亩"},
      {{"wan_yuan_per_mu", "万元/亩", "10,000 yuan/mu", "money_per_area", kWan * 100 * 3, 2'000},
       "万元每亩"},
      {{"wan_yuan_per_ha", "万元/公顷", "10,000 yuan/ha", "money_per_area", 100, 1},
       "万元/hm² 万元/hm2"},
      {{"yi_yuan_per_km2", "亿元/平方公里", "100 million yuan/km²", "money_per_area", kYi * 100,
        1'000'000},
       "亿元/km² 亿元/km2 亿元/㎢"},
      {{"yuan_per_m3", "元/立方米", "yuan/m³", "money_per_volume", 100, 1}, "元/㎥ 元/m³ 元/m3"},
      {{"yuan_per_tonne", "元/吨", "yuan/t", "money_per_mass", 100, 1}, "元每吨"},
      {{"yuan_per_kwh", "元/千瓦时", "yuan/kWh", "money_per_energy", 100, 1},
       "元/度 元/kw·h 元/kwh"},
  };
}

std::vector<NamedUnit> counts() {
  return {
      {{"persons", "人", "persons", "persons", 1, 1}, "人口 person people 名 位 人数"},
      {{"qian_persons", "千人", "1,000 persons", "persons", 1'000, 1}, ""},
      {{"wan_persons", "万人", "10,000 persons", "persons", kWan, 1}, "万人口 10kpersons"},
      {{"yi_persons", "亿人", "100 million persons", "persons", kYi, 1}, ""},
      {{"person_times", "人次", "visits", "visits", 1, 1}, "visit"},
      {{"wan_person_times", "万人次", "10,000 visits", "visits", kWan, 1}, ""},
      {{"households", "户", "households", "households", 1, 1}, "家庭户 household"},
      {{"wan_households", "万户", "10,000 households", "households", kWan, 1}, ""},
      {{"dwellings", "套", "dwellings", "dwellings", 1, 1}, "dwelling 住宅套数"},
      {{"wan_dwellings", "万套", "10,000 dwellings", "dwellings", kWan, 1}, ""},
      {{"beds", "床", "beds", "beds", 1, 1}, "张 张床 床位 张床位 bed"},
      {{"wan_beds", "万张", "10,000 beds", "beds", kWan, 1}, "万床 万张床 万张床位"},
      {{"vehicles", "辆", "vehicles", "vehicles", 1, 1}, "台车 vehicle 辆车"},
      {{"wan_vehicles", "万辆", "10,000 vehicles", "vehicles", kWan, 1}, ""},
      {{"parking_spaces", "车位", "parking spaces", "parking_spaces", 1, 1},
       "个车位 泊位 停车位 parkingspace"},
      {{"pieces", "个", "pieces", "count", 1, 1}, "件 项 处 座 台 家 宗 幢 栋 所 条 piece"},
      {{"wan_pieces", "万个", "10,000 pieces", "count", kWan, 1}, "万件 万项 万家 万台"},
      {{"seats", "座位", "seats", "seats", 1, 1}, "席 个座位 seat"},
      {{"places", "学位", "school places", "school_places", 1, 1}, "个学位 schoolplace"},
      {{"wan_places", "万个学位", "10,000 school places", "school_places", kWan, 1}, "万学位"},
      {{"storeys", "层", "storeys", "storeys", 1, 1}, "storey floors"},
  };
}

std::vector<NamedUnit> ratios() {
  return {
      {{"ratio", "比值", "ratio", "ratio", 1, 1}, "倍 无量纲"},
      {{"percent", "%", "percent", "ratio", 1, 100}, "百分比 百分之 pct 百分率"},
      {{"percentage_point", "百分点", "percentage points", "percentage_point", 1, 1},
       "个百分点 pp"},
      {{"permille", "‰", "per mille", "ratio", 1, 1'000}, "千分之 千分比 千分率 promille"},
      {{"beds_per_1000_persons", "张/千人", "beds/1,000 persons", "beds_per_person", 1, 1'000},
       "床/千人 张每千人 床位/千人 张床/千人"},
      {{"persons_per_1000_persons", "人/千人", "persons/1,000 persons", "persons_per_person", 1,
        1'000},
       "人每千人 名/千人 人/千人口"},
      {{"persons_per_10000_persons", "人/万人", "persons/10,000 persons", "persons_per_person", 1,
        10'000},
       "人每万人 名/万人"},
      {{"places_per_1000_persons", "座/千人", "places/1,000 persons", "places_per_person", 1,
        1'000},
       "学位/千人 个/千人"},
      {{"vehicles_per_1000_persons", "辆/千人", "vehicles/1,000 persons", "vehicles_per_person", 1,
        1'000},
       "辆每千人"},
      {{"m2_per_person", "平方米/人", "m²/person", "area_per_person", 1, 1},
       "㎡/人 m²/人 m2/人 平米/人 平方米每人"},
      {{"m2_per_1000_persons", "平方米/千人", "m²/1,000 persons", "area_per_person", 1, 1'000},
       "㎡/千人 m²/千人 m2/千人 平米/千人"},
      {{"m2_per_household", "平方米/户", "m²/household", "area_per_household", 1, 1},
       "㎡/户 m²/户 m2/户 平方米/套 ㎡/套"},
      {{"persons_per_km2", "人/平方公里", "persons/km²", "persons_per_area", 1, 1'000'000},
       "人/km² 人/km2 人/㎢ 人每平方公里"},
      {{"wan_persons_per_km2", "万人/平方公里", "10,000 persons/km²", "persons_per_area", kWan,
        1'000'000},
       "万人/km² 万人/km2 万人/㎢"},
      {{"persons_per_ha", "人/公顷", "persons/ha", "persons_per_area", 1, 10'000}, "人/hm² 人/hm2"},
      {{"persons_per_household", "人/户", "persons/household", "persons_per_household", 1, 1},
       "人每户"},
      {{"km_per_km2", "公里/平方公里", "km/km²", "length_per_area", 1, 1'000},
       "km/km² km/km2 km/㎢ 千米/平方千米"},
      {{"spaces_per_household", "车位/户", "spaces/household", "spaces_per_household", 1, 1},
       "个/户 辆/户 泊位/户"},
  };
}

std::vector<NamedUnit> matter_energy_time() {
  return {
      {{"kg", "千克", "kg", "mass", 1, 1}, "公斤 ㎏"},
      {{"g", "克", "g", "mass", 1, 1'000}, ""},
      {{"mg", "毫克", "mg", "mass", 1, 1'000'000}, ""},
      {{"jin", "斤", "jin", "mass", 1, 2}, "市斤"},
      {{"tonne", "吨", "t", "mass", 1'000, 1}, "公吨 tonnes ton 顿"},
      {{"wan_tonne", "万吨", "10,000 t", "mass", kWan * 1'000, 1}, "万t"},
      {{"yi_tonne", "亿吨", "100 million t", "mass", kYi * 1'000, 1}, "亿t"},
      {{"tce", "吨标准煤", "tce", "coal_equivalent", 1, 1}, "吨标煤 tceq"},
      {{"wan_tce", "万吨标准煤", "10,000 tce", "coal_equivalent", kWan, 1}, "万吨标煤 万tce"},
      {{"tonne_co2", "吨二氧化碳", "t CO2", "carbon", 1, 1}, "tco2 吨co2 tco₂"},
      {{"wan_tonne_co2", "万吨二氧化碳", "10,000 t CO2", "carbon", kWan, 1}, "万tco2 万吨co2"},
      {{"wan_tonne_per_day", "万吨/日", "10,000 t/day", "mass_per_time", kWan * 1'000, 1},
       "万吨/天 万t/d"},
      {{"tonne_per_day", "吨/日", "t/day", "mass_per_time", 1'000, 1}, "吨/天 t/d"},
      {{"wan_m3_per_day", "万立方米/日", "10,000 m³/day", "volume_per_time", kWan, 1},
       "万m³/d 万m3/d 万立方米/天 万㎥/d 万m³/日 万m3/日 万㎥/日"},
      {{"m3_per_day", "立方米/日", "m³/day", "volume_per_time", 1, 1},
       "m³/d m3/d 立方米/天 ㎥/d m³/日 m3/日 ㎥/日"},
      {{"kwh", "千瓦时", "kWh", "energy", 1, 1}, "kw·h kw.h 度 千瓦·时 千瓦小时"},
      {{"wan_kwh", "万千瓦时", "10,000 kWh", "energy", kWan, 1}, "万kwh 万kw·h 万度 万千瓦小时"},
      {{"yi_kwh", "亿千瓦时", "100 million kWh", "energy", kYi, 1}, "亿kwh 亿kw·h 亿度"},
      {{"kw", "千瓦", "kW", "power", 1, 1}, ""},
      {{"mw", "兆瓦", "MW", "power", 1'000, 1}, ""},
      {{"wan_kw", "万千瓦", "10,000 kW", "power", kWan, 1}, "万kw"},
      {{"days", "天", "days", "days", 1, 1}, "日 day 日历天"},
      {{"work_days", "工作日", "working days", "working_days", 1, 1}, "个工作日 workingday"},
      {{"hours", "小时", "hours", "hours", 1, 1}, "hour 时 个小时"},
      {{"minutes", "分钟", "minutes", "hours", 1, 60}, "minute min"},
      {{"months", "个月", "months", "months", 1, 1}, "月 month"},
      {{"years", "年", "years", "months", 12, 1}, "year 周年"},
      {{"km_per_hour", "公里/小时", "km/h", "speed", 1, 1}, "千米/小时 km/hour 公里/时"},
      {{"decibel", "分贝", "dB", "sound_level", 1, 1}, "db(a)"},
      {{"ug_per_m3", "微克/立方米", "µg/m³", "mass_per_volume", 1, 1},
       "μg/m³ ug/m³ ug/m3 μg/m3 微克/m³ 微克/㎥"},
      {{"mg_per_m3", "毫克/立方米", "mg/m³", "mass_per_volume", 1'000, 1}, "mg/m3 毫克/㎥"},
      {{"mg_per_litre", "毫克/升", "mg/L", "mass_per_litre", 1, 1}, ""},
  };
}

}  // namespace

const std::vector<NamedUnit>& table() {
  static const std::vector<NamedUnit> all = [] {
    std::vector<NamedUnit> out;
    for (auto group : {area_and_length(), money(), counts(), ratios(), matter_energy_time()}) {
      out.insert(out.end(), group.begin(), group.end());
    }
    return out;
  }();
  return all;
}

}  // namespace yipan::units
