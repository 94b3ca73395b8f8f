#include "ledger/frontier.h"

#include "ledger/encoding.h"
#include "ledger/merkle.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

std::string join(const std::vector<Hash256>& hashes) {
  std::string out;
  out.reserve(hashes.size() * kHashBytes);
  for (const Hash256& hash : hashes) out += hash.view();
  return out;
}

}  // namespace

// Each level's hashes, with the root of what lies below and to the right as one more, smaller node,
// have the shape of RFC 6962's tree over as many leaves.
Hash256 Frontier::root() const {
  std::vector<Hash256> below;  // nothing, or the one root of all lower levels
  for (const std::vector<Hash256>& level : levels_) {
    std::vector<Hash256> nodes = level;
    nodes.insert(nodes.end(), below.begin(), below.end());
    if (!nodes.empty()) below.assign(1, root_of(nodes));
  }
  return below.empty() ? empty_root() : below[0];
}

void Frontier::append(std::string_view entry, const Hash256& leaf, const Emit& emit) {
  if (levels_.empty()) levels_.resize(1);
  starts_.push_back(bundle_.size());
  append_bundle_entry(entry, &bundle_);
  levels_[0].push_back(leaf);
  ++size_;
  if (levels_[0].size() < kTileWidth) return;
  emit({kEntries, size_ / kTileWidth - 1, kTileWidth}, std::move(bundle_));
  bundle_.clear();
  starts_.clear();
  for (size_t level = 0; levels_[level].size() == kTileWidth; ++level) {
    const int number = static_cast<int>(level);
    const uint64_t n = (size_ >> (8 * (number + 1))) - 1;
    if (levels_.size() == level + 1) levels_.emplace_back();
    levels_[level + 1].push_back(root_of(levels_[level]));
    emit({number, n, kTileWidth}, join(levels_[level]));
    levels_[level].clear();
  }
}

std::string Frontier::partial(int level) const {
  if (level == kEntries) return bundle_;
  const auto i = static_cast<size_t>(level);
  return i < levels_.size() ? join(levels_[i]) : std::string();
}

TileName Frontier::partial_name(int level) const {
  const uint64_t hashes = size_ >> (level == kEntries ? 0 : 8 * level);
  return {level, hashes / kTileWidth, static_cast<unsigned>(hashes % kTileWidth)};
}

std::string_view Frontier::tail_entry(uint64_t index) const {
  const size_t i = index % kTileWidth;
  CHECK(index < size_ && i < starts_.size() && index / kTileWidth == size_ / kTileWidth);
  return std::string_view(bundle_).substr(starts_[i] + 2, read_be16(bundle_, starts_[i]));
}

Frontier Frontier::at(uint64_t size, std::vector<std::vector<Hash256>> levels,
                      std::string_view bundle) {
  Frontier out;
  out.size_ = size;
  out.levels_ = std::move(levels);
  out.bundle_ = bundle;
  uint64_t hashes = size;
  for (const auto& level : out.levels_) {
    CHECK(level.size() == hashes % kTileWidth);
    hashes /= kTileWidth;
  }
  CHECK(hashes == 0);
  for (size_t at = 0; at < bundle.size(); at += 2 + read_be16(bundle, at)) {
    out.starts_.push_back(at);
  }
  CHECK(out.starts_.size() == size % kTileWidth);
  return out;
}

}  // namespace yipan::ledger
