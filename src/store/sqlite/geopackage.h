// A GeoPackage 1.3 file (OGC 12-128r17): its fixed tables, and the entries that make a table a
// feature or attributes layer.
#ifndef YIPAN_STORE_SQLITE_GEOPACKAGE_H_
#define YIPAN_STORE_SQLITE_GEOPACKAGE_H_

#include <string>

#include "store/sqlite/db.h"

namespace yipan::store {

// An empty file becomes a GeoPackage; a GeoPackage is taken as it is. Error "store.foreign" for an
// SQLite database of another kind.
Result<> prepare_geopackage(Db* db);

// The declared type of a column (GeoPackage 1.3, table 1). Instants are TEXT(27): DATETIME has
// milliseconds only.
std::string declared_type(const ColumnSpec& column);
// nullopt: a type that GeoPackage does not have. `is_ours`: see Db.
std::optional<Type> type_of_declaration(std::string_view declaration, bool is_ours);

// CREATE TABLE with the integer key that GeoPackage asks for.
std::string create_table_sql(const TableSpec& table);
Result<> list_table(Db* db, const TableSpec& table);
Result<> unlist_table(Db* db, std::string_view table);
// The R-tree of each geometry column, with the triggers that keep it (annex F.3).
Result<> create_rtrees(Db* db, const TableSpec& table);
// gpkg_contents: the extent and the time of the last change.
Result<> update_contents(Db* db, std::string_view table);

}  // namespace yipan::store

#endif  // YIPAN_STORE_SQLITE_GEOPACKAGE_H_
