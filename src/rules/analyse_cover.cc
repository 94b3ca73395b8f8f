#include "rules/analyse_cover.h"

#include <algorithm>
#include <map>

namespace yipan::rules {
namespace {

std::string key_of(const Bits& bits) {
  return {reinterpret_cast<const char*>(bits.data()), bits.size() * sizeof(uint64_t)};
}

// Joins b to a if they differ on one axis only.
bool join(Region* a, const Region& b) {
  if (a->tag != b.tag) return false;
  size_t differing = 0, axis = 0;
  for (size_t x = 0; x < a->atoms.size(); ++x) {
    if (a->atoms[x] == b.atoms[x]) continue;
    if (++differing > 1) return false;
    axis = x;
  }
  if (differing == 0) return true;
  for (size_t w = 0; w < a->atoms[axis].size(); ++w) a->atoms[axis][w] |= b.atoms[axis][w];
  return true;
}

}  // namespace

void merge_regions(std::vector<Region>* regions) {
  for (bool joined = true; joined;) {
    joined = false;
    for (size_t i = 0; i < regions->size(); ++i) {
      for (size_t j = regions->size(); j-- > i + 1;) {
        if (!join(&(*regions)[i], (*regions)[j])) continue;
        regions->erase(regions->begin() + static_cast<ptrdiff_t>(j));
        joined = true;
      }
    }
  }
}

Cover::Cover(const Grid& grid, const Boxes& boxes, uint64_t steps_max)
    : boxes_(boxes), steps_max_(steps_max) {
  const size_t rules = boxes.rules.size(), words = (rules + 63) / 64;
  std::vector<size_t> constrained(grid.axes.size(), 0);
  fits_.resize(grid.axes.size());
  for (size_t x = 0; x < grid.axes.size(); ++x) {
    order_.push_back(x);
    const size_t atoms = grid.axes[x].atoms.size();
    fits_[x].assign(atoms, Bits(words, 0));
    for (size_t r = 0; r < rules; ++r) {
      bool all = true;
      for (size_t a = 0; a < atoms; ++a) {
        if (has_bit(boxes.rules[r].atoms[x], a)) {
          put_bit(&fits_[x][a], r);
        } else {
          all = false;
        }
      }
      if (!all) ++constrained[x];
    }
  }
  std::stable_sort(order_.begin(), order_.end(),
                   [&constrained](size_t a, size_t b) { return constrained[a] > constrained[b]; });
}

bool Cover::uncovered(const std::vector<Bits>& box, const Bits& active, const Visit& visit) {
  box_ = &box;
  visit_ = &visit;
  chosen_ = box;
  steps_ = 0;
  stopped_ = limit_reached_ = false;
  covered_.assign(order_.size() + 1, {});
  rest_is_free_.assign(order_.size() + 1, Bits(active.size(), 0));
  for (size_t r = 0; r < boxes_.rules.size(); ++r) {
    put_bit(&rest_is_free_.back(), r);
    for (size_t d = order_.size(); d-- > 0;) {
      if (!is_subset(box[order_[d]], boxes_.rules[r].atoms[order_[d]])) break;
      put_bit(&rest_is_free_[d], r);
    }
  }
  sweep(0, active);
  return !limit_reached_;
}

// Whether all below is covered.
bool Cover::sweep(size_t depth, const Bits& active) {
  if (any_bit(active & rest_is_free_[depth])) return true;
  if (stopped_) return false;
  if (!any_bit(active)) {
    if (!(*visit_)(chosen_)) stopped_ = true;
    return false;
  }
  if (++steps_ > steps_max_) {
    stopped_ = limit_reached_ = true;
    return false;
  }
  std::string key = key_of(active);
  if (covered_[depth].count(key) != 0) return true;
  const size_t x = order_[depth];
  std::map<Bits, Bits> branches;  // rules left -> atoms
  std::vector<const Bits*> in_order;
  for (size_t a = 0; a < fits_[x].size(); ++a) {
    if (!has_bit((*box_)[x], a)) continue;
    const auto [found, fresh] = branches.try_emplace(active & fits_[x][a]);
    if (fresh) {
      found->second.assign((*box_)[x].size(), 0);
      in_order.push_back(&found->first);
    }
    put_bit(&found->second, a);
  }
  bool all = true;
  for (const Bits* left : in_order) {
    chosen_[x] = branches[*left];
    all = sweep(depth + 1, *left) && all;
  }
  chosen_[x] = (*box_)[x];
  if (all) covered_[depth].insert(std::move(key));
  return all;
}

}  // namespace yipan::rules
