#include "store/sqlite/bulk.h"

#include "store/checks.h"
#include "store/geopackage_blob.h"

namespace yipan::store {
namespace {

class SqliteBulk : public BulkWriter {
 public:
  SqliteBulk(std::shared_ptr<Db> db, BulkTarget target, std::function<Result<>(bool)> on_end)
      : db_(std::move(db)), target_(std::move(target)), on_end_(std::move(on_end)) {}
  ~SqliteBulk() override {
    insert_.reset();
    if (on_end_) (void)on_end_(false);
  }

  Result<> prepare() {
    std::vector<std::string> names;
    std::string marks;
    for (size_t i = 0; i < target_.columns.size(); ++i) {
      names.push_back(target_.columns[i].name);
      marks += i == 0 ? "?" : ", ?";
      declared_types_.push_back(wkb_type_of_name(target_.columns[i].geometry_type));
    }
    const std::string sql = "INSERT INTO " + quote_identifier(target_.table) + " (" +
                            quoted_list(names) + ") VALUES (" + marks + ")";
    YIPAN_ASSIGN(insert_, db_->take(sql));
    return {};
  }

  Result<> append(const Batch& batch) override {
    if (auto checked_batch = check_batch(batch, target_.table, target_.columns); !checked_batch) {
      return give_up(checked_batch.error());
    }
    for (size_t row = 0; row < batch.rows(); ++row) {
      for (size_t c = 0; c < batch.columns.size(); ++c) {
        if (auto bound = bind(batch.columns[c], c, row); !bound) {
          return give_up(at_row(bound.error(), target_.table, target_.columns[c].name, row));
        }
      }
      const int code = sqlite3_step(insert_.get());
      if (code != SQLITE_DONE) {
        Error error = db_->error("bulk insert", code);
        sqlite3_reset(insert_.get());
        error.element(target_.table).row(row + 1);
        return give_up(std::move(error));
      }
      sqlite3_reset(insert_.get());
    }
    rows_ += batch.rows();
    return {};
  }

  Result<uint64_t> finish() override {
    CHECK_MSG(insert_ != nullptr, "finish() after an error or a second time");
    insert_.reset();
    const auto end = std::exchange(on_end_, nullptr);
    YIPAN_TRY(end(true));
    return rows_;
  }

 private:
  Result<> give_up(Error error) {
    insert_.reset();
    if (const auto end = std::exchange(on_end_, nullptr)) (void)end(false);
    return fail(std::move(error));
  }

  // The values stay where they are until the step is done: nothing is copied but dates, instants
  // and geometry.
  Result<> bind(const Column& column, size_t c, size_t row) {
    sqlite3_stmt* insert = insert_.get();
    const int at = static_cast<int>(c) + 1;
    int code = SQLITE_OK;
    if (column.is_null(row)) return checked(sqlite3_bind_null(insert, at));
    switch (column.type()) {
      case Type::boolean:
        code = sqlite3_bind_int64(insert, at, column.int_at(row) != 0 ? 1 : 0);
        break;
      case Type::integer:
        code = sqlite3_bind_int64(insert, at, column.int_at(row));
        break;
      case Type::real:
        YIPAN_TRY(check_real(column.real_at(row)));
        code = sqlite3_bind_double(insert, at, column.real_at(row) + 0.0);
        break;
      case Type::text:
        code = bind_text(at, column.bytes_at(row), SQLITE_STATIC);
        break;
      case Type::date: {
        YIPAN_TRY(check_date(column.int_at(row)));
        char text[kDateSize];
        write_iso_date(column.int_at(row), text);
        code = bind_text(at, {text, kDateSize}, SQLITE_TRANSIENT);
        break;
      }
      case Type::instant: {
        YIPAN_TRY(check_instant(column.int_at(row)));
        char text[kInstantSize];
        write_iso_instant(column.int_at(row), text);
        code = bind_text(at, {text, kInstantSize}, SQLITE_TRANSIENT);
        break;
      }
      case Type::geometry:
        return bind_geometry(column.bytes_at(row), c);
      case Type::bytes:
        code = bind_blob(at, column.bytes_at(row), SQLITE_STATIC);
        break;
    }
    return checked(code);
  }

  Result<> bind_geometry(std::string_view wkb, size_t c) {
    blob_.clear();
    YIPAN_ASSIGN(const WkbInfo info, append_geopackage(wkb, target_.srids[c], &blob_));
    YIPAN_TRY(check_geometry(info, declared_types_[c]));
    return checked(bind_blob(static_cast<int>(c) + 1, blob_, SQLITE_TRANSIENT));
  }
  int bind_text(int at, std::string_view text, sqlite3_destructor_type keep) {
    return sqlite3_bind_text64(insert_.get(), at, text.data(), text.size(), keep, SQLITE_UTF8);
  }
  // A null pointer would be NULL: an empty value needs an address.
  int bind_blob(int at, std::string_view data, sqlite3_destructor_type keep) {
    return sqlite3_bind_blob64(insert_.get(), at, data.empty() ? "" : data.data(), data.size(),
                               keep);
  }
  Result<> checked(int code) {
    return code == SQLITE_OK ? Result<>() : fail(db_->error("bind", code));
  }

  std::shared_ptr<Db> db_;
  BulkTarget target_;
  std::function<Result<>(bool)> on_end_;
  Statement insert_;
  std::vector<uint32_t> declared_types_;
  std::string blob_;
  uint64_t rows_ = 0;
};

}  // namespace

Result<std::unique_ptr<BulkWriter>> make_sqlite_bulk(const std::shared_ptr<Db>& db,
                                                     BulkTarget target,
                                                     std::function<Result<>(bool)> on_end) {
  auto writer = std::make_unique<SqliteBulk>(db, std::move(target), std::move(on_end));
  YIPAN_TRY(writer->prepare());
  return writer;
}

}  // namespace yipan::store
