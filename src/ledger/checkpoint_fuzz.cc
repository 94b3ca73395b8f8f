// Bytes as the text of a checkpoint.
#include <cstddef>
#include <cstdint>

#include "yipan/check.h"
#include "yipan/ledger.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto checkpoint = yipan::ledger::Checkpoint::parse(bytes);
  if (checkpoint) CHECK(checkpoint->to_string() == bytes);
  return 0;
}
