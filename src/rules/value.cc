#include "rules/value.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "rules/print.h"
#include "yipan/check.h"
#include "yipan/text.h"

namespace yipan::rules {

using internal::ContextRep;
using internal::FunctionRep;
using internal::ListRep;
using internal::RangeRep;
using internal::StringRep;

namespace internal {

namespace {

// Takes what is inside a container that dies, if it may be deep, so that freeing does not recurse.
void take_children(const Value& value, std::vector<Value>* out) {
  if (value.is(Kind::list)) {
    for (Value& item : static_cast<ListRep*>(value.heap())->items) {
      if (depth_of(item) > 0) out->push_back(std::move(item));
    }
  } else if (value.is(Kind::context)) {
    for (auto& entry : static_cast<ContextRep*>(value.heap())->entries) {
      if (depth_of(entry.value) > 0) out->push_back(std::move(entry.value));
    }
  }
}

void destroy_shallow(Kind kind, Heap* heap) {
  switch (kind) {
    case Kind::string:
      static_cast<StringRep*>(heap)->~StringRep();
      ::operator delete(static_cast<void*>(heap));
      return;
    case Kind::range:
      delete static_cast<RangeRep*>(heap);
      return;
    case Kind::list:
      delete static_cast<ListRep*>(heap);
      return;
    case Kind::context:
      delete static_cast<ContextRep*>(heap);
      return;
    default:
      delete static_cast<FunctionRep*>(heap);
  }
}

}  // namespace

void destroy(Kind kind, Heap* heap) {
  constexpr uint32_t kShallow = 50;
  const uint32_t depth = kind == Kind::list      ? static_cast<ListRep*>(heap)->depth
                         : kind == Kind::context ? static_cast<ContextRep*>(heap)->depth
                                                 : 0;
  if (depth <= kShallow) return destroy_shallow(kind, heap);
  heap->refs.store(1, std::memory_order_relaxed);
  std::vector<Value> pending;
  pending.push_back(Value::from_heap(kind, heap));
  while (!pending.empty()) {
    const Value last = std::move(pending.back());
    pending.pop_back();
    const bool alone = last.heap()->refs.load(std::memory_order_acquire) == 1;
    if (!alone) continue;
    take_children(last, &pending);
    if (last.is(Kind::list)) static_cast<ListRep*>(last.heap())->depth = 1;
    if (last.is(Kind::context)) static_cast<ContextRep*>(last.heap())->depth = 1;
  }
}

const Value* ContextRep::find(std::string_view key) const {
  if (order.empty()) {
    for (const Entry& entry : entries) {
      if (entry.key.as_string() == key) return &entry.value;
    }
    return nullptr;
  }
  auto at = std::lower_bound(order.begin(), order.end(), key, [&](uint32_t i, std::string_view k) {
    return entries[i].key.as_string() < k;
  });
  if (at == order.end() || entries[*at].key.as_string() != key) return nullptr;
  return &entries[*at].value;
}

void ContextRep::index() {
  constexpr size_t kMany = 12;
  order.clear();
  if (entries.size() < kMany) return;
  order.resize(entries.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return entries[a].key.as_string() < entries[b].key.as_string();
  });
}

void append_item(Value* list, Value item) {
  auto* rep = static_cast<ListRep*>(list->heap());
  if (rep->refs.load(std::memory_order_acquire) != 1) {
    *list = Value::list(rep->items);
    rep = static_cast<ListRep*>(list->heap());
  }
  rep->depth = std::max(rep->depth, depth_of(item) + 1);
  rep->weight = add_weight(rep->weight, weight_of(item));
  rep->items.push_back(std::move(item));
}

Value make_context(std::vector<ContextRep::Entry> entries) {
  auto rep = std::make_unique<ContextRep>();
  for (const auto& entry : entries) {
    rep->depth = std::max(rep->depth, depth_of(entry.value) + 1);
    rep->weight = add_weight(rep->weight, weight_of(entry.value));
  }
  rep->entries = std::move(entries);
  rep->index();
  return Value::from_heap(Kind::context, rep.release());
}

Value make_function(std::unique_ptr<FunctionRep> function) {
  return Value::from_heap(Kind::function, function.release());
}

}  // namespace internal

std::string_view to_string(Kind kind) {
  constexpr std::string_view kNames[] = {"null",
                                         "boolean",
                                         "number",
                                         "date",
                                         "time",
                                         "date and time",
                                         "days and time duration",
                                         "years and months duration",
                                         "string",
                                         "range",
                                         "list",
                                         "context",
                                         "function"};
  return kNames[static_cast<size_t>(kind)];
}

std::string_view to_string_zh(Kind kind) {
  constexpr std::string_view kNames[] = {"空值",     "布尔值", "数字",     "日期",   "时刻",
                                         "日期时刻", "日时长", "年月时长", "字符串", "区间",
                                         "列表",     "上下文", "函数"};
  return kNames[static_cast<size_t>(kind)];
}

Value Value::string(std::string_view utf8) {
  CHECK(utf8.size() < UINT32_MAX);
  void* memory = ::operator new(sizeof(StringRep) + utf8.size());
  auto* rep = new (memory) StringRep();
  rep->size = static_cast<uint32_t>(utf8.size());
  if (!utf8.empty()) std::memcpy(rep->data(), utf8.data(), utf8.size());
  uint32_t points = 0;
  for (char c : utf8) points += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  rep->points = points;
  return from_heap(Kind::string, rep);
}

Value Value::list(std::vector<Value> items) {
  auto rep = std::make_unique<ListRep>();
  for (const Value& item : items) {
    rep->depth = std::max(rep->depth, internal::depth_of(item) + 1);
    rep->weight = internal::add_weight(rep->weight, internal::weight_of(item));
  }
  rep->items = std::move(items);
  return from_heap(Kind::list, rep.release());
}

Value Value::context(std::vector<std::pair<std::string, Value>> entries) {
  std::vector<ContextRep::Entry> out;
  out.reserve(entries.size());
  for (auto& [key, value] : entries) out.push_back({string(key), std::move(value)});
  return internal::make_context(std::move(out));
}

Value Value::range(Value low, bool low_included, Value high, bool high_included, RangeForm form) {
  auto rep = std::make_unique<RangeRep>();
  rep->low = std::move(low);
  rep->high = std::move(high);
  rep->low_included = low_included;
  rep->high_included = high_included;
  rep->form = form;
  return from_heap(Kind::range, rep.release());
}

std::string_view Value::as_string() const { return internal::string_rep(*this).view(); }
size_t Value::code_points() const { return internal::string_rep(*this).points; }
std::span<const Value> Value::as_list() const { return internal::list_rep(*this).items; }
const Value& Value::low() const { return internal::range_rep(*this).low; }
const Value& Value::high() const { return internal::range_rep(*this).high; }
bool Value::low_included() const { return internal::range_rep(*this).low_included; }
bool Value::high_included() const { return internal::range_rep(*this).high_included; }
Value::RangeForm Value::range_form() const { return internal::range_rep(*this).form; }
size_t Value::entry_count() const { return internal::context_rep(*this).entries.size(); }
const Value& Value::entry_key(size_t i) const {
  return internal::context_rep(*this).entries[i].key;
}
const Value& Value::entry_value(size_t i) const {
  return internal::context_rep(*this).entries[i].value;
}
const Value* Value::find(std::string_view key) const {
  return internal::context_rep(*this).find(key);
}
const internal::FunctionRep& Value::as_function() const {
  return *static_cast<const FunctionRep*>(heap());
}

namespace {

bool same_list(std::span<const Value> a, std::span<const Value> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Value& x, const Value& y) { return x.same_as(y); });
}

bool same_context(const Value& a, const Value& b) {
  if (a.entry_count() != b.entry_count()) return false;
  for (size_t i = 0; i < a.entry_count(); ++i) {
    const Value* other = b.find(a.entry_key(i).as_string());
    if (other == nullptr || !a.entry_value(i).same_as(*other)) return false;
  }
  return true;
}

bool same_range(const Value& a, const Value& b) {
  return a.range_form() == b.range_form() && a.low_included() == b.low_included() &&
         a.high_included() == b.high_included() && a.low().same_as(b.low()) &&
         a.high().same_as(b.high());
}

}  // namespace

bool Value::same_as(const Value& other) const {
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::null:
      return true;
    case Kind::number:
      return as_number() == other.as_number();
    case Kind::string:
      return as_string() == other.as_string();
    case Kind::list:
      return same_list(as_list(), other.as_list());
    case Kind::context:
      return same_context(*this, other);
    case Kind::range:
      return same_range(*this, other);
    case Kind::time:
    case Kind::date_time:
      return bits_ == other.bits_ && aux_ == other.aux_;
    default:
      return bits_ == other.bits_;
  }
}

std::string Value::to_string() const { return internal::print_value(*this, false); }

}  // namespace yipan::rules
