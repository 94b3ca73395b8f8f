// Dates and instants as text, of files written by others.
#include <cstddef>
#include <cstdint>

#include "store/iso_time.h"
#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  char out[yipan::store::kInstantSize];
  if (const auto days = yipan::store::read_iso_date(text)) {
    yipan::store::write_iso_date(*days, out);
    CHECK(std::string_view(out, yipan::store::kDateSize) == text);
  }
  if (const auto micros = yipan::store::read_iso_instant(text)) {
    yipan::store::write_iso_instant(*micros, out);
    CHECK(yipan::store::read_iso_instant({out, yipan::store::kInstantSize}) == micros);
    CHECK(std::string_view(out, 10) == text.substr(0, 10));
  }
  return 0;
}
