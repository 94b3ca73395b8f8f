#include "intake/json_features.h"

#include <fmt/format.h>

#include "intake/header.h"

namespace yipan::intake {

void ColumnNames::add(std::string_view name) {
  std::string plain = normal_name(name);
  if (index_.emplace(plain, columns_.size()).second) columns_.push_back({plain, false});
}

std::vector<SourceColumn> ColumnNames::with_geometry() const {
  std::vector<SourceColumn> out = columns_;
  out.push_back({std::string(kGeometryColumn), true});
  finish_names(&out);
  return out;
}

JsonCells::JsonCells(const std::vector<SourceColumn>& columns) {
  for (size_t i = 0; i + 1 < columns.size(); ++i) index_.emplace(columns[i].name, i);
}

void JsonCells::put(std::string_view name, simdjson::dom::element value, RawRecord* record) {
  auto found = index_.find(normal_name(name));
  if (found == index_.end()) return;
  RawCell& cell = record->cells[found->second];
  switch (value.type()) {
    case simdjson::dom::element_type::NULL_VALUE:
      return;
    case simdjson::dom::element_type::STRING:
      cell = RawCell::of_text(value.get_string().value_unsafe());
      return;
    case simdjson::dom::element_type::BOOL:
      cell.kind = RawCell::Kind::boolean;
      cell.number = value.get_bool().value_unsafe() ? 1 : 0;
      cell.text = cell.number != 0 ? "true" : "false";
      return;
    case simdjson::dom::element_type::INT64:
      held_.push_back(fmt::format("{}", value.get_int64().value_unsafe()));
      break;
    case simdjson::dom::element_type::UINT64:
      held_.push_back(fmt::format("{}", value.get_uint64().value_unsafe()));
      break;
    case simdjson::dom::element_type::DOUBLE: {
      // The shortest decimal that reads back to the same number; 310.0 is 310.
      held_.push_back(fmt::format("{}", value.get_double().value_unsafe()));
      std::string& text = held_.back();
      if (text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0)
        text.resize(text.size() - 2);
      break;
    }
    default:
      held_.push_back(simdjson::minify(value));
      cell = RawCell::of_text(held_.back());
      return;
  }
  cell.kind = RawCell::Kind::number;
  cell.text = held_.back();
}

}  // namespace yipan::intake
