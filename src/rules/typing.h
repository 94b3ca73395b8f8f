// Static types of expressions, as far as they can be known (Any otherwise). They decide where names
// end, which operations can never succeed, and which short cuts the compiler may take.
#ifndef YIPAN_RULES_TYPING_H_
#define YIPAN_RULES_TYPING_H_

#include "rules/ast.h"

namespace yipan::rules {

const Type* binary_type(Op op, const Type* left, const Type* right);
// Both kinds are known and the operation is defined for no such pair.
bool operand_clash(Op op, const Type* left, const Type* right);
const Type* filter_type(Types* types, const Type* list, const Type* condition);
const Type* call_type(Types* types, const Expr& call);
// Members of a context type, or the properties of a date, time, duration or range (table 65).
const std::vector<Type::Member>& members_of(const Type* type);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_TYPING_H_
