// TopoJSON.
#include <cstdint>
#include <string>
#include <string_view>

#include "intake/fuzz_drain.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  yipan::intake::drain(yipan::intake::open_topojson(yipan::intake::memory_input("f", bytes),
                                                    yipan::intake::fuzz_request()));
  return 0;
}
