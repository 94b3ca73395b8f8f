// One question pack from its folder.
#include "findings/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace yipan::findings {
namespace {

class Loader {
 public:
  Loader(Files& files, const RulebookData& book, std::vector<Error>* problems)
      : files_(files), book_(book), problems_(problems) {}

  std::shared_ptr<Pack> run(const std::string& directory, const std::string& folder) {
    pack_->directory = directory;
    pack_->folder = folder;
    const auto question = read(pack_->file("question.toml"));
    if (question) {
      Problems here(pack_->file("question.toml"), problems_);
      const size_t before = problems_->size();
      read_question(*question, pack_.get(), &here);
      // Without its entries every section would be one too many: say only what is at fault.
      if (problems_->size() == before || !pack_->facts.empty()) read_sections();
    }
    read_judge(files_, book_, pack_.get(), problems_);
    // A pack without its method still answers; the report has nothing to say on it then.
    if (auto method = read_file(files_, pack_->file("README.md"))) {
      pack_->method_md = std::move(*method);
    }
    check_parameters();
    check_answer();
    return pack_;
  }

 private:
  std::optional<std::string> read(const std::string& path) {
    auto text = read_file(files_, path);
    if (text) return std::move(*text);
    problems_->push_back(text.error());
    return std::nullopt;
  }
  // Sections of a file that need not be there when there is nothing to say.
  std::vector<Section> sections(std::string_view name, std::string_view word, bool required) {
    const std::string path = pack_->file(name);
    if (!required && !files_.exists(path).value_or(false)) return {};
    const auto text = read(path);
    if (!text) return {};
    auto out = split_sections(*text, path, word, problems_);
    for (const Section& section : out) check_names(section, path);
    return out;
  }
  void check_names(const Section& section, const std::string& path) {
    for (size_t i = 0; i < section.statement.names.size(); ++i) {
      const std::string& name = section.statement.names[i];
      if (name == "as_of" || (name == "key" && section.word == "evidence")) continue;
      const auto value = book_.values.find(name);
      const uint64_t line = section.line_sql + section.statement.lines[i] - 1;
      if (value == book_.values.end()) {
        problems_->push_back(unknown_parameter(name).file(path).line(line));
      } else if (!value->second.is(rules::Kind::number) && !value->second.is(rules::Kind::string) &&
                 !value->second.is(rules::Kind::date) && !value->second.is(rules::Kind::boolean)) {
        problems_->push_back(
            Error("findings.sql.parameter")
                .zh(fmt::format("参数“{}”不是数、文本或日期", name))
                .en(fmt::format("the parameter '{}' is no number, text or date", name))
                .file(path)
                .line(line)
                .element(name)
                .remedy("在决策里用它，不在 SQL 里", "use it in the decision, not in the SQL"));
      }
    }
  }
  Error unknown_parameter(const std::string& name) const {
    for (const auto& [gap, error] : book_.gaps) {
      if (gap == name) return Error(error).element(name);
    }
    return Error("findings.pack.parameter")
        .zh(fmt::format("没有参数“{}”", name))
        .en(fmt::format("there is no parameter '{}'", name))
        .element(name)
        .remedy("可用 :as_of、证据里的 :key 和 rulebook/standards 里的参数",
                "there are :as_of, in evidence :key, and the parameters of rulebook/standards");
  }

  // Gives each entry its section; both without the other are problems.
  template <typename Spec>
  void pair(std::vector<Section> from, std::vector<Spec>* specs, std::string Spec::*id,
            std::string_view file) {
    for (Spec& spec : *specs) {
      const auto found = std::find_if(from.begin(), from.end(),
                                      [&](const Section& s) { return s.name == spec.*id; });
      if (found == from.end()) {
        problems_->push_back(
            Error("findings.pack.section")
                .zh(fmt::format("“{}”在 {} 里没有一节", spec.*id, file))
                .en(fmt::format("'{}' has no section in {}", spec.*id, file))
                .file(pack_->file("question.toml"))
                .line(spec.line)
                .element(spec.*id)
                .remedy(fmt::format("在 {} 里写这一节，或删去这一项", file),
                        fmt::format("write the section in {}, or remove the entry", file)));
        continue;
      }
      spec.query = std::move(*found);
      from.erase(found);
    }
    for (const Section& section : from) left_over(section, file);
  }
  void left_over(const Section& section, std::string_view file) {
    problems_->push_back(
        Error("findings.pack.entry")
            .zh(fmt::format("“{}”一节在 question.toml 里没有对应的项", section.name))
            .en(fmt::format("the section '{}' has no entry in question.toml", section.name))
            .file(pack_->file(file))
            .line(section.line)
            .element(section.name)
            .remedy("在 question.toml 里加上，或删去这一节",
                    "add the entry to question.toml, or remove the section"));
  }
  void read_sections() {
    pair(sections("facts.sql", "fact", true), &pack_->facts, &FactSpec::name, "facts.sql");
    pair(sections("figures.sql", "figure", !pack_->figures.empty()), &pack_->figures,
         &FigureSpec::id, "figures.sql");
    pair(sections("views.sql", "view", !pack_->views.empty()), &pack_->views, &ViewSpec::id,
         "views.sql");
    for (Section& section : sections("evidence.sql", "evidence", false)) {
      const auto fact = std::find_if(pack_->facts.begin(), pack_->facts.end(),
                                     [&](const FactSpec& f) { return f.name == section.name; });
      if (fact == pack_->facts.end()) {
        left_over(section, "evidence.sql");
      } else {
        fact->evidence = std::move(section);
      }
    }
    for (const FactSpec& fact : pack_->facts) {
      if (!fact.table.empty() || fact.evidence || fact.name.empty()) continue;
      problems_->push_back(
          Error("findings.pack.evidence")
              .zh(fmt::format("“{}”没有证据：既没有 table，evidence.sql 里也没有一节", fact.name))
              .en(fmt::format("'{}' has no evidence: no table, and no section of evidence.sql",
                              fact.name))
              .file(pack_->file("question.toml"))
              .line(fact.line)
              .element(fact.name)
              .remedy("写明 table，或在 evidence.sql 里写这一节",
                      "name the table, or write the section in evidence.sql"));
    }
  }
  void check_norm(const std::string& name, uint64_t line) {
    if (name.empty()) return;
    const auto found = book_.values.find(name);
    if (found != book_.values.end() && found->second.is(rules::Kind::number)) return;
    Error error =
        found == book_.values.end()
            ? unknown_parameter(name)
            : Error("findings.pack.norm")
                  .zh(fmt::format("参数“{}”不是数", name))
                  .en(fmt::format("the parameter '{}' is no number", name))
                  .element(name)
                  .remedy("norm 要用是数的参数", "norm takes a parameter that is a number");
    problems_->push_back(std::move(error.file(pack_->file("question.toml")).line(line)));
  }
  void check_parameters() {
    for (const FigureSpec& figure : pack_->figures) {
      check_norm(figure.norm, figure.line);
      const auto is_it = [&](const ViewSpec& view) { return view.id == figure.by_area; };
      if (figure.by_area.empty() || std::any_of(pack_->views.begin(), pack_->views.end(), is_it)) {
        continue;
      }
      problems_->push_back(
          Error("findings.pack.view")
              .zh(fmt::format("没有视图“{}”", figure.by_area))
              .en(fmt::format("there is no view '{}'", figure.by_area))
              .file(pack_->file("question.toml"))
              .line(figure.line)
              .element(figure.id)
              .remedy("改正 by_area，或加上这个 [[view]]", "correct by_area, or add the [[view]]"));
    }
    for (const ViewSpec& view : pack_->views) check_norm(view.norm, view.line);
  }
  bool answer_has(const std::string& name) const {
    static const std::set<std::string, std::less<>> kCounts = {
        "findings",  "findings_red", "findings_orange", "findings_yellow", "leads",
        "money_fen", "as_of"};
    if (kCounts.contains(name) || book_.values.contains(name)) return true;
    constexpr std::string_view kCount = "count.";
    if (name.starts_with(kCount)) return pack_->catalogue.contains(name.substr(kCount.size()));
    return std::any_of(pack_->figures.begin(), pack_->figures.end(),
                       [&](const FigureSpec& figure) { return figure.id == name; });
  }
  void check_answer() {
    if (pack_->model == nullptr) return;
    std::set<std::string> names;
    for (const Template* text : {&pack_->answer.zh, &pack_->answer.en}) {
      for (std::string& name : names_of(*text)) names.insert(std::move(name));
    }
    for (const std::string& name : names) {
      if (answer_has(name)) continue;
      problems_->push_back(
          Error("findings.placeholder.unknown")
              .zh(fmt::format("答句里没有占位符 {{{}}} 可用的数", name))
              .en(fmt::format("nothing gives the answer its {{{}}}", name))
              .file(pack_->file("question.toml"))
              .line(pack_->answer_line)
              .element(name)
              .remedy("用 figure 的 id、findings、leads、money_fen、count.代码 或参数名",
                      "use the id of a figure, findings, leads, money_fen, count.CODE, or a "
                      "parameter"));
    }
  }

  Files& files_;
  const RulebookData& book_;
  std::vector<Error>* problems_;
  std::shared_ptr<Pack> pack_ = std::make_shared<Pack>();
};

}  // namespace

std::shared_ptr<Pack> load_pack(Files& files, const RulebookData& book,
                                const std::string& directory, const std::string& folder,
                                std::vector<Error>* problems) {
  return Loader(files, book, problems).run(directory, folder);
}

}  // namespace yipan::findings
