// FEEL types (DMN 1.5, 10.3.2.9): what the parser infers, what item definitions declare.
#ifndef YIPAN_RULES_TYPE_H_
#define YIPAN_RULES_TYPE_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/rules.h"

namespace yipan::rules {

inline constexpr uint32_t kNone = 0xFFFFFFFFU;

class Type {
 public:
  // The first 13 are in the order of Kind.
  enum class Form : uint8_t {
    null,
    boolean,
    number,
    date,
    time,
    date_time,
    days_duration,
    months_duration,
    string,
    range,
    list,
    context,
    function,
    any,
  };
  struct Member {
    std::string name;
    const Type* type;
  };
  Form form = Form::any;
  const Type* element = nullptr;  // of list and range
  std::vector<Member> members;    // of context; of function: its parameters
  const Type* result = nullptr;   // of function
  bool parameters_known = false;  // of function
  std::string name;               // of an item definition
  // Item definitions: a compiled function of one argument that must give true; kNone if there is
  // no constraint. For a list, `element` carries allowedValues and this is the typeConstraint.
  uint32_t constraint = kNone;
  std::string constraint_text;

  bool is(Form f) const { return form == f; }
  bool is_any() const { return form == Form::any; }
  const Member* find(std::string_view member) const;
};

// Makes types and keeps them. Basic types are shared constants.
class Types {
 public:
  static const Type* any();
  static const Type* basic(Type::Form form);
  static const Type* of_kind(Kind kind);
  // "number", "date and time", "dayTimeDuration", ...: nullptr if it is not a basic type's name.
  static const Type* find_basic(std::string_view name);

  const Type* list(const Type* element);
  const Type* range(const Type* element);
  const Type* context(std::vector<Type::Member> members);
  const Type* function(std::vector<Type::Member> parameters, const Type* result, bool known = true);
  Type* make() { return &types_.emplace_back(); }

  // The least type that holds both: equal types, merged contexts, or Any.
  const Type* join(const Type* a, const Type* b);

 private:
  std::deque<Type> types_;
};

std::string to_string(const Type& type);
bool same_type(const Type& a, const Type& b);
// 10.3.2.9.2: every value of `a` may stand where a `b` is asked for.
bool conforms(const Type& a, const Type& b);
// Type::Form of a value of this kind.
inline Type::Form form_of(Kind kind) { return static_cast<Type::Form>(kind); }
// What is left when Any is known: the list's element, or the type itself (singleton lists).
const Type* element_or_self(const Type* type);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_TYPE_H_
