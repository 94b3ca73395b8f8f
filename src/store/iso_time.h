// Dates and instants as the store writes them: ISO 8601 text of fixed width, so that the order of
// the text is the order of time. Years 0001 to 9999, the range in which that holds (and which
// PostgreSQL shares).
//
//   date     2022-11-30                      10 bytes
//   instant  2022-11-30T08:30:00.123456Z     27 bytes
#ifndef YIPAN_STORE_ISO_TIME_H_
#define YIPAN_STORE_ISO_TIME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace yipan::store {

inline constexpr int64_t kDateDaysMin = -719162;  // 0001-01-01
inline constexpr int64_t kDateDaysMax = 2932896;  // 9999-12-31
inline constexpr int64_t kMicrosPerDay = 86'400'000'000;
inline constexpr int64_t kInstantMicrosMin = kDateDaysMin * kMicrosPerDay;
inline constexpr int64_t kInstantMicrosMax = (kDateDaysMax + 1) * kMicrosPerDay - 1;
inline constexpr size_t kDateSize = 10;
inline constexpr size_t kInstantSize = 27;
// PostgreSQL counts from 2000-01-01.
inline constexpr int64_t kPostgresEpochDays = 10957;

constexpr bool is_date_in_range(int64_t days) {
  return days >= kDateDaysMin && days <= kDateDaysMax;
}
constexpr bool is_instant_in_range(int64_t micros) {
  return micros >= kInstantMicrosMin && micros <= kInstantMicrosMax;
}

struct CivilDay {
  int64_t year;
  int month;
  int day;
};
CivilDay civil_from_days(int64_t days);

// In range only. Writes exactly kDateSize (kInstantSize) bytes, no terminator.
void write_iso_date(int64_t days, char* out);
void write_iso_instant(int64_t micros, char* out);

// Nothing unless the text is such a date. Instants are read with any number of decimals up to six
// and without a zone too (GeoPackage and SQLite write such; they mean UTC).
std::optional<int64_t> read_iso_date(std::string_view text);
std::optional<int64_t> read_iso_instant(std::string_view text);

// Monday 1 .. Sunday 7.
constexpr int iso_weekday(int64_t days) { return static_cast<int>(((days + 3) % 7 + 7) % 7) + 1; }
// Days Monday to Friday in (from, to]; from <= to.
int64_t weekdays_after(int64_t from, int64_t to);
// As whole_months_between of yipan/date.h, which is the oracle in tests.
int64_t months_between_days(int64_t from, int64_t to);

}  // namespace yipan::store

#endif  // YIPAN_STORE_ISO_TIME_H_
