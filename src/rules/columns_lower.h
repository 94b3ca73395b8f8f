// Lowering: from the node tree of a decision, with all decisions it requires, to instructions over
// vector registers (columns_ir.h). An expression that has no vector form gives an Error that names
// it; its decision is then evaluated row by row, and the decisions that use it go on from there.
#ifndef YIPAN_RULES_COLUMNS_LOWER_H_
#define YIPAN_RULES_COLUMNS_LOWER_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/columns_ir.h"
#include "rules/element.h"
#include "rules/machine.h"
#include "rules/table.h"

namespace yipan::rules::columns {

// A value during lowering: one register, or a context of such.
struct Lowered {
  struct Members {
    std::vector<std::pair<std::string, Lowered>> entries;
    Reg present = kNone;  // boolean: false where the context as a whole is null; kNone: never
  };
  Reg reg = kNull;  // kNone: a member of an input that has no form for columns
  std::shared_ptr<const Members> context;

  Lowered() = default;
  Lowered(Reg r) : reg(r) {}  // NOLINT: a register is a value
};

// A column that is a member of an input.
struct Given {
  std::vector<std::string> members;
  Lowered value;
};

// Why something is evaluated row by row.
struct Obstacle {
  Error error;             // place, zh, en
  std::string expression;  // the text in the way
};

struct LoweredDecision {
  uint32_t element = 0;
  std::optional<Lowered> value;      // nothing: only row by row, with no type known beforehand
  std::optional<Obstacle> obstacle;  // set: row by row
  uint32_t scalar = kNone;           // its number among VProgram::scalars
};

ColumnReport report_of(const LoweredDecision& d, const std::string& name, const std::string& id);

class Lowerer {
 public:
  // `decimals`: numbers are Decimals throughout, for blocks whose numbers are too large.
  Lowerer(const Program& program, std::shared_ptr<const Model> model, VProgram* out, bool decimals);

  // A column of the batch: becomes the value of an input element (or of a parameter).
  Result<Lowered> load(const ColumnInput& input, uint32_t column);
  void bind_element(uint32_t element, Lowered value) { inputs_[element] = std::move(value); }
  void bind_members(uint32_t element, const std::vector<Given>& given);
  void bind_row_by_row(uint32_t element) { unavailable_.insert(element); }
  // A decision and all that it requires.
  const LoweredDecision& decision(uint32_t element);
  // An expression's function with its parameters.
  Result<Lowered> expression(uint32_t function,
                             const std::vector<std::optional<Lowered>>& arguments);
  const std::string& obstacle_text() const { return obstacle_text_; }
  // Those met so far, in the order in which they were finished: required ones first.
  const std::vector<uint32_t>& order() const { return order_; }
  // Something that is no literal gives null in every row.
  bool always_null() const { return always_null_; }

 private:
  using Frame = std::unordered_map<uint32_t, Lowered>;

  // columns_lower.cc
  Result<Lowered> lower(uint32_t node);
  Result<Lowered> lower_node(const Node& n, uint32_t node);
  Result<Lowered> lower_operator(const Node& n, uint32_t node);
  Error without_columns(Code code, uint32_t node);
  Result<Reg> value(uint32_t node);  // one register: a context is an obstacle
  Result<Reg> truth(uint32_t node);  // boolean, unknown where it is no boolean
  Result<Lowered> lower_if(const Node& n, uint32_t node);
  Result<Lowered> lower_path(const Node& n, uint32_t node);
  Result<Lowered> lower_context(const Node& n, uint32_t node);
  Result<Lowered> element(uint32_t index, uint32_t node);
  Result<Lowered> run_function(uint32_t function, Frame frame);
  Result<Lowered> select(Reg condition, const Lowered& yes, const Lowered& no, uint32_t node,
                         bool unknown_is_null = false);
  Result<Lowered> select_context(Reg condition, const Lowered& yes, const Lowered& no,
                                 uint32_t node, bool unknown_is_null);
  void lower_decision(uint32_t element, LoweredDecision* out);
  void scalar_decision(uint32_t element, LoweredDecision* out);
  Error obstacle(uint32_t node, std::string_view zh, std::string_view en);
  Reg emit(Instr instr, Rep rep, int scale = 0, int64_t unit = 1);
  Rep rep(Reg r) const { return out_->regs[r].rep; }
  const RegInfo& info(Reg r) const { return out_->regs[r]; }

  // columns_constants.cc
  Result<Reg> constant(const Value& value, uint32_t node);
  Reg constant_wide(Rep rep, int64_t value, int scale = 0, int64_t unit = 1);
  Reg constant_truth(uint8_t tri);
  Reg constant_decimal(Decimal value);
  std::optional<Value> constant_of(uint32_t node) const;  // of the program's node
  int64_t literal(std::string_view text);

  // columns_arithmetic.cc
  Result<Reg> arithmetic(const Node& n, uint32_t node);
  Result<Reg> add(Reg a, Reg b, bool subtract, uint32_t node);
  Result<Reg> multiply(Reg a, Reg b, uint32_t node);
  Result<Reg> divide(Reg a, Reg b, uint32_t node);
  Result<Reg> power(Reg a, Reg b);
  Result<Reg> shift(Reg date, Reg duration, bool back, uint32_t node);
  Reg divide_numbers(Reg a, Reg b);
  Reg to_decimal(Reg r);
  std::optional<Reg> to_scale(Reg r, int scale);  // nothing if the scale is too large
  Reg to_unit(Reg r, int64_t unit);               // of a days duration
  Reg limit_days(Reg r);
  Reg limit_dates(Reg r);
  // Both as integers of one scale, or both as decimals.
  void align_numbers(Reg* a, Reg* b);
  void align(Reg* a, Reg* b);  // of the same FEEL type
  Reg round(Reg r, int scale, Decimal::Rounding mode);
  std::optional<Reg> round_quotient(Reg a, Reg b, int scale, Decimal::Rounding mode);
  Reg binary(VOp op, Rep rep, Reg a, Reg b, int scale = 0, int64_t unit = 1);

  // columns_logic.cc
  Result<Reg> compare(Code code, Reg a, Reg b, uint32_t node);
  Reg equality(Reg a, Reg b);
  Reg order(VOp op, Reg a, Reg b);
  Reg present(Reg r);
  Reg both(Reg a, Reg b);
  Reg either(Reg a, Reg b);
  Reg opposite(Reg a);
  Result<Reg> between(const Node& n, uint32_t node);
  Result<Reg> in(const Node& n);
  Result<Reg> tests(const Node& n);
  Result<Reg> test(const Node& n, uint32_t node);
  Result<Reg> test_value(Reg input, const Value& operand, uint32_t node);
  Result<Reg> instance_of(const Node& n);
  Result<Lowered> convert(const Lowered& value, const Type& type, uint32_t node);
  Result<Reg> fits(const Lowered& value, const Type& type);
  Result<Reg> fits_context(const Lowered& value, const Type& type);

  // columns_classify.cc
  struct Operand {  // what a test compares with
    const Value* value;
    uint32_t bit;
  };
  Result<uint32_t> classifier(Reg input, uint32_t bits, const std::vector<Operand>& operands,
                              Classifier::Answer answer, uint32_t node);

  // columns_tables.cc
  struct Rows;
  Result<Lowered> table(uint32_t index, uint32_t node);
  Result<Lowered> table_rows(const Table& table, Reg hit, const Rows& rows, uint32_t node);
  Result<Lowered> aggregate(const Table& table, VTable* vector, const Rows& rows, uint32_t node);
  Result<Reg> table_inputs(const Table& table, VTable* out, uint32_t node);
  Result<uint32_t> table_column(const Table& table, size_t column, Reg input,
                                const std::vector<uint32_t>& order, VTable* out, uint32_t node);
  Result<Rows> read_rows(const Table& table, uint32_t node);
  Result<std::vector<uint32_t>> rule_order(const Table& table, const Rows& rows, uint32_t node);
  Result<RegInfo> common_shape(const std::vector<Reg>& regs, uint32_t node);
  Result<Reg> column_of_constants(const std::vector<Value>& values, Reg index, uint32_t node);
  Result<Lowered> output_column(const Table& table, size_t output, Reg hit, const Rows& rows,
                                uint32_t node);

  // columns_calls.cc
  Result<Lowered> call_builtin(const Node& n, uint32_t node);
  Result<Lowered> call_invocable(const Node& n, uint32_t node);
  Result<Reg> call_rounding(const Node& n, uint32_t node, Decimal::Rounding mode);
  Result<Reg> call_number(std::string_view name, const Node& n, uint32_t node);
  Result<Reg> call_list(std::string_view name, const Node& n, uint32_t node);
  Result<Reg> call_date(std::string_view name, const Node& n, uint32_t node);
  Result<Reg> call_text(const Node& n, uint32_t node);
  Result<Reg> list_contains(const Node& n, uint32_t node);
  Result<std::vector<Reg>> items(const Node& n, uint32_t node);
  Result<Reg> extreme(const std::vector<Reg>& items, bool largest, uint32_t node);
  Reg date_part(Reg date, Part part);
  Reg property(Reg object, Property property);
  Reg names_of(Reg index, const std::vector<std::string_view>& names);

  const Program& program_;
  std::shared_ptr<const Model> model_;
  VProgram* out_;
  bool decimals_;
  Machine machine_;  // for constants, and for the answers of tests
  Frame frame_;
  uint32_t depth_ = 0;
  std::unordered_map<uint32_t, Lowered> inputs_;
  std::set<uint32_t> unavailable_;
  std::map<uint32_t, LoweredDecision> decisions_;
  std::vector<uint32_t> order_;
  std::string obstacle_text_;
  bool always_null_ = false;
  using Key = std::tuple<VOp, Decimal::Rounding, Rep, int, int64_t, Reg, Reg, Reg, uint32_t,
                         int64_t, int64_t>;
  std::map<Key, Reg> known_;
  std::map<std::tuple<Rep, int64_t, int, int64_t>, Reg> wides_;
  std::map<std::string, int64_t, std::less<>> literals_;
};

}  // namespace yipan::rules::columns

#endif  // YIPAN_RULES_COLUMNS_LOWER_H_
