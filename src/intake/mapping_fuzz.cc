// Mapping files.
#include <cstdint>
#include <string>
#include <string_view>

#include "intake/mapping.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)yipan::intake::parse_mapping(bytes, "f");
  return 0;
}
