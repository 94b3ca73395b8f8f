#include "intake/geometry.h"

#include <fmt/format.h>
#include <geodesic.h>

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>
#include <vector>

#include "yipan/text.h"

namespace yipan::intake {
namespace {

constexpr std::array<std::string_view, 8> kTypeNames = {
    "point",      "linestring",      "linearring",   "polygon",
    "multipoint", "multilinestring", "multipolygon", "geometrycollection"};

// "IllegalArgumentException: point array must contain ...\n" without the exception's name.
std::string geos_reason(std::string_view message) {
  constexpr std::string_view kException = "Exception: ";
  const size_t at = message.find(kException);
  if (at != std::string_view::npos) message.remove_prefix(at + kException.size());
  return std::string(trim(message));
}

double ring_turn(const char* p, uint32_t n) {  // > 0: counter-clockwise
  double sum = 0;
  double x0, y0;
  std::memcpy(&x0, p, 8);
  std::memcpy(&y0, p + 8, 8);
  double xa = 0;
  double ya = 0;
  for (uint32_t i = 1; i < n; ++i) {
    double x, y;
    std::memcpy(&x, p + 16 * i, 8);
    std::memcpy(&y, p + 16 * i + 8, 8);
    x -= x0;
    y -= y0;
    sum += xa * y - x * ya;
    xa = x;
    ya = y;
  }
  return sum;
}

void reverse_ring(char* p, uint32_t n) {
  char hold[16];
  for (uint32_t i = 0, j = n - 1; i < j; ++i, --j) {
    std::memcpy(hold, p + 16 * i, 16);
    std::memcpy(p + 16 * i, p + 16 * j, 16);
    std::memcpy(p + 16 * j, hold, 16);
  }
}

uint32_t read_u32(const char* p) {
  uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}

// Calls each(ring's first coordinate, points, whether it is an outer ring) for the rings of 2D
// little-endian polygons that this file wrote itself.
template <typename Char, typename Each>
size_t each_ring(Char* data, size_t pos, const Each& each) {
  const uint32_t type = read_u32(data + pos + 1);
  pos += 5;
  if (type == 3) {
    const uint32_t rings = read_u32(data + pos);
    pos += 4;
    for (uint32_t r = 0; r < rings; ++r) {
      const uint32_t points = read_u32(data + pos);
      pos += 4;
      each(data + pos, points, r == 0);
      pos += size_t{16} * points;
    }
  } else if (type == 6) {
    const uint32_t parts = read_u32(data + pos);
    pos += 4;
    for (uint32_t i = 0; i < parts; ++i) pos = each_ring(data, pos, each);
  }
  return pos;
}

void orient(std::string* wkb) {
  each_ring(wkb->data(), 0, [](char* ring, uint32_t points, bool outer) {
    if (points < 4) return;
    if ((ring_turn(ring, points) > 0) != outer) reverse_ring(ring, points);
  });
}

}  // namespace

struct GeometryReader::State {
  GEOSContextHandle_t geos = nullptr;
  GEOSWKBReader* wkb_reader = nullptr;
  GEOSWKTReader* wkt_reader = nullptr;
  GEOSWKBWriter* wkb_writer = nullptr;
  GEOSWKTWriter* wkt_writer = nullptr;
  GEOSGeoJSONWriter* json_writer = nullptr;
  std::string message;

  struct Delete {
    GEOSContextHandle_t geos;
    void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(geos, g); }
  };
  using Ptr = std::unique_ptr<GEOSGeometry, Delete>;
  Ptr own(GEOSGeometry* g) const { return Ptr(g, Delete{geos}); }

  State() : geos(GEOS_init_r()) {
    GEOSContext_setErrorMessageHandler_r(
        geos, [](const char* text, void* self) { static_cast<State*>(self)->message = text; },
        this);
    GEOSContext_setNoticeMessageHandler_r(
        geos, [](const char*, void*) {}, nullptr);
    wkb_reader = GEOSWKBReader_create_r(geos);
    wkt_reader = GEOSWKTReader_create_r(geos);
    wkb_writer = GEOSWKBWriter_create_r(geos);
    GEOSWKBWriter_setOutputDimension_r(geos, wkb_writer, 2);
    GEOSWKBWriter_setByteOrder_r(geos, wkb_writer, GEOS_WKB_NDR);
    GEOSWKBWriter_setIncludeSRID_r(geos, wkb_writer, 0);
    wkt_writer = GEOSWKTWriter_create_r(geos);
    GEOSWKTWriter_setTrim_r(geos, wkt_writer, 1);
    GEOSWKTWriter_setRoundingPrecision_r(geos, wkt_writer, 9);
    json_writer = GEOSGeoJSONWriter_create_r(geos);
  }
  ~State() {
    GEOSGeoJSONWriter_destroy_r(geos, json_writer);
    GEOSWKTWriter_destroy_r(geos, wkt_writer);
    GEOSWKBWriter_destroy_r(geos, wkb_writer);
    GEOSWKTReader_destroy_r(geos, wkt_reader);
    GEOSWKBReader_destroy_r(geos, wkb_reader);
    GEOS_finish_r(geos);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Result<Ptr> parse(std::string_view input, bool is_text);
  Ptr parse_wkb(std::string_view wkb) {
    return own(GEOSWKBReader_read_r(
        geos, wkb_reader, reinterpret_cast<const unsigned char*>(wkb.data()), wkb.size()));
  }
  Result<> move(Ptr* g, CrsTransform* transform);
  Result<> validate(Ptr* g, bool repair, GeometryNotes* notes);
  Ptr of_dimension(Ptr g, int dimension);
  Result<> fit(Ptr* g, const std::string& type);
  Ptr to_multi(Ptr g, int multi_type);
};

Result<GeometryReader::State::Ptr> GeometryReader::State::parse(std::string_view input,
                                                                bool is_text) {
  message.clear();
  Ptr g = own(nullptr);
  if (!is_text) {
    g = parse_wkb(input);
  } else {
    std::string_view text = trim(input);
    if (!text.empty() && text.front() == '{') {
      YIPAN_ASSIGN(std::string wkb, geojson_to_wkb(text));
      g = parse_wkb(wkb);
    } else if (auto raw = text.size() > 10 ? unhex(text) : std::nullopt) {
      g = parse_wkb(*raw);
    } else {
      if (text.substr(0, 5) == "SRID=") text.remove_prefix(std::min(text.size(), text.find(';')));
      if (!text.empty() && text.front() == ';') text.remove_prefix(1);
      g = own(GEOSWKTReader_read_r(geos, wkt_reader, std::string(text).c_str()));
    }
  }
  if (g != nullptr) return g;
  const std::string why = geos_reason(message);
  std::string start = is_text ? std::string(input.substr(0, 60)) : std::string();
  size_t bad = find_invalid_utf8(start);
  if (bad != std::string::npos) start.resize(bad);
  return fail(Error("intake.geometry.syntax")
                  .zh(fmt::format("不能识别的几何数据：{} {}", start, why))
                  .en(fmt::format("this is not a geometry: {} {}", start, why))
                  .remedy("请写成 WKT（如 POINT(116.3 39.9)）或 GeoJSON",
                          "write it as WKT (such as POINT(116.3 39.9)) or GeoJSON"));
}

Result<> GeometryReader::State::move(Ptr* g, CrsTransform* transform) {
  struct Walk {
    CrsTransform* transform;
    bool bad = false;
    double x = 0, y = 0;
  } walk{transform};
  auto step = [](double* x, double* y, void* data) -> int {
    Walk* w = static_cast<Walk*>(data);
    const double x0 = *x;
    const double y0 = *y;
    if (w->transform->apply(x, y)) return 1;
    if (!w->bad) {
      w->x = x0;
      w->y = y0;
    }
    w->bad = true;
    return 0;
  };
  Ptr moved = own(GEOSGeom_transformXY_r(geos, g->get(), step, &walk));
  if (walk.bad || moved == nullptr) return fail(transform->explain(walk.x, walk.y));
  *g = std::move(moved);
  return {};
}

// The parts of a repaired geometry that have the dimension it had before.
GeometryReader::State::Ptr GeometryReader::State::of_dimension(Ptr g, int dimension) {
  if (GEOSGeomTypeId_r(geos, g.get()) != GEOS_GEOMETRYCOLLECTION) return g;
  std::vector<GEOSGeometry*> parts;
  const std::function<void(const GEOSGeometry*)> collect = [&](const GEOSGeometry* from) {
    for (int i = 0; i < GEOSGetNumGeometries_r(geos, from); ++i) {
      const GEOSGeometry* part = GEOSGetGeometryN_r(geos, from, i);
      if (GEOSGetNumGeometries_r(geos, part) > 1 && part != from) {
        collect(part);
      } else if (GEOSGeom_getDimensions_r(geos, part) == dimension) {
        const GEOSGeometry* single = GEOSGetGeometryN_r(geos, part, 0);
        parts.push_back(GEOSGeom_clone_r(geos, single));
      }
    }
  };
  collect(g.get());
  const int type = dimension == 2 ? GEOS_MULTIPOLYGON
                                  : (dimension == 1 ? GEOS_MULTILINESTRING : GEOS_MULTIPOINT);
  return own(
      GEOSGeom_createCollection_r(geos, type, parts.data(), static_cast<unsigned>(parts.size())));
}

Result<> GeometryReader::State::validate(Ptr* g, bool repair, GeometryNotes* notes) {
  char* reason = nullptr;
  GEOSGeometry* place = nullptr;
  const char ok = GEOSisValidDetail_r(geos, g->get(), 0, &reason, &place);
  Ptr place_owner = own(place);
  std::string why = reason != nullptr ? reason : message;
  if (reason != nullptr) GEOSFree_r(geos, reason);
  if (ok == 1) return {};
  if (place != nullptr && GEOSGeomTypeId_r(geos, place) == GEOS_POINT) {
    double x = 0;
    double y = 0;
    GEOSGeomGetX_r(geos, place, &x);
    GEOSGeomGetY_r(geos, place, &y);
    why += fmt::format(" ({:.7f}, {:.7f})", x, y);
  }
  if (repair) {
    const int dimension = GEOSGeom_getDimensions_r(geos, g->get());
    Ptr made = own(GEOSMakeValid_r(geos, g->get()));
    if (made != nullptr) made = of_dimension(std::move(made), dimension);
    if (made != nullptr && GEOSisEmpty_r(geos, made.get()) == 0) {
      *g = std::move(made);
      notes->repaired = why;
      return {};
    }
  }
  const bool crossing = why.find("elf-intersection") != std::string::npos;
  return fail(
      Error("intake.geometry.invalid")
          .zh(fmt::format("{}：{}", crossing ? "边界自相交" : "几何不合法", why))
          .en(fmt::format("{}: {}",
                          crossing ? "the boundary crosses itself" : "the geometry is not valid",
                          why))
          .remedy("请在制图软件中改正该处；确可自动修复的，在映射中写 geometry = \"repair\"",
                  "correct it there in the mapping software, or write geometry = "
                  "\"repair\" in the mapping to have it repaired"));
}

GeometryReader::State::Ptr GeometryReader::State::to_multi(Ptr g, int multi_type) {
  GEOSGeometry* part = g.release();
  return own(GEOSGeom_createCollection_r(geos, multi_type, &part, 1));
}

// polygon -> multipolygon and so on; a multi of one part -> that part.
Result<> GeometryReader::State::fit(Ptr* g, const std::string& type) {
  if (type.empty() || type == "geometry") return {};
  const int have = GEOSGeomTypeId_r(geos, g->get());
  std::string_view name = kTypeNames.at(static_cast<size_t>(have));
  if (name == type) return {};
  if (type == "multi" + std::string(name)) {
    const int multi = have == GEOS_POINT        ? GEOS_MULTIPOINT
                      : have == GEOS_LINESTRING ? GEOS_MULTILINESTRING
                                                : GEOS_MULTIPOLYGON;
    *g = to_multi(std::move(*g), multi);
    return {};
  }
  if (name == "multi" + type && GEOSGetNumGeometries_r(geos, g->get()) == 1) {
    *g = own(GEOSGeom_clone_r(geos, GEOSGetGeometryN_r(geos, g->get(), 0)));
    return {};
  }
  return fail(Error("intake.geometry.type")
                  .zh(fmt::format("几何类型是 {}，此列要求 {}", name, type))
                  .en(fmt::format("the geometry is a {}, this column wants a {}", name, type))
                  .remedy("请检查图层是否选对", "check that it is the right layer"));
}

GeometryReader::GeometryReader() : state_(std::make_unique<State>()) {}
GeometryReader::~GeometryReader() = default;

Result<> GeometryReader::read(std::string_view input, bool is_text, const GeometryWish& wish,
                              CrsTransform* transform, std::string* wkb, GeometryNotes* notes) {
  State& s = *state_;
  YIPAN_ASSIGN(State::Ptr g, s.parse(input, is_text));
  if (GEOSisEmpty_r(s.geos, g.get()) != 0) {
    return fail(Error("intake.geometry.empty")
                    .zh("几何为空")
                    .en("the geometry is empty")
                    .remedy("请补画，或删去该要素", "draw it, or remove the feature"));
  }
  notes->flattened = GEOSHasZ_r(s.geos, g.get()) == 1;
  YIPAN_TRY(s.move(&g, transform));
  YIPAN_TRY(s.validate(&g, wish.repair, notes));
  YIPAN_TRY(s.fit(&g, wish.type));
  size_t size = 0;
  unsigned char* bytes = GEOSWKBWriter_write_r(s.geos, s.wkb_writer, g.get(), &size);
  CHECK(bytes != nullptr);
  wkb->assign(reinterpret_cast<const char*>(bytes), size);
  GEOSFree_r(s.geos, bytes);
  orient(wkb);
  return {};
}

Result<std::string> GeometryReader::to_wkt(std::string_view wkb) {
  State::Ptr g = state_->parse_wkb(wkb);
  if (g == nullptr) {
    return fail(Error("intake.geometry.syntax")
                    .zh("几何数据已损坏：" + state_->message)
                    .en("the geometry is broken: " + state_->message));
  }
  char* text = GEOSWKTWriter_write_r(state_->geos, state_->wkt_writer, g.get());
  CHECK(text != nullptr);
  std::string out(text);
  GEOSFree_r(state_->geos, text);
  return out;
}

Result<std::string> GeometryReader::to_geojson(std::string_view wkb) {
  State::Ptr g = state_->parse_wkb(wkb);
  if (g == nullptr) {
    return fail(Error("intake.geometry.syntax")
                    .zh("几何数据已损坏：" + state_->message)
                    .en("the geometry is broken: " + state_->message));
  }
  char* text = GEOSGeoJSONWriter_writeGeometry_r(state_->geos, state_->json_writer, g.get(), -1);
  CHECK(text != nullptr);
  std::string out(text);
  GEOSFree_r(state_->geos, text);
  return out;
}

std::string point_wkb(double x, double y) {
  std::string out(21, '\0');
  out[0] = 1;
  out[1] = 1;
  std::memcpy(out.data() + 5, &x, 8);
  std::memcpy(out.data() + 13, &y, 8);
  return out;
}

double geodesic_area_m2(std::string_view wkb) {
  // GRS80 as CGCS2000 defines it (GB 22021): a = 6378137 m, f = 1/298.257222101.
  geod_geodesic ellipsoid;
  geod_init(&ellipsoid, 6378137.0, 1 / 298.257222101);
  double total = 0;
  each_ring(wkb.data(), 0, [&](const char* ring, uint32_t points, bool outer) {
    geod_polygon polygon;
    geod_polygon_init(&polygon, 0);
    for (uint32_t i = 0; i + 1 < points; ++i) {
      double x, y;
      std::memcpy(&x, ring + size_t{16} * i, 8);
      std::memcpy(&y, ring + size_t{16} * i + 8, 8);
      geod_polygon_addpoint(&ellipsoid, &polygon, y, x);
    }
    double area = 0;
    double perimeter = 0;
    geod_polygon_compute(&ellipsoid, &polygon, 0, 1, &area, &perimeter);
    total += outer ? std::fabs(area) : -std::fabs(area);
  });
  return total;
}

}  // namespace yipan::intake
