#include <fmt/core.h>

#include <charconv>

#include "store/checks.h"
#include "store/open.h"
#include "store/postgresql/bulk.h"
#include "store/postgresql/errors.h"
#include "store/postgresql/functions.h"
#include "store/postgresql/pipeline.h"
#include "store/postgresql/rows.h"
#include "store/postgresql/setup.h"

namespace yipan::store {
namespace {

Error spent_error() {
  return Error("store.transaction.spent")
      .zh("事务中已有语句出错，须先回滚")
      .en("a statement of the transaction has failed: it must be rolled back")
      .remedy("请回滚事务后重试", "roll the transaction back and try again");
}

std::string quote_text(PGconn* connection, std::string_view text) {
  char* quoted = PQescapeLiteral(connection, text.data(), text.size());
  std::string out = quoted == nullptr ? "''" : quoted;
  PQfreemem(quoted);
  return out;
}

// Statements after which a prepared plan may no longer fit.
bool changes_tables(const std::string& word) {
  return word == "create" || word == "drop" || word == "alter" || word == "set";
}

class PostgresqlConnection : public Connection {
 public:
  PostgresqlConnection(std::shared_ptr<Session> session, bool read_only)
      : session_(std::move(session)), read_only_(read_only) {}

  Dialect dialect() const override { return Dialect::postgresql; }
  int64_t changes() const override { return changes_; }
  bool in_transaction() const override { return transaction_->open; }

  Result<> execute(std::string_view sql, const Values& parameters) override {
    YIPAN_TRY(check_not_spent());
    return noted(execute_one(sql, parameters));
  }

  Result<> execute_many(std::string_view sql, const std::vector<Values>& rows) override {
    YIPAN_TRY(check_not_spent());
    const bool own = !transaction_->open;
    if (own) YIPAN_TRY(begin());
    auto changed = run_pipeline(session_.get(), sql, rows);
    if (!changed) {
      transaction_->failed = true;
      if (own) (void)rollback();
      return fail(changed.error());
    }
    if (own) YIPAN_TRY(commit());
    changes_ = *changed;
    return {};
  }

  Result<> script(std::string_view sql) override {
    YIPAN_TRY(check_not_spent());
    YIPAN_TRY(noted(check_text(sql)));
    auto done = noted(session_->script(std::string(sql)));
    if (done) session_->forget_statements();
    return done;
  }

  Result<std::unique_ptr<Rows>> query(std::string_view sql, const Values& parameters,
                                      const std::vector<Type>& types) override {
    YIPAN_TRY(check_not_spent());
    auto rows = [&]() -> Result<std::unique_ptr<Rows>> {
      const Bound bound(parameters, session_->geometry_oid());
      YIPAN_TRY(session_->send(sql, bound));
      return make_postgresql_rows(session_, std::string(sql), types, transaction_);
    }();
    if (!rows) transaction_->failed = transaction_->open;
    return rows;
  }

  Result<> create_table(const TableSpec& table) override {
    YIPAN_TRY(check_not_spent());
    YIPAN_TRY(check_table_spec(table));
    std::string columns;
    for (const ColumnSpec& column : table.columns) {
      if (!columns.empty()) columns += ", ";
      columns +=
          fmt::format("{} {}{}", quote_identifier(column.name), postgresql_type(column, table.srid),
                      is_required(table, column) ? " NOT NULL" : "");
    }
    if (!table.primary_key.empty()) {
      columns += fmt::format(", CONSTRAINT {} PRIMARY KEY ({})",
                             quote_identifier(index_name(table.name, table.primary_key, "key")),
                             quoted_list(table.primary_key));
    }
    std::string comment = table.title;
    if (!table.description.empty()) comment += "\n" + table.description;
    const std::string name = quote_identifier(table.name);
    return script(fmt::format("CREATE {}TABLE {} ({}); COMMENT ON TABLE {} IS {}",
                              table.temporary ? "TEMP " : "", name, columns, name,
                              quote_text(session_->handle(), comment)));
  }

  Result<> create_indexes(const TableSpec& table) override {
    YIPAN_TRY(check_not_spent());
    YIPAN_TRY(check_table_spec(table));
    std::string sql;
    const auto add = [&](const std::vector<std::string>& columns, std::string_view method,
                         std::string_view suffix) {
      sql += fmt::format("CREATE INDEX IF NOT EXISTS {} ON {} USING {} ({});",
                         quote_identifier(index_name(table.name, columns, suffix)),
                         quote_identifier(table.name), method, quoted_list(columns));
    };
    for (const auto& columns : table.indexes) add(columns, "btree", "idx");
    for (const ColumnSpec& column : table.columns) {
      if (column.type == Type::geometry) add({column.name}, "gist", "geo");
    }
    return sql.empty() ? Result<>() : script(sql);
  }

  Result<> drop_table(std::string_view name) override {
    YIPAN_TRY(check_name(name));
    return script(fmt::format("DROP TABLE IF EXISTS {}", quote_identifier(name)));
  }

  Result<bool> has_table(std::string_view name) override {
    YIPAN_ASSIGN(const auto found,
                 query_int("SELECT 1 FROM pg_class WHERE relname = $1 AND relkind IN "
                           "('r', 'p', 'v', 'm', 'f') AND relnamespace IN "
                           "(pg_my_temp_schema(), current_schema()::regnamespace) LIMIT 1",
                           {Value(name)}));
    return found.has_value();
  }

  Result<std::unique_ptr<BulkWriter>> bulk(std::string_view table,
                                           const std::vector<ColumnSpec>& columns) override {
    YIPAN_TRY(check_not_spent());
    const bool own = !transaction_->open;
    if (own) YIPAN_TRY(begin());
    return make_postgresql_bulk(session_, table, columns, [this, own](bool good) -> Result<> {
      if (!good) transaction_->failed = transaction_->open;
      if (own && good) return commit();
      if (own && transaction_->open) return rollback();
      return {};
    });
  }

  Result<> refresh_statistics(const std::vector<std::string>& tables) override {
    for (const std::string& table : tables) {
      YIPAN_TRY(check_name(table));
      YIPAN_TRY(execute(fmt::format("ANALYZE {}", quote_identifier(table)), {}));
    }
    return {};
  }

  Result<> begin() override {
    if (transaction_->open) {
      return fail(Error("store.transaction.nested")
                      .zh("已有打开的事务")
                      .en("a transaction is open already")
                      .remedy("请先提交或回滚", "commit it or roll it back first"));
    }
    YIPAN_TRY(session_->script(read_only_ ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                          : "BEGIN ISOLATION LEVEL REPEATABLE READ"));
    *transaction_ = {true, false};
    return {};
  }

  Result<> commit() override {
    YIPAN_TRY(check_open());
    if (transaction_->failed) {
      YIPAN_TRY(rollback());
      return fail(spent_error());
    }
    session_->make_free();
    const PgResult result(PQexec(session_->handle(), "COMMIT"));
    *transaction_ = {};
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) {
      if (std::string_view(PQcmdStatus(result.get())) == "COMMIT") return {};
      return fail(spent_error());
    }
    const Error error = session_->error(result.get());
    if (is_answered_by_server(result.get())) return fail(error);
    return fail(Error("store.commit.unknown")
                    .zh("提交时连接中断，不知是否已写入")
                    .en("the connection broke during the commit: whether it was written is "
                        "unknown")
                    .because(error)
                    .remedy("请重新连接数据库，查明最后写入的内容后再继续",
                            "connect again and see what was written last"));
  }

  Result<> rollback() override {
    YIPAN_TRY(check_open());
    *transaction_ = {};
    auto done = session_->script("ROLLBACK");
    return done;
  }

 private:
  Result<> noted(Result<> result) {
    if (!result) transaction_->failed = transaction_->open;
    return result;
  }
  Result<> check_not_spent() {
    if (transaction_->failed) return fail(spent_error());
    return {};
  }
  Result<> check_open() {
    if (transaction_->open) return {};
    return fail(Error("store.transaction.none")
                    .zh("没有打开的事务")
                    .en("there is no open transaction")
                    .remedy("请先调用 begin()", "call begin() first"));
  }

  Result<> execute_one(std::string_view sql, const Values& parameters) {
    const std::string word = first_keyword(sql);
    YIPAN_ASSIGN(const PgResult result, session_->run(sql, parameters));
    changes_ = word == "insert" || word == "update" || word == "delete" || word == "with"
                   ? rows_changed(result.get())
                   : 0;
    if (changes_tables(word)) session_->forget_statements();
    return {};
  }

  std::shared_ptr<Session> session_;
  std::shared_ptr<TransactionState> transaction_ = std::make_shared<TransactionState>();
  bool read_only_;
  int64_t changes_ = 0;
};

}  // namespace

Result<std::unique_ptr<Connection>> open_postgresql(const Url& url, const OpenOptions& options) {
  YIPAN_ASSIGN(auto session, connect(url, options));
  return std::make_unique<PostgresqlConnection>(std::move(session), options.read_only);
}

}  // namespace yipan::store
