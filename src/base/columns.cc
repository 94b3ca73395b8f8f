#include "yipan/columns.h"

namespace yipan {

std::string_view to_string(Type type) {
  switch (type) {
    case Type::boolean:
      return "boolean";
    case Type::integer:
      return "integer";
    case Type::real:
      return "real";
    case Type::text:
      return "text";
    case Type::date:
      return "date";
    case Type::instant:
      return "instant";
    case Type::geometry:
      return "geometry";
    case Type::bytes:
      return "bytes";
  }
  return "unknown";
}

void Column::clear() {
  size_ = 0;
  nulls_ = 0;
  valid_.clear();
  ints_.clear();
  reals_.clear();
  offsets_.resize(1);
  bytes_.clear();
}

void Column::reserve(size_t rows) {
  valid_.reserve((rows + 63) / 64);
  if (is_fixed_int(type_)) {
    ints_.reserve(rows);
  } else if (type_ == Type::real) {
    reals_.reserve(rows);
  } else {
    offsets_.reserve(rows + 1);
  }
}

void Column::append_null() {
  push_valid(false);
  if (is_fixed_int(type_)) {
    ints_.push_back(0);
  } else if (type_ == Type::real) {
    reals_.push_back(0);
  } else {
    offsets_.push_back(offsets_.back());
  }
}

void Column::append_from(const Column& other, size_t row) {
  CHECK(other.type_ == type_);
  CHECK(row < other.size_);
  if (other.is_null(row)) {
    append_null();
  } else if (is_fixed_int(type_)) {
    append_int(other.ints_[row]);
  } else if (type_ == Type::real) {
    append_real(other.reals_[row]);
  } else {
    append_bytes(other.bytes_at(row));
  }
}

Batch::Batch(const std::vector<Type>& types) {
  columns.reserve(types.size());
  for (Type type : types) columns.emplace_back(type);
}

void Batch::clear() {
  for (Column& column : columns) column.clear();
}

std::vector<Type> Batch::types() const {
  std::vector<Type> out;
  out.reserve(columns.size());
  for (const Column& column : columns) out.push_back(column.type());
  return out;
}

size_t Batch::byte_size() const {
  size_t total = 0;
  for (const Column& column : columns) {
    total += column.validity().size() * sizeof(uint64_t) + column.ints().size() * sizeof(int64_t) +
             column.reals().size() * sizeof(double) + column.bytes().size();
    if (is_varlen(column.type())) total += column.offsets().size() * sizeof(uint32_t);
  }
  return total;
}

}  // namespace yipan
