// The opening page: one screen, the answers, the money at stake, what is overdue. No score.
#include <fmt/format.h>

#include <algorithm>

#include "report/html.h"
#include "report/numbers.h"

namespace yipan::report {
namespace {

void count_cell(Markup* out, Severity severity, uint64_t count) {
  out->open("td", {{"class", "n"}}).open("span", {{"class", "narrow"}});  // instead of the header
  severity_badge(out, severity);
  out->text(" ").close();
  if (count > 0) {
    out->element("b", {{"class", std::string(severity_class(severity))}}, grouped(count));
  } else {
    out->text("0");
  }
  out->close();
}

void money_cell(Markup* out, int64_t money_fen) {
  out->open("td", {{"class", "n"}});
  if (money_fen != 0) {
    out->both(money_text(money_fen));
  } else {
    out->text("—");
  }
  out->close();
}

void answer_row(const Page& page, const Chapter& chapter) {
  Markup& out = *page.out;
  const findings::Answer& a = *chapter.answer;
  out.open("tr").open("th", {{"scope", "row"}, {"class", "q"}});
  out.open("a", {{"href", fmt::format("#q{}", a.number)}});
  out.text(fmt::format("{} ", a.number)).both(a.title).close().close();
  out.open("td", {{"class", "say"}});
  if (a.errors.empty()) {
    out.both(a.sentence);
  } else {
    out.element("strong", {{"class", "red"}},
                Text{"未能得出：" + a.errors.front().message_zh(),
                     "No answer: " + a.errors.front().message_en()});
  }
  out.close();
  for (size_t s = 0; s < 3; ++s) count_cell(&out, static_cast<Severity>(s), chapter.counts[s]);
  int64_t money = 0;
  for (const Group& g : chapter.groups) money += g.money_fen;
  money_cell(&out, money);
  out.close();
}

// The questions that could not be asked have their row too.
void missing_row(const Page& page, const findings::PackProblem& problem) {
  Markup& out = *page.out;
  out.open("tr").open("th", {{"scope", "row"}, {"class", "q"}});
  if (problem.number > 0) out.text(fmt::format("{} ", problem.number));
  out.both(problem.title.zh.empty() ? Text{problem.pack, problem.pack} : problem.title).close();
  out.open("td", {{"class", "say"}, {"colspan", "5"}});
  out.open("a", {{"href", "#missing"}, {"class", "red"}});
  out.both("没有回答：问题包 " + problem.pack + " 有毛病",
           "No answer: the pack " + problem.pack + " is broken");
  out.close().close().close();
}

void answers_table(const Page& page) {
  Markup& out = *page.out;
  const Outline& o = page.outline;
  out.open("table", {{"class", "answers"}}).open("thead").open("tr");
  out.element("th", {{"scope", "col"}}, Text{"问题", "Question"});
  out.element("th", {{"scope", "col"}}, Text{"回答", "Answer"});
  for (size_t s = 0; s < 3; ++s) {
    out.open("th", {{"scope", "col"}, {"class", "n"}});
    severity_badge(&out, static_cast<Severity>(s));
    out.close();
  }
  out.element("th", {{"scope", "col"}, {"class", "n"}}, Text{"涉及金额", "Money at stake"});
  out.close().close().open("tbody");
  for (const Chapter& c : o.chapters) answer_row(page, c);
  for (const findings::PackProblem& p : o.diagnosis->missing) missing_row(page, p);
  out.close().open("tfoot").open("tr");
  out.element("th", {{"scope", "row"}, {"class", "q"}}, Text{"合计", "Total"})
      .element("td", {},
               Text{"不同问题可能涉及同一笔钱，金额合计只看量级",
                    "questions may concern the same money: take the total as a magnitude"});
  for (size_t s = 0; s < 3; ++s) count_cell(&out, static_cast<Severity>(s), o.counts[s]);
  money_cell(&out, o.money_fen);
  out.close().close().close();
}

void strip(const Page& page) {
  Markup& out = *page.out;
  const Outline& o = page.outline;
  const auto item = [&](uint64_t count, const Text& text, bool known) {
    out.open("li").element("b", {}, known ? grouped(count) : "—");
    out.open("span").element("a", {{"href", "#changes"}}, text).close().close();
  };
  out.open("ul", {{"class", "strip"}});
  item(o.overdue.size(), {"逾期未销号", "overdue"}, true);
  item(o.fresh.size(), {"新发现", "new since last time"}, true);
  item(o.reopened.size(), {"重新出现", "reopened"}, o.compared);
  item(o.cleared.size(), {"已销号", "cleared"}, o.compared);
  out.open("li").element("b", {}, grouped(o.lead_count));
  out.element("span", {}, Text{"线索（不计入发现）", "leads (not counted)"}).close();
  out.close();
}

}  // namespace

void cover(Page* page) {
  Markup& out = *page->out;
  const Outline& o = page->outline;
  const Text& city = o.options->city;
  const Text as_of = date_text(o.diagnosis->as_of);
  out.open("header", {{"class", "cover"}});
  out.element(
      "h1", {},
      Text{city.zh + "诊断报告", (city.en.empty() ? city.zh : city.en) + ": diagnosis report"});
  Text meta{"数据截至 " + as_of.zh, "As of " + as_of.en};
  if (o.options->previous_on) {
    const Text before = date_text(*o.options->previous_on);
    meta.zh += "，与 " + before.zh + " 的诊断比较";
    meta.en += ", compared with " + before.en;
  }
  if (!o.compared) {
    meta.zh += "；首次诊断，没有上一次可以比较";
    meta.en += "; the first diagnosis, nothing to compare with";
  }
  out.element("p", {{"class", "meta"}}, meta);
  const Text foreign = foreign_law(o.options->jurisdiction);
  if (!foreign.zh.empty()) out.element("p", {{"class", "meta"}}, foreign);
  answers_table(*page);
  strip(*page);
  out.close();
}

void missing_packs(Page* page) {
  Markup& out = *page->out;
  const findings::Diagnosis& d = *page->outline.diagnosis;
  const bool any = !d.missing.empty() ||
                   std::any_of(d.answers.begin(), d.answers.end(),
                               [](const findings::Answer& a) { return !a.errors.empty(); });
  if (!any) return;
  out.open("section", {{"class", "warn"}, {"id", "missing"}});
  out.element("h2", {}, Text{"缺少的回答", "Answers that are missing"});
  for (const findings::PackProblem& p : d.missing) {
    const std::string name = p.title.zh.empty() ? p.pack : p.title.zh;
    const std::string name_en = p.title.en.empty() ? p.pack : p.title.en;
    out.element("h3", {},
                Text{fmt::format("缺少问题包：{}（{}）", name, p.pack),
                     fmt::format("A pack is missing: {} ({})", name_en, p.pack)});
    error_list(&out, p.errors);
  }
  for (const findings::Answer& a : d.answers) {
    if (a.errors.empty()) continue;
    out.element("h3", {},
                Text{fmt::format("问题 {} 没有完整的回答：{}", a.number, a.title.zh),
                     fmt::format("Question {} is not answered in full: {}", a.number, a.title.en)});
    error_list(&out, a.errors);
  }
  out.close();
}

}  // namespace yipan::report
