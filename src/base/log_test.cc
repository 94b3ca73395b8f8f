#include "yipan/log.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <vector>

namespace {
thread_local size_t allocations = 0;
}  // namespace

// Counts, so that a test can see that nothing is allocated. Not inlined: the compiler would see a
// free() of what came from new.
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace yipan {
namespace {

class LogTest : public ::testing::Test {
 protected:
  ManualClock clock_{Instant::from_micros(1'669'192'200'000'000)};
  std::vector<std::string> lines_;
  Logger log_{[this](std::string_view line) { lines_.emplace_back(line); }, clock_};
};

TEST_F(LogTest, WritesOneLineARecord) {
  log_.info("ledger.open").kv("size", 1234).kv("dir", "/data/xx");
  log_.error("ledger.close").kv("ok", false);
  ASSERT_EQ(lines_.size(), 2u);
  EXPECT_EQ(lines_[0],
            "ts=2022-11-23T08:30:00Z level=info event=ledger.open size=1234 dir=/data/xx");
  EXPECT_EQ(lines_[1], "ts=2022-11-23T08:30:00Z level=error event=ledger.close ok=false");
}

TEST_F(LogTest, QuotesWhatNeedsIt) {
  log_.warning("e")
      .kv("space", "a b")
      .kv("empty", "")
      .kv("quote", "say \"x\"")
      .kv("slash", "a\\b")
      .kv("equals", "a=b")
      .kv("lines", "a\nb\r\tc\x01\x7f")
      .kv("zh", "北京")
      .kv("null", static_cast<const char*>(nullptr));
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_EQ(lines_[0],
            "ts=2022-11-23T08:30:00Z level=warning event=e space=\"a b\" empty=\"\" "
            "quote=\"say \\\"x\\\"\" slash=\"a\\\\b\" equals=\"a=b\" "
            "lines=\"a\\nb\\r\\tc\\u0001\\u007f\" zh=北京 null=\"\"");
}

TEST_F(LogTest, WritesEveryKindOfValue) {
  log_.info("e")
      .kv("i", int64_t{-9'000'000'000})
      .kv("u", uint64_t{18'446'744'073'709'551'615u})
      .kv("d", 0.1)
      .kv("b", true)
      .kv("view", std::string_view("x"));
  EXPECT_EQ(lines_.at(0).substr(lines_[0].find(" i=")),
            " i=-9000000000 u=18446744073709551615 d=0.1 b=true view=x");
}

TEST_F(LogTest, AKeyCannotBreakTheLine) {
  log_.info("e").kv("a b=\n\"", "v");
  EXPECT_EQ(lines_.at(0).substr(lines_[0].find("event=")), "event=e a_b___=v");
}

TEST_F(LogTest, BelowTheThresholdNothingIsWrittenNorAllocated) {
  const std::string value(1000, 'x');
  const size_t before = allocations;
  log_.debug("a.long.event.name.that.would.not.fit.in.a.small.string")
      .kv("value", value)
      .kv("n", 1);
  Logger::none().error("also.a.long.event.name.that.would.not.fit").kv("value", value);
  EXPECT_EQ(allocations, before);
  log_.info("e").kv("value", value);
  EXPECT_GT(allocations, before);
  EXPECT_EQ(lines_.size(), 1u);
}

TEST_F(LogTest, TheThresholdIsInclusive) {
  Logger log([this](std::string_view line) { lines_.emplace_back(line); }, clock_, Level::warning);
  log.info("no");
  log.warning("yes");
  log.error("yes");
  EXPECT_EQ(lines_.size(), 2u);
}

TEST_F(LogTest, AMovedRecordIsWrittenOnce) {
  {
    LogRecord record = log_.info("e");
    LogRecord moved = std::move(record).kv("k", 1);
    EXPECT_TRUE(lines_.empty());
  }
  EXPECT_EQ(lines_.size(), 1u);
}

}  // namespace
}  // namespace yipan
