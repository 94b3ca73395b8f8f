#include "store/postgresql/errors.h"

#include <fmt/core.h>

#include <string>

namespace yipan::store {
namespace {

struct Words {
  std::string_view state;  // the beginning of the SQLSTATE; the first that fits
  std::string_view error;
  std::string_view zh;
  std::string_view en;
  std::string_view remedy_zh;
  std::string_view remedy_en;
};

// PostgreSQL 15, appendix A.
constexpr Words kWords[] = {
    {"23505", "store.constraint.unique", "键值重复", "a key is there already",
     "请检查是否重复导入，或更正键值", "check for a double import, or correct the key"},
    {"23502", "store.constraint.not_null", "必填的列为空",
     "a column that must have a value is null", "请补填该列", "fill the column in"},
    {"23514", "store.constraint.check", "值不符合表的约束", "a value violates the table's check",
     "请更正该值", "correct the value"},
    {"23503", "store.constraint.reference", "引用的行不存在", "the row referred to is not there",
     "请先导入被引用的表", "import the referred table first"},
    {"40", "store.conflict", "与另一事务冲突，已回滚",
     "the transaction conflicts with another and was rolled back", "请重试", "try again"},
    {"55P03", "store.locked", "表正被另一会话锁定", "the table is locked by another session",
     "请稍后重试", "try again later"},
    {"57014", "store.interrupted", "操作被中断或超时",
     "the operation was interrupted or ran out of time", "请重试", "try again"},
    {"53100", "store.full", "数据库服务器的磁盘已满", "the server's disk is full",
     "请联系数据库管理员腾出空间", "ask the database's administrator for space"},
    {"53200", "store.memory", "数据库服务器内存不足", "the server is out of memory",
     "请联系数据库管理员", "ask the database's administrator"},
    {"53300", "store.connection", "数据库的连接数已满", "the server has too many connections",
     "请稍后重试，或调大 max_connections", "try again later, or raise max_connections"},
    {"25006", "store.read_only", "数据库是只读的", "the database is read-only",
     "请检查是否以只读方式打开，或连到了备机",
     "check whether it was opened read-only, or is a standby"},
    {"25P02", "store.transaction.spent", "事务中已有语句出错，须先回滚",
     "a statement of the transaction has failed: it must be rolled back", "请回滚事务后重试",
     "roll the transaction back and try again"},
    {"XX00", "store.corrupt", "数据库已损坏或内部出错", "the database is damaged or broken inside",
     "请联系数据库管理员；必要时由台账重建",
     "ask the database's administrator; rebuild from the ledger if need be"},
    {"3D000", "store.connection", "没有这个数据库", "there is no such database",
     "请检查地址中的库名，或先建库", "check the name in the address, or create the database"},
    {"28", "store.connection", "登录被拒绝", "the login was refused", "请检查用户名和口令",
     "check user name and password"},
    {"57P", "store.connection", "数据库服务器断开了连接", "the server ended the connection",
     "请重新连接；查明最后提交的内容", "connect again, and see what was committed last"},
    {"08", "store.connection", "与数据库服务器的连接中断", "the connection to the server broke",
     "请检查网络和服务器后重试", "check network and server, and try again"},
    {"42501", "store.permission", "没有权限", "permission is denied", "请向数据库管理员申请权限",
     "ask the database's administrator for the permission"},
    {"22", "store.value", "值不合法", "a value is not valid",
     "请更正该值；各函数对值的要求见 docs/formats/sql.md",
     "correct the value; docs/formats/sql.md says what the functions take"},
};

std::string field(const PGresult* result, int which) {
  const char* text = result == nullptr ? nullptr : PQresultErrorField(result, which);
  return text == nullptr ? std::string() : std::string(text);
}

std::string trimmed(const char* text) {
  std::string out = text == nullptr ? "" : text;
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

Error cause_of(PGconn* connection, const PGresult* result, const std::string& state) {
  std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = trimmed(PQerrorMessage(connection));
  for (const int part : {PG_DIAG_MESSAGE_DETAIL, PG_DIAG_MESSAGE_HINT, PG_DIAG_CONTEXT}) {
    if (const std::string more = field(result, part); !more.empty()) message += "\n" + more;
  }
  Error cause(state.empty() ? "store.postgresql" : fmt::format("store.postgresql.{}", state));
  const std::string text = fmt::format("PostgreSQL {}: {}", state, message);
  cause.zh(text).en(text);
  return cause;
}

Error sql_error(const PGresult* result, std::string_view sql) {
  constexpr size_t kShownMax = 2000;
  const std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  Error error("store.sql");
  error.zh(fmt::format("SQL 语句出错：{}\n{}", message, sql.substr(0, kShownMax)))
      .en(fmt::format("the SQL statement failed: {}\n{}", message, sql.substr(0, kShownMax)))
      .remedy("请修改语句；可移植的写法见 docs/formats/sql.md",
              "correct the statement; docs/formats/sql.md says what is portable");
  return error;
}

}  // namespace

Error postgresql_error(PGconn* connection, const PGresult* result, std::string_view display,
                       std::string_view sql) {
  std::string state = field(result, PG_DIAG_SQLSTATE);
  const std::string primary = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (PQstatus(connection) == CONNECTION_BAD && !state.starts_with("57P")) state = "08006";
  const Error cause = cause_of(connection, result, state);
  // While connecting libpq gives text only.
  if (result == nullptr && cause.message_en().find("does not exist") != std::string::npos) {
    state = "3D000";
  }
  for (const Words& words : kWords) {
    if (!state.starts_with(words.state)) continue;
    Error error(words.error);
    std::string zh(words.zh);
    std::string en(words.en);
    if (words.error == "store.connection") {
      zh += fmt::format("：{}", display);
      en += fmt::format(": {}", display);
    }
    if (words.error == "store.value") {
      zh += "：" + primary;
      en += ": " + primary;
    }
    error.zh(zh).en(en).remedy(words.remedy_zh, words.remedy_en).because(cause);
    if (const auto table = field(result, PG_DIAG_TABLE_NAME); !table.empty()) error.element(table);
    if (const auto column = field(result, PG_DIAG_COLUMN_NAME); !column.empty()) {
      error.column(column);
    }
    return error;
  }
  return sql_error(result, sql).because(cause);
}

bool is_answered_by_server(const PGresult* result) {
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  return !state.empty() && !state.starts_with("08") && !state.starts_with("57P");
}

}  // namespace yipan::store
