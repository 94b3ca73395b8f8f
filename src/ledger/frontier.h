// The growing right edge of the log: of every level the tile that is not full yet, and the bundle.
// A log of 10^8 entries has four levels, so this is some tens of kilobytes.
#ifndef YIPAN_LEDGER_FRONTIER_H_
#define YIPAN_LEDGER_FRONTIER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/layout.h"

namespace yipan::ledger {

class Frontier {
 public:
  // Takes the content of a tile or bundle that has become full.
  using Emit = std::function<void(const TileName&, std::string content)>;

  uint64_t size() const { return size_; }
  Hash256 root() const;
  void append(std::string_view entry, const Hash256& leaf, const Emit& emit);

  // Content of the partial tile (bundle) of a level; empty if it has none.
  std::string partial(int level) const;
  // Index and width of that tile.
  TileName partial_name(int level) const;
  std::string_view tail_entry(uint64_t index) const;  // in the partial bundle
  std::string_view tail_bundle() const { return bundle_; }

  // Begins at a size that is not zero: the hashes of each level's partial tile, and the partial
  // bundle. Their widths must be those that the size asks for.
  static Frontier at(uint64_t size, std::vector<std::vector<Hash256>> levels,
                     std::string_view bundle);

 private:
  uint64_t size_ = 0;
  std::vector<std::vector<Hash256>> levels_;
  std::string bundle_;
  std::vector<size_t> starts_;  // of the entries in bundle_ (their length prefix)
};

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_FRONTIER_H_
