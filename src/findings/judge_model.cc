// judge.dmn: compiled with the parameters of the day.
#include <fmt/format.h>

#include <algorithm>

#include "findings/pack.h"
#include "yipan/clock.h"

namespace yipan::findings {
namespace {

bool mentions(const std::vector<rules::Source>& sources, const std::string& name) {
  return std::any_of(sources.begin(), sources.end(), [&](const rules::Source& source) {
    return source.text.find(name) != std::string::npos;
  });
}

void check_fact(Pack* pack, FactSpec* fact, Problems* problems, const std::string& question) {
  const auto element = pack->model->find_decision(fact->decision);
  if (!element) {
    problems->all()->push_back(
        Error("findings.pack.decision")
            .zh(fmt::format("judge.dmn 里没有决策“{}”", fact->decision))
            .en(fmt::format("judge.dmn has no decision '{}'", fact->decision))
            .file(question)
            .line(fact->line)
            .element(fact->name)
            .remedy("加上这个决策，或在 [[fact]] 里写 decision = 它的名字",
                    "add the decision, or give its name as decision = in [[fact]]"));
    return;
  }
  fact->element = *element;
  const auto shape = pack->shape.decisions.find(fact->decision);
  if (shape == pack->shape.decisions.end()) return;
  for (const auto& [code, line] : shape->second.codes) {
    fact->codes.push_back(code);
    if (pack->catalogue.contains(code)) continue;
    problems->add(Error("findings.pack.code")
                      .zh(fmt::format("代码“{}”不在 catalogue 里", code))
                      .en(fmt::format("the code '{}' is not in the catalogue", code))
                      .element(fact->decision)
                      .remedy("在 catalogue 决策里加一行，或改正代码",
                              "add a row to the decision catalogue, or correct the code"),
                  line);
  }
}

}  // namespace

void read_judge(Files& files, const RulebookData& book, Pack* pack, std::vector<Error>* problems) {
  const std::string path = pack->file("judge.dmn");
  auto sources = rules::read_model(files, path);
  if (!sources) {
    problems->push_back(sources.error());
    return;
  }
  pack->sources = std::move(*sources);
  rules::CompileOptions options;
  options.as_of = book.as_of;
  options.parameters = book.parameters;
  rules::Compilation built = rules::compile_model(pack->sources, options);
  bool gap = false;
  for (const auto& [name, error] : book.gaps) {
    if (!mentions(pack->sources, name)) continue;
    gap = true;
    problems->push_back(Error(error).file(path));
  }
  for (const rules::Diagnostic& d : built.diagnostics) {
    // A parameter without a value on the day is no unknown name: the gap was said.
    if (gap && d.error.code() == "rules.name.unknown") continue;
    // What is always null is a warning to a modeller; a judgement that rests on it never finds.
    const bool never = d.error.code().starts_with("rules.type.");
    if (d.severity == rules::Severity::error || never) problems->push_back(d.error);
  }
  // Of a broken model nothing more is said: what follows from it would only confuse.
  if (built.model == nullptr || !built.ok()) return;
  pack->model = built.model;
  pack->shape = read_shape(pack->sources.front().text);
  Problems here(path, problems);
  read_catalogue(book, pack, &here);
  for (FactSpec& fact : pack->facts) check_fact(pack, &fact, &here, pack->file("question.toml"));
}

}  // namespace yipan::findings
