// What both databases must refuse alike, checked before either sees it.
#ifndef YIPAN_STORE_CHECKS_H_
#define YIPAN_STORE_CHECKS_H_

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/iso_time.h"
#include "store/wkb.h"
#include "yipan/store.h"

namespace yipan::store {

// UTF-8 without NUL (PostgreSQL stores neither; SQLite's functions stop at NUL).
Result<> check_text(std::string_view text);
Error date_range_error(int64_t days);
Error instant_range_error(int64_t micros);
Error real_error();
inline Result<> check_date(int64_t days) {
  if (is_date_in_range(days)) return {};
  return fail(date_range_error(days));
}
inline Result<> check_instant(int64_t micros) {
  if (is_instant_in_range(micros)) return {};
  return fail(instant_range_error(micros));
}
inline Result<> check_real(double value) {
  if (std::isfinite(value)) return {};
  return fail(real_error());
}
// Two-dimensional, and of the declared type (wkb_type_of_name).
Result<> check_geometry(const WkbInfo& info, uint32_t declared_type);

// Lower case ASCII letters, digits and "_", not beginning with a digit, 1 to 63 bytes.
Result<> check_name(std::string_view name);
Result<> check_table_spec(const TableSpec& table);
// Not null: declared so, or part of the key.
bool is_required(const TableSpec& table, const ColumnSpec& column);
// The batch has the columns' types (error "store.type.batch"), no null where none may be, and its
// texts pass check_text.
Result<> check_batch(const Batch& batch, std::string_view table,
                     const std::vector<ColumnSpec>& columns);
// A value of a batch that a check refused: says where.
Error at_row(Error error, std::string_view table, std::string_view column, size_t row);

// "projects__owner_id_idx", cut and hashed beyond the 63 bytes that PostgreSQL keeps.
std::string index_name(std::string_view table, const std::vector<std::string>& columns,
                       std::string_view suffix);
std::string quoted_list(const std::vector<std::string>& names);  // "a", "b"

// The first word of a statement in lower case, comments skipped.
std::string first_keyword(std::string_view sql);

// The highest N of $N in the statement, outside strings, quoted names and comments.
size_t highest_parameter(std::string_view sql);
Error parameter_count_error(size_t given);

Error type_mismatch(std::string_view column, std::string_view expected, std::string_view found);

}  // namespace yipan::store

#endif  // YIPAN_STORE_CHECKS_H_
