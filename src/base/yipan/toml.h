// TOML (1.0) through toml++, in the one configuration that every part of the program shares: two
// configurations in one binary are two definitions of the same functions.
//
// toml++ 3.3 asserts on some malformed input. Here its assertions raise, and parse_toml() turns
// whatever is raised into an Error. Heavy: include it in a .cc only.
#ifndef YIPAN_TOML_H_
#define YIPAN_TOML_H_

#include <string_view>

#include "yipan/result.h"

namespace yipan::internal {
[[noreturn]] void raise_malformed_toml(const char* condition);
}  // namespace yipan::internal

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::yipan::internal::raise_malformed_toml(#condition))
#include <toml++/toml.h>

namespace yipan {

// Error `code` with file, line and column if the text is not valid UTF-8 or not valid TOML.
Result<toml::table> parse_toml(std::string_view text, std::string_view file,
                               std::string_view code);

}  // namespace yipan

#endif  // YIPAN_TOML_H_
