// The local tangent plane.
#include <cmath>
#include <numbers>

#include "yipan/analysis.h"

namespace yipan::analysis {
namespace {

constexpr double kSemiMajor_m = 6'378'137.0;
constexpr double kFlattening = 1.0 / 298.257222101;
constexpr double kEccentricity2 = kFlattening * (2.0 - kFlattening);

double radians(double degrees) { return degrees * (std::numbers::pi / 180.0); }

// Radius of curvature in the prime vertical.
double normal_m(double sin_lat) {
  return kSemiMajor_m / std::sqrt(1.0 - kEccentricity2 * sin_lat * sin_lat);
}

}  // namespace

LocalPlane::LocalPlane(LonLat origin)
    : origin_(origin),
      sin_lon_(std::sin(radians(origin.lon))),
      cos_lon_(std::cos(radians(origin.lon))),
      sin_lat_(std::sin(radians(origin.lat))),
      cos_lat_(std::cos(radians(origin.lat))) {
  const double n = normal_m(sin_lat_);
  x0_ = n * cos_lat_ * cos_lon_;
  y0_ = n * cos_lat_ * sin_lon_;
  z0_ = n * (1.0 - kEccentricity2) * sin_lat_;
}

PlanePoint LocalPlane::project(LonLat place) const {
  const double sin_lat = std::sin(radians(place.lat));
  const double cos_lat = std::cos(radians(place.lat));
  const double n = normal_m(sin_lat);
  const double dx = n * cos_lat * std::cos(radians(place.lon)) - x0_;
  const double dy = n * cos_lat * std::sin(radians(place.lon)) - y0_;
  const double dz = n * (1.0 - kEccentricity2) * sin_lat - z0_;
  return {-sin_lon_ * dx + cos_lon_ * dy,
          -sin_lat_ * cos_lon_ * dx - sin_lat_ * sin_lon_ * dy + cos_lat_ * dz};
}

}  // namespace yipan::analysis
