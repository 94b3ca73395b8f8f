#include "intake/date_format.h"

#include <array>
#include <cmath>

#include "intake/number.h"

namespace yipan::intake {
namespace {

constexpr int64_t kExcelEpoch1900 = -25569;  // 1899-12-30: right from 1900-03-01 on
constexpr int64_t kExcelEpoch1904 = -24107;  // 1904-01-01
constexpr int64_t kLastDay = 2932896;        // 9999-12-31

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool read_digits(std::string_view* rest, size_t min, size_t max, int64_t* out) {
  size_t n = 0;
  int64_t value = 0;
  while (n < max && n < rest->size() && is_digit((*rest)[n])) {
    value = value * 10 + ((*rest)[n] - '0');
    ++n;
  }
  if (n < min) return false;
  *out = value;
  rest->remove_prefix(n);
  return true;
}

bool read_month_name(std::string_view* rest, int* month) {
  size_t n = 0;
  std::string word;
  while (n < rest->size() && is_letter((*rest)[n])) word += lower((*rest)[n++]);
  if (word.size() < 3) return false;
  for (size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i].substr(0, word.size()) == word || (i == 8 && word == "sept")) {
      *month = static_cast<int>(i) + 1;
      rest->remove_prefix(n);
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<int64_t> excel_days(double serial, bool system_1904) {
  if (!(serial >= 0) || serial > 2958466) return std::nullopt;
  const auto whole = static_cast<int64_t>(std::floor(serial));
  int64_t days = whole + (system_1904 ? kExcelEpoch1904 : kExcelEpoch1900);
  if (!system_1904) {
    if (whole == 60 || whole == 0) return std::nullopt;
    if (whole < 60) ++days;  // before the day that never was
  }
  if (days > kLastDay) return std::nullopt;
  return days;
}

std::optional<DateFormat> DateFormat::compile(std::string_view text) {
  DateFormat format;
  format.text_ = std::string(text);
  if (text == "excel" || text == "excel1904") {
    format.kind_ = text == "excel" ? Kind::excel1900 : Kind::excel1904;
    format.has_day_ = true;
    return format;
  }
  bool year = false;
  bool month = false;
  for (size_t i = 0; i < text.size();) {
    size_t n = 1;
    while (i + n < text.size() && text[i + n] == text[i]) ++n;
    Part part = Part::literal;
    bool twice = false;
    if (text[i] == 'Y' && (n == 4 || n == 2)) {
      part = n == 4 ? Part::year4 : Part::year2;
      twice = std::exchange(year, true);
    } else if (text[i] == 'M' && n <= 4) {
      part = n == 1 ? Part::month : (n == 2 ? Part::month2 : Part::month_name);
      twice = std::exchange(month, true);
    } else if (text[i] == 'D' && n <= 2) {
      part = n == 1 ? Part::day : Part::day2;
      twice = std::exchange(format.has_day_, true);
    } else if (text[i] == 'h' || text[i] == 'm' || text[i] == 's') {
      part = Part::time2;
    }
    if (twice) return std::nullopt;
    format.tokens_.push_back({part, std::string(text.substr(i, n))});
    i += n;
  }
  if (!year) return std::nullopt;
  return format;
}

bool DateFormat::read(const Token& token, std::string_view* rest, Fields* fields) {
  int64_t value = 0;
  switch (token.part) {
    case Part::literal:
      if (rest->substr(0, token.literal.size()) != token.literal) return false;
      rest->remove_prefix(token.literal.size());
      return true;
    case Part::year4:
      return read_digits(rest, 4, 4, &fields->year);
    case Part::year2:
      if (!read_digits(rest, 2, 2, &value)) return false;
      fields->year = value >= 50 ? 1900 + value : 2000 + value;
      return true;
    case Part::month:
    case Part::month2:
      if (!read_digits(rest, token.part == Part::month ? 1 : 2, 2, &value)) return false;
      fields->month = static_cast<int>(value);
      return true;
    case Part::month_name:
      return read_month_name(rest, &fields->month);
    case Part::day:
    case Part::day2:
      if (!read_digits(rest, token.part == Part::day ? 1 : 2, 2, &value)) return false;
      fields->day = static_cast<int>(value);
      return true;
    case Part::time2:
      return read_digits(rest, 1, 2, &value);
  }
  return false;
}

DateFormat::Match DateFormat::parse(std::string_view text, Date* out) const {
  if (kind_ != Kind::tokens) {
    ScaledNumber number;
    if (parse_number(text, {}, &number) != NumberFault::none) return Match::no;
    auto days = excel_days(scale_to_real(number, {}), kind_ == Kind::excel1904);
    if (!days) return Match::no_day;
    *out = Date::from_days(*days);
    return Match::yes;
  }
  std::string_view rest = text;
  Fields fields;
  for (const Token& token : tokens_) {
    if (!read(token, &rest, &fields)) return Match::no;
  }
  if (!rest.empty()) return Match::no;
  auto date = Date::from_ymd(fields.year, fields.month, fields.day);
  if (!date) return Match::no_day;
  *out = *date;
  return Match::yes;
}

const std::vector<DateFormat>& common_date_formats() {
  static const std::vector<DateFormat>* const formats = [] {
    auto* list = new std::vector<DateFormat>;
    for (const char* date : {"YYYY-M-D", "YYYY/M/D", "YYYY.M.D", "YYYY年M月D日", "YYYYMMDD"}) {
      for (const char* time : {"", " h:m:s", " h:m", "Th:m:s"}) {
        list->push_back(*DateFormat::compile(std::string(date) + time));
      }
    }
    for (const char* month : {"YYYY年M月", "YYYY-MM", "YYYY.M", "YYYY/M"}) {
      list->push_back(*DateFormat::compile(month));
    }
    return list;
  }();
  return *formats;
}

}  // namespace yipan::intake
