// The measure `places` (docs/formats/question-pack.md).
#include <algorithm>
#include <array>

#include "findings/measure_table.h"
#include "findings/run.h"

namespace yipan::findings {
namespace {

constexpr std::array<std::string_view, 7> kTables = {
    "areas",   "commercial_centres", "facilities", "projects",
    "parcels", "waiting_households", "flats"};

const board::Field* geometry_of(const board::TableSchema& schema) {
  for (const board::Field& field : schema.fields) {
    if (field.type == Type::geometry) return &field;
  }
  return nullptr;
}

}  // namespace

Result<Places> Places::measure(store::Connection& db, const board::Schemas& schemas) {
  Places out;
  for (const std::string_view name : kTables) {
    const board::TableSchema* schema = schemas.find(name);
    const board::Field* geometry = schema == nullptr ? nullptr : geometry_of(*schema);
    if (geometry == nullptr) continue;
    auto table = std::make_unique<Table>();
    table->name = schema->name;
    std::string sql = "SELECT " + geometry->name;
    for (const std::string& field : schema->primary_key) sql += ", " + field;
    sql += " FROM " + schema->name + " WHERE " + geometry->name + " IS NOT NULL";
    YIPAN_ASSIGN(auto rows, db.query(sql));
    Batch batch;
    while (true) {
      YIPAN_ASSIGN(const bool more, rows->next(&batch));
      if (!more) break;
      YIPAN_ASSIGN(const auto points, analysis::interior_points(batch.columns[0]));
      for (size_t row = 0; row < points.size(); ++row) {
        if (!points[row]) continue;
        std::vector<std::string> parts;
        for (size_t c = 1; c < batch.columns.size(); ++c) {
          parts.push_back(board::value_text(batch.columns[c], row));
        }
        table->keys.push_back(board::join_key(parts));
        table->places.push_back(*points[row]);
        if (table->name == "areas") out.all_areas_.push_back(points[row]);
      }
    }
    for (size_t i = 0; i < table->keys.size(); ++i) table->by_key.emplace(table->keys[i], i);
    out.tables_.push_back(std::move(table));
  }
  return out;
}

Result<> Places::write(store::Connection& db) const {
  const std::vector<store::ColumnSpec> columns = {
      {"table_name", Type::text, true, ""}, {"row_key", Type::text, true, ""},
      {"lon", Type::real, true, ""},        {"lat", Type::real, true, ""},
      {"x_m", Type::real, true, ""},        {"y_m", Type::real, true, ""}};
  MeasureTable out(db, "m_places", columns, {"table_name", "row_key"});
  YIPAN_TRY(out.open());
  // The city's middle: of its areas, or, where they have no borders, of all places.
  auto middle = analysis::middle_of(all_areas_);
  if (!middle) {
    std::vector<std::optional<analysis::LonLat>> all;
    for (const auto& table : tables_)
      all.insert(all.end(), table->places.begin(), table->places.end());
    middle = analysis::middle_of(all);
  }
  const analysis::LocalPlane plane(middle.value_or(analysis::LonLat{}));
  for (const auto& table : tables_) {
    for (size_t i = 0; i < table->keys.size(); ++i) {
      const analysis::LonLat place = table->places[i];
      const analysis::PlanePoint at = plane.project(place);
      Batch& batch = out.batch();
      batch.columns[0].append_bytes(table->name);
      batch.columns[1].append_bytes(table->keys[i]);
      size_t column = 2;
      for (const double value : {place.lon, place.lat, at.x_m, at.y_m}) {
        batch.columns[column++].append_real(value + 0.0);
      }
      YIPAN_TRY(out.end_row());
    }
  }
  return out.finish();
}

const analysis::LonLat* Places::find(std::string_view table, std::string_view key) const {
  for (const auto& t : tables_) {
    if (t->name != table) continue;
    const auto found = t->by_key.find(key);
    return found == t->by_key.end() ? nullptr : &t->places[found->second];
  }
  return nullptr;
}

}  // namespace yipan::findings
