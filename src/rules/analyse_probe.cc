#include "rules/analyse_probe.h"

#include <algorithm>
#include <map>

#include "rules/cases_value.h"
#include "rules/ops.h"

namespace yipan::rules {
namespace {

EvaluatorOptions explaining(const Clock* clock) {
  EvaluatorOptions options;
  options.clock = clock;
  options.explain = true;
  return options;
}

// A context with `value` at the end of `members`, over what is there already.
Value with_member(const Value& base, const std::vector<std::string>& members, size_t depth,
                  const Value& value) {
  if (depth == members.size()) return value;
  std::vector<std::pair<std::string, Value>> entries;
  Value inner;
  if (base.is(Kind::context)) {
    for (size_t i = 0; i < base.entry_count(); ++i) {
      const std::string key(base.entry_key(i).as_string());
      if (key == members[depth]) {
        inner = base.entry_value(i);
      } else {
        entries.emplace_back(key, base.entry_value(i));
      }
    }
  }
  entries.emplace_back(members[depth], with_member(inner, members, depth + 1, value));
  return Value::context(std::move(entries));
}

const Explanation* find_table(const Explanation& e, const Table& table) {
  const bool fits = e.type == Explanation::Type::table && e.xml_id == table.id &&
                    e.name == table.name && e.inputs.size() == table.inputs.size();
  if (fits) return &e;
  for (const Explanation& child : e.children) {
    if (const Explanation* found = find_table(child, table)) return found;
  }
  return nullptr;
}

}  // namespace

TableProbe::TableProbe(std::shared_ptr<const Model> model, const TableOf& table, const Clock* clock)
    : model_(std::move(model)), table_(table), evaluator_(model_, explaining(clock)) {
  for (const Table::Input& in : table.get().inputs) {
    usable_ = find_target(in.node, &targets_.emplace_back()) && usable_;
  }
}

bool TableProbe::find_target(uint32_t node, Target* out) const {
  const Program& program = model_->data().program;
  const Node& n = program.nodes[node];
  if (n.code == Code::global) {
    out->index = n.a;
    return true;
  }
  if (n.code == Code::local) {
    const uint32_t function = model_->data().elements[table_.element].function;
    out->parameter = true;
    out->index = n.a;
    return n.a < program.functions[function].parameters.size();
  }
  if (n.code == Code::path && static_cast<Property>(n.flags) == Property::none) {
    if (!find_target(n.a, out)) return false;
    out->members.emplace_back(program.constants[n.b].as_string());
    return true;
  }
  return false;
}

std::optional<TableOutcome> TableProbe::ask(const std::vector<Value>& columns) {
  evaluator_.clear();
  std::map<uint32_t, Value> elements, parameters;
  for (size_t c = 0; c < columns.size(); ++c) {
    const Target& t = targets_[c];
    Value& whole = (t.parameter ? parameters : elements)[t.index];
    whole = with_member(whole, t.members, 0, columns[c]);
  }
  const auto& all_elements = model_->data().elements;
  for (auto& [element, value] : elements) {
    const Type* type = all_elements[element].value_type;
    evaluator_.set(element, type != nullptr ? complete(value, *type) : value);
  }
  const Element& owner = model_->data().elements[table_.element];
  Value whole;
  if (owner.type == Element::Type::knowledge) {
    std::vector<Value> arguments(
        model_->data().program.functions[owner.function].parameters.size());
    const auto& types = model_->data().program.functions[owner.function].parameter_types;
    for (auto& [index, value] : parameters) {
      const bool typed = index < types.size() && types[index] != nullptr;
      arguments[index] = typed ? complete(value, *types[index]) : value;
    }
    whole = evaluator_.call(table_.element, std::move(arguments));
  } else {
    whole = evaluator_.evaluate(table_.element);
  }
  const Explanation* all = evaluator_.explanation();
  const Explanation* trace = all != nullptr ? find_table(*all, table_.get()) : nullptr;
  if (trace == nullptr) return std::nullopt;
  for (size_t c = 0; c < columns.size(); ++c) {
    if (!trace->inputs[c].second.same_as(columns[c])) return std::nullopt;
  }
  TableOutcome out;
  for (const Explanation& rule : trace->children) {
    if (rule.type == Explanation::Type::rule && rule.fired) out.fired.push_back(rule.rule);
  }
  out.result = trace->result;
  if (const auto why = evaluator_.reason(out.result)) out.why = why->en;
  return out;
}

}  // namespace yipan::rules
