// Functions that make lists from lists, and sort (DMN 1.5, 10.3.4.4 and 10.3.4.6).
#include <algorithm>

#include "rules/builtins.h"
#include "rules/machine.h"
#include "rules/number.h"
#include "rules/ops.h"
#include "rules/table.h"

namespace yipan::rules {
namespace {

// The argument as a list; a value alone is a list of one.
std::optional<std::vector<Value>> list_of(const Call& c, size_t i) {
  if (c[i].is_null()) return std::nullopt;
  if (!c[i].is(Kind::list)) return std::vector<Value>{c[i]};
  const auto items = c[i].as_list();
  return std::vector<Value>(items.begin(), items.end());
}

Value finish(const Call& c, std::vector<Value> items) {
  const uint64_t limit = c.machine.options().limits.list_elements;
  if (items.size() > limit) {
    return c.fail(Why::limit_list, Value::number(static_cast<int64_t>(limit)));
  }
  if (!c.machine.tick(items.size() / 8, c.node)) return Value();
  return Value::list(std::move(items));
}

// A position counted from 1, or from the end if negative: an index, or nothing.
std::optional<size_t> index_in(const Call& c, size_t argument, size_t size) {
  const auto at = c.whole(argument);
  const auto n = static_cast<int64_t>(size);
  if (!at || *at == 0 || *at > n || *at < -n) return std::nullopt;
  return static_cast<size_t>(*at > 0 ? *at - 1 : n + *at);
}

Value sublist(const Call& c) {
  const auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  if (c.want(1, Kind::number) == nullptr) return c.wrong_argument(1);
  const auto start = index_in(c, 1, items->size());
  if (!start) return c.fail(Why::domain);
  size_t length = items->size() - *start;
  if (c.given > 2 && !c[2].is_null()) {
    const auto wanted = c.whole(2);
    if (!wanted) return c.wrong_argument(2);
    if (*wanted < 0 || static_cast<uint64_t>(*wanted) > length) return c.fail(Why::domain);
    length = static_cast<size_t>(*wanted);
  }
  const auto from = items->begin() + static_cast<ptrdiff_t>(*start);
  return Value::list({from, from + static_cast<ptrdiff_t>(length)});
}

Value append(const Call& c) {
  auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  for (size_t i = 1; i < c.given; ++i) items->push_back(c[i]);
  return finish(c, std::move(*items));
}

Value concatenate(const Call& c) {
  std::vector<Value> out;
  for (size_t i = 0; i < c.given; ++i) {
    const auto items = list_of(c, i);
    if (!items) return c.wrong_argument(i);
    out.insert(out.end(), items->begin(), items->end());
  }
  return finish(c, std::move(out));
}

Value insert_before(const Call& c) {
  auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  if (c.want(1, Kind::number) == nullptr) return c.wrong_argument(1);
  const auto at = index_in(c, 1, items->size());
  if (!at) return c.fail(Why::domain);
  items->insert(items->begin() + static_cast<ptrdiff_t>(*at), c[2]);
  return finish(c, std::move(*items));
}

Value remove(const Call& c) {
  auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  if (c.want(1, Kind::number) == nullptr) return c.wrong_argument(1);
  const auto at = index_in(c, 1, items->size());
  if (!at) return c.fail(Why::domain);
  items->erase(items->begin() + static_cast<ptrdiff_t>(*at));
  return Value::list(std::move(*items));
}

// By position, or every item for which match(item, newItem) is true.
Value list_replace(const Call& c) {
  auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  if (c[1].is(Kind::function)) {
    for (Value& item : *items) {
      Value arguments[2] = {item, c[2]};
      const Value match = c.machine.call_value(c[1], arguments, c.node);
      if (!match.is(Kind::boolean)) {
        return match.is_null() && match.reason() != 0 ? match : c.wrong_argument(1);
      }
      if (match.is_true()) item = c[2];
    }
    return Value::list(std::move(*items));
  }
  if (c.want(1, Kind::number) == nullptr) return c.wrong_argument(1);
  const auto at = index_in(c, 1, items->size());
  if (!at) return c.fail(Why::domain);
  (*items)[*at] = c[2];
  return Value::list(std::move(*items));
}

Value reverse(const Call& c) {
  auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  std::reverse(items->begin(), items->end());
  return Value::list(std::move(*items));
}

Value index_of(const Call& c) {
  const auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  std::vector<Value> out;
  for (size_t i = 0; i < items->size(); ++i) {
    if (equal((*items)[i], c[1]) == Tri::yes) {
      out.push_back(Value::number(static_cast<int64_t>(i + 1)));
    }
  }
  return Value::list(std::move(out));
}

// First occurrences. Numbers, strings and dates by hash; the rest (few, as a rule) one by one.
class Distinct {
 public:
  void add(const Value& v) {
    const bool hashed =
        v.is(Kind::number) || v.is(Kind::string) || v.is(Kind::date) || v.is(Kind::boolean);
    if (hashed) {
      if (seen_.emplace(v, true).second) out_.push_back(v);
      return;
    }
    for (const Value& o : others_) {
      if (equal(o, v) == Tri::yes) return;
    }
    others_.push_back(v);
    out_.push_back(v);
  }
  std::vector<Value> take() { return std::move(out_); }

 private:
  std::unordered_map<Value, bool, ValueHash, ValueSame> seen_;
  std::vector<Value> others_;
  std::vector<Value> out_;
};

Value union_(const Call& c) {
  Distinct distinct;
  for (size_t i = 0; i < c.given; ++i) {
    const auto items = list_of(c, i);
    if (!items) return c.wrong_argument(i);
    for (const Value& v : *items) distinct.add(v);
  }
  return finish(c, distinct.take());
}

Value distinct_values(const Call& c) {
  const auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  Distinct distinct;
  for (const Value& v : *items) distinct.add(v);
  return finish(c, distinct.take());
}

void flatten_into(const Value& v, std::vector<Value>* out, int depth) {
  if (!v.is(Kind::list) || depth > 1000) {
    out->push_back(v);
    return;
  }
  for (const Value& item : v.as_list()) flatten_into(item, out, depth + 1);
}

Value flatten(const Call& c) {
  if (c[0].is_null()) return c.wrong_argument(0);
  std::vector<Value> out;
  flatten_into(c[0], &out, 0);
  return finish(c, std::move(out));
}

// Merge sort: stable, and safe with a `precedes` that is no order at all.
void merge_sort(std::vector<Value>* items, size_t from, size_t to, std::vector<Value>* spare,
                const std::function<bool(const Value&, const Value&)>& precedes) {
  if (to - from < 2) return;
  const size_t middle = from + (to - from) / 2;
  merge_sort(items, from, middle, spare, precedes);
  merge_sort(items, middle, to, spare, precedes);
  size_t i = from, j = middle, k = from;
  while (i < middle && j < to) {
    const bool second = precedes((*items)[j], (*items)[i]);
    (*spare)[k++] = std::move((*items)[second ? j++ : i++]);
  }
  while (i < middle) (*spare)[k++] = std::move((*items)[i++]);
  while (j < to) (*spare)[k++] = std::move((*items)[j++]);
  for (size_t x = from; x < to; ++x) (*items)[x] = std::move((*spare)[x]);
}

Value sort(const Call& c) {
  auto items = list_of(c, 0);
  if (!items) return c.wrong_argument(0);
  std::vector<Value> spare(items->size());
  Value failed;
  bool bad = false;
  if (c.given == 1 || (c[1].is_null() && c[1].reason() == 0)) {
    merge_sort(&*items, 0, items->size(), &spare, [&](const Value& a, const Value& b) {
      const auto order = compare(a, b);
      if (!order && !bad) {
        bad = true;
        failed = c.machine.fail(Why::incomparable, c.node, Value(), a.kind(), b.kind());
      }
      return order.value_or(0) < 0;
    });
    return bad ? failed : Value::list(std::move(*items));
  }
  if (!c[1].is(Kind::function)) return c.wrong_argument(1);
  merge_sort(&*items, 0, items->size(), &spare, [&](const Value& a, const Value& b) {
    if (bad) return false;
    Value arguments[2] = {a, b};
    const Value result = c.machine.call_value(c[1], arguments, c.node);
    if (result.is(Kind::boolean)) return result.as_boolean();
    bad = true;
    failed = result.is_null() && result.reason() != 0 ? result : c.wrong_argument(1);
    return false;
  });
  return bad ? failed : Value::list(std::move(*items));
}

}  // namespace

void add_list_edit_builtins(std::vector<Builtin>* out) {
  const auto add = [out](std::string_view name, Returns returns,
                         std::vector<Signature> signatures) {
    out->push_back({name, returns, std::move(signatures)});
  };
  add("sublist", Returns::same_list, {{{"list", "start position", "length"}, 2, false, sublist}});
  add("append", Returns::list, {{{"list", "item"}, 1, true, append}});
  add("concatenate", Returns::list, {{{"list"}, 1, true, concatenate}});
  add("insert before", Returns::list, {{{"list", "position", "newItem"}, 3, false, insert_before}});
  add("remove", Returns::same_list, {{{"list", "position"}, 2, false, remove}});
  add("list replace", Returns::list,
      {{{"list", "position", "newItem"}, 3, false, list_replace},
       {{"list", "match", "newItem"}, 3, false, list_replace}});
  add("reverse", Returns::same_list, {{{"list"}, 1, false, reverse}});
  add("index of", Returns::list, {{{"list", "match"}, 2, false, index_of}});
  add("union", Returns::list, {{{"list"}, 1, true, union_}});
  add("distinct values", Returns::same_list, {{{"list"}, 1, false, distinct_values}});
  add("flatten", Returns::list, {{{"list"}, 1, false, flatten}});
  add("sort", Returns::same_list, {{{"list", "precedes"}, 1, false, sort}});
}

}  // namespace yipan::rules
