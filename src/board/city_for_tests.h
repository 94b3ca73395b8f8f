// A small city for the board's tests: a ledger in a temporary folder, a schema with two tables, and
// imports written as text: one row a line, fields separated by spaces, "-" for null.
#ifndef YIPAN_BOARD_CITY_FOR_TESTS_H_
#define YIPAN_BOARD_CITY_FOR_TESTS_H_

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "board/schema_parse.h"
#include "yipan/board.h"
#include "yipan/clock.h"

namespace yipan::board {

inline constexpr std::string_view kTestSchemas = R"({"format":"yipan-schemas/1","tables":[
 {"name":"organisations","title":"单位","title_en":"Organisations","fields":[
   {"name":"id","type":"string","title":"编号","title_en":"Id"},
   {"name":"name","type":"string","title":"名称","title_en":"Name"},
   {"name":"parent_id","type":"string","title":"上级","title_en":"Parent"}],
  "primaryKey":["id"],
  "foreignKeys":[{"fields":["parent_id"],
    "reference":{"resource":"organisations","fields":["id"]}}]},
 {"name":"projects","title":"项目","title_en":"Projects","fields":[
   {"name":"id","type":"string","title":"编号","title_en":"Id"},
   {"name":"year","type":"integer","title":"年","title_en":"Year"},
   {"name":"owner_id","type":"string","title":"业主","title_en":"Owner"},
   {"name":"cost_fen","type":"integer","title":"投资","title_en":"Cost","unit":"fen"},
   {"name":"share","type":"number","title":"占比","title_en":"Share"},
   {"name":"begun_on","type":"date","title":"开工","title_en":"Begun"},
   {"name":"done","type":"boolean","title":"完成","title_en":"Done"},
   {"name":"seen_at","type":"datetime","title":"巡查","title_en":"Seen"},
   {"name":"place","type":"geojson","geometry":"point","title":"位置","title_en":"Place"}],
  "primaryKey":["id","year"],"indexes":[["owner_id"]],
  "foreignKeys":[{"fields":["owner_id"],"reference":{"resource":"organisations","fields":["id"]}}]}
]})";

inline std::string point_wkb(double x, double y) {
  std::string out("\x01\x01\0\0\0", 5);
  out.append(reinterpret_cast<const char*>(&x), 8);
  out.append(reinterpret_cast<const char*>(&y), 8);
  return out;
}

inline void append_word(const std::string& word, Column* column) {
  if (word == "-") return column->append_null();
  switch (column->type()) {
    case Type::integer:
      return column->append_int(std::stoll(word));
    case Type::real:
      return column->append_real(std::stod(word));
    case Type::boolean:
      return column->append_int(word == "true" ? 1 : 0);
    case Type::date:
      return column->append_int(Date::parse(word)->days());
    case Type::instant:
      return column->append_int(Instant::parse(word)->micros());
    case Type::geometry:
      return column->append_bytes(point_wkb(std::stod(word), 34.5));
    default:
      return column->append_bytes(word);
  }
}

class TestCity {
 public:
  TestCity() : folder_(make_folder()), clock_(first_moment()) { open(); }

  // Closes and opens the ledger anew, as after a crash.
  void open() {
    ledger_.reset();
    ledger::Options options;
    options.files = &Files::posix();
    options.clock = &clock_;
    options.logger = &Logger::none();
    options.directory = folder_.path() + "/ledger";
    options.origin = "test.example/city";
    options.signer = &signer_;
    auto opened = ledger::Ledger::open(options);
    ASSERT_TRUE(opened.has_value()) << opened.error().to_string_en();
    ledger_ = std::move(*opened);
  }
  ledger::Ledger& ledger() { return *ledger_; }
  ManualClock& clock() { return clock_; }

  ledger::Entry entry(const std::string& what, const std::string& on, const std::string& body,
                      std::vector<Hash256> evidence = {}) {
    clock_.advance_micros(1'000'000);
    ledger::Entry out;
    out.who = "test";
    out.when = clock_.now();
    out.what = what;
    out.on = on;
    out.body = body;
    out.evidence = std::move(evidence);
    return out;
  }

  ledger::Entry adoption(std::string_view bundle = kTestSchemas) {
    auto schemas = Schemas::parse_bundle(bundle);
    EXPECT_TRUE(schemas.has_value()) << (schemas ? "" : schemas.error().to_string_en());
    schemas_ = std::move(*schemas);
    const auto blob = ledger_->put_blob(schemas_.bundle());
    EXPECT_TRUE(blob.has_value());
    return entry("schema.adopt", "schema", "{}", {*blob});
  }

  ledger::Entry import(const std::string& dataset, const std::string& table,
                       const std::string& rows, const std::string& reason = "") {
    const TableSchema* schema = schemas_.find(table);
    RowsetHeader header{table, {}, schema->types()};
    for (const Field& field : schema->fields) header.fields.push_back(field.name);
    Batch batch(header.types);
    std::vector<uint64_t> source;
    std::istringstream lines(rows);
    std::string line;
    while (std::getline(lines, line)) {
      std::istringstream words(line);
      for (Column& column : batch.columns) {
        std::string word = "-";
        words >> word;
        append_word(word, &column);
      }
      source.push_back(source.size() + 2);
    }
    return import_batch(dataset, header, batch, source, reason, rows);
  }

  ledger::Entry import_batch(const std::string& dataset, const RowsetHeader& header,
                             const Batch& batch, const std::vector<uint64_t>& source,
                             const std::string& reason, const std::string& file) {
    DatasetImport body;
    body.dataset = dataset;
    body.table = header.table;
    body.reason = reason;
    body.file = dataset + ".csv";
    body.encoding = "utf-8";
    body.file_hash = ledger_->put_blob(file).value();
    auto blob = std::move(ledger_->new_blob().value());
    RowsetWriter writer(blob.get(), header);
    EXPECT_TRUE(writer.append(batch, source).has_value());
    body.rows = writer.finish().value();
    body.rowset_hash = blob->commit().value();
    return entry("dataset.import", dataset, body.to_json(), {body.file_hash, body.rowset_hash});
  }

  ledger::Entry withdrawal(const std::string& dataset, const std::string& reason = "") {
    return entry("dataset.withdraw", dataset, DatasetWithdrawal{dataset, reason}.to_json());
  }

  Result<std::unique_ptr<Board>> board(std::unique_ptr<store::Connection> connection,
                                       BoardMode mode = BoardMode::apply) {
    BoardOptions options;
    options.connection = std::move(connection);
    options.ledger = ledger_.get();
    options.mode = mode;
    options.scratch_directory = folder_.path();
    return Board::open(std::move(options));
  }

  // As intake does it: stage, look at the violations, append, commit.
  Result<Diff> submit(Board& board, const ledger::Entry& entry) {
    YIPAN_ASSIGN(const auto staged, board.stage(entry, ledger_->size()));
    for (const Violation& v : staged->violations()) {
      if (v.kind == Violation::Kind::duplicate_key) return fail(Error("test.duplicates"));
    }
    YIPAN_TRY(ledger_->append(entry));
    YIPAN_TRY(staged->commit());
    return staged->diff();
  }

 private:
  // In memory where that is possible: these tests are about content, not about disks.
  static TempDir make_folder() {
    auto folder = TempDir::make("/dev/shm");
    if (!folder) folder = TempDir::make();
    return std::move(*folder);
  }
  static Instant first_moment() { return Instant::parse("2022-11-01T00:00:00Z").value(); }
  TempDir folder_;
  ManualClock clock_;
  ledger::Signer signer_ =
      std::move(ledger::Signer::generate("test.example/city", std::string(32, 's')).value());
  std::unique_ptr<ledger::Ledger> ledger_;
  Schemas schemas_;
};

// A table as text: one row a line, columns separated by spaces, in key order.
inline std::string dump(Board& board, const std::string& from, const std::string& columns,
                        const std::string& order) {
  const auto rows = board.connection().query("SELECT " + columns + " FROM " + from + " t " + order);
  if (!rows) return rows.error().to_string_en();
  std::string out;
  Batch batch;
  while (true) {
    const auto more = (*rows)->next(&batch);
    if (!more) return more.error().to_string_en();
    if (!*more) return out;
    for (size_t i = 0; i < batch.rows(); ++i) {
      for (size_t c = 0; c < batch.columns.size(); ++c) {
        if (c != 0) out += ' ';
        out += batch.columns[c].is_null(i) ? "-" : value_text(batch.columns[c], i);
      }
      out += '\n';
    }
  }
}

}  // namespace yipan::board

#endif  // YIPAN_BOARD_CITY_FOR_TESTS_H_
