#include "board/value_check.h"

#include <cmath>

#include "board/wkb.h"
#include "yipan/text.h"

namespace yipan::board {
namespace {

std::optional<BadValue> check_ints(const Column& column, int64_t low, int64_t high,
                                   std::string_view zh, std::string_view en) {
  const std::vector<int64_t>& values = column.ints();
  for (size_t i = 0; i < values.size(); ++i) {
    if ((values[i] < low || values[i] > high) && !column.is_null(i)) return BadValue{i, zh, en};
  }
  return {};
}

std::optional<BadValue> check_reals(const Column& column) {
  const std::vector<double>& values = column.reals();
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) return BadValue{i, "不是有限的数", "it is not a finite number"};
  }
  return {};
}

size_t row_of_byte(const Column& column, size_t offset) {
  size_t row = 0;
  while (column.offsets()[row + 1] <= offset) ++row;
  return row;
}

// One pass over the bytes of all values: if they are valid together and no value begins inside a
// character, each is valid.
std::optional<BadValue> check_text(const Column& column) {
  const std::string& bytes = column.bytes();
  constexpr std::string_view kZh = "不是 UTF-8 文本";
  constexpr std::string_view kEn = "it is not UTF-8 text";
  if (const size_t at = find_invalid_utf8(bytes); at != std::string_view::npos) {
    return BadValue{row_of_byte(column, at), kZh, kEn};
  }
  if (const size_t at = bytes.find('\0'); at != std::string::npos) {
    return BadValue{row_of_byte(column, at), "文本里有零字节", "the text holds a zero byte"};
  }
  const std::vector<uint32_t>& offsets = column.offsets();
  for (size_t i = 1; i + 1 < offsets.size(); ++i) {
    if (offsets[i] < bytes.size() && (static_cast<uint8_t>(bytes[offsets[i]]) & 0xC0) == 0x80) {
      return BadValue{i - 1, kZh, kEn};
    }
  }
  return {};
}

std::optional<BadValue> check_geometry(const Column& column) {
  for (size_t i = 0; i < column.size(); ++i) {
    if (column.is_null(i)) continue;
    WkbShape shape;
    if (const auto wrong = check_wkb(column.bytes_at(i), &shape); !wrong.empty()) {
      return BadValue{i, "不是小端 ISO WKB 几何", wrong};
    }
    if (shape.dimension != 0) {
      return BadValue{i, "几何带有 Z 或 M 值", "the geometry has Z or M values"};
    }
  }
  return {};
}

}  // namespace

std::optional<BadValue> find_bad_value(const Column& column) {
  switch (column.type()) {
    case Type::boolean:
      return check_ints(column, 0, 1, "不是真或假", "it is not true or false");
    case Type::date:
      return check_ints(column, kDayMin, kDayMax, "日期不在公元 1 至 9999 年",
                        "the date is outside the years 1 to 9999");
    case Type::instant:
      return check_ints(column, kDayMin * kMicrosPerDay, (kDayMax + 1) * kMicrosPerDay - 1,
                        "时刻不在公元 1 至 9999 年", "the instant is outside the years 1 to 9999");
    case Type::real:
      return check_reals(column);
    case Type::text:
      return check_text(column);
    case Type::geometry:
      return check_geometry(column);
    case Type::integer:
    case Type::bytes:
      return {};
  }
  return {};
}

}  // namespace yipan::board
