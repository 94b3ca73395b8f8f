// Evaluating a decision table (DMN 1.5, chapter 8; 10.3.2.10).
#include <algorithm>
#include <array>

#include "rules/machine.h"
#include "rules/number.h"

namespace yipan::rules {

// One evaluation of one table.
struct TableRun {
  Machine& m;
  const Table& table;
  uint32_t node;
  Explanation* trace = nullptr;
  std::array<Value, 8> few{};
  std::vector<Value> many{};
  Value* inputs = nullptr;
  std::array<uint32_t, 16> few_hits{};
  std::vector<uint32_t> more_hits{};  // beyond the first 16
  size_t hit_count = 0;

  uint32_t hit(size_t i) const {
    return i < few_hits.size() ? few_hits[i] : more_hits[i - few_hits.size()];
  }
  void add_hit(size_t rule) {
    if (hit_count < few_hits.size()) {
      few_hits[hit_count] = static_cast<uint32_t>(rule);
    } else {
      more_hits.push_back(static_cast<uint32_t>(rule));
    }
    ++hit_count;
  }

  Value run();
  bool read_inputs(Value* refused);
  void find_hits();
  bool find_hits_indexed(bool first_only);
  void find_hits_explained();
  Tri test(size_t rule, size_t input);
  bool fits(size_t rule, size_t* failed);
  Value apply();
  Value row(size_t rule);
  Value output(size_t rule, size_t out);
  Value default_row();
  Value no_match();
  Value list_of_hits();
  Value priority(bool all);
  std::vector<int64_t> rank(size_t rule);
  Value any();
  Value aggregate();
  Value sum(const std::vector<Value>& values);
  std::string hit_numbers() const;
};

Value Machine::evaluate_table(uint32_t index, uint32_t node) {
  const Table& table = *program_->tables[index];
  if (trace_ == nullptr) {
    TableRun run{.m = *this, .table = table, .node = node};
    return run.run();
  }
  Explanation child;
  child.type = Explanation::Type::table;
  child.name = table.name;
  child.xml_id = table.id;
  child.hit_policy = to_string(table.policy);
  Explanation* outer = trace_;
  trace_ = &child;
  TableRun run{.m = *this, .table = table, .node = node, .trace = &child};
  Value result = run.run();
  trace_ = outer;
  child.result = result;
  outer->children.push_back(std::move(child));
  return result;
}

Value TableRun::run() {
  if (!m.tick(1, node)) return Value();
  const size_t count = table.inputs.size();
  if (count > few.size()) many.resize(count);
  inputs = count > few.size() ? many.data() : few.data();
  Value refused;
  if (!read_inputs(&refused)) return refused;
  if (trace != nullptr) {
    find_hits_explained();
  } else {
    find_hits();
  }
  if (m.stopped_) return Value();
  return hit_count == 0 ? no_match() : apply();
}

bool TableRun::read_inputs(Value* refused) {
  for (size_t i = 0; i < table.inputs.size(); ++i) {
    const Table::Input& in = table.inputs[i];
    inputs[i] = m.run(in.node);
    m.frame_[in.slot] = inputs[i];
    if (trace != nullptr) trace->inputs.emplace_back(in.label, inputs[i]);
    if (in.values == kNone || inputs[i].is_null()) continue;
    if (m.truth(in.values) != Tri::yes) {
      *refused = m.fail(Why::table_input, in.values, Value::string(in.label));
      return false;
    }
  }
  return true;
}

Tri TableRun::test(size_t rule, size_t input) {
  const Cell& cell = table.cell(rule, input);
  Tri result = Tri::yes;
  switch (cell.type) {
    case Cell::Type::any:
      return Tri::yes;
    case Cell::Type::equal:
      result = equal(inputs[input], cell.value);
      break;
    case Cell::Type::range:
      result = in_range(inputs[input], cell.value);
      break;
    case Cell::Type::one_of:
      result = Tri::no;
      for (const Value& v : cell.value.as_list()) {
        result = either(result, matches(inputs[input], v));
        if (result == Tri::yes) break;
      }
      break;
    case Cell::Type::general:
      return m.truth(cell.node);
  }
  // A test that is true by itself, without looking at the input.
  if (cell.value.is_true() && !inputs[input].is(Kind::boolean) && !inputs[input].is_null())
    result = Tri::yes;
  return cell.negated ? negate(result) : result;
}

bool TableRun::fits(size_t rule, size_t* failed) {
  for (size_t i = 0; i < table.inputs.size(); ++i) {
    if (test(rule, i) != Tri::yes) {
      *failed = i;
      return false;
    }
  }
  return true;
}

void TableRun::find_hits() {
  const bool first_only = table.policy == HitPolicy::first;
  size_t failed = 0;
  if (!table.index.empty() && find_hits_indexed(first_only)) return;
  for (size_t rule = 0; rule < table.rules.size(); ++rule) {
    if (!fits(rule, &failed)) continue;
    add_hit(rule);
    if (first_only) break;
  }
}

// False if the index says nothing about these inputs.
bool TableRun::find_hits_indexed(bool first_only) {
  // Tables may be evaluated inside each other: each takes its own scratch.
  std::vector<uint64_t> bits = m.take_bits();
  std::vector<uint64_t> scratch = m.take_bits();
  const bool useful = candidates(table, inputs, &bits, &scratch);
  m.bit_pool_.push_back(std::move(scratch));
  size_t failed = 0;
  bool done = !useful;
  for (size_t w = 0; !done && w < bits.size(); ++w) {
    for (uint64_t left = bits[w]; left != 0 && !done; left &= left - 1) {
      const size_t rule = w * 64 + static_cast<size_t>(__builtin_ctzll(left));
      if (!fits(rule, &failed)) continue;
      add_hit(rule);
      done = first_only;
    }
  }
  m.bit_pool_.push_back(std::move(bits));
  return useful;
}

void TableRun::find_hits_explained() {
  for (size_t rule = 0; rule < table.rules.size(); ++rule) {
    Explanation line;
    line.type = Explanation::Type::rule;
    line.rule = static_cast<uint32_t>(rule + 1);
    line.xml_id = table.rules[rule].id;
    line.annotation = table.rules[rule].annotation;
    size_t failed = 0;
    line.fired = fits(rule, &failed);
    if (line.fired && !(table.policy == HitPolicy::first && hit_count != 0)) {
      add_hit(rule);
    } else if (!line.fired) {
      line.cell_input = table.inputs[failed].label;
      line.cell_test = table.rules[rule].texts[failed];
      line.cell_value = inputs[failed];
    }
    trace->children.push_back(std::move(line));
  }
}

Value TableRun::output(size_t rule, size_t out) {
  const Table::Output& o = table.outputs[out];
  const uint32_t result_node = table.results[rule * table.outputs.size() + out];
  Value value = m.run(result_node);
  if (o.type != nullptr && !o.type->is_any()) value = m.convert(value, *o.type, result_node);
  if (o.values != kNone && !value.is_null()) {
    m.frame_[o.slot] = value;
    if (m.truth(o.values) != Tri::yes) {
      return m.fail(Why::table_output, result_node, Value::string(o.name));
    }
  }
  return value;
}

Value TableRun::row(size_t rule) {
  if (table.outputs.size() == 1) return output(rule, 0);
  std::vector<internal::ContextRep::Entry> entries;
  for (size_t i = 0; i < table.outputs.size(); ++i) {
    entries.push_back({table.outputs[i].key, output(rule, i)});
  }
  return internal::make_context(std::move(entries));
}

Value TableRun::default_row() {
  const auto one = [&](const Table::Output& o) {
    if (o.default_node == kNone) return Value();
    Value value = m.run(o.default_node);
    if (o.type != nullptr) value = m.convert(value, *o.type, o.default_node);
    return value;
  };
  if (table.outputs.size() == 1) return one(table.outputs[0]);
  std::vector<internal::ContextRep::Entry> entries;
  for (const Table::Output& o : table.outputs) entries.push_back({o.key, one(o)});
  return internal::make_context(std::move(entries));
}

// 8.2.10: the default, else nothing: null for one, an empty list for several, 0 for a count.
Value TableRun::no_match() {
  if (table.has_default) return default_row();
  switch (table.policy) {
    case HitPolicy::rule_order:
    case HitPolicy::output_order:
    case HitPolicy::collect:
      return Value::list({});
    case HitPolicy::count:
      return Value::number(int64_t{0});
    default:
      return m.fail(Why::no_rule, node);
  }
}

std::string TableRun::hit_numbers() const {
  std::string out;
  for (size_t i = 0; i < std::min<size_t>(hit_count, 10); ++i) {
    if (i != 0) out += ", ";
    out += std::to_string(hit(i) + 1);
  }
  return out;
}

Value TableRun::apply() {
  switch (table.policy) {
    case HitPolicy::unique:
      if (hit_count > 1) return m.fail(Why::unique, node, Value::string(hit_numbers()));
      return row(hit(0));
    case HitPolicy::first:
      return row(hit(0));
    case HitPolicy::any:
      return any();
    case HitPolicy::priority:
      return priority(false);
    case HitPolicy::output_order:
      return priority(true);
    case HitPolicy::rule_order:
    case HitPolicy::collect:
      return list_of_hits();
    case HitPolicy::count:
      return Value::number(static_cast<int64_t>(hit_count));
    default:
      return aggregate();
  }
}

Value TableRun::any() {
  Value first = row(hit(0));
  for (size_t i = 1; i < hit_count; ++i) {
    if (equal(first, row(hit(i))) != Tri::yes) {
      return m.fail(Why::any_differs, node, Value::string(hit_numbers()));
    }
  }
  return first;
}

Value TableRun::list_of_hits() {
  std::vector<Value> rows;
  rows.reserve(hit_count);
  for (size_t i = 0; i < hit_count; ++i) rows.push_back(row(hit(i)));
  return Value::list(std::move(rows));
}

// Position of each output among its output values; earlier is more important (8.2.10).
std::vector<int64_t> TableRun::rank(size_t rule) {
  std::vector<int64_t> out;
  for (size_t o = 0; o < table.outputs.size(); ++o) {
    const auto& order = table.outputs[o].order;
    if (order.empty()) continue;
    const Value value = m.run(table.results[rule * table.outputs.size() + o]);
    int64_t place = static_cast<int64_t>(order.size());
    for (size_t i = 0; i < order.size(); ++i) {
      if (matches(value, m.run(order[i])) == Tri::yes) {
        place = static_cast<int64_t>(i);
        break;
      }
    }
    out.push_back(place);
  }
  return out;
}

Value TableRun::priority(bool all) {
  std::vector<std::pair<std::vector<int64_t>, uint32_t>> ranked;
  for (size_t i = 0; i < hit_count; ++i) ranked.emplace_back(rank(hit(i)), hit(i));
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (!all) return row(ranked.front().second);
  std::vector<Value> rows;
  for (const auto& [_, rule] : ranked) rows.push_back(row(rule));
  return Value::list(std::move(rows));
}

Value TableRun::sum(const std::vector<Value>& values) {
  Value total = values[0];
  for (size_t i = 1; i < values.size(); ++i) {
    total = m.binary(Op::add, total, values[i], node);
    if (total.is_null()) return total;
  }
  return total;
}

Value TableRun::aggregate() {
  std::vector<Value> values;
  for (size_t i = 0; i < hit_count; ++i) {
    values.push_back(row(hit(i)));
    const Kind kind = values.back().kind();
    if (kind == Kind::context || kind == Kind::null || kind == Kind::list) {
      return m.fail(Why::aggregate, node, Value(), kind);
    }
  }
  if (table.policy == HitPolicy::sum) return sum(values);
  const Value* best = &values[0];
  for (const Value& v : values) {
    const auto order = compare(v, *best);
    if (!order) return m.fail(Why::aggregate, node, Value(), v.kind());
    if (table.policy == HitPolicy::min ? *order < 0 : *order > 0) best = &v;
  }
  return *best;
}

}  // namespace yipan::rules
