#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/test_seed.h"
#include "base/text_scan.h"
#include "yipan/text.h"

namespace yipan {
namespace {

using std::string_literals::operator""s;
using testing::HasSubstr;

constexpr std::string_view kYipanGb = "\xD2\xBB\xC5\xCC";  // 一盘

TEST(TextDetect, Encodings) {
  struct Case {
    std::string bytes;
    Encoding encoding;
  };
  for (const Case& c : std::initializer_list<Case>{{"", Encoding::utf8},
                                                   {"id,name\n", Encoding::utf8},
                                                   {"编号,名称\n", Encoding::utf8},
                                                   {"\xEF\xBB\xBF编号", Encoding::utf8_bom},
                                                   {"id,"s.append(kYipanGb), Encoding::gb18030},
                                                   {"\x81\x30\x81\x30", Encoding::gb18030},
                                                   {"\xFF\xFE\x00\x4E"s, Encoding::utf16le},
                                                   {"\xFE\xFF\x4E\x00"s, Encoding::utf16be}}) {
    const auto found = detect_encoding(c.bytes, false);
    ASSERT_TRUE(found) << hex(c.bytes) << found.error().to_string_en();
    EXPECT_EQ(*found, c.encoding) << hex(c.bytes);
  }
}

TEST(TextDetect, APrefixMayEndInACharacter) {
  EXPECT_EQ(detect_encoding("编\xE5\x8F", true).value(), Encoding::utf8);
  // Whole, it is not UTF-8; and as GB18030 it ends in the middle of a character, too.
  EXPECT_FALSE(detect_encoding("编\xE5\x8F", false));
  EXPECT_EQ(detect_encoding("\xC5\xCC\xD2", true).value(), Encoding::gb18030);
  EXPECT_FALSE(detect_encoding("\xC5\xCC\xD2", false));
  EXPECT_EQ(detect_encoding("\xFF\xFE\x00"s, true).value(), Encoding::utf16le);
  EXPECT_FALSE(detect_encoding("\xFF\xFE\x00"s, false));
  EXPECT_EQ(detect_encoding("\xFF", true).value(), Encoding::utf16le);
  EXPECT_FALSE(detect_encoding("\xFF", false));
}

// A UTF-8 file that was cut off must not pass for GB18030, though its bytes could: E7 BC, 96 E5...
TEST(TextDetect, CutUtf8IsNotTakenForGB18030) {
  const std::string whole = "编号,名称,用地面积,投资额";
  for (const size_t cut : {size_t{1}, size_t{2}}) {
    const auto found = detect_encoding(whole.substr(0, whole.size() - cut), false);
    ASSERT_FALSE(found) << cut;
    EXPECT_EQ(found.error().code(), "base.text.cut");
    EXPECT_EQ(found.error().place().byte_offset, whole.size() - 3);
    EXPECT_THAT(found.error().message_zh(), HasSubstr("UTF-8 文字在第 1 行的一个字符中间中断"));
    EXPECT_THAT(found.error().message_en(), HasSubstr("ends in the middle of a character"));
    EXPECT_THAT(found.error().remedy_en(), HasSubstr("get the whole file"));
  }
}

TEST(TextDetect, WhatFitsNeitherIsRefusedAtItsPlace) {
  const auto found = detect_encoding("a\nb\n"s.append(kYipanGb) + "\xFF\xFF\n", false);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), "base.text.encoding");
  EXPECT_EQ(found.error().place().line, 3U);
  EXPECT_EQ(found.error().place().byte_offset, 8U);
  EXPECT_EQ(found.error().message_zh(),
            "无法识别文字编码：第 3 行（第 8 字节起，FF FF 0A）既不是 UTF-8 也不是 GB18030");
  EXPECT_THAT(found.error().message_en(), HasSubstr("line 3 (at byte 8: FF FF 0A)"));
  EXPECT_THAT(found.error().remedy_zh(), HasSubstr("另存为 UTF-8"));
  EXPECT_THAT(found.error().remedy_en(), HasSubstr("save it as UTF-8"));
  // The four-byte codes that stand for nothing.
  EXPECT_FALSE(detect_encoding("\x84\x31\xA5\x30", false));
  EXPECT_FALSE(detect_encoding("\xE3\x32\x9A\x36", false));
  const auto utf16 = detect_encoding("\xFF\xFE\x00\xD8\x41\x00"s, false);
  ASSERT_FALSE(utf16);
  EXPECT_EQ(utf16.error().code(), "base.text.utf16");
  EXPECT_EQ(utf16.error().place().byte_offset, 2U);
}

TEST(TextDetect, NamesOfEncodings) {
  EXPECT_EQ(parse_encoding("GBK"), Encoding::gb18030);
  EXPECT_EQ(parse_encoding("gb_2312"), Encoding::gb18030);
  EXPECT_EQ(parse_encoding("utf-8"), Encoding::utf8);
  EXPECT_FALSE(parse_encoding("latin1"));
  for (const Encoding e : {Encoding::utf8, Encoding::utf8_bom, Encoding::gb18030, Encoding::utf16le,
                           Encoding::utf16be}) {
    EXPECT_EQ(parse_encoding(to_string(e)), e);
  }
}

TEST(TextConvert, Decodes) {
  EXPECT_EQ(to_utf8(kYipanGb, Encoding::gb18030).value(), "一盘");
  EXPECT_EQ(to_utf8("\xA2\xE3\x81", Encoding::gb18030).error().code(), "base.text.cut");
  EXPECT_EQ(to_utf8("\x95\x32\x82\x36", Encoding::gb18030).value(), "𠀀");
  EXPECT_EQ(to_utf8("\xFF\xFE\x00\x4E\x3D\xD8\x00\xDE"s, Encoding::utf16le).value(), "一😀");
  EXPECT_EQ(to_utf8("\x4E\x00"s, Encoding::utf16be).value(), "一");
  EXPECT_EQ(to_utf8("\xEF\xBB\xBFx", Encoding::utf8_bom).value(), "x");
  EXPECT_EQ(to_utf8("", Encoding::gb18030).value(), "");
}

TEST(TextConvert, ErrorsHaveOffsetAndLine) {
  const auto bad = to_utf8("ab\n"s.append(kYipanGb) + "\n\xFFx", Encoding::gb18030);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code(), "base.text.invalid");
  EXPECT_EQ(bad.error().place().line, 3U);
  EXPECT_EQ(bad.error().place().byte_offset, 8U);
  EXPECT_EQ(bad.error().message_zh(), "第 3 行（第 8 字节起，FF 78）不是合法的 GB18030 文字");
  EXPECT_EQ(bad.error().message_en(), "line 3 (at byte 8: FF 78) is not valid GB18030");
  EXPECT_THAT(bad.error().remedy_zh(), HasSubstr("检查所选的编码"));
  EXPECT_THAT(bad.error().remedy_en(), HasSubstr("check that the encoding"));
  const auto cut = to_utf8("一\n\xE4\xB8", Encoding::utf8);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code(), "base.text.cut");
  EXPECT_EQ(cut.error().place().line, 2U);
  EXPECT_EQ(cut.error().place().byte_offset, 4U);
  EXPECT_THAT(cut.error().remedy_zh(), HasSubstr("完整的文件"));
  const auto input = from_utf8("ok\n\xFF", Encoding::gb18030);
  ASSERT_FALSE(input);
  EXPECT_EQ(input.error().place().byte_offset, 3U);
}

// The private-use code points whose codes went to characters proper: U+9FB4..9FBB, U+FE10..FE19
// and six of CJK extension B.
bool lost_its_code(char32_t c) {
  if (c >= 0xE78D && c <= 0xE796) return true;
  if (c >= 0xE816 && c <= 0xE818) return true;
  for (const char32_t lost :
       {0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE831, 0xE832, 0xE83B, 0xE843, 0xE854, 0xE855, 0xE864}) {
    if (c == lost) return true;
  }
  return false;
}

TEST(TextConvert, GB18030HoldsEveryCodePoint) {
  std::string text;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (lost_its_code(c)) {
      std::string alone;
      append_utf8(c, &alone);
      ASSERT_FALSE(from_utf8(alone, Encoding::gb18030)) << alone;
      continue;
    }
    append_utf8(c, &text);
  }
  const auto coded = from_utf8(text, Encoding::gb18030);
  ASSERT_TRUE(coded) << coded.error().to_string_en();
  EXPECT_EQ(detect_encoding(*coded, false).value(), Encoding::gb18030);
  const auto back = to_utf8(*coded, Encoding::gb18030);
  ASSERT_TRUE(back) << back.error().to_string_en();
  EXPECT_TRUE(*back == text);
  for (const Encoding e : {Encoding::utf16le, Encoding::utf16be, Encoding::utf8_bom}) {
    const auto other = from_utf8(text, e);
    ASSERT_TRUE(other);
    EXPECT_EQ(detect_encoding(*other, false).value(), e);
    EXPECT_TRUE(to_utf8(*other, e).value() == text);
  }
}

// What the scanner takes for GB18030, the converter converts, over all codes of one, two and four
// bytes: detection promises no more than decoding keeps.
TEST(TextConvert, EveryAssignedCodeOfGB18030Decodes) {
  std::string all;
  for (unsigned a = 0x81; a <= 0xFE; ++a) {
    for (unsigned b = 0x30; b <= 0xFE; ++b) {
      std::string code{static_cast<char>(a), static_cast<char>(b)};
      if (b > 0x39) {
        if (text::gb18030_sequence(code, 0).state == text::Sequence::State::whole) all += code;
        continue;
      }
      for (unsigned c = 0x81; c <= 0xFE; ++c) {
        for (unsigned e = 0x30; e <= 0x39; ++e) {
          code = {static_cast<char>(a), static_cast<char>(b), static_cast<char>(c),
                  static_cast<char>(e)};
          if (text::gb18030_sequence(code, 0).state == text::Sequence::State::whole) all += code;
        }
      }
    }
  }
  const auto decoded = to_utf8(all, Encoding::gb18030);
  ASSERT_TRUE(decoded) << decoded.error().to_string_en();
  EXPECT_EQ(find_invalid_utf8(*decoded), std::string_view::npos);
  // U+0080 to U+10FFFF without surrogates and the 24 of lost_its_code; the six of extension B have
  // a code of two bytes besides that of four.
  EXPECT_EQ(code_point_count(*decoded), 0x110000U - 0x80 - 0x800 - 24 + 6);
}

// Fed in any pieces, a stream gives the same text and the same error.
TEST(TextConvert, PiecesGiveWhatTheWholeGives) {
  std::mt19937_64 random(test_seed("PiecesGiveWhatTheWholeGives"));
  const std::string_view alphabet[] = {"a", ",", "\n", "一", "盘", "é", "😀", "\uE5E5", "\u1E3F"};
  for (int i = 0; i < 5'000; ++i) {
    std::string text;
    for (uint64_t k = random() % 40; k > 0; --k) text += alphabet[random() % std::size(alphabet)];
    const auto encoding = static_cast<Encoding>(random() % 5);
    std::string bytes = from_utf8(text, encoding).value();
    const bool damaged = random() % 3 == 0 && !bytes.empty();
    if (damaged) bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto whole = to_utf8(bytes, encoding);
    if (!damaged) {
      ASSERT_EQ(whole.value(), text);
    }
    Decoder decoder(encoding);
    std::string out;
    Result<> result;
    for (std::string_view rest = bytes; result && !rest.empty();) {
      const size_t size = std::min<size_t>(rest.size(), random() % 5);
      result = decoder.feed(rest.substr(0, size), &out);
      rest.remove_prefix(size);
    }
    if (result) result = decoder.finish();
    ASSERT_EQ(result.has_value(), whole.has_value()) << hex(bytes);
    if (whole) {
      ASSERT_EQ(out, *whole);
    } else {
      ASSERT_EQ(result.error().code(), whole.error().code()) << hex(bytes);
      ASSERT_EQ(result.error().place().byte_offset, whole.error().place().byte_offset);
      ASSERT_EQ(result.error().place().line, whole.error().place().line);
    }
  }
}

TEST(TextConvert, LongStreams) {
  std::string text;
  for (int i = 0; i < 60'000; ++i) text += i % 3 == 0 ? "a" : "一";
  for (const Encoding e : {Encoding::utf8, Encoding::gb18030, Encoding::utf16le}) {
    const auto back = to_utf8(from_utf8(text, e).value(), e);
    EXPECT_TRUE(back.value() == text) << to_string(e);
  }
}

}  // namespace
}  // namespace yipan
