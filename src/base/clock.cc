#include "yipan/clock.h"

#include <sys/random.h>
#include <time.h>

#include <cerrno>
#include <cmath>

#include "yipan/check.h"

namespace yipan {
namespace {

__extension__ using Uint128 = unsigned __int128;

int64_t micros_of(clockid_t which) {
  timespec now{};
  CHECK(clock_gettime(which, &now) == 0);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

class SystemClock : public Clock {
 public:
  Instant now() const override { return Instant::from_micros(micros_of(CLOCK_REALTIME)); }
  int64_t monotonic_micros() const override { return micros_of(CLOCK_MONOTONIC); }
};

// Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (2014).
uint64_t splitmix64(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

uint64_t rotate_left(uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

}  // namespace

const Clock& Clock::system() {
  static const SystemClock clock;
  return clock;
}

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = splitmix64(&seed);
}

// Blackman, Vigna: Scrambled Linear Pseudorandom Number Generators (2021), xoshiro256**.
uint64_t Random::next() {
  const uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = rotate_left(state_[3], 45);
  return result;
}

// Lemire: Fast Random Integer Generation in an Interval (2019).
uint64_t Random::below(uint64_t bound) {
  CHECK(bound > 0);
  Uint128 product = static_cast<Uint128>(next()) * bound;
  if (static_cast<uint64_t>(product) < bound) {
    const uint64_t threshold = (0 - bound) % bound;
    while (static_cast<uint64_t>(product) < threshold) {
      product = static_cast<Uint128>(next()) * bound;
    }
  }
  return static_cast<uint64_t>(product >> 64);
}

int64_t Random::between(int64_t low, int64_t high) {
  CHECK(low <= high);
  const uint64_t count = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1;
  const uint64_t step = count == 0 ? next() : below(count);  // 0: all 2^64 values
  return static_cast<int64_t>(static_cast<uint64_t>(low) + step);
}

double Random::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double Random::normal(double mean, double deviation) {
  while (true) {
    const double x = 2 * unit() - 1;
    const double y = 2 * unit() - 1;
    const double s = x * x + y * y;
    if (s > 0 && s < 1) return mean + deviation * x * std::sqrt(-2 * std::log(s) / s);
  }
}

Random Random::fork(uint64_t stream) const {
  uint64_t seed = stream;
  for (uint64_t word : state_) {
    seed ^= word;
    seed = splitmix64(&seed);
  }
  return Random(seed);
}

std::string secure_random_bytes(size_t count) {
  std::string out(count, '\0');
  size_t done = 0;
  while (done < count) {
    const ssize_t got = getrandom(out.data() + done, count - done, 0);
    if (got < 0 && errno == EINTR) continue;
    // Without the kernel's random numbers a key would be guessable: there is no safe way on.
    CHECK_MSG(got > 0, "getrandom failed");
    done += static_cast<size_t>(got);
  }
  return out;
}

}  // namespace yipan
