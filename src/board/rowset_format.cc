#include "board/rowset_format.h"

#include <algorithm>
#include <cstring>

namespace yipan::board {
namespace {

// ---- numbers: base, width, then the distances from the base in so many bytes
// ---------------------

uint8_t width_for(uint64_t range) {
  if (range == 0) return 0;
  if (range <= 0xFF) return 1;
  if (range <= 0xFFFF) return 2;
  return range <= 0xFFFFFFFF ? 4 : 8;
}

template <typename T>
void put(std::string* out, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out->append(bytes, sizeof value);
}

template <typename Stored>
void put_packed(const std::vector<uint64_t>& values, uint64_t base, std::string* out) {
  const size_t start = out->size();
  out->resize(start + values.size() * sizeof(Stored));
  char* at = out->data() + start;
  for (const uint64_t value : values) {
    const auto distance = static_cast<Stored>(value - base);
    std::memcpy(at, &distance, sizeof distance);
    at += sizeof distance;
  }
}

// `base` is the least of the values in the order in which they are meant (signed or not).
void put_numbers(const std::vector<uint64_t>& values, uint64_t base, uint64_t range,
                 std::string* out) {
  const uint8_t width = width_for(range);
  put(out, base);
  put(out, width);
  switch (width) {
    case 1:
      return put_packed<uint8_t>(values, base, out);
    case 2:
      return put_packed<uint16_t>(values, base, out);
    case 4:
      return put_packed<uint32_t>(values, base, out);
    case 8:
      return put_packed<uint64_t>(values, base, out);
    default:
      return;
  }
}

// ---- encoding
// ------------------------------------------------------------------------------------

bool encode_validity(const Column& column, size_t from, size_t to, std::string* out) {
  bool any = false;
  if (column.null_count() != 0) {
    for (size_t i = from; i < to && !any; ++i) any = column.is_null(i);
  }
  put(out, static_cast<uint8_t>(any));
  if (!any) return false;
  std::string bits((to - from + 7) / 8, '\0');
  for (size_t i = from; i < to; ++i) {
    if (!column.is_null(i)) bits[(i - from) / 8] |= static_cast<char>(1 << ((i - from) % 8));
  }
  out->append(bits);
  return true;
}

void encode_ints(const Column& column, size_t from, size_t to, bool nulls,
                 std::vector<uint64_t>* scratch, std::string* out) {
  scratch->clear();
  int64_t low = INT64_MAX;
  int64_t high = INT64_MIN;
  for (size_t i = from; i < to; ++i) {
    if (nulls && column.is_null(i)) continue;
    const int64_t value = column.int_at(i);
    low = std::min(low, value);
    high = std::max(high, value);
    scratch->push_back(static_cast<uint64_t>(value));
  }
  if (scratch->empty()) return;
  put_numbers(*scratch, static_cast<uint64_t>(low),
              static_cast<uint64_t>(high) - static_cast<uint64_t>(low), out);
}

void encode_reals(const Column& column, size_t from, size_t to, bool nulls, std::string* out) {
  for (size_t i = from; i < to; ++i) {
    if (nulls && column.is_null(i)) continue;
    put(out, column.real_at(i) + 0.0);  // -0 becomes 0
  }
}

void encode_bytes(const Column& column, size_t from, size_t to, bool nulls,
                  std::vector<uint64_t>* scratch, std::string* out) {
  scratch->clear();
  const std::vector<uint32_t>& offsets = column.offsets();
  uint64_t high = 0;
  uint64_t low = UINT64_MAX;
  for (size_t i = from; i < to; ++i) {
    if (nulls && column.is_null(i)) continue;
    const uint64_t length = offsets[i + 1] - offsets[i];
    low = std::min(low, length);
    high = std::max(high, length);
    scratch->push_back(length);
  }
  if (scratch->empty()) return;
  put_numbers(*scratch, low, high - low, out);
  // A missing value's slot is empty, so the values lie side by side.
  out->append(column.bytes(), offsets[from], offsets[to] - offsets[from]);
}

// ---- decoding
// ------------------------------------------------------------------------------------

class Input {
 public:
  explicit Input(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  bool take(size_t count, const char** start) {
    if (left() < count) return false;
    *start = at_;
    at_ += count;
    return true;
  }
  template <typename T>
  bool take(T* value) {
    const char* start = nullptr;
    if (!take(sizeof *value, &start)) return false;
    std::memcpy(value, start, sizeof *value);
    return true;
  }

 private:
  const char* at_;
  const char* end_;
};

template <typename Stored>
void unpack(const char* at, size_t count, uint64_t base, uint64_t* out) {
  for (size_t i = 0; i < count; ++i) {
    Stored distance;
    std::memcpy(&distance, at + i * sizeof distance, sizeof distance);
    out[i] = base + distance;
  }
}

std::string_view take_numbers(Input* in, size_t count, std::vector<uint64_t>* values) {
  uint64_t base = 0;
  uint8_t width = 0;
  const char* start = nullptr;
  if (!in->take(&base) || !in->take(&width)) return "cut short";
  if (width != 0 && width != 1 && width != 2 && width != 4 && width != 8) {
    return "a width is not 0, 1, 2, 4 or 8";
  }
  if (!in->take(count * width, &start)) return "cut short";
  values->resize(count);
  uint64_t* out = values->data();
  switch (width) {
    case 0:
      std::fill_n(out, count, base);
      break;
    case 1:
      unpack<uint8_t>(start, count, base, out);
      break;
    case 2:
      unpack<uint16_t>(start, count, base, out);
      break;
    case 4:
      unpack<uint32_t>(start, count, base, out);
      break;
    default:
      unpack<uint64_t>(start, count, base, out);
      break;
  }
  return {};
}

struct Present {
  const char* bits = nullptr;  // nullptr: every value is present
  size_t count = 0;
  bool at(size_t i) const { return bits == nullptr || ((bits[i / 8] >> (i % 8)) & 1) != 0; }
};

std::string_view take_validity(Input* in, size_t rows, Present* present) {
  uint8_t flag = 0;
  if (!in->take(&flag)) return "cut short";
  if (flag > 1) return "a validity flag is not 0 or 1";
  present->count = rows;
  if (flag == 0) return {};
  if (!in->take((rows + 7) / 8, &present->bits)) return "cut short";
  present->count = 0;
  for (size_t i = 0; i < rows; ++i) present->count += present->at(i) ? 1 : 0;
  if (rows % 8 != 0 && (static_cast<uint8_t>(present->bits[rows / 8]) >> (rows % 8)) != 0) {
    return "validity bits beyond the last row";
  }
  return {};
}

std::string_view decode_ints(Input* in, size_t rows, const Present& present,
                             std::vector<uint64_t>* scratch, Column* column) {
  if (const auto wrong = take_numbers(in, present.count, scratch); !wrong.empty()) return wrong;
  const uint64_t* next = scratch->data();
  for (size_t i = 0; i < rows; ++i) {
    if (present.at(i)) {
      column->append_int(static_cast<int64_t>(*next++));
    } else {
      column->append_null();
    }
  }
  return {};
}

std::string_view decode_reals(Input* in, size_t rows, const Present& present, Column* column) {
  for (size_t i = 0; i < rows; ++i) {
    if (!present.at(i)) {
      column->append_null();
      continue;
    }
    uint64_t bits = 0;
    if (!in->take(&bits)) return "cut short";
    if (bits == uint64_t{1} << 63) return "a real is -0";
    double value;
    std::memcpy(&value, &bits, sizeof value);
    column->append_real(value);
  }
  return {};
}

std::string_view decode_bytes(Input* in, size_t rows, const Present& present,
                              std::vector<uint64_t>* scratch, Column* column) {
  if (const auto wrong = take_numbers(in, present.count, scratch); !wrong.empty()) return wrong;
  const uint64_t* next = scratch->data();
  for (size_t i = 0; i < rows; ++i) {
    if (!present.at(i)) {
      column->append_null();
      continue;
    }
    const char* start = nullptr;
    if (*next > kRowsetValueMax) return "a value is too long";
    if (!in->take(*next, &start)) return "cut short";
    column->append_bytes({start, *next++});
  }
  return {};
}

}  // namespace

void encode_payload(const Batch& batch, const std::vector<uint64_t>& source_rows, size_t from,
                    size_t to, std::string* out) {
  std::vector<uint64_t> scratch(source_rows.begin() + static_cast<ptrdiff_t>(from),
                                source_rows.begin() + static_cast<ptrdiff_t>(to));
  const auto [low, high] = std::minmax_element(scratch.begin(), scratch.end());
  put_numbers(scratch, *low, *high - *low, out);
  for (const Column& column : batch.columns) {
    const bool nulls = encode_validity(column, from, to, out);
    if (is_fixed_int(column.type())) {
      encode_ints(column, from, to, nulls, &scratch, out);
    } else if (column.type() == Type::real) {
      encode_reals(column, from, to, nulls, out);
    } else {
      encode_bytes(column, from, to, nulls, &scratch, out);
    }
  }
}

std::string_view decode_payload(std::string_view payload, size_t rows, Batch* batch,
                                std::vector<uint64_t>* source_rows) {
  batch->clear();
  Input in(payload);
  if (const auto wrong = take_numbers(&in, rows, source_rows); !wrong.empty()) return wrong;
  std::vector<uint64_t> scratch;
  for (Column& column : batch->columns) {
    Present present;
    if (const auto wrong = take_validity(&in, rows, &present); !wrong.empty()) return wrong;
    std::string_view wrong;
    if (present.count == 0) {
      for (size_t i = 0; i < rows; ++i) column.append_null();
    } else if (is_fixed_int(column.type())) {
      wrong = decode_ints(&in, rows, present, &scratch, &column);
    } else if (column.type() == Type::real) {
      wrong = decode_reals(&in, rows, present, &column);
    } else {
      wrong = decode_bytes(&in, rows, present, &scratch, &column);
    }
    if (!wrong.empty()) return wrong;
  }
  return in.left() == 0 ? std::string_view() : "bytes after the last column";
}

}  // namespace yipan::board
