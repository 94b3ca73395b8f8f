// The shape of the RFC 6962 tree: how ranges of leaves split, and which subtrees a proof is made
// of.
#ifndef YIPAN_LEDGER_MERKLE_H_
#define YIPAN_LEDGER_MERKLE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "yipan/ledger.h"

namespace yipan::ledger {

// Leaves [begin, end).
struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

// The root of a tree over `nodes` as if they were leaves already hashed (RFC 6962, 2.1 without the
// leaf step). Also right if the last node is the root of a smaller subtree than the others.
Hash256 root_of(std::span<const Hash256> nodes);

// RFC 6962, 2.1.1: the subtrees whose roots are the audit path of leaf `index` in D[0:size].
std::vector<Range> inclusion_ranges(uint64_t index, uint64_t size);
// RFC 6962, 2.1.2: the same for PROOF(old_size, D[0:new_size]).
std::vector<Range> consistency_ranges(uint64_t old_size, uint64_t new_size);
// The perfect, aligned subtrees of which D[range] is built, left to right. The root of the range is
// the fold of their roots from the right.
std::vector<Range> perfect_subtrees(Range range);
Hash256 fold_right(std::span<const Hash256> roots);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_MERKLE_H_
