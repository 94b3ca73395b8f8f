#include "rules/columns_run.h"

#include <algorithm>
#include <cstring>

namespace yipan::rules::columns {

namespace {

constexpr size_t kStringsMax = 1U << 18;  // kept from block to block

}  // namespace

Runner::Runner(const VProgram& program, std::shared_ptr<const Model> model,
               const EvaluatorOptions& options, Scalar scalar)
    : program_(program),
      kernels_(kernels()),
      scalar_(std::move(scalar)),
      dictionary_(program.literals) {
  machine_.set_options(options);
  if (model != nullptr) machine_.set_model(std::move(model));
  machine_.start();
  vecs_.resize(program.regs.size());
  using Place = VProgram::Place;
  banks_.resize(4);
  banks_[static_cast<size_t>(Place::Bank::bytes)].bytes.resize(program.slots_bytes * kBlock);
  Bank& wide = banks_[static_cast<size_t>(Place::Bank::wide)];
  wide.wide.resize(program.slots_wide * kBlock);
  wide.valid.resize(program.slots_wide * kBlock);
  Bank& decimal = banks_[static_cast<size_t>(Place::Bank::decimal)];
  decimal.decimals.resize(program.slots_decimal * kBlock);
  decimal.valid.resize(program.slots_decimal * kBlock);
  for (size_t r = 0; r < vecs_.size(); ++r) {
    const RegInfo& info = program.regs[r];
    if (!info.constant) continue;
    vecs_[r] = {.wide = &info.wide,
                .decimal = &info.decimal,
                .bytes = &info.tri,
                .constant = true,
                .low = info.wide,
                .high = info.wide};
  }
  // Null: zeros that are not there.
  static constexpr int64_t kZero = 0;
  static constexpr Decimal kZeroDecimal;
  static constexpr uint8_t kUnknown = 1;
  vecs_[kNull] = {.wide = &kZero, .decimal = &kZeroDecimal, .bytes = &kUnknown, .constant = true};
  scalars_.resize(program.scalars.size());
  left_.assign(kBlock, 0);
  ones_.assign(kBlock, 1);
  text_classes_.resize(program.classifiers.size());
  maps_.resize(program.mappings.size());
  mask_scratch_.resize(kBlock);
}

size_t Runner::left_count() const {
  return static_cast<size_t>(
      std::count(left_.begin(), left_.begin() + static_cast<ptrdiff_t>(n_), uint8_t{1}));
}

void Runner::run(const Batch& in, size_t first, size_t rows) {
  in_ = &in;
  first_ = first;
  n_ = rows;
  if (left_count_ != 0) std::fill(left_.begin(), left_.end(), uint8_t{0});
  left_count_ = 0;
  if (dictionary_.size() > kStringsMax + program_.literals.size()) {
    dictionary_.forget();
    for (TextClasses& t : text_classes_) t = {};
    for (MapColumn& m : maps_) m = {};
  }
  if (machine_.warning_count() != 0) machine_.clear_warnings();
  machine_.start();
  evaluate_scalars();
  for (const Instr& i : program_.code) {
    execute(i);
    if (doubts_ != nullptr) note_nulls(i);
  }
}

void Runner::note_nulls(const Instr& i) {
  if (i.op <= VOp::load_real) return;  // an input
  const Vec& v = vecs_[i.dst];
  uint8_t* doubts = doubts_->data();
  if (program_.regs[i.dst].rep == Rep::boolean) {
    for (size_t r = 0; r < n_; ++r) doubts[r] |= v.bytes[r] == 1 ? 1 : 0;
  } else if (v.valid != nullptr) {
    for (size_t r = 0; r < n_; ++r) doubts[r] |= v.valid[r] == 0 ? 1 : 0;
  }
}

void Runner::evaluate_scalars() {
  if (scalars_.empty()) return;
  for (auto& column : scalars_) column.resize(n_);
  for (size_t row = 0; row < n_; ++row) {
    for (size_t s = 0; s < scalars_.size(); ++s) {
      scalars_[s][row] = scalar_(first_ + row, program_.scalars[s]);
    }
  }
}

int64_t* Runner::wide_out(Reg r, Vec** out) {
  *out = &vecs_[r];
  Bank& bank = banks_[static_cast<size_t>(VProgram::Place::Bank::wide)];
  int64_t* data = &bank.wide[program_.places[r].slot * kBlock];
  **out = {.wide = data};
  return data;
}

Decimal* Runner::decimal_out(Reg r, Vec** out) {
  *out = &vecs_[r];
  Bank& bank = banks_[static_cast<size_t>(VProgram::Place::Bank::decimal)];
  Decimal* data = &bank.decimals[program_.places[r].slot * kBlock];
  **out = {.decimal = data};
  return data;
}

uint8_t* Runner::bytes_out(Reg r, Vec** out) {
  *out = &vecs_[r];
  Bank& bank = banks_[static_cast<size_t>(VProgram::Place::Bank::bytes)];
  uint8_t* data = &bank.bytes[program_.places[r].slot * kBlock];
  **out = {.bytes = data};
  return data;
}

uint8_t* Runner::valid_out(Reg r) {
  const VProgram::Place& place = program_.places[r];
  return &banks_[static_cast<size_t>(place.bank)].valid[place.slot * kBlock];
}

void Runner::set_valid(Vec* out, Reg r, const Vec& a, const Vec& b) {
  if (a.valid == nullptr && b.valid == nullptr) return;
  uint8_t* valid = valid_out(r);
  if (a.valid != nullptr && b.valid != nullptr) {
    kernels_.both_valid(a.valid, b.valid, valid, n_);
  } else {
    std::memcpy(valid, a.valid != nullptr ? a.valid : b.valid, n_);
  }
  out->valid = valid;
}

void Runner::load(const Instr& i) {
  const Column& column = in_->columns[static_cast<size_t>(i.imm)];
  Vec* out = nullptr;
  switch (i.op) {
    case VOp::load_wide:
      wide_out(i.dst, &out);
      out->wide = column.ints().data() + first_;
      set_bounds(out);
      break;
    case VOp::load_boolean: {
      uint8_t* bytes = bytes_out(i.dst, &out);
      kernels_.truths(column.ints().data() + first_, bytes, n_);
      if (column.null_count() == 0) return;
      std::vector<uint8_t> valid(n_);
      kernels_.unpack(column.validity().data(), first_, valid.data(), n_);
      kernels_.make_unknown(valid.data(), bytes, n_);
      return;
    }
    case VOp::load_real: {
      Decimal* data = decimal_out(i.dst, &out);
      for (size_t row = 0; row < n_; ++row) {
        data[row] = Decimal::from_double(column.reals()[first_ + row]);
      }
      return real_valid(i.dst, column, out);
    }
    default:
      load_text(i, column);
      out = &vecs_[i.dst];
  }
  if (column.null_count() == 0) return;
  uint8_t* valid = valid_out(i.dst);
  kernels_.unpack(column.validity().data(), first_, valid, n_);
  out->valid = valid;
}

// No number (NaN, an infinity) is a missing value.
void Runner::real_valid(Reg r, const Column& column, Vec* out) {
  uint8_t* valid = valid_out(r);
  kernels_.unpack(column.validity().data(), first_, valid, n_);
  for (size_t row = 0; row < n_; ++row) valid[row] &= out->decimal[row].is_finite() ? 1 : 0;
  if (std::memchr(valid, 0, n_) != nullptr) out->valid = valid;
}

void Runner::load_text(const Instr& i, const Column& column) {
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  const uint32_t* offsets = column.offsets().data() + first_;
  const char* bytes = column.bytes().data();
  for (size_t row = 0; row < n_; ++row) {
    data[row] = dictionary_.code({bytes + offsets[row], offsets[row + 1] - offsets[row]});
  }
}

void Runner::load_scalar(const Instr& i) {
  const std::vector<Value>& values = scalars_[static_cast<size_t>(i.imm)];
  const Rep rep = program_.regs[i.dst].rep;
  Vec* out = nullptr;
  if (rep == Rep::boolean) {
    uint8_t* bytes = bytes_out(i.dst, &out);
    for (size_t row = 0; row < n_; ++row) {
      bytes[row] = values[row].is_true() ? 2 : values[row].is_false() ? 0 : 1;
      if (!values[row].is_null() && !values[row].is(Kind::boolean)) leave(row);
    }
    return;
  }
  Decimal* decimals = rep == Rep::decimal ? decimal_out(i.dst, &out) : nullptr;
  int64_t* wides = rep == Rep::decimal ? nullptr : wide_out(i.dst, &out);
  uint8_t* valid = valid_out(i.dst);
  for (size_t row = 0; row < n_; ++row) {
    const Value& v = values[row];
    if (decimals != nullptr) {
      valid[row] = v.is(Kind::number) ? 1 : 0;
      decimals[row] = v.is(Kind::number) ? v.as_number() : Decimal();
    } else {
      const auto wide = wide_of(v, rep);
      valid[row] = wide ? 1 : 0;
      wides[row] = wide.value_or(0);
    }
    if (valid[row] == 0 && !v.is_null()) leave(row);
  }
  out->valid = valid;
  if (wides != nullptr) set_bounds(out);
}

// What a wide register holds for the value; nothing if it is of another kind.
std::optional<int64_t> Runner::wide_of(const Value& v, Rep rep) {
  switch (rep) {
    case Rep::text:
      if (v.is(Kind::string)) return dictionary_.code(v.as_string());
      break;
    case Rep::date:
      if (v.is(Kind::date)) return v.as_date().days();
      break;
    case Rep::days:
      if (v.is(Kind::days_duration) && v.as_duration().nanos == 0) return v.as_duration().seconds;
      break;
    default:
      if (v.is(Kind::months_duration)) return v.as_months();
  }
  return std::nullopt;
}

void Runner::compare(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  uint8_t* bytes = bytes_out(i.dst, &out);
  const WideOperand x{a.wide, a.constant}, y{b.wide, b.constant};
  if (i.op == VOp::less) {
    kernels_.less(x, y, bytes, n_);
  } else if (i.op == VOp::less_equal) {
    kernels_.less_equal(x, y, bytes, n_);
  } else {
    kernels_.equal(x, y, bytes, n_);
  }
  if (a.valid != nullptr) kernels_.make_unknown(a.valid, bytes, n_);
  if (b.valid != nullptr) kernels_.make_unknown(b.valid, bytes, n_);
}

void Runner::logic(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  uint8_t* bytes = bytes_out(i.dst, &out);
  const ByteOperand x{a.bytes, a.constant}, y{b.bytes, b.constant};
  switch (i.op) {
    case VOp::and_:
      kernels_.least(x, y, bytes, n_);
      break;
    case VOp::or_:
      kernels_.greatest(x, y, bytes, n_);
      break;
    case VOp::not_:
      for (size_t r = 0; a.constant && r < n_; ++r) bytes[r] = static_cast<uint8_t>(2 - *a.bytes);
      if (!a.constant) kernels_.opposite(a.bytes, bytes, n_);
      break;
    case VOp::same:
      for (size_t r = 0; r < n_; ++r) {
        const uint8_t p = a.truth_at(r), q = b.truth_at(r);
        bytes[r] = p == 1 || q == 1 ? 1 : p == q ? 2 : 0;
      }
      break;
    default:  // present
      if (program_.regs[i.a].rep == Rep::boolean) {
        for (size_t r = 0; r < n_; ++r) bytes[r] = a.truth_at(r) != 1 ? 2 : 0;
      } else if (a.valid == nullptr) {
        std::memset(bytes, 2, n_);
      } else {
        for (size_t r = 0; r < n_; ++r) bytes[r] = static_cast<uint8_t>(a.valid[r] * 2);
      }
  }
}

void Runner::select_valid(const Instr& i, const Vec& yes, const Vec& no, Vec* out) {
  const bool whole =
      i.imm == 0 && i.b != kNull && i.c != kNull && yes.valid == nullptr && no.valid == nullptr;
  if (whole) return;
  static constexpr uint8_t kNo = 0, kYes = 1;
  const auto operand = [](Reg r, const Vec& v) {
    if (r == kNull) return ByteOperand{&kNo, true};
    return v.valid != nullptr ? ByteOperand{v.valid, false} : ByteOperand{&kYes, true};
  };
  uint8_t* valid = valid_out(i.dst);
  const Vec& condition = vecs_[i.a];
  if (condition.constant) {
    const ByteOperand from = *condition.bytes == 2 ? operand(i.b, yes) : operand(i.c, no);
    for (size_t r = 0; r < n_; ++r) valid[r] = from.data[from.constant ? 0 : r];
    if (i.imm == 1 && *condition.bytes == 1) std::memset(valid, 0, n_);
  } else {
    kernels_.select_bytes(condition.bytes, operand(i.b, yes), operand(i.c, no), valid, n_);
    for (size_t r = 0; i.imm == 1 && r < n_; ++r) valid[r] &= condition.bytes[r] != 1 ? 1 : 0;
  }
  out->valid = valid;
}

void Runner::choose_decimals(const Instr& i, const Vec& yes, const Vec& no) {
  const Vec& condition = vecs_[i.a];
  Vec* out = nullptr;
  Decimal* data = decimal_out(i.dst, &out);
  for (size_t r = 0; r < n_; ++r) {
    data[r] = condition.truth_at(r) == 2 ? yes.decimal_at(r) : no.decimal_at(r);
  }
  select_valid(i, yes, no, out);
}

void Runner::select(const Instr& i) {
  const Vec &condition = vecs_[i.a], &yes = vecs_[i.b], &no = vecs_[i.c];
  const Rep rep = program_.regs[i.dst].rep;
  if (rep == Rep::decimal) return choose_decimals(i, yes, no);
  Vec* out = nullptr;
  std::vector<uint8_t> spread;
  const uint8_t* truth = condition.bytes;
  if (condition.constant) {
    spread.assign(n_, *condition.bytes);
    truth = spread.data();
  }
  if (rep == Rep::boolean) {
    uint8_t* bytes = bytes_out(i.dst, &out);
    kernels_.select_bytes(truth, {yes.bytes, yes.constant}, {no.bytes, no.constant}, bytes, n_);
    for (size_t r = 0; i.imm == 1 && r < n_; ++r) {
      if (truth[r] == 1) bytes[r] = 1;
    }
    return;
  }
  int64_t* data = wide_out(i.dst, &out);
  kernels_.select_wide(truth, {yes.wide, yes.constant}, {no.wide, no.constant}, data, n_);
  out->low = std::min(yes.low, no.low);
  out->high = std::max(yes.high, no.high);
  select_valid(i, yes, no, out);
}

void Runner::execute(const Instr& i) {
  switch (i.op) {
    case VOp::load_wide:
    case VOp::load_boolean:
    case VOp::load_text:
    case VOp::load_real:
      return load(i);
    case VOp::load_scalar:
      return load_scalar(i);
    case VOp::add:
    case VOp::subtract:
    case VOp::multiply:
      return wide2(i);
    case VOp::absolute:
      return absolute(i);
    case VOp::divide_constant:
      return divide_constant(i);
    case VOp::divide_round:
      return divide_round(i);
    case VOp::modulo:
      return modulo(i);
    case VOp::within:
      return within(i);
    case VOp::to_decimal:
    case VOp::decimal_absolute:
    case VOp::decimal_round:
    case VOp::decimal_sqrt:
    case VOp::decimal_log:
    case VOp::decimal_exp:
      return decimal1(i);
    case VOp::decimal_less:
    case VOp::decimal_less_equal:
    case VOp::decimal_equal:
      return compare_decimals(i);
    case VOp::less:
    case VOp::less_equal:
    case VOp::equal:
      return compare(i);
    case VOp::text_less:
    case VOp::text_less_equal:
    case VOp::text_join:
      return text2(i);
    case VOp::text_map:
      return text_map(i);
    case VOp::and_:
    case VOp::or_:
    case VOp::not_:
    case VOp::same:
    case VOp::present:
      return logic(i);
    case VOp::select:
      return select(i);
    case VOp::test:
      return test(i);
    case VOp::table:
      return table(i);
    case VOp::look_up:
      return look_up(i);
    case VOp::plus_months:
      return plus_months(i);
    case VOp::date_part:
      return date_part(i);
    case VOp::months_between:
      return months_between(i);
    case VOp::date_of_parts:
      return date_of_parts(i);
    default:
      return decimal2(i);
  }
}

}  // namespace yipan::rules::columns
