// Rows of a CSV file through columns, where that gives the same as one evaluation a row.
#ifndef YIPAN_RULES_CASES_COLUMNS_H_
#define YIPAN_RULES_CASES_COLUMNS_H_

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "rules/cases_inputs.h"
#include "yipan/rules.h"

namespace yipan::rules {

// The values of outputs, row by row. Doubtful rows may have warnings: only there does the scalar
// engine have to be asked.
class ColumnRows {
 public:
  virtual ~ColumnRows() = default;
  // Calls `visit` for each row of the file but the first, in order.
  class Row {
   public:
    virtual ~Row() = default;
    virtual Value value(size_t output) const = 0;
    virtual bool doubtful() const = 0;
  };
  using Visit = std::function<void(size_t row, const Row& values)>;
  virtual void each(const Visit& visit) = 0;
};

// Null if these rows do not fit columns: few rows, cells of other types than number, text, boolean
// and date, numbers of too many digits, outputs that are no single values. `outputs` are decisions
// or their members. Errors of cells as RowInputs::set has them.
Result<std::unique_ptr<ColumnRows>> column_rows(const std::shared_ptr<const Model>& model,
                                                const RowInputs& inputs,
                                                const std::vector<ValuePath>& outputs,
                                                const std::vector<CsvRow>& rows,
                                                std::string_view file,
                                                const EvaluatorOptions& options);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_CASES_COLUMNS_H_
