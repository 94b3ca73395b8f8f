// The file of dated parameters: any bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "yipan/rules.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)yipan::rules::parse_parameters(text, "f");
  return 0;
}
