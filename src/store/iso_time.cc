#include "store/iso_time.h"

#include "yipan/date.h"

namespace yipan::store {
namespace {

void write_digits(int64_t value, int count, char* out) {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

// -1 unless all are digits.
int64_t read_digits(std::string_view text, size_t at, size_t count) {
  int64_t value = 0;
  for (size_t i = at; i < at + count; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - '0';
    if (digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

// "08:30:00", with ".123456" and "Z" if they are there.
std::optional<int64_t> read_time_micros(std::string_view text) {
  if (!text.empty() && text.back() == 'Z') text.remove_suffix(1);
  if (text.size() < 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
  const int64_t hour = read_digits(text, 0, 2);
  const int64_t minute = read_digits(text, 3, 2);
  const int64_t second = read_digits(text, 6, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  int64_t micros = ((hour * 60 + minute) * 60 + second) * 1'000'000;
  if (text.size() == 8) return micros;
  const size_t decimals = text.size() - 9;
  if (text[8] != '.' || decimals < 1 || decimals > 6) return std::nullopt;
  int64_t fraction = read_digits(text, 9, decimals);
  if (fraction < 0) return std::nullopt;
  for (size_t i = decimals; i < 6; ++i) fraction *= 10;
  return micros + fraction;
}

constexpr int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

// H. Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days.
CivilDay civil_from_days(int64_t days) {
  const int64_t shifted = days + 719'468;
  const int64_t era = floor_div(shifted, 146'097);
  const int64_t day_of_era = shifted - era * 146'097;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t mp = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * mp + 2) / 5) + 1;
  const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

void write_iso_date(int64_t days, char* out) {
  const CivilDay civil = civil_from_days(days);
  write_digits(civil.year, 4, out);
  out[4] = '-';
  write_digits(civil.month, 2, out + 5);
  out[7] = '-';
  write_digits(civil.day, 2, out + 8);
}

void write_iso_instant(int64_t micros, char* out) {
  const int64_t days = floor_div(micros, kMicrosPerDay);
  const int64_t rest = micros - days * kMicrosPerDay;
  const int64_t seconds = rest / 1'000'000;
  write_iso_date(days, out);
  out[10] = 'T';
  write_digits(seconds / 3600, 2, out + 11);
  out[13] = ':';
  write_digits(seconds / 60 % 60, 2, out + 14);
  out[16] = ':';
  write_digits(seconds % 60, 2, out + 17);
  out[19] = '.';
  write_digits(rest % 1'000'000, 6, out + 20);
  out[26] = 'Z';
}

std::optional<int64_t> read_iso_date(std::string_view text) {
  if (text.size() != kDateSize || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int64_t year = read_digits(text, 0, 4);
  const int64_t month = read_digits(text, 5, 2);
  const int64_t day = read_digits(text, 8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const auto date = Date::from_ymd(year, static_cast<int>(month), static_cast<int>(day));
  if (!date) return std::nullopt;
  return date->days();
}

std::optional<int64_t> read_iso_instant(std::string_view text) {
  if (text.size() < 19 || (text[10] != 'T' && text[10] != ' ')) return std::nullopt;
  const auto days = read_iso_date(text.substr(0, kDateSize));
  const auto time = read_time_micros(text.substr(11));
  if (!days || !time) return std::nullopt;
  return *days * kMicrosPerDay + *time;
}

int64_t weekdays_after(int64_t from, int64_t to) {
  const int64_t days = to - from;
  int64_t count = days / 7 * 5;
  for (int64_t day = to - days % 7 + 1; day <= to; ++day) count += iso_weekday(day) <= 5 ? 1 : 0;
  return count;
}

int64_t months_between_days(int64_t from, int64_t to) {
  if (to < from) return -months_between_days(to, from);
  const CivilDay a = civil_from_days(from);
  const CivilDay b = civil_from_days(to);
  return (b.year - a.year) * 12 + (b.month - a.month) - (b.day < a.day ? 1 : 0);
}

}  // namespace yipan::store
