// Idempotency keys of the whole log in bounded memory: sorted runs on disk, the newest keys in
// memory. docs/formats/ledger.md, "index/FROM-TO.keys".
#ifndef YIPAN_LEDGER_KEY_INDEX_H_
#define YIPAN_LEDGER_KEY_INDEX_H_

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "yipan/file.h"
#include "yipan/result.h"

namespace yipan::ledger {

inline constexpr size_t kPageBytes = 4096;

uint64_t key_hash64(std::string_view idempotency_key);

struct KeySlot {
  uint64_t hash = 0;
  uint64_t index = 0;
  friend auto operator<=>(const KeySlot&, const KeySlot&) = default;
};

// One immutable file of sorted slots, for the entries [from, to).
class KeyRun {
 public:
  static Result<std::shared_ptr<const KeyRun>> open(Files& files, const std::string& path,
                                                    uint64_t from, uint64_t to);
  uint64_t from() const { return from_; }
  uint64_t to() const { return to_; }
  uint64_t count() const { return count_; }
  uint64_t pages() const { return fences_.size(); }
  const std::string& path() const { return path_; }
  Result<std::vector<KeySlot>> page(uint64_t number) const;
  Result<> find(uint64_t hash, std::vector<uint64_t>* indices) const;

 private:
  Result<std::string_view> read_page(uint64_t number, std::array<char, kPageBytes>* buffer) const;
  Result<bool> may_hold(uint64_t hash) const;
  Result<> build_filter() const;
  std::string path_;
  std::unique_ptr<File> file_;
  uint64_t from_ = 0;
  uint64_t to_ = 0;
  uint64_t count_ = 0;
  std::vector<uint64_t> fences_;
  // A blocked Bloom filter, 8 bits a key, made when a run that is not too long is asked often: a
  // writer asks every run for every new key, and nearly always in vain.
  mutable std::mutex filter_mutex_;
  mutable uint64_t finds_ = 0;
  mutable std::vector<uint64_t> filter_;
};

// Writes slots that come in order as a run.
class KeyRunWriter {
 public:
  static Result<KeyRunWriter> create(Files& files, const std::string& directory, uint64_t from,
                                     uint64_t to);
  Result<> add(const KeySlot& slot);
  Result<std::shared_ptr<const KeyRun>> finish();

 private:
  Result<> write_page();
  Files* files_ = nullptr;
  std::string directory_, path_;
  std::unique_ptr<File> file_;
  std::string page_;
  std::vector<uint64_t> fences_;
  uint64_t from_ = 0, to_ = 0, count_ = 0, in_page_ = 0, offset_ = 0;
};

// Runs of a folder that together cover [0, n), longest first where they overlap. `stale` gets the
// paths of the others.
Result<std::vector<std::shared_ptr<const KeyRun>>> open_runs(Files& files,
                                                             const std::string& directory,
                                                             std::vector<std::string>* stale);

// find(), add(): any thread. flush(): one thread at a time.
class KeyIndex {
 public:
  static Result<std::unique_ptr<KeyIndex>> open(Files& files, const std::string& ledger_directory,
                                                bool writer, uint64_t log_size);
  // Entries below this are in runs.
  uint64_t covered() const;
  void add(std::string_view key, uint64_t index);
  // Entries that may have the key: the caller compares.
  Result<std::vector<uint64_t>> candidates(std::string_view key) const;
  // Moves keys of entries below `durable_size` to a run if there are many, and merges runs.
  Result<> flush(uint64_t durable_size);

 private:
  KeyIndex(Files& files, std::string directory) : files_(files), directory_(std::move(directory)) {}
  Result<> merge_tail();
  Files& files_;
  std::string directory_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<const KeyRun>> runs_;
  std::unordered_multimap<uint64_t, uint64_t> recent_;
};

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_KEY_INDEX_H_
