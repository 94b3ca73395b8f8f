// Numbers and units as readers of the report see them: one unit a column, thousands separated.
#ifndef YIPAN_REPORT_NUMBERS_H_
#define YIPAN_REPORT_NUMBERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "yipan/findings.h"

namespace yipan::report {

using findings::Text;

std::string grouped(double value, int decimals);  // 1234567.891, 1 -> "1,234,567.9"
std::string grouped(uint64_t value);

// 12.34亿元 / 1,234.0 million yuan; 56.7万元 / 567,000 yuan; 8.00元 / 8.00 yuan.
Text money_text(int64_t fen);
std::string wan_text(int64_t fen);  // for a column in 万元: "1,234.50"

// The unit in which a set of values is shown: fen become 亿元, 万元 or 元 after the largest.
struct ShownUnit {
  double divisor = 1;
  int decimals = 0;
  Text label;  // "" if the numbers are bare
  std::string text(double value) const { return grouped(value / divisor, decimals); }
};
// A norm beside a figure: as many decimals as it needs, at least the figure's, at most four.
std::string norm_text(double norm, const ShownUnit& unit);
ShownUnit shown_unit(std::string_view unit, int decimals, double largest);

std::optional<double> number(std::string_view text);  // the whole text, finite

Text date_text(Date date);                // 2022年11月30日 / 30 November 2022
Text date_text(std::string_view iso);     // "" if it is empty; as it is if it is no date
Text beijing_time_text(Instant instant);  // 2022年11月30日 08:30 (UTC+8)

}  // namespace yipan::report

#endif  // YIPAN_REPORT_NUMBERS_H_
