// Opening a log for writing: making it, or recovering it (docs/formats/ledger.md, "Recovery").
#include <fmt/format.h>

#include "ledger/log_writer.h"
#include "ledger/note_text.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

Error locked(const std::string& directory, const Error& cause) {
  return Error("ledger.locked")
      .zh(fmt::format("账本{}", cause.message_zh()))
      .en(fmt::format("the ledger cannot be locked: {}", cause.message_en()))
      .file(directory)
      .remedy(cause.remedy_zh(), cause.remedy_en())
      .because(cause);
}

Error wrong_signer(const std::string& name, const std::string& origin) {
  return Error("ledger.key.name")
      .zh(fmt::format("签名密钥属于 {}，账本是 {}", name, origin))
      .en(fmt::format("the signing key is of {}, the log is {}", name, origin))
      .remedy("请使用与账本同名的密钥（密钥名称即账本的 origin）",
              "use the key that has the log's name (a key's name is the log's origin)");
}

Error other_key(const std::string& path) {
  return Error("ledger.key.other")
      .zh("账本是用另一把密钥建立的")
      .en("the ledger was made with another key")
      .file(path)
      .remedy("请用建立它时的密钥打开", "open it with the key it was made with");
}

Error no_journal(const std::string& directory) {
  return Error("ledger.journal.missing")
      .zh("账本没有日志段，无法确定已确认到哪一条")
      .en("the ledger has no journal, so nobody can say what was acknowledged")
      .file(directory + "/journal")
      .remedy("请从备份恢复 journal 文件夹；只读打开与 fsck 不需要它",
              "restore the folder journal from a backup; reading and fsck do without it");
}

Error lost(const std::string& directory, uint64_t size, uint64_t signed_size) {
  return Error("ledger.journal.short")
      .zh(fmt::format("检查点签了 {} 条，日志只到 {} 条", signed_size, size))
      .en(fmt::format("the checkpoint signs {} entries, the journal ends at {}", signed_size, size))
      .file(directory + "/journal")
      .remedy("请勿删除任何文件；从备份恢复 journal 文件夹",
              "delete nothing; restore the folder journal from a backup");
}

Error wrong_root(const std::string& directory, uint64_t size) {
  return Error("ledger.root.mismatch")
      .zh(fmt::format("日志算出的树根与大小为 {} 的检查点不符", size))
      .en(fmt::format("the journal leads to another root than the checkpoint of size {}", size))
      .file(directory)
      .remedy("请运行 fsck 找出损坏的文件，并从备份恢复",
              "run fsck to find the damaged file, and restore it from a backup");
}

Error wrong_origin(const std::string& path, const std::string& origin) {
  return Error("ledger.origin.mismatch")
      .zh(fmt::format("这不是账本 {} 的文件", origin))
      .en(fmt::format("this is not a file of the log {}", origin))
      .file(path)
      .remedy("请核对路径与配置", "check the path and the configuration");
}

}  // namespace

Result<> LogWriter::open() {
  if (origin_.empty()) origin_ = signer_->verifier().name;
  if (signer_->verifier().name != origin_) {
    return fail(wrong_signer(signer_->verifier().name, origin_));
  }
  if (Result<> made = files_.make_directories(directory_); !made) {
    static_cast<void>(files_.remove(directory_));  // see make_folders()
    return made;
  }
  Result<std::unique_ptr<File>> lock = files_.lock(directory_ + "/lock");
  if (!lock) return fail(locked(directory_, lock.error()));
  lock_ = *std::move(lock);
  YIPAN_ASSIGN(const std::optional<StoredCheckpoint> stored,
               read_checkpoint(files_, directory_, &signer_->verifier()));
  if (stored && stored->checkpoint.origin != origin_) {
    return fail(wrong_origin(checkpoint_path(directory_), origin_));
  }
  YIPAN_TRY(check_key());
  YIPAN_TRY(blobs_.prepare());
  YIPAN_ASSIGN(std::vector<SegmentFile> segments, list_segments(files_, directory_));
  if (segments.empty() && stored) return fail(no_journal(directory_));
  if (segments.empty()) {
    YIPAN_TRY(create_log());
  } else {
    YIPAN_TRY(recover(std::move(segments), stored));
  }
  size_at_open_ = view_.size();
  YIPAN_ASSIGN(keys_, open_keys(/*writer=*/true));
  YIPAN_TRY(files_.sync_directory(directory_));
  YIPAN_TRY(publish());
  opened_ = true;
  if (background_) thread_ = std::thread([this] { run_background(); });
  logger_.info("ledger.open").kv("dir", directory_).kv("size", size_at_open_);
  return {};
}

Result<> LogWriter::check_key() {
  YIPAN_ASSIGN(const std::optional<VerifierKey> key, read_log_key(files_, directory_));
  const std::string own = signer_->verifier().to_string();
  if (!key) return write_file_atomic(files_, key_path(directory_), own + "\n");
  if (key->to_string() != own) return fail(other_key(key_path(directory_)));
  return {};
}

Result<> LogWriter::create_log() {
  YIPAN_ASSIGN(journal_, Journal::create(files_, directory_, journal_start(origin_)));
  return make_folders(files_, directory_, "tile");
}

// Reads all records into memory (tens of megabytes: the journal is trimmed). Nothing is written
// yet.
Result<JournalState> LogWriter::replay(const std::vector<SegmentFile>& segments,
                                       uint64_t signed_size) {
  YIPAN_ASSIGN(Frontier frontier,
               frontier_from_full(segments.front().first, [this](const TileName& name) {
                 return read_tile(files_, directory_, name);
               }));
  view_.reset(std::move(frontier));
  return replay_journal(files_, segments, signed_size, [this](const JournalRecord& record) {
    view_.append(record.entries, record.leaves);
    return Result<>();
  });
}

// Makes every file that the journal feeds what it must be.
Result<> LogWriter::repair_tiles(uint64_t signed_size) {
  const LogView::Waiting waiting = view_.waiting();
  for (const auto& [name, content] : waiting) {
    YIPAN_TRY(tiles_.repair(name, *content));
    tiles_.remove_partials(name);
  }
  view_.written(waiting);
  return tiles_.repair_partials(view_.frontier(), signed_size);
}

Result<> LogWriter::recover(std::vector<SegmentFile> segments,
                            const std::optional<StoredCheckpoint>& stored) {
  const uint64_t base = segments.front().first;
  YIPAN_ASSIGN(const std::string first,
               read_file(files_, segments.front().path, uint64_t{1} << 31));
  const std::optional<JournalPosition> start = decode_segment_header(first);
  if (base == 0 && start && *start != journal_start(origin_)) {
    return fail(wrong_origin(segments.front().path, origin_));
  }
  const uint64_t signed_size = stored ? stored->checkpoint.size : 0;
  YIPAN_ASSIGN(const JournalState state, replay(segments, signed_size));
  if (state.gap_at) {
    for (size_t i = 0; i < *state.gap_at; ++i) YIPAN_TRY(files_.remove(segments[i].path));
    YIPAN_TRY(files_.sync_directory(directory_ + "/journal"));
    segments.erase(segments.begin(), segments.begin() + static_cast<ptrdiff_t>(*state.gap_at));
    return recover(std::move(segments), stored);
  }
  const uint64_t size = view_.size();
  CHECK(size == state.end.next);
  // A log that is refused is left as it was found.
  if (stored) YIPAN_TRY(check_against(*stored));
  YIPAN_TRY(repair_tiles(signed_size));
  YIPAN_ASSIGN(journal_, Journal::resume(files_, directory_, state, !stored || size > signed_size));
  if (stored) {
    checkpoint_ = stored->note;
    published_size_ = signed_size;
    published_partials_ = partials_of(signed_size);
  }
  if (size > signed_size || state.cut) {
    logger_.warning("ledger.recovered")
        .kv("dir", directory_)
        .kv("signed", signed_size)
        .kv("size", size)
        .kv("cut", state.cut);
  }
  return {};
}

Result<> LogWriter::check_against(const StoredCheckpoint& stored) const {
  const uint64_t signed_size = stored.checkpoint.size;
  if (signed_size > view_.size()) return fail(lost(directory_, view_.size(), signed_size));
  YIPAN_ASSIGN(const Hash256 root, view_.root_at(signed_size));
  if (root != stored.checkpoint.root) return fail(wrong_root(directory_, signed_size));
  return {};
}

Result<std::unique_ptr<Ledger>> open_writer(const Options& options) {
  auto writer = std::make_unique<LogWriter>(options);
  YIPAN_TRY(writer->open());
  return std::unique_ptr<Ledger>(std::move(writer));
}

}  // namespace yipan::ledger
