// An open SQLite database with its cache of prepared statements.
#ifndef YIPAN_STORE_SQLITE_DB_H_
#define YIPAN_STORE_SQLITE_DB_H_

#include <sqlite3.h>

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "yipan/store.h"

namespace yipan::store {

struct StatementCloser {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, StatementCloser>;

struct Db {
  ~Db();
  sqlite3* handle = nullptr;
  std::string path;
  bool read_only = false;
  bool is_ours = false;  // made by this library: it has table y_store
  Statement holidays;    // of working_days_between, made when first needed

  // Most recently used first; taken out while in use, so that a query may run inside itself.
  struct Kept {
    std::string sql;
    Statement statement;
  };
  std::list<Kept> kept;
  std::unordered_map<std::string_view, std::list<Kept>::iterator> kept_by_sql;

  // A statement ready to be bound. One statement only; error "store.sql.several" for more.
  Result<Statement> take(std::string_view sql);
  void give_back(Statement statement);
  void forget_statements();
  // The error of the last call, in this library's words.
  Error error(std::string_view doing, int code) const;
  Result<> run(const char* sql);  // any number of statements, rows ignored
};

// $1 .. $N; error "store.sql.parameters" unless there are just as many as the statement names.
Result<> bind_all(Db* db, sqlite3_stmt* statement, const Values& parameters);

}  // namespace yipan::store

#endif  // YIPAN_STORE_SQLITE_DB_H_
