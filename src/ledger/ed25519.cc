#include "ledger/ed25519.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace yipan::ledger {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Error library_error() {
  return Error("ledger.key.openssl")
      .zh("OpenSSL 不能用此密钥签名")
      .en("OpenSSL cannot sign with this key")
      .remedy("请检查 OpenSSL 3 的安装及其配置（FIPS 模式可能禁用 Ed25519）",
              "check the OpenSSL 3 installation and its configuration (a FIPS mode may forbid "
              "Ed25519)");
}

}  // namespace

void Ed25519Key::Free::operator()(void* key) const { EVP_PKEY_free(static_cast<EVP_PKEY*>(key)); }

Ed25519Key::Ed25519Key(Ed25519Key&&) noexcept = default;
Ed25519Key& Ed25519Key::operator=(Ed25519Key&&) noexcept = default;
Ed25519Key::~Ed25519Key() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

Result<Ed25519Key> Ed25519Key::from_seed(std::string_view seed32) {
  if (seed32.size() != kEd25519KeyBytes) {
    return fail(Error("ledger.key.length")
                    .zh("Ed25519 私钥种子必须是 32 字节")
                    .en("an Ed25519 seed is 32 bytes")
                    .remedy("请检查密钥文件是否完整", "check that the key file is complete"));
  }
  Ed25519Key out;
  out.key_.reset(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed32), seed32.size()));
  out.seed_ = seed32;
  out.public_key_.resize(kEd25519KeyBytes);
  size_t length = kEd25519KeyBytes;
  if (!out.key_ || EVP_PKEY_get_raw_public_key(
                       static_cast<EVP_PKEY*>(out.key_.get()),
                       reinterpret_cast<unsigned char*>(out.public_key_.data()), &length) != 1) {
    return fail(library_error());
  }
  return out;
}

Result<std::string> Ed25519Key::sign(std::string_view message) const {
  const Context context(EVP_MD_CTX_new());
  std::string signature(kEd25519SignatureBytes, '\0');
  size_t length = signature.size();
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                         static_cast<EVP_PKEY*>(key_.get())) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                     bytes_of(message), message.size()) != 1 ||
      length != kEd25519SignatureBytes) {
    return fail(library_error());
  }
  return signature;
}

bool ed25519_verify(std::string_view public_key, std::string_view message,
                    std::string_view signature) {
  if (public_key.size() != kEd25519KeyBytes || signature.size() != kEd25519SignatureBytes) {
    return false;
  }
  const std::unique_ptr<EVP_PKEY, FreeKey> key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, bytes_of(public_key), public_key.size()));
  const Context context(EVP_MD_CTX_new());
  if (!key || !context ||
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) {
    return false;
  }
  return EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

}  // namespace yipan::ledger
