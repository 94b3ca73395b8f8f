// Strings and dates over a block.
#include <algorithm>
#include <cstring>

#include "rules/builtins.h"
#include "rules/columns_run.h"
#include "rules/temporal.h"

namespace yipan::rules::columns {

void Runner::text2(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  if (i.op == VOp::text_join) {
    int64_t* data = wide_out(i.dst, &out);
    set_valid(out, i.dst, a, b);
    std::string both;
    for (size_t r = 0; r < n_; ++r) {
      data[r] = 0;
      if (!a.valid_at(r) || !b.valid_at(r)) continue;
      both.assign(dictionary_.text(a.wide_at(r)));
      both.append(dictionary_.text(b.wide_at(r)));
      if (both.size() > machine_.options().limits.string_bytes) {
        leave(r);
      } else {
        data[r] = dictionary_.code(both);
      }
    }
    return;
  }
  uint8_t* bytes = bytes_out(i.dst, &out);
  for (size_t r = 0; r < n_; ++r) {
    bytes[r] = 1;
    if (!a.valid_at(r) || !b.valid_at(r)) continue;
    const int order = dictionary_.text(a.wide_at(r)).compare(dictionary_.text(b.wide_at(r)));
    bytes[r] = (i.op == VOp::text_less ? order < 0 : order <= 0) ? 2 : 0;
  }
}

// Calls the function for one string of the dictionary and keeps what it gave.
void Runner::fill_mapping(const Instr& i, int64_t code) {
  enum : uint8_t { kNothing = 1, kValue = 2, kOther = 3 };
  const Mapping& mapping = program_.mappings[i.aux];
  const Builtin& builtin = builtins()[mapping.builtin];
  std::vector<Value> arguments = mapping.arguments;
  arguments[mapping.position] = Value::string(dictionary_.text(code));
  const Value v = builtin.signatures[mapping.signature].run(
      {machine_, arguments, mapping.given, 0, builtin.name});
  MapColumn& column = maps_[i.aux];
  const auto at = static_cast<size_t>(code);
  const RegInfo& info = program_.regs[i.dst];
  uint8_t& state = column.state[at];
  state = kOther;
  if (v.is_null()) {
    state = kNothing;
  } else if (info.rep == Rep::decimal && v.is(Kind::number)) {
    state = kValue;
    column.decimals[at] = v.as_number();
  } else if (info.rep == Rep::integer && v.is(Kind::number)) {
    const auto units = v.as_number().to_scaled(info.scale);
    if (units) state = kValue;
    column.wide[at] = units.value_or(0);
  } else if (info.rep == Rep::boolean && v.is(Kind::boolean)) {
    state = kValue;
    column.wide[at] = v.as_boolean() ? 2 : 0;
  } else if (info.rep == Rep::date && v.is(Kind::date)) {
    state = kValue;
    column.wide[at] = v.as_date().days();
  } else if (info.rep == Rep::text && v.is(Kind::string)) {
    const int64_t result = dictionary_.code(v.as_string());
    maps_[i.aux].state[at] = kValue;
    maps_[i.aux].wide[at] = result;
  }
}

void Runner::text_map(const Instr& i) {
  const Vec& a = vecs_[i.a];
  const Rep rep = program_.regs[i.dst].rep;
  MapColumn& column = maps_[i.aux];
  if (column.state.size() < dictionary_.size()) {
    column.state.resize(dictionary_.size(), 0);
    column.wide.resize(dictionary_.size(), 0);
    if (rep == Rep::decimal) column.decimals.resize(dictionary_.size());
  }
  Vec* out = nullptr;
  uint8_t* bytes = rep == Rep::boolean ? bytes_out(i.dst, &out) : nullptr;
  Decimal* decimals = rep == Rep::decimal ? decimal_out(i.dst, &out) : nullptr;
  int64_t* wides = out == nullptr ? wide_out(i.dst, &out) : nullptr;
  uint8_t* valid = rep == Rep::boolean ? nullptr : valid_out(i.dst);
  for (size_t r = 0; r < n_; ++r) {
    const auto code = static_cast<size_t>(a.wide_at(r));
    if (a.valid_at(r) && column.state[code] == 0) fill_mapping(i, a.wide_at(r));
    const uint8_t state = a.valid_at(r) ? column.state[code] : uint8_t{1};
    if (state == 3) leave(r);
    if (bytes != nullptr) bytes[r] = state == 2 ? static_cast<uint8_t>(column.wide[code]) : 1;
    if (decimals != nullptr) decimals[r] = state == 2 ? column.decimals[code] : Decimal();
    if (wides != nullptr) wides[r] = state == 2 ? column.wide[code] : 0;
    if (valid != nullptr) valid[r] = state == 2 ? 1 : 0;
  }
  out->valid = valid;
  if (wides != nullptr) set_bounds(out);
}

// Years, months and days of a vector of dates, three arrays of kBlock.
const int32_t* Runner::civil(const Vec& v, size_t slot) {
  civil_scratch_.resize(6 * kBlock);
  int32_t* year = civil_scratch_.data() + slot * 3 * kBlock;
  int32_t *month = year + kBlock, *day = month + kBlock;
  if (!v.constant && v.low >= -kDaysFast && v.high <= kDaysFast) {
    kernels_.civil(v.wide, year, month, day, n_);
    return year;
  }
  for (size_t r = 0; r < n_; ++r) {
    const YearMonthDay d = Date::from_days(v.wide_at(r)).ymd();
    year[r] = d.year;
    month[r] = d.month;
    day[r] = d.day;
  }
  return year;
}

void Runner::date_part(const Instr& i) {
  const Vec& a = vecs_[i.a];
  const Part part = static_cast<Part>(i.imm);
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  set_valid(out, i.dst, a, a);
  if (part <= Part::day) {
    const int32_t* parts = civil(a, 0) + static_cast<size_t>(part) * kBlock;
    for (size_t r = 0; r < n_; ++r) data[r] = parts[r];
  } else {
    for (size_t r = 0; r < n_; ++r) {
      const Date d = Date::from_days(a.wide_at(r));
      data[r] = part == Part::weekday       ? d.weekday()
                : part == Part::day_of_year ? d.day_of_year()
                                            : d.iso_week();
    }
  }
  set_bounds(out);
}

namespace {

// Days of the first of a month; `month` counts from 0.
int64_t days_before(int64_t year, int64_t month) {
  const int64_t y = month < 2 ? year - 1 : year;
  const int64_t era = floor_div(y, 400), of_era = y - era * 400;
  const int64_t of_year = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

}  // namespace

void Runner::plus_months(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  set_valid(out, i.dst, a, b);
  constexpr int64_t kMonthsFast = 1'000'000;
  if (a.low >= -kDaysFast && a.high <= kDaysFast && b.low >= -kMonthsFast &&
      b.high <= kMonthsFast) {
    const int32_t* year = civil(a, 0);
    for (size_t r = 0; r < n_; ++r) {
      const int64_t total = int64_t{year[r]} * 12 + year[kBlock + r] - 1 + b.wide_at(r);
      const int64_t y = floor_div(total, 12), m = total - y * 12;
      const int64_t last = days_in_month(y, static_cast<int>(m) + 1);
      data[r] = days_before(y, m) + std::min<int64_t>(year[2 * kBlock + r], last) - 1;
    }
    return set_bounds(out);
  }
  uint8_t* valid = valid_out(i.dst);
  if (out->valid == nullptr) std::memset(valid, 1, n_);
  out->valid = valid;
  for (size_t r = 0; r < n_; ++r) {
    data[r] = 0;
    if (valid[r] == 0) continue;
    const auto moved = Date::from_days(a.wide_at(r)).plus_months(b.wide_at(r));
    if (!moved) valid[r] = 0;
    data[r] = moved ? moved->days() : 0;
  }
  set_bounds(out);
}

void Runner::months_between(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b];
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  set_valid(out, i.dst, a, b);
  const int32_t *x = civil(a, 0), *y = civil(b, 1);
  for (size_t r = 0; r < n_; ++r) {
    int64_t months = (int64_t{y[r]} - x[r]) * 12 + y[kBlock + r] - x[kBlock + r];
    const int32_t days = y[2 * kBlock + r] - x[2 * kBlock + r];
    if (months > 0 && days < 0) {
      --months;
    } else if (months < 0 && days > 0) {
      ++months;
    }
    data[r] = months;
  }
  set_bounds(out);
}

void Runner::date_of_parts(const Instr& i) {
  const Vec &a = vecs_[i.a], &b = vecs_[i.b], &c = vecs_[i.c];
  Vec* out = nullptr;
  int64_t* data = wide_out(i.dst, &out);
  uint8_t* valid = valid_out(i.dst);
  for (size_t r = 0; r < n_; ++r) {
    data[r] = 0;
    valid[r] = 0;
    const int64_t month = b.wide_at(r), day = c.wide_at(r);
    if (!a.valid_at(r) || !b.valid_at(r) || !c.valid_at(r)) continue;
    if (month < 1 || month > 12 || day < 1 || day > 31) continue;
    const auto date = Date::from_ymd(a.wide_at(r), static_cast<int>(month), static_cast<int>(day));
    if (!date) continue;
    data[r] = date->days();
    valid[r] = 1;
  }
  out->valid = valid;
  set_bounds(out);
}

}  // namespace yipan::rules::columns
