// Dates, times and durations as FEEL writes and computes them (DMN 1.5, 10.3.2.3.4 to .8): the
// lexical forms of XML Schema 1.1 part 2, extended by IANA zones ("10:00:00@Asia/Shanghai") and
// years of up to nine digits. Fractions of a second are kept to the nanosecond.
#ifndef YIPAN_RULES_TEMPORAL_H_
#define YIPAN_RULES_TEMPORAL_H_

#include <optional>
#include <string>
#include <string_view>

#include "yipan/rules.h"

namespace yipan::rules {

inline constexpr int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr int64_t kSecondsPerDay = 86'400;
inline constexpr int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;

constexpr int64_t floor_div(int64_t a, int64_t b) {
  return a / b - ((a % b != 0) && (a < 0) != (b < 0));
}
constexpr int64_t floor_mod(int64_t a, int64_t b) { return a - floor_div(a, b) * b; }

std::optional<Date> parse_date(std::string_view text);
std::optional<TimeOfDay> parse_time(std::string_view text);
// Also a date alone: midnight, local.
std::optional<DateTime> parse_date_time(std::string_view text);
std::optional<int64_t> parse_months_duration(std::string_view text);
std::optional<DaysDuration> parse_days_duration(std::string_view text);
// What @"..." may hold; null if nothing fits.
Value parse_temporal(std::string_view text);

std::string format_time(const TimeOfDay& time);
std::string format_date_time(const DateTime& value);
std::string format_months(int64_t months);
std::string format_duration(const DaysDuration& duration);

Date date_of(const DateTime& value);
TimeOfDay time_of(const DateTime& value);
DateTime make_date_time(Date date, const TimeOfDay& time);
DateTime midnight_utc(Date date);

// Seconds since 1970-01-01T00:00:00Z. Nothing if the value is local.
std::optional<int64_t> instant_seconds(const DateTime& value);

// Nothing if the year leaves +-999,999,999.
std::optional<DateTime> plus(const DateTime& value, const DaysDuration& duration);
std::optional<DateTime> plus_months(const DateTime& value, int64_t months);
TimeOfDay plus(const TimeOfDay& time, const DaysDuration& duration);
std::optional<DaysDuration> plus(const DaysDuration& a, const DaysDuration& b);
DaysDuration negate(const DaysDuration& duration);

// The exact number of seconds, and back (rounded to the nanosecond, half-even).
Decimal to_seconds(const DaysDuration& duration);
std::optional<DaysDuration> from_seconds(const Decimal& seconds);

// Whole months from a to b by calendar fields; the time of day does not count.
int64_t months_between(Date a, Date b);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_TEMPORAL_H_
