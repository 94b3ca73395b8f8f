// Signed notes (C2SP signed-note), strictly; and cosignature/v1 (C2SP tlog-cosignature).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ledger/ed25519.h"
#include "ledger/encoding.h"
#include "ledger/note_text.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

constexpr std::string_view kSignaturePrefix = "\xe2\x80\x94 ";  // em dash, space
constexpr uint64_t kTimestampMax = ~uint64_t{0} >> 1;

Error malformed(size_t line, std::string_view zh, std::string_view en) {
  return Error("ledger.note.malformed")
      .zh(fmt::format("签名文本格式不对：{}", zh))
      .en(fmt::format("the signed note is malformed: {}", en))
      .line(line)
      .remedy("请取得未经改动的原文（空格与换行都不能变）",
              "get the original, unaltered (spaces and newlines count)");
}

size_t line_of(std::string_view note, size_t offset) {
  return 1 + static_cast<size_t>(std::count(note.begin(), note.begin() + offset, '\n'));
}

Result<> check_characters(std::string_view note) {
  if (note.size() > kNoteBytesMax) return fail(malformed(1, "超过 1 MiB", "longer than 1 MiB"));
  if (const size_t at = find_invalid_utf8(note); at != std::string_view::npos) {
    return fail(malformed(line_of(note, at), "不是有效的 UTF-8", "not valid UTF-8"));
  }
  for (size_t i = 0; i < note.size(); ++i) {
    if (static_cast<unsigned char>(note[i]) < 0x20 && note[i] != '\n') {
      return fail(malformed(line_of(note, i), "含有控制字符", "it holds a control character"));
    }
  }
  return {};
}

Result<Signature> parse_line(std::string_view line, size_t number) {
  if (!line.starts_with(kSignaturePrefix)) {
    return fail(malformed(number, "签名行应以“— ”开头", "a signature line begins with '— '"));
  }
  line.remove_prefix(kSignaturePrefix.size());
  const size_t space = line.find(' ');
  if (space == line.npos || !is_key_name(line.substr(0, space))) {
    return fail(malformed(number, "签名行的密钥名称不对", "the key name of a signature is wrong"));
  }
  const std::optional<std::string> raw = canonical_unbase64(line.substr(space + 1));
  if (!raw || raw->size() < 5) {
    return fail(malformed(number, "签名不是 Base64", "the signature is not base64"));
  }
  Signature out;
  out.name = line.substr(0, space);
  out.key_hash = read_be32(*raw, 0);
  out.bytes = raw->substr(4);
  return out;
}

Error wrong_signature(const Signature& signature) {
  return Error("ledger.note.signature")
      .zh(fmt::format("{} 的签名不对", signature.name))
      .en(fmt::format("the signature of {} is wrong", signature.name))
      .remedy(
          "文字被改过，或密钥不是这一把：不要采信，请核对来源",
          "the text was altered or the key is another: do not trust it, check where it is from");
}

Error unverified() {
  return Error("ledger.note.unverified")
      .zh("没有一个签名出自所给的密钥")
      .en("no signature is by a key that was given")
      .remedy("请核对公钥是否属于此账本", "check that the public key belongs to this log");
}

Result<const VerifierKey*> find_key(std::span<const VerifierKey> keys, const Signature& signature) {
  const VerifierKey* found = nullptr;
  for (const VerifierKey& key : keys) {
    if (key.name != signature.name || key.key_hash != signature.key_hash) continue;
    if (found != nullptr &&
        (found->public_key != key.public_key || found->algorithm != key.algorithm)) {
      return fail(Error("ledger.key.ambiguous")
                      .zh(fmt::format("两把不同的密钥同名同号：{}", key.name))
                      .en(fmt::format("two different keys have the same name and id: {}", key.name))
                      .remedy("请只给出其中一把", "give only one of them"));
    }
    found = &key;
  }
  return found;
}

}  // namespace

Result<NoteLines> split_note(std::string_view note) {
  YIPAN_TRY(check_characters(note));
  const size_t split = note.rfind("\n\n");
  if (split == note.npos) return fail(malformed(1, "没有签名", "there are no signatures"));
  NoteLines out;
  out.text = note.substr(0, split + 1);
  std::string_view rest = note.substr(split + 2);
  if (rest.empty() || rest.back() != '\n') {
    return fail(malformed(line_of(note, note.size()), "签名没有以换行结尾",
                          "the signatures do not end in a newline"));
  }
  size_t number = line_of(note, split + 2);
  while (!rest.empty()) {
    const size_t end = rest.find('\n') + 1;
    YIPAN_ASSIGN(Signature signature, parse_line(rest.substr(0, end - 1), number++));
    out.lines.push_back(rest.substr(0, end));
    out.signatures.push_back(std::move(signature));
    rest.remove_prefix(end);
    if (out.lines.size() > kSignaturesMax) {
      return fail(malformed(number, "签名超过 100 个", "there are more than 100 signatures"));
    }
  }
  return out;
}

std::string signature_line(const VerifierKey& key, std::string_view signature) {
  std::string raw;
  append_be32(key.key_hash, &raw);
  raw += signature;
  return std::string(kSignaturePrefix) + key.name + " " + base64(raw) + "\n";
}

std::string cosignature_message(std::string_view checkpoint_text, uint64_t unix_seconds) {
  return fmt::format("cosignature/v1\ntime {}\n{}", unix_seconds, checkpoint_text);
}

bool verify_signature(const VerifierKey& key, std::string_view text, std::string_view signature) {
  if (key.algorithm == kAlgorithmEd25519) return ed25519_verify(key.public_key, text, signature);
  if (key.algorithm != kAlgorithmCosignature) return false;
  if (signature.size() != 8 + kEd25519SignatureBytes) return false;
  const uint64_t time = read_be64(signature, 0);
  if (time > kTimestampMax) return false;
  return ed25519_verify(key.public_key, cosignature_message(text, time), signature.substr(8));
}

Result<Note> open_note(std::string_view note, std::span<const VerifierKey> keys) {
  YIPAN_ASSIGN(NoteLines lines, split_note(note));
  Note out;
  out.text = lines.text;
  std::set<std::pair<std::string, uint32_t>> seen;
  std::set<std::string_view> seen_unverified;
  for (size_t i = 0; i < lines.signatures.size(); ++i) {
    Signature& signature = lines.signatures[i];
    YIPAN_ASSIGN(const VerifierKey* key, find_key(keys, signature));
    if (key == nullptr) {
      if (seen_unverified.insert(lines.lines[i]).second) {
        out.unverified.push_back(std::move(signature));
      }
      continue;
    }
    // One key counts once, however often its line is repeated.
    if (!seen.insert({signature.name, signature.key_hash}).second) continue;
    if (!verify_signature(*key, out.text, signature.bytes)) {
      return fail(wrong_signature(signature));
    }
    if (key->algorithm == kAlgorithmCosignature) {
      signature.cosigned_at_unix = read_be64(signature.bytes, 0);
    }
    out.verified.push_back(std::move(signature));
  }
  if (out.verified.empty()) return fail(unverified());
  return out;
}

}  // namespace yipan::ledger
