// Finding the header of a table: title rows above it, several header rows, a row of units below.
#ifndef YIPAN_INTAKE_HEADER_H_
#define YIPAN_INTAKE_HEADER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "intake/record.h"

namespace yipan::intake {

struct HeaderOptions {
  int64_t header_row = -1;   // the first header row, from 1; 0: there is none; -1: detect
  int64_t header_rows = -1;  // how many; -1: detect (1, or as merged cells say)
  // Whether a name is one that the mapping or the schema knows; may be empty.
  std::function<bool(const std::string&)> known;
};

// A row of the sample: as text, empty where there is nothing.
struct SampleRow {
  uint64_t row = 0;
  std::vector<std::string> cells;
  std::vector<std::string> spread = {};  // with merged cells filled across; empty: as `cells`
};

struct Header {
  uint64_t header_row = 0;  // 0: none found, columns are called 列1, 列2, ...
  uint64_t data_row = 1;    // rows from here on are data
  std::vector<SourceColumn> columns;
  std::string default_unit;  // id of the unit that a title row gives: "单位：万元"
};

// `depth` says for a row how many header rows begin there (merged cells); null: one.
Header find_header(const std::vector<SampleRow>& sample, const HeaderOptions& options,
                   const std::function<int64_t(uint64_t row)>& depth = nullptr);

// White space of any kind in a row becomes one space; names are compared in this form.
std::string normal_name(std::string_view name);
bool looks_numeric(std::string_view text);  // a number or a date
// Makes names unique ("金额", "金额 (2)") and gives the nameless a number ("列3").
void finish_names(std::vector<SourceColumn>* columns);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_HEADER_H_
