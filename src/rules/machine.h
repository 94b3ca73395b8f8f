// The evaluator: walks a Program over a stack of slots. One machine serves one thread.
#ifndef YIPAN_RULES_MACHINE_H_
#define YIPAN_RULES_MACHINE_H_

#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/ast.h"
#include "rules/element.h"
#include "rules/ops.h"
#include "rules/program.h"
#include "rules/table.h"
#include "rules/value.h"
#include "rules/warn.h"
#include "rules/xpath_regex.h"
#include "yipan/rules.h"

namespace yipan::rules {

Property property_of(std::string_view name);
Value::RangeForm range_form_of(Op op);

// Slots of all frames. Memory never moves while in use, so references to slots stay good.
class SlotStack {
 public:
  Value* push(uint32_t count);
  void pop(Value* frame, uint32_t count);

 private:
  static constexpr size_t kChunk = 1024;
  struct Chunk {
    std::unique_ptr<Value[]> slots;
    size_t size = 0;
    size_t used = 0;
  };
  std::vector<Chunk> chunks_;
  size_t current_ = 0;
};

class Machine {
 public:
  Machine() = default;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void set_model(std::shared_ptr<const Model> model);
  // Keeps an expression's program alive for the closures it makes.
  void set_expression(std::shared_ptr<const void> owner) { expression_ = std::move(owner); }
  void set_options(const EvaluatorOptions& options);
  const EvaluatorOptions& options() const { return options_; }

  // Begins an evaluation: counts steps and stack from here.
  void start();
  Value evaluate_function(const Program* program, uint32_t function, std::span<const Value> args);

  // machine.cc
  Value run(uint32_t node);
  const Value& ref(uint32_t node, Value* scratch);
  Tri truth(uint32_t node);

  // Notes why, gives null. `node` is of the current program.
  Value fail(Why why, uint32_t node, Value detail = Value(), Kind a = Kind::null,
             Kind b = Kind::null);
  // Counts steps; false once the budget is spent (everything then gives null).
  bool tick(uint64_t steps, uint32_t node);
  bool stopped() const { return stopped_; }
  // The value, or null if it is a list or context nested too deep or too large.
  Value nested(Value value, uint32_t node);
  // False, with a warning, if a list of so many items is too long.
  bool list_fits(size_t size, uint32_t node);
  // The result of an evaluation: if it was stopped, null with that reason.
  Value finish(Value result) const {
    return stopped_ ? Value::null_because(stop_reason_) : std::move(result);
  }

  // A compiled pattern, remembered; nullptr if it is wrong.
  const Regex* regex(std::string_view pattern, std::string_view flags, std::string* problem);

  // machine_ops.cc: operators on values
  Value binary(Op op, const Value& a, const Value& b, uint32_t node);
  Value negate(const Value& v, uint32_t node);
  Value make_range(const Value& low, bool low_included, const Value& high, bool high_included,
                   Value::RangeForm form, uint32_t node);
  Value member(const Value& object, const Value& key, Property property, uint32_t node);

  // machine_call.cc
  Value call_value(const Value& function, std::span<Value> arguments, uint32_t node);
  Value call_invocable(uint32_t element, std::span<Value> arguments, uint32_t node);
  size_t arity(const Value& function) const;  // npos if any number

  // machine_type.cc: 10.3.2.9.4
  Value convert(const Value& value, const Type& type, uint32_t node);
  bool instance_of(const Value& value, const Type& type);

  // machine_model.cc: elements
  void set_element(uint32_t element, Value value);
  void clear_elements();
  const Value& element_value(uint32_t element);
  Value call_service(const Element& service, std::span<Value> arguments, uint32_t node);
  Value service_from_inputs(uint32_t element);

  // table_eval.cc
  Value evaluate_table(uint32_t table, uint32_t node);

  const std::vector<RawWarning>& warnings() const { return warnings_; }
  uint64_t warning_count() const { return warning_count_; }
  void clear_warnings();
  Warning describe_warning(const RawWarning& raw) const;
  const Program* program() const { return program_; }
  Explanation* explanation() const { return explanation_.get(); }
  void begin_explanation();

 private:
  friend struct TableRun;

  Value eval_filter(const Node& n, uint32_t node);
  Value filter_by_index(const Value& list, const Value& index, uint32_t node);
  Value filter_items(const Node& n, const Value& list, uint32_t node);
  Value eval_list(const Node& n, uint32_t node);
  Value eval_context(const Node& n, uint32_t node, bool last_only);
  Value eval_for(const Node& n, uint32_t node);
  Value eval_quantified(const Node& n, uint32_t node, bool some);
  bool iterate(const Node& n, size_t source, uint32_t node, bool (*visit)(Machine&, void*),
               void* state);
  bool iterate_range(const Value& range, bool either_way, uint32_t slot, uint32_t node,
                     const Node& n, size_t source, bool (*visit)(Machine&, void*), void* state);
  Value eval_range(const Node& n, uint32_t node);
  Value eval_path(const Node& n, uint32_t node);
  Value eval_member_or(const Node& n);
  Value eval_function(const Node& n);
  Value eval_function_name(const Node& n);
  Value eval_if(const Node& n);
  Value eval_call_builtin(const Node& n, uint32_t node);
  Value eval_call_invocable(const Node& n, uint32_t node);
  Value eval_call_value(const Node& n, uint32_t node);
  Value eval_negate(const Node& n, uint32_t node);
  Value eval_arithmetic(const Node& n, uint32_t node);
  bool reorder(const Value& function, const Node& n, std::vector<Value>* arguments);
  const std::vector<std::string>* parameter_names(const Value& function) const;

  Tri truth_compare(const Node& n, uint32_t node);
  Tri truth_logic(const Node& n, uint32_t node);
  Tri truth_between(const Node& n, uint32_t node);
  Tri truth_in(const Node& n);
  Tri truth_tests(const Node& n);
  Tri truth_test(const Node& n, uint32_t node);
  Tri truth_of(const Value& value, uint32_t node);

  Value call_program(const Program* program, uint32_t function, std::span<Value> arguments,
                     const internal::FunctionRep* closure, uint32_t node);
  Value decision_value(uint32_t index, const Element& element);
  bool stack_left(uint32_t node);
  std::vector<uint64_t> take_bits();
  std::shared_ptr<const void> owner() const {
    if (model_ != nullptr && program_ == &model_->data().program) return model_;
    return expression_;
  }

  const Program* program_ = nullptr;
  Value* frame_ = nullptr;
  SlotStack stack_;
  EvaluatorOptions options_;
  std::vector<RawWarning> warnings_;
  uint64_t warning_count_ = 0;
  uint64_t steps_ = 0;
  bool stopped_ = false;
  uint32_t stop_reason_ = 0;
  const char* stack_base_ = nullptr;

  std::shared_ptr<const Model> model_;
  std::shared_ptr<const void> expression_;
  enum class State : uint8_t { empty, given, given_ready, computing, ready };
  std::vector<State> states_;
  std::vector<Value> values_;

  std::unordered_map<std::string, std::unique_ptr<Regex>> patterns_;
  std::unique_ptr<Explanation> explanation_;
  Explanation* trace_ = nullptr;  // where the next node goes; nullptr: do not explain
  std::vector<std::vector<uint64_t>> bit_pool_;  // scratch of decision tables
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_MACHINE_H_
