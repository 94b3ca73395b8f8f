// GeoJSON geometry objects to WKB.
#ifndef YIPAN_INTAKE_GEOJSON_WKB_H_
#define YIPAN_INTAKE_GEOJSON_WKB_H_

#include <simdjson.h>

#include <string>

#include "yipan/result.h"

namespace yipan::intake {

// Appends little-endian WKB (2D; a third coordinate is left off). RFC 7946, 3.1.
Result<> append_geojson_geometry(simdjson::dom::element geometry, std::string* wkb);

void wkb_header(uint32_t type, std::string* wkb);
void wkb_count(uint32_t count, std::string* wkb);
void wkb_xy(double x, double y, std::string* wkb);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_GEOJSON_WKB_H_
