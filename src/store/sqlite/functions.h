// The portable functions (docs/formats/sql.md) and those that GeoPackage's triggers call, for one
// SQLite connection.
#ifndef YIPAN_STORE_SQLITE_FUNCTIONS_H_
#define YIPAN_STORE_SQLITE_FUNCTIONS_H_

#include "store/sqlite/db.h"

namespace yipan::store {

Result<> register_scalar_functions(Db* db);
Result<> register_aggregates(Db* db);
Result<> register_geometry_functions(Db* db);

// x rounded to `digits` decimals, half away from zero, as a decimal of 15 significant digits:
// just what round(x::numeric, digits) is in PostgreSQL.
double round_decimal(double x, int digits);

}  // namespace yipan::store

#endif  // YIPAN_STORE_SQLITE_FUNCTIONS_H_
