#include "findings/law.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "yipan/file.h"

namespace yipan::findings {
namespace {

constexpr std::array<std::string_view, 5> kStatuses = {"verified", "secondary", "local", "speech",
                                                       "unverified"};
constexpr std::array<std::string_view, 8> kLevels = {
    "law",      "administrative-regulation", "ministry-rule", "normative-document",
    "standard", "local-regulation",          "speech",        "city-choice"};

constexpr uint64_t kFileBytesMax = uint64_t{1} << 20;

template <typename T, size_t N>
std::optional<T> find_word(const std::array<std::string_view, N>& words, std::string_view text) {
  const auto at = std::find(words.begin(), words.end(), text);
  if (at == words.end()) return std::nullopt;
  return static_cast<T>(at - words.begin());
}

template <typename T>
const T* find_id(const std::vector<T>& sorted, std::string_view id) {
  const auto at =
      std::lower_bound(sorted.begin(), sorted.end(), id,
                       [](const T& item, std::string_view key) { return item.id < key; });
  return at != sorted.end() && at->id == id ? &*at : nullptr;
}

const LawArticle* find_article(const LawSource& source, std::string_view id) {
  for (const LawArticle& article : source.articles) {
    if (article.id == id) return &article;
  }
  return nullptr;
}

struct Split {
  std::string_view source;
  std::optional<std::string_view> article;
};

Split split(std::string_view citation) {
  const size_t at = citation.find('#');
  if (at == std::string_view::npos) return {citation, std::nullopt};
  return {citation.substr(0, at), citation.substr(at + 1)};
}

// 《政府投资条例》第十二条; documents that are found by their number show it.
LawText label_of(const LawSource& source, const LawArticle* article) {
  if (source.level == LawLevel::speech || source.level == LawLevel::city_choice) {
    if (article == nullptr) return source.title;
    return {fmt::format("{}：{}", source.title.zh, article->title.zh),
            fmt::format("{}: {}", source.title.en, article->title.en)};
  }
  LawText out = {fmt::format("《{}》", source.title.zh), source.title.en};
  const bool numbered = source.level == LawLevel::normative_document ||  //
                        source.level == LawLevel::standard;
  if (numbered && !source.number.empty()) {
    out.zh += fmt::format("（{}）", source.number);
    out.en += fmt::format(" ({})", source.number);
  }
  if (article != nullptr) {
    out.zh += article->title.zh;
    out.en += fmt::format(", {}", article->title.en);
  }
  return out;
}

std::string list_articles(const LawSource& source) {
  constexpr size_t kShown = 12;
  std::string out;
  for (size_t i = 0; i < source.articles.size() && i < kShown; ++i) {
    if (i != 0) out += ", ";
    out += source.articles[i].id;
  }
  if (source.articles.size() > kShown) out += ", ...";
  return out.empty() ? "-" : out;
}

Error unknown_citation(std::string_view citation, const LawSource* source) {
  Error error("findings.law.citation");
  error.element(citation);
  if (source == nullptr) {
    const std::string id(split(citation).source);
    error.zh(fmt::format("引用“{}”：法规库中没有“{}”", citation, id))
        .en(fmt::format("the citation '{}' names no source: there is no '{}'", citation, id))
        .remedy(fmt::format("请改正引用，或新建 rulebook/law/sources/{}.toml", id),
                fmt::format("correct it, or add rulebook/law/sources/{}.toml", id));
    return error;
  }
  error.zh(fmt::format("引用“{}”：《{}》没有登记这一条", citation, source->title.zh))
      .en(fmt::format("the citation '{}' names no article: '{}' does not list it", citation,
                      source->id))
      .remedy(fmt::format("已登记：{}；或在该文件中加一节 [[article]]", list_articles(*source)),
              fmt::format("it lists {}; or add a section [[article]] to its file",
                          list_articles(*source)));
  return error;
}

// An id that a sorted list holds twice.
template <typename T>
void report_twice(const std::vector<T>& sorted, std::string_view zh, std::string_view en,
                  std::vector<Error>* problems, std::string (*place)(const T&)) {
  for (size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].id != sorted[i - 1].id || sorted[i].id.empty()) continue;
    problems->push_back(Error("findings.law.duplicate")
                            .zh(fmt::format("{}“{}”登记了两次", zh, sorted[i].id))
                            .en(fmt::format("the {} '{}' is given twice", en, sorted[i].id))
                            .file(place(sorted[i]))
                            .element(sorted[i].id)
                            .remedy("请删去或改名其中一个", "remove or rename one of them"));
  }
}

std::string source_file(const LawSource& source) { return fmt::format("{}.toml", source.id); }
std::string rule_file(const LawRule& rule) { return rule.file; }

void check_articles(const LawSource& source, std::vector<Error>* problems) {
  for (size_t i = 0; i < source.articles.size(); ++i) {
    const std::string& id = source.articles[i].id;
    if (find_article(source, id) == &source.articles[i]) continue;
    problems->push_back(
        Error("findings.law.duplicate")
            .zh(fmt::format("“{}”的条“{}”登记了两次", source.id, id))
            .en(fmt::format("the article '{}' of '{}' is given twice", id, source.id))
            .file(source_file(source))
            .element(id)
            .remedy("请合并为一节 [[article]]", "make one [[article]] of them"));
  }
}

void check_rule(const Law& law, const LawRule& rule, std::vector<Error>* problems) {
  LawStatus weakest = LawStatus::verified;
  bool all_known = !rule.citations.empty();
  for (const auto* list : {&rule.citations, &rule.supporting, &rule.consequence_citations}) {
    for (const std::string& citation : *list) {
      const auto cited = law.resolve(citation);
      if (!cited) {
        Error error = cited.error();
        problems->push_back(error.file(rule.file).line(rule.line).element("rule " + rule.id));
        all_known = false;
      } else if (list == &rule.citations) {
        weakest = std::max(weakest, cited->status);
      }
    }
  }
  if (!all_known || weakest == rule.status) return;
  problems->push_back(
      Error("findings.law.status")
          .zh(fmt::format("规则 {} 的状态是 {}，而所引条文中最弱的是 {}", rule.id,
                          to_string(rule.status), to_string(weakest)))
          .en(fmt::format("the rule {} is '{}', but the weakest of its citations is '{}'", rule.id,
                          to_string(rule.status), to_string(weakest)))
          .file(rule.file)
          .line(rule.line)
          .element("rule " + rule.id)
          .remedy(fmt::format("请写 status = \"{}\"，或核对条文后改条文的状态", to_string(weakest)),
                  fmt::format("write status = \"{}\", or check the article and change its status",
                              to_string(weakest))));
}

// Calls take(path, text) for every NAME.toml of a folder, in the order of the names.
template <typename Take>
void each_file(Files& files, const std::string& directory, std::vector<Error>* problems,
               Take take) {
  const auto names = files.list(directory);
  if (!names) {
    problems->push_back(names.error());
    return;
  }
  for (const std::string& name : *names) {
    if (!name.ends_with(".toml")) continue;
    const std::string path = directory + "/" + name;
    const auto text = read_file(files, path, kFileBytesMax);
    if (text) {
      take(path, name.substr(0, name.size() - 5), *text);
    } else {
      problems->push_back(text.error());
    }
  }
}

Error invalid(const std::string& directory, const std::vector<Error>& problems) {
  return Error("findings.law.invalid")
      .zh(fmt::format("法规库有 {} 处问题，第一处见下", problems.size()))
      .en(fmt::format("the law registry has {} problems, of which the first follows",
                      problems.size()))
      .file(directory)
      .because(problems.front());
}

}  // namespace

std::string_view to_string(LawStatus status) { return kStatuses[static_cast<size_t>(status)]; }
std::string_view to_string(LawLevel level) { return kLevels[static_cast<size_t>(level)]; }
std::optional<LawStatus> law_status(std::string_view text) {
  return find_word<LawStatus>(kStatuses, text);
}
std::optional<LawLevel> law_level(std::string_view text) {
  return find_word<LawLevel>(kLevels, text);
}

LawText title_of(LawStatus status) {
  switch (status) {
    case LawStatus::verified:
      return {"已核对原文", "checked against the text"};
    case LawStatus::secondary:
      return {"据转述", "as quoted by others"};
    case LawStatus::local:
      return {"地方或本市自定", "local, or the city's own choice"};
    case LawStatus::speech:
      return {"讲话要求", "said in the speech"};
    case LawStatus::unverified:
      return {"未核对", "unverified"};
  }
  return {};
}

bool LawSource::in_force(Date day) const {
  return (!effective_from || *effective_from <= day) &&
         (!effective_until || day < *effective_until);
}

LawStatus LawSource::status() const {
  if (level == LawLevel::speech) return LawStatus::speech;
  if (level == LawLevel::city_choice || level == LawLevel::local_regulation) {
    return LawStatus::local;
  }
  if (text_status == "checked") return LawStatus::verified;
  return text_status == "secondary" ? LawStatus::secondary : LawStatus::unverified;
}

const LawSource* Law::source(std::string_view id) const { return find_id(sources_, id); }
const LawRule* Law::rule(std::string_view id) const { return find_id(rules_, id); }

const LawArticle* Law::article(std::string_view citation) const {
  const Split parts = split(citation);
  const LawSource* found = source(parts.source);
  return found != nullptr && parts.article ? find_article(*found, *parts.article) : nullptr;
}

Result<Cited> Law::resolve(std::string_view citation) const {
  const Split parts = split(citation);
  const LawSource* found = source(parts.source);
  if (found == nullptr) return fail(unknown_citation(citation, nullptr));
  const LawArticle* part = parts.article ? find_article(*found, *parts.article) : nullptr;
  if (parts.article && part == nullptr) return fail(unknown_citation(citation, found));
  Cited out;
  out.id = citation;
  out.label = label_of(*found, part);
  out.status = part != nullptr ? part->status : found->status();
  out.source = found;
  out.article = part;
  return out;
}

Result<LawStatus> Law::weakest(const std::vector<std::string>& citations) const {
  LawStatus out = LawStatus::verified;
  for (const std::string& citation : citations) {
    YIPAN_ASSIGN(const Cited cited, resolve(citation));
    out = std::max(out, cited.status);
  }
  return out;
}

Law make_law(std::vector<LawSource> sources, std::vector<LawRule> rules,
             std::vector<Error>* problems) {
  Law law;
  law.sources_ = std::move(sources);
  law.rules_ = std::move(rules);
  const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
  std::stable_sort(law.sources_.begin(), law.sources_.end(), by_id);
  std::stable_sort(law.rules_.begin(), law.rules_.end(), by_id);
  report_twice<LawSource>(law.sources_, "法规", "source", problems, source_file);
  report_twice<LawRule>(law.rules_, "规则", "rule", problems, rule_file);
  for (const LawSource& source : law.sources_) check_articles(source, problems);
  for (const LawRule& rule : law.rules_) check_rule(law, rule, problems);
  return law;
}

Result<Law> load_law(Files& files, const std::string& directory, std::vector<Error>* problems) {
  std::vector<Error> own;
  std::vector<Error>* all = problems != nullptr ? problems : &own;
  all->clear();
  std::vector<LawSource> sources;
  std::vector<LawRule> rules;
  each_file(
      files, directory + "/sources", all,
      [&](const std::string& path, const std::string& stem, const std::string& text) {
        auto source = parse_law_source(text, path, all);
        if (!source) return;
        if (source->id != stem && !source->id.empty()) {
          all->push_back(
              Error("findings.law.id")
                  .zh(fmt::format("id 是“{}”，而文件名是“{}”", source->id, stem))
                  .en(fmt::format("the id is '{}', but the file's name is '{}'", source->id, stem))
                  .file(path)
                  .remedy(fmt::format("请写 id = \"{}\" 或改文件名", stem),
                          fmt::format("write id = \"{}\", or rename the file", stem)));
        }
        sources.push_back(std::move(*source));
      });
  each_file(files, directory + "/rules", all,
            [&](const std::string& path, const std::string&, const std::string& text) {
              for (LawRule& rule : parse_law_rules(text, path, all)) {
                rules.push_back(std::move(rule));
              }
            });
  Law law = make_law(std::move(sources), std::move(rules), all);
  if (!all->empty()) return fail(invalid(directory, *all));
  return law;
}

}  // namespace yipan::findings
