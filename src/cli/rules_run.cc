// rules check, rules run: the model, one case, many rows.
#include <fmt/format.h>

#include <algorithm>

#include "cli/rules_commands.h"
#include "yipan/file.h"

namespace yipan::cli {

namespace {

constexpr uint64_t kInputBytesMax = uint64_t{1} << 30;

std::string spell(const Context& context, const Error& error) {
  return context.lang == Lang::zh ? error.to_string_zh() : error.to_string_en();
}

}  // namespace

Result<rules::CompileOptions> rules_options(const Context& context, const RulesCommand& command) {
  rules::CompileOptions options;
  if (!command.as_of.empty()) {
    const auto date = Date::parse(command.as_of);
    if (!date) {
      return fail(Error("cli.rules.as_of")
                      .zh("--as-of 不是日期：" + command.as_of)
                      .en("--as-of is not a date: " + command.as_of)
                      .remedy("请按 年-月-日 填写，例如 2022-11-30",
                              "write it as year-month-day, such as 2022-11-30"));
    }
    options.as_of = *date;
  }
  if (!command.parameters.empty()) {
    YIPAN_ASSIGN(const std::string text, read_file(*context.files, command.parameters, 1U << 26U));
    YIPAN_ASSIGN(options.parameters, rules::parse_parameters(text, command.parameters));
  }
  return options;
}

void print_diagnostics(const Context& context, const std::vector<rules::Diagnostic>& list) {
  for (const rules::Diagnostic& d : list) {
    const bool error = d.severity == rules::Severity::error;
    if (context.json) {
      print_line(fmt::format(R"({{"severity":"{}","error":{}}})", error ? "error" : "warning",
                             d.error.to_json()));
      continue;
    }
    print_line(fmt::format(
        "{} {}", error ? context.tr("✗ 错误：", "✗ error:") : context.tr("! 提醒：", "! warning:"),
        spell(context, d.error)));
  }
}

Result<LoadedModel> load_model(const Context& context, const RulesCommand& command,
                               const std::string& path) {
  YIPAN_ASSIGN(const rules::CompileOptions options, rules_options(context, command));
  LoadedModel out;
  YIPAN_ASSIGN(out.sources, rules::read_model(*context.files, path, command.files));
  out.built = rules::compile_model(out.sources, options);
  if (out.built.model == nullptr) return fail(out.built.diagnostics.front().error);
  for (const rules::Diagnostic& d : out.built.diagnostics) {
    if (d.severity == rules::Severity::error) print_error(context, d.error);
  }
  return out;
}

Result<> write_answer(const Context& context, const std::string& path, std::string_view text) {
  if (!path.empty()) return write_file_atomic(*context.files, path, text);
  print(text);
  return {};
}

// ---- check
// ---------------------------------------------------------------------------------------

namespace {

struct Count {
  size_t errors = 0;
  size_t warnings = 0;
};

Result<> check_file(const Context& context, const RulesCommand& command, const std::string& path,
                    Count* count) {
  YIPAN_ASSIGN(const rules::CompileOptions options, rules_options(context, command));
  YIPAN_ASSIGN(const std::vector<rules::Source> sources,
               rules::read_model(*context.files, path, command.files));
  const rules::Compilation built = rules::compile_model(sources, options);
  const auto errors = static_cast<size_t>(
      std::count_if(built.diagnostics.begin(), built.diagnostics.end(),
                    [](const auto& d) { return d.severity == rules::Severity::error; }));
  count->errors += errors;
  count->warnings += built.diagnostics.size() - errors;
  print_diagnostics(context, built.diagnostics);
  if (errors == 0 && !context.json && built.model != nullptr) {
    print_line(
        fmt::format("✓ {}  {}", path,
                    fmt::format(fmt::runtime(context.tr("{} 个决策，{} 个输入，{} 个服务",
                                                        "{} decisions, {} inputs, {} services")),
                                built.model->decisions().size(), built.model->inputs().size(),
                                built.model->services().size())));
  }
  return {};
}

}  // namespace

int run_rules_check(const Context& context, const RulesCommand& command) {
  Count count;
  for (const std::string& path : command.files) {
    if (const Result<> done = check_file(context, command, path, &count); !done) {
      print_error(context, done.error());
      return kExitError;
    }
  }
  if (!context.json && count.errors + count.warnings > 0) {
    print_line(
        fmt::format(fmt::runtime(context.tr("{} 处错误，{} 处提醒", "{} errors, {} warnings")),
                    count.errors, count.warnings));
  }
  return count.errors == 0 ? kExitOk : kExitProblems;
}

// ---- run
// -----------------------------------------------------------------------------------------

namespace {

void print_reason(const Context& context, const rules::Warning& w) {
  const std::string where = w.place.to_string();
  print_line(fmt::format("  {} {}{}{}", context.tr("原因：", "why:"), context.tr(w.zh, w.en),
                         where.empty() ? "" : "  — " + where,
                         w.expression.empty() ? "" : "  " + w.expression));
}

Result<std::vector<rules::ElementInfo>> wanted(const rules::Model& model,
                                               const std::string& decision) {
  if (decision.empty()) return model.decisions();
  auto id = model.find_decision(decision);
  if (!id) id = model.find_service(decision);
  if (id) return std::vector<rules::ElementInfo>{model.element(*id)};
  std::string names;
  for (const auto& d : model.decisions()) names += (names.empty() ? "" : ", ") + d.name;
  return fail(Error("cli.rules.decision")
                  .zh("模型里没有名为“" + decision + "”的决策")
                  .en("the model has no decision '" + decision + "'")
                  .remedy("模型里有：" + names, "it has: " + names));
}

struct Answer {
  const Context& context;
  const RulesCommand& command;
  rules::Evaluator& evaluator;
  std::string json;
  bool nulls = false;

  void decide(const rules::Model& model, const rules::ElementInfo& element) {
    const bool service = !model.find_decision(element.name).has_value();
    const rules::Value value =
        service ? evaluator.evaluate_service(element.id) : evaluator.evaluate(element.id);
    const auto reason = evaluator.reason(value);
    nulls = nulls || value.is_null();
    if (context.json) return as_json(element, value, reason);
    const rules::Explanation* why = command.explain ? evaluator.explanation() : nullptr;
    if (why != nullptr) {
      print(context.lang == Lang::zh ? why->to_text_zh() : why->to_text_en());
    } else {
      print_line(fmt::format(
          "{} = {}", element.name,
          value.is(rules::Kind::string) ? "\"" + value.to_string() + "\"" : value.to_string()));
    }
    if (reason) print_reason(context, *reason);
  }

  void as_json(const rules::ElementInfo& element, const rules::Value& value,
               const std::optional<rules::Warning>& reason) {
    const auto text = [](std::string_view s) { return rules::Value::string(s).to_json(); };
    json += json.empty() ? "" : ",";
    json += fmt::format(R"({{"decision":{},"value":{})", text(element.name), value.to_json());
    if (reason) {
      json += fmt::format(R"(,"reason":{{"code":{},"zh":{},"en":{},"place":{},"expression":{}}})",
                          text(reason->code), text(reason->zh), text(reason->en),
                          text(reason->place.to_string()), text(reason->expression));
    }
    const rules::Explanation* why = command.explain ? evaluator.explanation() : nullptr;
    if (why != nullptr) json += ",\"explanation\":" + why->to_json();
    json += "}";
  }
};

Result<int> run_case(const Context& context, const RulesCommand& command, const LoadedModel& loaded,
                     const std::string& input) {
  const rules::Model& model = *loaded.built.model;
  YIPAN_ASSIGN(const std::vector<rules::ElementInfo> elements, wanted(model, command.decision));
  rules::EvaluatorOptions options;
  options.clock = context.clock;
  options.explain = command.explain;
  rules::Evaluator evaluator(loaded.built.model, options);
  YIPAN_TRY(rules::set_inputs(&evaluator, model, input, command.input));
  Answer answer{context, command, evaluator, {}, false};
  for (const rules::ElementInfo& element : elements) answer.decide(model, element);
  if (context.json) print_line("[" + answer.json + "]");
  return loaded.built.ok() ? kExitOk : kExitProblems;
}

Result<int> run_rows(const Context& context, const RulesCommand& command, const LoadedModel& loaded,
                     const std::string& input) {
  rules::EvaluatorOptions options;
  options.clock = context.clock;
  std::vector<std::string> decisions;
  if (!command.decision.empty()) decisions.push_back(command.decision);
  YIPAN_ASSIGN(const rules::RowsResult rows,
               rules::evaluate_rows(loaded.built.model, decisions, input, command.input, options));
  YIPAN_TRY(write_answer(context, command.out, rows.csv));
  if (rows.rows_with_warnings > 0 && !context.quiet) {
    print_error(
        context,
        Error("cli.rules.rows_null")
            .zh(fmt::format("{} 行中有 {} 行遇到问题；第一处：{}", rows.rows,
                            rows.rows_with_warnings, rows.warnings.front().second.zh))
            .en(fmt::format("{} of {} rows met a problem; the first: {}", rows.rows_with_warnings,
                            rows.rows, rows.warnings.front().second.en))
            .file(command.input)
            .row(rows.warnings.front().first));
  }
  return loaded.built.ok() ? kExitOk : kExitProblems;
}

Result<int> run(const Context& context, const RulesCommand& command) {
  YIPAN_ASSIGN(const LoadedModel loaded, load_model(context, command, command.model));
  YIPAN_ASSIGN(const std::string input, read_file(*context.files, command.input, kInputBytesMax));
  if (command.input.ends_with(".csv")) return run_rows(context, command, loaded, input);
  return run_case(context, command, loaded, input);
}

}  // namespace

int run_rules_run(const Context& context, const RulesCommand& command) {
  const Result<int> code = run(context, command);
  if (code) return *code;
  print_error(context, code.error());
  return kExitError;
}

}  // namespace yipan::cli
