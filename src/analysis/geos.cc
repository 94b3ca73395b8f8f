#include "analysis/geos.h"

#include <fmt/format.h>

namespace yipan::analysis {

Geos::Geos() : context_(GEOS_init_r()) {
  GEOSContext_setErrorMessageHandler_r(context_.get(), &Geos::keep, &message_);
  reader_ = GEOSWKBReader_create_r(context_.get());
}

Geos::~Geos() { GEOSWKBReader_destroy_r(context_.get(), reader_); }

void Geos::keep(const char* message, void* where) {
  static_cast<std::string*>(where)->assign(message);
}

Geos::Geometry Geos::read(std::string_view wkb) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(wkb.data());
  return own(GEOSWKBReader_read_r(handle(), reader_, bytes, wkb.size()));
}

Result<Geos::Geometry> Geos::read_row(const Column& geometry, size_t row) {
  Geometry out = read(geometry.bytes_at(row));
  if (!out) return fail(invalid(row));
  return out;
}

Geos::Prepared Geos::prepare(const Geometry& g) const {
  return Prepared(GEOSPrepare_r(handle(), g.get()), EndPrepared{handle()});
}

Error Geos::invalid(size_t row) const {
  return Error("analysis.geometry.invalid")
      .zh(fmt::format("看不懂第 {} 个图形：{}", row + 1, message_))
      .en(fmt::format("cannot read geometry {}: {}", row + 1, message_))
      .row(row + 1)
      .remedy("在 QGIS 里修复这个图形后重新导入", "mend the geometry in QGIS and import it again");
}

}  // namespace yipan::analysis
