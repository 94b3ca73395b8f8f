// The store: one small SQL interface over SQLite (a GeoPackage file, WAL) and PostgreSQL 15 with
// PostGIS. The SQL that callers write is the common subset, so that it is written once.
//
//   auto db = store::open({.url = "sqlite:/data/xx/board.gpkg"});       // or
//   auto db = store::open({.url = "postgresql:///xx?host=/run/pg"});
//   auto rows = db->query("SELECT name, area_m2 FROM parcels WHERE area_m2 > $1", {Value(1000)});
//   while (rows->next(&batch).value_or(false)) { ... batch.columns[1].int_at(i) ... }
//
// Parameters are $1, $2, ... on both. Identifiers are lower case ASCII. Booleans are 0/1 integers
// in SQLite and boolean in PostgreSQL; both come back as Type::boolean for a column declared so.
// Dates are ISO text in SQLite and date in PostgreSQL; both come back as Type::date. Instants
// likewise (UTC). Geometry is stored as a GeoPackage blob / PostGIS geometry and travels as WKB.
//
// A result column that is a table's column has that column's type. A computed one has the type
// that PostgreSQL computes; SQLite knows only integer, real and text, taken from the first value.
// State the types (the third argument of query) where a computed date, boolean or instant is
// wanted, or where a column may be all null: then both give the same, checked.
//
// Functions defined on both (docs/formats/sql.md gives each one's meaning, and the SQL to avoid):
//   days_between(a, b)  months_between(a, b)  years_between(a, b)  add_days(d, n)  year_of(d)
//   month_of(d)  working_days_between(a, b)  text_list(x)  (aggregate: distinct, sorted, joined by
//   the ideographic comma)  share(part, whole) (real; null if whole is 0 or null)  round_to(x, n)
//   least_of(a, b[, c])  greatest_of(a, b[, c])  mean(x)  median(x)  regr_slope(y, x)
//
// After an error inside a transaction the transaction is spent, on both: roll back. Errors are
// "store.locked", "store.full", "store.read_only", "store.corrupt", "store.not_a_database",
// "store.connection", "store.conflict", "store.constraint.{unique,not_null,check,reference}",
// "store.sql", "store.type.*", "store.text.*", "store.geometry.*", "store.url.*"; the database's
// own word (SQLSTATE, SQLite's code) is the cause.
//
// Not thread-safe: one Connection per thread. Rows and BulkWriters must die before it.
#ifndef YIPAN_STORE_H_
#define YIPAN_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "yipan/columns.h"
#include "yipan/date.h"
#include "yipan/result.h"

namespace yipan::store {

enum class Dialect : uint8_t { sqlite, postgresql };

struct Bytes {
  std::string data;
};
struct Geometry {
  std::string wkb;
  int srid = 4490;
};
struct Value {
  std::variant<std::monostate, int64_t, double, std::string, bool, Date, Instant, Bytes, Geometry>
      v;
  Value() = default;  // NULL
  explicit Value(int64_t x) : v(x) {}
  explicit Value(int x) : v(static_cast<int64_t>(x)) {}
  explicit Value(uint64_t x) : v(static_cast<int64_t>(x)) {}
  explicit Value(double x) : v(x) {}
  explicit Value(bool x) : v(x) {}
  explicit Value(std::string_view x) : v(std::string(x)) {}
  explicit Value(const char* x) : v(std::string(x)) {}
  explicit Value(std::string x) : v(std::move(x)) {}
  explicit Value(Date x) : v(x) {}
  explicit Value(Instant x) : v(x) {}
  explicit Value(Bytes x) : v(std::move(x)) {}
  explicit Value(Geometry x) : v(std::move(x)) {}
};
using Values = std::vector<Value>;

struct OutColumn {
  std::string name;
  Type type;  // as declared, as asked for, or as computed
};

// A running query. Batches are filled column by column; rows are read as they are asked for. Other
// statements may run meanwhile (PostgreSQL: the rest of the rows is then read into memory).
class Rows {
 public:
  virtual ~Rows() = default;
  virtual const std::vector<OutColumn>& columns() const = 0;
  // Clears `batch` and fills at most `rows_max` rows (fewer if they are very large). False when
  // there are no more.
  virtual Result<bool> next(Batch* batch, size_t rows_max = 2048) = 0;
};

// Writes many rows fast: prepared statements in SQLite, binary COPY in PostgreSQL. Text must be
// UTF-8 without NUL, reals finite, dates and instants in the years 0001 to 9999, geometry valid,
// two-dimensional and of the column's type: errors name the row of the batch and the column.
// Outside a transaction it makes one of its own, which finish() commits.
class BulkWriter {
 public:
  virtual ~BulkWriter() = default;  // not finished: what was written is gone with the transaction
  virtual Result<> append(const Batch& batch) = 0;
  virtual Result<uint64_t> finish() = 0;  // rows written
};

struct ColumnSpec {
  std::string name = {};
  Type type = Type::text;
  bool not_null = false;
  std::string geometry_type = {};  // "POINT", "MULTIPOLYGON", ... if type is geometry; "" = any
};
struct TableSpec {
  std::string name = {};
  std::vector<ColumnSpec> columns = {};
  std::vector<std::string> primary_key = {};  // column names
  std::vector<std::vector<std::string>> indexes = {};
  std::string title = {};  // gpkg_contents.identifier, COMMENT ON
  std::string description = {};
  int srid = 4490;
  bool temporary = false;  // seen by this connection only, gone with it
  // SQLite: listed in gpkg_contents, for QGIS and others. Such a table has an integer primary key
  // "fid" of its own as its first column (GeoPackage asks for it), unless `primary_key` is one
  // integer column; `primary_key` is then a unique index. Name the columns; never SELECT *.
  bool listed = true;
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual Dialect dialect() const = 0;
  virtual Result<> execute(std::string_view sql, const Values& parameters = {}) = 0;
  // Rows changed by the last execute.
  virtual int64_t changes() const = 0;
  // Several statements separated by semicolons, no parameters.
  virtual Result<> script(std::string_view sql) = 0;
  // One statement, once for every row of parameters. PostgreSQL: a pipeline, without waiting for
  // each answer. Without an open transaction it is one of its own: all or nothing.
  virtual Result<> execute_many(std::string_view sql, const std::vector<Values>& rows) = 0;
  // `types`: those of the result's columns, one for each; converted and checked ("store.type.*").
  virtual Result<std::unique_ptr<Rows>> query(std::string_view sql, const Values& parameters = {},
                                              const std::vector<Type>& types = {}) = 0;
  // The first column of the first row, if any.
  Result<std::optional<int64_t>> query_int(std::string_view sql, const Values& parameters = {});
  Result<std::optional<std::string>> query_text(std::string_view sql,
                                                const Values& parameters = {});

  // DDL from a TableSpec: types, keys, comments, GeoPackage metadata or PostGIS column. An index
  // whose creation is best left until after a bulk load is made by create_indexes.
  virtual Result<> create_table(const TableSpec& table) = 0;
  virtual Result<> create_indexes(const TableSpec& table) = 0;
  virtual Result<> drop_table(std::string_view name) = 0;
  virtual Result<bool> has_table(std::string_view name) = 0;
  virtual Result<std::unique_ptr<BulkWriter>> bulk(std::string_view table,
                                                   const std::vector<ColumnSpec>& columns) = 0;
  // After bulk loads: extents in gpkg_contents, ANALYZE.
  virtual Result<> refresh_statistics(const std::vector<std::string>& tables) = 0;

  // One snapshot for all its statements. SQLite takes the write lock at once.
  virtual Result<> begin() = 0;
  // If the connection (or the disk) fails during a commit, its outcome is unknown: error
  // "store.commit.unknown"; open again and ask the database. Any other error: nothing was written.
  virtual Result<> commit() = 0;
  virtual Result<> rollback() = 0;
  virtual bool in_transaction() const = 0;
};

// Rolls back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<> commit();

 private:
  explicit Transaction(Connection* connection) : connection_(connection) {}
  Connection* connection_;
};

struct OpenOptions {
  std::string url = {};  // "sqlite:PATH", "sqlite::memory:", "postgresql://..."
  bool read_only = false;
  std::string schema = {};       // PostgreSQL schema (search_path), made if missing; "" = public
  int busy_timeout_ms = 10'000;  // how long to wait for another's lock
};
Result<std::unique_ptr<Connection>> open(const OpenOptions& options);

std::string quote_identifier(std::string_view name);

// Little-endian ISO WKB <-> GeoPackage blob (GeoPackage 1.3, 2.1.3: header with envelope).
Result<std::string> wkb_to_geopackage(std::string_view wkb, int srid);
Result<std::string_view> geopackage_to_wkb(std::string_view blob);

}  // namespace yipan::store

#endif  // YIPAN_STORE_H_
