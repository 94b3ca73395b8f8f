#include "rules/cases_columns.h"

#include <algorithm>

#include "rules/cases_value.h"
#include "rules/columns_plan.h"

namespace yipan::rules {
namespace {

constexpr size_t kRowsMin = 256;  // below, compiling costs more than it saves

std::optional<yipan::Type> column_type(const Type& type) {
  switch (type.form) {
    case Type::Form::boolean:
      return yipan::Type::boolean;
    case Type::Form::number:
      return yipan::Type::integer;
    case Type::Form::string:
      return yipan::Type::text;
    case Type::Form::date:
      return yipan::Type::date;
    default:
      return std::nullopt;
  }
}

// One column of cells: values first, so that the scale of all numbers is known.
struct Cells {
  std::vector<Value> values;
  int scale = 0;

  // False if a number has no place in a column of integers.
  bool add(Value v) {
    if (v.is(Kind::number)) {
      int digits = scale;
      while (digits <= columns::kScaleMax && !v.as_number().to_scaled(digits)) ++digits;
      if (digits > columns::kScaleMax) return false;
      scale = digits;
    }
    values.push_back(std::move(v));
    return true;
  }

  bool write(Column* out) const {
    for (const Value& v : values) {
      if (v.is_null()) {
        out->append_null();
      } else if (v.is(Kind::number)) {
        const auto units = v.as_number().to_scaled(scale);
        if (!units) return false;
        out->append_int(*units);
      } else if (v.is(Kind::string)) {
        out->append_bytes(v.as_string());
      } else {
        out->append_int(v.is(Kind::date) ? v.as_date().days() : v.as_boolean() ? 1 : 0);
      }
    }
    return true;
  }
};

class Rows final : public ColumnRows {
 public:
  Rows(std::shared_ptr<const ColumnPlan::Data> plan, Batch batch, std::vector<size_t> outputs)
      : plan_(std::move(plan)), batch_(std::move(batch)), outputs_(std::move(outputs)) {}

  void each(const Visit& visit) override {
    columns::BlockWorker worker(*plan_, batch_);
    worker.visit([&](const columns::BlockWorker::Block& block) {
      for (size_t i = 0; i < block.rows(); ++i) {
        visit(block.first() + i, OneRow(block, i, outputs_));
      }
    });
  }

 private:
  class OneRow final : public Row {
   public:
    OneRow(const columns::BlockWorker::Block& block, size_t i, const std::vector<size_t>& outputs)
        : block_(block), i_(i), outputs_(outputs) {}
    Value value(size_t output) const override { return block_.value(outputs_[output], i_); }
    bool doubtful() const override { return block_.doubtful(i_); }

   private:
    const columns::BlockWorker::Block& block_;
    size_t i_;
    const std::vector<size_t>& outputs_;
  };

  std::shared_ptr<const ColumnPlan::Data> plan_;
  Batch batch_;
  std::vector<size_t> outputs_;  // the plan's, by the caller's
};

// The plan's output for each of the caller's; nothing if one is split up or missing.
std::optional<std::vector<size_t>> match(const ColumnPlan::Data& plan,
                                         const std::vector<ValuePath>& outputs) {
  std::vector<size_t> out;
  for (const ValuePath& wanted : outputs) {
    const auto same = [&](const columns::OutputPath& path) {
      return path.element == wanted.element && path.members == wanted.members;
    };
    const auto found = std::find_if(plan.paths.begin(), plan.paths.end(), same);
    if (found == plan.paths.end()) return std::nullopt;
    out.push_back(static_cast<size_t>(found - plan.paths.begin()));
  }
  return out;
}

bool suits(const Model& model, const RowInputs& inputs, const std::vector<ValuePath>& outputs,
           const std::vector<CsvRow>& rows) {
  if (rows.size() <= kRowsMin || inputs.size() == 0) return false;
  const auto& elements = model.data().elements;
  for (const RowInputs::Column& c : inputs.columns()) {
    if (elements[c.path.element].type != Element::Type::input) return false;
    if (!column_type(*c.path.type)) return false;
  }
  for (const ValuePath& path : outputs) {
    if (elements[path.element].type != Element::Type::decision) return false;
  }
  const size_t width = rows[0].fields.size();
  return std::all_of(rows.begin(), rows.end(),
                     [width](const CsvRow& row) { return row.fields.size() >= width; });
}

}  // namespace

Result<std::unique_ptr<ColumnRows>> column_rows(const std::shared_ptr<const Model>& model,
                                                const RowInputs& inputs,
                                                const std::vector<ValuePath>& outputs,
                                                const std::vector<CsvRow>& rows,
                                                std::string_view file,
                                                const EvaluatorOptions& options) {
  std::unique_ptr<ColumnRows> none;
  if (!suits(*model, inputs, outputs, rows)) return none;
  std::vector<Cells> cells(inputs.size());
  for (size_t row = 1; row < rows.size(); ++row) {
    for (size_t c = 0; c < inputs.size(); ++c) {
      const RowInputs::Column& column = inputs.columns()[c];
      auto v = value_of_text(rows[row].fields[column.index], *column.path.type, column.path.text);
      if (!v) return fail(Error(v.error()).file(file).row(rows[row].row));
      if (!cells[c].add(std::move(*v))) return none;
    }
  }
  std::vector<ColumnInput> given;
  std::vector<yipan::Type> types;
  for (size_t c = 0; c < inputs.size(); ++c) {
    const ValuePath& path = inputs.columns()[c].path;
    types.push_back(*column_type(*path.type));
    given.push_back({path.text, types.back(), cells[c].scale});
  }
  Batch batch(types);
  for (size_t c = 0; c < cells.size(); ++c) {
    if (!cells[c].write(&batch.columns[c])) return none;
    cells[c] = {};
  }
  std::vector<ColumnWanted> wanted;
  for (const ValuePath& path : outputs) wanted.push_back({path.element, std::nullopt, 0});
  if (wanted.empty()) return none;
  const auto plan = columns::compile_tracking(model, wanted, given, {false, options});
  if (!plan) return none;  // such as two columns for one input: the rows say it in their way
  auto matched = match(plan->data(), outputs);
  if (!matched) return none;
  return std::unique_ptr<ColumnRows>(
      std::make_unique<Rows>(plan->share(), std::move(batch), std::move(*matched)));
}

}  // namespace yipan::rules
