#include "rules/doc_boxed.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/doc_graph.h"
#include "rules/lexer.h"

namespace yipan::rules {
namespace {

using Form = dmn::Boxed::Form;

std::string feel(std::string_view text) {
  std::string out = "<pre>";
  size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "";
  const size_t end = text.find_last_not_of(" \t\r\n");
  return out + escape_html(text.substr(begin, end - begin + 1)) + "</pre>";
}

std::string row(std::string_view head, const std::string& cell) {
  return fmt::format("<tr><th>{}</th><td>{}</td></tr>\n", escape_html(head), cell);
}

std::string kid(const dmn::Boxed& boxed, size_t i) {
  return i < boxed.kids.size() && boxed.kids[i] != nullptr ? boxed_html(*boxed.kids[i]) : "";
}

struct Policy {
  std::string_view zh, en;
};
Policy policy_name(HitPolicy policy) {
  constexpr Policy kNames[] = {
      {"唯一：任何情形至多一条规则成立", "unique"},
      {"任意：成立的规则输出相同", "any"},
      {"优先：按输出值的先后取一", "priority"},
      {"首个：取第一条成立的规则", "first"},
      {"规则顺序：列出成立的规则", "rule order"},
      {"输出顺序：按输出值的先后列出", "output order"},
      {"汇集：列出全部", "collect"},
      {"汇集求和", "collect sum"},
      {"汇集取最小", "collect min"},
      {"汇集取最大", "collect max"},
      {"汇集计数", "collect count"},
  };
  return kNames[static_cast<size_t>(policy)];
}

std::string head_cell(std::string_view style, const std::string& title, std::string_view below) {
  std::string out = fmt::format("<th class=\"{}\">{}", style, escape_html(title));
  if (!below.empty()) out += "<br><small>" + escape_html(normalize_name(below)) + "</small>";
  return out + "</th>";
}

std::string cell_html(std::string_view style, std::string_view text) {
  const std::string plain = normalize_name(text);
  const bool any = plain.empty() || plain == "-";
  return fmt::format("<td class=\"{}{}\"><code>{}</code></td>", style, any ? " any" : "",
                     any ? "–" : escape_html(plain));
}

std::string table_head(const dmn::Table& table, bool notes) {
  std::string out = fmt::format("<tr><th class=\"hit\">{}</th>", to_string(table.policy));
  for (const auto& in : table.inputs) {
    const std::string text = in.expression != nullptr ? in.expression->text.text : "";
    const bool labelled = !in.label.empty() && in.label != normalize_name(text);
    const std::string below = in.values.text.empty() ? "" : in.values.text;
    out += head_cell("", labelled ? in.label : normalize_name(text),
                     labelled ? normalize_name(text) + (below.empty() ? "" : "：" + below) : below);
  }
  for (const auto& o : table.outputs) {
    const std::string title = !o.name.empty() ? o.name : table.output_label;
    out += head_cell("o", title.empty() ? "结果" : title, o.values.text);
  }
  if (notes) out += "<th class=\"n\">说明<small>note</small></th>";
  return out + "</tr>\n";
}

std::string default_row(const dmn::Table& table, bool notes) {
  const bool any = std::any_of(table.outputs.begin(), table.outputs.end(),
                               [](const auto& o) { return o.default_value != nullptr; });
  if (!any) return "";
  std::string out = fmt::format(
      "<tr><td class=\"num\">*</td><td colspan=\"{}\">以上都不成立时 "
      "<small class=\"hint\">otherwise</small></td>",
      std::max<size_t>(table.inputs.size(), 1));
  for (const auto& o : table.outputs) {
    out += cell_html("o", o.default_value != nullptr ? o.default_value->text.text : "");
  }
  return out + (notes ? "<td></td></tr>\n" : "</tr>\n");
}

std::string table_html(const dmn::Table& table) {
  const bool notes = std::any_of(table.rules.begin(), table.rules.end(),
                                 [](const auto& r) { return !r.annotation.empty(); });
  std::string out = "<table>\n" + table_head(table, notes);
  size_t number = 0;
  for (const auto& rule : table.rules) {
    out += fmt::format("<tr><td class=\"num\">{}</td>", ++number);
    for (const dmn::Text& test : rule.tests) out += cell_html("", test.text);
    for (const dmn::BoxedPtr& result : rule.results) {
      const bool literal = result != nullptr && result->form == Form::literal;
      out += literal ? cell_html("o", result->text.text)
                     : "<td class=\"o\">" + (result ? boxed_html(*result) : "") + "</td>";
    }
    if (notes) out += "<td>" + escape_html(rule.annotation) + "</td>";
    out += "</tr>\n";
  }
  const Policy policy = policy_name(table.policy);
  return out + default_row(table, notes) + "</table>\n" +
         fmt::format("<p class=\"hint\">{} {}（{}）</p>\n", to_string(table.policy), policy.zh,
                     policy.en);
}

std::string named_rows(const dmn::Boxed& boxed, size_t first_kid) {
  std::string out = "<table>\n";
  for (size_t i = 0; i + first_kid < boxed.kids.size(); ++i) {
    const std::string name = i < boxed.variables.size() ? boxed.variables[i].name : "";
    out += row(name.empty() ? "结果 result" : name, kid(boxed, i + first_kid));
  }
  return out + "</table>\n";
}

std::string relation(const dmn::Boxed& boxed) {
  std::string out = "<table><tr>";
  const size_t width = std::max<size_t>(boxed.variables.size(), 1);
  for (const auto& v : boxed.variables) out += "<th>" + escape_html(v.name) + "</th>";
  out += "</tr>\n";
  for (size_t i = 0; i < boxed.kids.size(); i += width) {
    out += "<tr>";
    for (size_t k = 0; k < width; ++k) out += "<td>" + kid(boxed, i + k) + "</td>";
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

std::string parts(const dmn::Boxed& boxed, std::initializer_list<std::string_view> names) {
  std::string out = "<table>\n";
  size_t i = 0;
  for (const std::string_view name : names) out += row(name, kid(boxed, i++));
  return out + "</table>\n";
}

std::string variable_name(const dmn::Boxed& boxed) {
  return boxed.variables.empty() ? "" : " " + boxed.variables[0].name;
}

}  // namespace

std::string boxed_html(const dmn::Boxed& boxed) {
  switch (boxed.form) {
    case Form::literal:
      return feel(boxed.text.text);
    case Form::context:
      return named_rows(boxed, 0);
    case Form::list: {
      std::string out = "<table>\n";
      for (size_t i = 0; i < boxed.kids.size(); ++i)
        out += row(std::to_string(i + 1), kid(boxed, i));
      return out + "</table>\n";
    }
    case Form::relation:
      return relation(boxed);
    case Form::invocation:
      return kid(boxed, 0) + named_rows(boxed, 1);
    case Form::function:
    case Form::external: {
      std::string names;
      for (const auto& v : boxed.variables) {
        names += fmt::format("{}{}{}", names.empty() ? "" : ", ", v.name,
                             v.type_ref.empty() ? "" : ": " + v.type_ref);
      }
      return fmt::format("<p class=\"hint\">函数 function（{}）</p>\n", escape_html(names)) +
             (boxed.form == Form::external ? feel(boxed.text.text) : kid(boxed, 0));
    }
    case Form::conditional:
      return parts(boxed, {"如果 if", "则 then", "否则 else"});
    case Form::filter:
      return parts(boxed, {"在 in", "选取 match"});
    case Form::for_:
      return parts(boxed, {"对每个 for" + variable_name(boxed), "得 return"});
    case Form::some:
      return parts(boxed, {"至少一个 some" + variable_name(boxed), "满足 satisfies"});
    case Form::every:
      return parts(boxed, {"每一个 every" + variable_name(boxed), "满足 satisfies"});
    case Form::table:
      return boxed.table != nullptr ? table_html(*boxed.table) : "";
  }
  return "";
}

}  // namespace yipan::rules
