#include "rules/lexer.h"

#include <algorithm>
#include <array>

#include "yipan/text.h"

namespace yipan::rules {
namespace {

struct Interval {
  char32_t first, last;
};

bool in_any(const Interval* begin, const Interval* end, char32_t c) {
  return std::any_of(begin, end, [c](const Interval& i) { return c >= i.first && c <= i.last; });
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (skip_space()) next();
    emit(Token::Type::end, text_.size(), text_.size());
    return std::move(out_);
  }

 private:
  char at(size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  static bool digit(char c) { return c >= '0' && c <= '9'; }

  Token& emit(Token::Type type, size_t begin, size_t end) {
    Token& t = out_.emplace_back();
    t.type = type;
    t.begin = static_cast<uint32_t>(begin);
    t.end = static_cast<uint32_t>(end);
    t.text = text_.substr(begin, end - begin);
    return t;
  }
  void bad(size_t begin, size_t end, const char* problem) {
    emit(Token::Type::bad, begin, end).problem = problem;
    at_ = end;
  }

  // Past white space and comments; false at the end of the text.
  bool skip_space() {
    while (at_ < text_.size()) {
      if (at(at_) == '/' && at(at_ + 1) == '/') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (at(at_) == '/' && at(at_ + 1) == '*') {
        const size_t close = text_.find("*/", at_ + 2);
        if (close == std::string_view::npos) {
          bad(at_, text_.size(), "comment without end");
          return false;
        }
        at_ = close + 2;
      } else {
        size_t next = at_;
        if (!is_feel_space(next_code_point(text_, &next))) return true;
        at_ = next;
      }
    }
    return false;
  }

  void next() {
    const char c = at(at_);
    if (digit(c) || (c == '.' && digit(at(at_ + 1)))) return number();
    if (c == '"') return string(at_, at_, Token::Type::string);
    if (c == '@' && at(at_ + 1) == '"') return string(at_, at_ + 1, Token::Type::at_string);
    size_t after = at_;
    const char32_t point = next_code_point(text_, &after);
    if (is_name_start(point)) return word(after);
    symbol(point, after);
  }

  void number() {
    const size_t begin = at_;
    while (digit(at(at_))) ++at_;
    if (at(at_) == '.' && digit(at(at_ + 1))) {
      ++at_;
      while (digit(at(at_))) ++at_;
    }
    if (at(at_) == 'e' || at(at_) == 'E') {
      size_t exponent = at_ + 1;
      if (at(exponent) == '+' || at(exponent) == '-') ++exponent;
      if (digit(at(exponent))) {
        at_ = exponent;
        while (digit(at(at_))) ++at_;
      }
    }
    emit(Token::Type::number, begin, at_);
  }

  void word(size_t after) {
    const size_t begin = at_;
    at_ = after;
    while (at_ < text_.size()) {
      size_t next = at_;
      if (!is_name_part(next_code_point(text_, &next))) break;
      at_ = next;
    }
    emit(Token::Type::word, begin, at_);
  }

  void symbol(char32_t point, size_t after) {
    constexpr std::array<std::string_view, 5> kDouble = {"..", "**", "<=", ">=", "!="};
    for (std::string_view two : kDouble) {
      if (text_.substr(at_, 2) == two) {
        emit(Token::Type::symbol, at_, at_ + 2);
        at_ += 2;
        return;
      }
    }
    constexpr std::string_view kSingle = "+-*/()[]{}<>=,:.'";
    if (point < 128 && kSingle.find(static_cast<char>(point)) != std::string_view::npos) {
      emit(Token::Type::symbol, at_, at_ + 1);
      at_ += 1;
      return;
    }
    bad(at_, after, "unexpected character");
  }

  void string(size_t begin, size_t quote, Token::Type type) {
    std::string decoded;
    size_t i = quote + 1;
    while (i < text_.size() && text_[i] != '"') {
      if (text_[i] == '\\') {
        if (!escape(&i, &decoded)) return bad(begin, std::min(i + 2, text_.size()), "bad escape");
      } else {
        decoded += text_[i++];
      }
    }
    if (i >= text_.size()) return bad(begin, text_.size(), "string without end");
    emit(type, begin, i + 1).decoded = std::move(decoded);
    at_ = i + 1;
  }

  // Rule 35 of 10.3.1.2: \' \" \\ \n \r \t \uXXXX \UXXXXXX; surrogate pairs are joined. Other
  // escapes stand for themselves, backslash included (regular expressions are written that way).
  bool escape(size_t* i, std::string* out) {
    const char c = at(*i + 1);
    switch (c) {
      case 'n':
        *out += '\n';
        break;
      case 'r':
        *out += '\r';
        break;
      case 't':
        *out += '\t';
        break;
      case '\'':
      case '"':
      case '\\':
        *out += c;
        break;
      case 'u':
        return unicode(i, 4, out);
      case 'U':
        return unicode(i, 6, out);
      case '\0':
        return false;
      default:
        *out += '\\';
        ++*i;
        return true;
    }
    *i += 2;
    return true;
  }

  bool hex(size_t begin, size_t count, char32_t* out) const {
    *out = 0;
    for (size_t k = begin; k < begin + count; ++k) {
      const char c = at(k);
      int v = -1;
      if (digit(c)) v = c - '0';
      if (c >= 'a' && c <= 'f') v = c - 'a' + 10;
      if (c >= 'A' && c <= 'F') v = c - 'A' + 10;
      if (v < 0) return false;
      *out = *out * 16 + static_cast<char32_t>(v);
    }
    return true;
  }

  bool unicode(size_t* i, size_t count, std::string* out) {
    char32_t point = 0;
    if (!hex(*i + 2, count, &point)) return false;
    *i += 2 + count;
    if (point >= 0xD800 && point < 0xDC00 && at(*i) == '\\' && at(*i + 1) == 'u') {
      char32_t low = 0;
      if (hex(*i + 2, 4, &low) && low >= 0xDC00 && low < 0xE000) {
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        *i += 6;
      }
    }
    if (point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    append_utf8(point, out);
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  std::vector<Token> out_;
};

}  // namespace

bool is_name_start(char32_t c) {
  if (c < 128) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '?';
  static constexpr Interval kStarts[] = {
      {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},   {0x37F, 0x167F},
      {0x1681, 0x180D}, {0x180F, 0x1FFF}, {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
      {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFEFE}, {0xFF00, 0xFFFD}, {0x10000, 0xEFFFF}};
  return in_any(std::begin(kStarts), std::end(kStarts), c);
}

bool is_name_part(char32_t c) {
  if (c < 128) return is_name_start(c) || (c >= '0' && c <= '9');
  return is_name_start(c) || c == 0xB7 || (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
}

bool is_feel_space(char32_t c) {
  if (c < 128) return c == ' ' || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200B) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

std::vector<std::string> name_tokens(std::string_view name) {
  std::vector<std::string> out;
  for (const Token& t : tokenize(name)) {
    if (t.type != Token::Type::end) out.emplace_back(t.text);
  }
  return out;
}

std::string normalize_name(std::string_view name) {
  std::string out;
  bool pending = false;
  for (size_t i = 0; i < name.size();) {
    const size_t begin = i;
    if (is_feel_space(next_code_point(name, &i))) {
      pending = !out.empty();
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    out += name.substr(begin, i - begin);
  }
  return out;
}

LineColumn line_column(std::string_view text, size_t offset) {
  LineColumn at;
  for (size_t i = 0; i < std::min(offset, text.size()); ++i) {
    if (text[i] == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
      ++at.column;
    }
  }
  return at;
}

}  // namespace yipan::rules
