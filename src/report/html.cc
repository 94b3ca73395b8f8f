#include "report/html.h"

#include <fmt/format.h>

#include "report/numbers.h"
#include "yipan/hash.h"
#include "yipan/text.h"

namespace yipan::report {
namespace {

// Nothing is fetched, no script runs, and only this very style sheet applies.
std::string security_policy() {
  return fmt::format(
      "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
      base64(sha256(style_sheet()).view()));
}

void head(const Outline& outline, Markup* out) {
  const Text& city = outline.options->city;
  out->open("head");
  out->leaf("meta", {{"charset", "utf-8"}});
  out->leaf("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", security_policy()}});
  out->leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  out->leaf("meta", {{"name", "referrer"}, {"content", "no-referrer"}});
  out->element(
      "title", {},
      fmt::format("{}诊断报告 {} / {}: diagnosis", city.zh, outline.diagnosis->as_of.to_string(),
                  city.en.empty() ? city.zh : city.en));
  out->open("style").raw(style_sheet()).close();
  out->close();
}

void contents(const Outline& outline, Markup* out) {
  out->open("nav", {{"class", "contents"}, {"aria-label", "目录 / Contents"}}).open("ol");
  const auto entry = [&](std::string_view id, const Text& title) {
    out->open("li").element("a", {{"href", "#" + std::string(id)}}, title).close();
  };
  for (const Chapter& c : outline.chapters) {
    entry(fmt::format("q{}", c.answer->number),
          {fmt::format("{} {}", c.answer->number, c.answer->title.zh),
           fmt::format("{} {}", c.answer->number, c.answer->title.en)});
  }
  entry("changes", {"变化与逾期", "Changes and overdue"});
  entry("departments", {"各部门须办事项", "What each department must do"});
  entry("citations", {"引用的规定", "Rules cited"});
  out->close().close();
}

void foot(const Outline& outline, Markup* out) {
  const ReportOptions& o = *outline.options;
  out->open("footer").open("p");
  out->both(
      "每项发现的全部证据见同一文件夹中的 findings.xlsx 和 findings.gpkg；某一项怎样得出，用 yipan "
      "explain 加编号查看。",
      "All evidence of each finding is in findings.xlsx and findings.gpkg in the same folder; "
      "yipan "
      "explain with a finding's number shows how it came about.");
  out->close().open("p");
  const Text made = beijing_time_text(o.made_at);
  out->both(fmt::format("编制时间 {}；规则库 {}；{}", made.zh, short_hash(outline), o.program),
            fmt::format("Made {}; rulebook {}; {}", made.en, short_hash(outline), o.program));
  out->close().close();
}

}  // namespace

void begin_table(Markup* out, const Text& caption, const std::vector<Column>& columns,
                 bool caption_shown) {
  out->open("div", {{"class", "scroll"},
                    {"role", "region"},
                    {"tabindex", "0"},
                    {"aria-label", caption.en.empty() || caption.en == caption.zh
                                       ? caption.zh
                                       : caption.zh + " / " + caption.en}});
  out->open("table")
      .element("caption", {{caption_shown ? "" : "class", "unseen"}}, caption)
      .open("thead")
      .open("tr");
  for (const Column& c : columns) {
    out->element("th", {{"scope", "col"}, {c.number ? "class" : "", "n"}}, c.title);
  }
  out->close().close().open("tbody");
}

void end_table(Markup* out) { out->close().close().close(); }

void number_cell(Markup* out, std::string_view text) { out->element("td", {{"class", "n"}}, text); }

void error_list(Markup* out, const std::vector<Error>& errors) {
  out->open("ul");
  for (const Error& e : errors) {
    const std::string place = e.place().empty() ? "" : e.place().to_string() + ": ";
    out->open("li").both(place + e.message_zh(), place + e.message_en());
    if (!e.remedy_zh().empty()) {
      out->text(" ").both("办法：" + e.remedy_zh(), "Remedy: " + e.remedy_en());
    }
    out->close();
  }
  out->close();
}

void severity_badge(Markup* out, Severity severity) {
  out->open("span", {{"class", "badge " + std::string(severity_class(severity))}});
  out->text(std::string(severity_mark(severity)) + " ").both(severity_title(severity)).close();
}

void finding_link(const Page& page, const Finding& finding, const Text& text) {
  if (page.shown.contains(&finding)) {
    page.out->element("a", {{"href", "#" + finding.id}}, text);
  } else {
    page.out->both(text);
  }
}

std::string group_id(const Group& group, bool lead) {
  return fmt::format("q{}-{}{}-{}", group.question, lead ? "lead-" : "", group.code,
                     severity_class(group.severity));
}

std::string html_report(const Outline& outline) {
  Markup out;
  Page page{outline, &out, {}};
  out.raw("<!DOCTYPE html>\n");
  out.open("html", {{"lang", "zh-CN"}});
  head(outline, &out);
  out.open("body", {{outline.diagnosis->synthetic ? "class" : "", "marked"}});
  out.leaf("input", {{"type", "checkbox"}, {"id", "en"}});
  out.element("label", {{"for", "en"}, {"class", "switch"}}, "English");
  out.element("a", {{"class", "skip"}, {"href", "#main"}}, Text{"跳到正文", "Skip to the text"});
  if (outline.diagnosis->synthetic) {
    out.element(
        "div", {{"class", "synthetic"}},
        Text{"合成数据：不是任何城市的真实记录", "Synthetic data: not a real record of any city"});
  }
  out.open("main", {{"id", "main"}});
  cover(&page);
  contents(outline, &out);
  missing_packs(&page);
  for (const Chapter& c : outline.chapters) chapter_section(&page, c);
  changes_section(&page);
  departments_section(&page);
  citations_section(&page);
  out.close();
  foot(outline, &out);
  out.close().close();
  std::string html = out.take();
  html.push_back('\n');
  return html;
}

}  // namespace yipan::report
