#include "rules/temporal.h"

#include <fmt/format.h>

#include <cstdlib>

namespace yipan::rules {
namespace {

// Reads a text from the left; every step says whether it fitted.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool done() const { return at_ == text_.size(); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  std::string_view digits() {
    const size_t start = at_;
    while (is_digit(peek())) ++at_;
    return text_.substr(start, at_ - start);
  }
  bool two(int* out) {
    const std::string_view d = digits();
    if (d.size() != 2) return false;
    *out = (d[0] - '0') * 10 + (d[1] - '0');
    return true;
  }
  // An unsigned number of at most 18 digits.
  bool number(int64_t* out) {
    const std::string_view d = digits();
    if (d.empty() || d.size() > 18) return false;
    *out = 0;
    for (char c : d) *out = *out * 10 + (c - '0');
    return true;
  }
  // Digits after a point; more than nine are cut off.
  int32_t fraction(std::string_view d) const {
    int32_t nanos = 0;
    for (size_t i = 0; i < 9; ++i) nanos = nanos * 10 + (i < d.size() ? d[i] - '0' : 0);
    return nanos;
  }
  std::string_view rest() const { return text_.substr(at_); }
  void skip_rest() { at_ = text_.size(); }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool read_date(Reader* in, Date* out) {
  const bool negative = in->take('-');
  const std::string_view year = in->digits();
  if (year.size() < 4 || year.size() > 9 || (year.size() > 4 && year[0] == '0')) return false;
  int64_t y = 0;
  for (char c : year) y = y * 10 + (c - '0');
  if (negative && y == 0) return false;
  int month = 0, day = 0;
  if (!in->take('-') || !in->two(&month) || !in->take('-') || !in->two(&day)) return false;
  if (month < 1 || month > 12 || day < 1) return false;
  const auto date = Date::from_ymd(negative ? -y : y, month, day);
  if (!date) return false;
  *out = *date;
  return true;
}

bool read_zone(Reader* in, Zone* zone) {
  if (in->done()) return true;
  if (in->take('Z')) {
    *zone = Zone::offset_seconds(0);
    return in->done();
  }
  if (in->take('@')) {
    const auto named = Zone::named(in->rest());
    if (!named) return false;
    *zone = *named;
    in->skip_rest();
    return true;
  }
  const bool negative = in->peek() == '-';
  if (!in->take('-') && !in->take('+')) return false;
  int hours = 0, minutes = 0, seconds = 0;
  if (!in->two(&hours) || !in->take(':') || !in->two(&minutes)) return false;
  if (in->take(':') && !in->two(&seconds)) return false;
  if (hours > 18 || minutes > 59 || seconds > 59) return false;
  const int32_t offset = hours * 3600 + minutes * 60 + seconds;
  if (offset > 18 * 3600) return false;
  *zone = Zone::offset_seconds(negative ? -offset : offset);
  return in->done();
}

// hh:mm:ss[.f][zone]; 24:00:00 is the end of the day.
bool read_time(Reader* in, int64_t* nanos, Zone* zone) {
  int h = 0, m = 0, s = 0;
  if (!in->two(&h) || !in->take(':') || !in->two(&m) || !in->take(':') || !in->two(&s)) {
    return false;
  }
  int32_t fraction = 0;
  if (in->take('.')) {
    const std::string_view d = in->digits();
    if (d.empty()) return false;
    fraction = in->fraction(d);
  }
  if (h > 24 || m > 59 || s > 59 || (h == 24 && (m != 0 || s != 0 || fraction != 0))) return false;
  *nanos = (h * 3600LL + m * 60LL + s) * kNanosPerSecond + fraction;
  return read_zone(in, zone);
}

std::string format_clock(int64_t nanos_of_day) {
  const int64_t s = nanos_of_day / kNanosPerSecond;
  std::string out = fmt::format("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  if (int64_t fraction = nanos_of_day % kNanosPerSecond; fraction != 0) {
    std::string digits = fmt::format("{:09}", fraction);
    while (digits.back() == '0') digits.pop_back();
    out += '.' + digits;
  }
  return out;
}

bool year_in_range(int64_t days) {
  constexpr int64_t kDaysMax = 365'242'500'000;  // a little beyond the year 999,999,999
  if (days > kDaysMax || days < -kDaysMax - 1'000'000) return false;
  static const int64_t first = Date::from_ymd(kYearMin, 1, 1)->days();
  static const int64_t last = Date::from_ymd(kYearMax, 12, 31)->days();
  return days >= first && days <= last;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Reader in(text);
  Date date;
  if (!read_date(&in, &date) || !in.done()) return std::nullopt;
  return date;
}

std::optional<TimeOfDay> parse_time(std::string_view text) {
  Reader in(text);
  TimeOfDay time;
  if (!read_time(&in, &time.nanos, &time.zone)) return std::nullopt;
  time.nanos %= kNanosPerDay;
  return time;
}

std::optional<DateTime> parse_date_time(std::string_view text) {
  Reader in(text);
  Date date;
  if (!read_date(&in, &date)) return std::nullopt;
  if (in.done()) return make_date_time(date, {});
  TimeOfDay time;
  if (!in.take('T') || !read_time(&in, &time.nanos, &time.zone)) return std::nullopt;
  if (time.nanos == kNanosPerDay) {
    time.nanos = 0;
    date = date.plus_days(1);
    if (!year_in_range(date.days())) return std::nullopt;
  }
  return make_date_time(date, time);
}

std::optional<int64_t> parse_months_duration(std::string_view text) {
  Reader in(text);
  const bool negative = in.take('-');
  if (!in.take('P') || in.done()) return std::nullopt;
  int64_t value = 0, months = 0;
  if (!in.number(&value)) return std::nullopt;
  if (in.take('Y')) {
    if (value > INT64_MAX / 24) return std::nullopt;
    months = value * 12;
    if (in.done()) return negative ? -months : months;
    if (!in.number(&value)) return std::nullopt;
  }
  if (!in.take('M') || !in.done()) return std::nullopt;
  months += value;
  return negative ? -months : months;
}

namespace {

// The part after T: hours, minutes, seconds, in that order, at least one.
bool read_duration_time(Reader* in, __int128* seconds, int32_t* nanos) {
  constexpr char kUnits[] = {'H', 'M', 'S'};
  constexpr int64_t kFactors[] = {3600, 60, 1};
  size_t unit = 0;
  bool any = false;
  while (!in->done()) {
    int64_t value = 0;
    if (!in->number(&value)) return false;
    const bool point = in->take('.');
    if (point) *nanos = in->fraction(in->digits());
    while (unit < 3 && in->peek() != kUnits[unit]) ++unit;
    if (unit == 3 || (point && unit != 2)) return false;
    in->take(kUnits[unit]);
    *seconds += static_cast<__int128>(value) * kFactors[unit];
    ++unit;
    any = true;
  }
  return any;
}

}  // namespace

std::optional<DaysDuration> parse_days_duration(std::string_view text) {
  Reader in(text);
  const bool negative = in.take('-');
  if (!in.take('P') || in.done()) return std::nullopt;
  __int128 seconds = 0;
  int32_t nanos = 0;
  if (in.peek() != 'T') {
    int64_t days = 0;
    if (!in.number(&days) || !in.take('D')) return std::nullopt;
    seconds = static_cast<__int128>(days) * kSecondsPerDay;
  }
  if (!in.done()) {
    if (!in.take('T') || !read_duration_time(&in, &seconds, &nanos)) return std::nullopt;
  }
  if (seconds > INT64_MAX / 4) return std::nullopt;
  DaysDuration out{static_cast<int64_t>(seconds), nanos};
  return negative ? negate(out) : out;
}

Value parse_temporal(std::string_view text) {
  if (auto date = parse_date(text)) return Value::date(*date);
  if (auto value = parse_date_time(text)) return Value::date_time(*value);
  if (auto time = parse_time(text)) return Value::time(*time);
  if (auto months = parse_months_duration(text)) return Value::months(*months);
  if (auto duration = parse_days_duration(text)) return Value::duration(*duration);
  return Value::null();
}

std::string format_time(const TimeOfDay& time) {
  return format_clock(time.nanos) + time.zone.to_string();
}

std::string format_date_time(const DateTime& value) {
  return date_of(value).to_string() + "T" + format_time(time_of(value));
}

std::string format_months(int64_t months) {
  if (months == 0) return "P0M";
  std::string out = months < 0 ? "-P" : "P";
  const uint64_t all =
      months < 0 ? 0 - static_cast<uint64_t>(months) : static_cast<uint64_t>(months);
  if (all >= 12) out += fmt::format("{}Y", all / 12);
  if (all % 12 != 0) out += fmt::format("{}M", all % 12);
  return out;
}

std::string format_duration(const DaysDuration& duration) {
  const bool negative = duration.seconds < 0;
  const DaysDuration d = negative ? negate(duration) : duration;
  if (d.seconds == 0 && d.nanos == 0) return "PT0S";
  std::string out = negative ? "-P" : "P";
  if (int64_t days = d.seconds / kSecondsPerDay; days != 0) out += fmt::format("{}D", days);
  const int64_t rest = d.seconds % kSecondsPerDay;
  if (rest == 0 && d.nanos == 0) return out;
  out += 'T';
  if (rest / 3600 != 0) out += fmt::format("{}H", rest / 3600);
  if (rest / 60 % 60 != 0) out += fmt::format("{}M", rest / 60 % 60);
  if (rest % 60 != 0 || d.nanos != 0) {
    out += fmt::format("{}", rest % 60);
    if (d.nanos != 0) {
      std::string digits = fmt::format("{:09}", d.nanos);
      while (digits.back() == '0') digits.pop_back();
      out += '.' + digits;
    }
    out += 'S';
  }
  return out;
}

Date date_of(const DateTime& value) {
  return Date::from_days(floor_div(value.seconds, kSecondsPerDay));
}

TimeOfDay time_of(const DateTime& value) {
  return {floor_mod(value.seconds, kSecondsPerDay) * kNanosPerSecond + value.nanos, value.zone};
}

DateTime make_date_time(Date date, const TimeOfDay& time) {
  return {date.days() * kSecondsPerDay + time.nanos / kNanosPerSecond,
          static_cast<int32_t>(time.nanos % kNanosPerSecond), time.zone};
}

DateTime midnight_utc(Date date) { return make_date_time(date, {0, Zone::offset_seconds(0)}); }

std::optional<int64_t> instant_seconds(const DateTime& value) {
  if (value.zone.is_none()) return std::nullopt;
  return value.seconds - value.zone.offset_at_local(value.seconds);
}

std::optional<DateTime> plus(const DateTime& value, const DaysDuration& duration) {
  int64_t nanos = static_cast<int64_t>(value.nanos) + duration.nanos;
  const int64_t carry = nanos / kNanosPerSecond;
  nanos %= kNanosPerSecond;
  int64_t seconds = 0;
  if (__builtin_add_overflow(value.seconds, duration.seconds, &seconds) ||
      __builtin_add_overflow(seconds, carry, &seconds) ||
      !year_in_range(floor_div(seconds, kSecondsPerDay))) {
    return std::nullopt;
  }
  return DateTime{seconds, static_cast<int32_t>(nanos), value.zone};
}

std::optional<DateTime> plus_months(const DateTime& value, int64_t months) {
  const auto date = date_of(value).plus_months(months);
  if (!date) return std::nullopt;
  return make_date_time(*date, time_of(value));
}

TimeOfDay plus(const TimeOfDay& time, const DaysDuration& duration) {
  const int64_t step =
      floor_mod(duration.seconds, kSecondsPerDay) * kNanosPerSecond + duration.nanos;
  return {(time.nanos + step) % kNanosPerDay, time.zone};
}

std::optional<DaysDuration> plus(const DaysDuration& a, const DaysDuration& b) {
  const int64_t nanos = static_cast<int64_t>(a.nanos) + b.nanos;
  int64_t seconds = 0;
  if (__builtin_add_overflow(a.seconds, b.seconds, &seconds) ||
      __builtin_add_overflow(seconds, nanos / kNanosPerSecond, &seconds) ||
      seconds > INT64_MAX / 4 || seconds < INT64_MIN / 4) {
    return std::nullopt;
  }
  return DaysDuration{seconds, static_cast<int32_t>(nanos % kNanosPerSecond)};
}

DaysDuration negate(const DaysDuration& duration) {
  if (duration.nanos == 0) return {-duration.seconds, 0};
  return {-duration.seconds - 1, static_cast<int32_t>(kNanosPerSecond) - duration.nanos};
}

Decimal to_seconds(const DaysDuration& duration) {
  return Decimal::from_int(duration.seconds) + Decimal::from_scaled(duration.nanos, 9);
}

std::optional<DaysDuration> from_seconds(const Decimal& seconds) {
  if (!seconds.is_finite()) return std::nullopt;
  const Decimal rounded = seconds.rounded(9, Decimal::Rounding::half_even);
  const Decimal whole = rounded.floor();
  const auto s = whole.to_int64();
  const auto n = (rounded - whole).to_scaled(9);
  if (!s || !n || *s > INT64_MAX / 4 || *s < INT64_MIN / 4) return std::nullopt;
  return DaysDuration{*s, static_cast<int32_t>(*n)};
}

int64_t months_between(Date a, Date b) {
  const YearMonthDay x = a.ymd(), y = b.ymd();
  int64_t months = (static_cast<int64_t>(y.year) - x.year) * 12 + y.month - x.month;
  if (months > 0 && y.day < x.day) --months;
  if (months < 0 && y.day > x.day) ++months;
  return months;
}

}  // namespace yipan::rules
