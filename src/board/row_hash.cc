#include "board/row_hash.h"

#include <cstring>

#include "yipan/board.h"

namespace yipan::board {
namespace {

constexpr size_t kHeadBytesMax = 14;  // position (varint of 32 bits) and value or length

char* put_position(char* at, size_t position) {
  while (position >= 0x80) {
    *at++ = static_cast<char>(position | 0x80);
    position >>= 7;
  }
  *at++ = static_cast<char>(position);
  return at;
}

}  // namespace

std::string_view RowEncoder::encode(const Batch& batch, size_t row, size_t columns) {
  size_t room = columns * kHeadBytesMax;
  for (size_t c = 0; c < columns; ++c) {
    const Column& column = batch.columns[c];
    if (is_varlen(column.type())) room += column.offsets()[row + 1] - column.offsets()[row];
  }
  if (buffer_.size() < room) buffer_.resize(room + room / 2);
  char* at = buffer_.data();
  for (size_t c = 0; c < columns; ++c) {
    const Column& column = batch.columns[c];
    if (column.is_null(row)) continue;
    at = put_position(at, c);
    if (is_fixed_int(column.type())) {
      const int64_t value = column.int_at(row);
      std::memcpy(at, &value, 8);
      at += 8;
    } else if (column.type() == Type::real) {
      const double value = column.real_at(row) + 0.0;  // -0 becomes 0
      std::memcpy(at, &value, 8);
      at += 8;
    } else {
      const std::string_view value = column.bytes_at(row);
      const auto length = static_cast<uint32_t>(value.size());
      std::memcpy(at, &length, 4);
      if (length != 0) std::memcpy(at + 4, value.data(), length);
      at += 4 + length;
    }
  }
  return {buffer_.data(), static_cast<size_t>(at - buffer_.data())};
}

Hash256 row_hash(const Batch& batch, size_t row) {
  RowEncoder encoder;
  return encoder.hash(batch, row, batch.columns.size());
}

}  // namespace yipan::board
