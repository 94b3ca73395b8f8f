// The built-in functions of FEEL (DMN 1.5, 10.3.4), one file a family.
#ifndef YIPAN_RULES_BUILTINS_H_
#define YIPAN_RULES_BUILTINS_H_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/warn.h"

namespace yipan::rules {

class Scope;
class Machine;

// The arguments of one call. Missing optional ones are null.
struct Call {
  Machine& machine;
  std::span<Value> args;
  uint32_t given;  // how many were written
  uint32_t node;   // for warnings
  std::string_view name;
  Value fail(Why why, Value detail = Value()) const;
  Value wrong_argument(size_t index) const;  // names the argument's kind
  const Value& operator[](size_t i) const { return args[i]; }
  // The argument if it is of this kind, or a list of one such (10.3.2.9.4); else nullptr.
  const Value* want(size_t index, Kind kind) const;
  // A whole number, its fraction cut off.
  std::optional<int64_t> whole(size_t index) const;
  // The items of a function that takes a list or its items one by one; nullopt if null was given.
  std::optional<std::span<const Value>> items() const;
};

using BuiltinFn = Value (*)(const Call&);

enum class Returns : uint8_t {
  any,
  number,
  string,
  boolean,
  date,
  time,
  date_time,
  days_duration,
  months_duration,
  range,
  list,
  strings,
  context,
  same_list,  // the type of the first argument, as a list
  element
};  // the type of its elements

// One way to call it. Named calls choose by names, positional ones by count.
struct Signature {
  std::vector<std::string_view> parameters;
  uint8_t required;       // the first so many must be given
  bool variadic = false;  // the last may repeat; alone, a list may stand for all
  BuiltinFn run;
};

struct Builtin {
  std::string_view name;
  Returns returns;
  std::vector<Signature> signatures;
};

const std::vector<Builtin>& builtins();
// A scope with all of them: the outermost of every text.
const Scope& builtin_scope();
const Type* builtin_result(Types* types, uint32_t builtin, const Expr& call);

void add_string_builtins(std::vector<Builtin>* out);
void add_list_builtins(std::vector<Builtin>* out);
void add_list_edit_builtins(std::vector<Builtin>* out);
void add_number_builtins(std::vector<Builtin>* out);
void add_boolean_builtins(std::vector<Builtin>* out);
void add_temporal_builtins(std::vector<Builtin>* out);
void add_range_builtins(std::vector<Builtin>* out);
void add_context_builtins(std::vector<Builtin>* out);
void add_conversion_builtins(std::vector<Builtin>* out);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_BUILTINS_H_
