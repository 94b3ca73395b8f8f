// The plan: what is done to each record so that it becomes a row of the table. Made once per file
// from the table's schema, the mapping and the source's columns.
#ifndef YIPAN_INTAKE_PLAN_H_
#define YIPAN_INTAKE_PLAN_H_

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "intake/mapping.h"
#include "intake/record.h"
#include "yipan/board.h"
#include "yipan/intake.h"
#include "yipan/units.h"

namespace yipan::intake {

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
};
using StringMap = std::unordered_map<std::string, std::string, StringHash, std::equal_to<>>;

// How one field of the table gets its value.
struct FieldPlan {
  enum class Way : uint8_t { none, columns, pattern, constant, point };
  struct Piece {  // of a template: literal text, then a column (or none at the end)
    std::string literal;
    int64_t column = -1;
  };
  const board::Field* field = nullptr;
  Way way = Way::none;
  std::vector<size_t> from;  // columns in the record; point: lon, lat
  std::vector<Piece> pieces;
  std::string constant;
  std::optional<std::string> otherwise;
  const Unit* unit_from = nullptr;  // nullptr: values carry no unit, or are in the field's
  const Unit* unit_to = nullptr;
  Factor factor;
  Rounding rounding = Rounding::exact;
  NumberStyle numbers;
  std::vector<DateFormat> dates;                                // empty: the common ones
  StringMap codes;                                              // value in the file -> value
  std::vector<std::pair<std::string, std::string>> code_globs;  // with *; the longest first
  std::optional<std::string> codes_otherwise;
  StringMap enumeration;                   // code, zh or en title -> code; empty: free
  std::vector<std::string> missing;        // whole values
  std::vector<std::string> missing_globs;  // with * in them
  bool missing_by_custom = false;          // "-", "N/A", "暂无" count as missing, with a warning
  std::unique_ptr<RE2> extract;
  std::unique_ptr<RE2> pattern;
  bool repair = false;
  bool compute_area = false;
  std::string from_name;  // for messages: the column's name in the file
};

struct Plan {
  const board::TableSchema* table = nullptr;
  std::vector<FieldPlan> fields;  // in schema order
  std::vector<size_t> key_fields;
  std::optional<size_t> geometry_field;  // the first
  std::vector<std::string> unmapped;
  std::vector<std::pair<std::string, std::string>> ignored;
  struct Filter {
    size_t column;
    const RowFilter* rule;
  };
  std::vector<Filter> filters;
  std::vector<Issue> warnings;  // about the file as a whole
};

// `mapping` (may be null) must outlive the plan. Errors "intake.mapping.*", "intake.unit.kind",
// "intake.columns.missing" (a required field gets no value from anywhere).
Result<Plan> make_plan(const board::TableSchema& table, const Mapping* mapping,
                       const std::vector<SourceColumn>& columns, const SourceFacts& facts,
                       const std::string& file);

// * in `glob` stands for any text.
bool glob_match(std::string_view glob, std::string_view text);
// The factor from one unit to another; nothing if the kinds differ.
std::optional<Factor> unit_factor(const Unit& from, const Unit& to);
// The field that a column of this name would go to without a mapping; nullptr if none.
const board::Field* field_for_column(const board::TableSchema& table, const std::string& name);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_PLAN_H_
