// Rows of inputs to rows of outcomes.
#include <fmt/format.h>

#include "rules/cases_columns.h"
#include "rules/cases_inputs.h"
#include "rules/cases_value.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

Result<std::vector<ValuePath>> wanted_decisions(const Model& model,
                                                const std::vector<std::string>& names) {
  std::vector<ValuePath> out;
  for (const std::string& name : names) {
    auto path = find_output(model, name);
    if (!path || !path->members.empty()) return fail(unknown_column(model, name, true));
    out.push_back(std::move(*path));
  }
  if (!names.empty()) return out;
  for (const ElementInfo& d : model.decisions()) {
    const Type* type = model.data().elements[d.id].value_type;
    out.push_back({d.id, {}, type != nullptr ? type : Types::any(), d.name});
  }
  return out;
}

// A context with known members gets a column for each.
std::vector<ValuePath> columns_of(const ValuePath& path) {
  const bool spread = path.type->is(Type::Form::context) && !path.type->members.empty();
  if (!spread) return {path};
  std::vector<ValuePath> out;
  for (const Type::Member& m : path.type->members) {
    out.push_back({path.element, {m.name}, m.type, path.text + "." + m.name});
  }
  return out;
}

void append_line(const std::vector<std::string>& fields, std::string* out) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i != 0) *out += ',';
    append_csv_field(fields[i], out);
  }
  *out += "\r\n";
}

struct Plan {
  RowInputs inputs;
  std::vector<size_t> kept;                     // columns of the input that are written again
  std::vector<std::vector<ValuePath>> outputs;  // by decision
};

Result<Plan> make_plan(const Model& model, const std::vector<std::string>& decisions,
                       const CsvRow& header, std::string_view file, std::string* csv) {
  Plan plan;
  std::vector<std::string> titles;
  for (size_t i = 0; i < header.fields.size(); ++i) {
    const std::string_view title = trim(header.fields[i]);
    if (title.starts_with("=>")) continue;
    plan.kept.push_back(i);
    titles.emplace_back(title);
    if (title.empty() || title.front() == '#' || title == "@as_of") continue;
    auto path = find_given(model, title);
    if (!path) return fail(unknown_column(model, title, false).file(file).row(header.row));
    plan.inputs.add_column(model, i, std::move(*path));
  }
  YIPAN_ASSIGN(const std::vector<ValuePath> wanted, wanted_decisions(model, decisions));
  for (const ValuePath& path : wanted) {
    plan.outputs.push_back(columns_of(path));
    for (const ValuePath& column : plan.outputs.back()) titles.push_back("=> " + column.text);
  }
  append_line(titles, csv);
  return plan;
}

// Writes rows with their outcomes and counts warnings.
class Writer {
 public:
  Writer(const Plan& plan, const Model& model, std::string_view file, Evaluator* evaluator,
         RowsResult* out)
      : plan_(plan), model_(model), file_(file), evaluator_(*evaluator), out_(*out) {}

  // By the scalar engine.
  Result<> evaluate(const CsvRow& row) {
    evaluator_.clear();
    YIPAN_TRY(plan_.inputs.set(row, file_, &evaluator_));
    std::vector<std::string> fields = kept(row);
    for (const auto& columns : plan_.outputs) {
      const ElementId element = columns.front().element;
      const bool service = model_.data().elements[element].type == Element::Type::service;
      const Value value =
          service ? evaluator_.evaluate_service(element) : evaluator_.evaluate(element);
      for (const ValuePath& column : columns) {
        const Value* part = &value;
        if (!column.members.empty()) {
          part = value.is(Kind::context) ? value.find(column.members[0]) : nullptr;
        }
        fields.push_back(part != nullptr ? text_of_value(*part, *column.type) : "null");
      }
    }
    append_line(fields, &out_.csv);
    count_warnings(row);
    return {};
  }

  void write(const CsvRow& row, const ColumnRows::Row& values) {
    std::vector<std::string> fields = kept(row);
    size_t at = 0;
    for (const auto& columns : plan_.outputs) {
      for (const ValuePath& column : columns) {
        fields.push_back(text_of_value(values.value(at++), *column.type));
      }
    }
    append_line(fields, &out_.csv);
    ++out_.rows;
  }

 private:
  std::vector<std::string> kept(const CsvRow& row) const {
    std::vector<std::string> fields;
    for (const size_t i : plan_.kept) {
      fields.push_back(i < row.fields.size() ? row.fields[i] : std::string());
    }
    return fields;
  }

  void count_warnings(const CsvRow& row) {
    constexpr size_t kWarningsMax = 100;
    ++out_.rows;
    if (evaluator_.warning_count() == 0) return;
    ++out_.rows_with_warnings;
    if (out_.warnings.size() < kWarningsMax) {
      out_.warnings.emplace_back(row.row, evaluator_.warnings().front());
    }
  }

  const Plan& plan_;
  const Model& model_;
  std::string_view file_;
  Evaluator& evaluator_;
  RowsResult& out_;
};

std::vector<ValuePath> all_outputs(const Plan& plan) {
  std::vector<ValuePath> out;
  for (const auto& columns : plan.outputs) out.insert(out.end(), columns.begin(), columns.end());
  return out;
}

}  // namespace

Result<RowsResult> evaluate_rows(const std::shared_ptr<const Model>& model,
                                 const std::vector<std::string>& decisions, std::string_view csv,
                                 std::string_view file, const EvaluatorOptions& options) {
  YIPAN_ASSIGN(const std::vector<CsvRow> rows, parse_csv(csv, file));
  if (rows.empty()) {
    return fail(Error("rules.cases.empty")
                    .zh("文件是空的")
                    .en("the file is empty")
                    .file(file)
                    .remedy("第一行写列名", "titles in the first line"));
  }
  RowsResult out;
  YIPAN_ASSIGN(const Plan plan, make_plan(*model, decisions, rows[0], file, &out.csv));
  Evaluator evaluator(model, options);
  Writer writer(plan, *model, file, &evaluator, &out);
  YIPAN_ASSIGN(const std::unique_ptr<ColumnRows> columns,
               column_rows(model, plan.inputs, all_outputs(plan), rows, file, options));
  if (columns == nullptr) {
    for (size_t i = 1; i < rows.size(); ++i) YIPAN_TRY(writer.evaluate(rows[i]));
    return out;
  }
  // Rows that may have warnings go to the scalar engine as well.
  Result<> done;
  columns->each([&](size_t row, const ColumnRows::Row& values) {
    if (!done) return;
    if (values.doubtful()) {
      done = writer.evaluate(rows[row + 1]);
    } else {
      writer.write(rows[row + 1], values);
    }
  });
  YIPAN_TRY(done);
  return out;
}

}  // namespace yipan::rules
