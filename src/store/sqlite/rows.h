// A running query of SQLite, read column by column.
#ifndef YIPAN_STORE_SQLITE_ROWS_H_
#define YIPAN_STORE_SQLITE_ROWS_H_

#include <memory>
#include <vector>

#include "store/sqlite/db.h"

namespace yipan::store {

// `statement` is bound. `failed` is set when a step fails.
Result<std::unique_ptr<Rows>> make_sqlite_rows(const std::shared_ptr<Db>& db, Statement statement,
                                               const std::vector<Type>& types,
                                               const std::shared_ptr<bool>& failed);

}  // namespace yipan::store

#endif  // YIPAN_STORE_SQLITE_ROWS_H_
