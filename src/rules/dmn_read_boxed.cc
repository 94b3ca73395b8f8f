// Boxed expressions and decision tables (DMN 1.5, 10.2 and chapter 8) from XML.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/dmn_xml.h"
#include "rules/lexer.h"

namespace yipan::rules::dmn {
namespace {

using Form = Boxed::Form;

constexpr std::array<std::pair<std::string_view, Form>, 12> kForms = {{
    {"literalExpression", Form::literal},
    {"context", Form::context},
    {"list", Form::list},
    {"relation", Form::relation},
    {"invocation", Form::invocation},
    {"functionDefinition", Form::function},
    {"conditional", Form::conditional},
    {"filter", Form::filter},
    {"for", Form::for_},
    {"some", Form::some},
    {"every", Form::every},
    {"decisionTable", Form::table},
}};

}  // namespace

bool Reader::is_boxed(std::string_view name) const {
  return std::any_of(kForms.begin(), kForms.end(),
                     [name](const auto& f) { return f.first == name; });
}

BoxedPtr Reader::first_boxed(const pugi::xml_node& parent, uint32_t depth) {
  for (const pugi::xml_node& child : parent.children()) {
    if (is_boxed(local_name(child))) return boxed(child, depth);
  }
  auto empty = std::make_unique<Boxed>();
  empty->line = line(parent);
  return empty;
}

BoxedPtr Reader::boxed(const pugi::xml_node& node, uint32_t depth) {
  auto out = std::make_unique<Boxed>();
  out->id = attribute(node, "id");
  out->line = line(node);
  out->type_ref = attribute(node, "typeRef");
  if (depth > nesting_max_) {
    fault("rules.limit.nesting", node, "表达式嵌套太深", "the expression is nested too deep");
    return out;
  }
  for (const auto& [name, form] : kForms) {
    if (name == local_name(node)) out->form = form;
  }
  switch (out->form) {
    case Form::literal:
      out->text = text_of(node);
      break;
    case Form::context:
      read_context(node, out.get(), depth);
      break;
    case Form::list:
      for (const pugi::xml_node& child : node.children()) {
        if (is_boxed(local_name(child))) out->kids.push_back(boxed(child, depth + 1));
      }
      break;
    case Form::relation:
      read_relation(node, out.get(), depth);
      break;
    case Form::invocation:
      read_invocation(node, out.get(), depth);
      break;
    case Form::function:
    case Form::external:
      read_function(node, out.get(), depth);
      break;
    case Form::table:
      read_table(node, out.get(), depth);
      break;
    default:
      read_parts(node, out.get(), depth);
  }
  return out;
}

void Reader::read_context(const pugi::xml_node& node, Boxed* out, uint32_t depth) {
  for (const pugi::xml_node& entry : node.children()) {
    if (local_name(entry) != "contextEntry") continue;
    Variable name;
    for (const pugi::xml_node& child : entry.children()) {
      if (local_name(child) == "variable") name = variable(child);
    }
    out->variables.push_back(std::move(name));
    out->kids.push_back(first_boxed(entry, depth + 1));
  }
}

void Reader::read_relation(const pugi::xml_node& node, Boxed* out, uint32_t depth) {
  for (const pugi::xml_node& child : node.children()) {
    if (local_name(child) == "column") out->variables.push_back(variable(child));
  }
  for (const pugi::xml_node& row : node.children()) {
    if (local_name(row) != "row") continue;
    size_t cells = 0;
    for (const pugi::xml_node& cell : row.children()) {
      if (!is_boxed(local_name(cell))) continue;
      if (cells++ < out->variables.size()) out->kids.push_back(boxed(cell, depth + 1));
    }
    if (cells != out->variables.size()) {
      fault("rules.dmn.relation", row,
            fmt::format("这一行有 {} 格，应为 {} 格", cells, out->variables.size()),
            fmt::format("this row has {} cells instead of {}", cells, out->variables.size()));
    }
    for (; cells < out->variables.size(); ++cells) {
      out->kids.push_back(std::make_unique<Boxed>());
    }
  }
}

void Reader::read_invocation(const pugi::xml_node& node, Boxed* out, uint32_t depth) {
  out->kids.push_back(first_boxed(node, depth + 1));
  for (const pugi::xml_node& binding : node.children()) {
    if (local_name(binding) != "binding") continue;
    for (const pugi::xml_node& child : binding.children()) {
      if (local_name(child) == "parameter") out->variables.push_back(variable(child));
    }
    out->kids.push_back(first_boxed(binding, depth + 1));
    out->variables.resize(out->kids.size() - 1);
  }
}

void Reader::read_function(const pugi::xml_node& node, Boxed* out, uint32_t depth) {
  out->form = Form::function;
  const std::string_view kind = attribute(node, "kind");
  if (!kind.empty() && kind != "FEEL" && kind != "F") out->form = Form::external;
  out->text.text = kind;
  for (const pugi::xml_node& child : node.children()) {
    if (local_name(child) == "formalParameter") {
      out->variables.push_back(variable(child));
    } else if (is_boxed(local_name(child)) && out->kids.empty()) {
      out->kids.push_back(boxed(child, depth + 1));
    }
  }
}

// Conditional, filter and iterators: named parts, each with one expression.
void Reader::read_parts(const pugi::xml_node& node, Boxed* out, uint32_t depth) {
  constexpr std::array<std::string_view, 8> kParts = {"if",    "then",   "else",      "in",
                                                      "match", "return", "satisfies", ""};
  const std::string_view iterator = attribute(node, "iteratorVariable");
  if (!iterator.empty()) {
    out->variables.push_back({normalize_name(iterator), "", line(node)});
  }
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_name(child);
    if (std::find(kParts.begin(), kParts.end(), name) == kParts.end()) continue;
    out->kids.push_back(first_boxed(child, depth + 1));
  }
  const size_t wanted = out->form == Form::conditional ? 3 : 2;
  if (out->kids.size() != wanted ||
      (out->variables.empty() && out->form != Form::conditional && out->form != Form::filter)) {
    fault("rules.dmn.boxed", node, fmt::format("{} 不完整", local_name(node)),
          fmt::format("incomplete {}", local_name(node)), "请补全各部分", "complete its parts");
    out->form = Form::literal;
    out->kids.clear();
  }
}

HitPolicy Reader::hit_policy(const pugi::xml_node& node) {
  const std::string_view policy = attribute(node, "hitPolicy");
  const std::string_view aggregation = attribute(node, "aggregation");
  constexpr std::array<std::pair<std::string_view, HitPolicy>, 8> kPolicies = {{
      {"", HitPolicy::unique},
      {"UNIQUE", HitPolicy::unique},
      {"ANY", HitPolicy::any},
      {"PRIORITY", HitPolicy::priority},
      {"FIRST", HitPolicy::first},
      {"RULE ORDER", HitPolicy::rule_order},
      {"OUTPUT ORDER", HitPolicy::output_order},
      {"COLLECT", HitPolicy::collect},
  }};
  if (policy == "COLLECT" && !aggregation.empty()) {
    if (aggregation == "SUM") return HitPolicy::sum;
    if (aggregation == "MIN") return HitPolicy::min;
    if (aggregation == "MAX") return HitPolicy::max;
    if (aggregation == "COUNT") return HitPolicy::count;
    fault("rules.dmn.table", node, fmt::format("没有这种汇总方式：{}", aggregation),
          fmt::format("unknown aggregation {}", aggregation), "可用：SUM、MIN、MAX、COUNT",
          "use SUM, MIN, MAX or COUNT");
  }
  for (const auto& [name, value] : kPolicies) {
    if (name == policy) return value;
  }
  fault("rules.dmn.table", node, fmt::format("没有这种命中策略：{}", policy),
        fmt::format("unknown hit policy {}", policy),
        "可用：UNIQUE、FIRST、ANY、PRIORITY、COLLECT、RULE ORDER、OUTPUT ORDER",
        "use UNIQUE, FIRST, ANY, PRIORITY, COLLECT, RULE ORDER or OUTPUT ORDER");
  return HitPolicy::unique;
}

void Reader::read_table(const pugi::xml_node& node, Boxed* out, uint32_t depth) {
  out->table = std::make_unique<Table>();
  Table& table = *out->table;
  table.policy = hit_policy(node);
  table.output_label = attribute(node, "outputLabel");
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_name(child);
    if (name == "input") {
      Table::Input& in = table.inputs.emplace_back();
      in.label = normalize_name(attribute(child, "label"));
      for (const pugi::xml_node& part : child.children()) {
        if (local_name(part) == "inputExpression") {
          in.expression = std::make_unique<Boxed>();
          in.expression->id = attribute(part, "id");
          in.expression->line = line(part);
          in.expression->type_ref = attribute(part, "typeRef");
          in.expression->text = text_of(part);
          if (in.label.empty()) in.label = normalize_name(in.expression->text.text);
        } else if (local_name(part) == "inputValues") {
          in.values = text_of(part);
        }
      }
      if (in.expression == nullptr) in.expression = std::make_unique<Boxed>();
    } else if (name == "output") {
      Table::Output& o = table.outputs.emplace_back();
      o.name = normalize_name(attribute(child, "name"));
      o.type_ref = attribute(child, "typeRef");
      for (const pugi::xml_node& part : child.children()) {
        if (local_name(part) == "outputValues") o.values = text_of(part);
        if (local_name(part) != "defaultOutputEntry") continue;
        o.default_value = std::make_unique<Boxed>();
        o.default_value->line = line(part);
        o.default_value->text = text_of(part);
      }
    } else if (name == "rule") {
      read_rule(child, &table, depth);
    }
  }
}

void Reader::read_rule(const pugi::xml_node& node, Table* out, uint32_t depth) {
  Table::Rule& rule = out->rules.emplace_back();
  rule.id = attribute(node, "id");
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_name(child);
    if (name == "inputEntry") {
      rule.tests.push_back(text_of(child));
      if (rule.tests.back().line == 0) rule.tests.back().line = line(child);
    } else if (name == "outputEntry") {
      auto entry = std::make_unique<Boxed>();
      entry->id = attribute(child, "id");
      entry->line = line(child);
      entry->text = text_of(child);
      for (const pugi::xml_node& inner : child.children()) {
        if (is_boxed(local_name(inner))) entry = boxed(inner, depth + 1);
      }
      rule.results.push_back(std::move(entry));
    } else if (name == "annotationEntry") {
      const Text text = text_of(child);
      if (!rule.annotation.empty() && !text.text.empty()) rule.annotation += "; ";
      rule.annotation += text.text;
    } else if (name == "description" && rule.annotation.empty()) {
      rule.annotation = child.text().get();
    }
  }
  if (rule.tests.size() != out->inputs.size() || rule.results.size() != out->outputs.size()) {
    fault("rules.dmn.table", node,
          fmt::format("规则 {} 有 {} 个条件、{} 个结论，表有 {} 个输入、{} 个输出",
                      out->rules.size(), rule.tests.size(), rule.results.size(), out->inputs.size(),
                      out->outputs.size()),
          fmt::format("rule {} has {} conditions and {} conclusions, the table {} inputs and {} "
                      "outputs",
                      out->rules.size(), rule.tests.size(), rule.results.size(), out->inputs.size(),
                      out->outputs.size()),
          "请补齐这一行的格子；不问的条件写 -",
          "complete the row; a condition that does not matter is -");
    rule.tests.resize(out->inputs.size());
    while (rule.results.size() < out->outputs.size()) {
      rule.results.push_back(std::make_unique<Boxed>());
      rule.results.back()->line = line(node);
      rule.results.back()->text = {true, "null", line(node)};
    }
    rule.results.resize(out->outputs.size());
  }
}

}  // namespace yipan::rules::dmn
