// diagnose: the questions asked, the answers on the terminal, the findings in the ledger.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "cli/diagnose_commands.h"
#include "cli/version.h"
#include "yipan/clock.h"
#include "yipan/report.h"

namespace yipan::cli {
namespace {

using findings::Answer;
using findings::Diagnosis;
using findings::Finding;
using findings::Severity;
using findings::State;
using nlohmann::json;

std::string_view pick(const Context& context, const findings::Text& text) {
  return context.tr(text.zh, text.en);
}

struct Counts {
  uint64_t red = 0, orange = 0, yellow = 0, leads = 0;
};
Counts count(const Answer& answer) {
  Counts out;
  for (const Finding& finding : answer.findings) {
    if (finding.state == State::cleared) continue;
    if (finding.severity == Severity::red) ++out.red;
    if (finding.severity == Severity::orange) ++out.orange;
    if (finding.severity == Severity::yellow) ++out.yellow;
  }
  for (const Finding& finding : answer.leads) out.leads += finding.state != State::cleared;
  return out;
}

std::string counts_text(const Context& context, const Counts& c, int64_t fen) {
  return fmt::format("{} {}  {} {}  {} {}  {} {}  {} {}", context.tr("严重", "serious"),
                     with_thousands(c.red), context.tr("较重", "grave"), with_thousands(c.orange),
                     context.tr("一般", "minor"), with_thousands(c.yellow),
                     context.tr("线索", "leads"), with_thousands(c.leads),
                     context.tr("涉及", "money at stake"), money_text(context, fen));
}

void print_answer(const Context& context, const Answer& answer) {
  if (!answer.errors.empty()) {
    print_line(fmt::format("{} {}  {}", answer.number, pick(context, answer.title),
                           context.tr("没有答案：", "no answer:")));
    for (const Error& error : answer.errors) print_error(context, error);
    return;
  }
  print_line(fmt::format("{} {}  {}", answer.number, pick(context, answer.title),
                         pick(context, answer.sentence)));
  print_line("    " + counts_text(context, count(answer), answer.money_fen));
  uint64_t unjudged = 0;
  for (const auto& step : answer.steps) unjudged += step.unjudged;
  if (unjudged == 0) return;
  print_line(fmt::format("    {} {}", with_thousands(unjudged),
                         context.tr("行规则没有答案，例如：", "rows have no answer, such as:")));
  print_error(context, answer.unjudged.front());
}

void print_summary(const Context& context, const Diagnosis& d) {
  if (d.synthetic) {
    print_line(context.tr("合成数据：不是任何城市的真实记录",
                          "synthetic data: no real records of any city"));
  }
  for (const Answer& answer : d.answers) print_answer(context, answer);
  print_packs_missing(context, d.missing);
  const Counts all{d.count(Severity::red), d.count(Severity::orange), d.count(Severity::yellow),
                   d.lead_count()};
  print_line(fmt::format("{}  {}  {} {}", context.tr("合计", "total"),
                         counts_text(context, all, d.money_fen()), context.tr("规则", "rules"),
                         d.rulebook_hash.substr(0, 12)));
}

json answer_json(const Answer& answer) {
  const Counts c = count(answer);
  json figures = json::object();
  for (const auto& figure : answer.figures) {
    figures[figure.id] = figure.value ? json(*figure.value) : json(nullptr);
  }
  json list = json::array();
  for (const auto* group : {&answer.findings, &answer.leads}) {
    for (const Finding& f : *group) {
      list.push_back({{"id", f.id},
                      {"code", f.code},
                      {"rule", f.rule},
                      {"severity", findings::to_string(f.severity)},
                      {"state", findings::to_string(f.state)},
                      {"lead", f.lead},
                      {"key", f.key},
                      {"subject", f.subject},
                      {"claim_zh", f.claim.zh},
                      {"claim_en", f.claim.en},
                      {"department", f.lead_name},
                      {"money_fen", f.money_fen ? json(*f.money_fen) : json(nullptr)},
                      {"evidence_total", f.evidence_total}});
    }
  }
  json errors = json::array();
  for (const Error& error : answer.errors) errors.push_back(json::parse(error.to_json()));
  return {{"question", answer.number},
          {"title_zh", answer.title.zh},
          {"title_en", answer.title.en},
          {"sentence_zh", answer.sentence.zh},
          {"sentence_en", answer.sentence.en},
          {"red", c.red},
          {"orange", c.orange},
          {"yellow", c.yellow},
          {"leads", c.leads},
          {"money_fen", answer.money_fen},
          {"figures", figures},
          {"findings", list},
          {"errors", errors}};
}

void print_json(const Diagnosis& d) {
  json answers = json::array();
  for (const Answer& answer : d.answers) answers.push_back(answer_json(answer));
  json missing = json::array();
  for (const auto& problem : d.missing) {
    json errors = json::array();
    for (const Error& error : problem.errors) errors.push_back(json::parse(error.to_json()));
    missing.push_back({{"pack", problem.pack}, {"question", problem.number}, {"errors", errors}});
  }
  print_line(json{
      {"as_of", d.as_of.to_string()},
      {"rulebook_hash", d.rulebook_hash},
      {"synthetic", d.synthetic},
      {"answers", answers},
      {"missing",
       missing}}.dump(2));
}

void print_finding_line(const Context& context, std::string_view mark, const Finding& finding) {
  print_line(fmt::format("  {} {}  {}  {}", mark, finding.id,
                         pick(context, title_of(finding.severity)), pick(context, finding.claim)));
}

void print_since(const Context& context, const Diagnosis& d) {
  const findings::Since since = findings::changes(d);
  print_line(fmt::format("{}  +{}  ↺{}  −{}  ={}", context.tr("与上次相比", "since the run before"),
                         since.fresh.size(), since.reopened.size(), since.cleared.size(),
                         since.standing));
  for (const Finding* f : since.fresh) print_finding_line(context, "+", *f);
  for (const Finding* f : since.reopened) print_finding_line(context, "↺", *f);
  for (const Finding* f : since.cleared) print_finding_line(context, "−", *f);
}

Result<> write_report(const Context& context, City& city, const Diagnosis& diagnosis,
                      const findings::DiagnoseOptions& asked, const std::string& out) {
  report::ReportOptions options;
  options.out_dir = out;
  options.jurisdiction = city.config().jurisdiction;
  options.made_at = context.clock->now();
  options.program = std::string("yipan ") + kVersion;
  options.previous_on = asked.previous_on;
  Progress bar(context, "");
  options.progress = [&](const findings::Text& step, uint64_t done, uint64_t total) {
    bar.relabel(pick(context, step));
    bar.update(done, total);
  };
  YIPAN_ASSIGN(const report::ReportFiles written,
               report::write_report(*context.files, city.board().connection(), diagnosis, options,
                                    context.clock));
  for (const Error& problem : written.problems) print_error(context, problem);
  for (const report::ReportFile& file : written.files) {
    if (!context.json) print_line(file.path);
  }
  return {};
}

Result<int> diagnose_city(const Context& context, const DiagnoseCommand& command) {
  YIPAN_ASSIGN(const Date as_of, day_of(context, command));
  YIPAN_ASSIGN(const findings::Rulebook book, open_rulebook(context, command, as_of));
  YIPAN_ASSIGN(City city, City::open(context, command.dry_run ? Access::read : Access::write));
  findings::DiagnoseOptions options;
  options.as_of = as_of;
  options.clock = context.clock;
  options.connect = [&city] { return city.open_reader(); };
  YIPAN_ASSIGN(options.previous, findings::previous_findings(city.board().connection()));
  for (const Finding& finding : options.previous) {
    const auto seen = Date::parse(finding.last_seen_on);
    if (seen && (!options.previous_on || *options.previous_on < *seen)) options.previous_on = *seen;
  }
  Diagnosis diagnosis;
  {
    Progress bar(context, "");
    options.progress = [&](const findings::Text& step, uint64_t done, uint64_t total) {
      bar.relabel(pick(context, step));
      bar.update(done, total);
    };
    YIPAN_ASSIGN(diagnosis, findings::diagnose(city.board().connection(), city.board().schemas(),
                                               book, options));
  }
  if (context.json) {
    print_json(diagnosis);
  } else {
    print_line(fmt::format("{}  {}", city.config().name, as_of.to_string()));
    print_summary(context, diagnosis);
    if (command.since) print_since(context, diagnosis);
  }
  if (!command.dry_run) {
    YIPAN_ASSIGN(const uint64_t entry, record_findings(context, city, diagnosis, command.who));
    if (!context.json) {
      print_line(
          fmt::format("{} {}", context.tr("已记入账本，条目", "recorded, ledger entry"), entry));
    }
  }
  // Last: what was found is recorded even where a report cannot be written.
  if (!command.out.empty()) {
    YIPAN_TRY(write_report(context, city, diagnosis, options, command.out));
  }
  bool failed = !diagnosis.missing.empty();
  for (const Answer& answer : diagnosis.answers) failed = failed || !answer.errors.empty();
  if (failed) return kExitError;
  return diagnosis.count(Severity::red) > 0 ? kExitProblems : kExitOk;
}

}  // namespace

std::string rulebook_of(const Context& context, const DiagnoseCommand& command) {
  return command.rulebook.empty() ? default_rulebook(context) : command.rulebook;
}

Result<Date> day_of(const Context& context, const DiagnoseCommand& command) {
  if (command.as_of.empty()) return context.clock->now().utc_date();
  return Date::parse(command.as_of);
}

Result<findings::Rulebook> open_rulebook(const Context& context, const DiagnoseCommand& command,
                                         Date as_of) {
  findings::RulebookOptions options;
  options.as_of = as_of;
  options.questions = command.questions;
  const std::string folder = rulebook_of(context, command);
  YIPAN_ASSIGN(findings::Rulebook book, findings::load_rulebook(*context.files, folder, options));
  if (book.pack_count() == 0 && book.problems().empty()) {
    return fail(Error("cli.questions.none")
                    .zh(command.questions.empty() ? "规则库里没有问题包" : "没有这个编号的问题")
                    .en(command.questions.empty() ? "the rulebook has no question packs"
                                                  : "there is no question of this number")
                    .file(folder + "/questions")
                    .remedy("不带 --question 运行，或用 --rulebook 指明规则库",
                            "leave out --question, or name the rulebook with --rulebook"));
  }
  return book;
}

namespace {

// 12345.678, 2 -> "12,345.68"
std::string grouped(double value, int decimals) {
  const std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  const size_t point = std::min(text.find('.'), text.size());
  return (value < 0 ? "-" : "") + with_thousands(std::stoull(text.substr(0, point))) +
         text.substr(point);
}

}  // namespace

std::string money_text(const Context& context, int64_t fen) {
  const double yuan = static_cast<double>(fen) / 100.0;
  constexpr double kYi = 1e8;
  constexpr double kWan = 1e4;
  if (context.lang == Lang::en) {
    return yuan >= 1e6 ? grouped(yuan / 1e6, 1) + " million yuan" : grouped(yuan, 0) + " yuan";
  }
  if (yuan >= kYi) return grouped(yuan / kYi, 2) + " 亿元";
  if (yuan >= kWan) return grouped(yuan / kWan, 2) + " 万元";
  return grouped(yuan, 2) + " 元";
}

void print_packs_missing(const Context& context,
                         const std::vector<findings::PackProblem>& problems) {
  for (const findings::PackProblem& problem : problems) {
    print_line(fmt::format("{} {}  {}", problem.pack, pick(context, problem.title),
                           context.tr("没有答案：问题包有毛病", "no answer: the pack is broken")));
    for (const Error& error : problem.errors) print_error(context, error);
  }
}

int run_diagnose(const Context& context, const DiagnoseCommand& command) {
  const auto code = diagnose_city(context, command);
  if (code) return *code;
  print_error(context, code.error());
  return kExitError;
}

}  // namespace yipan::cli
