// What the column compiler makes of a model: straight-line instructions over vector registers, each
// of which holds one value a row of a block. Lowering (columns_lower.h) writes it, the runner
// (columns_run.h) executes it, block by block.
//
// Numbers live as scaled int64 (value = units x 10^-scale, exact) as long as that can be, else as
// Decimal. Booleans are bytes: 0 false, 1 unknown (null), 2 true, so that FEEL's `and` and `or` are
// minimum and maximum. Strings are codes of a dictionary.
#ifndef YIPAN_RULES_COLUMNS_IR_H_
#define YIPAN_RULES_COLUMNS_IR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rules/program.h"
#include "yipan/columns.h"
#include "yipan/rules.h"

namespace yipan::rules::columns {

inline constexpr size_t kBlock = 2048;  // rows
inline constexpr int kScaleMax = 18;    // 10^18 is the largest power of ten in int64

enum class Rep : uint8_t {
  none,     // always null
  boolean,  // uint8: 0, 1, 2
  integer,  // int64 units
  decimal,
  text,    // int64: code in the dictionary
  date,    // int64: days since 1970-01-01
  days,    // int64: days and time duration in units of so many seconds
  months,  // int64
};

constexpr bool is_number(Rep rep) { return rep == Rep::integer || rep == Rep::decimal; }
constexpr bool is_wide(Rep rep) { return rep >= Rep::integer && rep != Rep::decimal; }

using Reg = uint32_t;
inline constexpr Reg kNull = 0;  // register 0 is null in every row

struct RegInfo {
  Rep rep = Rep::none;
  int scale = 0;     // of integer
  int64_t unit = 1;  // of days: seconds
  bool constant = false;
  uint8_t tri = 0;  // the constant
  int64_t wide = 0;
  Decimal decimal;
};

enum class VOp : uint8_t {
  load_wide,     // imm: column of the batch (integer, date)
  load_boolean,  // imm: column
  load_text,     // imm: column
  load_real,     // imm: column; decimal
  load_scalar,   // imm: number of the row-by-row decision; rep of dst
  add,           // wide a, b
  subtract,
  multiply,
  absolute,         // wide a
  divide_constant,  // wide a by imm > 0, rounded as `mode`
  divide_round,     // wide a by wide b, rounded as `mode`; null where b is 0
  modulo,           // wide a, b: the sign of b; null where b is 0
  within,           // wide a: rows outside [imm, imm2] leave the vector program
  to_decimal,       // wide a, imm: scale
  decimal_add,      // and so on; null where the result is not finite
  decimal_subtract,
  decimal_multiply,
  decimal_divide,
  decimal_power,
  decimal_modulo,
  decimal_absolute,
  decimal_round,  // imm: scale, mode
  decimal_sqrt,   // null below zero
  decimal_log,    // null at and below zero
  decimal_exp,
  less,  // wide a, b -> boolean
  less_equal,
  equal,
  decimal_less,
  decimal_less_equal,
  decimal_equal,
  text_less,
  text_less_equal,
  text_join,  // a + b
  text_map,   // aux: Mapping
  and_,
  or_,
  not_,
  same,            // booleans: a = b, null if either is
  present,         // -> boolean: true where a is not null
  select,          // a: boolean; b where it is true, else c; imm 1: null where it is unknown
  test,            // aux: Classifier -> boolean
  table,           // aux: VTable -> integer: number of the row of outputs, null if none
  look_up,         // wide a: index; aux: Constants
  plus_months,     // date a, months b
  date_part,       // date a, imm: Part
  months_between,  // date a, b
  date_of_parts,   // integers a, b, c
};

enum class Part : uint8_t { year, month, day, weekday, day_of_year, week };

struct Instr {
  VOp op = VOp::add;
  Decimal::Rounding mode = Decimal::Rounding::half_even;
  Reg dst = kNull;
  Reg a = kNull, b = kNull, c = kNull;
  uint32_t aux = kNone;
  int64_t imm = 0, imm2 = 0;
};

// Sorts values into classes that tests cannot tell apart, and knows for each class the answers, one
// bit a test. The answers are those of the scalar engine, asked once for a member of each class.
struct Classifier {
  using Answer = std::function<bool(const Value& value, uint32_t bit)>;
  Rep rep = Rep::none;
  int scale = 0;
  int64_t unit = 1;
  uint32_t words = 1;               // of a mask
  std::vector<int64_t> thresholds;  // wide: class = how many are <= the value
  std::vector<Decimal> bounds;      // decimal: class 2i below bounds[i], 2i + 1 on it
  std::vector<uint64_t> masks;      // of each class; the last is null's
  uint32_t bits = 0;
  Answer answer;  // text: asked once for each string of the dictionary
  void answer_all(const Value& value, uint64_t* mask) const {
    for (uint32_t b = 0; b < bits; ++b) {
      if (answer(value, b)) mask[b / 64] |= uint64_t{1} << (b % 64);
    }
  }
  size_t classes() const { return masks.size() / words; }
};

// One decision table: which rule's outputs hold.
struct VTable {
  enum class Finish : uint8_t {
    first,   // the first bit
    unique,  // the only bit, null if there are several
    any,     // the first bit, null if bits of several groups are set
    count,   // how many
    sum,     // of `amounts`
  };
  struct General {  // a cell that looks at other columns
    uint32_t rule;
    Reg truth;
  };
  Finish finish = Finish::first;
  uint32_t words = 1;
  uint32_t rules = 0;
  std::vector<Reg> inputs;
  std::vector<uint32_t> classifiers;  // one an input
  std::vector<General> general;
  std::vector<int64_t> amounts;  // of each bit: what it adds to the sum; else the result
  std::vector<uint32_t> groups;  // of each bit, for `any`
  bool otherwise_null = true;    // without a hit
  int64_t otherwise = 0;
};

// What a row of outputs holds, by number.
struct Constants {
  std::vector<int64_t> wide;
  std::vector<Decimal> decimals;
  std::vector<uint8_t> bytes;  // booleans
  std::vector<uint8_t> valid;
};

// A built-in function of one string and constants: computed once for each string.
struct Mapping {
  uint32_t builtin = 0;
  uint32_t signature = 0;
  uint32_t given = 0;
  uint32_t position = 0;  // of the string among the arguments
  std::vector<Value> arguments;
};

struct VProgram {
  std::vector<RegInfo> regs{1};
  std::vector<Instr> code;
  std::vector<Classifier> classifiers;
  std::vector<VTable> tables;
  std::vector<Constants> constants;
  std::vector<Mapping> mappings;
  std::vector<std::string> literals;  // codes 0, 1, ... of every dictionary
  std::vector<uint32_t> scalars;      // elements that are evaluated row by row

  // Set by `allocate`: where each register lives.
  struct Place {
    enum class Bank : uint8_t { none, bytes, wide, decimal } bank = Bank::none;
    uint32_t slot = 0;
  };
  std::vector<Place> places;
  uint32_t slots_bytes = 0, slots_wide = 0, slots_decimal = 0;
};

// Gives registers memory that is used again once a value is not needed any more. `outputs` are
// needed to the end. What no output needs is dropped, unless `keep_all`.
void allocate(VProgram* program, const std::vector<Reg>& outputs, bool keep_all = false);

}  // namespace yipan::rules::columns

#endif  // YIPAN_RULES_COLUMNS_IR_H_
