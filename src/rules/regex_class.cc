// Character classes of regular expressions, on ICU's character database.
#include <unicode/uchar.h>

#include <algorithm>

#include "rules/xpath_regex.h"

namespace yipan::rules {
namespace {

bool in_ranges(const std::vector<CharClass::Range>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const CharClass::Range& r) { return c >= r.first && c <= r.last; });
}

// XML 1.0, 5th edition, 2.3: NameStartChar and NameChar.
bool is_xml_name_start(char32_t c) {
  static const std::vector<CharClass::Range> ranges = {
      {':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
      {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
      {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
      {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
  return in_ranges(ranges, c);
}
bool is_xml_name(char32_t c) {
  return is_xml_name_start(c) || c == '-' || c == '.' || (c >= '0' && c <= '9') || c == 0xB7 ||
         (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
}

uint32_t category_bit(char32_t c) {
  return uint32_t{1} << static_cast<uint32_t>(u_charType(static_cast<UChar32>(c)));
}

bool escape_matches(const CharClass::Escape& e, char32_t c) {
  using Type = CharClass::Escape::Type;
  bool in = false;
  switch (e.type) {
    case Type::space:
      in = c == ' ' || c == '\t' || c == '\n' || c == '\r';
      break;
    case Type::name_start:
      in = is_xml_name_start(c);
      break;
    case Type::name:
      in = is_xml_name(c);
      break;
    case Type::digit:
      in = u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER;
      break;
    case Type::word:  // all but punctuation, separators and others
      in = (category_bit(c) & (U_GC_P_MASK | U_GC_Z_MASK | U_GC_C_MASK)) == 0;
      break;
    case Type::category:
      in = (category_bit(c) & e.value) != 0;
      break;
    case Type::block:
      in = static_cast<uint32_t>(ublock_getCode(static_cast<UChar32>(c))) == e.value;
      break;
  }
  return in != e.negated;
}

}  // namespace

bool same_ignoring_case(char32_t a, char32_t b) {
  if (a == b) return true;
  return u_foldCase(static_cast<UChar32>(a), U_FOLD_CASE_DEFAULT) ==
         u_foldCase(static_cast<UChar32>(b), U_FOLD_CASE_DEFAULT);
}

bool CharClass::matches(char32_t c) const {
  bool in = in_ranges(ranges, c);
  if (!in && ignore_case && !ranges.empty()) {
    const auto u = static_cast<UChar32>(c);
    const UChar32 folded = u_foldCase(u, U_FOLD_CASE_DEFAULT);
    in = in_ranges(ranges, static_cast<char32_t>(u_tolower(u))) ||
         in_ranges(ranges, static_cast<char32_t>(u_toupper(u))) ||
         in_ranges(ranges, static_cast<char32_t>(folded)) ||
         in_ranges(ranges, static_cast<char32_t>(u_toupper(folded)));
  }
  for (size_t i = 0; !in && i < escapes.size(); ++i) in = escape_matches(escapes[i], c);
  if (in == negated) return false;
  return minus == nullptr || !minus->matches(c);
}

std::optional<CharClass::Escape> category_escape(std::string_view name) {
  CharClass::Escape out;
  if (name.size() > 2 && name.substr(0, 2) == "Is") {
    std::string block(name.substr(2));
    if (block == "PrivateUse") block = "PrivateUseArea";
    const int32_t code = u_getPropertyValueEnum(UCHAR_BLOCK, block.c_str());
    if (code == UCHAR_INVALID_CODE || code <= 0) return std::nullopt;
    out.type = CharClass::Escape::Type::block;
    out.value = static_cast<uint32_t>(code);
    return out;
  }
  if (name.empty() || name.size() > 2) return std::nullopt;
  static constexpr std::string_view kAllowed[] = {
      "L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",  "Nd",
      "Nl", "No", "P",  "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z",  "Zs",
      "Zl", "Zp", "S",  "Sm", "Sc", "Sk", "So", "C",  "Cc", "Cf", "Co", "Cn"};
  if (std::find(std::begin(kAllowed), std::end(kAllowed), name) == std::end(kAllowed)) {
    return std::nullopt;
  }
  const int32_t mask =
      u_getPropertyValueEnum(UCHAR_GENERAL_CATEGORY_MASK, std::string(name).c_str());
  if (mask == UCHAR_INVALID_CODE) return std::nullopt;
  out.type = CharClass::Escape::Type::category;
  out.value = static_cast<uint32_t>(mask);
  return out;
}

}  // namespace yipan::rules
