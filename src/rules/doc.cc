// A model as one HTML page, made from the document as it was written (dmn_model.h).
#include <fmt/format.h>

#include <algorithm>

#include "rules/doc_boxed.h"
#include "rules/doc_graph.h"

namespace yipan::rules {
namespace {

constexpr std::string_view kStyle = R"(
@page { size: A4; margin: 16mm 14mm; }
* { box-sizing: border-box; }
body { font: 14px/1.65 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
  sans-serif; color: #1d2330; max-width: 1060px; margin: 0 auto; padding: 28px 24px; }
h1 { font-size: 26px; margin: 0 0 2px; } h2 { font-size: 19px; margin: 34px 0 10px;
  border-bottom: 2px solid #22407a; padding-bottom: 4px; color: #22407a; }
h3 { font-size: 16px; margin: 26px 0 6px; } h2 small, h3 small, th small { font-weight: 400;
  color: #6a7384; font-size: 12px; margin-left: 6px; }
.meta, .hint { color: #6a7384; font-size: 12.5px; } .desc { margin: 4px 0; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 12px; font-size: 13px; }
th, td { border: 1px solid #c6cddb; padding: 5px 8px; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #eef2f9; font-weight: 600; } th.o { background: #fdf1dc; }
th.n { background: #f4f4f4; }
td.num { text-align: center; color: #6a7384; width: 34px; } td.any { color: #b3bac7; }
td.o { background: #fffaf0; } .hit { font-weight: 700; text-align: center; width: 34px; }
code, pre { font: 12.5px/1.6 "JetBrains Mono", "Noto Sans Mono CJK SC", Consolas, monospace; }
pre { background: #f6f8fb; border: 1px solid #dde3ee; padding: 8px 12px; white-space: pre-wrap;
  margin: 6px 0; } td pre { border: 0; background: none; padding: 0; margin: 0; }
.cite { border-left: 3px solid #b98a2c; padding: 2px 0 2px 10px; margin: 6px 0; font-size: 13px; }
.fault { border-left: 3px solid #b3261e; padding: 2px 0 2px 10px; margin: 6px 0;
  white-space: pre-wrap; }
a { color: #22407a; text-decoration: none; } dl { margin: 6px 0; } dt { float: left; clear: left;
  color: #6a7384; min-width: 92px; } dd { margin: 0 0 2px 100px; }
svg.drg { width: 100%; height: auto; display: block; margin: 8px auto; }
svg.drg polyline, svg.drg path.e { stroke: #333; stroke-width: 1.2; fill: none; }
svg.drg text { font-size: 13px; text-anchor: middle; fill: #1d2330; }
svg.drg rect, svg.drg a path { stroke: #333; stroke-width: 1.2; } .d { fill: #e8effb; }
.i { fill: #f3f7ec; } .k { fill: #f7eefb; } .s { fill: #fff; } .q { fill: #fdf6e6; }
@media print { body { padding: 0; max-width: none; font-size: 11.5px; } h2 { break-after: avoid; }
  h3 { break-after: avoid; } tr, .cite, pre { break-inside: avoid; } a { color: inherit; } }
)";

class Page {
 public:
  Page(const dmn::Definitions& model, const CompileOptions& options)
      : model_(model), options_(options) {}

  std::string write(const std::vector<Diagnostic>& faults) {
    head();
    const std::string graph = graph_svg(model_);
    if (!graph.empty()) {
      heading("决策需求图", "Decision requirements");
      out_ += graph;
      out_ +=
          "<p class=\"hint\">方框：决策　圆角：输入数据　缺角：知识模型　波浪：依据。实线：信息　"
          "虚线箭头：知识　虚线圆点：依据。<br>Box: decision; rounded: input data; clipped: "
          "knowledge model; wavy: authority.</p>\n";
    }
    inputs();
    types();
    elements(dmn::Drg::Form::decision, "决策", "Decisions");
    elements(dmn::Drg::Form::knowledge, "业务知识模型", "Business knowledge models");
    elements(dmn::Drg::Form::service, "决策服务", "Decision services");
    parameters();
    sources();
    fault_list(faults);
    out_ += "</body></html>\n";
    return std::move(out_);
  }

 private:
  void heading(std::string_view zh, std::string_view en) {
    out_ += fmt::format("<h2>{}<small>{}</small></h2>\n", zh, en);
  }

  void head() {
    const std::string name = escape_html(model_.name);
    out_ = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\n<meta "
        "name=\"viewport\" content=\"width=device-width\">\n<title>{0}</title>\n<style>{1}</style>"
        "</head><body>\n<h1>{0}</h1>\n",
        name, kStyle);
    out_ += fmt::format("<p class=\"meta\">命名空间 Namespace：{}　文件 File：{}",
                        escape_html(model_.namespace_uri), escape_html(model_.file));
    if (options_.as_of) out_ += "　基准日 As of：" + options_.as_of->to_string();
    out_ += "</p>\n";
  }

  void inputs() {
    std::string rows;
    for (const dmn::Drg& e : model_.elements) {
      if (e.form != dmn::Drg::Form::input) continue;
      rows += fmt::format("<tr id=\"{}\"><td>{}</td><td><code>{}</code></td><td>{}</td></tr>\n",
                          escape_html(e.id), escape_html(e.name), type_link(e.variable.type_ref),
                          escape_html(e.description));
    }
    if (rows.empty()) return;
    heading("输入数据", "Input data");
    out_ +=
        "<table><tr><th>名称<small>name</small></th><th>类型<small>type</small></th>"
        "<th>说明<small>description</small></th></tr>\n" +
        rows + "</table>\n";
  }

  std::string type_link(const std::string& ref) const {
    const bool own = std::any_of(model_.items.begin(), model_.items.end(),
                                 [&ref](const dmn::Item& i) { return i.name == ref; });
    const std::string text = escape_html(ref.empty() ? "Any" : ref);
    return own ? "<a href=\"#type-" + text + "\">" + text + "</a>" : text;
  }

  void type_rows(const dmn::Item& item, int depth, std::string* rows) const {
    const std::string constraint = item.allowed_values.text + item.type_constraint.text;
    *rows += fmt::format(
        "<tr{}><td style=\"padding-left:{}px\">{}</td><td><code>{}{}</code></td><td><code>{}</code>"
        "</td></tr>\n",
        depth == 0 ? " id=\"type-" + escape_html(item.name) + "\"" : "", 8 + depth * 18,
        escape_html(item.name), item.components.empty() ? type_link(item.type_ref) : "context",
        item.is_collection ? " 列表 list" : "", escape_html(constraint));
    for (const dmn::Item& c : item.components) type_rows(c, depth + 1, rows);
  }

  void types() {
    if (model_.items.empty()) return;
    heading("数据类型", "Types");
    std::string rows;
    for (const dmn::Item& item : model_.items) type_rows(item, 0, &rows);
    out_ +=
        "<table><tr><th>名称<small>name</small></th><th>类型<small>type</small></th>"
        "<th>允许的值<small>allowed values</small></th></tr>\n" +
        rows + "</table>\n";
  }

  std::string name_of(std::string_view href) const {
    const std::string_view id = local_id(href);
    for (const dmn::Drg& e : model_.elements) {
      if (e.id == id) return escape_html(e.name);
    }
    return escape_html(id);
  }

  std::string links(const std::vector<dmn::Drg::Href>& hrefs) const {
    std::string out;
    for (const auto& h : hrefs) {
      out += fmt::format("{}<a href=\"#{}\">{}</a>", out.empty() ? "" : "、",
                         escape_html(local_id(h.href)), name_of(h.href));
    }
    return out;
  }

  void line(std::string_view zh, std::string_view en, const std::string& html) {
    if (!html.empty()) {
      out_ +=
          fmt::format("<dt>{} <small class=\"hint\">{}</small></dt><dd>{}</dd>\n", zh, en, html);
    }
  }

  void cite(const dmn::Drg& e) {
    for (const auto& h : e.authority) {
      for (const dmn::KnowledgeSource& s : model_.sources) {
        if (s.id == local_id(h.href)) out_ += citation(s);
      }
    }
  }

  static std::string citation(const dmn::KnowledgeSource& s) {
    std::string out = "<p class=\"cite\">依据：" + escape_html(s.name);
    if (!s.type.empty()) out += "（" + escape_html(s.type) + "）";
    const bool link = s.location.starts_with("http://") || s.location.starts_with("https://");
    if (link) {
      out += fmt::format("　<a href=\"{0}\">{0}</a>", escape_html(s.location));
    } else if (!s.location.empty()) {
      out += "　" + escape_html(s.location);
    }
    return out + "</p>\n";
  }

  void elements(dmn::Drg::Form form, std::string_view zh, std::string_view en) {
    bool first = true;
    for (const dmn::Drg& e : model_.elements) {
      if (e.form != form) continue;
      if (first) heading(zh, en);
      first = false;
      element(e);
    }
  }

  void element(const dmn::Drg& e) {
    out_ += fmt::format("<h3 id=\"{}\">{}<small>{}</small></h3>\n", escape_html(e.id),
                        escape_html(e.name), type_link(e.variable.type_ref));
    if (!e.description.empty()) {
      out_ += "<p class=\"desc\">" + escape_html(e.description) + "</p>\n";
    }
    out_ += "<dl>\n";
    if (e.validity) {
      const auto day = [](const std::optional<Date>& d) { return d ? d->to_string() : "…"; };
      line("有效期", "validity", day(e.validity->from) + " ≤ … &lt; " + day(e.validity->until));
    }
    line("需要", "requires", links(e.information));
    line("运用", "uses", links(e.knowledge));
    line("输出决策", "outputs", links(e.outputs));
    line("封装", "encapsulates", links(e.encapsulated));
    line("输入决策", "input decisions", links(e.input_decisions));
    line("输入数据", "input data", links(e.input_data));
    out_ += "</dl>\n";
    cite(e);
    if (e.logic != nullptr) out_ += boxed_html(*e.logic);
  }

  void parameters() {
    if (options_.parameters.empty()) return;
    heading("分时期的参数", "Dated parameters");
    out_ +=
        "<table><tr><th>名称<small>name</small></th><th>自<small>from</small></th><th>取值<small>"
        "value</small></th><th>单位<small>unit</small></th><th>依据<small>citation</small></th>"
        "</tr>\n";
    for (const Parameter& p : options_.parameters) {
      for (const DatedValue& v : p.values) {
        out_ +=
            fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        escape_html(p.name), v.from.to_string(), escape_html(v.value.to_string()),
                        escape_html(v.unit), escape_html(v.citation));
      }
    }
    out_ += "</table>\n";
  }

  void sources() {
    if (model_.sources.empty()) return;
    heading("依据", "Knowledge sources");
    out_ +=
        "<table><tr><th>名称<small>name</small></th><th>类型<small>type</small></th><th>出处<small>"
        "location</small></th><th>用于<small>used by</small></th></tr>\n";
    for (const dmn::KnowledgeSource& s : model_.sources) {
      std::string users;
      for (const dmn::Drg& e : model_.elements) {
        const bool cites = std::any_of(e.authority.begin(), e.authority.end(),
                                       [&s](const auto& h) { return local_id(h.href) == s.id; });
        if (!cites) continue;
        users += fmt::format("{}<a href=\"#{}\">{}</a>", users.empty() ? "" : "、",
                             escape_html(e.id), escape_html(e.name));
      }
      out_ += fmt::format("<tr id=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                          escape_html(s.id), escape_html(s.name), escape_html(s.type),
                          escape_html(s.location), users);
    }
    out_ += "</table>\n";
  }

  void fault_list(const std::vector<Diagnostic>& faults) {
    if (faults.empty()) return;
    heading("模型的错误", "Faults of the model");
    for (const Diagnostic& d : faults) {
      out_ += "<p class=\"fault\">" + escape_html(d.error.to_string_zh()) + "</p>\n";
    }
  }

  const dmn::Definitions& model_;
  const CompileOptions& options_;
  std::string out_;
};

}  // namespace

Result<std::string> document_html(const std::vector<Source>& model, const CompileOptions& options) {
  Ast ast;
  Faults faults(&ast);
  const auto definitions =
      model.empty() ? std::nullopt : dmn::read(model[0], &faults, options.limits.nesting);
  if (!definitions) {
    if (!faults.list().empty()) return fail(faults.list().front().error);
    return fail(Error("rules.dmn.root").zh("没有给出模型").en("no model was given"));
  }
  return Page(*definitions, options).write(compile_model(model, options).diagnostics);
}

}  // namespace yipan::rules
