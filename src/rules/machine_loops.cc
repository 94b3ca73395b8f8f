// Lists, contexts, filters, for, some, every (DMN 1.5, 10.3.2.5, 10.3.2.6, 10.3.2.14, table 56).
#include "rules/machine.h"
#include "rules/number.h"
#include "rules/temporal.h"

namespace yipan::rules {

Value Machine::eval_list(const Node& n, uint32_t node) {
  std::vector<Value> items;
  items.reserve(n.count);
  for (uint32_t i = 0; i < n.count; ++i) items.push_back(run(program_->kids[n.a + i]));
  return nested(Value::list(std::move(items)), node);
}

Value Machine::eval_context(const Node& n, uint32_t node, bool last_only) {
  std::vector<internal::ContextRep::Entry> entries;
  if (!last_only) entries.reserve(n.count);
  for (uint32_t i = 0; i < n.count; ++i) {
    Value value = run(program_->kids[n.a + i]);
    const uint32_t slot = program_->slot_lists[n.c + i];
    if (last_only && i + 1 == n.count) return value;
    if (slot != kNone) frame_[slot] = value;
    if (!last_only) entries.push_back({program_->labels[n.b + i], std::move(value)});
  }
  return nested(internal::make_context(std::move(entries)), node);
}

Value Machine::eval_path(const Node& n, uint32_t node) {
  Value scratch;
  const Value& object = ref(n.a, &scratch);
  const Value& key = program_->constants[n.b];
  if (object.is(Kind::context)) {
    if (const Value* found = object.find(key.as_string())) return *found;
  }
  return member(object, key, static_cast<Property>(n.flags), node);
}

Value Machine::eval_member_or(const Node& n) {
  const Value& item = frame_[n.a];
  if (item.is(Kind::context)) {
    if (const Value* found = item.find(program_->constants[n.b].as_string())) return *found;
  }
  return run(n.c);
}

Value Machine::eval_range(const Node& n, uint32_t node) {
  Value s1, s2;
  const Value& low = ref(n.a, &s1);
  const Value& high = ref(n.b, &s2);
  return make_range(low, (n.flags & kRangeLow) != 0, high, (n.flags & kRangeHigh) != 0,
                    static_cast<Value::RangeForm>(n.c), node);
}

// ---- filters
// -------------------------------------------------------------------------------------

Value Machine::filter_by_index(const Value& list, const Value& index, uint32_t node) {
  const auto at = index.as_number().to_int64();
  const bool is_list = list.is(Kind::list);
  const auto size = is_list ? static_cast<int64_t>(list.as_list().size()) : 1;
  if (at && *at != 0 && *at <= size && *at >= -size) {
    const int64_t i = *at > 0 ? *at - 1 : size + *at;
    return is_list ? list.as_list()[static_cast<size_t>(i)] : list;
  }
  return fail(Why::bad_index, node, index);
}

Value Machine::filter_items(const Node& n, const Value& list, uint32_t node) {
  const bool is_list = list.is(Kind::list);
  const size_t size = is_list ? list.as_list().size() : 1;
  std::vector<Value> out;
  for (size_t i = 0; i < size; ++i) {
    if (!tick(1, node)) return Value();
    frame_[n.c] = is_list ? list.as_list()[i] : list;
    if ((n.flags & kFilterBoolean) != 0) {
      if (truth(n.b) == Tri::yes) out.push_back(frame_[n.c]);
      continue;
    }
    const Value condition = run(n.b);
    if (condition.is(Kind::number)) return filter_by_index(list, condition, node);
    if (condition.is_true()) out.push_back(frame_[n.c]);
    if (!condition.is(Kind::boolean) && !condition.is_null()) {
      return fail(Why::not_boolean, node, Value(), condition.kind());
    }
  }
  return Value::list(std::move(out));
}

// A value that is no list is filtered as a list of one; null as an empty answer.
Value Machine::eval_filter(const Node& n, uint32_t node) {
  const Value list = run(n.a);
  const bool fixed = (n.flags & (kFilterIndex | kFilterNoItem)) != 0;
  if (fixed && (n.flags & kFilterNoItem) != 0) {
    const Value condition = run(n.b);
    if (condition.is(Kind::number)) {
      if (list.is_null()) return fail(Why::bad_index, node, condition);
      return filter_by_index(list, condition, node);
    }
    if (!condition.is(Kind::boolean) && !condition.is_null()) {
      return fail(Why::not_boolean, node, Value(), condition.kind());
    }
    if (!condition.is_true() || list.is_null()) return Value::list({});
    return list.is(Kind::list) ? list : Value::list({list});
  }
  if (list.is_null()) return Value::list({});
  if ((n.flags & kFilterIndex) != 0 && list.is(Kind::list) && list.as_list().empty()) {
    return fail(Why::bad_index, node, Value());
  }
  return filter_items(n, list, node);
}

// ---- iteration
// -----------------------------------------------------------------------------------

namespace {

struct Direction {
  int step = 1;
  uint64_t count = 0;
};

// How many whole steps from low to high; exclusive ends are left out.
Direction direction(int64_t low, int64_t high, bool low_in, bool high_in) {
  Direction d;
  d.step = low <= high ? 1 : -1;
  const uint64_t gap = low <= high ? static_cast<uint64_t>(high) - static_cast<uint64_t>(low)
                                   : static_cast<uint64_t>(low) - static_cast<uint64_t>(high);
  d.count = gap + 1;
  if (!low_in && d.count > 0) --d.count;
  if (!high_in && d.count > 0) --d.count;
  return d;
}

}  // namespace

// Integers or dates, up or (for `a..b` of an iteration) down.
bool Machine::iterate_range(const Value& range, bool either_way, uint32_t slot, uint32_t node,
                            const Node& n, size_t source, bool (*visit)(Machine&, void*),
                            void* state) {
  const Value &low = range.low(), &high = range.high();
  const bool dates = low.is(Kind::date) && high.is(Kind::date);
  std::optional<int64_t> first, last;
  if (dates) {
    first = low.as_date().days();
    last = high.as_date().days();
  } else if (low.is(Kind::number) && high.is(Kind::number)) {
    first = low.as_number().to_int64();
    last = high.as_number().to_int64();
  }
  if (!first || !last || (*first > *last && !either_way)) {
    fail(Why::not_iterable, node, Value(), Kind::range);
    return false;
  }
  const Direction d = direction(*first, *last, range.low_included(), range.high_included());
  if (d.count > options_.limits.range_elements) {
    fail(Why::limit_list, node,
         Value::number(static_cast<int64_t>(options_.limits.range_elements)));
    return false;
  }
  int64_t at = *first + (range.low_included() ? 0 : d.step);
  for (uint64_t i = 0; i < d.count; ++i, at += d.step) {
    if (!tick(1, node)) return false;
    frame_[slot] = dates ? Value::date(Date::from_days(at)) : Value::number(at);
    if (source + 2 < n.count) {
      if (!iterate(n, source + 1, node, visit, state)) return false;
    } else if (!visit(*this, state)) {
      return false;
    }
  }
  return true;
}

// Runs `visit` for every combination of the sources from `source` on. False: stopped early.
bool Machine::iterate(const Node& n, size_t source, uint32_t node, bool (*visit)(Machine&, void*),
                      void* state) {
  const uint32_t source_node = program_->kids[n.a + source];
  const uint32_t slot = program_->slot_lists[n.b + source];
  const Node& s = program_->nodes[source_node];
  if (s.code == Code::range && (s.flags & kRangeEitherWay) != 0) {
    Value low = run(s.a);
    Value high = run(s.b);
    return iterate_range(Value::range(std::move(low), true, std::move(high), true), true, slot,
                         source_node, n, source, visit, state);
  }
  const Value list = run(source_node);
  if (list.is(Kind::range)) {
    return iterate_range(list, false, slot, source_node, n, source, visit, state);
  }
  if (list.is_null()) {
    fail(Why::not_iterable, source_node, Value(), Kind::null);
    return false;
  }
  const bool is_list = list.is(Kind::list);
  const size_t size = is_list ? list.as_list().size() : 1;
  for (size_t i = 0; i < size; ++i) {
    if (!tick(1, node)) return false;
    frame_[slot] = is_list ? list.as_list()[i] : list;
    if (source + 2 < n.count) {
      if (!iterate(n, source + 1, node, visit, state)) return false;
    } else if (!visit(*this, state)) {
      return false;
    }
  }
  return true;
}

namespace {

struct ForState {
  Value* out = nullptr;  // the list so far
  uint32_t node = 0;
  uint32_t body = 0;
};

struct QuantifiedState {
  uint32_t body = 0;
  bool some = false;
  bool strict = false;
  Tri result = Tri::no;
  bool decided = false;
};

}  // namespace

// 10.3.2.14. `partial` is the result so far; it grows in place as long as the body lets go of it.
Value Machine::eval_for(const Node& n, uint32_t node) {
  ForState state;
  state.body = program_->kids[n.a + n.count - 1];
  state.node = node;
  const uint32_t partial = program_->slot_lists[n.b + n.count - 1];
  Value alone;
  state.out = partial == kNone ? &alone : &frame_[partial];
  *state.out = Value::list({});
  const uint64_t warned = warning_count_;
  const bool done = iterate(
      n, 0, node,
      [](Machine& m, void* opaque) {
        auto& s = *static_cast<ForState*>(opaque);
        Value item = m.nested(m.run(s.body), s.node);
        if (s.out->heap()->refs.load(std::memory_order_relaxed) != 1 &&
            !m.tick(s.out->as_list().size() / 8, s.node)) {
          return false;  // the body kept it: a copy is made
        }
        internal::append_item(s.out, std::move(item));
        return !m.stopped() && m.list_fits(s.out->as_list().size(), s.node);
      },
      &state);
  Value result = std::move(*state.out);
  if (done) return nested(std::move(result), node);
  return warning_count_ != warned ? Value::null_because(static_cast<uint32_t>(warnings_.size()))
                                  : Value();
}

// 10.3.2.14: some is or over the elements, every is and; both three-valued.
Value Machine::eval_quantified(const Node& n, uint32_t node, bool some) {
  QuantifiedState state;
  state.body = program_->kids[n.a + n.count - 1];
  state.some = some;
  state.strict = n.flags == 1;
  state.result = some ? Tri::no : Tri::yes;
  const bool done = iterate(
      n, 0, node,
      [](Machine& m, void* opaque) {
        auto& s = *static_cast<QuantifiedState*>(opaque);
        const Tri t = m.truth(s.body);
        s.result = s.some ? either(s.result, t) : both(s.result, t);
        if (s.strict && t == Tri::unknown) {
          s.result = t;
          return false;
        }
        s.decided = s.result == (s.some ? Tri::yes : Tri::no);
        return !s.decided && !m.stopped();
      },
      &state);
  if (!done && !state.decided) {
    return Value::null_because(static_cast<uint32_t>(warnings_.size()));
  }
  if (state.result == Tri::unknown) {
    return Value::null_because(static_cast<uint32_t>(warnings_.size()));
  }
  return to_value(state.result);
}

}  // namespace yipan::rules
