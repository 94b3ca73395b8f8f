// The city's areas for maps: names and boundaries from the board, projected to the page.
#ifndef YIPAN_REPORT_AREAS_H_
#define YIPAN_REPORT_AREAS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/findings.h"

namespace yipan::report {

using findings::Text;

struct LonLat {
  double lon = 0;
  double lat = 0;
};
using Ring = std::vector<LonLat>;

struct Area {
  std::string id;
  std::string kind;
  Text name;
  std::vector<Ring> rings;  // outer and inner alike: filled by the even-odd rule
};

struct AreaMap {
  std::vector<Area> areas;              // by id
  std::map<std::string, size_t> by_id;  // index into areas
  const Area* find(std::string_view id) const;
  // The areas drawn under points: districts and counties, else whatever has a boundary below the
  // whole city.
  std::vector<const Area*> ground() const;
};

// Cells of the population grid are left out: no reader of a report needs them. Without a table
// `areas` the map is empty.
Result<AreaMap> read_areas(store::Connection& connection);

// Rings of a little-endian ISO WKB polygon or multipolygon (OGC 06-103r4, 8.2.3); nothing if it is
// anything else or cut off.
std::vector<Ring> rings_of_wkb(std::string_view wkb);

// Longitude and latitude to a page: equirectangular about the middle, which is true enough for a
// city (0.1 % over 100 km).
class Projection {
 public:
  // Fits what was added into width x height, centred, `top` below the page's upper edge.
  void add(const LonLat& p);
  void fit(double width, double height, double margin, double top);
  bool empty() const { return empty_; }
  double x(const LonLat& p) const { return x0_ + (p.lon - west_) * cos_ * scale_; }
  double y(const LonLat& p) const { return y0_ + (north_ - p.lat) * scale_; }
  double height() const { return height_; }  // of what was fitted, with margins and top

 private:
  bool empty_ = true;
  double west_ = 0, east_ = 0, south_ = 0, north_ = 0;
  double cos_ = 1, scale_ = 1, x0_ = 0, y0_ = 0, height_ = 0;
};

}  // namespace yipan::report

#endif  // YIPAN_REPORT_AREAS_H_
