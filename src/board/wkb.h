// Little-endian ISO WKB (OGC 06-103r4, 8.2; ISO/IEC 13249-3, 5.1.47): just enough to say whether a
// geometry is one that both databases take and give back byte for byte.
#ifndef YIPAN_BOARD_WKB_H_
#define YIPAN_BOARD_WKB_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace yipan::board {

struct WkbShape {
  uint32_t type = 0;       // 1 point ... 7 geometry collection, without the dimension
  uint32_t dimension = 0;  // 0 XY, 1 XYZ, 2 XYM, 3 XYZM
};
// Nothing wrong: an empty string, and *shape is set. Otherwise what is wrong, in English (it stands
// inside an Error). Coordinates must be finite, lines have two points or none, rings be closed.
std::string_view check_wkb(std::string_view wkb, WkbShape* shape);

std::string_view wkb_type_name(uint32_t type);  // "point", ..., "geometrycollection"; "" unknown
std::string wkb_text(std::string_view wkb);     // as value_text() shows it

}  // namespace yipan::board

#endif  // YIPAN_BOARD_WKB_H_
