// Well-known binary geometry: ISO (ISO/IEC 13249-3, 5.1.47; OGC 06-103r4, 8.2) and PostGIS's
// extended form, read in either byte order, written as little-endian ISO.
//
// The types are those of GeoPackage 1.3, annex G: the seven simple ones and the curve types
// (circular string 8, compound curve 9, curve polygon 10, multicurve 11, multisurface 12).
#ifndef YIPAN_STORE_WKB_H_
#define YIPAN_STORE_WKB_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "yipan/result.h"

namespace yipan::store {

// Collections in collections: as deep as this and no deeper.
inline constexpr int kWkbDepthMax = 32;

struct Envelope {
  double min_x = 0, max_x = 0, min_y = 0, max_y = 0;
};

struct WkbInfo {
  uint32_t type = 0;  // 1 .. 12, without the dimension
  bool has_z = false;
  bool has_m = false;
  bool is_empty = true;  // no coordinates at all
  int32_t srid = 0;      // extended form only
  Envelope envelope;     // if not empty
};

// Checks the whole geometry: sizes, types of the parts, finite coordinates (an empty point is all
// NaN), lines of two points or none, closed rings of four points or none, no bytes left over.
// Error "store.geometry.invalid" with the byte offset.
Result<WkbInfo> inspect_wkb(std::string_view wkb);

// The same, and appends the geometry as little-endian ISO to *out.
Result<WkbInfo> append_iso_wkb(std::string_view wkb, std::string* out);

// True if the bytes are little-endian ISO already (only the header is looked at).
bool is_iso_little_endian(std::string_view wkb);

std::string_view wkb_type_name(uint32_t type);     // "POINT"; "" if there is none
uint32_t wkb_type_of_name(std::string_view name);  // upper case; 0 = any ("GEOMETRY", ""), ~0u none
// May a geometry of `type` stand in a column declared `declared` (0 = any)?
bool is_wkb_type_in(uint32_t type, uint32_t declared);

}  // namespace yipan::store

#endif  // YIPAN_STORE_WKB_H_
