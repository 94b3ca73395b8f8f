// Findings by severity and code; leads apart; what was cleared.
#include <fmt/format.h>

#include <algorithm>

#include "report/chart.h"
#include "report/html.h"
#include "report/numbers.h"

namespace yipan::report {
namespace {

template <typename Has>
bool any_of(const Group& group, const Has& has) {
  return std::any_of(group.findings.begin(), group.findings.end(),
                     [&](const Finding* f) { return has(*f); });
}

void citations(const Finding& finding, Markup* out) {
  for (const findings::Citation& c : finding.citations) {
    out->open("div").both(c.label).text(" ");
    const Text status = status_title(c.status);
    if (is_verified(c.status)) {
      out->element("span", {{"class", "status"}},
                   Text{"（" + status.zh + "）", "(" + status.en + ")"});
    } else {
      out->element("span", {{"class", "unverified"}}, status);
    }
    if (!c.paraphrase.zh.empty())
      out->text(" ").element("span", {{"class", "status"}}, c.paraphrase);
    out->close();
  }
}

void field(Markup* out, const Text& name, const Text& value) {
  if (value.zh.empty() && value.en.empty()) return;
  out->element("dt", {}, name).element("dd", {}, value);
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& n : names) out += (out.empty() ? "" : "、") + n;
  return out;
}

// What is the same for the whole group.
void common_fields(const Group& group, Markup* out) {
  const Finding& f = group.first();
  out->open("dl");
  if (group.same_norm) field(out, {"标准", "Norm"}, f.norm);
  if (!f.citations.empty()) {
    out->element("dt", {}, Text{"依据", "Rule"}).open("dd");
    citations(f, out);
    out->close();
  }
  if (group.same_lead) {
    const std::string lead = lead_of(f);
    field(out, {"责任单位", "Who must act"}, {lead, lead});
    const std::string support = joined(f.support_names);
    field(out, {"配合单位", "Together with"}, {support, support});
  }
  if (group.same_remedy) field(out, {"下一步", "Next step"}, f.remedy);
  if (!f.rule.empty()) field(out, {"规则编号", "Rule number"}, {f.rule, f.rule});
  out->close();
}

void evidence_list(const Finding& f, size_t limit, Markup* out) {
  out->open("ul", {{"class", "evidence"}});
  const size_t shown = std::min(limit, f.evidence.size());
  for (size_t i = 0; i < shown; ++i) {
    const findings::Evidence& e = f.evidence[i];
    out->open("li").element("code", {}, e.table + "/" + e.key).text(" ");
    out->both(fmt::format("账本第 {} 条，源文件第 {} 行", e.entry, e.row),
              fmt::format("ledger entry {}, source row {}", e.entry, e.row));
    out->close();
  }
  const uint64_t total = std::max<uint64_t>(f.evidence_total, f.evidence.size());
  if (total > shown) {
    const std::string all = grouped(total);
    const std::string listed = grouped(f.evidence.size());
    out->element(
        "li", {},
        Text{total > f.evidence.size()
                 ? fmt::format("共 {} 条，前 {} 条见 findings.xlsx 的“证据”表", all, listed)
                 : fmt::format("共 {} 条，见 findings.xlsx 的“证据”表", all),
             total > f.evidence.size()
                 ? fmt::format("{} in all; the first {} are in sheet 证据 of findings.xlsx", all,
                               listed)
                 : fmt::format("{} in all, in sheet 证据 of findings.xlsx", all)});
  }
  out->close();
}

void evidence_details(const Page& page, const Finding& f) {
  Markup& out = *page.out;
  const uint64_t total = std::max<uint64_t>(f.evidence_total, f.evidence.size());
  if (total == 0 && f.facts.empty()) {
    out.element("div", {{"class", "id"}}, f.id);
    return;
  }
  out.open("details").open("summary");
  out.both(fmt::format("证据 {} 条", grouped(total)),
           fmt::format("Evidence: {} rows", grouped(total)));
  out.text(" ").element("span", {{"class", "id"}}, f.id).close();
  if (!f.evidence.empty()) evidence_list(f, page.outline.options->limits.evidence_html, &out);
  if (!f.facts.empty()) {
    out.open("ul", {{"class", "evidence"}});
    for (const auto& [name, value] : f.facts) {
      out.open("li").element("code", {}, name).text(" = ");
      out.both(value.empty() ? Text{"未填", "not stated"} : Text{value, value}).close();
    }
    out.close();
  }
  out.close();
}

void state_note(const Page& page, const Finding& f) {
  Markup& out = *page.out;
  Text note = state_title(f.state);
  if (f.state != findings::State::fresh && !f.first_seen_on.empty()) {
    const Text first = date_text(std::string_view(f.first_seen_on));
    note = {note.zh + "，" + first.zh + "首次发现", note.en + ", first seen " + first.en};
  }
  out.both(note);
  const Outline& o = page.outline;
  if (const int64_t days = days_overdue(f, o.diagnosis->as_of, o.options->clearing); days > 0) {
    out.text(" ").element(
        "strong", {{"class", "red"}},
        Text{fmt::format("逾期（已 {} 天）", days), fmt::format("overdue ({} days)", days)});
  }
}

void lacks(const Finding& f, Markup* out) {
  if (f.lead_lacks.empty()) return;
  Text text{"缺：", "Lacks: "};
  for (size_t i = 0; i < f.lead_lacks.size(); ++i) {
    text.zh += (i > 0 ? "、" : "") + f.lead_lacks[i].zh;
    text.en += (i > 0 ? ", " : "") + f.lead_lacks[i].en;
  }
  out->element("p", {{"class", "meta"}}, text);
}

void single(const Page& page, const Group& group) {
  Markup& out = *page.out;
  const Finding& f = group.first();
  out.open("div", {{"id", f.id}}).element("p", {}, f.claim).close();
  common_fields(group, &out);
  out.open("dl");
  field(&out, {"实际 / 标准值", "Found / ought to be"},
        f.value.empty() ? Text{}
                        : Text{f.value + " / " + f.norm_value, f.value + " / " + f.norm_value});
  field(&out, {"地点", "Place"}, f.area);
  if (f.money_fen) field(&out, {"涉及金额", "Money at stake"}, money_text(*f.money_fen));
  out.element("dt", {}, Text{"状态", "State"}).open("dd");
  state_note(page, f);
  out.close().close();
  lacks(f, &out);
  evidence_details(page, f);
}

struct RowShape {
  bool area, value, norm, money, lead, remedy;
};

RowShape shape_of(const Group& g) {
  return {any_of(g, [](const Finding& f) { return !f.area.zh.empty(); }),
          any_of(g, [](const Finding& f) { return !f.value.empty(); }),
          any_of(g, [](const Finding& f) { return !f.norm_value.empty(); }),
          any_of(g, [](const Finding& f) { return f.money_fen.has_value(); }),
          !g.same_lead,
          !g.same_remedy};
}

std::vector<Column> columns_of(const RowShape& shape) {
  std::vector<Column> columns = {{{"序号", "No."}, true}, {{"发现", "Finding"}}};
  if (shape.area) columns.push_back({{"地点", "Place"}});
  if (shape.value) columns.push_back({{"实际", "Found"}, true});
  if (shape.norm) columns.push_back({{"标准值", "Norm"}, true});
  if (shape.money) columns.push_back({{"金额（万元）", "Money (10,000 yuan)"}, true});
  if (shape.lead) columns.push_back({{"责任单位", "Who must act"}});
  if (shape.remedy) columns.push_back({{"下一步", "Next step"}});
  columns.push_back({{"状态", "State"}});
  return columns;
}

void row(const Page& page, const Group& group, const RowShape& shape, size_t n) {
  Markup& out = *page.out;
  const Finding& f = *group.findings[n];
  out.open("tr", {{"id", f.id}});
  number_cell(&out, fmt::format("{}", n + 1));
  out.open("td", {{"class", "wide"}}).both(f.claim);
  if (!group.same_norm && !f.norm.zh.empty()) {
    out.open("div", {{"class", "status"}}).both("标准：" + f.norm.zh, "Norm: " + f.norm.en).close();
  }
  lacks(f, &out);
  evidence_details(page, f);
  out.close();
  if (shape.area) out.element("td", {}, f.area);
  if (shape.value) number_cell(&out, f.value);
  if (shape.norm) number_cell(&out, f.norm_value);
  if (shape.money) number_cell(&out, f.money_fen ? wan_text(*f.money_fen) : "—");
  if (shape.lead) out.element("td", {}, lead_of(f));
  if (shape.remedy) out.element("td", {}, f.remedy);
  out.open("td");
  state_note(page, f);
  out.close().close();
}

void rows(Page* page, const Group& group) {
  Markup& out = *page->out;
  common_fields(group, &out);
  const RowShape shape = shape_of(group);
  begin_table(&out, group.title, columns_of(shape));
  const size_t shown = std::min(group.findings.size(), page->outline.options->limits.rows_html);
  for (size_t i = 0; i < shown; ++i) row(*page, group, shape, i);
  end_table(&out);
  if (shown < group.findings.size()) {
    out.element("p", {{"class", "meta"}},
                Text{fmt::format("共 {} 项，这里列出前 {} 项，其余见 findings.xlsx。",
                                 grouped(group.findings.size()), shown),
                     fmt::format("{} in all, the first {} are shown; the rest is in findings.xlsx.",
                                 grouped(group.findings.size()), shown)});
  }
}

void group_section(Page* page, const Group& group, bool lead) {
  Markup& out = *page->out;
  out.open("section", {{"class", lead ? std::string("group lead")
                                      : "group g-" + std::string(severity_class(group.severity))},
                       {"id", group_id(group, lead)}});
  out.open("h4");
  if (!lead) {
    severity_badge(&out, group.severity);
    out.text(" ");
  }
  const std::string count = grouped(group.findings.size());
  Text rest{"：" + count + " 项", ": " + count};
  if (group.money_fen != 0) {
    const Text money = money_text(group.money_fen);
    rest.zh += "，涉及 " + money.zh;
    rest.en += ", " + money.en + " at stake";
  }
  out.both(group.title).both(rest).close();
  if (group.findings.size() == 1) {
    single(*page, group);
  } else {
    rows(page, group);
  }
  out.close();
}

void remember_shown(Page* page, const Group& group) {
  const size_t shown = std::min(group.findings.size(), page->outline.options->limits.rows_html);
  page->shown.insert(group.findings.begin(),
                     group.findings.begin() + static_cast<std::ptrdiff_t>(shown));
}

void cleared_list(const Page& page, const Chapter& chapter) {
  Markup& out = *page.out;
  out.element("h3", {}, Text{"已销号", "Cleared since last time"});
  begin_table(&out, {"已销号", "Cleared since last time"},
              {{{"编号", "Number"}}, {{"发现", "Finding"}}, {{"销号日期", "Cleared on"}}});
  const size_t shown = std::min(chapter.cleared.size(), page.outline.options->limits.rows_html);
  for (size_t i = 0; i < shown; ++i) {
    const Finding& f = *chapter.cleared[i];
    out.open("tr", {{"id", f.id}}).element("td", {{"class", "id"}}, f.id);
    out.element("td", {}, f.claim.zh.empty() ? f.title : f.claim);
    out.element("td", {}, date_text(std::string_view(f.cleared_on))).close();
  }
  end_table(&out);
}

}  // namespace

void findings_part(Page* page, const Chapter& chapter) {
  Markup& out = *page->out;
  const Limits& limits = page->outline.options->limits;
  const int number = chapter.answer->number;
  out.element("h3", {{"id", fmt::format("q{}-findings", number)}},
              Text{fmt::format("发现（{} 项）", grouped(chapter.count())),
                   fmt::format("Findings ({})", grouped(chapter.count()))});
  if (chapter.groups.empty() && chapter.answer->errors.empty()) {
    out.element("p", {}, Text{"没有发现问题。", "No problem was found."});
  }
  const Chart map = draw_findings_map(chapter, *page->outline.areas, limits.points_map,
                                      {.both = true, .id = fmt::format("q{}-map", number)});
  if (!map.svg.empty()) {
    out.open("figure").element("figcaption", {}, map.title);
    out.open("div", {{"class", "chart"}}).raw(map.svg).close().close();
  }
  for (const Group& g : chapter.groups) {
    remember_shown(page, g);
    group_section(page, g, false);
  }
  if (!chapter.leads.empty()) {
    out.element("h3", {}, Text{"线索（不计入发现）", "Leads (not counted as findings)"});
    out.element("p", {{"class", "meta"}},
                Text{"线索缺少标准、依据、责任单位或下一步，须先补全核实。",
                     "A lead lacks a norm, a citation, a department or a next step, and must first "
                     "be completed."});
    for (const Group& g : chapter.leads) group_section(page, g, true);
  }
  if (!chapter.cleared.empty()) cleared_list(*page, chapter);
}

}  // namespace yipan::report
