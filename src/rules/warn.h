// Reasons for null, cheap to note while evaluating; turned into words only when asked for.
#ifndef YIPAN_RULES_WARN_H_
#define YIPAN_RULES_WARN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "yipan/rules.h"

namespace yipan::rules {

enum class Why : uint8_t {
  broken,    // detail: what is wrong with the text
  operands,  // a, b: kinds; detail: operator
  operand,   // a; detail: operator
  overflow,  // of a number
  division_by_zero,
  incomparable,    // a, b
  not_boolean,     // a; where a boolean is needed
  bad_index,       // detail: the index
  no_member,       // a: kind of the object; detail: name
  not_a_function,  // a
  arity,           // detail: function
  argument_name,   // detail: function
  argument,        // a: kind given; detail: function
  domain,          // detail: function; outside what it is defined for
  invalid_text,    // detail: text; not a date, number, ...
  invalid_regex,   // detail: what is wrong
  conversion,      // a: kind; detail: type wanted
  not_allowed,     // detail: constraint
  duplicate_key,   // detail: key
  bad_range,       // a, b: kinds of bounds, or low above high
  not_iterable,    // a
  unique,          // detail: rules that fired
  any_differs,     // detail: rules that fired
  no_rule,         // no rule of the table fits
  table_input,     // detail: input that is not among its values
  table_output,    // detail
  aggregate,       // a: kind that cannot be aggregated
  external,        // detail: function
  cycle,           // detail: element
  missing_input,   // detail: name
  no_logic,        // detail: decision without logic
  no_clock,
  zone_missing,  // local and zoned times mixed
  limit_steps,
  limit_stack,
  limit_list,  // detail: limit
  limit_string,
  limit_regex,
  count_,
};

struct RawWarning {
  Why why = Why::broken;
  Kind a = Kind::null, b = Kind::null;
  uint32_t node = 0;
  const void* program = nullptr;
  Value detail;
};

// Fills code, zh and en.
void describe(const RawWarning& raw, Warning* out);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_WARN_H_
