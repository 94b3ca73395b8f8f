// The board: the city's tables and their history, derived from the ledger.
//
// The tables come from rulebook/schema/*.json (Frictionless Table Schema, with units and titles in
// two languages; docs/formats/schema.md): the one source of DDL, validation, documentation and
// labels. The board can be dropped and rebuilt from the ledger, to the same content: its state
// changes only by applying an entry. docs/formats/board.md is the layout of the tables.
//
// How a dataset enters (intake drives this; replay does the same from the ledger's blobs):
//
//   RowsetWriter w(...);  w.append(batch, source rows); ...      // normalised rows -> blob
//   auto staged = board->stage(entry, index);                    // transaction open, rows loaded
//   staged->violations()                                         // keys, references: refuse or go
//   on ledger->append(entry);  staged->commit();                    // truth first, then the board
//   // a crash between the two: catch_up() at the next open applies the entry again.
//
// Dangling references may be committed (the other table may come later); duplicate keys may not.
//
// Kinds of entries that the board knows; any other is noted in y_entries and changes no table:
//
//   schema.adopt      evidence 0: Schemas::bundle(). Makes tables; later ones may add tables and,
//                     at the end of a table, fields that are not required
//   dataset.import    body DatasetImport; evidence: file, rowset, then mapping and quality log
//   dataset.withdraw  body DatasetWithdrawal: the dataset's rows go to the history
//
// A table T of the schema becomes
//   T                current rows: the schema's columns, then
//                    y_entry (ledger index), y_source (-> y_sources.entry), y_row (row in the
//                    source, from 1, as a person sees it), y_hash (SHA-256, see row_hash)
//   T_history        rows that were superseded: the same, y_entry_end (the index that ended them)
//   y_sources        entry, dataset, table_name, file, sheet, encoding, file_hash, rowset_hash,
//                    imported_at, imported_by, synthetic
//   y_datasets       dataset, vintage, table_name, entry, kind (import, withdraw), reason,
//                    row_count, refused, added, changed, removed, same
//   y_changes        dataset, vintage, position, key, kind (added, changed, removed), field,
//                    old_value, new_value
//   y_entries        entry, accepted_at, who, what, subject (a copy of the ledger's own, for as-of
//                    by date)
//   y_meta           name, value: format, origin, applied, root, schemas
//
// A row's key, where it is one string (trace, history, y_changes, Violation), is the text of the
// key field; for a key of several fields, their texts joined by "|", with "|" and "\" inside them
// escaped by "\". value_text() gives the text of a value.
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
#include "yipan/file.h"
#include "yipan/hash.h"
#include "yipan/ledger.h"
#include "yipan/log.h"
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
  std::string format;  // geometry: "point", "polygon", ... ; text: "", "email", "uri"
  bool required = false;
  std::optional<double> minimum;  // integer, real; date: days since 1970-01-01
  std::optional<double> maximum;
  size_t length_max = 0;        // text, in code points; 0 = no limit
  std::string pattern;          // RE2 syntax, the whole value must match
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
  std::optional<size_t> index_of(std::string_view field) const;
  std::vector<Type> types() const;
  store::TableSpec table_spec() const;
};

class Schemas {
 public:
  // All *.json in `directory`. The error's message lists all problems, each with its file and JSON
  // pointer; `problems`, if given, receives them one by one.
  static Result<Schemas> load(Files& files, const std::string& directory,
                              std::vector<Error>* problems = nullptr);
  static Result<Schemas> parse_bundle(std::string_view canonical);  // what bundle() wrote
  std::string bundle() const;  // one canonical JSON document: evidence of "schema.adopt"
  const TableSchema* find(std::string_view table) const;
  // Referenced tables before those that refer to them (where references go round in a circle, and
  // otherwise: by name).
  const std::vector<TableSchema>& all() const { return tables_; }

 private:
  friend struct SchemasBuilder;
  std::vector<TableSchema> tables_;
};

// ---- rowsets: normalised rows as a blob (docs/formats/rowset.md) ------------------------------

// Rows per batch inside a rowset. Appending in multiples of it saves a copy.
inline constexpr size_t kRowsetBatchRows = 4096;

struct RowsetHeader {
  std::string table;
  std::vector<std::string> fields;  // the schema's, in its order
  std::vector<Type> types;
};
// Every row carries the row number of its source. The blob's bytes depend on the rows only, not on
// how they were cut into batches. Error "board.rowset.value" names row and column of a value that
// no board can hold: not UTF-8, a zero byte in text, a real that is not finite, a date outside the
// years 1 to 9999, geometry that is not two-dimensional little-endian ISO WKB.
class RowsetWriter {
 public:
  RowsetWriter(ledger::Ledger::BlobWriter* out, const RowsetHeader& header);
  ~RowsetWriter();
  Result<> append(const Batch& batch, const std::vector<uint64_t>& source_rows);
  Result<uint64_t> finish();  // rows; the BlobWriter's commit() is the caller's

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
// SHA-256 of a row's canonical form (docs/formats/rowset.md, "row hash"). Fields that are null do
// not count, so that a field added at the end of a table leaves the hashes of its rows as they are.
Hash256 row_hash(const Batch& batch, size_t row);

// Text of a value, the same on every database: "true", "-12", the shortest decimal that reads back
// to the same real, "2022-11-30", "2022-11-30T08:00:00Z", "POINT (117.2 34.3)", other geometries
// as "POLYGON sha256:<16 hex digits>", bytes as hex. Null is "".
std::string value_text(const Column& column, size_t row);
std::string join_key(const std::vector<std::string>& parts);
// Error "board.key" if the number of parts is not `parts`.
Result<std::vector<std::string>> split_key(std::string_view key, size_t parts);

// ---- ledger entries that the board knows -------------------------------------------------------

// The body of "dataset.import".
struct DatasetImport {
  std::string dataset;  // "xx/projects": what a later file of the same name replaces
  std::string table;
  std::string reason;  // for a new vintage; "" is recorded as "none given"
  std::string file;    // name as given by the person
  std::string sheet;
  std::string encoding;
  Hash256 file_hash;                        // evidence 0: the file as it came
  Hash256 rowset_hash;                      // evidence 1: the rows as accepted
  std::optional<Hash256> mapping_hash;      // evidence: the mapping file
  std::optional<Hash256> quality_log_hash;  // evidence: what was refused or warned about
  uint64_t rows = 0;
  uint64_t refused = 0;
  bool synthetic = false;
  std::string to_json() const;  // canonical
  static Result<DatasetImport> parse(std::string_view json);
};

// The body of "dataset.withdraw".
struct DatasetWithdrawal {
  std::string dataset;
  std::string reason;
  std::string to_json() const;  // canonical
  static Result<DatasetWithdrawal> parse(std::string_view json);
};

struct Violation {
  enum class Kind : uint8_t {
    duplicate_key,
    dangling_reference,
    orphaned_reference,  // a row of another dataset points to a row that this entry removes
  };
  Kind kind;
  uint64_t source_row;  // in the import; orphaned_reference: in the source of the row that points
  std::vector<std::string> fields;
  std::string key;         // the value that is doubled or points nowhere
  std::string references;  // "organisations.id"; or the other row, for duplicates
  std::string table;       // where the row is
  std::string dataset;     // whose row it is
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

struct DatasetInfo {
  std::string dataset, table;
  uint64_t vintage = 0;  // the latest
  uint64_t entry = 0;    // of the latest vintage
  uint64_t rows = 0;     // now on the board
  bool withdrawn = false;
};
struct Vintage {
  std::string dataset, table;
  uint64_t entry = 0;
  bool withdrawal = false;
  std::string reason;  // "none given" where a later vintage stated none
  uint64_t rows = 0, refused = 0;
  Diff diff;  // with the vintage's number
  Instant when;
  std::string who;
};
// One field that a vintage changed, or a row that it added or removed (field, old and new empty).
// A vintage that found no rows of its dataset on the board, or left none, lists nothing: all of it
// is new (gone).
struct Change {
  uint64_t position = 0;  // from 1 in the vintage
  std::string key;
  enum class Kind : uint8_t { added, changed, removed } kind;
  std::string field, old_value, new_value;
};

// apply: makes the board if it is not there and applies what the ledger has more.
// read: writes nothing; the board may be behind the ledger.
// rebuild: drops what is there, whatever its state, and derives it anew.
enum class BoardMode : uint8_t { apply, read, rebuild };

struct BoardOptions {
  std::unique_ptr<store::Connection> connection;
  ledger::Ledger* ledger = nullptr;  // read only through this
  const Logger* logger = nullptr;
  BoardMode mode = BoardMode::apply;
  std::function<void(uint64_t done, uint64_t total)> progress = {};  // of apply and rebuild
  std::string scratch_directory = {};  // for fsck's replay; "": $TMPDIR or /tmp
};

class Board {
 public:
  // Error "board.open.ahead" if the board has entries that the ledger has not, "board.open.root" if
  // the ledger is not the one that the board was derived from, "board.open.format" if another
  // version of this program made the board, "board.open.missing" if there is none to read. The
  // remedy of each says what to do; mode rebuild always works.
  static Result<std::unique_ptr<Board>> open(BoardOptions options);
  virtual ~Board() = default;

  virtual store::Connection& connection() = 0;
  virtual const Schemas& schemas() const = 0;  // as adopted in the ledger
  virtual uint64_t applied() const = 0;        // ledger entries applied
  // `index` must be applied(). Evidence must be in the ledger already. One at a time. commit()
  // checks that the ledger's entry at `index` is this one ("board.commit.entry" if not).
  virtual Result<std::unique_ptr<Staged>> stage(const ledger::Entry& entry, uint64_t index) = 0;
  virtual Result<> catch_up(const std::function<void(uint64_t, uint64_t)>& progress = {}) = 0;

  // Drops every table and derives the board from the ledger again.
  virtual Result<> rebuild(const std::function<void(uint64_t, uint64_t)>& progress = {}) = 0;
  // A hash over all tables' content in key order: equal for equal content on either database.
  virtual Result<Hash256> content_hash() = 0;
  // Recomputes row hashes, and holds every value of the board against a replay of the ledger's
  // rowsets into a scratch file. Problems name table, key and column; the first 1,000.
  virtual Result<std::vector<Error>> fsck() = 0;

  // SQL for the rows of `table` as they stood after the first `ledger_size` entries: a subquery to
  // put in parentheses, with the schema's columns and the y_ columns.
  virtual Result<std::string> as_of_sql(std::string_view table, uint64_t ledger_size) = 0;
  // Entries accepted up to and including `when`.
  virtual Result<uint64_t> ledger_size_at(Instant when) = 0;
  // "ORDER BY ..." for rows of `table` in key order, the same order on both databases.
  virtual Result<std::string> key_order_sql(std::string_view table) = 0;

  virtual Result<Provenance> trace(std::string_view table, std::string_view key) = 0;
  // Oldest first. The error is "board.row.unknown" if there never was such a row.
  virtual Result<std::vector<HistoryItem>> history(std::string_view table,
                                                   std::string_view key) = 0;

  virtual Result<std::vector<DatasetInfo>> datasets() = 0;                      // by name
  virtual Result<std::vector<Vintage>> vintages(std::string_view dataset) = 0;  // from the first
  // At most `limit` changes of a vintage after `position` (0: from the first).
  virtual Result<std::vector<Change>> changes(std::string_view dataset, uint64_t vintage,
                                              uint64_t position, size_t limit) = 0;
};

}  // namespace yipan::board

#endif  // YIPAN_BOARD_H_
