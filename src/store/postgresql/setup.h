// Connecting to PostgreSQL: session settings, PostGIS, the portable functions, the schema.
#ifndef YIPAN_STORE_POSTGRESQL_SETUP_H_
#define YIPAN_STORE_POSTGRESQL_SETUP_H_

#include <memory>

#include "store/postgresql/session.h"
#include "store/url.h"

namespace yipan::store {

Result<std::shared_ptr<Session>> connect(const Url& url, const OpenOptions& options);

}  // namespace yipan::store

#endif  // YIPAN_STORE_POSTGRESQL_SETUP_H_
