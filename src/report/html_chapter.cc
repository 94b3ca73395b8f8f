// A chapter a question: the answer, its figures, charts, findings, leads, method.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart.h"
#include "report/html.h"
#include "report/markdown.h"
#include "report/numbers.h"

namespace yipan::report {
namespace {

constexpr size_t kRowsPrinted = 40;  // of the table under a chart; longer ones stay folded
const Text kNull{"未填", "not stated"};

void figures_table(const Page& page, const findings::Answer& answer) {
  if (answer.figures.empty()) return;
  Markup& out = *page.out;
  out.element("h3", {}, Text{"主要数据", "Figures"});
  const bool norms = std::any_of(answer.figures.begin(), answer.figures.end(),
                                 [](const auto& f) { return f.norm.has_value(); });
  const bool speech = std::any_of(answer.figures.begin(), answer.figures.end(),
                                  [](const auto& f) { return !f.speech.empty(); });
  std::vector<Column> columns = {
      {{"指标", "Figure"}}, {{"数值", "Value"}, true}, {{"单位", "Unit"}}};
  if (norms) columns.push_back({{"标准", "Norm"}, true});
  if (speech) columns.push_back({{"讲话数据编号", "Figure of the speech"}});
  begin_table(&out, {"主要数据", "Figures"}, columns);
  for (const findings::FigureValue& f : answer.figures) {
    const ShownUnit unit = shown_unit(f.unit, f.decimals, f.value.value_or(0));
    out.open("tr").open("th", {{"scope", "row"}});
    if (!f.by_view.empty()) {
      out.element("a", {{"href", fmt::format("#q{}-v-{}", answer.number, f.by_view)}}, f.title);
    } else {
      out.both(f.title);
    }
    out.close();
    if (f.value) {
      number_cell(&out, unit.text(*f.value));
    } else {
      out.element("td", {{"class", "n"}}, kNull);
    }
    out.element("td", {}, unit.label);
    if (norms) number_cell(&out, f.norm ? norm_text(*f.norm, unit) : "—");
    if (speech) out.element("td", {}, f.speech.empty() ? "—" : f.speech);
    out.close();
  }
  end_table(&out);
}

bool is_value_column(const findings::ViewData& view, const std::string& name) {
  return std::find(view.y.begin(), view.y.end(), name) != view.y.end();
}

Text column_title(const findings::ViewData& view, const std::string& name, const ShownUnit& unit) {
  for (size_t i = 0; i < view.y.size(); ++i) {
    if (view.y[i] != name) continue;
    Text title = i < view.y_title.size() ? view.y_title[i] : Text{name, name};
    if (!unit.label.zh.empty()) {
      title.zh += "（" + unit.label.zh + "）";
      title.en += " (" + unit.label.en + ")";
    }
    return title;
  }
  return name == view.x ? Text{"项目", "Item"} : Text{name, name};
}

// Columns that a reader wants: labels and values, not the ids behind a map.
std::vector<size_t> shown_columns(const findings::ViewData& view) {
  std::vector<size_t> out;
  for (size_t c = 0; c < view.columns.size(); ++c) {
    const std::string& name = view.columns[c];
    const bool wanted = name == view.x || is_value_column(view, name) || view.kind == "table";
    if (wanted && (name != view.area || name == view.x)) out.push_back(c);
  }
  return out;
}

void view_table(const Page& page, const findings::ViewData& view) {
  Markup& out = *page.out;
  const Series series = series_of(view, AreaMap{});  // for its range only
  const ShownUnit unit =
      shown_unit(view.unit, view.decimals, std::max(series.largest, -series.smallest));
  const std::vector<size_t> shown = shown_columns(view);
  std::vector<Column> columns;
  for (const size_t c : shown) {
    const std::string& name = view.columns[c];
    columns.push_back({column_title(view, name, unit), is_value_column(view, name)});
  }
  begin_table(&out, view.title, columns, view.kind == "table");
  const size_t rows = std::min(view.rows.size(), page.outline.options->limits.rows_view);
  for (size_t r = 0; r < rows; ++r) {
    out.open("tr");
    for (const size_t c : shown) {
      const std::string text = c < view.rows[r].size() ? view.rows[r][c] : "";
      const bool value = is_value_column(view, view.columns[c]);
      const auto parsed = value ? number(text) : std::nullopt;
      if (parsed) {
        number_cell(&out, unit.text(*parsed));
      } else {
        out.element("td", {{value ? "class" : "", "n"}},
                    text.empty() && value ? kNull : Text{text, text});
      }
    }
    out.close();
  }
  end_table(&out);
  if (rows < view.rows.size()) {
    out.element(
        "p", {{"class", "meta"}},
        Text{fmt::format("共 {} 行，这里列出前 {} 行。", view.rows.size(), rows),
             fmt::format("{} rows in all, the first {} are shown.", view.rows.size(), rows)});
  }
}

void view_figure(const Page& page, const findings::Answer& answer, const findings::ViewData& view) {
  Markup& out = *page.out;
  const std::string id = fmt::format("q{}-v-{}", answer.number, view.id);
  const Chart chart =
      draw_view(view, *page.outline.areas,
                {.both = true, .bars_max = page.outline.options->limits.bars_chart, .id = id});
  out.open("figure", {{"id", id}});
  if (chart.svg.empty()) {
    view_table(page, view);
  } else {
    out.element("figcaption", {}, view.title);
    out.open("div", {{"class", "chart"}}).raw(chart.svg).close();
    const bool printed = view.rows.size() <= kRowsPrinted;
    out.open("details", {{printed ? "class" : "", "printed"}});
    out.element("summary", {}, Text{"数据表", "Data table"});
    view_table(page, view);
    out.close();
  }
  out.close();
}

void steps_table(const Page& page, const findings::Answer& answer) {
  if (answer.steps.empty()) return;
  Markup& out = *page.out;
  out.element("h3", {}, Text{"判断过程", "What was judged"});
  begin_table(&out, {"每一步判断了多少行", "Rows judged at each step"},
              {{{"事实", "Facts"}},
               {{"名称", "Name"}},
               {{"判断的行数", "Rows judged"}, true},
               {{"得出的发现和线索", "Findings and leads"}, true},
               {{"未能判断的行数", "Rows not judged"}, true}});
  for (const findings::FactStep& s : answer.steps) {
    out.open("tr").element("td", {}, s.title).open("td").element("code", {}, s.name).close();
    number_cell(&out, grouped(s.rows));
    number_cell(&out, grouped(s.findings));
    number_cell(&out, grouped(s.unjudged));
    out.close();
  }
  end_table(&out);
  if (answer.unjudged.empty()) return;
  out.open("details", {{"class", "printed"}});
  out.element("summary", {}, Text{"为什么有的行未能判断", "Why some rows were not judged"});
  error_list(&out, answer.unjudged);
  out.close();
}

}  // namespace

void chapter_section(Page* page, const Chapter& chapter) {
  Markup& out = *page->out;
  const findings::Answer& a = *chapter.answer;
  out.open("section", {{"class", "chapter"}, {"id", fmt::format("q{}", a.number)}});
  out.open("h2").text(fmt::format("{} ", a.number)).both(a.title);
  if (page->outline.diagnosis->synthetic) {
    out.element("span", {{"class", "mark"}}, Text{"合成数据", "synthetic data"});
  }
  out.close();
  if (!a.asks.zh.empty()) out.element("p", {{"class", "asks"}}, a.asks);
  if (a.errors.empty()) {
    out.element("p", {{"class", "answer"}}, a.sentence);
  } else {
    out.element("p", {{"class", "answer red"}},
                Text{"未能得出：" + a.errors.front().message_zh(),
                     "No answer: " + a.errors.front().message_en()});
  }
  figures_table(*page, a);
  if (!a.views.empty()) {
    out.element("h3", {}, Text{"图表", "Charts and maps"});
    for (const findings::ViewData& v : a.views) view_figure(*page, a, v);
  }
  findings_part(page, chapter);
  steps_table(*page, a);
  if (!a.method_md.empty()) {
    out.element("h3", {}, Text{"方法与来源", "Method and sources"});
    out.open("details", {{"class", "method printed"}});
    out.element("summary", {}, Text{"展开方法说明", "Show the method"});
    markdown_to_html(a.method_md, 3, &out);
    out.close();
  }
  out.close();
}

}  // namespace yipan::report
