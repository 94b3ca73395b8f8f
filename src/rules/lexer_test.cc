#include "rules/lexer.h"

#include <gtest/gtest.h>

namespace yipan::rules {
namespace {

std::string shown(std::string_view text) {
  std::string out;
  for (const Token& t : tokenize(text)) {
    if (t.type == Token::Type::end) break;
    if (!out.empty()) out += '|';
    out += t.type == Token::Type::bad ? "!" + std::string(t.problem) : std::string(t.text);
  }
  return out;
}

TEST(Lexer, SplitsNamesAtOperators) {
  EXPECT_EQ(shown("a-b+c.d*e"), "a|-|b|+|c|.|d|*|e");
  EXPECT_EQ(shown("Student's name"), "Student|'|s|name");
  EXPECT_EQ(shown("[1..10)"), "[|1|..|10|)");
  EXPECT_EQ(shown("2**3<=4!=5"), "2|**|3|<=|4|!=|5");
}

TEST(Lexer, Numbers) {
  EXPECT_EQ(shown("1.5 .5 1.23e4 1.23e-4 12e 1..2"), "1.5|.5|1.23e4|1.23e-4|12|e|1|..|2");
}

TEST(Lexer, ChineseNamesAreWords) {
  EXPECT_EQ(shown("用地面积（亩） > 3"), "用地面积（亩）|>|3");
  EXPECT_EQ(shown("人均\u3000住房"), "人均|住房");
}

TEST(Lexer, StringEscapes) {
  EXPECT_EQ(tokenize(R"("a\n\"\\\u4e2d\U01F40E\uD83D\uDC0E\s")")[0].decoded,
            "a\n\"\\中\xF0\x9F\x90\x8E\xF0\x9F\x90\x8E\\s");
}

TEST(Lexer, CommentsAreSpace) {
  EXPECT_EQ(shown("1 // one\n + /* two */ 2"), "1|+|2");
  EXPECT_EQ(shown("1 /* open"), "1|!comment without end");
}

TEST(Lexer, SaysWhatIsWrong) {
  EXPECT_EQ(shown("\"open"), "!string without end");
  EXPECT_EQ(shown("a # b"), "a|!unexpected character|b");
}

TEST(Lexer, PositionsCountCodePoints) {
  const LineColumn at = line_column("甲 +\n乙 * 丙", 12);
  EXPECT_EQ(at.line, 2U);
  EXPECT_EQ(at.column, 5U);
}

TEST(Lexer, NamesAreNormal) {
  EXPECT_EQ(normalize_name("  full \n name "), "full name");
  EXPECT_EQ(name_tokens("a+b"), name_tokens("a + b"));
}

}  // namespace
}  // namespace yipan::rules
