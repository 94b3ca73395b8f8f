// Cells as comparisons with constants, and the atoms that constants cut an ordered axis into.
#ifndef YIPAN_RULES_ANALYSE_CELLS_H_
#define YIPAN_RULES_ANALYSE_CELLS_H_

#include <optional>
#include <vector>

#include "rules/analyse_grid.h"
#include "rules/ops.h"
#include "rules/program.h"
#include "rules/table.h"

namespace yipan::rules {

struct SimpleTest {
  Op op = Op::none;  // none: equal to, in, or one of the value
  Value value;
};
struct SimpleTests {
  bool negated = false;
  std::vector<SimpleTest> tests;  // one must hold
};
// Nothing if the cell looks at more than its input and constants.
std::optional<SimpleTests> simple_tests(const Program& program, uint32_t node);
std::optional<SimpleTests> simple_cell(const Program& program, const Cell& cell);

Tri holds(const SimpleTest& test, const Value& value);
bool holds(const SimpleTests& tests, const Value& value);

// Below, on and between the points (ascending, different), each with a readable sample. Between two
// neighbouring days there is nothing.
std::vector<Atom> cut_ordered(const std::vector<Value>& points, Kind kind);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_ANALYSE_CELLS_H_
