#include "store/sqlite/errors.h"

#include <fmt/core.h>

#include <string>

namespace yipan::store {
namespace {

struct Words {
  int code;
  std::string_view error;
  std::string_view zh;
  std::string_view en;
  std::string_view remedy_zh;
  std::string_view remedy_en;
};

constexpr Words kWords[] = {
    {SQLITE_BUSY, "store.locked", "数据库文件正被另一个程序写入",
     "the database file is being written by another program",
     "请等它完成，或关闭占用该文件的程序（如 QGIS 的编辑状态）后重试",
     "wait for it, or close the program that holds the file (QGIS in editing mode), and try again"},
    {SQLITE_LOCKED, "store.locked", "表正被本程序的另一条语句使用",
     "the table is in use by another statement of this program", "请先读完或关闭该查询",
     "finish or close that query first"},
    {SQLITE_FULL, "store.full", "磁盘已满，无法写入数据库", "the disk is full",
     "请腾出磁盘空间后重试；未提交的内容没有写入",
     "free some disk space and try again; nothing uncommitted was written"},
    {SQLITE_READONLY, "store.read_only", "数据库是只读的", "the database is read-only",
     "请检查文件和所在目录的写权限，或是否以只读方式打开",
     "check the permissions of the file and its folder, and whether it was opened read-only"},
    {SQLITE_CORRUPT, "store.corrupt", "数据库文件已损坏", "the database file is damaged",
     "请从备份恢复，或由台账重建", "restore it from a backup, or rebuild it from the ledger"},
    {SQLITE_NOTADB, "store.not_a_database", "该文件不是 SQLite 数据库",
     "the file is not an SQLite database", "请检查文件路径", "check the path"},
    {SQLITE_CANTOPEN, "store.open", "无法打开数据库文件", "the database file cannot be opened",
     "请检查路径、目录是否存在以及访问权限",
     "check the path, that its folder exists, and the permissions"},
    {SQLITE_IOERR, "store.io", "读写数据库文件时出错", "reading or writing the database failed",
     "请检查磁盘", "check the disk"},
    {SQLITE_AUTH, "store.sql", "该操作不被允许", "the operation is not allowed", "请修改语句",
     "change the statement"},
    {SQLITE_TOOBIG, "store.too_big", "值过大", "a value is too large", "请拆分该值",
     "split the value"},
    {SQLITE_NOMEM, "store.memory", "内存不足", "out of memory", "请减少同时处理的数据",
     "process less data at a time"},
    {SQLITE_INTERRUPT, "store.interrupted", "操作被中断", "the operation was interrupted", "请重试",
     "try again"},
};

struct Constraint {
  int code;
  std::string_view error;
  std::string_view zh;
  std::string_view en;
  std::string_view remedy_zh;
  std::string_view remedy_en;
};
constexpr Constraint kConstraints[] = {
    {SQLITE_CONSTRAINT_UNIQUE, "store.constraint.unique", "键值重复", "a key is there already",
     "请检查是否重复导入，或更正键值", "check for a double import, or correct the key"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, "store.constraint.unique", "键值重复", "a key is there already",
     "请检查是否重复导入，或更正键值", "check for a double import, or correct the key"},
    {SQLITE_CONSTRAINT_ROWID, "store.constraint.unique", "键值重复", "a key is there already",
     "请检查是否重复导入，或更正键值", "check for a double import, or correct the key"},
    {SQLITE_CONSTRAINT_NOTNULL, "store.constraint.not_null", "必填的列为空",
     "a column that must have a value is null", "请补填该列", "fill the column in"},
    {SQLITE_CONSTRAINT_CHECK, "store.constraint.check", "值不符合表的约束",
     "a value violates the table's check", "请更正该值", "correct the value"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, "store.constraint.reference", "引用的行不存在",
     "the row referred to is not there", "请先导入被引用的表", "import the referred table first"},
};

Error cause_of(sqlite3* db, int code) {
  const std::string message =
      fmt::format("SQLite {}: {}", sqlite3_errstr(code), db != nullptr ? sqlite3_errmsg(db) : "");
  Error cause(fmt::format("store.sqlite.{}", code));
  cause.zh(message).en(message);
  if (db != nullptr && sqlite3_system_errno(db) != 0 &&
      ((code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN ||
       (code & 0xFF) == SQLITE_FULL)) {
    cause.os(sqlite3_system_errno(db));
  }
  return cause;
}

// "UNIQUE constraint failed: projects.id, projects.vintage" names the table and its first column.
void place_constraint(std::string_view message, Error* error) {
  const size_t colon = message.find("failed: ");
  if (colon == std::string_view::npos) return;
  std::string_view name = message.substr(colon + 8);
  name = name.substr(0, name.find(','));
  const size_t dot = name.find('.');
  if (dot == std::string_view::npos) return;
  error->element(name.substr(0, dot)).column(name.substr(dot + 1));
}

Error constraint_error(sqlite3* db, int code) {
  const Constraint* found = &kConstraints[4];
  for (const Constraint& c : kConstraints) {
    if (c.code == code) found = &c;
  }
  Error error(found->error);
  error.zh(found->zh).en(found->en).remedy(found->remedy_zh, found->remedy_en);
  if (db != nullptr) place_constraint(sqlite3_errmsg(db), &error);
  error.because(cause_of(db, code));
  return error;
}

}  // namespace

Error sqlite_error(sqlite3* db, int code, std::string_view path, std::string_view sql) {
  const int extended = db != nullptr ? sqlite3_extended_errcode(db) : code;
  if ((extended & 0xFF) == (code & 0xFF)) code = extended;
  if ((code & 0xFF) == SQLITE_CONSTRAINT) return constraint_error(db, code);
  for (const Words& words : kWords) {
    if (words.code != (code & 0xFF)) continue;
    Error error(words.error);
    error.zh(fmt::format("{}：{}", words.zh, path))
        .en(fmt::format("{}: {}", words.en, path))
        .file(path)
        .remedy(words.remedy_zh, words.remedy_en)
        .because(cause_of(db, code));
    return error;
  }
  const std::string message = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  constexpr size_t kShownMax = 2000;
  const std::string shown(sql.substr(0, kShownMax));
  Error error("store.sql");
  error.zh(fmt::format("SQL 语句出错：{}\n{}", message, shown))
      .en(fmt::format("the SQL statement failed: {}\n{}", message, shown))
      .remedy("请修改语句；可移植的写法见 docs/formats/sql.md",
              "correct the statement; docs/formats/sql.md says what is portable")
      .because(cause_of(db, code));
  return error;
}

}  // namespace yipan::store
