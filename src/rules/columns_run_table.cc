// Tests and decision tables over a block.
#include <algorithm>
#include <cstring>

#include "rules/columns_run.h"

namespace yipan::rules::columns {

uint32_t Runner::text_class(const Classifier& c, TextClasses* t, int64_t code) {
  const auto at = static_cast<size_t>(code);
  if (at >= t->class_of.size()) t->class_of.resize(std::max(at + 1, dictionary_.size()), kNone);
  uint32_t& found = t->class_of[at];
  if (found != kNone) return found;
  std::vector<uint64_t> mask(c.words, 0);
  c.answer_all(Value::string(dictionary_.text(code)), mask.data());
  const auto [known, fresh] =
      t->known.emplace(mask, static_cast<uint32_t>(t->masks.size() / c.words));
  if (fresh) t->masks.insert(t->masks.end(), mask.begin(), mask.end());
  found = known->second;
  return found;
}

Runner::Classes Runner::classify_text(uint32_t classifier, const Vec& v, uint32_t* scratch) {
  const Classifier& c = program_.classifiers[classifier];
  TextClasses& t = text_classes_[classifier];
  if (t.masks.empty()) t.masks = c.masks;
  for (size_t r = 0; r < n_; ++r) {
    if (!v.valid_at(r)) {
      scratch[r] = 0;
      continue;
    }
    const auto code = static_cast<size_t>(v.wide_at(r));
    const bool known = code < t.class_of.size() && t.class_of[code] != kNone;
    scratch[r] = known ? t.class_of[code] : text_class(c, &t, v.wide_at(r));
  }
  return {scratch, t.masks.data()};
}

// The class of each row, null's being the last one.
Runner::Classes Runner::classify(uint32_t classifier, const Vec& v, uint32_t* scratch) {
  const Classifier& c = program_.classifiers[classifier];
  const auto null_class = static_cast<uint32_t>(c.classes() - 1);
  switch (c.rep) {
    case Rep::text:
      return classify_text(classifier, v, scratch);
    case Rep::none:
      std::fill(scratch, scratch + n_, null_class);
      return {scratch, c.masks.data()};
    case Rep::boolean:
      for (size_t r = 0; r < n_; ++r) scratch[r] = v.truth_at(r);
      return {scratch, c.masks.data()};
    case Rep::decimal:
      for (size_t r = 0; r < n_; ++r) {
        const Decimal d = v.decimal_at(r);
        const auto at = std::lower_bound(c.bounds.begin(), c.bounds.end(), d,
                                         [](Decimal x, Decimal y) { return x < y; });
        const bool on = at != c.bounds.end() && *at == d;
        scratch[r] = static_cast<uint32_t>(at - c.bounds.begin()) * 2 + (on ? 1 : 0);
      }
      break;
    default:
      if (c.thresholds.empty()) {
        std::fill(scratch, scratch + n_, 0U);
      } else if (v.constant) {
        kernels_.classes(v.wide, c.thresholds.data(), c.thresholds.size(), scratch, 1);
        std::fill(scratch + 1, scratch + n_, scratch[0]);
      } else {
        kernels_.classes(v.wide, c.thresholds.data(), c.thresholds.size(), scratch, n_);
      }
  }
  for (size_t r = 0; v.valid != nullptr && r < n_; ++r) {
    scratch[r] = v.valid[r] != 0 ? scratch[r] : null_class;
  }
  return {scratch, c.masks.data()};
}

void Runner::test(const Instr& i) {
  class_scratch_.resize(std::max<size_t>(class_scratch_.size(), 1));
  class_scratch_[0].resize(kBlock);
  const Classes classes = classify(i.aux, vecs_[i.a], class_scratch_[0].data());
  Vec* out = nullptr;
  uint8_t* bytes = bytes_out(i.dst, &out);
  for (size_t r = 0; r < n_; ++r) bytes[r] = static_cast<uint8_t>(classes.masks[classes.of[r]]);
}

void Runner::table(const Instr& i) {
  const VTable& t = program_.tables[i.aux];
  class_scratch_.resize(std::max(class_scratch_.size(), t.inputs.size()));
  std::vector<Classes> classes;
  for (size_t c = 0; c < t.inputs.size(); ++c) {
    const Classifier& k = program_.classifiers[t.classifiers[c]];
    // A column of dashes lets everything through.
    const auto all = [&](uint32_t rule) { return k.masks[rule / 64] >> (rule % 64) & 1; };
    bool idle = k.rep != Rep::text && k.rep != Rep::boolean && k.classes() == 2;
    for (uint32_t rule = 0; idle && rule < t.rules; ++rule) idle = all(rule) != 0;
    for (uint32_t rule = 0; idle && rule < t.rules; ++rule) {
      idle = (k.masks[k.words + rule / 64] >> (rule % 64) & 1) != 0;
    }
    if (idle) continue;
    class_scratch_[c].resize(kBlock);
    classes.push_back(classify(t.classifiers[c], vecs_[t.inputs[c]], class_scratch_[c].data()));
  }
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  uint8_t* valid = valid_out(i.dst);
  if (t.words == 1) {
    table_narrow(t, classes, data, valid);
  } else {
    table_wide(t, classes, data, valid);
  }
  out->valid = valid;
  if (std::memchr(valid, 0, n_) == nullptr) out->valid = nullptr;
  set_bounds(out);
}

namespace {

// What the hits of one row make: from their masks, lowest bit first.
class Finisher {
 public:
  explicit Finisher(const VTable& table) : t_(table) {}

  // At most 64 rules: the usual policies without a loop over the hits.
  void narrow(uint64_t hits, int64_t* out, uint8_t* valid) const {
    if (hits == 0) return none(out, valid);
    const auto bit = static_cast<size_t>(__builtin_ctzll(hits));
    *valid = 1;
    switch (t_.finish) {
      case VTable::Finish::first:
        *out = t_.amounts[bit];
        return;
      case VTable::Finish::unique:
        *valid = (hits & (hits - 1)) == 0 ? 1 : 0;
        *out = *valid != 0 ? t_.amounts[bit] : 0;
        return;
      case VTable::Finish::count:
        *out = __builtin_popcountll(hits);
        return;
      default: {
        size_t count = 0;
        *out = 0;
        for (; hits != 0; hits &= hits - 1) {
          add(static_cast<size_t>(__builtin_ctzll(hits)), count++, out, valid);
        }
      }
    }
  }
  void none(int64_t* out, uint8_t* valid) const {
    *valid = t_.otherwise_null ? 0 : 1;
    *out = t_.otherwise;
  }
  // One more hit, after `count` others.
  void add(size_t bit, size_t count, int64_t* out, uint8_t* valid) const {
    if (count == 0) first_ = bit;
    switch (t_.finish) {
      case VTable::Finish::count:
        *out = static_cast<int64_t>(count) + 1;
        return;
      case VTable::Finish::sum:
        *out = (count == 0 ? 0 : *out) + t_.amounts[bit];
        return;
      case VTable::Finish::unique:
        *valid = count == 0 ? 1 : 0;
        break;
      case VTable::Finish::any:
        if (t_.groups[bit] != t_.groups[first_]) *valid = 0;
        break;
      case VTable::Finish::first:
        break;
    }
    if (count == 0) *out = t_.amounts[bit];
  }
  bool enough(size_t count) const {
    return (t_.finish == VTable::Finish::first && count == 1) ||
           (t_.finish == VTable::Finish::unique && count == 2);
  }

 private:
  const VTable& t_;
  mutable size_t first_ = 0;
};

}  // namespace

void Runner::table_narrow(const VTable& t, const std::vector<Classes>& classes, int64_t* out,
                          uint8_t* valid) {
  uint64_t* hits = mask_scratch_.data();
  const uint64_t every = t.rules == 64 ? ~uint64_t{0} : (uint64_t{1} << t.rules) - 1;
  std::fill(hits, hits + n_, every);
  for (const Classes& c : classes) kernels_.and_masks(c.of, c.masks, hits, n_);
  for (const VTable::General& g : t.general) {
    const Vec& truth = vecs_[g.truth];
    const uint64_t bit = uint64_t{1} << g.rule;
    for (size_t r = 0; r < n_; ++r) hits[r] &= truth.truth_at(r) == 2 ? ~uint64_t{0} : ~bit;
  }
  const Finisher finisher(t);
  if (t.finish == VTable::Finish::first || t.finish == VTable::Finish::unique) {
    const bool unique = t.finish == VTable::Finish::unique;
    for (size_t r = 0; r < n_; ++r) {
      const uint64_t h = hits[r];
      const bool hit = h != 0, good = hit && !(unique && (h & (h - 1)) != 0);
      const int64_t amount = t.amounts[hit ? static_cast<size_t>(__builtin_ctzll(h)) : 0];
      out[r] = good ? amount : hit ? 0 : t.otherwise;
      valid[r] = good || (!hit && !t.otherwise_null) ? 1 : 0;
    }
    return;
  }
  for (size_t r = 0; r < n_; ++r) finisher.narrow(hits[r], &out[r], &valid[r]);
}

void Runner::table_wide(const VTable& t, const std::vector<Classes>& classes, int64_t* out,
                        uint8_t* valid) {
  const Finisher finisher(t);
  std::vector<std::vector<Reg>> general(t.general.empty() ? 0 : t.rules);
  for (const VTable::General& g : t.general) general[g.rule].push_back(g.truth);
  for (size_t r = 0; r < n_; ++r) {
    size_t count = 0;
    valid[r] = 1;
    for (size_t w = 0; w < t.words && !finisher.enough(count); ++w) {
      const size_t left = t.rules - w * 64;
      uint64_t hits = left >= 64 ? ~uint64_t{0} : (uint64_t{1} << left) - 1;
      for (const Classes& c : classes) hits &= c.masks[size_t{c.of[r]} * t.words + w];
      for (; hits != 0 && !finisher.enough(count); hits &= hits - 1) {
        const size_t bit = w * 64 + static_cast<size_t>(__builtin_ctzll(hits));
        const bool fits =
            general.empty() || std::all_of(general[bit].begin(), general[bit].end(),
                                           [&](Reg g) { return vecs_[g].truth_at(r) == 2; });
        if (fits) finisher.add(bit, count++, &out[r], &valid[r]);
      }
    }
    if (count == 0) finisher.none(&out[r], &valid[r]);
    if (valid[r] == 0) out[r] = 0;
  }
}

void Runner::look_up(const Instr& i) {
  const Vec& index = vecs_[i.a];
  const Constants& c = program_.constants[i.aux];
  const Rep rep = program_.regs[i.dst].rep;
  const auto row_of = [&](size_t r) { return static_cast<size_t>(index.wide_at(r)); };
  Vec* out = nullptr;
  if (rep == Rep::boolean) {
    uint8_t* bytes = bytes_out(i.dst, &out);
    for (size_t r = 0; r < n_; ++r) bytes[r] = index.valid_at(r) ? c.bytes[row_of(r)] : 1;
    return;
  }
  const bool whole =
      index.valid == nullptr && std::find(c.valid.begin(), c.valid.end(), 0) == c.valid.end();
  if (rep == Rep::decimal) {
    Decimal* data = decimal_out(i.dst, &out);
    for (size_t r = 0; r < n_; ++r) data[r] = c.decimals[index.valid_at(r) ? row_of(r) : 0];
  } else {
    int64_t* data = wide_out(i.dst, &out);
    const auto [low, high] = std::minmax_element(c.wide.begin(), c.wide.end());
    out->low = *low;
    out->high = *high;
    for (size_t r = 0; r < n_; ++r) data[r] = c.wide[index.valid_at(r) ? row_of(r) : 0];
  }
  if (whole) return;
  uint8_t* valid = valid_out(i.dst);
  for (size_t r = 0; r < n_; ++r) valid[r] = index.valid_at(r) ? c.valid[row_of(r)] : 0;
  out->valid = valid;
}

}  // namespace yipan::rules::columns
