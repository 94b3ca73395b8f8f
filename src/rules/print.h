// Values and syntax trees as FEEL text.
#ifndef YIPAN_RULES_PRINT_H_
#define YIPAN_RULES_PRINT_H_

#include <string>

#include "rules/ast.h"
#include "yipan/rules.h"

namespace yipan::rules {

// A text that parses back to the same tree (names in the same scope), fully parenthesised where
// precedence needs it.
std::string print(const Expr& expr);
// Same shape, operators, names and values; positions and types do not count.
bool same_tree(const Expr& a, const Expr& b);

namespace internal {
// `quoted`: as a FEEL literal, else as string() gives it (strings bare at the top only).
std::string print_value(const Value& value, bool quoted);
std::string quote(std::string_view text);
}  // namespace internal

}  // namespace yipan::rules

#endif  // YIPAN_RULES_PRINT_H_
