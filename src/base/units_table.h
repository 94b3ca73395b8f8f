// The table of units: GB 3100-93 and GB 3101-93 (SI), and what Chinese records add to them
// (亩, 万元, 张/千人). 1 亩 = 2000/3 m² by the State Council's order of 1984 on legal units.
#ifndef YIPAN_BASE_UNITS_TABLE_H_
#define YIPAN_BASE_UNITS_TABLE_H_

#include <string_view>
#include <vector>

#include "yipan/units.h"

namespace yipan::units {

struct NamedUnit {
  Unit unit;
  std::string_view variants;  // further spellings, separated by spaces
};

const std::vector<NamedUnit>& table();

}  // namespace yipan::units

#endif  // YIPAN_BASE_UNITS_TABLE_H_
