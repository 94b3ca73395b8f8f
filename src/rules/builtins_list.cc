// Functions that look at lists: counts, sums, extremes, statistics (DMN 1.5, 10.3.4.4, table 74).
#include <algorithm>

#include "rules/builtins.h"
#include "rules/machine.h"
#include "rules/number.h"
#include "rules/ops.h"

namespace yipan::rules {
namespace {

Value list_contains(const Call& c) {
  if (c[0].is_null()) return c.wrong_argument(0);
  const auto has = [&](std::span<const Value> items) {
    return std::any_of(items.begin(), items.end(),
                       [&](const Value& v) { return equal(v, c[1]) == Tri::yes; });
  };
  if (!c[0].is(Kind::list)) return Value::boolean(has(std::span<const Value>(&c[0], 1)));
  return Value::boolean(has(c[0].as_list()));
}

Value count(const Call& c) {
  if (c[0].is_null()) return c.wrong_argument(0);
  const size_t n = c[0].is(Kind::list) ? c[0].as_list().size() : 1;
  return Value::number(static_cast<int64_t>(n));
}

Value extreme(const Call& c, bool largest) {
  const auto items = c.items();
  if (!items) return c.wrong_argument(0);
  if (items->empty()) return Value();
  const Value* best = &(*items)[0];
  if (!compare(*best, *best)) return c.wrong_argument(0);
  for (const Value& v : items->subspan(1)) {
    const auto order = compare(v, *best);
    if (!order) {
      return c.machine.fail(Why::incomparable, c.node, Value(), v.kind(), best->kind());
    }
    if (largest ? *order > 0 : *order < 0) best = &v;
  }
  return *best;
}

Value min(const Call& c) { return extreme(c, false); }
Value max(const Call& c) { return extreme(c, true); }

// All items, each a number; nullopt if one is not, with the null to return in *failed.
std::optional<std::span<const Value>> numbers(const Call& c, Value* failed) {
  const auto items = c.items();
  if (!items) {
    *failed = c.wrong_argument(0);
    return std::nullopt;
  }
  for (const Value& v : *items) {
    if (!v.is(Kind::number)) {
      *failed = c.machine.fail(Why::argument, c.node, Value::string(c.name), v.kind());
      return std::nullopt;
    }
  }
  return items;
}

Value total(const Call& c, std::span<const Value> items) {
  Value sum = items[0];
  for (const Value& v : items.subspan(1)) {
    sum = add_numbers(sum, v, false);
    if (!is_finite_number(sum)) return c.fail(Why::overflow);
  }
  return sum;
}

Value sum(const Call& c) {
  const auto all = c.items();
  if (all && !all->empty() &&
      ((*all)[0].is(Kind::days_duration) || (*all)[0].is(Kind::months_duration))) {
    Value out = (*all)[0];
    for (const Value& v : all->subspan(1)) {
      out = c.machine.binary(Op::add, out, v, c.node);
      if (out.is_null()) return out;
    }
    return out;
  }
  Value failed;
  const auto items = numbers(c, &failed);
  if (!items) return failed;
  return items->empty() ? c.fail(Why::domain) : total(c, *items);
}

Value mean(const Call& c) {
  Value failed;
  const auto items = numbers(c, &failed);
  if (!items) return failed;
  if (items->empty()) return c.fail(Why::domain);
  const Value all = total(c, *items);
  if (all.is_null()) return all;
  return c.machine.binary(Op::divide, all, Value::number(static_cast<int64_t>(items->size())),
                          c.node);
}

Value product(const Call& c) {
  Value failed;
  const auto items = numbers(c, &failed);
  if (!items) return failed;
  if (items->empty()) return c.fail(Why::domain);
  Value out = (*items)[0];
  for (const Value& v : items->subspan(1)) {
    out = multiply_numbers(out, v);
    if (!is_finite_number(out)) return c.fail(Why::overflow);
  }
  return out;
}

std::vector<Value> sorted(std::span<const Value> items) {
  std::vector<Value> out(items.begin(), items.end());
  std::sort(out.begin(), out.end(),
            [](const Value& a, const Value& b) { return compare_numbers(a, b) < 0; });
  return out;
}

Value median(const Call& c) {
  Value failed;
  const auto items = numbers(c, &failed);
  if (!items) return failed;
  if (items->empty()) return Value();
  const std::vector<Value> s = sorted(*items);
  const size_t half = s.size() / 2;
  if (s.size() % 2 == 1) return s[half];
  const Value both = c.machine.binary(Op::add, s[half - 1], s[half], c.node);
  return c.machine.binary(Op::divide, both, Value::number(int64_t{2}), c.node);
}

// The sample's standard deviation: divided by n - 1.
Value stddev(const Call& c) {
  Value failed;
  const auto items = numbers(c, &failed);
  if (!items) return failed;
  if (items->size() < 2) return c.fail(Why::domain);
  const auto n = static_cast<int64_t>(items->size());
  Decimal average = Decimal::from_int(0);
  for (const Value& v : *items) average = average + v.as_number();
  average = average / Decimal::from_int(n);
  Decimal squares = Decimal::from_int(0);
  for (const Value& v : *items) {
    const Decimal d = v.as_number() - average;
    squares = squares + d * d;
  }
  const Decimal out = (squares / Decimal::from_int(n - 1)).sqrt();
  return out.is_finite() ? Value::number(out) : c.fail(Why::overflow);
}

Value mode(const Call& c) {
  Value failed;
  const auto items = numbers(c, &failed);
  if (!items) return failed;
  const std::vector<Value> s = sorted(*items);
  std::vector<Value> out;
  size_t best = 0;
  for (size_t i = 0; i < s.size();) {
    size_t j = i;
    while (j < s.size() && compare_numbers(s[i], s[j]) == 0) ++j;
    if (j - i > best) {
      best = j - i;
      out.clear();
    }
    if (j - i == best) out.push_back(s[i]);
    i = j;
  }
  return Value::list(std::move(out));
}

}  // namespace

void add_list_builtins(std::vector<Builtin>* out) {
  const auto add = [out](std::string_view name, Returns returns, BuiltinFn run) {
    out->push_back({name, returns, {{{"list"}, 1, true, run}}});
  };
  out->push_back(
      {"list contains", Returns::boolean, {{{"list", "element"}, 2, false, list_contains}}});
  out->push_back({"count", Returns::number, {{{"list"}, 1, false, count}}});
  add("min", Returns::element, min);
  add("max", Returns::element, max);
  add("sum", Returns::any, sum);
  add("mean", Returns::number, mean);
  add("product", Returns::number, product);
  add("median", Returns::number, median);
  add("stddev", Returns::number, stddev);
  add("mode", Returns::list, mode);
}

}  // namespace yipan::rules
