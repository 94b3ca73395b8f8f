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
  uint32_t depth = 1;   // of lists and contexts inside each other, itself counted
  uint64_t weight = 1;  // values in it when written out, however they are shared
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
  uint64_t weight = 1;
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

// How much there is to write out: shared parts count wherever they occur, so that a small value
// that contains itself many times over is known for what it is.
inline uint64_t weight_of(const Value& v) {
  constexpr uint64_t kBytes = 64;
  if (v.is(Kind::list)) return list_rep(v).weight;
  if (v.is(Kind::context)) return context_rep(v).weight;
  return v.is(Kind::string) ? 1 + string_rep(v).size / kBytes : 1;
}
inline uint64_t add_weight(uint64_t a, uint64_t b) {
  uint64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

// Appends to a list that nobody else holds; else to a copy of it.
void append_item(Value* list, Value item);

Value make_context(std::vector<ContextRep::Entry> entries);
Value make_function(std::unique_ptr<FunctionRep> function);
}  // namespace yipan::rules::internal

#endif  // YIPAN_RULES_VALUE_H_
