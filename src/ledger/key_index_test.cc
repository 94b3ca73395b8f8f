// The index of idempotency keys: runs, merges, filters, damage.
#include "ledger/key_index.h"

#include <gtest/gtest.h>

#include "ledger/layout.h"
#include "ledger/test_log.h"

namespace yipan::ledger {
namespace {

std::string key_of(uint64_t i) { return "key " + std::to_string(i); }

class KeyIndexTest : public ::testing::Test {
 protected:
  KeyIndexTest() : folder_(testing::make_temp_dir()) {}
  std::unique_ptr<KeyIndex> open(uint64_t log_size) {
    return KeyIndex::open(Files::posix(), folder_.path(), true, log_size).value();
  }
  std::vector<std::string> names() {
    return Files::posix().list(folder_.path() + "/index").value();
  }
  TempDir folder_;
};

TEST_F(KeyIndexTest, RunsAreWrittenMergedAndFound) {
  constexpr uint64_t kCount = 330'000;
  {
    const auto index = open(0);
    for (uint64_t i = 0; i < kCount; ++i) {
      index->add(key_of(i), i);
      if (i % 5000 == 4999) {
        ASSERT_TRUE(index->flush(i + 1));
      }
    }
    EXPECT_EQ(index->covered(), 280'000u);
  }
  EXPECT_EQ(names().size(), 1u) << "four runs of 70,000 were merged into one";
  const auto index = open(kCount);
  const uint64_t covered = index->covered();
  for (uint64_t i = 0; i < kCount; i += 97) {
    const auto found = index->candidates(key_of(i)).value();
    if (i < covered) {
      ASSERT_EQ(found, std::vector<uint64_t>{i});
    } else {
      ASSERT_TRUE(found.empty());
    }
    ASSERT_TRUE(index->candidates("absent " + std::to_string(i))->empty());
  }
}

TEST_F(KeyIndexTest, EqualHashesAcrossPagesAreAllFound) {
  ASSERT_TRUE(Files::posix().make_directories(folder_.path() + "/index"));
  auto writer = KeyRunWriter::create(Files::posix(), folder_.path() + "/index", 0, 2000).value();
  uint64_t index = 0;
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(writer.add({10, index++}));
  for (int i = 0; i < 600; ++i) ASSERT_TRUE(writer.add({20, index++}));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(writer.add({30, index++}));
  const auto run = writer.finish().value();
  EXPECT_EQ(run->count(), 900u);
  for (const auto& [hash, count] :
       {std::pair<uint64_t, size_t>{10, 200}, {20, 600}, {30, 100}, {15, 0}, {5, 0}, {40, 0}}) {
    std::vector<uint64_t> found;
    ASSERT_TRUE(run->find(hash, &found));
    EXPECT_EQ(found.size(), count) << hash;
  }
}

TEST_F(KeyIndexTest, RunsOfALongerLogAreDropped) {
  {
    const auto index = open(0);
    for (uint64_t i = 0; i < 70'000; ++i) index->add(key_of(i), i);
    ASSERT_TRUE(index->flush(70'000));
  }
  EXPECT_EQ(names().size(), 1u);
  EXPECT_EQ(open(60'000)->covered(), 0u);
  EXPECT_TRUE(names().empty());
}

TEST_F(KeyIndexTest, AMergeCutShortLeavesWhatCounts) {
  const std::string index = folder_.path() + "/index";
  ASSERT_TRUE(Files::posix().make_directories(index));
  for (const auto& [from, to] : {std::pair<uint64_t, uint64_t>{0, 10}, {10, 20}, {0, 20}}) {
    auto writer = KeyRunWriter::create(Files::posix(), index, from, to).value();
    for (uint64_t i = from; i < to; ++i) ASSERT_TRUE(writer.add({i, i}));
    ASSERT_TRUE(writer.finish());
  }
  ASSERT_TRUE(write_file_atomic(Files::posix(), index + "/x.tmp", "half"));
  EXPECT_EQ(open(25)->covered(), 20u);
  EXPECT_EQ(names(), std::vector<std::string>{digits20(0) + "-" + digits20(20) + ".keys"});
}

// Any flip is noticed: by opening, or by reading the page, or by the sum that fsck makes.
TEST_F(KeyIndexTest, EveryFlipIsNoticed) {
  const std::string index = folder_.path() + "/index";
  ASSERT_TRUE(Files::posix().make_directories(index));
  auto writer = KeyRunWriter::create(Files::posix(), index, 0, 300).value();
  for (uint64_t i = 0; i < 300; ++i) ASSERT_TRUE(writer.add({i * 1000, i}));
  const std::string path = writer.finish().value()->path();
  const std::string content = read_file(Files::posix(), path).value();
  const auto file = Files::posix().open(path, Open::read_write).value();
  for (size_t at = 0; at < content.size(); ++at) {
    const char altered = static_cast<char>(content[at] ^ (1 << (at % 8)));
    ASSERT_TRUE(file->write_at(at, {&altered, 1}));
    const auto run = KeyRun::open(Files::posix(), path, 0, 300);
    bool noticed = !run;
    for (uint64_t n = 0; !noticed && n < (*run)->pages(); ++n) noticed = !(*run)->page(n);
    ASSERT_TRUE(noticed) << at;
    if (!run) {
      ASSERT_EQ(run.error().code(), "ledger.index.corrupt");
      ASSERT_EQ(run.error().place().file, path);
    }
    ASSERT_TRUE(file->write_at(at, {&content[at], 1}));
  }
  ASSERT_TRUE(KeyRun::open(Files::posix(), path, 0, 300));
}

// A log with a run: fsck holds it against the entries, and without the folder it is made anew.
TEST_F(KeyIndexTest, FsckHoldsRunsAgainstEntries) {
  testing::TestLog log(Files::posix(), folder_.path() + "/log");
  log.segment_bytes = 1 << 20;
  constexpr uint64_t kCount = 66'000;
  {
    const auto ledger = log.open().value();
    std::vector<Entry> entries;
    for (uint64_t i = 0; i < kCount; ++i) entries.push_back(testing::make_entry(i, key_of(i)));
    ASSERT_TRUE(ledger->append(entries));
    ASSERT_TRUE(ledger->sign_checkpoint());
  }
  const std::string index = log.directory + "/index";
  const auto runs = Files::posix().list(index).value();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(testing::problems_of(*fsck(Files::posix(), log.directory, {})), "");
  // A run that is well formed, but of other entries.
  const auto writer = std::make_unique<KeyRunWriter>(
      KeyRunWriter::create(Files::posix(), index, 0, kCount).value());
  for (uint64_t i = 0; i < kCount; ++i) ASSERT_TRUE(writer->add({i, i}));
  ASSERT_TRUE(writer->finish());
  const auto report = fsck(Files::posix(), log.directory, {});
  ASSERT_EQ(report->problems.size(), 1u);
  EXPECT_EQ(report->problems[0].place().file, index + "/" + runs[0]);
  ASSERT_TRUE(Files::posix().remove(index + "/" + runs[0]));
  const auto ledger = log.open().value();
  EXPECT_EQ(ledger->append(testing::make_entry(1, key_of(65'999))).value(), 65'999u);
  EXPECT_EQ(ledger->append(testing::make_entry(1, key_of(0))).value(), 0u);
}

}  // namespace
}  // namespace yipan::ledger
