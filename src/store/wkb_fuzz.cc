// Geometry from files of others: WKB of every form, and GeoPackage blobs.
#include <cstddef>
#include <cstdint>

#include "store/geopackage_blob.h"
#include "store/wkb.h"
#include "yipan/check.h"
#include "yipan/store.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string iso;
  if (const auto info = yipan::store::append_iso_wkb(bytes, &iso)) {
    // What was written is read back as the same, and survives the way through a blob.
    const auto again = yipan::store::inspect_wkb(iso);
    CHECK(again && again->type == info->type && again->is_empty == info->is_empty);
    const auto blob = yipan::store::wkb_to_geopackage(bytes, 4490);
    CHECK(blob);
    const auto back = yipan::store::geopackage_to_wkb(*blob);
    CHECK(back && *back == iso);
  } else {
    CHECK(iso.empty());
    CHECK(info.error().place().byte_offset.value() <= size);
  }
  if (const auto wkb = yipan::store::geopackage_to_wkb(bytes)) {
    CHECK(wkb->data() + wkb->size() == bytes.data() + bytes.size());
    (void)yipan::store::inspect_wkb(*wkb);
  }
  return 0;
}
