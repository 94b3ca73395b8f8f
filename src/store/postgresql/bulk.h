// Bulk writing into PostgreSQL: COPY in binary, encoded straight from the columns.
#ifndef YIPAN_STORE_POSTGRESQL_BULK_H_
#define YIPAN_STORE_POSTGRESQL_BULK_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/postgresql/session.h"

namespace yipan::store {

// `on_end` is told once: true after the last row, false if the writer dies unfinished or fails.
// Rows are sent a few megabytes at a time, each a COPY of its own: between two of them the
// connection is free for other statements and other writers.
Result<std::unique_ptr<BulkWriter>> make_postgresql_bulk(const std::shared_ptr<Session>& session,
                                                         std::string_view table,
                                                         const std::vector<ColumnSpec>& columns,
                                                         std::function<Result<>(bool)> on_end);

std::string postgresql_type(const ColumnSpec& column, int srid);

}  // namespace yipan::store

#endif  // YIPAN_STORE_POSTGRESQL_BULK_H_
