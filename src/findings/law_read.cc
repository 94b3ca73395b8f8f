// The files of the law registry: TOML to LawSource and LawRule, with every problem of a file.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>

#include "findings/law.h"
#include "yipan/toml.h"

namespace yipan::findings {
namespace {

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// kebab: "budget-law-2018"
bool is_source_id(std::string_view id) {
  return !id.empty() && id.front() != '-' && id.back() != '-' &&
         std::all_of(id.begin(), id.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

// "12", "11.3", "34(1)", "4.0.3", "B", "class-size"
bool is_article_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') ||
           std::string_view(".()-").find(c) != std::string_view::npos;
  });
}

// One or two capitals and two digits: "P05"
bool is_rule_id(std::string_view id) {
  const size_t letters = id.size() < 2 ? 0 : id.size() - 2;
  if (letters != 1 && letters != 2) return false;
  for (size_t i = 0; i < id.size(); ++i) {
    if (i < letters ? (id[i] < 'A' || id[i] > 'Z') : !is_digit(id[i])) return false;
  }
  return true;
}

// Reads one table; each thing that is wrong with it becomes a problem. Every key that was asked for
// is known, any other is a problem at finish().
class Reader {
 public:
  Reader(const toml::table& table, std::string where, std::string_view file,
         std::vector<Error>* problems)
      : table_(table), where_(std::move(where)), file_(file), problems_(problems) {}

  std::string text(std::string_view key, bool required) {
    const toml::node* node = take(key, required);
    if (node == nullptr) return "";
    const auto value = node->value_exact<std::string>();
    if (value && !value->empty()) return *value;
    wrong(*node, key, "非空文字（加引号）", "a text that is not empty, in quotes");
    return "";
  }

  // `en_otherwise` stands for an English text that is not given; "": it must be.
  LawText both(std::string_view key, bool required, std::string_view en_otherwise = "") {
    const toml::node* node = take(key, required);
    if (node == nullptr) return {};
    const toml::table* table = node->as_table();
    if (table == nullptr) {
      wrong(*node, key, fmt::format("{0}.zh 和 {0}.en 两项", key),
            fmt::format("two keys, {0}.zh and {0}.en", key));
      return {};
    }
    Reader inner(*table, fmt::format("{}{}.", where_, key), file_, problems_);
    LawText out = {inner.text("zh", true), inner.text("en", en_otherwise.empty())};
    if (out.en.empty()) out.en = en_otherwise;
    inner.finish();
    return out;
  }

  std::optional<Date> date(std::string_view key) {
    const toml::node* node = take(key, false);
    if (node == nullptr) return std::nullopt;
    if (const auto d = node->value_exact<toml::date>()) {
      return Date::from_ymd(d->year, d->month, d->day);  // toml++ has checked that the day exists
    }
    if (const auto written = node->value_exact<std::string>()) {
      if (const auto parsed = Date::parse(*written)) return *parsed;
    }
    wrong(*node, key, "日期，例如 2019-07-01", "a date, such as 2019-07-01");
    return std::nullopt;
  }

  std::vector<std::string> texts(std::string_view key, bool required) {
    std::vector<std::string> out;
    for (const toml::node* item : items(key, required)) {
      const auto value = item->value_exact<std::string>();
      if (value && !value->empty()) {
        out.push_back(*value);
      } else {
        wrong(*item, key, "非空文字的列表", "a list of texts that are not empty");
      }
    }
    return out;
  }

  std::vector<int> numbers(std::string_view key) {
    std::vector<int> out;
    for (const toml::node* item : items(key, true)) {
      const auto value = item->value_exact<int64_t>();
      if (value && *value >= 1 && *value <= 99) {
        out.push_back(static_cast<int>(*value));
      } else {
        wrong(*item, key, "1 至 99 的整数的列表", "a list of whole numbers from 1 to 99");
      }
    }
    return out;
  }

  // A word of a fixed list.
  template <typename T>
  T word(std::string_view key, std::optional<T> (*parse)(std::string_view), std::string_view known,
         T fallback) {
    const std::string value = text(key, true);
    if (value.empty()) return fallback;
    if (const auto parsed = parse(value)) return *parsed;
    report(at(*table_.get(key), "findings.law.word")
               .zh(fmt::format("{}{} 不认识“{}”", where_, key, value))
               .en(fmt::format("{}{} knows no '{}'", where_, key, value))
               .remedy(fmt::format("可以写：{}", known), fmt::format("known are: {}", known)));
    return fallback;
  }

  void check_id(std::string_view key, bool ok, std::string_view form) {
    const toml::node* node = table_.get(key);
    if (ok || node == nullptr || node->value_or(std::string()).empty()) return;
    wrong(*node, key, form, form);
  }

  // The sections [[key]].
  const toml::array* sections(std::string_view key) {
    const toml::node* node = take(key, false);
    if (node == nullptr) return nullptr;
    if (node->is_array_of_tables()) return node->as_array();
    wrong(*node, key, fmt::format("若干 [[{}]] 节", key), fmt::format("sections [[{}]]", key));
    return nullptr;
  }

  void finish() {
    for (auto&& [key, node] : table_) {
      if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
      report(at(key.source(), "findings.law.key")
                 .zh(fmt::format("不认识的项 {}{}", where_, key.str()))
                 .en(fmt::format("unknown key {}{}", where_, key.str()))
                 .remedy(fmt::format("这里可以写：{}", fmt::join(known_, ", ")),
                         fmt::format("known here: {}", fmt::join(known_, ", "))));
    }
  }

  uint64_t line() const { return table_.source().begin.line; }

 private:
  const toml::node* take(std::string_view key, bool required) {
    known_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr && required) {
      report(at(table_.source(), "findings.law.missing")
                 .zh(fmt::format("缺少 {}{}", where_, key))
                 .en(fmt::format("{}{} is missing", where_, key))
                 .remedy(fmt::format("请补上 {}{} = ...", where_, key),
                         fmt::format("add {}{} = ...", where_, key)));
    }
    return node;
  }

  std::vector<const toml::node*> items(std::string_view key, bool required) {
    const toml::node* node = take(key, required);
    if (node == nullptr) return {};
    const toml::array* array = node->as_array();
    if (array == nullptr || array->empty()) {
      wrong(*node, key, "至少一项的列表 [...]", "a list [...] of at least one");
      return {};
    }
    std::vector<const toml::node*> out;
    for (const toml::node& item : *array) out.push_back(&item);
    return out;
  }

  Error at(const toml::source_region& where, std::string_view code) const {
    Error error(code);
    error.file(file_);
    if (where.begin.line != 0) error.line(where.begin.line, where.begin.column);
    return error;
  }
  Error at(const toml::node& node, std::string_view code) const { return at(node.source(), code); }

  void wrong(const toml::node& node, std::string_view key, std::string_view zh,
             std::string_view en) {
    report(at(node, "findings.law.value")
               .zh(fmt::format("{}{} 的写法不对", where_, key))
               .en(fmt::format("{}{} is not as it should be", where_, key))
               .remedy(fmt::format("应写成：{}", zh), fmt::format("write {}", en)));
  }

  void report(Error error) { problems_->push_back(std::move(error)); }

  const toml::table& table_;
  std::string where_;  // "", "article 12: ", "title."
  std::string_view file_;
  std::vector<Error>* problems_;
  std::vector<std::string> known_;
};

// "11.3" -> Article 11, paragraph 3; "34(1)" -> Article 34, item 1; "4.0.3" of a standard ->
// clause. A word stands for itself.
std::string english_article(std::string_view id, LawLevel level) {
  if (id.empty() || !is_digit(id.front())) return std::string(id);
  if (level == LawLevel::standard) return fmt::format("clause {}", id);
  const size_t item = id.find('(');
  const std::string_view number = id.substr(0, item);
  const size_t dot = number.find('.');
  std::string out = fmt::format("Article {}", number.substr(0, dot));
  if (dot != std::string_view::npos) out += fmt::format(", paragraph {}", number.substr(dot + 1));
  if (item != std::string_view::npos) {
    const std::string_view rest = id.substr(item + 1);
    out += fmt::format(", item {}", rest.substr(0, rest.find(')')));
  }
  return out;
}

LawArticle read_article(const toml::table& table, LawLevel level, std::string_view file,
                        std::vector<Error>* problems) {
  LawArticle out;
  out.id = table["article"].value_or(std::string());
  Reader reader(table, fmt::format("article {}: ", out.id), file, problems);
  out.id = reader.text("article", true);
  reader.check_id("article", is_article_id(out.id), "12, 11.3, 34(1), 4.0.3, a-z");
  out.title = reader.both("title", true, english_article(out.id, level));
  out.paraphrase = reader.both("paraphrase", true);
  out.status = reader.word("status", law_status, "verified, secondary, local, speech, unverified",
                           LawStatus::unverified);
  reader.finish();
  return out;
}

std::optional<std::string> text_status(std::string_view text) {
  if (text == "checked" || text == "secondary" || text == "unverified") return std::string(text);
  return std::nullopt;
}

LawRule read_rule(const toml::table& table, std::string_view file, std::vector<Error>* problems) {
  LawRule out;
  out.id = table["id"].value_or(std::string());
  Reader reader(table, fmt::format("rule {}: ", out.id), file, problems);
  out.id = reader.text("id", true);
  reader.check_id("id", is_rule_id(out.id), "P05");
  out.questions = reader.numbers("questions");
  out.title = reader.both("title", true);
  out.condition = reader.both("condition", true);
  out.citations = reader.texts("citations", true);
  out.supporting = reader.texts("supporting", false);
  out.status = reader.word("status", law_status, "verified, secondary, local, speech, unverified",
                           LawStatus::unverified);
  out.consequence = reader.both("consequence", false);
  out.consequence_citations = reader.texts("consequence_citations", !out.consequence.zh.empty());
  out.parameters = reader.texts("parameters", false);
  out.note = reader.both("note", false);
  reader.finish();
  out.file = file;
  out.line = reader.line();
  return out;
}

}  // namespace

std::optional<LawSource> parse_law_source(std::string_view text, std::string_view file,
                                          std::vector<Error>* problems) {
  const auto root = parse_toml(text, file, "findings.law.syntax");
  if (!root) {
    problems->push_back(root.error());
    return std::nullopt;
  }
  LawSource out;
  Reader reader(*root, "", file, problems);
  out.id = reader.text("id", true);
  reader.check_id("id", is_source_id(out.id), "a-z, 0-9, -");
  out.title = reader.both("title", true);
  out.number = reader.text("number", false);
  out.issuer = reader.both("issuer", true);
  out.level = reader.word("level", law_level,
                          "law, administrative-regulation, ministry-rule, normative-document, "
                          "standard, local-regulation, speech, city-choice",
                          LawLevel::law);
  out.jurisdiction = reader.text("jurisdiction", true);
  out.promulgated = reader.date("promulgated");
  out.effective_from = reader.date("effective_from");
  out.effective_until = reader.date("effective_until");
  out.version = reader.both("version", false);
  out.text_status = reader.word("text_status", text_status, "checked, secondary, unverified",
                                std::string("unverified"));
  if (const toml::array* articles = reader.sections("article")) {
    for (const toml::node& item : *articles) {
      out.articles.push_back(read_article(*item.as_table(), out.level, file, problems));
    }
  }
  reader.finish();
  if (out.effective_from && out.effective_until && *out.effective_until <= *out.effective_from) {
    const toml::source_position at = root->get("effective_until")->source().begin;
    problems->push_back(Error("findings.law.period")
                            .zh("失效日不晚于生效日")
                            .en("effective_until is not after effective_from")
                            .file(file)
                            .line(at.line, at.column)
                            .remedy("失效日是不再有效的第一天，请改正",
                                    "give the first day on which it is no longer in force"));
  }
  return out;
}

std::vector<LawRule> parse_law_rules(std::string_view text, std::string_view file,
                                     std::vector<Error>* problems) {
  std::vector<LawRule> out;
  const auto root = parse_toml(text, file, "findings.law.syntax");
  if (!root) {
    problems->push_back(root.error());
    return out;
  }
  Reader reader(*root, "", file, problems);
  if (const toml::array* rules = reader.sections("rule")) {
    for (const toml::node& item : *rules) {
      out.push_back(read_rule(*item.as_table(), file, problems));
    }
  }
  reader.finish();
  return out;
}

}  // namespace yipan::findings
