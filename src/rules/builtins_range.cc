// Allen's relations between points and ranges (DMN 1.5, 10.3.4.9, table 78).
#include "rules/builtins.h"
#include "rules/machine.h"
#include "rules/ops.h"

namespace yipan::rules {
namespace {

// One end of a range; a point is both ends of [p..p].
struct End {
  const Value* at = nullptr;
  bool included = false;
  int infinite = 0;  // -1 before everything, 1 after everything
};
struct Span2 {
  End start, end;
  bool point = false;
};

Span2 span_of(const Value& v) {
  if (!v.is(Kind::range)) return {{&v, true, 0}, {&v, true, 0}, true};
  Span2 s;
  s.start = {&v.low(), v.low_included(), v.low().is_null() ? -1 : 0};
  s.end = {&v.high(), v.high_included(), v.high().is_null() ? 1 : 0};
  return s;
}

std::optional<int> order(const End& a, const End& b) {
  if (a.infinite != 0 || b.infinite != 0) {
    return a.infinite < b.infinite ? -1 : a.infinite > b.infinite ? 1 : 0;
  }
  return compare(*a.at, *b.at);
}

// The orders that a relation may ask for.
struct Orders {
  int ss, se, es, ee;  // a.start : b.start, a.start : b.end, a.end : b.start, a.end : b.end
};

using Relation = bool (*)(const Span2&, const Span2&, const Orders&);

bool before(const Span2& a, const Span2& b, const Orders& o) {
  return o.es < 0 || (o.es == 0 && !(a.end.included && b.start.included));
}
bool after(const Span2& a, const Span2& b, const Orders& o) {
  return o.se > 0 || (o.se == 0 && !(a.start.included && b.end.included));
}
bool meets(const Span2& a, const Span2& b, const Orders& o) {
  return a.end.included && b.start.included && o.es == 0;
}
bool met_by(const Span2& a, const Span2& b, const Orders& o) {
  return a.start.included && b.end.included && o.se == 0;
}
bool overlaps(const Span2& a, const Span2& b, const Orders& o) {
  return (o.es > 0 || (o.es == 0 && a.end.included && b.start.included)) &&
         (o.se < 0 || (o.se == 0 && a.start.included && b.end.included));
}
bool overlaps_before(const Span2& a, const Span2& b, const Orders& o) {
  return (o.ss < 0 || (o.ss == 0 && a.start.included && !b.start.included)) &&
         (o.es > 0 || (o.es == 0 && a.end.included && b.start.included)) &&
         (o.ee < 0 || (o.ee == 0 && (!a.end.included || b.end.included)));
}
bool overlaps_after(const Span2& a, const Span2& b, const Orders& o) {
  return (o.ss > 0 || (o.ss == 0 && b.start.included && !a.start.included)) &&
         (o.se < 0 || (o.se == 0 && b.end.included && a.start.included)) &&
         (o.ee > 0 || (o.ee == 0 && (!b.end.included || a.end.included)));
}
bool finishes(const Span2& a, const Span2& b, const Orders& o) {
  if (a.point) return b.end.included && o.ee == 0;
  return a.end.included == b.end.included && o.ee == 0 &&
         (o.ss > 0 || (o.ss == 0 && (!a.start.included || b.start.included)));
}
bool includes(const Span2& a, const Span2& b, const Orders& o) {
  return (o.ss < 0 || (o.ss == 0 && (a.start.included || !b.start.included))) &&
         (o.ee > 0 || (o.ee == 0 && (a.end.included || !b.end.included)));
}
bool starts(const Span2& a, const Span2& b, const Orders& o) {
  if (a.point) return b.start.included && o.ss == 0;
  return o.ss == 0 && a.start.included == b.start.included &&
         (o.ee < 0 || (o.ee == 0 && (!a.end.included || b.end.included)));
}
bool coincides(const Span2& a, const Span2& b, const Orders& o) {
  return o.ss == 0 && o.ee == 0 && a.start.included == b.start.included &&
         a.end.included == b.end.included;
}

enum : int { kPointPoint = 1, kPointRange = 2, kRangePoint = 4, kRangeRange = 8 };

Value relate(const Call& c, int allowed, bool swapped, Relation relation) {
  for (size_t i = 0; i < 2; ++i) {
    if (c[i].is_null()) return c.wrong_argument(i);
  }
  const bool r0 = c[0].is(Kind::range), r1 = c[1].is(Kind::range);
  const int shape = r0 ? (r1 ? kRangeRange : kRangePoint) : (r1 ? kPointRange : kPointPoint);
  if ((shape & allowed) == 0) return c.wrong_argument(1);
  const Span2 a = span_of(c[swapped ? 1 : 0]), b = span_of(c[swapped ? 0 : 1]);
  const auto ss = order(a.start, b.start), se = order(a.start, b.end);
  const auto es = order(a.end, b.start), ee = order(a.end, b.end);
  if (!ss || !se || !es || !ee) {
    return c.machine.fail(Why::incomparable, c.node, Value(), c[0].kind(), c[1].kind());
  }
  return Value::boolean(relation(a, b, {*ss, *se, *es, *ee}));
}

template <int kAllowed, bool kSwapped, Relation kRelation>
Value run(const Call& c) {
  return relate(c, kAllowed, kSwapped, kRelation);
}

std::vector<Signature> signatures(int allowed, BuiltinFn fn) {
  std::vector<Signature> out;
  if ((allowed & kPointPoint) != 0) out.push_back({{"point1", "point2"}, 2, false, fn});
  if ((allowed & kPointRange) != 0) out.push_back({{"point", "range"}, 2, false, fn});
  if ((allowed & kRangePoint) != 0) out.push_back({{"range", "point"}, 2, false, fn});
  if ((allowed & kRangeRange) != 0) out.push_back({{"range1", "range2"}, 2, false, fn});
  return out;
}

}  // namespace

void add_range_builtins(std::vector<Builtin>* out) {
  constexpr int kAll = kPointPoint | kPointRange | kRangePoint | kRangeRange;
  constexpr int kIn = kPointRange | kRangeRange, kOf = kRangePoint | kRangeRange;
  const auto add = [out](std::string_view name, int allowed, BuiltinFn fn) {
    out->push_back({name, Returns::boolean, signatures(allowed, fn)});
  };
  add("before", kAll, run<kAll, false, before>);
  add("after", kAll, run<kAll, false, after>);
  add("meets", kRangeRange, run<kRangeRange, false, meets>);
  add("met by", kRangeRange, run<kRangeRange, false, met_by>);
  add("overlaps", kRangeRange, run<kRangeRange, false, overlaps>);
  add("overlaps before", kRangeRange, run<kRangeRange, false, overlaps_before>);
  add("overlaps after", kRangeRange, run<kRangeRange, false, overlaps_after>);
  add("finishes", kIn, run<kIn, false, finishes>);
  add("finished by", kOf, run<kOf, true, finishes>);
  add("includes", kOf, run<kOf, false, includes>);
  add("during", kIn, run<kIn, true, includes>);
  add("starts", kIn, run<kIn, false, starts>);
  add("started by", kOf, run<kOf, true, starts>);
  add("coincides", kPointPoint | kRangeRange, run<kPointPoint | kRangeRange, false, coincides>);
}

}  // namespace yipan::rules
