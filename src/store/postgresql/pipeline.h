// One statement for many rows of parameters, in libpq's pipeline mode: hundreds of statements go
// out before the first answer is read.
#ifndef YIPAN_STORE_POSTGRESQL_PIPELINE_H_
#define YIPAN_STORE_POSTGRESQL_PIPELINE_H_

#include <string_view>
#include <vector>

#include "store/postgresql/session.h"

namespace yipan::store {

// Inside an open transaction. Rows changed; an error names the row.
Result<int64_t> run_pipeline(Session* session, std::string_view sql,
                             const std::vector<Values>& rows);

int64_t rows_changed(PGresult* result);

}  // namespace yipan::store

#endif  // YIPAN_STORE_POSTGRESQL_PIPELINE_H_
