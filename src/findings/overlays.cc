// The measures `inside`, `cover` and `zones` (docs/formats/question-pack.md).
#include "findings/overlays.h"

#include "findings/measure_table.h"
#include "yipan/analysis.h"

namespace yipan::findings {
namespace {

// Cells carry population; they are what is counted, not what is counted in.
constexpr std::string_view kAreas =
    "SELECT id, geom FROM areas WHERE geom IS NOT NULL AND kind <> 'cell' ORDER BY id";

struct Shapes {
  std::vector<std::string> keys;
  Column geometry{Type::geometry};
};

Result<Shapes> read_shapes(store::Connection& db, std::string_view sql) {
  Shapes out;
  YIPAN_ASSIGN(auto rows, db.query(sql));
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) return out;
    for (size_t row = 0; row < batch.rows(); ++row) {
      out.keys.emplace_back(batch.columns[0].bytes_at(row));
      out.geometry.append_from(batch.columns[1], row);
    }
  }
}

Result<bool> has_tables(store::Connection& db, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    YIPAN_ASSIGN(const bool there, db.has_table(name));
    if (!there) return false;
  }
  return true;
}

}  // namespace

Result<> write_inside(store::Connection& db) {
  const std::vector<store::ColumnSpec> columns = {{"table_name", Type::text, true, ""},
                                                  {"row_key", Type::text, true, ""},
                                                  {"area_id", Type::text, true, ""}};
  Shapes areas;
  YIPAN_ASSIGN(const bool there, has_tables(db, {"areas"}));
  if (there) {
    YIPAN_ASSIGN(areas, read_shapes(db, kAreas));
  }
  // All places first: the table is written while no other query runs.
  std::vector<std::pair<std::string, std::string>> names;
  std::vector<std::optional<analysis::LonLat>> places;
  YIPAN_ASSIGN(auto rows, db.query("SELECT table_name, row_key, lon, lat FROM m_places "
                                   "ORDER BY table_name, row_key"));
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) break;
    for (size_t row = 0; row < batch.rows(); ++row) {
      names.emplace_back(batch.columns[0].bytes_at(row), batch.columns[1].bytes_at(row));
      places.push_back(
          analysis::LonLat{batch.columns[2].real_at(row), batch.columns[3].real_at(row)});
    }
  }
  rows.reset();
  YIPAN_ASSIGN(const auto held, analysis::places_in(areas.geometry, places));
  MeasureTable out(db, "m_inside", columns, {"table_name", "row_key", "area_id"});
  YIPAN_TRY(out.open());
  for (const analysis::Held& h : held) {
    const auto& [table, key] = names[h.place];
    if (table == "areas" && key == areas.keys[h.polygon]) continue;
    out.batch().columns[0].append_bytes(table);
    out.batch().columns[1].append_bytes(key);
    out.batch().columns[2].append_bytes(areas.keys[h.polygon]);
    YIPAN_TRY(out.end_row());
  }
  return out.finish();
}

Result<> write_cover(store::Connection& db) {
  const std::vector<store::ColumnSpec> columns = {{"area_id", Type::text, true, ""},
                                                  {"plan_version_id", Type::text, true, ""},
                                                  {"covered_share", Type::real, true, ""}};
  Shapes areas;
  Shapes zones;  // by plan version
  YIPAN_ASSIGN(const bool there, has_tables(db, {"areas", "plan_zones"}));
  if (there) {
    YIPAN_ASSIGN(areas, read_shapes(db, kAreas));
    YIPAN_ASSIGN(zones, read_shapes(db,
                                    "SELECT plan_version_id, geom FROM plan_zones WHERE geom "
                                    "IS NOT NULL AND plan_version_id IS NOT NULL "
                                    "ORDER BY plan_version_id, id"));
  }
  MeasureTable out(db, "m_cover", columns, {"area_id", "plan_version_id"});
  YIPAN_TRY(out.open());
  for (size_t first = 0, end = 0; first < zones.keys.size(); first = end) {
    Column covers(Type::geometry);
    for (end = first; end < zones.keys.size() && zones.keys[end] == zones.keys[first]; ++end) {
      covers.append_from(zones.geometry, end);
    }
    YIPAN_ASSIGN(const auto shares, analysis::covered_shares(areas.geometry, covers));
    for (size_t i = 0; i < shares.size(); ++i) {
      if (!shares[i]) continue;
      out.batch().columns[0].append_bytes(areas.keys[i]);
      out.batch().columns[1].append_bytes(zones.keys[first]);
      out.batch().columns[2].append_real(*shares[i]);
      YIPAN_TRY(out.end_row());
    }
  }
  return out.finish();
}

Result<> write_zones(store::Connection& db) {
  const std::vector<store::ColumnSpec> columns = {{"parcel_id", Type::text, true, ""},
                                                  {"plan_zone_id", Type::text, true, ""},
                                                  {"share", Type::real, true, ""}};
  constexpr double kShareMin = 0.01;  // less is the drawing of a border
  Shapes parcels;
  Shapes zones;
  YIPAN_ASSIGN(const bool there, has_tables(db, {"parcels", "plan_zones"}));
  if (there) {
    YIPAN_ASSIGN(parcels, read_shapes(db, "SELECT id, geom FROM parcels WHERE geom IS NOT NULL "
                                          "ORDER BY id"));
    YIPAN_ASSIGN(zones, read_shapes(db, "SELECT id, geom FROM plan_zones WHERE geom IS NOT NULL "
                                        "ORDER BY id"));
  }
  YIPAN_ASSIGN(const auto found, analysis::overlaps(parcels.geometry, zones.geometry, kShareMin));
  MeasureTable out(db, "m_zones", columns, {"parcel_id", "plan_zone_id"});
  YIPAN_TRY(out.open());
  for (const analysis::Overlap& o : found) {
    out.batch().columns[0].append_bytes(parcels.keys[o.polygon]);
    out.batch().columns[1].append_bytes(zones.keys[o.cover]);
    out.batch().columns[2].append_real(o.share);
    YIPAN_TRY(out.end_row());
  }
  return out.finish();
}

}  // namespace yipan::findings
