#include "cli/rules_options.h"

#include <CLI/CLI.hpp>

namespace yipan::cli {
namespace {

using Run = int (*)(const Context&, const RulesCommand&);

struct Adder {
  CLI::App* rules;
  const Context& context;
  RulesCommand& command;
  std::function<int()>& action;

  std::string tr(const char* zh, const char* en) const { return std::string(context.tr(zh, en)); }

  CLI::App* add(const char* name, const char* zh, const char* en, Run run) const {
    CLI::App* sub = rules->add_subcommand(name, tr(zh, en));
    sub->callback([this_action = &action, c = &context, r = &command, run] {
      *this_action = [c, r, run] { return run(*c, *r); };
    });
    return sub;
  }
  void dated(CLI::App* sub) const {
    sub->add_option("--parameters", command.parameters,
                    tr("分时期的参数 (TOML)", "dated parameters (TOML)"));
    sub->add_option("--as-of", command.as_of,
                    tr("基准日 年-月-日：取当日有效的参数和版本",
                       "year-month-day: parameters and versions in force on that day"));
  }
};

void add_working(const Adder& a) {
  RulesCommand& r = a.command;
  CLI::App* check =
      a.add("check", "检查模型：列出全部错误", "every fault of the models", run_rules_check);
  check->add_option("files", r.files, a.tr("模型 (*.dmn)", "models (*.dmn)"))->required();
  a.dated(check);
  CLI::App* run =
      a.add("run", "对一个案例或一批行求决策", "decide one case, or rows", run_rules_run);
  run->add_option("model", r.model, a.tr("模型 (*.dmn)", "a model (*.dmn)"))->required();
  run->add_option("decision", r.decision, a.tr("决策名；缺省为全部", "its name; all if none"));
  run->add_option("--input,-i", r.input,
                  a.tr("案例 (*.json) 或多行 (*.csv)", "one case (*.json) or rows (*.csv)"))
      ->required();
  run->add_flag("--explain", r.explain, a.tr("说明为何得此结果", "say why it is so"));
  run->add_option("--out,-o", r.out, a.tr("写到文件", "write to this file"));
  a.dated(run);
  CLI::App* test =
      a.add("test", "运行模型旁的用例表 (CSV)", "run the tables of cases (CSV)", run_rules_test);
  test->add_option("files", r.files,
                   a.tr("模型、文件夹；其后可跟用例表", "models or folders, then tables of cases"))
      ->required();
  a.dated(test);
  CLI::App* tck = a.add("tck", "运行一个文件夹下的全部 TCK 用例",
                        "run every TCK folder below a folder", run_rules_tck);
  tck->add_option("directory", r.model, a.tr("文件夹", "the folder"))->required();
  tck->add_flag("--folders", r.folders, a.tr("逐个文件夹列出得分", "the score of each folder"));
}

void add_looking(const Adder& a) {
  RulesCommand& r = a.command;
  CLI::App* analyse =
      a.add("analyse", "决策表的缺口、重叠、轮不到的规则",
            "gaps, overlaps, unreachable rules of decision tables", run_rules_analyse);
  analyse->add_option("files", r.files, a.tr("模型 (*.dmn)", "models (*.dmn)"))->required();
  analyse
      ->add_option("--limit", r.limit,
                   a.tr("每张表每类最多列几处", "how many of each kind of each table at most"))
      ->capture_default_str();
  a.dated(analyse);
  CLI::App* diff =
      a.add("diff", "两个版本之间，哪些输入的结果变了",
            "which inputs change the outcome from one version to the next", run_rules_diff);
  diff->add_option("old", r.old_model, a.tr("旧模型", "the old model"))->required();
  diff->add_option("new", r.new_model, a.tr("新模型", "the new model"))->required();
  diff->add_option("--limit", r.limit,
                   a.tr("每个决策最多列几处", "regions of each decision at most"))
      ->capture_default_str();
  a.dated(diff);
  CLI::App* lint = a.add("lint", "哪些决策按列求值，哪个表达式妨碍其余的",
                         "which decisions run by columns, and which expression hinders the others",
                         run_rules_lint);
  lint->add_option("files", r.files, a.tr("模型 (*.dmn)", "models (*.dmn)"))->required();
  a.dated(lint);
  CLI::App* doc = a.add("doc", "把模型写成一页可读、可打印的 HTML",
                        "a model as one HTML page to read and print", run_rules_doc);
  doc->add_option("model", r.model, a.tr("模型 (*.dmn)", "a model (*.dmn)"))->required();
  doc->add_option("--out,-o", r.out, a.tr("写到文件", "write to this file"));
  a.dated(doc);
}

}  // namespace

void add_rules(CLI::App& app, const Context& context, RulesCommand& command,
               std::function<int()>& action) {
  CLI::App* rules = app.add_subcommand(
      "rules", std::string(context.tr("规则 (DMN)：检查、运行、测试、分析、比较、成文",
                                      "rules (DMN): check, run, test, analyse, compare, print")));
  rules->require_subcommand(1);
  const Adder adder{rules, context, command, action};
  add_working(adder);
  add_looking(adder);
}

}  // namespace yipan::cli
