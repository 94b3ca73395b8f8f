// Metres to degrees and back, and GeoJSON geometries (RFC 7946, but in CGCS2000, EPSG:4490).
#ifndef YIPAN_GENERATE_GEOMETRY_H_
#define YIPAN_GENERATE_GEOMETRY_H_

#include <string>
#include <utility>
#include <vector>

namespace yipan::generate {

struct Metres {
  double x = 0;  // east of the centre
  double y = 0;  // north of the centre
};

// A sinusoidal map around the centre: the length of a degree of latitude is taken at the centre, of
// longitude at the point, so that areas are kept to about one part in ten thousand.
class Projection {
 public:
  std::pair<double, double> to_degrees(Metres at) const;  // longitude, latitude

 private:
  // A plain in the lower Huai valley where no city of this size stands.
  double longitude_ = 118.05;
  double latitude_ = 32.95;
};

struct Box {
  double west = 0, south = 0, east = 0, north = 0;
  double area() const { return (east - west) * (north - south); }
};

std::string point_json(const Projection& projection, Metres at);
// A MultiPolygon of one outer ring (not closed; counter-clockwise).
std::string ring_json(const Projection& projection, const std::vector<Metres>& ring);
std::string box_json(const Projection& projection, const Box& box);

// The river north of the old town, as the northing of its middle line.
double river_northing(double x);
inline constexpr double kRiverHalfWidth = 260;
bool near_river(Metres at, double margin);

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_GEOMETRY_H_
