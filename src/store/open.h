// The two databases behind open().
#ifndef YIPAN_STORE_OPEN_H_
#define YIPAN_STORE_OPEN_H_

#include <memory>

#include "store/url.h"
#include "yipan/store.h"

namespace yipan::store {

Result<std::unique_ptr<Connection>> open_sqlite(const Url& url, const OpenOptions& options);
Result<std::unique_ptr<Connection>> open_postgresql(const Url& url, const OpenOptions& options);

}  // namespace yipan::store

#endif  // YIPAN_STORE_OPEN_H_
