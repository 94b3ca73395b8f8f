#include "findings/template.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace yipan::findings {
namespace {

using rules::Kind;
using rules::Value;

std::optional<Format> format_named(std::string_view name) {
  if (name.size() == 2 && name[0] == 'n' && name[1] >= '0' && name[1] <= '4') {
    return Format{Format::Kind::number, name[1] - '0'};
  }
  constexpr std::array<std::pair<std::string_view, Format::Kind>, 7> kNames = {{
      {"wan", Format::Kind::wan},
      {"yi", Format::Kind::yi},
      {"yuan", Format::Kind::yuan},
      {"percent", Format::Kind::percent},
      {"month", Format::Kind::month},
      {"area", Format::Kind::area},
      {"org", Format::Kind::org},
  }};
  for (const auto& [word, kind] : kNames) {
    if (word == name) return Format{kind, 0};
  }
  return std::nullopt;
}

Error brace(std::string_view text) {
  return Error("findings.template.brace")
      .zh(fmt::format("花括号不成对：“{}”", text))
      .en(fmt::format("a brace without its partner: '{}'", text))
      .remedy("占位符写成 {名字} 或 {名字:格式}；花括号本身写成 {{ 和 }}",
              "a placeholder is {name} or {name:format}; a brace itself is {{ or }}");
}

// "12345.60" -> "12,345.60".
std::string with_separators(const std::string& digits) {
  std::string text = digits;
  const size_t first = text.starts_with('-') ? 1 : 0;
  size_t end = std::min(text.find('.'), text.size());
  while (end > first + 3) {
    end -= 3;
    text.insert(end, ",");
  }
  return text;
}

std::string fixed(Decimal value, int decimals, bool at_most) {
  std::string text = value.rounded(decimals, Decimal::Rounding::half_up).to_string();
  if (!at_most && decimals > 0) {
    size_t point = text.find('.');
    if (point == std::string::npos) {
      point = text.size();
      text += '.';
    }
    text.append(static_cast<size_t>(decimals) - (text.size() - point - 1), '0');
  }
  return with_separators(text);
}

// 1,234.56万元 is 12,345,600 yuan, 15.3亿元 is 1,530 million yuan: the same digits in the words of
// each language.
std::string money(Decimal fen, Format::Kind kind, Language language) {
  const bool yi = kind == Format::Kind::yi;
  const int zeros = yi ? 10 : kind == Format::Kind::wan ? 6 : 2;
  const Decimal scaled = (fen * Decimal::parse(fmt::format("1e-{}", zeros)).value())
                             .rounded(2, Decimal::Rounding::half_up);
  if (language == Language::zh) {
    return fixed(scaled, 2, true) + (yi ? "亿元" : zeros == 6 ? "万元" : "元");
  }
  const int64_t unit = yi ? 100 : zeros == 6 ? 10'000 : 1;
  return fixed(scaled * Decimal::from_int(unit), 2, true) + (yi ? " million yuan" : " yuan");
}

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::string date_text(Date date, bool month_only, Language language) {
  const YearMonthDay d = date.ymd();
  if (language == Language::zh) {
    return month_only ? fmt::format("{}年{}月", d.year, d.month)
                      : fmt::format("{}年{}月{}日", d.year, d.month, d.day);
  }
  const std::string_view month = kMonths.at(static_cast<size_t>(d.month) - 1);
  return month_only ? fmt::format("{} {}", month, d.year)
                    : fmt::format("{} {} {}", d.day, month, d.year);
}

std::string plain(const Value& value, Language language) {
  const bool zh = language == Language::zh;
  switch (value.kind()) {
    case Kind::boolean:
      return value.as_boolean() ? (zh ? "是" : "yes") : (zh ? "否" : "no");
    case Kind::date:
      return date_text(value.as_date(), false, language);
    case Kind::list: {
      std::string out;
      for (const Value& item : value.as_list()) {
        if (!out.empty()) out += zh ? "、" : ", ";
        out += plain(item, language);
      }
      return out;
    }
    default:
      return value.to_string();
  }
}

Error does_not_fit(const Value& value) {
  return Error("findings.placeholder.type")
      .zh(fmt::format("“{}”不是这个格式能写的值", value.to_string()))
      .en(fmt::format("'{}' is no value for this format", value.to_string()))
      .remedy("n0、wan、yi、yuan、percent 要数；month 要日期；area、org 要编号",
              "n0, wan, yi, yuan, percent take numbers; month a date; area, org an id");
}

// A date, or a text that is one ("2022-11-30", "2022-11").
std::optional<Date> date_of(const Value& value) {
  if (value.is(Kind::date)) return value.as_date();
  if (!value.is(Kind::string)) return std::nullopt;
  std::string text(value.as_string());
  if (text.size() == 7) text += "-01";
  const auto date = Date::parse(text);
  return date ? std::optional(*date) : std::nullopt;
}

}  // namespace

Result<Template> parse_template(std::string_view text) {
  Template out;
  out.source = std::string(text);
  std::string before;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
      before += c;
      ++i;
      continue;
    }
    if (c == '}') return fail(brace(text.substr(i)));
    if (c != '{') {
      before += c;
      continue;
    }
    const size_t end = text.find_first_of("{}", i + 1);
    if (end == std::string_view::npos || text[end] != '}') return fail(brace(text.substr(i)));
    const std::string_view inside = text.substr(i + 1, end - i - 1);
    const size_t colon = inside.rfind(':');
    Format format;
    if (colon != std::string_view::npos) {
      const auto found = format_named(inside.substr(colon + 1));
      if (!found) {
        return fail(Error("findings.template.format")
                        .zh(fmt::format("没有格式“{}”", inside.substr(colon + 1)))
                        .en(fmt::format("there is no format '{}'", inside.substr(colon + 1)))
                        .remedy("格式有 n0 至 n4、wan、yi、yuan、percent、month、area、org",
                                "formats are n0 to n4, wan, yi, yuan, percent, month, area, org"));
      }
      format = *found;
    }
    const std::string_view name = inside.substr(0, colon);
    if (name.empty()) return fail(brace(text.substr(i)));
    out.parts.push_back({std::move(before), std::string(name), format});
    before.clear();
    i = end;
  }
  if (!before.empty()) out.parts.push_back({std::move(before), "", {}});
  return out;
}

std::vector<std::string> names_of(const Template& text) {
  std::vector<std::string> out;
  for (const Template::Part& part : text.parts) {
    if (!part.name.empty()) out.push_back(part.name);
  }
  return out;
}

Result<std::string> format_value(const Value& value, Format format, const Names& names,
                                 Language language) {
  if (value.is_null()) return std::string(language == Language::zh ? "未填" : "not stated");
  const bool number = value.is(Kind::number);
  switch (format.kind) {
    case Format::Kind::plain:
      return plain(value, language);
    case Format::Kind::number:
      if (!number) return fail(does_not_fit(value));
      return fixed(value.as_number(), format.decimals, false);
    case Format::Kind::wan:
    case Format::Kind::yi:
    case Format::Kind::yuan:
      if (!number) return fail(does_not_fit(value));
      return money(value.as_number(), format.kind, language);
    case Format::Kind::percent:
      if (!number) return fail(does_not_fit(value));
      return fixed(value.as_number() * Decimal::from_int(100), 1, true) + "%";
    case Format::Kind::month: {
      const auto date = date_of(value);
      if (!date) return fail(does_not_fit(value));
      return date_text(*date, true, language);
    }
    case Format::Kind::area:
    case Format::Kind::org:
      if (!value.is(Kind::string)) return fail(does_not_fit(value));
      return format.kind == Format::Kind::area ? names.area(value.as_string(), language)
                                               : names.organisation(value.as_string(), language);
  }
  return std::string();
}

Result<std::string> render(const Template& text, const Lookup& lookup, const Names& names,
                           Language language) {
  std::string out;
  for (const Template::Part& part : text.parts) {
    out += part.text;
    if (part.name.empty()) continue;
    const Value* value = lookup(part.name);
    if (value == nullptr) {
      return fail(Error("findings.placeholder.unknown")
                      .zh(fmt::format("占位符 {{{}}} 没有对应的列、决策分量或参数", part.name))
                      .en(fmt::format("nothing is called {{{}}}: no column, component of the "
                                      "decision or parameter",
                                      part.name))
                      .element(part.name)
                      .remedy("改正名字，或让查询、决策给出它",
                              "correct the name, or let the query or the decision give it"));
    }
    auto shown = format_value(*value, part.format, names, language);
    if (!shown) return fail(Error(shown.error()).element(part.name));
    out += *shown;
  }
  return out;
}

Result<Text> render(const Bilingual& text, const Lookup& lookup, const Names& names) {
  Text out;
  YIPAN_ASSIGN(out.zh, render(text.zh, lookup, names, Language::zh));
  YIPAN_ASSIGN(out.en, render(text.en, lookup, names, Language::en));
  return out;
}

}  // namespace yipan::findings
