// Conformance of values to types and implicit conversions (DMN 1.5, 10.3.2.9.2 to .4), allowed
// values of item definitions (7.3.3).
#include <algorithm>

#include "rules/builtins.h"
#include "rules/machine.h"
#include "rules/temporal.h"

namespace yipan::rules {

using Form = Type::Form;

namespace {

bool function_conforms(const Program& program, const internal::FunctionRep& rep, const Type& type) {
  if (!type.parameters_known) return true;
  const Function& f = program.functions[rep.id];
  if (f.parameters.size() != type.members.size()) return false;
  for (size_t i = 0; i < type.members.size(); ++i) {
    const Type* own = f.parameter_types[i] != nullptr ? f.parameter_types[i] : Types::any();
    if (!own->is_any() && !conforms(*type.members[i].type, *own)) return false;
  }
  if (type.result == nullptr || type.result->is_any()) return true;
  const Type* result = f.type != nullptr && f.type->result != nullptr ? f.type->result : f.result;
  return result != nullptr && conforms(*result, *type.result);
}

}  // namespace

// Without constraints; null inside lists and contexts conforms to everything, alone to nothing.
bool Machine::instance_of(const Value& value, const Type& type) {
  if (value.is_null()) return type.is(Form::null);
  if (type.is_any()) return true;
  if (form_of(value.kind()) != type.form) return false;
  const auto inner = [this](const Value& v, const Type* t) {
    return t == nullptr || v.is_null() || instance_of(v, *t);
  };
  switch (type.form) {
    case Form::list: {
      const auto items = value.as_list();
      return std::all_of(items.begin(), items.end(),
                         [&](const Value& item) { return inner(item, type.element); });
    }
    case Form::range:
      return inner(value.low(), type.element) && inner(value.high(), type.element);
    case Form::context:
      return std::all_of(type.members.begin(), type.members.end(), [&](const auto& m) {
        const Value* own = value.find(m.name);
        return own != nullptr && inner(*own, m.type);
      });
    case Form::function: {
      const internal::FunctionRep& rep = value.as_function();
      if (rep.type == internal::FunctionRep::Type::closure) {
        return function_conforms(*static_cast<const Program*>(rep.program), rep, type);
      }
      const size_t count = arity(value);
      return !type.parameters_known || count == static_cast<size_t>(-1) ||
             count == type.members.size();
    }
    default:
      return true;
  }
}

namespace {

// The first constraint below `type` that `value` breaks; nullptr if none.
const Type* broken_constraint(Machine& machine, const Value& value, const Type& type,
                              const Program* program) {
  if (type.constraint != kNone && !value.is_null()) {
    const Value argument[1] = {value};
    if (!machine.evaluate_function(program, type.constraint, argument).is_true()) return &type;
  }
  if (type.is(Form::list) && value.is(Kind::list) && type.element != nullptr) {
    for (const Value& item : value.as_list()) {
      if (const Type* t = broken_constraint(machine, item, *type.element, program)) return t;
    }
  }
  if (type.is(Form::context) && value.is(Kind::context)) {
    for (const auto& m : type.members) {
      const Value* own = value.find(m.name);
      if (own == nullptr) continue;
      if (const Type* t = broken_constraint(machine, *own, *m.type, program)) return t;
    }
  }
  return nullptr;
}

}  // namespace

Value Machine::convert(const Value& value, const Type& type, uint32_t node) {
  if (value.is_null() || (type.is_any() && type.constraint == kNone)) return value;
  Value out;
  if (instance_of(value, type)) {
    out = value;
  } else if (type.is(Form::list) && !value.is(Kind::list) && type.element != nullptr &&
             instance_of(value, *type.element)) {
    out = Value::list({value});
  } else if (value.is(Kind::list) && value.as_list().size() == 1 && !type.is(Form::list) &&
             instance_of(value.as_list()[0], type)) {
    out = value.as_list()[0];
  } else if (type.is(Form::date_time) && value.is(Kind::date)) {
    out = Value::date_time(midnight_utc(value.as_date()));
  } else {
    return fail(Why::conversion, node, Value::string(to_string(type)), value.kind());
  }
  // Only a model's item definitions have constraints.
  const Program* program = model_ != nullptr ? &model_->data().program : program_;
  if (const Type* broken = broken_constraint(*this, out, type, program)) {
    return fail(Why::not_allowed, node, Value::string(broken->constraint_text));
  }
  return out;
}

}  // namespace yipan::rules
