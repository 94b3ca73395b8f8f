// The log as it stands in this process: the growing edge and what is not on disk yet in memory, the
// rest in tiles. The writer and a reader share it.
#ifndef YIPAN_LEDGER_LOG_VIEW_H_
#define YIPAN_LEDGER_LOG_VIEW_H_

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/frontier.h"
#include "ledger/tiles.h"
#include "yipan/file.h"

namespace yipan::ledger {

class LogView {
 public:
  LogView(Files& files, std::string directory) : files_(files), directory_(std::move(directory)) {}

  using Content = std::shared_ptr<const std::string>;
  using Waiting = std::map<TileName, Content>;

  void reset(Frontier frontier);  // full tiles are all in files
  void append(std::span<const std::string_view> entries, std::span<const Hash256> leaves);

  uint64_t size() const;
  Frontier frontier() const;  // a copy
  // Full tiles and bundles that no file has yet; written() forgets those that now have one.
  Waiting waiting() const;
  uint64_t waiting_bytes() const;
  void written(const Waiting& done);

  // At least as wide as asked for; of a tree not larger than size().
  Result<std::string> tile(const TileName& name) const;
  Result<std::string> entry_bytes(uint64_t index) const;
  Result<> scan(uint64_t from, uint64_t to,
                const std::function<Result<>(uint64_t, std::string_view)>& each) const;
  Result<Hash256> root_at(uint64_t size) const;
  Result<Proof> inclusion_proof(uint64_t index, uint64_t size) const;
  Result<Proof> consistency_proof(uint64_t old_size, uint64_t new_size) const;

 private:
  TreeHashes hashes(uint64_t size) const;
  Result<> check_size(uint64_t size) const;
  Files& files_;
  std::string directory_;
  mutable std::mutex mutex_;
  Frontier frontier_;
  Waiting waiting_;
  uint64_t waiting_bytes_ = 0;
};

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_LOG_VIEW_H_
