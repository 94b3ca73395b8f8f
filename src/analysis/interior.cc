// Points inside geometries, by GEOS.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "analysis/geos.h"
#include "yipan/analysis.h"

namespace yipan::analysis {
namespace {

// False if the geometry cannot be read.
bool point_inside(Geos& geos, std::string_view wkb, std::optional<LonLat>* out) {
  GEOSContextHandle_t h = geos.handle();
  const Geos::Geometry shape = geos.read(wkb);
  if (!shape) return false;
  if (GEOSisEmpty_r(h, shape.get()) == 1) return true;
  const Geos::Geometry point = geos.own(GEOSPointOnSurface_r(h, shape.get()));
  LonLat place;
  if (!point || GEOSGeomGetX_r(h, point.get(), &place.lon) != 1 ||
      GEOSGeomGetY_r(h, point.get(), &place.lat) != 1) {
    return false;
  }
  *out = place;
  return true;
}

// Most geometries of a city are points: 21 bytes, read without GEOS.
bool read_point(std::string_view wkb, std::optional<LonLat>* out) {
  constexpr size_t kPointBytes = 21;
  if (wkb.size() != kPointBytes || std::memcmp(wkb.data(), "\x01\x01\0\0\0", 5) != 0) return false;
  LonLat place;
  std::memcpy(&place.lon, wkb.data() + 5, sizeof place.lon);
  std::memcpy(&place.lat, wkb.data() + 13, sizeof place.lat);
  if (std::isfinite(place.lon) && std::isfinite(place.lat)) *out = place;
  return true;
}

}  // namespace

Result<std::vector<std::optional<LonLat>>> interior_points(const Column& geometry) {
  CHECK(geometry.type() == Type::geometry);
  std::vector<std::optional<LonLat>> out(geometry.size());
  std::unique_ptr<Geos> geos;
  for (size_t row = 0; row < geometry.size(); ++row) {
    if (geometry.is_null(row)) continue;
    const std::string_view wkb = geometry.bytes_at(row);
    if (read_point(wkb, &out[row])) continue;
    if (!geos) geos = std::make_unique<Geos>();
    if (!point_inside(*geos, wkb, &out[row])) return fail(geos->invalid(row));
  }
  return out;
}

std::optional<LonLat> middle_of(const std::vector<std::optional<LonLat>>& places) {
  std::optional<LonLat> low;
  LonLat high;
  for (const auto& place : places) {
    if (!place) continue;
    if (!low) {
      low = high = *place;
      continue;
    }
    low->lon = std::min(low->lon, place->lon);
    low->lat = std::min(low->lat, place->lat);
    high.lon = std::max(high.lon, place->lon);
    high.lat = std::max(high.lat, place->lat);
  }
  if (!low) return std::nullopt;
  return LonLat{(low->lon + high.lon) / 2, (low->lat + high.lat) / 2};
}

}  // namespace yipan::analysis
