// Rows of inputs to rows of outcomes.
#include <fmt/format.h>

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

std::vector<std::string> row_of(const Plan& plan, const CsvRow& row, const Model& model,
                                Evaluator* evaluator) {
  std::vector<std::string> fields;
  for (const size_t i : plan.kept) {
    fields.push_back(i < row.fields.size() ? row.fields[i] : std::string());
  }
  for (const auto& columns : plan.outputs) {
    const ElementId element = columns.front().element;
    const bool service = model.data().elements[element].type == Element::Type::service;
    const Value value =
        service ? evaluator->evaluate_service(element) : evaluator->evaluate(element);
    for (const ValuePath& column : columns) {
      const Value* part = &value;
      if (!column.members.empty()) {
        part = value.is(Kind::context) ? value.find(column.members[0]) : nullptr;
      }
      fields.push_back(part != nullptr ? text_of_value(*part, *column.type) : "null");
    }
  }
  return fields;
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
  constexpr size_t kWarningsMax = 100;
  for (size_t i = 1; i < rows.size(); ++i) {
    evaluator.clear();
    YIPAN_TRY(plan.inputs.set(rows[i], file, &evaluator));
    append_line(row_of(plan, rows[i], *model, &evaluator), &out.csv);
    ++out.rows;
    if (evaluator.warning_count() == 0) continue;
    ++out.rows_with_warnings;
    if (out.warnings.size() < kWarningsMax) {
      out.warnings.emplace_back(rows[i].row, evaluator.warnings().front());
    }
  }
  return out;
}

}  // namespace yipan::rules
