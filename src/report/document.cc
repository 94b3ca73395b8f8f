#include "report/document.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/markdown.h"
#include "report/numbers.h"

namespace yipan::report {
namespace {

using Kind = Block::Kind;

class Builder {
 public:
  explicit Builder(const Outline& outline) : o_(outline), limits_(outline.options->limits) {}

  Document run() {
    const std::string& city = o_.options->city.zh;
    doc_.title = city + "诊断报告";
    if (o_.diagnosis->synthetic) doc_.mark = "合成数据：不是任何城市的真实记录";
    add(Kind::title, doc_.title);
    add(Kind::subtitle, "（数据截至" + date_text(o_.diagnosis->as_of).zh + "）");
    summary();
    for (const Chapter& c : o_.chapters) chapter(c);
    changes();
    departments();
    citations();
    add(Kind::note,
        fmt::format("编制时间：{}。规则库版本：{}。{}", beijing_time_text(o_.options->made_at).zh,
                    short_hash(o_), o_.options->program));
    return std::move(doc_);
  }

 private:
  void add(Kind kind, std::string text) {
    doc_.blocks.push_back({.kind = kind, .text = std::move(text)});
  }
  void heading1(const std::string& text) {
    heading2_ = 0;
    add(Kind::heading1, chinese_number(++heading1_) + "、" + text);
  }
  void heading2(const std::string& text) {
    heading3_ = 0;
    add(Kind::heading2, "（" + chinese_number(++heading2_) + "）" + text);
  }
  void heading3(const std::string& text) {
    add(Kind::heading3, fmt::format("{}. {}", ++heading3_, text));
  }
  void table(DocumentTable t) {
    if (t.rows.empty()) return;
    doc_.blocks.push_back({.kind = Kind::table, .table = std::move(t)});
  }
  void picture(Chart chart) {
    if (chart.svg.empty()) return;
    doc_.blocks.push_back(
        {.kind = Kind::picture, .text = chart.title.zh, .chart = std::move(chart)});
  }

  static std::string counts_text(const Counts& counts) {
    std::string out;
    for (size_t s = 0; s < 3; ++s) {
      out += fmt::format("{}{}{}项", s > 0 ? "，" : "", severity_title(static_cast<Severity>(s)).zh,
                         grouped(counts[s]));
    }
    return out;
  }
  static int64_t money_of(const Chapter& c) {
    int64_t money = 0;
    for (const Group& g : c.groups) money += g.money_fen;
    return money;
  }

  void summary() {
    heading1("总体情况");
    add(Kind::paragraph,
        fmt::format("本次诊断回答{}个问题，共发现{}项：{}，涉及金额{}（不同问题可能涉及同一笔钱，"
                    "合计只看量级）；"
                    "另有线索{}条，不计入发现。",
                    o_.chapters.size(), grouped(o_.counts[0] + o_.counts[1] + o_.counts[2]),
                    counts_text(o_.counts), money_text(o_.money_fen).zh, grouped(o_.lead_count)));
    const std::string foreign = foreign_law(o_.options->jurisdiction).zh;
    if (!foreign.empty()) add(Kind::paragraph, foreign);
    if (o_.compared) {
      add(Kind::paragraph,
          fmt::format("与上一次诊断比较：新发现{}项，重新出现{}项，已销号{}项；逾期未销号{}项。",
                      o_.fresh.size(), o_.reopened.size(), o_.cleared.size(), o_.overdue.size()));
    } else {
      add(Kind::paragraph, "这是首次诊断，没有上一次可以比较。");
    }
    for (const findings::PackProblem& p : o_.diagnosis->missing) {
      add(Kind::paragraph, fmt::format("缺少问题包“{}”（{}），本报告没有它的回答：{}。",
                                       p.title.zh.empty() ? p.pack : p.title.zh, p.pack,
                                       p.errors.empty() ? "" : p.errors.front().message_zh()));
    }
    DocumentTable t{.header = {"问题", "回答", "严重", "重要", "一般", "金额（万元）"},
                    .widths = {0.15, 0.38, 0.09, 0.09, 0.09, 0.2},
                    .numbers = {false, false, true, true, true, true},
                    .rows = {}};
    for (size_t s = 0; s < 3; ++s) t.header[2 + s] = severity_title(static_cast<Severity>(s)).zh;
    for (const Chapter& c : o_.chapters) {
      t.rows.push_back({fmt::format("{} {}", c.answer->number, c.answer->title.zh),
                        c.answer->errors.empty() ? c.answer->sentence.zh : "未能得出",
                        grouped(c.counts[0]), grouped(c.counts[1]), grouped(c.counts[2]),
                        wan_text(money_of(c))});
    }
    table(std::move(t));
  }

  void figures(const Answer& a) {
    if (a.figures.empty()) return;
    DocumentTable t{.header = {"指标", "数值", "单位", "标准"},
                    .widths = {0.5, 0.18, 0.16, 0.16},
                    .numbers = {false, true, false, true},
                    .rows = {}};
    for (const findings::FigureValue& f : a.figures) {
      const ShownUnit unit = shown_unit(f.unit, f.decimals, f.value.value_or(0));
      t.rows.push_back({f.title.zh, f.value ? unit.text(*f.value) : "未填", unit.label.zh,
                        f.norm ? norm_text(*f.norm, unit) : "—"});
    }
    heading2("主要数据");
    table(std::move(t));
  }

  void chapter(const Chapter& c) {
    const Answer& a = *c.answer;
    add(Kind::page_break, "");
    heading1(a.title.zh);
    if (!a.asks.zh.empty()) add(Kind::note, a.asks.zh);
    add(Kind::paragraph,
        a.errors.empty() ? a.sentence.zh : "未能得出：" + a.errors.front().message_zh());
    figures(a);
    ChartOptions options{.both = false, .bars_max = limits_.bars_chart, .id = "c"};
    for (const findings::ViewData& v : a.views) picture(draw_view(v, *o_.areas, options));
    heading2(fmt::format("发现的问题（{}项）", grouped(c.count())));
    picture(draw_findings_map(c, *o_.areas, limits_.points_map, options));
    if (c.groups.empty()) add(Kind::paragraph, "没有发现问题。");
    for (const Group& g : c.groups) group(g, false);
    if (!c.leads.empty()) {
      heading2("线索（不计入发现）");
      for (const Group& g : c.leads) group(g, true);
    }
    if (!c.cleared.empty()) {
      heading2("已销号");
      add(Kind::paragraph, fmt::format("上次以来已销号{}项。", c.cleared.size()));
    }
    method(a);
  }

  void method(const Answer& a) {
    if (a.method_md.empty() && a.steps.empty()) return;
    heading2("方法与来源");
    for (const findings::FactStep& s : a.steps) {
      add(Kind::note, fmt::format("{}：判断{}行，得出{}项，未能判断{}行。", s.title.zh,
                                  grouped(s.rows), grouped(s.findings), grouped(s.unjudged)));
    }
    for (const MarkdownBlock& b : parse_markdown(a.method_md)) {
      if (b.kind == MarkdownBlock::Kind::table) {
        DocumentTable t;
        const size_t n = b.rows[0].size();
        for (const std::string& h : b.rows[0]) t.header.push_back(plain_inline(h));
        t.widths.assign(n, 1.0 / static_cast<double>(n));
        t.numbers.assign(n, false);
        for (size_t r = 1; r < b.rows.size(); ++r) {
          std::vector<std::string> row;
          for (size_t i = 0; i < n; ++i) {
            row.push_back(i < b.rows[r].size() ? plain_inline(b.rows[r][i]) : "");
          }
          t.rows.push_back(std::move(row));
        }
        table(std::move(t));
      } else if (!b.text.empty()) {
        const bool item = b.kind == MarkdownBlock::Kind::item;
        add(Kind::note, (item ? "· " : "") +
                            (b.kind == MarkdownBlock::Kind::code ? b.text : plain_inline(b.text)));
      }
    }
  }

  static std::string rules_of(const Finding& f) {
    std::string out;
    for (const findings::Citation& c : f.citations) {
      if (!out.empty()) out += "；";
      out += c.label.zh;
      if (!is_verified(c.status)) out += "（未核实）";
    }
    return out;
  }

  static std::string sentence(const std::string& text) {
    const bool ended = text.ends_with("。") || text.ends_with("！") || text.ends_with("？");
    return ended ? text : text + "。";
  }

  // The first findings of a group; columns that would be empty or always the same are left out.
  static DocumentTable examples(const Group& g, size_t shown) {
    const bool money = std::any_of(g.findings.begin(), g.findings.end(),
                                   [](const Finding* f) { return f->money_fen.has_value(); });
    DocumentTable t{.header = {"序号", "发现"},
                    .widths = {0.08, 0.92 - (money ? 0.19 : 0) - (g.same_lead ? 0 : 0.18)},
                    .numbers = {true, false},
                    .rows = {}};
    const auto add = [&](const char* title, double width, bool number) {
      t.header.emplace_back(title);
      t.widths.push_back(width);
      t.numbers.push_back(number);
    };
    if (money) add("金额（万元）", 0.19, true);
    if (!g.same_lead) add("责任单位", 0.18, false);
    for (size_t i = 0; i < shown; ++i) {
      const Finding& f = *g.findings[i];
      std::vector<std::string> row = {fmt::format("{}", i + 1), f.claim.zh};
      if (money) row.push_back(f.money_fen ? wan_text(*f.money_fen) : "—");
      if (!g.same_lead) row.push_back(lead_of(f));
      t.rows.push_back(std::move(row));
    }
    return t;
  }

  void group(const Group& g, bool lead) {
    const Finding& f = g.first();
    std::string head = g.title.zh;
    head += lead ? fmt::format("（线索，{}条）", grouped(g.findings.size()))
                 : fmt::format("（{}，{}项{}）", severity_title(g.severity).zh,
                               grouped(g.findings.size()),
                               g.money_fen != 0 ? "，涉及" + money_text(g.money_fen).zh : "");
    heading3(head);
    const bool one = g.findings.size() == 1;
    std::string text = one ? sentence(f.claim.zh) : "";
    const auto say = [&](std::string_view name, const std::string& what, bool same) {
      if (what.empty()) return;
      text += fmt::format("{}{}：{}", name, same ? "" : "（以第一项为例）", sentence(what));
    };
    say("标准", f.norm.zh, g.same_norm);
    say("依据", rules_of(f), true);
    if (g.same_lead) say("责任单位", lead_of(f), true);
    say("下一步", f.remedy.zh, g.same_remedy);
    add(Kind::note, text);
    if (one) return;
    const size_t shown = std::min(g.findings.size(), limits_.rows_document);
    table(examples(g, shown));
    if (shown < g.findings.size()) {
      add(Kind::note, fmt::format("共{}项，以上列出{}项，其余见 findings.xlsx。",
                                  grouped(g.findings.size()), shown));
    }
  }

  void changes() {
    if (o_.overdue.empty()) return;
    add(Kind::page_break, "");
    heading1("逾期未销号");
    DocumentTable t{.header = {"程度", "发现", "责任单位", "首次发现"},
                    .widths = {0.1, 0.5, 0.22, 0.18},
                    .numbers = {false, false, false, false},
                    .rows = {}};
    constexpr size_t kOverdueMax = 50;
    const size_t shown = std::min(o_.overdue.size(), kOverdueMax);
    for (size_t i = 0; i < shown; ++i) {
      const Finding& f = *o_.overdue[i];
      t.rows.push_back({severity_title(f.severity).zh, f.claim.zh, lead_of(f),
                        date_text(std::string_view(f.first_seen_on)).zh});
    }
    table(std::move(t));
    if (shown < o_.overdue.size()) {
      add(Kind::note, fmt::format("共{}项，其余见 findings.xlsx。", grouped(o_.overdue.size())));
    }
  }

  void departments() {
    if (o_.duties.empty()) return;
    add(Kind::page_break, "");
    heading1("各部门须办事项");
    for (const Duties& d : o_.duties) {
      heading2(d.name + "（" + counts_text(d.counts) + "）");
      DocumentTable t{.header = {"程度", "须办", "项数", "金额（万元）"},
                      .widths = {0.1, 0.6, 0.1, 0.2},
                      .numbers = {false, false, true, true},
                      .rows = {}};
      for (const Group& g : d.groups) {
        t.rows.push_back({severity_title(g.severity).zh, g.title.zh + "：" + g.first().remedy.zh,
                          grouped(g.findings.size()),
                          g.money_fen != 0 ? wan_text(g.money_fen) : "—"});
      }
      table(std::move(t));
    }
  }

  void citations() {
    if (o_.citations.empty()) return;
    add(Kind::page_break, "");
    heading1("引用的规定");
    add(Kind::note, "要点是转述，不是原文；标明“未核实”的，使用前须对照原文。");
    DocumentTable t{.header = {"规定", "要点", "核对", "引用次数"},
                    .widths = {0.34, 0.4, 0.13, 0.13},
                    .numbers = {false, false, false, true},
                    .rows = {}};
    for (const CitationUse& use : o_.citations) {
      t.rows.push_back({use.citation.label.zh, use.citation.paraphrase.zh,
                        status_title(use.citation.status).zh, grouped(use.findings)});
    }
    table(std::move(t));
  }

  const Outline& o_;
  const Limits& limits_;
  Document doc_;
  size_t heading1_ = 0;
  size_t heading2_ = 0;
  size_t heading3_ = 0;
};

}  // namespace

Document make_document(const Outline& outline) { return Builder(outline).run(); }

}  // namespace yipan::report
