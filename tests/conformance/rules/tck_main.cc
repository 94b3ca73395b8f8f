// Runs the DMN TCK: tck_main DIRECTORY
#include <fmt/format.h>

#include <cstdio>

#include "yipan/clock.h"
#include "yipan/rules.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: {} DIRECTORY\n", argv[0]);
    return 2;
  }
  const auto report = yipan::rules::run_tck(argv[1], yipan::Clock::system());
  if (!report) {
    fmt::print(stderr, "{}\n", report.error().to_string_en());
    return 2;
  }
  fmt::print("{}", yipan::rules::to_text(*report));
  fmt::print(stderr, "compile {:.3f} s, evaluate {:.3f} s\n", report->seconds_compile,
             report->seconds_evaluate);
  return report->failed == 0 ? 0 : 1;
}
