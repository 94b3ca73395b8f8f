#include "yipan/date.h"

#include <fmt/core.h>

#include <array>
#include <limits>

namespace yipan {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;
constexpr int64_t kDaysPerEra = 146'097;  // 400 years

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// H. Hinnant, chrono-Compatible Low-Level Date Algorithms: years begin in March, so that the leap
// day is the last day of the year.
constexpr int64_t days_from_civil(int64_t year, int month, int day) {
  const int64_t y = year - (month <= 2 ? 1 : 0);
  const int64_t era = floor_div(y, 400);
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - 719'468;
}

Error date_error(std::string_view code, std::string_view text, std::string_view zh,
                 std::string_view en) {
  Error error(code);
  error.zh(fmt::format("日期“{}”有误：{}", text, zh))
      .en(fmt::format("the date \"{}\" is wrong: {}", text, en));
  return error;
}

Error form_error(std::string_view text, std::string_view zh, std::string_view en) {
  return date_error("base.date.form", text, zh, en)
      .remedy("请按 年-月-日 填写，年四位、月和日各两位，例如 2022-11-30",
              "write year-month-day with four digits for the year and two each for month and day, "
              "such as 2022-11-30");
}

constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// A date at the front of the text: the sign and the number of digits of its year are free.
struct DateFields {
  int64_t year = 0;
  int month = 0;
  int day = 0;
  size_t length = 0;  // bytes read
};

int two_digits(std::string_view text, size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

bool has_two_digits(std::string_view text, size_t at) {
  return at + 2 <= text.size() && is_digit(text[at]) && is_digit(text[at + 1]);
}

Result<> scan_year(std::string_view text, DateFields* out) {
  size_t pos = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) ++pos;
  const size_t begin = pos;
  while (pos < text.size() && is_digit(text[pos])) ++pos;
  const size_t digits = pos - begin;
  if (digits == 0) return fail(form_error(text, "开头不是年份", "it does not begin with a year"));
  if (digits < 4) {
    return fail(form_error(text, fmt::format("年份只有 {} 位数字，须为四位", digits),
                           fmt::format("the year has {} digits, not four", digits)));
  }
  if (digits > 4 && text[begin] == '0') {
    return fail(form_error(text, "四位以上的年份不能以 0 开头",
                           "a year of more than four digits does not begin with 0"));
  }
  if (digits > 9) {
    return fail(date_error("base.date.year", text, "年份超出正负 999,999,999",
                           "the year is beyond +-999,999,999")
                    .remedy("请检查年份", "check the year"));
  }
  for (size_t i = begin; i < pos; ++i) out->year = out->year * 10 + (text[i] - '0');
  if (negative) out->year = -out->year;
  out->length = pos;
  return {};
}

Result<> scan_part(std::string_view text, std::string_view zh, std::string_view en, size_t* pos,
                   int* value) {
  if (*pos >= text.size() || text[*pos] != '-') {
    return fail(form_error(text, fmt::format("{}之前须是连字符“-”", zh),
                           fmt::format("there is no \"-\" before the {}", en)));
  }
  if (!has_two_digits(text, *pos + 1)) {
    return fail(form_error(text, fmt::format("{}不是两位数字", zh),
                           fmt::format("the {} is not two digits", en)));
  }
  *value = two_digits(text, *pos + 1);
  *pos += 3;
  return {};
}

Result<DateFields> scan_date(std::string_view text) {
  DateFields out;
  YIPAN_TRY(scan_year(text, &out));
  YIPAN_TRY(scan_part(text, "月份", "month", &out.length, &out.month));
  YIPAN_TRY(scan_part(text, "日", "day", &out.length, &out.day));
  return out;
}

Result<Date> to_date(std::string_view text, const DateFields& f) {
  if (f.month < 1 || f.month > 12) {
    return fail(date_error("base.date.month", text, fmt::format("没有 {} 月", f.month),
                           fmt::format("there is no month {}", f.month))
                    .remedy("月份须在 01 到 12 之间；请检查月和日是否颠倒",
                            "months are 01 to 12; check whether month and day are swapped"));
  }
  const int last = days_in_month(f.year, f.month);
  if (f.day < 1 || f.day > last) {
    const std::string_view month = kMonthNames[static_cast<size_t>(f.month - 1)];
    return fail(
        date_error("base.date.day", text, fmt::format("{} 年 {} 月有 {} 天", f.year, f.month, last),
                   fmt::format("{} {} has {} days", month, f.year, last))
            .remedy(fmt::format("日须在 01 到 {} 之间；请核对原始材料", last),
                    fmt::format("the day is 01 to {}; check it against the original", last)));
  }
  return Date::from_days(days_from_civil(f.year, f.month, f.day));
}

Error instant_error(std::string_view text, std::string_view zh, std::string_view en) {
  return Error("base.instant.form")
      .zh(fmt::format("时刻“{}”有误：{}", text, zh))
      .en(fmt::format("the instant \"{}\" is wrong: {}", text, en))
      .remedy("请按 2022-11-23T08:30:00Z 或 2022-11-23T16:30:00+08:00 的格式填写",
              "write it as 2022-11-23T08:30:00Z or 2022-11-23T16:30:00+08:00");
}

// "hh:mm" at *pos.
bool scan_hour_minute(std::string_view text, size_t* pos, int* hour, int* minute) {
  if (!has_two_digits(text, *pos) || *pos + 2 >= text.size() || text[*pos + 2] != ':' ||
      !has_two_digits(text, *pos + 3)) {
    return false;
  }
  *hour = two_digits(text, *pos);
  *minute = two_digits(text, *pos + 3);
  *pos += 5;
  return true;
}

// "hh:mm:ss[.ffffff]" at *pos, as microseconds of the day.
Result<int64_t> scan_time(std::string_view text, size_t* pos) {
  int hour = 0;
  int minute = 0;
  if (!scan_hour_minute(text, pos, &hour, &minute) || *pos >= text.size() || text[*pos] != ':' ||
      !has_two_digits(text, *pos + 1)) {
    return fail(instant_error(text, "时间不是 时:分:秒", "the time is not hh:mm:ss"));
  }
  const int second = two_digits(text, *pos + 1);
  *pos += 3;
  if (hour > 23) return fail(instant_error(text, "小时超过 23", "the hour is above 23"));
  if (minute > 59) return fail(instant_error(text, "分钟超过 59", "the minute is above 59"));
  if (second > 59) {
    return fail(instant_error(text, "秒超过 59（不记闰秒）",
                              "the second is above 59 (leap seconds are not kept)"));
  }
  int64_t micros = 0;
  if (*pos < text.size() && text[*pos] == '.') {
    const size_t begin = ++*pos;
    int64_t unit = kMicrosPerSecond / 10;
    for (; *pos < text.size() && is_digit(text[*pos]); ++*pos, unit /= 10) {
      micros += (text[*pos] - '0') * unit;
    }
    const size_t digits = *pos - begin;
    if (digits == 0 || digits > 6) {
      return fail(instant_error(text, "秒的小数须为 1 至 6 位",
                                "the fraction of a second has 1 to 6 digits"));
    }
  }
  return ((hour * 60 + minute) * 60 + second) * kMicrosPerSecond + micros;
}

// "Z" or "+hh:mm" from *pos to the end, as microseconds east of UTC.
Result<int64_t> scan_zone(std::string_view text, size_t pos) {
  if (pos == text.size()) {
    return fail(instant_error(text, "缺少时区", "the time zone is missing"));
  }
  if (text[pos] == 'Z' && pos + 1 == text.size()) return 0;
  const bool west = text[pos] == '-';
  int hour = 0;
  int minute = 0;
  if ((text[pos] == '+' || west) && scan_hour_minute(text, &++pos, &hour, &minute) &&
      pos == text.size()) {
    if (minute > 59 || hour * 60 + minute > 14 * 60) {
      return fail(instant_error(text, "时区超出正负 14:00", "the offset is beyond +-14:00"));
    }
    const int64_t offset = (hour * 60 + minute) * 60 * kMicrosPerSecond;
    return west ? -offset : offset;
  }
  return fail(instant_error(text, "时区不是 Z 或 +08:00 的形式",
                            "the time zone is neither Z nor of the form +08:00"));
}

}  // namespace

bool is_leap_year(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(int64_t year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month == 2 && is_leap_year(year)) return 29;
  return kDays[static_cast<size_t>(month - 1)];
}

std::optional<Date> Date::from_ymd(int64_t year, int month, int day) {
  if (year < kYearMin || year > kYearMax || month < 1 || month > 12) return std::nullopt;
  if (day < 1 || day > days_in_month(year, month)) return std::nullopt;
  return Date(days_from_civil(year, month, day));
}

Result<Date> Date::parse(std::string_view text) {
  YIPAN_ASSIGN(const DateFields fields, scan_date(text));
  if (fields.length != text.size()) {
    return fail(form_error(text, fmt::format("日之后还有“{}”", text.substr(fields.length)),
                           fmt::format("\"{}\" follows the day", text.substr(fields.length))));
  }
  return to_date(text, fields);
}

YearMonthDay Date::ymd() const {
  const int64_t shifted = days_ + 719'468;
  const int64_t era = floor_div(shifted, kDaysPerEra);
  const int64_t day_of_era = shifted - era * kDaysPerEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<uint8_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  const auto month =
      static_cast<uint8_t>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<int32_t>(year), month, day};
}

int Date::weekday() const {
  // 1970-01-01 was a Thursday.
  const int64_t rest = (days_ % 7 + 10) % 7;
  return static_cast<int>(rest) + 1;
}

int Date::day_of_year() const {
  return static_cast<int>(days_ - days_from_civil(ymd().year, 1, 1)) + 1;
}

int Date::iso_week() const {
  // The week belongs to the year in which its Thursday lies.
  const Date thursday = plus_days(4 - weekday());
  return (thursday.day_of_year() - 1) / 7 + 1;
}

std::optional<Date> Date::plus_months(int64_t months) const {
  const YearMonthDay from = ymd();
  int64_t total = 0;
  if (__builtin_add_overflow(static_cast<int64_t>(from.year) * 12 + (from.month - 1), months,
                             &total)) {
    return std::nullopt;
  }
  const int64_t year = floor_div(total, 12);
  if (year < kYearMin || year > kYearMax) return std::nullopt;
  const int month = static_cast<int>(total - year * 12) + 1;
  const int last = days_in_month(year, month);
  return Date(days_from_civil(year, month, from.day < last ? from.day : last));
}

std::string Date::to_string() const {
  const YearMonthDay d = ymd();
  const int64_t magnitude = d.year < 0 ? -static_cast<int64_t>(d.year) : d.year;
  return fmt::format("{}{:04}-{:02}-{:02}", d.year < 0 ? "-" : "", magnitude, d.month, d.day);
}

int64_t whole_months_between(Date a, Date b) {
  if (b < a) return -whole_months_between(b, a);
  const YearMonthDay from = a.ymd();
  const YearMonthDay to = b.ymd();
  const int64_t months = (static_cast<int64_t>(to.year) - from.year) * 12 + (to.month - from.month);
  return months - (to.day < from.day ? 1 : 0);
}

int64_t whole_years_between(Date a, Date b) { return whole_months_between(a, b) / 12; }

Result<Instant> Instant::parse(std::string_view text) {
  YIPAN_ASSIGN(const DateFields fields, scan_date(text));
  YIPAN_ASSIGN(const Date date, to_date(text, fields));
  size_t pos = fields.length;
  if (pos == text.size() || text[pos] != 'T') {
    return fail(instant_error(text, "日期之后须是字母 T 和时间",
                              "the date is not followed by the letter T and a time"));
  }
  ++pos;
  YIPAN_ASSIGN(const int64_t time, scan_time(text, &pos));
  YIPAN_ASSIGN(const int64_t offset, scan_zone(text, pos));
  // In 128 bits, since an offset may bring a moment outside back into range.
  const __int128 micros = static_cast<__int128>(date.days()) * kMicrosPerDay + time - offset;
  if (micros > std::numeric_limits<int64_t>::max() ||
      micros < std::numeric_limits<int64_t>::min()) {
    return fail(Error("base.instant.range")
                    .zh(fmt::format("时刻“{}”超出范围", text))
                    .en(fmt::format("the instant \"{}\" is out of range", text))
                    .remedy("年份须在正负 290,000 之间；请检查年份",
                            "years lie within +-290,000; check the year"));
  }
  return Instant(static_cast<int64_t>(micros));
}

Date Instant::utc_date() const { return Date::from_days(floor_div(micros_, kMicrosPerDay)); }

std::string Instant::to_string() const {
  const Date date = utc_date();
  // The first representable day is cut off: its midnight lies below int64.
  const auto of_day =
      static_cast<int64_t>(micros_ - static_cast<__int128>(date.days()) * kMicrosPerDay);
  const int64_t seconds = of_day / kMicrosPerSecond;
  const int64_t fraction = of_day % kMicrosPerSecond;
  std::string out = fmt::format("{}T{:02}:{:02}:{:02}", date.to_string(), seconds / 3600,
                                seconds / 60 % 60, seconds % 60);
  if (fraction != 0) out += fmt::format(".{:06}", fraction);
  return out + "Z";
}

}  // namespace yipan
