// A small city for intake's tests: a folder for people's files, a ledger, a board in SQLite.
#ifndef YIPAN_INTAKE_CITY_FOR_TESTS_H_
#define YIPAN_INTAKE_CITY_FOR_TESTS_H_

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "yipan/intake.h"

namespace yipan::intake {

inline constexpr std::string_view kTestSchemas = R"({"format":"yipan-schemas/1","tables":[
 {"name":"organisations","title":"单位","title_en":"Organisations","fields":[
   {"name":"id","type":"string","title":"单位编号","title_en":"Organisation id"},
   {"name":"name","type":"string","title":"单位名称","title_en":"Name",
    "constraints":{"required":true,"maxLength":20}}],
  "primaryKey":["id"]},
 {"name":"projects","title":"项目","title_en":"Projects","fields":[
   {"name":"id","type":"string","title":"项目编号","title_en":"Project id",
    "constraints":{"required":true,"maxLength":40}},
   {"name":"name","type":"string","title":"项目名称","title_en":"Project name"},
   {"name":"owner_id","type":"string","title":"业主","title_en":"Owner"},
   {"name":"state","type":"string","title":"状态","title_en":"State",
    "categories":[{"value":"building","label":"在建","label_en":"being built"},
                  {"value":"done","label":"完工","label_en":"done"}],
    "constraints":{"enum":["building","done"]}},
   {"name":"invest_fen","type":"integer","title":"投资额","title_en":"Investment","unit":"fen",
    "constraints":{"minimum":0}},
   {"name":"area_m2","type":"number","title":"占地面积","title_en":"Area","unit":"m2",
    "constraints":{"minimum":0}},
   {"name":"share_permille","type":"integer","title":"占比","title_en":"Share","unit":"permille"},
   {"name":"started_on","type":"date","title":"开工日期","title_en":"Started"},
   {"name":"public","type":"boolean","title":"公开","title_en":"Public"},
   {"name":"geom","type":"geojson","geometry":"multipolygon","title":"范围","title_en":"Shape"}],
  "primaryKey":["id"],
  "foreignKeys":[{"fields":["owner_id"],"reference":{"resource":"organisations","fields":["id"]}}]}
]})";

class TestCity {
 public:
  // `ledger_files`: where the ledger lives, if not on the real disk.
  explicit TestCity(const std::string& schema_directory = "", Files* ledger_files = nullptr)
      : ledger_files_(ledger_files),
        folder_(std::move(TempDir::make().value())),
        clock_(Instant::from_micros(1'669'190'400'000'000)),
        signer_(std::move(
            ledger::Signer::generate("test.example/city", std::string(32, 's')).value())) {
    open_ledger();
    adopt(schema_directory);
    open_board("sqlite:" + folder_.path() + "/board.gpkg");
  }

  Context context() {
    return {&Files::posix(), &clock_, &Logger::none(), ledger_.get(), board_.get()};
  }
  ledger::Ledger& ledger() { return *ledger_; }
  board::Board& board() { return *board_; }
  ManualClock& clock() { return clock_; }
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  std::string read(const std::string& file) const {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  ImportOptions options(const std::string& file, const std::string& table) const {
    ImportOptions o;
    o.path = file;
    o.table = table;
    o.dataset = "test/" + table;
    o.who = "tester";
    return o;
  }
  Result<ImportOutcome> import(const std::string& name, std::string_view content,
                               const std::string& table) {
    return import_file(context(), options(write(name, content), table));
  }
  // The rows of a query, fields separated by "|", rows by newlines.
  std::string rows(const std::string& sql) {
    auto result = board_->connection().query(sql);
    if (!result) return result.error().to_string_en();
    std::string out;
    Batch batch;
    while ((*result)->next(&batch).value_or(false)) {
      for (size_t r = 0; r < batch.rows(); ++r) {
        for (size_t c = 0; c < batch.columns.size(); ++c) {
          out += (c > 0 ? "|" : "") + board::value_text(batch.columns[c], r);
        }
        out += '\n';
      }
    }
    return out;
  }
  void open_board(const std::string& url) {
    open_board(std::move(store::open({.url = url}).value()));
  }
  void open_board(std::unique_ptr<store::Connection> connection) {
    board_.reset();
    board::BoardOptions options;
    options.connection = std::move(connection);
    options.ledger = ledger_.get();
    auto opened = board::Board::open(std::move(options));
    if (!opened) ADD_FAILURE() << opened.error().to_string_en();
    board_ = std::move(*opened);
  }

 private:
  void open_ledger() {
    ledger::Options options;
    options.files = ledger_files_ != nullptr ? ledger_files_ : &Files::posix();
    options.clock = &clock_;
    options.logger = &Logger::none();
    options.directory = ledger_files_ != nullptr ? "/ledger" : folder_.path() + "/ledger";
    options.origin = "test.example/city";
    options.signer = &signer_;
    options.background = false;
    ledger_ = std::move(ledger::Ledger::open(options).value());
  }
  void adopt(const std::string& schema_directory) {
    auto schemas = schema_directory.empty()
                       ? board::Schemas::parse_bundle(kTestSchemas)
                       : board::Schemas::load(Files::posix(), schema_directory);
    if (!schemas) ADD_FAILURE() << schemas.error().to_string_en();
    ledger::Entry entry;
    entry.who = "tester";
    entry.when = clock_.now();
    entry.what = "schema.adopt";
    entry.on = "schema";
    entry.body = "{}";
    entry.evidence = {ledger_->put_blob(schemas->bundle()).value()};
    EXPECT_TRUE(ledger_->append(entry).has_value());
  }

  Files* ledger_files_;
  TempDir folder_;
  ManualClock clock_;
  ledger::Signer signer_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<board::Board> board_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_CITY_FOR_TESTS_H_
