#include "yipan/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <vector>

#include "yipan/text.h"

namespace yipan {
namespace {

constexpr int kDepthMax = 512;  // nested values are visited by recursion

// RFC 8785, 3.2.2.2: the short escape of a character, 0 if it has none.
char short_escape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    default:
      return 0;
  }
}

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void append_escaped(std::string_view text, std::string* out) {
  size_t done = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (is_plain(c)) continue;
    out->append(text, done, at - done);
    done = at + 1;
    if (const char escape = short_escape(c); escape != 0) {
      out->push_back('\\');
      out->push_back(escape);
    } else {
      fmt::format_to(std::back_inserter(*out), "\\u{:04x}", static_cast<unsigned char>(c));
    }
  }
  out->append(text, done);
}

// RFC 8785, 3.2.3: by UTF-16 code units. That is the order of the bytes of UTF-8 but for one thing:
// characters beyond U+FFFF (lead byte F0 and up) are surrogates D800-DFFF in UTF-16, and so come
// before U+E000-U+FFFF (lead bytes EE and EF).
bool less_utf16(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto p = static_cast<unsigned char>(*x);
  const auto q = static_cast<unsigned char>(*y);
  if (p >= 0xee && q >= 0xee && (p >= 0xf0) != (q >= 0xf0)) return p >= 0xf0;
  return p < q;
}

Error not_canonical(std::string_view pointer, std::string_view zh, std::string_view en) {
  return Error("base.json.not_canonical").zh(zh).en(en).element(pointer.empty() ? "/" : pointer);
}

class Writer {
 public:
  explicit Writer(std::string* out) : out_(out) {}

  Result<> write(const Json& value, int depth) {
    if (depth > kDepthMax) return fail(too_deep());
    switch (value.type()) {
      case Json::value_t::null:
        out_->append("null");
        return {};
      case Json::value_t::boolean:
        out_->append(value.get<bool>() ? "true" : "false");
        return {};
      case Json::value_t::number_integer:
      case Json::value_t::number_unsigned:
        return write_integer(value);
      case Json::value_t::string:
        return write_string(value.get_ref<const std::string&>());
      case Json::value_t::array:
        return write_array(value, depth);
      case Json::value_t::object:
        return write_object(value, depth);
      case Json::value_t::number_float:
        return fail(not_canonical(pointer_, "规范 JSON 中不能有小数（浮点数）",
                                  "canonical JSON must not hold a floating point number")
                        .remedy("请把小数写成字符串，例如 \"12.50\"",
                                "write the decimal as a string, such as \"12.50\""));
      default:
        return fail(not_canonical(pointer_, "规范 JSON 中不能有二进制值",
                                  "canonical JSON must not hold a binary value")
                        .remedy("请写成十六进制或 Base64 字符串",
                                "write it as a string in hexadecimal or Base64"));
    }
  }

 private:
  Error too_deep() const {
    return Error("base.json.depth")
        .zh(fmt::format("JSON 嵌套超过 {} 层", kDepthMax))
        .en(fmt::format("the JSON is nested more than {} levels deep", kDepthMax))
        .remedy("请减少嵌套层数", "nest it less deeply");
  }

  Result<> write_integer(const Json& value) {
    constexpr int64_t kExact = (int64_t{1} << 53) - 1;
    const bool exact = value.is_number_unsigned()
                           ? value.get<uint64_t>() <= static_cast<uint64_t>(kExact)
                           : value.get<int64_t>() >= -kExact && value.get<int64_t>() <= kExact;
    if (!exact) {
      return fail(not_canonical(pointer_, "整数超出 ±(2^53-1)，其他程序无法精确读取",
                                "the integer is beyond ±(2^53-1), which others cannot read exactly")
                      .remedy("请把这个整数写成字符串", "write the integer as a string"));
    }
    if (value.is_number_unsigned()) {
      fmt::format_to(std::back_inserter(*out_), "{}", value.get<uint64_t>());
    } else {
      fmt::format_to(std::back_inserter(*out_), "{}", value.get<int64_t>());
    }
    return {};
  }

  Result<> write_string(const std::string& text) {
    if (const size_t at = find_invalid_utf8(text); at != std::string_view::npos) {
      return fail(not_canonical(pointer_, fmt::format("字符串第 {} 个字节不是有效的 UTF-8", at + 1),
                                fmt::format("byte {} of the string is not valid UTF-8", at + 1))
                      .remedy("请先把文字转换为 UTF-8", "convert the text to UTF-8 first"));
    }
    out_->push_back('"');
    append_escaped(text, out_);
    out_->push_back('"');
    return {};
  }

  Result<> write_array(const Json& array, int depth) {
    out_->push_back('[');
    const size_t pointer_size = pointer_.size();
    for (size_t i = 0; i < array.size(); ++i) {
      if (i > 0) out_->push_back(',');
      fmt::format_to(std::back_inserter(pointer_), "/{}", i);
      YIPAN_TRY(write(array[i], depth + 1));
      pointer_.resize(pointer_size);
    }
    out_->push_back(']');
    return {};
  }

  Result<> write_object(const Json& object, int depth) {
    using Member = std::pair<const std::string, Json>;
    std::vector<const Member*> members;
    for (const Member& member : object.get_ref<const Json::object_t&>()) {
      members.push_back(&member);
    }
    const auto less = [](const Member* a, const Member* b) {
      return less_utf16(a->first, b->first);
    };
    if (!std::is_sorted(members.begin(), members.end(), less)) {
      std::sort(members.begin(), members.end(), less);
    }
    out_->push_back('{');
    const size_t pointer_size = pointer_.size();
    for (const Member* member : members) {
      if (member != members.front()) out_->push_back(',');
      append_pointer(member->first);
      YIPAN_TRY(write_string(member->first));
      out_->push_back(':');
      YIPAN_TRY(write(member->second, depth + 1));
      pointer_.resize(pointer_size);
    }
    out_->push_back('}');
    return {};
  }

  // RFC 6901, 3.
  void append_pointer(std::string_view key) {
    pointer_.push_back('/');
    for (char c : key) {
      if (c == '~') {
        pointer_.append("~0");
      } else if (c == '/') {
        pointer_.append("~1");
      } else {
        pointer_.push_back(c);
      }
    }
  }

  std::string* out_;
  std::string pointer_;
};

}  // namespace

Result<std::string> canonical_json(const Json& value) {
  std::string out;
  YIPAN_TRY(Writer(&out).write(value, 1));
  return out;
}

void append_json_string(std::string_view text, std::string* out) {
  out->push_back('"');
  for (size_t bad = find_invalid_utf8(text); bad != std::string_view::npos;
       bad = find_invalid_utf8(text)) {
    append_escaped(text.substr(0, bad), out);
    out->append("\xef\xbf\xbd");
    text.remove_prefix(bad + 1);
  }
  append_escaped(text, out);
  out->push_back('"');
}

}  // namespace yipan
