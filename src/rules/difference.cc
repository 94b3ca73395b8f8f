// Decisions of two models, matched by name.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "rules/difference_sample.h"
#include "rules/difference_tables.h"
#include "rules/lexer.h"
#include "rules/print.h"

namespace yipan::rules {
namespace {

using Type_ = Difference::Type;

// The table that is a decision's whole logic.
std::optional<TableOf> table_of(const Model& model, ElementId element) {
  const Program& program = model.data().program;
  const Element& e = model.data().elements[element];
  if (e.function == kNone) return std::nullopt;
  uint32_t node = program.functions[e.function].root;
  while (program.nodes[node].code == Code::checked) node = program.nodes[node].a;
  if (program.nodes[node].code != Code::table) return std::nullopt;
  return TableOf{&model, program.nodes[node].a, element};
}

// All texts of an element's logic, white space aside.
std::string logic_text(const Model& model, ElementId element) {
  const Program& program = model.data().program;
  const Element& e = model.data().elements[element];
  if (e.function == kNone) return "";
  const uint32_t root = program.functions[e.function].root;
  uint32_t begin = 0;
  for (const Element& other : model.data().elements) {
    if (other.function == kNone) continue;
    const uint32_t end = program.functions[other.function].root;
    if (end < root) begin = std::max(begin, end + 1);
  }
  std::string out;
  uint32_t last = kNone;
  for (uint32_t n = begin; n <= root; ++n) {
    const uint32_t unit = program.spans[n].unit;
    if (unit != last) out += normalize_name(program.units[unit].text) + "\n";
    last = unit;
    if (program.nodes[n].code != Code::table) continue;
    const Table& table = *program.tables[program.nodes[n].a];
    out += to_string(table.policy);
    for (const Table::Rule& rule : table.rules) {
      for (const std::string& text : rule.texts) out += normalize_name(text) + "|";
      out += "\n";
    }
  }
  return out;
}

class ModelComparison {
 public:
  ModelComparison(const std::shared_ptr<const Model>& before,
                  const std::shared_ptr<const Model>& after, const DifferenceOptions& options)
      : before_(before), after_(after), options_(options) {}

  std::vector<Difference> run() {
    compare_names(before_->inputs(), after_->inputs(), "输入", "input");
    compare_names(before_->decisions(), after_->decisions(), "决策", "decision");
    note_knowledge();
    for (const ElementInfo& now : after_->decisions()) {
      const auto old = before_->find_decision(now.name);
      if (old) compare(*old, now);
    }
    return std::move(out_);
  }

 private:
  Difference& add(Type_ type, const std::string& element, std::string zh, std::string en) {
    Difference& d = out_.emplace_back();
    d.type = type;
    d.element = element;
    d.zh = std::move(zh);
    d.en = std::move(en);
    changed_.insert(element);
    return d;
  }

  static const ElementInfo* named(const std::vector<ElementInfo>& list, const std::string& name) {
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&name](const ElementInfo& e) { return e.name == name; });
    return found != list.end() ? &*found : nullptr;
  }

  void compare_names(const std::vector<ElementInfo>& old_list,
                     const std::vector<ElementInfo>& new_list, std::string_view zh,
                     std::string_view en) {
    for (const ElementInfo& e : old_list) {
      const ElementInfo* now = named(new_list, e.name);
      if (now == nullptr) {
        add(Type_::removed, e.name, fmt::format("{}“{}”没有了", zh, e.name),
            fmt::format("the {} '{}' is gone", en, e.name));
      } else if (now->type != e.type) {
        add(Type_::type, e.name,
            fmt::format("{}“{}”的类型由 {} 改为 {}", zh, e.name, e.type, now->type),
            fmt::format("the {} '{}' was {} and is {}", en, e.name, e.type, now->type));
      }
    }
    for (const ElementInfo& e : new_list) {
      if (named(old_list, e.name) != nullptr) continue;
      add(Type_::added, e.name, fmt::format("新增{}“{}”", zh, e.name),
          fmt::format("the {} '{}' is new", en, e.name));
    }
  }

  // Knowledge models and services that changed count for the decisions that use them.
  void note_knowledge() {
    for (const Element& e : after_->data().elements) {
      if (e.type != Element::Type::knowledge) continue;
      const auto old = before_->find_knowledge(e.info.name);
      if (!old || logic_text(*before_, *old) != logic_text(*after_, e.info.id)) {
        changed_.insert(e.info.name);
      }
    }
  }

  // Whether something that the element needs, directly or not, has changed.
  bool needs_changed(ElementId element, std::set<ElementId>* seen) const {
    if (!seen->insert(element).second) return false;
    for (const uint32_t next : after_->data().elements[element].requires_) {
      const Element& e = after_->data().elements[next];
      if (changed_.count(e.info.name) != 0 || needs_changed(next, seen)) return true;
      if (e.type == Element::Type::decision && logic_changed(e.info)) return true;
    }
    return false;
  }

  bool logic_changed(const ElementInfo& now) const {
    const auto old = before_->find_decision(now.name);
    return !old || logic_text(*before_, *old) != logic_text(*after_, now.id);
  }

  void compare(ElementId old, const ElementInfo& now) {
    if (!logic_changed(now)) {
      std::set<ElementId> seen;
      if (!needs_changed(now.id, &seen)) return;
      Difference d;
      d.type = Type_::through;
      compare_samples(before_, after_, now.name, options_, &d);
      if (d.regions.empty()) return;
      Difference& kept =
          add(Type_::through, now.name, fmt::format("决策“{}”本身没有改，但所依据的改了", now.name),
              fmt::format("the decision '{}' was not changed, but what it needs was", now.name));
      kept.regions = std::move(d.regions);
      kept.notes = std::move(d.notes);
      return;
    }
    const auto old_table = table_of(*before_, old), new_table = table_of(*after_, now.id);
    if (old_table && new_table) {
      Difference& d = add(Type_::table, now.name, fmt::format("决策表“{}”改了", now.name),
                          fmt::format("the decision table '{}' was changed", now.name));
      compare_tables(before_, *old_table, after_, *new_table, options_, &d);
      if (d.regions.empty() && d.complete) {
        d.zh += "，结果处处相同";
        d.en += "; its outcome is the same everywhere";
      }
      return;
    }
    Difference& d = add(Type_::logic, now.name, fmt::format("决策“{}”的逻辑改了", now.name),
                        fmt::format("the logic of the decision '{}' was changed", now.name));
    compare_samples(before_, after_, now.name, options_, &d);
  }

  const std::shared_ptr<const Model>& before_;
  const std::shared_ptr<const Model>& after_;
  const DifferenceOptions& options_;
  std::set<std::string> changed_;
  std::vector<Difference> out_;
};

struct Words {
  std::string_view example, region, before, after, note, colon, comma;
};
constexpr Words kChinese = {"例", "范围", "原", "现", "说明", "：", "，"};
constexpr Words kEnglish = {"example", "region", "before", "after", "note", ": ", ", "};

std::string write(const Difference& d, const Words& w, bool zh) {
  std::string out = fmt::format("{}\n", zh ? d.zh : d.en);
  for (const Difference::Region& r : d.regions) {
    out += fmt::format("  {}{}{}  →  {}{}{}\n", w.before, w.colon, r.before, w.after, w.colon,
                       r.after);
    std::string example, region;
    for (const auto& [label, value] : r.example) {
      example += fmt::format("{}{} = {}", example.empty() ? "" : w.comma, label,
                             internal::print_value(value, true));
    }
    for (const auto& [label, text] : r.region) {
      if (text != "-") region += fmt::format("{}{} {}", region.empty() ? "" : w.comma, label, text);
    }
    if (!example.empty()) out += fmt::format("      {}{}{}\n", w.example, w.colon, example);
    if (!region.empty()) out += fmt::format("      {}{}{}\n", w.region, w.colon, region);
  }
  for (const TableNote& n : d.notes) {
    out += fmt::format("  {}{}{}\n", w.note, w.colon, zh ? n.zh : n.en);
  }
  return out;
}

std::string quoted(std::string_view text) { return Value::string(text).to_json(); }

}  // namespace

std::vector<Difference> compare_models(const std::shared_ptr<const Model>& before,
                                       const std::shared_ptr<const Model>& after,
                                       const DifferenceOptions& options) {
  return ModelComparison(before, after, options).run();
}

std::string_view to_string(Difference::Type type) {
  constexpr std::string_view kNames[] = {"added", "removed", "type", "table", "logic", "through"};
  return kNames[static_cast<size_t>(type)];
}

std::string to_text_zh(const Difference& difference) { return write(difference, kChinese, true); }
std::string to_text_en(const Difference& difference) { return write(difference, kEnglish, false); }

std::string to_json(const Difference& d) {
  std::string out = fmt::format(R"({{"type":{},"element":{},"zh":{},"en":{},"complete":{})",
                                quoted(to_string(d.type)), quoted(d.element), quoted(d.zh),
                                quoted(d.en), d.complete);
  out += ",\"regions\":[";
  for (size_t i = 0; i < d.regions.size(); ++i) {
    const Difference::Region& r = d.regions[i];
    out += fmt::format(R"({}{{"before":{},"after":{},"verified":{},"example":{{)",
                       i == 0 ? "" : ",", quoted(r.before), quoted(r.after), r.verified);
    for (size_t k = 0; k < r.example.size(); ++k) {
      out += fmt::format("{}{}:{}", k == 0 ? "" : ",", quoted(r.example[k].first),
                         r.example[k].second.to_json());
    }
    out += "},\"region\":{";
    for (size_t k = 0; k < r.region.size(); ++k) {
      out += fmt::format("{}{}:{}", k == 0 ? "" : ",", quoted(r.region[k].first),
                         quoted(r.region[k].second));
    }
    out += "}}";
  }
  out += "],\"notes\":[";
  for (size_t i = 0; i < d.notes.size(); ++i) {
    out += fmt::format(R"({}{{"zh":{},"en":{}}})", i == 0 ? "" : ",", quoted(d.notes[i].zh),
                       quoted(d.notes[i].en));
  }
  return out + "]}";
}

}  // namespace yipan::rules
