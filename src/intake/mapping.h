// Mapping files: *.mapping.toml, which say how a source's columns become a table's fields.
// docs/formats/mapping.md is the description; this is its form in memory.
#ifndef YIPAN_INTAKE_MAPPING_H_
#define YIPAN_INTAKE_MAPPING_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "intake/date_format.h"
#include "intake/number.h"
#include "yipan/file.h"
#include "yipan/result.h"
#include "yipan/text.h"

namespace yipan::intake {

struct ColumnMapping {
  std::string field;
  std::vector<std::string> from;  // the first that is not empty
  std::string pattern;            // template: "{a}-{b}"; "" = none
  std::optional<std::string> constant;
  std::optional<std::string> otherwise;  // `default`
  std::string lon, lat;                  // geometry from two columns
  std::string unit;                      // id; "" = from the header, else the field's own
  std::vector<std::pair<std::string, std::string>> codes;  // value in the file -> value
  std::optional<std::string> codes_otherwise;              // for values that `codes` has not
  std::vector<DateFormat> dates;                           // empty: the common ones
  std::optional<NumberStyle> numbers;
  std::vector<std::string> missing;  // besides the mapping's
  std::string extract;               // RE2 with one group: the part of the text that is meant
  Rounding rounding = Rounding::exact;
  bool repair = false;        // geometry = "repair"
  bool compute_area = false;  // compute = "area": of the row's geometry, if from is empty
  uint64_t line = 0;
};

struct IgnoreRule {
  std::string pattern;  // a column's name; * stands for anything
  std::string reason;
};

struct RowFilter {
  std::string column;
  std::vector<std::string> in;      // kept if the value is one of these (if any are given)
  std::vector<std::string> not_in;  // kept if it is none of these; "" is the empty cell
  uint64_t line = 0;
};

struct Unpivot {
  std::string pattern;  // RE2 over column names; named groups become columns
  std::string value;    // the name of the column that holds the cell; "" = no unpivoting
  bool skip_empty = true;
  uint64_t line = 0;
};

struct Join {
  std::string file;         // beside the source file
  std::string left, right;  // key column here, key column there
  std::string prefix;       // its columns are called PREFIX + name
  enum class Repeated : uint8_t { error, first };
  Repeated repeated = Repeated::error;  // several rows with one key
  std::vector<std::string> sum;         // then these columns are added up
  uint64_t line = 0;
};

struct Mapping {
  std::string file;  // its own name, for messages
  std::string dataset, table, description, reason;
  std::string crs;       // "": as the file says, else WGS-84 / CGCS2000
  std::string currency;  // amounts are in this currency's hundredths, not converted
  bool synthetic = false;
  bool repeated_first = false;  // repeated_keys = "first": later rows with a key are skipped
  // [source]
  std::string format, sheet;
  std::optional<Encoding> encoding;
  std::string delimiter;
  int64_t header_row = -1;
  int64_t header_rows = -1;
  bool pad_ragged = false;
  bool fill_merged = true;
  // how cells are read, unless a column says otherwise
  std::vector<std::string> missing;
  NumberStyle numbers;
  std::vector<DateFormat> dates;

  std::vector<ColumnMapping> columns;
  std::vector<IgnoreRule> ignore;
  std::vector<RowFilter> only;
  Unpivot unpivot;
  std::vector<Join> joins;

  const ColumnMapping* find(std::string_view field) const;
};

// Errors "intake.mapping.*" name the file, the line and the key.
Result<Mapping> parse_mapping(std::string_view toml, std::string_view file);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_MAPPING_H_
