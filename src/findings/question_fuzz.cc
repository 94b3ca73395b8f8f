// question.toml: any bytes; every problem has its remedy.
#include <cstddef>
#include <cstdint>

#include "findings/pack.h"
#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace findings = yipan::findings;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<yipan::Error> errors;
  findings::Problems problems("question.toml", &errors);
  findings::Pack pack;
  findings::read_question(text, &pack, &problems);
  for (const yipan::Error& error : errors) {
    CHECK(!error.remedy_zh().empty() && !error.remedy_en().empty());
    CHECK(error.place().file == "question.toml");
  }
  return 0;
}
