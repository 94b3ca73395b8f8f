// Writing the public part, and the small files beside it.
#ifndef YIPAN_LEDGER_FILES_OF_LOG_H_
#define YIPAN_LEDGER_FILES_OF_LOG_H_

#include <set>
#include <string>
#include <vector>

#include "ledger/frontier.h"
#include "ledger/layout.h"
#include "yipan/file.h"

namespace yipan::ledger {

// Writes tiles and bundles in place, without sync. One thread at a time.
class TileWriter {
 public:
  TileWriter(Files& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}
  Result<> write(const TileName& name, std::string_view content);
  // For recovery: writes only if the file is missing or different.
  Result<> repair(const TileName& name, std::string_view content);
  // Puts a new, synced file in the place of the one that is there.
  Result<> replace(const TileName& name, std::string_view content);
  Result<> write_partials(const Frontier& frontier);
  // For recovery: every partial file of the tiles that are partial now becomes what it must be, and
  // those that a checkpoint of `published_size` needs are there.
  Result<> repair_partials(const Frontier& frontier, uint64_t published_size);
  // Removes the partial files of a tile that is full now.
  void remove_partials(const TileName& full);
  // fdatasync, and afterwards sync_folders() for the folders that name what was synced.
  Result<> sync(const TileName& name);
  Result<> sync_folders();
  // A sync has failed: names that stand beside what it should have saved can be saved no more.
  bool is_in_doubt() const { return in_doubt_; }

 private:
  Result<> repair_partial(const TileName& name, std::string_view content);
  Files& files_;
  std::string directory_;
  bool in_doubt_ = false;
  std::set<std::string> known_folders_;
  std::set<std::string> unsynced_folders_;
};

// Makes base/relative, folder by folder. One whose making failed is removed again: its name would
// stay in doubt on the disk, and a later attempt would take it for sound.
Result<> make_folders(Files& files, const std::string& base, const std::string& relative);

std::string checkpoint_path(const std::string& directory);
std::string key_path(const std::string& directory);
std::string witnesses_path(const std::string& directory);
std::string cosigned_folder(const std::string& directory);

// nothing if the file does not exist.
Result<std::optional<std::string>> read_optional(Files& files, const std::string& path);
// The keys in witnesses.vkeys, strictly: sorted, one a line.
Result<std::vector<VerifierKey>> read_witnesses(Files& files, const std::string& directory);
std::string witnesses_text(std::vector<VerifierKey> keys);
Result<std::optional<VerifierKey>> read_log_key(Files& files, const std::string& directory);
// Sizes for which a cosigned checkpoint is kept, ascending.
Result<std::vector<uint64_t>> cosigned_sizes(Files& files, const std::string& directory);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_FILES_OF_LOG_H_
