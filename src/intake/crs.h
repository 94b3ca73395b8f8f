// Coordinate systems: to longitude and latitude in CGCS2000 (= WGS-84 at cadastral tolerance).
#ifndef YIPAN_INTAKE_CRS_H_
#define YIPAN_INTAKE_CRS_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "yipan/intake.h"
#include "yipan/result.h"

namespace yipan::intake {

// One source's way into the board's coordinates. Not thread-safe.
class CrsTransform {
 public:
  // `name`: "", "wgs84", "cgcs2000", "gcj02" (and their other spellings), "EPSG:2249",
  // "urn:ogc:def:crs:...", or the text of a .prj file. Error "intake.crs.unknown".
  static Result<std::unique_ptr<CrsTransform>> make(std::string_view name);
  ~CrsTransform();
  const std::string& name() const { return name_; }  // "EPSG:4490", "GCJ-02", "EPSG:2249", ...
  bool identity() const { return kind_ == Kind::identity; }
  // Transforms one point. False: it is not within the system (then explain() says more).
  bool apply(double* x, double* y);
  // Why a point as it stood in the file cannot be one of this system, with a guess at what it is.
  Error explain(double x, double y) const;

 private:
  enum class Kind : unsigned char { identity, gcj02, proj };
  struct Proj;
  CrsTransform();
  Kind kind_ = Kind::identity;
  bool declared_ = false;
  std::string name_;
  std::unique_ptr<Proj> proj_;
};

// What coordinates outside the degrees look like: {zh, en, the crs to write in the mapping or ""}.
struct CrsGuess {
  std::string zh, en, crs;
};
std::optional<CrsGuess> guess_crs(double x, double y);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_CRS_H_
