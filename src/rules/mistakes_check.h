// Warnings about what compiles and still cannot be meant: calls with the wrong number of arguments,
// cells that can never hold, outputs that the table does not allow.
#ifndef YIPAN_RULES_MISTAKES_CHECK_H_
#define YIPAN_RULES_MISTAKES_CHECK_H_

#include "rules/ast.h"
#include "rules/faults.h"

namespace yipan::rules {

void check_call(const Expr& call, Faults* faults);
void check_table(const TableAst& table, Faults* faults);
// Says of the faults from number `first` on in which cell they are; rule and column from 0.
void name_cell(const TableAst& table, size_t rule, size_t column, size_t first, Faults* faults);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_MISTAKES_CHECK_H_
