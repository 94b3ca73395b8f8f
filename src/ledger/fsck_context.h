// fsck, in parts: each reads one kind of file and adds what is wrong to the report.
#ifndef YIPAN_LEDGER_FSCK_CONTEXT_H_
#define YIPAN_LEDGER_FSCK_CONTEXT_H_

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "ledger/key_index.h"
#include "ledger/layout.h"
#include "ledger/merkle.h"
#include "yipan/ledger.h"

namespace yipan::ledger {

struct FsckContext {
  Files& files;
  const std::string& directory;
  const FsckOptions& options;
  FsckReport report;
  bool is_own = false;  // has our private part; a foreign log has the public one only
  std::vector<VerifierKey> log_keys;
  std::vector<VerifierKey> witnesses;
  std::optional<Checkpoint> checkpoint;
  std::unordered_set<Hash256> blobs;
  // Runs of the key index, and what the entries say that each must hold.
  std::vector<std::shared_ptr<const KeyRun>> runs;
  std::vector<uint64_t> run_sums;

  std::string path(std::string_view relative) const {
    return directory + "/" + std::string(relative);
  }
  void problem(Error error);
  // A file that was there a moment ago: a live log removes some.
  static bool is_gone(const Error& error) { return error.code() == "base.file.not_found"; }
};

Error fsck_error(std::string_view code, std::string_view zh, std::string_view en);
// A sum over the slots of a run: equal sets give equal sums, in whatever order they come.
uint64_t slot_sum(const KeySlot& slot);

void fsck_keys_and_notes(FsckContext* context);  // log.vkey, witnesses.vkeys, checkpoint
void fsck_blobs(FsckContext* context);           // blobs against their names
void fsck_open_runs(FsckContext* context);       // before the tree
void fsck_tree(FsckContext* context);            // bundles, tiles, root, evidence
void fsck_runs(FsckContext* context);            // after the tree
void fsck_cosigned(FsckContext* context);
void fsck_journal(FsckContext* context);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_FSCK_CONTEXT_H_
