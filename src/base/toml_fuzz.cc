#include "yipan/toml.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = yipan::parse_toml(text, "fuzz.toml", "fuzz.syntax");
  if (!parsed && parsed.error().code() != "fuzz.syntax") __builtin_trap();
  return 0;
}
