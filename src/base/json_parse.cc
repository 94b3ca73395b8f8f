// A strict parser of JSON (RFC 8259) whose errors name the place and what was expected there.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "yipan/json.h"
#include "yipan/text.h"

namespace yipan {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Parser {
 public:
  Parser(std::string_view text, std::string_view file, int depth_max)
      : text_(text), file_(file), depth_max_(std::clamp(depth_max, 0, 512)) {}

  Result<Json> parse() {
    if (const size_t bad = find_invalid_utf8(text_); bad != std::string_view::npos) {
      return fail(syntax(bad, "不是有效的 UTF-8", "this is not valid UTF-8"));
    }
    if (text_.substr(0, 3) == "\xef\xbb\xbf") at_ = 3;  // RFC 8259, 8.1: may be ignored
    Json value;
    YIPAN_TRY(parse_value(&value, 0));
    skip_space();
    if (at_ < text_.size()) {
      return fail(syntax(at_, "JSON 已经结束，后面还有多余的内容",
                         "the JSON has ended, but more text follows"));
    }
    return value;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
      ++at_;
    }
  }

  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  Result<> parse_value(Json* out, int depth) {
    skip_space();
    switch (peek()) {
      case '{':
        return parse_object(out, depth + 1);
      case '[':
        return parse_array(out, depth + 1);
      case '"': {
        std::string text;
        YIPAN_TRY(parse_string(&text));
        *out = std::move(text);
        return {};
      }
      case 't':
        return parse_word("true", true, out);
      case 'f':
        return parse_word("false", false, out);
      case 'n':
        return parse_word("null", nullptr, out);
      default:
        if (peek() == '-' || is_digit(peek())) return parse_number(out);
        return fail(unexpected("应为一个值", "a value was expected"));
    }
  }

  Result<> parse_word(std::string_view word, Json value, Json* out) {
    if (text_.substr(at_, word.size()) != word) {
      return fail(unexpected("应为一个值", "a value was expected"));
    }
    at_ += word.size();
    *out = std::move(value);
    return {};
  }

  Result<> parse_array(Json* out, int depth) {
    if (depth > depth_max_) return fail(too_deep());
    ++at_;
    *out = Json::array();
    auto& items = out->get_ref<Json::array_t&>();
    skip_space();
    if (take(']')) return {};
    while (true) {
      YIPAN_TRY(parse_value(&items.emplace_back(), depth));
      skip_space();
      if (take(']')) return {};
      if (!take(',')) return fail(unexpected("应为“,”或“]”", "',' or ']' was expected"));
    }
  }

  Result<> parse_object(Json* out, int depth) {
    if (depth > depth_max_) return fail(too_deep());
    ++at_;
    *out = Json::object();
    auto& members = out->get_ref<Json::object_t&>();
    skip_space();
    if (take('}')) return {};
    while (true) {
      skip_space();
      const size_t key_at = at_;
      std::string key;
      if (peek() != '"') {
        return fail(unexpected("应为带双引号的键", "a key in double quotes was expected"));
      }
      YIPAN_TRY(parse_string(&key));
      const auto [member, is_new] = members.emplace(std::move(key), Json());
      if (!is_new) return fail(duplicate(key_at, member->first));
      skip_space();
      if (!take(':')) return fail(unexpected("应为“:”", "':' was expected"));
      YIPAN_TRY(parse_value(&member->second, depth));
      skip_space();
      if (take('}')) return {};
      if (!take(',')) return fail(unexpected("应为“,”或“}”", "',' or '}' was expected"));
    }
  }

  Result<> parse_string(std::string* out) {
    const size_t open = at_++;
    while (true) {
      const size_t start = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20) {
        ++at_;
      }
      out->append(text_, start, at_ - start);
      if (at_ >= text_.size()) {
        return fail(syntax(open, "字符串没有结束的双引号", "the string has no closing quote"));
      }
      if (take('"')) return {};
      if (!take('\\')) {
        return fail(syntax(at_, "字符串中有未转义的控制字符（例如换行）",
                           "the string holds a control character (such as a line break) that is "
                           "not escaped"));
      }
      YIPAN_TRY(parse_escape(out));
    }
  }

  Result<> parse_escape(std::string* out) {
    const size_t start = at_ - 1;
    const char c = peek();
    if (c == 'u') return parse_unicode_escape(out);
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
    const size_t which = kNames.find(c);
    if (at_ >= text_.size() || which == std::string_view::npos) {
      return fail(syntax(start, "未知的转义", "this escape is unknown"));
    }
    out->push_back(kValues[which]);
    ++at_;
    return {};
  }

  // The four digits after \u at `at_`, or nothing.
  std::optional<uint32_t> parse_code_unit() {
    if (text_.substr(at_, 1) != "u" || text_.size() - at_ < 5) return std::nullopt;
    uint32_t unit = 0;
    const char* end = text_.data() + at_ + 5;
    const auto [stop, error] = std::from_chars(text_.data() + at_ + 1, end, unit, 16);
    if (error != std::errc() || stop != end) return std::nullopt;
    at_ += 5;
    return unit;
  }

  Result<> parse_unicode_escape(std::string* out) {
    const size_t start = at_ - 1;
    const std::optional<uint32_t> first = parse_code_unit();
    if (!first) {
      return fail(syntax(start, "\\u 后面应为四位十六进制数",
                         "four hexadecimal digits were expected after \\u"));
    }
    if (*first < 0xd800 || *first > 0xdfff) {
      append_utf8(static_cast<char32_t>(*first), out);
      return {};
    }
    if (*first < 0xdc00 && take('\\')) {
      const std::optional<uint32_t> second = parse_code_unit();
      if (second && *second >= 0xdc00 && *second <= 0xdfff) {
        append_utf8(static_cast<char32_t>(0x10000 + ((*first - 0xd800) << 10) + *second - 0xdc00),
                    out);
        return {};
      }
    }
    return fail(syntax(start, "代理对不完整", "half of a surrogate pair is missing"));
  }

  bool skip_digits() {
    const size_t start = at_;
    while (is_digit(peek())) ++at_;
    return at_ > start;
  }

  // RFC 8259, 6.
  Result<> parse_number(Json* out) {
    const size_t start = at_;
    bool is_integer = true;
    take('-');
    bool good = take('0') || skip_digits();
    if (good && is_digit(peek())) good = false;  // 01
    if (good && take('.')) {
      is_integer = false;
      good = skip_digits();
    }
    if (good && (peek() == 'e' || peek() == 'E')) {
      ++at_;
      is_integer = false;
      if (!take('+')) take('-');
      good = skip_digits();
    }
    if (!good) return fail(unexpected("数字的写法不对", "the number is not well formed"));
    return store_number(text_.substr(start, at_ - start), start, is_integer, out);
  }

  Result<> store_number(std::string_view digits, size_t start, bool is_integer, Json* out) {
    const char* end = digits.data() + digits.size();
    int64_t integer = 0;
    if (is_integer && std::from_chars(digits.data(), end, integer).ec == std::errc()) {
      *out = integer;
      return {};
    }
    uint64_t large = 0;
    if (is_integer && digits.front() != '-' &&
        std::from_chars(digits.data(), end, large).ec == std::errc()) {
      *out = large;
      return {};
    }
    double real = 0;
    const std::errc error = std::from_chars(digits.data(), end, real).ec;
    if (is_integer || error == std::errc::result_out_of_range || !std::isfinite(real)) {
      return fail(syntax(start, "数字超出可以表示的范围", "the number is out of range"));
    }
    *out = real;
    return {};
  }

  Error placed(Error error, size_t offset) const {
    const std::string_view before = text_.substr(0, offset);
    const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto lines = static_cast<uint64_t>(std::count(before.begin(), before.end(), '\n'));
    if (!file_.empty()) error.file(file_);
    const std::string_view line = before.substr(line_start);
    uint64_t characters = 0;
    for (char c : line) characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    return std::move(error.line(lines + 1, characters + 1));
  }

  Error syntax(size_t offset, std::string_view zh, std::string_view en) const {
    return placed(Error("base.json.syntax")
                      .zh(fmt::format("JSON 有语法错误：{}", zh))
                      .en(fmt::format("the JSON is not well formed: {}", en))
                      .remedy("请在所示位置改正后重试", "correct it at the place shown"),
                  offset);
  }

  // At `at_`, something else than what belongs there.
  Error unexpected(std::string_view zh, std::string_view en) const {
    if (at_ >= text_.size()) {
      return syntax(text_.size(), fmt::format("内容到此中断，{}", zh),
                    fmt::format("the text ends here, but {}", en));
    }
    size_t end = at_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xc0) == 0x80) ++end;
    const std::string_view found = text_.substr(at_, end - at_);
    return syntax(at_, fmt::format("{}，却遇到“{}”", zh, found),
                  fmt::format("{}, found '{}'", en, found));
  }

  Error too_deep() const {
    return placed(Error("base.json.depth")
                      .zh(fmt::format("JSON 嵌套超过 {} 层", depth_max_))
                      .en(fmt::format("the JSON is nested more than {} levels deep", depth_max_))
                      .remedy("请减少嵌套层数", "nest it less deeply"),
                  at_);
  }

  Error duplicate(size_t offset, std::string_view key) const {
    return placed(Error("base.json.duplicate")
                      .zh(fmt::format("同一个对象中键“{}”出现了两次", key))
                      .en(fmt::format("the key \"{}\" stands twice in one object", key))
                      .element(key)
                      .remedy("请删去其中一个，或改名", "remove one of them, or rename it"),
                  offset);
  }

  std::string_view text_;
  std::string_view file_;
  int depth_max_;
  size_t at_ = 0;
};

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view file, int depth_max) {
  return Parser(text, file, depth_max).parse();
}

}  // namespace yipan
