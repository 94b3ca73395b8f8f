// Crashes: power cuts, failing writes, syncs and renames at every operation of a mixed workload,
// and SIGKILL of a real process. Never may an acknowledged entry or blob be lost.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <map>

#include "ledger/test_log.h"
#include "support/faulty_files.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

using testing::kOrigin;
using testing::make_entry;
using testing::make_signer;
using testing::TestLog;
using yipan::testing::FaultyFiles;

constexpr const char* kDirectory = "/log";

// What the workload was told is durable.
struct Acknowledged {
  std::map<uint64_t, std::string> entries;  // index -> bytes
  std::vector<Hash256> blobs;
  std::string checkpoint;
};

Entry numbered(uint64_t number, const Acknowledged& acknowledged) {
  Entry entry = make_entry(number, "key" + std::to_string(number));
  if (number % 7 == 0 && !acknowledged.blobs.empty()) entry.evidence = {acknowledged.blobs.back()};
  return entry;
}

// One batch of entries; whether it was acknowledged.
bool append_batch(Ledger& ledger, uint64_t* number, uint64_t count, Acknowledged* out) {
  std::vector<Entry> entries;
  for (uint64_t i = 0; i < count; ++i) entries.push_back(numbered((*number)++, *out));
  const auto indices = ledger.append(entries);
  if (!indices) return false;
  for (size_t i = 0; i < entries.size(); ++i) {
    out->entries[(*indices)[i]] = entries[i].encode().value();
  }
  return true;
}

// Appends, blobs, checkpoints, a cosignature and a reopening, over a full bundle and several
// segments. Goes on after errors, as a stubborn caller would.
void work(Files& files, Acknowledged* out) {
  TestLog log(files, kDirectory);
  log.segment_bytes = 2000;
  const Signer witness = make_signer("witness.example", 'w');
  uint64_t number = 0;
  for (const uint64_t rounds : {2u, 7u}) {
    auto opened = log.open();
    if (!opened) continue;
    Ledger& ledger = **opened;
    for (uint64_t round = 0; round < rounds; ++round) {
      const std::string content = "blob " + std::to_string(number % 200);
      if (const auto blob = ledger.put_blob(content)) out->blobs.push_back(*blob);
      append_batch(ledger, &number, 1 + round * 17 % 60, out);
      append_batch(ledger, &number, 25, out);
      if (round % 3 == 2) {
        const auto note = ledger.sign_checkpoint();
        if (note) out->checkpoint = *note;
        const auto cosigned = note ? witness.cosign(*note, 1700000000) : note;
        if (cosigned) {
          static_cast<void>(ledger.add_cosignature(*cosigned, witness.cosigner_key()));
        }
      }
    }
  }
}

// Opens what is left and holds it against what was acknowledged.
void expect_recovered(Files& files, const Acknowledged& acknowledged, const std::string& when) {
  TestLog log(files, kDirectory);
  const auto opened = log.open();
  ASSERT_TRUE(opened) << when << ": " << opened.error().to_string_en();
  Ledger& ledger = **opened;
  for (const auto& [index, bytes] : acknowledged.entries) {
    const auto found = ledger.entry_bytes(index);
    ASSERT_TRUE(found) << when << ": entry " << index << ": " << found.error().to_string_en();
    ASSERT_EQ(*found, bytes) << when << ": entry " << index;
  }
  for (const Hash256& blob : acknowledged.blobs) {
    const auto file = ledger.open_blob(blob);
    ASSERT_TRUE(file) << when << ": " << file.error().to_string_en();
  }
  if (!acknowledged.checkpoint.empty()) {
    const std::vector<VerifierKey> keys = {log.signer.verifier()};
    const Note note = open_note(acknowledged.checkpoint, keys).value();
    const Checkpoint signed_before = Checkpoint::parse(note.text).value();
    ASSERT_EQ(ledger.root_at(signed_before.size).value(), signed_before.root) << when;
  }
  const auto next = ledger.append(make_entry(1'000'000, "after"));
  ASSERT_TRUE(next) << when << ": " << next.error().to_string_en();
  ASSERT_TRUE(ledger.sign_checkpoint()) << when;
  const auto report = fsck(files, kDirectory, {});
  ASSERT_TRUE(report) << when;
  ASSERT_EQ(testing::problems_of(*report), "") << when;
  ASSERT_EQ(report->entries, *next + 1) << when;
}

uint64_t count_operations() {
  FaultyFiles files;
  Acknowledged all;
  work(files, &all);
  EXPECT_GT(all.entries.size(), 300u);
  expect_recovered(files, all, "no fault");
  return files.operations();
}

TEST(LedgerCrash, PowerCutBeforeEveryOperation) {
  const uint64_t seed = testing::test_seed("PowerCutBeforeEveryOperation");
  const uint64_t total = count_operations();
  std::cout << total << " operations\n";
  for (uint64_t n = 0; n <= total && !::testing::Test::HasFatalFailure(); ++n) {
    FaultyFiles files;
    files.cut_power_before(n);
    Acknowledged acknowledged;
    work(files, &acknowledged);
    Random random(seed + n);
    const auto disk = files.after_crash(random);
    expect_recovered(*disk, acknowledged, "power cut before operation " + std::to_string(n));
  }
}

// The recovery itself is cut too, at any operation.
TEST(LedgerCrash, PowerCutDuringRecovery) {
  const uint64_t seed = testing::test_seed("PowerCutDuringRecovery");
  const uint64_t total = count_operations();
  Random random(seed);
  for (int i = 0; i < 300 && !::testing::Test::HasFatalFailure(); ++i) {
    FaultyFiles files;
    const uint64_t first = random.below(total);
    files.cut_power_before(first);
    Acknowledged acknowledged;
    work(files, &acknowledged);
    const auto disk = files.after_crash(random);
    const uint64_t second = disk->operations() + random.below(60);
    disk->cut_power_before(second);
    static_cast<void>(TestLog(*disk, kDirectory).open());
    const auto again = disk->after_crash(random);
    expect_recovered(
        *again, acknowledged,
        "power cuts before " + std::to_string(first) + " and " + std::to_string(second));
  }
}

void run_with_errors(int error, bool lasting, const std::string& name) {
  const uint64_t seed = testing::test_seed(name.c_str());
  const uint64_t total = count_operations();
  for (uint64_t n = 0; n <= total && !::testing::Test::HasFatalFailure(); ++n) {
    FaultyFiles files;
    if (lasting) {
      files.fail_from(n, error);
    } else {
      files.fail_at(n, error, n % 2 == 0 ? std::optional<size_t>(n % 97) : std::nullopt);
    }
    Acknowledged acknowledged;
    work(files, &acknowledged);
    files.clear_faults();
    const std::string when = name + " at operation " + std::to_string(n);
    Random random(seed + n);
    const auto disk = files.after_crash(random);  // and then the power fails as well
    expect_recovered(*disk, acknowledged, when + ", power cut");
    if (!::testing::Test::HasFatalFailure()) expect_recovered(files, acknowledged, when);
  }
}

TEST(LedgerCrash, OneInputOutputErrorAtEveryOperation) { run_with_errors(EIO, false, "one EIO"); }
TEST(LedgerCrash, OneWantOfSpaceAtEveryOperation) { run_with_errors(ENOSPC, false, "one ENOSPC"); }
TEST(LedgerCrash, DiskFullFromEveryOperation) { run_with_errors(ENOSPC, true, "ENOSPC from"); }
TEST(LedgerCrash, DiskDeadFromEveryOperation) { run_with_errors(EIO, true, "EIO from"); }

TEST(LedgerCrash, AFailedSyncStopsTheWriterUntilItIsOpenedAnew) {
  FaultyFiles files;
  TestLog log(files, kDirectory);
  auto ledger = log.open().value();
  ASSERT_TRUE(ledger->append(make_entry(1)));
  files.fail_at(files.operations() + 1, EIO);  // write_at, then sync_data
  const auto failed = ledger->append(make_entry(2));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().os_errno(), EIO);
  const auto stopped = ledger->append(make_entry(3));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code(), "ledger.stopped");
  ASSERT_NE(stopped.error().cause(), nullptr);
  EXPECT_EQ(stopped.error().cause()->os_errno(), EIO);
  EXPECT_NE(stopped.error().remedy_en().find("open the ledger anew"), std::string::npos);
  EXPECT_NE(stopped.error().remedy_zh().find("重新打开"), std::string::npos);
  EXPECT_EQ(ledger->size(), 1u);
  ledger.reset();
  ledger = log.open().value();
  EXPECT_GE(ledger->size(), 1u);
  EXPECT_TRUE(ledger->append(make_entry(4)));
}

TEST(LedgerCrash, AfterWantOfSpaceTheSameWriterGoesOn) {
  FaultyFiles files;
  TestLog log(files, kDirectory);
  const auto ledger = log.open().value();
  files.fail_at(files.operations(), ENOSPC, 50);
  EXPECT_EQ(ledger->append(make_entry(1)).error().os_errno(), ENOSPC);
  EXPECT_EQ(ledger->append(make_entry(2)).value(), 0u);
  EXPECT_TRUE(ledger->sign_checkpoint());
}

// The child writes the number of entries that were acknowledged to a pipe, until it is killed.
[[noreturn]] void append_until_killed(const std::string& directory, int pipe) {
  const Signer signer = make_signer();
  Options options;
  options.files = &Files::posix();
  options.clock = &Clock::system();
  options.directory = directory;
  options.origin = kOrigin;
  options.signer = &signer;
  options.checkpoint_interval_micros = 3000;
  options.journal_segment_bytes = 20000;
  const auto ledger = Ledger::open(options).value();
  for (;;) {
    std::vector<Entry> entries;
    const uint64_t first = ledger->size();
    for (uint64_t i = 0; i < 1 + first % 23; ++i) entries.push_back(make_entry(first + i));
    if (!ledger->append(entries)) _exit(1);
    const uint64_t size = first + entries.size();
    if (write(pipe, &size, sizeof size) != sizeof size) _exit(2);
  }
}

TEST(LedgerCrash, KilledProcessLosesNothingThatWasAcknowledged) {
  const uint64_t seed = testing::test_seed("KilledProcess");
  const TempDir folder = testing::make_temp_dir();
  const std::string directory = folder.path() + "/log";
  Random random(seed);
  uint64_t acknowledged = 0;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      close(ends[0]);
      append_until_killed(directory, ends[1]);
    }
    close(ends[1]);
    uint64_t size = 0;
    for (uint64_t left = random.below(60); left > 0; --left) {
      ASSERT_EQ(read(ends[0], &size, sizeof size), static_cast<ssize_t>(sizeof size));
      acknowledged = size;
    }
    ASSERT_EQ(kill(child, SIGKILL), 0);
    while (read(ends[0], &size, sizeof size) == static_cast<ssize_t>(sizeof size)) {
      acknowledged = size;
    }
    close(ends[0]);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    TestLog log(Files::posix(), directory);
    const auto ledger = log.open();
    ASSERT_TRUE(ledger) << ledger.error().to_string_en();
    ASSERT_GE((*ledger)->size(), acknowledged);
    ASSERT_TRUE((*ledger)->scan(0, (*ledger)->size(), [](uint64_t i, std::string_view bytes) {
      EXPECT_EQ(bytes, make_entry(i).encode().value());
      return Result<>();
    }));
  }
  std::cout << acknowledged << " entries acknowledged over 25 kills\n";
  const auto report = fsck(Files::posix(), directory, {});
  EXPECT_EQ(testing::problems_of(*report), "");
}

}  // namespace
}  // namespace yipan::ledger
