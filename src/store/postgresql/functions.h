// The portable functions (docs/formats/sql.md) in PostgreSQL: a schema of their own, made once for
// each database. Its name has the version: programs of different versions share a database.
#ifndef YIPAN_STORE_POSTGRESQL_FUNCTIONS_H_
#define YIPAN_STORE_POSTGRESQL_FUNCTIONS_H_

namespace yipan::store {

inline constexpr const char* kFunctionsSchema = "yipan_sql_1";
// Run in a transaction with search_path = pg_catalog.
extern const char* const kFunctionsSql;

}  // namespace yipan::store

#endif  // YIPAN_STORE_POSTGRESQL_FUNCTIONS_H_
