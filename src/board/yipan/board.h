// The board: the city's tables and their history, derived from the ledger.
//
// The tables come from rulebook/schema/*.json (Frictionless Table Schema, with units and titles in
// two languages): the one source of DDL, validation, documentation and labels. The board can be
// dropped and rebuilt from the ledger, to the same content: a state changes only in apply().
//
// How a dataset enters (intake drives this; replay does the same from the ledger's blobs):
//
//   RowsetWriter w(...);  w.append(batch, source rows); ...      // normalised rows -> blob
//   auto staged = board->stage(entry, index);                    // transaction open, rows loaded
//   staged->violations()                                         // keys, references: refuse or go on
//   ledger->append(entry);  staged->commit();                    // truth first, then the board
//   // a crash between the two: catch_up() at the next open applies the entry again.
//
// A table T of the schema becomes
//   T                current rows: the schema's columns, then
//                    y_entry (ledger index), y_source (-> y_sources), y_row (row in the source,
//                    from 1, as a person sees it), y_hash (SHA-256 of the row's canonical form)
//   T_history        rows that were superseded: the same columns, y_entry_end (the index that ended them)
//   y_sources        entry, dataset, file, sheet, file_hash, rowset_hash, encoding, imported_at, by
//   y_datasets       dataset, table, vintages: number, entry, reason, rows, added, changed, removed, same
//   y_changes        dataset, vintage, key, kind (added, changed, removed), column, old, new
//   y_entries        index, when, who, what, on (a copy of the ledger's own, for as-of by date)
#ifndef YIPAN_BOARD_H_
#define YIPAN_BOARD_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/columns.h"
#include "yipan/ledger.h"
#include "yipan/result.h"
#include "yipan/store.h"

namespace yipan::board {

// ---- schema --------------------------------------------------------------------------------

struct CodeItem {
  std::string code;
  std::string zh;
  std::string en;
};

// A field of a table schema. `unit` is an id of yipan/units.h ("" = none).
struct Field {
  std::string name;  // lower case ASCII, units last: area_m2
  Type type = Type::text;
  std::string title_zh;
  std::string title_en;
  std::string description_zh;
  std::string description_en;
  std::string unit;
  std::string format;         // geometry: "point", "polygon", ... ; text: "", "email", "uri"
  bool required = false;
  std::optional<double> minimum;
  std::optional<double> maximum;
  size_t length_max = 0;      // text, in code points; 0 = no limit
  std::string pattern;        // RE2-like, anchored
  std::vector<CodeItem> codes;  // constraints.enum with titles
};
struct ForeignKey {
  std::vector<std::string> fields;
  std::string table;
  std::vector<std::string> references;
};
struct TableSchema {
  std::string name;
  std::string title_zh;
  std::string title_en;
  std::string description_zh;
  std::string description_en;
  std::vector<Field> fields;
  std::vector<std::string> primary_key;
  std::vector<ForeignKey> foreign_keys;
  std::vector<std::vector<std::string>> indexes;
  const Field* find(std::string_view field) const;
  std::vector<Type> types() const;
  store::TableSpec table_spec() const;
};

class Schemas {
 public:
  // All *.json below `directory`. Errors name the file and the JSON pointer.
  static Result<Schemas> load(Files& files, const std::string& directory);
  static Result<Schemas> parse_bundle(std::string_view canonical);  // what bundle() wrote
  std::string bundle() const;  // one canonical JSON document: evidence of "schema.adopt"
  const TableSchema* find(std::string_view table) const;
  const std::vector<TableSchema>& all() const { return tables_; }  // in dependency order

 private:
  std::vector<TableSchema> tables_;
};

// ---- rowsets: normalised rows as a blob (docs/formats/rowset.md) ------------------------------

struct RowsetHeader {
  std::string table;
  std::vector<std::string> fields;  // the schema's, in its order
  std::vector<Type> types;
};
// Writes batches as they come; every row carries the row number of its source.
class RowsetWriter {
 public:
  RowsetWriter(ledger::Ledger::BlobWriter* out, const RowsetHeader& header);
  ~RowsetWriter();
  Result<> append(const Batch& batch, const std::vector<uint64_t>& source_rows);
  Result<uint64_t> finish();  // rows

 private:
  struct State;
  std::unique_ptr<State> state_;
};
class RowsetReader {
 public:
  static Result<std::unique_ptr<RowsetReader>> open(std::unique_ptr<File> file);
  ~RowsetReader();
  const RowsetHeader& header() const;
  Result<bool> next(Batch* batch, std::vector<uint64_t>* source_rows);

 private:
  struct State;
  explicit RowsetReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};
// SHA-256 of a row's canonical form (docs/formats/rowset.md, "row hash").
Hash256 row_hash(const Batch& batch, size_t row);

// ---- ledger entries that the board knows -------------------------------------------------------

// The body of "dataset.import".
struct DatasetImport {
  std::string dataset;      // "xx/projects": what a later file of the same name replaces
  std::string table;
  std::string reason;       // for a new vintage; "" is recorded as "none given"
  std::string file;         // name as given by the person
  std::string sheet;
  std::string encoding;
  Hash256 file_hash;        // evidence 0: the file as it came
  Hash256 rowset_hash;      // evidence 1: the rows as accepted
  std::optional<Hash256> mapping_hash;      // evidence: the mapping file
  std::optional<Hash256> quality_log_hash;  // evidence: what was refused or warned about
  uint64_t rows = 0;
  uint64_t refused = 0;
  bool synthetic = false;
  std::string to_json() const;  // canonical
  static Result<DatasetImport> parse(std::string_view json);
};

struct Violation {
  enum class Kind : uint8_t { duplicate_key, dangling_reference };
  Kind kind;
  uint64_t source_row;
  std::vector<std::string> fields;
  std::string key;         // the value that is doubled or points nowhere
  std::string references;  // "organisations.id"; or the other row, for duplicates
};

struct Diff {
  uint64_t added = 0, changed = 0, removed = 0, same = 0;
  uint64_t vintage = 1;
};

class Board;
// An entry applied in an open transaction. Dropped without commit: rolled back.
class Staged {
 public:
  virtual ~Staged() = default;
  virtual const std::vector<Violation>& violations() const = 0;  // the first 10,000
  virtual uint64_t violation_count() const = 0;
  virtual const Diff& diff() const = 0;
  virtual Result<> commit() = 0;
};

struct Provenance {
  std::string table;
  std::string key;
  uint64_t entry = 0;
  std::string dataset, file, sheet;
  uint64_t row = 0;
  Hash256 file_hash, rowset_hash, row_hash;
  std::vector<std::pair<std::string, std::string>> values;  // field -> text
};

struct HistoryItem {
  uint64_t entry = 0;      // from
  uint64_t entry_end = 0;  // 0: still current
  Instant when;
  std::string who, reason;
  std::vector<std::pair<std::string, std::string>> values;
};

struct BoardOptions {
  std::unique_ptr<store::Connection> connection;
  ledger::Ledger* ledger = nullptr;  // read only through this
  const Logger* logger = nullptr;
};

class Board {
 public:
  // Opens (or makes) the board and applies what the ledger has that the board has not.
  static Result<std::unique_ptr<Board>> open(BoardOptions options);
  virtual ~Board() = default;

  virtual store::Connection& connection() = 0;
  virtual const Schemas& schemas() const = 0;   // as adopted in the ledger
  virtual uint64_t applied() const = 0;         // ledger entries applied
  virtual Result<std::unique_ptr<Staged>> stage(const ledger::Entry& entry, uint64_t index) = 0;
  virtual Result<> catch_up(const std::function<void(uint64_t, uint64_t)>& progress = {}) = 0;

  // Drops every table and derives the board from the ledger again.
  virtual Result<> rebuild(const std::function<void(uint64_t, uint64_t)>& progress = {}) = 0;
  // A hash over all tables' content in key order: equal for equal content on either database.
  virtual Result<Hash256> content_hash() = 0;
  // Recomputes row hashes and holds the board against the ledger's rowsets. Problems name table,
  // key and column.
  virtual Result<std::vector<Error>> fsck() = 0;

  // SQL for the rows of `table` as they stood after the first `ledger_size` entries: a subquery to
  // put in parentheses, with the schema's columns and the y_ columns.
  virtual Result<std::string> as_of_sql(std::string_view table, uint64_t ledger_size) = 0;
  virtual Result<uint64_t> ledger_size_at(Instant when) = 0;

  virtual Result<Provenance> trace(std::string_view table, std::string_view key) = 0;
  virtual Result<std::vector<HistoryItem>> history(std::string_view table,
                                                   std::string_view key) = 0;
};

}  // namespace yipan::board

#endif  // YIPAN_BOARD_H_
