// Any bytes as figures.toml: figures or an error with a message, never a crash.
#include "generate/figures.h"

#include <cstdint>
#include <string_view>

#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto result = yipan::generate::Figures::parse(text, "fuzz.toml");
  if (!result) CHECK(!result.error().message_zh().empty());
  return 0;
}
