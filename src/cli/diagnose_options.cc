#include "cli/diagnose_options.h"

#include <CLI/CLI.hpp>

namespace yipan::cli {
namespace {

using Run = int (*)(const Context&, const DiagnoseCommand&);

struct Adder {
  const Context& context;
  DiagnoseCommand& command;
  std::function<int()>& action;

  std::string tr(const char* zh, const char* en) const { return std::string(context.tr(zh, en)); }

  CLI::App* add(CLI::App& to, const char* name, const char* zh, const char* en, Run run) const {
    CLI::App* sub = to.add_subcommand(name, tr(zh, en));
    sub->callback([this_action = &action, c = &context, d = &command, run] {
      *this_action = [c, d, run] { return run(*c, *d); };
    });
    return sub;
  }
  void common(CLI::App* sub) const {
    sub->add_option("--as-of", command.as_of,
                    tr("基准日 年-月-日（缺省今天）", "year-month-day (today if none)"));
    sub->add_option("--rulebook", command.rulebook, tr("规则文件夹", "folder of the rulebook"));
  }
  void numbered(CLI::App* sub) const {
    sub->add_option("--question", command.questions,
                    tr("只问这几个问题（编号）", "only these questions (numbers)"))
        ->delimiter(',');
  }
};

void add_asking(CLI::App& app, const Adder& a) {
  DiagnoseCommand& d = a.command;
  CLI::App* diagnose =
      a.add(app, "diagnose", "诊断：八个问题，逐条找出并记入账本",
            "find the problems, question by question, and record them", run_diagnose);
  a.numbered(diagnose);
  a.common(diagnose);
  diagnose->add_option("--out", d.out, a.tr("报告写到这个文件夹", "write the report here"));
  diagnose->add_flag("--since", d.since,
                     a.tr("列出与上次相比的变化", "list what changed since the run before"));
  diagnose->add_flag("--dry-run", d.dry_run, a.tr("只看，不入账", "look only, record nothing"));
  diagnose->add_option("--who", d.who, a.tr("经手人", "who runs it"))->capture_default_str();
  CLI::App* explain =
      a.add(app, "explain", "一条问题的来龙去脉：规则、证据、来源行、账本条目",
            "the whole chain of a finding: rule, evidence, source rows, ledger", run_explain);
  explain->add_option("finding", d.finding, a.tr("编号 (F1-...)", "its id (F1-...)"))->required();
  a.common(explain);
}

void add_listing(CLI::App& app, const Adder& a) {
  DiagnoseCommand& d = a.command;
  CLI::App* findings =
      a.add(app, "findings", "列出已记录的问题", "list the recorded findings", run_findings);
  a.numbered(findings);
  findings->add_option(
      "--department", d.department,
      a.tr("责任单位名称含这几个字", "responsible department, by words in its name"));
  findings->add_option("--severity", d.severity, "red, orange, yellow")
      ->check(CLI::IsMember({"red", "orange", "yellow"}));
  findings->add_option("--state", d.state, "new, standing, cleared, reopened")
      ->check(CLI::IsMember({"new", "standing", "cleared", "reopened"}));
  findings->add_flag("--leads", d.leads, a.tr("只列线索", "the leads instead"));
  CLI::App* questions =
      app.add_subcommand("questions", a.tr("检查问题包", "check the question packs"));
  questions->require_subcommand(1);
  CLI::App* check = a.add(*questions, "check", "检查全部问题包：规则、依据、SQL、用例",
                          "check all packs: rules, citations, SQL, cases", run_questions_check);
  a.numbered(check);
  a.common(check);
  CLI::App* test =
      a.add(*questions, "test", "运行问题包的用例", "run the packs' cases", run_questions_test);
  a.numbered(test);
  a.common(test);
}

}  // namespace

void add_diagnose(CLI::App& app, const Context& context, DiagnoseCommand& command,
                  std::function<int()>& action) {
  const Adder adder{context, command, action};
  add_asking(app, adder);
  add_listing(app, adder);
}

}  // namespace yipan::cli
