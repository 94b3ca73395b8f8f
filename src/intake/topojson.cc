// TopoJSON (specification 1.0): features whose boundaries are shared, delta-encoded arcs.
#include <fmt/format.h>
#include <simdjson.h>

#include <cstring>

#include "intake/geojson_wkb.h"
#include "intake/json_features.h"
#include "intake/source.h"

namespace yipan::intake {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

constexpr int kDepthMax = 8;

Error bad(std::string_view zh, std::string_view en) {
  return Error("intake.topojson.structure")
      .zh(zh)
      .en(en)
      .remedy("请按 TopoJSON 1.0 改正，或另存为 GeoJSON",
              "correct it as TopoJSON 1.0 says, or save it as GeoJSON");
}

// The arcs as absolute positions, all in one array.
class Arcs {
 public:
  Result<> read(element topology) {
    read_transform(topology);
    array arcs;
    if (topology["arcs"].get(arcs) != simdjson::SUCCESS) {
      return fail(bad("缺少 arcs", "arcs are missing"));
    }
    starts_.push_back(0);
    for (element arc : arcs) {
      array points;
      if (arc.get(points) != simdjson::SUCCESS) {
        return fail(bad("arc 应为坐标的列表", "an arc should be a list of positions"));
      }
      double x = 0;
      double y = 0;
      for (element point : points) {
        double px = 0;
        double py = 0;
        YIPAN_TRY(position(point, &px, &py));
        if (quantized_) {  // 2.1.4: positions are differences from the one before
          x += px;
          y += py;
          px = x * scale_[0] + translate_[0];
          py = y * scale_[1] + translate_[1];
        }
        xy_.push_back(px);
        xy_.push_back(py);
      }
      starts_.push_back(xy_.size() / 2);
    }
    return {};
  }
  static Result<> position(element point, double* x, double* y) {
    array xy;
    if (point.get(xy) != simdjson::SUCCESS || xy.size() < 2 ||
        xy.at(0).get(*x) != simdjson::SUCCESS || xy.at(1).get(*y) != simdjson::SUCCESS) {
      return fail(bad("坐标应为两个数", "a position should be two numbers"));
    }
    return {};
  }
  // 2.1.3: the positions of points are quantized too, but not differences.
  Result<> point(element value, std::string* wkb) const {
    double x = 0;
    double y = 0;
    YIPAN_TRY(position(value, &x, &y));
    if (quantized_) {
      x = x * scale_[0] + translate_[0];
      y = y * scale_[1] + translate_[1];
    }
    wkb_xy(x, y, wkb);
    return {};
  }
  // Appends the points of an arc, but for the first if it joins another. Arc ~i is i backwards.
  Result<> append(int64_t index, bool joins, uint32_t* count, std::string* wkb) const {
    const auto arc = static_cast<uint64_t>(index < 0 ? ~index : index);
    if (arc + 1 >= starts_.size()) {
      return fail(
          bad(fmt::format("没有第 {} 条 arc", index), fmt::format("there is no arc {}", index)));
    }
    const size_t from = starts_[arc];
    const size_t points = starts_[arc + 1] - from;
    for (size_t i = joins ? 1 : 0; i < points; ++i) {
      const size_t at = 2 * (index < 0 ? from + points - 1 - i : from + i);
      wkb_xy(xy_[at], xy_[at + 1], wkb);
      ++*count;
    }
    return {};
  }

 private:
  void read_transform(element topology) {
    element transform;
    if (topology["transform"].get(transform) != simdjson::SUCCESS) return;
    array scale, translate;
    if (transform["scale"].get(scale) != simdjson::SUCCESS ||
        transform["translate"].get(translate) != simdjson::SUCCESS) {
      return;
    }
    quantized_ = true;
    for (size_t i = 0; i < 2; ++i) {
      double value = 0;
      if (scale.at(i).get(value) == simdjson::SUCCESS) scale_[i] = value;
      if (translate.at(i).get(value) == simdjson::SUCCESS) translate_[i] = value;
    }
  }
  bool quantized_ = false;
  double scale_[2] = {1, 1};
  double translate_[2] = {0, 0};
  std::vector<double> xy_;
  std::vector<size_t> starts_;
};

class Builder {
 public:
  Builder(const Arcs& arcs, size_t bytes_max) : arcs_(arcs), bytes_max_(bytes_max) {}

  Result<> geometry(element value, int depth, std::string* wkb) const {
    std::string_view type;
    if (value["type"].get(type) != simdjson::SUCCESS) return fail(bad("缺少 type", "no type"));
    if (depth > kDepthMax) return fail(bad("嵌套过深", "it is nested too deep"));
    if (type == "Point" || type == "MultiPoint") return points(value, type == "Point", wkb);
    if (type == "GeometryCollection") {
      element members;
      if (value["geometries"].get(members) != simdjson::SUCCESS) {
        return fail(bad("缺少 geometries", "no geometries"));
      }
      return list(7, members, wkb, [&](element e) { return geometry(e, depth + 1, wkb); });
    }
    element arcs;
    if (value["arcs"].get(arcs) != simdjson::SUCCESS) return fail(bad("缺少 arcs", "no arcs"));
    if (type == "LineString") return line(arcs, wkb);
    if (type == "Polygon") return polygon(arcs, wkb);
    if (type == "MultiLineString")
      return list(5, arcs, wkb, [&](element e) { return line(e, wkb); });
    if (type == "MultiPolygon")
      return list(6, arcs, wkb, [&](element e) { return polygon(e, wkb); });
    return fail(bad(fmt::format("没有 {} 这种几何类型", type),
                    fmt::format("there is no geometry type {}", type)));
  }

 private:
  template <typename Each>
  Result<> list(uint32_t type, element value, std::string* wkb, const Each& each) const {
    array items;
    if (value.get(items) != simdjson::SUCCESS) return fail(bad("应为列表", "a list is needed"));
    wkb_header(type, wkb);
    const size_t at = wkb->size();
    wkb_count(0, wkb);
    uint32_t count = 0;
    for (element item : items) {
      YIPAN_TRY(each(item));
      ++count;
      if (wkb->size() > bytes_max_) return fail(bad("要素过大", "the feature is too large"));
    }
    std::memcpy(wkb->data() + at, &count, 4);
    return {};
  }
  Result<> points(element value, bool single, std::string* wkb) const {
    element c;
    if (value["coordinates"].get(c) != simdjson::SUCCESS) {
      return fail(bad("缺少 coordinates", "no coordinates"));
    }
    if (single) {
      wkb_header(1, wkb);
      return arcs_.point(c, wkb);
    }
    return list(4, c, wkb, [&](element e) {
      wkb_header(1, wkb);
      return arcs_.point(e, wkb);
    });
  }
  // 2.1.5: arcs of a line follow one another; the last point of one is the first of the next.
  Result<> stitched(element value, std::string* wkb) const {
    array indexes;
    if (value.get(indexes) != simdjson::SUCCESS) return fail(bad("应为列表", "a list is needed"));
    const size_t at = wkb->size();
    wkb_count(0, wkb);
    uint32_t count = 0;
    for (element item : indexes) {
      int64_t index = 0;
      if (item.get(index) != simdjson::SUCCESS) {
        return fail(bad("arc 编号应为整数", "an arc's number should be an integer"));
      }
      YIPAN_TRY(arcs_.append(index, count > 0, &count, wkb));
      if (wkb->size() > bytes_max_) return fail(bad("要素过大", "the feature is too large"));
    }
    std::memcpy(wkb->data() + at, &count, 4);
    return {};
  }
  Result<> line(element arcs, std::string* wkb) const {
    wkb_header(2, wkb);
    return stitched(arcs, wkb);
  }
  Result<> polygon(element arcs, std::string* wkb) const {
    return list(3, arcs, wkb, [&](element ring) { return stitched(ring, wkb); });
  }
  const Arcs& arcs_;
  size_t bytes_max_;
};

class TopojsonSource : public RecordSource {
 public:
  TopojsonSource(std::string text, const Limits& limits)
      : text_(std::move(text)), limits_(limits) {}
  Result<> start(const std::string& wanted, const std::string& file);
  const std::vector<SourceColumn>& columns() const override { return columns_; }
  const SourceFacts& facts() const override { return facts_; }
  Result<Step> next(RawRecord* record) override;

 private:
  Result<> choose(element root, const std::string& wanted, const std::string& file);
  void collect_columns();
  std::string text_;
  Limits limits_;
  simdjson::dom::parser parser_;
  Arcs arcs_;
  std::vector<element> features_;
  size_t at_ = 0;
  std::vector<SourceColumn> columns_;
  SourceFacts facts_;
  std::unique_ptr<JsonCells> cells_;
  std::string wkb_;
};

Result<> TopojsonSource::choose(element root, const std::string& wanted, const std::string& file) {
  object objects;
  if (root["objects"].get(objects) != simdjson::SUCCESS) {
    return fail(bad("缺少 objects", "objects are missing"));
  }
  element chosen;
  bool found = false;
  std::string names;
  for (auto [key, value] : objects) {
    facts_.sheets.emplace_back(key);
    names += (names.empty() ? "" : "、") + std::string(key);
    if (!found && (wanted.empty() || wanted == key)) {
      chosen = value;
      facts_.sheet = std::string(key);
      found = true;
    }
  }
  if (!found) {
    return fail(Error("intake.topojson.object")
                    .zh(fmt::format("没有对象“{}”", wanted))
                    .en(fmt::format("there is no object {}", wanted))
                    .file(file)
                    .remedy("有：" + names, "there are: " + names));
  }
  array members;
  if (chosen["geometries"].get(members) == simdjson::SUCCESS) {
    for (element e : members) features_.push_back(e);
  } else {
    features_.push_back(chosen);
  }
  return {};
}

void TopojsonSource::collect_columns() {
  ColumnNames names;
  for (element feature : features_) {
    object properties;
    if (feature["id"].error() == simdjson::SUCCESS) names.add("id");
    if (feature["properties"].get(properties) != simdjson::SUCCESS) continue;
    for (auto [key, value] : properties) {
      if (names.size() < limits_.columns_max) names.add(key);
    }
  }
  columns_ = names.with_geometry();
  cells_ = std::make_unique<JsonCells>(columns_);
}

Result<> TopojsonSource::start(const std::string& wanted, const std::string& file) {
  facts_.format = "topojson";
  facts_.encoding = "utf-8";
  element root;
  simdjson::error_code code = parser_.parse(text_).get(root);
  if (code != simdjson::SUCCESS) {
    return fail(Error("intake.topojson.syntax")
                    .zh(fmt::format("不是正确的 JSON：{}", simdjson::error_message(code)))
                    .en(fmt::format("this is not valid JSON: {}", simdjson::error_message(code)))
                    .file(file)
                    .remedy("请重新导出", "export it again"));
  }
  Result<> read = arcs_.read(root);
  if (read) read = choose(root, wanted, file);
  if (!read) return fail(Error(read.error()).file(file));
  std::string_view crs;
  if (root["crs"]["properties"]["name"].get(crs) == simdjson::SUCCESS)
    facts_.crs = std::string(crs);
  collect_columns();
  return {};
}

Result<Step> TopojsonSource::next(RawRecord* record) {
  if (at_ == features_.size()) return Step::end;
  element feature = features_[at_++];
  record->row = at_;
  record->line = 0;
  record->cells.assign(columns_.size(), RawCell());
  cells_->clear();
  element id;
  if (feature["id"].get(id) == simdjson::SUCCESS) cells_->put("id", id, record);
  object properties;
  if (feature["properties"].get(properties) == simdjson::SUCCESS) {
    for (auto [key, value] : properties) cells_->put(key, value, record);
  }
  element type;
  if (feature["type"].get(type) != simdjson::SUCCESS || type.is_null()) return Step::record;
  wkb_.clear();
  Result<> built = Builder(arcs_, limits_.feature_bytes_max).geometry(feature, 0, &wkb_);
  if (!built) {
    problem_ = std::make_shared<Error>(Error(built.error()).row(record->row));
    return Step::problem;
  }
  record->cells.back() = {RawCell::Kind::geometry, false, 0, wkb_};
  return Step::record;
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_topojson(const Input& input,
                                                    const OpenRequest& request) {
  YIPAN_ASSIGN(std::string text,
               read_all(input, request.limits, request.limits.document_bytes_max));
  auto source = std::make_unique<TopojsonSource>(std::move(text), request.limits);
  const Mapping* m = request.mapping;
  std::string wanted = !request.sheet.empty() ? request.sheet : (m != nullptr ? m->sheet : "");
  YIPAN_TRY(source->start(wanted, input.name));
  return source;
}

}  // namespace yipan::intake
