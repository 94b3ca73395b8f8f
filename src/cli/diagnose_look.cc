// findings: what is recorded. explain: one finding with everything behind it.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/diagnose_commands.h"

namespace yipan::cli {
namespace {

using findings::Finding;

std::string_view pick(const Context& context, const findings::Text& text) {
  return context.tr(text.zh, text.en);
}

bool wanted(const DiagnoseCommand& command, const Finding& f) {
  if (f.lead != command.leads) return false;
  if (!command.questions.empty() && std::find(command.questions.begin(), command.questions.end(),
                                              f.question) == command.questions.end()) {
    return false;
  }
  if (!command.department.empty() && f.lead_name.find(command.department) == std::string::npos) {
    return false;
  }
  if (!command.severity.empty() && findings::to_string(f.severity) != command.severity) {
    return false;
  }
  // Cleared ones only when they are asked for.
  return command.state.empty() ? f.state != findings::State::cleared
                               : findings::to_string(f.state) == command.state;
}

Result<> list_findings(const Context& context, const DiagnoseCommand& command) {
  YIPAN_ASSIGN(City city, City::open(context, Access::read));
  YIPAN_ASSIGN(auto all, findings::previous_findings(city.board().connection()));
  std::vector<const Finding*> list;
  for (const Finding& f : all) {
    if (wanted(command, f)) list.push_back(&f);
  }
  std::stable_sort(list.begin(), list.end(), [](const Finding* a, const Finding* b) {
    if (a->question != b->question) return a->question < b->question;
    if (a->severity != b->severity) return a->severity < b->severity;
    return a->money_fen.value_or(0) > b->money_fen.value_or(0);
  });
  nlohmann::json out = nlohmann::json::array();
  for (const Finding* f : list) {
    if (context.json) {
      out.push_back({{"id", f->id},
                     {"question", f->question},
                     {"code", f->code},
                     {"severity", findings::to_string(f->severity)},
                     {"state", findings::to_string(f->state)},
                     {"claim_zh", f->claim.zh},
                     {"claim_en", f->claim.en},
                     {"department", f->lead_name},
                     {"first_seen_on", f->first_seen_on},
                     {"last_seen_on", f->last_seen_on},
                     {"cleared_on", f->cleared_on}});
      continue;
    }
    print_line(fmt::format("{}  {} · {}  {}", f->id, pick(context, title_of(f->severity)),
                           pick(context, title_of(f->state)), pick(context, f->claim)));
    print_line(fmt::format("    {} {}  {}", context.tr("责任单位", "department"),
                           f->lead_name.empty() ? "-" : f->lead_name, pick(context, f->remedy)));
  }
  if (context.json) print_line(out.dump(2));
  if (!context.json) {
    print_line(fmt::format("{} {}", with_thousands(list.size()), context.tr("条", "findings")));
  }
  return {};
}

constexpr size_t kEvidenceShown = 20;

Result<> print_evidence(const Context& context, City& city, const Finding& f) {
  print_line(fmt::format("{} {}", context.tr("证据行", "rows of evidence"),
                         with_thousands(f.evidence_total)));
  std::map<uint64_t, std::string> entries;
  size_t shown = 0;
  for (const findings::Evidence& e : f.evidence) {
    if (++shown > kEvidenceShown) break;
    YIPAN_ASSIGN(const board::Provenance p, city.board().trace(e.table, e.key));
    auto& who = entries[e.entry];
    if (who.empty()) {
      YIPAN_ASSIGN(const ledger::Entry entry, city.ledger().entry(e.entry));
      who = fmt::format("{} {}", entry.when.to_string(), entry.who);
    }
    const std::string row = context.lang == Lang::zh ? fmt::format("第 {} 行", e.row)
                                                     : fmt::format("row {}", e.row);
    print_line(fmt::format("  {}/{}  ←  {} {}  ←  {} {} ({})", e.table, e.key, p.file, row,
                           context.tr("账本条目", "ledger entry"), e.entry, who));
  }
  if (f.evidence_total > shown - (shown > kEvidenceShown ? 1 : 0)) {
    print_line(fmt::format("  … {}", context.tr("其余见报告或表 finding_evidence",
                                                "the rest: in the report or finding_evidence")));
  }
  return {};
}

void print_head(const Context& context, const Finding& f) {
  const auto line = [&](std::string_view zh, std::string_view en, std::string_view value) {
    if (!value.empty()) print_line(fmt::format("  {}  {}", context.tr(zh, en), value));
  };
  print_line(
      fmt::format("{}  {}  {}", f.id, pick(context, f.title), pick(context, title_of(f.severity))));
  line("事实　　", "claim     ", pick(context, f.claim));
  line("标准　　", "norm      ", pick(context, f.norm));
  if (!f.value.empty() || !f.norm_value.empty()) {
    line("值／标准", "value/norm", f.value + " / " + f.norm_value);
  }
  line("措施　　", "remedy    ", pick(context, f.remedy));
  line("责任单位", "department", f.lead_name);
  for (const std::string& name : f.support_names) line("配合单位", "supporting", name);
  if (f.money_fen) line("涉及金额", "money     ", money_text(context, *f.money_fen));
  line("区域　　", "area      ", pick(context, f.area));
  for (const findings::Citation& c : f.citations) {
    line("依据　　", "citation  ",
         fmt::format("{} [{}] {}", pick(context, c.label), c.status, pick(context, c.paraphrase)));
  }
  for (const findings::Text& lack : f.lead_lacks) {
    line("线索，缺", "lead: no  ", pick(context, lack));
  }
  line("状态　　", "state     ",
       fmt::format("{}  {} → {}", pick(context, title_of(f.state)), f.first_seen_on,
                   f.last_seen_on));
}

Result<> explain_one(const Context& context, const DiagnoseCommand& command) {
  YIPAN_ASSIGN(const Date as_of, day_of(context, command));
  YIPAN_ASSIGN(const findings::Rulebook book, open_rulebook(context, command, as_of));
  YIPAN_ASSIGN(City city, City::open(context, Access::read));
  findings::DiagnoseOptions options;
  options.as_of = as_of;
  YIPAN_ASSIGN(options.previous, findings::previous_findings(city.board().connection()));
  YIPAN_ASSIGN(const findings::Explained e,
               findings::explain(city.board().connection(), city.board().schemas(), book, options,
                                 command.finding));
  print_head(context, e.finding);
  print_line(fmt::format("{}  {}", context.tr("事实", "fact"), e.finding.fact));
  for (const auto& [name, value] : e.finding.facts) {
    print_line(fmt::format("    {} = {}", name, value));
  }
  print_line(context.tr("查询", "query"));
  print_line(e.sql);
  if (!e.parameters.empty()) print_line(context.tr("参数", "parameters"));
  for (const auto& [name, value] : e.parameters) {
    print_line(fmt::format("    {} = {}", name, value));
  }
  print_line(context.tr("判断", "judgement"));
  print_line(context.lang == Lang::zh ? e.explanation.to_text_zh() : e.explanation.to_text_en());
  YIPAN_TRY(print_evidence(context, city, e.finding));
  print_line(fmt::format("{} {}", context.tr("规则版本", "rules"), book.hash()));
  return {};
}

int finish(const Context& context, const Result<>& result) {
  if (result) return kExitOk;
  print_error(context, result.error());
  return kExitError;
}

}  // namespace

int run_findings(const Context& context, const DiagnoseCommand& command) {
  return finish(context, list_findings(context, command));
}

int run_explain(const Context& context, const DiagnoseCommand& command) {
  return finish(context, explain_one(context, command));
}

}  // namespace yipan::cli
