// The one writer of a log. Life of an append: encode (caller's thread) -> queue -> a leader takes
// what is queued -> keys resolved -> one journal record, one fdatasync -> memory -> acknowledged.
// Tiles, checkpoints, trimming and key runs follow in publish(), on a thread of its own or on the
// leader's.
#ifndef YIPAN_LEDGER_LOG_WRITER_H_
#define YIPAN_LEDGER_LOG_WRITER_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "ledger/files_of_log.h"
#include "ledger/journal.h"
#include "ledger/log_base.h"

namespace yipan::ledger {

class LogWriter : public LogBase {
 public:
  explicit LogWriter(const Options& options);
  ~LogWriter() override;
  Result<> open();  // once, before anything else

  Result<> refresh() override { return {}; }
  using Ledger::append;
  Result<std::vector<uint64_t>> append(std::span<const Entry> entries) override;
  std::optional<uint64_t> find_idempotency_key(std::string_view key) const override;
  Result<std::string> checkpoint() const override;
  Result<std::string> sign_checkpoint() override;
  Result<> add_cosignature(std::string_view signed_note, const VerifierKey& witness) override;
  Result<Receipt> receipt(uint64_t index) override;
  Result<Hash256> put_blob(std::string_view content) override { return blobs_.put(content); }
  Result<Hash256> put_blob_file(const std::string& path) override { return blobs_.put_file(path); }
  Result<std::unique_ptr<BlobWriter>> new_blob() override { return blobs_.create(); }

 private:
  struct Encoded {
    std::string bytes;
    Hash256 leaf;
    std::string key;
  };
  struct Request {
    std::vector<Encoded> entries;
    std::vector<uint64_t> indices;
    Result<> result;
    size_t bytes = 0;
    bool done = false;
  };
  struct Group;  // what one journal record takes

  // Opening: log_writer_open.cc.
  Result<> check_key();
  Result<> create_log();
  Result<> recover(std::vector<SegmentFile> segments,
                   const std::optional<StoredCheckpoint>& stored);
  Result<JournalState> replay(const std::vector<SegmentFile>& segments, uint64_t signed_size);
  Result<> repair_tiles(uint64_t signed_size);
  Result<> check_against(const StoredCheckpoint& stored) const;

  // Appending: log_writer.cc.
  Result<> encode(std::span<const Entry> entries, Request* request) const;
  Result<> submit(Request* request);
  void lead(std::unique_lock<std::mutex>* lock);
  void commit(const std::vector<Request*>& requests);
  Result<> resolve(Request* request, Group* group) const;
  Result<> make_durable(Group* group);
  void after_commit();
  bool is_stopped() const;
  Error stopped() const;
  void stop(const Error& why);

  // Publishing: log_writer_publish.cc.
  void run_background();
  bool is_due() const;
  bool passes(const Error& error) const;
  Result<> publish();         // takes publish_mutex_
  Result<> publish_locked();  // tiles, checkpoint, trimming, key runs
  Result<> write_waiting();
  Result<> write_checkpoint(const Frontier& frontier);
  Result<> keep_house();
  Result<> trim_oldest(uint64_t from, uint64_t to);
  Result<> write_again(const TileName& name);
  Result<std::string> cosigned_note(const Checkpoint& checkpoint) const;
  Result<> keep_cosigned(uint64_t size, const std::string& note);
  Result<> keep_witness(const VerifierKey& witness);
  void report(std::string_view event, const Error& error);

  const Clock& clock_;
  const Signer* signer_;
  const int64_t interval_micros_;
  const bool background_;
  const uint64_t segment_bytes_;

  std::unique_ptr<File> lock_;
  bool opened_ = false;
  std::unique_ptr<KeyIndex> keys_;

  // Append queue. journal_ is touched by the leader, and by trimming, under journal_mutex_.
  std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::deque<Request*> queue_;
  bool leading_ = false;
  mutable std::mutex journal_mutex_;
  std::unique_ptr<Journal> journal_;

  mutable std::mutex stop_mutex_;
  std::optional<Error> stopped_;

  // Publishing.
  std::mutex publish_mutex_;
  TileWriter tiles_;
  uint64_t size_at_open_ = 0;
  std::vector<TileName> published_partials_;  // files that may be removed once the tile is full
  mutable std::mutex checkpoint_mutex_;
  std::string checkpoint_;
  uint64_t published_size_ = 0;
  int64_t published_at_micros_ = 0;

  std::mutex background_mutex_;
  std::condition_variable background_wake_;
  bool closing_ = false;
  bool wake_ = false;
  std::thread thread_;
};

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_LOG_WRITER_H_
