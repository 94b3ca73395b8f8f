// The log as a whole: append, reopen, read, prove, check.
#include "yipan/ledger.h"

#include <gtest/gtest.h>

#include <thread>

#include "ledger/test_log.h"
#include "yipan/text.h"

namespace yipan::ledger {
namespace {

using testing::kOrigin;
using testing::make_entry;
using testing::make_signer;
using testing::TestLog;

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() : folder_(testing::make_temp_dir()), log_(Files::posix(), folder_.path() + "/log") {}

  // Appends entries [from, to) in batches.
  void fill(Ledger& ledger, uint64_t from, uint64_t to, uint64_t batch = 100) {
    while (from < to) {
      std::vector<Entry> entries;
      for (uint64_t i = from; i < std::min(to, from + batch); ++i) {
        entries.push_back(make_entry(i, "k" + std::to_string(i)));
      }
      const auto indices = ledger.append(entries);
      ASSERT_TRUE(indices) << indices.error().to_string_en();
      ASSERT_EQ(indices->front(), from);
      from += entries.size();
    }
  }
  void expect_sound(uint64_t entries) {
    const auto report = fsck(Files::posix(), log_.directory, {});
    ASSERT_TRUE(report) << report.error().to_string_en();
    EXPECT_EQ(testing::problems_of(*report), "");
    EXPECT_EQ(report->entries, entries);
  }
  std::unique_ptr<Ledger> open() {
    auto ledger = log_.open();
    EXPECT_TRUE(ledger) << ledger.error().to_string_en();
    return ledger ? *std::move(ledger) : nullptr;
  }

  TempDir folder_;
  TestLog log_;
};

TEST_F(LedgerTest, NewLogIsEmptySignedAndSound) {
  const auto ledger = open();
  ASSERT_TRUE(ledger);
  EXPECT_EQ(ledger->size(), 0u);
  EXPECT_EQ(ledger->root(), empty_root());
  const std::vector<VerifierKey> keys = {log_.signer.verifier()};
  const Note note = open_note(ledger->checkpoint().value(), keys).value();
  EXPECT_EQ(note.text, kOrigin + "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  expect_sound(0);
}

TEST_F(LedgerTest, AppendsReopensAndReadsBack) {
  for (const uint64_t size : {1u, 255u, 256u, 257u, 1000u, 1024u, 1500u}) {
    const auto ledger = open();
    ASSERT_TRUE(ledger);
    fill(*ledger, ledger->size(), size);
    EXPECT_EQ(ledger->size(), size);
    for (uint64_t i = 0; i < size; i += 1 + i / 3) {
      const auto entry = ledger->entry(i);
      ASSERT_TRUE(entry) << entry.error().to_string_en();
      EXPECT_EQ(entry->body, "{\"n\":" + std::to_string(i) + "}");
    }
  }
  expect_sound(1500);
}

TEST_F(LedgerTest, ScanGivesEveryEntryOnceInOrder) {
  const auto ledger = open();
  fill(*ledger, 0, 700);
  uint64_t next = 300;
  ASSERT_TRUE(ledger->scan(300, 700, [&](uint64_t index, std::string_view bytes) -> Result<> {
    EXPECT_EQ(index, next++);
    EXPECT_EQ(bytes, make_entry(index, "k" + std::to_string(index)).encode().value());
    return {};
  }));
  EXPECT_EQ(next, 700u);
  const Result<> stopped = ledger->scan(
      0, 700, [](uint64_t, std::string_view) -> Result<> { return fail(Error("test.stop")); });
  EXPECT_EQ(stopped.error().code(), "test.stop");
  EXPECT_EQ(ledger->entry(700).error().code(), "ledger.range");
}

TEST_F(LedgerTest, TheSameKeyIsAcceptedOnce) {
  auto ledger = open();
  const std::vector<Entry> twice = {make_entry(1, "a"), make_entry(2, "b"), make_entry(3, "a")};
  EXPECT_EQ(ledger->append(twice).value(), (std::vector<uint64_t>{0, 1, 0}));
  EXPECT_EQ(ledger->append(make_entry(4, "b")).value(), 1u);
  EXPECT_EQ(ledger->append(make_entry(4)).value(), 2u);
  EXPECT_EQ(ledger->append(make_entry(4)).value(), 3u);
  EXPECT_EQ(ledger->size(), 4u);
  ledger.reset();
  ledger = open();
  EXPECT_EQ(ledger->append(make_entry(9, "b")).value(), 1u);
  EXPECT_EQ(ledger->find_idempotency_key("a"), 0u);
  EXPECT_EQ(ledger->find_idempotency_key("c"), std::nullopt);
  EXPECT_EQ(log_.open_reader().value()->find_idempotency_key("b"), 1u);
}

TEST_F(LedgerTest, EvidenceMustBeThere) {
  const auto ledger = open();
  Entry entry = make_entry(1);
  entry.evidence = {sha256("file")};
  const auto refused = ledger->append(entry);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "ledger.evidence.missing");
  EXPECT_NE(refused.error().message_en().find(sha256("file").hex()), std::string::npos);
  EXPECT_NE(refused.error().message_zh().find("第 1 条"), std::string::npos);
  EXPECT_NE(refused.error().remedy_en().find("put_blob"), std::string::npos);
  EXPECT_EQ(ledger->put_blob("file").value(), sha256("file"));
  EXPECT_EQ(ledger->append(entry).value(), 0u);
}

TEST_F(LedgerTest, AFailingEntryRefusesTheWholeBatch) {
  const auto ledger = open();
  std::vector<Entry> entries = {make_entry(1), make_entry(2)};
  entries[1].what = "Bad Kind";
  const auto refused = ledger->append(entries);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "ledger.entry.field");
  EXPECT_EQ(refused.error().place().row, 2u);
  EXPECT_EQ(ledger->size(), 0u);
}

TEST_F(LedgerTest, AnEntryWithoutATimeGetsTheClocks) {
  const auto ledger = open();
  Entry entry = make_entry(1);
  entry.when = Instant();
  EXPECT_EQ(ledger->append(entry).value(), 0u);
  EXPECT_EQ(ledger->entry(0)->when, log_.clock.now());
}

TEST_F(LedgerTest, OneWriterAndTheErrorNamesIt) {
  const auto ledger = open();
  const auto second = log_.open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), "ledger.locked");
  const std::string pid = std::to_string(getpid());
  EXPECT_NE(second.error().message_en().find(pid), std::string::npos);
  EXPECT_NE(second.error().message_zh().find(pid), std::string::npos);
  EXPECT_FALSE(second.error().remedy_en().empty());
}

TEST_F(LedgerTest, ConcurrentAppendsAllGetTheirOwnIndices) {
  const auto ledger = open();
  constexpr uint64_t kThreads = 8;
  constexpr uint64_t kEach = 60;
  std::vector<std::vector<uint64_t>> indices(kThreads);
  std::vector<std::thread> threads;
  for (uint64_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (uint64_t i = 0; i < kEach; ++i) {
        const std::vector<Entry> pair = {make_entry(t * 1000 + i), make_entry(t * 1000 + i)};
        const auto got = ledger->append(pair);
        if (got) indices[t].insert(indices[t].end(), got->begin(), got->end());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<uint64_t> all;
  for (uint64_t t = 0; t < kThreads; ++t) {
    ASSERT_EQ(indices[t].size(), 2 * kEach);
    for (size_t i = 0; i < indices[t].size(); ++i) {
      all.push_back(indices[t][i]);
      EXPECT_EQ(ledger->entry(indices[t][i])->body,
                "{\"n\":" + std::to_string(t * 1000 + i / 2) + "}");
    }
  }
  std::sort(all.begin(), all.end());
  for (uint64_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i);
}

TEST_F(LedgerTest, TheTimerPublishesWithoutFurtherAppends) {
  Options options = log_.options();
  options.clock = &Clock::system();
  options.background = true;
  options.checkpoint_interval_micros = 2000;
  const auto ledger = Ledger::open(options).value();
  ASSERT_TRUE(ledger->append(make_entry(1)));
  const int64_t give_up = Clock::system().monotonic_micros() + 20'000'000;
  while (ledger->checkpoint()->find("\n1\n") == std::string::npos &&
         Clock::system().monotonic_micros() < give_up) {
    std::this_thread::yield();
  }
  EXPECT_NE(ledger->checkpoint()->find("\n1\n"), std::string::npos);
}

TEST_F(LedgerTest, IntervalZeroPublishesEveryAppend) {
  Options options = log_.options();
  options.checkpoint_interval_micros = 0;
  const auto ledger = Ledger::open(options).value();
  for (int i = 1; i < 5; ++i) {
    ASSERT_TRUE(ledger->append(make_entry(1)));
    EXPECT_NE(ledger->checkpoint()->find("\n" + std::to_string(i) + "\n"), std::string::npos);
  }
  expect_sound(4);
}

TEST_F(LedgerTest, AReaderSeesTheJournalsTailAndRefreshes) {
  const auto writer = open();
  fill(*writer, 0, 300);
  ASSERT_TRUE(writer->sign_checkpoint());
  fill(*writer, 300, 900);
  const auto reader = log_.open_reader().value();
  EXPECT_EQ(reader->size(), 900u);
  EXPECT_EQ(reader->root(), writer->root());
  EXPECT_EQ(reader->origin(), kOrigin);
  EXPECT_EQ(reader->entry(899)->body, "{\"n\":899}");
  EXPECT_EQ(reader->entry(500)->body, "{\"n\":500}");
  EXPECT_EQ(reader->append(make_entry(1)).error().code(), "ledger.read_only");
  fill(*writer, 900, 2000);
  ASSERT_TRUE(reader->refresh());
  EXPECT_EQ(reader->size(), 2000u);
  EXPECT_EQ(reader->root(), writer->root());
}

TEST_F(LedgerTest, JournalIsTrimmedAndTheLogStillOpens) {
  {
    const auto ledger = open();
    for (uint64_t at = 0; at < 6000; at += 500) {
      fill(*ledger, at, at + 500, 10);
      ASSERT_TRUE(ledger->sign_checkpoint());
    }
  }
  const auto names = Files::posix().list(log_.directory + "/journal").value();
  EXPECT_LT(names.size(), 12u) << "about 300 segments were begun";
  EXPECT_NE(names.front(), "00000000000000000000.journal");
  expect_sound(6000);
  {
    const auto ledger = open();
    ASSERT_EQ(ledger->size(), 6000u);
    EXPECT_EQ(ledger->append(make_entry(1, "k17")).value(), 17u);
    fill(*ledger, 6000, 9000, 10);  // trims what the process before us has written
  }
  expect_sound(9000);
}

TEST_F(LedgerTest, RefusesAnotherKeyAndAnotherName) {
  { const auto ledger = open(); }
  log_.signer = make_signer(kOrigin, 'x');
  EXPECT_EQ(log_.open().error().code(), "ledger.note.unverified");
  ASSERT_TRUE(Files::posix().remove(log_.directory + "/checkpoint"));
  EXPECT_EQ(log_.open().error().code(), "ledger.key.other");
  log_.signer = make_signer("other.example");
  const auto wrong = log_.open();
  EXPECT_EQ(wrong.error().code(), "ledger.key.name");
  EXPECT_NE(wrong.error().message_en().find("other.example"), std::string::npos);
}

TEST_F(LedgerTest, RefusesToOpenWithoutItsJournal) {
  {
    const auto ledger = open();
    fill(*ledger, 0, 10);
  }
  ASSERT_TRUE(Files::posix().rename(log_.directory + "/journal", folder_.path() + "/gone"));
  const auto refused = log_.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "ledger.journal.missing");
  EXPECT_EQ(log_.open_reader().value()->size(), 10u);
}

TEST_F(LedgerTest, MissingLogIsAClearError) {
  const auto reader = log_.open_reader();
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code(), "ledger.not_found");
  EXPECT_EQ(reader.error().place().file, log_.directory);
}

}  // namespace
}  // namespace yipan::ledger
