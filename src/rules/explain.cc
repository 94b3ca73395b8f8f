// Explanations as text for a person, in Chinese and English, and as JSON.
#include <fmt/format.h>

#include "rules/print.h"
#include "yipan/rules.h"

namespace yipan::rules {
namespace {

struct Words {
  std::string_view decision, service, knowledge, table, inputs, rule, fired, missed, wants, got,
      authority, colon, comma, policy;
};

constexpr Words kChinese = {"决策", "决策服务", "知识模型", "决策表",  "依据的数据",
                            "规则", "命中",     "未命中",   "要求",    "实为",
                            "出处", "：",       "，",       "命中策略"};
constexpr Words kEnglish = {"Decision", "Service",   "Knowledge model", "Decision table",
                            "Inputs",   "Rule",      "fired",           "did not fire",
                            "wants",    "is",        "Authority",       ": ",
                            ", ",       "hit policy"};

std::string_view type_word(Explanation::Type type, const Words& w) {
  switch (type) {
    case Explanation::Type::decision:
      return w.decision;
    case Explanation::Type::service:
      return w.service;
    case Explanation::Type::knowledge:
      return w.knowledge;
    case Explanation::Type::table:
      return w.table;
    case Explanation::Type::rule:
      return w.rule;
  }
  return {};
}

void rule_line(const Explanation& e, const Words& w, std::string* out) {
  *out += fmt::format("{} {} {}", w.rule, e.rule, e.fired ? w.fired : w.missed);
  if (!e.fired) {
    *out += fmt::format("{}{} {} {}{}{} {}", w.colon, e.cell_input, w.wants, e.cell_test, w.comma,
                        w.got, internal::print_value(e.cell_value, true));
  }
  if (e.fired && !e.annotation.empty()) *out += fmt::format("{}{}", w.colon, e.annotation);
  *out += '\n';
}

void write(const Explanation& e, const Words& w, int depth, std::string* out) {
  const std::string indent(static_cast<size_t>(depth) * 2, ' ');
  *out += indent;
  if (e.type == Explanation::Type::rule) return rule_line(e, w, out);
  *out += fmt::format("{} {}", type_word(e.type, w), e.name);
  if (!e.hit_policy.empty()) *out += fmt::format(" ({} {})", w.policy, e.hit_policy);
  *out += fmt::format(" = {}\n", internal::print_value(e.result, true));
  if (!e.inputs.empty()) {
    *out += fmt::format("{}  {}{}", indent, w.inputs, w.colon);
    for (size_t i = 0; i < e.inputs.size(); ++i) {
      if (i != 0) *out += w.comma;
      *out += e.inputs[i].first + " = " + internal::print_value(e.inputs[i].second, true);
    }
    *out += '\n';
  }
  for (const std::string& c : e.citations) {
    *out += fmt::format("{}  {}{}{}\n", indent, w.authority, w.colon, c);
  }
  for (const Explanation& child : e.children) write(child, w, depth + 1, out);
}

std::string json_text(std::string_view text) { return Value::string(text).to_json(); }

std::string_view type_name(Explanation::Type type) {
  constexpr std::string_view kNames[] = {"decision", "service", "knowledge", "table", "rule"};
  return kNames[static_cast<size_t>(type)];
}

}  // namespace

std::string Explanation::to_text_zh() const {
  std::string out;
  write(*this, kChinese, 0, &out);
  return out;
}

std::string Explanation::to_text_en() const {
  std::string out;
  write(*this, kEnglish, 0, &out);
  return out;
}

std::string Explanation::to_json() const {
  std::string out = fmt::format("{{\"type\":\"{}\"", type_name(type));
  if (type == Type::rule) {
    out += fmt::format(",\"rule\":{},\"fired\":{}", rule, fired);
    if (!fired) {
      out += ",\"input\":" + json_text(cell_input) + ",\"test\":" + json_text(cell_test) +
             ",\"value\":" + cell_value.to_json();
    }
    if (!annotation.empty()) out += ",\"annotation\":" + json_text(annotation);
    return out + "}";
  }
  out += ",\"name\":" + json_text(name) + ",\"id\":" + json_text(xml_id) +
         ",\"result\":" + result.to_json();
  if (!hit_policy.empty()) out += ",\"hit_policy\":" + json_text(hit_policy);
  out += ",\"inputs\":{";
  for (size_t i = 0; i < inputs.size(); ++i) {
    out += (i == 0 ? "" : ",") + json_text(inputs[i].first) + ":" + inputs[i].second.to_json();
  }
  out += "},\"citations\":[";
  for (size_t i = 0; i < citations.size(); ++i)
    out += (i == 0 ? "" : ",") + json_text(citations[i]);
  out += "],\"children\":[";
  for (size_t i = 0; i < children.size(); ++i) out += (i == 0 ? "" : ",") + children[i].to_json();
  return out + "]}";
}

}  // namespace yipan::rules
