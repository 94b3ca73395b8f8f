#include "ledger/canonical_scan.h"

#include <algorithm>
#include <array>

#include "yipan/text.h"

namespace yipan::ledger {
namespace {

constexpr int kDepthMax = 64;
constexpr uint64_t kIntegerMax = (uint64_t{1} << 53) - 1;

constexpr std::array<bool, 256> plain_characters() {
  std::array<bool, 256> plain{};
  for (int c = 0x20; c < 256; ++c) plain[static_cast<size_t>(c)] = c != '"' && c != '\\';
  return plain;
}
constexpr std::array<bool, 256> kPlain = plain_characters();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 8785, 3.2.3: by UTF-16 code units, in which characters beyond U+FFFF (surrogates) come before
// U+E000 to U+FFFF. In UTF-8 the bytes F0.. and EE, EF have to change places; all else agrees.
bool less_utf16(std::string_view a, std::string_view b) {
  const size_t n = std::min(a.size(), b.size());
  for (size_t i = 0; i < n; ++i) {
    const auto x = static_cast<unsigned char>(a[i]);
    const auto y = static_cast<unsigned char>(b[i]);
    if (x == y) continue;
    if (x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0)) return x >= 0xf0;
    return x < y;
  }
  return a.size() < b.size();
}

}  // namespace

std::optional<std::string_view> CanonicalScan::value(int depth) {
  const size_t from = at_;
  if (!scan_value(depth)) return std::nullopt;
  return text_.substr(from, at_ - from);
}

std::optional<std::string_view> CanonicalScan::object(int depth) {
  const size_t from = at_;
  if (!scan_object(depth)) return std::nullopt;
  return text_.substr(from, at_ - from);
}

std::optional<std::string_view> CanonicalScan::string() {
  const size_t from = at_;
  if (!scan_string()) return std::nullopt;
  return text_.substr(from, at_ - from);
}

bool CanonicalScan::literal(std::string_view expected) {
  if (text_.substr(at_, expected.size()) != expected) return false;
  at_ += expected.size();
  return true;
}

bool CanonicalScan::scan_value(int depth) {
  switch (peek()) {
    case '{':
      return scan_object(depth);
    case '[':
      return scan_array(depth);
    case '"':
      return scan_string();
    case 't':
      return literal("true");
    case 'f':
      return literal("false");
    case 'n':
      return literal("null");
    default:
      return scan_number();
  }
}

bool CanonicalScan::scan_object(int depth) {
  if (depth >= kDepthMax || !literal("{")) return false;
  if (literal("}")) return true;
  std::string previous;
  for (bool first = true;; first = false) {
    const size_t from = at_;
    if (!scan_string()) return false;
    std::string key = unescape(text_.substr(from, at_ - from));
    if (!first && !less_utf16(previous, key)) {
      at_ = from;
      return false;
    }
    previous = std::move(key);
    if (!literal(":") || !scan_value(depth + 1)) return false;
    if (literal("}")) return true;
    if (!literal(",")) return false;
  }
}

bool CanonicalScan::scan_array(int depth) {
  if (depth >= kDepthMax || !literal("[")) return false;
  if (literal("]")) return true;
  for (;;) {
    if (!scan_value(depth + 1)) return false;
    if (literal("]")) return true;
    if (!literal(",")) return false;
  }
}

bool CanonicalScan::scan_string() {
  if (!literal("\"")) return false;
  for (;;) {
    while (at_ < text_.size() && kPlain[static_cast<unsigned char>(text_[at_])]) ++at_;
    if (literal("\"")) return true;
    if (peek() != '\\' || !scan_escape()) return false;
  }
}

// Only what RFC 8785, 3.2.2.2 would write: short forms where there are any, else \u00xx.
bool CanonicalScan::scan_escape() {
  const std::string_view rest = text_.substr(at_);
  if (rest.size() < 2) return false;
  if (std::string_view("\"\\bfnrt").find(rest[1]) != std::string_view::npos) {
    at_ += 2;
    return true;
  }
  if (rest.size() < 6 || !rest.starts_with("\\u00") || (rest[4] != '0' && rest[4] != '1')) {
    return false;
  }
  const char low = rest[5];
  if (!is_digit(low) && !(low >= 'a' && low <= 'f')) return false;
  // U+0008, 9, A, C and D have short forms.
  if (rest[4] == '0' && std::string_view("89acd").find(low) != std::string_view::npos) {
    return false;
  }
  at_ += 6;
  return true;
}

bool CanonicalScan::scan_number() {
  const size_t from = at_;
  const bool negative = literal("-");
  const size_t digits = at_;
  uint64_t value = 0;
  while (is_digit(peek()) && at_ - digits < 17) {
    value = value * 10 + static_cast<uint64_t>(text_[at_++] - '0');
  }
  const size_t length = at_ - digits;
  const bool leading_zero = length > 1 && text_[digits] == '0';
  const char next = peek();
  if (length == 0 || leading_zero || (negative && value == 0) || value > kIntegerMax ||
      is_digit(next) || next == '.' || next == 'e' || next == 'E') {
    at_ = from;
    return false;
  }
  return true;
}

std::string unescape(std::string_view quoted) {
  std::string_view text = quoted.substr(1, quoted.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out.push_back(text[i]);
      continue;
    }
    const char c = text[++i];
    constexpr std::string_view kNames = "bfnrt";
    constexpr std::string_view kValues = "\b\f\n\r\t";
    if (const size_t at = kNames.find(c); at != kNames.npos) {
      out.push_back(kValues[at]);
    } else if (c == 'u') {
      const char low = text[i + 4];
      out.push_back(static_cast<char>((text[i + 3] - '0') * 16 +
                                      (is_digit(low) ? low - '0' : low - 'a' + 10)));
      i += 4;
    } else {
      out.push_back(c);
    }
  }
  return out;
}

}  // namespace yipan::ledger
