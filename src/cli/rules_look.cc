// rules analyse, rules diff, rules doc: what a model leaves open, what changes, how it reads.
#include <fmt/format.h>

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

}  // namespace

int run_rules_analyse(const Context& context, const RulesCommand& command) {
  return finish(context, analyse_files(context, command));
}

int run_rules_doc(const Context& context, const RulesCommand& command) {
  return finish(context, document_model(context, command));
}

int run_rules_diff(const Context& context, const RulesCommand& command) {
  return finish(context, compare(context, command));
}

}  // namespace yipan::cli
