// Any header splits into a name and a unit or stays as it is.
#include <cstdint>
#include <string_view>

#include "yipan/check.h"
#include "yipan/text.h"
#include "yipan/units.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const yipan::HeaderUnit header = yipan::split_header_unit(text);
  if (header.unit == nullptr) CHECK(header.name == yipan::trim(text));
  CHECK(header.name.size() <= text.size());
  if (const yipan::Unit* unit = yipan::find_unit(text)) {
    CHECK(yipan::find_unit(unit->id) == unit);
  }
  return 0;
}
