#include <algorithm>
#include <cstring>

#include "base/text_scan.h"
#include "yipan/text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace yipan {
namespace text {

size_t ascii_run(std::string_view bytes, size_t pos) {
  const char* data = bytes.data();
#if defined(__SSE2__)
  const auto load = [data](size_t at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + at));
  };
  for (; pos + 64 <= bytes.size(); pos += 64) {
    const __m128i low = _mm_or_si128(load(pos), load(pos + 16));
    const __m128i high = _mm_or_si128(load(pos + 32), load(pos + 48));
    if (_mm_movemask_epi8(_mm_or_si128(low, high)) != 0) break;
  }
#endif
  for (; pos + 8 <= bytes.size(); pos += 8) {
    uint64_t word;
    std::memcpy(&word, data + pos, 8);
    if ((word & 0x8080808080808080ULL) != 0) break;
  }
  while (pos < bytes.size() && static_cast<unsigned char>(data[pos]) < 0x80) ++pos;
  return pos;
}

namespace {

bool within(unsigned char c, unsigned char low, unsigned char high) {
  return c >= low && c <= high;
}

// Table 3-7 by its rows: how long the sequence is that `lead` begins, and what may come second.
struct Row {
  size_t length;  // 0: no sequence begins so
  unsigned char second_low;
  unsigned char second_high;
};

Row row_of(unsigned char lead) {
  if (within(lead, 0xC2, 0xDF)) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (within(lead, 0xE1, 0xEF)) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (within(lead, 0xF1, 0xF3)) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// Past the run of well-formed three-byte sequences (most Chinese text) that begins at pos.
size_t three_byte_run(std::string_view bytes, size_t pos) {
  const char* data = bytes.data();
  while (pos + 4 <= bytes.size()) {
    uint32_t word;
    std::memcpy(&word, data + pos, 4);
    // Little-endian: lead in the low byte. 1110xxxx 10xxxxxx 10xxxxxx.
    if ((word & 0x00C0C0F0U) != 0x008080E0U) break;
    const uint32_t scalar_high = (word & 0x0F) << 1 | (word >> 13 & 1);  // the upper five bits
    if (scalar_high == 0 || scalar_high == 0x1B) break;                  // overlong, or a surrogate
    pos += 3;
  }
  return pos;
}

// How many bytes are as `matches` says. Blocks whose count fits a byte let the compiler count in
// vectors of bytes.
template <typename Matches>
size_t count_bytes(std::string_view bytes, Matches matches) {
  constexpr size_t kBlock = 128;
  const char* data = bytes.data();
  size_t count = 0;
  size_t pos = 0;
  for (; pos + kBlock <= bytes.size(); pos += kBlock) {
    uint8_t in_block = 0;
    for (size_t i = 0; i < kBlock; ++i) {
      in_block = static_cast<uint8_t>(in_block + (matches(data[pos + i]) ? 1 : 0));
    }
    count += in_block;
  }
  for (; pos < bytes.size(); ++pos) count += matches(data[pos]) ? 1 : 0;
  return count;
}

}  // namespace

size_t line_breaks(std::string_view bytes) {
  return count_bytes(bytes, [](char c) { return c == '\n'; });
}

Sequence utf8_sequence(std::string_view bytes, size_t pos) {
  const auto at = [bytes](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(pos);
  if (lead < 0x80) return {1, Sequence::State::whole};
  const Row row = row_of(lead);
  if (row.length == 0) return {0, Sequence::State::wrong};
  for (size_t i = 1; i < row.length; ++i) {
    if (pos + i == bytes.size()) return {i, Sequence::State::cut};
    const bool good = i == 1 ? within(at(pos + 1), row.second_low, row.second_high)
                             : within(at(pos + i), 0x80, 0xBF);
    if (!good) return {i, Sequence::State::wrong};
  }
  return {row.length, Sequence::State::whole};
}

Scan scan_utf8(std::string_view bytes) {
  size_t pos = 0;
  while (pos < bytes.size()) {
    if (static_cast<unsigned char>(bytes[pos]) < 0x80) pos = ascii_run(bytes, pos);
    pos = three_byte_run(bytes, pos);
    if (pos == bytes.size()) break;
    const Sequence s = utf8_sequence(bytes, pos);
    if (s.state != Sequence::State::whole) return {pos, s.state};
    pos += s.length;
  }
  return {bytes.size(), Sequence::State::whole};
}

}  // namespace text

size_t find_invalid_utf8(std::string_view bytes) {
  const text::Scan scan = text::scan_utf8(bytes);
  return scan.state == text::Sequence::State::whole ? std::string_view::npos : scan.offset;
}

size_t code_point_count(std::string_view utf8) {
  return text::count_bytes(utf8, [](char c) { return static_cast<signed char>(c) >= -64; });
}

char32_t next_code_point(std::string_view utf8, size_t* pos) {
  const auto take = [utf8, pos] {
    return *pos < utf8.size() ? static_cast<unsigned char>(utf8[(*pos)++]) : 0U;
  };
  const char32_t lead = take();
  if (lead < 0x80) return lead;
  const auto more = [&take](char32_t high) { return high << 6 | (take() & 0x3FU); };
  if (lead < 0xE0) return more(lead & 0x1F);
  if (lead < 0xF0) return more(more(lead & 0x0F));
  return more(more(more(lead & 0x07)));
}

void append_utf8(char32_t c, std::string* out) {
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0 | c >> 6));
    out->push_back(tail(0));
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | c >> 12));
    out->push_back(tail(6));
    out->push_back(tail(0));
  } else {
    out->push_back(static_cast<char>(0xF0 | c >> 18));
    out->push_back(tail(12));
    out->push_back(tail(6));
    out->push_back(tail(0));
  }
}

}  // namespace yipan
