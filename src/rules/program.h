// The compiled form: a flat array of nodes with slots instead of names, constants, functions and
// tables. Immutable; shared by all evaluators. The machine (machine.h) walks it.
#ifndef YIPAN_RULES_PROGRAM_H_
#define YIPAN_RULES_PROGRAM_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "rules/ast.h"
#include "rules/type.h"

namespace yipan::rules {

enum class Code : uint8_t {
  constant,        // a: constant
  local,           // a: slot
  global,          // a: element
  invocable,       // a: element, as a value
  builtin,         // a: built-in, as a value
  broken,          // a: constant (detail), flags: Why
  external,        // a: constant
  path,            // a: object, b: constant (member), flags: Property
  member_or,       // a: slot of the item, b: constant (member), c: otherwise
  filter,          // a: list, b: condition, c: slot of the item, flags: kFilter...
  call_builtin,    // a: first kid, count; b: built-in, c: signature; extra: written arguments
  call_invocable,  // a: first kid, count; b: element
  call_value,      // a: first kid (the function first), count; b: first label or kNone
  list,            // a: first kid, count
  context,         // a: first kid, count; b: first label; c: first slot list
  sequence,        // the same, giving only the last entry
  range,           // a: low, b: high, flags: kLow..., c: RangeForm
  negate,          // a
  add,             // a, b: and so on
  subtract,
  multiply,
  divide,
  power,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  and_,
  or_,
  between,      // a: first kid of three
  in,           // a: value, b: first kid, count: tests; c: slot of `?`
  instance_of,  // a, b: type
  if_,          // a: first kid of three
  for_,         // a: first kid, count (sources and body); b: first slot list, count + 1 entries
  some,         // flags: 1 boxed, the condition must be boolean
  every,
  function,      // a: function
  unary_tests,   // a: first kid, count; flags: 1 negated; c: slot of `?`
  test,          // a: operand; flags: Op; c: slot of `?`
  test_boolean,  // a: expression over `?`; c: slot of `?`
  table,         // a: table
  checked,       // a: value, b: type
};

enum : uint8_t {
  kFilterIndex = 1,    // the condition is a number
  kFilterBoolean = 2,  // the condition is a boolean
  kFilterNoItem = 4,   // the condition does not look at the item
  kRangeLow = 1,       // included
  kRangeHigh = 2,
  kRangeEitherWay = 4,  // of an iteration: may run downwards
};

enum class Property : uint8_t {
  none,
  year,
  month,
  day,
  weekday,
  hour,
  minute,
  second,
  time_offset,
  timezone,
  days,
  hours,
  minutes,
  seconds,
  years,
  months,
  start,
  end,
  start_included,
  end_included
};

struct Node {
  Code code = Code::constant;
  uint8_t flags = 0;
  uint16_t extra = 0;
  uint32_t count = 0;
  uint32_t a = 0, b = 0, c = 0;
};

struct Function {
  struct Capture {
    bool global = false;  // an element's value, else a slot of the frame that makes the closure
    uint32_t index = 0;
    uint32_t slot = 0;  // where it goes in the function's own frame
  };
  std::string name;
  uint32_t root = 0;
  uint32_t slots = 0;
  std::vector<std::string> parameters;
  std::vector<const Type*> parameter_types;
  const Type* result = nullptr;  // nullptr: not checked
  std::vector<Capture> captures;
  int32_t self = -1;  // which capture is the function itself
  const Type* type = nullptr;
};

struct Table;

struct Program {
  std::vector<Node> nodes;
  std::vector<Span> spans;  // of each node
  std::vector<uint32_t> kids;
  std::vector<uint32_t> slot_lists;
  std::vector<Value> constants;
  std::vector<Value> labels;  // strings
  std::vector<const Type*> types;
  std::deque<Function> functions;
  std::deque<std::unique_ptr<Table>> tables;
  std::deque<Unit> units;
  std::shared_ptr<Ast> ast;  // keeps types and names alive
  Program();
  ~Program();
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_PROGRAM_H_
