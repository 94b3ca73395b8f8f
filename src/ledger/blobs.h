// Evidence blobs: docs/formats/evidence.md. Any thread.
#ifndef YIPAN_LEDGER_BLOBS_H_
#define YIPAN_LEDGER_BLOBS_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "yipan/ledger.h"

namespace yipan::ledger {

class Blobs {
 public:
  Blobs(Files& files, const Logger& logger, const std::string& ledger_directory)
      : files_(files), logger_(logger), directory_(ledger_directory + "/blobs") {}

  Result<> prepare();  // a writer: makes the folders, removes what was never committed
  Result<Hash256> put(std::string_view content);
  Result<Hash256> put_file(const std::string& path);
  Result<std::unique_ptr<Ledger::BlobWriter>> create();
  Result<bool> has(const Hash256& hash) const;
  std::string path(const Hash256& hash) const;
  Result<std::unique_ptr<File>> open(const Hash256& hash) const;

 private:
  class Writer;
  Result<> keep(const std::string& temporary, const Hash256& hash);
  // Whether the blob stands and is sound; a damaged one counts as absent, with a warning.
  Result<bool> is_kept(const Hash256& hash);
  Result<> make_durable(const Hash256& hash);
  // After a sync that failed, what stands is in doubt: the next put writes it again.
  Result<> note_doubt(const Hash256& hash, Result<> outcome);
  std::string shard(const Hash256& hash) const;

  Files& files_;
  const Logger& logger_;
  std::string directory_;
  std::atomic<uint64_t> next_temporary_{0};
  std::mutex keep_mutex_;
  std::mutex doubtful_mutex_;
  std::set<Hash256> doubtful_;
};

// Streams a file through SHA-256.
Result<Hash256> hash_file(File& file);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_BLOBS_H_
