// What the writer and a reader of a log have in common: everything that only looks.
#ifndef YIPAN_LEDGER_LOG_BASE_H_
#define YIPAN_LEDGER_LOG_BASE_H_

#include <memory>
#include <optional>
#include <string>

#include "ledger/blobs.h"
#include "ledger/key_index.h"
#include "ledger/log_view.h"
#include "yipan/ledger.h"

namespace yipan::ledger {

class LogBase : public Ledger {
 public:
  explicit LogBase(const Options& options);

  uint64_t size() const override { return view_.size(); }
  Hash256 root() const override { return view_.frontier().root(); }
  const std::string& origin() const override { return origin_; }
  Result<Entry> entry(uint64_t index) const override;
  Result<std::string> entry_bytes(uint64_t index) const override;
  Result<> scan(uint64_t from, uint64_t to,
                const std::function<Result<>(uint64_t, std::string_view)>& each) const override;
  Result<Proof> inclusion_proof(uint64_t index, uint64_t size) const override;
  Result<Proof> consistency_proof(uint64_t old_size, uint64_t new_size) const override;
  Result<Hash256> root_at(uint64_t size) const override;
  Result<bool> has_blob(const Hash256& hash) const override { return blobs_.has(hash); }
  std::string blob_path(const Hash256& hash) const override { return blobs_.path(hash); }
  Result<std::unique_ptr<File>> open_blob(const Hash256& hash) const override {
    return blobs_.open(hash);
  }

 protected:
  // The first entry among the candidates that really has this key.
  Result<std::optional<uint64_t>> find_key(const KeyIndex& keys, std::string_view key) const;
  // Opens the index and adds the keys of the entries that its runs do not cover.
  Result<std::unique_ptr<KeyIndex>> open_keys(bool writer) const;
  // A receipt against the newest cosigned checkpoint that covers the entry; nothing if none does.
  Result<std::optional<Receipt>> cosigned_receipt(uint64_t index) const;
  Result<Receipt> receipt_against(uint64_t index, std::string checkpoint_note) const;

  Files& files_;
  const Logger& logger_;
  const std::string directory_;
  std::string origin_;
  LogView view_;
  Blobs blobs_;
};

// The checkpoint's text and signatures if it is one; with a key, signed by it. Nothing if the file
// is missing.
struct StoredCheckpoint {
  std::string note;
  Checkpoint checkpoint;
};
Result<std::optional<StoredCheckpoint>> read_checkpoint(Files& files, const std::string& directory,
                                                        const VerifierKey* key);

Result<std::unique_ptr<Ledger>> open_writer(const Options& options);
Result<std::unique_ptr<Ledger>> open_reader(const Options& options);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_LOG_BASE_H_
