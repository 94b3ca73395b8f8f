// Regular expressions: pattern, zero byte, text. No pattern may take more than its budget.
#include <cstddef>
#include <cstdint>

#include "rules/xpath_regex.h"
#include "yipan/text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  constexpr std::string_view kFlags[] = {"", "s", "m", "i", "x", "q", "smi"};
  const std::string_view flags = kFlags[data[0] % 7];
  const std::string_view all(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (yipan::find_invalid_utf8(all) != std::string_view::npos) return 0;
  const size_t zero = all.find('\0');
  const std::string_view pattern = all.substr(0, zero);
  const std::string_view text = zero == std::string_view::npos ? "" : all.substr(zero + 1);
  std::string problem;
  const auto regex = yipan::rules::Regex::compile(pattern, flags, &problem);
  if (regex == nullptr) return 0;
  std::u32string wide;
  for (size_t i = 0; i < text.size();) wide += yipan::next_code_point(text, &i);
  yipan::rules::Regex::Groups groups;
  uint64_t budget = 100'000;
  (void)regex->search(wide, 0, &groups, &budget);
  return 0;
}
