#include "store/sqlite/rows.h"

#include <fmt/core.h>

#include "store/checks.h"
#include "store/geopackage_blob.h"
#include "store/pending.h"
#include "store/sqlite/geopackage.h"

namespace yipan::store {
namespace {

// Rows read ahead at most, to find the type of a computed column.
constexpr size_t kReadAheadMax = 2048;

std::string_view name_of(int sqlite_type) {
  switch (sqlite_type) {
    case SQLITE_INTEGER:
      return "integer";
    case SQLITE_FLOAT:
      return "real";
    case SQLITE_TEXT:
      return "text";
    default:
      return "bytes";
  }
}

class SqliteRows : public Rows {
 public:
  SqliteRows(std::shared_ptr<Db> db, Statement statement, std::shared_ptr<bool> failed)
      : db_(std::move(db)), statement_(std::move(statement)), failed_(std::move(failed)) {}
  ~SqliteRows() override { db_->give_back(std::move(statement_)); }

  const std::vector<OutColumn>& columns() const override { return columns_; }

  Result<> start(const std::vector<Type>& types) {
    const int count = sqlite3_column_count(statement_.get());
    if (!types.empty() && types.size() != static_cast<size_t>(count)) {
      return fail(
          Error("store.type.count")
              .zh(fmt::format("给出 {} 个类型，结果却有 {} 列", types.size(), count))
              .en(fmt::format("{} types are given for {} result columns", types.size(), count))
              .remedy("每列给一个类型", "give one type for each column"));
    }
    std::vector<bool> known(static_cast<size_t>(count), true);
    for (int i = 0; i < count; ++i) {
      const char* name = sqlite3_column_name(statement_.get(), i);
      const char* declared = sqlite3_column_decltype(statement_.get(), i);
      std::optional<Type> type;
      if (!types.empty()) type = types[static_cast<size_t>(i)];
      if (!type && declared != nullptr) type = type_of_declaration(declared, db_->is_ours);
      known[static_cast<size_t>(i)] = type.has_value();
      columns_.push_back({name == nullptr ? "" : name, type.value_or(Type::integer)});
      types_.push_back(columns_.back().type);
    }
    return read_ahead(std::move(known));
  }

  Result<bool> next(Batch* batch, size_t rows_max) override {
    reset_batch(batch, types_);
    if (!pending_.empty()) pending_.take(batch, rows_max);
    size_t rows = batch->rows();
    while (rows < rows_max && pending_.empty() && !done_) {
      YIPAN_TRY(step());
      if (done_) break;
      YIPAN_TRY(append_row(batch));
      ++rows;
      if (large_ > kBatchBytesMax) break;
    }
    large_ = 0;
    return rows > 0;
  }

 private:
  Result<> step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return {};
    done_ = true;
    if (code == SQLITE_DONE) {
      sqlite3_reset(statement_.get());  // lets go of locks
      return {};
    }
    *failed_ = true;
    return fail(db_->error(sqlite3_sql(statement_.get()), code));
  }

  // Reads until every column has shown a value; the first row also shows errors early.
  Result<> read_ahead(std::vector<bool> known) {
    Batch batch(types_);
    size_t unknown = 0;
    for (const bool k : known) unknown += k ? 0 : 1;
    do {
      YIPAN_TRY(step());
      if (done_) break;
      for (size_t i = 0; unknown > 0 && i < known.size(); ++i) {
        const int type = sqlite3_column_type(statement_.get(), static_cast<int>(i));
        if (known[i] || type == SQLITE_NULL) continue;
        settle(i, type, &batch);
        known[i] = true;
        --unknown;
      }
      YIPAN_TRY(append_row(&batch));
    } while (unknown > 0 && batch.rows() < kReadAheadMax && large_ <= kBatchBytesMax);
    large_ = 0;
    pending_.push(std::move(batch));
    return {};
  }

  void settle(size_t i, int sqlite_type, Batch* batch) {
    const Type type = sqlite_type == SQLITE_INTEGER ? Type::integer
                      : sqlite_type == SQLITE_FLOAT ? Type::real
                      : sqlite_type == SQLITE_TEXT  ? Type::text
                      : is_geometry(i)              ? Type::geometry
                                                    : Type::bytes;
    Column column(type);
    for (size_t row = 0; row < batch->rows(); ++row) column.append_null();
    batch->columns[i] = std::move(column);
    columns_[i].type = types_[i] = type;
  }

  // A computed blob: of all that is stored here only geometries begin so.
  bool is_geometry(size_t i) { return read_geopackage_header(blob(i)).has_value(); }

  std::string_view blob(size_t i) {
    const int column = static_cast<int>(i);
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return {data, static_cast<size_t>(size)};
  }
  std::string_view text(size_t i) {
    const int column = static_cast<int>(i);
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return {data, static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
  }

  Result<> append_row(Batch* batch) {
    sqlite3_stmt* row = statement_.get();
    for (size_t i = 0; i < types_.size(); ++i) {
      const int at = static_cast<int>(i);
      const int found = sqlite3_column_type(row, at);
      Column& column = batch->columns[i];
      if (found == SQLITE_NULL) {
        column.append_null();
      } else if (types_[i] == Type::integer && found == SQLITE_INTEGER) {
        column.append_int(sqlite3_column_int64(row, at));
      } else if (types_[i] == Type::real && found == SQLITE_FLOAT) {
        column.append_real(sqlite3_column_double(row, at) + 0.0);  // -0.0 is 0.0
      } else if (types_[i] == Type::text && found == SQLITE_TEXT) {
        const std::string_view value = text(i);
        column.append_bytes(value);
        large_ += value.size();
      } else if (!append_converted(i, found, &column)) {
        return fail(mismatch(i, found));
      }
    }
    return {};
  }

  bool append_converted(size_t i, int found, Column* column) {
    sqlite3_stmt* row = statement_.get();
    const int at = static_cast<int>(i);
    switch (types_[i]) {
      case Type::boolean:
      case Type::integer: {
        if (found == SQLITE_INTEGER) {
          column->append_int(types_[i] == Type::boolean ? sqlite3_column_int64(row, at) != 0
                                                        : sqlite3_column_int64(row, at));
          return true;
        }
        return false;
      }
      case Type::real:
        if (found != SQLITE_INTEGER) return false;
        column->append_real(static_cast<double>(sqlite3_column_int64(row, at)));
        return true;
      case Type::text:
        if (found == SQLITE_BLOB) return false;
        column->append_bytes(text(i));
        return true;
      case Type::date:
      case Type::instant: {
        if (found != SQLITE_TEXT) return false;
        const auto value =
            types_[i] == Type::date ? read_iso_date(text(i)) : read_iso_instant(text(i));
        if (value) column->append_int(*value);
        return value.has_value();
      }
      case Type::bytes:
        if (found != SQLITE_BLOB) return false;
        column->append_bytes(blob(i));
        large_ += blob(i).size();
        return true;
      case Type::geometry:
        return found == SQLITE_BLOB && append_geometry(blob(i), column);
    }
    return false;
  }

  // Files of other programs may hold big-endian geometry, or such as the checks refuse: the
  // latter comes as it is, for the reader to judge.
  bool append_geometry(std::string_view bytes, Column* column) {
    const auto wkb = geopackage_to_wkb(bytes);
    if (!wkb) return false;
    large_ += wkb->size();
    if (!db_->is_ours || !is_iso_little_endian(*wkb)) {
      converted_.clear();
      if (append_iso_wkb(*wkb, &converted_)) {
        column->append_bytes(converted_);
        return true;
      }
    }
    column->append_bytes(*wkb);
    return true;
  }

  Error mismatch(size_t i, int found) {
    std::string shown(name_of(found));
    if (found != SQLITE_BLOB) shown += fmt::format(" \"{}\"", text(i).substr(0, 100));
    return type_mismatch(columns_[i].name, to_string(types_[i]), shown);
  }

  std::shared_ptr<Db> db_;
  Statement statement_;
  std::shared_ptr<bool> failed_;
  std::vector<OutColumn> columns_;
  std::vector<Type> types_;
  Pending pending_;
  std::string converted_;
  size_t large_ = 0;
  bool done_ = false;
};

}  // namespace

Result<std::unique_ptr<Rows>> make_sqlite_rows(const std::shared_ptr<Db>& db, Statement statement,
                                               const std::vector<Type>& types,
                                               const std::shared_ptr<bool>& failed) {
  auto rows = std::make_unique<SqliteRows>(db, std::move(statement), failed);
  YIPAN_TRY(rows->start(types));
  return rows;
}

}  // namespace yipan::store
