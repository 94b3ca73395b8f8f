// The DMN Technology Compatibility Kit, all of it that is at hand: no case may fail.
#include <gtest/gtest.h>

#include <filesystem>

#include "yipan/rules.h"

namespace yipan::rules {
namespace {

TEST(Tck, EveryCasePasses) {
  const std::string directory = std::string(YIPAN_SHARED_DIR) + "/conformance/dmn-tck";
  if (!std::filesystem::exists(directory)) {
    GTEST_SKIP() << "skipped: the TCK (about 2,600 cases) is not at " << directory;
  }
  const auto report = run_tck(directory, Clock::system());
  ASSERT_TRUE(report) << report.error().to_string_en();
  EXPECT_EQ(report->failed, 0U) << to_text(*report);
  EXPECT_GT(report->passed, 2000U);
  // Those whose expected value only a Java virtual machine could give.
  EXPECT_LE(report->external, 20U);
}

TEST(Tck, AFolderWithoutCasesIsAnError) {
  const auto report = run_tck("/nonexistent/folder", Clock::system());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code(), "rules.tck.none");
  EXPECT_EQ(report.error().place().file, "/nonexistent/folder");
  EXPECT_NE(report.error().remedy_en().find("TestCases"), std::string::npos);
}

}  // namespace
}  // namespace yipan::rules
