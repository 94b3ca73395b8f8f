#include "store/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store_test_util.h"

namespace yipan::store {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(UrlTest, NamesTheDatabase) {
  EXPECT_EQ(parse_url("sqlite:/data/一盘 1.gpkg")->target, "/data/一盘 1.gpkg");
  EXPECT_EQ(parse_url("sqlite::memory:")->target, ":memory:");
  EXPECT_EQ(parse_url("postgresql:///xx?host=/run/pg")->dialect, Dialect::postgresql);
  EXPECT_EQ(parse_url("postgres://h/xx")->target, "postgres://h/xx");
}

TEST(UrlTest, NeverShowsAPassword) {
  for (const char* url :
       {"postgresql://li:secret@h/xx", "postgresql://li:sec@ret:secret@h/xx",
        "postgresql:///xx?password=secret&user=li", "postgresql:///xx?user=li&sslpassword=secret",
        "postgresql:///xx?user=li&p%61ssword=secret",
        "postgresql://li:secret@h/xx?password=secret"}) {
    const auto parsed = parse_url(url);
    ASSERT_OK(parsed);
    EXPECT_THAT(parsed->display, Not(HasSubstr("secret"))) << url;
    EXPECT_THAT(parsed->display, HasSubstr("li")) << url;
    EXPECT_EQ(parsed->target, url);
  }
  EXPECT_EQ(parse_url("postgresql://li:secret@h:5432/xx?a=b")->display,
            "postgresql://li:***@h:5432/xx?a=b");
}

TEST(UrlTest, SaysWhatIsWrong) {
  for (const char* url : {"", "board.gpkg", "sqlite:", "mysql://li:secret@h", "sqlite:a\nb"}) {
    const auto refused = parse_url(url);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().code(), "store.url.invalid");
    EXPECT_THAT(refused.error().message_en(), Not(HasSubstr("secret")));
    EXPECT_THAT(refused.error().remedy_zh(), HasSubstr("sqlite:文件路径"));
  }
  auto refused = open({.url = "oracle:xx"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.url.invalid");
}

}  // namespace
}  // namespace yipan::store
