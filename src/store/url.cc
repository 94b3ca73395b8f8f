#include "store/url.h"

#include <fmt/core.h>

namespace yipan::store {
namespace {

constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kPostgresql = "postgresql://";
constexpr std::string_view kPostgres = "postgres://";

Error url_error(std::string_view display, std::string_view zh, std::string_view en) {
  return Error("store.url.invalid")
      .zh(fmt::format("数据库地址“{}”有误：{}", display, zh))
      .en(fmt::format("the database address \"{}\" is wrong: {}", display, en))
      .remedy("请写成 sqlite:文件路径 或 postgresql://主机/库名",
              "write sqlite:PATH or postgresql://HOST/DATABASE");
}

// Everything that may be a password becomes "***": what stands between the first ":" of the user
// part and its "@", and the values of query parameters whose name begins with "pass" or "sslpass".
std::string without_password(std::string_view url) {
  const size_t authority = url.find("//") + 2;
  const size_t query = std::min(url.find('?', authority), url.size());
  std::string shown(url.substr(0, authority));
  const std::string_view head = url.substr(authority, query - authority);
  const size_t at = head.rfind('@');
  const size_t colon = head.find(':');
  if (at != std::string_view::npos && colon < at) {
    shown += fmt::format("{}:***{}", head.substr(0, colon), head.substr(at));
  } else {
    shown += head;
  }
  std::string_view rest = url.substr(query);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('&', 1), rest.size());
    const std::string_view part = rest.substr(0, end);
    const std::string_view name = part.substr(1, std::min(part.find('='), part.size()) - 1);
    const bool plain =
        name.find('%') == std::string_view::npos && name.find("pass") == std::string_view::npos;
    shown += plain ? std::string(part) : fmt::format("{}{}=***", part[0], name);
    rest.remove_prefix(end);
  }
  return shown;
}

}  // namespace

Result<Url> parse_url(std::string_view url) {
  const bool has_control = [&] {
    for (const char c : url) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
    }
    return false;
  }();
  if (has_control) {
    return fail(url_error("…", "含有控制字符", "it holds a control character"));
  }
  if (url.starts_with(kSqlite)) {
    const std::string_view path = url.substr(kSqlite.size());
    if (path.empty()) return fail(url_error(url, "没有文件路径", "it names no file"));
    return Url{Dialect::sqlite, std::string(path), std::string(url)};
  }
  if (url.starts_with(kPostgresql) || url.starts_with(kPostgres)) {
    return Url{Dialect::postgresql, std::string(url), without_password(url)};
  }
  const size_t colon = std::min(url.find(':'), url.size());
  return fail(url_error(colon == url.size() ? url : fmt::format("{}:…", url.substr(0, colon)),
                        "开头既不是 sqlite: 也不是 postgresql://",
                        "it begins with neither sqlite: nor postgresql://"));
}

}  // namespace yipan::store
