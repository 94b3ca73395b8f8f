// Columns of a table of cases: which input or output each stands for.
#ifndef YIPAN_RULES_CASES_INPUTS_H_
#define YIPAN_RULES_CASES_INPUTS_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/cases_csv.h"
#include "rules/element.h"
#include "rules/type.h"
#include "yipan/rules.h"

namespace yipan::rules {

// "申请人.年龄": an element and the members that lead to a value of it.
struct ValuePath {
  ElementId element = 0;
  std::vector<std::string> members;
  const Type* type = Types::any();
  std::string text;
};

// Values of one element by member path: put together as a context.
class ValueTree {
 public:
  Value& at(const std::vector<std::string>& path);
  Value build() const;

 private:
  Value value_;
  std::vector<std::pair<std::string, ValueTree>> members_;
};

// Elements that an evaluation can be given: input data first, then decisions.
std::optional<ValuePath> find_given(const Model& model, std::string_view text);
// A decision or a decision service, with the component wanted of it.
std::optional<ValuePath> find_output(const Model& model, std::string_view text);
Error unknown_column(const Model& model, std::string_view text, bool output);

// The cells of one row, set as inputs: values of one element are put together as a context.
class RowInputs {
 public:
  struct Column {
    size_t index;  // of the field
    ValuePath path;
  };
  void add_column(const Model& model, size_t column, ValuePath path);
  size_t size() const { return columns_.size(); }
  const std::vector<Column>& columns() const { return columns_; }
  Result<> set(const CsvRow& row, std::string_view file, Evaluator* evaluator) const;

 private:
  std::vector<Column> columns_;
  std::map<ElementId, const Type*> types_;
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_CASES_INPUTS_H_
