#include "ledger/tiles.h"

#include <fmt/format.h>

#include <bit>

#include "ledger/encoding.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

Error wrong_size(const std::string& path, size_t have, size_t want) {
  return Error("ledger.tile.malformed")
      .zh(fmt::format("瓦片应至少有 {} 字节，只有 {}", want, have))
      .en(fmt::format("the tile should have at least {} bytes, it has {}", want, have))
      .file(path)
      .remedy("请运行 fsck，并从备份或镜像恢复该文件",
              "run fsck, and restore the file from a backup or mirror");
}

Result<std::vector<Hash256>> hashes_of(const TileSource& source, const TileName& name) {
  YIPAN_ASSIGN(const std::string content, source(name));
  if (content.size() < name.width * kHashBytes) {
    return fail(wrong_size(tile_path(name), content.size(), name.width * kHashBytes));
  }
  std::vector<Hash256> out;
  for (size_t i = 0; i < name.width; ++i) out.push_back(hash_at(content, i));
  return out;
}

// The first `size % 256` entries of the bundle where `size` falls.
Result<std::string> bundle_prefix(uint64_t size, const TileSource& source, unsigned width) {
  const auto count = static_cast<unsigned>(size % kTileWidth);
  if (count == 0) return std::string();
  YIPAN_ASSIGN(std::string content, source(TileName{kEntries, size / kTileWidth, width}));
  YIPAN_ASSIGN(const std::vector<std::string_view> entries, split_bundle(content, count));
  const std::string_view last = entries[count - 1];
  content.resize(static_cast<size_t>(last.data() - content.data()) + last.size());
  return content;
}

}  // namespace

Result<std::string> read_tile(Files& files, const std::string& directory, const TileName& tile) {
  Result<std::string> content = read_file(files, directory + "/" + tile_path(tile));
  TileName found = tile;
  if (!content && tile.width < kTileWidth && content.error().code() == "base.file.not_found") {
    found.width = kTileWidth;
    content = read_file(files, directory + "/" + tile_path(found));
  }
  if (!content) return content;
  if (tile.level != kEntries && content->size() < found.width * kHashBytes) {
    return fail(
        wrong_size(directory + "/" + tile_path(found), content->size(), found.width * kHashBytes));
  }
  return content;
}

Result<std::string_view> TreeHashes::tile(int level, uint64_t n) {
  const auto [at, added] = tiles_.try_emplace({level, n});
  if (added) {
    const TileName name{level, n, width_at(level, n, size_)};
    Result<std::string> content = source_(name);
    if (!content) {
      tiles_.erase(at);
      return fail(std::move(content).error());
    }
    at->second = *std::move(content);
  }
  return std::string_view(at->second);
}

Result<Hash256> TreeHashes::perfect(Range range) {
  const int height = std::countr_zero(range.end - range.begin);
  const int level = height / 8;
  const uint64_t first = range.begin >> (8 * level);
  const size_t count = size_t{1} << (height - 8 * level);
  YIPAN_ASSIGN(const std::string_view content, tile(level, first / kTileWidth));
  std::vector<Hash256> hashes(count);
  for (size_t i = 0; i < count; ++i) hashes[i] = hash_at(content, first % kTileWidth + i);
  return root_of(hashes);
}

Result<Hash256> TreeHashes::root(Range range) {
  CHECK(range.begin < range.end && range.end <= size_);
  std::vector<Hash256> roots;
  for (const Range& part : perfect_subtrees(range)) {
    YIPAN_ASSIGN(roots.emplace_back(), perfect(part));
  }
  return fold_right(roots);
}

Result<Proof> TreeHashes::roots(const std::vector<Range>& ranges) {
  Proof out;
  for (const Range& range : ranges) {
    YIPAN_ASSIGN(out.emplace_back(), root(range));
  }
  return out;
}

Result<Frontier> frontier_from_partials(uint64_t size, const TileSource& source) {
  std::vector<std::vector<Hash256>> levels;
  for (int level = 0; (size >> (8 * level)) > 0; ++level) {
    const uint64_t hashes = size >> (8 * level);
    auto& out = levels.emplace_back();
    const TileName name{level, hashes / kTileWidth, static_cast<unsigned>(hashes % kTileWidth)};
    if (name.width == 0) continue;
    YIPAN_ASSIGN(out, hashes_of(source, name));
  }
  YIPAN_ASSIGN(const std::string bundle,
               bundle_prefix(size, source, static_cast<unsigned>(size % kTileWidth)));
  return Frontier::at(size, std::move(levels), bundle);
}

Result<Frontier> frontier_from_full(uint64_t size, const TileSource& source) {
  YIPAN_ASSIGN(const std::string bundle, bundle_prefix(size, source, kTileWidth));
  std::vector<std::vector<Hash256>> levels;
  for (int level = 0; (size >> (8 * level)) > 0; ++level) {
    const uint64_t hashes = size >> (8 * level);
    auto& out = levels.emplace_back();
    if (level == 0) {
      YIPAN_ASSIGN(const auto entries, split_bundle(bundle, 0));
      for (const std::string_view entry : entries) out.push_back(leaf_hash(entry));
      continue;
    }
    for (uint64_t n = hashes / kTileWidth * kTileWidth; n < hashes; ++n) {
      YIPAN_ASSIGN(const auto below, hashes_of(source, TileName{level - 1, n, kTileWidth}));
      out.push_back(root_of(below));
    }
  }
  return Frontier::at(size, std::move(levels), bundle);
}

}  // namespace yipan::ledger
