// `yipan rules ...`: decision models (DMN) checked, run, tested, analysed, compared and printed.
#ifndef YIPAN_CLI_RULES_COMMANDS_H_
#define YIPAN_CLI_RULES_COMMANDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "cli/context.h"
#include "yipan/rules.h"

namespace yipan::cli {

struct RulesCommand {
  std::vector<std::string> files;  // models, or what the command takes
  std::string model;
  std::string decision;
  std::string input;       // *.json: one case; *.csv: rows
  std::string out;         // file; "": standard output
  std::string parameters;  // TOML
  std::string as_of;       // year-month-day
  std::string old_model;
  std::string new_model;
  bool explain = false;
  bool folders = false;  // of the TCK: the score of each
  uint64_t limit = 20;  // gaps, overlaps, regions shown of each table
};

int run_rules_check(const Context& context, const RulesCommand& command);
int run_rules_run(const Context& context, const RulesCommand& command);
int run_rules_test(const Context& context, const RulesCommand& command);
int run_rules_tck(const Context& context, const RulesCommand& command);
int run_rules_analyse(const Context& context, const RulesCommand& command);
int run_rules_lint(const Context& context, const RulesCommand& command);
int run_rules_doc(const Context& context, const RulesCommand& command);
int run_rules_diff(const Context& context, const RulesCommand& command);

// Parameters and date of a command, for compiling.
Result<rules::CompileOptions> rules_options(const Context& context, const RulesCommand& command);
// The model and what it imports, compiled. Its faults are printed to standard error; an error only
// if nothing of it could be read.
struct LoadedModel {
  std::vector<rules::Source> sources;
  rules::Compilation built;
};
Result<LoadedModel> load_model(const Context& context, const RulesCommand& command,
                               const std::string& path);
void print_diagnostics(const Context& context, const std::vector<rules::Diagnostic>& list);
// To `path`, or to standard output if it is empty.
Result<> write_answer(const Context& context, const std::string& path, std::string_view text);

}  // namespace yipan::cli

#endif  // YIPAN_CLI_RULES_COMMANDS_H_
