// Decision tables: every hit policy with none, one and many matches; null inputs; several outputs;
// large tables, whose index must answer as testing every rule does.
#include <gtest/gtest.h>

#include "rules/element.h"
#include "rules/table.h"
#include "yipan/clock.h"
#include "yipan/rules.h"

namespace yipan::rules {
namespace {

struct TableText {
  std::string policy = "UNIQUE";
  std::string aggregation;
  std::vector<std::string> inputs = {"x"};
  std::vector<std::string> outputs = {""};      // names
  std::string output_values;                    // of the first output
  std::string default_value;                    // of the first output
  std::vector<std::vector<std::string>> rules;  // cells, then results
  std::string xml() const;
};

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

std::string TableText::xml() const {
  std::string out = R"(<definitions xmlns="https://www.omg.org/spec/DMN/20211108/MODEL/" name="m" )"
                    R"(namespace="m">)";
  for (const auto& in : inputs) {
    out += "<inputData id=\"" + in + "\" name=\"" + in + "\"><variable name=\"" + in +
           "\"/></inputData>";
  }
  out += "<decision id=\"out\" name=\"out\"><variable name=\"out\"/>";
  for (const auto& in : inputs) {
    out += "<informationRequirement><requiredInput href=\"#" + in + "\"/></informationRequirement>";
  }
  out += "<decisionTable hitPolicy=\"" + policy + "\"";
  if (!aggregation.empty()) out += " aggregation=\"" + aggregation + "\"";
  out += ">";
  for (const auto& in : inputs) {
    out += "<input><inputExpression><text>" + in + "</text></inputExpression></input>";
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    out += "<output name=\"" + outputs[i] + "\">";
    if (i == 0 && !output_values.empty()) {
      out += "<outputValues><text>" + output_values + "</text></outputValues>";
    }
    if (i == 0 && !default_value.empty()) {
      out += "<defaultOutputEntry><text>" + default_value + "</text></defaultOutputEntry>";
    }
    out += "</output>";
  }
  for (const auto& rule : rules) {
    out += "<rule>";
    for (size_t i = 0; i < rule.size(); ++i) {
      const char* tag = i < inputs.size() ? "inputEntry" : "outputEntry";
      out += std::string("<") + tag + "><text>" + escaped(rule[i]) + "</text></" + tag + ">";
    }
    out += "</rule>";
  }
  return out + "</decisionTable></decision></definitions>";
}

class Decided {
 public:
  explicit Decided(const TableText& table) : built_(compile_model({{"t.dmn", table.xml()}})) {
    for (const Diagnostic& d : built_.diagnostics) faults_ += d.error.to_string_en();
  }
  Value operator()(const std::vector<Value>& values) {
    Evaluator evaluator(built_.model);
    const auto inputs = built_.model->inputs();
    for (size_t i = 0; i < values.size(); ++i) evaluator.set(inputs[i].id, values[i]);
    const Value result = evaluator.evaluate(*built_.model->find_decision("out"));
    const auto why = evaluator.reason(result);
    reason_ = why ? why->code : "";
    return result;
  }
  std::string text(int64_t x) { return (*this)({Value::number(x)}).to_string(); }
  const std::string& reason() const { return reason_; }
  const Model& model() const { return *built_.model; }
  const std::string& faults() const { return faults_; }

 private:
  Compilation built_;
  std::string faults_, reason_;
};

// Three rules that overlap: x = 1 fits none, 5 one, 15 two, 25 three.
TableText overlapping(std::string policy, std::string aggregation = "") {
  TableText t;
  t.policy = std::move(policy);
  t.aggregation = std::move(aggregation);
  t.output_values = "30, 20, 10";
  t.rules = {{"> 2", "10"}, {"> 10", "30"}, {"> 20", "20"}};
  return t;
}

struct PolicyRow {
  const char* policy;
  const char* aggregation;
  const char* none;
  const char* one;
  const char* two;
  const char* three;
};

TEST(Table, EveryHitPolicy) {
  constexpr PolicyRow kRows[] = {
      {"UNIQUE", "", "null", "10", "null", "null"},
      {"ANY", "", "null", "10", "null", "null"},
      {"FIRST", "", "null", "10", "10", "10"},
      {"PRIORITY", "", "null", "10", "30", "30"},
      {"RULE ORDER", "", "[]", "[10]", "[10, 30]", "[10, 30, 20]"},
      {"OUTPUT ORDER", "", "[]", "[10]", "[30, 10]", "[30, 20, 10]"},
      {"COLLECT", "", "[]", "[10]", "[10, 30]", "[10, 30, 20]"},
      {"COLLECT", "SUM", "null", "10", "40", "60"},
      {"COLLECT", "MIN", "null", "10", "10", "10"},
      {"COLLECT", "MAX", "null", "10", "30", "30"},
      {"COLLECT", "COUNT", "0", "1", "2", "3"},
  };
  for (const PolicyRow& row : kRows) {
    SCOPED_TRACE(std::string(row.policy) + " " + row.aggregation);
    Decided run(overlapping(row.policy, row.aggregation));
    ASSERT_EQ(run.faults(), "");
    EXPECT_EQ(run.text(1), row.none);
    EXPECT_EQ(run.text(5), row.one);
    EXPECT_EQ(run.text(15), row.two);
    EXPECT_EQ(run.text(25), row.three);
    EXPECT_EQ(run({Value()}).to_string(), row.none) << "a null input fits no rule";
  }
}

// Every policy with two outputs, by none, one, two, three matches and a null input.
TEST(Table, EveryHitPolicyWithTwoOutputs) {
  constexpr PolicyRow kRows[] = {
      {"UNIQUE", "", "null", "{p: 10, q: \"a\"}", "null", "null"},
      {"ANY", "", "null", "{p: 10, q: \"a\"}", "null", "null"},
      {"FIRST", "", "null", "{p: 10, q: \"a\"}", "{p: 10, q: \"a\"}", "{p: 10, q: \"a\"}"},
      {"PRIORITY", "", "null", "{p: 10, q: \"a\"}", "{p: 30, q: \"b\"}", "{p: 30, q: \"b\"}"},
      {"RULE ORDER", "", "[]", "[{p: 10, q: \"a\"}]", "[{p: 10, q: \"a\"}, {p: 30, q: \"b\"}]",
       "[{p: 10, q: \"a\"}, {p: 30, q: \"b\"}, {p: 20, q: null}]"},
      {"OUTPUT ORDER", "", "[]", "[{p: 10, q: \"a\"}]", "[{p: 30, q: \"b\"}, {p: 10, q: \"a\"}]",
       "[{p: 30, q: \"b\"}, {p: 20, q: null}, {p: 10, q: \"a\"}]"},
      {"COLLECT", "", "[]", "[{p: 10, q: \"a\"}]", "[{p: 10, q: \"a\"}, {p: 30, q: \"b\"}]",
       "[{p: 10, q: \"a\"}, {p: 30, q: \"b\"}, {p: 20, q: null}]"},
      {"COLLECT", "COUNT", "0", "1", "2", "3"},
  };
  for (const PolicyRow& row : kRows) {
    SCOPED_TRACE(std::string(row.policy) + " " + row.aggregation);
    TableText t = overlapping(row.policy, row.aggregation);
    t.outputs = {"p", "q"};
    t.rules = {{"> 2", "10", "\"a\""}, {"> 10", "30", "\"b\""}, {"> 20", "20", "null"}};
    Decided run(t);
    ASSERT_EQ(run.faults(), "");
    EXPECT_EQ(run.text(1), row.none);
    EXPECT_EQ(run.text(5), row.one);
    EXPECT_EQ(run.text(15), row.two);
    EXPECT_EQ(run.text(25), row.three);
    EXPECT_EQ(run({Value()}).to_string(), row.none) << "a null input fits no rule";
  }
}

TEST(Table, ANullCellFitsANullInput) {
  for (const char* policy : {"UNIQUE", "FIRST", "ANY", "PRIORITY"}) {
    TableText t = overlapping(policy);
    t.rules = {{"> 2", "10"}, {"null", "20"}, {"not(null)", "10"}};
    Decided run(t);
    ASSERT_EQ(run.faults(), "");
    EXPECT_EQ(run({Value()}).to_string(), "20") << policy;
    EXPECT_EQ(run.text(1), "10") << policy;
  }
}

// What is not known is neither true nor false.
TEST(Table, ANullInputFitsNoBooleanCell) {
  for (const char* policy : {"UNIQUE", "FIRST", "ANY"}) {
    TableText t = overlapping(policy);
    t.rules = {{"true", "10"}, {"false", "20"}, {"null", "30"}};
    Decided run(t);
    ASSERT_EQ(run.faults(), "");
    EXPECT_EQ(run({Value::boolean(true)}).to_string(), "10") << policy;
    EXPECT_EQ(run({Value::boolean(false)}).to_string(), "20") << policy;
    EXPECT_EQ(run({Value()}).to_string(), "30") << policy;
  }
}

TEST(Table, SaysWhyItIsNull) {
  Decided unique(overlapping("UNIQUE"));
  unique.text(25);
  EXPECT_EQ(unique.reason(), "rules.table.unique");
  unique.text(1);
  EXPECT_EQ(unique.reason(), "rules.table.none");
  Decided any(overlapping("ANY"));
  any.text(15);
  EXPECT_EQ(any.reason(), "rules.table.any");
}

TEST(Table, DefaultsAndSeveralOutputs) {
  TableText t;
  t.outputs = {"结论", "依据"};
  t.default_value = "\"不准\"";
  t.rules = {{"> 5", "\"准\"", "1"}};
  Decided run(t);
  EXPECT_EQ(run.text(6), "{结论: \"准\", 依据: 1}");
  EXPECT_EQ(run.text(1), "{结论: \"不准\", 依据: null}");
}

TEST(Table, CellsOfEveryForm) {
  TableText t;
  t.policy = "RULE ORDER";
  t.rules = {{"-", "1"},     {"null", "2"},           {"not(5)", "3"}, {"[1..5)", "4"},
             {"5, 7", "5"},  {"odd(?)", "6"},         {"? > 4", "7"},  {"[5, 9]", "8"},
             {"x + 0", "9"}, {"not(< 3, > 8)", "10"}, {"!= 5", "11"},  {"= 5", "12"}};
  Decided run(t);
  EXPECT_EQ(run.text(5), "[1, 5, 6, 7, 8, 9, 10, 12]");
  EXPECT_EQ(run.text(2), "[1, 3, 4, 9, 11]");
  EXPECT_EQ(run({Value()}).to_string(), "[1, 2, 3, 9, 11]");
}

TEST(Table, AWrongRuleIsReported) {
  TableText t;
  t.rules = {{"1"}};
  const Decided run(t);
  EXPECT_NE(run.faults().find("1 conditions and 0 conclusions"), std::string::npos) << run.faults();
}

std::string random_cell(Random* random, bool text) {
  const auto n = [&] { return std::to_string(random->between(0, 40)); };
  if (text) {
    switch (random->below(4)) {
      case 0:
        return "-";
      case 1:
        return "\"k" + n() + "\", \"k" + n() + "\"";
      case 2:
        return "not(\"k" + n() + "\")";
      default:
        return "\"k" + n() + "\"";
    }
  }
  const int64_t low = random->between(0, 40);
  const std::string a = std::to_string(low), b = std::to_string(low + random->between(0, 9));
  switch (random->below(8)) {
    case 0:
      return "-";
    case 1:
      return "< " + a;
    case 2:
      return ">= " + a;
    case 3:
      return "[" + a + ".." + b + ")";
    case 4:
      return "(" + a + ".." + b + "], " + a;
    case 5:
      return "not([" + a + ".." + b + "])";
    case 6:
      return "? - 1 > " + a;
    default:
      return a + "." + std::to_string(random->below(2) * 5);
  }
}

// The index lets through exactly what testing every rule lets through.
TEST(Table, IndexEqualsTestingEveryRule) {
  const uint64_t seed = 5000;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 12; ++round) {
    TableText large;
    large.policy = "COLLECT";
    large.inputs = {"a", "b", "c"};
    for (int r = 0; r < 200; ++r) {
      large.rules.push_back({random_cell(&random, true), random_cell(&random, false),
                             random_cell(&random, false), std::to_string(r)});
    }
    Decided indexed(large);
    ASSERT_FALSE(indexed.model().data().program.tables.front()->index.empty());
    std::vector<Decided> parts;  // the same rules in tables too small to have an index
    for (size_t at = 0; at < large.rules.size(); at += 20) {
      TableText part = large;
      part.rules.assign(large.rules.begin() + static_cast<ptrdiff_t>(at),
                        large.rules.begin() + static_cast<ptrdiff_t>(at + 20));
      parts.emplace_back(part);
    }
    for (int q = 0; q < 30; ++q) {
      const std::vector<Value> in = {
          Value::string("k" + std::to_string(random.between(0, 41))),
          Value::number(Decimal::from_scaled(random.between(-2, 84), 0) / Decimal::from_int(2)),
          random.chance(0.1) ? Value() : Value::number(random.between(0, 42))};
      std::vector<Value> all;
      for (Decided& part : parts) {
        const Value found = part(in);
        for (const Value& v : found.as_list()) all.push_back(v);
      }
      ASSERT_EQ(indexed(in).to_string(), Value::list(all).to_string()) << "round " << round;
    }
  }
}

TEST(Table, FiveThousandRules) {
  TableText t;
  t.inputs = {"k", "n"};
  for (int r = 0; r < 5000; ++r) {
    const int step = r % 10;
    t.rules.push_back({"\"k" + std::to_string(r / 10) + "\"",
                       "[" + std::to_string(step) + ".." + std::to_string(step + 1) + ")",
                       std::to_string(r)});
  }
  Decided run(t);
  ASSERT_EQ(run.faults(), "");
  EXPECT_EQ(run({Value::string("k123"), Value::number(int64_t{4})}).to_string(), "1234");
  EXPECT_TRUE(run({Value::string("k999"), Value::number(int64_t{4})}).is_null());
  // One rule more, which meets rule 1235: found by evaluation and by the analysis.
  t.rules.push_back({"\"k123\"", "[4.5..4.6]", "0"});
  Decided twice(t);
  ASSERT_EQ(twice.faults(), "");
  EXPECT_EQ(twice({Value::string("k123"), Value::number(int64_t{4})}).to_string(), "1234");
  EXPECT_TRUE(twice({Value::string("k123"), Value::number(*Decimal::parse("4.55"))}).is_null());
  EXPECT_EQ(twice.reason(), "rules.table.unique");
}

}  // namespace
}  // namespace yipan::rules
