#include "rules/xpath_regex.h"

#include <gtest/gtest.h>

#include "rules/test_util.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

std::u32string wide(std::string_view text) {
  std::u32string out;
  for (size_t i = 0; i < text.size();) out += next_code_point(text, &i);
  return out;
}

// "yes", "no", "steps" or "error: ...".
std::string match(std::string_view pattern, std::string_view text, std::string_view flags = "") {
  std::string problem;
  const auto regex = Regex::compile(pattern, flags, &problem);
  if (regex == nullptr) return "error: " + problem;
  Regex::Groups groups;
  uint64_t budget = 2'000'000;
  switch (regex->search(wide(text), 0, &groups, &budget)) {
    case Regex::Result::yes:
      return "yes";
    case Regex::Result::no:
      return "no";
    default:
      return "steps";
  }
}

TEST(XPathRegex, ClassesAndSubtraction) {
  EXPECT_EQ(match("^[a-z-[aeiou]]+$", "xyz"), "yes");
  EXPECT_EQ(match("^[a-z-[aeiou]]+$", "xaz"), "no");
  EXPECT_EQ(match("^[^a-c]$", "d"), "yes");
  EXPECT_EQ(match("^\\i\\c*$", "名称-1.a"), "yes");
  EXPECT_EQ(match("^\\p{Lu}\\p{Ll}+$", "Élan"), "yes");
  EXPECT_EQ(match("^\\p{IsCJKUnifiedIdeographs}+$", "城市"), "yes");
  EXPECT_EQ(match("^\\P{L}$", "5"), "yes");
  EXPECT_EQ(match("^[\\d\\-x]+$", "1-x"), "yes");
}

TEST(XPathRegex, Quantifiers) {
  EXPECT_EQ(match("^a{2,3}$", "aaaa"), "no");
  EXPECT_EQ(match("^a{2,3}$", "aaa"), "yes");
  EXPECT_EQ(match("^(a|b){2}$", "ab"), "yes");
  EXPECT_EQ(match("^(a?){3}$", "aa"), "yes");
}

TEST(XPathRegex, BackReferences) {
  EXPECT_EQ(match("^(.)(.)\\2\\1$", "abba"), "yes");
  EXPECT_EQ(match("(a)\\2", "aa"), "error: back-reference to no group");
  EXPECT_EQ(match("(\\1)", "aa"), "error: back-reference to no group");
}

TEST(XPathRegex, Flags) {
  EXPECT_EQ(match("K", "\xE2\x84\xAA", "i"), "yes");  // the Kelvin sign
  EXPECT_EQ(match("^b$", "a\nb\nc", "m"), "yes");
  EXPECT_EQ(match("^b$", "a\nb\nc"), "no");
  EXPECT_EQ(match("a.b", "a\nb"), "no");
  EXPECT_EQ(match("a.b", "a\nb", "s"), "yes");
  EXPECT_EQ(match("a b [ ]c", "ab c", "x"), "yes");
  EXPECT_EQ(match("a.b*", "xa.b*y", "q"), "yes");
  EXPECT_EQ(match("a", "a", "z"), "error: unknown flag");
}

TEST(XPathRegex, WrongPatternsAreRefused) {
  for (const char* bad : {"(", ")", "[", "[]", "a**", "*a", "a{3,2}", "\\", "\\q", "[z-a]",
                          "\\p{Xx}", "(?=a)", "a{", "[a-z-[b]c]", "\\p{ IsBasicLatin}"}) {
    EXPECT_EQ(match(bad, "a").substr(0, 5), "error") << bad;
  }
}

TEST(XPathRegex, CatastrophesEnd) {
  const std::string a(3000, 'a');
  EXPECT_EQ(match("^(a+)+$", a + "b"), "no");
  EXPECT_EQ(match("^(a|aa)*$", a + "b"), "no");
  EXPECT_EQ(match("^(a*)*b\\1$", a), "steps");
  EXPECT_EQ(match("((a{0,100}){0,100}){0,100}", a), "error: pattern too large");
  EXPECT_EQ(reason("matches(string join(for i in 1..60 return \"a\", \"\"), "
                   "\"^(a+)+(b)\\\\2$|^((a*)*)*(c)\\\\5$\")"),
            "rules.limit.regex");
}

}  // namespace
}  // namespace yipan::rules
