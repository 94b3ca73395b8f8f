// Any bytes as a table's schema and as a bundle: problems or schemas, and what is accepted comes
// back from its bundle as it was.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "board/schema_parse.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto doc = yipan::parse_json(text)) {
    std::vector<yipan::Error> problems;
    (void)yipan::board::parse_table(*doc, "fuzz.json", &problems);
  }
  if (const auto schemas = yipan::board::Schemas::parse_bundle(text)) {
    const std::string bundle = schemas->bundle();
    const auto again = yipan::board::Schemas::parse_bundle(bundle);
    CHECK(again.has_value());
    CHECK(again->bundle() == bundle);
  }
  return 0;
}
