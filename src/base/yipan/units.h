// Units of measure as they stand in Chinese records, with exact conversion.
//
// A unit has a kind (area, money, length, count, ratio, ...) and an exact rational factor to its
// kind's base unit: 1 亩 = 2000/3 m², 1 公顷 = 10,000 m², 1 万元 = 1,000,000 fen. Conversion keeps
// the fraction until the last step, so that 3 亩 is 2000 m², not 1999.99.
//
// A board column fixes one unit (design decision 5); intake converts into it.
#ifndef YIPAN_UNITS_H_
#define YIPAN_UNITS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/decimal.h"
#include "yipan/result.h"

namespace yipan {

struct Unit {
  std::string_view id;    // "m2", "mu", "ha", "wan_m2", "fen", "yuan", "wan_yuan", "yi_yuan", ...
  std::string_view zh;    // "亩"
  std::string_view en;    // "mu"
  std::string_view kind;  // "area"
  int64_t factor_num;     // value in base unit = value x num / den
  int64_t factor_den;
};

const std::vector<Unit>& all_units();
// By id, Chinese name, English name, symbol or common variants (㎡, 平方米, 平米, 万㎡, 公顷, hm²,
// 亿美元, %, ‰, 张/千人 ...). nullptr if unknown.
const Unit* find_unit(std::string_view name);
// "投资额（万元）" -> {"投资额", wan_yuan}; "面积(㎡)", "金额/亿元", "占比%", "Area m2" and
// "投资额（万元，含税）" ({"投资额（含税）", wan_yuan}) too; "单位：亩" has the empty name. unit is
// nullptr, and the name the trimmed header, if it names none that is known, is nothing but a unit
// ("年") or lists parts of a date ("年/月").
struct HeaderUnit {
  std::string name;
  const Unit* unit = nullptr;
};
HeaderUnit split_header_unit(std::string_view header);
// Error "base.units.kind" if the kinds differ ("亩 is an area, 万元 is money").
Result<Decimal> convert(Decimal value, const Unit& from, const Unit& to);

}  // namespace yipan

#endif  // YIPAN_UNITS_H_
