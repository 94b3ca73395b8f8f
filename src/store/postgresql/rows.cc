#include "store/postgresql/rows.h"

#include <fmt/core.h>

#include <optional>

#include "store/checks.h"
#include "store/pending.h"
#include "store/postgresql/cells.h"

namespace yipan::store {
namespace {

constexpr size_t kReadAheadMax = 2048;
constexpr size_t kSpillRows = 2048;

class PostgresqlRows : public Rows, public Streaming {
 public:
  PostgresqlRows(std::shared_ptr<Session> session, std::string sql,
                 std::shared_ptr<TransactionState> transaction)
      : session_(std::move(session)), sql_(std::move(sql)), transaction_(std::move(transaction)) {}

  ~PostgresqlRows() override {
    if (done_) return;
    // Cancelling would spend an open transaction: then the rest is read and dropped.
    if (!transaction_->open) {
      if (PGcancel* cancel = PQgetCancel(session_->handle())) {
        char message[256];
        (void)PQcancel(cancel, message, sizeof message);
        PQfreeCancel(cancel);
      }
    }
    drain();
  }

  const std::vector<OutColumn>& columns() const override { return columns_; }

  Result<> start(const std::vector<Type>& types) {
    session_->set_streaming(this);
    (void)PQsetSingleRowMode(session_->handle());
    YIPAN_TRY(step());
    YIPAN_TRY(describe(types));
    return read_ahead();
  }

  Result<bool> next(Batch* batch, size_t rows_max) override {
    reset_batch(batch, types_);
    if (!pending_.empty()) pending_.take(batch, rows_max);
    if (!pending_.empty() || batch->rows() == rows_max) return true;
    if (late_error_ && batch->rows() > 0) return true;
    if (late_error_) return fail(*std::exchange(late_error_, std::nullopt));
    return fill(batch, rows_max);
  }

  void read_rest() override {
    while (!done_) {
      Batch batch(types_);
      auto more = fill(&batch, kSpillRows);
      if (!more) {
        late_error_ = more.error();
        drain();
        return;
      }
      pending_.push(std::move(batch));
    }
  }

 private:
  void drain() {
    while (PGresult* rest = PQgetResult(session_->handle())) PQclear(rest);
    end();
  }
  void end() {
    done_ = true;
    session_->end_streaming(this);
  }

  // The next row stands in row_; or done_.
  Result<> step() {
    row_.reset(PQgetResult(session_->handle()));
    const ExecStatusType status = PQresultStatus(row_.get());
    if (status == PGRES_SINGLE_TUPLE) return {};
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      last_ = std::move(row_);
      drain();
      return {};
    }
    Error error = session_->error(row_.get(), sql_);
    if (status == PGRES_COPY_IN) (void)PQputCopyEnd(session_->handle(), "not allowed here");
    transaction_->failed = transaction_->open;
    drain();
    return fail(std::move(error));
  }

  Result<> describe(const std::vector<Type>& types) {
    const PGresult* shape = row_ ? row_.get() : last_.get();
    const int count = PQnfields(shape);
    if (!types.empty() && types.size() != static_cast<size_t>(count)) {
      return fail(
          Error("store.type.count")
              .zh(fmt::format("给出 {} 个类型，结果却有 {} 列", types.size(), count))
              .en(fmt::format("{} types are given for {} result columns", types.size(), count))
              .remedy("每列给一个类型", "give one type for each column"));
    }
    for (int i = 0; i < count; ++i) {
      const Oid oid = PQftype(shape, i);
      const char* name = PQfname(shape, i);
      if (!is_supported(oid, session_->geometry_oid())) {
        return fail(Error("store.type.unsupported")
                        .zh(fmt::format("列 {} 的数据库类型（{}）不受支持", name, oid))
                        .en(fmt::format("column {} has a database type ({}) that is not supported",
                                        name, oid))
                        .column(name)
                        .remedy("请在查询中用 CAST 转为文字或数字",
                                "CAST it to text or a number in the query"));
      }
      const auto own = type_of_oid(oid, session_->geometry_oid());
      const Type type = types.empty() ? own.value_or(Type::integer) : types[size_t(i)];
      columns_.push_back({name, type});
      types_.push_back(type);
      oids_.push_back(oid);
      known_.push_back(own.has_value() || !types.empty());
    }
    return {};
  }

  // Numeric columns are integer or real by their first value.
  Result<> read_ahead() {
    Batch batch(types_);
    while (!done_) {
      bool all_known = true;
      for (size_t i = 0; i < known_.size(); ++i) {
        if (!known_[i]) known_[i] = settle(i, &batch);
        all_known = all_known && known_[i];
      }
      YIPAN_TRY(append_row(&batch));
      // The row is used up: the next one is fetched when it is asked for.
      row_.reset();
      if (all_known || batch.rows() >= kReadAheadMax) break;
      YIPAN_TRY(step());
    }
    large_ = 0;
    pending_.push(std::move(batch));
    return {};
  }

  bool settle(size_t i, Batch* batch) {
    const int at = static_cast<int>(i);
    if (PQgetisnull(row_.get(), 0, at) != 0) return false;
    const Type type = type_of_numeric(cell(at));
    Column column(type);
    for (size_t row = 0; row < batch->rows(); ++row) column.append_null();
    batch->columns[i] = std::move(column);
    columns_[i].type = types_[i] = type;
    return true;
  }

  Result<bool> fill(Batch* batch, size_t rows_max) {
    size_t rows = batch->rows();
    while (rows < rows_max && !done_) {
      YIPAN_TRY(step());
      if (done_) break;
      YIPAN_TRY(append_row(batch));
      ++rows;
      if (large_ > kBatchBytesMax) break;
    }
    large_ = 0;
    return rows > 0;
  }

  std::string_view cell(int at) const {
    return {PQgetvalue(row_.get(), 0, at), static_cast<size_t>(PQgetlength(row_.get(), 0, at))};
  }

  Result<> append_row(Batch* batch) {
    for (size_t i = 0; i < types_.size(); ++i) {
      const int at = static_cast<int>(i);
      Column& column = batch->columns[i];
      const std::string_view bytes = cell(at);
      if (bytes.empty() && PQgetisnull(row_.get(), 0, at) != 0) {
        column.append_null();
      } else if (!append_cell(oids_[i], session_->geometry_oid(), bytes, types_[i], &column)) {
        return fail(mismatch(i, bytes));
      }
      if (is_varlen(types_[i])) large_ += bytes.size();
    }
    return {};
  }

  Error mismatch(size_t i, std::string_view bytes) {
    std::string shown(name_of_oid(oids_[i]));
    if (oids_[i] == kOidNumeric) shown += " " + numeric_to_string(bytes);
    if (shown == "text") shown += fmt::format(" \"{}\"", bytes.substr(0, 100));
    return type_mismatch(columns_[i].name, to_string(types_[i]), shown);
  }

  std::shared_ptr<Session> session_;
  std::string sql_;
  std::shared_ptr<TransactionState> transaction_;
  std::vector<OutColumn> columns_;
  std::vector<Type> types_;
  std::vector<Oid> oids_;
  std::vector<bool> known_;
  PgResult row_;
  PgResult last_;
  Pending pending_;
  std::optional<Error> late_error_;
  size_t large_ = 0;
  bool done_ = false;
};

}  // namespace

Result<std::unique_ptr<Rows>> make_postgresql_rows(
    const std::shared_ptr<Session>& session, std::string sql, const std::vector<Type>& types,
    const std::shared_ptr<TransactionState>& transaction) {
  auto rows = std::make_unique<PostgresqlRows>(session, std::move(sql), transaction);
  YIPAN_TRY(rows->start(types));
  return rows;
}

}  // namespace yipan::store
