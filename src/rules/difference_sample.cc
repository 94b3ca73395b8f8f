#include "rules/difference_sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "rules/analyse_cells.h"
#include "rules/ops.h"
#include "rules/print.h"
#include "rules/table.h"
#include "yipan/clock.h"

namespace yipan::rules {
namespace {

// Constants of both models by kind, neighbours included.
class Candidates {
 public:
  explicit Candidates(std::initializer_list<const Model*> models) {
    for (const Model* model : models) collect(model->data().program);
    for (const Kind kind : {Kind::number, Kind::date, Kind::time, Kind::date_time,
                            Kind::days_duration, Kind::months_duration}) {
      spread(kind);
    }
    auto& texts = by_kind_[Kind::string];
    texts.push_back(Value::string("其他"));
    by_kind_[Kind::boolean] = {Value::boolean(true), Value::boolean(false)};
  }

  // Of a type of `program`, whose constraint they must satisfy where it can be told.
  std::vector<Value> of(const Type& type, const Program& program) const {
    std::vector<Value> out = any_of(type);
    if (type.constraint == kNone) return out;
    const auto tests = simple_tests(program, program.functions[type.constraint].root);
    if (tests) std::erase_if(out, [&tests](const Value& v) { return !holds(*tests, v); });
    return out;
  }

 private:
  std::vector<Value> any_of(const Type& type) const {
    if (type.form > Type::Form::null && type.form <= Type::Form::string) {
      return at(static_cast<Kind>(type.form));
    }
    std::vector<Value> all;
    if (!type.is_any()) return all;
    for (const auto& [kind, values] : by_kind_) {
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  }

  std::vector<Value> at(Kind kind) const {
    const auto found = by_kind_.find(kind);
    return found != by_kind_.end() ? found->second : std::vector<Value>();
  }

  void add(const Value& value) {
    if (value.is(Kind::range)) {
      add(value.low());
      add(value.high());
    } else if (value.is(Kind::list)) {
      for (const Value& item : value.as_list()) add(item);
    } else if (!value.is_null() && value.kind() <= Kind::string) {
      auto& list = by_kind_[value.kind()];
      const bool known = std::any_of(list.begin(), list.end(),
                                     [&value](const Value& v) { return v.same_as(value); });
      if (!known) list.push_back(value);
    }
  }

  void collect(const Program& program) {
    for (const Node& n : program.nodes) {
      if (n.code == Code::constant) add(program.constants[n.a]);
    }
    for (const auto& table : program.tables) {
      for (const Cell& cell : table->cells) add(cell.value);
    }
  }

  void spread(Kind kind) {
    auto& list = by_kind_[kind];
    std::erase_if(list, [&list](const Value& v) { return !compare(list.front(), v); });
    std::sort(list.begin(), list.end(),
              [](const Value& a, const Value& b) { return compare(a, b).value_or(0) < 0; });
    std::vector<Value> out;
    for (const Atom& atom : cut_ordered(list, kind)) out.push_back(atom.sample);
    list = std::move(out);
  }

  std::map<Kind, std::vector<Value>> by_kind_;
};

// A place for a value in an input: the input itself, or a member of its context.
struct Leaf {
  std::string input;
  std::vector<std::string> path;
  std::vector<Value> values;
};

void add_leaves(const std::string& input, const Type& type, const Candidates& candidates,
                const Program& program, std::vector<std::string>* path, std::vector<Leaf>* out) {
  constexpr size_t kDepthMax = 6;
  if (type.is(Type::Form::context) && !type.members.empty() && path->size() < kDepthMax) {
    for (const Type::Member& member : type.members) {
      path->push_back(member.name);
      add_leaves(input, *member.type, candidates, program, path, out);
      path->pop_back();
    }
    return;
  }
  if (type.is(Type::Form::list) && type.element != nullptr) {
    Leaf leaf{input, *path, {Value::list({})}};
    for (const Value& v : candidates.of(*type.element, program))
      leaf.values.push_back(Value::list({v}));
    out->push_back(std::move(leaf));
    return;
  }
  out->push_back({input, *path, candidates.of(type, program)});
}

class Sampler {
 public:
  Sampler(const std::shared_ptr<const Model>& before, const std::shared_ptr<const Model>& after,
          const DifferenceOptions& options)
      : before_(*before),
        after_(*after),
        options_(options),
        evaluators_{Evaluator(before, evaluator_options()), Evaluator(after, evaluator_options())},
        random_(options.seed) {
    const Candidates candidates({before.get(), after.get()});
    for (const ElementInfo& in : after->inputs()) {
      const Type* type = after->data().elements[in.id].value_type;
      std::vector<std::string> path;
      add_leaves(in.name, type != nullptr ? *type : *Types::any(), candidates,
                 after->data().program, &path, &leaves_);
    }
    std::erase_if(leaves_, [](const Leaf& leaf) { return leaf.values.empty(); });
  }

  void run(const std::string& decision, Difference* out) {
    const auto a = before_.find_decision(decision), b = after_.find_decision(decision);
    std::vector<size_t> pick(leaves_.size(), 0);
    for (uint64_t i = 0; i < options_.samples && out->regions.size() < options_.regions_max; ++i) {
      // A new start now and then, and one input changed at a time in between.
      constexpr uint64_t kWalk = 20;
      if (i % kWalk == 0) {
        for (size_t k = 0; k < pick.size(); ++k) pick[k] = any_of(k);
      } else if (!pick.empty()) {
        const size_t k = random_.below(pick.size());
        pick[k] = any_of(k);
      }
      try_one(*a, *b, pick, out);
      if (leaves_.empty()) break;
    }
  }

 private:
  EvaluatorOptions evaluator_options() const {
    EvaluatorOptions options;
    options.clock = options_.clock;
    return options;
  }
  size_t any_of(size_t leaf) { return random_.below(leaves_[leaf].values.size()); }

  void try_one(ElementId a, ElementId b, const std::vector<size_t>& pick, Difference* out) {
    std::map<std::string, Value> inputs;
    for (size_t k = 0; k < pick.size(); ++k) {
      Value& whole = inputs[leaves_[k].input];
      whole = with_member(whole, leaves_[k].path, 0, leaves_[k].values[pick[k]]);
    }
    const Value x = decide(0, before_, a, inputs), y = decide(1, after_, b, inputs);
    if (x.same_as(y) || equal(x, y) == Tri::yes) return;
    Difference::Region region;
    region.before = internal::print_value(x, true);
    region.after = internal::print_value(y, true);
    if (!met_.emplace(region.before, region.after).second) return;
    for (size_t k = 0; k < pick.size(); ++k) {
      std::string label = leaves_[k].input;
      for (const std::string& member : leaves_[k].path) label += "." + member;
      region.example.emplace_back(std::move(label), leaves_[k].values[pick[k]]);
    }
    region.verified = true;
    out->regions.push_back(std::move(region));
  }

  Value decide(size_t side, const Model& model, ElementId decision,
               const std::map<std::string, Value>& inputs) {
    evaluators_[side].clear();
    for (const auto& [name, value] : inputs) {
      if (const auto id = model.find_input(name)) evaluators_[side].set(*id, value);
    }
    return evaluators_[side].evaluate(decision);
  }

  static Value with_member(const Value& base, const std::vector<std::string>& path, size_t depth,
                           const Value& value) {
    if (depth == path.size()) return value;
    std::vector<std::pair<std::string, Value>> entries;
    Value inner;
    for (size_t i = 0; base.is(Kind::context) && i < base.entry_count(); ++i) {
      const std::string key(base.entry_key(i).as_string());
      if (key == path[depth]) {
        inner = base.entry_value(i);
      } else {
        entries.emplace_back(key, base.entry_value(i));
      }
    }
    entries.emplace_back(path[depth], with_member(inner, path, depth + 1, value));
    return Value::context(std::move(entries));
  }

  const Model& before_;
  const Model& after_;
  const DifferenceOptions& options_;
  std::array<Evaluator, 2> evaluators_;
  Random random_;
  std::vector<Leaf> leaves_;
  std::set<std::pair<std::string, std::string>> met_;
};

}  // namespace

void compare_samples(const std::shared_ptr<const Model>& before,
                     const std::shared_ptr<const Model>& after, const std::string& decision,
                     const DifferenceOptions& options, Difference* out) {
  Sampler(before, after, options).run(decision, out);
  out->notes.push_back(
      {fmt::format("以上是在边界值处抽样 {} 次所见，不是全部；同样的前后结果只列一例",
                   options.samples),
       fmt::format("a sample of {} tries at boundary values, not everything; one example for each "
                   "pair of outcomes",
                   options.samples)});
}

}  // namespace yipan::rules
