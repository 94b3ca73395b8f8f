// The seed of a property test: fresh each run, printed, and YIPAN_SEED to run one again.
#ifndef YIPAN_RULES_TEST_SEED_H_
#define YIPAN_RULES_TEST_SEED_H_

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace yipan::rules {

inline uint64_t test_seed(const char* test) {
  const char* given = std::getenv("YIPAN_SEED");
  const uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device()();
  std::clog << test << ": YIPAN_SEED=" << seed << "\n";
  return seed;
}

}  // namespace yipan::rules

#endif  // YIPAN_RULES_TEST_SEED_H_
