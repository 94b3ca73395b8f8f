// FEEL texts: compile, print, evaluate. The first byte chooses expression or unary tests.
#include <cstddef>
#include <cstdint>

#include "yipan/rules.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using yipan::rules::Value;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  yipan::rules::Limits limits;
  limits.nesting = 60;
  limits.steps = 20'000;
  limits.range_elements = 10'000;
  limits.list_elements = 10'000;
  limits.regex_steps = 50'000;
  limits.stack_bytes = 500'000;
  limits.string_bytes = 100'000;
  const auto e =
      data[0] % 2 == 0
          ? yipan::rules::compile_expression(text, {{"a", "number"}, {"b b", "Any"}}, limits)
          : yipan::rules::compile_unary_tests(text, "Any", {{"b b", "Any"}}, limits);
  if (!e) return 0;
  yipan::rules::Evaluator evaluator(yipan::rules::EvaluatorOptions{.limits = limits});
  const Value args[2] = {Value::number(int64_t{5}), Value::list({Value::string("x")})};
  const Value result = evaluator.evaluate(*e, args);
  (void)result.to_string();
  (void)evaluator.warnings();
  return 0;
}
