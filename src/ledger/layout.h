// Names and shapes of the files of a ledger: docs/formats/ledger.md.
#ifndef YIPAN_LEDGER_LAYOUT_H_
#define YIPAN_LEDGER_LAYOUT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/ledger.h"

namespace yipan::ledger {

inline constexpr uint64_t kTileWidth = 256;
inline constexpr size_t kHashBytes = 32;
inline constexpr int kEntries = -1;  // the "level" of entry bundles
inline constexpr int kLevelMax = 6;  // 2^56 leaves; tlog-tiles has room for more
inline constexpr size_t kBundleBytesMax = kTileWidth * (2 + 65535);

// One tile or bundle, full or partial.
struct TileName {
  int level = 0;  // kEntries: a bundle
  uint64_t n = 0;
  unsigned width = kTileWidth;
  friend auto operator<=>(const TileName&, const TileName&) = default;
};
std::string tile_path(const TileName& tile);    // "tile/0/x001/234.p/17"
std::string tile_folder(const TileName& tile);  // the folder that holds the file
std::string index_path(uint64_t n);             // "x001/234"
std::string digits20(uint64_t value);
std::optional<uint64_t> parse_digits20(std::string_view text);

// How many hashes (entries) tile n of a level has in a tree of this size: 0 to 256.
unsigned width_at(int level, uint64_t n, uint64_t size);
// Tile n of a level is full in trees of at least this size.
uint64_t end_index(int level, uint64_t n);
// The partial tiles and the partial bundle that a checkpoint of this size needs.
std::vector<TileName> partials_of(uint64_t size);

inline uint64_t round_up(uint64_t size) {
  return (size + kTileWidth - 1) / kTileWidth * kTileWidth;
}

// Splits a bundle into its entries; error "ledger.bundle.malformed" with the offset. With a count,
// a bundle may hold more than that (a full one read in place of a partial one), but not less.
Result<std::vector<std::string_view>> split_bundle(std::string_view bytes, unsigned count);
void append_bundle_entry(std::string_view entry, std::string* bundle);

Hash256 hash_at(std::string_view tile, size_t i);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_LAYOUT_H_
