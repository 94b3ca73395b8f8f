// DMN XML: read, compile, evaluate every decision, explain.
#include <cstddef>
#include <cstdint>

#include "yipan/rules.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  yipan::rules::CompileOptions options;
  options.limits.nesting = 60;
  options.as_of = yipan::Date::from_days(19'000);
  const auto built = yipan::rules::compile_model(
      {{"fuzz.dmn", std::string(reinterpret_cast<const char*>(data), size)}}, options);
  if (built.model == nullptr) return 0;
  yipan::rules::EvaluatorOptions run;
  run.explain = true;
  run.limits.steps = 20'000;
  run.limits.list_elements = 10'000;
  run.limits.stack_bytes = 500'000;
  yipan::rules::Evaluator evaluator(built.model, run);
  for (const auto& d : built.model->decisions()) {
    evaluator.clear();
    (void)evaluator.evaluate(d.id).to_string();
    if (evaluator.explanation() != nullptr) (void)evaluator.explanation()->to_text_zh();
    (void)evaluator.warnings();
  }
  return 0;
}
