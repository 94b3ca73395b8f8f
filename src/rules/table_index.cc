// The index of a large decision table: for each column, bit sets of the rules that a value, or the
// segment between two bounds that a value falls into, lets through. The rules that fit are the
// intersection: rules/64 words a column, whatever the cells say.
#include <algorithm>
#include <functional>

#include "rules/ops.h"
#include "rules/table.h"

namespace yipan::rules {
namespace {

constexpr size_t kRulesMin = 48;              // below, testing each rule is as fast
constexpr size_t kIndexBytesMax = 128 << 20;  // a column that would need more is not indexed

using Bits = ColumnIndex::Bits;

void set_bit(Bits* bits, size_t i) { (*bits)[i >> 6] |= uint64_t{1} << (i & 63); }

// The cell as points and ranges; nullptr if it is any, general or negated.
void parts_of(const Cell& cell, std::vector<const Value*>* out) {
  out->clear();
  if (cell.negated) return;
  if (cell.type == Cell::Type::equal || cell.type == Cell::Type::range) {
    out->push_back(&cell.value);
  } else if (cell.type == Cell::Type::one_of) {
    for (const Value& v : cell.value.as_list()) out->push_back(&v);
  }
}

Kind kind_of(const Value& part) {
  if (!part.is(Kind::range)) return part.kind();
  return part.low().is_null() ? part.high().kind() : part.low().kind();
}

bool less(const Value& a, const Value& b) { return compare(a, b).value_or(0) < 0; }

bool ordered_kind(Kind kind) {
  // Values of these kinds have one total order, in which equal means the same key.
  return kind == Kind::number || kind == Kind::string || kind == Kind::date ||
         kind == Kind::days_duration || kind == Kind::months_duration;
}

class ColumnBuilder {
 public:
  ColumnBuilder(const Table& table, size_t column)
      : table_(table), column_(column), words_((table.rules.size() + 63) / 64) {}

  ColumnIndex build() {
    ColumnIndex out;
    if (!survey()) return out;
    out.kind = kind_;
    out.always.assign(words_, 0);
    if (has_ranges_) {
      if (!collect_bounds(&out)) return out;
    }
    out.usable = true;
    for (size_t r = 0; r < table_.rules.size(); ++r) place(r, &out);
    return out;
  }

 private:
  // One kind of value in the whole column, and enough cells that say something.
  bool survey() {
    size_t telling = 0;
    for (size_t r = 0; r < table_.rules.size(); ++r) {
      parts_of(table_.cell(r, column_), &parts_);
      if (!parts_.empty()) ++telling;
      for (const Value* part : parts_) {
        if (kind_ == Kind::null) kind_ = kind_of(*part);
        if (kind_of(*part) != kind_) return false;
        has_ranges_ = has_ranges_ || part->is(Kind::range);
      }
    }
    return telling * 4 >= table_.rules.size() && (ordered_kind(kind_) || kind_ == Kind::boolean);
  }

  bool collect_bounds(ColumnIndex* out) {
    for (size_t r = 0; r < table_.rules.size(); ++r) {
      parts_of(table_.cell(r, column_), &parts_);
      for (const Value* part : parts_) {
        if (!part->is(Kind::range)) {
          out->bounds.push_back(*part);
          continue;
        }
        if (!part->low().is_null()) out->bounds.push_back(part->low());
        if (!part->high().is_null()) out->bounds.push_back(part->high());
      }
    }
    std::sort(out->bounds.begin(), out->bounds.end(), less);
    out->bounds.erase(
        std::unique(out->bounds.begin(), out->bounds.end(),
                    [](const Value& a, const Value& b) { return !less(a, b) && !less(b, a); }),
        out->bounds.end());
    const size_t segments = out->bounds.size() * 2 + 1;
    if (segments * words_ * 8 > kIndexBytesMax) return false;
    out->segments.assign(segments, Bits(words_, 0));
    return true;
  }

  static size_t position(const std::vector<Value>& bounds, const Value& v) {
    return static_cast<size_t>(std::lower_bound(bounds.begin(), bounds.end(), v, less) -
                               bounds.begin());
  }

  void place(size_t rule, ColumnIndex* out) {
    const Cell& cell = table_.cell(rule, column_);
    parts_of(cell, &parts_);
    if (parts_.empty()) {
      set_bit(&out->always, rule);
      return;
    }
    for (const Value* part : parts_) {
      if (!has_ranges_) {
        auto& rules = out->by_value[*part];
        if (rules.empty() || rules.back() != rule) rules.push_back(static_cast<uint32_t>(rule));
        continue;
      }
      size_t first = 0, last = out->segments.size() - 1;
      if (!part->is(Kind::range)) {
        first = last = position(out->bounds, *part) * 2 + 1;
      } else {
        if (!part->low().is_null()) {
          first = position(out->bounds, part->low()) * 2 + (part->low_included() ? 1 : 2);
        }
        if (!part->high().is_null()) {
          last = position(out->bounds, part->high()) * 2 + (part->high_included() ? 1 : 0);
        }
      }
      for (size_t s = first; s <= last && s < out->segments.size(); ++s) {
        set_bit(&out->segments[s], rule);
      }
    }
  }

  const Table& table_;
  size_t column_;
  size_t words_;
  Kind kind_ = Kind::null;
  bool has_ranges_ = false;
  std::vector<const Value*> parts_;
};

void narrow(const ColumnIndex& index, const Value& value, Bits* bits, Bits* scratch) {
  const size_t words = bits->size();
  if (!index.segments.empty()) {
    const auto at = std::lower_bound(index.bounds.begin(), index.bounds.end(), value, less);
    const auto i = static_cast<size_t>(at - index.bounds.begin());
    const bool on_bound = at != index.bounds.end() && !less(value, *at);
    const Bits& segment = index.segments[i * 2 + (on_bound ? 1 : 0)];
    for (size_t w = 0; w < words; ++w) (*bits)[w] &= index.always[w] | segment[w];
    return;
  }
  *scratch = *bits;
  for (size_t w = 0; w < words; ++w) (*bits)[w] &= index.always[w];
  const auto found = index.by_value.find(value);
  if (found == index.by_value.end()) return;
  for (uint32_t rule : found->second) {
    (*bits)[rule >> 6] |= (*scratch)[rule >> 6] & (uint64_t{1} << (rule & 63));
  }
}

}  // namespace

size_t ValueHash::operator()(const Value& v) const {
  switch (v.kind()) {
    case Kind::string:
      return std::hash<std::string_view>()(v.as_string());
    case Kind::number:
      return v.as_number().hash();
    default:
      return std::hash<uint64_t>()(v.bits()[0] * 31 + v.bits()[1]);
  }
}

void build_index(Table* table) {
  if (table->rules.size() < kRulesMin) return;
  for (size_t c = 0; c < table->inputs.size(); ++c) {
    table->index.push_back(ColumnBuilder(*table, c).build());
  }
}

bool candidates(const Table& table, const Value* inputs, std::vector<uint64_t>* bits,
                std::vector<uint64_t>* scratch) {
  if (table.index.empty()) return false;
  const size_t rules = table.rules.size();
  bits->assign((rules + 63) / 64, ~uint64_t{0});
  if (rules % 64 != 0) bits->back() = (uint64_t{1} << (rules % 64)) - 1;
  bool helped = false;
  for (size_t c = 0; c < table.inputs.size(); ++c) {
    const ColumnIndex& index = table.index[c];
    if (!index.usable || inputs[c].kind() != index.kind) continue;
    narrow(index, inputs[c], bits, scratch);
    helped = true;
  }
  return helped;
}

}  // namespace yipan::rules
