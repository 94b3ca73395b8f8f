// Database addresses, and the glance that is taken at a statement's text.
#include <cstddef>
#include <cstdint>

#include "store/checks.h"
#include "store/url.h"
#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = yipan::store::parse_url(text)) {
    CHECK(url->dialect == yipan::store::Dialect::sqlite ? text == "sqlite:" + url->target
                                                        : text == url->target);
    // A plain password never shows.
    const std::string secret = "postgresql://li:s3cret@" + std::string(text);
    if (const auto with = yipan::store::parse_url(secret)) {
      CHECK(text.find("s3cret") != std::string_view::npos ||
            with->display.find("s3cret") == std::string::npos);
    }
  }
  CHECK(yipan::store::highest_parameter(text) <= 1'000'000);
  CHECK(yipan::store::first_keyword(text).size() <= size);
  return 0;
}
