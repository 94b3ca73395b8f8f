// The text of values and keys (yipan/board.h, value_text and join_key).
#include <fmt/format.h>

#include "board/wkb.h"
#include "yipan/board.h"
#include "yipan/date.h"
#include "yipan/text.h"

namespace yipan::board {

std::string value_text(const Column& column, size_t row) {
  if (column.is_null(row)) return {};
  switch (column.type()) {
    case Type::boolean:
      return column.int_at(row) != 0 ? "true" : "false";
    case Type::integer:
      return fmt::format("{}", column.int_at(row));
    case Type::real:
      return fmt::format("{}", column.real_at(row) + 0.0);
    case Type::text:
      return std::string(column.bytes_at(row));
    case Type::date:
      return Date::from_days(column.int_at(row)).to_string();
    case Type::instant:
      return Instant::from_micros(column.int_at(row)).to_string();
    case Type::geometry:
      return wkb_text(column.bytes_at(row));
    case Type::bytes:
      return hex(column.bytes_at(row));
  }
  return {};
}

std::string join_key(const std::vector<std::string>& parts) {
  if (parts.size() == 1) return parts.front();
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += '|';
    for (const char c : parts[i]) {
      if (c == '|' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

Result<std::vector<std::string>> split_key(std::string_view key, size_t parts) {
  if (parts == 1) return std::vector<std::string>{std::string(key)};
  std::vector<std::string> out(1);
  for (size_t i = 0; i < key.size(); ++i) {
    if (key[i] == '\\' && i + 1 < key.size()) {
      out.back() += key[++i];
    } else if (key[i] == '|') {
      out.emplace_back();
    } else {
      out.back() += key[i];
    }
  }
  if (out.size() == parts) return out;
  return fail(
      Error("board.key")
          .zh(fmt::format("键“{}”有 {} 个部分，应有 {} 个", key, out.size(), parts))
          .en(fmt::format("the key '{}' has {} parts, {} are needed", key, out.size(), parts))
          .remedy("各部分用 | 隔开，其中的 | 和 \\ 前加 \\",
                  "join the parts by |, and write \\ before a | or \\ inside them"));
}

}  // namespace yipan::board
