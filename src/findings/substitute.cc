// :names of a pack's SQL become $1, $2, ...
#include <fmt/format.h>

#include <algorithm>

#include "findings/sections.h"

namespace yipan::findings {
namespace {

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool is_name_part(char c) { return is_name_start(c) || (c >= '0' && c <= '9'); }

class Substituter {
 public:
  explicit Substituter(std::string_view sql) : sql_(sql) {}

  Result<Statement> run() {
    while (at_ < sql_.size()) {
      const char c = sql_[at_];
      if (c == '\'' || c == '"') {
        YIPAN_TRY(quoted(c));
      } else if (sql_.substr(at_, 2) == "--") {
        copy(std::min(sql_.find('\n', at_), sql_.size()) - at_);
      } else if (sql_.substr(at_, 2) == "/*") {
        YIPAN_TRY(block_comment());
      } else if (sql_.substr(at_, 2) == "::") {
        token(2);
      } else if (c == ':' && at_ + 1 < sql_.size() && is_name_start(sql_[at_ + 1])) {
        YIPAN_TRY(ended());
        name();
      } else if (c == '$') {
        return fail(at(Error("findings.sql.dollar")
                           .zh("SQL 里有 $：参数请写成 :名字")
                           .en("there is a $ in the SQL: parameters are written :name")
                           .remedy("把 $1 改成 :as_of 这样的名字",
                                   "write a name such as :as_of in place of $1")));
      } else if (c == ';') {
        finished_ = true;
        ++at_;
      } else {
        YIPAN_TRY(plain(c));
      }
    }
    return std::move(out_);
  }

 private:
  Error at(Error error) const { return std::move(error.line(line_)); }
  void copy(size_t count) {
    for (size_t i = 0; i < count; ++i) line_ += sql_[at_ + i] == '\n' ? 1 : 0;
    out_.sql += sql_.substr(at_, count);
    at_ += count;
  }
  void token(size_t count) { copy(count); }
  Result<> ended() const {
    if (!finished_) return {};
    return fail(at(Error("findings.sql.second")
                       .zh("一节只能有一条 SQL 语句")
                       .en("a section is one SQL statement")
                       .remedy("删去分号后面的部分，或另开一节",
                               "remove what follows the semicolon, or begin another section")));
  }
  Result<> plain(char c) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') YIPAN_TRY(ended());
    // A word with digits in it is no parameter: copy it whole.
    size_t count = 1;
    if (is_name_start(c)) {
      while (at_ + count < sql_.size() && is_name_part(sql_[at_ + count])) ++count;
    }
    copy(count);
    return {};
  }
  Result<> quoted(char mark) {
    YIPAN_TRY(ended());
    size_t end = at_ + 1;
    while (end < sql_.size()) {
      if (sql_[end] != mark) {
        ++end;
      } else if (end + 1 < sql_.size() && sql_[end + 1] == mark) {
        end += 2;
      } else {
        copy(end + 1 - at_);
        return {};
      }
    }
    return fail(at(Error("findings.sql.quote")
                       .zh("引号没有收尾")
                       .en("a quotation mark is not closed")
                       .remedy("补上引号；文本里的引号写两个",
                               "close it; a quotation mark inside a text is doubled")));
  }
  Result<> block_comment() {
    size_t depth = 0;
    size_t end = at_;
    while (end < sql_.size()) {
      const std::string_view two = sql_.substr(end, 2);
      if (two == "/*") {
        ++depth;
        end += 2;
      } else if (two == "*/") {
        end += 2;
        if (--depth == 0) {
          copy(end - at_);
          return {};
        }
      } else {
        ++end;
      }
    }
    return fail(at(Error("findings.sql.comment")
                       .zh("注释没有收尾")
                       .en("a comment is not closed")
                       .remedy("补上 */", "add */")));
  }
  void name() {
    size_t end = at_ + 1;
    while (end < sql_.size() && is_name_part(sql_[end])) ++end;
    const std::string word(sql_.substr(at_ + 1, end - at_ - 1));
    const auto found = std::find(out_.names.begin(), out_.names.end(), word);
    const auto index = static_cast<size_t>(found - out_.names.begin());
    if (found == out_.names.end()) {
      out_.names.push_back(word);
      out_.lines.push_back(line_);
    }
    out_.sql += fmt::format("${}", index + 1);
    at_ = end;
  }

  std::string_view sql_;
  size_t at_ = 0;
  uint64_t line_ = 1;
  bool finished_ = false;
  Statement out_;
};

}  // namespace

Result<Statement> substitute(std::string_view sql) { return Substituter(sql).run(); }

}  // namespace yipan::findings
