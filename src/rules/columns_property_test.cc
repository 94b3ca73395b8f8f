// Columns give what the scalar engine gives: random typed expressions and tables over random rows,
// with missing values and numbers at the edge of int64.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rules/columns_random.h"
#include "rules/test_seed.h"
#include "rules/test_tables.h"

namespace yipan::rules::columns {
namespace {

std::vector<Variable> variables() {
  std::vector<Variable> out;
  for (const TestInput& in : test_inputs()) out.push_back({in.column.name, in.type});
  return out;
}

std::vector<ColumnInput> column_inputs() {
  std::vector<ColumnInput> out;
  for (const TestInput& in : test_inputs()) out.push_back(in.column);
  return out;
}

std::string row_text(const Batch& batch, size_t row) {
  std::string out;
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    out += fmt::format("{}={} ", test_inputs()[i].column.name,
                       cell_of(batch.columns[i], test_inputs()[i].column, row).to_string());
  }
  return out;
}

std::vector<Value> row_values(const Batch& batch, size_t row) {
  std::vector<Value> out;
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    out.push_back(cell_of(batch.columns[i], test_inputs()[i].column, row));
  }
  return out;
}

struct Tally {
  size_t vectorised = 0, all = 0, rows = 0, misfits = 0;
  uint64_t left = 0, decimal = 0;
};

// Compiles and compares one expression; adds to *tally.
void compare_expression(const std::string& text, const Batch& batch, Tally* tally) {
  const auto e = compile_expression(text, variables());
  ASSERT_TRUE(e) << text << "\n" << e.error().to_string_en();
  const auto plan = compile_columns(*e, column_inputs());
  ASSERT_TRUE(plan) << text << "\n" << plan.error().to_string_en();
  ++tally->all;
  if (plan->report()[0].vectorised) ++tally->vectorised;
  Evaluator evaluator;
  Batch out;
  const auto done = plan->evaluate(batch, &out);
  if (!done) {
    ASSERT_EQ(done.error().code(), "rules.columns.value") << text;
    const size_t row = *done.error().place().row - 1;
    const Value v = evaluator.evaluate(*e, row_values(batch, row));
    ASSERT_EQ(plan->outputs()[0].type, yipan::Type::integer) << text;
    ASSERT_TRUE(v.is(Kind::days_duration) || v.is(Kind::number)) << text << " " << v.to_string();
    if (v.is(Kind::number)) {
      ASSERT_FALSE(v.as_number().to_scaled(plan->outputs()[0].scale)) << text << v.to_string();
    } else {
      ASSERT_NE(v.as_duration().nanos, 0);
    }
    ++tally->misfits;
    return;
  }
  tally->left += done->rows_left;
  tally->decimal += done->blocks_decimal;
  for (size_t row = 0; row < batch.rows(); ++row) {
    const Value v = evaluator.evaluate(*e, row_values(batch, row));
    ++tally->rows;
    ASSERT_TRUE(holds(v, plan->outputs()[0], out.columns[0], row))
        << text << "\n"
        << row_text(batch, row) << "\nscalar " << v.to_string() << " (" << to_string(v.kind())
        << "), column "
        << (out.columns[0].is_null(row)           ? "null"
            : is_fixed_int(out.columns[0].type()) ? std::to_string(out.columns[0].int_at(row))
                                                  : std::string(out.columns[0].bytes_at(row)))
        << " of scale " << plan->outputs()[0].scale << " " << plan->outputs()[0].feel_type;
  }
}

void compare_expressions(const char* name, size_t count, bool extreme) {
  Random random(test_seed(name));
  RandomFeel feel(&random);
  Tally tally;
  for (size_t i = 0; i < count; ++i) {
    const Batch batch = random_rows(&random, 60, extreme, random.below(4) == 0);
    compare_expression(feel.any(), batch, &tally);
    if (testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(tally.vectorised * 10, tally.all * 7) << "most have a vector form";
  EXPECT_GT(tally.rows, count * 30);
  std::clog << fmt::format(
      "{} of {} vectorised, {} rows, {} left, {} blocks in decimals, {} "
      "results beyond their column\n",
      tally.vectorised, tally.all, tally.rows, tally.left, tally.decimal, tally.misfits);
}

TEST(ColumnsProperty, ExpressionsEqualTheScalarEngine) {
  compare_expressions("ExpressionsEqualTheScalarEngine", 4000, false);
}

TEST(ColumnsProperty, ExpressionsOfExtremeValuesEqualTheScalarEngine) {
  compare_expressions("ExpressionsOfExtremeValuesEqualTheScalarEngine", 3000, true);
}

// ---- tables ----------------------------------------------------------------------------------

class RandomTable {
 public:
  explicit RandomTable(Random* random) : random_(*random), feel_(random) {}

  std::string model(std::string* policy) {
    constexpr const char* kPolicies[] = {"UNIQUE",  "FIRST",      "ANY",         "PRIORITY",
                                         "COLLECT", "SUM",        "MIN",         "MAX",
                                         "COUNT",   "RULE ORDER", "OUTPUT ORDER"};
    *policy = kPolicies[random_.below(std::size(kPolicies))];
    const bool numbers = *policy == "SUM" || random_.below(2) == 0;
    const size_t rules = random_.below(6) == 0 ? 60 + random_.below(90) : 1 + random_.below(8);
    const bool aggregation =
        *policy == "SUM" || *policy == "MIN" || *policy == "MAX" || *policy == "COUNT";
    std::string t =
        fmt::format("<decisionTable hitPolicy=\"{}\"{}>", aggregation ? "COLLECT" : *policy,
                    aggregation ? " aggregation=\"" + *policy + "\"" : "");
    const size_t inputs = 1 + random_.below(4);
    std::vector<char> kinds;
    for (size_t i = 0; i < inputs; ++i) t += input(&kinds);
    t += fmt::format("<output{}>", numbers ? " typeRef=\"number\"" : " typeRef=\"string\"");
    if (!numbers && *policy == "PRIORITY") {
      t += "<outputValues><text>\"x\", \"yy\", \"w\"</text></outputValues>";
    }
    if (random_.below(4) == 0 && !aggregation) {
      t += fmt::format("<defaultOutputEntry><text>{}</text></defaultOutputEntry>",
                       numbers ? "42" : "\"w\"");
    }
    t += "</output>";
    for (size_t r = 0; r < rules; ++r) {
      t += "<rule>";
      for (const char kind : kinds) {
        t += fmt::format("<inputEntry><text>{}</text></inputEntry>", xml_text(cell(kind)));
      }
      t += fmt::format("<outputEntry><text>{}</text></outputEntry></rule>",
                       xml_text(result(numbers, aggregation || rules > 60)));
    }
    return t + "</decisionTable>";
  }

 private:
  std::string input(std::vector<char>* kinds) {
    kinds->push_back("nnsdbq"[random_.below(6)]);
    std::string text;
    switch (kinds->back()) {
      case 'n':
        text = feel_.pick({"a", "c", "a + b", "a * 1.5", "r"});
        break;
      case 's':
        text = feel_.pick({"s", "t"});
        break;
      case 'd':
        text = feel_.pick({"d", "e"});
        break;
      case 'b':
        text = feel_.pick({"p", "a > b"});
        break;
      default:
        text = feel_.pick({"a / 3", "c / b"});
    }
    const bool allowed = kinds->back() == 's' && random_.below(4) == 0;
    return fmt::format(
        "<input><inputExpression><text>{}</text></inputExpression>{}</input>", xml_text(text),
        allowed ? "<inputValues><text>\"x\", \"yy\", \"zzz\"</text></inputValues>" : "");
  }

  std::string cell(char kind) {
    if (random_.below(3) == 0) return "-";
    switch (kind) {
      case 's':
        return feel_.pick({"\"x\"", "\"yy\"", "\"x\", \"zzz\"", "not(\"x\")", "null", "t",
                           "[\"a\"..\"y\"]", "\"杭州市\"", "starts with(?, \"z\")"});
      case 'd':
        return feel_.pick({"> date(\"2000-01-01\")", "<= date(\"2023-02-28\")",
                           "[date(\"1990-01-01\")..date(\"2030-01-01\"))",
                           "not(date(\"1970-01-01\"))", "< e", "? > d"});
      case 'b':
        return feel_.pick({"true", "false", "not(true)", "null"});
      default:
        return feel_.pick({"> 10", "< 5.5", "[1..50]", "(3..7.25)", "1, 2, 3", "not(5)",
                           "not([10..20])", "< b", "? > b + 1", "null", "\"x\"", ">= -3, [5..6]",
                           "9", "< 0.333333333333333333333333333333333", "[-20..0.5)"});
    }
  }

  std::string result(bool numbers, bool constant) {
    if (!numbers) {
      return constant ? feel_.pick({"\"x\"", "\"yy\"", "\"w\""})
                      : feel_.pick({"\"x\"", "\"yy\"", "\"w\"", "\"x\"", "s", "null"});
    }
    return constant ? feel_.pick({"1", "2", "2.5", "-7", "0.001"})
                    : feel_.pick({"1", "2", "2.5", "-7", "a", "c * 2", "a / 3", "null", "\"bad\""});
  }

  Random& random_;
  RandomFeel feel_;
};

std::string table_model_xml(const std::string& table) {
  std::string body;
  std::vector<TestColumn> inputs;
  for (const TestInput& in : test_inputs()) inputs.push_back({in.column.name, in.type});
  for (const TestColumn& in : inputs) body += input_xml(in);
  return definitions(body + decision_xml("t1", inputs, table));
}

void compare_model(const Compilation& built, const Batch& batch, const std::string& xml,
                   Tally* tally) {
  const ElementId decision = *built.model->find_decision("t1");
  const auto plan =
      compile_columns(built.model, {{decision, yipan::Type::text, 0}}, column_inputs());
  ASSERT_TRUE(plan) << xml << plan.error().to_string_en();
  ++tally->all;
  if (plan->report()[0].vectorised) ++tally->vectorised;
  Batch out;
  const auto done = plan->evaluate(batch, &out);
  ASSERT_TRUE(done) << xml << done.error().to_string_en();
  tally->left += done->rows_left;
  Evaluator evaluator(built.model);
  for (size_t row = 0; row < batch.rows(); ++row) {
    evaluator.clear();
    const auto values = row_values(batch, row);
    for (size_t i = 0; i < values.size(); ++i) {
      evaluator.set(*built.model->find_input(test_inputs()[i].column.name), values[i]);
    }
    const Value v = evaluator.evaluate(decision);
    ++tally->rows;
    const std::string column =
        out.columns[0].is_null(row) ? "null" : std::string(out.columns[0].bytes_at(row));
    ASSERT_TRUE(holds(v, plan->outputs()[0], out.columns[0], row))
        << xml << "\n"
        << row_text(batch, row) << "\nscalar " << v.to_string() << ", column " << column;
  }
}

TEST(ColumnsProperty, TablesEqualTheScalarEngine) {
  Random random(test_seed("TablesEqualTheScalarEngine"));
  RandomTable tables(&random);
  Tally tally;
  for (int i = 0; i < 1200; ++i) {
    std::string policy;
    const std::string xml = table_model_xml(tables.model(&policy));
    const Compilation built = compile_model({{"t.dmn", xml}});
    ASSERT_TRUE(built.model != nullptr) << xml;
    const bool extreme = random.below(4) == 0, whole = random.below(4) == 0;
    const Batch batch = random_rows(&random, 60, extreme, whole);
    compare_model(built, batch, policy + "\n" + xml, &tally);
    if (testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(tally.vectorised * 2, tally.all);
  std::clog << fmt::format("{} of {} tables vectorised, {} rows, {} left\n", tally.vectorised,
                           tally.all, tally.rows, tally.left);
}

// What is right in a batch of 60 rows is right in blocks of 2,048, on any number of threads.
TEST(ColumnsProperty, ThreadsAndBlocksMakeNoDifference) {
  Random random(test_seed("ThreadsAndBlocksMakeNoDifference"));
  RandomFeel feel(&random);
  const Batch batch = random_rows(&random, 70'000, false, false);
  for (int i = 0; i < 6; ++i) {
    const std::string text = feel.of('n', 3);
    const auto e = compile_expression(text, variables());
    ASSERT_TRUE(e) << text;
    const auto plan = compile_columns(*e, column_inputs());
    ASSERT_TRUE(plan);
    Batch one, three;
    const auto a = plan->evaluate(batch, &one), b = plan->evaluate(batch, &three, 3);
    ASSERT_EQ(a.has_value(), b.has_value()) << text;
    if (!a) continue;
    EXPECT_EQ(a->rows, b->rows);
    EXPECT_EQ(a->rows_left, b->rows_left);
    EXPECT_EQ(one.columns[0].ints(), three.columns[0].ints()) << text;
    EXPECT_EQ(one.columns[0].bytes(), three.columns[0].bytes()) << text;
    EXPECT_EQ(one.columns[0].validity(), three.columns[0].validity()) << text;
    Evaluator evaluator;
    for (size_t row = 0; row < batch.rows(); row += 997) {
      const Value v = evaluator.evaluate(*e, row_values(batch, row));
      ASSERT_TRUE(holds(v, plan->outputs()[0], one.columns[0], row)) << text << " row " << row;
    }
  }
}

}  // namespace
}  // namespace yipan::rules::columns
