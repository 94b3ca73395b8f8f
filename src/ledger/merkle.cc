#include "ledger/merkle.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr std::string_view kLeafPrefix("\0", 1);
constexpr std::string_view kNodePrefix("\1", 1);

// The largest power of two smaller than n; n is at least 2.
uint64_t split_point(uint64_t n) { return std::bit_floor(n - 1); }

Error bad_proof(std::string_view code, std::string_view zh, std::string_view en) {
  return Error(code).zh(zh).en(en).remedy(
      "请向账本方重新索取证明；若仍不符，请保存证据并报告：账本可能被改动",
      "ask the log for the proof again; if it still does not fit, keep it and report it: the log "
      "may have been altered");
}

Error index_error(uint64_t index, uint64_t size) {
  return bad_proof("ledger.proof.index", fmt::format("序号 {} 不在大小为 {} 的树中", index, size),
                   fmt::format("index {} is not in a tree of size {}", index, size));
}

Error length_error(size_t length) {
  return bad_proof("ledger.proof.length", fmt::format("证明的长度 {} 不对", length),
                   fmt::format("a proof of {} hashes does not fit", length));
}

Error root_error() {
  return bad_proof("ledger.proof.root", "证明算出的树根与所给的不同",
                   "the proof leads to another root than the given one");
}

Error sizes_error(uint64_t old_size, uint64_t new_size) {
  return bad_proof("ledger.proof.sizes",
                   fmt::format("不能由大小 {} 证到大小 {}", old_size, new_size),
                   fmt::format("there is no proof from size {} to size {}", old_size, new_size));
}

Error subtree_error(uint64_t start, uint64_t end) {
  return bad_proof("ledger.proof.subtree", fmt::format("[{}, {}) 不是一棵子树", start, end),
                   fmt::format("[{}, {}) is not a subtree", start, end));
}

bool is_subtree(uint64_t start, uint64_t end) {
  if (start >= end || end - start > uint64_t{1} << 63) return false;
  return start % std::bit_ceil(end - start) == 0;
}

}  // namespace

Hash256 leaf_hash(std::string_view entry_bytes) { return sha256(kLeafPrefix, entry_bytes); }

Hash256 node_hash(const Hash256& left, const Hash256& right) {
  return sha256(kNodePrefix, left.view(), right.view());
}

Hash256 empty_root() { return sha256(std::string_view()); }

Hash256 root_of(std::span<const Hash256> nodes) {
  CHECK(!nodes.empty());
  if (nodes.size() == 1) return nodes[0];
  const size_t k = split_point(nodes.size());
  return node_hash(root_of(nodes.first(k)), root_of(nodes.subspan(k)));
}

std::vector<Range> inclusion_ranges(uint64_t index, uint64_t size) {
  CHECK(index < size);
  std::vector<Range> ranges;
  Range at{0, size};
  while (at.end - at.begin > 1) {
    const uint64_t middle = at.begin + split_point(at.end - at.begin);
    if (index < middle) {
      ranges.push_back({middle, at.end});
      at.end = middle;
    } else {
      ranges.push_back({at.begin, middle});
      at.begin = middle;
    }
  }
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

std::vector<Range> consistency_ranges(uint64_t old_size, uint64_t new_size) {
  CHECK(old_size <= new_size);
  std::vector<Range> ranges;
  if (old_size == 0 || old_size == new_size) return ranges;
  Range at{0, new_size};
  bool old_root_known = true;  // "b" of RFC 6962: the verifier has the hash of D[0:old_size]
  while (old_size != at.end) {
    const uint64_t middle = at.begin + split_point(at.end - at.begin);
    if (old_size <= middle) {
      ranges.push_back({middle, at.end});
      at.end = middle;
    } else {
      ranges.push_back({at.begin, middle});
      at.begin = middle;
      old_root_known = false;
    }
  }
  if (!old_root_known) ranges.push_back(at);
  std::reverse(ranges.begin(), ranges.end());
  return ranges;
}

std::vector<Range> perfect_subtrees(Range range) {
  std::vector<Range> out;
  while (range.begin < range.end) {
    uint64_t width = std::bit_floor(range.end - range.begin);
    if (range.begin != 0) width = std::min(width, range.begin & (~range.begin + 1));
    out.push_back({range.begin, range.begin + width});
    range.begin += width;
  }
  return out;
}

Hash256 fold_right(std::span<const Hash256> roots) {
  CHECK(!roots.empty());
  Hash256 out = roots.back();
  for (size_t i = roots.size() - 1; i-- > 0;) out = node_hash(roots[i], out);
  return out;
}

// RFC 9162, 2.1.3.2.
Result<> verify_inclusion(uint64_t index, uint64_t size, const Hash256& leaf, const Proof& proof,
                          const Hash256& root) {
  if (index >= size) return fail(index_error(index, size));
  uint64_t fn = index;
  uint64_t sn = size - 1;
  Hash256 r = leaf;
  for (const Hash256& p : proof) {
    if (sn == 0) return fail(length_error(proof.size()));
    if ((fn & 1) != 0 || fn == sn) {
      r = node_hash(p, r);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return fail(length_error(proof.size()));
  if (r != root) return fail(root_error());
  return {};
}

// RFC 9162, 2.1.4.2, which is the subtree algorithm with start 0.
Result<> verify_consistency(uint64_t old_size, uint64_t new_size, const Hash256& old_root,
                            const Hash256& new_root, const Proof& proof) {
  if (old_size == 0 || old_size > new_size) return fail(sizes_error(old_size, new_size));
  return verify_subtree_consistency(0, old_size, new_size, old_root, new_root, proof);
}

// draft-ietf-plants-merkle-tree-certs, 4.3: an inclusion proof in the subtree's own numbering.
Result<> verify_subtree_inclusion(uint64_t index, uint64_t start, uint64_t end, const Hash256& leaf,
                                  const Proof& proof, const Hash256& subtree_root) {
  if (!is_subtree(start, end)) return fail(subtree_error(start, end));
  if (index < start || index >= end) return fail(index_error(index, end));
  return verify_inclusion(index - start, end - start, leaf, proof, subtree_root);
}

// draft-ietf-plants-merkle-tree-certs, 4.4.
Result<> verify_subtree_consistency(uint64_t start, uint64_t end, uint64_t size,
                                    const Hash256& subtree_root, const Hash256& root,
                                    const Proof& proof) {
  if (end > size) return fail(sizes_error(end, size));
  if (start == end) {  // the empty subtree is in any tree, and needs no proof
    if (!proof.empty()) return fail(length_error(proof.size()));
    if (subtree_root != empty_root()) return fail(root_error());
    return {};
  }
  if (!is_subtree(start, end)) return fail(subtree_error(start, end));
  uint64_t fn = start;
  uint64_t sn = end - 1;
  uint64_t tn = size - 1;
  const auto shift = [&] { fn >>= 1, sn >>= 1, tn >>= 1; };
  if (sn == tn) {
    while (fn != sn) shift();
  } else {
    while (fn != sn && (sn & 1) != 0) shift();
  }
  size_t next = 0;
  Hash256 fr = subtree_root;
  if (fn != sn) {
    if (proof.empty()) return fail(length_error(0));
    fr = proof[next++];
  }
  Hash256 sr = fr;
  for (; next < proof.size(); ++next) {
    if (tn == 0) return fail(length_error(proof.size()));
    if ((sn & 1) != 0 || sn == tn) {
      if (fn < sn) fr = node_hash(proof[next], fr);
      sr = node_hash(proof[next], sr);
      while ((sn & 1) == 0) shift();
    } else {
      sr = node_hash(sr, proof[next]);
    }
    shift();
  }
  if (tn != 0) return fail(length_error(proof.size()));
  if (fr != subtree_root || sr != root) return fail(root_error());
  return {};
}

}  // namespace yipan::ledger
