// Findings as text for a person and as JSON.
#include <fmt/format.h>

#include <array>

#include "rules/print.h"
#include "yipan/rules.h"

namespace yipan::rules {
namespace {

struct Words {
  std::array<std::string_view, 6> problems;
  std::string_view table, rules, policy, example, region, note, fine, colon, comma;
};
constexpr Words kChinese = {{"缺口", "重叠", "冲突", "轮不到", "不可能", "多余"},
                            "决策表",
                            " 条规则",
                            "命中策略",
                            "例",
                            "范围",
                            "说明",
                            "没有发现问题",
                            "：",
                            "，"};
constexpr Words kEnglish = {
    {"gap", "overlap", "conflict", "unreachable", "impossible", "redundant"},
    "Decision table",
    " rules",
    "hit policy",
    "example",
    "region",
    "note",
    "nothing found",
    ": ",
    ", "};

std::string write(const TableAnalysis& a, const Words& w, bool zh) {
  std::string out = fmt::format("{} {} ({} {}, {}{})\n", w.table, a.element, w.policy, a.hit_policy,
                                a.rules, w.rules);
  for (const TableFinding& f : a.findings) {
    out += fmt::format("  ✗ {}{}{}\n", w.problems[static_cast<size_t>(f.problem)], w.colon,
                       zh ? f.zh : f.en);
    std::string example, region;
    for (size_t i = 0; i < f.example.size(); ++i) {
      const auto& [label, value] = f.example[i];
      const std::string text = value.is_null() ? "…" : internal::print_value(value, true);
      example += fmt::format("{}{} = {}", i == 0 ? "" : w.comma, label, text);
      if (f.region[i].second == "-") continue;
      region += fmt::format("{}{} {}", region.empty() ? "" : w.comma, label, f.region[i].second);
    }
    if (!example.empty()) out += fmt::format("      {}{}{}\n", w.example, w.colon, example);
    if (!region.empty()) out += fmt::format("      {}{}{}\n", w.region, w.colon, region);
  }
  if (a.findings.empty()) out += fmt::format("  ✓ {}\n", w.fine);
  for (const TableNote& n : a.notes)
    out += fmt::format("  {}{}{}\n", w.note, w.colon, zh ? n.zh : n.en);
  return out;
}

std::string quoted(std::string_view text) { return Value::string(text).to_json(); }

}  // namespace

std::string_view to_string(TableFinding::Problem problem) {
  return kEnglish.problems[static_cast<size_t>(problem)];
}

std::string to_text_zh(const TableAnalysis& analysis) { return write(analysis, kChinese, true); }
std::string to_text_en(const TableAnalysis& analysis) { return write(analysis, kEnglish, false); }

std::string to_json(const TableAnalysis& a) {
  std::string out =
      fmt::format(R"({{"element":{},"id":{},"hit_policy":{},"rules":{},"complete":{})",
                  quoted(a.element), quoted(a.xml_id), quoted(a.hit_policy), a.rules, a.complete);
  out += ",\"findings\":[";
  for (size_t i = 0; i < a.findings.size(); ++i) {
    const TableFinding& f = a.findings[i];
    out +=
        fmt::format(R"({}{{"problem":{},"rules":[{}],"verified":{},"zh":{},"en":{},"example":{{)",
                    i == 0 ? "" : ",", quoted(to_string(f.problem)), fmt::join(f.rules, ","),
                    f.verified, quoted(f.zh), quoted(f.en));
    for (size_t k = 0; k < f.example.size(); ++k) {
      out += fmt::format("{}{}:{}", k == 0 ? "" : ",", quoted(f.example[k].first),
                         f.example[k].second.to_json());
    }
    out += "},\"region\":{";
    for (size_t k = 0; k < f.region.size(); ++k) {
      out += fmt::format("{}{}:{}", k == 0 ? "" : ",", quoted(f.region[k].first),
                         quoted(f.region[k].second));
    }
    out += "}}";
  }
  out += "],\"notes\":[";
  for (size_t i = 0; i < a.notes.size(); ++i) {
    out += fmt::format(R"({}{{"zh":{},"en":{}}})", i == 0 ? "" : ",", quoted(a.notes[i].zh),
                       quoted(a.notes[i].en));
  }
  return out + "]}";
}

}  // namespace yipan::rules
