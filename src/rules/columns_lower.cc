#include "rules/columns_lower.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "rules/faults.h"

namespace yipan::rules::columns {

namespace {

constexpr uint32_t kDepthMax = 64;  // of knowledge models that call each other
constexpr size_t kInstructionsMax = 200'000;

}  // namespace

Lowerer::Lowerer(const Program& program, std::shared_ptr<const Model> model, VProgram* out,
                 bool decimals)
    : program_(program), model_(std::move(model)), out_(out), decimals_(decimals) {
  if (model_ != nullptr) machine_.set_model(model_);
  machine_.start();
}

Error Lowerer::obstacle(uint32_t node, std::string_view zh, std::string_view en) {
  Error error("rules.columns.row_by_row");
  error.zh(zh).en(en);
  obstacle_text_.clear();
  if (node < program_.spans.size()) {
    const Span span = program_.spans[node];
    if (span.unit < program_.units.size()) {
      const Unit& unit = program_.units[span.unit];
      const Place place = place_of(unit, span.begin);
      if (!place.file.empty()) error.file(place.file);
      if (!place.element.empty()) error.element(place.element);
      error.line(place.line.value_or(1), place.char_column.value_or(1));
      obstacle_text_ = unit.text.substr(std::min<size_t>(span.begin, unit.text.size()),
                                        span.end > span.begin ? span.end - span.begin : 0);
    }
  }
  return error;
}

Reg Lowerer::emit(Instr instr, Rep result, int scale, int64_t unit) {
  const Key key{instr.op, instr.mode, result,    scale,     unit,      instr.a,
                instr.b,  instr.c,    instr.aux, instr.imm, instr.imm2};
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  RegInfo made;
  made.rep = result;
  made.scale = scale;
  made.unit = unit;
  out_->regs.push_back(made);
  instr.dst = static_cast<Reg>(out_->regs.size() - 1);
  out_->code.push_back(instr);
  known_.emplace(key, instr.dst);
  return instr.dst;
}

Result<Lowered> Lowerer::load(const ColumnInput& input, uint32_t column) {
  Instr instr;
  instr.imm = column;
  switch (input.type) {
    case yipan::Type::boolean:
      instr.op = VOp::load_boolean;
      return Lowered(emit(instr, Rep::boolean));
    case yipan::Type::integer: {
      const Reg r = emit({.op = VOp::load_wide, .imm = column}, Rep::integer, input.scale);
      return Lowered(decimals_ ? to_decimal(r) : r);
    }
    case yipan::Type::date:
      instr.op = VOp::load_wide;
      return Lowered(emit(instr, Rep::date));
    case yipan::Type::real:
      instr.op = VOp::load_real;
      return Lowered(emit(instr, Rep::decimal));
    case yipan::Type::text:
      instr.op = VOp::load_text;
      return Lowered(emit(instr, Rep::text));
    default:
      return fail(obstacle(kNone, "时刻列逐行求值", "instants are evaluated row by row"));
  }
}

namespace {

// The entry of a name, made if there is none.
Lowered* entry_of(Lowered::Members* members, const std::string& name) {
  for (auto& [own, v] : members->entries) {
    if (own == name) return &v;
  }
  members->entries.emplace_back(name, Lowered());
  return &members->entries.back().second;
}

// As `complete` does: the type's members, those without a column null, then further ones.
Lowered context_of(const std::vector<Given>& given, size_t depth, const Type* type) {
  auto out = std::make_shared<Lowered::Members>();
  const bool typed = type != nullptr && type->is(Type::Form::context);
  for (size_t i = 0; typed && i < type->members.size(); ++i) {
    entry_of(out.get(), type->members[i].name);
  }
  for (const Given& g : given) {
    const std::string& name = g.members[depth];
    Lowered* entry = entry_of(out.get(), name);
    if (g.members.size() == depth + 1) {
      *entry = g.value;
    } else if (entry->context == nullptr) {
      std::vector<Given> inner;
      std::copy_if(given.begin(), given.end(), std::back_inserter(inner), [&](const Given& other) {
        return other.members.size() > depth + 1 && other.members[depth] == name;
      });
      const Type::Member* member = typed ? type->find(name) : nullptr;
      *entry = context_of(inner, depth + 1, member != nullptr ? member->type : nullptr);
    }
  }
  Lowered made;
  made.context = std::move(out);
  return made;
}

}  // namespace

void Lowerer::bind_members(uint32_t element, const std::vector<Given>& given) {
  inputs_[element] = context_of(given, 0, model_->data().elements[element].value_type);
}

Result<Reg> Lowerer::value(uint32_t node) {
  YIPAN_ASSIGN(const Lowered v, lower(node));
  if (v.context != nullptr) {
    return fail(
        obstacle(node, "上下文不能作为列中的一个值", "a context is no single value of a column"));
  }
  return v.reg;
}

Result<Reg> Lowerer::truth(uint32_t node) {
  YIPAN_ASSIGN(const Lowered v, lower(node));
  if (v.context == nullptr && rep(v.reg) == Rep::boolean) return v.reg;
  always_null_ = true;
  return constant_truth(1);
}

Result<Lowered> Lowerer::lower(uint32_t node) {
  const Node& n = program_.nodes[node];
  auto result = lower_node(n, node);
  if (!result || result->context != nullptr) return result;
  if (result->reg == kNone) {
    return fail(obstacle(node, "这个输入的类型没有列形式，逐行求值",
                         "an input of this type has no form for columns: row by row"));
  }
  const RegInfo& made = info(result->reg);
  const bool null =
      made.rep == Rep::none || (made.constant && made.rep == Rep::boolean && made.tri == 1);
  if (null && n.code != Code::constant && n.code != Code::local) always_null_ = true;
  return result;
}

Result<Lowered> Lowerer::lower_node(const Node& n, uint32_t node) {
  switch (n.code) {
    case Code::constant:
      return constant(program_.constants[n.a], node);
    case Code::local: {
      const auto found = frame_.find(n.a);
      if (found != frame_.end()) return found->second;
      return fail(obstacle(node, "此处的变量没有列形式", "this variable has no column"));
    }
    case Code::global:
      return element(n.a, node);
    case Code::broken:
    case Code::external:
      return Lowered(kNull);
    case Code::path:
      return lower_path(n, node);
    case Code::call_builtin:
      return call_builtin(n, node);
    case Code::call_invocable:
      return call_invocable(n, node);
    case Code::context:
    case Code::sequence:
      return lower_context(n, node);
    case Code::if_:
      return lower_if(n, node);
    case Code::table:
      return table(n.a, node);
    case Code::checked: {
      YIPAN_ASSIGN(const Lowered v, lower(n.a));
      return convert(v, *program_.types[n.b], node);
    }
    default:
      return lower_operator(n, node);
  }
}

// What gives a single value.
Result<Lowered> Lowerer::lower_operator(const Node& n, uint32_t node) {
  switch (n.code) {
    case Code::negate: {
      YIPAN_ASSIGN(const Reg a, value(n.a));
      if (rep(a) != Rep::days && rep(a) != Rep::months && !is_number(rep(a))) {
        return Lowered(kNull);
      }
      return add(constant_wide(is_number(rep(a)) ? Rep::integer : rep(a), 0, 0, info(a).unit), a,
                 true, node);
    }
    case Code::add:
    case Code::subtract:
    case Code::multiply:
    case Code::divide:
    case Code::power:
      return arithmetic(n, node);
    case Code::equal:
    case Code::not_equal:
    case Code::less:
    case Code::less_equal:
    case Code::greater:
    case Code::greater_equal: {
      YIPAN_ASSIGN(const Reg a, value(n.a));
      YIPAN_ASSIGN(const Reg b, value(n.b));
      return compare(n.code, a, b, node);
    }
    case Code::and_:
    case Code::or_: {
      YIPAN_ASSIGN(const Reg a, truth(n.a));
      YIPAN_ASSIGN(const Reg b, truth(n.b));
      return n.code == Code::and_ ? both(a, b) : either(a, b);
    }
    case Code::between:
      return between(n, node);
    case Code::in:
      return in(n);
    case Code::instance_of:
      return instance_of(n);
    case Code::unary_tests:
      return tests(n);
    case Code::test:
      return test(n, node);
    case Code::test_boolean:
      return truth(n.a);
    default:
      return fail(without_columns(n.code, node));
  }
}

Error Lowerer::without_columns(Code code, uint32_t node) {
  switch (code) {
    case Code::list:
    case Code::filter:
    case Code::for_:
      return obstacle(node, "列表只能逐行求值", "lists are evaluated row by row");
    case Code::some:
    case Code::every:
      return obstacle(node, "遍历列表只能逐行求值", "going through a list is done row by row");
    case Code::function:
    case Code::invocable:
    case Code::builtin:
    case Code::call_value:
      return obstacle(node, "作为值的函数只能逐行求值",
                      "functions as values are evaluated row by row");
    case Code::range:
      return obstacle(node, "区间作为值只能逐行求值", "ranges as values are evaluated row by row");
    default:
      return obstacle(node, "此构造只能逐行求值", "this construct is evaluated row by row");
  }
}

Result<Lowered> Lowerer::lower_if(const Node& n, uint32_t node) {
  const uint32_t* kids = &program_.kids[n.a];
  if (n.flags == 1) {  // null where the condition is neither a boolean nor null
    YIPAN_ASSIGN(const Lowered condition, lower(kids[0]));
    const bool context = condition.context != nullptr;
    if (context && condition.context->present == kNone) return Lowered(kNull);
    if (context || rep(condition.reg) != Rep::boolean) {
      const Reg given = context ? condition.context->present : present(condition.reg);
      YIPAN_ASSIGN(const Lowered otherwise, lower(kids[2]));
      return select(given, Lowered(kNull), otherwise, node);
    }
  }
  YIPAN_ASSIGN(const Reg condition, truth(kids[0]));
  YIPAN_ASSIGN(const Lowered yes, lower(kids[1]));
  YIPAN_ASSIGN(const Lowered no, lower(kids[2]));
  return select(condition, yes, no, node);
}

Result<Lowered> Lowerer::select(Reg condition, const Lowered& yes, const Lowered& no, uint32_t node,
                                bool unknown_is_null) {
  if (yes.context != nullptr || no.context != nullptr) {
    return select_context(condition, yes, no, node, unknown_is_null);
  }
  if (yes.reg == kNone || no.reg == kNone) {
    return fail(obstacle(node, "其中有的成员没有列形式，逐行求值",
                         "some member has no form for columns: row by row"));
  }
  Reg a = yes.reg, b = no.reg;
  if (a == b && !unknown_is_null) return yes;
  if (is_number(rep(a)) && is_number(rep(b))) {
    align_numbers(&a, &b);
  } else if (rep(a) == Rep::days && rep(b) == Rep::days) {
    align(&a, &b);
  } else if (rep(a) != Rep::none && rep(b) != Rep::none && rep(a) != rep(b)) {
    return fail(obstacle(node, "两个分支的类型不同", "the branches have different types"));
  }
  const Reg typed = rep(a) == Rep::none ? b : a;
  const RegInfo shape = info(typed);
  return Lowered(
      emit({.op = VOp::select, .a = condition, .b = a, .c = b, .imm = unknown_is_null ? 1 : 0},
           shape.rep, shape.scale, shape.unit));
}

// Member by member; one side may be null.
Result<Lowered> Lowerer::select_context(Reg condition, const Lowered& yes, const Lowered& no,
                                        uint32_t node, bool unknown_is_null) {
  const auto mixed = [&] {
    return fail(obstacle(node, "在成员不同的上下文之间选择，逐行求值",
                         "a choice between contexts of different members is made row by row"));
  };
  const auto members_of = [this](const Lowered& v) -> const Lowered::Members* {
    static const Lowered::Members kNobody{{}, kNull};
    if (v.context != nullptr) return v.context.get();
    return rep(v.reg) == Rep::none ? &kNobody : nullptr;
  };
  const Lowered::Members *a = members_of(yes), *b = members_of(no);
  if (a == nullptr || b == nullptr) return mixed();
  if (yes.context != nullptr && no.context != nullptr) {
    const bool same =
        std::equal(a->entries.begin(), a->entries.end(), b->entries.begin(), b->entries.end(),
                   [](const auto& x, const auto& y) { return x.first == y.first; });
    if (!same) return mixed();
  }
  const auto here = [this](const Lowered::Members& m) {
    return m.present == kNone   ? constant_truth(2)
           : m.present == kNull ? constant_truth(0)
                                : m.present;
  };
  auto members = std::make_shared<Lowered::Members>();
  const auto& names = yes.context != nullptr ? a->entries : b->entries;
  for (size_t i = 0; i < names.size(); ++i) {
    const Lowered x = yes.context != nullptr ? a->entries[i].second : Lowered(kNull);
    const Lowered y = no.context != nullptr ? b->entries[i].second : Lowered(kNull);
    Lowered member(kNone);  // without a column on either side: none
    if (x.reg != kNone && y.reg != kNone) {
      YIPAN_ASSIGN(member, select(condition, x, y, node, unknown_is_null));
    }
    members->entries.emplace_back(names[i].first, std::move(member));
  }
  members->present =
      emit({.op = VOp::select, .a = condition, .b = here(*a), .c = here(*b)}, Rep::boolean);
  if (unknown_is_null) members->present = both(members->present, present(condition));
  Lowered out;
  out.context = std::move(members);
  return out;
}

Result<Lowered> Lowerer::lower_path(const Node& n, uint32_t) {
  YIPAN_ASSIGN(const Lowered object, lower(n.a));
  if (object.context != nullptr) {
    const std::string_view member = program_.constants[n.b].as_string();
    for (const auto& [name, v] : object.context->entries) {
      if (name == member) return v;
    }
    return Lowered(kNull);
  }
  return property(object.reg, static_cast<Property>(n.flags));
}

Result<Lowered> Lowerer::lower_context(const Node& n, uint32_t) {
  auto members = std::make_shared<Lowered::Members>();
  Lowered last;
  for (uint32_t i = 0; i < n.count; ++i) {
    const bool is_last = i + 1 == n.count;
    YIPAN_ASSIGN(last, lower(program_.kids[n.a + i]));
    if (n.code == Code::sequence && is_last) return last;
    const uint32_t slot = program_.slot_lists[n.c + i];
    if (slot != kNone) frame_[slot] = last;
    members->entries.emplace_back(std::string(program_.labels[n.b + i].as_string()), last);
  }
  Lowered out;
  out.context = std::move(members);
  return out;
}

Result<Lowered> Lowerer::run_function(uint32_t function, Frame frame) {
  const uint32_t root = program_.functions[function].root;
  if (++depth_ > kDepthMax || out_->code.size() > kInstructionsMax) {
    --depth_;
    return fail(obstacle(root, "调用自身或嵌套过深，逐行求值",
                         "it calls itself, or is nested too deeply: row by row"));
  }
  std::swap(frame_, frame);
  auto result = lower(root);
  std::swap(frame_, frame);
  --depth_;
  return result;
}

Result<Lowered> Lowerer::expression(uint32_t function,
                                    const std::vector<std::optional<Lowered>>& arguments) {
  Frame frame;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i]) frame[static_cast<uint32_t>(i)] = *arguments[i];
  }
  return run_function(function, std::move(frame));
}

Result<Lowered> Lowerer::element(uint32_t index, uint32_t node) {
  const Element& e = model_->data().elements[index];
  if (e.type == Element::Type::input) {
    if (unavailable_.contains(index)) {
      const std::string type = e.value_type != nullptr ? to_string(*e.value_type) : "Any";
      return fail(
          obstacle(node, fmt::format("输入“{}”（类型 {}）没有列形式，逐行求值", e.info.name, type),
                   fmt::format("the input '{}' (of type {}) has no form for columns: row by row",
                               e.info.name, type)));
    }
    const auto bound = inputs_.find(index);
    if (bound == inputs_.end()) return Lowered(kNull);  // missing: null
    if (e.value_type == nullptr) return bound->second;
    return convert(bound->second, *e.value_type, node);
  }
  if (e.type != Element::Type::decision) {
    return fail(
        obstacle(node, "作为值的函数只能逐行求值", "functions as values are evaluated row by row"));
  }
  const LoweredDecision& d = decision(index);
  if (d.value) return *d.value;
  return fail(obstacle(node, fmt::format("用到的决策“{}”逐行求值，且结果类型事先不知", e.info.name),
                       fmt::format("it uses the decision '{}', which is evaluated row by row and "
                                   "whose type is not known beforehand",
                                   e.info.name)));
}

namespace {

// The register that holds results of a FEEL type; none if there is no one register for it.
Rep rep_of_type(const std::string& type) {
  if (type == "number") return Rep::decimal;
  if (type == "boolean") return Rep::boolean;
  if (type == "string") return Rep::text;
  if (type == "date") return Rep::date;
  if (type == "days and time duration") return Rep::days;
  if (type == "years and months duration") return Rep::months;
  return Rep::none;
}

}  // namespace

void Lowerer::scalar_decision(uint32_t index, LoweredDecision* out) {
  out->scalar = static_cast<uint32_t>(out_->scalars.size());
  out_->scalars.push_back(index);
  const Rep known = rep_of_type(model_->data().elements[index].info.type);
  if (known != Rep::none) {
    out->value = Lowered(emit({.op = VOp::load_scalar, .imm = out->scalar}, known));
  }
}

void Lowerer::lower_decision(uint32_t index, LoweredDecision* out) {
  const Element& e = model_->data().elements[index];
  out->element = index;
  if (!e.has_logic || e.function == kNone) {
    out->value = Lowered(kNull);
    return;
  }
  auto result = run_function(e.function, {});
  if (result) {
    out->value = std::move(*result);
    return;
  }
  out->obstacle = Obstacle{std::move(result).error(), obstacle_text_};
  scalar_decision(index, out);
}

ColumnReport report_of(const LoweredDecision& d, const std::string& name, const std::string& id) {
  ColumnReport line;
  line.decision = name;
  line.xml_id = id;
  line.vectorised = !d.obstacle.has_value();
  if (d.obstacle) {
    line.expression = d.obstacle->expression.empty() ? name : d.obstacle->expression;
    line.place = d.obstacle->error.place();
    line.reason_zh = d.obstacle->error.message_zh();
    line.reason_en = d.obstacle->error.message_en();
  }
  return line;
}

const LoweredDecision& Lowerer::decision(uint32_t index) {
  const auto known = decisions_.find(index);
  if (known != decisions_.end()) return known->second;
  // A cycle gives null, as in the scalar engine, only after it was entered: row by row.
  LoweredDecision& entry = decisions_[index];
  entry.element = index;
  LoweredDecision made;
  lower_decision(index, &made);
  entry = std::move(made);
  order_.push_back(index);
  return entry;
}

}  // namespace yipan::rules::columns
