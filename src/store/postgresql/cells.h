// One value of a binary result, appended to a column.
#ifndef YIPAN_STORE_POSTGRESQL_CELLS_H_
#define YIPAN_STORE_POSTGRESQL_CELLS_H_

#include <optional>
#include <string>
#include <string_view>

#include "store/postgresql/session.h"

namespace yipan::store {

// The type of a result column of PostgreSQL type `oid`. Numeric has none of its own: its values
// are integers or reals (see type_of_numeric).
std::optional<Type> type_of_oid(Oid oid, Oid geometry_oid);
bool is_supported(Oid oid, Oid geometry_oid);
std::string_view name_of_oid(Oid oid);

// Integer if it has no decimals declared or shown ("3", the sum of integers), else real ("3.0").
Type type_of_numeric(std::string_view bytes);
std::string numeric_to_string(std::string_view bytes);  // "-12.500"; "NaN", "Infinity"

// False if the value is not of `wanted` and cannot be made so without loss.
bool append_cell(Oid oid, Oid geometry_oid, std::string_view bytes, Type wanted, Column* column);

}  // namespace yipan::store

#endif  // YIPAN_STORE_POSTGRESQL_CELLS_H_
