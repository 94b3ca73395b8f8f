// Points inside geometries, by GEOS.
#include <fmt/format.h>
#include <geos_c.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <string>

#include "yipan/analysis.h"

namespace yipan::analysis {
namespace {

struct EndContext {
  void operator()(GEOSContextHandle_t context) const { GEOS_finish_r(context); }
};
using Context = std::unique_ptr<std::remove_pointer_t<GEOSContextHandle_t>, EndContext>;

class Geos {
 public:
  Geos() : context_(GEOS_init_r()) {
    GEOSContext_setErrorMessageHandler_r(context_.get(), &Geos::keep, &message_);
    reader_ = GEOSWKBReader_create_r(context_.get());
  }
  ~Geos() { GEOSWKBReader_destroy_r(context_.get(), reader_); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;

  // False if the geometry cannot be read.
  bool point_inside(std::string_view wkb, std::optional<LonLat>* out) {
    auto* h = context_.get();
    const auto* bytes = reinterpret_cast<const unsigned char*>(wkb.data());
    const Geometry shape(GEOSWKBReader_read_r(h, reader_, bytes, wkb.size()), {h});
    if (!shape) return false;
    if (GEOSisEmpty_r(h, shape.get()) == 1) return true;
    const Geometry point(GEOSPointOnSurface_r(h, shape.get()), {h});
    LonLat place;
    if (!point || GEOSGeomGetX_r(h, point.get(), &place.lon) != 1 ||
        GEOSGeomGetY_r(h, point.get(), &place.lat) != 1) {
      return false;
    }
    *out = place;
    return true;
  }
  const std::string& message() const { return message_; }

 private:
  struct EndGeometry {
    GEOSContextHandle_t context;
    void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context, g); }
  };
  using Geometry = std::unique_ptr<GEOSGeometry, EndGeometry>;

  static void keep(const char* message, void* where) {
    static_cast<std::string*>(where)->assign(message);
  }
  Context context_;
  GEOSWKBReader* reader_ = nullptr;
  std::string message_;
};

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
    if (geos->point_inside(wkb, &out[row])) continue;
    return fail(Error("analysis.geometry.invalid")
                    .zh(fmt::format("看不懂第 {} 个图形：{}", row + 1, geos->message()))
                    .en(fmt::format("cannot read geometry {}: {}", row + 1, geos->message()))
                    .row(row + 1)
                    .remedy("在 QGIS 里修复这个图形后重新导入",
                            "mend the geometry in QGIS and import it again"));
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
