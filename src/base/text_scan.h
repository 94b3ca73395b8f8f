// How far bytes are well formed in an encoding; shared by validation, detection and decoding.
#ifndef YIPAN_BASE_TEXT_SCAN_H_
#define YIPAN_BASE_TEXT_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "yipan/text.h"

namespace yipan::text {

// One sequence at a position. `cut`: a good beginning, then the bytes end.
struct Sequence {
  enum class State : uint8_t { whole, cut, wrong };
  size_t length;  // bytes that are good
  State state;
};

// Everything up to `offset` is well formed; `state` says what stands there (whole: the end).
struct Scan {
  size_t offset;
  Sequence::State state;
};

// The first position at or after pos that holds no ASCII byte, or the end.
size_t ascii_run(std::string_view bytes, size_t pos);

Sequence utf8_sequence(std::string_view bytes, size_t pos);
Scan scan_utf8(std::string_view bytes);
Sequence gb18030_sequence(std::string_view bytes, size_t pos);
Scan scan_gb18030(std::string_view bytes);
Scan scan_utf16(std::string_view bytes, bool big_endian);
Scan scan(std::string_view bytes, Encoding encoding);

// Up to four bytes for a message: "81 20".
std::string bytes_at(std::string_view bytes, size_t offset);
size_t line_breaks(std::string_view bytes);

// "base.text.cut" or "base.text.invalid", with its place.
Error broken(Encoding encoding, uint64_t offset, uint64_t line, std::string_view bytes, bool cut);

}  // namespace yipan::text

#endif  // YIPAN_BASE_TEXT_SCAN_H_
