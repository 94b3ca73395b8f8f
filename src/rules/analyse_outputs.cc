#include "rules/analyse_outputs.h"

#include <algorithm>

#include "rules/ops.h"
#include "rules/print.h"

namespace yipan::rules {
namespace {

std::string node_text(const Program& program, uint32_t node) {
  const Node& n = program.nodes[node];
  if (n.code == Code::constant) return internal::print_value(program.constants[n.a], true);
  return text_of_node(program, node);
}

}  // namespace

Same same_outputs(const TableOf& of, size_t rule, size_t other) {
  const Program& program = of.model->data().program;
  const Table& table = of.get();
  const size_t width = table.outputs.size();
  Same result = Same::yes;
  for (size_t o = 0; o < width; ++o) {
    const uint32_t a = table.results[rule * width + o], b = table.results[other * width + o];
    const Node &na = program.nodes[a], &nb = program.nodes[b];
    if (na.code == Code::constant && nb.code == Code::constant) {
      const Value &va = program.constants[na.a], &vb = program.constants[nb.a];
      if (!va.same_as(vb) && equal(va, vb) != Tri::yes) return Same::no;
    } else if (text_of_node(program, a) != text_of_node(program, b)) {
      result = Same::unknown;
    }
  }
  return result;
}

std::string output_text(const TableOf& of, size_t rule) {
  const Program& program = of.model->data().program;
  const Table& table = of.get();
  const size_t width = table.outputs.size();
  if (width == 1) return node_text(program, table.results[rule]);
  std::string out;
  for (size_t o = 0; o < width; ++o) {
    out += (o == 0 ? "{" : ", ") + table.outputs[o].name + ": " +
           node_text(program, table.results[rule * width + o]);
  }
  return out + "}";
}

std::optional<std::vector<size_t>> output_rank(const TableOf& of, size_t rule) {
  const Program& program = of.model->data().program;
  const Table& table = of.get();
  std::vector<size_t> out;
  for (size_t o = 0; o < table.outputs.size(); ++o) {
    const auto& order = table.outputs[o].order;
    if (order.empty()) continue;
    const Node& n = program.nodes[table.results[rule * table.outputs.size() + o]];
    if (n.code != Code::constant) return std::nullopt;
    size_t place = order.size();
    for (size_t i = 0; i < order.size(); ++i) {
      const Node& v = program.nodes[order[i]];
      if (v.code != Code::constant) return std::nullopt;
      if (matches(program.constants[n.a], program.constants[v.a]) == Tri::yes) {
        place = i;
        break;
      }
    }
    out.push_back(place);
  }
  return out;
}

namespace {

std::string default_text(const TableOf& of) {
  const Table& table = of.get();
  std::string out;
  for (const Table::Output& o : table.outputs) {
    const std::string text =
        o.default_node == kNone ? "null" : node_text(of.model->data().program, o.default_node);
    out += (out.empty() ? "" : ", ") + (table.outputs.size() == 1 ? "" : o.name + ": ") + text;
  }
  return table.outputs.size() == 1 ? out : "{" + out + "}";
}

std::vector<size_t> by_priority(const TableOf& of, std::vector<size_t> rules) {
  std::stable_sort(rules.begin(), rules.end(), [&of](size_t a, size_t b) {
    const auto ra = output_rank(of, a), rb = output_rank(of, b);
    return ra && rb && *ra < *rb;
  });
  return rules;
}

std::string list_text(const TableOf& of, const std::vector<size_t>& rules) {
  std::string out;
  for (const size_t r : rules) out += (out.empty() ? "" : ", ") + output_text(of, r);
  return "[" + out + "]";
}

}  // namespace

std::string outcome_text(const TableOf& of, const std::vector<size_t>& rules) {
  const Table& table = of.get();
  const bool list = table.policy >= HitPolicy::rule_order;
  if (rules.empty() && table.has_default) return default_text(of);
  if (rules.empty() && table.policy == HitPolicy::count) return "0";
  const bool none_is_null = !list || table.policy > HitPolicy::collect;
  if (rules.empty()) return none_is_null ? "null" : "[]";
  switch (table.policy) {
    case HitPolicy::unique:
      return rules.size() > 1 ? "null" : output_text(of, rules[0]);
    case HitPolicy::any: {
      const bool one = std::all_of(rules.begin(), rules.end(), [&](size_t r) {
        return same_outputs(of, rules[0], r) == Same::yes;
      });
      return one ? output_text(of, rules[0]) : "null";
    }
    case HitPolicy::first:
      return output_text(of, rules[0]);
    case HitPolicy::priority:
      return output_text(of, by_priority(of, rules)[0]);
    case HitPolicy::output_order:
      return list_text(of, by_priority(of, rules));
    case HitPolicy::count:
      return std::to_string(rules.size());
    case HitPolicy::rule_order:
    case HitPolicy::collect:
      return list_text(of, rules);
    default:
      return std::string(to_string(table.policy)) + " " + list_text(of, rules);
  }
}

}  // namespace yipan::rules
