// Bytes as an entry: what decodes must encode to the same bytes.
#include <cstddef>
#include <cstdint>

#include "yipan/check.h"
#include "yipan/ledger.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto entry = yipan::ledger::Entry::decode(bytes);
  if (entry) CHECK(entry->encode().value() == bytes);
  return 0;
}
