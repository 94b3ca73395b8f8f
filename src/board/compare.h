// Two boards, table by table: what fsck() reports.
#ifndef YIPAN_BOARD_COMPARE_H_
#define YIPAN_BOARD_COMPARE_H_

#include <vector>

#include "board/snapshot.h"

namespace yipan::board {

inline constexpr size_t kProblemsMax = 1'000;

// typed: values as they are read, on any database. exact and raw: as TableView says.
enum class Compare : uint8_t { typed, exact, raw };

struct Comparison {
  store::Connection& board;
  store::Connection& truth;
  Compare how = Compare::typed;
  bool extra_allowed = false;  // rows that only the board has are no problem
};
// Appends a problem for every row that only one has and every value that differs. An error of the
// database becomes a problem too. `exact` goes over to `raw` where the board's table is damaged.
void compare_table(const Comparison& sides, const TableView& view, std::vector<Error>* problems);

// SQLite: PRAGMA integrity_check, the file's marks, the tables' and indexes' own definitions, and
// the GeoPackage's tables.
void compare_files(store::Connection& board, store::Connection& truth,
                   std::vector<Error>* problems);

Error table_problem(std::string_view table, std::string_view key, std::string_view column,
                    const std::string& zh, const std::string& en);
// The database's own error while a table was read.
Error unreadable(std::string_view table, const Error& cause);

}  // namespace yipan::board

#endif  // YIPAN_BOARD_COMPARE_H_
