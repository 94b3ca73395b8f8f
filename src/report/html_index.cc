// What each department must do; what changed; the rules cited.
#include <fmt/format.h>

#include <algorithm>

#include "report/html.h"
#include "report/numbers.h"

namespace yipan::report {
namespace {

constexpr size_t kChangesMax = 50;   // of a kind
constexpr size_t kSubjectsMax = 20;  // of a code, in a department's table

void change_list(const Page& page, const Text& title, const std::vector<const Finding*>& list) {
  Markup& out = *page.out;
  const std::string count = grouped(list.size());
  out.element("h3", {}, Text{title.zh + "（" + count + " 项）", title.en + " (" + count + ")"});
  if (list.empty()) {
    out.element("p", {}, Text{"没有。", "None."});
    return;
  }
  std::vector<const Finding*> sorted = list;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Finding* a, const Finding* b) { return a->severity < b->severity; });
  begin_table(&out, title,
              {{{"程度", "Severity"}},
               {{"发现", "Finding"}},
               {{"责任单位", "Who must act"}},
               {{"首次发现", "First seen"}}});
  const size_t shown = std::min(sorted.size(), kChangesMax);
  for (size_t i = 0; i < shown; ++i) {
    const Finding& f = *sorted[i];
    out.open("tr").open("td");
    severity_badge(&out, f.severity);
    out.close().open("td", {{"class", "wide"}});
    finding_link(page, f, f.claim.zh.empty() ? f.title : f.claim);
    out.close().element("td", {}, lead_of(f));
    out.element("td", {}, date_text(std::string_view(f.first_seen_on))).close();
  }
  end_table(&out);
  if (shown < sorted.size()) {
    out.element("p", {{"class", "meta"}},
                Text{fmt::format("共 {} 项，其余见 findings.xlsx 的“状态”列。", count),
                     fmt::format("{} in all; the rest is in findings.xlsx, column 状态.", count)});
  }
}

void subjects(const Page& page, const Group& group) {
  Markup& out = *page.out;
  const size_t shown = std::min(group.findings.size(), kSubjectsMax);
  for (size_t i = 0; i < shown; ++i) {
    const Finding& f = *group.findings[i];
    if (i > 0) out.both("、", ", ");
    const std::string name = f.subject.empty() ? (f.area.zh.empty() ? f.id : "") : f.subject;
    finding_link(page, f, name.empty() ? f.area : Text{name, name});
  }
  if (shown < group.findings.size()) {
    const std::string count = grouped(group.findings.size());
    out.both(fmt::format(" 等 {} 项", count), fmt::format(" and more, {} in all", count));
  }
}

void department(const Page& page, const Duties& duties, size_t n) {
  Markup& out = *page.out;
  out.open("section", {{"id", fmt::format("d{}", n)}}).open("h3").text(duties.name).text(" ");
  for (size_t s = 0; s < 3; ++s) {
    if (duties.counts[s] == 0) continue;
    severity_badge(&out, static_cast<Severity>(s));
    out.text(fmt::format(" {} ", grouped(duties.counts[s])));
  }
  out.close();
  begin_table(&out, {duties.name + "须办", duties.name + ": to do"},
              {{{"程度", "Severity"}},
               {{"问题", "Question"}, true},
               {{"须办", "To do"}},
               {{"项数", "Count"}, true},
               {{"金额（万元）", "Money (10,000 yuan)"}, true},
               {{"对象", "About"}}});
  for (const Group& g : duties.groups) {
    out.open("tr").open("td");
    severity_badge(&out, g.severity);
    out.close().open("td", {{"class", "n"}});
    out.element("a", {{"href", "#" + group_id(g, false)}}, fmt::format("{}", g.question)).close();
    out.open("td", {{"class", "wide"}}).element("b", {}, g.title);
    out.open("div");
    out.both(g.first().remedy);
    if (!g.same_remedy)
      out.both("（以第一项为例，逐项见所在章节）", " (of the first; each has its own)");
    out.close().close();
    number_cell(&out, grouped(g.findings.size()));
    number_cell(&out, g.money_fen != 0 ? wan_text(g.money_fen) : "—");
    out.open("td", {{"class", "wide"}});
    subjects(page, g);
    out.close().close();
  }
  end_table(&out);
  out.close();
}

}  // namespace

void changes_section(Page* page) {
  Markup& out = *page->out;
  const Outline& o = page->outline;
  out.open("section", {{"class", "chapter"}, {"id", "changes"}});
  out.element("h2", {}, Text{"变化与逾期", "Changes and overdue"});
  if (!o.compared) {
    out.element("p", {},
                Text{"首次诊断，没有上一次可以比较，全部发现都是新发现。",
                     "The first diagnosis: nothing to compare with, all findings are new."});
  }
  const ClearingDays& days = o.options->clearing;
  out.element("p", {{"class", "meta"}},
              Text{fmt::format("自首次发现起，{} {} 天、{} {} 天、{} {} 天内没有销号的，算逾期。",
                               severity_title(Severity::red).zh, days.red,
                               severity_title(Severity::orange).zh, days.orange,
                               severity_title(Severity::yellow).zh, days.yellow),
                   fmt::format("A finding is overdue if it was first seen more than {} days ago "
                               "({}: {}, {}: {}) and still stands.",
                               days.red, severity_title(Severity::orange).en, days.orange,
                               severity_title(Severity::yellow).en, days.yellow)});
  change_list(*page, {"逾期未销号", "Overdue"}, o.overdue);
  if (o.compared) {
    change_list(*page, {"新发现", "New"}, o.fresh);
    change_list(*page, {"重新出现", "Reopened"}, o.reopened);
    change_list(*page, {"已销号", "Cleared"}, o.cleared);
  }
  out.close();
}

void departments_section(Page* page) {
  Markup& out = *page->out;
  const Outline& o = page->outline;
  out.open("section", {{"class", "chapter"}, {"id", "departments"}});
  out.element("h2", {}, Text{"各部门须办事项", "What each department must do"});
  out.open("nav", {{"aria-label", "部门 / Departments"}}).open("ul");
  for (size_t i = 0; i < o.duties.size(); ++i) {
    const Counts& c = o.duties[i].counts;
    out.open("li").element("a", {{"href", fmt::format("#d{}", i)}}, o.duties[i].name);
    out.text(fmt::format(" {}", grouped(c[0] + c[1] + c[2]))).close();
  }
  out.close().close();
  for (size_t i = 0; i < o.duties.size(); ++i) department(*page, o.duties[i], i);
  out.close();
}

void citations_section(Page* page) {
  Markup& out = *page->out;
  out.open("section", {{"class", "chapter"}, {"id", "citations"}});
  out.element("h2", {}, Text{"引用的规定", "Rules cited"});
  out.element(
      "p", {{"class", "meta"}},
      Text{"要点是转述，不是原文；标明“未核实”的，使用前须对照原文。",
           "Contents are paraphrased, not quoted; what is marked unverified must be checked "
           "against the text before it is used."});
  begin_table(&out, {"引用的规定", "Rules cited"},
              {{{"规定", "Rule"}},
               {{"要点", "In short"}},
               {{"核对", "Checked"}},
               {{"引用次数", "Cited by"}, true}});
  for (const CitationUse& use : page->outline.citations) {
    out.open("tr").open("td").both(use.citation.label).close();
    out.element("td", {{"class", "wide"}}, use.citation.paraphrase).open("td");
    out.element("span", {{"class", is_verified(use.citation.status) ? "status" : "unverified"}},
                status_title(use.citation.status));
    out.close();
    number_cell(&out, grouped(use.findings));
    out.close();
  }
  end_table(&out);
  out.close();
}

}  // namespace yipan::report
