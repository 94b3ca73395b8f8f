// The lines of a signed note (C2SP signed-note), before anything is verified.
#ifndef YIPAN_LEDGER_NOTE_TEXT_H_
#define YIPAN_LEDGER_NOTE_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "yipan/ledger.h"

namespace yipan::ledger {

inline constexpr size_t kNoteBytesMax = 1 << 20;
inline constexpr int kSignaturesMax = 100;  // golang.org/x/mod/sumdb/note has the same limit

struct NoteLines {
  std::string_view text;
  std::vector<std::string_view> lines;  // signature lines, with their newline
  std::vector<Signature> signatures;    // the same, parsed; `bytes` is what follows the key id
};
Result<NoteLines> split_note(std::string_view note);

std::string signature_line(const VerifierKey& key, std::string_view signature);
// The message that a key of this algorithm signs, and whether the signature over it is right.
bool verify_signature(const VerifierKey& key, std::string_view text, std::string_view signature);
// The bytes of a cosignature/v1 (tlog-cosignature): timestamp, then 64 bytes of signature.
std::string cosignature_message(std::string_view checkpoint_text, uint64_t unix_seconds);

bool is_key_name(std::string_view name);
uint32_t key_hash_of(std::string_view name, uint8_t algorithm, std::string_view public_key);

inline constexpr uint8_t kAlgorithmEd25519 = 1;
inline constexpr uint8_t kAlgorithmCosignature = 4;

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_NOTE_TEXT_H_
