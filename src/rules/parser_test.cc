#include "rules/parser.h"

#include <gtest/gtest.h>

#include "rules/builtins.h"
#include "rules/print.h"
#include "rules/test_util.h"
#include "yipan/clock.h"

namespace yipan::rules {
namespace {

class Parsed {
 public:
  explicit Parsed(std::string_view text) : faults_(&ast_), scope_(&builtin_scope()) {
    for (const char* name : {"a", "b", "full name", "a-b", "list of x", "date", "面积"}) {
      scope_.add(ast_.make_name(Name::Form::local, name, Types::any()));
    }
    const uint32_t unit = ast_.add_unit({"", "", 0, std::string(text)});
    tree_ = Parser(&ast_, &faults_, nullptr, 100).parse_expression(unit, scope_);
  }
  const Expr& tree() const { return *tree_; }
  std::string text() const { return print(*tree_); }
  size_t errors() const { return faults_.error_count(); }
  std::string message() const {
    return faults_.list().empty() ? "" : faults_.list()[0].error.to_string_en();
  }

 private:
  Ast ast_;
  Faults faults_;
  Scope scope_;
  const Expr* tree_;
};

TEST(Parser, NamesAreTheLongestInScope) {
  EXPECT_EQ(Parsed("a-b").tree().kind, Ex::name);
  EXPECT_EQ(Parsed("a - b").tree().kind, Ex::name);
  EXPECT_EQ(Parsed("b-a").text(), "b - a");
  EXPECT_EQ(Parsed("full  name + 1").text(), "full name + 1");
  EXPECT_EQ(Parsed("for i in list of x return i").text(), "for i in list of x return i");
}

TEST(Parser, AVariableDoesNotHideAFunctionThatIsCalled) {
  EXPECT_EQ(Parsed("date(\"2020-01-01\") = date").errors(), 0U);
  EXPECT_EQ(Parsed("date and time(\"2020-01-01\")").errors(), 0U);
}

TEST(Parser, Precedence) {
  EXPECT_EQ(Parsed("1 + 2 * 3 ** 2").text(), "1 + 2 * 3 ** 2");
  EXPECT_EQ(Parsed("(1 + 2) * 3").text(), "(1 + 2) * 3");
  EXPECT_EQ(Parsed("a or b and a = b + 1").text(), "a or b and a = b + 1");
  EXPECT_EQ(Parsed("(a or b) and a").text(), "(a or b) and a");
  EXPECT_EQ(Parsed("a between 1 and 2 and b").text(), "a between 1 and 2 and b");
}

TEST(Parser, RangesWithOpenBrackets) {
  for (const char* text : {"[1..2]", "(1..2]", "]1..2]", "[1..2)", "[1..2[", "(< 5)", "(>= a)",
                           "[1..2[.start included", "a in [1..2[ and b"}) {
    EXPECT_EQ(Parsed(text).errors(), 0U) << text;
  }
}

// parse(print(tree)) == tree, for trees grown at random.
class Grower {
 public:
  explicit Grower(uint64_t seed) : random_(seed) {}
  std::string grow(int depth) {
    if (depth == 0) return leaf();
    switch (random_.below(16)) {
      case 0:
        return "(" + grow(depth - 1) + " + " + grow(depth - 1) + ")";
      case 1:
        return "(" + grow(depth - 1) + ") * (" + grow(depth - 1) + ")";
      case 2:
        return "if " + grow(depth - 1) + " then " + grow(depth - 1) + " else " + grow(depth - 1);
      case 3:
        return "[" + grow(depth - 1) + ", " + grow(depth - 1) + "]";
      case 4:
        return "{x: " + grow(depth - 1) + ", \"y z\": x}";
      case 5:
        return "(" + grow(depth - 1) + ")[item > " + grow(depth - 1) + "]";
      case 6:
        return "for i in " + grow(depth - 1) + ", k in 1..3 return i + " + grow(depth - 1);
      case 7:
        return "some i in " + grow(depth - 1) + " satisfies i = " + grow(depth - 1);
      case 8:
        return "-(" + grow(depth - 1) + ")";
      case 9:
        return "(" + grow(depth - 1) + ") ** (" + grow(depth - 1) + ")";
      case 10:
        return "(" + grow(depth - 1) + ") between (" + grow(depth - 1) + ") and (" +
               grow(depth - 1) + ")";
      case 11:
        return "((" + grow(depth - 1) + ") in (" + "[1..(" + grow(depth - 1) + ")], < 5))";
      case 12:
        return "(" + grow(depth - 1) + ") instance of list<number>";
      case 13:
        return "count(list: " + grow(depth - 1) + ")";
      case 14:
        return "(function(p: number, q) p + " + grow(depth - 1) + ")(1, 2)";
      default:
        return "(" + grow(depth - 1) + ") " + (random_.chance(0.5) ? "and" : "or") + " (" +
               grow(depth - 1) + ")";
    }
  }

 private:
  std::string leaf() {
    constexpr const char* kLeaves[] = {"a",          "b",    "full name", "1.5",
                                       "\"x\\\"y\"", "true", "null",      "@\"2020-01-01\"",
                                       "面积",       "-3",   "a.b"};
    return kLeaves[random_.below(std::size(kLeaves))];
  }
  Random random_;
};

TEST(Parser, PrintedTreesParseBackToThemselves) {
  const uint64_t seed = 20221123;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Grower grower(seed);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = grower.grow(static_cast<int>(i % 5));
    const Parsed first(text);
    ASSERT_EQ(first.errors(), 0U) << text << "\n" << first.message();
    const Parsed second(first.text());
    ASSERT_EQ(second.errors(), 0U) << text << "\n" << first.text();
    ASSERT_TRUE(same_tree(first.tree(), second.tree())) << text << "\n" << first.text();
  }
}

TEST(Parser, SyntaxErrorsHaveAPlaceAndARemedy) {
  const auto e = compile_expression("1 +\n  * 2");
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().code(), "rules.syntax");
  EXPECT_EQ(e.error().place().line, 2U);
  EXPECT_EQ(e.error().place().char_column, 3U);
  EXPECT_NE(e.error().message_en().find("'*'"), std::string::npos);
  EXPECT_NE(e.error().message_zh().find("“*”"), std::string::npos);
  EXPECT_FALSE(e.error().remedy_zh().empty());
}

TEST(Parser, UnknownNamesAreAllReported) {
  const auto e = compile_expression("unbekannt + 面积比 * 2");
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().code(), "rules.name.unknown");
  EXPECT_NE(e.error().message_en().find("unbekannt"), std::string::npos);
  EXPECT_NE(e.error().message_en().find("面积比"), std::string::npos);
  EXPECT_NE(e.error().remedy_en().find("spelling"), std::string::npos);
}

TEST(Parser, FullWidthPunctuationIsExplained) {
  const auto e = compile_expression("1 ＋ 2");
  ASSERT_FALSE(e);
  const auto f = compile_expression("1 # 2");
  ASSERT_FALSE(f);
  EXPECT_FALSE(f.error().remedy_zh().empty());
}

TEST(Parser, DeepNestingIsRefused) {
  std::string deep(5000, '(');
  const auto e = compile_expression(deep + "1");
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().code(), "rules.limit.nesting");
  std::string minus(5000, '-');
  EXPECT_FALSE(compile_expression(minus + "1"));
}

TEST(Parser, OneUnitInScopeCanBeADynamicMember) {
  EXPECT_EQ(feel("[{x: 1, y y: 2}, {x: 3}][x = 3][1].x"), "3");
  EXPECT_EQ(feel("l[p q > 1]", {{"l", "Any"}}, {Value()}), "[]");
}

}  // namespace
}  // namespace yipan::rules
