// Decision tables of vector programs (DMN 1.5, chapter 8): each input column gives every row a mask
// of the rules it lets through; what is left of their intersection is the hit.
#include <algorithm>
#include <numeric>

#include "rules/columns_lower.h"

namespace yipan::rules::columns {

// Results of the rules, and of the default row behind them: constants, or nodes to be evaluated.
struct Lowerer::Rows {
  std::vector<std::vector<std::optional<Value>>> columns;  // by output, then by rule
  bool constant = true;
  bool has_default = false;
};

Result<Lowerer::Rows> Lowerer::read_rows(const Table& table, uint32_t) {
  Rows rows;
  rows.has_default = table.has_default;
  const size_t count = table.outputs.size();
  for (size_t o = 0; o < count; ++o) {
    const Table::Output& output = table.outputs[o];
    std::vector<std::optional<Value>> column;
    const auto add = [&](uint32_t result) {
      auto v = constant_of(result);
      if (v && output.type != nullptr && !output.type->is_any()) {
        v = machine_.convert(*v, *output.type, result);
      }
      rows.constant = rows.constant && v.has_value();
      column.push_back(std::move(v));
    };
    for (size_t r = 0; r < table.rules.size(); ++r) add(table.results[r * count + o]);
    if (table.has_default) {
      if (output.default_node == kNone) {
        column.emplace_back(Value());
      } else {
        add(output.default_node);
      }
    }
    rows.columns.push_back(std::move(column));
  }
  return rows;
}

namespace {

// The place of a value among the output values: earlier is more important (8.2.10).
size_t place_of(const Value& value, const std::vector<Value>& order) {
  for (size_t i = 0; i < order.size(); ++i) {
    if (matches(value, order[i]) == Tri::yes) return i;
  }
  return order.size();
}

}  // namespace

// The rules in the order in which the first hit is the result.
Result<std::vector<uint32_t>> Lowerer::rule_order(const Table& table, const Rows& rows,
                                                  uint32_t node) {
  std::vector<uint32_t> order(table.rules.size());
  std::iota(order.begin(), order.end(), 0U);
  if (table.policy == HitPolicy::priority) {
    std::vector<std::vector<size_t>> ranks(order.size());
    for (size_t o = 0; o < table.outputs.size(); ++o) {
      std::vector<Value> values;
      for (uint32_t v : table.outputs[o].order) {
        auto fixed = constant_of(v);
        if (!fixed) {
          return fail(obstacle(v, "输出值不是常数", "the output values are not constant"));
        }
        values.push_back(std::move(*fixed));
      }
      if (values.empty()) continue;
      for (size_t r = 0; r < order.size(); ++r) {
        const auto own = constant_of(table.results[r * table.outputs.size() + o]);
        if (!own) {
          return fail(obstacle(node, "优先策略的输出不是常数",
                               "outputs under the policy PRIORITY are not constant"));
        }
        ranks[r].push_back(place_of(*own, values));
      }
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return ranks[a] < ranks[b]; });
  }
  if (table.policy == HitPolicy::min || table.policy == HitPolicy::max) {
    const auto& column = rows.columns[0];
    const bool up = table.policy == HitPolicy::min;
    for (uint32_t r : order) {
      if (!rules::compare(*column[r], *column[0])) {
        return fail(obstacle(node, "输出不可比较", "the outputs cannot be compared"));
      }
    }
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      return up ? *rules::compare(*column[a], *column[b]) < 0
                : *rules::compare(*column[a], *column[b]) > 0;
    });
  }
  return order;
}

// Lowers the inputs; the result is false where one of them is not among its allowed values, or
// kNone if there are no such.
Result<Reg> Lowerer::table_inputs(const Table& table, VTable* out, uint32_t) {
  Reg allowed = kNone;
  for (const Table::Input& in : table.inputs) {
    YIPAN_ASSIGN(const Reg r, value(in.node));
    frame_[in.slot] = Lowered(r);
    out->inputs.push_back(r);
    if (in.values == kNone || rep(r) == Rep::none) continue;
    YIPAN_ASSIGN(const Reg good, truth(in.values));
    const Reg fine =
        either(opposite(present(r)),
               emit({.op = VOp::select, .a = good, .b = constant_truth(2), .c = constant_truth(0)},
                    Rep::boolean));
    allowed = allowed == kNone ? fine : both(allowed, fine);
  }
  return allowed;
}

namespace {

// TableRun::test for a cell that is constant.
bool lets_through(const Cell& cell, const Value& input) {
  Tri result = Tri::yes;
  switch (cell.type) {
    case Cell::Type::any:
    case Cell::Type::general:
      return true;
    case Cell::Type::equal:
      result = equal(input, cell.value);
      break;
    case Cell::Type::range:
      result = in_range(input, cell.value);
      break;
    case Cell::Type::one_of:
      result = Tri::no;
      for (const Value& v : cell.value.as_list()) result = either(result, matches(input, v));
      break;
  }
  if (cell.value.is_true() && !input.is(Kind::boolean) && !input.is_null()) result = Tri::yes;
  return (cell.negated ? negate(result) : result) == Tri::yes;
}

}  // namespace

Result<uint32_t> Lowerer::table_column(const Table& table, size_t column, Reg input,
                                       const std::vector<uint32_t>& order, VTable* out,
                                       uint32_t node) {
  std::vector<Operand> operands;
  for (uint32_t bit = 0; bit < order.size(); ++bit) {
    const Cell& cell = table.cell(order[bit], column);
    if (cell.type == Cell::Type::any) continue;
    if (cell.type == Cell::Type::general) {
      YIPAN_ASSIGN(const Reg fits, truth(cell.node));
      out->general.push_back({bit, fits});
    } else {
      operands.push_back({&cell.value, bit});
    }
  }
  const auto answer = [&table, column, order](const Value& v, uint32_t bit) {
    return lets_through(table.cell(order[bit], column), v);
  };
  return classifier(input, static_cast<uint32_t>(order.size()), operands, answer, node);
}

namespace {

std::vector<uint32_t> groups_of(const std::vector<std::vector<std::optional<Value>>>& columns,
                                size_t rules) {
  std::vector<uint32_t> groups(rules);
  for (uint32_t r = 0; r < rules; ++r) {
    groups[r] = r;
    for (uint32_t s = 0; s < r; ++s) {
      const bool same = std::all_of(columns.begin(), columns.end(), [&](const auto& column) {
        return equal(*column[s], *column[r]) == Tri::yes;
      });
      if (!same) continue;
      groups[r] = groups[s];
      break;
    }
  }
  return groups;
}

bool gives_list(HitPolicy policy) {
  return policy == HitPolicy::rule_order || policy == HitPolicy::output_order ||
         policy == HitPolicy::collect;
}

bool needs_constants(HitPolicy policy) {
  return policy == HitPolicy::any || policy == HitPolicy::sum || policy == HitPolicy::min ||
         policy == HitPolicy::max;
}

}  // namespace

Result<Lowered> Lowerer::table(uint32_t index, uint32_t node) {
  const Table& t = *program_.tables[index];
  if (gives_list(t.policy)) {
    return fail(obstacle(node, "结果是列表的决策表逐行求值",
                         "a table whose result is a list is evaluated row by row"));
  }
  VTable vector;
  YIPAN_ASSIGN(const Reg allowed, table_inputs(t, &vector, node));
  YIPAN_ASSIGN(const Rows rows, read_rows(t, node));
  const bool checked = std::any_of(t.outputs.begin(), t.outputs.end(),
                                   [](const auto& o) { return o.values != kNone; });
  if (needs_constants(t.policy) && (!rows.constant || checked)) {
    return fail(obstacle(node, "此命中策略下，输出须为常数且不限定输出值，否则逐行求值",
                         "under this hit policy outputs must be constants without allowed "
                         "values, else it is evaluated row by row"));
  }
  const bool extreme = t.policy == HitPolicy::min || t.policy == HitPolicy::max;
  if (extreme && t.outputs.size() != 1) {
    return fail(obstacle(node, "多个输出的汇总逐行求值",
                         "an aggregation of several outputs is made row by row"));
  }
  YIPAN_ASSIGN(const std::vector<uint32_t> order, rule_order(t, rows, node));
  vector.rules = static_cast<uint32_t>(order.size());
  vector.words = std::max<uint32_t>(1, (vector.rules + 63) / 64);
  for (size_t c = 0; c < t.inputs.size(); ++c) {
    YIPAN_ASSIGN(const uint32_t k, table_column(t, c, vector.inputs[c], order, &vector, node));
    vector.classifiers.push_back(k);
  }
  for (uint32_t r : order) vector.amounts.push_back(r);
  if (order.empty()) vector.amounts.push_back(0);
  if (t.has_default) {
    vector.otherwise_null = false;
    vector.otherwise = vector.rules;
  }
  Lowered result;
  if (t.policy == HitPolicy::sum || t.policy == HitPolicy::count) {
    YIPAN_ASSIGN(result, aggregate(t, &vector, rows, node));
  } else {
    vector.finish = t.policy == HitPolicy::unique ? VTable::Finish::unique
                    : t.policy == HitPolicy::any  ? VTable::Finish::any
                                                  : VTable::Finish::first;
    if (t.policy == HitPolicy::any) vector.groups = groups_of(rows.columns, order.size());
    out_->tables.push_back(std::move(vector));
    const Reg hit = emit({.op = VOp::table, .aux = static_cast<uint32_t>(out_->tables.size() - 1)},
                         Rep::integer);
    YIPAN_ASSIGN(result, table_rows(t, hit, rows, node));
  }
  if (allowed == kNone) return result;
  return select(allowed, result, Lowered(kNull), node);
}

Result<Lowered> Lowerer::aggregate(const Table& table, VTable* vector, const Rows& rows,
                                   uint32_t node) {
  const bool sum = table.policy == HitPolicy::sum;
  int scale = 0;
  vector->finish = sum ? VTable::Finish::sum : VTable::Finish::count;
  vector->otherwise_null = sum || table.has_default;
  vector->otherwise = 0;
  if (table.outputs.size() != 1 && (sum || table.has_default)) {
    return fail(obstacle(node, "多个输出的汇总逐行求值",
                         "an aggregation of several outputs is made row by row"));
  }
  if (sum) {
    std::vector<Reg> amounts;
    for (size_t r = 0; r < table.rules.size(); ++r) {
      const Value& v = *rows.columns[0][r];
      const auto constant_amount = v.is(Kind::number) ? constant(v, node) : constant(Value(), node);
      const bool plain = constant_amount && rep(*constant_amount) == Rep::integer;
      if (!plain) {
        return fail(obstacle(node, "求和的输出须为数", "the outputs to sum are not plain numbers"));
      }
      amounts.push_back(*constant_amount);
      scale = std::max(scale, info(*constant_amount).scale);
    }
    __int128 total = 0;
    for (size_t r = 0; r < amounts.size(); ++r) {
      const auto scaled = to_scale(amounts[r], scale);
      if (scaled)
        total += info(*scaled).wide < 0 ? -static_cast<__int128>(info(*scaled).wide)
                                        : info(*scaled).wide;
      if (!scaled || total > INT64_MAX) {
        return fail(obstacle(node, "合计可能超出范围", "the sum may leave the range"));
      }
      vector->amounts[r] = info(*scaled).wide;
    }
  }
  out_->tables.push_back(std::move(*vector));
  Reg total = emit({.op = VOp::table, .aux = static_cast<uint32_t>(out_->tables.size() - 1)},
                   Rep::integer, scale);
  if (decimals_) total = to_decimal(total);
  if (!table.has_default) return Lowered(total);
  const auto& otherwise = rows.columns[0].back();
  if (!otherwise) {
    return fail(obstacle(node, "缺省输出不是常数", "the default output is not constant"));
  }
  YIPAN_ASSIGN(const Reg value_of_default, constant(*otherwise, node));
  return select(present(total), Lowered(total), Lowered(value_of_default), node);
}

Result<Lowered> Lowerer::table_rows(const Table& table, Reg hit, const Rows& rows, uint32_t node) {
  if (table.outputs.size() == 1) return output_column(table, 0, hit, rows, node);
  auto members = std::make_shared<Lowered::Members>();
  for (size_t o = 0; o < table.outputs.size(); ++o) {
    YIPAN_ASSIGN(Lowered column, output_column(table, o, hit, rows, node));
    members->entries.emplace_back(table.outputs[o].name, std::move(column));
  }
  members->present = present(hit);
  Lowered out;
  out.context = std::move(members);
  return out;
}

Result<Lowered> Lowerer::output_column(const Table& table, size_t output, Reg hit, const Rows& rows,
                                       uint32_t node) {
  constexpr size_t kExpressionsMax = 64;
  const Table::Output& o = table.outputs[output];
  const auto& column = rows.columns[output];
  std::vector<Value> constants;
  std::vector<std::pair<uint32_t, uint32_t>> others;  // row, node
  for (uint32_t r = 0; r < column.size(); ++r) {
    constants.push_back(column[r].value_or(Value()));
    if (column[r]) continue;
    others.emplace_back(r, r < table.rules.size() ? table.results[r * table.outputs.size() + output]
                                                  : o.default_node);
  }
  if (others.size() > kExpressionsMax) {
    return fail(obstacle(node, "太多输出是表达式", "too many outputs are expressions"));
  }
  YIPAN_ASSIGN(const Reg fixed, column_of_constants(constants, hit, node));
  Lowered result(fixed);
  for (const auto& [r, result_node] : others) {
    YIPAN_ASSIGN(Lowered own, lower(result_node));
    if (o.type != nullptr && !o.type->is_any()) {
      YIPAN_ASSIGN(own, convert(own, *o.type, result_node));
    }
    const Reg here = binary(VOp::equal, Rep::boolean, hit, constant_wide(Rep::integer, r));
    YIPAN_ASSIGN(result, select(here, own, result, result_node));
  }
  if (o.values == kNone) return result;
  // The default is not held against the allowed values.
  frame_[o.slot] = result;
  YIPAN_ASSIGN(Reg good, truth(o.values));
  if (rows.has_default) {
    good =
        either(good, binary(VOp::equal, Rep::boolean, hit,
                            constant_wide(Rep::integer, static_cast<int64_t>(table.rules.size()))));
  }
  return select(good, result, Lowered(kNull), node);
}

// The register of one type that holds all of them: typed as its result is, none if there is none.
Result<RegInfo> Lowerer::common_shape(const std::vector<Reg>& regs, uint32_t node) {
  RegInfo shape;
  for (const Reg r : regs) {
    const RegInfo& own = info(r);
    if (own.rep == Rep::none) continue;
    if (shape.rep == Rep::none) {
      shape = own;
    } else if (is_number(own.rep) && is_number(shape.rep)) {
      if (own.rep == Rep::decimal) shape.rep = Rep::decimal;
      shape.scale = std::max(shape.scale, own.scale);
    } else if (own.rep != shape.rep) {
      return fail(obstacle(node, "输出的类型不一", "the outputs are of several types"));
    }
    shape.unit = std::min(shape.unit, own.unit);
  }
  for (const Reg r : regs) {
    if (shape.rep == Rep::integer && rep(r) == Rep::integer && !to_scale(r, shape.scale)) {
      shape.rep = Rep::decimal;
    }
  }
  if (shape.rep == Rep::decimal) shape.scale = 0;
  return shape;
}

Result<Reg> Lowerer::column_of_constants(const std::vector<Value>& values, Reg index,
                                         uint32_t node) {
  std::vector<Reg> regs;
  for (const Value& v : values) {
    YIPAN_ASSIGN(const Reg r, constant(v, node));
    regs.push_back(r);
  }
  YIPAN_ASSIGN(const RegInfo shape, common_shape(regs, node));
  if (shape.rep == Rep::none) return kNull;
  Constants column;
  for (const Reg r : regs) {
    const bool missing = rep(r) == Rep::none;
    column.valid.push_back(missing ? 0 : 1);
    if (shape.rep == Rep::decimal) {
      column.decimals.push_back(missing ? Decimal() : info(to_decimal(r)).decimal);
    } else if (shape.rep == Rep::boolean) {
      column.bytes.push_back(missing ? uint8_t{1} : info(r).tri);
    } else if (missing) {
      column.wide.push_back(0);
    } else if (shape.rep == Rep::integer) {
      column.wide.push_back(info(*to_scale(r, shape.scale)).wide);
    } else {
      column.wide.push_back(info(shape.rep == Rep::days ? to_unit(r, shape.unit) : r).wide);
    }
  }
  out_->constants.push_back(std::move(column));
  return emit(
      {.op = VOp::look_up, .a = index, .aux = static_cast<uint32_t>(out_->constants.size() - 1)},
      shape.rep, shape.scale, shape.unit);
}

}  // namespace yipan::rules::columns
