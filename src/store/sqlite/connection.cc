// SQLite: a GeoPackage file in WAL mode.
//
//   journal_mode WAL, synchronous NORMAL   a crash loses nothing committed before the last
//                                          checkpoint's sync, and never damages the file
//   busy_timeout 10 s                      waits for another writer
//   cache_size 64 MiB, mmap_size 256 MiB   reads mostly without copying
//   foreign_keys OFF                       references are checked on import, with names of rows
//   case_sensitive_like ON, double-quoted strings off, defensive mode   as PostgreSQL does
#include <fmt/core.h>

#include <map>

#include "store/checks.h"
#include "store/open.h"
#include "store/sqlite/bulk.h"
#include "store/sqlite/functions.h"
#include "store/sqlite/geopackage.h"
#include "store/sqlite/rows.h"

namespace yipan::store {
namespace {

constexpr const char* kSettings =
    "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -65536;"
    "PRAGMA mmap_size = 268435456; PRAGMA case_sensitive_like = ON; PRAGMA secure_delete = FAST;"
    "PRAGMA wal_autocheckpoint = 4000;";

Error spent_error() {
  return Error("store.transaction.spent")
      .zh("事务中已有语句出错，须先回滚")
      .en("a statement of the transaction has failed: it must be rolled back")
      .remedy("请回滚事务后重试", "roll the transaction back and try again");
}

class SqliteConnection : public Connection {
 public:
  explicit SqliteConnection(std::shared_ptr<Db> db) : db_(std::move(db)) {}

  Dialect dialect() const override { return Dialect::sqlite; }
  int64_t changes() const override { return changes_; }
  bool in_transaction() const override { return sqlite3_get_autocommit(db_->handle) == 0; }

  Result<> execute(std::string_view sql, const Values& parameters) override {
    YIPAN_TRY(check_not_spent());
    return noted(execute_one(sql, parameters));
  }

  Result<> execute_many(std::string_view sql, const std::vector<Values>& rows) override {
    YIPAN_TRY(check_not_spent());
    const bool own = !in_transaction();
    if (own) YIPAN_TRY(begin());
    int64_t changed = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      auto done = execute_one(sql, rows[i]);
      if (!done) {
        *failed_ = in_transaction();
        if (own) (void)rollback();
        done.error().row(i + 1);
        return done;
      }
      changed += changes_;
    }
    if (own) YIPAN_TRY(commit());
    changes_ = changed;
    return {};
  }

  Result<> script(std::string_view sql) override {
    YIPAN_TRY(check_not_spent());
    YIPAN_TRY(noted(check_text(sql)));
    auto done = db_->run(std::string(sql).c_str());
    db_->forget_statements();
    return noted(std::move(done));
  }

  Result<std::unique_ptr<Rows>> query(std::string_view sql, const Values& parameters,
                                      const std::vector<Type>& types) override {
    YIPAN_TRY(check_not_spent());
    auto rows = [&]() -> Result<std::unique_ptr<Rows>> {
      YIPAN_ASSIGN(Statement statement, db_->take(sql));
      YIPAN_TRY(bind_all(db_.get(), statement.get(), parameters));
      return make_sqlite_rows(db_, std::move(statement), types, failed_);
    }();
    if (!rows) *failed_ = in_transaction();
    return rows;
  }

  Result<> create_table(const TableSpec& table) override {
    YIPAN_TRY(check_table_spec(table));
    return in_savepoint([&]() -> Result<> {
      YIPAN_TRY(db_->run(create_table_sql(table).c_str()));
      for (const ColumnSpec& column : table.columns) {
        if (column.type == Type::geometry) srids_[table.name + "." + column.name] = table.srid;
      }
      if (table.listed && !table.temporary) return list_table(db_.get(), table);
      return {};
    });
  }

  Result<> create_indexes(const TableSpec& table) override {
    YIPAN_TRY(check_table_spec(table));
    return in_savepoint([&]() -> Result<> {
      for (const auto& columns : table.indexes) {
        const std::string sql = fmt::format(
            "CREATE INDEX IF NOT EXISTS {}{} ON {} ({})", table.temporary ? "temp." : "",
            quote_identifier(index_name(table.name, columns, "idx")), quote_identifier(table.name),
            quoted_list(columns));
        YIPAN_TRY(db_->run(sql.c_str()));
      }
      return create_rtrees(db_.get(), table);
    });
  }

  Result<> drop_table(std::string_view name) override {
    YIPAN_TRY(check_name(name));
    return in_savepoint([&]() -> Result<> {
      // A temporary table hides one of the file: then only the former goes.
      YIPAN_ASSIGN(const bool temporary, is_there("temp.sqlite_master", name));
      db_->forget_statements();
      if (!temporary) YIPAN_TRY(unlist_table(db_.get(), name));
      db_->forget_statements();
      return db_->run(fmt::format("DROP TABLE IF EXISTS {}", quote_identifier(name)).c_str());
    });
  }

  Result<bool> has_table(std::string_view name) override {
    YIPAN_TRY(check_not_spent());
    YIPAN_ASSIGN(const bool temporary, is_there("temp.sqlite_master", name));
    if (temporary) return true;
    return is_there("main.sqlite_master", name);
  }

  Result<std::unique_ptr<BulkWriter>> bulk(std::string_view table,
                                           const std::vector<ColumnSpec>& columns) override {
    YIPAN_TRY(check_not_spent());
    BulkTarget target{std::string(table), columns, {}};
    for (const ColumnSpec& column : columns) {
      YIPAN_ASSIGN(const int srid, srid_of(target.table, column));
      target.srids.push_back(srid);
    }
    const bool own = !in_transaction();
    if (own) YIPAN_TRY(begin());
    return make_sqlite_bulk(db_, std::move(target), [this, own](bool good) -> Result<> {
      if (!good) *failed_ = in_transaction();
      if (own && good) return commit();
      if (own && in_transaction()) return rollback();
      return {};
    });
  }

  Result<> refresh_statistics(const std::vector<std::string>& tables) override {
    return in_savepoint([&]() -> Result<> {
      for (const std::string& table : tables) {
        YIPAN_TRY(check_name(table));
        YIPAN_TRY(update_contents(db_.get(), table));
        YIPAN_TRY(db_->run(fmt::format("ANALYZE {}", quote_identifier(table)).c_str()));
      }
      return {};
    });
  }

  Result<> begin() override {
    if (in_transaction()) {
      return fail(Error("store.transaction.nested")
                      .zh("已有打开的事务")
                      .en("a transaction is open already")
                      .remedy("请先提交或回滚", "commit it or roll it back first"));
    }
    *failed_ = false;
    return db_->run(db_->read_only ? "BEGIN" : "BEGIN IMMEDIATE");
  }

  Result<> commit() override {
    YIPAN_TRY(check_open());
    if (*failed_) {
      YIPAN_TRY(rollback());
      return fail(spent_error());
    }
    const int code = sqlite3_exec(db_->handle, "COMMIT", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return {};
    Error error = db_->error("COMMIT", code);
    // Still open: SQLite refused before writing anything that counts.
    if (in_transaction()) {
      (void)rollback();
      if ((code & 0xFF) != SQLITE_IOERR) return fail(std::move(error));
    }
    return fail(Error("store.commit.unknown")
                    .zh("提交时出错，不知是否已写入")
                    .en("the commit failed: whether it was written is unknown")
                    .file(db_->path)
                    .because(error)
                    .remedy("请重新打开数据库，查明最后写入的内容后再继续",
                            "open the database again and see what was written last"));
  }

  Result<> rollback() override {
    YIPAN_TRY(check_open());
    *failed_ = false;
    return db_->run("ROLLBACK");
  }

 private:
  // A statement that fails inside a transaction spends it, as in PostgreSQL.
  Result<> noted(Result<> result) {
    if (!result) *failed_ = in_transaction();
    return result;
  }

  Result<> check_not_spent() {
    if (*failed_ && in_transaction()) return fail(spent_error());
    *failed_ = false;
    return {};
  }

  Result<> check_open() {
    if (in_transaction()) return {};
    *failed_ = false;
    return fail(Error("store.transaction.none")
                    .zh("没有打开的事务")
                    .en("there is no open transaction")
                    .remedy("请先调用 begin()", "call begin() first"));
  }

  Result<> execute_one(std::string_view sql, const Values& parameters) {
    const std::string word = first_keyword(sql);
    YIPAN_ASSIGN(Statement statement, db_->take(sql));
    YIPAN_TRY(bind_all(db_.get(), statement.get(), parameters));
    const int64_t total_before = sqlite3_total_changes64(db_->handle);
    int code = sqlite3_step(statement.get());
    while (code == SQLITE_ROW) code = sqlite3_step(statement.get());
    if (code != SQLITE_DONE) return fail(db_->error(sql, code));
    // Changes made by triggers do not count; a statement that changes nothing says 0.
    const bool changed = sqlite3_total_changes64(db_->handle) != total_before;
    changes_ = changed ? sqlite3_changes64(db_->handle) : 0;
    db_->give_back(std::move(statement));
    if (word == "drop" || word == "alter") db_->forget_statements();
    return {};
  }

  // All or nothing, whether or not a transaction is open.
  template <typename Work>
  Result<> in_savepoint(Work work) {
    YIPAN_TRY(check_not_spent());
    YIPAN_TRY(db_->run("SAVEPOINT y_step"));
    auto done = work();
    if (done) done = db_->run("RELEASE y_step");
    if (!done) {
      (void)db_->run("ROLLBACK TO y_step; RELEASE y_step");
      db_->forget_statements();
    }
    return noted(std::move(done));
  }

  Result<bool> is_there(std::string_view master, std::string_view name) {
    const std::string sql =
        fmt::format("SELECT 1 FROM {} WHERE type IN ('table', 'view') AND name = $1", master);
    YIPAN_ASSIGN(Statement statement, db_->take(sql));
    YIPAN_TRY(bind_all(db_.get(), statement.get(), {Value(name)}));
    const int code = sqlite3_step(statement.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) return fail(db_->error(sql, code));
    db_->give_back(std::move(statement));
    return code == SQLITE_ROW;
  }

  Result<int> srid_of(const std::string& table, const ColumnSpec& column) {
    if (column.type != Type::geometry) return 0;
    const auto known = srids_.find(table + "." + column.name);
    if (known != srids_.end()) return known->second;
    YIPAN_ASSIGN(const auto srid,
                 query_int("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = $1 AND "
                           "column_name = $2",
                           {Value(table), Value(column.name)}));
    return static_cast<int>(srid.value_or(TableSpec{}.srid));
  }

  std::shared_ptr<Db> db_;
  std::shared_ptr<bool> failed_ = std::make_shared<bool>(false);
  std::map<std::string, int> srids_;  // of tables made by this connection, temporary ones too
  int64_t changes_ = 0;
};

Result<> configure(Db* db, const OpenOptions& options) {
  sqlite3_extended_result_codes(db->handle, 1);
  sqlite3_busy_timeout(db->handle, options.busy_timeout_ms);
  for (const auto& [setting, value] :
       {std::pair{SQLITE_DBCONFIG_DQS_DDL, 0}, std::pair{SQLITE_DBCONFIG_DQS_DML, 0},
        std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}}) {
    sqlite3_db_config(db->handle, setting, value, nullptr);
  }
  YIPAN_TRY(db->run(kSettings));
  if (!options.read_only) YIPAN_TRY(db->run("PRAGMA journal_mode = WAL"));
  YIPAN_TRY(register_scalar_functions(db));
  YIPAN_TRY(register_aggregates(db));
  return register_geometry_functions(db);
}

}  // namespace

Result<std::unique_ptr<Connection>> open_sqlite(const Url& url, const OpenOptions& options) {
  auto db = std::make_shared<Db>();
  db->path = url.target;
  db->read_only = options.read_only;
  const int flags =
      SQLITE_OPEN_NOMUTEX |
      (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  const int code = sqlite3_open_v2(url.target.c_str(), &db->handle, flags, nullptr);
  if (code != SQLITE_OK) return fail(db->error("open", code));
  YIPAN_TRY(configure(db.get(), options));
  YIPAN_TRY(prepare_geopackage(db.get()));
  return std::make_unique<SqliteConnection>(std::move(db));
}

}  // namespace yipan::store
