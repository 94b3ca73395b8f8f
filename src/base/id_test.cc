#include "yipan/id.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace yipan {
namespace {

using ProjectId = Id<struct ProjectTag>;
using ParcelId = Id<struct ParcelTag>;
using EntryIndex = Index<struct EntryTag>;
using LeafIndex = Index<struct LeafTag>;

static_assert(!std::is_convertible_v<ParcelId, ProjectId>);
static_assert(!std::is_constructible_v<ProjectId, ParcelId>);
static_assert(!std::is_convertible_v<std::string, ProjectId>);
static_assert(!std::is_convertible_v<EntryIndex, LeafIndex>);
static_assert(!std::is_convertible_v<uint64_t, EntryIndex>);
static_assert(sizeof(EntryIndex) == sizeof(uint64_t));

TEST(Id, ComparesAndHashesByValue) {
  EXPECT_EQ(ProjectId("XX-2022-0149"), ProjectId("XX-2022-0149"));
  EXPECT_LT(ProjectId("XX-2022-0149"), ProjectId("XX-2022-0150"));
  EXPECT_TRUE(ProjectId().empty());
  EXPECT_EQ(std::unordered_set<ProjectId>({ProjectId("a"), ProjectId("b"), ProjectId("a")}).size(),
            2u);
  EXPECT_LT(EntryIndex(1), EntryIndex(2));
  EXPECT_EQ(std::unordered_set<EntryIndex>({EntryIndex(1), EntryIndex(1)}).size(), 1u);
}

}  // namespace
}  // namespace yipan
