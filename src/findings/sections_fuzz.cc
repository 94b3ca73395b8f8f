// The SQL files of packs: any bytes; what is substituted must substitute to itself again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "findings/sections.h"
#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using yipan::findings::substitute;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<yipan::Error> problems;
  const auto sections = yipan::findings::split_sections(text, "fuzz.sql", "fact", &problems);
  for (const auto& section : sections) CHECK(section.line_sql >= section.line);
  for (const yipan::Error& error : problems) CHECK(!error.remedy_zh().empty());
  const auto statement = substitute(text);
  if (statement) CHECK(statement->names.size() == statement->lines.size());
  return 0;
}
