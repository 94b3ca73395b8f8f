// What a rule writer most likely meant: remedies for faults of a text, by what stands there.
#ifndef YIPAN_RULES_MISTAKES_H_
#define YIPAN_RULES_MISTAKES_H_

#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"

namespace yipan::rules {

struct Hint {
  std::string zh;
  std::string en;
  bool empty() const { return zh.empty(); }
};

// For a syntax error found at [begin, end) of `text`: other languages' operators, full-width
// punctuation, decimal commas, upper-case keywords, brackets that are not closed.
Hint syntax_hint(std::string_view text, size_t begin, size_t end);

// For a name that nothing has: full-width characters in it, a near miss among `names`, or text that
// was meant to stand in quotes (`in_cell`).
Hint name_hint(std::string_view name, const std::vector<std::string>& names, bool in_cell);

// For a type that nobody defined; `names` are those of the model.
Hint type_name_hint(std::string_view name, std::vector<std::string> names);

// For an operator between types that do not go together.
Hint type_hint(Op op, const Expr& left, const Expr& right);

// "数字", "日期"; other types as they are written.
std::string type_zh(const Type& type);

// The nearest of `names` to a misspelt one, or "": at most a third of its letters differ.
std::string nearest_name(std::string_view wrong, const std::vector<std::string>& names);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_MISTAKES_H_
