#include "yipan/text.h"

#include <gtest/gtest.h>

#include <random>

#include "base/test_seed.h"

namespace yipan {
namespace {

using std::string_literals::operator""s;

constexpr size_t kNone = std::string_view::npos;

TEST(TextUtf8, Table37OfTheStandard) {
  struct Case {
    std::string bytes;
    size_t offset;
  };
  for (const Case& c : std::initializer_list<Case>{{"", kNone},
                                                   {"abc", kNone},
                                                   {"一盘", kNone},
                                                   {"😀", kNone},
                                                   {"\xC3\xA9", kNone},
                                                   {"\xED\x9F\xBF", kNone},
                                                   {"\xEE\x80\x80", kNone},
                                                   {"\xF4\x8F\xBF\xBF", kNone},
                                                   {"\xE0\xA0\x80", kNone},
                                                   {"\xF0\x90\x80\x80", kNone},
                                                   {"a\0b"s, kNone},
                                                   {"\x80", 0},
                                                   {"\xC0\x80", 0},
                                                   {"\xC1\xBF", 0},
                                                   {"a\xC3", 1},
                                                   {"\xE0\x9F\xBF", 0},
                                                   {"\xED\xA0\x80", 0},
                                                   {"\xED\xBF\xBF", 0},
                                                   {"\xF0\x8F\xBF\xBF", 0},
                                                   {"\xF4\x90\x80\x80", 0},
                                                   {"\xF5\x80\x80\x80", 0},
                                                   {"\xFF", 0},
                                                   {"一\xE4\xB8", 3},
                                                   {"一一一\xE4\xB8g", 9},
                                                   {"一\xE4g一", 3}}) {
    EXPECT_EQ(find_invalid_utf8(c.bytes), c.offset);
  }
}

// The definition, in the plainest words: decode, and compare with what encodes the same value.
size_t invalid_by_definition(std::string_view bytes) {
  size_t pos = 0;
  while (pos < bytes.size()) {
    bool good = false;
    for (size_t length = 1; length <= 4 && pos + length <= bytes.size() && !good; ++length) {
      const std::string_view part = bytes.substr(pos, length);
      size_t at = 0;
      const char32_t c = next_code_point(part, &at);
      std::string again;
      append_utf8(c, &again);
      good = at == length && again == part && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
      if (good) pos += length;
    }
    if (!good) return pos;
  }
  return kNone;
}

TEST(TextUtf8, AgreesWithTheDefinitionOnDamagedText) {
  std::mt19937_64 random(test_seed("AgreesWithTheDefinitionOnDamagedText"));
  const std::string_view alphabet[] = {
      "a",      "ab,1", "é",
      "一",     "盘",   "\uD7FF",
      "\uE000", "😀",    "0123456789012345678901234567890123456789"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (uint64_t k = random() % 60; k > 0; --k) text += alphabet[random() % std::size(alphabet)];
    for (uint64_t k = random() % 3; k > 0 && !text.empty(); --k) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    ASSERT_EQ(find_invalid_utf8(text), invalid_by_definition(text));
  }
}

TEST(TextUtf8, EverySequenceOfThreeBytes) {
  for (unsigned bytes = 0; bytes < 1U << 24; ++bytes) {
    // Only what begins with a byte of 0xC0 and up, with a sample of the third bytes.
    const unsigned lead = bytes >> 16;
    const unsigned third = bytes & 0xFF;
    if (lead < 0xC0 || third % 0x20 > 1) continue;
    const char text[] = {static_cast<char>(lead), static_cast<char>(bytes >> 8),
                         static_cast<char>(third), 'x'};
    const std::string_view view(text, 4);
    ASSERT_EQ(find_invalid_utf8(view), invalid_by_definition(view)) << bytes;
  }
}

TEST(TextUtf8, CodePoints) {
  EXPECT_EQ(code_point_count("a一😀"), 3U);
  std::string text;
  for (const char32_t c : {U'a', U'é', U'一', U'😀'}) append_utf8(c, &text);
  EXPECT_EQ(text, "aé一😀");
  size_t pos = 0;
  EXPECT_EQ(next_code_point(text, &pos), U'a');
  EXPECT_EQ(next_code_point(text, &pos), U'é');
  EXPECT_EQ(next_code_point(text, &pos), U'一');
  EXPECT_EQ(next_code_point(text, &pos), U'😀');
  EXPECT_EQ(pos, text.size());
}

TEST(Text, TrimsTheSpacesOfOfficeFiles) {
  EXPECT_EQ(trim(" \t一盘\r\n"), "一盘");
  EXPECT_EQ(trim("\u3000\u00A0 一 盘\u00A0\u3000"), "一 盘");
  EXPECT_EQ(trim("\uFEFF编号"), "编号");
  EXPECT_EQ(trim("\u3000"), "");
  EXPECT_EQ(trim(""), "");
  // The last byte of a character is not a space, though it may look like the end of one.
  EXPECT_EQ(trim("\u4000"), "\u4000");
  EXPECT_EQ(trim("\u0120"), "\u0120");
}

TEST(Text, FoldsWidth) {
  EXPECT_EQ(fold_width("ＡＢｃ１２（％）　～"), "ABc12(%) ~");
  EXPECT_EQ(fold_width("一盘，。￥"), "一盘,。￥");
  EXPECT_EQ(fold_width("\xEF\xBC"), "\xEF\xBC");
  std::string wide;
  std::string narrow;
  for (char32_t c = 0x21; c <= 0x7E; ++c) {
    append_utf8(c + 0xFEE0, &wide);
    append_utf8(c, &narrow);
  }
  EXPECT_EQ(fold_width(wide), narrow);
}

TEST(Text, DisplayWidth) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("一盘"), 4U);
  EXPECT_EQ(display_width("ＡＢ，"), 6U);
  EXPECT_EQ(display_width("㎡é½"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
  EXPECT_EQ(display_width("한글かな😀𠀀"), 12U);
  EXPECT_EQ(display_width("\u200B"), 0U);
  EXPECT_EQ(display_width(""), 0U);
}

TEST(Text, Splits) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split("a,b,,c", ','), (Parts{"a", "b", "", "c"}));
  EXPECT_EQ(split("", ','), (Parts{""}));
  EXPECT_EQ(split(",", ','), (Parts{"", ""}));
}

TEST(Text, Hex) {
  EXPECT_EQ(hex("\x00\xFFz"s), "00ff7a");
  EXPECT_EQ(unhex("00Ff7A"), "\x00\xFFz"s);
  EXPECT_FALSE(unhex("0"));
  EXPECT_FALSE(unhex("0g"));
}

TEST(Text, Base64IsStrict) {
  // RFC 4648, section 10.
  const char* vectors[][2] = {{"", ""},
                              {"f", "Zg=="},
                              {"fo", "Zm8="},
                              {"foo", "Zm9v"},
                              {"foob", "Zm9vYg=="},
                              {"fooba", "Zm9vYmE="},
                              {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    EXPECT_EQ(base64(plain), coded);
    EXPECT_EQ(unbase64(coded), plain);
  }
  for (const char* bad :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm-_", "=Zg=", "Zg==Zg=="}) {
    EXPECT_FALSE(unbase64(bad)) << bad;
  }
}

TEST(Text, HexAndBase64RoundTrip) {
  std::mt19937_64 random(test_seed("HexAndBase64RoundTrip"));
  for (int i = 0; i < 5'000; ++i) {
    std::string bytes;
    for (uint64_t k = random() % 50; k > 0; --k) bytes.push_back(static_cast<char>(random()));
    ASSERT_EQ(unhex(hex(bytes)), bytes);
    ASSERT_EQ(unbase64(base64(bytes)), bytes);
  }
}

}  // namespace
}  // namespace yipan
