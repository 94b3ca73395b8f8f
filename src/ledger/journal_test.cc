// The journal: what recovery keeps, and what it takes for damage. And evidence blobs.
#include "ledger/journal.h"

#include <gtest/gtest.h>

#include "ledger/layout.h"
#include "ledger/test_log.h"

namespace yipan::ledger {
namespace {

using testing::make_entry;
using testing::TestLog;

// A segment of records with 1, 2, 3 ... entries; the offsets where each ends.
struct Sample {
  std::string segment;
  std::vector<uint64_t> ends;
  std::vector<uint64_t> counts;
};

Sample make_sample(int records) {
  Sample out;
  JournalPosition position = journal_start("origin");
  out.segment = encode_segment_header(position);
  for (int r = 1; r <= records; ++r) {
    std::string payload;
    std::vector<Hash256> leaves;
    for (int i = 0; i < r; ++i) {
      const std::string entry = "{\"entry\":" + std::to_string(r * 100 + i) + "}";
      append_bundle_entry(entry, &payload);
      leaves.push_back(leaf_hash(entry));
    }
    Hash256 chain;
    out.segment += encode_record_header(position, leaves, payload.size(), &chain) + payload;
    position = {position.next + leaves.size(), chain};
    out.ends.push_back(out.segment.size());
    out.counts.push_back(position.next);
  }
  return out;
}

uint64_t entries_in(std::string_view segment) {
  uint64_t count = 0;
  const auto start = decode_segment_header(segment);
  EXPECT_TRUE(start);
  const auto scan = scan_segment(segment, *start, [&](const JournalRecord& record) {
    count += record.entries.size();
    return Result<>();
  });
  EXPECT_TRUE(scan);
  return count;
}

TEST(JournalFormat, APrefixHoldsTheRecordsThatAreWhole) {
  const Sample sample = make_sample(6);
  for (size_t cut = kSegmentHeaderBytes; cut <= sample.segment.size(); ++cut) {
    uint64_t expected = 0;
    for (size_t r = 0; r < sample.ends.size() && sample.ends[r] <= cut; ++r) {
      expected = sample.counts[r];
    }
    EXPECT_EQ(entries_in(std::string_view(sample.segment).substr(0, cut)), expected) << cut;
  }
}

TEST(JournalFormat, AFlipEndsTheJournalBeforeItsRecord) {
  const Sample sample = make_sample(4);
  for (size_t at = 0; at < sample.segment.size(); ++at) {
    std::string altered = sample.segment;
    altered[at] = static_cast<char>(altered[at] ^ 4);
    if (at < kSegmentHeaderBytes) {
      EXPECT_FALSE(decode_segment_header(altered)) << at;
      continue;
    }
    size_t hit = 0;
    while (sample.ends[hit] <= at) ++hit;
    EXPECT_EQ(entries_in(altered), hit == 0 ? 0 : sample.counts[hit - 1]) << at;
    const uint64_t start = hit == 0 ? kSegmentHeaderBytes : sample.ends[hit - 1];
    const uint64_t index = hit == 0 ? 0 : sample.counts[hit - 1];
    EXPECT_EQ(find_later_record(altered, start, index + 1).has_value(), hit < 3) << at;
  }
}

class DamageTest : public ::testing::Test {
 protected:
  DamageTest() : folder_(testing::make_temp_dir()), log_(Files::posix(), folder_.path() + "/log") {
    log_.segment_bytes = 1 << 20;
  }
  void make_log(int entries, bool publish) {
    const auto ledger = log_.open().value();
    for (int i = 0; i < entries; ++i) ASSERT_TRUE(ledger->append(make_entry(i)));
    if (publish) return;
    // The state of a process that was killed before it published.
    const auto note = read_file(Files::posix(), log_.directory + "/checkpoint").value();
    saved_checkpoint_ = note;
  }
  std::string segment() const { return log_.directory + "/journal/" + digits20(0) + ".journal"; }
  void flip(const std::string& path, uint64_t at) {
    const auto file = Files::posix().open(path, Open::read_write).value();
    char byte = 0;
    ASSERT_EQ(file->read_at(at, &byte, 1).value(), 1u);
    byte = static_cast<char>(byte ^ 1);
    ASSERT_TRUE(file->write_at(at, {&byte, 1}));
  }
  TempDir folder_;
  TestLog log_;
  std::string saved_checkpoint_;
};

TEST_F(DamageTest, DamageBeforeAWholeRecordIsNoTear) {
  make_log(5, false);
  ASSERT_TRUE(write_file_atomic(Files::posix(), log_.directory + "/checkpoint", saved_checkpoint_));
  flip(segment(), 300);
  const auto refused = log_.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "ledger.journal.corrupt");
  EXPECT_EQ(refused.error().place().file, segment());
  EXPECT_LE(refused.error().place().byte_offset, 300u);
  EXPECT_NE(refused.error().remedy_en().find("delete nothing"), std::string::npos);
  EXPECT_NE(refused.error().remedy_zh().find("请勿删除"), std::string::npos);
}

TEST_F(DamageTest, AnUnfinishedLastRecordIsDropped) {
  make_log(5, true);
  const auto file = Files::posix().open(segment(), Open::read_write).value();
  const uint64_t size = file->size().value();
  std::string half = make_sample(1).segment.substr(kSegmentHeaderBytes, 100);
  ASSERT_TRUE(file->write_at(size, half));
  EXPECT_NE(testing::problems_of(*fsck(Files::posix(), log_.directory, {})), "");
  {
    // A live log may have such an end; nobody else may judge it.
    const auto lock = Files::posix().lock(log_.directory + "/lock").value();
    EXPECT_NE(lock, nullptr);
    EXPECT_EQ(testing::problems_of(*fsck(Files::posix(), log_.directory, {})), "");
  }
  EXPECT_EQ(log_.open().value()->size(), 5u);
  EXPECT_EQ(testing::problems_of(*fsck(Files::posix(), log_.directory, {})), "");
}

TEST_F(DamageTest, AJournalShorterThanTheCheckpointIsRefused) {
  make_log(5, true);
  const auto file = Files::posix().open(segment(), Open::read_write).value();
  ASSERT_TRUE(file->truncate(file->size().value() - 1));
  const auto refused = log_.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "ledger.journal.short");
  EXPECT_NE(refused.error().message_en().find("signs 5 entries"), std::string::npos);
}

TEST_F(DamageTest, ASegmentThatIsMissingInTheMiddleIsDamage) {
  log_.segment_bytes = 600;
  make_log(12, true);
  const auto names = Files::posix().list(log_.directory + "/journal").value();
  ASSERT_GE(names.size(), 3u);
  ASSERT_TRUE(Files::posix().remove(log_.directory + "/journal/" + names[1]));
  EXPECT_EQ(log_.open().error().code(), "ledger.journal.corrupt");
}

class BlobTest : public DamageTest {};

TEST_F(BlobTest, PutTwiceStreamedAndFromAFile) {
  const auto ledger = log_.open().value();
  const std::string content(3'000'000, 'b');
  const Hash256 hash = ledger->put_blob(content).value();
  EXPECT_EQ(hash, sha256(content));
  EXPECT_EQ(ledger->put_blob(content).value(), hash);
  const auto writer = ledger->new_blob().value();
  ASSERT_TRUE(writer->write(content.substr(0, 10)));
  ASSERT_TRUE(writer->write(content.substr(10)));
  EXPECT_EQ(writer->commit().value(), hash);
  EXPECT_EQ(writer->commit().error().code(), "ledger.blob.closed");
  const std::string path = folder_.path() + "/source";
  ASSERT_TRUE(write_file_atomic(Files::posix(), path, content + "x"));
  EXPECT_EQ(ledger->put_blob_file(path).value(), sha256(content + "x"));
  EXPECT_EQ(read_file(Files::posix(), ledger->blob_path(hash)).value(), content);
  EXPECT_TRUE(Files::posix().list(log_.directory + "/blobs/tmp")->empty());
  EXPECT_EQ(testing::problems_of(*fsck(Files::posix(), log_.directory, {})), "");
}

TEST_F(BlobTest, AnAbandonedBlobLeavesNothing) {
  const auto ledger = log_.open().value();
  {
    const auto writer = ledger->new_blob().value();
    ASSERT_TRUE(writer->write("half"));
  }
  EXPECT_TRUE(Files::posix().list(log_.directory + "/blobs/tmp")->empty());
  EXPECT_FALSE(ledger->has_blob(sha256("half")).value());
  const auto missing = ledger->open_blob(sha256("half"));
  EXPECT_EQ(missing.error().code(), "ledger.blob.missing");
  EXPECT_NE(missing.error().message_zh().find(sha256("half").hex()), std::string::npos);
}

TEST_F(BlobTest, ADamagedBlobIsNamedAndMendedByPuttingItAgain) {
  const auto ledger = log_.open().value();
  const Hash256 hash = ledger->put_blob("evidence").value();
  flip(ledger->blob_path(hash), 3);
  const auto report = fsck(Files::posix(), log_.directory, {});
  ASSERT_EQ(report->problems.size(), 1u);
  EXPECT_EQ(report->problems[0].code(), "ledger.fsck.blob");
  EXPECT_EQ(report->problems[0].place().file, ledger->blob_path(hash));
  EXPECT_EQ(ledger->put_blob("evidence").value(), hash);
  EXPECT_EQ(testing::problems_of(*fsck(Files::posix(), log_.directory, {})), "");
}

}  // namespace
}  // namespace yipan::ledger
