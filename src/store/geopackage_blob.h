// The GeoPackage binary geometry header (GeoPackage 1.3, 2.1.3.1, table 6).
#ifndef YIPAN_STORE_GEOPACKAGE_BLOB_H_
#define YIPAN_STORE_GEOPACKAGE_BLOB_H_

#include <string>
#include <string_view>

#include "store/wkb.h"
#include "yipan/result.h"

namespace yipan::store {

struct GeoPackageHeader {
  int32_t srid = 0;
  bool is_empty = false;
  bool has_envelope = false;
  Envelope envelope;  // x and y only
  size_t size = 0;    // of the header: the WKB stands behind it
};
Result<GeoPackageHeader> read_geopackage_header(std::string_view blob);

// Appends header and envelope (none for an empty geometry), then `wkb` as little-endian ISO.
Result<WkbInfo> append_geopackage(std::string_view wkb, int srid, std::string* out);

}  // namespace yipan::store

#endif  // YIPAN_STORE_GEOPACKAGE_BLOB_H_
