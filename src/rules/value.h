// The shared objects behind Value. Built once, then immutable.
#ifndef YIPAN_RULES_VALUE_H_
#define YIPAN_RULES_VALUE_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/rules.h"

namespace yipan::rules::internal {

struct StringRep : Heap {
  uint32_t size = 0;
  uint32_t points = 0;
  char* data() { return reinterpret_cast<char*>(this + 1); }
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  std::string_view view() const { return {data(), size}; }
};

struct ListRep : Heap {
  uint32_t depth = 1;  // of lists and contexts inside each other, itself counted
  std::vector<Value> items;
};

struct RangeRep : Heap {
  Value low, high;
  bool low_included = false, high_included = false;
  Value::RangeForm form = Value::RangeForm::interval;
};

struct ContextRep : Heap {
  struct Entry {
    Value key;  // a string
    Value value;
  };
  uint32_t depth = 1;
  std::vector<Entry> entries;
  std::vector<uint32_t> order;  // entries sorted by key, once there are many
  const Value* find(std::string_view key) const;
  void index();  // call when complete
};

// A function of the model, of a text (with what it captured), or a built-in.
struct FunctionRep : Heap {
  enum class Type : uint8_t { builtin, closure, invocable };
  Type type = Type::closure;
  uint32_t id = 0;                    // built-in, function or element number
  std::vector<Value> captured;        // by the function's capture list
  int32_t self_capture = -1;          // a captured slot that stands for the function itself
  const void* program = nullptr;      // the Program of a closure
  std::shared_ptr<const void> owner;  // keeps it alive
};

inline const StringRep& string_rep(const Value& v) {
  return *static_cast<const StringRep*>(v.heap());
}
inline const ListRep& list_rep(const Value& v) { return *static_cast<const ListRep*>(v.heap()); }
inline const RangeRep& range_rep(const Value& v) { return *static_cast<const RangeRep*>(v.heap()); }
inline const ContextRep& context_rep(const Value& v) {
  return *static_cast<const ContextRep*>(v.heap());
}

// How deep lists and contexts are nested in a value; 0 for anything else.
inline uint32_t depth_of(const Value& v) {
  if (v.is(Kind::list)) return list_rep(v).depth;
  return v.is(Kind::context) ? context_rep(v).depth : 0;
}

Value make_context(std::vector<ContextRep::Entry> entries);
Value make_function(std::unique_ptr<FunctionRep> function);
}  // namespace yipan::rules::internal

#endif  // YIPAN_RULES_VALUE_H_
