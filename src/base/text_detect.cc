#include <fmt/core.h>

#include "base/text_scan.h"
#include "yipan/text.h"

namespace yipan {
namespace text {
namespace {

bool within(unsigned char c, unsigned char low, unsigned char high) {
  return c >= low && c <= high;
}

// The four-byte codes in their order (GB 18030-2022, 5.2.3): 81 30 81 30 is number 0.
constexpr uint32_t four_byte_number(unsigned char a, unsigned char b, unsigned char c,
                                    unsigned char d) {
  return ((static_cast<uint32_t>(a - 0x81) * 10 + (b - 0x30U)) * 126 + (c - 0x81U)) * 10 +
         (d - 0x30U);
}

// U+0080 to U+FFFF without what two bytes hold; U+10000 to U+10FFFF. The two gaps are characters
// that moved to two bytes (U+9FB4..9FBB, U+FE10..FE19).
bool assigned(uint32_t number) {
  constexpr uint32_t kBmpLast = four_byte_number(0x84, 0x31, 0xA4, 0x39);
  constexpr uint32_t kUpperFirst = four_byte_number(0x90, 0x30, 0x81, 0x30);
  constexpr uint32_t kUpperLast = four_byte_number(0xE3, 0x32, 0x9A, 0x35);
  constexpr uint32_t kGap1First = four_byte_number(0x82, 0x35, 0x90, 0x37);
  constexpr uint32_t kGap1Last = four_byte_number(0x82, 0x35, 0x91, 0x34);
  constexpr uint32_t kGap2First = four_byte_number(0x84, 0x31, 0x82, 0x36);
  constexpr uint32_t kGap2Last = four_byte_number(0x84, 0x31, 0x83, 0x35);
  if (number >= kGap1First && number <= kGap1Last) return false;
  if (number >= kGap2First && number <= kGap2Last) return false;
  return number <= kBmpLast || (number >= kUpperFirst && number <= kUpperLast);
}

// Past the run of two-byte codes (most Chinese text) that begins at pos.
size_t two_byte_run(std::string_view bytes, size_t pos) {
  for (; pos + 2 <= bytes.size(); pos += 2) {
    const auto lead = static_cast<unsigned char>(bytes[pos]);
    const auto second = static_cast<unsigned char>(bytes[pos + 1]);
    if (!within(lead, 0x81, 0xFE) || second < 0x40 || second == 0x7F || second == 0xFF) break;
  }
  return pos;
}

}  // namespace

Sequence gb18030_sequence(std::string_view bytes, size_t pos) {
  const auto at = [bytes](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(pos);
  if (lead < 0x80) return {1, Sequence::State::whole};
  if (!within(lead, 0x81, 0xFE)) return {0, Sequence::State::wrong};
  if (pos + 1 == bytes.size()) return {1, Sequence::State::cut};
  const unsigned char second = at(pos + 1);
  if (second >= 0x40 && second != 0x7F && second != 0xFF) return {2, Sequence::State::whole};
  if (!within(second, 0x30, 0x39)) return {1, Sequence::State::wrong};
  if (pos + 2 == bytes.size()) return {2, Sequence::State::cut};
  if (!within(at(pos + 2), 0x81, 0xFE)) return {2, Sequence::State::wrong};
  if (pos + 3 == bytes.size()) return {3, Sequence::State::cut};
  if (!within(at(pos + 3), 0x30, 0x39)) return {3, Sequence::State::wrong};
  const uint32_t number = four_byte_number(lead, second, at(pos + 2), at(pos + 3));
  return {4, assigned(number) ? Sequence::State::whole : Sequence::State::wrong};
}

Scan scan_gb18030(std::string_view bytes) {
  size_t pos = 0;
  while (pos < bytes.size()) {
    if (static_cast<unsigned char>(bytes[pos]) < 0x80) pos = ascii_run(bytes, pos);
    pos = two_byte_run(bytes, pos);
    if (pos == bytes.size()) break;
    const Sequence s = gb18030_sequence(bytes, pos);
    if (s.state != Sequence::State::whole) return {pos, s.state};
    pos += s.length;
  }
  return {bytes.size(), Sequence::State::whole};
}

Scan scan_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [bytes, big_endian](size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<unsigned>(big_endian ? first << 8 | second : second << 8 | first);
  };
  size_t pos = 0;
  for (; pos + 2 <= bytes.size(); pos += 2) {
    const unsigned high = unit(pos);
    if (high < 0xD800 || high > 0xDFFF) continue;
    if (high >= 0xDC00) return {pos, Sequence::State::wrong};
    if (pos + 4 > bytes.size()) return {pos, Sequence::State::cut};
    const unsigned low = unit(pos + 2);
    if (low < 0xDC00 || low > 0xDFFF) return {pos, Sequence::State::wrong};
    pos += 2;
  }
  return {pos, pos == bytes.size() ? Sequence::State::whole : Sequence::State::cut};
}

Scan scan(std::string_view bytes, Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
    case Encoding::utf8_bom:
      return scan_utf8(bytes);
    case Encoding::gb18030:
      return scan_gb18030(bytes);
    case Encoding::utf16le:
    case Encoding::utf16be:
      return scan_utf16(bytes, encoding == Encoding::utf16be);
  }
  return {0, Sequence::State::wrong};
}

std::string bytes_at(std::string_view bytes, size_t offset) {
  std::string out;
  for (size_t i = offset; i < bytes.size() && i < offset + 4; ++i) {
    if (!out.empty()) out += ' ';
    out += fmt::format("{:02X}", static_cast<unsigned char>(bytes[i]));
  }
  return out;
}

Error broken(Encoding encoding, uint64_t offset, uint64_t line, std::string_view bytes, bool cut) {
  const std::string_view name = to_string(encoding);
  Error error(cut ? "base.text.cut" : "base.text.invalid");
  if (cut) {
    error
        .zh(fmt::format("{} 文字在第 {} 行的一个字符中间中断（第 {} 字节起，{}）", name, line,
                        offset, bytes))
        .en(fmt::format("the {} text ends in the middle of a character on line {} (at byte {}: {})",
                        name, line, offset, bytes))
        .remedy("文件可能没有传完；请重新取得完整的文件",
                "the file may be incomplete; get the whole file again");
  } else {
    error
        .zh(fmt::format("第 {} 行（第 {} 字节起，{}）不是合法的 {} 文字", line, offset, bytes,
                        name))
        .en(fmt::format("line {} (at byte {}: {}) is not valid {}", line, offset, bytes, name))
        .remedy("请检查所选的编码是否正确；若文件损坏，请重新导出为 UTF-8",
                "check that the encoding is the right one; if the file is damaged, export it again "
                "as UTF-8");
  }
  error.line(line).byte_offset(offset);
  return error;
}

}  // namespace text

namespace {

using text::Scan;
using text::Sequence;

bool good(const Scan& scan, bool is_prefix) {
  return scan.state == Sequence::State::whole || (is_prefix && scan.state == Sequence::State::cut);
}

Error unknown_encoding(std::string_view sample, size_t offset) {
  const size_t line = text::line_breaks(sample.substr(0, offset)) + 1;
  const std::string bytes = text::bytes_at(sample, offset);
  return Error("base.text.encoding")
      .zh(fmt::format("无法识别文字编码：第 {} 行（第 {} 字节起，{}）既不是 UTF-8 也不是 GB18030",
                      line, offset, bytes))
      .en(fmt::format(
          "unknown text encoding: line {} (at byte {}: {}) is neither UTF-8 nor GB18030", line,
          offset, bytes))
      .line(line)
      .byte_offset(offset)
      .remedy("请在原软件中打开该文件，另存为 UTF-8 编码；若文件损坏，请重新导出",
              "open the file in the program it came from and save it as UTF-8; if it is damaged, "
              "export it again");
}

Error broken_utf16(std::string_view sample, size_t offset) {
  const std::string bytes = text::bytes_at(sample, offset);
  return Error("base.text.utf16")
      .zh(fmt::format("文件以 UTF-16 标记开头，但第 {} 字节起（{}）不是合法的 UTF-16", offset,
                      bytes))
      .en(fmt::format("the file begins with a UTF-16 mark, but byte {} ({}) is not valid UTF-16",
                      offset, bytes))
      .byte_offset(offset)
      .remedy("请重新导出该文件，编码选 UTF-8", "export the file again, as UTF-8");
}

// Well-formed bytes that are hardly UTF-8 by chance: GB18030 uses A1 to FE alike for its first and
// second bytes, and that forms well-formed sequences seldom, let alone four times in a row.
bool looks_like_utf8(std::string_view well_formed) {
  size_t beyond_ascii = 0;
  for (const char c : well_formed) beyond_ascii += static_cast<unsigned char>(c) >= 0x80;
  return beyond_ascii >= 12;
}

}  // namespace

std::string_view to_string(Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return "UTF-8";
    case Encoding::utf8_bom:
      return "UTF-8-BOM";
    case Encoding::gb18030:
      return "GB18030";
    case Encoding::utf16le:
      return "UTF-16LE";
    case Encoding::utf16be:
      return "UTF-16BE";
  }
  return {};
}

std::optional<Encoding> parse_encoding(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  if (plain == "utf8") return Encoding::utf8;
  if (plain == "utf8bom" || plain == "utf8sig") return Encoding::utf8_bom;
  for (const std::string_view gb : {"gb18030", "gbk", "gb2312", "cp936", "936", "euccn"}) {
    if (plain == gb) return Encoding::gb18030;
  }
  if (plain == "utf16le") return Encoding::utf16le;
  if (plain == "utf16be") return Encoding::utf16be;
  return std::nullopt;
}

Result<Encoding> detect_encoding(std::string_view sample, bool is_prefix) {
  for (const Encoding utf16 : {Encoding::utf16le, Encoding::utf16be}) {
    if (!sample.starts_with(utf16 == Encoding::utf16le ? "\xFF\xFE" : "\xFE\xFF")) continue;
    const Scan scan = text::scan_utf16(sample, utf16 == Encoding::utf16be);
    if (good(scan, is_prefix)) return utf16;
    return fail(broken_utf16(sample, scan.offset));
  }
  if (is_prefix && sample == "\xFF") return Encoding::utf16le;  // nothing else begins so
  const Scan utf8 = text::scan_utf8(sample);
  if (good(utf8, is_prefix)) {
    return sample.starts_with("\xEF\xBB\xBF") ? Encoding::utf8_bom : Encoding::utf8;
  }
  if (utf8.state == Sequence::State::cut && looks_like_utf8(sample.substr(0, utf8.offset))) {
    return fail(text::broken(Encoding::utf8, utf8.offset,
                             text::line_breaks(sample.substr(0, utf8.offset)) + 1,
                             text::bytes_at(sample, utf8.offset), true));
  }
  const Scan gb = text::scan_gb18030(sample);
  if (good(gb, is_prefix)) return Encoding::gb18030;
  return fail(unknown_encoding(sample, utf8.offset > gb.offset ? utf8.offset : gb.offset));
}

}  // namespace yipan
