// Cosignatures of witnesses (C2SP tlog-cosignature).
#include <fmt/format.h>

#include <algorithm>

#include "ledger/encoding.h"
#include "ledger/log_writer.h"
#include "ledger/note_text.h"

namespace yipan::ledger {
namespace {

constexpr size_t kCosignedKept = 8;

Error refused(std::string_view zh, std::string_view en) {
  return Error("ledger.cosignature.refused")
      .zh(fmt::format("不接受该见证签名：{}", zh))
      .en(fmt::format("the cosignature is refused: {}", en))
      .remedy("请把本账本的检查点原文交给见证人签名",
              "have the witness cosign this log's own checkpoint, unaltered");
}

Result<Checkpoint> cosigned_checkpoint(std::string_view note, const VerifierKey& witness) {
  if (witness.algorithm != kAlgorithmCosignature) {
    return fail(refused("密钥不是见证人密钥（类型 4）", "the key is not a witness's key (type 4)"));
  }
  YIPAN_ASSIGN(const Note opened, open_note(note, {&witness, 1}));
  return Checkpoint::parse(opened.text);
}

bool is_line_of(const Signature& signature, const VerifierKey& key) {
  return signature.name == key.name && signature.key_hash == key.key_hash &&
         signature.bytes.size() >= sizeof(uint64_t);
}

// The note with the witness's line from `cosigned` in it; of two by one witness the later counts.
Result<std::string> with_cosignature(std::string_view base, std::string_view cosigned,
                                     const VerifierKey& witness) {
  YIPAN_ASSIGN(const NoteLines have, split_note(base));
  YIPAN_ASSIGN(const NoteLines offered, split_note(cosigned));
  std::string_view line;
  uint64_t time = 0;
  for (size_t i = 0; i < offered.lines.size() && line.empty(); ++i) {
    if (!is_line_of(offered.signatures[i], witness)) continue;
    line = offered.lines[i];
    time = read_be64(offered.signatures[i].bytes, 0);
  }
  std::string out = std::string(have.text) + "\n";
  for (size_t i = 0; i < have.lines.size(); ++i) {
    if (is_line_of(have.signatures[i], witness)) {
      if (read_be64(have.signatures[i].bytes, 0) >= time) line = have.lines[i];
    } else {
      out += have.lines[i];
    }
  }
  out += line;
  if (have.lines.size() >= kSignaturesMax) {
    return fail(refused("签名已满", "there are too many signatures already"));
  }
  return out;
}

}  // namespace

// Our own note for that size, with the cosignatures it has already.
Result<std::string> LogWriter::cosigned_note(const Checkpoint& checkpoint) const {
  const std::string path = cosigned_folder(directory_) + "/" + digits20(checkpoint.size);
  YIPAN_ASSIGN(const std::optional<std::string> note, read_optional(files_, path));
  if (note) return *note;
  return signer_->sign_note(checkpoint.to_string());
}

Result<> LogWriter::keep_witness(const VerifierKey& witness) {
  YIPAN_ASSIGN(std::vector<VerifierKey> witnesses, read_witnesses(files_, directory_));
  witnesses.push_back(witness);
  // Written even if it is there: a failed sync may have left the name in doubt.
  return write_file_atomic(files_, witnesses_path(directory_), witnesses_text(witnesses));
}

Result<> LogWriter::keep_cosigned(uint64_t size, const std::string& note) {
  const std::string folder = cosigned_folder(directory_);
  YIPAN_TRY(make_folders(files_, directory_, "cosigned"));
  YIPAN_TRY(write_file_atomic(files_, folder + "/" + digits20(size), note));
  YIPAN_ASSIGN(const std::vector<uint64_t> sizes, cosigned_sizes(files_, directory_));
  for (size_t i = 0; i + kCosignedKept < sizes.size(); ++i) {
    YIPAN_TRY(files_.remove(folder + "/" + digits20(sizes[i])));
  }
  return {};
}

Result<> LogWriter::add_cosignature(std::string_view signed_note, const VerifierKey& witness) {
  YIPAN_ASSIGN(const Checkpoint checkpoint, cosigned_checkpoint(signed_note, witness));
  const std::lock_guard lock(publish_mutex_);
  if (is_stopped()) return fail(stopped());
  if (checkpoint.origin != origin_ || !checkpoint.extensions.empty()) {
    return fail(refused("不是本账本的检查点", "it is not a checkpoint of this log"));
  }
  if (checkpoint.size > published_size_) {
    return fail(
        refused(fmt::format("本账本没有签过大小为 {} 的检查点", checkpoint.size),
                fmt::format("this log has signed no checkpoint of size {}", checkpoint.size)));
  }
  YIPAN_ASSIGN(const Hash256 root, view_.root_at(checkpoint.size));
  if (root != checkpoint.root) {
    return fail(refused("树根与本账本不同", "its root is not this log's at that size"));
  }
  YIPAN_ASSIGN(const std::string base, cosigned_note(checkpoint));
  YIPAN_ASSIGN(const std::string note, with_cosignature(base, signed_note, witness));
  // The key first: fsck takes a cosignature by an unknown key for damage.
  YIPAN_TRY(keep_witness(witness));
  YIPAN_TRY(keep_cosigned(checkpoint.size, note));
  if (checkpoint.size != published_size_) return {};
  YIPAN_TRY(write_file_atomic(files_, checkpoint_path(directory_), note));
  const std::lock_guard checkpoint_lock(checkpoint_mutex_);
  checkpoint_ = note;
  return {};
}

}  // namespace yipan::ledger
