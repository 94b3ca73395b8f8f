// Helpers of the tests: evaluate a text, print the result.
#ifndef YIPAN_RULES_TEST_UTIL_H_
#define YIPAN_RULES_TEST_UTIL_H_

#include <string>
#include <string_view>
#include <vector>

#include "rules/print.h"
#include "yipan/rules.h"

namespace yipan::rules {

// The printed result, "error: ..." if the text does not compile.
inline std::string feel(std::string_view text, const std::vector<Variable>& variables = {},
                        const std::vector<Value>& values = {}) {
  const auto e = compile_expression(text, variables);
  if (!e) return "error: " + e.error().message_en();
  Evaluator evaluator;
  return internal::print_value(evaluator.evaluate(*e, values), true);
}

// The code of the first reason for null, "" if there is none.
inline std::string reason(std::string_view text) {
  const auto e = compile_expression(text);
  if (!e) return "error";
  Evaluator evaluator;
  const Value v = evaluator.evaluate(*e, std::span<const Value>());
  if (!v.is_null()) return "not null";
  const auto why = evaluator.reason(v);
  return why ? why->code : "";
}

inline std::string unary(std::string_view tests, const Value& input) {
  const auto e = compile_unary_tests(tests);
  if (!e) return "error: " + e.error().message_en();
  Evaluator evaluator;
  return internal::print_value(evaluator.evaluate(*e, {input}), true);
}

}  // namespace yipan::rules

#endif  // YIPAN_RULES_TEST_UTIL_H_
