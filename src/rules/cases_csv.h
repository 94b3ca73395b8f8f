// CSV (RFC 4180) for tables of cases and rows of inputs: a comma, quotes doubled inside quotes, any
// line end. UTF-8, with or without a byte order mark.
#ifndef YIPAN_RULES_CASES_CSV_H_
#define YIPAN_RULES_CASES_CSV_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/result.h"

namespace yipan::rules {

struct CsvRow {
  uint64_t row = 0;  // the header is row 1; blank lines count
  std::vector<std::string> fields;
  std::vector<bool> quoted;  // written in quotes
};

// All rows that are not blank. Errors "rules.csv.encoding", "rules.csv.quote" with the row.
Result<std::vector<CsvRow>> parse_csv(std::string_view text, std::string_view file);
// Appends a field with what quotes it needs.
void append_csv_field(std::string_view field, std::string* out);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_CASES_CSV_H_
