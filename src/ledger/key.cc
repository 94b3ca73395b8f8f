// Verifier and signer keys (C2SP signed-note, "Verifier keys"; golang.org/x/mod/sumdb/note).
#include <fmt/format.h>

#include <array>

#include "ledger/ed25519.h"
#include "ledger/encoding.h"
#include "ledger/note_text.h"
#include "yipan/check.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

Error bad_key(std::string_view zh, std::string_view en) {
  return Error("ledger.key.malformed")
      .zh(fmt::format("公钥或私钥的写法不对：{}", zh))
      .en(fmt::format("the key is malformed: {}", en))
      .remedy("请完整复制密钥一行，形如 名称+8位十六进制+Base64",
              "copy the whole line of the key, of the form name+8 hex digits+base64");
}

std::string hex32(uint32_t value) { return fmt::format("{:08x}", value); }

std::optional<uint32_t> parse_hex32(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  uint32_t value = 0;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c >= 'a' && c <= 'f')) return std::nullopt;
    value = value << 4 | static_cast<uint32_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return value;
}

// "name+hash+base64(algorithm || key)", the common part of both kinds of key.
struct KeyParts {
  std::string name;
  uint32_t hash = 0;
  std::string material;
};

Result<KeyParts> parse_parts(std::string_view text) {
  const size_t first = text.find('+');
  const size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return fail(bad_key("缺少“+”", "a plus sign is missing"));
  KeyParts out;
  out.name = text.substr(0, first);
  if (!is_key_name(out.name)) return fail(bad_key("名称不合规", "the name is not a key name"));
  const auto hash = parse_hex32(text.substr(first + 1, second - first - 1));
  if (!hash) return fail(bad_key("密钥编号不是8位十六进制", "the key id is not 8 hex digits"));
  out.hash = *hash;
  const auto material = canonical_unbase64(text.substr(second + 1));
  if (!material || material->size() != 1 + kEd25519KeyBytes) {
    return fail(bad_key("Base64 部分不是 33 字节", "the base64 part is not 33 bytes"));
  }
  out.material = *material;
  return out;
}

constexpr std::string_view kPrivatePrefix = "PRIVATE+KEY+";

Error hash_mismatch() {
  return bad_key("密钥编号与密钥不符", "the key id does not belong to the key");
}

}  // namespace

// Code points for which Go's unicode.IsSpace holds (Unicode White_Space).
static bool is_unicode_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

bool is_key_name(std::string_view name) {
  if (name.empty() || find_invalid_utf8(name) != std::string_view::npos) return false;
  for (size_t pos = 0; pos < name.size();) {
    const char32_t c = next_code_point(name, &pos);
    if (c == '+' || c < 0x20 || is_unicode_space(c)) return false;
  }
  return true;
}

uint32_t key_hash_of(std::string_view name, uint8_t algorithm, std::string_view public_key) {
  std::string input(name);
  input += '\n';
  input += static_cast<char>(algorithm);
  input += public_key;
  return read_be32(sha256(input).view(), 0);
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  YIPAN_ASSIGN(KeyParts parts, parse_parts(text));
  VerifierKey key;
  key.algorithm = static_cast<uint8_t>(parts.material[0]);
  if (key.algorithm != kAlgorithmEd25519 && key.algorithm != kAlgorithmCosignature) {
    return fail(Error("ledger.key.algorithm")
                    .zh(fmt::format("不支持的签名类型 {}", key.algorithm))
                    .en(fmt::format("signature type {} is not supported", key.algorithm))
                    .remedy("请使用 Ed25519 密钥（类型 1，见证人为类型 4）",
                            "use an Ed25519 key (type 1; type 4 for a witness)"));
  }
  key.public_key = parts.material.substr(1);
  key.name = std::move(parts.name);
  key.key_hash = parts.hash;
  if (key.key_hash != key_hash_of(key.name, key.algorithm, key.public_key)) {
    return fail(hash_mismatch());
  }
  return key;
}

std::string VerifierKey::to_string() const {
  return name + "+" + hex32(key_hash) + "+" +
         base64(std::string(1, static_cast<char>(algorithm)) + public_key);
}

struct Signer::Key {
  Ed25519Key pair;
  VerifierKey verifier;
};

Signer::Signer(std::unique_ptr<Key> key) : key_(std::move(key)) {}
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;
Signer::~Signer() = default;

Result<Signer> Signer::generate(std::string_view name, std::string_view seed32) {
  if (!is_key_name(name)) return fail(bad_key("名称不合规", "the name is not a key name"));
  YIPAN_ASSIGN(Ed25519Key pair, Ed25519Key::from_seed(seed32));
  VerifierKey verifier;
  verifier.name = name;
  verifier.algorithm = kAlgorithmEd25519;
  verifier.public_key = pair.public_key();
  verifier.key_hash = key_hash_of(name, kAlgorithmEd25519, verifier.public_key);
  return Signer(std::make_unique<Key>(Key{std::move(pair), std::move(verifier)}));
}

Result<Signer> Signer::parse(std::string_view text) {
  if (!text.starts_with(kPrivatePrefix)) {
    return fail(bad_key("不是私钥（应以 PRIVATE+KEY+ 开头）",
                        "not a private key (it begins with PRIVATE+KEY+)"));
  }
  const Result<KeyParts> parts = parse_parts(text.substr(kPrivatePrefix.size()));
  if (!parts) return fail(parts.error());
  if (!parts->material.starts_with(static_cast<char>(kAlgorithmEd25519))) {
    return fail(bad_key("不是 Ed25519 私钥", "not an Ed25519 private key"));
  }
  YIPAN_ASSIGN(Signer signer, generate(parts->name, std::string_view(parts->material).substr(1)));
  if (signer.verifier().key_hash != parts->hash) return fail(hash_mismatch());
  return signer;
}

const VerifierKey& Signer::verifier() const { return key_->verifier; }

std::string Signer::to_string() const {
  std::string material(1, static_cast<char>(kAlgorithmEd25519));
  material += key_->pair.seed();
  return std::string(kPrivatePrefix) + key_->verifier.name + "+" + hex32(key_->verifier.key_hash) +
         "+" + base64(material);
}

Result<std::string> Signer::sign_note(std::string_view text) const {
  if (text.empty() || text.back() != '\n') {
    return fail(Error("ledger.note.malformed")
                    .zh("要签名的文字必须以换行结尾")
                    .en("the text of a note ends in a newline")
                    .remedy("请在末尾加上换行", "end it with a newline"));
  }
  YIPAN_ASSIGN(const std::string signature, key_->pair.sign(text));
  std::string note(text);
  note += '\n';
  note += signature_line(key_->verifier, signature);
  YIPAN_TRY(split_note(note));  // no control characters, valid UTF-8
  return note;
}

// C2SP tlog-cosignature, "Ed25519 signed message".
Result<std::string> Signer::cosign(std::string_view checkpoint_note, uint64_t unix_seconds) const {
  YIPAN_ASSIGN(const NoteLines note, split_note(checkpoint_note));
  YIPAN_TRY(Checkpoint::parse(note.text));
  YIPAN_ASSIGN(const std::string signature,
               key_->pair.sign(cosignature_message(note.text, unix_seconds)));
  std::string timestamped;
  append_be64(unix_seconds, &timestamped);
  timestamped += signature;
  return std::string(checkpoint_note) + signature_line(cosigner_key(), timestamped);
}

VerifierKey Signer::cosigner_key() const {
  VerifierKey key = key_->verifier;
  key.algorithm = kAlgorithmCosignature;
  key.key_hash = key_hash_of(key.name, key.algorithm, key.public_key);
  return key;
}

}  // namespace yipan::ledger
