// Geometries on their way in: read, moved into the board's coordinates, checked, brought to the
// column's type. Over GEOS (C API, one context per object).
#ifndef YIPAN_INTAKE_GEOMETRY_H_
#define YIPAN_INTAKE_GEOMETRY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "intake/crs.h"
#include "yipan/result.h"

namespace yipan::intake {

struct GeometryWish {
  std::string type;     // "point", "multipolygon", ...; "" or "geometry" = any
  bool repair = false;  // invalid geometry is repaired (GEOS MakeValid) and said so
};

struct GeometryNotes {
  std::string repaired;    // the reason, if it was: "Self-intersection at 116.3 39.9"
  bool flattened = false;  // Z or M was left off
};

class GeometryReader {
 public:
  GeometryReader();
  ~GeometryReader();
  GeometryReader(const GeometryReader&) = delete;
  GeometryReader& operator=(const GeometryReader&) = delete;

  // WKB (ISO or EWKB, any byte order), or text: WKT, GeoJSON geometry, WKB in hex. Gives 2D
  // little-endian ISO WKB in CGCS2000, outer rings counter-clockwise (RFC 7946, 3.1.6). Errors:
  // "intake.geometry.syntax", ".empty", ".type", ".invalid" with the place of the crossing,
  // "intake.crs.outside".
  Result<> read(std::string_view input, bool is_text, const GeometryWish& wish,
                CrsTransform* transform, std::string* wkb, GeometryNotes* notes);
  Result<std::string> to_wkt(std::string_view wkb);  // 9 decimals: a tenth of a millimetre
  Result<std::string> to_geojson(std::string_view wkb);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string point_wkb(double x, double y);
// Geodesic area of a polygon or multipolygon in degrees, on the CGCS2000 ellipsoid, in m²
// (Karney 2013); 0 for other types.
double geodesic_area_m2(std::string_view wkb);

// GeoJSON geometry (RFC 7946, 3.1) as text to WKB. Errors "intake.geojson.geometry".
Result<std::string> geojson_to_wkb(std::string_view json);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_GEOMETRY_H_
