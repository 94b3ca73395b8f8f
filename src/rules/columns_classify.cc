// Classifiers: the values of a column fall into classes between the bounds that tests name. What a
// test says of a class is what the scalar engine says of one member.
#include <algorithm>
#include <functional>

#include "rules/columns_lower.h"

namespace yipan::rules::columns {
namespace {

Kind kind_of(Rep rep) {
  static constexpr Kind kKinds[] = {Kind::null,          Kind::boolean,        Kind::number,
                                    Kind::number,        Kind::string,         Kind::date,
                                    Kind::days_duration, Kind::months_duration};
  return kKinds[static_cast<size_t>(rep)];
}

// All values of this kind that the operand compares with.
void collect_bounds(const Value& operand, Kind kind, std::vector<Value>* out) {
  if (operand.is(Kind::range)) {
    collect_bounds(operand.low(), kind, out);
    collect_bounds(operand.high(), kind, out);
  } else if (operand.is(Kind::list)) {
    for (const Value& item : operand.as_list()) collect_bounds(item, kind, out);
  } else if (operand.is(kind)) {
    out->push_back(operand);
  }
}

struct Floor {
  int64_t units = 0;
  bool exact = false;
};

// The bound in units of the column, rounded down; nothing if it lies beyond int64.
std::optional<Floor> floor_of(const Value& bound, int scale, int64_t unit) {
  switch (bound.kind()) {
    case Kind::number: {
      const Decimal d = bound.as_number();
      if (const auto units = d.to_scaled(scale)) return Floor{*units, true};
      const auto below = d.rounded(scale, Decimal::Rounding::floor).to_scaled(scale);
      if (!below) return std::nullopt;
      return Floor{*below, false};
    }
    case Kind::date:
      return Floor{bound.as_date().days(), true};
    case Kind::months_duration:
      return Floor{bound.as_months(), true};
    default: {
      const DaysDuration d = bound.as_duration();
      const int64_t units = d.seconds / unit - (d.seconds % unit < 0 ? 1 : 0);
      return Floor{units, d.nanos == 0 && d.seconds % unit == 0};
    }
  }
}

Value member_of(Rep rep, int scale, int64_t unit, int64_t units) {
  switch (rep) {
    case Rep::integer:
      return Value::number(Decimal::from_scaled(units, scale));
    case Rep::date:
      return Value::date(Date::from_days(units));
    case Rep::months:
      return Value::months(units);
    default:
      return Value::duration({units * unit, 0});
  }
}

// Where a bit may change, going up: the class that begins there.
struct Change {
  size_t at;
  uint32_t bit;
};

// Each class's mask is that of the class below but for the tests that have a bound between them.
void fill_masks(size_t classes, std::vector<Change> changes,
                const std::function<Value(size_t)>& member, Classifier* out) {
  const size_t words = out->words;
  out->masks.assign((classes + 1) * words, 0);
  std::sort(changes.begin(), changes.end(),
            [](const Change& a, const Change& b) { return a.at < b.at; });
  out->answer_all(member(0), out->masks.data());
  size_t next = 0;
  for (size_t c = 1; c < classes; ++c) {
    uint64_t* mask = &out->masks[c * words];
    std::copy(mask - words, mask, mask);
    const Value v = member(c);
    for (; next < changes.size() && changes[next].at <= c; ++next) {
      const uint32_t bit = changes[next].bit;
      const uint64_t one = uint64_t{1} << (bit % 64);
      mask[bit / 64] = out->answer(v, bit) ? mask[bit / 64] | one : mask[bit / 64] & ~one;
    }
  }
}

struct Bound {
  Value value;
  uint32_t bit;
};

void classify_wide(const std::vector<Bound>& bounds, Classifier* out) {
  struct Event {
    int64_t threshold;
    uint32_t bit;
  };
  std::vector<Event> events;
  for (const Bound& bound : bounds) {
    const auto at = floor_of(bound.value, out->scale, out->unit);
    if (!at) continue;
    if (at->exact) events.push_back({at->units, bound.bit});
    if (at->units < INT64_MAX) events.push_back({at->units + 1, bound.bit});
  }
  auto& t = out->thresholds;
  for (const Event& e : events) t.push_back(e.threshold);
  std::sort(t.begin(), t.end());
  t.erase(std::unique(t.begin(), t.end()), t.end());
  std::vector<Change> changes;
  for (const Event& e : events) {
    const auto at = std::lower_bound(t.begin(), t.end(), e.threshold) - t.begin();
    changes.push_back({static_cast<size_t>(at) + 1, e.bit});
  }
  const auto member = [&](size_t c) {
    const int64_t first = t.empty() ? 0 : t[0] - (t[0] == INT64_MIN ? 0 : 1);
    return member_of(out->rep, out->scale, out->unit, c == 0 ? first : t[c - 1]);
  };
  fill_masks(t.size() + 1, std::move(changes), member, out);
}

// A number strictly between the bounds number i - 1 and i; nothing if there is none.
std::optional<Decimal> between(const std::vector<Decimal>& b, size_t i) {
  const Decimal one = Decimal::from_int(1);
  if (b.empty()) return one;
  if (i == 0) {
    const Decimal m = b[0] - one - b[0].abs();
    return m < b[0] ? std::optional(m) : std::nullopt;
  }
  if (i == b.size()) {
    const Decimal m = b.back() + one + b.back().abs();
    return b.back() < m && m.is_finite() ? std::optional(m) : std::nullopt;
  }
  const Decimal m = b[i - 1] + (b[i] - b[i - 1]) / Decimal::from_int(2);
  return b[i - 1] < m && m < b[i] ? std::optional(m) : std::nullopt;
}

// False if two bounds are so close that nothing lies between them.
bool classify_decimal(const std::vector<Bound>& bounds, Classifier* out) {
  const auto less = [](Decimal x, Decimal y) { return x < y; };
  auto& b = out->bounds;
  for (const Bound& bound : bounds) b.push_back(bound.value.as_number());
  std::sort(b.begin(), b.end(), less);
  b.erase(std::unique(b.begin(), b.end()), b.end());
  for (size_t i = 0; i <= b.size(); ++i) {
    if (!between(b, i)) return false;
  }
  std::vector<Change> changes;
  for (const Bound& bound : bounds) {
    const auto at = static_cast<size_t>(
        std::lower_bound(b.begin(), b.end(), bound.value.as_number(), less) - b.begin());
    changes.push_back({2 * at + 1, bound.bit});
    changes.push_back({2 * at + 2, bound.bit});
  }
  const auto member = [&](size_t c) {
    return Value::number(c % 2 == 1 ? b[c / 2] : *between(b, c / 2));
  };
  fill_masks(2 * b.size() + 1, std::move(changes), member, out);
  return true;
}

}  // namespace

Result<uint32_t> Lowerer::classifier(Reg input, uint32_t bits, const std::vector<Operand>& operands,
                                     Classifier::Answer answer, uint32_t node) {
  Classifier made;
  made.rep = rep(input);
  made.scale = info(input).scale;
  made.unit = info(input).unit;
  made.bits = bits;
  made.words = (bits + 63) / 64;
  made.answer = std::move(answer);
  std::vector<Bound> bounds;
  std::vector<Value> values;
  for (const Operand& operand : operands) {
    values.clear();
    collect_bounds(*operand.value, kind_of(made.rep), &values);
    for (Value& v : values) bounds.push_back({std::move(v), operand.bit});
  }
  switch (made.rep) {
    case Rep::none:
    case Rep::text:  // a mask for each string, when it is first met; here only null's
      made.masks.assign(made.words, 0);
      break;
    case Rep::boolean:  // 0, 1 (null), 2, and null again
      made.masks.assign(size_t{4} * made.words, 0);
      made.answer_all(Value::boolean(false), made.masks.data());
      made.answer_all(Value(), &made.masks[made.words]);
      made.answer_all(Value::boolean(true), &made.masks[size_t{2} * made.words]);
      break;
    case Rep::decimal:
      if (!classify_decimal(bounds, &made)) {
        return fail(obstacle(node, "界限相距太近", "the bounds are too close to each other"));
      }
      break;
    default:
      classify_wide(bounds, &made);
  }
  made.answer_all(Value(), &made.masks[made.masks.size() - made.words]);
  out_->classifiers.push_back(std::move(made));
  return static_cast<uint32_t>(out_->classifiers.size() - 1);
}

}  // namespace yipan::rules::columns
