#include "ledger/log_view.h"

#include <fmt/format.h>

#include "yipan/check.h"

namespace yipan::ledger {
namespace {

Error beyond(uint64_t index, uint64_t size) {
  return Error("ledger.range")
      .zh(fmt::format("账本有 {} 条，没有 {}", size, index))
      .en(fmt::format("the log has {} entries, there is no {}", size, index))
      .remedy("序号从 0 起，须小于账本大小", "indices start at 0 and are below the log's size");
}

}  // namespace

void LogView::reset(Frontier frontier) {
  const std::lock_guard lock(mutex_);
  frontier_ = std::move(frontier);
  waiting_.clear();
  waiting_bytes_ = 0;
}

void LogView::append(std::span<const std::string_view> entries, std::span<const Hash256> leaves) {
  CHECK(entries.size() == leaves.size());
  const std::lock_guard lock(mutex_);
  const Frontier::Emit emit = [this](const TileName& name, std::string content) {
    waiting_bytes_ += content.size();
    waiting_[name] = std::make_shared<const std::string>(std::move(content));
  };
  for (size_t i = 0; i < entries.size(); ++i) frontier_.append(entries[i], leaves[i], emit);
}

uint64_t LogView::size() const {
  const std::lock_guard lock(mutex_);
  return frontier_.size();
}

Frontier LogView::frontier() const {
  const std::lock_guard lock(mutex_);
  return frontier_;
}

LogView::Waiting LogView::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

uint64_t LogView::waiting_bytes() const {
  const std::lock_guard lock(mutex_);
  return waiting_bytes_;
}

void LogView::written(const Waiting& done) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, content] : done) {
    waiting_bytes_ -= content->size();
    waiting_.erase(name);
  }
}

Result<std::string> LogView::tile(const TileName& name) const {
  {
    const std::lock_guard lock(mutex_);
    const TileName edge = frontier_.partial_name(name.level);
    if (edge.n == name.n) {
      CHECK(edge.width >= name.width);
      return frontier_.partial(name.level);
    }
    const auto at = waiting_.find({name.level, name.n, kTileWidth});
    if (at != waiting_.end()) return *at->second;
  }
  return read_tile(files_, directory_, {name.level, name.n, kTileWidth});
}

Result<> LogView::check_size(uint64_t size) const {
  const uint64_t have = this->size();
  if (size > have) return fail(beyond(size, have));
  return {};
}

Result<std::string> LogView::entry_bytes(uint64_t index) const {
  {
    const std::lock_guard lock(mutex_);
    if (index >= frontier_.size()) return fail(beyond(index, frontier_.size()));
    if (index / kTileWidth == frontier_.size() / kTileWidth) {
      return std::string(frontier_.tail_entry(index));
    }
  }
  const TileName name{kEntries, index / kTileWidth, kTileWidth};
  YIPAN_ASSIGN(const std::string bundle, tile(name));
  auto entries = split_bundle(bundle, kTileWidth);
  if (!entries) return fail(std::move(entries).error().file(directory_ + "/" + tile_path(name)));
  return std::string((*entries)[index % kTileWidth]);
}

Result<> LogView::scan(uint64_t from, uint64_t to,
                       const std::function<Result<>(uint64_t, std::string_view)>& each) const {
  YIPAN_TRY(check_size(to));
  while (from < to) {
    const uint64_t n = from / kTileWidth;
    const uint64_t end = std::min(to, (n + 1) * kTileWidth);
    const auto width = static_cast<unsigned>(end - n * kTileWidth);
    YIPAN_ASSIGN(const std::string bundle, tile({kEntries, n, width}));
    auto entries = split_bundle(bundle, width);
    if (!entries) {
      return fail(
          std::move(entries).error().file(directory_ + "/" + tile_path({kEntries, n, kTileWidth})));
    }
    for (; from < end; ++from) YIPAN_TRY(each(from, (*entries)[from % kTileWidth]));
  }
  return {};
}

TreeHashes LogView::hashes(uint64_t size) const {
  return {size, [this](const TileName& name) { return tile(name); }};
}

Result<Hash256> LogView::root_at(uint64_t size) const {
  YIPAN_TRY(check_size(size));
  if (size == 0) return empty_root();
  return hashes(size).root({0, size});
}

Result<Proof> LogView::inclusion_proof(uint64_t index, uint64_t size) const {
  YIPAN_TRY(check_size(size));
  if (index >= size) return fail(beyond(index, size));
  return hashes(size).roots(inclusion_ranges(index, size));
}

Result<Proof> LogView::consistency_proof(uint64_t old_size, uint64_t new_size) const {
  YIPAN_TRY(check_size(new_size));
  if (old_size > new_size) return fail(beyond(old_size, new_size));
  return hashes(new_size).roots(consistency_ranges(old_size, new_size));
}

}  // namespace yipan::ledger
