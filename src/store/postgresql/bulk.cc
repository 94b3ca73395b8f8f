#include "store/postgresql/bulk.h"

#include <fmt/core.h>

#include <bit>

#include "store/checks.h"

namespace yipan::store {
namespace {

constexpr size_t kSendBytes = size_t{4} << 20;
constexpr int kPieceBytes = 1 << 18;
// COPY's binary format (PostgreSQL 15, COPY, "Binary Format"): signature, flags, extension length.
constexpr std::string_view kHeader("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

class PostgresqlBulk : public BulkWriter {
 public:
  PostgresqlBulk(std::shared_ptr<Session> session, std::string_view table,
                 const std::vector<ColumnSpec>& columns, std::function<Result<>(bool)> on_end)
      : session_(std::move(session)), table_(table), columns_(columns), on_end_(std::move(on_end)) {
    std::vector<std::string> names;
    for (const ColumnSpec& column : columns_) {
      names.push_back(column.name);
      declared_types_.push_back(wkb_type_of_name(column.geometry_type));
    }
    copy_ = fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", quote_identifier(table_),
                        quoted_list(names));
    buffer_ = kHeader;
  }
  ~PostgresqlBulk() override {
    if (on_end_) (void)on_end_(false);
  }

  // The table's columns must have just the types that are sent.
  Result<> check_columns() {
    for (const ColumnSpec& column : columns_) {
      YIPAN_ASSIGN(const PgResult found,
                   session_->run("SELECT atttypid::bigint FROM pg_attribute WHERE attrelid = "
                                 "to_regclass($1) AND attname = $2 AND attnum > 0",
                                 {Value(quote_identifier(table_)), Value(column.name)}));
      if (PQntuples(found.get()) == 0) {
        return fail(
            Error("store.sql")
                .zh(fmt::format("没有表 {} 或它的列 {}", table_, column.name))
                .en(fmt::format("there is no table {} or no column {} in it", table_, column.name))
                .element(table_)
                .column(column.name)
                .remedy("请先建表", "create the table first"));
      }
      const auto oid = static_cast<Oid>(get_be64(PQgetvalue(found.get(), 0, 0)));
      if (oid == oid_of(column.type)) continue;
      return fail(
          Error("store.type.column")
              .zh(fmt::format("表 {} 的列 {} 在数据库中不是 {} 类型", table_, column.name,
                              to_string(column.type)))
              .en(fmt::format("column {} of table {} is not {} in the database", column.name,
                              table_, to_string(column.type)))
              .element(table_)
              .column(column.name)
              .remedy("请用 create_table 建表，或使用 bigint、double precision、text 等类型",
                      "make it with create_table, or with the types bigint, double "
                      "precision, text"));
    }
    return {};
  }

  Result<> append(const Batch& batch) override {
    if (auto checked = check_batch(batch, table_, columns_); !checked) {
      return give_up(checked.error());
    }
    for (size_t row = 0; row < batch.rows(); ++row) {
      char count[2];
      put_be16(static_cast<uint16_t>(columns_.size()), count);
      buffer_.append(count, 2);
      for (size_t c = 0; c < columns_.size(); ++c) {
        if (auto put = put_cell(batch.columns[c], c, row); !put) {
          return give_up(at_row(put.error(), table_, columns_[c].name, row));
        }
      }
      ++buffered_;
      if (buffer_.size() >= kSendBytes) {
        if (auto sent = send(); !sent) return give_up(sent.error());
      }
    }
    rows_ += batch.rows();
    return {};
  }

  Result<uint64_t> finish() override {
    CHECK_MSG(on_end_ != nullptr, "finish() after an error or a second time");
    if (auto sent = send(); !sent) {
      YIPAN_TRY(give_up(sent.error()));
    }
    const auto end = std::exchange(on_end_, nullptr);
    YIPAN_TRY(end(true));
    return rows_;
  }

 private:
  Oid oid_of(Type type) const {
    switch (type) {
      case Type::boolean:
        return kOidBool;
      case Type::integer:
        return kOidInt8;
      case Type::real:
        return kOidFloat8;
      case Type::text:
        return kOidText;
      case Type::date:
        return kOidDate;
      case Type::instant:
        return kOidTimestamptz;
      case Type::geometry:
        return session_->geometry_oid();
      case Type::bytes:
        return kOidBytea;
    }
    return 0;
  }

  Result<> give_up(Error error) {
    if (const auto end = std::exchange(on_end_, nullptr)) (void)end(false);
    return fail(std::move(error));
  }

  void put_sized(std::string_view bytes) {
    char size[4];
    put_be32(static_cast<uint32_t>(bytes.size()), size);
    buffer_.append(size, 4);
    buffer_.append(bytes);
  }
  void put64(uint64_t value) {
    char cell[12];
    put_be32(8, cell);
    put_be64(value, cell + 4);
    buffer_.append(cell, 12);
  }

  Result<> put_cell(const Column& column, size_t c, size_t row) {
    if (column.is_null(row)) {
      buffer_.append(4, '\xff');
      return {};
    }
    switch (column.type()) {
      case Type::boolean:
        put_sized(std::string_view(column.int_at(row) != 0 ? "\1" : "\0", 1));
        return {};
      case Type::integer:
        put64(static_cast<uint64_t>(column.int_at(row)));
        return {};
      case Type::real:
        YIPAN_TRY(check_real(column.real_at(row)));
        put64(std::bit_cast<uint64_t>(column.real_at(row) + 0.0));
        return {};
      case Type::date: {
        YIPAN_TRY(check_date(column.int_at(row)));
        char cell[8];
        put_be32(4, cell);
        put_be32(static_cast<uint32_t>(column.int_at(row) - kPostgresEpochDays), cell + 4);
        buffer_.append(cell, 8);
        return {};
      }
      case Type::instant:
        YIPAN_TRY(check_instant(column.int_at(row)));
        put64(static_cast<uint64_t>(column.int_at(row) - kPostgresEpochDays * kMicrosPerDay));
        return {};
      case Type::text:
      case Type::bytes:
        put_sized(column.bytes_at(row));
        return {};
      case Type::geometry:
        return put_geometry(column.bytes_at(row), c);
    }
    return {};
  }

  // PostGIS takes ISO WKB and gives it the column's SRID.
  Result<> put_geometry(std::string_view wkb, size_t c) {
    const size_t start = buffer_.size();
    buffer_.append(4, '\0');
    YIPAN_ASSIGN(const WkbInfo info, append_iso_wkb(wkb, &buffer_));
    YIPAN_TRY(check_geometry(info, declared_types_[c]));
    put_be32(static_cast<uint32_t>(buffer_.size() - start - 4), buffer_.data() + start);
    return {};
  }

  Result<> send() {
    if (buffered_ == 0) return {};
    buffer_.append(2, '\xff');
    session_->make_free();
    PGconn* connection = session_->handle();
    const PgResult opened(PQexec(connection, copy_.c_str()));
    if (PQresultStatus(opened.get()) != PGRES_COPY_IN) {
      return fail(session_->error(opened.get(), copy_));
    }
    bool good = true;
    for (size_t at = 0; good && at < buffer_.size(); at += kPieceBytes) {
      const size_t left = buffer_.size() - at;
      good = PQputCopyData(connection, buffer_.data() + at,
                           left < kPieceBytes ? static_cast<int>(left) : kPieceBytes) == 1;
    }
    good = PQputCopyEnd(connection, nullptr) == 1 && good;
    Result<> outcome;
    while (PGresult* raw = PQgetResult(connection)) {
      const PgResult result(raw);
      if (PQresultStatus(raw) != PGRES_COMMAND_OK && outcome) {
        outcome = fail(session_->error(raw, copy_));
      }
      if (PQstatus(connection) == CONNECTION_BAD) break;
    }
    if (!good && outcome) outcome = fail(session_->error(nullptr, copy_));
    buffer_ = kHeader;
    buffered_ = 0;
    return outcome;
  }

  std::shared_ptr<Session> session_;
  std::string table_;
  std::vector<ColumnSpec> columns_;
  std::function<Result<>(bool)> on_end_;
  std::vector<uint32_t> declared_types_;
  std::string copy_;
  std::string buffer_;
  size_t buffered_ = 0;
  uint64_t rows_ = 0;
};

}  // namespace

std::string postgresql_type(const ColumnSpec& column, int srid) {
  switch (column.type) {
    case Type::boolean:
      return "boolean";
    case Type::integer:
      return "bigint";
    case Type::real:
      return "double precision";
    case Type::text:
      return "text COLLATE \"C\"";  // by code point, as SQLite
    case Type::date:
      return "date";
    case Type::instant:
      return "timestamptz";
    case Type::geometry:
      return fmt::format("geometry({},{})",
                         column.geometry_type.empty() ? "GEOMETRY" : column.geometry_type, srid);
    case Type::bytes:
      return "bytea";
  }
  return "bytea";
}

Result<std::unique_ptr<BulkWriter>> make_postgresql_bulk(const std::shared_ptr<Session>& session,
                                                         std::string_view table,
                                                         const std::vector<ColumnSpec>& columns,
                                                         std::function<Result<>(bool)> on_end) {
  auto writer = std::make_unique<PostgresqlBulk>(session, table, columns, std::move(on_end));
  YIPAN_TRY(writer->check_columns());
  return writer;
}

}  // namespace yipan::store
