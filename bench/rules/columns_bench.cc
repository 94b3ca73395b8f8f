// Columns: an expression, a table, and a model of 30 decisions over 3.2 million rows. Peers: the
// scalar engine on the same rows, and the expression written by hand in C++.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/clock.h"
#include "yipan/rules.h"

namespace yipan::rules {
namespace {

constexpr size_t kRows = 100'000;

std::shared_ptr<const Model> compiled(const std::string& xml) {
  Compilation built = compile_model({{"bench.dmn", xml}});
  if (built.ok()) return built.model;
  fmt::print(stderr, "{}\n", built.diagnostics.front().error.to_string_en());
  std::exit(1);
}

ColumnPlan plan_of(Result<ColumnPlan> plan) {
  if (plan) return std::move(*plan);
  fmt::print(stderr, "{}\n", plan.error().to_string_en());
  std::exit(1);
}

// One core, the result kept.
void run(benchmark::State& state, const ColumnPlan& plan, const Batch& rows) {
  Batch out;
  for (auto _ : state) {
    const auto done = plan.evaluate(rows, &out);
    if (!done) state.SkipWithError(done.error().to_string_en().c_str());
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * rows.rows()));
  state.counters["us_per_row"] =
      benchmark::Counter(static_cast<double>(state.iterations() * rows.rows()) * 1e-6,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// ---- if a > 10 and b < 5 then a * 1.5 + b else a - b
// ---------------------------------------------

constexpr std::string_view kConditional = "if a > 10 and b < 5 then a * 1.5 + b else a - b";

Batch two_numbers() {
  Random random(7);
  Batch rows({yipan::Type::integer, yipan::Type::integer});
  for (size_t i = 0; i < kRows; ++i) {
    for (Column& c : rows.columns) c.append_int(static_cast<int64_t>(random.below(20)));
  }
  return rows;
}

Expression conditional() {
  return *compile_expression(kConditional, {{"a", "number"}, {"b", "number"}});
}

void BM_ColumnsConditional(benchmark::State& state) {
  const ColumnPlan plan = plan_of(compile_columns(conditional(), {{"a"}, {"b"}}));
  run(state, plan, two_numbers());
}
BENCHMARK(BM_ColumnsConditional)->Unit(benchmark::kMicrosecond);

void BM_ColumnsConditionalScalar(benchmark::State& state) {
  const Expression e = conditional();
  const Batch rows = two_numbers();
  Evaluator evaluator;
  for (auto _ : state) {
    for (size_t i = 0; i < kRows; ++i) {
      benchmark::DoNotOptimize(evaluator.evaluate(
          e, {Value::number(rows.columns[0].int_at(i)), Value::number(rows.columns[1].int_at(i))}));
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK(BM_ColumnsConditionalScalar)->Unit(benchmark::kMicrosecond);

void BM_ColumnsConditionalByHand(benchmark::State& state) {
  const Batch rows = two_numbers();
  const auto &a = rows.columns[0].ints(), &b = rows.columns[1].ints();
  Column out(yipan::Type::integer);
  for (auto _ : state) {
    out.clear();
    for (size_t i = 0; i < kRows; ++i) {
      out.append_int(a[i] > 10 && b[i] < 5 ? a[i] * 15 + b[i] * 10 : (a[i] - b[i]) * 10);
    }
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK(BM_ColumnsConditionalByHand)->Unit(benchmark::kMicrosecond);

// ---- the table of 4 inputs x 12 rules
// ------------------------------------------------------------

// The same file as the peers read.
std::string table_12() {
  std::ifstream file(YIPAN_SOURCE_DIR "/bench/rules/peers/table-12.dmn");
  return {std::istreambuf_iterator<char>(file), {}};
}

Batch table_rows() {
  Random random(11);
  using T = yipan::Type;
  Batch rows({T::text, T::integer, T::integer, T::integer});
  for (size_t i = 0; i < kRows; ++i) {
    rows.columns[0].append_bytes(fmt::format("k{}", random.below(5)));
    for (size_t c = 1; c < 4; ++c) {
      rows.columns[c].append_int(static_cast<int64_t>(random.below(40)));
    }
  }
  return rows;
}

const std::vector<ColumnInput>& table_inputs() {
  static const std::vector<ColumnInput> inputs = {{"a", yipan::Type::text, 0}, {"b"}, {"c"}, {"d"}};
  return inputs;
}

void BM_ColumnsTable12(benchmark::State& state) {
  const auto model = compiled(table_12());
  const ColumnPlan plan = plan_of(
      compile_columns(model, {{*model->find_decision("out"), std::nullopt, 0}}, table_inputs()));
  run(state, plan, table_rows());
}
BENCHMARK(BM_ColumnsTable12)->Unit(benchmark::kMicrosecond);

void BM_ColumnsTable12Scalar(benchmark::State& state) {
  const auto model = compiled(table_12());
  const Batch rows = table_rows();
  const ElementId out = *model->find_decision("out");
  std::vector<ElementId> in;
  for (const ColumnInput& i : table_inputs()) in.push_back(*model->find_input(i.name));
  Evaluator evaluator(model);
  for (auto _ : state) {
    for (size_t row = 0; row < kRows; ++row) {
      evaluator.clear();
      evaluator.set(in[0], Value::string(rows.columns[0].bytes_at(row)));
      for (size_t c = 1; c < 4; ++c) {
        evaluator.set(in[c], Value::number(rows.columns[c].int_at(row)));
      }
      benchmark::DoNotOptimize(evaluator.evaluate(out));
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK(BM_ColumnsTable12Scalar)->Unit(benchmark::kMicrosecond);

// ---- a parcel's fees: a model of 30 decisions -----------------------------------------------

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string definitions(std::string_view name, std::string_view body) {
  return fmt::format(
      "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" "
      "id=\"{0}\" name=\"{0}\" namespace=\"urn:yipan:bench\">\n{1}</definitions>\n",
      name, body);
}

std::string input(std::string_view name, std::string_view type) {
  return fmt::format(
      "<inputData id=\"i_{0}\" name=\"{0}\"><variable id=\"v_{0}\" name=\"{0}\" typeRef=\"{1}\"/>"
      "</inputData>\n",
      name, type);
}

struct Decision {
  std::string name, type, logic;
  std::vector<std::string> inputs, decisions;
};

std::string xml_of(const Decision& d) {
  std::string out = fmt::format(
      "<decision id=\"{0}\" name=\"{0}\"><variable name=\"{0}\" "
      "typeRef=\"{1}\"/>",
      d.name, d.type);
  for (const std::string& in : d.inputs) {
    out += fmt::format(
        "<informationRequirement><requiredInput href=\"#i_{}\"/></informationRequirement>", in);
  }
  for (const std::string& in : d.decisions) {
    out += fmt::format(
        "<informationRequirement><requiredDecision href=\"#{}\"/></informationRequirement>", in);
  }
  return out + d.logic + "</decision>\n";
}

std::string feel(std::string_view text) {
  return "<literalExpression><text>" + escaped(text) + "</text></literalExpression>";
}

// "U | kind, floors => rate | \"house\", < 3 => 0.5 | ..." would be nicer to write; this is the
// same: inputs, then rows of cells with the result last.
std::string table(std::string_view policy, const std::vector<std::string>& inputs,
                  const std::vector<std::vector<std::string>>& rows, std::string_view type) {
  std::string out = fmt::format("<decisionTable hitPolicy=\"{}\">", policy);
  for (const std::string& in : inputs) {
    out += "<input><inputExpression><text>" + escaped(in) + "</text></inputExpression></input>";
  }
  out += fmt::format("<output typeRef=\"{}\"/>", type);
  for (const auto& row : rows) {
    out += "<rule>";
    for (size_t c = 0; c < row.size(); ++c) {
      const char* tag = c + 1 < row.size() ? "inputEntry" : "outputEntry";
      out += fmt::format("<{0}><text>{1}</text></{0}>", tag, escaped(row[c]));
    }
    out += "</rule>";
  }
  return out + "</decisionTable>";
}

// A parcel's fees: 10 decisions of arithmetic, 10 tables, 10 of dates.
std::vector<Decision> decisions_30() {
  std::vector<Decision> out;
  const auto add = [&out](Decision d) { out.push_back(std::move(d)); };
  for (int i = 0; i < 10; ++i) {
    const std::string rate = fmt::format("rate{}", i), fee = fmt::format("fee{}", i);
    add({rate,
         "number",
         table("FIRST", {"kind", "floors", "area"},
               {{"\"house\"", "< 3", "< 200", fmt::format("0.0{}", i + 1)},
                {"\"house\"", "-", "-", fmt::format("0.{}", i + 1)},
                {"\"shop\", \"office\"", "[1..6]", "> 500", "1.25"},
                {"\"shop\", \"office\"", "> 6", "-", "1.5"},
                {"not(\"house\", \"shop\")", "-", "(100..1000]", "0.75"},
                {"-", "-", "-", fmt::format("{}", i)}},
               "number"),
         {"kind", "floors", "area"},
         {}});
    add({fee,
         "number",
         feel(i % 2 == 0
                  ? fmt::format("if floors > {0} then area * {1} * 1.5 + price else area "
                                "* {1} - {0}",
                                i, rate)
                  : fmt::format("round half up(max(area * {1}, price) / {0}, 2)", i + 2, rate)),
         {"area", "floors", "price"},
         {rate}});
    const std::string due = fmt::format("due{}", i);
    constexpr const char* kDates[] = {
        "signed + duration(\"P30D\")",
        "(paid - signed) / duration(\"P1D\")",
        "if signed.month > 6 then signed + duration(\"P6M\") else signed + duration(\"P3M\")",
        "years and months duration(signed, paid).years",
        "paid > signed + duration(\"P1Y\") and not(exempt)",
        "signed.year * 100 + signed.month",
        "if paid < date(\"2020-01-01\") then \"old\" else \"new\"",
        "(paid - signed).days",
        "date(signed.year, 12, 31)",
        "if exempt then 0 else decimal((paid - signed).days * 0.0005 * price, 2)"};
    constexpr const char* kTypes[] = {"date",   "number", "date",   "number", "boolean",
                                      "number", "string", "number", "date",   "number"};
    add({due, kTypes[i], feel(kDates[i]), {"signed", "paid", "exempt", "price"}, {}});
  }
  return out;
}

std::string model_30() {
  std::string body = input("area", "number") + input("price", "number") +
                     input("floors", "number") + input("kind", "string") + input("signed", "date") +
                     input("paid", "date") + input("exempt", "boolean");
  for (const Decision& d : decisions_30()) body += xml_of(d);
  return definitions("parcels", body);
}

const std::vector<ColumnInput>& inputs_30() {
  using T = yipan::Type;
  static const std::vector<ColumnInput> inputs = {
      {"area", T::integer, 2},  {"price", T::integer, 2}, {"floors", T::integer, 0},
      {"kind", T::text, 0},     {"signed", T::date, 0},   {"paid", T::date, 0},
      {"exempt", T::boolean, 0}};
  return inputs;
}

Batch rows_30(size_t count) {
  Random random(30);
  std::vector<yipan::Type> types;
  for (const ColumnInput& in : inputs_30()) types.push_back(in.type);
  Batch rows(types);
  for (Column& c : rows.columns) c.reserve(count);
  constexpr std::string_view kKinds[] = {"house", "shop", "office", "school", "plant", "depot"};
  for (size_t i = 0; i < count; ++i) {
    rows.columns[0].append_int(random.between(20'00, 3000'00));
    rows.columns[1].append_int(random.between(1'000'00, 900'000'00));
    if (random.below(50) == 0) {
      rows.columns[2].append_null();
    } else {
      rows.columns[2].append_int(random.between(1, 30));
    }
    rows.columns[3].append_bytes(kKinds[random.below(6)]);
    const int64_t day = random.between(14'000, 20'000);
    rows.columns[4].append_int(day);
    rows.columns[5].append_int(day + random.between(0, 900));
    rows.columns[6].append_int(static_cast<int64_t>(random.below(2)));
  }
  return rows;
}

// ---- 30 decisions over 3.2 million rows
// ----------------------------------------------------------

double resident_peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

void BM_ColumnsModel30(benchmark::State& state) {
  const auto threads = static_cast<unsigned>(state.range(0));
  const auto model = compiled(model_30());
  std::vector<ColumnWanted> wanted;
  for (const ElementInfo& d : model->decisions()) wanted.push_back({d.id, std::nullopt, 0});
  ColumnOptions options;
  options.approximate = true;
  const ColumnPlan plan = plan_of(compile_columns(model, wanted, inputs_30(), options));
  const Batch rows = rows_30(3'200'000);
  const double before = resident_peak_mb();
  size_t cells = 0;
  for (auto _ : state) {
    const auto sink = [&](const Batch& block, size_t) -> Result<void> {
      cells += block.rows() * block.columns.size();
      return {};
    };
    const auto done = plan.evaluate(rows, sink, threads);
    if (!done) state.SkipWithError(done.error().to_string_en().c_str());
  }
  benchmark::DoNotOptimize(cells);
  size_t by_rows = 0;
  for (const ColumnReport& r : plan.report()) by_rows += r.vectorised ? 0 : 1;
  state.counters["decisions"] = static_cast<double>(wanted.size());
  state.counters["row_by_row"] = static_cast<double>(by_rows);
  state.counters["mb_above_inputs"] = resident_peak_mb() - before;
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * rows.rows()));
}
BENCHMARK(BM_ColumnsModel30)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace yipan::rules
