// The scalar engine: expressions, tables, explanations, compiling. Peers: the decimal arithmetic
// alone, and a chain of `if`s written by hand in C++.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "yipan/rules.h"

namespace yipan::rules {
namespace {

constexpr std::string_view kConditional = "if a > 10 and b < 5 then a * 1.5 + b else a - b";

void BM_Conditional(benchmark::State& state) {
  const auto e = compile_expression(kConditional, {{"a", "number"}, {"b", "number"}});
  Evaluator evaluator;
  const Value args[2] = {Value::number(int64_t{12}), Value::number(int64_t{3})};
  for (auto _ : state) benchmark::DoNotOptimize(evaluator.evaluate(*e, args));
}
BENCHMARK(BM_Conditional);

void BM_ConditionalByHand(benchmark::State& state) {
  Decimal a = Decimal::from_int(12), b = Decimal::from_int(3);
  const Decimal ten = Decimal::from_int(10), five = Decimal::from_int(5);
  const Decimal factor = Decimal::from_scaled(15, 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(a);
    benchmark::DoNotOptimize(a > ten && b < five ? a * factor + b : a - b);
  }
}
BENCHMARK(BM_ConditionalByHand);

std::string table_xml(size_t rules, bool wide) {
  std::string out = R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" )"
                    R"(namespace="m">)";
  const char* names[] = {"a", "b", "c", "d"};
  for (const char* n : names) {
    out += fmt::format(R"(<inputData id="i{0}" name="{0}"><variable name="{0}" typeRef="{1}"/>)"
                       "</inputData>",
                       n, n == names[0] ? "string" : "number");
  }
  out += R"(<decision id="d" name="out"><variable name="out" typeRef="number"/>)";
  for (const char* n : names) {
    out += fmt::format(
        R"(<informationRequirement><requiredInput href="#i{}"/></informationRequirement>)", n);
  }
  out += R"(<decisionTable hitPolicy="UNIQUE">)";
  for (const char* n : names) {
    out += fmt::format("<input><inputExpression><text>{}</text></inputExpression></input>", n);
  }
  out += "<output/>";
  for (size_t r = 0; r < rules; ++r) {
    const size_t group = wide ? r / 10 : r / 3, step = wide ? r % 10 : r % 3;
    out += fmt::format(
        "<rule><inputEntry><text>\"k{}\"</text></inputEntry>"
        "<inputEntry><text>[{}..{})</text></inputEntry>"
        "<inputEntry><text>&gt; 5</text></inputEntry><inputEntry><text>-</text></inputEntry>"
        "<outputEntry><text>{}</text></outputEntry></rule>",
        group, step * 10, step * 10 + 10, r);
  }
  return out + "</decisionTable></decision></definitions>";
}

struct TableCase {
  Compilation built;
  std::unique_ptr<Evaluator> evaluator;
  ElementId out = 0;
  ElementId in[4] = {};
  TableCase(size_t rules, bool wide, bool explain) {
    built = compile_model({{"table.dmn", table_xml(rules, wide)}});
    EvaluatorOptions options;
    options.explain = explain;
    evaluator = std::make_unique<Evaluator>(built.model, options);
    out = *built.model->find_decision("out");
    const char* names[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; ++i) in[i] = *built.model->find_input(names[i]);
  }
  void set(const Value& key) {
    evaluator->clear();
    evaluator->set(in[0], key);
    evaluator->set(in[1], Value::number(int64_t{15}));
    evaluator->set(in[2], Value::number(int64_t{7}));
    evaluator->set(in[3], Value::number(int64_t{1}));
  }
};

void run_table(benchmark::State& state, size_t rules, bool wide, bool explain) {
  TableCase table(rules, wide, explain);
  const Value key = Value::string(fmt::format("k{}", rules / (wide ? 10 : 3) - 1));
  for (auto _ : state) {
    table.set(key);
    benchmark::DoNotOptimize(table.evaluator->evaluate(table.out));
  }
}
void BM_Table12(benchmark::State& state) { run_table(state, 12, false, false); }
void BM_Table12Explained(benchmark::State& state) { run_table(state, 12, false, true); }
void BM_Table5000(benchmark::State& state) { run_table(state, 5000, true, false); }
BENCHMARK(BM_Table12);
BENCHMARK(BM_Table12Explained);
BENCHMARK(BM_Table5000);

void BM_CompileThousandDecisions(benchmark::State& state) {
  std::string xml =
      R"(<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" )"
      R"(namespace="m">)"
      R"(<inputData id="d0" name="d0"><variable name="d0" typeRef="number"/></inputData>)";
  for (int i = 1; i <= 1000; ++i) {
    xml += fmt::format(
        R"(<decision id="d{0}" name="d{0}"><variable name="d{0}" typeRef="number"/>)"
        R"(<informationRequirement><required{2} href="#d{1}"/></informationRequirement>)"
        "<literalExpression><text>if d{1} &gt; {0} then d{1} * 1.5 + {0} else d{1} - 1</text>"
        "</literalExpression></decision>",
        i, i - 1, i == 1 ? "Input" : "Decision");
  }
  xml += "</definitions>";
  const std::vector<Source> sources = {{"chain.dmn", xml}};
  for (auto _ : state) benchmark::DoNotOptimize(compile_model(sources));
}
BENCHMARK(BM_CompileThousandDecisions)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace yipan::rules
