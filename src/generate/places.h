// Where things stand: points in the populated grid, and free plots for parcels.
#ifndef YIPAN_GENERATE_PLACES_H_
#define YIPAN_GENERATE_PLACES_H_

#include <functional>
#include <string>
#include <vector>

#include "generate/geometry.h"
#include "generate/world.h"

namespace yipan::generate {

struct Place {
  Metres at;
  std::string district;
  std::string street;
};

// Draws grid cells in proportion to their residents among those that `wanted` accepts.
class PlaceSampler {
 public:
  PlaceSampler(const World& world, const std::function<bool(const GridCell&)>& wanted);
  Place draw(Random& random) const;

 private:
  const World* world_;
  std::vector<size_t> cells_;
  std::vector<int64_t> cumulative_;
};

// A place in the box (metres).
Place place_in(const World& world, Random& random, const Box& box);

// The plots of 250 m x 250 m into which dry grid cells fall, shuffled; each is given out once, so
// that parcels never overlap.
class Plots {
 public:
  Plots(const World& world, Random& random, const std::function<bool(const GridCell&)>& wanted);
  struct Plot {
    Box box;
    std::string district;
  };
  Plot take();

 private:
  std::vector<Plot> plots_;
  size_t next_ = 0;
};

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_PLACES_H_
