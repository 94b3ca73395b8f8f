// What the readers of GeoJSON and TopoJSON share: columns from property names, cells from values.
#ifndef YIPAN_INTAKE_JSON_FEATURES_H_
#define YIPAN_INTAKE_JSON_FEATURES_H_

#include <simdjson.h>

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "intake/record.h"

namespace yipan::intake {

inline constexpr std::string_view kGeometryColumn = "geometry";

// The union of the features' property names, in the order of their first appearance.
class ColumnNames {
 public:
  void add(std::string_view name);
  size_t size() const { return columns_.size(); }
  std::vector<SourceColumn> with_geometry() const;  // the geometry comes last

 private:
  std::vector<SourceColumn> columns_;
  std::unordered_map<std::string, size_t> index_;
};

// JSON values as cells. Lists and objects become their JSON text.
class JsonCells {
 public:
  explicit JsonCells(const std::vector<SourceColumn>& columns);
  void clear() { held_.clear(); }  // before each feature
  void put(std::string_view name, simdjson::dom::element value, RawRecord* record);

 private:
  std::unordered_map<std::string, size_t> index_;
  std::deque<std::string> held_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_JSON_FEATURES_H_
