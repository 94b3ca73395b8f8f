// Columns: a batch of rows held column by column, the one shape in which bulk data travels between
// intake, ledger blobs, board, store, rules and analysis.
//
// A Batch has a fixed list of columns of equal length. Missing values are marked in a validity
// bitmap (bit i of word i / 64; 1 = present); the slot of a missing value holds zero / empty.
//
//   Type       in memory                     meaning
//   boolean    int64 0/1
//   integer    int64                         counts, fen, scaled values; the unit is the schema's
//   real       double                        finite only
//   text       offsets[n+1] + bytes          UTF-8
//   date       int64 days since 1970-01-01
//   instant    int64 microseconds since 1970-01-01T00:00:00Z
//   geometry   offsets[n+1] + bytes          little-endian ISO WKB
//   bytes      offsets[n+1] + bytes
#ifndef YIPAN_COLUMNS_H_
#define YIPAN_COLUMNS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/check.h"

namespace yipan {

enum class Type : uint8_t { boolean, integer, real, text, date, instant, geometry, bytes };
std::string_view to_string(Type type);
constexpr bool is_fixed_int(Type t) {
  return t == Type::boolean || t == Type::integer || t == Type::date || t == Type::instant;
}
constexpr bool is_varlen(Type t) {
  return t == Type::text || t == Type::geometry || t == Type::bytes;
}

class Column {
 public:
  explicit Column(Type type) : type_(type) { offsets_.push_back(0); }

  Type type() const { return type_; }
  size_t size() const { return size_; }
  void clear();                // keeps the memory
  void reserve(size_t rows);

  void append_null();
  void append_int(int64_t value) {  // boolean, integer, date, instant
    push_valid(true);
    ints_.push_back(value);
  }
  void append_real(double value) {
    push_valid(true);
    reals_.push_back(value);
  }
  void append_bytes(std::string_view value) {  // text, geometry, bytes
    push_valid(true);
    bytes_.append(value);
    CHECK(bytes_.size() <= UINT32_MAX);  // a batch is a block of rows, never 4 GiB in one column
    offsets_.push_back(static_cast<uint32_t>(bytes_.size()));
  }
  void append_from(const Column& other, size_t row);  // same type

  bool is_null(size_t row) const { return ((valid_[row >> 6] >> (row & 63)) & 1) == 0; }
  size_t null_count() const { return nulls_; }
  int64_t int_at(size_t row) const { return ints_[row]; }
  double real_at(size_t row) const { return reals_[row]; }
  std::string_view bytes_at(size_t row) const {
    return std::string_view(bytes_).substr(offsets_[row], offsets_[row + 1] - offsets_[row]);
  }

  const std::vector<int64_t>& ints() const { return ints_; }
  const std::vector<double>& reals() const { return reals_; }
  const std::vector<uint32_t>& offsets() const { return offsets_; }
  const std::string& bytes() const { return bytes_; }
  const std::vector<uint64_t>& validity() const { return valid_; }

 private:
  void push_valid(bool valid) {
    if ((size_ & 63) == 0) valid_.push_back(0);
    if (valid) {
      valid_.back() |= uint64_t{1} << (size_ & 63);
    } else {
      ++nulls_;
    }
    ++size_;
  }
  Type type_;
  size_t size_ = 0;
  size_t nulls_ = 0;
  std::vector<uint64_t> valid_;
  std::vector<int64_t> ints_;
  std::vector<double> reals_;
  std::vector<uint32_t> offsets_;
  std::string bytes_;
};

struct Batch {
  Batch() = default;
  explicit Batch(const std::vector<Type>& types);
  std::vector<Column> columns;
  size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  void clear();
  std::vector<Type> types() const;
  size_t byte_size() const;  // memory of the values, for limits
};

}  // namespace yipan

#endif  // YIPAN_COLUMNS_H_
