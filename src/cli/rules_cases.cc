// rules test, rules tck: expected against actual, as a test runner reports it.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/rules_commands.h"
#include "yipan/file.h"

namespace yipan::cli {

namespace {

namespace fs = std::filesystem;

struct Suite {
  std::string model;
  std::vector<std::string> cases;
};

// NAME.cases.csv and NAME.*.cases.csv beside NAME.dmn; NAME.csv and NAME.*.csv in cases/, or all
// of cases/ if the model is the only one of its folder.
std::vector<std::string> cases_beside(Files& files, const std::string& model) {
  const std::string folder = parent_directory(model);
  const std::string prefix = folder == "." && !model.starts_with("./") ? "" : folder + "/";
  const std::string stem = fs::path(model).stem().string();
  std::vector<std::string> out;
  size_t models = 0;
  if (const auto names = files.list(folder)) {
    for (const std::string& name : *names) {
      models += name.ends_with(".dmn") ? 1 : 0;
      if (name.starts_with(stem + ".") && name.ends_with(".cases.csv")) {
        out.push_back(prefix + name);
      }
    }
  }
  if (const auto names = files.list(folder + "/cases")) {
    for (const std::string& name : *names) {
      const bool fits = models == 1 || name.starts_with(stem + ".");
      if (fits && name.ends_with(".csv")) out.push_back(prefix + "cases/" + name);
    }
  }
  return out;
}

void models_below(Files& files, const std::string& folder, int depth,
                  std::vector<std::string>* out) {
  constexpr int kDepthMax = 20;
  const auto names = files.list(folder);
  if (!names || depth > kDepthMax) return;
  for (const std::string& name : *names) {
    const std::string path = folder + "/" + name;
    if (name.ends_with(".dmn")) {
      out->push_back(path);
    } else if (name.find('.') == std::string::npos) {
      models_below(files, path, depth + 1, out);
    }
  }
}

Result<std::vector<Suite>> find_suites(const Context& context, const RulesCommand& command) {
  std::vector<Suite> suites;
  std::vector<std::string> tables;
  for (const std::string& file : command.files) {
    std::vector<std::string> models;
    if (file.ends_with(".csv")) {
      tables.push_back(file);
    } else if (file.ends_with(".dmn")) {
      models.push_back(file);
    } else {
      models_below(*context.files, file, 0, &models);
    }
    for (const std::string& model : models) {
      suites.push_back({model, cases_beside(*context.files, model)});
    }
  }
  if (!tables.empty() && suites.size() == 1) {
    suites[0].cases = tables;
  } else if (!tables.empty()) {
    return fail(Error("cli.rules.test_tables")
                    .zh("给出用例表时须恰好给出一个模型")
                    .en("with tables of cases, give exactly one model")
                    .remedy("写成 yipan rules test 模型.dmn 用例.csv",
                            "write yipan rules test MODEL.dmn CASES.csv"));
  }
  const bool none =
      std::all_of(suites.begin(), suites.end(), [](const Suite& s) { return s.cases.empty(); });
  if (none) {
    return fail(Error("cli.rules.test_none")
                    .zh("没有找到用例表")
                    .en("no table of cases was found")
                    .remedy("把 模型名.cases.csv 放在模型旁边；格式见 docs/formats/rules-cases.md",
                            "put MODEL.cases.csv beside the model; docs/formats/rules-cases.md has "
                            "the format"));
  }
  return suites;
}

void print_failure(const Context& context, const std::string& file, const rules::CaseFailure& f) {
  if (context.json) {
    const auto text = [](std::string_view s) { return rules::Value::string(s).to_json(); };
    print_line(fmt::format(
        R"({{"file":{},"row":{},"name":{},"output":{},"expected":{},"actual":{},"why":{}}})",
        text(file), f.row, text(f.name), text(f.output), text(f.expected), text(f.actual),
        text(context.tr(f.why_zh, f.why_en))));
    return;
  }
  print_line(fmt::format(
      "✗ {}{}{}  {}", file, fmt::format(fmt::runtime(context.tr("，第 {} 行", ", row {}")), f.row),
      f.name.empty() ? "" : fmt::format(fmt::runtime(context.tr("（{}）", " ({})")), f.name),
      f.output));
  print_line(fmt::format("    {} {}", context.tr("期望：", "expected:"), f.expected));
  print_line(fmt::format("    {} {}", context.tr("实得：", "actual:  "), f.actual));
  if (!f.why_zh.empty()) {
    print_line(fmt::format("    {} {}", context.tr("原因：", "why:     "),
                           context.tr(f.why_zh, f.why_en)));
  }
}

struct Total {
  uint64_t passed = 0;
  uint64_t failed = 0;
  bool sound = true;
};

Result<> run_suite(const Context& context, const RulesCommand& command, const Suite& suite,
                   Total* total) {
  YIPAN_ASSIGN(const rules::CompileOptions options, rules_options(context, command));
  YIPAN_ASSIGN(const std::vector<rules::Source> sources,
               rules::read_model(*context.files, suite.model, {}));
  bool first = true;
  for (const std::string& path : suite.cases) {
    YIPAN_ASSIGN(const std::string csv, read_file(*context.files, path, uint64_t{1} << 28));
    YIPAN_ASSIGN(const rules::CaseReport report,
                 rules::run_cases(sources, csv, path, options, *context.clock));
    const bool sound =
        std::none_of(report.diagnostics.begin(), report.diagnostics.end(),
                     [](const auto& d) { return d.severity == rules::Severity::error; });
    total->sound = total->sound && sound;
    if (first && !sound) print_diagnostics(context, report.diagnostics);
    first = false;
    for (const rules::CaseFailure& f : report.failures) print_failure(context, path, f);
    if (report.failed == 0 && !context.json && !context.quiet) {
      print_line(fmt::format("✓ {}  {}", path, report.passed));
    }
    total->passed += report.passed;
    total->failed += report.failed;
  }
  return {};
}

}  // namespace

int run_rules_test(const Context& context, const RulesCommand& command) {
  const auto suites = find_suites(context, command);
  if (!suites) {
    print_error(context, suites.error());
    return kExitError;
  }
  Total total;
  bool broken = false;
  for (const Suite& suite : *suites) {
    if (const Result<> done = run_suite(context, command, suite, &total); !done) {
      print_error(context, done.error());
      broken = true;
    }
  }
  if (context.json) {
    print_line(fmt::format(R"({{"passed":{},"failed":{}}})", total.passed, total.failed));
  } else {
    print_line(fmt::format("{} passed, {} failed", total.passed, total.failed));
  }
  if (broken) return kExitError;
  return total.failed == 0 && total.sound ? kExitOk : kExitProblems;
}

int run_rules_tck(const Context& context, const RulesCommand& command) {
  const auto report = rules::run_tck(command.model, *context.clock);
  if (!report) {
    print_error(context, report.error());
    return kExitError;
  }
  if (context.json) {
    const auto text = [](std::string_view s) { return rules::Value::string(s).to_json(); };
    std::string failures;
    for (const rules::TckFailure& f : report->failures) {
      failures += fmt::format(R"({}{{"folder":{},"case":{},"node":{},"expected":{},"actual":{}}})",
                              failures.empty() ? "" : ",", text(f.folder), text(f.test_case),
                              text(f.node), text(f.expected), text(f.actual));
    }
    print_line(fmt::format(R"({{"passed":{},"failed":{},"external":{},"failures":[{}]}})",
                           report->passed, report->failed, report->external, failures));
  } else {
    if (command.folders) print(rules::to_text_by_folder(*report));
    print(rules::to_text(*report));
  }
  return report->failed == 0 ? kExitOk : kExitProblems;
}

}  // namespace yipan::cli
