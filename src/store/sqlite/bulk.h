// Bulk writing into SQLite: one prepared insert, bound straight from the columns.
#ifndef YIPAN_STORE_SQLITE_BULK_H_
#define YIPAN_STORE_SQLITE_BULK_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/sqlite/db.h"

namespace yipan::store {

struct BulkTarget {
  std::string table;
  std::vector<ColumnSpec> columns;
  std::vector<int> srids;  // of each column; 0 if it is no geometry
};
// `on_end` is told once: true after the last row, false if the writer dies unfinished or fails.
Result<std::unique_ptr<BulkWriter>> make_sqlite_bulk(const std::shared_ptr<Db>& db,
                                                     BulkTarget target,
                                                     std::function<Result<>(bool)> on_end);

}  // namespace yipan::store

#endif  // YIPAN_STORE_SQLITE_BULK_H_
