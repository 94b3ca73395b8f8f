#include "support/faulty_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <map>
#include <set>

namespace yipan::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

constexpr uint64_t kSeed = 20221123;

std::unique_ptr<File> create(Files& files, const std::string& path) {
  Result<std::unique_ptr<File>> file = files.open(path, Open::create);
  EXPECT_TRUE(file) << file.error().to_string_en();
  return std::move(*file);
}

void put(Files& files, const std::string& path, std::string_view content) {
  ASSERT_TRUE(create(files, path)->write_at(0, content));
}

std::string get(Files& files, const std::string& path) {
  const Result<std::string> content = read_file(files, path);
  return content ? *content : content.error().code();
}

// Every outcome of many crashes, as the state of the disk that `look` sees.
std::set<std::string> outcomes(const FaultyFiles& files,
                               const std::function<std::string(Files&)>& look) {
  std::set<std::string> seen;
  Random random(kSeed);
  for (int i = 0; i < 2000; ++i) seen.insert(look(*files.after_crash(random)));
  return seen;
}

TEST(FaultyFiles, WorksAsAFileSystem) {
  FaultyFiles files;
  ASSERT_TRUE(files.make_directories("/data/a"));
  put(files, "/data/a/x", "hello");
  EXPECT_EQ(get(files, "data/a/x"), "hello");
  const auto file = create(files, "/data/a/x");
  ASSERT_TRUE(file->write_at(8, "!"));
  EXPECT_EQ(get(files, "/data/a/x"), std::string("hello\0\0\0!", 9));
  ASSERT_TRUE(file->truncate(4));
  EXPECT_EQ(*file->size(), 4u);
  char buffer[8];
  EXPECT_EQ(*file->read_at(2, buffer, sizeof buffer), 2u);
  EXPECT_EQ(*file->read_at(9, buffer, sizeof buffer), 0u);
  put(files, "/data/y", "y");
  ASSERT_TRUE(files.rename("/data/a/x", "/data/y"));
  EXPECT_EQ(get(files, "/data/y"), "hell");
  EXPECT_FALSE(*files.exists("/data/a/x"));
  EXPECT_THAT(*files.list("/data"), ElementsAre("a", "y"));
  ASSERT_TRUE(files.remove("/data/a"));
  ASSERT_TRUE(files.remove("/data/y"));
  ASSERT_TRUE(file->write_at(0, "J"));  // removed, but still open
  EXPECT_EQ(*file->read_at(0, buffer, 1), 1u);
  EXPECT_THAT(*files.list("/data"), ElementsAre());
}

TEST(FaultyFiles, RefusesWhatAFileSystemRefuses) {
  FaultyFiles files;
  ASSERT_TRUE(files.make_directories("d/e"));
  put(files, "d/f", "");
  EXPECT_EQ(files.open("d/none", Open::read).error().code(), "base.file.not_found");
  EXPECT_EQ(files.open("none/f", Open::create).error().code(), "base.file.not_found");
  EXPECT_EQ(files.open("d/f", Open::create_new).error().code(), "base.file.exists");
  EXPECT_EQ(files.open("d", Open::read).error().os_errno(), EISDIR);
  EXPECT_EQ(files.remove("d").error().os_errno(), ENOTEMPTY);
  EXPECT_EQ(files.remove("d/none").error().os_errno(), ENOENT);
  EXPECT_EQ(files.rename("d/none", "d/g").error().os_errno(), ENOENT);
  EXPECT_EQ(files.rename("d/f", "d/e").error().os_errno(), EISDIR);
  EXPECT_EQ(files.rename("d/e", "d/f").error().os_errno(), ENOTDIR);
  EXPECT_EQ(files.make_directories("d/f/g").error().os_errno(), ENOTDIR);
  EXPECT_EQ(files.list("d/f").error().os_errno(), ENOTDIR);
  EXPECT_EQ(files.sync_directory("none").error().os_errno(), ENOENT);
  const auto reader = files.open("d/f", Open::read);
  EXPECT_FALSE((*reader)->write_at(0, "x"));
  EXPECT_FALSE((*reader)->truncate(0));
  EXPECT_EQ(get(files, "d/f"), "");
}

TEST(FaultyFiles, LockIsExclusiveAndEndsWithItsObject) {
  FaultyFiles files;
  {
    const auto held = files.lock("lock");
    ASSERT_TRUE(held);
    const auto second = files.lock("lock");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), "base.file.locked");
    EXPECT_THAT(second.error().to_string_zh(), HasSubstr("进程号"));
  }
  EXPECT_TRUE(files.lock("lock"));
  Random random(kSeed);
  const auto held = files.lock("lock");
  EXPECT_TRUE(files.after_crash(random)->lock("lock"));  // a lock does not outlive the machine
}

TEST(FaultyFiles, NumbersEveryOperationThatChangesSomething) {
  FaultyFiles files;
  ASSERT_TRUE(files.make_directories("a/b"));  // two folders: made and synced
  EXPECT_EQ(files.operations(), 4u);
  ASSERT_TRUE(files.make_directories("a/b"));
  EXPECT_EQ(files.operations(), 4u);
  const auto file = create(files, "a/b/f");
  EXPECT_EQ(files.operations(), 5u);
  create(files, "a/b/f");
  EXPECT_EQ(files.operations(), 5u);
  ASSERT_TRUE(file->write_at(0, "x"));
  ASSERT_TRUE(file->sync_data());
  ASSERT_TRUE(file->truncate(0));
  ASSERT_TRUE(files.rename("a/b/f", "a/b/g"));
  ASSERT_TRUE(files.sync_directory("a/b"));
  ASSERT_TRUE(files.remove("a/b/g"));
  EXPECT_EQ(files.operations(), 11u);
  EXPECT_FALSE(files.fault_happened());
}

TEST(FaultyFiles, FailsTheOperationItWasToldToFail) {
  for (uint64_t n = 0; n < 6; ++n) {
    FaultyFiles files;
    files.fail_at(n, ENOSPC);
    std::vector<Result<>> results;
    Result<std::unique_ptr<File>> file = files.open("f", Open::create);
    results.push_back(file ? Result<>() : Result<>(fail(file.error())));
    if (!file) file = files.open("f", Open::create);
    ASSERT_TRUE(file);
    if (n > 0) results.push_back((*file)->write_at(0, "abc"));
    if (n > 0) results.push_back((*file)->sync_data());
    if (n > 0) results.push_back((*file)->truncate(1));
    if (n > 0) results.push_back(files.sync_directory("."));
    if (n > 0) results.push_back(files.remove("f"));
    for (size_t i = 0; i < results.size(); ++i) {
      EXPECT_EQ(results[i].has_value(), i != n) << "operation " << i << ", told " << n;
      if (i == n) {
        EXPECT_EQ(results[i].error().code(), "base.file.no_space");
      }
    }
    EXPECT_TRUE(files.fault_happened());
  }
}

TEST(FaultyFiles, AFailedWriteMayHaveWrittenSomeBytes) {
  FaultyFiles files;
  const auto file = create(files, "f");
  files.fail_at(1, ENOSPC, 2);
  files.fail_from(3, EIO);
  EXPECT_EQ(file->write_at(0, "abcdef").error().os_errno(), ENOSPC);
  EXPECT_EQ(get(files, "f"), "ab");
  EXPECT_TRUE(file->write_at(0, "xyz"));
  EXPECT_EQ(file->write_at(0, "123").error().os_errno(), EIO);
  EXPECT_EQ(file->sync_data().error().os_errno(), EIO);
  EXPECT_EQ(get(files, "f"), "xyz");
  files.clear_faults();
  EXPECT_TRUE(file->sync_data());
}

TEST(FaultyFiles, ReadsFailWhenToldTo) {
  FaultyFiles files;
  put(files, "f", "abc");
  files.fail_read_at(1, EIO);
  EXPECT_EQ(get(files, "f"), "abc");
  EXPECT_EQ(get(files, "f"), "base.file.io");
  EXPECT_EQ(get(files, "f"), "abc");
  EXPECT_EQ(files.reads(), 3u);
}

TEST(FaultyFiles, NothingWorksWithoutPower) {
  FaultyFiles files;
  const auto file = create(files, "f");
  files.cut_power_after(1);
  EXPECT_TRUE(file->write_at(0, "1"));
  EXPECT_FALSE(file->write_at(0, "2"));
  char byte;
  EXPECT_FALSE(file->read_at(0, &byte, 1));
  EXPECT_FALSE(file->size());
  EXPECT_FALSE(file->truncate(0));
  EXPECT_FALSE(file->sync_data());
  EXPECT_FALSE(files.open("f", Open::read));
  EXPECT_FALSE(files.exists("f"));
  EXPECT_FALSE(files.list("/"));
  EXPECT_FALSE(files.rename("f", "g"));
  EXPECT_FALSE(files.remove("f"));
  EXPECT_FALSE(files.make_directories("d"));
  EXPECT_FALSE(files.sync_directory("/"));
  EXPECT_FALSE(files.lock("f"));
}

TEST(AfterCrash, WhatWasSyncedIsThere) {
  FaultyFiles files;
  ASSERT_TRUE(files.make_directories("d"));
  const auto file = create(files, "d/f");
  ASSERT_TRUE(file->write_at(0, "abc"));
  ASSERT_TRUE(file->sync_data());
  ASSERT_TRUE(files.sync_directory("d"));
  EXPECT_THAT(outcomes(files, [](Files& disk) { return get(disk, "d/f"); }), ElementsAre("abc"));
}

TEST(AfterCrash, AnUnsyncedWriteIsThereOrNotOrTorn) {
  FaultyFiles files;
  const auto file = create(files, "f");
  ASSERT_TRUE(file->write_at(0, "aaaa"));
  ASSERT_TRUE(file->sync_data());
  ASSERT_TRUE(files.sync_directory("/"));
  ASSERT_TRUE(file->write_at(2, "bbbb"));
  const std::string grown("aaaa\0\0", 6);
  EXPECT_THAT(outcomes(files, [](Files& disk) { return get(disk, "f"); }),
              ElementsAre("aaaa", grown, "aaba", "aabb", "aabbb", "aabbbb"));
}

TEST(AfterCrash, SectorsSurviveEachForItself) {
  FaultyFiles files;
  const auto file = create(files, "f");
  ASSERT_TRUE(file->write_at(0, std::string(3 * 512, '.')));
  ASSERT_TRUE(file->sync_data());
  ASSERT_TRUE(files.sync_directory("/"));
  ASSERT_TRUE(file->write_at(256, std::string(2 * 512, 'x')));  // touches three sectors
  const auto seen = outcomes(files, [](Files& disk) {
    const std::string content = get(disk, "f");
    return std::string{content[300], content[700], content[1100]};
  });
  EXPECT_THAT(seen, IsSupersetOf({"...", "x..", ".x.", "..x", "xx.", "x.x", ".xx", "xxx"}));
}

TEST(AfterCrash, WritesMayArriveWithoutThoseBefore) {
  FaultyFiles files;
  const auto file = create(files, "f");
  ASSERT_TRUE(file->write_at(0, "--"));
  ASSERT_TRUE(file->sync_data());
  ASSERT_TRUE(files.sync_directory("/"));
  ASSERT_TRUE(file->write_at(0, "1"));
  ASSERT_TRUE(file->write_at(1, "2"));
  EXPECT_THAT(outcomes(files, [](Files& disk) { return get(disk, "f"); }),
              ElementsAre("--", "-2", "1-", "12"));
}

TEST(AfterCrash, TruncationIsPendingUntilSynced) {
  FaultyFiles files;
  const auto file = create(files, "f");
  ASSERT_TRUE(file->write_at(0, "abcd"));
  ASSERT_TRUE(file->sync_data());
  ASSERT_TRUE(files.sync_directory("/"));
  ASSERT_TRUE(file->truncate(1));
  const auto look = [](Files& disk) { return get(disk, "f"); };
  EXPECT_THAT(outcomes(files, look), ElementsAre("a", "abcd"));
  ASSERT_TRUE(file->sync_data());
  EXPECT_THAT(outcomes(files, look), ElementsAre("a"));
}

TEST(AfterCrash, NamesNeedTheirFolderSynced) {
  FaultyFiles files;
  const auto file = create(files, "f");
  ASSERT_TRUE(file->write_at(0, "x"));
  ASSERT_TRUE(file->sync_data());
  const auto names = [](Files& disk) {
    std::string all;
    const std::vector<std::string> entries = disk.list("/").value();
    for (const std::string& name : entries) all += name;
    return all;
  };
  EXPECT_THAT(outcomes(files, names), ElementsAre("", "f"));
  ASSERT_TRUE(files.sync_directory("/"));
  ASSERT_TRUE(files.rename("f", "g"));
  EXPECT_THAT(outcomes(files, names), ElementsAre("f", "g"));  // never both, never neither
  ASSERT_TRUE(files.sync_directory("/"));
  EXPECT_THAT(outcomes(files, names), ElementsAre("g"));
  ASSERT_TRUE(files.remove("g"));
  EXPECT_THAT(outcomes(files, names), ElementsAre("", "g"));
}

TEST(AfterCrash, ARenameAcrossFoldersNeedsBothSynced) {
  FaultyFiles files;
  ASSERT_TRUE(files.make_directories("a"));
  ASSERT_TRUE(files.make_directories("b"));
  put(files, "a/f", "");
  ASSERT_TRUE(files.sync_directory("a"));
  ASSERT_TRUE(files.rename("a/f", "b/f"));
  const auto where = [](Files& disk) {
    return std::string(*disk.exists("a/f") ? "a" : "") + (*disk.exists("b/f") ? "b" : "");
  };
  EXPECT_THAT(outcomes(files, where), ElementsAre("a", "b"));
  ASSERT_TRUE(files.sync_directory("b"));
  EXPECT_THAT(outcomes(files, where), ElementsAre("ab", "b"));
  ASSERT_TRUE(files.sync_directory("a"));
  EXPECT_THAT(outcomes(files, where), ElementsAre("b"));
}

// What happened to PostgreSQL in 2018: a second fsync succeeds and the data is gone nevertheless.
TEST(AfterCrash, AFailedSyncLeavesDoubtThatNoLaterSyncRemoves) {
  FaultyFiles files;
  const auto file = create(files, "f");
  ASSERT_TRUE(files.sync_directory("/"));
  ASSERT_TRUE(file->write_at(0, "a"));
  files.fail_at(files.operations(), EIO);
  ASSERT_FALSE(file->sync_data());
  ASSERT_TRUE(file->write_at(1, "b"));
  ASSERT_TRUE(file->sync_data());
  const auto look = [](Files& disk) { return get(disk, "f"); };
  EXPECT_THAT(outcomes(files, look), ElementsAre(std::string("\0b", 2), "ab"));
  ASSERT_TRUE(file->write_at(0, "A"));  // written anew and synced: certain at last
  ASSERT_TRUE(file->sync_data());
  EXPECT_THAT(outcomes(files, look), ElementsAre("Ab"));
}

TEST(AfterCrash, TheNewDiskIsIndependentAndDurable) {
  FaultyFiles files;
  put(files, "f", "abc");
  Random random(kSeed);
  const auto disk = files.after_crash(random);
  put(files, "f", "xyz");
  const std::string before = get(*disk, "f");
  EXPECT_NE(before, "xyz");
  EXPECT_EQ(disk->operations(), 0u);
  EXPECT_EQ(outcomes(*disk, [](Files& again) { return get(again, "f"); }).size(), 1u);
}

// The promise of write_file_atomic, at every crash point: old or new, never half.
TEST(AfterCrash, WriteFileAtomicIsOldOrNewAtEveryCrashPoint) {
  const std::string before(1500, 'o');
  const std::string after(2500, 'n');
  const auto prepare = [&] {
    auto files = std::make_unique<FaultyFiles>();
    EXPECT_TRUE(files->make_directories("d"));
    EXPECT_TRUE(write_file_atomic(*files, "d/f", before));
    return files;
  };
  const uint64_t start = prepare()->operations();
  const auto whole = prepare();
  ASSERT_TRUE(write_file_atomic(*whole, "d/f", after));
  const uint64_t total = whole->operations() - start;
  ASSERT_GE(total, 5u);
  std::map<std::string, int> seen;
  for (uint64_t n = 0; n <= total; ++n) {
    const auto files = prepare();
    files->cut_power_before(start + n);
    const bool is_done = write_file_atomic(*files, "d/f", after).has_value();
    EXPECT_EQ(is_done, n == total);
    Random random(kSeed + n);
    for (int i = 0; i < 100; ++i) {
      const std::string content = get(*files->after_crash(random), "d/f");
      EXPECT_TRUE(content == after || (!is_done && content == before))
          << "power cut before operation " << n << ", seed " << kSeed + n << ", crash " << i;
      ++seen[content];
    }
  }
  EXPECT_EQ(seen.size(), 2u);
}

TEST(AfterCrash, WriteFileAtomicFailsCleanlyAtEveryOperation) {
  for (const int error : {EIO, ENOSPC}) {
    for (uint64_t n = 0; n < 6; ++n) {
      FaultyFiles files;
      ASSERT_TRUE(write_file_atomic(files, "f", "old"));
      files.fail_at(files.operations() + n, error, 1);
      const Result<> done = write_file_atomic(files, "f", "new!");
      ASSERT_FALSE(done) << n;
      EXPECT_EQ(done.error().os_errno(), error);
      // The last operation syncs the folder: the new file is in place, though not yet for sure.
      EXPECT_EQ(get(files, "f"), n == 5 ? "new!" : "old") << n;
      EXPECT_FALSE(*files.exists("f.tmp")) << n;
    }
  }
}

}  // namespace
}  // namespace yipan::testing
