#include "report/areas.h"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto rings = yipan::report::rings_of_wkb({reinterpret_cast<const char*>(data), size});
  size_t points = 0;
  for (const auto& ring : rings) points += ring.size();
  if (points * sizeof(yipan::report::LonLat) > size) __builtin_trap();  // more than there was
  return 0;
}
