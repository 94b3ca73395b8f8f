// Calls: built-ins, closures, knowledge models, decision services (DMN 1.5, 10.3.2.13).
#include <algorithm>
#include <array>

#include "rules/builtins.h"
#include "rules/lexer.h"
#include "rules/machine.h"

namespace yipan::rules {

using internal::FunctionRep;

Value Machine::eval_function(const Node& n) {
  const Function& f = program_->functions[n.a];
  auto rep = std::make_unique<FunctionRep>();
  rep->type = FunctionRep::Type::closure;
  rep->id = n.a;
  rep->program = program_;
  rep->owner = owner();
  rep->self_capture = f.self;
  rep->captured.reserve(f.captures.size());
  for (const Function::Capture& c : f.captures) {
    if (c.index == kNone) {
      rep->captured.emplace_back();  // itself
    } else {
      rep->captured.push_back(c.global ? element_value(c.index) : frame_[c.index]);
    }
  }
  return internal::make_function(std::move(rep));
}

Value Machine::eval_call_builtin(const Node& n, uint32_t node) {
  constexpr size_t kInline = 6;
  std::array<Value, kInline> few;
  std::vector<Value> many;
  if (n.count > kInline) many.resize(n.count);
  Value* args = n.count > kInline ? many.data() : few.data();
  for (uint32_t i = 0; i < n.count; ++i) {
    const uint32_t kid = program_->kids[n.a + i];
    if (kid != kNone) args[i] = run(kid);
  }
  if (!tick(1, node)) return Value();
  const Signature& signature = builtins()[n.b].signatures[n.c];
  return nested(
      signature.run({*this, std::span<Value>(args, n.count), n.extra, node, builtins()[n.b].name}),
      node);
}

Value Machine::eval_call_invocable(const Node& n, uint32_t node) {
  constexpr size_t kInline = 6;
  std::array<Value, kInline> few;
  std::vector<Value> many;
  if (n.count > kInline) many.resize(n.count);
  Value* args = n.count > kInline ? many.data() : few.data();
  for (uint32_t i = 0; i < n.count; ++i) args[i] = run(program_->kids[n.a + i]);
  return call_invocable(n.b, std::span<Value>(args, n.count), node);
}

const std::vector<std::string>* Machine::parameter_names(const Value& function) const {
  const FunctionRep& rep = function.as_function();
  if (rep.type == FunctionRep::Type::closure) {
    return &static_cast<const Program*>(rep.program)->functions[rep.id].parameters;
  }
  if (rep.type == FunctionRep::Type::invocable && model_ != nullptr) {
    const Element& e = model_->data().elements[rep.id];
    if (e.function != kNone) return &model_->data().program.functions[e.function].parameters;
  }
  return nullptr;
}

// Named arguments of a function that is only known now: to the order of its parameters.
bool Machine::reorder(const Value& function, const Node& n, std::vector<Value>* arguments) {
  const auto* names = parameter_names(function);
  if (names == nullptr || names->size() != arguments->size()) return false;
  std::vector<Value> ordered(arguments->size());
  for (size_t i = 0; i < names->size(); ++i) {
    const auto wanted = name_tokens((*names)[i]);
    bool found = false;
    for (size_t k = 0; k < arguments->size(); ++k) {
      if (name_tokens(program_->labels[n.b + k].as_string()) == wanted) {
        ordered[i] = (*arguments)[k];
        found = true;
      }
    }
    if (!found) return false;
  }
  *arguments = std::move(ordered);
  return true;
}

Value Machine::eval_call_value(const Node& n, uint32_t node) {
  const Value function = run(program_->kids[n.a]);
  if (!function.is(Kind::function)) {
    if (function.is_null() && function.reason() != 0) return function;
    return fail(Why::not_a_function, node, Value(), function.kind());
  }
  std::vector<Value> arguments;
  for (uint32_t i = 1; i < n.count; ++i) arguments.push_back(run(program_->kids[n.a + i]));
  if (n.b != kNone && !reorder(function, n, &arguments)) {
    return fail(Why::argument_name, node, Value::string("function"));
  }
  return call_value(function, arguments, node);
}

size_t Machine::arity(const Value& function) const {
  const auto* names = parameter_names(function);
  return names != nullptr ? names->size() : static_cast<size_t>(-1);
}

Value Machine::call_value(const Value& function, std::span<Value> arguments, uint32_t node) {
  const FunctionRep& rep = function.as_function();
  switch (rep.type) {
    case FunctionRep::Type::closure:
      return call_program(static_cast<const Program*>(rep.program), rep.id, arguments, &rep, node);
    case FunctionRep::Type::invocable:
      return call_invocable(rep.id, arguments, node);
    case FunctionRep::Type::builtin:
      break;
  }
  const Builtin& builtin = builtins()[rep.id];
  for (const Signature& s : builtin.signatures) {
    if (arguments.size() < s.required || (arguments.size() > s.parameters.size() && !s.variadic)) {
      continue;
    }
    std::vector<Value> all(arguments.begin(), arguments.end());
    all.resize(std::max(all.size(), s.parameters.size()));
    if (!tick(1, node)) return Value();
    return s.run({*this, all, static_cast<uint32_t>(arguments.size()), node, builtin.name});
  }
  return fail(Why::arity, node, Value::string(builtin.name));
}

Value Machine::call_program(const Program* program, uint32_t function, std::span<Value> arguments,
                            const FunctionRep* closure, uint32_t node) {
  const Function& f = program->functions[function];
  if (arguments.size() != f.parameters.size()) {
    return fail(Why::arity, node, Value::string(f.name.empty() ? "function" : f.name));
  }
  if (!tick(1, node) || !stack_left(node)) return Value();
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type* type = i < f.parameter_types.size() ? f.parameter_types[i] : nullptr;
    if (type == nullptr || type->is_any()) continue;
    const bool was_null = arguments[i].is_null();
    arguments[i] = convert(arguments[i], *type, node);
    if (arguments[i].is_null() && !was_null) return arguments[i];
  }
  const Program* outer_program = program_;
  Value* outer_frame = frame_;
  Value* frame = stack_.push(f.slots);
  for (size_t i = 0; i < arguments.size(); ++i) frame[i] = std::move(arguments[i]);
  if (closure != nullptr) {
    for (size_t i = 0; i < f.captures.size(); ++i) {
      if (f.captures[i].index == kNone) {
        auto* self = const_cast<FunctionRep*>(closure);
        self->refs.fetch_add(1, std::memory_order_relaxed);
        frame[f.captures[i].slot] = Value::from_heap(Kind::function, self);
      } else {
        frame[f.captures[i].slot] = closure->captured[i];
      }
    }
  }
  frame_ = frame;
  program_ = program;
  Value result = run(f.root);
  if (f.result != nullptr && !f.result->is_any()) result = convert(result, *f.result, f.root);
  stack_.pop(frame, f.slots);
  frame_ = outer_frame;
  program_ = outer_program;
  return result;
}

Value Machine::call_invocable(uint32_t element, std::span<Value> arguments, uint32_t node) {
  if (model_ == nullptr) return fail(Why::not_a_function, node);
  if (program_ == nullptr) program_ = &model_->data().program;
  const Element& e = model_->data().elements[element];
  if (e.type == Element::Type::service) return call_service(e, arguments, node);
  if (e.function == kNone) return fail(Why::no_logic, node, Value::string(e.info.name));
  if (trace_ == nullptr) {
    return call_program(&model_->data().program, e.function, arguments, nullptr, node);
  }
  Explanation child;
  child.type = Explanation::Type::knowledge;
  child.name = e.info.name;
  child.xml_id = e.info.xml_id;
  child.citations = e.info.citations;
  const Function& f = model_->data().program.functions[e.function];
  for (size_t i = 0; i < std::min(arguments.size(), f.parameters.size()); ++i) {
    child.inputs.emplace_back(f.parameters[i], arguments[i]);
  }
  Explanation* outer = trace_;
  trace_ = &child;
  Value result = call_program(&model_->data().program, e.function, arguments, nullptr, node);
  trace_ = outer;
  child.result = result;
  outer->children.push_back(std::move(child));
  return result;
}

}  // namespace yipan::rules
