// Every byte of every file of a small ledger, flipped one at a time: fsck must name the file.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/test_log.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

namespace fs = std::filesystem;
using testing::make_entry;
using testing::make_signer;
using testing::TestLog;

std::string read_all(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

void write_all(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

class FlipTest : public ::testing::Test {
 protected:
  FlipTest() : folder_(testing::make_temp_dir()), log_(Files::posix(), folder_.path() + "/log") {}

  // Short entries; two full bundles, partial files kept from earlier checkpoints, blobs, a witness.
  void make_log(uint64_t size) {
    log_.segment_bytes = 20000;
    const auto ledger = log_.open().value();
    const Signer witness = make_signer("witness.example", 'w');
    const Hash256 blob = ledger->put_blob("the file that was imported\n").value();
    ASSERT_TRUE(ledger->put_blob("another"));
    for (uint64_t i = 0; i < size; ++i) {
      Entry entry = make_entry(i, i % 50 == 0 ? "key" + std::to_string(i) : "");
      if (i == 3) entry.evidence = {blob};
      ASSERT_TRUE(ledger->append(entry));
      if (i % 90 == 80) {
        ASSERT_TRUE(ledger->sign_checkpoint());
      }
      if (i == 170) cosign(*ledger, witness);
    }
    cosign(*ledger, witness);
  }

  void cosign(Ledger& ledger, const Signer& witness) {
    const std::string note = ledger.sign_checkpoint().value();
    const std::string cosigned = witness.cosign(note, 1700000000).value();
    ASSERT_TRUE(ledger.add_cosignature(cosigned, witness.cosigner_key()));
  }

  std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& item : fs::recursive_directory_iterator(log_.directory)) {
      if (item.is_regular_file() && item.path().filename() != "lock") out.push_back(item.path());
    }
    return out;
  }

  // The problems that fsck finds with byte `at` of the file changed; those that name the file.
  void expect_named(const fs::path& path, const std::string& content, size_t at, char mask) {
    std::string altered = content;
    altered[at] = static_cast<char>(altered[at] ^ mask);
    write_all(path, altered);
    const auto report = fsck(Files::posix(), log_.directory, {});
    write_all(path, content);
    ASSERT_TRUE(report);
    bool named = false;
    for (const Error& error : report->problems) named |= error.place().file == path.string();
    ASSERT_TRUE(named) << path << " byte " << at << "\n" << testing::problems_of(*report);
  }

  TempDir folder_;
  TestLog log_;
};

TEST_F(FlipTest, EveryByteOfASmallLog) {
  make_log(12);
  Random random(testing::test_seed("EveryByteOfASmallLog"));
  size_t flips = 0;
  for (const fs::path& path : files()) {
    const std::string content = read_all(path);
    for (size_t at = 0; at < content.size() && !HasFatalFailure(); ++at, ++flips) {
      expect_named(path, content, at, static_cast<char>(1u << random.below(8)));
    }
  }
  std::cout << flips << " flips in " << files().size() << " files\n";
  EXPECT_GT(flips, 4000u);
}

TEST_F(FlipTest, ManyBytesOfALogWithFullTiles) {
  make_log(600);
  Random random(testing::test_seed("ManyBytesOfALogWithFullTiles"));
  size_t flips = 0;
  for (const fs::path& path : files()) {
    const std::string content = read_all(path);
    for (int i = 0; i < 40 && !HasFatalFailure(); ++i, ++flips) {
      expect_named(path, content, random.below(content.size()),
                   static_cast<char>(1u << random.below(8)));
    }
  }
  std::cout << flips << " flips in " << files().size() << " files\n";
}

TEST_F(FlipTest, TruncatedAndMissingFilesAreNamed) {
  make_log(300);
  for (const fs::path& path : files()) {
    const std::string content = read_all(path);
    write_all(path, content.substr(0, content.size() / 2));
    const auto cut = fsck(Files::posix(), log_.directory, {});
    EXPECT_FALSE(cut->problems.empty()) << path;
    // A partial file that no present checkpoint needs, or an old cosigned one, may be removed.
    // The journal's oldest segments are removed by trimming.
    const bool may_go = path.string().find(".p/") != std::string::npos ||
                        path.string().find("cosigned/") != std::string::npos ||
                        path.filename() == "00000000000000000000.journal";
    // A blob that no entry names may not have come to be.
    const bool is_spare_blob = read_all(path).starts_with("ano");
    fs::remove(path);
    const auto gone = fsck(Files::posix(), log_.directory, {});
    if (!may_go && !is_spare_blob) {
      EXPECT_FALSE(gone->problems.empty()) << path;
    }
    write_all(path, content);
  }
  EXPECT_EQ(testing::problems_of(*fsck(Files::posix(), log_.directory, {})), "");
}

TEST_F(FlipTest, TheProblemSaysWhichEntry) {
  make_log(300);
  const fs::path bundle = log_.directory + "/tile/entries/000";
  std::string content = read_all(bundle);
  const size_t at = content.find("\"n\":123}");
  content[at + 4] = '7';
  write_all(bundle, content);
  const auto report = fsck(Files::posix(), log_.directory, {});
  ASSERT_EQ(report->problems.size(), 1u) << testing::problems_of(*report);
  const Error& error = report->problems[0];
  EXPECT_EQ(error.place().file, bundle.string());
  EXPECT_EQ(error.place().element, "entry 123");
  EXPECT_LE(*error.place().byte_offset, at);
  EXPECT_GT(*error.place().byte_offset + 200, at);
  EXPECT_NE(error.message_zh().find("条目 123"), std::string::npos);
  EXPECT_NE(error.remedy_en().find("restore"), std::string::npos);
}

TEST_F(FlipTest, MissingEvidenceIsNamedWithItsEntry) {
  make_log(10);
  const std::string hex = sha256("the file that was imported\n").hex();
  fs::remove(log_.directory + "/blobs/" + hex.substr(0, 2) + "/" + hex);
  const auto report = fsck(Files::posix(), log_.directory, {});
  ASSERT_EQ(report->problems.size(), 1u) << testing::problems_of(*report);
  EXPECT_EQ(report->problems[0].code(), "ledger.fsck.evidence");
  EXPECT_EQ(report->problems[0].place().element, "entry 3");
}

TEST_F(FlipTest, ALogWithTheWrongRootButGoodSignatureIsFound) {
  make_log(10);
  Checkpoint other;
  other.origin = testing::kOrigin;
  other.size = 10;
  other.root = sha256("another tree");
  write_all(log_.directory + "/checkpoint", log_.signer.sign_note(other.to_string()).value());
  const auto report = fsck(Files::posix(), log_.directory, {});
  EXPECT_NE(testing::problems_of(*report).find("ledger.fsck.root"), std::string::npos);
  EXPECT_EQ(log_.open().error().code(), "ledger.root.mismatch");
  EXPECT_EQ(log_.open_reader().error().code(), "ledger.root.mismatch");
}

TEST_F(FlipTest, AForeignLogIsCheckedWithItsKeyAlone) {
  make_log(300);
  for (const char* name :
       {"journal", "index", "blobs", "log.vkey", "cosigned", "witnesses.vkeys"}) {
    fs::remove_all(log_.directory + "/" + name);
  }
  FsckOptions options;
  const auto unsigned_report = fsck(Files::posix(), log_.directory, options);
  EXPECT_EQ(unsigned_report->problems.front().code(), "ledger.note.unverified");
  options.keys = {log_.signer.verifier()};
  const auto report = fsck(Files::posix(), log_.directory, options);
  EXPECT_EQ(testing::problems_of(*report), "");
  EXPECT_EQ(report->entries, 300u);
}

}  // namespace
}  // namespace yipan::ledger
