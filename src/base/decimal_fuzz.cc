// Whatever parses prints and reads back as the same value, and the library agrees on what it is.
#include <cstdint>
#include <string>

#include "base/decimal_bits.h"
#include "yipan/check.h"
#include "yipan/decimal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto value = yipan::Decimal::parse(text);
  if (!value) return 0;
  CHECK(value->is_finite());
  // Of longer literals the library looks at a part only, and misses ties: 8...8645000... is one.
  if (text.size() < 90) CHECK(*value == yipan::bid::library_parse(text.c_str()));
  const std::string printed = value->to_string();
  const auto back = yipan::Decimal::parse(printed, false);
  CHECK(back.has_value());
  CHECK(*back == *value);
  CHECK(back->hash() == value->hash());
  CHECK(back->to_string() == printed);
  return 0;
}
