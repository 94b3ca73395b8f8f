// Points in polygons, and polygons over polygons.
#include <algorithm>
#include <memory>

#include "analysis/geos.h"
#include "yipan/analysis.h"

namespace yipan::analysis {
namespace {

struct EndTree {
  GEOSContextHandle_t context = nullptr;
  void operator()(GEOSSTRtree* tree) const { GEOSSTRtree_destroy_r(context, tree); }
};
using Tree = std::unique_ptr<GEOSSTRtree, EndTree>;

struct Polygon {
  size_t number = 0;
  Geos::Geometry shape;
  Geos::Prepared prepared;
};

// The order of an R-tree's answers is its own: they are sorted by whoever asks.
void keep_polygon(void* polygon, void* list) {
  static_cast<std::vector<const Polygon*>*>(list)->push_back(static_cast<Polygon*>(polygon));
}

Result<std::vector<Polygon>> read_polygons(Geos& geos, const Column& polygons) {
  std::vector<Polygon> out;
  for (size_t row = 0; row < polygons.size(); ++row) {
    if (polygons.is_null(row)) continue;
    YIPAN_ASSIGN(Geos::Geometry shape, geos.read_row(polygons, row));
    if (GEOSisEmpty_r(geos.handle(), shape.get()) == 1) continue;
    Polygon polygon{row, std::move(shape), {}};
    polygon.prepared = geos.prepare(polygon.shape);
    out.push_back(std::move(polygon));
  }
  return out;
}

// The polygons must stay where they are.
Tree tree_of(Geos& geos, std::vector<Polygon>* shapes) {
  constexpr size_t kNodeCapacity = 10;
  Tree tree(GEOSSTRtree_create_r(geos.handle(), kNodeCapacity), EndTree{geos.handle()});
  for (Polygon& p : *shapes) GEOSSTRtree_insert_r(geos.handle(), tree.get(), p.shape.get(), &p);
  return tree;
}

Result<Geos::Geometry> union_of(Geos& geos, const Column& covers) {
  std::vector<GEOSGeometry*> parts;
  for (size_t row = 0; row < covers.size(); ++row) {
    if (covers.is_null(row)) continue;
    auto shape = geos.read_row(covers, row);
    if (!shape) {
      for (GEOSGeometry* part : parts) GEOSGeom_destroy_r(geos.handle(), part);
      return fail(shape.error());
    }
    parts.push_back(shape->release());
  }
  const Geos::Geometry all = geos.own(GEOSGeom_createCollection_r(
      geos.handle(), GEOS_GEOMETRYCOLLECTION, parts.data(), static_cast<unsigned>(parts.size())));
  Geos::Geometry out = geos.own(GEOSUnaryUnion_r(geos.handle(), all.get()));
  if (!out) return fail(geos.invalid(0));
  return out;
}

}  // namespace

Result<std::vector<Held>> places_in(const Column& polygons,
                                    const std::vector<std::optional<LonLat>>& places) {
  CHECK(polygons.type() == Type::geometry);
  Geos geos;
  GEOSContextHandle_t h = geos.handle();
  YIPAN_ASSIGN(std::vector<Polygon> shapes, read_polygons(geos, polygons));
  const Tree tree = tree_of(geos, &shapes);
  std::vector<Held> out;
  std::vector<const Polygon*> candidates;
  for (size_t i = 0; i < places.size(); ++i) {
    if (!places[i]) continue;
    const Geos::Geometry point =
        geos.own(GEOSGeom_createPointFromXY_r(h, places[i]->lon, places[i]->lat));
    candidates.clear();
    GEOSSTRtree_query_r(h, tree.get(), point.get(), keep_polygon, &candidates);
    const size_t first = out.size();
    for (const Polygon* p : candidates) {
      if (GEOSPreparedIntersects_r(h, p->prepared.get(), point.get()) == 1) {
        out.push_back({i, p->number});
      }
    }
    std::sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
              [](const Held& a, const Held& b) { return a.polygon < b.polygon; });
  }
  return out;
}

Result<std::vector<std::optional<double>>> covered_shares(const Column& polygons,
                                                          const Column& covers) {
  CHECK(polygons.type() == Type::geometry && covers.type() == Type::geometry);
  Geos geos;
  GEOSContextHandle_t h = geos.handle();
  YIPAN_ASSIGN(const Geos::Geometry cover, union_of(geos, covers));
  std::vector<std::optional<double>> out(polygons.size());
  for (size_t row = 0; row < polygons.size(); ++row) {
    if (polygons.is_null(row)) continue;
    YIPAN_ASSIGN(const Geos::Geometry shape, geos.read_row(polygons, row));
    double whole = 0;
    double part = 0;
    if (GEOSArea_r(h, shape.get(), &whole) != 1) return fail(geos.invalid(row));
    if (whole <= 0) continue;
    const Geos::Geometry common = geos.own(GEOSIntersection_r(h, shape.get(), cover.get()));
    if (!common || GEOSArea_r(h, common.get(), &part) != 1) return fail(geos.invalid(row));
    out[row] = std::clamp(part / whole, 0.0, 1.0);
  }
  return out;
}

Result<std::vector<Overlap>> overlaps(const Column& polygons, const Column& covers,
                                      double share_min) {
  CHECK(polygons.type() == Type::geometry && covers.type() == Type::geometry && share_min > 0);
  Geos geos;
  GEOSContextHandle_t h = geos.handle();
  YIPAN_ASSIGN(std::vector<Polygon> shapes, read_polygons(geos, covers));
  const Tree tree = tree_of(geos, &shapes);
  std::vector<Overlap> out;
  std::vector<const Polygon*> candidates;
  for (size_t row = 0; row < polygons.size(); ++row) {
    if (polygons.is_null(row)) continue;
    YIPAN_ASSIGN(const Geos::Geometry shape, geos.read_row(polygons, row));
    double whole = 0;
    if (GEOSArea_r(h, shape.get(), &whole) != 1) return fail(geos.invalid(row));
    if (whole <= 0) continue;
    candidates.clear();
    GEOSSTRtree_query_r(h, tree.get(), shape.get(), keep_polygon, &candidates);
    std::sort(candidates.begin(), candidates.end(),
              [](const Polygon* a, const Polygon* b) { return a->number < b->number; });
    for (const Polygon* cover : candidates) {
      // Most polygons lie inside one cover: that is told without cutting.
      double part = whole;
      if (GEOSPreparedCovers_r(h, cover->prepared.get(), shape.get()) != 1) {
        const Geos::Geometry common =
            geos.own(GEOSIntersection_r(h, shape.get(), cover->shape.get()));
        if (!common || GEOSArea_r(h, common.get(), &part) != 1) return fail(geos.invalid(row));
      }
      if (part / whole >= share_min) {
        out.push_back({row, cover->number, std::min(part / whole, 1.0)});
      }
    }
  }
  return out;
}

}  // namespace yipan::analysis
