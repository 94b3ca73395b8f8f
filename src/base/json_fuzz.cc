// Whatever the bytes: parse_json answers with a value or an error that has a place; a value that
// can be written canonically is read back equal and written to the same bytes.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "yipan/check.h"
#include "yipan/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const yipan::Result<yipan::Json> value = yipan::parse_json(text);
  if (!value) {
    CHECK(value.error().place().line.has_value());
    CHECK(!value.error().to_string_zh().empty());
    // What is bad syntax here is so for nlohmann's reader, but for numbers out of range (it rounds
    // integers) and NUL (it stops there).
    const bool may_differ =
        text.find('\0') != text.npos || text.find_first_of("0123456789") != text.npos;
    CHECK(may_differ || value.error().code() != "base.json.syntax" || !yipan::Json::accept(text));
    return 0;
  }
  CHECK(yipan::Json::accept(text));
  const yipan::Result<std::string> bytes = yipan::canonical_json(*value);
  if (!bytes) return 0;
  const yipan::Result<yipan::Json> again = yipan::parse_json(*bytes);
  CHECK(again.has_value());
  CHECK(*again == *value);
  CHECK(*yipan::canonical_json(*again) == *bytes);
  return 0;
}
