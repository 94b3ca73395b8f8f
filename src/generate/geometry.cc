#include "generate/geometry.h"

#include <fmt/format.h>

#include <cmath>

namespace yipan::generate {
namespace {

constexpr double kDegree = 3.14159265358979323846 / 180;

// Length of a degree in metres on the CGCS2000 ellipsoid (series of the meridian radius).
double latitude_degree_m(double latitude) {
  const double f = latitude * kDegree;
  return 111132.953 - 559.849 * std::cos(2 * f) + 1.175 * std::cos(4 * f);
}
double longitude_degree_m(double latitude) {
  const double f = latitude * kDegree;
  return 111412.877 * std::cos(f) - 93.505 * std::cos(3 * f) + 0.117 * std::cos(5 * f);
}

void append_ring(const Projection& projection, const std::vector<Metres>& ring, std::string* out) {
  out->append("[[");
  for (size_t i = 0; i <= ring.size(); ++i) {
    const auto [lon, lat] = projection.to_degrees(ring[i % ring.size()]);
    fmt::format_to(std::back_inserter(*out), "{}[{:.7f},{:.7f}]", i == 0 ? "" : ",", lon, lat);
  }
  out->append("]]");
}

std::vector<Metres> corners(const Box& b) {
  return {{b.west, b.south}, {b.east, b.south}, {b.east, b.north}, {b.west, b.north}};
}

}  // namespace

std::pair<double, double> Projection::to_degrees(Metres at) const {
  const double lat = latitude_ + at.y / latitude_degree_m(latitude_);
  return {longitude_ + at.x / longitude_degree_m(lat), lat};
}

std::string point_json(const Projection& projection, Metres at) {
  const auto [lon, lat] = projection.to_degrees(at);
  return fmt::format(R"({{"type":"Point","coordinates":[{:.7f},{:.7f}]}})", lon, lat);
}

std::string ring_json(const Projection& projection, const std::vector<Metres>& ring) {
  std::string out = R"({"type":"MultiPolygon","coordinates":[)";
  append_ring(projection, ring, &out);
  return out + "]}";
}

std::string box_json(const Projection& projection, const Box& box) {
  return ring_json(projection, corners(box));
}

double river_northing(double x) {
  // A zigzag of three gentle bends; straight pieces, so that no libm is needed.
  constexpr double kBends[][2] = {{-50000, 7600}, {-12000, 6900}, {-3000, 8300},
                                  {6000, 7400},   {15000, 8600},  {50000, 9400}};
  for (size_t i = 0; i + 1 < std::size(kBends); ++i) {
    if (x > kBends[i + 1][0]) continue;
    const double t = (x - kBends[i][0]) / (kBends[i + 1][0] - kBends[i][0]);
    return kBends[i][1] + t * (kBends[i + 1][1] - kBends[i][1]);
  }
  return kBends[std::size(kBends) - 1][1];
}

bool near_river(Metres at, double margin) {
  return std::abs(at.y - river_northing(at.x)) < kRiverHalfWidth + margin;
}

}  // namespace yipan::generate
