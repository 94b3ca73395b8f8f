// A TOML table read strictly: what is missing, of the wrong type or unknown is a problem with its
// line, and reading goes on. Heavy (toml++): include it in a .cc only.
#ifndef YIPAN_FINDINGS_TOML_READER_H_
#define YIPAN_FINDINGS_TOML_READER_H_

#include <fmt/format.h>

#include <set>

#include "findings/pack.h"
#include "yipan/toml.h"

namespace yipan::findings {

class TomlReader {
 public:
  // `where` names the table for a person: "", "[[figure]]".
  TomlReader(const toml::table& table, std::string where, Problems* problems)
      : table_(table), where_(std::move(where)), problems_(problems) {}

  uint64_t line() const { return table_.source().begin.line; }
  uint64_t line(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return node == nullptr ? line() : node->source().begin.line;
  }
  std::string text(std::string_view key, bool required) {
    const toml::node* node = take(key, required);
    if (node == nullptr) return {};
    if (const auto* value = node->as_string()) return value->get();
    wrong(key, "文本", "a text");
    return {};
  }
  int64_t integer(std::string_view key, bool required, int64_t low, int64_t high) {
    const toml::node* node = take(key, required);
    if (node == nullptr) return low;
    const auto* value = node->as_integer();
    if (value != nullptr && value->get() >= low && value->get() <= high) return value->get();
    wrong(key, fmt::format("{} 到 {} 的整数", low, high),
          fmt::format("an integer from {} to {}", low, high));
    return low;
  }
  bool boolean(std::string_view key) {
    const toml::node* node = take(key, false);
    if (node == nullptr) return false;
    if (const auto* value = node->as_boolean()) return value->get();
    wrong(key, "true 或 false", "true or false");
    return false;
  }
  Text both(std::string_view key, bool required) {
    const toml::node* node = take(key, required);
    if (node == nullptr) return {};
    const toml::table* pair = node->as_table();
    if (pair == nullptr) {
      wrong(key, "两种语言：.zh 和 .en", "two languages: .zh and .en");
      return {};
    }
    TomlReader inner(*pair, where_ + std::string(key) + ".", problems_);
    Text out{inner.text("zh", true), inner.text("en", true)};
    inner.finish();
    return out;
  }
  std::vector<std::string> texts(std::string_view key, bool required) {
    const toml::node* node = take(key, required);
    std::vector<std::string> out;
    if (node == nullptr) return out;
    const toml::array* list = node->as_array();
    if (list == nullptr || !list->is_homogeneous(toml::node_type::string)) {
      if (list == nullptr || !list->empty()) wrong(key, "文本的列表", "a list of texts");
      return out;
    }
    for (const toml::node& item : *list) out.push_back(item.as_string()->get());
    return out;
  }
  std::vector<Text> both_texts(std::string_view key) {
    const toml::node* node = take(key, false);
    std::vector<Text> out;
    if (node == nullptr) return out;
    const toml::table* pair = node->as_table();
    if (pair == nullptr) {
      wrong(key, "两种语言：.zh 和 .en", "two languages: .zh and .en");
      return out;
    }
    TomlReader inner(*pair, where_ + std::string(key) + ".", problems_);
    const auto zh = inner.texts("zh", true);
    const auto en = inner.texts("en", true);
    inner.finish();
    if (zh.size() != en.size()) {
      wrong(key, "两种语言同样多项", "as many items in both languages");
      return out;
    }
    for (size_t i = 0; i < zh.size(); ++i) out.push_back({zh[i], en[i]});
    return out;
  }
  std::vector<const toml::table*> tables(std::string_view key) {
    const toml::node* node = take(key, false);
    std::vector<const toml::table*> out;
    if (node == nullptr) return out;
    const toml::array* list = node->as_array();
    if (list == nullptr) {
      wrong(key, fmt::format("[[{}]] 的列表", key), fmt::format("a list of [[{}]]", key));
      return out;
    }
    for (const toml::node& item : *list) {
      if (const toml::table* table = item.as_table()) out.push_back(table);
    }
    return out;
  }
  // Keys that nobody asked for are problems.
  void finish() {
    for (const auto& [key, node] : table_) {
      if (known_.contains(std::string(key.str()))) continue;
      problems_->add(Error("findings.pack.key")
                         .zh(fmt::format("没有键“{}{}”", where_, key.str()))
                         .en(fmt::format("there is no key '{}{}'", where_, key.str()))
                         .element(where_ + std::string(key.str()))
                         .remedy("看 docs/formats/question-pack.md 里有哪些键，改名或删去",
                                 "see docs/formats/question-pack.md for the keys; rename or "
                                 "remove it"),
                     node.source().begin.line);
    }
  }
  void wrong(std::string_view key, std::string_view zh, std::string_view en) {
    problems_->add(Error("findings.pack.value")
                       .zh(fmt::format("“{}{}”应是{}", where_, key, zh))
                       .en(fmt::format("'{}{}' must be {}", where_, key, en))
                       .element(where_ + std::string(key))
                       .remedy("改正这个值", "correct the value"),
                   line(key));
  }

 private:
  const toml::node* take(std::string_view key, bool required) {
    known_.insert(std::string(key));
    const toml::node* node = table_.get(key);
    if (node == nullptr && required) {
      problems_->add(Error("findings.pack.missing")
                         .zh(fmt::format("缺少“{}{}”", where_, key))
                         .en(fmt::format("'{}{}' is missing", where_, key))
                         .element(where_ + std::string(key))
                         .remedy("补上它，见 docs/formats/question-pack.md",
                                 "add it, see docs/formats/question-pack.md"),
                     line());
    }
    return node;
  }
  const toml::table& table_;
  std::string where_;
  Problems* problems_;
  std::set<std::string> known_;
};

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_TOML_READER_H_
