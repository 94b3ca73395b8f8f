// Analysis: kernels over arrays. No SQL, no city: columns and spans in, columns and vectors out, so
// that each kernel can be tested, timed and used on its own.
//
//   Result<std::vector<std::optional<LonLat>>> inside = interior_points(batch.columns[2]);
//   const LocalPlane plane(middle);
//   const PlanePoint p = plane.project({117.2, 34.3});      // metres east and north of `middle`
//
// Coordinates are degrees on CGCS2000 (EPSG:4490), longitude first. Same input, same output, to the
// last bit, on every run.
//
// Errors: "analysis.geometry.invalid" (row: which value) if a geometry cannot be read.
#ifndef YIPAN_ANALYSIS_H_
#define YIPAN_ANALYSIS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "yipan/columns.h"
#include "yipan/result.h"

namespace yipan::analysis {

struct LonLat {
  double lon = 0;
  double lat = 0;
  friend bool operator==(const LonLat&, const LonLat&) = default;
};

// A point inside each geometry (little-endian ISO WKB): of a polygon one in its interior, as far
// from the edge as half of its widest horizontal chord (GEOS PointOnSurface); of a line one of its
// vertices; a point is itself. Nothing for a missing or empty geometry.
Result<std::vector<std::optional<LonLat>>> interior_points(const Column& geometry);

// A place and a polygon that holds it (its edge included), by their numbers.
struct Held {
  size_t place = 0;
  size_t polygon = 0;
  friend bool operator==(const Held&, const Held&) = default;
};
// All such pairs, by place, then by polygon. O((places + pairs) log polygons): an R-tree finds the
// candidates, a prepared geometry decides.
Result<std::vector<Held>> places_in(const Column& polygons,
                                    const std::vector<std::optional<LonLat>>& places);

// What share of each polygon's area lies in the union of `covers`: 0 to 1; nothing for a missing
// geometry or one without area. Shares are of areas in degrees, which within one polygon of 100 km
// differs from true area by less than 0.1 %.
Result<std::vector<std::optional<double>>> covered_shares(const Column& polygons,
                                                          const Column& covers);

// What two layers share: a polygon, a cover, and the share of the polygon's area that lies in it.
struct Overlap {
  size_t polygon = 0;
  size_t cover = 0;
  double share = 0;
};
// All overlaps of at least `share_min` (above 0), by polygon, then by cover. Areas as in
// covered_shares; a shape that GEOS cannot intersect counts as the error of its polygon.
Result<std::vector<Overlap>> overlaps(const Column& polygons, const Column& covers,
                                      double share_min);

struct PlanePoint {
  double x_m = 0;  // east
  double y_m = 0;  // north
};

// The plane that touches the ellipsoid of CGCS2000 (GB 22021-2008: a = 6,378,137 m,
// f = 1/298.257222101) at `origin`: the east and north of a point's geocentric offset. A distance
// of 100 km from the origin comes out short by 4 m (0.004 %), one of 10 km by 4 mm.
class LocalPlane {
 public:
  explicit LocalPlane(LonLat origin);
  LonLat origin() const { return origin_; }
  PlanePoint project(LonLat place) const;

 private:
  LonLat origin_;
  double sin_lon_, cos_lon_, sin_lat_, cos_lat_;
  double x0_, y0_, z0_;  // geocentric, of the origin
};

// The middle of the smallest box (in degrees) around all places; nothing if there is none.
std::optional<LonLat> middle_of(const std::vector<std::optional<LonLat>>& places);

}  // namespace yipan::analysis

#endif  // YIPAN_ANALYSIS_H_
