#include "report/areas.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "yipan/store.h"

namespace yipan::report {
namespace {

constexpr uint32_t kPolygon = 3;
constexpr uint32_t kMultiPolygon = 6;
constexpr double kRadians = 3.14159265358979323846 / 180;

class WkbReader {
 public:
  explicit WkbReader(std::string_view wkb) : rest_(wkb) {}
  bool ok() const { return ok_; }

  uint32_t header() {
    if (rest_.empty() || rest_[0] != 1) return bad();
    rest_.remove_prefix(1);
    return uint32();
  }
  uint32_t uint32() {
    uint32_t value = 0;
    if (rest_.size() < sizeof value) return bad();
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  void polygon(std::vector<Ring>* out) {
    const uint32_t rings = uint32();
    for (uint32_t r = 0; ok_ && r < rings; ++r) {
      const uint32_t count = uint32();
      if (!ok_ || rest_.size() / sizeof(LonLat) < count) {
        bad();
        return;
      }
      Ring ring(count);
      if (count > 0) std::memcpy(ring.data(), rest_.data(), count * sizeof(LonLat));
      rest_.remove_prefix(count * sizeof(LonLat));
      out->push_back(std::move(ring));
    }
  }

 private:
  uint32_t bad() {
    ok_ = false;
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

Area area_of(const Batch& batch, size_t row) {
  const auto text = [&](size_t c) {
    return batch.columns[c].is_null(row) ? std::string()
                                         : std::string(batch.columns[c].bytes_at(row));
  };
  Area area;
  area.id = text(0);
  area.name.zh = text(1);
  area.name.en = text(2).empty() ? text(1) : text(2);
  area.kind = text(3);
  if (!batch.columns[4].is_null(row)) area.rings = rings_of_wkb(batch.columns[4].bytes_at(row));
  return area;
}

}  // namespace

std::vector<Ring> rings_of_wkb(std::string_view wkb) {
  std::vector<Ring> out;
  WkbReader reader(wkb);
  const uint32_t type = reader.header();
  if (!reader.ok()) return {};
  if (type == kPolygon) {
    reader.polygon(&out);
  } else if (type == kMultiPolygon) {
    const uint32_t parts = reader.uint32();
    for (uint32_t i = 0; reader.ok() && i < parts; ++i) {
      if (reader.header() != kPolygon) return {};
      reader.polygon(&out);
    }
  }
  if (!reader.ok()) return {};
  return out;
}

const Area* AreaMap::find(std::string_view id) const {
  const auto it = by_id.find(std::string(id));
  return it == by_id.end() ? nullptr : &areas[it->second];
}

std::vector<const Area*> AreaMap::ground() const {
  std::vector<const Area*> districts;
  std::vector<const Area*> others;
  for (const Area& a : areas) {
    if (a.rings.empty()) continue;
    if (a.kind == "district" || a.kind == "county") {
      districts.push_back(&a);
    } else if (a.kind != "city" && a.kind != "urban") {
      others.push_back(&a);
    }
  }
  return districts.empty() ? others : districts;
}

Result<AreaMap> read_areas(store::Connection& connection) {
  AreaMap map;
  const auto unreadable = [](const Error& cause) {
    return fail(Error("report.areas")
                    .zh("不能读取区域表，无法画图")
                    .en("the table of areas cannot be read, so that no map can be drawn")
                    .element("areas")
                    .remedy("请用 yipan fsck 检查数据库", "check the board with yipan fsck")
                    .because(cause));
  };
  Result<bool> there = connection.has_table("areas");
  if (!there) return unreadable(there.error());
  if (!*there) return map;
  auto rows = connection.query(
      "SELECT id, name, name_en, kind, geom FROM areas WHERE kind <> 'cell' ORDER BY id");
  if (!rows) return unreadable(rows.error());
  Batch batch;
  for (;;) {
    Result<bool> more = (*rows)->next(&batch);
    if (!more) return unreadable(more.error());
    if (!*more) break;
    for (size_t r = 0; r < batch.rows(); ++r) {
      Area area = area_of(batch, r);
      map.by_id[area.id] = map.areas.size();
      map.areas.push_back(std::move(area));
    }
  }
  return map;
}

void Projection::add(const LonLat& p) {
  if (empty_) {
    west_ = east_ = p.lon;
    south_ = north_ = p.lat;
    empty_ = false;
    return;
  }
  west_ = std::min(west_, p.lon);
  east_ = std::max(east_, p.lon);
  south_ = std::min(south_, p.lat);
  north_ = std::max(north_, p.lat);
}

void Projection::fit(double width, double height, double margin, double top) {
  cos_ = std::cos((south_ + north_) / 2 * kRadians);
  constexpr double kSmallest = 1e-4;  // degrees: a single point still has a map
  const double across = std::max((east_ - west_) * cos_, kSmallest);
  const double down = std::max(north_ - south_, kSmallest);
  scale_ = std::min((width - 2 * margin) / across, (height - 2 * margin) / down);
  x0_ = (width - (east_ - west_) * cos_ * scale_) / 2;
  y0_ = margin + top;
  height_ = (north_ - south_) * scale_ + 2 * margin + top;
}

}  // namespace yipan::report
