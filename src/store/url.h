// "sqlite:PATH", "sqlite::memory:", "postgresql://..." (libpq's connection URI).
#ifndef YIPAN_STORE_URL_H_
#define YIPAN_STORE_URL_H_

#include <string>
#include <string_view>

#include "yipan/store.h"

namespace yipan::store {

struct Url {
  Dialect dialect = Dialect::sqlite;
  std::string target;   // the file's path or ":memory:"; the whole URI for PostgreSQL
  std::string display;  // for people and logs: without a password
};
// Errors "store.url.invalid": never show the password.
Result<Url> parse_url(std::string_view url);

}  // namespace yipan::store

#endif  // YIPAN_STORE_URL_H_
