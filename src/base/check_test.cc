#include "yipan/check.h"

#include <gtest/gtest.h>

#include <string>

namespace yipan {
namespace {

TEST(Check, HoldsQuietlyAndEvaluatesOnce) {
  int evaluations = 0;
  CHECK(++evaluations == 1);
  CHECK_MSG(++evaluations == 2, "never seen");
  EXPECT_EQ(evaluations, 2);
}

TEST(CheckDeathTest, SaysConditionPlaceAndMessage) {
  EXPECT_DEATH(CHECK(1 + 1 == 3), "check_test.cc:[0-9]+: CHECK failed: 1 \\+ 1 == 3");
  const std::string message = "tile 17 is missing";
  EXPECT_DEATH(CHECK_MSG(message.empty(), message), "CHECK failed: message.empty.*\n.*tile 17");
}

}  // namespace
}  // namespace yipan
