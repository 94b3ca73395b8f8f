// FEEL's equality, order and membership (DMN 1.5, 10.3.2.13 and tables 50 to 55), three-valued.
#ifndef YIPAN_RULES_OPS_H_
#define YIPAN_RULES_OPS_H_

#include <cstdint>
#include <optional>

#include "yipan/rules.h"

namespace yipan::rules {

enum class Tri : uint8_t { no, yes, unknown };
inline Tri tri(bool value) { return value ? Tri::yes : Tri::no; }
inline Tri negate(Tri t) { return t == Tri::unknown ? t : t == Tri::yes ? Tri::no : Tri::yes; }
inline Tri either(Tri a, Tri b) {
  if (a == Tri::yes || b == Tri::yes) return Tri::yes;
  return a == Tri::no && b == Tri::no ? Tri::no : Tri::unknown;
}
inline Tri both(Tri a, Tri b) {
  if (a == Tri::no || b == Tri::no) return Tri::no;
  return a == Tri::yes && b == Tri::yes ? Tri::yes : Tri::unknown;
}
inline Value to_value(Tri t) { return t == Tri::unknown ? Value() : Value::boolean(t == Tri::yes); }

// unknown: different kinds.
Tri equal(const Value& a, const Value& b);
// Negative, zero, positive. Nothing if the two have no order. Fractions of a second do not count
// in times and date-times (10.3.2.3.4: their value is in whole seconds).
std::optional<int> compare(const Value& a, const Value& b);
Tri in_range(const Value& value, const Value& range);
// value in test: equal to it, or to one of it, or within it (table 55).
Tri matches(const Value& value, const Value& test);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_OPS_H_
