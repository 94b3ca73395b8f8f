#include "report/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "yipan/units.h"

namespace yipan::report {
namespace {

constexpr double kYiFen = 1e10;   // 亿元
constexpr double kWanFen = 1e6;   // 万元
constexpr double kYuanFen = 100;  // 元

std::string with_separators(std::string digits) {
  const size_t begin = !digits.empty() && digits[0] == '-' ? 1 : 0;
  size_t end = digits.find('.');
  if (end == std::string::npos) end = digits.size();
  for (size_t i = end; i > begin + 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

}  // namespace

std::string grouped(double value, int decimals) {
  if (!std::isfinite(value)) return "—";
  std::string digits = fmt::format("{:.{}f}", value, decimals);
  if (digits.find_first_not_of("-0.") == std::string::npos && digits[0] == '-') digits.erase(0, 1);
  return with_separators(std::move(digits));
}

std::string grouped(uint64_t value) { return with_separators(fmt::format("{}", value)); }

Text money_text(int64_t fen) {
  const auto value = static_cast<double>(fen);
  const double size = std::abs(value);
  if (size >= kYiFen) {
    return {grouped(value / kYiFen, 2) + "亿元",
            grouped(value / kYiFen * 100, 0) + " million yuan"};
  }
  if (size >= kWanFen) {
    return {grouped(value / kWanFen, 2) + "万元", grouped(value / kYuanFen, 0) + " yuan"};
  }
  return {grouped(value / kYuanFen, 2) + "元", grouped(value / kYuanFen, 2) + " yuan"};
}

std::string wan_text(int64_t fen) { return grouped(static_cast<double>(fen) / kWanFen, 2); }

ShownUnit shown_unit(std::string_view unit, int decimals, double largest) {
  if (unit == "fen") {
    if (std::abs(largest) >= kYiFen) return {kYiFen, 2, {"亿元", "100 million yuan"}};
    if (std::abs(largest) >= kWanFen) return {kWanFen, 2, {"万元", "10,000 yuan"}};
    return {kYuanFen, 2, {"元", "yuan"}};
  }
  if (unit.empty()) return {1, decimals, {}};
  const Unit* known = find_unit(unit);
  if (known == nullptr) return {1, decimals, {std::string(unit), std::string(unit)}};
  Text label{std::string(known->zh), std::string(known->en)};
  if (unit == "percent") label.en = "%";
  if (unit == "ratio") label = {"倍", "ratio"};
  return {1, decimals, label};
}

std::string norm_text(double norm, const ShownUnit& unit) {
  const double value = norm / unit.divisor;
  int decimals = std::clamp(unit.decimals, 0, 4);
  while (decimals < 4 &&
         number(fmt::format("{:.{}f}", value, decimals)) != number(fmt::format("{:.4f}", value))) {
    ++decimals;
  }
  return grouped(value, decimals);
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

Text date_text(Date date) {
  const YearMonthDay d = date.ymd();
  return {fmt::format("{}年{}月{}日", d.year, d.month, d.day),
          fmt::format("{} {} {}", d.day, kMonths[d.month - 1U], d.year)};
}

Text date_text(std::string_view iso) {
  if (iso.empty()) return {};
  Result<Date> date = Date::parse(iso);
  if (!date) return {std::string(iso), std::string(iso)};
  return date_text(*date);
}

Text beijing_time_text(Instant instant) {
  constexpr int64_t kMinute = 60'000'000;
  const Instant local = Instant::from_micros(instant.micros() + 8 * 60 * kMinute);
  const Text day = date_text(local.utc_date());
  const int64_t minutes = (local.micros() - local.utc_date().days() * 1440 * kMinute) / kMinute;
  const std::string time = fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
  return {day.zh + " " + time, day.en + " " + time + " (UTC+8)"};
}

}  // namespace yipan::report
