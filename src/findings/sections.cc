#include "findings/sections.h"

#include <fmt/format.h>

#include <optional>

#include "yipan/text.h"

namespace yipan::findings {
namespace {

std::string_view trim_ascii(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// "-- word: rest" -> rest.
std::optional<std::string_view> comment_of(std::string_view line, std::string_view word) {
  line = trim_ascii(line);
  if (!line.starts_with("--")) return std::nullopt;
  line = trim_ascii(line.substr(2));
  if (!line.starts_with(word) || line.substr(word.size(), 1) != ":") return std::nullopt;
  return trim_ascii(line.substr(word.size() + 1));
}

std::optional<Type> type_named(std::string_view name) {
  for (const Type type : {Type::boolean, Type::integer, Type::real, Type::text, Type::date,
                          Type::instant, Type::geometry, Type::bytes}) {
    if (to_string(type) == name) return type;
  }
  return std::nullopt;
}

class Splitter {
 public:
  Splitter(const std::string& file, std::string_view word, std::vector<Error>* problems)
      : file_(file), word_(word), problems_(problems) {}

  void line(std::string_view text) {
    ++line_;
    for (const std::string_view other : {"fact", "evidence", "figure", "view"}) {
      const auto name = comment_of(text, other);
      if (!name) continue;
      finish();
      begin(other, *name);
      return;
    }
    if (const auto types = comment_of(text, "types"); types && open_ && blank()) {
      read_types(*types);
      section_.line_sql = line_ + 1;
      return;
    }
    if (open_) {
      section_.text += text;
      section_.text += '\n';
    } else if (const auto code = trim_ascii(text);
               !skipping_ && !code.empty() && !code.starts_with("--")) {
      if (!stray_) problem(stray());
      stray_ = true;
    }
  }
  void finish() {
    if (!open_) return;
    open_ = false;
    auto statement = substitute(section_.text);
    if (!statement) {
      Error error = statement.error();
      error.file(file_).line(section_.line_sql + error.place().line.value_or(1) - 1);
      problems_->push_back(error.element(section_.name));
      return;
    }
    if (blank()) {
      return problem(Error("findings.section.empty")
                         .zh(fmt::format("“{}”一节没有 SQL", section_.name))
                         .en(fmt::format("the section '{}' has no SQL", section_.name))
                         .remedy("写上 SELECT，或删去这一节", "write a SELECT, or remove it"));
    }
    section_.statement = std::move(*statement);
    sections_.push_back(std::move(section_));
  }
  std::vector<Section> take() { return std::move(sections_); }

 private:
  Error stray() const {
    return Error("findings.section.stray")
        .zh("SQL 不在任何一节里")
        .en("SQL that belongs to no section")
        .remedy(fmt::format("在前面加一行 -- {}: 名字", word_),
                fmt::format("begin it with a line -- {}: name", word_));
  }
  void problem(Error error) { problems_->push_back(error.file(file_).line(line_)); }
  // No SQL yet: only comments.
  bool blank() const {
    for (const std::string_view text : split(section_.text, '\n')) {
      const auto code = trim_ascii(text);
      if (!code.empty() && !code.starts_with("--")) return false;
    }
    return true;
  }
  void begin(std::string_view word, std::string_view name) {
    section_ = Section{};
    section_.word = std::string(word);
    section_.name = std::string(name);
    section_.line = line_;
    section_.line_sql = line_ + 1;
    open_ = true;
    skipping_ = true;
    if (word != word_ || name.empty()) {
      problem(Error("findings.section.word")
                  .zh(fmt::format("这个文件的各节以 -- {}: 名字 开头", word_))
                  .en(fmt::format("sections of this file begin with -- {}: name", word_))
                  .remedy("改正这一行", "correct this line"));
      open_ = false;
    }
    for (const Section& other : sections_) {
      if (other.name != name || !open_) continue;
      problem(
          Error("findings.section.twice")
              .zh(fmt::format("“{}”一节有两次，另一次在第 {} 行", name, other.line))
              .en(fmt::format("the section '{}' is there twice, also in line {}", name, other.line))
              .remedy("改名或删去一节", "rename or remove one of them"));
      open_ = false;
    }
  }
  void read_types(std::string_view text) {
    for (const std::string_view item : split(text, ',')) {
      const std::string_view pair = trim_ascii(item);
      const size_t space = pair.find_last_of(" \t");
      const auto type = space == std::string_view::npos
                            ? std::nullopt
                            : type_named(trim_ascii(pair.substr(space + 1)));
      if (!type) {
        section_.types.clear();
        return problem(
            Error("findings.section.types")
                .zh(fmt::format("看不懂列的类型“{}”", pair))
                .en(fmt::format("cannot read the column's type '{}'", pair))
                .remedy("写成 -- types: key text, signed_on date；"
                        "类型有 boolean、integer、real、text、date、instant",
                        "write -- types: key text, signed_on date; types are boolean, integer, "
                        "real, text, date, instant"));
      }
      section_.types.emplace_back(trim_ascii(pair.substr(0, space)), *type);
    }
  }

  const std::string& file_;
  std::string_view word_;
  std::vector<Error>* problems_;
  std::vector<Section> sections_;
  Section section_;
  uint64_t line_ = 0;
  bool open_ = false;
  bool stray_ = false;
  bool skipping_ = false;  // inside a section that could not begin
};

}  // namespace

std::vector<Section> split_sections(std::string_view text, const std::string& file,
                                    std::string_view word, std::vector<Error>* problems) {
  Splitter splitter(file, word, problems);
  for (const std::string_view line : split(text, '\n')) splitter.line(line);
  splitter.finish();
  return splitter.take();
}

}  // namespace yipan::findings
