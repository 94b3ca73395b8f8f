#include "report/outline.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace yipan::report {
namespace {

using findings::State;

void add_to(std::vector<Group>* groups, const Finding* finding) {
  for (Group& g : *groups) {
    if (g.code != finding->code || g.severity != finding->severity ||
        g.question != finding->question) {
      continue;
    }
    const Finding& first = g.first();
    g.same_norm = g.same_norm && first.norm.zh == finding->norm.zh;
    g.same_remedy = g.same_remedy && first.remedy.zh == finding->remedy.zh;
    g.same_lead = g.same_lead && lead_of(first) == lead_of(*finding);
    g.findings.push_back(finding);
    g.money_fen += finding->money_fen.value_or(0);
    return;
  }
  groups->push_back({.code = finding->code,
                     .question = finding->question,
                     .severity = finding->severity,
                     .title = finding->title,
                     .findings = {finding},
                     .money_fen = finding->money_fen.value_or(0)});
}

void sort_groups(std::vector<Group>* groups) {
  std::stable_sort(groups->begin(), groups->end(), [](const Group& a, const Group& b) {
    return std::make_tuple(a.severity, -a.money_fen) < std::make_tuple(b.severity, -b.money_fen);
  });
}

Chapter make_chapter(const Answer& answer) {
  Chapter chapter;
  chapter.answer = &answer;
  for (const Finding& f : answer.findings) {
    if (f.state == State::cleared) {
      chapter.cleared.push_back(&f);
    } else if (!f.lead) {
      add_to(&chapter.groups, &f);
      ++chapter.counts[static_cast<size_t>(f.severity)];
    } else {
      add_to(&chapter.leads, &f);
    }
  }
  for (const Finding& f : answer.leads) add_to(&chapter.leads, &f);
  sort_groups(&chapter.groups);
  sort_groups(&chapter.leads);
  return chapter;
}

void add_duties(const Chapter& chapter, std::map<std::string, Duties>* by_lead) {
  for (const Group& group : chapter.groups) {
    for (const Finding* f : group.findings) {
      const std::string id = f->lead_id.empty() ? f->lead_role : f->lead_id;
      Duties& d = (*by_lead)[id];
      d.id = id;
      d.name = lead_of(*f);
      ++d.counts[static_cast<size_t>(f->severity)];
      d.money_fen += f->money_fen.value_or(0);
      add_to(&d.groups, f);
    }
  }
}

void add_citations(const Finding& finding, std::map<std::string, CitationUse>* uses) {
  for (const findings::Citation& c : finding.citations) {
    CitationUse& use = (*uses)[c.id];
    use.citation = c;
    ++use.findings;
  }
}

void add_changes(const Finding& finding, Outline* out) {
  if (finding.state == State::cleared) {
    out->cleared.push_back(&finding);
    return;
  }
  if (finding.lead) return;
  if (finding.state == State::fresh) out->fresh.push_back(&finding);
  if (finding.state == State::reopened) out->reopened.push_back(&finding);
  if (days_overdue(finding, out->diagnosis->as_of, out->options->clearing) > 0) {
    out->overdue.push_back(&finding);
  }
}

}  // namespace

bool counts_as_standing(const Finding& finding) {
  return finding.state != State::cleared && !finding.lead;
}

int64_t days_overdue(const Finding& finding, Date as_of, const ClearingDays& clearing) {
  if (!counts_as_standing(finding)) return 0;
  Result<Date> first = Date::parse(finding.first_seen_on);
  if (!first) return 0;
  const std::array<int, 3> limits = {clearing.red, clearing.orange, clearing.yellow};
  const int64_t days = as_of.days() - first->days();
  return days > limits[static_cast<size_t>(finding.severity)] ? days : 0;
}

Outline make_outline(const findings::Diagnosis& diagnosis, const ReportOptions& options,
                     const AreaMap& areas) {
  Outline out;
  out.diagnosis = &diagnosis;
  out.options = &options;
  out.areas = &areas;
  std::map<std::string, Duties> by_lead;
  std::map<std::string, CitationUse> uses;
  for (const Answer& answer : diagnosis.answers) {
    Chapter chapter = make_chapter(answer);
    for (size_t s = 0; s < 3; ++s) out.counts[s] += chapter.counts[s];
    for (const Group& g : chapter.groups) out.money_fen += g.money_fen;
    for (const Group& g : chapter.leads) out.lead_count += g.findings.size();
    for (const Finding& f : answer.findings) {
      add_changes(f, &out);
      if (f.state != State::cleared) add_citations(f, &uses);
    }
    add_duties(chapter, &by_lead);
    out.chapters.push_back(std::move(chapter));
  }
  out.compared = options.previous_on.has_value() || !out.cleared.empty() || !out.reopened.empty() ||
                 out.fresh.size() < out.counts[0] + out.counts[1] + out.counts[2];
  for (auto& [id, duties] : by_lead) {
    sort_groups(&duties.groups);
    out.duties.push_back(std::move(duties));
  }
  std::stable_sort(out.duties.begin(), out.duties.end(),
                   [](const Duties& a, const Duties& b) { return a.counts > b.counts; });
  for (auto& [id, use] : uses) out.citations.push_back(std::move(use));
  return out;
}

Text severity_title(Severity severity) { return findings::title_of(severity); }
Text state_title(State state) { return findings::title_of(state); }

std::string_view severity_mark(Severity severity) {
  constexpr std::array<std::string_view, 3> kMarks = {"■", "▲", "●"};
  return kMarks[static_cast<size_t>(severity)];
}

std::string_view severity_class(Severity severity) {
  constexpr std::array<std::string_view, 3> kClasses = {"red", "orange", "yellow"};
  return kClasses[static_cast<size_t>(severity)];
}

Text status_title(std::string_view status) {
  if (status == "verified") return {"已核对原文", "checked against the text"};
  if (status == "secondary") return {"据转引", "from a secondary source"};
  if (status == "local") return {"地方规定", "local rule"};
  if (status == "speech") return {"讲话要求", "asked for in the speech"};
  return {"未核实", "unverified"};
}

bool is_verified(std::string_view status) {
  return status == "verified" || status == "secondary" || status == "local" || status == "speech";
}

std::string short_hash(const Outline& outline) {
  return outline.diagnosis->rulebook_hash.substr(0, 12);
}

std::string chinese_number(size_t n) {
  constexpr std::array<std::string_view, 10> kDigits = {"〇", "一", "二", "三", "四",
                                                        "五", "六", "七", "八", "九"};
  std::string out;
  if (n >= 100) return std::to_string(n);
  if (n >= 20) out += kDigits[n / 10];
  if (n >= 10) out += "十";
  if (n % 10 != 0 || n == 0) out += kDigits[n % 10];
  return out;
}

std::string lead_of(const Finding& finding) {
  return finding.lead_name.empty() ? finding.lead_role : finding.lead_name;
}

findings::Text foreign_law(std::string_view jurisdiction) {
  if (jurisdiction.empty() || jurisdiction == "cn" || jurisdiction.starts_with("cn-")) return {};
  const std::string where(jurisdiction);
  return {
      "本报告的数据来自中国法律适用范围以外（" + where +
          "）：所引中国法律、标准和讲话只作参照，不构成违法认定。",
      "The data come from where Chinese law does not apply (" + where +
          "): the laws, standards and the speech cited only compare, and no finding says that a "
          "law was broken."};
}

}  // namespace yipan::report
