// GEOS behind values that free themselves. One Geos per thread.
#ifndef YIPAN_ANALYSIS_GEOS_H_
#define YIPAN_ANALYSIS_GEOS_H_

#include <geos_c.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "yipan/columns.h"
#include "yipan/result.h"

namespace yipan::analysis {

class Geos {
 public:
  struct EndGeometry {
    GEOSContextHandle_t context = nullptr;
    void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context, g); }
  };
  using Geometry = std::unique_ptr<GEOSGeometry, EndGeometry>;
  struct EndPrepared {
    GEOSContextHandle_t context = nullptr;
    void operator()(const GEOSPreparedGeometry* g) const { GEOSPreparedGeom_destroy_r(context, g); }
  };
  using Prepared = std::unique_ptr<const GEOSPreparedGeometry, EndPrepared>;

  Geos();
  ~Geos();
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;

  GEOSContextHandle_t handle() const { return context_.get(); }
  Geometry own(GEOSGeometry* g) const { return Geometry(g, EndGeometry{handle()}); }
  // Null if it cannot be read; message() says why.
  Geometry read(std::string_view wkb);
  // The geometry of a row; error "analysis.geometry.invalid".
  Result<Geometry> read_row(const Column& geometry, size_t row);
  Prepared prepare(const Geometry& g) const;
  const std::string& message() const { return message_; }
  // What went wrong with the geometry of a row (from 0).
  Error invalid(size_t row) const;

 private:
  struct EndContext {
    void operator()(GEOSContextHandle_t context) const { GEOS_finish_r(context); }
  };
  static void keep(const char* message, void* where);
  std::unique_ptr<std::remove_pointer_t<GEOSContextHandle_t>, EndContext> context_;
  GEOSWKBReader* reader_ = nullptr;
  std::string message_;
};

}  // namespace yipan::analysis

#endif  // YIPAN_ANALYSIS_GEOS_H_
