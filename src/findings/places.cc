// The measure `places` (docs/formats/question-pack.md).
#include <algorithm>
#include <array>

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

// PostgreSQL makes no table in a read-only session, not even a temporary one: such a session is
// opened for just as long as this takes.
class Writable {
 public:
  explicit Writable(store::Connection& db) : db_(db) {}
  ~Writable() {
    if (!opened_) return;
    // If this fails the connection is gone, and its next statement says so.
    static_cast<void>(db_.execute("SET default_transaction_read_only = on").has_value());
  }
  Writable(const Writable&) = delete;
  Writable& operator=(const Writable&) = delete;
  Result<> open() {
    if (db_.dialect() != store::Dialect::postgresql) return {};
    YIPAN_ASSIGN(const auto mode, db_.query_text("SHOW default_transaction_read_only"));
    if (mode != "on") return {};
    opened_ = true;
    return db_.execute("SET default_transaction_read_only = off");
  }

 private:
  store::Connection& db_;
  bool opened_ = false;
};

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
  Writable writable(db);
  YIPAN_TRY(writable.open());
  store::TableSpec spec;
  spec.name = "m_places";
  spec.temporary = true;
  spec.listed = false;
  spec.columns = {{"table_name", Type::text, true, ""}, {"row_key", Type::text, true, ""},
                  {"lon", Type::real, true, ""},        {"lat", Type::real, true, ""},
                  {"x_m", Type::real, true, ""},        {"y_m", Type::real, true, ""}};
  spec.primary_key = {"table_name", "row_key"};
  YIPAN_ASSIGN(const bool there, db.has_table(spec.name));
  if (there) YIPAN_TRY(db.drop_table(spec.name));
  YIPAN_TRY(db.create_table(spec));
  // The city's middle: of its areas, or, where they have no borders, of all places.
  auto middle = analysis::middle_of(all_areas_);
  if (!middle) {
    std::vector<std::optional<analysis::LonLat>> all;
    for (const auto& table : tables_)
      all.insert(all.end(), table->places.begin(), table->places.end());
    middle = analysis::middle_of(all);
  }
  const analysis::LocalPlane plane(middle.value_or(analysis::LonLat{}));
  YIPAN_ASSIGN(auto writer, db.bulk(spec.name, spec.columns));
  Batch batch({Type::text, Type::text, Type::real, Type::real, Type::real, Type::real});
  constexpr size_t kRowsPerBatch = 4096;
  for (const auto& table : tables_) {
    for (size_t i = 0; i < table->keys.size(); ++i) {
      const analysis::LonLat place = table->places[i];
      const analysis::PlanePoint at = plane.project(place);
      batch.columns[0].append_bytes(table->name);
      batch.columns[1].append_bytes(table->keys[i]);
      size_t column = 2;
      for (const double value : {place.lon, place.lat, at.x_m, at.y_m}) {
        batch.columns[column++].append_real(value + 0.0);
      }
      if (batch.rows() < kRowsPerBatch) continue;
      YIPAN_TRY(writer->append(batch));
      batch.clear();
    }
  }
  if (batch.rows() > 0) YIPAN_TRY(writer->append(batch));
  YIPAN_TRY(writer->finish());
  return {};
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
