#include "ledger/layout.h"

#include <fmt/format.h>

#include <cstring>

#include "ledger/encoding.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr int kLevelBits = 8;

// Leaves under one hash of this level, as a power of two.
int shift_of(int level) { return level == kEntries ? 0 : level * kLevelBits; }

}  // namespace

// C2SP tlog-tiles, "Merkle Tree": groups of three digits, all but the last with an x.
std::string index_path(uint64_t n) {
  std::string out = fmt::format("{:03}", n % 1000);
  for (n /= 1000; n > 0; n /= 1000) out.insert(0, fmt::format("x{:03}/", n % 1000));
  return out;
}

std::string tile_path(const TileName& tile) {
  CHECK(tile.width >= 1 && tile.width <= kTileWidth);
  std::string out = tile.level == kEntries ? "tile/entries/" : fmt::format("tile/{}/", tile.level);
  out += index_path(tile.n);
  if (tile.width < kTileWidth) out += fmt::format(".p/{}", tile.width);
  return out;
}

std::string tile_folder(const TileName& tile) {
  const std::string path = tile_path(tile);
  return path.substr(0, path.rfind('/'));
}

std::string digits20(uint64_t value) { return fmt::format("{:020}", value); }

std::optional<uint64_t> parse_digits20(std::string_view text) {
  if (text.size() != 20) return std::nullopt;
  const size_t zeros = std::min(text.find_first_not_of('0'), text.size() - 1);
  return parse_decimal(text.substr(zeros));
}

unsigned width_at(int level, uint64_t n, uint64_t size) {
  const uint64_t hashes = size >> shift_of(level);
  const uint64_t before = n * kTileWidth;
  if (hashes <= before) return 0;
  return static_cast<unsigned>(std::min(hashes - before, kTileWidth));
}

uint64_t end_index(int level, uint64_t n) { return (n + 1) << (shift_of(level) + kLevelBits); }

std::vector<TileName> partials_of(uint64_t size) {
  std::vector<TileName> out;
  for (int level = kEntries; level <= kLevelMax; ++level) {
    const uint64_t hashes = size >> shift_of(level);
    const auto width = static_cast<unsigned>(hashes % kTileWidth);
    if (width > 0) out.push_back({level, hashes / kTileWidth, width});
  }
  return out;
}

Result<std::vector<std::string_view>> split_bundle(std::string_view bytes, unsigned count) {
  std::vector<std::string_view> entries;
  entries.reserve(kTileWidth);
  size_t at = 0;
  const auto malformed = [&at] {
    return fail(
        Error("ledger.bundle.malformed")
            .zh("条目包被截断，或长度不对")
            .en("the entry bundle is cut off, or a length in it is wrong")
            .byte_offset(at)
            .remedy("请从备份或镜像恢复该文件", "restore the file from a backup or mirror"));
  };
  while (at < bytes.size()) {
    if (bytes.size() - at < 2) return malformed();
    const size_t length = read_be16(bytes, at);
    if (bytes.size() - at - 2 < length || entries.size() == kTileWidth) return malformed();
    entries.push_back(bytes.substr(at + 2, length));
    at += 2 + length;
  }
  if (entries.size() < count) return malformed();
  return entries;
}

void append_bundle_entry(std::string_view entry, std::string* bundle) {
  CHECK(entry.size() <= 65535);
  append_be16(static_cast<uint16_t>(entry.size()), bundle);
  bundle->append(entry);
}

Hash256 hash_at(std::string_view tile, size_t i) {
  Hash256 out;
  CHECK((i + 1) * kHashBytes <= tile.size());
  std::memcpy(out.bytes.data(), tile.data() + i * kHashBytes, kHashBytes);
  return out;
}

}  // namespace yipan::ledger
