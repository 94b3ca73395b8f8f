// What happens when the world does not play along: a full disk, a folder that may not be written,
// a second writer. Nothing is half done, and the message says what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "intake/city_for_tests.h"
#include "support/faulty_files.h"

namespace yipan::intake {
namespace {

using ::testing::HasSubstr;

constexpr char kOrganisations[] = "单位编号,单位名称\nO1,市水务局\nO2,市教育局\n";
constexpr char kOneBad[] = "单位编号,单位名称\nO1,市水务局\n,市教育局\n";

// The real files, where creating a file of a certain ending fails.
class ShutFiles : public Files {
 public:
  ShutFiles(std::string ending, int error) : ending_(std::move(ending)), error_(error) {}
  Result<std::unique_ptr<File>> open(const std::string& path, Open mode) override {
    const bool shut = path.size() >= ending_.size() &&
                      path.compare(path.size() - ending_.size(), ending_.size(), ending_) == 0;
    if (shut && mode != Open::read) {
      return fail(Error("base.file.open").zh("不能打开").en("cannot open").file(path).os(error_));
    }
    return real_.open(path, mode);
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    return real_.rename(from, to);
  }
  Result<> remove(const std::string& path) override { return real_.remove(path); }
  Result<> make_directories(const std::string& path) override {
    return real_.make_directories(path);
  }
  Result<> sync_directory(const std::string& path) override { return real_.sync_directory(path); }
  Result<bool> exists(const std::string& path) override { return real_.exists(path); }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return real_.list(path);
  }
  Result<std::unique_ptr<File>> lock(const std::string& path) override { return real_.lock(path); }

 private:
  Files& real_ = Files::posix();
  std::string ending_;
  int error_;
};

TEST(FaultsTest, AReadOnlyFolderIsNamedWithTheWayOut) {
  TestCity city;
  ShutFiles files(".refused.csv.part", EROFS);
  Context context = city.context();
  context.files = &files;
  auto o = import_file(context, city.options(city.write("x.csv", kOneBad), "organisations"));
  ASSERT_FALSE(o.has_value());
  EXPECT_EQ(o.error().code(), "intake.side_file");
  EXPECT_THAT(o.error().place().file, HasSubstr("x.organisations.refused.csv"));
  EXPECT_THAT(o.error().message_zh(), HasSubstr("不能写退回行文件"));
  EXPECT_THAT(o.error().remedy_zh(), HasSubstr("side_directory"));
  ASSERT_NE(o.error().cause(), nullptr);
  EXPECT_EQ(o.error().cause()->os_errno(), EROFS);
  // Another folder is the way out.
  ImportOptions options = city.options(city.path("x.csv"), "organisations");
  options.side_directory = city.path("ledger");
  EXPECT_EQ(import_file(city.context(), options)->status, Status::refused);
}

// At whatever operation of the ledger the disk is full: the error says so, the board has nothing,
// and when there is room again the same import goes through.
TEST(FaultsTest, AFullDiskAtAnyMomentLeavesNothingHalfDone) {
  uint64_t total = 0;
  {
    testing::FaultyFiles files;
    TestCity city("", &files);
    const uint64_t before = files.operations();
    ASSERT_TRUE(city.import("x.csv", kOrganisations, "organisations").has_value());
    total = files.operations() - before;
  }
  ASSERT_GT(total, 5U);
  uint64_t failed = 0;
  for (uint64_t n = 0; n < total; ++n) {
    testing::FaultyFiles files;
    TestCity city("", &files);
    files.fail_from(files.operations() + n, ENOSPC);
    auto o = city.import("x.csv", kOrganisations, "organisations");
    if (o) continue;  // what failed came after the entry was durable
    ++failed;
    const Error* cause = &o.error();
    while (cause->cause() != nullptr && cause->os_errno() == 0) cause = cause->cause();
    EXPECT_EQ(cause->os_errno(), ENOSPC) << n << ": " << o.error().to_string_en();
    EXPECT_EQ(city.rows("SELECT id FROM organisations"), "") << n;
  }
  EXPECT_GT(failed, 5U);
}

TEST(FaultsTest, ASecondWriterIsToldSo) {
  TestCity city;
  ledger::Options options;
  options.files = &Files::posix();
  options.clock = &city.clock();
  options.logger = &Logger::none();
  options.directory = city.path("ledger");
  options.origin = "test.example/city";
  auto signer = ledger::Signer::generate("test.example/city", std::string(32, 's'));
  options.signer = &*signer;
  auto second = ledger::Ledger::open(options);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), "ledger.locked");
  EXPECT_THAT(second.error().message_en(), HasSubstr("in use by another program"));
  EXPECT_THAT(second.error().remedy_en(), HasSubstr("wait until that program ends"));
}

}  // namespace
}  // namespace yipan::intake
