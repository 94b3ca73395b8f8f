// Any bytes as a relation: an answer or an error with a message, never a crash.
#include <cstdint>
#include <string_view>

#include "generate/formula.h"
#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = [](std::string_view name) -> std::optional<yipan::Decimal> {
    if (name == "F404") return std::nullopt;
    return yipan::Decimal::from_int(static_cast<int64_t>(name.size()) - 4);
  };
  const auto result = yipan::generate::evaluate_relation(text, value);
  if (!result) CHECK(!result.error().message_en().empty());
  return 0;
}
