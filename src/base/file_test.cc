#include "yipan/file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace yipan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FileTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return dir_.path() + "/" + name; }
  void put(const std::string& name, std::string_view content) {
    ASSERT_TRUE(write_file_atomic(files_, path(name), content));
  }

  TempDir dir_ = TempDir::make().value();
  Files& files_ = Files::posix();
};

TEST_F(FileTest, WritesAndReadsAtPositions) {
  const auto file = files_.open(path("f"), Open::create_new).value();
  ASSERT_TRUE(file->write_at(3, "def"));
  ASSERT_TRUE(file->write_at(0, "abc"));
  ASSERT_TRUE(file->sync_data());
  EXPECT_EQ(file->size().value(), 6u);
  char buffer[10];
  EXPECT_EQ(file->read_at(1, buffer, 2).value(), 2u);
  EXPECT_EQ(std::string_view(buffer, 2), "bc");
  EXPECT_EQ(file->read_at(4, buffer, 10).value(), 2u);
  EXPECT_EQ(file->read_at(6, buffer, 10).value(), 0u);
  EXPECT_EQ(file->read_at(600, buffer, 10).value(), 0u);
  ASSERT_TRUE(file->truncate(2));
  EXPECT_EQ(read_file(files_, path("f")).value(), "ab");
}

TEST_F(FileTest, OpenModes) {
  EXPECT_EQ(files_.open(path("f"), Open::read).error().code(), "base.file.not_found");
  EXPECT_EQ(files_.open(path("f"), Open::read_write).error().code(), "base.file.not_found");
  EXPECT_TRUE(files_.open(path("f"), Open::create));
  EXPECT_TRUE(files_.open(path("f"), Open::create));
  EXPECT_TRUE(files_.open(path("f"), Open::read_write));
  EXPECT_EQ(files_.open(path("f"), Open::create_new).error().code(), "base.file.exists");
  const auto reader = files_.open(path("f"), Open::read).value();
  EXPECT_EQ(reader->write_at(0, "x").error().os_errno(), EBADF);
}

TEST_F(FileTest, ErrorsSayWhatWhereWhyAndWhatToDo) {
  const Error error = files_.open(path("没有/f"), Open::read).error();
  EXPECT_EQ(error.os_errno(), ENOENT);
  EXPECT_EQ(error.to_string_zh(), fmt::format("无法打开文件（base.file.not_found）\n"
                                              "  位置：{}\n"
                                              "  原因：没有这个文件或文件夹（ENOENT）\n"
                                              "  处理办法：请核对路径是否正确、文件是否已被移走",
                                              path("没有/f")));
  EXPECT_EQ(error.to_string_en(),
            fmt::format("cannot open the file (base.file.not_found)\n"
                        "  where: {}\n"
                        "  why: there is no such file or folder (ENOENT)\n"
                        "  what to do: check that the path is right and the file still there",
                        path("没有/f")));
}

TEST_F(FileTest, AFullDiskIsSaidSo) {
  if (!files_.exists("/dev/full").value()) GTEST_SKIP() << "this system has no /dev/full";
  const Error error = files_.open("/dev/full", Open::read_write).value()->write_at(0, "x").error();
  EXPECT_EQ(error.code(), "base.file.no_space");
  EXPECT_THAT(error.to_string_zh(),
              HasSubstr("磁盘空间已满（ENOSPC）\n  处理办法：请在该磁盘上腾出空间"));
  EXPECT_THAT(error.to_string_en(), HasSubstr("free space on that disk"));
}

// A limit on file size makes write() write a part and then fail: both must be handled.
TEST_F(FileTest, AShortWriteIsContinuedUntilItFails) {
  const std::string name = path("f");
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto file = Files::posix().open(name, Open::create).value();
    const Result<> done = file->write_at(0, std::string(1500, 'x'));
    ::_exit(!done && done.error().os_errno() == EFBIG ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(read_file(files_, name).value().size(), 1000u);
}

TEST_F(FileTest, WithoutPermissionItIsSaidSo) {
  if (::geteuid() == 0) {
    // The superuser may do everything: a child without its rights tries.
    put("f", "secret");
    ::chmod(path("f").c_str(), 0600);
    ::chmod(dir_.path().c_str(), 0755);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setuid(65534) != 0) ::_exit(2);
      const auto file = Files::posix().open(path("f"), Open::read);
      ::_exit(!file && file.error().code() == "base.file.denied" ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  } else {
    put("f", "secret");
    ::chmod(path("f").c_str(), 0);
    EXPECT_EQ(files_.open(path("f"), Open::read).error().code(), "base.file.denied");
  }
}

TEST_F(FileTest, APathCutShortByNulIsRefused) {
  const std::string bad("f\0.txt", 6);
  EXPECT_EQ(files_.open(path(bad), Open::create).error().os_errno(), EINVAL);
  EXPECT_EQ(files_.rename(path(bad), path("g")).error().os_errno(), EINVAL);
  EXPECT_EQ(files_.remove(path(bad)).error().os_errno(), EINVAL);
  EXPECT_EQ(files_.exists(path(bad)).error().os_errno(), EINVAL);
  EXPECT_EQ(files_.make_directories(path(bad)).error().os_errno(), EINVAL);
  EXPECT_EQ(files_.list(path(bad)).error().os_errno(), EINVAL);
  EXPECT_EQ(files_.lock(path(bad)).error().os_errno(), EINVAL);
  EXPECT_THAT(files_.list(dir_.path()).value(), ElementsAre());
}

TEST_F(FileTest, FoldersAreMadeListedAndRemoved) {
  ASSERT_TRUE(files_.make_directories(path("甲/b/c/")));
  ASSERT_TRUE(files_.make_directories(path("甲/b/c")));
  put("z", "1");
  put("甲/y", "2");
  EXPECT_EQ(files_.make_directories(path("z/a")).error().code(), "base.file.not_found");
  EXPECT_EQ(files_.make_directories(path("z")).error().os_errno(), ENOTDIR);
  EXPECT_THAT(files_.list(dir_.path()).value(), ElementsAre("z", "甲"));
  EXPECT_THAT(files_.list(path("甲")).value(), ElementsAre("b", "y"));
  EXPECT_EQ(files_.list(path("z")).error().os_errno(), ENOTDIR);
  EXPECT_EQ(files_.remove(path("甲")).error().os_errno(), ENOTEMPTY);
  ASSERT_TRUE(files_.remove(path("甲/b/c")));
  EXPECT_FALSE(files_.exists(path("甲/b/c")).value());
  EXPECT_FALSE(files_.exists(path("z/no")).value());
  EXPECT_TRUE(files_.exists(path("甲/b")).value());
  EXPECT_TRUE(files_.sync_directory(path("甲")));
  EXPECT_EQ(files_.sync_directory(path("no")).error().code(), "base.file.not_found");
}

TEST_F(FileTest, RenameReplaces) {
  put("a", "new");
  put("b", "old");
  ASSERT_TRUE(files_.rename(path("a"), path("b")));
  EXPECT_EQ(read_file(files_, path("b")).value(), "new");
  EXPECT_FALSE(files_.exists(path("a")).value());
  const Error error = files_.rename(path("a"), path("b")).error();
  EXPECT_THAT(error.to_string_zh(), HasSubstr("无法改名为 " + path("b")));
  EXPECT_EQ(error.place().file, path("a"));
}

TEST_F(FileTest, ALockNamesItsHolder) {
  {
    const auto held = files_.lock(path("lock")).value();
    EXPECT_EQ(read_file(files_, path("lock")).value(), fmt::format("{}\n", ::getpid()));
    const Error error = files_.lock(path("lock")).error();
    EXPECT_EQ(error.code(), "base.file.locked");
    EXPECT_THAT(error.to_string_zh(), HasSubstr(fmt::format("进程号 {}", ::getpid())));
    EXPECT_THAT(error.to_string_en(), HasSubstr(fmt::format("(process {})", ::getpid())));
    EXPECT_THAT(error.remedy_en(), HasSubstr("wait until that program ends"));
  }
  EXPECT_TRUE(files_.lock(path("lock")));
}

TEST_F(FileTest, ALockHoldsAgainstAnotherProcess) {
  const auto held = files_.lock(path("lock")).value();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(Files::posix().lock(path("lock")) ? 1 : 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(FileTest, ReadFileKeepsItsLimit) {
  put("f", std::string(100, 'x'));
  EXPECT_EQ(read_file(files_, path("f"), 100).value().size(), 100u);
  const Error error = read_file(files_, path("f"), 99).error();
  EXPECT_EQ(error.code(), "base.file.too_big");
  EXPECT_THAT(error.to_string_zh(), HasSubstr("文件超过上限 99 字节"));
  EXPECT_EQ(read_file(files_, dir_.path()).error().os_errno(), EISDIR);
  put("empty", "");
  EXPECT_EQ(read_file(files_, path("empty"), 0).value(), "");
  EXPECT_THAT(read_file(files_, "/proc/self/status").value(), HasSubstr("Pid:"));  // says size 0
}

TEST_F(FileTest, WriteFileAtomicReplacesAndLeavesNothingBehind) {
  put("f", "a long first content");
  put("f", "short");
  EXPECT_EQ(read_file(files_, path("f")).value(), "short");
  EXPECT_THAT(files_.list(dir_.path()).value(), ElementsAre("f"));
  ASSERT_TRUE(files_.make_directories(path("d/in")));
  EXPECT_EQ(write_file_atomic(files_, path("d"), "x").error().os_errno(), EISDIR);
  EXPECT_THAT(files_.list(dir_.path()).value(), ElementsAre("d", "f"));
  EXPECT_EQ(write_file_atomic(files_, path("no/f"), "x").error().code(), "base.file.not_found");
}

TEST(ParentDirectory, IsTheFolderThatHoldsThePath) {
  EXPECT_EQ(parent_directory("a/b"), "a");
  EXPECT_EQ(parent_directory("/a/b/c"), "/a/b");
  EXPECT_EQ(parent_directory("a"), ".");
  EXPECT_EQ(parent_directory("/a"), "/");
}

TEST(TempDir, IsRemovedWithAllInIt) {
  std::string path;
  {
    TempDir dir = TempDir::make().value();
    path = dir.path();
    ASSERT_TRUE(Files::posix().make_directories(path + "/a/b"));
    ASSERT_TRUE(write_file_atomic(Files::posix(), path + "/a/b/f", "x"));
    TempDir outside = TempDir::make().value();
    ASSERT_TRUE(write_file_atomic(Files::posix(), outside.path() + "/kept", "x"));
    ASSERT_EQ(::symlink(outside.path().c_str(), (path + "/link").c_str()), 0);
    TempDir moved = std::move(dir);
    EXPECT_EQ(moved.path(), path);
    {
      const TempDir inner = std::move(moved);
      EXPECT_TRUE(Files::posix().exists(path).value());
    }
    EXPECT_FALSE(Files::posix().exists(path).value());
    EXPECT_TRUE(Files::posix().exists(outside.path() + "/kept").value());  // links not followed
  }
  EXPECT_EQ(TempDir::make("/no/such/folder").error().code(), "base.file.not_found");
}

}  // namespace
}  // namespace yipan
