// Reading the public part: tiles and bundles from files, hashes of subtrees from tiles, proofs from
// those hashes.
#ifndef YIPAN_LEDGER_TILES_H_
#define YIPAN_LEDGER_TILES_H_

#include <functional>
#include <map>
#include <string>

#include "ledger/frontier.h"
#include "ledger/layout.h"
#include "ledger/merkle.h"
#include "yipan/file.h"

namespace yipan::ledger {

// The content of a tile or bundle, at least as wide as asked for. A partial one that is gone has
// become full meanwhile, so the full one is read instead (tlog-tiles, "Partial Tiles").
Result<std::string> read_tile(Files& files, const std::string& directory, const TileName& tile);

// Where hashes come from: returns tile n of a level with at least `width` hashes.
using TileSource = std::function<Result<std::string>(const TileName& tile)>;

// Hashes of the tree of one size. Keeps the tiles it has read, so make one for each proof.
class TreeHashes {
 public:
  TreeHashes(uint64_t size, TileSource source) : size_(size), source_(std::move(source)) {}
  Result<Hash256> root(Range range);
  Result<Proof> roots(const std::vector<Range>& ranges);

 private:
  Result<Hash256> perfect(Range range);
  Result<std::string_view> tile(int level, uint64_t n);
  uint64_t size_;
  TileSource source_;
  std::map<std::pair<int, uint64_t>, std::string> tiles_;
};

// The right edge of a tree of `size`, from published tiles, full and partial (a reader).
Result<Frontier> frontier_from_partials(uint64_t size, const TileSource& source);
// The same from full tiles only: level 0 from its bundle, others from the tiles below (recovery,
// which must not rely on files that were never synced).
Result<Frontier> frontier_from_full(uint64_t size, const TileSource& source);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_TILES_H_
