#include "yipan/money.h"

#include <fmt/core.h>

#include <array>
#include <optional>

#include "base/decimal_bits.h"

namespace yipan {
namespace {

constexpr int64_t kFenPerYuan = 100;

Error overflow(std::string_view zh_what, std::string_view en_what) {
  return Error("base.money.overflow")
      .zh(fmt::format("金额超出范围：{}", zh_what))
      .en(fmt::format("the amount is out of range: {}", en_what))
      .remedy("金额须在正负 92,233,720,368,547,758.07 元之间；请检查单位（元、万元、亿元）是否填错",
              "amounts lie within +-92,233,720,368,547,758.07 yuan; check the unit (yuan, 10,000 "
              "yuan, 100 million yuan)");
}

// Digits after the point of a finite value, without trailing zeros.
int scale_of(const std::string& plain) {
  const size_t point = plain.find('.');
  return point == std::string::npos ? 0 : static_cast<int>(plain.size() - point - 1);
}

// `digits` decimal digits of the unit make one fen: 2 for yuan, 6 for 万元, 10 for 亿元.
Result<Money> from_unit(Decimal value, int digits, std::string_view zh_unit,
                        std::string_view en_unit) {
  if (!value.is_finite()) {
    return fail(Error("base.money.not_finite")
                    .zh("金额不是有限的数")
                    .en("the amount is not a finite number")
                    .remedy("请填写一个数", "give a number"));
  }
  if (const auto fen = value.to_scaled(digits)) return Money::fen(*fen);
  const std::string text = value.to_string();
  const int scale = scale_of(text);
  if (scale <= digits) {
    return fail(overflow(fmt::format("{} {}", text, zh_unit), fmt::format("{} {}", text, en_unit)));
  }
  return fail(
      Error("base.money.digits")
          .zh(fmt::format("金额 {} {}不是整数分：小数点后有 {} 位，至多 {} 位", text, zh_unit,
                          scale, digits))
          .en(fmt::format("{} {} is not a whole number of fen: {} digits after the point, at most "
                          "{} are possible",
                          text, en_unit, scale, digits))
          .remedy(fmt::format("请去掉多余的 {} 位小数，或按规定先舍入到分", scale - digits),
                  fmt::format("drop the {} digits too many, or round to the fen first as the rule "
                              "in force says",
                              scale - digits)));
}

// |fen| x coefficient in 192 bits, low word first: the coefficient has 113.
struct Product {
  std::array<uint64_t, 3> words;

  bool is_zero() const { return (words[0] | words[1] | words[2]) == 0; }
  // Divides by up to 10^18 and returns the remainder.
  uint64_t divide(uint64_t divisor) {
    bid::U128 rest = 0;
    for (size_t i = words.size(); i-- > 0;) {
      const bid::U128 part = rest << 64 | words[i];
      words[i] = static_cast<uint64_t>(part / divisor);
      rest = part % divisor;
    }
    return static_cast<uint64_t>(rest);
  }
};

Product multiply(uint64_t fen, bid::U128 coefficient) {
  const bid::U128 low = static_cast<bid::U128>(static_cast<uint64_t>(coefficient)) * fen;
  const bid::U128 high =
      static_cast<bid::U128>(static_cast<uint64_t>(coefficient >> 64)) * fen + (low >> 64);
  return {
      {static_cast<uint64_t>(low), static_cast<uint64_t>(high), static_cast<uint64_t>(high >> 64)}};
}

// |fen| x c x 10^exponent, rounded half-even once: the exact product may have 53 digits, so that
// rounding it to 34 first would round twice. Nothing if it is beyond 64 bits.
std::optional<uint64_t> times_rounded(uint64_t fen, bid::U128 c, int exponent) {
  Product p = multiply(fen, c);
  if (p.is_zero()) return 0;
  bool sticky = false;
  for (; exponent < -18 && !p.is_zero(); exponent += 18) {
    sticky |= p.divide(static_cast<uint64_t>(bid::kPow10[18])) != 0;
  }
  if (exponent < -18) return 0;
  if (exponent < 0) {
    const auto unit = static_cast<uint64_t>(bid::kPow10[static_cast<size_t>(-exponent)]);
    const uint64_t rest = p.divide(unit);
    if (rest > unit / 2 || (rest == unit / 2 && (sticky || (p.words[0] & 1) != 0))) {
      if (++p.words[0] == 0) return std::nullopt;
    }
  }
  for (; exponent > 0; --exponent) {
    if ((p.words[1] | p.words[2]) != 0) return std::nullopt;
    p = multiply(p.words[0], 10);
  }
  if ((p.words[1] | p.words[2]) != 0) return std::nullopt;
  return p.words[0];
}

}  // namespace

Result<Money> Money::yuan(int64_t value) {
  int64_t out = 0;
  if (__builtin_mul_overflow(value, kFenPerYuan, &out)) {
    return fail(overflow(fmt::format("{} 元", value), fmt::format("{} yuan", value)));
  }
  return Money(out);
}

Result<Money> Money::from_yuan(Decimal value) { return from_unit(value, 2, "元", "yuan"); }

Result<Money> Money::from_wan_yuan(Decimal value) {
  return from_unit(value, 6, "万元", "x 10,000 yuan");
}

Result<Money> Money::from_yi_yuan(Decimal value) {
  return from_unit(value, 10, "亿元", "x 100 million yuan");
}

Decimal Money::to_yuan() const { return Decimal::from_scaled(fen_, 2); }
Decimal Money::to_wan_yuan() const { return Decimal::from_scaled(fen_, 6); }
Decimal Money::to_yi_yuan() const { return Decimal::from_scaled(fen_, 10); }

std::string Money::to_string() const {
  const auto bits = static_cast<uint64_t>(fen_);
  const uint64_t magnitude = fen_ < 0 ? 0 - bits : bits;
  return fmt::format("{}{}.{:02}", fen_ < 0 ? "-" : "", magnitude / 100, magnitude % 100);
}

Result<Money> Money::plus(Money other) const {
  int64_t out = 0;
  if (__builtin_add_overflow(fen_, other.fen_, &out)) {
    const std::string sum = fmt::format("{} + {}", to_string(), other.to_string());
    return fail(overflow(sum + " 元", sum + " yuan"));
  }
  return Money(out);
}

Result<Money> Money::minus(Money other) const {
  int64_t out = 0;
  if (__builtin_sub_overflow(fen_, other.fen_, &out)) {
    const std::string difference = fmt::format("{} - {}", to_string(), other.to_string());
    return fail(overflow(difference + " 元", difference + " yuan"));
  }
  return Money(out);
}

Result<Money> Money::times(int64_t factor) const {
  int64_t out = 0;
  if (__builtin_mul_overflow(fen_, factor, &out)) {
    const std::string product = fmt::format("{} x {}", to_string(), factor);
    return fail(overflow(product + " 元", product + " yuan"));
  }
  return Money(out);
}

Result<Money> Money::times(Decimal factor) const {
  if (!factor.is_finite()) {
    return fail(Error("base.money.not_finite")
                    .zh("乘数不是有限的数")
                    .en("the factor is not a finite number")
                    .remedy("请检查除数是否为零", "check for a division by zero"));
  }
  const bid::Parts parts = bid::unpack(factor.words());
  const auto bits = static_cast<uint64_t>(fen_);
  const auto magnitude =
      times_rounded(fen_ < 0 ? 0 - bits : bits, parts.coefficient, parts.exponent);
  const bool negative = (fen_ < 0) != parts.negative;
  constexpr auto kMax = static_cast<uint64_t>(INT64_MAX);
  if (magnitude && *magnitude <= kMax + (negative ? 1 : 0)) {
    return Money(static_cast<int64_t>(negative ? 0 - *magnitude : *magnitude));
  }
  const std::string text = fmt::format("{} x {}", to_string(), factor.to_string());
  return fail(overflow(text + " 元", text + " yuan"));
}

Result<Decimal> Money::ratio(Money whole) const {
  if (whole.fen_ == 0) {
    return fail(Error("base.money.zero_whole")
                    .zh("不能计算比例：整体金额为零")
                    .en("no ratio: the whole amount is zero")
                    .remedy("请先填写不为零的整体金额", "give a whole amount other than zero"));
  }
  return Decimal::from_int(fen_) / Decimal::from_int(whole.fen_);
}

}  // namespace yipan
