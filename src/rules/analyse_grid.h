// Decision tables as hyper-rectangles: every input expression is an axis cut into atoms, such that
// no cell tells two values of one atom apart; every rule is a set of atoms on every axis.
#ifndef YIPAN_RULES_ANALYSE_GRID_H_
#define YIPAN_RULES_ANALYSE_GRID_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/element.h"
#include "rules/table.h"
#include "yipan/rules.h"

namespace yipan::rules {

using Bits = std::vector<uint64_t>;
inline bool has_bit(const Bits& bits, size_t i) { return (bits[i >> 6] >> (i & 63) & 1) != 0; }
inline void put_bit(Bits* bits, size_t i) { (*bits)[i >> 6] |= uint64_t{1} << (i & 63); }
bool any_bit(const Bits& bits);
Bits operator&(const Bits& a, const Bits& b);
bool is_subset(const Bits& a, const Bits& b);  // a within b

// A value, or an open interval between two neighbouring bounds. An unbounded side is null.
struct Atom {
  Value sample;  // a readable value of it
  Value low, high;
  bool point = false;
  bool other = false;  // any text that no cell names
};

struct Axis {
  std::string label;  // the input expression
  Kind kind = Kind::null;
  std::vector<Atom> atoms;     // ascending
  bool enumerated = false;     // all values are known: booleans, texts with allowed values
  bool opaque = false;         // it cannot be cut: one atom, whose sample is null
  std::string why_zh, why_en;  // why it is opaque
  // Atoms as text: "[10..20)", "\"a\", \"b\"", "> 3". All of them: "-".
  std::string spell(const Bits& atoms) const;
  size_t most_readable(const Bits& atoms) const;  // whose sample is shown
};

// A table of a model and what it belongs to.
struct TableOf {
  const Model* model = nullptr;
  uint32_t table = 0;
  ElementId element = 0;
  const Table& get() const { return *model->data().program.tables[table]; }
};
std::vector<TableOf> tables_of(const Model& model);

// One table on the grid.
struct Boxes {
  struct Rule {
    std::vector<Bits> atoms;  // by axis; an opaque cell lets all through
    bool opaque = false;      // has an opaque cell: it may not match although its box does
    bool impossible = false;  // its box is empty
    size_t impossible_column = 0;
  };
  struct OpaqueCell {
    size_t rule, column;  // from 0
    std::string text;
  };
  std::vector<Rule> rules;
  std::vector<OpaqueCell> opaque;
};

struct Grid {
  std::vector<Axis> axes;
  std::vector<Boxes> tables;                 // as given
  std::vector<std::vector<size_t>> axis_of;  // by table, by column
};
// Cuts the inputs of all tables at the bounds of all of them.
Grid make_grid(const std::vector<TableOf>& tables);

// The type an input expression has by what it names; Any if it is computed.
const Type* type_of_input(const Model& model, ElementId element, uint32_t node);
// The text a node was compiled from.
std::string text_of_node(const Program& program, uint32_t node);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_ANALYSE_GRID_H_
