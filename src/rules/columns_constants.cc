// Constants of a vector program.
#include "rules/columns_lower.h"

namespace yipan::rules::columns {

Reg Lowerer::constant_wide(Rep rep_of, int64_t value, int scale, int64_t unit) {
  const auto key = std::make_tuple(rep_of, value, scale, unit);
  if (const auto known = wides_.find(key); known != wides_.end()) return known->second;
  RegInfo made;
  made.rep = rep_of;
  made.scale = scale;
  made.unit = unit;
  made.constant = true;
  made.wide = value;
  out_->regs.push_back(made);
  const auto r = static_cast<Reg>(out_->regs.size() - 1);
  wides_.emplace(key, r);
  return r;
}

Reg Lowerer::constant_truth(uint8_t tri) {
  const auto key = std::make_tuple(Rep::boolean, int64_t{tri}, 0, int64_t{1});
  if (const auto known = wides_.find(key); known != wides_.end()) return known->second;
  RegInfo made;
  made.rep = Rep::boolean;
  made.constant = true;
  made.tri = tri;
  out_->regs.push_back(made);
  const auto r = static_cast<Reg>(out_->regs.size() - 1);
  wides_.emplace(key, r);
  return r;
}

Reg Lowerer::constant_decimal(Decimal value) {
  RegInfo made;
  made.rep = Rep::decimal;
  made.constant = true;
  made.decimal = value;
  out_->regs.push_back(made);
  return static_cast<Reg>(out_->regs.size() - 1);
}

int64_t Lowerer::literal(std::string_view text) {
  if (const auto known = literals_.find(text); known != literals_.end()) return known->second;
  const auto code = static_cast<int64_t>(out_->literals.size());
  out_->literals.emplace_back(text);
  literals_.emplace(std::string(text), code);
  return code;
}

Result<Reg> Lowerer::constant(const Value& value, uint32_t node) {
  switch (value.kind()) {
    case Kind::null:
      return kNull;
    case Kind::boolean:
      return constant_truth(value.as_boolean() ? 2 : 0);
    case Kind::number: {
      const Decimal d = value.as_number();
      for (int scale = 0; scale <= kScaleMax && !decimals_; ++scale) {
        if (const auto units = d.to_scaled(scale)) {
          return constant_wide(Rep::integer, *units, scale);
        }
      }
      return constant_decimal(d);
    }
    case Kind::string:
      return constant_wide(Rep::text, literal(value.as_string()));
    case Kind::date:
      return constant_wide(Rep::date, value.as_date().days());
    case Kind::months_duration:
      return constant_wide(Rep::months, value.as_months());
    case Kind::days_duration: {
      const DaysDuration d = value.as_duration();
      if (d.nanos != 0) {
        return fail(obstacle(node, "不满一秒的时长逐行求值",
                             "durations with fractions of a second are evaluated row by row"));
      }
      constexpr int64_t kDay = 86'400;
      return d.seconds % kDay == 0 ? constant_wide(Rep::days, d.seconds / kDay, 0, kDay)
                                   : constant_wide(Rep::days, d.seconds);
    }
    default:
      return fail(obstacle(node, "列不能存放这类值（时间、区间、列表、上下文、函数）",
                           "columns do not hold such values (times, ranges, lists, contexts, "
                           "functions)"));
  }
}

// What the compiler did not fold: lists and ranges of constants, which stand in tests.
std::optional<Value> Lowerer::constant_of(uint32_t node) const {
  const Node& n = program_.nodes[node];
  if (n.code == Code::constant) return program_.constants[n.a];
  if (n.code != Code::list) return std::nullopt;
  std::vector<Value> values;
  for (uint32_t i = 0; i < n.count; ++i) {
    auto v = constant_of(program_.kids[n.a + i]);
    if (!v) return std::nullopt;
    values.push_back(std::move(*v));
  }
  return Value::list(std::move(values));
}

}  // namespace yipan::rules::columns
