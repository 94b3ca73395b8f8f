// The tree: known values, and laws over random sizes.
#include "ledger/merkle.h"

#include <gtest/gtest.h>

#include "ledger/frontier.h"
#include "ledger/layout.h"
#include "ledger/test_log.h"
#include "ledger/tiles.h"
#include "yipan/text.h"

namespace yipan::ledger {
namespace {

std::vector<Hash256> make_leaves(size_t count) {
  std::vector<Hash256> out;
  for (size_t i = 0; i < count; ++i) out.push_back(leaf_hash(std::to_string(i)));
  return out;
}

// RFC 6962, 2.1, word for word.
Hash256 mth(std::span<const Hash256> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return node_hash(mth(leaves.first(k)), mth(leaves.subspan(k)));
}

// RFC 6962, 2.1.1, word for word.
Proof path(size_t m, std::span<const Hash256> leaves) {
  if (leaves.size() <= 1) return {};
  size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  Proof out = m < k ? path(m, leaves.first(k)) : path(m - k, leaves.subspan(k));
  out.push_back(m < k ? mth(leaves.subspan(k)) : mth(leaves.first(k)));
  return out;
}

// RFC 6962, 2.1.2, word for word.
Proof subproof(size_t m, std::span<const Hash256> leaves, bool complete) {
  if (m == leaves.size()) return complete ? Proof() : Proof{mth(leaves)};
  size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  Proof out =
      m <= k ? subproof(m, leaves.first(k), complete) : subproof(m - k, leaves.subspan(k), false);
  out.push_back(m <= k ? mth(leaves.subspan(k)) : mth(leaves.first(k)));
  return out;
}

Proof roots_of(const std::vector<Range>& ranges, std::span<const Hash256> leaves) {
  Proof out;
  for (const Range& r : ranges) out.push_back(mth(leaves.subspan(r.begin, r.end - r.begin)));
  return out;
}

TEST(Merkle, KnownRoots) {
  EXPECT_EQ(empty_root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(leaf_hash("").hex(),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  // The eight leaves of the RFC 6962 reference implementation.
  const std::vector<std::string> inputs = {"",
                                           "00",
                                           "10",
                                           "2021",
                                           "3031",
                                           "40414243",
                                           "5051525354555657",
                                           "606162636465666768696a6b6c6d6e6f"};
  std::vector<Hash256> leaves;
  for (const std::string& input : inputs) leaves.push_back(leaf_hash(unhex(input).value()));
  EXPECT_EQ(root_of(leaves).hex(),
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST(Merkle, ProofsAreThoseOfTheRfcAndVerify) {
  const std::vector<Hash256> all = make_leaves(70);
  for (size_t size = 1; size <= all.size(); ++size) {
    const auto leaves = std::span(all).first(size);
    EXPECT_EQ(root_of(leaves), mth(leaves));
    for (size_t i = 0; i < size; ++i) {
      const Proof proof = roots_of(inclusion_ranges(i, size), leaves);
      ASSERT_EQ(proof, path(i, leaves));
      ASSERT_TRUE(verify_inclusion(i, size, leaves[i], proof, mth(leaves)));
      const auto before = leaves.first(i + 1);
      const Proof consistency = roots_of(consistency_ranges(i + 1, size), leaves);
      ASSERT_EQ(consistency, subproof(i + 1, leaves, true));
      ASSERT_TRUE(verify_consistency(i + 1, size, mth(before), mth(leaves), consistency));
    }
  }
}

TEST(Merkle, TamperedProofsFail) {
  Random random(testing::test_seed("TamperedProofsFail"));
  const std::vector<Hash256> all = make_leaves(300);
  for (int round = 0; round < 500; ++round) {
    const size_t size = 2 + random.below(all.size() - 2);
    const size_t index = random.below(size);
    const auto leaves = std::span(all).first(size);
    const Hash256 root = mth(leaves);
    Proof proof = roots_of(inclusion_ranges(index, size), leaves);
    const auto fails = [&](const Proof& p) {
      return !verify_inclusion(index, size, leaves[index], p, root);
    };
    Proof longer = proof;
    longer.insert(longer.begin() + static_cast<ptrdiff_t>(random.below(proof.size() + 1)), root);
    EXPECT_TRUE(fails(longer));
    Proof shorter(proof.begin(), proof.end() - 1);
    EXPECT_TRUE(fails(shorter));
    proof[random.below(proof.size())].bytes[random.below(32)] ^= 1;
    EXPECT_TRUE(fails(proof));
    const size_t old_size = 1 + random.below(size - 1);
    Proof consistency = roots_of(consistency_ranges(old_size, size), leaves);
    const Hash256 old_root = mth(leaves.first(old_size));
    EXPECT_FALSE(verify_consistency(old_size, size, root, old_root, consistency));
    if (consistency.empty()) continue;
    consistency[random.below(consistency.size())].bytes[random.below(32)] ^= 1;
    EXPECT_FALSE(verify_consistency(old_size, size, old_root, root, consistency));
  }
}

TEST(Merkle, ErrorsSayWhatDoesNotFit) {
  const std::vector<Hash256> leaves = make_leaves(5);
  const auto index = verify_inclusion(5, 5, leaves[0], {}, leaves[0]);
  EXPECT_EQ(index.error().code(), "ledger.proof.index");
  EXPECT_NE(index.error().message_en().find("index 5"), std::string::npos);
  EXPECT_NE(index.error().message_zh().find("序号 5"), std::string::npos);
  EXPECT_EQ(verify_inclusion(0, 5, leaves[0], {}, leaves[0]).error().code(), "ledger.proof.length");
  EXPECT_EQ(verify_inclusion(0, 1, leaves[0], {}, leaves[1]).error().code(), "ledger.proof.root");
  EXPECT_EQ(verify_consistency(0, 5, empty_root(), mth(leaves), {}).error().code(),
            "ledger.proof.sizes");
  EXPECT_EQ(verify_consistency(6, 5, empty_root(), mth(leaves), {}).error().code(),
            "ledger.proof.sizes");
  EXPECT_EQ(verify_subtree_inclusion(3, 3, 6, leaves[3], {}, leaves[3]).error().code(),
            "ledger.proof.subtree");
}

// Tiles as the frontier emits them are those that C2SP tlog-tiles defines, and give the same tree.
TEST(Merkle, FrontierAndTilesGiveTheTreeOfTheRfc) {
  Random random(testing::test_seed("FrontierAndTiles"));
  const std::vector<Hash256> leaves = make_leaves(66000);
  std::map<TileName, std::string> tiles;
  Frontier frontier;
  const TileSource source = [&](const TileName& name) -> Result<std::string> {
    const auto at = tiles.find({name.level, name.n, kTileWidth});
    if (at != tiles.end()) return at->second;
    return frontier.partial(name.level);
  };
  uint64_t next_check = 1;
  for (uint64_t i = 0; i < leaves.size(); ++i) {
    frontier.append(std::to_string(i), leaves[i],
                    [&](const TileName& n, std::string c) { tiles[n] = std::move(c); });
    const uint64_t size = i + 1;
    if (size != next_check && size != 256 && size != 65536 && size != leaves.size()) continue;
    next_check = size + 1 + random.below(9000);
    const auto seen = std::span(leaves).first(size);
    ASSERT_EQ(frontier.root(), mth(seen)) << size;
    TreeHashes hashes(size, source);
    ASSERT_EQ(hashes.root({0, size}).value(), mth(seen)) << size;
    const uint64_t index = random.below(size);
    const Proof proof = hashes.roots(inclusion_ranges(index, size)).value();
    EXPECT_TRUE(verify_inclusion(index, size, leaves[index], proof, mth(seen)));
    const uint64_t old_size = 1 + random.below(size);
    const Proof consistency = hashes.roots(consistency_ranges(old_size, size)).value();
    EXPECT_TRUE(
        verify_consistency(old_size, size, mth(seen.first(old_size)), mth(seen), consistency));
    EXPECT_EQ(frontier_from_full(size, source)->root(), mth(seen)) << size;
    EXPECT_EQ(frontier_from_partials(size, source)->root(), mth(seen)) << size;
  }
  EXPECT_EQ(tiles.count({1, 0, kTileWidth}), 1u);
  EXPECT_EQ(hash_at(tiles[TileName{1, 0, kTileWidth}], 7),
            mth(std::span(leaves).subspan(1792, 256)));
}

TEST(Layout, PathsAreThoseOfTheSpecification) {
  EXPECT_EQ(index_path(1234067), "x001/x234/067");
  EXPECT_EQ(index_path(0), "000");
  EXPECT_EQ(index_path(999), "999");
  EXPECT_EQ(index_path(1000), "x001/000");
  EXPECT_EQ(tile_path({0, 273, 112}), "tile/0/273.p/112");
  EXPECT_EQ(tile_path({kEntries, 5, 256}), "tile/entries/005");
  // The specification's example: a tree of size 70,000.
  const std::vector<TileName> partials = partials_of(70000);
  EXPECT_EQ(partials,
            (std::vector<TileName>{{kEntries, 273, 112}, {0, 273, 112}, {1, 1, 17}, {2, 0, 1}}));
  EXPECT_EQ(width_at(0, 272, 70000), 256u);
  EXPECT_EQ(width_at(1, 0, 70000), 256u);
  EXPECT_EQ(width_at(3, 0, 70000), 0u);
}

TEST(Layout, BundlesThatAreCutAreRefused) {
  std::string bundle;
  append_bundle_entry("first", &bundle);
  append_bundle_entry("", &bundle);
  ASSERT_EQ(split_bundle(bundle, 2).value().size(), 2u);
  EXPECT_EQ(split_bundle(bundle, 3).error().code(), "ledger.bundle.malformed");
  bundle.pop_back();
  const auto cut = split_bundle(bundle, 1);
  EXPECT_EQ(cut.error().place().byte_offset, 7u);
}

}  // namespace
}  // namespace yipan::ledger
