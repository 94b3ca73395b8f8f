// The SQL of packs: sections, and :names.
#include "findings/sections.h"

#include <gtest/gtest.h>

namespace yipan::findings {
namespace {

Statement good(std::string_view sql) {
  auto out = substitute(sql);
  EXPECT_TRUE(out.has_value()) << sql << "\n" << (out ? "" : out.error().to_string_en());
  return out.value_or(Statement{});
}
Error bad(std::string_view sql) {
  const auto out = substitute(sql);
  EXPECT_FALSE(out.has_value()) << sql;
  return out ? Error("test.none") : out.error();
}

TEST(SubstituteTest, EachNameIsBoundOnce) {
  const Statement s = good("SELECT :as_of, x FROM t WHERE a <= :as_of AND b > :limit_2");
  EXPECT_EQ(s.sql, "SELECT $1, x FROM t WHERE a <= $1 AND b > $2");
  EXPECT_EQ(s.names, (std::vector<std::string>{"as_of", "limit_2"}));
}

TEST(SubstituteTest, NamesMayBeChinese) {
  EXPECT_EQ(good("SELECT :起征点+1").names, std::vector<std::string>{"起征点"});
}

TEST(SubstituteTest, LeavesTextsNamesCommentsAndCastsAlone) {
  for (const char* sql :
       {"SELECT ':a', 'it''s :b'", "SELECT \":a\" FROM t", "SELECT 1 -- :a\n, 2",
        "SELECT /* :a /* :b */ :c */ 1", "SELECT x::date, 'y'::text", "SELECT a[1:2]"}) {
    const Statement s = good(sql);
    EXPECT_EQ(s.sql, sql);
    EXPECT_TRUE(s.names.empty()) << sql;
  }
  EXPECT_EQ(good("SELECT :a::date").sql, "SELECT $1::date");
}

TEST(SubstituteTest, TakesOneStatement) {
  EXPECT_EQ(good("SELECT 1;\n-- done\n").sql, "SELECT 1\n-- done\n");
  const Error error = bad("SELECT 1;\nSELECT 2");
  EXPECT_EQ(error.code(), "findings.sql.second");
  EXPECT_EQ(error.place().line, 2U);
  EXPECT_EQ(error.message_en(), "a section is one SQL statement");
}

TEST(SubstituteTest, SaysWhereAQuoteOrACommentIsOpen) {
  EXPECT_EQ(bad("SELECT\n 'a").place().line, 2U);
  EXPECT_EQ(bad("SELECT\n 'a").message_zh(), "引号没有收尾");
  EXPECT_EQ(bad("SELECT 1 /* a").code(), "findings.sql.comment");
  EXPECT_EQ(bad("SELECT $1").message_en(), "there is a $ in the SQL: parameters are written :name");
}

TEST(SubstituteTest, TellsTheLineOfEachName) {
  EXPECT_EQ(good("SELECT :a,\n\n :b, :a").lines, (std::vector<uint64_t>{1, 3}));
}

std::vector<Section> split(std::string_view text, std::vector<Error>* problems) {
  return split_sections(text, "facts.sql", "fact", problems);
}

TEST(SectionsTest, BeginWithTheirComment) {
  std::vector<Error> problems;
  const auto sections = split(
      "-- a word before\n\n-- fact: one\n-- types: key text, on date\nSELECT 1\n\n"
      "-- a remark\n--fact:two\nSELECT :key\n",
      &problems);
  ASSERT_TRUE(problems.empty()) << problems.front().to_string_en();
  ASSERT_EQ(sections.size(), 2U);
  EXPECT_EQ(sections[0].name, "one");
  EXPECT_EQ(sections[0].line, 3U);
  EXPECT_EQ(sections[0].types,
            (std::vector<std::pair<std::string, Type>>{{"key", Type::text}, {"on", Type::date}}));
  EXPECT_EQ(sections[1].name, "two");
  EXPECT_EQ(sections[1].statement.names, std::vector<std::string>{"key"});
}

struct BadSections {
  const char* text;
  const char* code;
  uint64_t line;
  const char* zh;
};

TEST(SectionsTest, EachProblemHasItsPlaceAndRemedy) {
  const BadSections cases[] = {
      {"SELECT 1\n-- fact: a\nSELECT 1\n", "findings.section.stray", 1, "SQL 不在任何一节里"},
      {"-- fact: a\nSELECT 1\n-- fact: a\nSELECT 2\n", "findings.section.twice", 3,
       "“a”一节有两次，另一次在第 1 行"},
      {"-- view: a\nSELECT 1\n", "findings.section.word", 1, "这个文件的各节以 -- fact: 名字 开头"},
      {"-- fact: a\n-- only a remark\n", "findings.section.empty", 3, "“a”一节没有 SQL"},
      {"-- fact: a\n-- types: key string\nSELECT 1\n", "findings.section.types", 2,
       "看不懂列的类型“key string”"},
      {"-- fact: a\n\nSELECT 'x\n", "findings.sql.quote", 3, "引号没有收尾"},
  };
  for (const BadSections& c : cases) {
    std::vector<Error> problems;
    split(c.text, &problems);
    ASSERT_EQ(problems.size(), 1U) << c.text;
    EXPECT_EQ(problems[0].code(), c.code);
    EXPECT_EQ(problems[0].message_zh(), c.zh);
    EXPECT_EQ(problems[0].place().file, "facts.sql");
    EXPECT_EQ(problems[0].place().line, c.line) << c.text;
    EXPECT_FALSE(problems[0].message_en().empty());
    EXPECT_FALSE(problems[0].remedy_zh().empty());
    EXPECT_FALSE(problems[0].remedy_en().empty());
  }
}

}  // namespace
}  // namespace yipan::findings
