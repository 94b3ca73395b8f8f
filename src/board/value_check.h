// Which values every board can hold (docs/formats/rowset.md, "Values").
#ifndef YIPAN_BOARD_VALUE_CHECK_H_
#define YIPAN_BOARD_VALUE_CHECK_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "yipan/columns.h"

namespace yipan::board {

inline constexpr int64_t kDayMin = -719'162;   // 0001-01-01
inline constexpr int64_t kDayMax = 2'932'896;  // 9999-12-31
inline constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;

struct BadValue {
  size_t row = 0;
  std::string_view zh;
  std::string_view en;
};
// The first value of the column that cannot be held, if any. -0 is held (as 0).
std::optional<BadValue> find_bad_value(const Column& column);

}  // namespace yipan::board

#endif  // YIPAN_BOARD_VALUE_CHECK_H_
