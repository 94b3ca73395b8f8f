// A compiled column plan: two vector programs (scaled integers; decimals for blocks whose numbers
// are too large for those), the columns in and out, and what is evaluated row by row.
#ifndef YIPAN_RULES_COLUMNS_PLAN_H_
#define YIPAN_RULES_COLUMNS_PLAN_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/columns_ir.h"
#include "rules/columns_run.h"
#include "rules/element.h"

namespace yipan::rules {

namespace columns {

// Where one vector program has the values of an output column.
struct Source {
  Reg reg = kNone;          // or
  uint32_t scalar = kNone;  // number among VProgram::scalars
};

struct Variant {
  VProgram program;
  std::vector<Source> sources;  // one an output
};

// What an output column is of.
struct OutputPath {
  uint32_t element = 0;              // the decision
  std::vector<std::string> members;  // of its context, from outside in
};

}  // namespace columns

struct ColumnPlan::Data {
  std::shared_ptr<const Model> model;  // or
  std::shared_ptr<const Expression::Data> expression;
  std::vector<ColumnInput> inputs;
  std::vector<uint32_t> targets;  // of each input: the element, or the number of the parameter
  std::vector<std::vector<std::string>> members;  // of each input: the path inside the element
  std::vector<ColumnOutput> outputs;
  std::vector<columns::OutputPath> paths;  // one an output
  std::vector<ColumnReport> report;
  ColumnOptions options;
  bool track = false;   // the program keeps what outputs do not need, to find doubtful rows
  bool always = false;  // something gives null in every row: all rows are doubtful
  columns::Variant integers, decimals;
};

namespace columns {

// The scalar engine over rows of a batch.
class RowEvaluator {
 public:
  explicit RowEvaluator(const ColumnPlan::Data& plan);
  void start(const Batch& in) {
    in_ = &in;
    row_ = SIZE_MAX;
  }
  Value evaluate(size_t row, uint32_t element);
  Value evaluate(size_t row, const OutputPath& path);
  bool warned() const { return evaluator_.warning_count() != 0; }  // of the row entered last

 private:
  void enter(size_t row);
  void enter_members(size_t row);
  const ColumnPlan::Data& plan_;
  std::optional<Expression> expression_;
  Evaluator evaluator_;
  std::vector<Value> arguments_;
  const Batch* in_ = nullptr;
  size_t row_ = SIZE_MAX;
};

// Writes the block that `runner` ran last behind the rows of *out. `first` is its first row in the
// batch, for messages.
Result<void> write_block(const ColumnPlan::Data& plan, const Variant& variant, const Runner& runner,
                         RowEvaluator* rows, size_t first, Batch* out);

// The value of an output in row `i` of the block.
Value block_value(const ColumnPlan::Data& plan, const Variant& variant, const Runner& runner,
                  RowEvaluator* rows, size_t first, size_t output, size_t i);

// Runs blocks one after the other. One for each thread.
class BlockWorker {
 public:
  // One block's results as values. Doubtful is every row in which something was null that no input
  // column gave: only there can the scalar engine have a warning.
  class Block {
   public:
    Block(const BlockWorker& worker, const Variant& variant, Runner& runner, size_t first)
        : worker_(worker), variant_(variant), runner_(runner), first_(first) {}
    size_t first() const { return first_; }
    size_t rows() const { return runner_.rows(); }
    Value value(size_t output, size_t i) const;
    bool doubtful(size_t i) const;

   private:
    const BlockWorker& worker_;
    const Variant& variant_;
    Runner& runner_;
    size_t first_;
  };
  using Visit = std::function<void(const Block& block)>;

  BlockWorker(const ColumnPlan::Data& plan, const Batch& in);
  // Rows [first, last) behind those of *out.
  Result<void> run(size_t first, size_t last, Batch* out);
  void visit(const Visit& visit);  // all rows, block by block; for plans that track
  const ColumnStats& stats() const { return stats_; }

 private:
  // Runs one block; the variant whose runner has the results.
  const Variant& run_block(size_t first, size_t rows, Runner** runner);
  Value scalar(size_t row, uint32_t element);
  const ColumnPlan::Data& plan_;
  const Batch& in_;
  mutable RowEvaluator rows_;
  size_t first_ = 0;
  std::vector<uint8_t> doubts_;  // of the block, if the plan tracks
  Runner integers_;
  std::unique_ptr<Runner> decimals_;  // made when it is first needed
  ColumnStats stats_;
};

// compile_columns for plans that track.
Result<ColumnPlan> compile_tracking(std::shared_ptr<const Model> model,
                                    const std::vector<ColumnWanted>& wanted,
                                    const std::vector<ColumnInput>& inputs,
                                    const ColumnOptions& options);

}  // namespace columns
}  // namespace yipan::rules

#endif  // YIPAN_RULES_COLUMNS_PLAN_H_
