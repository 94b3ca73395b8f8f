// Whatever parses prints and reads back as the same day or instant.
#include <cstdint>
#include <string_view>

#include "yipan/check.h"
#include "yipan/date.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto date = yipan::Date::parse(text)) {
    const yipan::YearMonthDay ymd = date->ymd();
    CHECK(yipan::Date::from_ymd(ymd.year, ymd.month, ymd.day) == *date);
    CHECK(yipan::Date::parse(date->to_string()).value() == *date);
    CHECK(date->iso_week() >= 1 && date->iso_week() <= 53);
  } else {
    CHECK(!date.error().remedy_zh().empty() && !date.error().remedy_en().empty());
  }
  if (const auto instant = yipan::Instant::parse(text)) {
    CHECK(yipan::Instant::parse(instant->to_string()).value() == *instant);
  } else {
    CHECK(!instant.error().remedy_zh().empty() && !instant.error().remedy_en().empty());
  }
  return 0;
}
