// GCJ-02, the shifted coordinate system of Chinese web maps, after the formula that is public
// since 2006 (Krasovsky 1940 ellipsoid; the constants are those of the published transform).
#include <cmath>

#include "yipan/intake.h"

namespace yipan::intake {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kSemiMajorAxis_m = 6378245.0;
constexpr double kEccentricitySquared = 0.00669342162296594323;

double shift_lat(double x, double y) {
  double v = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::fabs(x));
  v += (20.0 * std::sin(6.0 * x * kPi) + 20.0 * std::sin(2.0 * x * kPi)) * 2.0 / 3.0;
  v += (20.0 * std::sin(y * kPi) + 40.0 * std::sin(y / 3.0 * kPi)) * 2.0 / 3.0;
  v += (160.0 * std::sin(y / 12.0 * kPi) + 320.0 * std::sin(y * kPi / 30.0)) * 2.0 / 3.0;
  return v;
}

double shift_lon(double x, double y) {
  double v = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::fabs(x));
  v += (20.0 * std::sin(6.0 * x * kPi) + 20.0 * std::sin(2.0 * x * kPi)) * 2.0 / 3.0;
  v += (20.0 * std::sin(x * kPi) + 40.0 * std::sin(x / 3.0 * kPi)) * 2.0 / 3.0;
  v += (150.0 * std::sin(x / 12.0 * kPi) + 300.0 * std::sin(x / 30.0 * kPi)) * 2.0 / 3.0;
  return v;
}

LonLat forward(LonLat p) {
  const double x = p.lon_deg - 105.0;
  const double y = p.lat_deg - 35.0;
  const double lat_rad = p.lat_deg / 180.0 * kPi;
  const double sine = std::sin(lat_rad);
  const double magic = 1 - kEccentricitySquared * sine * sine;
  const double root = std::sqrt(magic);
  const double meridian_m = kSemiMajorAxis_m * (1 - kEccentricitySquared) / (magic * root);
  const double parallel_m = kSemiMajorAxis_m / root * std::cos(lat_rad);
  return {p.lon_deg + shift_lon(x, y) * 180.0 / (parallel_m * kPi),
          p.lat_deg + shift_lat(x, y) * 180.0 / (meridian_m * kPi)};
}

}  // namespace

bool in_gcj02_area(LonLat p) {
  return p.lon_deg >= 72.004 && p.lon_deg <= 137.8347 && p.lat_deg >= 0.8293 &&
         p.lat_deg <= 55.8271;
}

LonLat wgs84_to_gcj02(LonLat point) { return in_gcj02_area(point) ? forward(point) : point; }

// The shift changes by less than 1 part in 100 over its own length, so that the fixed-point
// iteration gains two digits a step.
LonLat gcj02_to_wgs84(LonLat point) {
  if (!in_gcj02_area(point)) return point;
  LonLat guess = point;
  for (int i = 0; i < 30; ++i) {
    LonLat there = forward(guess);
    const double dlon = there.lon_deg - point.lon_deg;
    const double dlat = there.lat_deg - point.lat_deg;
    guess.lon_deg -= dlon;
    guess.lat_deg -= dlat;
    if (std::fabs(dlon) < 1e-12 && std::fabs(dlat) < 1e-12) break;
  }
  return guess;
}

}  // namespace yipan::intake
