// OC4IDS packages.
#include <cstdint>
#include <string>
#include <string_view>

#include "intake/fuzz_drain.h"
#include "intake/oc4ids.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (std::string_view table : yipan::intake::kOc4idsTables) {
    auto request = yipan::intake::fuzz_request();
    request.sheet = std::string(table);
    yipan::intake::drain(
        yipan::intake::open_oc4ids(yipan::intake::memory_input("f", bytes), request));
  }
  return 0;
}
