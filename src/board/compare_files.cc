// What fsck() looks at in a SQLite file beside the tables' rows.
#include <fmt/format.h>

#include "board/compare.h"

namespace yipan::board {
namespace {

Error file_problem(std::string_view element, const std::string& zh, const std::string& en) {
  return Error("board.fsck.file")
      .zh(zh)
      .en(en)
      .element(element)
      .remedy("运行 yipan rebuild；若仍不行，移走数据库文件再运行",
              "run yipan rebuild; if that fails, move the database away and run it again");
}

Result<> check_integrity(store::Connection& db, std::vector<Error>* problems) {
  YIPAN_ASSIGN(const auto rows, db.query("PRAGMA integrity_check(100)", {}, {Type::text}));
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) return {};
    for (size_t i = 0; i < batch.rows(); ++i) {
      const std::string word(batch.columns[0].bytes_at(i));
      if (word == "ok") continue;
      problems->push_back(file_problem("PRAGMA integrity_check", "SQLite 发现文件损坏：" + word,
                                       "SQLite finds the file damaged: " + word));
    }
  }
}

// GeoPackage 1.3, 1.1.1.1.1: how a file says that it is one.
Result<> check_marks(store::Connection& board, store::Connection& truth,
                     std::vector<Error>* problems) {
  for (const char* mark : {"application_id", "user_version", "encoding"}) {
    const std::string sql = std::string("PRAGMA ") + mark;
    YIPAN_ASSIGN(const auto found, board.query(sql));
    YIPAN_ASSIGN(const auto wanted, truth.query(sql));
    Batch a;
    Batch b;
    YIPAN_TRY(found->next(&a));
    YIPAN_TRY(wanted->next(&b));
    if (a.rows() == 1 && b.rows() == 1 &&
        value_text(a.columns[0], 0) == value_text(b.columns[0], 0)) {
      continue;
    }
    problems->push_back(file_problem(sql, fmt::format("文件的 {} 不对", mark),
                                     fmt::format("the file's {} is wrong", mark)));
  }
  return {};
}

TableView text_view(const std::string& table, const std::vector<std::string>& columns,
                    const std::vector<std::string>& order) {
  TableView view;
  view.spec.name = table;
  for (const std::string& name : columns) {
    store::ColumnSpec column;
    column.name = name;
    view.spec.columns.push_back(column);
  }
  view.order = order;
  return view;
}

Result<std::vector<std::string>> texts(store::Connection& db, const std::string& sql) {
  YIPAN_ASSIGN(const auto rows, db.query(sql, {}, {Type::text}));
  std::vector<std::string> out;
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) return out;
    for (size_t i = 0; i < batch.rows(); ++i) out.emplace_back(batch.columns[0].bytes_at(i));
  }
}

// Only the time of the last change may differ.
Result<> check_geopackage(store::Connection& board, store::Connection& truth,
                          std::vector<Error>* problems) {
  YIPAN_ASSIGN(const auto tables,
               texts(truth,
                     "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE "
                     "'gpkg\\_%' ESCAPE '\\' ORDER BY name"));
  for (const std::string& table : tables) {
    YIPAN_ASSIGN(const auto columns,
                 texts(truth, fmt::format("SELECT name FROM pragma_table_info('{}') "
                                          "WHERE name <> 'last_change' ORDER BY cid",
                                          table)));
    YIPAN_ASSIGN(auto key, texts(truth, fmt::format("SELECT name FROM pragma_table_info('{}') "
                                                    "WHERE pk > 0 ORDER BY pk",
                                                    table)));
    if (key.empty()) key = columns;
    compare_table({board, truth, Compare::raw, true}, text_view(table, columns, key), problems);
  }
  return {};
}

}  // namespace

void compare_files(store::Connection& board, store::Connection& truth,
                   std::vector<Error>* problems) {
  const auto note = [&](const Result<>& done, std::string_view part) {
    if (!done) problems->push_back(unreadable(part, done.error()));
  };
  note(check_integrity(board, problems), "PRAGMA integrity_check");
  note(check_marks(board, truth, problems), "PRAGMA application_id");
  compare_table({board, truth, Compare::raw, true},
                text_view("sqlite_schema", {"type", "name", "tbl_name", "sql"}, {"type", "name"}),
                problems);
  note(check_geopackage(board, truth, problems), "gpkg_contents");
}

}  // namespace yipan::board
