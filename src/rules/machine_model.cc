// Values of a model's elements: inputs as given, decisions computed once when first asked for,
// decision services with their own copies (DMN 1.5, 10.4 and 5.3.3).
#include "rules/machine.h"

namespace yipan::rules {

void Machine::set_model(std::shared_ptr<const Model> model) {
  model_ = std::move(model);
  const size_t count = model_ != nullptr ? model_->data().elements.size() : 0;
  states_.assign(count, State::empty);
  values_.assign(count, Value());
}

void Machine::set_element(uint32_t element, Value value) {
  values_[element] = std::move(value);
  states_[element] = State::given;
  for (State& s : states_) {
    if (s == State::ready) s = State::empty;
  }
}

void Machine::clear_elements() {
  for (size_t i = 0; i < states_.size(); ++i) {
    if (states_[i] == State::empty) continue;
    states_[i] = State::empty;
    values_[i] = Value();
  }
}

Value Machine::decision_value(uint32_t index, const Element& element) {
  const Program& program = model_->data().program;
  if (!element.has_logic || element.function == kNone) {
    return fail(Why::no_logic, 0, Value::string(element.info.name));
  }
  if (trace_ == nullptr) return evaluate_function(&program, element.function, {});
  Explanation child;
  child.type = Explanation::Type::decision;
  child.name = element.info.name;
  child.xml_id = element.info.xml_id;
  child.citations = element.info.citations;
  Explanation* outer = trace_;
  trace_ = &child;
  Value result = evaluate_function(&program, element.function, {});
  for (uint32_t required : element.requires_) {
    if (states_[required] == State::empty || states_[required] == State::computing) continue;
    child.inputs.emplace_back(model_->data().elements[required].info.name, values_[required]);
  }
  trace_ = outer;
  child.result = result;
  if (outer == explanation_.get() && outer->name.empty() && outer->children.empty()) {
    *outer = std::move(child);  // the decision that was asked for is the root
  } else {
    outer->children.push_back(std::move(child));
  }
  (void)index;
  return result;
}

const Value& Machine::element_value(uint32_t index) {
  Value& value = values_[index];
  State& state = states_[index];
  if (state == State::ready || state == State::given_ready) return value;
  const Element& element = model_->data().elements[index];
  const Program* outer = program_;
  program_ = &model_->data().program;
  const uint32_t node = element.function != kNone ? program_->functions[element.function].root : 0;
  switch (state) {
    case State::given:
      if (element.value_type != nullptr) value = convert(value, *element.value_type, node);
      state = State::given_ready;
      break;
    case State::computing:
      value = fail(Why::cycle, node, Value::string(element.info.name));
      break;
    default:
      if (element.type == Element::Type::decision) {
        state = State::computing;
        if (stack_left(node)) {
          Value result = decision_value(index, element);
          value = std::move(result);
        }
      } else {
        value = fail(Why::missing_input, node, Value::string(element.info.name));
      }
      state = State::ready;
  }
  program_ = outer;
  return value;
}

namespace {

Value service_result(const Element& service, const std::vector<Element>& elements,
                     std::vector<Value> results) {
  if (results.size() == 1) return std::move(results[0]);
  std::vector<std::pair<std::string, Value>> entries;
  for (size_t i = 0; i < results.size(); ++i) {
    entries.emplace_back(elements[service.outputs[i]].info.name, std::move(results[i]));
  }
  return Value::context(std::move(entries));
}

}  // namespace

Value Machine::call_service(const Element& service, std::span<Value> arguments, uint32_t node) {
  if (arguments.size() != service.parameters.size()) {
    return fail(Why::arity, node, Value::string(service.info.name));
  }
  if (!tick(1, node) || !stack_left(node)) return Value();
  const auto& elements = model_->data().elements;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type* type = elements[service.parameters[i]].value_type;
    if (type == nullptr || arguments[i].is_null()) continue;
    arguments[i] = convert(arguments[i], *type, node);
    if (arguments[i].is_null()) return arguments[i];
  }
  std::vector<std::pair<uint32_t, std::pair<State, Value>>> saved;
  const auto replace = [&](uint32_t element, State state, Value value) {
    saved.push_back({element, {states_[element], std::move(values_[element])}});
    states_[element] = state;
    values_[element] = std::move(value);
  };
  for (uint32_t element : service.inside) replace(element, State::empty, Value());
  for (size_t i = 0; i < arguments.size(); ++i) {
    replace(service.parameters[i], State::given_ready, std::move(arguments[i]));
  }
  std::vector<Value> results;
  for (uint32_t output : service.outputs) results.push_back(element_value(output));
  while (!saved.empty()) {
    auto& [element, before] = saved.back();
    states_[element] = before.first;
    values_[element] = std::move(before.second);
    saved.pop_back();
  }
  Value result = service_result(service, elements, std::move(results));
  if (service.value_type != nullptr) result = convert(result, *service.value_type, node);
  return result;
}

Value Machine::service_from_inputs(uint32_t index) {
  const Element& service = model_->data().elements[index];
  program_ = &model_->data().program;
  std::vector<Value> arguments;
  for (uint32_t parameter : service.parameters) {
    const bool given =
        states_[parameter] == State::given || states_[parameter] == State::given_ready;
    arguments.push_back(given ? values_[parameter] : Value());
  }
  return call_service(service, arguments, 0);
}

}  // namespace yipan::rules
