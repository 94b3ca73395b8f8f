#include "ledger/log_base.h"

#include <fmt/format.h>

#include "ledger/entry_scan.h"
#include "ledger/files_of_log.h"
#include "ledger/note_text.h"
#include "yipan/check.h"

namespace yipan::ledger {

LogBase::LogBase(const Options& options)
    : files_(*options.files),
      logger_(options.logger == nullptr ? Logger::none() : *options.logger),
      directory_(options.directory),
      origin_(options.origin),
      view_(files_, directory_),
      blobs_(files_, logger_, directory_) {}

Result<Entry> LogBase::entry(uint64_t index) const {
  YIPAN_ASSIGN(const std::string bytes, view_.entry_bytes(index));
  return Entry::decode(bytes);
}

Result<std::string> LogBase::entry_bytes(uint64_t index) const { return view_.entry_bytes(index); }

Result<> LogBase::scan(uint64_t from, uint64_t to,
                       const std::function<Result<>(uint64_t, std::string_view)>& each) const {
  return view_.scan(from, to, each);
}

Result<Proof> LogBase::inclusion_proof(uint64_t index, uint64_t size) const {
  return view_.inclusion_proof(index, size);
}

Result<Proof> LogBase::consistency_proof(uint64_t old_size, uint64_t new_size) const {
  return view_.consistency_proof(old_size, new_size);
}

Result<Hash256> LogBase::root_at(uint64_t size) const { return view_.root_at(size); }

Result<std::optional<uint64_t>> LogBase::find_key(const KeyIndex& keys,
                                                  std::string_view key) const {
  YIPAN_ASSIGN(const std::vector<uint64_t> candidates, keys.candidates(key));
  for (const uint64_t index : candidates) {
    YIPAN_ASSIGN(const std::string bytes, view_.entry_bytes(index));
    const Result<EntryView> view = scan_entry(bytes);
    if (view && idempotency_key_of(*view) == key) return std::optional<uint64_t>(index);
  }
  return std::optional<uint64_t>();
}

Result<std::unique_ptr<KeyIndex>> LogBase::open_keys(bool writer) const {
  const uint64_t size = view_.size();
  YIPAN_ASSIGN(auto keys, KeyIndex::open(files_, directory_, writer, size));
  // Entries of a foreign log are not ours to understand, and have no keys.
  YIPAN_TRY(view_.scan(keys->covered(), size, [&](uint64_t index, std::string_view bytes) {
    if (const Result<EntryView> view = scan_entry(bytes)) {
      keys->add(idempotency_key_of(*view), index);
    }
    return Result<>();
  }));
  return keys;
}

Result<Receipt> LogBase::receipt_against(uint64_t index, std::string checkpoint_note) const {
  YIPAN_ASSIGN(const NoteLines note, split_note(checkpoint_note));
  YIPAN_ASSIGN(const Checkpoint checkpoint, Checkpoint::parse(note.text));
  Receipt out;
  out.index = index;
  YIPAN_ASSIGN(out.proof, view_.inclusion_proof(index, checkpoint.size));
  YIPAN_ASSIGN(out.entry_bytes, view_.entry_bytes(index));
  out.checkpoint_note = std::move(checkpoint_note);
  return out;
}

Result<std::optional<Receipt>> LogBase::cosigned_receipt(uint64_t index) const {
  YIPAN_ASSIGN(const std::vector<uint64_t> sizes, cosigned_sizes(files_, directory_));
  if (sizes.empty() || sizes.back() <= index || sizes.back() > view_.size()) {
    return std::optional<Receipt>();
  }
  YIPAN_ASSIGN(const std::string note,
               read_file(files_, cosigned_folder(directory_) + "/" + digits20(sizes.back())));
  YIPAN_ASSIGN(Receipt receipt, receipt_against(index, note));
  return std::optional<Receipt>(std::move(receipt));
}

Result<std::optional<StoredCheckpoint>> read_checkpoint(Files& files, const std::string& directory,
                                                        const VerifierKey* key) {
  const std::string path = checkpoint_path(directory);
  YIPAN_ASSIGN(std::optional<std::string> note, read_optional(files, path));
  if (!note) return std::optional<StoredCheckpoint>();
  if (key != nullptr) {
    Result<Note> opened = open_note(*note, {key, 1});
    if (!opened) return fail(std::move(opened).error().file(path));
  }
  Result<NoteLines> lines = split_note(*note);
  if (!lines) return fail(std::move(lines).error().file(path));
  Result<Checkpoint> checkpoint = Checkpoint::parse(lines->text);
  if (!checkpoint) return fail(std::move(checkpoint).error().file(path));
  return std::optional<StoredCheckpoint>({*std::move(note), *std::move(checkpoint)});
}

Result<uint64_t> Ledger::append(const Entry& entry) {
  YIPAN_ASSIGN(const std::vector<uint64_t> indices, append(std::span(&entry, 1)));
  return indices.front();
}

Result<std::unique_ptr<Ledger>> Ledger::open(const Options& options) {
  CHECK(options.files != nullptr);
  CHECK(!options.directory.empty());
  if (options.signer == nullptr) return open_reader(options);
  CHECK(options.clock != nullptr);
  return open_writer(options);
}

}  // namespace yipan::ledger
