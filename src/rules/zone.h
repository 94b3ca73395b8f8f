// Zone rules: the transitions of a TZif file (RFC 8536) and the POSIX TZ rule that follows them.
#ifndef YIPAN_RULES_ZONE_H_
#define YIPAN_RULES_ZONE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace yipan::rules::internal {

// "CET-1CEST,M3.5.0,M10.5.0/3": the rule for all later years.
struct PosixRule {
  struct Change {
    enum class Form : uint8_t { month_week_day, julian, zero_based } form = Form::month_week_day;
    int month = 0, week = 0, day = 0;
    int32_t seconds = 7200;  // wall clock
    int64_t local_seconds_in(int64_t year) const;
  };
  bool present = false;
  bool has_summer = false;
  int32_t standard = 0;  // seconds east of UTC
  int32_t summer = 0;
  Change start, end;
  int32_t offset_at(int64_t utc_seconds) const;
};
PosixRule parse_posix_tz(std::string_view text);

struct ZoneRules {
  int32_t first_offset = 0;
  std::vector<int64_t> transitions;  // UTC seconds, ascending
  std::vector<int32_t> offsets;      // from that transition on
  PosixRule footer;
  int32_t offset_at_utc(int64_t utc_seconds) const;
  int32_t offset_at_local(int64_t local_seconds) const;
};
std::optional<ZoneRules> parse_tzif(std::string_view file);

}  // namespace yipan::rules::internal

#endif  // YIPAN_RULES_ZONE_H_
