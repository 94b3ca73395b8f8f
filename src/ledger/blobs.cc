#include "ledger/blobs.h"

#include <fmt/format.h>

#include <utility>

#include "ledger/files_of_log.h"

namespace yipan::ledger {
namespace {

constexpr size_t kBlockBytes = 1 << 20;

Result<> for_each_block(File& file, const std::function<Result<>(std::string_view)>& each) {
  std::string buffer(kBlockBytes, '\0');
  for (uint64_t offset = 0;;) {
    YIPAN_ASSIGN(const size_t got, file.read_at(offset, buffer.data(), buffer.size()));
    if (got == 0) return {};
    YIPAN_TRY(each(std::string_view(buffer).substr(0, got)));
    offset += got;
  }
}

bool is_missing(const Error& error) { return error.code() == "base.file.not_found"; }

}  // namespace

Result<Hash256> hash_file(File& file) {
  Sha256 hash;
  YIPAN_TRY(for_each_block(file, [&hash](std::string_view block) -> Result<> {
    hash.update(block);
    return {};
  }));
  return hash.finish();
}

class Blobs::Writer : public Ledger::BlobWriter {
 public:
  Writer(Blobs& blobs, std::string path, std::unique_ptr<File> file)
      : blobs_(blobs), path_(std::move(path)), file_(std::move(file)) {}
  ~Writer() override {
    // Nothing to tell anyone: prepare() removes what is left when a writer next opens.
    if (!path_.empty()) static_cast<void>(blobs_.files_.remove(path_));
  }
  Result<> write(std::string_view bytes) override {
    YIPAN_TRY(check_usable());
    hash_.update(bytes);
    Result<> written = file_->write_at(size_, bytes);
    failed_ = !written;
    size_ += bytes.size();
    return written;
  }
  Result<Hash256> commit() override {
    YIPAN_TRY(check_usable());
    failed_ = true;  // one commit, and none after a failure
    const Hash256 hash = hash_.finish();
    YIPAN_ASSIGN(const bool kept, blobs_.is_kept(hash));
    if (kept) {
      file_.reset();
      YIPAN_TRY(blobs_.files_.remove(std::exchange(path_, {})));
      YIPAN_TRY(blobs_.note_doubt(hash, blobs_.make_durable(hash)));
      return hash;
    }
    YIPAN_TRY(file_->sync_data());
    file_.reset();
    YIPAN_TRY(blobs_.note_doubt(hash, blobs_.keep(path_, hash)));
    path_.clear();
    return hash;
  }

 private:
  Result<> check_usable() const {
    if (!failed_) return {};
    return fail(Error("ledger.blob.closed")
                    .zh("该证据文件已提交，或写入时出过错")
                    .en("this blob was committed already, or a write to it has failed")
                    .remedy("请从头重新写入", "begin again from the start"));
  }
  Blobs& blobs_;
  std::string path_;
  std::unique_ptr<File> file_;
  Sha256 hash_;
  uint64_t size_ = 0;
  bool failed_ = false;
};

Result<> Blobs::prepare() {
  const std::string folder = directory_ + "/tmp";
  YIPAN_TRY(make_folders(files_, directory_.substr(0, directory_.rfind('/')), "blobs/tmp"));
  YIPAN_ASSIGN(const std::vector<std::string> names, files_.list(folder));
  for (const std::string& name : names) YIPAN_TRY(files_.remove(folder + "/" + name));
  return {};
}

std::string Blobs::shard(const Hash256& hash) const {
  return directory_ + "/" + hash.hex().substr(0, 2);
}

std::string Blobs::path(const Hash256& hash) const { return shard(hash) + "/" + hash.hex(); }

Result<bool> Blobs::has(const Hash256& hash) const { return files_.exists(path(hash)); }

Result<std::unique_ptr<File>> Blobs::open(const Hash256& hash) const {
  auto file = files_.open(path(hash), Open::read);
  if (file || !is_missing(file.error())) return file;
  return fail(Error("ledger.blob.missing")
                  .zh(fmt::format("没有哈希为 {} 的证据", hash.hex()))
                  .en(fmt::format("there is no evidence with the hash {}", hash.hex()))
                  .file(path(hash))
                  .remedy("请先存入该证据文件，或从备份恢复",
                          "put the evidence first, or restore it from a backup"));
}

Result<> Blobs::note_doubt(const Hash256& hash, Result<> outcome) {
  const std::lock_guard lock(doubtful_mutex_);
  if (outcome) {
    doubtful_.erase(hash);
  } else {
    doubtful_.insert(hash);
  }
  return outcome;
}

Result<bool> Blobs::is_kept(const Hash256& hash) {
  {
    const std::lock_guard lock(doubtful_mutex_);
    if (doubtful_.contains(hash)) return false;
  }
  auto file = files_.open(path(hash), Open::read);
  if (!file && is_missing(file.error())) return false;
  if (!file) return fail(std::move(file).error());
  YIPAN_ASSIGN(const Hash256 found, hash_file(**file));
  if (found == hash) return true;
  logger_.warning("ledger.blob.damaged").kv("path", path(hash)).kv("found", found.hex());
  return false;
}

// The process that wrote it may have died before it could: then neither content nor name is sure.
Result<> Blobs::make_durable(const Hash256& hash) {
  YIPAN_ASSIGN(const std::unique_ptr<File> file, files_.open(path(hash), Open::read_write));
  YIPAN_TRY(file->sync_data());
  YIPAN_TRY(files_.sync_directory(shard(hash)));
  return files_.sync_directory(directory_);
}

Result<> Blobs::keep(const std::string& temporary, const Hash256& hash) {
  // One at a time: a sync that fails puts every unsynced name of the folder in doubt.
  const std::lock_guard lock(keep_mutex_);
  YIPAN_TRY(make_folders(files_, directory_, hash.hex().substr(0, 2)));
  YIPAN_TRY(files_.rename(temporary, path(hash)));
  // A rename from folder to folder is sure when both are synced.
  YIPAN_TRY(files_.sync_directory(shard(hash)));
  YIPAN_TRY(files_.sync_directory(directory_ + "/tmp"));
  return files_.sync_directory(directory_);
}

Result<std::unique_ptr<Ledger::BlobWriter>> Blobs::create() {
  const std::string path = directory_ + "/tmp/" +
                           std::to_string(next_temporary_.fetch_add(1, std::memory_order_relaxed));
  YIPAN_ASSIGN(std::unique_ptr<File> file, files_.open(path, Open::create));
  // What an earlier attempt may have left under this name must not remain at the end.
  YIPAN_TRY(file->truncate(0));
  return std::unique_ptr<Ledger::BlobWriter>(new Writer(*this, path, std::move(file)));
}

Result<Hash256> Blobs::put(std::string_view content) {
  const Hash256 hash = sha256(content);
  YIPAN_ASSIGN(const bool kept, is_kept(hash));
  if (kept) {
    YIPAN_TRY(note_doubt(hash, make_durable(hash)));
    return hash;
  }
  YIPAN_ASSIGN(const auto writer, create());
  YIPAN_TRY(writer->write(content));
  return writer->commit();
}

Result<Hash256> Blobs::put_file(const std::string& path) {
  YIPAN_ASSIGN(const std::unique_ptr<File> source, files_.open(path, Open::read));
  YIPAN_ASSIGN(const Hash256 hash, hash_file(*source));
  YIPAN_ASSIGN(const bool kept, is_kept(hash));
  if (kept) {
    YIPAN_TRY(note_doubt(hash, make_durable(hash)));
    return hash;
  }
  YIPAN_ASSIGN(const auto writer, create());
  YIPAN_TRY(for_each_block(*source, [&writer](std::string_view b) { return writer->write(b); }));
  return writer->commit();
}

}  // namespace yipan::ledger
