// Calendar functions, now and today (DMN 1.5, 10.3.4.7 and 10.3.4.10).
#include "rules/builtins.h"
#include "rules/machine.h"
#include "rules/temporal.h"

namespace yipan::rules {
namespace {

std::optional<Date> day(const Call& c) {
  if (const Value* d = c.want(0, Kind::date)) return d->as_date();
  if (const Value* d = c.want(0, Kind::date_time)) return date_of(d->as_date_time());
  return std::nullopt;
}

Value day_of_year(const Call& c) {
  const auto d = day(c);
  return d ? Value::number(static_cast<int64_t>(d->day_of_year())) : c.wrong_argument(0);
}

Value day_of_week(const Call& c) {
  constexpr std::string_view kNames[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday"};
  const auto d = day(c);
  if (!d) return c.wrong_argument(0);
  return Value::string(kNames[d->weekday() - 1]);
}

Value month_of_year(const Call& c) {
  constexpr std::string_view kNames[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  const auto d = day(c);
  if (!d) return c.wrong_argument(0);
  return Value::string(kNames[d->ymd().month - 1]);
}

Value week_of_year(const Call& c) {
  const auto d = day(c);
  return d ? Value::number(static_cast<int64_t>(d->iso_week())) : c.wrong_argument(0);
}

std::optional<DateTime> clock_now(const Call& c) {
  const EvaluatorOptions& options = c.machine.options();
  if (options.clock == nullptr) return std::nullopt;
  const int64_t micros = options.clock->now().micros();
  const Zone zone = options.zone.is_none() ? Zone::offset_seconds(0) : options.zone;
  const int64_t utc = floor_div(micros, 1'000'000);
  int64_t local = utc + zone.offset_at_local(utc);
  local = utc + zone.offset_at_local(local);
  return DateTime{local, static_cast<int32_t>(floor_mod(micros, 1'000'000) * 1000), zone};
}

Value now(const Call& c) {
  const auto value = clock_now(c);
  return value ? Value::date_time(*value) : c.fail(Why::no_clock);
}

Value today(const Call& c) {
  const auto value = clock_now(c);
  return value ? Value::date(date_of(*value)) : c.fail(Why::no_clock);
}

}  // namespace

void add_temporal_builtins(std::vector<Builtin>* out) {
  out->push_back({"day of year", Returns::number, {{{"date"}, 1, false, day_of_year}}});
  out->push_back({"day of week", Returns::string, {{{"date"}, 1, false, day_of_week}}});
  out->push_back({"month of year", Returns::string, {{{"date"}, 1, false, month_of_year}}});
  out->push_back({"week of year", Returns::number, {{{"date"}, 1, false, week_of_year}}});
  out->push_back({"now", Returns::date_time, {{{}, 0, false, now}}});
  out->push_back({"today", Returns::date, {{{}, 0, false, today}}});
}

}  // namespace yipan::rules
