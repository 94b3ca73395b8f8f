// Decimal's short cuts beside Intel's library, on the numbers a rule meets: areas, amounts,
// percentages.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "base/decimal_bits.h"
#include "yipan/decimal.h"

namespace yipan {
namespace {

constexpr size_t kCount = 1024;

std::vector<Decimal> amounts(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Decimal> out;
  for (size_t i = 0; i < kCount; ++i) {
    out.push_back(Decimal::from_scaled(static_cast<int64_t>(random() % 1'000'000'000) + 1,
                                       static_cast<int>(random() % 4)));
  }
  return out;
}

template <typename Operation>
void run(benchmark::State& state, Operation operation) {
  const std::vector<Decimal> a = amounts(1);
  const std::vector<Decimal> b = amounts(2);
  for (auto _ : state) {
    for (size_t i = 0; i < kCount; ++i) benchmark::DoNotOptimize(operation(a[i], b[i]));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCount));
}

#define YIPAN_BENCH(name, expression)     \
  void name(benchmark::State& state) {    \
    run(state, [](Decimal a, Decimal b) { \
      static_cast<void>(a);               \
      static_cast<void>(b);               \
      return expression;                  \
    });                                   \
  }                                       \
  BENCHMARK(name)

YIPAN_BENCH(add, a + b);
YIPAN_BENCH(add_library, bid::library_add(a, b));
YIPAN_BENCH(multiply, a* b);
YIPAN_BENCH(multiply_library, bid::library_mul(a, b));
YIPAN_BENCH(divide, a / b);
YIPAN_BENCH(divide_library, bid::library_div(a, b));
YIPAN_BENCH(divide_exactly, (a * b) / b);
YIPAN_BENCH(compare, a < b);
YIPAN_BENCH(compare_library, bid::library_compare(a, b) < 0);
YIPAN_BENCH(equal, a == b);
YIPAN_BENCH(hash, a.hash());
YIPAN_BENCH(round_to_one_digit, a.rounded(1, Decimal::Rounding::half_even));
YIPAN_BENCH(modulo, a.modulo(b));
YIPAN_BENCH(to_double, a.to_double());
YIPAN_BENCH(to_fen, a.to_scaled(2));
YIPAN_BENCH(power_of_ten_years, Decimal::from_scaled(104, 2).pow(Decimal::from_int(10)));
YIPAN_BENCH(power_of_thirty_years, Decimal::from_scaled(10'375, 4).pow(Decimal::from_int(30)));

void parse(benchmark::State& state) {
  std::vector<std::string> texts;
  for (const Decimal d : amounts(1)) texts.push_back(d.to_string());
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(Decimal::parse(text));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCount));
}
BENCHMARK(parse);

void print(benchmark::State& state) {
  const std::vector<Decimal> values = amounts(1);
  for (auto _ : state) {
    for (const Decimal d : values) benchmark::DoNotOptimize(d.to_string());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kCount));
}
BENCHMARK(print);

}  // namespace
}  // namespace yipan
