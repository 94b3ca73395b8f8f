// Gaps and overlaps against a brute force grid, and each finding against the evaluator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <set>

#include "rules/test_tables.h"
#include "yipan/clock.h"

namespace yipan::rules {
namespace {

using ::testing::HasSubstr;
using Problem = TableFinding::Problem;

struct Built {
  std::shared_ptr<const Model> model;
  TableAnalysis analysis;

  std::string text() const { return to_text_en(analysis); }
  std::vector<const TableFinding*> of(Problem problem) const {
    std::vector<const TableFinding*> out;
    for (const TableFinding& f : analysis.findings) {
      if (f.problem == problem) out.push_back(&f);
    }
    return out;
  }
};

Built analysed(const std::string& xml, const AnalyseOptions& options = {}) {
  const Compilation built = compile_model({{"m.dmn", xml}});
  EXPECT_TRUE(built.ok()) << (built.diagnostics.empty()
                                  ? ""
                                  : built.diagnostics[0].error.to_string_en());
  auto all = analyse(built.model, options);
  EXPECT_EQ(all.size(), 1U);
  return {built.model, all.at(0)};
}

Built analysed(std::string_view policy, const std::vector<TestColumn>& inputs,
               const std::vector<TestColumn>& outputs, const std::vector<std::string>& rules) {
  return analysed(table_model(policy, inputs, outputs, rules));
}

const std::vector<TestColumn> kText = {{"o", "string"}};

TEST(Analyse, GapBetweenTwoIntervals) {
  const Built b = analysed("UNIQUE", {{"面积", "number"}}, kText, {"<100 | \"a\"", ">100 | \"b\""});
  ASSERT_EQ(b.analysis.findings.size(), 1U) << b.text();
  const TableFinding& gap = b.analysis.findings[0];
  EXPECT_EQ(gap.problem, Problem::gap);
  EXPECT_TRUE(gap.verified);
  EXPECT_EQ(gap.example[0].first, "面积");
  EXPECT_EQ(gap.example[0].second.to_string(), "100");
  EXPECT_THAT(to_text_zh(b.analysis), HasSubstr("缺口：没有规则适用"));
  EXPECT_THAT(to_text_zh(b.analysis), HasSubstr("面积 = 100"));
}

TEST(Analyse, OverlapNamesBothRulesAndWhetherOutputsDiffer) {
  const Built b = analysed("UNIQUE", {{"a", "number"}}, kText, {"<=100 | \"a\"", ">=100 | \"b\""});
  ASSERT_EQ(b.analysis.findings.size(), 1U) << b.text();
  EXPECT_THAT(b.text(), HasSubstr("overlap: rules 1 and 2 both fire, with different outputs"));
  EXPECT_THAT(b.text(), HasSubstr("example: a = 100"));
  EXPECT_TRUE(b.analysis.findings[0].verified);
}

TEST(Analyse, NeighbouringDaysLeaveNoGap) {
  const Built fine = analysed("UNIQUE", {{"d1", "date"}}, kText,
                              {"<= @\"2022-11-30\" | \"a\"", ">= @\"2022-12-01\" | \"b\""});
  EXPECT_TRUE(fine.analysis.findings.empty()) << fine.text();
  const Built gap = analysed("UNIQUE", {{"d1", "date"}}, kText,
                             {"<= @\"2022-11-29\" | \"a\"", ">= @\"2022-12-01\" | \"b\""});
  ASSERT_EQ(gap.analysis.findings.size(), 1U) << gap.text();
  EXPECT_EQ(gap.analysis.findings[0].example[0].second.to_string(), "2022-11-30");
}

TEST(Analyse, AllowedValuesCloseATextColumn) {
  const std::vector<std::string> rules = {"\"住宅\" | \"a\"", "\"商业\" | \"b\""};
  const Built open = analysed("UNIQUE", {{"用途", "string"}}, kText, rules);
  ASSERT_EQ(open.of(Problem::gap).size(), 1U) << open.text();
  const Built closed = analysed("UNIQUE", {{"用途", "string", "\"住宅\",\"商业\""}}, kText, rules);
  EXPECT_TRUE(closed.analysis.findings.empty()) << closed.text();
  const Built third =
      analysed("UNIQUE", {{"用途", "string", "\"住宅\",\"商业\",\"工业\""}}, kText, rules);
  ASSERT_EQ(third.of(Problem::gap).size(), 1U);
  EXPECT_EQ(third.of(Problem::gap)[0]->example[0].second.to_string(), "工业");
}

TEST(Analyse, FirstFindsMaskedRules) {
  const Built b = analysed("FIRST", {{"a", "number"}}, kText,
                           {"<10 | \"a\"", ">=5 | \"b\"", "[7..20] | \"c\"", "- | \"d\""});
  const auto masked = b.of(Problem::unreachable);
  ASSERT_EQ(masked.size(), 2U) << b.text();
  EXPECT_THAT(masked[0]->en, HasSubstr("rule 3 is never reached: rule 2 always comes before it"));
  EXPECT_THAT(masked[1]->en, HasSubstr("rules 1, 2"));
}

TEST(Analyse, PriorityFollowsTheOutputOrder) {
  const Built b = analysed("PRIORITY", {{"a", "number"}}, {{"o", "string", "\"high\",\"low\""}},
                           {"[1..5] | \"low\"", "[0..9] | \"high\"", "- | \"low\""});
  const auto masked = b.of(Problem::unreachable);
  ASSERT_EQ(masked.size(), 1U) << b.text();
  EXPECT_EQ(masked[0]->rules, (std::vector<uint32_t>{1, 2}));
}

TEST(Analyse, AnyReportsOnlyDifferingOutputs) {
  const Built b =
      analysed("ANY", {{"a", "number"}}, kText, {"<10 | \"a\"", "<5 | \"a\"", ">=8 | \"b\""});
  ASSERT_EQ(b.of(Problem::conflict).size(), 1U) << b.text();
  EXPECT_EQ(b.of(Problem::conflict)[0]->rules, (std::vector<uint32_t>{1, 3}));
  ASSERT_EQ(b.of(Problem::redundant).size(), 1U) << b.text();
  EXPECT_EQ(b.of(Problem::redundant)[0]->rules, (std::vector<uint32_t>{2, 1}));
}

TEST(Analyse, ImpossibleRule) {
  const Built b = analysed("UNIQUE", {{"a", "number", "[0..100]"}}, kText,
                           {"[0..100] | \"a\"", ">200 | \"b\""});
  ASSERT_EQ(b.of(Problem::impossible).size(), 1U) << b.text();
  EXPECT_THAT(b.text(), HasSubstr("rule 2 can never fire: column 1 'a': no value satisfies >200"));
  EXPECT_TRUE(b.of(Problem::gap).empty()) << b.text();
}

TEST(Analyse, CollectIsLeftAloneAndSaysSo) {
  const Built b = analysed("COLLECT", {{"a", "number"}}, kText, {"<10 | \"a\"", "<5 | \"b\""});
  EXPECT_TRUE(b.analysis.findings.empty());
  EXPECT_EQ(b.analysis.notes.size(), 2U) << b.text();
}

TEST(Analyse, OpaqueCellsAreNamed) {
  const Built b = analysed("UNIQUE", {{"a", "number"}, {"b", "number"}}, kText,
                           {"> b | - | \"a\"", "<5 | <5 | \"b\""});
  EXPECT_THAT(b.text(), HasSubstr("rule 1, column 1: > b is no comparison with a constant"));
  EXPECT_TRUE(b.of(Problem::overlap).empty());
}

TEST(Analyse, WideTableIsQuick) {
  // 12 columns of 9 intervals: 19^12 cells if it were counted out.
  std::vector<TestColumn> inputs;
  std::vector<std::string> rules;
  for (int c = 0; c < 12; ++c) inputs.push_back({fmt::format("c{}", c), "number"});
  for (int c = 0; c < 12; ++c) {
    for (int k = 0; k < 9; ++k) {
      std::string rule;
      for (int i = 0; i < 12; ++i) rule += i == c ? fmt::format("[{}..{}] |", k, k + 2) : "- |";
      rules.push_back(rule + " \"x\"");
    }
  }
  AnalyseOptions options;
  options.findings_max = 10;
  const Built b = analysed(table_model("ANY", inputs, kText, rules), {});
  EXPECT_FALSE(b.of(Problem::gap).empty());
}

// ---- property ----------------------------------------------------------------------------------

// Inputs on a grid finer than any bound of the random tables.
std::vector<Value> values_of(int kind) {
  std::vector<Value> out;
  if (kind == 0) {
    for (int half = -1; half <= 23; ++half)
      out.push_back(Value::number(Decimal::from_scaled(half * 5, 1)));
  } else if (kind == 1) {
    for (const char* text : {"a", "b", "c", "其他"}) out.push_back(Value::string(text));
  } else {
    out = {Value::boolean(true), Value::boolean(false)};
  }
  return out;
}

std::string random_cell(int kind, Random* random) {
  const auto number = [random] { return random->below(7); };
  if (random->chance(0.3)) return "-";
  if (kind == 2) return random->chance(0.5) ? "true" : "false";
  if (kind == 1) {
    const char* cells[] = {"\"a\"", "\"b\"", "\"a\",\"c\"", "not(\"a\")", "not(\"b\",\"c\")"};
    return cells[random->below(5)];
  }
  const uint64_t low = number(), high = low + random->below(4);
  switch (random->below(7)) {
    case 0:
      return fmt::format("< {}", low);
    case 1:
      return fmt::format(">= {}", low);
    case 2:
      return fmt::format("[{}..{}]", low, high);
    case 3:
      return fmt::format("({}..{}]", low, high + 1);
    case 4:
      return fmt::format("not([{}..{}))", low, high + 1);
    case 5:
      return fmt::format("{}, > {}", low, high);
    default:
      return std::to_string(low);
  }
}

struct RandomTable {
  std::vector<int> kinds;
  std::vector<TestColumn> inputs;
  std::vector<std::string> rules;
};

RandomTable random_table(Random* random) {
  RandomTable t;
  const char* types[] = {"number", "string", "boolean"};
  const uint64_t columns = 1 + random->below(3), count = 1 + random->below(5);
  for (uint64_t c = 0; c < columns; ++c) {
    t.kinds.push_back(static_cast<int>(random->below(3)));
    t.inputs.push_back({fmt::format("c{}", c), types[t.kinds.back()]});
  }
  for (uint64_t r = 0; r < count; ++r) {
    std::string rule;
    for (const int kind : t.kinds) rule += random_cell(kind, random) + " | ";
    t.rules.push_back(rule + std::to_string(random->below(3)));
  }
  return t;
}

// The rules that fire, asked from the evaluator's explanation.
std::set<uint32_t> fired(Evaluator* evaluator, const Model& model,
                         const std::vector<Value>& point) {
  evaluator->clear();
  for (size_t c = 0; c < point.size(); ++c) {
    evaluator->set(*model.find_input(fmt::format("c{}", c)), point[c]);
  }
  evaluator->evaluate(*model.find_decision("d"));
  std::set<uint32_t> out;
  for (const Explanation& rule : evaluator->explanation()->children.at(0).children) {
    if (rule.fired) out.insert(rule.rule);
  }
  return out;
}

struct Grid {
  std::set<std::set<uint32_t>> fired_sets;
  bool gap = false;
  std::set<std::pair<uint32_t, uint32_t>> pairs;
  std::set<uint32_t> deciding;  // first of each
};

Grid brute_force(const std::shared_ptr<const Model>& model, const RandomTable& t) {
  EvaluatorOptions options;
  options.explain = true;
  Evaluator evaluator(model, options);
  Grid grid;
  std::vector<size_t> at(t.kinds.size(), 0);
  for (;;) {
    std::vector<Value> point;
    for (size_t c = 0; c < at.size(); ++c) point.push_back(values_of(t.kinds[c])[at[c]]);
    const std::set<uint32_t> hits = fired(&evaluator, *model, point);
    grid.gap = grid.gap || hits.empty();
    if (!hits.empty()) grid.deciding.insert(*hits.begin());
    for (const uint32_t a : hits) {
      for (const uint32_t b : hits) {
        if (a < b) grid.pairs.insert({a, b});
      }
    }
    size_t c = 0;
    while (c < at.size() && ++at[c] == values_of(t.kinds[c]).size()) at[c++] = 0;
    if (c == at.size()) return grid;
  }
}

std::string spelled(const RandomTable& t, uint64_t seed) {
  std::string out = fmt::format("seed {}\n", seed);
  for (const std::string& rule : t.rules) out += rule + "\n";
  return out;
}

TEST(AnalyseProperty, FindsWhatBruteForceFinds) {
  const uint64_t seed = std::random_device()();
  std::clog << "AnalyseProperty seed " << seed << "\n";
  Random random(seed);
  for (int round = 0; round < 150; ++round) {
    const RandomTable t = random_table(&random);
    const Built b = analysed("UNIQUE", t.inputs, {{"o", "number"}}, t.rules);
    const Grid grid = brute_force(b.model, t);
    const std::string what = spelled(t, seed) + b.text();
    EXPECT_EQ(!b.of(Problem::gap).empty(), grid.gap) << what;
    std::set<std::pair<uint32_t, uint32_t>> pairs;
    for (const TableFinding* f : b.of(Problem::overlap)) pairs.insert({f->rules[0], f->rules[1]});
    EXPECT_EQ(pairs, grid.pairs) << what;
    for (const TableFinding& f : b.analysis.findings) EXPECT_TRUE(f.verified) << what;
    EXPECT_TRUE(b.analysis.complete);

    const Built first = analysed("FIRST", t.inputs, {{"o", "number"}}, t.rules);
    std::set<uint32_t> silent;
    for (const TableFinding& f : first.analysis.findings) {
      if (f.problem == Problem::unreachable || f.problem == Problem::impossible) {
        silent.insert(f.rules[0]);
      }
    }
    for (uint32_t r = 1; r <= t.rules.size(); ++r) {
      EXPECT_EQ(silent.count(r) == 0, grid.deciding.count(r) != 0) << "rule " << r << "\n" << what;
    }
  }
}

// Every gap's example, and every corner of its region's text, has no rule: the union of the gaps is
// the whole of what is open.
TEST(AnalyseProperty, GapsAreAllOfThem) {
  const uint64_t seed = std::random_device()();
  std::clog << "AnalyseProperty gaps seed " << seed << "\n";
  Random random(seed);
  for (int round = 0; round < 60; ++round) {
    RandomTable t = random_table(&random);
    AnalyseOptions options;
    options.findings_max = 100000;
    const Built b = analysed(table_model("UNIQUE", t.inputs, {{"o", "number"}}, t.rules), options);
    // The same table with a rule for each gap has no gap left.
    std::vector<std::string> closed = t.rules;
    for (const TableFinding* gap : b.of(Problem::gap)) {
      std::string rule;
      for (size_t c = 0; c < t.kinds.size(); ++c) {
        rule += gap->region[c].second + " | ";
      }
      closed.push_back(rule + "9");
    }
    const Built again =
        analysed(table_model("UNIQUE", t.inputs, {{"o", "number"}}, closed), options);
    EXPECT_TRUE(again.of(Problem::gap).empty()) << spelled(t, seed) << b.text() << again.text();
  }
}

}  // namespace
}  // namespace yipan::rules
