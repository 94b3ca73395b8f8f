// The typed syntax tree: what the parser makes of FEEL texts and what the DMN reader makes of boxed
// expressions, with names resolved and types inferred. The compiler (compiler.h) turns it into
// a program; an analyser or a column compiler can start from it as well.
#ifndef YIPAN_RULES_AST_H_
#define YIPAN_RULES_AST_H_

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/type.h"
#include "yipan/rules.h"

namespace yipan::rules {

// A text with its place in a model: one literal expression, one cell.
struct Unit {
  std::string file;
  std::string element;  // nearest id
  uint64_t line = 0;    // of the text's first line in the file; 0 if unknown
  std::string text;
};

// A part of a unit's text.
struct Span {
  uint32_t unit = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Name {  // something a name can stand for
  enum class Form : uint8_t {
    local,      // parameter, loop variable, context entry, `?`, item
    global,     // input data or decision: `index` is the element
    invocable,  // business knowledge model or decision service: `index` is the element
    constant,   // a dated parameter of the model
    builtin,    // `index` is the function
    space,      // an imported model
  };
  Form form = Form::local;
  std::string text;
  const Type* type = Types::any();
  uint32_t index = 0;
  Value value;                         // of a constant
  const class Scope* scope = nullptr;  // of a space
};

enum class Ex : uint8_t {
  error,           // could not be parsed: gives null with `text` as reason
  literal,         // value
  name,            // name
  member_or,       // kids: else; name: item variable; text: member. Of the item, or else
  path,            // kids: object; text: member
  filter,          // kids: list, condition; name: item variable
  call,            // kids: function, arguments; labels: names of arguments, or empty
  list,            // kids
  context,         // kids; labels: keys; names: entry variables; flag: last kid is the result
  range,           // kids: low, high (literal null if none); op; low_included, high_included
  negate,          // kids: operand
  binary,          // op; kids: left, right
  between,         // kids: value, low, high
  in,              // kids: value, tests...
  instance_of,     // kids: value; operand_type
  if_,             // kids: condition, then, else; flag: boxed, the condition must be boolean
  for_,            // kids: sources..., body; names: iteration variables, then `partial`
  some,            // kids: sources..., condition; names; flag as of if_
  every,           //
  function,        // kids: body; names: parameters; operand_type: function type
  external,        // a Java or PMML function; text: what it is. Refused.
  unary_tests,     // kids: tests; flag: negated; name: the input variable. None: any value
  test,            // kids: operand; op: comparison with the input; or contains `?` (flag)
  decision_table,  // table
  checked,         // kids: value; operand_type: converted to it (10.3.2.9.4), or null
};

enum class Op : uint8_t {
  none,
  add,
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
  or_
};
std::string_view to_string(Op op);

struct TableAst;

struct Expr {
  Ex kind = Ex::error;
  Op op = Op::none;
  bool flag = false;
  bool low_included = false, high_included = false;
  Span span;
  const Type* type = Types::any();
  std::vector<Expr*> kids;
  std::vector<std::string> labels;
  std::vector<Name*> names;
  Name* name = nullptr;
  std::string text;
  Value value;
  const Type* operand_type = nullptr;
  TableAst* table = nullptr;
};

enum class HitPolicy : uint8_t {
  unique,
  any,
  priority,
  first,
  rule_order,
  output_order,
  collect,
  sum,
  min,
  max,
  count
};
std::string_view to_string(HitPolicy policy);  // "U", "C+", ...

struct TableAst {
  struct Input {
    Expr* expression = nullptr;
    Name* variable = nullptr;  // `?` of this column
    Expr* values = nullptr;    // unary tests, or nullptr
    std::string label;         // text of the expression
    std::string title;         // what the modeller calls it; else the same
  };
  struct Output {
    std::string name;
    const Type* type = nullptr;
    Expr* values = nullptr;         // allowed: unary tests, or nullptr
    std::vector<Expr*> order;       // the values in the order of priority
    Expr* default_value = nullptr;  // or nullptr
    Name* variable = nullptr;       // `?` for `values`
  };
  struct Rule {
    std::string id;
    std::vector<Expr*> tests;    // one an input: unary_tests
    std::vector<Expr*> results;  // one an output
    std::string annotation;
  };
  HitPolicy policy = HitPolicy::unique;
  std::string id;
  std::string name;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
};

// Owns nodes, names, tables, types and units of one compilation.
class Ast {
 public:
  Expr* make(Ex kind, Span span) {
    Expr* e = &exprs_.emplace_back();
    e->kind = kind;
    e->span = span;
    return e;
  }
  Name* make_name(Name::Form form, std::string_view text, const Type* type) {
    Name* n = &names_.emplace_back();
    n->form = form;
    n->text = std::string(text);
    n->type = type;
    return n;
  }
  TableAst* make_table() { return &tables_.emplace_back(); }
  uint32_t add_unit(Unit unit) {
    units_.push_back(std::move(unit));
    return static_cast<uint32_t>(units_.size() - 1);
  }
  const Unit& unit(uint32_t index) const { return units_[index]; }
  size_t unit_count() const { return units_.size(); }
  std::deque<Unit> take_units() { return std::move(units_); }
  Types& types() { return types_; }

 private:
  std::deque<Expr> exprs_;
  std::deque<Name> names_;
  std::deque<TableAst> tables_;
  std::deque<Unit> units_;
  Types types_;
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_AST_H_
