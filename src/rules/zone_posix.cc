// POSIX TZ strings (POSIX.1, 8.3; RFC 8536, 3.3): the rule after a zone file's last transition.
#include "rules/temporal.h"
#include "rules/zone.h"
#include "yipan/date.h"

namespace yipan::rules::internal {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  bool name() {
    if (take('<')) {
      while (!done() && peek() != '>') ++at_;
      return take('>');
    }
    const size_t start = at_;
    while ((peek() >= 'a' && peek() <= 'z') || (peek() >= 'A' && peek() <= 'Z')) ++at_;
    return at_ - start >= 3;
  }
  bool number(int* out) {
    if (peek() < '0' || peek() > '9') return false;
    *out = 0;
    while (peek() >= '0' && peek() <= '9' && *out < 100'000)
      *out = *out * 10 + (text_[at_++] - '0');
    return true;
  }
  // [+-]hh[:mm[:ss]], in seconds.
  bool clock(int32_t* out) {
    const bool negative = peek() == '-';
    if (negative || peek() == '+') ++at_;
    int h = 0, m = 0, s = 0;
    if (!number(&h)) return false;
    if (take(':') && !number(&m)) return false;
    if (take(':') && !number(&s)) return false;
    *out = (h * 3600 + m * 60 + s) * (negative ? -1 : 1);
    return true;
  }
  bool change(PosixRule::Change* out) {
    using Form = PosixRule::Change::Form;
    if (take('M')) {
      if (!number(&out->month) || !take('.') || !number(&out->week) || !take('.') ||
          !number(&out->day) || out->month < 1 || out->month > 12) {
        return false;
      }
    } else {
      out->form = take('J') ? Form::julian : Form::zero_based;
      if (!number(&out->day)) return false;
    }
    return !take('/') || clock(&out->seconds);
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

int64_t first_day(int64_t year) { return Date::from_ymd(year, 1, 1)->days(); }

}  // namespace

int64_t PosixRule::Change::local_seconds_in(int64_t year) const {
  int64_t days = 0;
  switch (form) {
    case Form::julian:  // 1 to 365, 29 February never counted
      days = first_day(year) + day - 1 + (is_leap_year(year) && day >= 60 ? 1 : 0);
      break;
    case Form::zero_based:
      days = first_day(year) + day;
      break;
    case Form::month_week_day: {
      const Date first = *Date::from_ymd(year, month, 1);
      const int weekday = first.weekday() % 7;  // Sunday 0
      int date = 1 + (day - weekday + 7) % 7 + (week - 1) * 7;
      while (date > days_in_month(year, month)) date -= 7;
      days = first.days() + date - 1;
      break;
    }
  }
  return days * kSecondsPerDay + seconds;
}

int32_t PosixRule::offset_at(int64_t utc_seconds) const {
  if (!has_summer) return standard;
  const int64_t local = utc_seconds + standard;
  const int64_t year = Date::from_days(floor_div(local, kSecondsPerDay)).ymd().year;
  if (year <= kYearMin || year >= kYearMax) return standard;
  const int64_t begin = start.local_seconds_in(year) - standard;
  const int64_t finish = end.local_seconds_in(year) - summer;
  const bool in_summer = begin < finish ? utc_seconds >= begin && utc_seconds < finish
                                        : utc_seconds >= begin || utc_seconds < finish;
  return in_summer ? summer : standard;
}

PosixRule parse_posix_tz(std::string_view text) {
  PosixRule rule;
  Reader in(text);
  int32_t west = 0;
  if (!in.name() || !in.clock(&west)) return rule;
  rule.standard = -west;
  rule.present = true;
  if (in.done()) return rule;
  if (!in.name()) return PosixRule{};
  rule.summer = rule.standard + 3600;
  if (in.peek() != ',') {
    if (!in.clock(&west)) return PosixRule{};
    rule.summer = -west;
  }
  if (!in.take(',') || !in.change(&rule.start) || !in.take(',') || !in.change(&rule.end)) {
    return PosixRule{};
  }
  rule.has_summer = true;
  return rule;
}

}  // namespace yipan::rules::internal
