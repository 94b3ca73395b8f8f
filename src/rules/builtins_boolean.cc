// not, all, any, is (DMN 1.5, 10.3.4.2, 10.3.4.4, table 79).
#include "rules/builtins.h"
#include "rules/machine.h"
#include "rules/ops.h"

namespace yipan::rules {
namespace {

Value not_(const Call& c) {
  if (const Value* v = c.want(0, Kind::boolean)) return Value::boolean(!v->as_boolean());
  return c.wrong_argument(0);
}

// Kleene's and, or over a list; an item that is no boolean counts as unknown.
Value fold(const Call& c, bool all) {
  const auto items = c.items();
  if (!items) return c.wrong_argument(0);
  Tri result = all ? Tri::yes : Tri::no;
  Kind odd = Kind::boolean;
  for (const Value& v : *items) {
    const Tri t = v.is(Kind::boolean) ? tri(v.as_boolean()) : Tri::unknown;
    if (t == Tri::unknown && odd != Kind::number) odd = v.kind();
    result = all ? both(result, t) : either(result, t);
  }
  if (result == Tri::unknown && odd != Kind::null) {
    return c.machine.fail(Why::not_boolean, c.node, Value(), odd);
  }
  return to_value(result);
}

Value all(const Call& c) { return fold(c, true); }
Value any(const Call& c) { return fold(c, false); }

// Same value in the semantic domain: zones by name, fractions of seconds count.
Value is(const Call& c) {
  if (c.given == 0) return c.fail(Why::arity);
  return Value::boolean(c[0].same_as(c[1]));
}

}  // namespace

void add_boolean_builtins(std::vector<Builtin>* out) {
  out->push_back({"not", Returns::boolean, {{{"negand"}, 1, false, not_}}});
  out->push_back({"all", Returns::boolean, {{{"list"}, 1, true, all}}});
  out->push_back({"any", Returns::boolean, {{{"list"}, 1, true, any}}});
  out->push_back({"is", Returns::boolean, {{{"value1", "value2"}, 0, false, is}}});
}

}  // namespace yipan::rules
