#include "store/sqlite/geopackage.h"

#include <fmt/core.h>

#include <algorithm>

#include "store/checks.h"
#include "store/wkb.h"

namespace yipan::store {
namespace {

// GeoPackage 1.3, 1.1.1.1.1: "GPKG" and the version 10300; annex C: the tables.
constexpr const char* kMakeFile = R"sql(
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE y_store (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO y_store VALUES ('format', '1');
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined',
   'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined',
   'undefined geographic coordinate reference system'),
  ('WGS 84', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG",'
   || '"7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
   || 'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],'
   || 'AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', 'longitude and latitude in degrees'),
  ('China Geodetic Coordinate System 2000', 4490, 'EPSG', 4490,
   'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",'
   || '6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],'
   || 'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
   || 'AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
   || 'AUTHORITY["EPSG","4490"]]', 'longitude and latitude in degrees'),
  ('WGS 84 / Pseudo-Mercator', 3857, 'EPSG', 3857,
   'PROJCS["WGS 84 / Pseudo-Mercator",GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,'
   || '298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
   || 'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
   || 'AUTHORITY["EPSG","4326"]],PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],'
   || 'PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],'
   || 'UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],'
   || 'EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 '
   || '+k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]',
   'the projection of web maps');
)sql";

constexpr int64_t kApplicationId = 1196444487;  // "GPKG"

Result<int64_t> pragma_int(Db* db, const char* sql) {
  YIPAN_ASSIGN(Statement statement, db->take(sql));
  const int code = sqlite3_step(statement.get());
  if (code != SQLITE_ROW) return fail(db->error(sql, code));
  return sqlite3_column_int64(statement.get(), 0);
}

Result<> run_with(Db* db, std::string_view sql, const Values& values) {
  YIPAN_ASSIGN(Statement statement, db->take(sql));
  YIPAN_TRY(bind_all(db, statement.get(), values));
  const int code = sqlite3_step(statement.get());
  if (code != SQLITE_DONE && code != SQLITE_ROW) return fail(db->error(sql, code));
  db->give_back(std::move(statement));
  return {};
}

const ColumnSpec* geometry_column(const TableSpec& table) {
  for (const ColumnSpec& column : table.columns) {
    if (column.type == Type::geometry) return &column;
  }
  return nullptr;
}

// The table's one integer key, if it has such: then that is GeoPackage's key too.
const ColumnSpec* integer_key(const TableSpec& table) {
  if (table.primary_key.size() != 1) return nullptr;
  for (const ColumnSpec& column : table.columns) {
    if (column.name == table.primary_key[0] && column.type == Type::integer) return &column;
  }
  return nullptr;
}

std::string key_name(const TableSpec& table) {
  if (const ColumnSpec* key = integer_key(table)) return key->name;
  std::string name = "fid";
  const auto taken = [&] {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [&](const ColumnSpec& c) { return c.name == name; });
  };
  while (taken()) name += '_';
  return name;
}

std::string quote_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') quoted += '\'';
    quoted += c;
  }
  return quoted + "'";
}

// Annex F.3 of GeoPackage 1.3, with its names for table (T), geometry column (C) and key (I).
constexpr std::string_view kRtreeTriggers = R"sql(
CREATE TRIGGER "rtree_{T}_{C}_insert" AFTER INSERT ON "{T}"
  WHEN (NEW."{C}" NOT NULL AND NOT ST_IsEmpty(NEW."{C}"))
BEGIN
  INSERT OR REPLACE INTO "rtree_{T}_{C}" VALUES (NEW."{I}",
    ST_MinX(NEW."{C}"), ST_MaxX(NEW."{C}"), ST_MinY(NEW."{C}"), ST_MaxY(NEW."{C}"));
END;
CREATE TRIGGER "rtree_{T}_{C}_update1" AFTER UPDATE OF "{C}" ON "{T}"
  WHEN OLD."{I}" = NEW."{I}" AND (NEW."{C}" NOTNULL AND NOT ST_IsEmpty(NEW."{C}"))
BEGIN
  INSERT OR REPLACE INTO "rtree_{T}_{C}" VALUES (NEW."{I}",
    ST_MinX(NEW."{C}"), ST_MaxX(NEW."{C}"), ST_MinY(NEW."{C}"), ST_MaxY(NEW."{C}"));
END;
CREATE TRIGGER "rtree_{T}_{C}_update2" AFTER UPDATE OF "{C}" ON "{T}"
  WHEN OLD."{I}" = NEW."{I}" AND (NEW."{C}" ISNULL OR ST_IsEmpty(NEW."{C}"))
BEGIN
  DELETE FROM "rtree_{T}_{C}" WHERE id = OLD."{I}";
END;
CREATE TRIGGER "rtree_{T}_{C}_update3" AFTER UPDATE ON "{T}"
  WHEN OLD."{I}" != NEW."{I}" AND (NEW."{C}" NOTNULL AND NOT ST_IsEmpty(NEW."{C}"))
BEGIN
  DELETE FROM "rtree_{T}_{C}" WHERE id = OLD."{I}";
  INSERT OR REPLACE INTO "rtree_{T}_{C}" VALUES (NEW."{I}",
    ST_MinX(NEW."{C}"), ST_MaxX(NEW."{C}"), ST_MinY(NEW."{C}"), ST_MaxY(NEW."{C}"));
END;
CREATE TRIGGER "rtree_{T}_{C}_update4" AFTER UPDATE ON "{T}"
  WHEN OLD."{I}" != NEW."{I}" AND (NEW."{C}" ISNULL OR ST_IsEmpty(NEW."{C}"))
BEGIN
  DELETE FROM "rtree_{T}_{C}" WHERE id IN (OLD."{I}", NEW."{I}");
END;
CREATE TRIGGER "rtree_{T}_{C}_delete" AFTER DELETE ON "{T}"
  WHEN OLD."{C}" NOT NULL
BEGIN
  DELETE FROM "rtree_{T}_{C}" WHERE id = OLD."{I}";
END;
)sql";

constexpr std::string_view kRtreeMake = R"sql(
CREATE VIRTUAL TABLE "rtree_{T}_{C}" USING rtree(id, minx, maxx, miny, maxy);
INSERT INTO "rtree_{T}_{C}"
  SELECT "{I}", ST_MinX("{C}"), ST_MaxX("{C}"), ST_MinY("{C}"), ST_MaxY("{C}") FROM "{T}"
  WHERE "{C}" NOT NULL AND NOT ST_IsEmpty("{C}");
INSERT INTO gpkg_extensions VALUES ('{T}', '{C}', 'gpkg_rtree_index',
  'http://www.geopackage.org/spec130/#extension_rtree', 'write-only');
)sql";

std::string fill_in(std::string_view text, std::string_view table, std::string_view column,
                    std::string_view key) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view mark = text.substr(i, 3);
    if (mark == "{T}" || mark == "{C}" || mark == "{I}") {
      out += mark == "{T}" ? table : mark == "{C}" ? column : key;
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Result<> prepare_geopackage(Db* db) {
  YIPAN_ASSIGN(const int64_t id, pragma_int(db, "PRAGMA application_id"));
  YIPAN_ASSIGN(const int64_t tables, pragma_int(db, "SELECT count(*) FROM sqlite_master"));
  if (id == 0 && tables == 0 && !db->read_only) {
    YIPAN_TRY(db->run("BEGIN IMMEDIATE"));
    // Another process may have made it meanwhile.
    YIPAN_ASSIGN(const int64_t now, pragma_int(db, "SELECT count(*) FROM sqlite_master"));
    if (now == 0) YIPAN_TRY(db->run(kMakeFile));
    YIPAN_TRY(db->run("COMMIT"));
  } else if (id != kApplicationId && !db->read_only) {
    return fail(
        Error("store.foreign")
            .zh(fmt::format("{} 是另一种 SQLite 数据库，不是 GeoPackage", db->path))
            .en(fmt::format("{} is an SQLite database of another kind, no GeoPackage", db->path))
            .file(db->path)
            .remedy("请换一个文件，或以只读方式打开", "choose another file, or open it read-only"));
  }
  db->is_ours = sqlite3_table_column_metadata(db->handle, "main", "y_store", "key", nullptr,
                                              nullptr, nullptr, nullptr, nullptr) == SQLITE_OK;
  return {};
}

std::string declared_type(const ColumnSpec& column) {
  switch (column.type) {
    case Type::boolean:
      return "BOOLEAN";
    case Type::integer:
      return "INTEGER";
    case Type::real:
      return "DOUBLE";
    case Type::text:
      return "TEXT";
    case Type::date:
      return "DATE";
    case Type::instant:
      return "TEXT(27)";
    case Type::geometry:
      return column.geometry_type.empty() ? "GEOMETRY" : column.geometry_type;
    case Type::bytes:
      return "BLOB";
  }
  return "BLOB";
}

std::optional<Type> type_of_declaration(std::string_view declaration, bool is_ours) {
  if (is_ours && declaration == "TEXT(27)") return Type::instant;
  std::string name;
  for (const char c : declaration.substr(0, declaration.find('('))) {
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  while (!name.empty() && name.back() == ' ') name.pop_back();
  static constexpr std::pair<std::string_view, Type> kTypes[] = {{"BOOLEAN", Type::boolean},
                                                                 {"TINYINT", Type::integer},
                                                                 {"SMALLINT", Type::integer},
                                                                 {"MEDIUMINT", Type::integer},
                                                                 {"INT", Type::integer},
                                                                 {"INTEGER", Type::integer},
                                                                 {"BIGINT", Type::integer},
                                                                 {"FLOAT", Type::real},
                                                                 {"DOUBLE", Type::real},
                                                                 {"REAL", Type::real},
                                                                 {"DOUBLE PRECISION", Type::real},
                                                                 {"TEXT", Type::text},
                                                                 {"VARCHAR", Type::text},
                                                                 {"BLOB", Type::bytes},
                                                                 {"DATE", Type::date},
                                                                 {"DATETIME", Type::instant}};
  for (const auto& [known, type] : kTypes) {
    if (name == known) return type;
  }
  if (!name.empty() && wkb_type_of_name(name) != ~0U) return Type::geometry;
  return std::nullopt;
}

std::string create_table_sql(const TableSpec& table) {
  const ColumnSpec* key = integer_key(table);
  std::string sql = fmt::format("CREATE {}TABLE {} (", table.temporary ? "TEMP " : "",
                                quote_identifier(table.name));
  const bool own_key = table.listed && !table.temporary && key == nullptr;
  if (own_key)
    sql += quote_identifier(key_name(table)) + " INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL";
  bool first = !own_key;
  for (const ColumnSpec& column : table.columns) {
    if (!first) sql += ", ";
    first = false;
    sql += quote_identifier(column.name) + " " + declared_type(column);
    if (&column == key) sql += " PRIMARY KEY NOT NULL";
    if (&column != key && is_required(table, column)) sql += " NOT NULL";
  }
  if (key == nullptr && !table.primary_key.empty()) {
    sql += ", UNIQUE (" + quoted_list(table.primary_key) + ")";
  }
  return sql + ")";
}

Result<> list_table(Db* db, const TableSpec& table) {
  const ColumnSpec* geometry = geometry_column(table);
  const Value title(table.title.empty() ? table.name : table.title);
  if (geometry != nullptr) {
    // Of other systems the EPSG code is enough: readers look it up.
    YIPAN_TRY(run_with(db,
                       "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES "
                       "('EPSG:' || $1, $1, 'EPSG', $1, 'undefined', NULL)",
                       {Value(table.srid)}));
  }
  // Identifiers are unique in gpkg_contents: a second table of the same title shows its name too.
  YIPAN_TRY(run_with(
      db,
      "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) "
      "VALUES ($1, $2, CASE WHEN EXISTS (SELECT 1 FROM gpkg_contents WHERE identifier = $3) "
      "THEN $3 || ' (' || $1 || ')' ELSE $3 END, $4, $5)",
      {Value(table.name), Value(geometry != nullptr ? "features" : "attributes"), title,
       Value(table.description), geometry != nullptr ? Value(table.srid) : Value()}));
  if (geometry == nullptr) return {};
  return run_with(db, "INSERT INTO gpkg_geometry_columns VALUES ($1, $2, $3, $4, 0, 0)",
                  {Value(table.name), Value(geometry->name), Value(declared_type(*geometry)),
                   Value(table.srid)});
}

Result<> unlist_table(Db* db, std::string_view table) {
  YIPAN_ASSIGN(Statement statement,
               db->take("SELECT column_name FROM gpkg_extensions WHERE table_name = $1 AND "
                        "extension_name = 'gpkg_rtree_index'"));
  YIPAN_TRY(bind_all(db, statement.get(), {Value(table)}));
  std::string drops;
  while (sqlite3_step(statement.get()) == SQLITE_ROW) {
    const auto* column = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0));
    drops += fmt::format("DROP TABLE IF EXISTS {};",
                         quote_identifier(fmt::format("rtree_{}_{}", table, column)));
  }
  statement.reset();
  YIPAN_TRY(db->run(drops.c_str()));
  for (const char* listing : {"gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents"}) {
    YIPAN_TRY(
        run_with(db, fmt::format("DELETE FROM {} WHERE table_name = $1", listing), {Value(table)}));
  }
  return {};
}

Result<> create_rtrees(Db* db, const TableSpec& table) {
  const ColumnSpec* column = geometry_column(table);
  if (column == nullptr || !table.listed || table.temporary) return {};
  const std::string rtree = fmt::format("rtree_{}_{}", table.name, column->name);
  if (sqlite3_table_column_metadata(db->handle, "main", rtree.c_str(), nullptr, nullptr, nullptr,
                                    nullptr, nullptr, nullptr) == SQLITE_OK) {
    return {};
  }
  if (sqlite3_compileoption_used("ENABLE_RTREE") == 0) return {};
  const std::string key = key_name(table);
  YIPAN_TRY(db->run(fill_in(kRtreeMake, table.name, column->name, key).c_str()));
  return db->run(fill_in(kRtreeTriggers, table.name, column->name, key).c_str());
}

Result<> update_contents(Db* db, std::string_view table) {
  std::string column;
  {
    YIPAN_ASSIGN(Statement statement,
                 db->take("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = $1"));
    YIPAN_TRY(bind_all(db, statement.get(), {Value(table)}));
    if (sqlite3_step(statement.get()) == SQLITE_ROW) {
      column = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), 0));
    }
    db->give_back(std::move(statement));
  }
  std::string sql = "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
  if (!column.empty()) {
    const std::string c = quote_identifier(column);
    sql += fmt::format(
        ", (min_x, min_y, max_x, max_y) = (SELECT min(ST_MinX({0})), min(ST_MinY({0})), "
        "max(ST_MaxX({0})), max(ST_MaxY({0})) FROM {1})",
        c, quote_identifier(table));
  }
  sql += " WHERE table_name = " + quote_text(table);
  return db->run(sql.c_str());
}

}  // namespace yipan::store
