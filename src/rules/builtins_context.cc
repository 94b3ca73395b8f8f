// Context functions (DMN 1.5, 10.3.4.11, table 81).
#include <algorithm>

#include "rules/builtins.h"
#include "rules/machine.h"

namespace yipan::rules {
namespace {

using Entries = std::vector<internal::ContextRep::Entry>;

Entries entries_of(const Value& context) {
  Entries out;
  for (size_t i = 0; i < context.entry_count(); ++i) {
    out.push_back({context.entry_key(i), context.entry_value(i)});
  }
  return out;
}

void put(Entries* entries, const Value& key, Value value) {
  for (auto& entry : *entries) {
    if (entry.key.as_string() == key.as_string()) {
      entry.value = std::move(value);
      return;
    }
  }
  entries->push_back({key, std::move(value)});
}

Value get_value(const Call& c) {
  const Value* m = c.want(0, Kind::context);
  if (m == nullptr) return c.wrong_argument(0);
  if (c[1].is(Kind::list)) {
    const Value* at = m;
    for (const Value& key : c[1].as_list()) {
      if (!key.is(Kind::string) || !at->is(Kind::context)) return c.wrong_argument(1);
      const Value* next = at->find(key.as_string());
      if (next == nullptr) return c.fail(Why::no_member, key);
      at = next;
    }
    return c[1].as_list().empty() ? c.wrong_argument(1) : *at;
  }
  const Value* key = c.want(1, Kind::string);
  if (key == nullptr) return c.wrong_argument(1);
  const Value* found = m->find(key->as_string());
  return found != nullptr ? *found : c.fail(Why::no_member, *key);
}

Value get_entries(const Call& c) {
  const Value* m = c.want(0, Kind::context);
  if (m == nullptr) return c.wrong_argument(0);
  std::vector<Value> out;
  const Value key_name = Value::string("key"), value_name = Value::string("value");
  for (size_t i = 0; i < m->entry_count(); ++i) {
    out.push_back(
        internal::make_context({{key_name, m->entry_key(i)}, {value_name, m->entry_value(i)}}));
  }
  return Value::list(std::move(out));
}

Value context(const Call& c) {
  const auto items = c.items();
  if (!items) return c.wrong_argument(0);
  std::vector<std::pair<std::string, Value>> out;
  std::vector<std::string> keys;
  for (const Value& item : *items) {
    if (!item.is(Kind::context)) return c.wrong_argument(0);
    const Value *key = item.find("key"), *value = item.find("value");
    if (key == nullptr || value == nullptr || !key->is(Kind::string)) return c.wrong_argument(0);
    keys.emplace_back(key->as_string());
    out.emplace_back(keys.back(), *value);
  }
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice != keys.end()) return c.fail(Why::duplicate_key, Value::string(*twice));
  return Value::context(std::move(out));
}

// Sets the value at a path of keys; all but the last must be there.
Value put_path(const Call& c, const Value& base, std::span<const Value> keys, const Value& value) {
  if (!keys[0].is(Kind::string)) return c.wrong_argument(1);
  Entries entries = entries_of(base);
  if (keys.size() == 1) {
    put(&entries, keys[0], value);
    return internal::make_context(std::move(entries));
  }
  const Value* inner = base.find(keys[0].as_string());
  if (inner == nullptr || !inner->is(Kind::context)) return c.fail(Why::no_member, keys[0]);
  Value below = put_path(c, *inner, keys.subspan(1), value);
  if (below.is_null()) return below;
  put(&entries, keys[0], std::move(below));
  return internal::make_context(std::move(entries));
}

Value context_put(const Call& c) {
  const Value* m = c.want(0, Kind::context);
  if (m == nullptr) return c.wrong_argument(0);
  if (c[1].is(Kind::list)) {
    if (c[1].as_list().empty() || c[1].as_list().size() > 1000) return c.wrong_argument(1);
    return put_path(c, *m, c[1].as_list(), c[2]);
  }
  if (!c[1].is(Kind::string)) return c.wrong_argument(1);
  return put_path(c, *m, std::span<const Value>(&c[1], 1), c[2]);
}

Value context_merge(const Call& c) {
  const auto items = c.items();
  if (!items) return c.wrong_argument(0);
  Entries out;
  for (const Value& item : *items) {
    if (!item.is(Kind::context)) return c.wrong_argument(0);
    for (size_t i = 0; i < item.entry_count(); ++i) {
      put(&out, item.entry_key(i), item.entry_value(i));
    }
  }
  return internal::make_context(std::move(out));
}

}  // namespace

void add_context_builtins(std::vector<Builtin>* out) {
  out->push_back({"get value",
                  Returns::any,
                  {{{"m", "key"}, 2, false, get_value},
                   {{"m", "keys"}, 2, false, get_value},
                   {{"context", "key"}, 2, false, get_value},
                   {{"context", "keys"}, 2, false, get_value}}});
  out->push_back({"get entries",
                  Returns::list,
                  {{{"m"}, 1, false, get_entries}, {{"context"}, 1, false, get_entries}}});
  out->push_back({"context", Returns::context, {{{"entries"}, 1, false, context}}});
  out->push_back({"context put",
                  Returns::context,
                  {{{"context", "key", "value"}, 3, false, context_put},
                   {{"context", "keys", "value"}, 3, false, context_put}}});
  out->push_back({"context merge", Returns::context, {{{"contexts"}, 1, false, context_merge}}});
}

}  // namespace yipan::rules
