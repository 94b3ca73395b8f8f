// Dates and times in the proleptic Gregorian calendar, years -999,999,999 to 999,999,999 (FEEL's
// range; std::chrono's years are 16 bits wide).
//
// Date is a count of days since 1970-01-01 (int64 inside; int32 days cover years +-5,879,610, which
// is what columns hold). Instant is microseconds since 1970-01-01T00:00:00Z (ledger, logs).
#ifndef YIPAN_DATE_H_
#define YIPAN_DATE_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yipan/result.h"

namespace yipan {

struct YearMonthDay {
  int32_t year = 1970;  // astronomical: 0 is 1 BC
  uint8_t month = 1;
  uint8_t day = 1;
  friend auto operator<=>(const YearMonthDay&, const YearMonthDay&) = default;
};

inline constexpr int32_t kYearMax = 999'999'999;
inline constexpr int32_t kYearMin = -999'999'999;

bool is_leap_year(int64_t year);
int days_in_month(int64_t year, int month);

class Date {
 public:
  constexpr Date() = default;  // 1970-01-01
  static constexpr Date from_days(int64_t days) { return Date(days); }
  // Nothing if there is no such day (2023-02-30) or the year is out of range.
  static std::optional<Date> from_ymd(int64_t year, int month, int day);
  // Exactly "-?YYYY[YYYYY]-MM-DD" (xsd:date without zone). The error says which part is wrong.
  static Result<Date> parse(std::string_view text);

  constexpr int64_t days() const { return days_; }
  YearMonthDay ymd() const;
  int weekday() const;      // ISO: Monday 1 .. Sunday 7
  int day_of_year() const;  // 1 .. 366
  int iso_week() const;     // ISO 8601 week, 1 .. 53
  Date plus_days(int64_t days) const { return Date(days_ + days); }
  // The same day of the month, or the month's last day where it has no such day.
  std::optional<Date> plus_months(int64_t months) const;
  std::string to_string() const;  // "2022-11-30"; years below 1000 are padded to four digits

  friend constexpr auto operator<=>(Date, Date) = default;

 private:
  constexpr explicit Date(int64_t days) : days_(days) {}
  int64_t days_ = 0;
};

// Whole years (months) from a to b, negative if b is before a; as a person counts birthdays.
int64_t whole_months_between(Date a, Date b);
int64_t whole_years_between(Date a, Date b);

class Instant {
 public:
  constexpr Instant() = default;
  static constexpr Instant from_micros(int64_t micros) { return Instant(micros); }
  // "2022-11-23T08:30:00[.ffffff]Z" or with +hh:mm; a zone is required.
  static Result<Instant> parse(std::string_view text);
  constexpr int64_t micros() const { return micros_; }
  Date utc_date() const;
  std::string to_string() const;  // "2022-11-23T08:30:00.123456Z"; no fraction if it is zero
  friend constexpr auto operator<=>(Instant, Instant) = default;

 private:
  constexpr explicit Instant(int64_t micros) : micros_(micros) {}
  int64_t micros_ = 0;
};

}  // namespace yipan

#endif  // YIPAN_DATE_H_
