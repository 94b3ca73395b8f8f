// SQLite's result codes as errors for people.
#ifndef YIPAN_STORE_SQLITE_ERRORS_H_
#define YIPAN_STORE_SQLITE_ERRORS_H_

#include <sqlite3.h>

#include <string_view>

#include "yipan/result.h"

namespace yipan::store {

// `db` may be null. `sql` is what was being done; its beginning is shown for errors in it.
Error sqlite_error(sqlite3* db, int code, std::string_view path, std::string_view sql);

}  // namespace yipan::store

#endif  // YIPAN_STORE_SQLITE_ERRORS_H_
