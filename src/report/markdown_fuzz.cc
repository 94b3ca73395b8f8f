#include <cstdint>
#include <string_view>

#include "report/markdown.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  yipan::report::Markup out;
  yipan::report::markdown_to_html(text, 2, &out);
  (void)yipan::report::plain_inline(text);
  (void)out.take();  // every element is closed
  return 0;
}
