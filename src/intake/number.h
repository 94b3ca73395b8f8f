// Numbers as people write them, and their exact conversion into a column's unit.
#ifndef YIPAN_INTAKE_NUMBER_H_
#define YIPAN_INTAKE_NUMBER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yipan::intake {

// mantissa x 10^exponent; mantissa has at most 18 digits.
struct ScaledNumber {
  int64_t mantissa = 0;
  int exponent = 0;
};

struct NumberStyle {
  char decimal_mark = '.';
  char thousands = ',';  // 0: none; a group mark must stand before exactly three digits
};

enum class NumberFault : uint8_t {
  none,
  syntax,
  grouping,  // 12,34,567
  too_long,  // more than 18 significant digits
};

// [+-]digits[.digits][e[+-]digits], with grouping; "(1,234)" is negative; U+2212 is a minus.
// No surrounding space.
NumberFault parse_number(std::string_view text, const NumberStyle& style, ScaledNumber* out);

// The rational factor of a unit conversion, in lowest terms.
struct Factor {
  int64_t num = 1;
  int64_t den = 1;
  bool one() const { return num == 1 && den == 1; }
};

enum class Rounding : uint8_t { exact, half_even };
enum class IntFault : uint8_t { none, fraction, overflow };
// number x factor as an integer.
IntFault scale_to_int(const ScaledNumber& number, const Factor& factor, Rounding rounding,
                      int64_t* out);
// number x factor, correctly rounded wherever both are below 2^53, else within one unit in the
// last place.
double scale_to_real(const ScaledNumber& number, const Factor& factor);

// number x factor, in plain notation, for messages: "1234.56789".
std::string scaled_text(const ScaledNumber& number, const Factor& factor);

// A spreadsheet's binary number at the 15 digits that it shows: "0.1", "123456", "1.5e-7".
std::string spreadsheet_text(double value);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_NUMBER_H_
