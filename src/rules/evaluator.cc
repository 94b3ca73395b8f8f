#include "rules/machine.h"
#include "yipan/check.h"

namespace yipan::rules {

struct Evaluator::State {
  Machine machine;
  std::shared_ptr<const Model> model;
  std::shared_ptr<const Expression::Data> expression;  // its spans are needed for warnings
};

Evaluator::Evaluator(std::shared_ptr<const Model> model, const EvaluatorOptions& options)
    : state_(std::make_unique<State>()) {
  state_->machine.set_options(options);
  state_->model = model;
  state_->machine.set_model(std::move(model));
}

Evaluator::Evaluator(const EvaluatorOptions& options) : state_(std::make_unique<State>()) {
  state_->machine.set_options(options);
}

Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;
Evaluator& Evaluator::operator=(Evaluator&&) noexcept = default;

void Evaluator::set(ElementId element, Value value) {
  CHECK(state_->model != nullptr && element < state_->model->data().elements.size());
  state_->machine.set_element(element, std::move(value));
}

void Evaluator::clear() {
  state_->machine.clear_elements();
  state_->machine.clear_warnings();
}

Value Evaluator::evaluate(ElementId decision) {
  CHECK(state_->model != nullptr && decision < state_->model->data().elements.size());
  Machine& m = state_->machine;
  m.start();
  m.begin_explanation();
  return m.finish(m.element_value(decision));
}

Value Evaluator::call(ElementId invocable, std::vector<Value> arguments) {
  CHECK(state_->model != nullptr && invocable < state_->model->data().elements.size());
  Machine& m = state_->machine;
  m.start();
  m.begin_explanation();
  return m.finish(m.call_invocable(invocable, arguments, 0));
}

Value Evaluator::evaluate_service(ElementId service) {
  CHECK(state_->model != nullptr && service < state_->model->data().elements.size());
  Machine& m = state_->machine;
  m.start();
  m.begin_explanation();
  return m.finish(m.service_from_inputs(service));
}

Value Evaluator::evaluate(const Expression& expression, std::span<const Value> arguments) {
  Machine& m = state_->machine;
  const Expression::Data& data = expression.data();
  if (m.warning_count() != 0) m.clear_warnings();
  if (state_->expression.get() != &data) {
    state_->expression = expression.share();
    m.set_expression(state_->expression);
  }
  m.start();
  return m.finish(m.evaluate_function(&data.program, data.function, arguments));
}

std::vector<Warning> Evaluator::warnings() const {
  std::vector<Warning> out;
  for (const RawWarning& raw : state_->machine.warnings()) {
    out.push_back(state_->machine.describe_warning(raw));
  }
  return out;
}

uint64_t Evaluator::warning_count() const { return state_->machine.warning_count(); }

std::optional<Warning> Evaluator::reason(const Value& null_value) const {
  if (!null_value.is_null()) return std::nullopt;
  const auto& all = state_->machine.warnings();
  const uint32_t index = null_value.reason();
  if (index == 0 || index > all.size()) return std::nullopt;
  return state_->machine.describe_warning(all[index - 1]);
}

const Explanation* Evaluator::explanation() const { return state_->machine.explanation(); }

}  // namespace yipan::rules
