// A log opened for reading only, while another process may be writing it.
#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "ledger/files_of_log.h"
#include "ledger/journal.h"
#include "ledger/log_base.h"

namespace yipan::ledger {
namespace {

constexpr int kAttemptsMax = 8;  // the writer may trim or publish between two of our reads

Error read_only() {
  return Error("ledger.read_only")
      .zh("账本以只读方式打开")
      .en("the ledger was opened for reading only")
      .remedy("要写入，请带签名密钥打开", "to write, open it with the signing key");
}

Error not_found(const std::string& directory) {
  return Error("ledger.not_found")
      .zh("这里没有账本（没有 checkpoint 文件）")
      .en("there is no ledger here (no file checkpoint)")
      .file(directory)
      .remedy("请核对路径，或先建立账本", "check the path, or make the ledger first");
}

Error wrong_root(const std::string& directory, uint64_t size) {
  return Error("ledger.root.mismatch")
      .zh(fmt::format("瓦片算出的树根与大小为 {} 的检查点不符", size))
      .en(fmt::format("the tiles lead to another root than the checkpoint of size {}", size))
      .file(directory)
      .remedy("请运行 fsck 找出损坏的文件，并从备份或镜像恢复",
              "run fsck to find the damaged file, and restore it from a backup or mirror");
}

class LogReader : public LogBase {
 public:
  explicit LogReader(const Options& options) : LogBase(options) {}

  Result<> refresh() override {
    const std::lock_guard lock(mutex_);
    Result<> last;
    for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
      last = load();
      if (last || last.error().code() == "ledger.not_found") return last;
    }
    return last;
  }

  using Ledger::append;
  Result<std::vector<uint64_t>> append(std::span<const Entry>) override {
    return fail(read_only());
  }
  Result<std::string> sign_checkpoint() override { return fail(read_only()); }
  Result<> add_cosignature(std::string_view, const VerifierKey&) override {
    return fail(read_only());
  }
  Result<Hash256> put_blob(std::string_view) override { return fail(read_only()); }
  Result<Hash256> put_blob_file(const std::string&) override { return fail(read_only()); }
  Result<std::unique_ptr<BlobWriter>> new_blob() override { return fail(read_only()); }

  Result<std::string> checkpoint() const override {
    const std::lock_guard lock(mutex_);
    return checkpoint_;
  }

  std::optional<uint64_t> find_idempotency_key(std::string_view key) const override {
    const std::lock_guard lock(mutex_);
    if (!keys_) {
      auto keys = open_keys(/*writer=*/false);
      if (!keys) return report(keys.error());
      keys_ = *std::move(keys);
    }
    auto found = find_key(*keys_, key);
    if (!found) return report(found.error());
    return *found;
  }

  Result<Receipt> receipt(uint64_t index) override {
    YIPAN_ASSIGN(std::optional<Receipt> cosigned, cosigned_receipt(index));
    if (cosigned) return *std::move(cosigned);
    YIPAN_ASSIGN(std::string note, checkpoint());
    return receipt_against(index, std::move(note));
  }

 private:
  std::nullopt_t report(const Error& error) const {
    logger_.error("ledger.keys.unreadable").kv("error", error.to_json());
    return std::nullopt;
  }

  Result<> load() {
    YIPAN_ASSIGN(const std::optional<VerifierKey> key, read_log_key(files_, directory_));
    YIPAN_ASSIGN(const std::optional<StoredCheckpoint> stored,
                 read_checkpoint(files_, directory_, key ? &*key : nullptr));
    if (!stored) return fail(not_found(directory_));
    if (!origin_.empty() && origin_ != stored->checkpoint.origin) {
      return fail(
          Error("ledger.origin.mismatch")
              .zh(fmt::format("这是账本 {}，不是 {}", stored->checkpoint.origin, origin_))
              .en(fmt::format("this is the log {}, not {}", stored->checkpoint.origin, origin_))
              .file(checkpoint_path(directory_))
              .remedy("请核对路径与配置", "check the path and the configuration"));
    }
    const uint64_t size = stored->checkpoint.size;
    YIPAN_ASSIGN(Frontier frontier, frontier_from_partials(size, [this](const TileName& name) {
                   return read_tile(files_, directory_, name);
                 }));
    if (frontier.root() != stored->checkpoint.root) return fail(wrong_root(directory_, size));
    view_.reset(std::move(frontier));
    YIPAN_TRY(add_journal_tail());
    origin_ = stored->checkpoint.origin;
    checkpoint_ = stored->note;
    keys_.reset();
    return {};
  }

  // What is acknowledged but under no checkpoint yet. The last record may be one that is being
  // written at this moment; it is taken only if it is whole.
  Result<> add_journal_tail() {
    YIPAN_ASSIGN(const std::vector<SegmentFile> segments, list_segments(files_, directory_));
    const uint64_t size = view_.size();
    auto at = std::upper_bound(segments.begin(), segments.end(), size,
                               [](uint64_t s, const SegmentFile& f) { return s < f.first; });
    if (at == segments.begin()) return {};
    for (--at; at != segments.end(); ++at) {
      YIPAN_ASSIGN(const std::string content, read_file(files_, at->path, uint64_t{1} << 31));
      const std::optional<JournalPosition> start = decode_segment_header(content);
      if (!start) return {};
      YIPAN_TRY(scan_segment(content, *start, [this](const JournalRecord& record) -> Result<> {
        const uint64_t have = view_.size();
        const uint64_t end = record.first + record.entries.size();
        if (record.first > have || end <= have) return {};
        const size_t skip = have - record.first;
        view_.append(std::span(record.entries).subspan(skip),
                     std::span(record.leaves).subspan(skip));
        return {};
      }));
    }
    return {};
  }

  mutable std::mutex mutex_;
  std::string checkpoint_;
  mutable std::unique_ptr<KeyIndex> keys_;
};

}  // namespace

Result<std::unique_ptr<Ledger>> open_reader(const Options& options) {
  auto reader = std::make_unique<LogReader>(options);
  YIPAN_TRY(reader->refresh());
  return std::unique_ptr<Ledger>(std::move(reader));
}

}  // namespace yipan::ledger
