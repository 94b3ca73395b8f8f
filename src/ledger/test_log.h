// What the ledger's tests share.
#ifndef YIPAN_LEDGER_TEST_LOG_H_
#define YIPAN_LEDGER_TEST_LOG_H_

#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include "yipan/check.h"
#include "yipan/ledger.h"

namespace yipan::ledger::testing {

inline uint64_t test_seed(const char* test) {
  const char* given = std::getenv("YIPAN_SEED");
  const uint64_t seed = given != nullptr ? std::stoull(given) : std::random_device()();
  std::cout << test << ": YIPAN_SEED=" << seed << "\n";
  return seed;
}

inline const std::string kOrigin = "ledger.example/xx";

inline Signer make_signer(std::string_view name = kOrigin, char seed = 'k') {
  return std::move(Signer::generate(name, std::string(32, seed)).value());
}

inline Entry make_entry(uint64_t number, std::string key = "") {
  Entry entry;
  entry.who = "zhang.wei";
  entry.when = Instant::from_micros(1'669'192'200'000'000 + static_cast<int64_t>(number));
  entry.what = "dataset.import";
  entry.on = "projects";
  entry.body = "{\"n\":" + std::to_string(number) + "}";
  entry.idempotency_key = std::move(key);
  return entry;
}

// A ledger for a test, with a clock that stands still: checkpoints come when they are asked for.
struct TestLog {
  explicit TestLog(Files& log_files, std::string log_directory)
      : files(log_files), directory(std::move(log_directory)), signer(make_signer()) {}
  Options options() {
    Options out;
    out.files = &files;
    out.clock = &clock;
    out.directory = directory;
    out.origin = kOrigin;
    out.signer = &signer;
    out.background = false;
    out.journal_segment_bytes = segment_bytes;
    return out;
  }
  Result<std::unique_ptr<Ledger>> open() { return Ledger::open(options()); }
  Result<std::unique_ptr<Ledger>> open_reader() {
    Options reader = options();
    reader.signer = nullptr;
    return Ledger::open(reader);
  }
  Files& files;
  std::string directory;
  Signer signer;
  ManualClock clock{Instant::from_micros(1'669'192'200'000'000)};
  uint64_t segment_bytes = 4096;
};

// In memory where there is such a place: these tests sync thousands of times, and none of them cuts
// the power of a real disk.
inline TempDir make_temp_dir() {
  auto folder = TempDir::make("/dev/shm");
  return folder ? std::move(*folder) : std::move(TempDir::make().value());
}

inline std::string problems_of(const FsckReport& report) {
  std::string out;
  for (const Error& error : report.problems) out += error.to_string_en() + "\n";
  return out;
}

}  // namespace yipan::ledger::testing

#endif  // YIPAN_LEDGER_TEST_LOG_H_
