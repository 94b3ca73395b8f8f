// Ed25519 (RFC 8032) over OpenSSL. Keys are raw bytes: 32 of seed, 32 of public key.
#ifndef YIPAN_LEDGER_ED25519_H_
#define YIPAN_LEDGER_ED25519_H_

#include <memory>
#include <string>
#include <string_view>

#include "yipan/result.h"

namespace yipan::ledger {

inline constexpr size_t kEd25519KeyBytes = 32;
inline constexpr size_t kEd25519SignatureBytes = 64;

class Ed25519Key {
 public:
  static Result<Ed25519Key> from_seed(std::string_view seed32);
  const std::string& public_key() const { return public_key_; }
  std::string_view seed() const { return seed_; }
  Result<std::string> sign(std::string_view message) const;
  Ed25519Key(Ed25519Key&&) noexcept;
  Ed25519Key& operator=(Ed25519Key&&) noexcept;
  ~Ed25519Key();  // the seed is wiped

 private:
  struct Free {
    void operator()(void* key) const;
  };
  Ed25519Key() = default;
  std::unique_ptr<void, Free> key_;
  std::string seed_;
  std::string public_key_;
};

bool ed25519_verify(std::string_view public_key, std::string_view message,
                    std::string_view signature);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_ED25519_H_
