// Decoding in pieces gives what decoding the whole gives, and detection promises no more than
// decoding keeps. The first two bytes choose the encoding and the pieces.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "yipan/check.h"
#include "yipan/text.h"

namespace {

using yipan::Encoding;
using yipan::Result;

void check_pieces(std::string_view bytes, Encoding encoding, unsigned pieces) {
  const Result<std::string> whole = yipan::to_utf8(bytes, encoding);
  yipan::Decoder decoder(encoding);
  std::string out;
  Result<> result;
  for (std::string_view rest = bytes; result && !rest.empty();) {
    pieces = pieces * 1'103'515'245 + 12'345;
    const size_t size = std::min<size_t>(rest.size(), pieces >> 16 & 7);
    result = decoder.feed(rest.substr(0, size), &out);
    rest.remove_prefix(size);
  }
  if (result) result = decoder.finish();
  CHECK(result.has_value() == whole.has_value());
  if (whole) {
    CHECK(out == *whole);
    CHECK(yipan::find_invalid_utf8(out) == std::string_view::npos);
    CHECK(yipan::code_point_count(out) * 4 >= out.size());
    CHECK(yipan::display_width(out) <= out.size());
  } else {
    CHECK(result.error().code() == whole.error().code());
    CHECK(result.error().place().byte_offset == whole.error().place().byte_offset);
    CHECK(result.error().place().line == whole.error().place().line);
  }
}

void check_detection(std::string_view bytes) {
  const Result<Encoding> found = yipan::detect_encoding(bytes, false);
  if (!found) {
    CHECK(found.error().place().byte_offset < bytes.size());
    return;
  }
  const Result<std::string> decoded = yipan::to_utf8(bytes, *found);
  CHECK(decoded.has_value());
  if (*found == Encoding::gb18030) {
    const Result<std::string> back = yipan::from_utf8(*decoded, *found);
    CHECK(back.has_value());
    CHECK(yipan::to_utf8(*back, *found).value() == *decoded);
  } else {
    CHECK(yipan::from_utf8(*decoded, *found).value() == bytes);
  }
  for (size_t cut = 0; cut < std::min<size_t>(bytes.size(), 8); ++cut) {
    CHECK(yipan::detect_encoding(bytes.substr(0, bytes.size() - cut), true).has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  check_pieces(bytes, static_cast<Encoding>(data[0] % 5), data[1]);
  check_detection(bytes);
  const std::string_view trimmed = yipan::trim(bytes);
  CHECK(yipan::trim(trimmed) == trimmed);
  CHECK(yipan::fold_width(bytes).size() <= bytes.size());
  CHECK(yipan::unhex(yipan::hex(bytes)) == bytes);
  CHECK(yipan::unbase64(yipan::base64(bytes)) == bytes);
  if (const auto plain = yipan::unbase64(bytes)) CHECK(yipan::base64(*plain) == bytes);
  return 0;
}
