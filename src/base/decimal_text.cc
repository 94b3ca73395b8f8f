#include <charconv>
#include <cmath>

#include "base/decimal_bits.h"
#include "yipan/decimal.h"

namespace yipan {
namespace {

using bid::U128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The digits of a literal as they are read: the first 36 that count, and whether any after them
// was other than zero.
struct Digits {
  U128 value = 0;
  int64_t exponent = 0;  // literal = value x 10^exponent
  int kept = 0;
  bool any = false;
  bool sticky = false;

  void add(char c, bool fraction) {
    any = true;
    const auto digit = static_cast<unsigned>(c - '0');
    if (kept < 36) {
      value = value * 10 + digit;
      if (value != 0) ++kept;
      if (fraction) --exponent;
    } else {
      sticky |= digit != 0;
      if (!fraction) ++exponent;
    }
  }
};

// "e12", "E-3" from *pos to the end.
std::optional<int64_t> parse_exponent(std::string_view text) {
  size_t pos = 1;
  bool negative = false;
  if (pos < text.size() && (text[pos] == '+' || text[pos] == '-')) negative = text[pos++] == '-';
  if (pos == text.size()) return std::nullopt;
  int64_t value = 0;
  for (; pos < text.size(); ++pos) {
    if (!is_digit(text[pos])) return std::nullopt;
    if (value < 1'000'000'000'000) value = value * 10 + (text[pos] - '0');
  }
  return negative ? -value : value;
}

std::string digits_of(U128 c) {
  char buffer[40];
  char* end = buffer + sizeof buffer;
  char* at = end;
  constexpr uint64_t kChunk = 1'000'000'000'000'000'000;  // 10^18
  while (c >> 64 != 0) {
    auto low = static_cast<uint64_t>(c % kChunk);
    c /= kChunk;
    for (int i = 0; i < 18; ++i, low /= 10) *--at = static_cast<char>('0' + low % 10);
  }
  for (auto low = static_cast<uint64_t>(c); low != 0; low /= 10) {
    *--at = static_cast<char>('0' + low % 10);
  }
  return std::string(at, end);
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text, bool exponent) {
  size_t pos = 0;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) negative = text[pos++] == '-';
  Digits digits;
  for (; pos < text.size() && is_digit(text[pos]); ++pos) digits.add(text[pos], false);
  if (pos < text.size() && text[pos] == '.') {
    ++pos;
    for (; pos < text.size() && is_digit(text[pos]); ++pos) digits.add(text[pos], true);
  }
  if (!digits.any) return std::nullopt;
  if (pos < text.size()) {
    if (!exponent || (text[pos] != 'e' && text[pos] != 'E')) return std::nullopt;
    const std::optional<int64_t> power = parse_exponent(text.substr(pos));
    if (!power) return std::nullopt;
    digits.exponent += *power;
  }
  const Decimal out = bid::make(negative, digits.value, digits.exponent, digits.sticky);
  if (!out.is_finite()) return std::nullopt;
  return out;
}

Decimal Decimal::from_double(double value) {
  if (std::isnan(value)) return bid::nan();
  if (std::isinf(value)) return value < 0 ? -infinity() : infinity();
  if (std::fabs(value) < 9007199254740992.0) {  // 2^53
    const auto whole = static_cast<int64_t>(value);
    if (static_cast<double>(whole) == value) return from_int(whole);
  }
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return parse(std::string_view(buffer, static_cast<size_t>(end - buffer))).value_or(bid::nan());
}

std::string Decimal::to_string() const {
  if (bid::is_nan(words_)) return "NaN";
  if (!is_finite()) return is_negative() ? "-Infinity" : "Infinity";
  if (is_zero()) return "0";
  const bid::Parts p = bid::unpack(words_);
  U128 c = p.coefficient;
  const int exponent = p.exponent + bid::strip_zeros(&c);
  std::string digits = digits_of(c);
  const int point = static_cast<int>(digits.size()) + exponent;  // digits before the point
  std::string out = p.negative ? "-" : "";
  if (exponent >= 0) {
    out += digits;
    out.append(static_cast<size_t>(exponent), '0');
  } else if (point > 0) {
    out.append(digits, 0, static_cast<size_t>(point)).push_back('.');
    out.append(digits, static_cast<size_t>(point));
  } else {
    out.append("0.").append(static_cast<size_t>(-point), '0').append(digits);
  }
  return out;
}

}  // namespace yipan
