// Tables of cases: docs/formats/rules-cases.md.
#include <fmt/format.h>

#include <map>

#include "rules/cases_inputs.h"
#include "rules/cases_value.h"
#include "rules/ops.h"
#include "rules/print.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

constexpr std::string_view kArrow = "=>";

struct Output {
  size_t column = 0;
  ValuePath path;
};

// What the columns of a file mean for one compilation of the model.
struct Layout {
  RowInputs inputs;
  std::vector<Output> outputs;
};

Result<Layout> read_header(const Model& model, const CsvRow& header, std::string_view file) {
  Layout out;
  for (size_t i = 0; i < header.fields.size(); ++i) {
    std::string_view title = trim(header.fields[i]);
    if (title.empty() || title.front() == '#' || title == "@as_of") continue;
    const bool output = title.starts_with(kArrow);
    if (output) title = trim(title.substr(kArrow.size()));
    auto path = output ? find_output(model, title) : find_given(model, title);
    if (!path) return fail(unknown_column(model, title, output).file(file).row(header.row));
    if (output) {
      out.outputs.push_back({i, std::move(*path)});
    } else {
      out.inputs.add_column(model, i, std::move(*path));
    }
  }
  if (out.outputs.empty()) {
    return fail(Error("rules.cases.no_output")
                    .zh("用例表没有期望结果列")
                    .en("the table of cases has no expected outcome")
                    .file(file)
                    .row(header.row)
                    .remedy("请加一列，标题如“=> 决策名”", "add a column titled '=> decision'"));
  }
  return out;
}

Value member_of(Value value, const std::vector<std::string>& members) {
  for (const std::string& name : members) {
    const Value* inner = value.is(Kind::context) ? value.find(name) : nullptr;
    if (inner == nullptr) return Value();
    value = Value(*inner);
  }
  return value;
}

// Equal as FEEL says, null to null, and lists and contexts by their parts.
bool agree(const Value& expected, const Value& actual) {
  if (expected.is_null() || actual.is_null()) return expected.is_null() && actual.is_null();
  return expected.same_as(actual) || equal(expected, actual) == Tri::yes;
}

class Runner {
 public:
  Runner(const std::vector<Source>& sources, std::string_view file, const CompileOptions& options,
         const Clock& clock)
      : sources_(sources), file_(file), options_(options), clock_(clock) {}

  Result<CaseReport> run(const std::vector<CsvRow>& rows) {
    if (rows.empty()) {
      return fail(Error("rules.cases.empty")
                      .zh("用例表是空的")
                      .en("the table of cases is empty")
                      .file(file_)
                      .remedy("第一行写列名，以下每行一个用例",
                              "titles in the first line, then one case a line"));
    }
    header_ = &rows[0];
    for (size_t i = 0; i < header_->fields.size(); ++i) {
      const std::string_view title = trim(header_->fields[i]);
      if (title.starts_with('#') && !name_column_) name_column_ = i;
      if (title == "@as_of") as_of_column_ = i;
    }
    for (size_t i = 1; i < rows.size(); ++i) YIPAN_TRY(run_row(rows[i]));
    if (rows.size() == 1) YIPAN_TRY(version(options_.as_of));
    return std::move(report_);
  }

 private:
  struct Version {  // the model as of one date
    Compilation built;
    Layout layout;
    std::optional<Evaluator> evaluator;
  };

  Result<Version*> version(std::optional<Date> as_of) {
    const int64_t key = as_of ? as_of->days() : INT64_MIN;
    if (const auto found = versions_.find(key); found != versions_.end()) return &found->second;
    Version& v = versions_[key];
    CompileOptions options = options_;
    options.as_of = as_of;
    v.built = compile_model(sources_, options);
    if (versions_.size() == 1) report_.diagnostics = v.built.diagnostics;
    if (v.built.model == nullptr) return fail(v.built.diagnostics.front().error);
    YIPAN_ASSIGN(v.layout, read_header(*v.built.model, *header_, file_));
    EvaluatorOptions evaluator_options;
    evaluator_options.clock = &clock_;
    evaluator_options.limits = options.limits;
    v.evaluator.emplace(v.built.model, evaluator_options);
    return &v;
  }

  Result<std::optional<Date>> as_of(const CsvRow& row) const {
    if (!as_of_column_ || *as_of_column_ >= row.fields.size()) return options_.as_of;
    const std::string_view text = trim(row.fields[*as_of_column_]);
    if (text.empty()) return options_.as_of;
    auto date = Date::parse(text);
    if (!date) return fail(Error(date.error()).file(file_).row(row.row).column("@as_of"));
    return *date;
  }

  Result<> run_row(const CsvRow& row) {
    if (row.fields.size() != header_->fields.size()) {
      return fail(Error("rules.cases.width")
                      .zh(fmt::format("这一行有 {} 格，标题有 {} 格", row.fields.size(),
                                      header_->fields.size()))
                      .en(fmt::format("this row has {} cells, the header {}", row.fields.size(),
                                      header_->fields.size()))
                      .file(file_)
                      .row(row.row)
                      .remedy("请补齐或删去多余的逗号；含逗号的值要加引号",
                              "even them out; a value with a comma needs quotes"));
    }
    YIPAN_ASSIGN(const std::optional<Date> day, as_of(row));
    YIPAN_ASSIGN(Version* const v, version(day));
    v->evaluator->clear();
    YIPAN_TRY(v->layout.inputs.set(row, file_, &*v->evaluator));
    bool good = true;
    for (const Output& output : v->layout.outputs) {
      const std::string& cell = row.fields[output.column];
      if (trim(cell).empty()) continue;  // not checked
      auto expected = value_of_text(cell, *output.path.type, "=> " + output.path.text);
      if (!expected) return fail(Error(expected.error()).file(file_).row(row.row));
      good = judge(*v, row, output, *expected) && good;
    }
    ++(good ? report_.passed : report_.failed);
    return {};
  }

  bool judge(Version& v, const CsvRow& row, const Output& output, const Value& expected) {
    const ElementId element = output.path.element;
    const bool service = v.built.model->data().elements[element].type == Element::Type::service;
    const Value whole =
        service ? v.evaluator->evaluate_service(element) : v.evaluator->evaluate(element);
    const Value actual = member_of(whole, output.path.members);
    if (agree(expected, actual)) return true;
    CaseFailure failure;
    failure.row = row.row;
    if (name_column_) failure.name = row.fields[*name_column_];
    failure.output = output.path.text;
    failure.expected = internal::print_value(expected, true);
    failure.actual = internal::print_value(actual, true);
    if (const auto why = v.evaluator->reason(actual)) {
      failure.why_zh = why->zh;
      failure.why_en = why->en;
    }
    report_.failures.push_back(std::move(failure));
    return false;
  }

  const std::vector<Source>& sources_;
  std::string_view file_;
  const CompileOptions& options_;
  const Clock& clock_;
  const CsvRow* header_ = nullptr;
  std::optional<size_t> name_column_;
  std::optional<size_t> as_of_column_;
  std::map<int64_t, Version> versions_;
  CaseReport report_;
};

}  // namespace

Result<CaseReport> run_cases(const std::vector<Source>& model, std::string_view csv,
                             std::string_view file, const CompileOptions& options,
                             const Clock& clock) {
  YIPAN_ASSIGN(const std::vector<CsvRow> rows, parse_csv(csv, file));
  return Runner(model, file, options, clock).run(rows);
}

}  // namespace yipan::rules
