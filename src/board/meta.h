// y_meta: what the board is derived from, and how far.
#ifndef YIPAN_BOARD_META_H_
#define YIPAN_BOARD_META_H_

#include <optional>
#include <string>

#include "yipan/board.h"

namespace yipan::board {

struct Meta {
  std::string format;
  std::string origin;
  uint64_t applied = 0;
  Hash256 root;         // of the ledger at `applied`
  std::string schemas;  // Schemas::bundle(); "" before the first adoption
};

// Nothing if there is no board. Error "board.meta" if y_meta cannot be understood.
Result<std::optional<Meta>> read_meta(store::Connection& db);
Result<> write_meta(store::Connection& db, const Meta& meta);

// Makes the tables of a board to which no entry has been applied.
Result<> make_empty_board(store::Connection& db, const ledger::Ledger& ledger);
// Drops every table that the ledger's adoptions, or y_meta, ever named, and the y_ tables.
Result<> drop_board(store::Connection& db, const ledger::Ledger& ledger);

// Errors "board.open.*" (yipan/board.h).
Result<> check_meta(const Meta& meta, const ledger::Ledger& ledger);

}  // namespace yipan::board

#endif  // YIPAN_BOARD_META_H_
