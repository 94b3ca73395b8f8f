// Whether the finished tables add up to the figures.
#ifndef YIPAN_GENERATE_VERIFY_H_
#define YIPAN_GENERATE_VERIFY_H_

#include <string>
#include <vector>

#include "yipan/result.h"

namespace yipan::generate {

struct World;

// Recomputes every total from the tables and compares it with its figure. Returns the ids of the
// figures verified; error "generate.total" with element() the figure's id.
Result<std::vector<std::string>> verify(World& world);

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_VERIFY_H_
