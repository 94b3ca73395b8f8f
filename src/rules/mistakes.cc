#include "rules/mistakes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/print.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

bool digit_at(std::string_view text, size_t i) {
  return i < text.size() && text[i] >= '0' && text[i] <= '9';
}

struct WideForm {
  std::string_view wide, half;
};
constexpr std::array<WideForm, 27> kWide = {{
    {"，", ","}, {"。", "."}, {"；", ";"}, {"：", ":"}, {"（", "("}, {"）", ")"}, {"【", "["},
    {"】", "]"}, {"“", "\""}, {"”", "\""}, {"‘", "\""}, {"’", "\""}, {"《", "<"}, {"》", ">"},
    {"≥", ">="}, {"≤", "<="}, {"≠", "!="}, {"×", "*"},  {"÷", "/"},  {"＝", "="}, {"＞", ">"},
    {"＜", "<"}, {"＋", "+"}, {"－", "-"}, {"、", ","}, {"／", "/"}, {"＊", "*"},
}};

Hint wide_hint(std::string_view text) {
  for (const WideForm& form : kWide) {
    if (text.find(form.wide) == std::string_view::npos) continue;
    return {fmt::format("“{}”是全角符号，请写半角的 {}", form.wide, form.half),
            fmt::format("'{}' is full-width punctuation: write {}", form.wide, form.half)};
  }
  for (size_t pos = 0; pos < text.size();) {
    const size_t start = pos;
    const char32_t c = next_code_point(text, &pos);
    if (c < 0xFF01 || c > 0xFF5E) continue;
    std::string half(1, static_cast<char>(c - 0xFF01 + '!'));
    return {fmt::format("“{}”是全角字符，请写半角的 {}", text.substr(start, pos - start), half),
            fmt::format("'{}' is a full-width character: write {}", text.substr(start, pos - start),
                        half)};
  }
  return {};
}

// Operators of other languages, found at the fault or just before it.
Hint foreign_operator(std::string_view text, size_t begin) {
  const auto near = [&](std::string_view what) {
    return text.substr(begin, what.size()) == what ||
           (begin > 0 && text.substr(begin - 1, what.size()) == what);
  };
  if (near("==")) return {"FEEL 的相等只写一个 =", "FEEL compares with a single ="};
  if (near("&&")) return {"“并且”写作 and", "write and"};
  if (near("||")) return {"“或者”写作 or", "write or"};
  if (near("<>")) return {"“不等于”写作 !=", "write != for 'not equal'"};
  if (near(":=")) return {"FEEL 没有赋值；比较写 =", "FEEL assigns nothing; compare with ="};
  if (near("=>")) return {"“大于等于”写作 >=", "write >= for 'at least'"};
  if (near("=<")) return {"“小于等于”写作 <=", "write <= for 'at most'"};
  const char c = begin < text.size() ? text[begin] : '\0';
  if (c == '!')
    return {"“非”写作 not(...)，“不等于”写作 !=", "write not(...), or != for 'not equal'"};
  if (c == '&') return {"“并且”写作 and；拼接文字用 +", "write and; join texts with +"};
  if (c == '|') return {"“或者”写作 or", "write or"};
  if (c == '\'') return {"文字用双引号，如 \"住宅\"", "texts stand in double quotes: \"...\""};
  if (c == '%') return {"百分数写成小数，5% 写 0.05", "write 5% as 0.05"};
  if (c == '?' || (begin > 0 && text[begin - 1] == '?')) {
    return {"写作 if 条件 then 甲 else 乙", "write if condition then a else b"};
  }
  return {};
}

Hint comma_hint(std::string_view text, size_t begin) {
  if (begin >= text.size() || text[begin] != ',') return {};
  if (begin == 0 || !digit_at(text, begin - 1) || !digit_at(text, begin + 1)) return {};
  return {"小数点写 . ，数字不用千分位，如 1200.5",
          "the decimal point is . and there are no thousands separators: 1200.5"};
}

Hint keyword_hint(std::string_view word) {
  constexpr std::array<std::string_view, 13> kWords = {
      "and", "or",     "not",       "if",      "then",  "else", "for",
      "in",  "return", "satisfies", "between", "every", "some"};
  std::string lower;
  for (const char c : word) lower += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == word || std::find(kWords.begin(), kWords.end(), lower) == kWords.end()) return {};
  return {fmt::format("关键字一律小写：{}", lower),
          fmt::format("keywords are lower case: {}", lower)};
}

struct Open {
  char bracket;
  size_t at;
};

// Brackets outside texts that nothing closes before the fault.
Hint bracket_hint(std::string_view text, size_t end) {
  std::vector<Open> open;
  bool quoted = false;
  for (size_t i = 0; i < std::min(end, text.size()); ++i) {
    const char c = text[i];
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (quoted) continue;
    if (c == '(' || c == '[' || c == '{') open.push_back({c, i});
    if ((c == ')' || c == ']' || c == '}') && !open.empty()) open.pop_back();
  }
  if (open.empty()) return {};
  const Open& last = open.back();
  const char close = last.bracket == '(' ? ')' : last.bracket == '[' ? ']' : '}';
  const size_t column = code_point_count(text.substr(0, last.at)) + 1;
  return {fmt::format("第 {} 个字符处的 {} 还没有配上 {}", column, last.bracket, close),
          fmt::format("the {} at character {} is not closed with {}", last.bracket, column, close)};
}

size_t distance(const std::u32string& a, const std::u32string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::u32string points(std::string_view text) {
  std::u32string out;
  for (size_t pos = 0; pos < text.size();) out += next_code_point(text, &pos);
  return out;
}

}  // namespace

std::string nearest_name(std::string_view wrong, const std::vector<std::string>& names) {
  const std::u32string from = points(wrong);
  std::string best;
  size_t best_distance = std::max<size_t>(1, from.size() / 3) + 1;
  if (from.size() < 2) best_distance = 1;
  for (const std::string& name : names) {
    const size_t d = distance(from, points(name));
    if (d < best_distance || (d == best_distance && !best.empty() && name < best)) {
      best_distance = d;
      best = name;
    }
  }
  return best;
}

Hint syntax_hint(std::string_view text, size_t begin, size_t end) {
  begin = std::min(begin, text.size());
  end = std::clamp(end, begin, text.size());
  const std::string_view token = text.substr(begin, end - begin);
  if (token.starts_with('"') || token.starts_with("@\"")) {
    return {"请在文字的结尾补上 \"", "close the text with \""};
  }
  if (token.starts_with("/*")) return {"请用 */ 结束注释", "close the comment with */"};
  for (const Hint& hint : {wide_hint(token), foreign_operator(text, begin), comma_hint(text, begin),
                           keyword_hint(token)}) {
    if (!hint.empty()) return hint;
  }
  if (token == ")" || token == "]" || token == "}") {
    return {fmt::format("多了一个 {}，或前面少了与它相配的括号", token),
            fmt::format("there is a {} too many, or its partner is missing before", token)};
  }
  if (const Hint hint = bracket_hint(text, begin); !hint.empty()) return hint;
  if (token.size() == 1 && std::string_view("#$^~\\`;@&|").find(token) != std::string_view::npos) {
    return {fmt::format("FEEL 不用字符 {}；标点请用半角符号", token),
            fmt::format("FEEL has no character {}; punctuation is ASCII", token)};
  }
  if (begin >= text.size()) return {"请补全表达式", "complete the expression"};
  return {"请检查这里的写法；两个值之间要有运算符",
          "check this place; an operator stands between two values"};
}

Hint name_hint(std::string_view name, const std::vector<std::string>& names, bool in_cell) {
  if (const Hint wide = wide_hint(name); !wide.empty()) return wide;
  if (const Hint keyword = keyword_hint(name.substr(0, name.find(' '))); !keyword.empty()) {
    return keyword;
  }
  const std::string near = nearest_name(name, names);
  if (!near.empty()) {
    return {fmt::format("是不是“{}”？", near), fmt::format("did you mean '{}'?", near)};
  }
  if (in_cell) {
    return {fmt::format("如果是文字，请加引号：\"{}\"", name),
            fmt::format("if it is a text, put it in quotes: \"{}\"", name)};
  }
  return {"请检查拼写（文字要加引号），或为决策补上对它的需求关系",
          "check the spelling (texts stand in quotes), or add a requirement on it to the decision"};
}

Hint type_name_hint(std::string_view name, std::vector<std::string> names) {
  for (const char* basic : {"number", "string", "boolean", "date", "time", "date and time",
                            "days and time duration", "years and months duration", "Any"}) {
    names.emplace_back(basic);
  }
  const std::string near = nearest_name(name, names);
  if (!near.empty()) {
    return {fmt::format("是不是“{}”？", near), fmt::format("did you mean '{}'?", near)};
  }
  return {
      "基本类型有 number、string、boolean、date、time、date and time；自定义的要有 itemDefinition",
      "the basic types are number, string, boolean, date, time, date and time; others need an "
      "itemDefinition"};
}

std::string type_zh(const Type& type) {
  const bool basic = type.form <= Type::Form::string;
  return basic ? std::string(to_string_zh(static_cast<Kind>(type.form))) : to_string(type);
}

Hint type_hint(Op op, const Expr& left, const Expr& right) {
  const Expr* text = left.kind == Ex::literal && left.value.is(Kind::string)     ? &left
                     : right.kind == Ex::literal && right.value.is(Kind::string) ? &right
                                                                                 : nullptr;
  const Type& other = text == &left ? *right.type : *left.type;
  const bool day = other.is(Type::Form::date) || other.is(Type::Form::date_time);
  if (text != nullptr && day) {
    const std::string quoted = internal::print_value(text->value, true);
    const std::string_view function = other.is(Type::Form::date) ? "date" : "date and time";
    return {fmt::format("日期不是文字，请写 {}({})", function, quoted),
            fmt::format("a date is not a text: write {}({})", function, quoted)};
  }
  if (text != nullptr && other.is(Type::Form::number) && op == Op::add) {
    return {"先用 string(...) 把数变成文字，再拼接",
            "turn the number into a text first: string(...)"};
  }
  if (text != nullptr && other.is(Type::Form::number)) {
    return {"数不加引号", "numbers have no quotes"};
  }
  return {"请把两边改成同一类型", "make both sides the same type"};
}

}  // namespace yipan::rules
