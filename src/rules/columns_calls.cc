// Calls in vector programs: built-in functions that have a vector form, functions of one string
// (computed once for each string), knowledge models (put in place of the call).
#include <algorithm>

#include "rules/builtins.h"
#include "rules/columns_lower.h"

namespace yipan::rules::columns {

using Rounding = Decimal::Rounding;

namespace {

std::optional<Rounding> rounding_of(std::string_view name) {
  static constexpr std::pair<std::string_view, Rounding> kNames[] = {
      {"decimal", Rounding::half_even},        {"floor", Rounding::floor},
      {"ceiling", Rounding::ceiling},          {"round up", Rounding::up},
      {"round down", Rounding::down},          {"round half up", Rounding::half_up},
      {"round half down", Rounding::half_down}};
  for (const auto& [n, mode] : kNames) {
    if (n == name) return mode;
  }
  return std::nullopt;
}

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Result<Lowered> Lowerer::call_builtin(const Node& n, uint32_t node) {
  const std::string_view name = builtins()[n.b].name;
  if (const auto mode = rounding_of(name)) return call_rounding(n, node, *mode);
  if (one_of(name, {"abs", "modulo", "sqrt", "log", "exp", "odd", "even", "not"})) {
    return call_number(name, n, node);
  }
  if (one_of(name, {"min", "max", "sum", "mean"})) return call_list(name, n, node);
  if (name == "list contains") return list_contains(n, node);
  const bool of_dates = one_of(name, {"years and months duration", "day of year", "day of week",
                                      "month of year", "week of year"});
  if (of_dates || (name == "date" && n.count == 3)) return call_date(name, n, node);
  if (one_of(name, {"string length", "upper case", "lower case", "substring", "substring before",
                    "substring after", "contains", "starts with", "ends with", "matches", "replace",
                    "string", "number", "date", "duration"})) {
    return call_text(n, node);
  }
  return fail(obstacle(node, "此函数没有列形式，逐行求值",
                       "this function has no form for columns: row by row"));
}

Result<Reg> Lowerer::call_rounding(const Node& n, uint32_t node, Rounding mode) {
  constexpr int64_t kScaleLimit = 34;
  const uint32_t* kids = &program_.kids[n.a];
  int64_t scale = 0;
  if (n.extra > 1) {
    const auto fixed = constant_of(kids[1]);
    const auto whole =
        fixed && fixed->is(Kind::number) ? fixed->as_number().floor().to_int64() : std::nullopt;
    if (!whole || *whole > kScaleLimit || *whole < -kScaleLimit) {
      return fail(
          obstacle(node, "保留位数不是常数，逐行求值", "the scale is not a constant: row by row"));
    }
    scale = *whole;
  }
  const Node& operand = program_.nodes[kids[0]];
  if (operand.code == Code::divide) {
    YIPAN_ASSIGN(const Reg a, value(operand.a));
    YIPAN_ASSIGN(const Reg b, value(operand.b));
    if (const auto q = round_quotient(a, b, static_cast<int>(scale), mode)) return *q;
  }
  YIPAN_ASSIGN(const Reg r, value(kids[0]));
  return is_number(rep(r)) ? round(r, static_cast<int>(scale), mode) : kNull;
}

Result<Reg> Lowerer::call_number(std::string_view name, const Node& n, uint32_t node) {
  const uint32_t* kids = &program_.kids[n.a];
  YIPAN_ASSIGN(Reg a, value(kids[0]));
  if (name == "not") return rep(a) == Rep::boolean ? opposite(a) : kNull;
  if (name == "abs") {
    if (rep(a) == Rep::decimal) {
      return emit({.op = VOp::decimal_absolute, .a = a}, Rep::decimal);
    }
    if (rep(a) != Rep::integer && rep(a) != Rep::days && rep(a) != Rep::months) return kNull;
    const RegInfo shape = info(a);
    return emit({.op = VOp::absolute, .a = a}, shape.rep, shape.scale, shape.unit);
  }
  if (!is_number(rep(a))) return kNull;
  if (name == "modulo") {
    YIPAN_ASSIGN(Reg b, value(kids[1]));
    if (!is_number(rep(b))) return kNull;
    align_numbers(&a, &b);
    if (rep(a) == Rep::integer) return binary(VOp::modulo, Rep::integer, a, b, info(a).scale);
    return binary(VOp::decimal_modulo, Rep::decimal, a, b);
  }
  if (name == "odd" || name == "even") {
    if (rep(a) != Rep::integer || info(a).scale != 0) {
      return fail(
          obstacle(node, "不一定是整数，逐行求值", "it may not be a whole number: row by row"));
    }
    const Reg rest = binary(VOp::modulo, Rep::integer, a, constant_wide(Rep::integer, 2));
    return binary(VOp::equal, Rep::boolean, rest,
                  constant_wide(Rep::integer, name == "odd" ? 1 : 0));
  }
  const VOp op = name == "sqrt"  ? VOp::decimal_sqrt
                 : name == "log" ? VOp::decimal_log
                                 : VOp::decimal_exp;
  return emit({.op = op, .a = to_decimal(a)}, Rep::decimal);
}

// The items of a function that takes a list or its items one by one.
Result<std::vector<Reg>> Lowerer::items(const Node& n, uint32_t) {
  std::vector<uint32_t> nodes(program_.kids.begin() + n.a, program_.kids.begin() + n.a + n.extra);
  if (nodes.size() == 1 && program_.nodes[nodes[0]].code == Code::list) {
    const Node& list = program_.nodes[nodes[0]];
    nodes.assign(program_.kids.begin() + list.a, program_.kids.begin() + list.a + list.count);
  }
  std::vector<Reg> out;
  for (const uint32_t kid : nodes) {
    YIPAN_ASSIGN(const Reg r, value(kid));
    out.push_back(r);
  }
  return out;
}

Result<Reg> Lowerer::extreme(const std::vector<Reg>& all, bool largest, uint32_t node) {
  Reg best = all[0];
  if (rep(best) == Rep::none || rep(best) == Rep::boolean) return kNull;
  for (size_t i = 1; i < all.size(); ++i) {
    const bool numbers = is_number(rep(best)) && is_number(rep(all[i]));
    if (!numbers && rep(best) != rep(all[i])) return kNull;
    const Reg better = largest ? order(VOp::less, best, all[i]) : order(VOp::less, all[i], best);
    YIPAN_ASSIGN(const Lowered next, select(better, all[i], best, node, true));
    best = next.reg;
  }
  return best;
}

Result<Reg> Lowerer::call_list(std::string_view name, const Node& n, uint32_t node) {
  YIPAN_ASSIGN(const std::vector<Reg> all, items(n, node));
  if (all.empty()) return kNull;
  if (name == "min" || name == "max") return extreme(all, name == "max", node);
  const bool numbers =
      std::all_of(all.begin(), all.end(), [this](Reg r) { return is_number(rep(r)); });
  if (!numbers) {
    if (rep(all[0]) != Rep::days && rep(all[0]) != Rep::months) return kNull;
    return fail(obstacle(node, "时长的合计逐行求值", "durations are summed row by row"));
  }
  Reg total = all[0];
  for (size_t i = 1; i < all.size(); ++i) {
    YIPAN_ASSIGN(total, add(total, all[i], false, node));
  }
  if (name == "sum") return total;
  Reg count = constant_wide(Rep::integer, static_cast<int64_t>(all.size()));
  if (rep(total) == Rep::decimal) count = to_decimal(count);
  return divide_numbers(total, count);
}

// list contains([...], x): true if any constant equals x; never null.
Result<Reg> Lowerer::list_contains(const Node& n, uint32_t node) {
  const uint32_t* kids = &program_.kids[n.a];
  const auto list = constant_of(kids[0]);
  if (!list || !list->is(Kind::list)) {
    return fail(obstacle(node, "列表不是常数，逐行求值", "the list is not constant: row by row"));
  }
  YIPAN_ASSIGN(const Reg x, value(kids[1]));
  const auto has = [list = *list](const Value& v) {
    const auto all = list.as_list();
    return std::any_of(all.begin(), all.end(),
                       [&](const Value& item) { return equal(item, v) == Tri::yes; });
  };
  if (rep(x) == Rep::none) return constant_truth(has(Value()) ? 2 : 0);
  const auto answer = [has](const Value& v, uint32_t bit) { return bit == 1 && has(v); };
  YIPAN_ASSIGN(const uint32_t index, classifier(x, 2, {{&*list, 1}}, answer, node));
  return emit({.op = VOp::test, .a = x, .aux = index}, Rep::boolean);
}

Reg Lowerer::date_part(Reg date, Part part) {
  const Reg r =
      emit({.op = VOp::date_part, .a = date, .imm = static_cast<int64_t>(part)}, Rep::integer);
  return decimals_ ? to_decimal(r) : r;
}

// The name number `index` of a list, counted from 1.
Reg Lowerer::names_of(Reg index, const std::vector<std::string_view>& names) {
  Constants column;
  column.wide.push_back(0);
  column.valid.push_back(0);
  for (const std::string_view name : names) {
    column.wide.push_back(literal(name));
    column.valid.push_back(1);
  }
  out_->constants.push_back(std::move(column));
  return emit(
      {.op = VOp::look_up, .a = index, .aux = static_cast<uint32_t>(out_->constants.size() - 1)},
      Rep::text);
}

Result<Reg> Lowerer::call_date(std::string_view name, const Node& n, uint32_t node) {
  const uint32_t* kids = &program_.kids[n.a];
  YIPAN_ASSIGN(const Reg a, value(kids[0]));
  if (name == "date") {
    YIPAN_ASSIGN(const Reg b, value(kids[1]));
    YIPAN_ASSIGN(const Reg c, value(kids[2]));
    for (const Reg r : {a, b, c}) {
      if (rep(r) == Rep::integer && info(r).scale == 0) continue;
      return fail(obstacle(node, "年、月、日不都是整数列，逐行求值",
                           "year, month and day are not all whole numbers: row by row"));
    }
    return emit({.op = VOp::date_of_parts, .a = a, .b = b, .c = c}, Rep::date);
  }
  if (rep(a) != Rep::date) return kNull;
  if (name == "years and months duration") {
    YIPAN_ASSIGN(const Reg b, value(kids[1]));
    if (rep(b) != Rep::date) return kNull;
    return binary(VOp::months_between, Rep::months, a, b);
  }
  if (name == "day of year") return date_part(a, Part::day_of_year);
  if (name == "week of year") return date_part(a, Part::week);
  if (name == "day of week") {
    return names_of(emit({.op = VOp::date_part, .a = a, .imm = static_cast<int64_t>(Part::weekday)},
                         Rep::integer),
                    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"});
  }
  return names_of(
      emit({.op = VOp::date_part, .a = a, .imm = static_cast<int64_t>(Part::month)}, Rep::integer),
      {"January", "February", "March", "April", "May", "June", "July", "August", "September",
       "October", "November", "December"});
}

// A function of one string and constants.
Result<Reg> Lowerer::call_text(const Node& n, uint32_t node) {
  const Builtin& builtin = builtins()[n.b];
  Mapping mapping{n.b, n.c, n.extra, kNone, std::vector<Value>(n.count)};
  Reg text = kNull;
  for (uint32_t i = 0; i < n.count; ++i) {
    const uint32_t kid = program_.kids[n.a + i];
    if (kid == kNone) continue;
    if (const auto fixed = constant_of(kid)) {
      mapping.arguments[i] = *fixed;
      continue;
    }
    YIPAN_ASSIGN(const Reg r, value(kid));
    if (rep(r) == Rep::none && mapping.position == kNone) continue;
    if (rep(r) != Rep::text || mapping.position != kNone) {
      return fail(obstacle(node, "只有以一个字符串列和常数为参数时才有列形式，此处逐行求值",
                           "it has a form for columns only with one column of strings, and "
                           "constants: row by row"));
    }
    mapping.position = i;
    text = r;
  }
  if (mapping.position == kNone) {
    return constant(
        builtin.signatures[n.c].run({machine_, mapping.arguments, n.extra, 0, builtin.name}), node);
  }
  Rep result = Rep::text;
  if (builtin.returns == Returns::boolean) result = Rep::boolean;
  if (builtin.returns == Returns::number) result = Rep::decimal;
  if (builtin.name == "string length" && !decimals_) result = Rep::integer;
  if (builtin.returns == Returns::date) result = Rep::date;
  if (builtin.name == "duration") {
    return fail(obstacle(node, "由文本得出的时长逐行求值",
                         "durations read from text are evaluated row by row"));
  }
  out_->mappings.push_back(std::move(mapping));
  return emit(
      {.op = VOp::text_map, .a = text, .aux = static_cast<uint32_t>(out_->mappings.size() - 1)},
      result);
}

// A knowledge model: its body with the arguments for its parameters.
Result<Lowered> Lowerer::call_invocable(const Node& n, uint32_t node) {
  if (model_ == nullptr) return Lowered(kNull);
  const Element& e = model_->data().elements[n.b];
  if (e.type == Element::Type::service) {
    return fail(
        obstacle(node, "决策服务的调用逐行求值", "decision services are called row by row"));
  }
  if (e.function == kNone) return Lowered(kNull);
  const Function& f = program_.functions[e.function];
  if (f.parameters.size() != n.count) return Lowered(kNull);
  Frame frame;
  Reg refused = kNone;  // where an argument that is not null does not fit its parameter
  for (uint32_t i = 0; i < n.count; ++i) {
    YIPAN_ASSIGN(const Lowered given, lower(program_.kids[n.a + i]));
    const Type* type = i < f.parameter_types.size() ? f.parameter_types[i] : nullptr;
    Lowered taken = given;
    if (type != nullptr && !type->is_any()) {
      YIPAN_ASSIGN(taken, convert(given, *type, node));
    }
    frame[i] = taken;
    if (taken.context != nullptr || taken.reg == given.reg) continue;
    const Reg bad = both(present(given.reg), opposite(present(taken.reg)));
    refused = refused == kNone ? bad : either(refused, bad);
  }
  YIPAN_ASSIGN(Lowered result, run_function(e.function, std::move(frame)));
  if (f.result != nullptr && !f.result->is_any()) {
    YIPAN_ASSIGN(result, convert(result, *f.result, f.root));
  }
  if (refused == kNone) return result;
  return select(opposite(refused), result, Lowered(kNull), node);
}

Reg Lowerer::property(Reg object, Property p) {
  const auto number = [this](Reg r) { return decimals_ ? to_decimal(r) : r; };
  const auto cut = [this](Reg r, int64_t by) {
    return emit({.op = VOp::divide_constant, .mode = Rounding::down, .a = r, .imm = by},
                Rep::integer);
  };
  if (rep(object) == Rep::date) {
    if (p == Property::year) return date_part(object, Part::year);
    if (p == Property::month) return date_part(object, Part::month);
    if (p == Property::day) return date_part(object, Part::day);
    if (p == Property::weekday) return date_part(object, Part::weekday);
    return kNull;
  }
  if (rep(object) == Rep::months) {
    const Reg years = cut(object, 12);
    if (p == Property::years) return number(years);
    if (p != Property::months) return kNull;
    const Reg whole = binary(VOp::multiply, Rep::integer, years, constant_wide(Rep::integer, 12));
    return number(binary(VOp::subtract, Rep::integer, object, whole));
  }
  if (rep(object) == Rep::days) {
    if (p == Property::days) return number(cut(object, 86'400 / info(object).unit));
    // So many of a unit, less those that make up the next larger one.
    const auto rest = [&](int64_t unit, int64_t larger) {
      const Reg seconds = to_unit(object, 1);
      const Reg all = cut(seconds, unit);
      const Reg whole = binary(VOp::multiply, Rep::integer, cut(seconds, unit * larger),
                               constant_wide(Rep::integer, larger));
      return number(binary(VOp::subtract, Rep::integer, all, whole));
    };
    if (p == Property::hours) return rest(3600, 24);
    if (p == Property::minutes) return rest(60, 60);
    if (p == Property::seconds) return rest(1, 60);
  }
  return kNull;
}

}  // namespace yipan::rules::columns
