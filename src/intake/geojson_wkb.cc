#include "intake/geojson_wkb.h"

#include <fmt/format.h>

#include <cstring>

#include "intake/geometry.h"

namespace yipan::intake {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr int kDepthMax = 8;  // geometry collections in geometry collections

tl::unexpected<Error> bad(std::string_view zh, std::string_view en) {
  return fail(Error("intake.geojson.geometry")
                  .zh(zh)
                  .en(en)
                  .remedy("请按 GeoJSON（RFC 7946）改正该要素的 geometry",
                          "correct the feature's geometry as GeoJSON (RFC 7946) says"));
}

Result<> position(element value, std::string* wkb) {
  array xy;
  double x = 0;
  double y = 0;
  if (value.get(xy) != simdjson::SUCCESS || xy.size() < 2 || xy.at(0).get(x) != simdjson::SUCCESS ||
      xy.at(1).get(y) != simdjson::SUCCESS) {
    return bad("坐标应为 [经度, 纬度]", "a position should be [longitude, latitude]");
  }
  wkb_xy(x, y, wkb);
  return {};
}

Result<> positions(element value, std::string* wkb) {
  array list;
  if (value.get(list) != simdjson::SUCCESS) {
    return bad("应为坐标的列表", "a list of positions is needed");
  }
  const size_t at = wkb->size();
  wkb_count(0, wkb);
  uint32_t count = 0;
  for (element item : list) {
    YIPAN_TRY(position(item, wkb));
    ++count;
  }
  std::memcpy(wkb->data() + at, &count, 4);
  return {};
}

Result<> polygon(element value, std::string* wkb) {
  array rings;
  if (value.get(rings) != simdjson::SUCCESS) {
    return bad("应为环的列表", "a list of rings is needed");
  }
  wkb_header(3, wkb);
  const size_t at = wkb->size();
  wkb_count(0, wkb);
  uint32_t count = 0;
  for (element ring : rings) {
    YIPAN_TRY(positions(ring, wkb));
    ++count;
  }
  std::memcpy(wkb->data() + at, &count, 4);
  return {};
}

template <typename Part>
Result<> multi(uint32_t type, element value, std::string* wkb, const Part& part) {
  array list;
  if (value.get(list) != simdjson::SUCCESS) {
    return bad("coordinates 应为列表", "coordinates should be a list");
  }
  wkb_header(type, wkb);
  const size_t at = wkb->size();
  wkb_count(0, wkb);
  uint32_t count = 0;
  for (element item : list) {
    YIPAN_TRY(part(item));
    ++count;
  }
  std::memcpy(wkb->data() + at, &count, 4);
  return {};
}

Result<> geometry(element value, int depth, std::string* wkb) {
  std::string_view type;
  if (value["type"].get(type) != simdjson::SUCCESS) {
    return bad("geometry 没有 type", "the geometry has no type");
  }
  if (depth > kDepthMax) return bad("几何集合嵌套过深", "geometry collections are nested too deep");
  element c;
  const char* member = type == "GeometryCollection" ? "geometries" : "coordinates";
  if (value[member].get(c) != simdjson::SUCCESS) {
    return bad(fmt::format("geometry 没有 {}", member),
               fmt::format("the geometry has no {}", member));
  }
  if (type == "Point") {
    wkb_header(1, wkb);
    return position(c, wkb);
  }
  if (type == "LineString") {
    wkb_header(2, wkb);
    return positions(c, wkb);
  }
  if (type == "Polygon") return polygon(c, wkb);
  if (type == "MultiPoint") {
    return multi(4, c, wkb, [&](element e) {
      wkb_header(1, wkb);
      return position(e, wkb);
    });
  }
  if (type == "MultiLineString") {
    return multi(5, c, wkb, [&](element e) {
      wkb_header(2, wkb);
      return positions(e, wkb);
    });
  }
  if (type == "MultiPolygon") return multi(6, c, wkb, [&](element e) { return polygon(e, wkb); });
  if (type == "GeometryCollection") {
    return multi(7, c, wkb, [&](element e) { return geometry(e, depth + 1, wkb); });
  }
  return bad(fmt::format("没有 {} 这种几何类型", type),
             fmt::format("there is no geometry type {}", type));
}

}  // namespace

void wkb_header(uint32_t type, std::string* wkb) {
  wkb->push_back(1);
  wkb_count(type, wkb);
}

void wkb_count(uint32_t count, std::string* wkb) {
  char raw[4];
  std::memcpy(raw, &count, 4);
  wkb->append(raw, 4);
}

void wkb_xy(double x, double y, std::string* wkb) {
  char raw[16];
  std::memcpy(raw, &x, 8);
  std::memcpy(raw + 8, &y, 8);
  wkb->append(raw, 16);
}

Result<> append_geojson_geometry(simdjson::dom::element value, std::string* wkb) {
  return geometry(value, 0, wkb);
}

Result<std::string> geojson_to_wkb(std::string_view json) {
  simdjson::dom::parser parser;
  element value;
  simdjson::error_code code = parser.parse(json.data(), json.size()).get(value);
  if (code != simdjson::SUCCESS) {
    return bad(fmt::format("不是正确的 JSON：{}", simdjson::error_message(code)),
               fmt::format("this is not valid JSON: {}", simdjson::error_message(code)));
  }
  std::string wkb;
  YIPAN_TRY(append_geojson_geometry(value, &wkb));
  return wkb;
}

}  // namespace yipan::intake
