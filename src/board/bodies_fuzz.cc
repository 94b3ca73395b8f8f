// Any bytes as the body of an entry: an error or a body that comes back as it was.
#include <cstdint>
#include <string_view>

#include "yipan/board.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto body = yipan::board::DatasetImport::parse(text)) {
    const auto again = yipan::board::DatasetImport::parse(body->to_json());
    CHECK(again.has_value() && again->to_json() == body->to_json());
  }
  if (const auto body = yipan::board::DatasetWithdrawal::parse(text)) {
    const auto again = yipan::board::DatasetWithdrawal::parse(body->to_json());
    CHECK(again.has_value() && again->to_json() == body->to_json());
  }
  return 0;
}
