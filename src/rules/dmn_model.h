// A DMN document as it was written: what the XML reader (dmn_read.cc) makes of a file, before names
// and types mean anything (DMN 1.5, chapters 6 and 7).
#ifndef YIPAN_RULES_DMN_MODEL_H_
#define YIPAN_RULES_DMN_MODEL_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/ast.h"
#include "rules/faults.h"
#include "yipan/date.h"
#include "yipan/rules.h"

namespace yipan::rules::dmn {

// A text of the document with its line; absent if there was no such element.
struct Text {
  bool present = false;
  std::string text;
  uint64_t line = 0;
};

struct Variable {
  std::string name;
  std::string type_ref;
  uint64_t line = 0;
};

struct Boxed;
using BoxedPtr = std::unique_ptr<Boxed>;

struct Table {
  struct Input {
    BoxedPtr expression;
    Text values;
    std::string label;  // else the text of the expression
  };
  struct Output {
    std::string name;
    std::string type_ref;
    Text values;
    BoxedPtr default_value;
  };
  struct Rule {
    std::string id;
    std::vector<Text> tests;
    std::vector<BoxedPtr> results;
    std::string annotation;
  };
  HitPolicy policy = HitPolicy::unique;
  std::string output_label;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
};

// An expression in a box (10.2).
struct Boxed {
  enum class Form : uint8_t {
    literal,
    context,
    list,
    relation,
    invocation,
    function,
    external,
    conditional,
    filter,
    for_,
    some,
    every,
    table
  };
  Form form = Form::literal;
  std::string id;
  uint64_t line = 0;
  std::string type_ref;
  Text text;                        // literal
  std::vector<Variable> variables;  // context entries (name may be empty: the result), columns,
                                    // formal parameters, bindings, the iterator variable
  std::vector<BoxedPtr> kids;       // entries, items, cells row by row, arguments (invocation: the
                                    // function first), parts of conditional, filter and iterators
  std::unique_ptr<dmn::Table> table;
};

struct Item {
  std::string name;
  std::string id;
  uint64_t line = 0;
  std::string type_ref;
  bool is_collection = false;
  Text allowed_values;
  Text type_constraint;
  std::vector<Item> components;
  bool is_function = false;
  std::vector<Variable> parameters;
  std::string output_type_ref;
};

struct Validity {
  std::optional<Date> from;   // in force from this day
  std::optional<Date> until;  // to the day before this one
};

struct Drg {  // an element of the requirements graph
  enum class Form : uint8_t { input, decision, knowledge, service };
  Form form = Form::input;
  std::string name;
  std::string id;
  uint64_t line = 0;
  std::string description;
  Variable variable;  // its name is the element's if it has none
  BoxedPtr logic;     // decision; knowledge: a function
  struct Href {
    std::string href;
    uint64_t line = 0;
  };
  std::vector<Href> information;  // required decisions and input data
  std::vector<Href> knowledge;    // required knowledge models and services
  std::vector<Href> authority;
  std::vector<Href> outputs, encapsulated, input_decisions, input_data;  // service
  std::optional<Validity> validity;
};

struct KnowledgeSource {
  std::string name;
  std::string id;
  std::string location;
  std::string type;
  uint64_t line = 0;
};

struct Import {
  std::string name;
  std::string namespace_uri;
  uint64_t line = 0;
};

struct Definitions {
  std::string file;
  std::string name;
  std::string namespace_uri;
  std::vector<Import> imports;
  std::vector<Item> items;
  std::vector<Drg> elements;
  std::vector<KnowledgeSource> sources;
};

// Nothing if it is not a DMN document; the faults say why.
std::optional<Definitions> read(const Source& source, Faults* faults, uint32_t nesting_max);

}  // namespace yipan::rules::dmn

#endif  // YIPAN_RULES_DMN_MODEL_H_
