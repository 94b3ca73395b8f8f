// From syntax trees to a program: names become slots, closures get capture lists, cells of tables
// become constant tests where they can.
#ifndef YIPAN_RULES_COMPILER_H_
#define YIPAN_RULES_COMPILER_H_

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/ast.h"
#include "rules/program.h"
#include "rules/table.h"

namespace yipan::rules {

class Compiler {
 public:
  explicit Compiler(Program* program) : program_(program) {}

  // A function of its own (a decision, a knowledge model, an expression); its number.
  uint32_t add_function(const std::string& name, const std::vector<Name*>& parameters,
                        const std::vector<const Type*>& parameter_types, const Expr& body,
                        const Type* result);

 private:
  struct Frame {
    Frame* outer = nullptr;
    std::unordered_map<const Name*, uint32_t> slots;
    std::unordered_map<uint32_t, uint32_t> global_slots;  // captured elements
    std::vector<Function::Capture> captures;
    uint32_t next_slot = 0;
    bool closure = false;
    const Name* self = nullptr;  // the entry this function is the value of
    int32_t self_capture = -1;
  };

  uint32_t compile(const Expr& e);
  uint32_t emit(Code code, const Expr& e, uint32_t a = 0, uint32_t b = 0, uint32_t c = 0,
                uint8_t flags = 0, uint32_t count = 0);
  uint32_t emit_constant(const Expr& e, Value value);
  uint32_t constant(Value value);
  uint32_t key(std::string_view text);  // constants of names, one for each text
  uint32_t labels(const std::vector<std::string>& texts);
  uint32_t type_index(const Type* type);
  uint32_t kids(const std::vector<uint32_t>& nodes);
  uint32_t kids_of(const Expr& e, size_t from = 0);
  uint32_t declare(const Name* name);
  uint32_t slot_of(const Name* name, Frame* frame);
  uint32_t global_slot(uint32_t element, Frame* frame);

  uint32_t compile_name(const Expr& e);
  uint32_t compile_path(const Expr& e);
  uint32_t compile_filter(const Expr& e);
  uint32_t compile_call(const Expr& e);
  uint32_t compile_builtin_call(const Expr& e, const Expr& function);
  uint32_t compile_invocable_call(const Expr& e, const Expr& function);
  uint32_t compile_context(const Expr& e);
  uint32_t compile_iteration(const Expr& e, Code code);
  uint32_t compile_range(const Expr& e);
  uint32_t compile_binary(const Expr& e);
  uint32_t compile_in(const Expr& e);
  uint32_t compile_tests(const Expr& e);
  uint32_t compile_test(const Expr& e, uint32_t slot);
  uint32_t compile_function(const Expr& e, const Name* self);
  uint32_t compile_entry(const Expr& e, const Name* name);
  uint32_t compile_table(const Expr& e);
  void compile_rules(const TableAst& ast, Table* table);
  Cell compile_cell(const Expr& tests);

  Program* program_;
  Frame* frame_ = nullptr;
  std::map<std::string, uint32_t, std::less<>> keys_;
};

// The value of an expression that depends on nothing: literals, and operators, ranges, lists and
// conversion functions over them. Nothing if it is not one.
std::optional<Value> constant_value(const Expr& e);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_COMPILER_H_
