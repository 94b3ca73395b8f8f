// Bytes as a receipt: what parses must write itself the same, and verify without trouble.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "yipan/check.h"
#include "yipan/ledger.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using yipan::ledger::Receipt;
  using yipan::ledger::Signer;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const Signer signer = Signer::generate("fuzz.example", std::string(32, 'f')).value();
  const std::vector<yipan::ledger::VerifierKey> keys = {signer.verifier()};
  const auto receipt = Receipt::parse(bytes);
  if (!receipt) return 0;
  const auto again = Receipt::parse(receipt->to_string());
  CHECK(again && again->to_string() == receipt->to_string());
  static_cast<void>(receipt->verify(keys, keys, 1));
  static_cast<void>(yipan::ledger::verify_inclusion(receipt->index, receipt->index + 1 + size % 97,
                                                    yipan::ledger::leaf_hash(""), receipt->proof,
                                                    yipan::ledger::empty_root()));
  return 0;
}
