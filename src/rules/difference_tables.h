// Two tables on one grid: where their outcomes differ.
#ifndef YIPAN_RULES_DIFFERENCE_TABLES_H_
#define YIPAN_RULES_DIFFERENCE_TABLES_H_

#include "rules/analyse_grid.h"

namespace yipan::rules {

// Fills regions, notes and complete; there are no regions if the tables agree everywhere.
void compare_tables(const std::shared_ptr<const Model>& before, const TableOf& old_table,
                    const std::shared_ptr<const Model>& after, const TableOf& new_table,
                    const DifferenceOptions& options, Difference* out);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_DIFFERENCE_TABLES_H_
