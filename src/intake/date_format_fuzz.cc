// Date formats and numbers: the first line is the format, the rest the text.
#include <cstdint>
#include <string_view>

#include "intake/date_format.h"
#include "intake/number.h"
#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  size_t line = bytes.find('\n');
  if (line == std::string_view::npos) return 0;
  std::string_view text = bytes.substr(line + 1);
  yipan::Date date;
  if (auto format = yipan::intake::DateFormat::compile(bytes.substr(0, line))) {
    (void)format->parse(text, &date);
  }
  for (const auto& f : yipan::intake::common_date_formats()) (void)f.parse(text, &date);
  yipan::intake::ScaledNumber number;
  if (yipan::intake::parse_number(text, {}, &number) != yipan::intake::NumberFault::none) return 0;
  int64_t exact = 0;
  int64_t rounded = 0;
  using yipan::intake::IntFault;
  using yipan::intake::Rounding;
  if (yipan::intake::scale_to_int(number, {2000, 3}, Rounding::exact, &exact) == IntFault::none) {
    CHECK(yipan::intake::scale_to_int(number, {2000, 3}, Rounding::half_even, &rounded) ==
          IntFault::none);
    CHECK(exact == rounded);
  }
  (void)yipan::intake::scale_to_real(number, {2000, 3});
  (void)yipan::intake::scaled_text(number, {2000, 3});
  return 0;
}
