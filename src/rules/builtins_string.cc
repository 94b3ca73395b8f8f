// String functions, by code point (DMN 1.5, 10.3.4.3, table 73).
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include "rules/builtins.h"
#include "rules/machine.h"
#include "rules/xpath_regex.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

// Byte offset of the code point number `index`.
size_t offset_of(std::string_view text, size_t index) {
  size_t at = 0;
  while (index > 0 && at < text.size()) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    --index;
  }
  return at;
}

Value substring(const Call& c) {
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  const auto start = c.whole(1);
  if (!start) return c.wrong_argument(1);
  const auto size = static_cast<int64_t>(text->code_points());
  if (*start == 0 || *start > size || *start < -size) return c.fail(Why::domain);
  const int64_t first = *start > 0 ? *start - 1 : size + *start;
  int64_t length = size - first;
  if (c.given > 2 && !c[2].is_null()) {
    const auto wanted = c.whole(2);
    if (!wanted) return c.wrong_argument(2);
    if (*wanted < 0) return c.fail(Why::domain);
    length = std::min(length, *wanted);
  }
  const std::string_view s = text->as_string();
  const size_t from = offset_of(s, static_cast<size_t>(first));
  const size_t bytes = offset_of(s.substr(from), static_cast<size_t>(length));
  return Value::string(s.substr(from, bytes));
}

Value string_length(const Call& c) {
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  return Value::number(static_cast<int64_t>(text->code_points()));
}

Value change_case(const Call& c, bool upper) {
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  const std::string_view s = text->as_string();
  auto wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(s.data(), static_cast<int32_t>(s.size())));
  std::string out;
  (upper ? wide.toUpper(icu::Locale::getRoot()) : wide.toLower(icu::Locale::getRoot()))
      .toUTF8String(out);
  return Value::string(out);
}
Value upper_case(const Call& c) { return change_case(c, true); }
Value lower_case(const Call& c) { return change_case(c, false); }

// Both arguments as strings, or false with the null to return.
bool two(const Call& c, std::string_view* a, std::string_view* b, Value* failed) {
  for (size_t i = 0; i < 2; ++i) {
    const Value* v = c.want(i, Kind::string);
    if (v == nullptr) {
      *failed = c.wrong_argument(i);
      return false;
    }
    *(i == 0 ? a : b) = v->as_string();
  }
  return true;
}

Value substring_before(const Call& c) {
  std::string_view text, match;
  Value failed;
  if (!two(c, &text, &match, &failed)) return failed;
  const size_t at = text.find(match);
  return Value::string(at == std::string_view::npos ? "" : text.substr(0, at));
}

Value substring_after(const Call& c) {
  std::string_view text, match;
  Value failed;
  if (!two(c, &text, &match, &failed)) return failed;
  const size_t at = text.find(match);
  return Value::string(at == std::string_view::npos ? "" : text.substr(at + match.size()));
}

Value contains(const Call& c) {
  std::string_view text, match;
  Value failed;
  if (!two(c, &text, &match, &failed)) return failed;
  return Value::boolean(text.find(match) != std::string_view::npos);
}

Value starts_with(const Call& c) {
  std::string_view text, match;
  Value failed;
  if (!two(c, &text, &match, &failed)) return failed;
  return Value::boolean(text.substr(0, match.size()) == match);
}

Value ends_with(const Call& c) {
  std::string_view text, match;
  Value failed;
  if (!two(c, &text, &match, &failed)) return failed;
  return Value::boolean(text.size() >= match.size() &&
                        text.substr(text.size() - match.size()) == match);
}

Value string_join(const Call& c) {
  std::string_view delimiter;
  if (c.given > 1 && !c[1].is_null()) {
    const Value* d = c.want(1, Kind::string);
    if (d == nullptr) return c.wrong_argument(1);
    delimiter = d->as_string();
  }
  if (c[0].is_null()) return c.wrong_argument(0);
  const std::span<const Value> items =
      c[0].is(Kind::list) ? c[0].as_list() : std::span<const Value>(&c[0], 1);
  std::string out;
  bool first = true;
  for (const Value& v : items) {
    if (v.is_null()) continue;
    if (!v.is(Kind::string)) {
      return c.machine.fail(Why::argument, c.node, Value::string(c.name), v.kind());
    }
    if (!first) out += delimiter;
    first = false;
    out += v.as_string();
    if (out.size() > c.machine.options().limits.string_bytes) return c.fail(Why::limit_string);
  }
  return Value::string(out);
}

// ---- regular expressions
// -------------------------------------------------------------------------

std::u32string decode(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) out += next_code_point(text, &i);
  return out;
}

void encode(const std::u32string& text, size_t from, size_t to, std::string* out) {
  for (size_t i = from; i < to; ++i) append_utf8(text[i], out);
}

// The compiled pattern of arguments `pattern` and `flags`; nullptr with the null to return.
const Regex* pattern_of(const Call& c, size_t pattern, std::optional<size_t> flags, Value* failed) {
  const Value* p = c.want(pattern, Kind::string);
  if (p == nullptr) {
    *failed = c.wrong_argument(pattern);
    return nullptr;
  }
  std::string_view f;
  if (flags && *flags < c.args.size() && !c[*flags].is_null()) {
    const Value* given = c.want(*flags, Kind::string);
    if (given == nullptr) {
      *failed = c.wrong_argument(*flags);
      return nullptr;
    }
    f = given->as_string();
  }
  std::string problem;
  const Regex* regex = c.machine.regex(p->as_string(), f, &problem);
  if (regex == nullptr) *failed = c.fail(Why::invalid_regex, Value::string(problem));
  return regex;
}

Value matches(const Call& c) {
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  Value failed;
  const Regex* regex = pattern_of(c, 1, 2, &failed);
  if (regex == nullptr) return failed;
  Regex::Groups groups;
  uint64_t budget = c.machine.options().limits.regex_steps;
  const auto result = regex->search(decode(text->as_string()), 0, &groups, &budget);
  if (result == Regex::Result::too_many_steps) return c.fail(Why::limit_regex);
  return Value::boolean(result == Regex::Result::yes);
}

// $N in a replacement: as many digits as name a group; \$ and \\ are themselves. False if bad.
bool expand(const std::u32string& replacement, const std::u32string& text,
            const Regex::Groups& groups, std::string* out) {
  const size_t count = groups.size() / 2;
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char32_t ch = replacement[i];
    const char32_t next = i + 1 < replacement.size() ? replacement[i + 1] : U'\0';
    if (ch == U'\\') {
      if (next != U'\\' && next != U'$') return false;
      append_utf8(next, out);
      ++i;
    } else if (ch == U'$') {
      if (next < U'0' || next > U'9') return false;
      size_t group = static_cast<size_t>(next - U'0');
      ++i;
      while (i + 1 < replacement.size() && replacement[i + 1] >= U'0' &&
             replacement[i + 1] <= U'9') {
        const size_t longer = group * 10 + static_cast<size_t>(replacement[i + 1] - U'0');
        if (longer >= count) break;
        group = longer;
        ++i;
      }
      if (group < count && groups[group * 2] >= 0 && groups[group * 2 + 1] >= 0) {
        encode(text, static_cast<size_t>(groups[group * 2]),
               static_cast<size_t>(groups[group * 2 + 1]), out);
      }
    } else {
      append_utf8(ch, out);
    }
  }
  return true;
}

// Calls `found(from, to, groups)` for each match from the left; null or a failure otherwise.
template <typename Found>
Value each_match(const Call& c, const Regex& regex, const std::u32string& text, Found found) {
  Regex::Groups groups;
  uint64_t budget = c.machine.options().limits.regex_steps;
  size_t at = 0;
  while (at <= text.size()) {
    const auto result = regex.search(text, at, &groups, &budget);
    if (result == Regex::Result::too_many_steps) return c.fail(Why::limit_regex);
    if (result == Regex::Result::no) break;
    const auto from = static_cast<size_t>(groups[0]), to = static_cast<size_t>(groups[1]);
    if (from == to) return c.fail(Why::invalid_regex, Value::string("matches an empty string"));
    if (!found(from, to, groups)) {
      return c.fail(Why::invalid_regex, Value::string("bad replacement"));
    }
    at = to;
  }
  return Value::boolean(true);
}

// Patterns that match the empty string are errors here (XPath 7.6.3, FORX0003).
bool matches_empty(const Regex& regex) {
  Regex::Groups groups;
  uint64_t budget = 100'000;
  return regex.search(U"", 0, &groups, &budget) == Regex::Result::yes;
}

Value replace(const Call& c) {
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  const Value* replacement = c.want(2, Kind::string);
  if (replacement == nullptr) return c.wrong_argument(2);
  Value failed;
  const Regex* regex = pattern_of(c, 1, 3, &failed);
  if (regex == nullptr) return failed;
  if (matches_empty(*regex)) {
    return c.fail(Why::invalid_regex, Value::string("matches an empty string"));
  }
  const std::u32string input = decode(text->as_string());
  const std::u32string with = decode(replacement->as_string());
  const bool quoted = c.args.size() > 3 && c[3].is(Kind::string) &&
                      c[3].as_string().find('q') != std::string_view::npos;
  std::string out;
  size_t done = 0;
  const Value result =
      each_match(c, *regex, input, [&](size_t from, size_t to, const Regex::Groups& groups) {
        encode(input, done, from, &out);
        done = to;
        if (!quoted) return expand(with, input, groups, &out);
        out += replacement->as_string();
        return true;
      });
  if (result.is_null()) return result;
  encode(input, done, input.size(), &out);
  if (out.size() > c.machine.options().limits.string_bytes) return c.fail(Why::limit_string);
  return Value::string(out);
}

Value split(const Call& c) {
  const Value* text = c.want(0, Kind::string);
  if (text == nullptr) return c.wrong_argument(0);
  Value failed;
  const Regex* regex = pattern_of(c, 1, std::nullopt, &failed);
  if (regex == nullptr) return failed;
  if (matches_empty(*regex)) {
    return c.fail(Why::invalid_regex, Value::string("matches an empty string"));
  }
  const std::u32string input = decode(text->as_string());
  std::vector<Value> out;
  size_t done = 0;
  const auto piece = [&](size_t to) {
    std::string part;
    encode(input, done, to, &part);
    out.push_back(Value::string(part));
  };
  const Value result =
      each_match(c, *regex, input, [&](size_t from, size_t to, const Regex::Groups&) {
        piece(from);
        done = to;
        return true;
      });
  if (result.is_null()) return result;
  piece(input.size());
  return Value::list(std::move(out));
}

}  // namespace

void add_string_builtins(std::vector<Builtin>* out) {
  const auto add = [out](std::string_view name, Returns returns,
                         std::vector<std::string_view> parameters, uint8_t required,
                         BuiltinFn run) {
    out->push_back({name, returns, {{std::move(parameters), required, false, run}}});
  };
  add("substring", Returns::string, {"string", "start position", "length"}, 2, substring);
  add("string length", Returns::number, {"string"}, 1, string_length);
  add("upper case", Returns::string, {"string"}, 1, upper_case);
  add("lower case", Returns::string, {"string"}, 1, lower_case);
  add("substring before", Returns::string, {"string", "match"}, 2, substring_before);
  add("substring after", Returns::string, {"string", "match"}, 2, substring_after);
  add("replace", Returns::string, {"input", "pattern", "replacement", "flags"}, 3, replace);
  add("contains", Returns::boolean, {"string", "match"}, 2, contains);
  add("starts with", Returns::boolean, {"string", "match"}, 2, starts_with);
  add("ends with", Returns::boolean, {"string", "match"}, 2, ends_with);
  add("matches", Returns::boolean, {"input", "pattern", "flags"}, 2, matches);
  add("split", Returns::strings, {"string", "delimiter"}, 2, split);
  add("string join", Returns::string, {"list", "delimiter"}, 1, string_join);
}

}  // namespace yipan::rules
