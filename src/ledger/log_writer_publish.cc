// What follows an append: tiles, checkpoints, trimming of the journal, runs of keys.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "ledger/log_writer.h"
#include "ledger/merkle.h"
#include "ledger/note_text.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr uint64_t kWaitingBytesBusy = uint64_t{8} << 20;
constexpr size_t kClosedSegmentsKept = 4;

Error damaged(const std::string& path) {
  return Error("ledger.tile.corrupt")
      .zh("瓦片或条目包与树不符")
      .en("the tile or bundle does not fit the tree")
      .file(path)
      .remedy("重新打开账本会由日志修复它；请检查磁盘",
              "opening the ledger anew repairs it from the journal; check the disk");
}

}  // namespace

void LogWriter::report(std::string_view event, const Error& error) {
  logger_.error(event).kv("dir", directory_).kv("error", error.to_json());
}

// Want of space passes, and what was not written is written at the next occasion. Any other error,
// and any that concerns a sync, may leave files that only look right, so the writer stops and
// recovery sorts it out.
bool LogWriter::passes(const Error& error) const {
  return (error.os_errno() == ENOSPC || error.os_errno() == EDQUOT) && !tiles_.is_in_doubt();
}

bool LogWriter::is_due() const {
  const std::lock_guard lock(checkpoint_mutex_);
  return view_.size() > published_size_ &&
         clock_.monotonic_micros() - published_at_micros_ >= interval_micros_;
}

void LogWriter::run_background() {
  std::unique_lock lock(background_mutex_);
  const auto busy = [this] { return view_.waiting_bytes() > kWaitingBytesBusy; };
  for (;;) {
    background_wake_.wait(lock, [this] { return closing_ || wake_; });
    wake_ = false;
    if (!closing_ && !is_due() && !busy()) {
      background_wake_.wait_for(lock, std::chrono::microseconds(interval_micros_),
                                [&] { return closing_ || (wake_ && (busy() || is_due())); });
    }
    if (closing_) return;
    lock.unlock();
    Result<> done;
    if (is_due()) {
      done = publish();
    } else if (busy()) {
      const std::lock_guard publishing(publish_mutex_);
      done = write_waiting();
      if (!done && !passes(done.error())) stop(done.error());
    }
    if (!done) report("ledger.publish", done.error());
    lock.lock();
    if (!is_stopped()) {
      const std::lock_guard checkpoint_lock(checkpoint_mutex_);
      wake_ |= view_.size() > published_size_;
    }
  }
}

Result<> LogWriter::publish() {
  const std::lock_guard lock(publish_mutex_);
  if (is_stopped()) return fail(stopped());
  Result<> done = publish_locked();
  if (!done && !passes(done.error())) stop(done.error());
  const std::lock_guard checkpoint_lock(checkpoint_mutex_);
  published_at_micros_ = clock_.monotonic_micros();
  return done;
}

Result<> LogWriter::publish_locked() {
  const Frontier frontier = view_.frontier();
  YIPAN_TRY(write_waiting());  // at least all full tiles of that frontier
  bool is_new = false;
  {
    const std::lock_guard lock(checkpoint_mutex_);
    is_new = checkpoint_.empty() || frontier.size() > published_size_;
  }
  if (is_new) {
    YIPAN_TRY(tiles_.write_partials(frontier));
    YIPAN_TRY(write_checkpoint(frontier));
    for (const TileName& name : partials_of(frontier.size())) published_partials_.push_back(name);
  }
  return keep_house();
}

Result<> LogWriter::write_waiting() {
  const LogView::Waiting waiting = view_.waiting();
  for (const auto& [name, content] : waiting) YIPAN_TRY(tiles_.write(name, *content));
  view_.written(waiting);
  return {};
}

Result<> LogWriter::write_checkpoint(const Frontier& frontier) {
  Checkpoint checkpoint;
  checkpoint.origin = origin_;
  checkpoint.size = frontier.size();
  checkpoint.root = frontier.root();
  YIPAN_ASSIGN(std::string note, signer_->sign_note(checkpoint.to_string()));
  YIPAN_TRY(write_file_atomic(files_, checkpoint_path(directory_), note));
  const std::lock_guard lock(checkpoint_mutex_);
  checkpoint_ = std::move(note);
  published_size_ = frontier.size();
  return {};
}

Result<> LogWriter::keep_house() {
  std::erase_if(published_partials_, [this](const TileName& name) {
    const bool full = width_at(name.level, name.n, published_size_) == kTileWidth;
    if (full) tiles_.remove_partials(name);
    return full;
  });
  for (;;) {
    uint64_t from = 0;
    uint64_t to = 0;
    {
      const std::lock_guard lock(journal_mutex_);
      const auto& closed = journal_->closed();
      if (closed.size() <= kClosedSegmentsKept) break;
      from = closed[0].first;
      to = closed[1].first;
    }
    if (round_up(to) > published_size_) break;
    // Even for want of space: a sync that failed may not be repeated.
    if (Result<> trimmed = trim_oldest(round_up(from), round_up(to)); !trimmed) {
      stop(trimmed.error());
      return trimmed;
    }
  }
  return keys_->flush(published_size_);
}

// Makes the full files of entries [from, to) durable, then removes the segment that feeds them.
Result<> LogWriter::trim_oldest(uint64_t from, uint64_t to) {
  for (int level = kEntries; level <= kLevelMax; ++level) {
    const int shift = level == kEntries ? 8 : 8 * (level + 1);
    for (uint64_t n = from >> shift; n < to >> shift; ++n) {
      const TileName name{level, n, kTileWidth};
      if (end_index(level, n) <= size_at_open_) YIPAN_TRY(write_again(name));
      YIPAN_TRY(tiles_.sync(name));
    }
  }
  YIPAN_TRY(tiles_.sync_folders());
  const std::lock_guard lock(journal_mutex_);
  return journal_->remove_oldest();
}

// The process before us may have seen a sync of this file or of its folder fail. What is in doubt
// then looks sound, and no later sync of ours would save it; a new file and a new name it saves.
Result<> LogWriter::write_again(const TileName& name) {
  YIPAN_ASSIGN(const std::string content, read_tile(files_, directory_, name));
  bool sound = false;
  if (name.level == kEntries) {
    YIPAN_ASSIGN(const auto entries, split_bundle(content, kTileWidth));
    YIPAN_ASSIGN(const std::string leaves, view_.tile({0, name.n, kTileWidth}));
    sound = true;
    for (size_t i = 0; i < kTileWidth; ++i) sound &= leaf_hash(entries[i]) == hash_at(leaves, i);
  } else {
    std::vector<Hash256> hashes;
    for (size_t i = 0; i < kTileWidth; ++i) hashes.push_back(hash_at(content, i));
    const auto at = static_cast<unsigned>(name.n % kTileWidth);
    YIPAN_ASSIGN(const std::string above,
                 view_.tile({name.level + 1, name.n / kTileWidth, at + 1}));
    sound = root_of(hashes) == hash_at(above, at);
  }
  if (!sound) return fail(damaged(directory_ + "/" + tile_path(name)));
  return tiles_.replace(name, content);
}

Result<std::string> LogWriter::checkpoint() const {
  const std::lock_guard lock(checkpoint_mutex_);
  return checkpoint_;
}

Result<std::string> LogWriter::sign_checkpoint() {
  YIPAN_TRY(publish());
  return checkpoint();
}

Result<Receipt> LogWriter::receipt(uint64_t index) {
  YIPAN_ASSIGN(std::optional<Receipt> cosigned, cosigned_receipt(index));
  if (cosigned) return *std::move(cosigned);
  bool covered = false;
  {
    const std::lock_guard lock(checkpoint_mutex_);
    covered = index < published_size_;
  }
  if (!covered && index < view_.size()) YIPAN_TRY(publish());
  YIPAN_ASSIGN(std::string note, checkpoint());
  return receipt_against(index, std::move(note));
}

}  // namespace yipan::ledger
