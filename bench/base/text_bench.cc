// Validation and conversion of text, in bytes a second beside memcpy of the same bytes.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>

#include "yipan/text.h"

namespace yipan {
namespace {

constexpr size_t kBytes = size_t{1} << 20;

// A table as cities send them.
std::string chinese() {
  std::string text;
  for (int i = 0; text.size() < kBytes; ++i) {
    text += "示范区第" + std::to_string(i) + "号地块,工业用地,湖滨路以东、科技大道以南," +
            std::to_string(i % 977) + ".25,已供\n";
  }
  return text;
}

std::string ascii() {
  std::string text;
  for (int i = 0; text.size() < kBytes; ++i) {
    text += "parcel-" + std::to_string(i) + ",113.40,30.46,industrial\n";
  }
  return text;
}

void processed(benchmark::State& state, size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

void copy(benchmark::State& state) {
  const std::string text = chinese();
  std::string out(text.size(), '\0');
  for (auto _ : state) {
    std::memcpy(out.data(), text.data(), text.size());
    benchmark::ClobberMemory();
  }
  processed(state, text.size());
}
BENCHMARK(copy);

void validate_ascii(benchmark::State& state) {
  const std::string text = ascii();
  for (auto _ : state) benchmark::DoNotOptimize(find_invalid_utf8(text));
  processed(state, text.size());
}
BENCHMARK(validate_ascii);

void validate_chinese(benchmark::State& state) {
  const std::string text = chinese();
  for (auto _ : state) benchmark::DoNotOptimize(find_invalid_utf8(text));
  processed(state, text.size());
}
BENCHMARK(validate_chinese);

void count_code_points(benchmark::State& state) {
  const std::string text = chinese();
  for (auto _ : state) benchmark::DoNotOptimize(code_point_count(text));
  processed(state, text.size());
}
BENCHMARK(count_code_points);

void decode(benchmark::State& state) {
  const auto encoding = static_cast<Encoding>(state.range(0));
  const std::string bytes = from_utf8(chinese(), encoding).value();
  for (auto _ : state) benchmark::DoNotOptimize(to_utf8(bytes, encoding));
  processed(state, bytes.size());
  state.SetLabel(std::string(to_string(encoding)));
}
BENCHMARK(decode)->DenseRange(0, 4);

void detect_gb18030(benchmark::State& state) {
  const std::string bytes = from_utf8(chinese(), Encoding::gb18030).value();
  for (auto _ : state) benchmark::DoNotOptimize(detect_encoding(bytes, false));
  processed(state, bytes.size());
}
BENCHMARK(detect_gb18030);

void fold(benchmark::State& state) {
  const std::string text = chinese();
  for (auto _ : state) benchmark::DoNotOptimize(fold_width(text));
  processed(state, text.size());
}
BENCHMARK(fold);

void width(benchmark::State& state) {
  const std::string text = chinese();
  for (auto _ : state) benchmark::DoNotOptimize(display_width(text));
  processed(state, text.size());
}
BENCHMARK(width);

void base64_there_and_back(benchmark::State& state) {
  const std::string text = chinese();
  for (auto _ : state) benchmark::DoNotOptimize(unbase64(base64(text)));
  processed(state, text.size());
}
BENCHMARK(base64_there_and_back);

}  // namespace
}  // namespace yipan
