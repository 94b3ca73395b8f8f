// Text: UTF-8 everywhere inside; GB18030 (GBK, GB2312) and UTF-16 only at the door.
#ifndef YIPAN_TEXT_H_
#define YIPAN_TEXT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/result.h"

namespace yipan {

enum class Encoding : uint8_t { utf8, utf8_bom, gb18030, utf16le, utf16be };
std::string_view to_string(Encoding encoding);
std::optional<Encoding> parse_encoding(std::string_view name);  // "GBK", "utf-8", ...

// Offset of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7: no
// surrogates, no overlong forms), or npos. Vectorised; runs at memory speed on ASCII.
size_t find_invalid_utf8(std::string_view bytes);

// Strict: valid UTF-8 is UTF-8; else if every sequence is assigned in GB18030, GB18030; else an
// error with the offset and line of the first byte that fits neither ("base.text.encoding"). UTF-16
// is told by its byte order mark only. `sample` may end in the middle of a character if
// `is_prefix`; if not, UTF-8 that was cut off is "base.text.cut", and not taken for GB18030.
//
// Two-byte codes of GB18030 are all assigned; of the four-byte codes those that glibc assigns,
// which are all but 18 that gave their characters (U+9FB4..9FBB, U+FE10..FE19) to two bytes.
Result<Encoding> detect_encoding(std::string_view sample, bool is_prefix);

// A decoder that can be fed block by block; what is left of a cut character is kept for the next.
// The byte order mark of utf8_bom and UTF-16 is taken off. After an error it gives the same error.
class Decoder {
 public:
  explicit Decoder(Encoding from);
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  // Appends UTF-8 to *out. The error has the byte offset since the start of the stream, and the
  // line.
  Result<> feed(std::string_view bytes, std::string* out);
  Result<> finish();  // error if a character was cut off

 private:
  struct State;
  std::unique_ptr<State> state_;
};
Result<std::string> to_utf8(std::string_view bytes, Encoding from);
// The way back; UTF-16 and utf8_bom begin with a byte order mark.
Result<std::string> from_utf8(std::string_view utf8, Encoding to);

size_t code_point_count(std::string_view utf8);
// Decodes the code point at *pos and moves *pos past it; text must be valid UTF-8.
char32_t next_code_point(std::string_view utf8, size_t* pos);
void append_utf8(char32_t code_point, std::string* out);
std::string_view trim(std::string_view text);           // ASCII space, NBSP, U+3000, BOM
std::string fold_width(std::string_view text);          // full-width ASCII forms to ASCII
size_t display_width(std::string_view utf8);            // East Asian wide = 2, for terminals
std::vector<std::string_view> split(std::string_view text, char separator);
std::string hex(std::string_view bytes);
std::optional<std::string> unhex(std::string_view text);
std::string base64(std::string_view bytes);
std::optional<std::string> unbase64(std::string_view text);  // strict, padded

}  // namespace yipan

#endif  // YIPAN_TEXT_H_
