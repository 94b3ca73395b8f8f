// GeoPackage files and Frictionless data packages out.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "intake/bytes.h"
#include "intake/export_rows.h"
#include "yipan/json.h"

namespace yipan::intake {
namespace {

const char* frictionless_type(Type type) {
  switch (type) {
    case Type::boolean:
      return "boolean";
    case Type::integer:
      return "integer";
    case Type::real:
      return "number";
    case Type::date:
      return "date";
    case Type::instant:
      return "datetime";
    case Type::geometry:
      return "geojson";
    case Type::text:
    case Type::bytes:
      break;
  }
  return "string";
}

nlohmann::ordered_json schema_json(const board::TableSchema& table) {
  nlohmann::ordered_json fields = nlohmann::ordered_json::array();
  for (const board::Field& f : table.fields) {
    nlohmann::ordered_json field{{"name", f.name},
                                 {"type", frictionless_type(f.type)},
                                 {"title", f.title_zh},
                                 {"title_en", f.title_en}};
    if (!f.unit.empty()) field["unit"] = f.unit;
    if (f.required) field["constraints"] = {{"required", true}};
    fields.push_back(std::move(field));
  }
  nlohmann::ordered_json keys = nlohmann::ordered_json::array();
  for (const board::ForeignKey& k : table.foreign_keys) {
    keys.push_back(
        {{"fields", k.fields}, {"reference", {{"resource", k.table}, {"fields", k.references}}}});
  }
  nlohmann::ordered_json out{{"fields", fields}, {"primaryKey", table.primary_key}};
  if (!keys.empty()) out["foreignKeys"] = keys;
  return out;
}

// Nothing of the moment it was written: the same rows give the same file.
Result<> settle(store::Connection& db) {
  YIPAN_TRY(db.script("UPDATE gpkg_contents SET last_change = '1970-01-01T00:00:00.000Z'"));
  YIPAN_ASSIGN(auto mode, db.query_text("PRAGMA journal_mode = DELETE"));
  (void)mode;
  return db.script("VACUUM");
}

Result<uint64_t> copy_table(const Context& context, const board::TableSchema& table,
                            const ExportOptions& options, store::Connection& db) {
  store::TableSpec spec = table.table_spec();
  spec.columns = export_columns(table, options);
  YIPAN_TRY(db.create_table(spec));
  YIPAN_ASSIGN(auto writer, db.bulk(table.name, spec.columns));
  YIPAN_ASSIGN(uint64_t rows, each_batch(context, table, options,
                                         [&](const Batch& b) { return writer->append(b); }));
  YIPAN_ASSIGN(uint64_t written, writer->finish());
  CHECK(written == rows);
  return rows;
}

}  // namespace

Result<uint64_t> export_geopackage(const Context& context, const std::string& path,
                                   const ExportOptions& options) {
  YIPAN_ASSIGN(auto tables, export_tables(context, options));
  const std::string part = path + ".part";
  YIPAN_ASSIGN(bool left_over, context.files->exists(part));
  if (left_over) {
    YIPAN_TRY(context.files->remove(part));
  }
  uint64_t rows = 0;
  {
    YIPAN_ASSIGN(auto db, store::open({.url = "sqlite:" + part, .read_only = false, .schema = ""}));
    YIPAN_TRY(db->begin());
    std::vector<std::string> names;
    for (const board::TableSchema* table : tables) {
      YIPAN_ASSIGN(uint64_t n, copy_table(context, *table, options, *db));
      rows += n;
      names.push_back(table->name);
    }
    YIPAN_TRY(db->commit());
    YIPAN_TRY(db->refresh_statistics(names));
    YIPAN_TRY(settle(*db));
  }
  YIPAN_TRY(context.files->rename(part, path));
  return rows;
}

Result<uint64_t> export_package(const Context& context, const std::string& directory,
                                const ExportOptions& options) {
  YIPAN_ASSIGN(auto tables, export_tables(context, options));
  YIPAN_TRY(context.files->make_directories(directory + "/data"));
  nlohmann::ordered_json resources = nlohmann::ordered_json::array();
  ExportOptions plain = options;
  plain.bom = false;
  plain.titles_zh = false;
  plain.provenance = false;
  uint64_t rows = 0;
  for (const board::TableSchema* table : tables) {
    std::string file = "data/" + table->name + ".csv";
    YIPAN_ASSIGN(uint64_t n,
                 write_csv(context, *table, plain, GeometryText::geojson, directory + "/" + file));
    rows += n;
    resources.push_back({{"name", table->name},
                         {"path", file},
                         {"table", table->name},
                         {"title", table->title_zh},
                         {"format", "csv"},
                         {"mediatype", "text/csv"},
                         {"encoding", "utf-8"},
                         {"profile", "tabular-data-resource"},
                         {"schema", schema_json(*table)}});
  }
  nlohmann::ordered_json package{
      {"name", options.package_name.empty() ? base_name(directory) : options.package_name},
      {"title", options.package_title},
      {"profile", "tabular-data-package"},
      {"synthetic", options.synthetic},
      {"resources", resources}};
  std::string text = package.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  YIPAN_TRY(write_file_atomic(*context.files, directory + "/datapackage.json", text + "\n"));
  return rows;
}

}  // namespace yipan::intake
