// Applying one ledger entry to the board's tables inside an open transaction: the one way in which
// the board changes, at import and at replay alike.
#ifndef YIPAN_BOARD_APPLY_H_
#define YIPAN_BOARD_APPLY_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "board/tables.h"
#include "yipan/board.h"

namespace yipan::board {

inline constexpr size_t kViolationsMax = 10'000;

struct ApplyContext {
  store::Connection& db;
  const ledger::Ledger& ledger;
  const Schemas& schemas;
  const ledger::Entry& entry;
  uint64_t index;
  // False: rows go through the staging table, which can name duplicate keys one by one.
  bool may_load_directly;
};

struct Applied {
  std::vector<Violation> violations;
  uint64_t violation_count = 0;
  bool duplicates = false;  // the tables are not changed, the entry cannot be committed
  Diff diff;
  uint64_t rows = 0;               // that were read
  std::optional<Schemas> schemas;  // as they are from now on
};

// An error with code kDirectLoadFailed asks for another try without may_load_directly.
inline constexpr std::string_view kDirectLoadFailed = "store.constraint.unique";
Result<Applied> apply_entry(const ApplyContext& context);

// ---- the kinds
// -----------------------------------------------------------------------------------

Result<Applied> apply_adoption(const ApplyContext& context);
Result<Applied> apply_import(const ApplyContext& context);
Result<Applied> apply_withdrawal(const ApplyContext& context);

// ---- what they share
// -----------------------------------------------------------------------------

struct LastVintage {
  uint64_t vintage = 0;  // 0: the dataset is new
  std::string table;
  uint64_t rows = 0;  // on the board
};
Result<LastVintage> last_vintage(store::Connection& db, const std::string& dataset);

// One row of y_datasets.
struct VintageRow {
  std::string dataset, table, kind, reason;
  uint64_t entry = 0, rows = 0, refused = 0;
  Diff diff;
};
Result<> insert_vintage(store::Connection& db, const VintageRow& row);
// Rows on the board, by y_datasets.
Result<uint64_t> table_rows(store::Connection& db, const std::string& table);
// Takes the table's statistics again if a tenth of it has moved (not at each small import).
Result<> refresh_if_moved(store::Connection& db, const std::string& table, uint64_t moved);
// y_datasets names a table that the schemas have not.
Error lost_table(const std::string& table);

// The first row of a result, into `batch`; false if there is none.
Result<bool> first_row(store::Connection& db, std::string_view sql, const store::Values& parameters,
                       const std::vector<Type>& types, Batch* batch);

// ---- references (violations.cc)
// -------------------------------------------------------------------

// Where an import's rows are: y_stage, or the table's rows of this entry.
struct NewRows {
  std::string from;     // what stands after FROM, with the alias n
  bool applied = true;  // they are in the table already
};
// Keys that stand twice in y_stage; `others`: and those that rows of other datasets have.
Result<> find_duplicates(const ApplyContext& context, const TableSchema& table,
                         const std::string& dataset, bool others, Applied* out);
Result<> find_dangling(const ApplyContext& context, const TableSchema& table,
                       const std::string& dataset, const NewRows& rows, Applied* out);
// Rows of other datasets that pointed to what this entry took from `table`.
Result<> find_orphans(const ApplyContext& context, const TableSchema& table,
                      const std::string& dataset, Applied* out);

// ---- y_changes (changes.cc)
// -----------------------------------------------------------------------

// Writes the fields that differ for the keys in y_changed, and the keys in y_removed and y_added.
Result<> record_changes(const ApplyContext& context, const TableSchema& table,
                        const std::string& dataset, const Diff& diff);

}  // namespace yipan::board

#endif  // YIPAN_BOARD_APPLY_H_
