// Arithmetic over a block. Each vector knows bounds of its values, so that most operations can be
// seen to stay within int64 as a whole; where they might not, rows are checked one by one, and a
// row that overflows leaves the vector program.
#include <algorithm>
#include <cstring>

#include "rules/columns_run.h"

namespace yipan::rules::columns {

using Rounding = Decimal::Rounding;

void Runner::set_bounds(Vec* out) { kernels_.bounds(out->wide, n_, &out->low, &out->high); }

namespace {

using Wide = __int128;

bool fits(Wide v) { return v >= INT64_MIN && v <= INT64_MAX; }

struct Interval {
  Wide low, high;
};

Interval interval_of(VOp op, const Vec& a, const Vec& b) {
  const Wide al = a.low, ah = a.high, bl = b.low, bh = b.high;
  if (op == VOp::add) return {al + bl, ah + bh};
  if (op == VOp::subtract) return {al - bh, ah - bl};
  const Wide p[4] = {al * bl, al * bh, ah * bl, ah * bh};
  return {*std::min_element(p, p + 4), *std::max_element(p, p + 4)};
}

}  // namespace

void Runner::wide2(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  const Interval range = interval_of(i.op, a, b);
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  set_valid(out, i.dst, a, b);
  if (!fits(range.low) || !fits(range.high)) {
    wide2_checked(i, a, b, data);
    set_bounds(out);
    return;
  }
  const auto kernel = i.op == VOp::add        ? kernels_.add
                      : i.op == VOp::subtract ? kernels_.subtract
                                              : kernels_.multiply;
  kernel({a.wide, a.constant}, {b.wide, b.constant}, data, n_);
  out->low = static_cast<int64_t>(range.low);
  out->high = static_cast<int64_t>(range.high);
}

void Runner::wide2_checked(const Instr& i, const Vec& a, const Vec& b, int64_t* out) {
  for (size_t r = 0; r < n_; ++r) {
    const int64_t x = a.wide_at(r), y = b.wide_at(r);
    const bool bad = i.op == VOp::add        ? __builtin_add_overflow(x, y, &out[r])
                     : i.op == VOp::subtract ? __builtin_sub_overflow(x, y, &out[r])
                                             : __builtin_mul_overflow(x, y, &out[r]);
    if (!bad) continue;
    out[r] = 0;
    if (a.valid_at(r) && b.valid_at(r)) leave(r);
  }
}

void Runner::absolute(const Instr& i) {
  const Vec& a = vecs_[i.a];
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  set_valid(out, i.dst, a, a);
  if (a.constant) {
    std::fill(data, data + n_, *a.wide < 0 && *a.wide != INT64_MIN ? -*a.wide : *a.wide);
  } else {
    kernels_.absolute(a.wide, data, n_);
  }
  for (size_t r = 0; a.low == INT64_MIN && r < n_; ++r) {
    if (data[r] != INT64_MIN) continue;
    data[r] = 0;
    if (a.valid_at(r)) leave(r);
  }
  set_bounds(out);
}

int64_t divide_rounded(int64_t a, int64_t d, Rounding mode) {
  const int64_t q = a / d, rest = a % d;
  if (rest == 0) return q;
  const bool negative = (a < 0) != (d < 0);
  const uint64_t part = rest < 0 ? 0 - static_cast<uint64_t>(rest) : static_cast<uint64_t>(rest);
  const uint64_t whole = d < 0 ? 0 - static_cast<uint64_t>(d) : static_cast<uint64_t>(d);
  const int half = part > whole - part ? 1 : part == whole - part ? 0 : -1;
  bool away = false;
  switch (mode) {
    case Rounding::half_even:
      away = half > 0 || (half == 0 && (q & 1) != 0);
      break;
    case Rounding::half_up:
      away = half >= 0;
      break;
    case Rounding::half_down:
      away = half > 0;
      break;
    case Rounding::up:
      away = true;
      break;
    case Rounding::down:
      break;
    case Rounding::floor:
      away = negative;
      break;
    case Rounding::ceiling:
      away = !negative;
      break;
  }
  return away ? (negative ? q - 1 : q + 1) : q;
}

void Runner::divide_constant(const Instr& i) {
  const Vec& a = vecs_[i.a];
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  set_valid(out, i.dst, a, a);
  for (size_t r = 0; r < n_; ++r) data[r] = divide_rounded(a.wide_at(r), i.imm, i.mode);
  out->low = divide_rounded(a.low, i.imm, i.mode);
  out->high = divide_rounded(a.high, i.imm, i.mode);
}

void Runner::divide_round(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  set_valid(out, i.dst, a, b);
  uint8_t* valid = out->valid != nullptr ? valid_out(i.dst) : nullptr;
  for (size_t r = 0; r < n_; ++r) {
    const int64_t x = a.wide_at(r), y = b.wide_at(r);
    data[r] = 0;
    if (y == 0) {
      if (valid == nullptr) {
        valid = valid_out(i.dst);
        std::memset(valid, 1, n_);
        out->valid = valid;
      }
      valid[r] = 0;
    } else if (x == INT64_MIN || y == INT64_MIN) {
      if (a.valid_at(r) && b.valid_at(r)) leave(r);
    } else {
      data[r] = divide_rounded(x, y, i.mode);
    }
  }
  set_bounds(out);
}

void Runner::modulo(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  uint8_t* valid = valid_out(i.dst);
  for (size_t r = 0; r < n_; ++r) {
    const int64_t x = a.wide_at(r), y = b.wide_at(r);
    valid[r] = a.valid_at(r) && b.valid_at(r) && y != 0 ? 1 : 0;
    data[r] = 0;
    if (y == 0 || y == -1) continue;
    const int64_t rest = x % y;
    data[r] = rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
  }
  out->valid = valid;
  set_bounds(out);
}

void Runner::within(const Instr& i) {
  const Vec& a = vecs_[i.a];
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  set_valid(out, i.dst, a, a);
  std::memcpy(data, a.wide, n_ * sizeof(int64_t));
  out->low = std::max(a.low, i.imm);
  out->high = std::min(a.high, i.imm2);
  if (a.low >= i.imm && a.high <= i.imm2) return;
  for (size_t r = 0; r < n_; ++r) {
    if (data[r] >= i.imm && data[r] <= i.imm2) continue;
    data[r] = i.imm;
    if (a.valid_at(r)) leave(r);
  }
  set_bounds(out);
}

namespace {

// Nothing where the function has no value (null).
bool decimal_of(const Instr& i, Decimal a, Decimal* out) {
  switch (i.op) {
    case VOp::decimal_absolute:
      *out = a.abs();
      return true;
    case VOp::decimal_round:
      *out = a.rounded(static_cast<int>(i.imm), i.mode);
      break;
    case VOp::decimal_sqrt:
      if (a.is_negative()) return false;
      *out = a.sqrt();
      break;
    case VOp::decimal_log:
      if (a.is_negative() || a.is_zero()) return false;
      *out = a.log();
      break;
    default:
      *out = a.exp();
  }
  return out->is_finite();
}

bool decimal_of(VOp op, Decimal a, Decimal b, Decimal* out) {
  switch (op) {
    case VOp::decimal_add:
      *out = a + b;
      break;
    case VOp::decimal_subtract:
      *out = a - b;
      break;
    case VOp::decimal_multiply:
      *out = a * b;
      break;
    case VOp::decimal_divide:
      if (b.is_zero()) return false;
      *out = a / b;
      break;
    case VOp::decimal_modulo:
      if (b.is_zero()) return false;
      *out = a.modulo(b);
      break;
    default:
      *out = a.pow(b);
  }
  return out->is_finite();
}

}  // namespace

void Runner::decimal1(const Instr& i) {
  const Vec& a = vecs_[i.a];
  Vec* out = nullptr;
  Decimal* data = decimal_out(i.dst, &out);
  set_valid(out, i.dst, a, a);
  if (i.op == VOp::to_decimal) {
    const int scale = static_cast<int>(i.imm);
    for (size_t r = 0; r < n_; ++r) data[r] = Decimal::from_scaled(a.wide_at(r), scale);
    return;
  }
  uint8_t* valid = valid_out(i.dst);
  if (out->valid == nullptr) std::memset(valid, 1, n_);
  out->valid = valid;
  for (size_t r = 0; r < n_; ++r) {
    if (valid[r] != 0 && decimal_of(i, a.decimal_at(r), &data[r])) continue;
    valid[r] = 0;
    data[r] = Decimal();
  }
}

void Runner::decimal2(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  Decimal* data = decimal_out(i.dst, &out);
  set_valid(out, i.dst, a, b);
  uint8_t* valid = valid_out(i.dst);
  if (out->valid == nullptr) std::memset(valid, 1, n_);
  out->valid = valid;
  for (size_t r = 0; r < n_; ++r) {
    if (valid[r] != 0 && decimal_of(i.op, a.decimal_at(r), b.decimal_at(r), &data[r])) continue;
    valid[r] = 0;
    data[r] = Decimal();
  }
}

void Runner::compare_decimals(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  uint8_t* bytes = bytes_out(i.dst, &out);
  for (size_t r = 0; r < n_; ++r) {
    if (!a.valid_at(r) || !b.valid_at(r)) {
      bytes[r] = 1;
      continue;
    }
    const Decimal x = a.decimal_at(r), y = b.decimal_at(r);
    const bool yes = i.op == VOp::decimal_less         ? x < y
                     : i.op == VOp::decimal_less_equal ? x <= y
                                                       : x == y;
    bytes[r] = yes ? 2 : 0;
  }
}

}  // namespace yipan::rules::columns
