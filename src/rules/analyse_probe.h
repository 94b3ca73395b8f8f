// Asks the evaluator itself what a table does with given values of its input expressions, where
// these are inputs, decisions or parameters (or members of them) and can be given.
#ifndef YIPAN_RULES_ANALYSE_PROBE_H_
#define YIPAN_RULES_ANALYSE_PROBE_H_

#include <optional>
#include <string>
#include <vector>

#include "rules/analyse_grid.h"

namespace yipan::rules {

struct TableOutcome {
  std::vector<uint32_t> fired;  // rules, from 1
  Value result;                 // of the table
  std::string why;              // reason of a null
};

class TableProbe {
 public:
  TableProbe(std::shared_ptr<const Model> model, const TableOf& table, const Clock* clock);
  bool usable() const { return usable_; }
  // Values by column of the table. Nothing if the table was not reached, or saw other values.
  std::optional<TableOutcome> ask(const std::vector<Value>& columns);

 private:
  struct Target {
    bool parameter = false;
    uint32_t index = 0;  // element or parameter
    std::vector<std::string> members;
  };
  bool find_target(uint32_t node, Target* out) const;

  std::shared_ptr<const Model> model_;
  TableOf table_;
  Evaluator evaluator_;
  std::vector<Target> targets_;
  bool usable_ = true;
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_ANALYSE_PROBE_H_
