// rules analyse, diff, doc, lint: what a model leaves open, what changes, how it reads, what of it
// runs by columns.
#include <fmt/format.h>

#include <algorithm>

#include "cli/rules_commands.h"
#include "yipan/file.h"

namespace yipan::cli {

namespace {

rules::AnalyseOptions analyse_options(const Context& context, const RulesCommand& command) {
  rules::AnalyseOptions options;
  options.findings_max = command.limit;
  options.clock = context.clock;
  return options;
}

Result<int> analyse_files(const Context& context, const RulesCommand& command) {
  bool problems = false;
  for (const std::string& path : command.files) {
    YIPAN_ASSIGN(const LoadedModel loaded, load_model(context, command, path));
    problems = problems || !loaded.built.ok();
    for (const rules::TableAnalysis& a :
         rules::analyse(loaded.built.model, analyse_options(context, command))) {
      problems = problems || !a.findings.empty();
      if (context.json) {
        print_line(rules::to_json(a));
      } else {
        print(context.lang == Lang::zh ? rules::to_text_zh(a) : rules::to_text_en(a));
      }
    }
  }
  return problems ? kExitProblems : kExitOk;
}

Result<int> document_model(const Context& context, const RulesCommand& command) {
  YIPAN_ASSIGN(const rules::CompileOptions options, rules_options(context, command));
  YIPAN_ASSIGN(const std::vector<rules::Source> sources,
               rules::read_model(*context.files, command.model, {}));
  YIPAN_ASSIGN(const std::string html, rules::document_html(sources, options));
  YIPAN_TRY(write_answer(context, command.out, html));
  return kExitOk;
}

Result<int> compare(const Context& context, const RulesCommand& command) {
  YIPAN_ASSIGN(const LoadedModel before, load_model(context, command, command.old_model));
  YIPAN_ASSIGN(const LoadedModel after, load_model(context, command, command.new_model));
  rules::DifferenceOptions options;
  options.regions_max = command.limit;
  options.clock = context.clock;
  const auto all = rules::compare_models(before.built.model, after.built.model, options);
  for (const rules::Difference& d : all) {
    if (context.json) {
      print_line(rules::to_json(d));
    } else {
      print(context.lang == Lang::zh ? rules::to_text_zh(d) : rules::to_text_en(d));
    }
  }
  if (all.empty() && !context.json) print_line(context.tr("没有变化", "no change"));
  return all.empty() ? kExitOk : kExitProblems;
}

int finish(const Context& context, const Result<int>& code) {
  if (code) return *code;
  print_error(context, code.error());
  return kExitError;
}

void print_lint(const Context& context, const rules::ColumnReport& line) {
  if (context.json) {
    const auto text = [](std::string_view s) { return rules::Value::string(s).to_json(); };
    print_line(
        fmt::format(R"({{"decision":{},"columns":{},"expression":{},"place":{},"zh":{},"en":{}}})",
                    text(line.decision), line.vectorised, text(line.expression),
                    text(line.place.to_string()), text(line.reason_zh), text(line.reason_en)));
  } else if (line.vectorised) {
    print_line(fmt::format("  ✓ {}", line.decision));
  } else {
    print("  ! " +
          (context.lang == Lang::zh ? rules::to_text_zh({line}) : rules::to_text_en({line})));
  }
}

Result<int> lint_files(const Context& context, const RulesCommand& command) {
  bool sound = true;
  for (const std::string& path : command.files) {
    YIPAN_ASSIGN(const LoadedModel loaded, load_model(context, command, path));
    sound = sound && loaded.built.ok();
    const auto report = rules::column_report(loaded.built.model);
    const auto fast = std::count_if(report.begin(), report.end(),
                                    [](const rules::ColumnReport& r) { return r.vectorised; });
    if (!context.json) {
      print_line(fmt::format(fmt::runtime(context.tr("{}  {} 个决策中有 {} 个按列求值",
                                                     "{}  of {} decisions {} run by columns")),
                             path, report.size(), fast));
    }
    for (const rules::ColumnReport& line : report) print_lint(context, line);
  }
  return sound ? kExitOk : kExitProblems;
}

}  // namespace

int run_rules_analyse(const Context& context, const RulesCommand& command) {
  return finish(context, analyse_files(context, command));
}

int run_rules_lint(const Context& context, const RulesCommand& command) {
  return finish(context, lint_files(context, command));
}

int run_rules_doc(const Context& context, const RulesCommand& command) {
  return finish(context, document_model(context, command));
}

int run_rules_diff(const Context& context, const RulesCommand& command) {
  return finish(context, compare(context, command));
}

}  // namespace yipan::cli
