#include "yipan/toml.h"

#include <gtest/gtest.h>

#include "yipan/text.h"

namespace yipan {
namespace {

TEST(TomlTest, ReadsKeysTablesAndChinese) {
  const auto parsed =
      parse_toml("as_of = \"2022-11-30\"\n[\"城市\"]\nn = 3\n", "a.toml", "x.syntax");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ((*parsed)["as_of"].value_or(std::string()), "2022-11-30");
  EXPECT_EQ((*parsed)["城市"]["n"].value_or(int64_t{0}), 3);
}

TEST(TomlTest, SaysWhereItIsMalformed) {
  const auto parsed = parse_toml("a = 1\n投资 = 2\n", "city.toml", "x.syntax");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().code(), "x.syntax");
  EXPECT_EQ(parsed.error().place().file, "city.toml");
  EXPECT_EQ(parsed.error().place().line, 2u);
  EXPECT_NE(parsed.error().remedy_zh().find("须加引号"), std::string::npos);
}

TEST(TomlTest, BytesThatAreNotUtf8AreNamed) {
  const auto parsed = parse_toml("a = \"\xff\"", "city.toml", "x.syntax");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().place().byte_offset, 5u);
}

TEST(TomlTest, WhatToppledTheParserIsAnError) {
  for (const std::string_view text : {"=", "a", "a=", "[", "[[", "a.=1", "\"", "'", "a=[", "a={",
                                     "a = 1、", "¡", "a = 1 。b"}) {
    EXPECT_FALSE(parse_toml(text, "t", "x.syntax").has_value()) << text;
  }
}

}  // namespace
}  // namespace yipan
