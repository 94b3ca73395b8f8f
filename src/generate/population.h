// Population of the grid, from the census table of cities/xx.
#ifndef YIPAN_GENERATE_POPULATION_H_
#define YIPAN_GENERATE_POPULATION_H_

#include <cstdint>

#include "generate/geometry.h"
#include "yipan/file.h"
#include "yipan/result.h"

namespace yipan::generate {

struct World;

// The quarter of 8 km² and 90,000 people without a commercial centre (F108 to F110), in kilometres.
inline constexpr Box kQuarter = {-2, -6, 2, -4};

Result<> make_population(World& world, Files& files);

// Residents that the speech's own ratios imply: the urban area from floor area per head
// (F095 / F098), the whole city from beds per thousand (F117 / F118).
int64_t urban_residents(const World& world);
int64_t city_residents(const World& world);

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_POPULATION_H_
