// Every table of a board, read in an order that is the same on both databases: what content_hash()
// hashes and fsck() compares.
#ifndef YIPAN_BOARD_SNAPSHOT_H_
#define YIPAN_BOARD_SNAPSHOT_H_

#include <string>
#include <vector>

#include "board/tables.h"

namespace yipan::board {

struct TableView {
  store::TableSpec spec;
  std::vector<std::string> order;       // column names: together unique
  const TableSchema* schema = nullptr;  // of T and T_history; nullptr for y_ tables
  // SELECT all columns in this order.
  std::string sql(store::Dialect dialect) const;
  // SQLite only: what the file holds, read from the table and never from an index. exact: dates and
  // instants as the text that they are, geometries as blobs, booleans as integers; every value of
  // the storage class that its column has (storage_check_sql finds others). raw: every value as
  // text with its storage class ("text:<hex>", "real:<digits>"), slow, for tables that are damaged.
  std::string exact_sql() const;
  std::vector<Type> exact_types() const;
  std::string storage_check_sql() const;  // the number of values of another storage class
  std::string raw_sql() const;
  std::vector<size_t> order_columns() const;
};

// By name: T and T_history for each table of the schemas, and the y_ tables.
std::vector<TableView> table_views(const Schemas& schemas);

}  // namespace yipan::board

#endif  // YIPAN_BOARD_SNAPSHOT_H_
