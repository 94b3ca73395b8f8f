// Money: int64 fen (1 yuan = 100 fen), every operation checked for overflow. There is no
// Money x Money and no conversion from double: money as float is how audits fail.
//
// The range is +-92,233,720,368,547,758.07 yuan. Overflow is an Error ("base.money.overflow").
#ifndef YIPAN_MONEY_H_
#define YIPAN_MONEY_H_

#include <compare>
#include <cstdint>
#include <string>

#include "yipan/decimal.h"
#include "yipan/result.h"

namespace yipan {

class Money {
 public:
  constexpr Money() = default;
  static constexpr Money fen(int64_t value) { return Money(value); }
  static Result<Money> yuan(int64_t value);
  // Exact or an error that says how many digits were too many: 0.005 yuan is half a fen.
  static Result<Money> from_yuan(Decimal value);
  static Result<Money> from_wan_yuan(Decimal value);  // 万元
  static Result<Money> from_yi_yuan(Decimal value);   // 亿元

  constexpr int64_t fen() const { return fen_; }
  Decimal to_yuan() const;
  Decimal to_wan_yuan() const;
  Decimal to_yi_yuan() const;
  std::string to_string() const;  // "1234.50" yuan

  Result<Money> plus(Money other) const;
  Result<Money> minus(Money other) const;
  Result<Money> times(int64_t factor) const;
  // Rounded half-even to the fen: fees, interest, shares.
  Result<Money> times(Decimal factor) const;
  Result<Decimal> ratio(Money whole) const;  // error if whole is zero

  friend constexpr auto operator<=>(Money, Money) = default;

 private:
  constexpr explicit Money(int64_t value) : fen_(value) {}
  int64_t fen_ = 0;
};

}  // namespace yipan

#endif  // YIPAN_MONEY_H_
