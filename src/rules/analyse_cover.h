// Which regions of a box no rule of a set covers: a sweep axis by axis. A state is the axis and the
// set of rules that still fit; atoms that leave the same set are one branch, and a state that was
// found covered is not visited again. Tables as people write them stay far below the limit.
#ifndef YIPAN_RULES_ANALYSE_COVER_H_
#define YIPAN_RULES_ANALYSE_COVER_H_

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "rules/analyse_grid.h"

namespace yipan::rules {

// A region: the atoms of each axis. Regions that differ on one axis only become one, if their tags
// are equal.
struct Region {
  std::vector<Bits> atoms;
  std::string tag;
};
void merge_regions(std::vector<Region>* regions);

class Cover {
 public:
  // `visit` gets the atoms of each axis of an uncovered region, and answers whether to go on.
  using Visit = std::function<bool(const std::vector<Bits>&)>;
  Cover(const Grid& grid, const Boxes& boxes, uint64_t steps_max);
  // Regions of `box` that none of the rules `active` covers. False if the limit was reached.
  bool uncovered(const std::vector<Bits>& box, const Bits& active, const Visit& visit);

 private:
  bool sweep(size_t depth, const Bits& active);

  const Boxes& boxes_;
  uint64_t steps_max_;
  std::vector<size_t> order_;            // axes, the most constrained first
  std::vector<std::vector<Bits>> fits_;  // by axis and atom: rules
  std::vector<Bits> rest_is_free_;       // by depth: rules that take all of the box from there on
  std::vector<std::unordered_set<std::string>> covered_;  // by depth
  std::vector<Bits> chosen_;
  const std::vector<Bits>* box_ = nullptr;
  const Visit* visit_ = nullptr;
  uint64_t steps_ = 0;
  bool stopped_ = false;
  bool limit_reached_ = false;
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_ANALYSE_COVER_H_
