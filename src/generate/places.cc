#include "generate/places.h"

#include <algorithm>

namespace yipan::generate {

PlaceSampler::PlaceSampler(const World& world, const std::function<bool(const GridCell&)>& wanted)
    : world_(&world) {
  int64_t sum = 0;
  for (size_t i = 0; i < world.cells.size(); ++i) {
    const GridCell& cell = world.cells[i];
    if (cell.water || cell.residents == 0 || !wanted(cell)) continue;
    sum += cell.residents;
    cells_.push_back(i);
    cumulative_.push_back(sum);
  }
  CHECK(!cells_.empty());
}

Place PlaceSampler::draw(Random& random) const {
  const auto at = static_cast<int64_t>(random.below(static_cast<uint64_t>(cumulative_.back())));
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), at);
  const GridCell& cell = world_->cells[cells_[static_cast<size_t>(found - cumulative_.begin())]];
  Place place = {{}, cell.district, cell.street};
  for (int i = 0; i < 20; ++i) {
    place.at = {cell.x + (random.unit() - 0.5) * cell.size * 0.96,
                cell.y + (random.unit() - 0.5) * cell.size * 0.96};
    if (!near_river(place.at, 40)) break;
  }
  return place;
}

Place place_in(const World& world, Random& random, const Box& box) {
  const Metres at = {box.west + random.unit() * (box.east - box.west),
                     box.south + random.unit() * (box.north - box.south)};
  for (const GridCell& cell : world.cells) {
    const double half = cell.size / 2;
    if (at.x >= cell.x - half && at.x < cell.x + half && at.y >= cell.y - half &&
        at.y < cell.y + half) {
      return {at, cell.district, cell.street};
    }
  }
  CHECK_MSG(false, "the box lies outside the grid");
  return {};
}

Plots::Plots(const World& world, Random& random,
             const std::function<bool(const GridCell&)>& wanted) {
  constexpr double kEdge = 250;
  for (const GridCell& cell : world.cells) {
    if (cell.water || !wanted(cell)) continue;
    const int side = static_cast<int>(cell.size / kEdge);
    for (int i = 0; i < side; ++i) {
      for (int j = 0; j < side; ++j) {
        const double west = cell.x - cell.size / 2 + i * kEdge;
        const double south = cell.y - cell.size / 2 + j * kEdge;
        if (near_river({west + kEdge / 2, south + kEdge / 2}, kEdge)) continue;
        plots_.push_back({{west, south, west + kEdge, south + kEdge}, cell.district});
      }
    }
  }
  shuffle(random, &plots_);
}

Plots::Plot Plots::take() {
  CHECK_MSG(next_ < plots_.size(), "no free plot is left");
  return plots_[next_++];
}

}  // namespace yipan::generate
