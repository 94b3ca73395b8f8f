// Bytes as a signed note, as keys, and as a checkpoint.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "yipan/check.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

void try_all(std::string_view bytes) {
  static const Signer signer = Signer::generate("fuzz.example", std::string(32, 'f')).value();
  const std::vector<VerifierKey> keys = {signer.verifier(), signer.cosigner_key()};
  const auto note = open_note(bytes, keys);
  if (note) CHECK(!note->verified.empty() && note->text.back() == '\n');
  const auto checkpoint = Checkpoint::parse(bytes);
  if (checkpoint) CHECK(checkpoint->to_string() == bytes);
  const auto key = VerifierKey::parse(bytes);
  if (key) CHECK(key->to_string() == bytes);
  const auto secret = Signer::parse(bytes);
  if (secret) CHECK(secret->to_string() == bytes);
  // The same text under a good signature reaches what lies behind the check.
  const auto own = signer.sign_note(bytes);
  if (own) CHECK(open_note(*own, keys).has_value());
  if (own && checkpoint)
    CHECK(open_note(signer.cosign(*own, 7).value(), keys)->verified.size() == 2);
}

}  // namespace
}  // namespace yipan::ledger

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  yipan::ledger::try_all({reinterpret_cast<const char*>(data), size});
  return 0;
}
