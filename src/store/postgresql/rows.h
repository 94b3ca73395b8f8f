// A running query of PostgreSQL: binary rows, one by one as they come (libpq's single-row mode),
// gathered column by column.
#ifndef YIPAN_STORE_POSTGRESQL_ROWS_H_
#define YIPAN_STORE_POSTGRESQL_ROWS_H_

#include <memory>
#include <string>
#include <vector>

#include "store/postgresql/session.h"

namespace yipan::store {

struct TransactionState {
  bool open = false;
  bool failed = false;
};

// The statement has been sent.
Result<std::unique_ptr<Rows>> make_postgresql_rows(
    const std::shared_ptr<Session>& session, std::string sql, const std::vector<Type>& types,
    const std::shared_ptr<TransactionState>& transaction);

}  // namespace yipan::store

#endif  // YIPAN_STORE_POSTGRESQL_ROWS_H_
