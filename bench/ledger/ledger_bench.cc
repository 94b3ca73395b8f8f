// The ledger beside its peer: durable appends beside plain write + fdatasync of as many bytes, in
// the same run and on the same disk ($TMPDIR); fsck; proofs; leaf hashing.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "yipan/clock.h"
#include "yipan/file.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

constexpr size_t kEntryBytes = 300;
constexpr size_t kBatch = 1000;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "benchmark cannot go on: %s\n", what);
  std::abort();
}

// An entry of exactly 300 bytes, with an idempotency key.
Entry make_entry(uint64_t number) {
  Entry entry;
  entry.who = "zhang.wei";
  entry.when = Instant::from_micros(1'669'192'200'000'001 + static_cast<int64_t>(number) * 1000);
  entry.what = "record.put";
  entry.on = "projects";
  entry.idempotency_key = "import:9f86d081:" + std::to_string(10'000'000 + number);
  entry.body = "{\"n\":" + std::to_string(10'000'000 + number) + ",\"pad\":\"\"}";
  const size_t now = entry.encode()->size();
  require(now < kEntryBytes, "the entry is too long");
  entry.body.insert(entry.body.size() - 2, kEntryBytes - now, 'x');
  return entry;
}

struct Scratch {
  Scratch()
      : folder(TempDir::make().value()),
        signer(Signer::generate("bench.example", std::string(32, 'b')).value()) {}
  std::unique_ptr<Ledger> open() const {
    Options options;
    options.files = &Files::posix();
    options.clock = &Clock::system();
    options.directory = directory();
    options.origin = "bench.example";
    options.signer = &signer;
    return Ledger::open(options).value();
  }
  std::string directory() const { return folder.path() + "/log"; }
  TempDir folder;
  Signer signer;
};

std::vector<std::vector<Entry>> make_batches(uint64_t first, size_t count) {
  std::vector<std::vector<Entry>> out(count);
  for (std::vector<Entry>& batch : out) {
    for (size_t i = 0; i < kBatch; ++i) batch.push_back(make_entry(first++));
  }
  return out;
}

double seconds_since(int64_t start_micros) {
  return static_cast<double>(Clock::system().monotonic_micros() - start_micros) / 1e6;
}

// Batches alternate: one to the ledger, one of as many bytes to a plain file. Counters: entries a
// second of both, and how many times longer the ledger takes.
void append_durable(benchmark::State& state) {
  const Scratch scratch;
  const auto ledger = scratch.open();
  const auto plain = Files::posix().open(scratch.folder.path() + "/plain", Open::create).value();
  const std::string bytes(kBatch * (kEntryBytes + 2) + 88, 'p');
  uint64_t offset = 0;
  uint64_t number = 0;
  double ledger_s = 0;
  double plain_s = 0;
  constexpr size_t kChunk = 20;
  std::vector<std::vector<Entry>> batches;
  for (auto _ : state) {
    if (number / kBatch % kChunk == 0) {
      state.PauseTiming();
      batches = make_batches(number, kChunk);
      state.ResumeTiming();
    }
    int64_t start = Clock::system().monotonic_micros();
    const auto done = ledger->append(batches[number / kBatch % kChunk]);
    ledger_s += seconds_since(start);
    require(done.has_value(), "append");
    number += kBatch;
    state.PauseTiming();
    start = Clock::system().monotonic_micros();
    require(plain->write_at(offset, bytes).has_value() && plain->sync_data().has_value(), "plain");
    plain_s += seconds_since(start);
    offset += bytes.size();
    state.ResumeTiming();
  }
  const auto entries = static_cast<double>(number);
  state.counters["entries_per_s"] = entries / ledger_s;
  state.counters["plain_entries_per_s"] = entries / plain_s;
  state.counters["times_plain"] = ledger_s / plain_s;
}
BENCHMARK(append_durable)
    ->Iterations(400)
    ->Repetitions(3)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// A log of 300,000 entries that several benchmarks read.
const Scratch& filled() {
  static const Scratch scratch;
  static const bool made = [] {
    const auto ledger = scratch.open();
    for (const auto& batch : make_batches(0, 300))
      require(ledger->append(batch).has_value(), "fill");
    return true;
  }();
  require(made, "fill");
  return scratch;
}

void fsck_log(benchmark::State& state) {
  const Scratch& scratch = filled();
  uint64_t entries = 0;
  for (auto _ : state) {
    const auto report = fsck(Files::posix(), scratch.directory(), {});
    require(report.has_value() && report->problems.empty(), "the log is not sound");
    entries += report->entries;
  }
  state.counters["entries_per_s"] =
      benchmark::Counter(static_cast<double>(entries), benchmark::Counter::kIsRate);
}
BENCHMARK(fsck_log)->Unit(benchmark::kMillisecond);

void open_writer_after_close(benchmark::State& state) {
  const Scratch& scratch = filled();
  for (auto _ : state) require(scratch.open() != nullptr, "open");
}
BENCHMARK(open_writer_after_close)->Unit(benchmark::kMillisecond)->UseRealTime();

void inclusion_proof(benchmark::State& state) {
  const auto ledger = filled().open();
  Random random(7);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ledger->inclusion_proof(random.below(ledger->size()), ledger->size()));
  }
}
BENCHMARK(inclusion_proof)->Unit(benchmark::kMicrosecond);

void verify_one_proof(benchmark::State& state) {
  const auto ledger = filled().open();
  const uint64_t size = ledger->size();
  const Proof proof = ledger->inclusion_proof(12345, size).value();
  const Hash256 leaf = leaf_hash(ledger->entry_bytes(12345).value());
  const Hash256 root = ledger->root();
  for (auto _ : state) {
    require(verify_inclusion(12345, size, leaf, proof, root).has_value(), "proof");
  }
}
BENCHMARK(verify_one_proof)->Unit(benchmark::kMicrosecond);

void hash_leaves(benchmark::State& state) {
  const std::string entry(kEntryBytes, 'e');
  for (auto _ : state) benchmark::DoNotOptimize(leaf_hash(entry));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}
BENCHMARK(hash_leaves);

void encode_entry(benchmark::State& state) {
  const Entry entry = make_entry(1);
  for (auto _ : state) benchmark::DoNotOptimize(entry.encode());
}
BENCHMARK(encode_entry);

void decode_entry(benchmark::State& state) {
  const std::string bytes = make_entry(1).encode().value();
  for (auto _ : state) benchmark::DoNotOptimize(Entry::decode(bytes));
}
BENCHMARK(decode_entry);

}  // namespace
}  // namespace yipan::ledger
