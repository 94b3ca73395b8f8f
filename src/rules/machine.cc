#include "rules/machine.h"

#include <algorithm>

#include "rules/builtins.h"
#include "rules/faults.h"
#include "rules/number.h"
#include "yipan/check.h"

namespace yipan::rules {

Value* SlotStack::push(uint32_t count) {
  while (current_ < chunks_.size() && chunks_[current_].size - chunks_[current_].used < count) {
    if (chunks_[current_].used == 0) {  // empty but too small: replace it
      chunks_[current_].slots = std::make_unique<Value[]>(count);
      chunks_[current_].size = count;
      break;
    }
    ++current_;
  }
  if (current_ == chunks_.size()) {
    const size_t size = std::max<size_t>(kChunk, count);
    chunks_.push_back({std::make_unique<Value[]>(size), size, 0});
  }
  Chunk& chunk = chunks_[current_];
  Value* frame = chunk.slots.get() + chunk.used;
  chunk.used += count;
  return frame;
}

void SlotStack::pop(Value* frame, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) frame[i] = Value();
  chunks_[current_].used -= count;
  while (current_ > 0 && chunks_[current_].used == 0) --current_;
}

void Machine::set_options(const EvaluatorOptions& options) { options_ = options; }

void Machine::start() {
  steps_ = 0;
  stopped_ = false;
  stack_base_ = static_cast<const char*>(__builtin_frame_address(0));
}

void Machine::clear_warnings() {
  warnings_.clear();
  warning_count_ = 0;
}

void Machine::begin_explanation() {
  explanation_.reset();
  trace_ = nullptr;
  if (options_.explain) {
    explanation_ = std::make_unique<Explanation>();
    trace_ = explanation_.get();
  }
}

Value Machine::fail(Why why, uint32_t node, Value detail, Kind a, Kind b) {
  ++warning_count_;
  if (warnings_.size() >= options_.limits.warnings) {
    return Value::null_because(static_cast<uint32_t>(warnings_.size()));
  }
  warnings_.push_back({why, a, b, node, program_, std::move(detail)});
  return Value::null_because(static_cast<uint32_t>(warnings_.size()));
}

Warning Machine::describe_warning(const RawWarning& raw) const {
  Warning out;
  describe(raw, &out);
  const auto* program = static_cast<const Program*>(raw.program);
  if (program != nullptr && raw.node < program->spans.size()) {
    const Span span = program->spans[raw.node];
    if (span.unit < program->units.size()) {
      const Unit& unit = program->units[span.unit];
      out.place = place_of(unit, span.begin);
      out.expression = unit.text.substr(std::min<size_t>(span.begin, unit.text.size()),
                                        span.end > span.begin ? span.end - span.begin : 0);
    }
  }
  return out;
}

bool Machine::tick(uint64_t steps, uint32_t node) {
  steps_ += steps;
  if (steps_ <= options_.limits.steps) return !stopped_;
  if (!stopped_) stop_reason_ = fail(Why::limit_steps, node).reason();
  stopped_ = true;
  return false;
}

Value Machine::nested(Value value, uint32_t node) {
  constexpr uint32_t kDepthMax = 5000;
  if (!value.is(Kind::list) && !value.is(Kind::context)) return value;
  const uint64_t limit = options_.limits.list_elements;
  const bool deep = internal::depth_of(value) > kDepthMax;
  if (!deep && internal::weight_of(value) <= limit) return value;
  return fail(Why::limit_list, node, Value::number(static_cast<int64_t>(deep ? kDepthMax : limit)));
}

bool Machine::list_fits(size_t size, uint32_t node) {
  const uint64_t limit = options_.limits.list_elements;
  if (size <= limit) return true;
  fail(Why::limit_list, node, Value::number(static_cast<int64_t>(limit)));
  return false;
}

std::vector<uint64_t> Machine::take_bits() {
  if (bit_pool_.empty()) return {};
  std::vector<uint64_t> bits = std::move(bit_pool_.back());
  bit_pool_.pop_back();
  return bits;
}

bool Machine::stack_left(uint32_t node) {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  const auto used = stack_base_ > here ? stack_base_ - here : here - stack_base_;
  if (stack_base_ == nullptr || used < static_cast<ptrdiff_t>(options_.limits.stack_bytes)) {
    return !stopped_;
  }
  if (!stopped_) stop_reason_ = fail(Why::limit_stack, node).reason();
  stopped_ = true;
  return false;
}

const Regex* Machine::regex(std::string_view pattern, std::string_view flags,
                            std::string* problem) {
  constexpr size_t kRemembered = 256;
  std::string key(flags);
  key.append(1, '/').append(pattern);
  if (auto known = patterns_.find(key); known != patterns_.end()) return known->second.get();
  auto compiled = Regex::compile(pattern, flags, problem);
  if (compiled == nullptr) return nullptr;
  if (patterns_.size() >= kRemembered) patterns_.clear();
  return patterns_.emplace(std::move(key), std::move(compiled)).first->second.get();
}

Value Machine::evaluate_function(const Program* program, uint32_t function,
                                 std::span<const Value> args) {
  const Function& f = program->functions[function];
  const Program* outer_program = program_;
  Value* outer_frame = frame_;
  program_ = program;
  frame_ = stack_.push(f.slots);
  const size_t count = std::min<size_t>(args.size(), f.parameters.size());
  for (size_t i = 0; i < count; ++i) frame_[i] = args[i];
  Value result = run(f.root);
  stack_.pop(frame_, f.slots);
  frame_ = outer_frame;
  program_ = outer_program;
  return result;
}

const Value& Machine::ref(uint32_t node, Value* scratch) {
  const Node& n = program_->nodes[node];
  switch (n.code) {
    case Code::constant:
      return program_->constants[n.a];
    case Code::local:
      return frame_[n.a];
    case Code::global:
      return element_value(n.a);
    default:
      *scratch = run(node);
      return *scratch;
  }
}

Value Machine::run(uint32_t node) {
  const Node& n = program_->nodes[node];
  switch (n.code) {
    case Code::constant:
      return program_->constants[n.a];
    case Code::local:
      return frame_[n.a];
    case Code::global:
      return element_value(n.a);
    case Code::add:
    case Code::subtract:
    case Code::multiply:
    case Code::divide:
    case Code::power:
      return eval_arithmetic(n, node);
    case Code::if_:
      return eval_if(n);
    case Code::path:
      return eval_path(n, node);
    case Code::call_builtin:
      return eval_call_builtin(n, node);
    case Code::call_invocable:
      return eval_call_invocable(n, node);
    case Code::call_value:
      return eval_call_value(n, node);
    case Code::checked: {
      Value scratch;
      return convert(ref(n.a, &scratch), *program_->types[n.b], node);
    }
    case Code::table:
      return evaluate_table(n.a, node);
    case Code::filter:
      return eval_filter(n, node);
    case Code::list:
      return eval_list(n, node);
    case Code::context:
      return eval_context(n, node, false);
    case Code::sequence:
      return eval_context(n, node, true);
    case Code::range:
      return eval_range(n, node);
    case Code::negate:
      return eval_negate(n, node);
    case Code::for_:
      return eval_for(n, node);
    case Code::some:
    case Code::every:
      return eval_quantified(n, node, n.code == Code::some);
    case Code::function:
      return eval_function(n);
    case Code::member_or:
      return eval_member_or(n);
    case Code::invocable:
    case Code::builtin:
      return eval_function_name(n);
    case Code::broken:
      return fail(static_cast<Why>(n.flags), node, program_->constants[n.a]);
    case Code::external:
      return fail(Why::external, node, program_->constants[n.a]);
    default: {
      const uint64_t before = warning_count_;
      const Tri t = truth(node);
      if (t != Tri::unknown || warning_count_ == before) return to_value(t);
      return Value::null_because(static_cast<uint32_t>(warnings_.size()));
    }
  }
}

// Flag 1: the condition may be something else than a boolean.
Value Machine::eval_if(const Node& n) {
  const uint32_t* kids = &program_->kids[n.a];
  if (n.flags != 1) return run(truth(kids[0]) == Tri::yes ? kids[1] : kids[2]);
  // What is neither a boolean nor null is a fault, not the else branch.
  const Value condition = run(kids[0]);
  if (!condition.is(Kind::boolean) && !condition.is_null()) {
    return fail(Why::not_boolean, kids[0], Value(), condition.kind());
  }
  return run(condition.is_true() ? kids[1] : kids[2]);
}

// A built-in, knowledge model or service as a value.
Value Machine::eval_function_name(const Node& n) {
  auto rep = std::make_unique<internal::FunctionRep>();
  rep->type = n.code == Code::builtin ? internal::FunctionRep::Type::builtin
                                      : internal::FunctionRep::Type::invocable;
  rep->id = n.a;
  rep->program = program_;
  rep->owner = owner();
  return internal::make_function(std::move(rep));
}

Tri Machine::truth_of(const Value& value, uint32_t node) {
  if (value.is(Kind::boolean)) return tri(value.as_boolean());
  if (!value.is_null()) fail(Why::not_boolean, node, Value(), value.kind());
  return Tri::unknown;
}

Tri Machine::truth(uint32_t node) {
  const Node& n = program_->nodes[node];
  switch (n.code) {
    case Code::equal:
    case Code::not_equal:
    case Code::less:
    case Code::less_equal:
    case Code::greater:
    case Code::greater_equal:
      return truth_compare(n, node);
    case Code::and_:
    case Code::or_:
      return truth_logic(n, node);
    case Code::between:
      return truth_between(n, node);
    case Code::in:
      return truth_in(n);
    case Code::unary_tests:
      return truth_tests(n);
    case Code::test:
      return truth_test(n, node);
    case Code::test_boolean:
      return truth(n.a);
    case Code::instance_of: {
      Value scratch;
      return tri(instance_of(ref(n.a, &scratch), *program_->types[n.b]));
    }
    default: {
      Value scratch;
      return truth_of(ref(node, &scratch), node);
    }
  }
}

Tri Machine::truth_compare(const Node& n, uint32_t node) {
  Value s1, s2;
  const Value& a = ref(n.a, &s1);
  const Value& b = ref(n.b, &s2);
  if (n.code == Code::equal || n.code == Code::not_equal) {
    const Tri same = equal(a, b);
    if (same == Tri::unknown) {
      fail(Why::incomparable, node, Value(), a.kind(), b.kind());
      return same;
    }
    return n.code == Code::equal ? same : rules::negate(same);
  }
  int order = 0;
  if (a.is(Kind::number) && b.is(Kind::number)) {
    order = compare_numbers(a, b);
  } else {
    const auto o = compare(a, b);
    if (!o) {
      fail(Why::incomparable, node, Value(), a.kind(), b.kind());
      return Tri::unknown;
    }
    order = *o;
  }
  switch (n.code) {
    case Code::less:
      return tri(order < 0);
    case Code::less_equal:
      return tri(order <= 0);
    case Code::greater:
      return tri(order > 0);
    default:
      return tri(order >= 0);
  }
}

// Kleene's logic (table 49): a side that is no boolean counts as unknown.
Tri Machine::truth_logic(const Node& n, uint32_t) {
  const bool is_and = n.code == Code::and_;
  const Tri left = truth(n.a);
  if (left == (is_and ? Tri::no : Tri::yes)) return left;
  const Tri right = truth(n.b);
  return is_and ? both(left, right) : either(left, right);
}

Tri Machine::truth_between(const Node& n, uint32_t node) {
  Value s1, s2, s3;
  const uint32_t* kids = &program_->kids[n.a];
  const Value& value = ref(kids[0], &s1);
  const Value& low = ref(kids[1], &s2);
  const Value& high = ref(kids[2], &s3);
  const auto a = compare(value, low);
  const auto b = compare(value, high);
  if (!a || !b) {
    fail(Why::incomparable, node, Value(), value.kind(), a ? high.kind() : low.kind());
    return Tri::unknown;
  }
  return tri(*a >= 0 && *b <= 0);
}

Tri Machine::truth_in(const Node& n) {
  frame_[n.c] = run(n.a);
  Tri result = Tri::no;
  for (uint32_t i = 0; i < n.count && result != Tri::yes; ++i) {
    result = either(result, truth(program_->kids[n.b + i]));
  }
  return result;
}

Tri Machine::truth_tests(const Node& n) {
  if (n.count == 0) return Tri::yes;
  Tri result = Tri::no;
  for (uint32_t i = 0; i < n.count && result != Tri::yes; ++i) {
    result = either(result, truth(program_->kids[n.a + i]));
  }
  return n.flags == 1 ? rules::negate(result) : result;
}

Tri Machine::truth_test(const Node& n, uint32_t node) {
  Value scratch;
  const Value& operand = ref(n.a, &scratch);
  const Value& input = frame_[n.c];
  const Op op = static_cast<Op>(n.flags);
  if (op == Op::none) {
    const Tri result = matches(input, operand);
    if (result == Tri::unknown) {
      // A test that is true by itself, without looking at the input.
      if (operand.is_true() && !input.is(Kind::boolean)) return Tri::yes;
      fail(Why::incomparable, node, Value(), input.kind(), operand.kind());
    }
    return result;
  }
  const Value result = binary(op, input, operand, node);
  return result.is_null() ? Tri::unknown : tri(result.as_boolean());
}

Value Machine::eval_arithmetic(const Node& n, uint32_t node) {
  Value s1, s2;
  const Value& a = ref(n.a, &s1);
  const Value& b = ref(n.b, &s2);
  if (a.is(Kind::number) && b.is(Kind::number) && n.code <= Code::multiply) {
    Value result = n.code == Code::multiply ? multiply_numbers(a, b)
                                            : add_numbers(a, b, n.code == Code::subtract);
    if (is_finite_number(result)) return result;
    return fail(Why::overflow, node);
  }
  constexpr Op kOps[] = {Op::add, Op::subtract, Op::multiply, Op::divide, Op::power};
  return binary(kOps[static_cast<size_t>(n.code) - static_cast<size_t>(Code::add)], a, b, node);
}

Value Machine::eval_negate(const Node& n, uint32_t node) {
  Value scratch;
  return negate(ref(n.a, &scratch), node);
}

}  // namespace yipan::rules
