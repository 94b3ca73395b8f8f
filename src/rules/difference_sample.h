// Two models tried with the same inputs, at and around every constant that their texts name.
#ifndef YIPAN_RULES_DIFFERENCE_SAMPLE_H_
#define YIPAN_RULES_DIFFERENCE_SAMPLE_H_

#include <string>

#include "rules/element.h"
#include "yipan/rules.h"

namespace yipan::rules {

// Adds a region for each pair of outcomes that was met, with its first example.
void compare_samples(const std::shared_ptr<const Model>& before,
                     const std::shared_ptr<const Model>& after, const std::string& decision,
                     const DifferenceOptions& options, Difference* out);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_DIFFERENCE_SAMPLE_H_
