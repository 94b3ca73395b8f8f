// The answer to a question: figures, views, one sentence.
#include <fmt/format.h>

#include <algorithm>

#include "findings/run.h"

namespace yipan::findings {
namespace {

using rules::Kind;
using rules::Value;

// Parameters hold shares (0.5); beside a figure in percent they are shown as such (50).
std::optional<double> norm_of(const Run& run, const std::string& name, const std::string& unit) {
  if (name.empty()) return std::nullopt;
  const double norm = run.book.values.find(name)->second.as_number().to_double();
  return unit == "percent" ? norm * 100 : norm;
}

Error failed(const Section& section, const std::string& file, const Error& cause) {
  return section_error("findings.sql.failed", section, file)
      .zh(fmt::format("“{}”一节的 SQL 中途失败", section.name))
      .en(fmt::format("the SQL of '{}' failed while it ran", section.name))
      .remedy("按下面数据库的话改正", "correct it as the database says below")
      .because(cause);
}

// The value of a figure, exactly as the query gave it.
Result<Value> figure_value(const Run& run, const FigureSpec& spec, const std::string& file) {
  YIPAN_ASSIGN(auto rows, open_section(run, spec.query, file));
  if (rows->columns().size() != 1 || rows->columns()[0].name != "value") {
    return fail(section_error("findings.figure.columns", spec.query, file)
                    .zh(fmt::format("数字“{}”的查询要只有一列 value", spec.id))
                    .en(fmt::format("the figure '{}' must have the one column value", spec.id))
                    .remedy("写成 SELECT ... AS value", "write SELECT ... AS value"));
  }
  Batch batch;
  const auto more = rows->next(&batch);
  if (!more) return fail(failed(spec.query, file, more.error()));
  if (!*more || batch.rows() == 0) return Value::null();
  const Value value = cell_value(batch.columns[0], 0);
  if (batch.rows() == 1 && (value.is_null() || value.is(Kind::number))) return value;
  const bool many = batch.rows() != 1;
  return fail(section_error("findings.figure.value", spec.query, file)
                  .zh(fmt::format("数字“{}”{}", spec.id, many ? "有不止一行" : "不是数"))
                  .en(fmt::format("the figure '{}' {}", spec.id,
                                  many ? "has more than one row" : "is no number"))
                  .remedy("让查询给出一行一个数", "let the query give one row with a number"));
}

Error no_column(const ViewSpec& spec, const std::string& file, const std::string& name) {
  return section_error("findings.view.column", spec.query, file)
      .zh(fmt::format("视图“{}”的查询没有列“{}”", spec.id, name))
      .en(fmt::format("the query of the view '{}' has no column '{}'", spec.id, name))
      .column(name)
      .remedy("在 SELECT 里给出它，或改正 question.toml 里的 x、y、area",
              "give it in the SELECT, or correct x, y, area in question.toml");
}

Result<ViewData> read_view(const Run& run, const ViewSpec& spec, const std::string& file) {
  YIPAN_ASSIGN(auto rows, open_section(run, spec.query, file));
  ViewData view;
  view.id = spec.id;
  view.title = spec.title;
  view.kind = spec.kind;
  view.x = spec.x;
  view.area = spec.area;
  view.y = spec.y;
  view.y_title = spec.y_title;
  view.unit = spec.unit;
  view.decimals = spec.decimals;
  view.norm = norm_of(run, spec.norm, spec.unit);
  for (const store::OutColumn& column : rows->columns()) view.columns.push_back(column.name);
  std::vector<std::string> needed = spec.y;
  for (const std::string& name : {spec.x, spec.area}) {
    if (!name.empty()) needed.push_back(name);
  }
  for (const std::string& name : needed) {
    if (std::find(view.columns.begin(), view.columns.end(), name) == view.columns.end()) {
      return fail(no_column(spec, file, name));
    }
  }
  Batch batch;
  while (true) {
    const auto more = rows->next(&batch);
    if (!more) return fail(failed(spec.query, file, more.error()));
    if (!*more) return view;
    for (size_t row = 0; row < batch.rows(); ++row) {
      std::vector<std::string> cells;
      for (const Column& column : batch.columns) cells.push_back(board::value_text(column, row));
      view.rows.push_back(std::move(cells));
    }
  }
}

// What the sentence may name, computed once.
std::map<std::string, Value, std::less<>> sentence_values(const Pack& pack, const Answer& answer) {
  std::map<std::string, Value, std::less<>> out;
  std::map<std::string, int64_t> counts{{"findings", 0},
                                        {"findings_red", 0},
                                        {"findings_orange", 0},
                                        {"findings_yellow", 0},
                                        {"leads", 0}};
  for (const auto& [code, row] : pack.catalogue) counts["count." + code] = 0;
  for (const Finding& finding : answer.findings) {
    if (finding.state == State::cleared) continue;
    ++counts["findings"];
    ++counts[fmt::format("findings_{}", to_string(finding.severity))];
    ++counts["count." + finding.code];
  }
  for (const Finding& finding : answer.leads) {
    if (finding.state == State::cleared) continue;
    ++counts["leads"];
    ++counts["count." + finding.code];
  }
  for (const auto& [name, count] : counts) out.emplace(name, Value::number(count));
  out.emplace("money_fen", Value::number(answer.money_fen));
  for (const FigureValue& figure : answer.figures) {
    out.insert_or_assign(figure.id, figure.value
                                        ? Value::number(Decimal::from_double(*figure.value))
                                        : Value::null());
  }
  return out;
}

// Figures that the sentence names and that have no value. Where something was found it is said all
// the same, with "not stated" in their place.
std::vector<const FigureValue*> lacking(const Pack& pack, const Answer& answer) {
  std::vector<const FigureValue*> out;
  if (!answer.findings.empty()) return out;
  const std::vector<std::string> names = names_of(pack.answer.zh);
  for (const FigureValue& figure : answer.figures) {
    const bool named = std::find(names.begin(), names.end(), figure.id) != names.end();
    if (named && !figure.value) out.push_back(&figure);
  }
  return out;
}

Text too_little(const std::vector<const FigureValue*>& lacking, size_t leads) {
  constexpr size_t kShown = 5;
  Text names;
  for (size_t i = 0; i < std::min(lacking.size(), kShown); ++i) {
    names.zh += (i == 0 ? "" : "、") + lacking[i]->title.zh;
    names.en += (i == 0 ? "" : "; ") + lacking[i]->title.en;
  }
  const bool more = lacking.size() > kShown;
  Text out{"记录不足，不能完整回答：算不出" + names.zh + (more ? "等" : "") + "。",
           "Too little is on record for a full answer; not known: " + names.en +
               (more ? "; and others." : ".")};
  if (leads > 0) {
    out.zh += fmt::format("就现有记录没有应计入的发现，另有{}条线索。", leads);
    out.en += fmt::format(" What is on record gives no finding that counts, and {} lead{}.", leads,
                          leads == 1 ? "" : "s");
  }
  return out;
}

// Nothing was judged and no figure says anything: the board has no records of this kind.
bool is_without_records(const Answer& answer) {
  return std::all_of(answer.steps.begin(), answer.steps.end(),
                     [](const FactStep& step) { return step.rows == 0; }) &&
         std::all_of(answer.figures.begin(), answer.figures.end(),
                     [](const FigureValue& f) { return f.value.value_or(0) == 0; });
}

Text without_records(const Run& run, const Pack& pack) {
  std::vector<const board::TableSchema*> tables;
  for (const FactSpec& fact : pack.facts) {
    const board::TableSchema* table = run.schemas.find(fact.table);
    const bool known = std::find(tables.begin(), tables.end(), table) != tables.end();
    if (table != nullptr && !known) tables.push_back(table);
  }
  Text names;
  for (const board::TableSchema* table : tables) {
    names.zh += (names.zh.empty() ? "" : "、") + table->title_zh;
    names.en += (names.en.empty() ? "" : ", ") + table->title_en;
  }
  return {"没有判断：总盘上没有这个问题要用的记录" +
              (names.zh.empty() ? "。" : "（" + names.zh + "）。"),
          "Not judged: the board holds no records for this question" +
              (names.en.empty() ? "." : " (" + names.en + ").")};
}

}  // namespace

Result<> answer_figures(const Run& run, const Pack& pack, Answer* answer) {
  const std::string file = pack.file("figures.sql");
  for (const FigureSpec& spec : pack.figures) {
    YIPAN_ASSIGN(const Value value, figure_value(run, spec, file));
    FigureValue figure;
    figure.id = spec.id;
    figure.title = spec.title;
    figure.unit = spec.unit;
    figure.decimals = spec.decimals;
    if (value.is(Kind::number)) figure.value = value.as_number().to_double();
    figure.norm = norm_of(run, spec.norm, spec.unit);
    figure.speech = spec.speech;
    figure.by_view = spec.by_area;
    answer->figures.push_back(std::move(figure));
  }
  return {};
}

Result<> answer_views(const Run& run, const Pack& pack, Answer* answer) {
  const std::string file = pack.file("views.sql");
  for (const ViewSpec& spec : pack.views) {
    YIPAN_ASSIGN(ViewData view, read_view(run, spec, file));
    answer->views.push_back(std::move(view));
  }
  return {};
}

Result<> answer_sentence(const Run& run, const Pack& pack, Answer* answer) {
  if (is_without_records(*answer)) {
    answer->sentence = without_records(run, pack);
    return {};
  }
  if (const auto unknown = lacking(pack, *answer); !unknown.empty()) {
    answer->sentence = too_little(unknown, answer->leads.size());
    return {};
  }
  const auto values = sentence_values(pack, *answer);
  const Value as_of = Value::date(run.options.as_of);
  const Lookup lookup = [&](std::string_view name) -> const Value* {
    if (name == "as_of") return &as_of;
    if (const auto found = values.find(name); found != values.end()) return &found->second;
    const auto found = run.book.values.find(name);
    return found == run.book.values.end() ? nullptr : &found->second;
  };
  auto text = render(pack.answer, lookup, run.city);
  if (!text) {
    Error error = text.error();
    return fail(std::move(error.file(pack.file("question.toml")).line(pack.answer_line)));
  }
  answer->sentence = std::move(*text);
  return {};
}

}  // namespace yipan::findings
