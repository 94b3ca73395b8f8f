// Comparisons, three-valued logic, tests and types in vector programs (DMN 1.5, tables 49 to 55).
#include <algorithm>

#include "rules/columns_lower.h"

namespace yipan::rules::columns {

Reg Lowerer::both(Reg a, Reg b) { return binary(VOp::and_, Rep::boolean, a, b); }
Reg Lowerer::either(Reg a, Reg b) { return binary(VOp::or_, Rep::boolean, a, b); }
Reg Lowerer::opposite(Reg a) { return emit({.op = VOp::not_, .a = a}, Rep::boolean); }

Reg Lowerer::present(Reg r) {
  if (rep(r) == Rep::none) return constant_truth(0);
  if (info(r).constant && rep(r) != Rep::boolean) return constant_truth(2);
  return emit({.op = VOp::present, .a = r}, Rep::boolean);
}

namespace {

bool same_type(Rep a, Rep b) { return a == b || (is_number(a) && is_number(b)); }

}  // namespace

// a OP b of two values of one type; unknown where either is null.
Reg Lowerer::order(VOp op, Reg a, Reg b) {
  align(&a, &b);
  if (rep(a) == Rep::decimal) {
    const VOp decimal = op == VOp::less         ? VOp::decimal_less
                        : op == VOp::less_equal ? VOp::decimal_less_equal
                                                : VOp::decimal_equal;
    return binary(decimal, Rep::boolean, a, b);
  }
  if (rep(a) == Rep::text && op != VOp::equal) {
    op = op == VOp::less ? VOp::text_less : VOp::text_less_equal;
  }
  if (rep(a) == Rep::boolean) op = VOp::same;
  return binary(op, Rep::boolean, a, b);
}

// a = b: null equals null and nothing else; values of different types have no answer.
Reg Lowerer::equality(Reg a, Reg b) {
  const Reg here = present(a), there = present(b);
  const Reg one = either(here, there);
  if (rep(a) == Rep::none || rep(b) == Rep::none) return opposite(one);
  const Reg two = both(here, there);
  const Reg same = same_type(rep(a), rep(b)) ? order(VOp::equal, a, b) : constant_truth(1);
  // Both present: what `same` says; one: false; none: true.
  const bool sure = info(here).constant && info(there).constant;
  if (sure) return same;
  const Reg otherwise = opposite(one);
  return emit({.op = VOp::select, .a = two, .b = same, .c = otherwise}, Rep::boolean);
}

Result<Reg> Lowerer::compare(Code code, Reg a, Reg b, uint32_t) {
  if (code == Code::equal) return equality(a, b);
  if (code == Code::not_equal) return opposite(equality(a, b));
  const Rep kind = rep(a);
  if (!same_type(kind, rep(b)) || kind == Rep::none || kind == Rep::boolean) {
    return constant_truth(1);
  }
  switch (code) {
    case Code::less:
      return order(VOp::less, a, b);
    case Code::less_equal:
      return order(VOp::less_equal, a, b);
    case Code::greater:
      return order(VOp::less, b, a);
    default:
      return order(VOp::less_equal, b, a);
  }
}

Result<Reg> Lowerer::between(const Node& n, uint32_t node) {
  const uint32_t* kids = &program_.kids[n.a];
  YIPAN_ASSIGN(const Reg v, value(kids[0]));
  YIPAN_ASSIGN(const Reg low, value(kids[1]));
  YIPAN_ASSIGN(const Reg high, value(kids[2]));
  YIPAN_ASSIGN(const Reg above, compare(Code::greater_equal, v, low, node));
  YIPAN_ASSIGN(const Reg below, compare(Code::less_equal, v, high, node));
  // Null if either comparison is, even where the other one fails.
  const Reg known = both(present(above), present(below));
  return emit({.op = VOp::select, .a = known, .b = both(above, below), .c = constant_truth(1)},
              Rep::boolean);
}

Result<Reg> Lowerer::in(const Node& n) {
  YIPAN_ASSIGN(const Lowered v, lower(n.a));
  frame_[n.c] = v;
  Reg result = constant_truth(0);
  for (uint32_t i = 0; i < n.count; ++i) {
    YIPAN_ASSIGN(const Reg t, truth(program_.kids[n.b + i]));
    result = i == 0 ? t : either(result, t);
  }
  return result;
}

Result<Reg> Lowerer::tests(const Node& n) {
  if (n.count == 0) return constant_truth(2);
  Reg result = constant_truth(0);
  for (uint32_t i = 0; i < n.count; ++i) {
    YIPAN_ASSIGN(const Reg t, truth(program_.kids[n.a + i]));
    result = i == 0 ? t : either(result, t);
  }
  return n.flags == 1 ? opposite(result) : result;
}

namespace {

Code code_of(Op op) {
  constexpr Code kCodes[] = {Code::equal,      Code::not_equal, Code::less,
                             Code::less_equal, Code::greater,   Code::greater_equal};
  return kCodes[static_cast<size_t>(op) - static_cast<size_t>(Op::equal)];
}

// The scalar engine's answer to one test with a constant operand (Machine::truth_test).
Tri answer_of(const Value& input, const Value& operand) {
  const Tri result = matches(input, operand);
  if (result == Tri::unknown && operand.is_true() && !input.is(Kind::boolean)) return Tri::yes;
  return result;
}

}  // namespace

// A constant list or range, of which every value is told apart by classes.
Result<Reg> Lowerer::test_value(Reg input, const Value& operand, uint32_t node) {
  if (rep(input) == Rep::none) {
    const Tri t = answer_of(Value(), operand);
    return constant_truth(t == Tri::unknown ? 1 : t == Tri::yes ? 2 : 0);
  }
  // Two bits that together are the truth value: 0 no, 1 unknown, 2 yes.
  const auto answer = [operand](const Value& v, uint32_t bit) {
    return answer_of(v, operand) == (bit == 0 ? Tri::unknown : Tri::yes);
  };
  YIPAN_ASSIGN(const uint32_t index,
               classifier(input, 2, {{&operand, 0}, {&operand, 1}}, answer, node));
  return emit({.op = VOp::test, .a = input, .aux = index}, Rep::boolean);
}

Result<Reg> Lowerer::test(const Node& n, uint32_t node) {
  const auto found = frame_.find(n.c);
  if (found == frame_.end() || found->second.context != nullptr) {
    return fail(obstacle(node, "此处的输入没有列形式", "this input has no column"));
  }
  const Reg input = found->second.reg;
  const Op op = static_cast<Op>(n.flags);
  if (op != Op::none) {
    YIPAN_ASSIGN(const Reg operand, value(n.a));
    return compare(code_of(op), input, operand, node);
  }
  const auto fixed = constant_of(n.a);
  if (fixed && (fixed->is(Kind::list) || fixed->is(Kind::range))) {
    return test_value(input, *fixed, node);
  }
  if (program_.nodes[n.a].code == Code::range) {
    return fail(obstacle(n.a, "界限不是常数的区间，逐行求值",
                         "a range whose bounds are not constant: row by row"));
  }
  YIPAN_ASSIGN(const Reg operand, value(n.a));
  const Reg same = equality(input, operand);
  if (rep(operand) != Rep::boolean || rep(input) == Rep::boolean) return same;
  // A test that is true by itself, without looking at the input.
  const Reg by_itself = both(operand, opposite(present(same)));
  return either(same, by_itself);
}

namespace {

Type::Form form_of_rep(Rep rep) {
  static constexpr Type::Form kForms[] = {Type::Form::null,          Type::Form::boolean,
                                          Type::Form::number,        Type::Form::number,
                                          Type::Form::string,        Type::Form::date,
                                          Type::Form::days_duration, Type::Form::months_duration};
  return kForms[static_cast<size_t>(rep)];
}

}  // namespace

Result<Reg> Lowerer::instance_of(const Node& n) {
  const Type& type = *program_.types[n.b];
  YIPAN_ASSIGN(const Reg v, value(n.a));
  if (type.is(Type::Form::null)) return opposite(present(v));
  if (type.is_any() || form_of_rep(rep(v)) == type.form) return present(v);
  return constant_truth(0);
}

// 10.3.2.9.4 for what columns hold: the same type passes, another gives null.
Result<Lowered> Lowerer::convert(const Lowered& v, const Type& type, uint32_t node) {
  if (type.is_any() && type.constraint == kNone) return v;
  if (v.context != nullptr) {
    YIPAN_ASSIGN(const Reg good, fits(v, type));
    return good == kNone ? v : select(good, v, Lowered(kNull), node);
  }
  if (rep(v.reg) == Rep::none) return v;
  const Type::Form own = form_of_rep(rep(v.reg));
  if (!type.is_any() && own != type.form) {
    if (type.is(Type::Form::list) || (type.is(Type::Form::date_time) && own == Type::Form::date)) {
      return fail(
          obstacle(node, "类型转换逐行进行", "this conversion of types is made row by row"));
    }
    return Lowered(kNull);
  }
  if (type.constraint == kNone) return v;
  const uint32_t root = program_.functions[type.constraint].root;
  YIPAN_ASSIGN(const Lowered allowed, run_function(type.constraint, {{0U, v}}));
  if (allowed.context != nullptr || rep(allowed.reg) != Rep::boolean) return Lowered(kNull);
  return select(allowed.reg, v, Lowered(kNull), root);
}

// Where a value inside a context, or the whole context, conforms to the type and its constraints
// (Machine::convert): a boolean, kNone if everywhere. Null conforms.
Result<Reg> Lowerer::fits(const Lowered& v, const Type& type) {
  if (v.context != nullptr) return fits_context(v, type);
  if (v.reg == kNone) return kNone;  // whoever uses it meets an obstacle
  if (rep(v.reg) == Rep::none || (type.is_any() && type.constraint == kNone)) return kNone;
  const Reg missing = opposite(present(v.reg));
  if (!type.is_any() && form_of_rep(rep(v.reg)) != type.form) return missing;
  if (type.constraint == kNone) return kNone;
  YIPAN_ASSIGN(const Lowered allowed, run_function(type.constraint, {{0U, v}}));
  if (allowed.context != nullptr || rep(allowed.reg) != Rep::boolean) return missing;
  return either(missing, both(allowed.reg, present(allowed.reg)));
}

Result<Reg> Lowerer::fits_context(const Lowered& v, const Type& type) {
  const Reg given = v.context->present;
  const auto or_missing = [&](Reg r) { return given == kNone ? r : either(opposite(given), r); };
  if (!type.is_any() && !type.is(Type::Form::context)) return or_missing(constant_truth(0));
  Reg all = kNone;
  for (const Type::Member& m : type.members) {
    const auto& entries = v.context->entries;
    const auto own = std::find_if(entries.begin(), entries.end(),
                                  [&m](const auto& entry) { return entry.first == m.name; });
    if (own == entries.end()) return or_missing(constant_truth(0));
    YIPAN_ASSIGN(const Reg good, fits(own->second, *m.type));
    if (good != kNone) all = all == kNone ? good : both(all, good);
  }
  if (type.constraint != kNone) {
    YIPAN_ASSIGN(const Lowered allowed, run_function(type.constraint, {{0U, v}}));
    const bool boolean = allowed.context == nullptr && rep(allowed.reg) == Rep::boolean;
    const Reg good = boolean ? both(allowed.reg, present(allowed.reg)) : constant_truth(0);
    all = all == kNone ? good : both(all, good);
  }
  return all == kNone ? kNone : or_missing(all);
}

}  // namespace yipan::rules::columns
