// `yipan diagnose`, `findings`, `explain`, `questions`: what is wrong in the city, and why.
#ifndef YIPAN_CLI_DIAGNOSE_COMMANDS_H_
#define YIPAN_CLI_DIAGNOSE_COMMANDS_H_

#include <string>
#include <vector>

#include "cli/city.h"
#include "cli/context.h"
#include "yipan/findings.h"

namespace yipan::cli {

struct DiagnoseCommand {
  std::vector<int> questions;  // numbers; empty: all
  std::string as_of;           // year-month-day; "": today
  std::string out;             // folder of the report
  std::string rulebook;        // "": the installed one
  std::string who = "diagnose";
  bool since = false;
  bool dry_run = false;
  // findings
  std::string department;
  std::string severity;
  std::string state;
  bool leads = false;
  // explain
  std::string finding;
};

int run_diagnose(const Context& context, const DiagnoseCommand& command);
int run_explain(const Context& context, const DiagnoseCommand& command);
int run_findings(const Context& context, const DiagnoseCommand& command);
int run_questions_check(const Context& context, const DiagnoseCommand& command);
int run_questions_test(const Context& context, const DiagnoseCommand& command);

// Shared by them.
std::string rulebook_of(const Context& context, const DiagnoseCommand& command);
// --as-of, else today.
Result<Date> day_of(const Context& context, const DiagnoseCommand& command);
Result<findings::Rulebook> open_rulebook(const Context& context, const DiagnoseCommand& command,
                                         Date as_of);
std::string money_text(const Context& context, int64_t fen);  // "12.3 亿元"
void print_packs_missing(const Context& context,
                         const std::vector<findings::PackProblem>& problems);
// Enters the findings of a diagnosis as datasets of the city (tables findings, finding_evidence).
Result<uint64_t> record_findings(const Context& context, City& city,
                                 const findings::Diagnosis& diagnosis, const std::string& who);

}  // namespace yipan::cli

#endif  // YIPAN_CLI_DIAGNOSE_COMMANDS_H_
