// A compiled decision table: cells as tests that need no evaluation where they are constant, and
// for larger tables an index per column, so that finding the rules that fit costs a few words a
// rule of 64 instead of a test a rule.
#ifndef YIPAN_RULES_TABLE_H_
#define YIPAN_RULES_TABLE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/ast.h"
#include "rules/program.h"

namespace yipan::rules {

// One condition on a column's value.
struct Cell {
  enum class Type : uint8_t {
    any,      // -
    equal,    // value
    range,    // value is a range
    one_of,   // value is a list of values and ranges
    general,  // node: unary tests
  };
  Type type = Type::any;
  bool negated = false;
  Value value;
  uint32_t node = kNone;
};

struct ValueHash {
  size_t operator()(const Value& v) const;
};
struct ValueSame {
  bool operator()(const Value& a, const Value& b) const { return a.same_as(b); }
};

// Which rules a column lets through, by value. A rule whose cell is general is always let through
// here and tested afterwards.
struct ColumnIndex {
  using Bits = std::vector<uint64_t>;
  bool usable = false;
  Kind kind = Kind::null;  // values of other kinds go through the slow way
  std::unordered_map<Value, std::vector<uint32_t>, ValueHash, ValueSame> by_value;
  Bits always;                 // any and general cells
  std::vector<Value> bounds;   // ascending; segment 2i is below bounds[i], 2i+1 is bounds[i] itself
  std::vector<Bits> segments;  // rules whose range holds the segment
};

struct Table {
  struct Input {
    uint32_t node = 0;
    uint32_t slot = 0;        // `?`
    uint32_t values = kNone;  // unary tests of allowed values
    std::string label;        // for people: the modeller's, else the text of the expression
  };
  struct Output {
    std::string name;
    Value key;
    const Type* type = nullptr;
    uint32_t values = kNone;
    uint32_t slot = 0;
    uint32_t default_node = kNone;
    std::vector<uint32_t> order;  // nodes of the values, for priority
  };
  struct Rule {
    std::string id;
    std::string annotation;
    std::vector<std::string> texts;  // of the cells, for explanations
  };
  HitPolicy policy = HitPolicy::unique;
  std::string id;
  std::string name;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
  std::vector<Cell> cells;        // rule-major
  std::vector<uint32_t> results;  // nodes, rule-major
  bool has_default = false;
  bool needs_all_inputs = false;
  std::vector<ColumnIndex> index;  // per input; empty for small tables

  const Cell& cell(size_t rule, size_t input) const { return cells[rule * inputs.size() + input]; }
};

class Machine;
void build_index(Table* table);
// Sets bits of rules that may fit by the indexed columns; false if the index does not help.
bool candidates(const Table& table, const Value* inputs, std::vector<uint64_t>* bits,
                std::vector<uint64_t>* scratch);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_TABLE_H_
