// Intake: people's files become sourced rows of the board.
//
//   intake::Context city{files, clock, logger, ledger, board};
//   auto outcome = intake::import_file(city, {.path = "投资.xlsx", .mapping_path =
//       "rulebook/mappings/investment.mapping.toml", .dataset = "xx/projects", .who = "liwei"});
//   if (!outcome) show(outcome.error());                 // the file as a whole could not be read
//   else show(outcome->log.summary_zh());                // what came in, what was refused, and why
//
// What it reads
//   CSV (RFC 4180; UTF-8, GB18030, UTF-16; any delimiter; title rows above and unit rows under the
//   header), XLSX, GeoJSON, TopoJSON, GeoPackage, shapefile (.zip or .shp, through ogr2ogr), any of
//   the text formats as .gz, OC4IDS 0.9.5 packages, and Frictionless data packages of all these.
//   The format is told by the content; a mapping may name it.
//
// How a file becomes rows
//   copied into the ledger's evidence (a change during the copy is an error) -> read from there as
//   records -> mapped to the table's fields (docs/formats/mapping.md; without a mapping, columns
//   are matched by field name or title, units in headers converted) -> checked against the schema
//   -> written as a rowset blob -> staged on the board, where keys and references are checked ->
//   entered in the ledger -> committed. Every row keeps the row number it had in the file.
//
// All or nothing
//   If one row is refused, nothing comes in, unless accept_partial is set. Either way the refused
//   rows stand in NAME.refused.csv beside the file (or in side_directory), each with its row,
//   reasons and remedies. Mend them there and offer that file as `mended_path` with the original:
//   mended rows take the place of the refused ones, under their old row numbers.
//   NAME.quality.json is the quality log (docs/formats/quality-log.md); of an accepted import it is
//   evidence in the ledger too.
//
// The same file again
//   An identical file with an identical mapping says so (Status::unchanged, `entry` is the earlier
//   one) and makes no new vintage.
//
// Memory is bounded whatever the file's size: blocks, batches and lists all have limits; keys seen
// are sorted in runs on disk. Not thread-safe. Nothing throws.
#ifndef YIPAN_INTAKE_H_
#define YIPAN_INTAKE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/board.h"
#include "yipan/clock.h"
#include "yipan/file.h"
#include "yipan/ledger.h"
#include "yipan/log.h"
#include "yipan/result.h"
#include "yipan/store.h"

namespace yipan::intake {

// ---- options ---------------------------------------------------------------------------------

// What a file may ask of the machine. Each limit's error names it and says what to do.
struct Limits {
  size_t cell_bytes_max = size_t{1} << 20;
  size_t row_bytes_max = size_t{8} << 20;
  size_t columns_max = 4096;
  size_t feature_bytes_max = size_t{64} << 20;  // one GeoJSON feature
  uint64_t document_bytes_max = uint64_t{512}
                                << 20;              // formats that are read whole: TopoJSON, OC4IDS
  uint64_t unzipped_bytes_max = uint64_t{4} << 30;  // one XLSX, one .gz: after decompression
  uint64_t unzip_ratio_max = 200;                   // beyond the first 16 MiB
  size_t shared_strings_bytes_max = size_t{128} << 20;
  size_t issues_kept = 1000;  // refusals listed in the log; all are counted
};

struct Progress {
  enum class Phase : uint8_t { copying, reading, checking, entering };
  Phase phase = Phase::copying;
  uint64_t done = 0;   // bytes when copying, else rows
  uint64_t total = 0;  // 0: not known
};
using ProgressFn = std::function<void(const Progress&)>;

// What intake works with; all of it belongs to the caller. ledger and board may be null for
// preview only.
struct Context {
  Files* files = nullptr;
  const Clock* clock = nullptr;
  const Logger* logger = nullptr;  // may be null
  ledger::Ledger* ledger = nullptr;
  board::Board* board = nullptr;
};

struct ImportOptions {
  std::string path;
  std::string mapping_path;     // *.mapping.toml; "": match columns by name and title
  std::string dataset;          // "xx/projects"; "": the mapping's
  std::string table;            // "": the mapping's
  std::string sheet;            // XLSX sheet, GeoPackage layer, TopoJSON object; "": the mapping's
  std::string mended_path;      // a mended NAME.refused.csv
  std::string side_directory;   // where .refused.csv and .quality.json go; "": beside the file
  std::string who;              // account; must not be empty
  std::string reason;           // why there is a new vintage
  std::string idempotency_key;  // "": made from the dataset, the file and the mapping
  bool accept_partial = false;
  bool dry_run = false;    // everything but the entry; the board is left as it was
  bool synthetic = false;  // generated data: says so on every page
  Limits limits;
  ProgressFn progress;
};

// ---- quality log -----------------------------------------------------------------------------

// Something about one cell or row. For refusals `code` is the Error's; for warnings it is
// "intake.warning.*" and `count` says how often it was seen (place and value: the first time).
struct Issue {
  std::string code;
  uint64_t row = 0;    // in the file, from 1; 0: the whole file
  std::string column;  // as it stands in the file
  std::string field;   // of the board's table, if known
  std::string value;   // shortened to 200 bytes
  std::string zh, en;
  std::string remedy_zh, remedy_en;
  uint64_t count = 1;
};

struct ColumnReport {
  std::string field;
  std::vector<std::string> from;   // source columns; empty: constant
  std::string unit_from, unit_to;  // ids of yipan/units.h; "" = none
  uint64_t filled = 0;
  uint64_t missing = 0;
};

struct QualityLog {
  std::string dataset, table;
  std::string file, sheet, format, encoding, delimiter;
  std::string file_sha256, mapping_file, mapping_sha256, mended_sha256;
  std::string crs;       // coordinate system found or declared, "" without geometry
  std::string currency;  // declared by the mapping, if amounts are not in yuan
  uint64_t header_row = 0;
  uint64_t rows_read = 0;  // records offered to the table (after skipping and unpivoting)
  uint64_t rows_skipped = 0;
  uint64_t rows_accepted = 0;
  uint64_t rows_refused = 0;
  uint64_t rows_mended = 0;
  bool synthetic = false;
  std::vector<ColumnReport> columns;
  std::vector<std::string> unmapped;                         // source columns that were not used
  std::vector<std::pair<std::string, std::string>> ignored;  // declared so: column, reason
  std::vector<Issue> refusals;          // the first Limits::issues_kept, in file order
  std::vector<Issue> refusals_by_kind;  // one per code and column, with count
  std::vector<Issue> warnings;          // one per code and column, with count
  std::string to_json() const;          // canonical (docs/formats/quality-log.md)
  std::string summary_zh() const;
  std::string summary_en() const;
};

// ---- import ----------------------------------------------------------------------------------

enum class Status : uint8_t {
  accepted,   // every row came in
  partial,    // accept_partial: the good rows came in
  refused,    // nothing came in: see the log
  unchanged,  // the same file with the same mapping is `entry` already
  checked,    // dry_run: every row (or with accept_partial, the good ones) would have come in
};
std::string_view to_string(Status status);

struct ImportOutcome {
  Status status = Status::refused;
  uint64_t entry = 0;  // ledger index (accepted, partial, unchanged)
  board::Diff diff;    // against the vintage before
  QualityLog log;
  std::string refused_path;  // "" if no row was refused
  std::string log_path;
};

// Errors, besides those of files, ledger and board:
//   intake.options.*       dataset, table or who is missing
//   intake.format.*        not a format that is read; .xls; password-protected
//   intake.encoding.*      a byte that fits neither UTF-8 nor GB18030, with row and column
//   intake.csv.* intake.xlsx.* intake.geojson.* intake.topojson.* intake.gpkg.* intake.shapefile.*
//   intake.mapping.*       with file, line and key
//   intake.limit.*         a limit of Limits
//   intake.crs.*           a coordinate system that is unknown or does not fit the coordinates
//   intake.file.changed    the file changed while it was copied
// What is wrong with single rows is not an error but a refusal in the log.
Result<ImportOutcome> import_file(const Context& context, const ImportOptions& options);

// A Frictionless data package: a folder with datapackage.json, or that file's path. Resources are
// imported in the tables' dependency order, each as the dataset "PACKAGE/RESOURCE"
// (docs/formats/sources.md). Stops at the first that is refused, saying which had come in.
struct PackageOptions {
  std::string path;
  std::string data_directory;  // where files are looked for that are not beside datapackage.json
  std::string who;
  std::string reason;
  std::string side_directory;
  bool accept_partial = false;
  bool dry_run = false;
  Limits limits;
  std::function<void(std::string_view resource, const Progress&)> progress;
};
struct PackageOutcome {
  std::string name;
  bool synthetic = false;
  std::vector<ImportOutcome> resources;  // in the order of import
  bool complete = false;                 // every resource came in or was unchanged
};
Result<PackageOutcome> import_package(const Context& context, const PackageOptions& options);

// An OC4IDS 0.9.5 project package (docs/formats/sources.md says which fields go where). Each table
// of the board that the package fills is one dataset, "DATASET/TABLE".
Result<PackageOutcome> import_oc4ids(const Context& context, const ImportOptions& options);

// ---- preview ---------------------------------------------------------------------------------

struct PreviewColumn {
  std::string name;     // as in the file, multi-row headers joined by "/"
  std::string field;    // the board column it would go to; "" if none fits
  std::string unit;     // id, from the header
  std::string type;     // "integer", "number", "date", "text", "geometry", "empty": of the sample
  uint64_t filled = 0;  // in the sample
};
struct Preview {
  std::string format, encoding, delimiter, sheet, crs;
  std::vector<std::string> sheets;  // "NAME" or "NAME (hidden)"
  uint64_t header_row = 0;          // 0: none found
  std::vector<PreviewColumn> columns;
  std::vector<std::vector<std::string>> rows;  // the first `rows_max`, as text
  std::string table;                           // the table that fits best, "" if none
  std::string mapping_toml;                    // a mapping to start from
};
struct PreviewOptions {
  std::string path;
  std::string mapping_path;
  std::string sheet;
  std::string table;                        // "": the best fit among `schemas`
  const board::Schemas* schemas = nullptr;  // null: no fields are proposed
  size_t rows_max = 20;
  Limits limits;
};
Result<Preview> preview(const Context& context, const PreviewOptions& options);

// ---- coordinates -----------------------------------------------------------------------------

// GCJ-02 is the shifted system of Chinese web maps. WGS-84 and CGCS2000 differ by centimetres and
// are one at cadastral tolerance (GB/T 18314; docs/formats/mapping.md, "coordinates").
struct LonLat {
  double lon_deg = 0;
  double lat_deg = 0;
};
LonLat wgs84_to_gcj02(LonLat point);
// The inverse, iterated until the forward formula gives the point again within 1e-10 degrees.
LonLat gcj02_to_wgs84(LonLat point);
// Inside the rectangle where the shift is applied (72.004-137.8347 E, 0.8293-55.8271 N).
bool in_gcj02_area(LonLat point);

// ---- export ----------------------------------------------------------------------------------

// Plain files out. Rows are in primary-key order, columns in schema order, without the y_ columns
// unless `provenance`; the bytes are the same from run to run and from either database.
struct ExportOptions {
  std::vector<std::string> tables;  // CSV, XLSX: one file or sheet each; empty: all that have rows
  std::optional<uint64_t> ledger_size;  // as the board stood after so many entries
  bool provenance = false;              // with y_entry, y_row
  bool titles_zh = false;               // CSV header: Chinese titles with units, else field names
  bool bom = true;                      // CSV: so that Excel opens it as UTF-8
  std::string package_name;             // data package: its name
  std::string package_title;
  bool synthetic = false;
};
// `path` of CSV is a file (exactly one table). Geometry is WKT in CSV and XLSX.
Result<uint64_t> export_csv(const Context& context, const std::string& path,
                            const ExportOptions& options);
// Typed cells, Chinese titles, frozen header, and a sheet of definitions (指标口径).
Result<uint64_t> export_xlsx(const Context& context, const std::string& path,
                             const ExportOptions& options);
Result<uint64_t> export_geopackage(const Context& context, const std::string& path,
                                   const ExportOptions& options);
// A folder: datapackage.json and data/TABLE.csv, which import_package reads back.
Result<uint64_t> export_package(const Context& context, const std::string& directory,
                                const ExportOptions& options);
// OC4IDS 0.9.5 project package. `prefix` is the registered project identifier prefix
// ("oc4ids-xxxxxx"). Returns the number of projects.
struct Oc4idsOptions {
  std::string prefix;
  std::string publisher;
  std::string uri;
  std::optional<uint64_t> ledger_size;
};
Result<uint64_t> export_oc4ids(const Context& context, const std::string& path,
                               const Oc4idsOptions& options);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_H_
