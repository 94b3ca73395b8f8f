// From a record's raw cells to a row's values, checked against the schema.
#ifndef YIPAN_INTAKE_CONVERT_H_
#define YIPAN_INTAKE_CONVERT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "intake/geometry.h"
#include "intake/plan.h"
#include "intake/record.h"
#include "yipan/columns.h"

namespace yipan::intake {

// A value of the row that is being made. `text` is good until the next row.
struct Value {
  bool null = true;
  int64_t integer = 0;
  double real = 0;
  std::string_view text;
};

struct CellIssue {
  size_t field = 0;
  std::string column;  // in the file
  std::string value;
  Error error;
};

enum class Warn : uint8_t {
  folded_width,     // full-width digits
  default_missing,  // "-", "N/A" taken as no value
  used_default,     // the mapping's default
  unit_in_cell,     // "35%", "3.5万元"
  partial_date,     // a month taken as its first day
  rounded,          // to a whole number of the unit, as the mapping allows
  geometry_repaired,
  geometry_flattened,
  no_zone,    // a time without zone taken as Beijing time
  odd_year,   // before 1900 or after 2100
  spoilt_id,  // "2.2E+07": an id that a spreadsheet took for a number
  kCount,
};

class RowConverter {
 public:
  RowConverter(const Plan* plan, CrsTransform* crs);
  // True: values() holds the row. False: issues() says why not (all of the row's problems).
  bool convert(const RawRecord& record, uint64_t row);
  const std::vector<Value>& values() const { return values_; }
  const std::vector<CellIssue>& issues() const { return issues_; }
  void append_to(Batch* batch) const;
  bool kept(const RawRecord& record) const;  // by the mapping's [[only]]
  // The warnings so far, one per kind and field.
  std::vector<Issue> warnings() const;
  uint64_t filled(size_t field) const { return filled_[field]; }

 private:
  struct Counter {
    uint64_t count = 0;
    uint64_t row = 0;
    std::string value;
  };
  bool make(size_t field, const RawRecord& record);
  bool from_cell(size_t field, RawCell cell);
  static const std::string* code_of(const FieldPlan& f, std::string_view text);
  bool take(size_t field, std::string_view text, const RawCell& cell);
  bool typed(size_t field, std::string_view text, const RawCell& cell);
  bool as_text(size_t field, std::string_view text, const RawCell& cell);
  bool as_number(size_t field, std::string_view text, const RawCell& cell);
  bool percent(size_t field, std::string_view text);
  bool number_with_unit(size_t field, std::string_view text, NumberFault fault);
  bool set_number(size_t field, std::string_view text, const ScaledNumber& n, const Factor& factor);
  bool fraction_issue(size_t field, std::string_view text, const ScaledNumber& n,
                      const Factor& factor, IntFault fault);
  bool as_date(size_t field, std::string_view text, const RawCell& cell);
  bool date_from_text(size_t field, std::string_view text, Date* out);
  bool as_instant(size_t field, std::string_view text, const RawCell& cell);
  bool as_boolean(size_t field, std::string_view text, const RawCell& cell);
  bool as_geometry(size_t field, std::string_view text, const RawCell& cell);
  bool point(size_t field, const RawRecord& record);
  bool check_range(size_t field, double value, std::string_view text);
  bool is_missing(size_t field, std::string_view text);
  bool refuse(size_t field, std::string_view value, Error error);
  void warn(Warn kind, size_t field, std::string_view value);
  bool has_issue(size_t field) const;
  void compute_areas();

  const Plan* plan_;
  CrsTransform* crs_;
  GeometryReader geometry_;
  uint64_t row_ = 0;
  std::vector<Value> values_;
  std::vector<std::string> scratch_;  // one per field
  std::vector<CellIssue> issues_;
  std::vector<uint64_t> filled_;
  std::vector<std::vector<Counter>> counters_;  // [field][kind]
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_CONVERT_H_
