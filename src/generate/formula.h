// The relations between figures: "F053 = F054 + F056 + 39.50".
//
//   relation   = sum comparator sum
//   comparator = "=" | "<" | "<=" | ">" | ">="
//   sum        = product { ("+" | "-") product }
//   product    = factor { ("*" | "/") factor }
//   factor     = number | figure [".max"] | "round(" sum "," digits ")" | "(" sum ")"
//
// Arithmetic is decimal (34 digits); round is half up. See docs/formats/figures.md.
#ifndef YIPAN_GENERATE_FORMULA_H_
#define YIPAN_GENERATE_FORMULA_H_

#include <functional>
#include <optional>
#include <string_view>

#include "yipan/decimal.h"
#include "yipan/result.h"

namespace yipan::generate {

// Gives the value of "F053" or "F101.max"; nothing if there is no such figure.
using FigureValue = std::function<std::optional<Decimal>(std::string_view name)>;

// Whether the relation holds. Errors "generate.formula.syntax" (with the position),
// "generate.formula.unknown" (no such figure), "generate.formula.undefined" (division by zero).
Result<bool> evaluate_relation(std::string_view formula, const FigureValue& value);

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_FORMULA_H_
