// GeoJSON feature collections, feature by feature: the file is never held whole.
#include <fmt/format.h>
#include <simdjson.h>

#include <map>

#include "intake/geojson_wkb.h"
#include "intake/json_features.h"
#include "intake/source.h"

namespace yipan::intake {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr size_t kBlockBytes = size_t{1} << 18;

// Cuts the members of the top-level array "features" out of the text, and keeps the text around
// them ("crs", "name").
class FeatureSplitter {
 public:
  FeatureSplitter(std::unique_ptr<ByteStream> stream, std::string name, const Limits& limits)
      : stream_(std::move(stream)), name_(std::move(name)), limits_(limits) {}

  // The next feature's text, good until the next call; empty at the end.
  Result<std::string_view> next() {
    for (;;) {
      if (at_ == buffer_.size()) {
        YIPAN_ASSIGN(bool more, fill());
        if (!more) {
          if (depth_ == 0 && seen_object_) return std::string_view();
          return fail(syntax("文件不完整，JSON 没有结束", "the file ends before the JSON does"));
        }
      }
      const char c = buffer_[at_++];
      if (step(c)) {
        std::string_view text = std::string_view(buffer_).substr(start_, at_ - start_);
        return text;
      }
      if (depth_ > kDepthMax) return fail(syntax("JSON 嵌套过深", "the JSON is nested too deep"));
    }
  }
  // The document without its features: a small JSON object. After the end.
  const std::string& frame() const { return frame_; }
  uint64_t features() const { return count_; }

 private:
  static constexpr int kDepthMax = 64;
  static constexpr size_t kFrameMax = size_t{1} << 20;

  // True when a feature has just ended.
  bool step(char c) {
    if (in_string_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
      keep(c);
      return false;
    }
    if (c == '"') {
      in_string_ = true;
      keep(c);
      return false;
    }
    if (c == '{' || c == '[') {
      if (depth_ == 1 && c == '[' && frame_ends_with_features()) {
        in_features_ = true;
        keep(c);
        ++depth_;
        return false;
      }
      if (in_features_ && depth_ == 2) start_ = at_ - 1;
      seen_object_ = true;
      keep(c);
      ++depth_;
      return false;
    }
    if (c == '}' || c == ']') {
      --depth_;
      if (in_features_ && depth_ == 2) {
        ++count_;
        return true;
      }
      if (in_features_ && depth_ == 1) in_features_ = false;
      keep(c);
      return false;
    }
    keep(c);
    return false;
  }
  void keep(char c) {
    if (in_features_ && depth_ >= 2) return;
    if (frame_.size() < kFrameMax) frame_.push_back(c);
  }
  bool frame_ends_with_features() const {
    size_t end = frame_.find_last_not_of(" \t\r\n");
    if (end == std::string::npos || frame_[end] != ':') return false;
    end = frame_.find_last_not_of(" \t\r\n", end - 1);
    constexpr std::string_view kName = "\"features\"";
    return end != std::string::npos && end + 1 >= kName.size() &&
           frame_.compare(end + 1 - kName.size(), kName.size(), kName) == 0;
  }
  // Keeps the feature that has begun, and reads one block behind it.
  Result<bool> fill() {
    const bool inside = in_features_ && depth_ > 2;
    size_t from = inside ? start_ : buffer_.size();
    buffer_.erase(0, from);
    start_ = 0;
    at_ = buffer_.size();
    if (buffer_.size() > limits_.feature_bytes_max) {
      std::string limit = size_text(limits_.feature_bytes_max);
      return fail(Error("intake.limit.feature")
                      .zh(fmt::format("一个要素超过 {}", limit))
                      .en(fmt::format("a feature is larger than {}", limit))
                      .file(name_)
                      .row(count_ + 1)
                      .remedy("请简化或拆分该要素", "simplify or split it"));
    }
    buffer_.resize(at_ + kBlockBytes);
    YIPAN_ASSIGN(size_t n, stream_->read(buffer_.data() + at_, kBlockBytes));
    buffer_.resize(at_ + n);
    return n > 0;
  }
  Error syntax(std::string_view zh, std::string_view en) const {
    return Error("intake.geojson.syntax")
        .zh(zh)
        .en(en)
        .file(name_)
        .row(count_ + 1)
        .remedy("请重新导出为 GeoJSON（RFC 7946）", "export it again as GeoJSON (RFC 7946)");
  }

  std::unique_ptr<ByteStream> stream_;
  std::string name_;
  Limits limits_;
  std::string buffer_;
  size_t at_ = 0;
  size_t start_ = 0;
  std::string frame_;
  int depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool in_features_ = false;
  bool seen_object_ = false;
  uint64_t count_ = 0;
};

Error feature_error(std::string_view zh, std::string_view en, uint64_t row) {
  return Error("intake.geojson.feature")
      .zh(zh)
      .en(en)
      .row(row)
      .remedy("请按 GeoJSON（RFC 7946）改正", "correct it as GeoJSON (RFC 7946) says");
}

class GeojsonSource : public RecordSource {
 public:
  GeojsonSource(std::unique_ptr<FeatureSplitter> splitter, std::vector<SourceColumn> columns,
                SourceFacts facts)
      : splitter_(std::move(splitter)),
        columns_(std::move(columns)),
        facts_(std::move(facts)),
        cells_(columns_) {}
  const std::vector<SourceColumn>& columns() const override { return columns_; }
  const SourceFacts& facts() const override { return facts_; }

  Result<Step> next(RawRecord* record) override {
    YIPAN_ASSIGN(std::string_view text, splitter_->next());
    if (text.empty()) return Step::end;
    record->row = splitter_->features();
    record->line = 0;
    record->cells.assign(columns_.size(), RawCell());
    element feature;
    simdjson::error_code code = parser_.parse(text.data(), text.size()).get(feature);
    if (code != simdjson::SUCCESS) {
      problem_ = std::make_shared<Error>(feature_error(
          fmt::format("要素不是正确的 JSON：{}", simdjson::error_message(code)),
          fmt::format("the feature is not valid JSON: {}", simdjson::error_message(code)),
          record->row));
      return Step::problem;
    }
    Result<> filled = fill(feature, record);
    if (filled) return Step::record;
    problem_ = std::make_shared<Error>(Error(filled.error()).row(record->row));
    return Step::problem;
  }

 private:
  Result<> fill(element feature, RawRecord* record) {
    cells_.clear();
    element id;
    if (feature["id"].get(id) == simdjson::SUCCESS) cells_.put("id", id, record);
    object properties;
    if (feature["properties"].get(properties) == simdjson::SUCCESS) {
      for (auto [key, value] : properties) cells_.put(key, value, record);
    }
    element geometry;
    if (feature["geometry"].get(geometry) == simdjson::SUCCESS && !geometry.is_null()) {
      wkb_.clear();
      YIPAN_TRY(append_geojson_geometry(geometry, &wkb_));
      record->cells.back() = {RawCell::Kind::geometry, false, 0, wkb_};
    }
    return {};
  }

  std::unique_ptr<FeatureSplitter> splitter_;
  std::vector<SourceColumn> columns_;
  SourceFacts facts_;
  JsonCells cells_;
  simdjson::dom::parser parser_;
  std::string wkb_;
};

// "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}} (GeoJSON 2008).
std::string crs_of_frame(const std::string& frame) {
  simdjson::dom::parser parser;
  element root;
  std::string_view name;
  if (parser.parse(frame).get(root) != simdjson::SUCCESS) return "";
  if (root["crs"]["properties"]["name"].get(name) != simdjson::SUCCESS) return "";
  return std::string(name);
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_geojson(const Input& input, const OpenRequest& request) {
  YIPAN_ASSIGN(auto first, open_stream(input, request.limits));
  FeatureSplitter scan(std::move(first), input.name, request.limits);
  ColumnNames names;
  simdjson::dom::parser parser;
  for (;;) {
    YIPAN_ASSIGN(std::string_view text, scan.next());
    if (text.empty()) break;
    element feature;
    object properties;
    if (parser.parse(text.data(), text.size()).get(feature) != simdjson::SUCCESS) continue;
    if (feature["id"].error() == simdjson::SUCCESS) names.add("id");
    if (feature["properties"].get(properties) != simdjson::SUCCESS) continue;
    for (auto [key, value] : properties) names.add(key);
    if (names.size() > request.limits.columns_max) {
      return fail(Error("intake.limit.columns")
                      .zh("属性名过多")
                      .en("there are too many property names")
                      .file(input.name)
                      .row(scan.features())
                      .remedy("请检查数据结构", "check the data's structure"));
    }
  }
  if (scan.features() == 0 && scan.frame().find("\"features\"") == std::string::npos) {
    return fail(Error("intake.geojson.collection")
                    .zh("不是 GeoJSON 的 FeatureCollection")
                    .en("this is not a GeoJSON FeatureCollection")
                    .file(input.name)
                    .remedy("请导出为 FeatureCollection", "export it as a FeatureCollection"));
  }
  SourceFacts facts;
  facts.format = "geojson";
  facts.encoding = "utf-8";
  facts.crs = crs_of_frame(scan.frame());
  YIPAN_ASSIGN(auto second, open_stream(input, request.limits));
  auto splitter = std::make_unique<FeatureSplitter>(std::move(second), input.name, request.limits);
  return std::make_unique<GeojsonSource>(std::move(splitter), names.with_geometry(),
                                         std::move(facts));
}

}  // namespace yipan::intake
