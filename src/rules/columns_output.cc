// Rows of a batch as values for the scalar engine, and results as columns.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "rules/cases_inputs.h"
#include "rules/cases_value.h"
#include "rules/columns_plan.h"
#include "rules/temporal.h"

namespace yipan::rules::columns {
namespace {

Value value_at(const Column& column, const ColumnInput& input, size_t row) {
  if (column.is_null(row)) return Value();
  switch (input.type) {
    case yipan::Type::boolean:
      return Value::boolean(column.int_at(row) != 0);
    case yipan::Type::integer:
      return Value::number(Decimal::from_scaled(column.int_at(row), input.scale));
    case yipan::Type::real:
      if (!std::isfinite(column.real_at(row))) return Value();
      return Value::number(Decimal::from_double(column.real_at(row)));
    case yipan::Type::text:
      return Value::string(column.bytes_at(row));
    case yipan::Type::date:
      return Value::date(Date::from_days(column.int_at(row)));
    default: {
      constexpr int64_t kMicros = 1'000'000;
      const int64_t micros = column.int_at(row);
      return Value::date_time({floor_div(micros, kMicros),
                               static_cast<int32_t>(floor_mod(micros, kMicros) * 1000),
                               Zone::offset_seconds(0)});
    }
  }
}

// False if the value does not fit the column.
bool append_value(const Value& v, const ColumnOutput& spec, Column* out) {
  if (v.is_null()) {
    out->append_null();
    return true;
  }
  std::optional<int64_t> units;
  switch (spec.type) {
    case yipan::Type::boolean:
      if (v.is(Kind::boolean)) units = v.as_boolean() ? 1 : 0;
      break;
    case yipan::Type::integer:
      if (v.is(Kind::number)) units = v.as_number().to_scaled(spec.scale);
      if (v.is(Kind::months_duration)) units = v.as_months();
      if (v.is(Kind::days_duration) && v.as_duration().nanos == 0) units = v.as_duration().seconds;
      break;
    case yipan::Type::date:
      if (v.is(Kind::date)) units = v.as_date().days();
      break;
    case yipan::Type::real:
      if (!v.is(Kind::number)) return false;
      out->append_real(v.as_number().to_double());
      return true;
    case yipan::Type::text:
      if (v.is(Kind::string)) {
        out->append_bytes(v.as_string());
      } else {
        const bool json = v.is(Kind::list) || v.is(Kind::context);
        out->append_bytes(json ? v.to_json() : v.to_string());
      }
      return true;
    default:
      return false;
  }
  if (units) out->append_int(*units);
  return units.has_value();
}

Error misfit(const Value& v, const ColumnOutput& spec, size_t row) {
  const std::string text = v.to_string();
  return Error("rules.columns.value")
      .zh(fmt::format("结果 {} 放不进列（{}，小数 {} 位）", text, yipan::to_string(spec.type),
                      spec.scale))
      .en(fmt::format("the result {} does not fit its column ({}, scale {})", text,
                      yipan::to_string(spec.type), spec.scale))
      .row(row + 1)
      .column(spec.name)
      .remedy("请把这一列的类型改为 text，文本没有范围限制",
              "ask for this column as text, which has no range");
}

// A column of texts holds 4 GiB.
Result<void> check_room(const Column& out, const ColumnOutput& spec, size_t row) {
  constexpr size_t kRoom = size_t{1} << 27;  // for what one value may add
  if (out.bytes().size() <= UINT32_MAX - kRoom) return {};
  return fail(Error("rules.columns.size")
                  .zh("文本列的总长超过 4 GiB")
                  .en("a column of texts is longer than 4 GiB")
                  .row(row + 1)
                  .column(spec.name)
                  .remedy("请分批求值，或用 sink 逐批接收结果",
                          "evaluate fewer rows at a time, or take the results by a sink"));
}

Value value_of(const RegInfo& info, const Vec& v, const Runner& runner, size_t i) {
  if (info.rep == Rep::none || !v.valid_at(i)) return Value();
  switch (info.rep) {
    case Rep::boolean:
      return v.truth_at(i) == 1 ? Value() : Value::boolean(v.truth_at(i) == 2);
    case Rep::integer:
      return Value::number(Decimal::from_scaled(v.wide_at(i), info.scale));
    case Rep::decimal:
      return Value::number(v.decimal_at(i));
    case Rep::text:
      return Value::string(runner.text(v.wide_at(i)));
    case Rep::date:
      return Value::date(Date::from_days(v.wide_at(i)));
    case Rep::days:
      return Value::duration({v.wide_at(i) * info.unit, 0});
    default:
      return Value::months(v.wide_at(i));
  }
}

// One output of one block.
class Writer {
 public:
  Writer(const ColumnPlan::Data& plan, const Variant& variant, const Runner& runner,
         RowEvaluator* rows, size_t first, size_t output, Column* out)
      : spec_(plan.outputs[output]),
        path_(plan.paths[output]),
        source_(variant.sources[output]),
        info_(source_.reg != kNone ? &variant.program.regs[source_.reg] : nullptr),
        runner_(runner),
        rows_(rows),
        first_(first),
        out_(out) {}

  Result<void> run() {
    if (runner_.any_left() || info_ == nullptr || !plain()) return by_value();
    const Vec& v = runner_.at(source_.reg);
    if (info_->rep == Rep::boolean) {
      booleans(v);
    } else if (info_->rep == Rep::text) {
      return texts(v);
    } else {
      integers(v);
    }
    return {};
  }

  Value value(size_t i) {
    if (runner_.left(i)) return rows_->evaluate(first_ + i, path_);
    if (info_ != nullptr) return value_of(*info_, runner_.at(source_.reg), runner_, i);
    if (source_.scalar == kNone) return Value();
    Value v = runner_.scalar(source_.scalar)[i];
    return path_.members.empty() ? v : member(std::move(v));
  }

 private:
  // The register holds what the column holds.
  bool plain() const {
    switch (info_->rep) {
      case Rep::boolean:
        return spec_.type == yipan::Type::boolean;
      case Rep::integer:
        return spec_.type == yipan::Type::integer && spec_.scale == info_->scale;
      case Rep::text:
        return spec_.type == yipan::Type::text;
      case Rep::date:
        return spec_.type == yipan::Type::date;
      case Rep::days:
      case Rep::months:
        return spec_.type == yipan::Type::integer;
      default:
        return false;
    }
  }

  void booleans(const Vec& v) {
    for (size_t i = 0; i < runner_.rows(); ++i) {
      const uint8_t t = v.truth_at(i);
      if (t == 1) {
        out_->append_null();
      } else {
        out_->append_int(t == 2 ? 1 : 0);
      }
    }
  }
  Result<void> texts(const Vec& v) {
    for (size_t i = 0; i < runner_.rows(); ++i) {
      if (v.valid_at(i)) {
        YIPAN_TRY(check_room(*out_, spec_, first_ + i));
        out_->append_bytes(runner_.text(v.wide_at(i)));
      } else {
        out_->append_null();
      }
    }
    return {};
  }
  void integers(const Vec& v) {
    const int64_t unit = info_->rep == Rep::days ? info_->unit : 1;
    for (size_t i = 0; i < runner_.rows(); ++i) {
      if (v.valid_at(i)) {
        out_->append_int(v.wide_at(i) * unit);
      } else {
        out_->append_null();
      }
    }
  }

  Value member(Value v) const {
    for (const std::string& name : path_.members) {
      const Value* next = v.is(Kind::context) ? v.find(name) : nullptr;
      if (next == nullptr) return Value();
      v = Value(*next);
    }
    return v;
  }

  Result<void> by_value() {
    for (size_t i = 0; i < runner_.rows(); ++i) {
      const Value v = value(i);
      YIPAN_TRY(check_room(*out_, spec_, first_ + i));
      if (!append_value(v, spec_, out_)) return fail(misfit(v, spec_, first_ + i));
    }
    return {};
  }

  const ColumnOutput& spec_;
  const OutputPath& path_;
  const Source& source_;
  const RegInfo* info_;
  const Runner& runner_;
  RowEvaluator* rows_;
  size_t first_;
  Column* out_;
};

}  // namespace

Result<void> write_block(const ColumnPlan::Data& plan, const Variant& variant, const Runner& runner,
                         RowEvaluator* rows, size_t first, Batch* out) {
  for (size_t o = 0; o < plan.outputs.size(); ++o) {
    YIPAN_TRY(Writer(plan, variant, runner, rows, first, o, &out->columns[o]).run());
  }
  return {};
}

Value block_value(const ColumnPlan::Data& plan, const Variant& variant, const Runner& runner,
                  RowEvaluator* rows, size_t first, size_t output, size_t i) {
  return Writer(plan, variant, runner, rows, first, output, nullptr).value(i);
}

RowEvaluator::RowEvaluator(const ColumnPlan::Data& plan)
    : plan_(plan),
      evaluator_(plan.model != nullptr ? Evaluator(plan.model, plan.options.evaluator)
                                       : Evaluator(plan.options.evaluator)) {
  if (plan.expression == nullptr) return;
  expression_ = Expression(plan.expression);
  const Function& f = plan.expression->program.functions[plan.expression->function];
  arguments_.resize(f.parameters.size());
}

void RowEvaluator::enter(size_t row) {
  if (row == row_) return;
  row_ = row;
  if (!expression_) evaluator_.clear();
  for (size_t i = 0; i < plan_.inputs.size(); ++i) {
    const uint32_t target = plan_.targets[i];
    if (target == kNone || !plan_.members[i].empty()) continue;
    Value v = value_at(in_->columns[i], plan_.inputs[i], row);
    if (expression_) {
      arguments_[target] = std::move(v);
    } else {
      evaluator_.set(target, std::move(v));
    }
  }
  if (plan_.model != nullptr) enter_members(row);
}

// Columns of the members of one input: its value is their context.
void RowEvaluator::enter_members(size_t row) {
  std::map<uint32_t, ValueTree> trees;
  for (size_t i = 0; i < plan_.inputs.size(); ++i) {
    if (plan_.targets[i] == kNone || plan_.members[i].empty()) continue;
    trees[plan_.targets[i]].at(plan_.members[i]) = value_at(in_->columns[i], plan_.inputs[i], row);
  }
  for (const auto& [element, tree] : trees) {
    const Type* type = plan_.model->data().elements[element].value_type;
    evaluator_.set(element, type != nullptr ? complete(tree.build(), *type) : tree.build());
  }
}

Value RowEvaluator::evaluate(size_t row, uint32_t element) {
  enter(row);
  return expression_ ? evaluator_.evaluate(*expression_, arguments_) : evaluator_.evaluate(element);
}

Value RowEvaluator::evaluate(size_t row, const OutputPath& path) {
  Value v = evaluate(row, path.element);
  for (const std::string& name : path.members) {
    const Value* next = v.is(Kind::context) ? v.find(name) : nullptr;
    if (next == nullptr) return Value();
    v = Value(*next);
  }
  return v;
}

}  // namespace yipan::rules::columns
