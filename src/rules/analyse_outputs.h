// What the rules of a table answer, as far as it can be told without running them.
#ifndef YIPAN_RULES_ANALYSE_OUTPUTS_H_
#define YIPAN_RULES_ANALYSE_OUTPUTS_H_

#include <optional>
#include <string>
#include <vector>

#include "rules/analyse_grid.h"

namespace yipan::rules {

// Whether two rules give the same outputs: the same constants, or the same text.
enum class Same : uint8_t { yes, no, unknown };
Same same_outputs(const TableOf& table, size_t rule, size_t other);

// "\"大\"", or "{规模: \"大\", 级别: 3}" for several outputs; expressions as they are written.
std::string output_text(const TableOf& table, size_t rule);

// For each output the place of its value in the order of priority (DMN 1.5, 8.2.10); nothing if it
// is computed.
std::optional<std::vector<size_t>> output_rank(const TableOf& table, size_t rule);

// What the table answers if these rules fit (ascending, from 0), as text.
std::string outcome_text(const TableOf& table, const std::vector<size_t>& rules);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_ANALYSE_OUTPUTS_H_
