// Time and randomness, passed in. Only cli/ makes the real ones.
#ifndef YIPAN_CLOCK_H_
#define YIPAN_CLOCK_H_

#include <cstdint>
#include <string>

#include "yipan/date.h"

namespace yipan {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
  virtual int64_t monotonic_micros() const = 0;
  static const Clock& system();
};

// Stands still until told: tests, replays, generated cities.
class ManualClock : public Clock {
 public:
  explicit ManualClock(Instant start) : now_(start) {}
  Instant now() const override { return now_; }
  int64_t monotonic_micros() const override { return now_.micros(); }
  void advance_micros(int64_t micros) { now_ = Instant::from_micros(now_.micros() + micros); }
  void set(Instant now) { now_ = now; }

 private:
  Instant now_;
};

// Deterministic random numbers: xoshiro256** seeded by splitmix64. The same seed gives the same
// stream on every machine (std:: distributions do not), so a printed seed repeats a run.
class Random {
 public:
  explicit Random(uint64_t seed);
  uint64_t next();
  uint64_t below(uint64_t bound);                     // uniform in [0, bound), unbiased
  int64_t between(int64_t low, int64_t high);         // uniform in [low, high]
  double unit();                                      // [0, 1), 53 bits
  double normal(double mean, double deviation);       // polar Box-Muller
  bool chance(double probability) { return unit() < probability; }
  // An independent stream, for a part that must not shift others: this one does not advance. Forks
  // of one state with one `stream` are equal; give each part its own number.
  Random fork(uint64_t stream) const;

 private:
  uint64_t state_[4];
};

// Unpredictable bytes from the operating system (getrandom), for keys.
std::string secure_random_bytes(size_t count);

}  // namespace yipan

#endif  // YIPAN_CLOCK_H_
