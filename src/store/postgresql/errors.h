// PostgreSQL's errors (SQLSTATE) as errors for people.
#ifndef YIPAN_STORE_POSTGRESQL_ERRORS_H_
#define YIPAN_STORE_POSTGRESQL_ERRORS_H_

#include <libpq-fe.h>

#include <string_view>

#include "yipan/result.h"

namespace yipan::store {

// `result` may be null: then the connection says what went wrong. `display`: the address without
// its password. `sql`: what was being done; "" if it is not to be shown.
Error postgresql_error(PGconn* connection, const PGresult* result, std::string_view display,
                       std::string_view sql);

// The server rolled the commit back and said so: the outcome is known.
bool is_answered_by_server(const PGresult* result);

}  // namespace yipan::store

#endif  // YIPAN_STORE_POSTGRESQL_ERRORS_H_
