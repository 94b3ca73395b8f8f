// The board's tables in the database: their columns, indexes, and the pieces of SQL that name them
// (docs/formats/board.md, "Tables").
#ifndef YIPAN_BOARD_TABLES_H_
#define YIPAN_BOARD_TABLES_H_

#include <string>
#include <string_view>
#include <vector>

#include "yipan/board.h"

namespace yipan::board {

inline constexpr std::string_view kBoardFormat = "yipan-board/1";
inline constexpr std::string_view kStage = "y_stage";  // temporary: the rows of an import

inline std::string history_name(std::string_view table) { return std::string(table) + "_history"; }

// T: fields, y_entry, y_source, y_row, y_hash. T_history: and y_entry_end. y_stage: fields, y_row,
// y_hash. None has its key in the TableSpec; see index_specs().
store::TableSpec current_spec(const TableSchema& table);
store::TableSpec history_spec(const TableSchema& table);
store::TableSpec stage_spec(const TableSchema& table);
// y_meta, y_entries, y_sources, y_datasets, y_changes; keys and indexes in the spec.
std::vector<store::TableSpec> bookkeeping_specs();
std::vector<Type> types_of(const store::TableSpec& spec);

struct IndexSpec {
  std::string name;
  std::string table;
  std::vector<std::string> columns;
  bool unique = false;
  std::string create_sql() const;
  std::string drop_sql() const;
};
// The key of T (unique), the indexes that the schema asks for, and one for each set of fields other
// than the key that a foreign key points to.
std::vector<IndexSpec> index_specs(const TableSchema& table, const Schemas& schemas);
IndexSpec history_index(const TableSchema& table);

// ---- SQL
// -----------------------------------------------------------------------------------------

inline std::string q(std::string_view name) { return store::quote_identifier(name); }
std::string sql_list(const std::vector<std::string>& names, std::string_view alias = {});
std::vector<std::string> column_names(const store::TableSpec& spec);
std::vector<std::string> field_names(const TableSchema& table);
// a."x" = b."u" AND a."y" = b."v"
std::string sql_equal(std::string_view a, const std::vector<std::string>& columns_a,
                      std::string_view b, const std::vector<std::string>& columns_b);
// "x", "y" COLLATE "C": by bytes where the database would sort text otherwise.
std::string sql_order(store::Dialect dialect, const std::vector<std::string>& columns,
                      const std::vector<Type>& types, std::string_view alias = {});
std::string sql_key_order(store::Dialect dialect, const TableSchema& table,
                          std::string_view alias = {});
std::vector<Type> key_types(const TableSchema& table);

// A parameter of the type, from the text of a key. Error "board.key".
Result<store::Value> key_value(Type type, std::string_view text);

}  // namespace yipan::board

#endif  // YIPAN_BOARD_TABLES_H_
