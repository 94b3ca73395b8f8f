// CSV, JSON and cells of tables of cases; what was written must read back.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "rules/cases_csv.h"
#include "rules/cases_value.h"
#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace std::string_view_literals;
  namespace rules = yipan::rules;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto rows = rules::parse_csv(text, "f"sv)) {
    std::string again;
    for (const rules::CsvRow& row : *rows) {
      for (size_t i = 0; i < row.fields.size(); ++i) {
        if (i != 0) again += ',';
        if (row.fields.size() == 1 && row.fields[0].empty()) again += "\"\"";
        rules::append_csv_field(row.fields[i], &again);
      }
      again += '\n';
    }
    const auto back = rules::parse_csv(again, "f"sv);
    CHECK(back.has_value() && back->size() == rows->size());
    for (size_t r = 0; r < rows->size(); ++r) CHECK((*back)[r].fields == (*rows)[r].fields);
  }
  (void)rules::value_of_json(text, "f"sv);
  return 0;
}
