#include "yipan/toml.h"

#include <exception>
#include <stdexcept>
#include <string>

#include "yipan/text.h"

namespace yipan {

namespace internal {
void raise_malformed_toml(const char* condition) {
  std::rethrow_exception(std::make_exception_ptr(std::logic_error(condition)));
}
}  // namespace internal

namespace {

Error syntax_error(std::string_view code, std::string_view file, std::string_view what) {
  return Error(code)
      .zh("TOML 写法有误：" + std::string(what))
      .en("this is not valid TOML: " + std::string(what))
      .file(file)
      .remedy("请改正这一行；含空格或中文的键须加引号",
              "mend this line; keys with spaces or characters beyond ASCII need quotes");
}

}  // namespace

Result<toml::table> parse_toml(std::string_view text, std::string_view file,
                               std::string_view code) {
  const size_t bad = find_invalid_utf8(text);
  if (bad != std::string_view::npos) {
    return fail(syntax_error(code, file, "bytes that are not UTF-8").byte_offset(bad));
  }
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    const toml::source_position& at = error.source().begin;
    return fail(syntax_error(code, file, error.description()).line(at.line, at.column));
  } catch (const std::exception& error) {
    return fail(syntax_error(code, file, error.what()));
  }
}

}  // namespace yipan
