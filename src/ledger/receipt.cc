// Receipts (C2SP tlog-proof).
#include <fmt/format.h>

#include "ledger/encoding.h"
#include "ledger/note_text.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

constexpr std::string_view kMagic = "c2sp.org/tlog-proof@v1";
constexpr size_t kProofLengthMax = 64;  // of a tree of at most 2^64 leaves

Error malformed(size_t line, std::string_view zh, std::string_view en) {
  return Error("ledger.receipt.malformed")
      .zh(fmt::format("回执格式不对：{}", zh))
      .en(fmt::format("the receipt is malformed: {}", en))
      .line(line)
      .remedy("请向账本方重新索取回执", "ask the log for the receipt again");
}

// Takes the next line off `*text`; nothing if there is no newline left.
std::optional<std::string_view> next_line(std::string_view* text, size_t* number) {
  const size_t end = text->find('\n');
  if (end == text->npos) return std::nullopt;
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(end + 1);
  ++*number;
  return line;
}

Error witness_error(int have, int want) {
  return Error("ledger.receipt.witnesses")
      .zh(fmt::format("需要 {} 个见证人签名，只有 {} 个", want, have))
      .en(fmt::format("{} witnesses are needed, {} have cosigned", want, have))
      .remedy("请等见证人签名后重新索取回执", "ask for the receipt again when they have cosigned");
}

Error origin_error(std::string_view origin) {
  return Error("ledger.receipt.origin")
      .zh(fmt::format("检查点属于账本 {}，而不是所给公钥的账本", origin))
      .en(fmt::format("the checkpoint is of the log {}, not of a log whose key was given", origin))
      .remedy("请核对公钥与回执是否出自同一账本",
              "check that the key and the receipt are of the same log");
}

}  // namespace

std::string Receipt::to_string() const {
  std::string out = fmt::format("{}\n", kMagic);
  if (!entry_bytes.empty()) out += fmt::format("extra {}\n", base64(entry_bytes));
  out += fmt::format("index {}\n", index);
  for (const Hash256& hash : proof) out += base64(hash.view()) + "\n";
  return out + "\n" + checkpoint_note;
}

Result<Receipt> Receipt::parse(std::string_view text) {
  size_t number = 0;
  Receipt out;
  auto line = next_line(&text, &number);
  if (line != kMagic) {
    return fail(malformed(1, "第一行应为 c2sp.org/tlog-proof@v1",
                          "the first line is not c2sp.org/tlog-proof@v1"));
  }
  line = next_line(&text, &number);
  if (line && line->starts_with("extra ")) {
    const auto extra = canonical_unbase64(line->substr(6));
    if (!extra) return fail(malformed(number, "extra 不是 Base64", "extra is not base64"));
    out.entry_bytes = *extra;
    line = next_line(&text, &number);
  }
  const auto index =
      line && line->starts_with("index ") ? parse_decimal(line->substr(6)) : std::nullopt;
  if (!index) return fail(malformed(number, "缺少 index 行", "the index line is missing"));
  out.index = *index;
  for (line = next_line(&text, &number); line && !line->empty(); line = next_line(&text, &number)) {
    const auto hash = hash_from_base64(*line);
    if (!hash || out.proof.size() == kProofLengthMax) {
      return fail(malformed(number, "证明行不对", "a line of the proof is wrong"));
    }
    out.proof.push_back(*hash);
  }
  if (!line) return fail(malformed(number, "缺少检查点", "the checkpoint is missing"));
  YIPAN_ASSIGN(const NoteLines note, split_note(text));
  YIPAN_TRY(Checkpoint::parse(note.text));
  out.checkpoint_note = text;
  return out;
}

// C2SP tlog-proof, "Verifying a tlog proof".
Result<Checkpoint> Receipt::verify(std::span<const VerifierKey> log_keys,
                                   std::span<const VerifierKey> witness_keys,
                                   int witnesses_min) const {
  YIPAN_ASSIGN(const Note by_log, open_note(checkpoint_note, log_keys));
  YIPAN_ASSIGN(Checkpoint checkpoint, Checkpoint::parse(by_log.text));
  bool own = false;
  for (const Signature& signature : by_log.verified) own |= signature.name == checkpoint.origin;
  if (!own) return fail(origin_error(checkpoint.origin));
  if (!witness_keys.empty() || witnesses_min > 0) {
    int cosigned = 0;
    Result<Note> by_witness = open_note(checkpoint_note, witness_keys);
    if (!by_witness && by_witness.error().code() != "ledger.note.unverified") {
      return fail(by_witness.error());
    }
    if (by_witness) {
      for (const Signature& s : by_witness->verified) cosigned += s.cosigned_at_unix ? 1 : 0;
    }
    if (cosigned < witnesses_min) return fail(witness_error(cosigned, witnesses_min));
  }
  YIPAN_TRY(
      verify_inclusion(index, checkpoint.size, leaf_hash(entry_bytes), proof, checkpoint.root));
  return checkpoint;
}

}  // namespace yipan::ledger
