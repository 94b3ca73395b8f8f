#include "yipan/store.h"

#include <utility>

#include "store/open.h"
#include "store/url.h"

namespace yipan::store {

Result<std::unique_ptr<Connection>> open(const OpenOptions& options) {
  YIPAN_ASSIGN(const Url url, parse_url(options.url));
  if (url.dialect == Dialect::sqlite) return open_sqlite(url, options);
  return open_postgresql(url, options);
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

namespace {

Result<bool> first_value(Connection* connection, std::string_view sql, const Values& parameters,
                         Type type, Batch* batch) {
  YIPAN_ASSIGN(auto rows, connection->query(sql, parameters, {type}));
  YIPAN_ASSIGN(const bool more, rows->next(batch, 1));
  return more && !batch->columns[0].is_null(0);
}

}  // namespace

Result<std::optional<int64_t>> Connection::query_int(std::string_view sql,
                                                     const Values& parameters) {
  Batch batch;
  YIPAN_ASSIGN(const bool found, first_value(this, sql, parameters, Type::integer, &batch));
  if (!found) return std::optional<int64_t>();
  return std::optional<int64_t>(batch.columns[0].int_at(0));
}

Result<std::optional<std::string>> Connection::query_text(std::string_view sql,
                                                          const Values& parameters) {
  Batch batch;
  YIPAN_ASSIGN(const bool found, first_value(this, sql, parameters, Type::text, &batch));
  if (!found) return std::optional<std::string>();
  return std::optional<std::string>(std::string(batch.columns[0].bytes_at(0)));
}

Result<Transaction> Transaction::begin(Connection& connection) {
  YIPAN_TRY(connection.begin());
  return Transaction(&connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  // A rollback that fails means that the connection is gone, and with it the transaction.
  if (connection_ != nullptr && connection_->in_transaction()) (void)connection_->rollback();
}

Result<> Transaction::commit() {
  Connection* connection = std::exchange(connection_, nullptr);
  if (connection == nullptr) {
    return fail(Error("store.transaction.none")
                    .zh("没有打开的事务")
                    .en("there is no open transaction")
                    .remedy("每个事务只提交一次", "commit a transaction once"));
  }
  return connection->commit();
}

}  // namespace yipan::store
