// GeoPackage layers and attribute tables as records (OGC 12-128r17), read with SQLite itself: the
// file is another's, and its columns may hold anything.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>

#include "intake/header.h"
#include "intake/source.h"
#include "yipan/store.h"

namespace yipan::intake {
namespace {

constexpr size_t kCopyBytes = size_t{1} << 20;

struct DbClose {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct StatementClose {
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using DbPtr = std::unique_ptr<sqlite3, DbClose>;
using StatementPtr = std::unique_ptr<sqlite3_stmt, StatementClose>;

class GeopackageSource : public RecordSource {
 public:
  Result<> start(const Input& input, const OpenRequest& request);
  const std::vector<SourceColumn>& columns() const override { return columns_; }
  const SourceFacts& facts() const override { return facts_; }
  Result<Step> next(RawRecord* record) override;

 private:
  Error broken() const;
  Result<> open_copy(const Input& input);
  Result<StatementPtr> prepare(const std::string& sql) const;
  Result<std::vector<std::string>> texts(const std::string& sql) const;
  Result<> choose_layer(const std::string& wanted);
  Result<> read_crs();
  Result<> fill(int column, RawRecord* record);

  std::unique_ptr<TempDir> directory_;
  std::string name_;
  DbPtr db_;
  StatementPtr rows_;
  std::vector<SourceColumn> columns_;
  SourceFacts facts_;
  uint64_t row_ = 0;
};

Error GeopackageSource::broken() const {
  const char* why = db_ != nullptr ? sqlite3_errmsg(db_.get()) : "?";
  return Error("intake.gpkg.broken")
      .zh(fmt::format("GeoPackage 读取失败：{}", why))
      .en(fmt::format("the GeoPackage cannot be read: {}", why))
      .file(name_)
      .remedy("请在 QGIS 中打开后另存为 GeoPackage", "open it in QGIS and save it anew");
}

// SQLite wants a file of its own; the ledger's copy is not to be touched.
Result<> GeopackageSource::open_copy(const Input& input) {
  name_ = input.name;
  YIPAN_ASSIGN(TempDir made, TempDir::make());
  directory_ = std::make_unique<TempDir>(std::move(made));
  const std::string path = directory_->path() + "/layer.gpkg";
  YIPAN_ASSIGN(auto from, input.open());
  YIPAN_ASSIGN(auto to, Files::posix().open(path, Open::create_new));
  std::string block(kCopyBytes, '\0');
  for (uint64_t at = 0;;) {
    YIPAN_ASSIGN(size_t n, from->read_at(at, block.data(), block.size()));
    if (n == 0) break;
    YIPAN_TRY(to->write_at(at, {block.data(), n}));
    at += n;
  }
  sqlite3* db = nullptr;
  int code =
      sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) return fail(broken());
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 28);
  return {};
}

Result<StatementPtr> GeopackageSource::prepare(const std::string& sql) const {
  sqlite3_stmt* s = nullptr;
  if (sqlite3_prepare_v2(db_.get(), sql.c_str(), -1, &s, nullptr) != SQLITE_OK)
    return fail(broken());
  return StatementPtr(s);
}

Result<std::vector<std::string>> GeopackageSource::texts(const std::string& sql) const {
  YIPAN_ASSIGN(StatementPtr s, prepare(sql));
  std::vector<std::string> out;
  for (;;) {
    int code = sqlite3_step(s.get());
    if (code == SQLITE_DONE) return out;
    if (code != SQLITE_ROW) return fail(broken());
    const unsigned char* text = sqlite3_column_text(s.get(), 0);
    out.emplace_back(text != nullptr ? reinterpret_cast<const char*>(text) : "");
  }
}

Result<> GeopackageSource::choose_layer(const std::string& wanted) {
  YIPAN_ASSIGN(facts_.sheets, texts("SELECT table_name FROM gpkg_contents WHERE data_type IN "
                                    "('features', 'attributes') ORDER BY table_name"));
  std::string names = fmt::format("{}", fmt::join(facts_.sheets, "、"));
  const bool there =
      std::find(facts_.sheets.begin(), facts_.sheets.end(), wanted) != facts_.sheets.end();
  if (there) {
    facts_.sheet = wanted;
    return {};
  }
  if (wanted.empty() && facts_.sheets.size() == 1) {
    facts_.sheet = facts_.sheets[0];
    return {};
  }
  return fail(Error("intake.gpkg.layer")
                  .zh(wanted.empty() ? "GeoPackage 中有多个图层，须指定一个"
                                     : fmt::format("GeoPackage 中没有图层“{}”", wanted))
                  .en(wanted.empty() ? "the GeoPackage has several layers: name one"
                                     : fmt::format("the GeoPackage has no layer {}", wanted))
                  .file(name_)
                  .remedy("图层有：" + names, "its layers are: " + names));
}

// OGC 12-128r17, 1.1.2: the layer's reference system, by organisation and number, else as WKT.
Result<> GeopackageSource::read_crs() {
  sqlite3_stmt* raw = nullptr;
  const char* sql =
      "SELECT s.organization, s.organization_coordsys_id, s.definition, g.srs_id "
      "FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
      "WHERE g.table_name = ?1";
  if (sqlite3_prepare_v2(db_.get(), sql, -1, &raw, nullptr) != SQLITE_OK) return {};  // attributes
  StatementPtr s(raw);
  sqlite3_bind_text(raw, 1, facts_.sheet.data(), static_cast<int>(facts_.sheet.size()),
                    SQLITE_TRANSIENT);
  if (sqlite3_step(raw) != SQLITE_ROW) return {};
  if (sqlite3_column_int(raw, 3) <= 0) return {};  // 0, -1: undefined
  const auto* organisation = reinterpret_cast<const char*>(sqlite3_column_text(raw, 0));
  const auto* definition = reinterpret_cast<const char*>(sqlite3_column_text(raw, 2));
  std::string name = organisation != nullptr ? organisation : "";
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name == "EPSG") {
    facts_.crs = fmt::format("EPSG:{}", sqlite3_column_int(raw, 1));
  } else if (definition != nullptr) {
    facts_.crs = definition;
  }
  return {};
}

Result<> GeopackageSource::start(const Input& input, const OpenRequest& request) {
  facts_.format = "gpkg";
  YIPAN_TRY(open_copy(input));
  const Mapping* m = request.mapping;
  YIPAN_TRY(choose_layer(!request.sheet.empty() ? request.sheet : (m != nullptr ? m->sheet : "")));
  YIPAN_TRY(read_crs());
  std::string geometry;
  auto columns = texts("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = '" + [&] {
    std::string q;
    for (char c : facts_.sheet) q += c == '\'' ? std::string("''") : std::string(1, c);
    return q;
  }() + "'");
  if (columns && !columns->empty()) geometry = columns->front();
  YIPAN_ASSIGN(rows_, prepare("SELECT * FROM " + store::quote_identifier(facts_.sheet)));
  for (int c = 0; c < sqlite3_column_count(rows_.get()); ++c) {
    std::string column = sqlite3_column_name(rows_.get(), c);
    columns_.push_back({normal_name(column), column == geometry});
  }
  finish_names(&columns_);
  return {};
}

Result<> GeopackageSource::fill(int column, RawRecord* record) {
  sqlite3_stmt* s = rows_.get();
  RawCell& cell = record->cells[static_cast<size_t>(column)];
  const int type = sqlite3_column_type(s, column);
  if (type == SQLITE_NULL) return {};
  if (type == SQLITE_BLOB) {
    std::string_view blob(static_cast<const char*>(sqlite3_column_blob(s, column)),
                          static_cast<size_t>(sqlite3_column_bytes(s, column)));
    if (!columns_[static_cast<size_t>(column)].geometry) return {};
    YIPAN_ASSIGN(std::string_view wkb, store::geopackage_to_wkb(blob));
    cell = {RawCell::Kind::geometry, false, 0, wkb};
    return {};
  }
  cell.kind = type == SQLITE_TEXT ? RawCell::Kind::text : RawCell::Kind::number;
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
  cell.text = std::string_view(text, static_cast<size_t>(sqlite3_column_bytes(s, column)));
  if (cell.kind == RawCell::Kind::number && cell.text.size() > 2 &&
      cell.text.substr(cell.text.size() - 2) == ".0") {
    cell.text.remove_suffix(2);
  }
  return {};
}

Result<Step> GeopackageSource::next(RawRecord* record) {
  int code = sqlite3_step(rows_.get());
  if (code == SQLITE_DONE) return Step::end;
  if (code != SQLITE_ROW) return fail(broken());
  record->row = ++row_;
  record->line = 0;
  record->cells.assign(columns_.size(), RawCell());
  for (int c = 0; c < static_cast<int>(columns_.size()); ++c) {
    Result<> filled = fill(c, record);
    if (!filled) {
      problem_ = std::make_shared<Error>(
          Error(filled.error()).row(row_).column(columns_[static_cast<size_t>(c)].name));
      return Step::problem;
    }
  }
  return Step::record;
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_geopackage(const Input& input,
                                                      const OpenRequest& request) {
  auto source = std::make_unique<GeopackageSource>();
  YIPAN_TRY(source->start(input, request));
  return source;
}

}  // namespace yipan::intake
