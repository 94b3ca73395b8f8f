// Reads a source to its end, for fuzz targets.
#ifndef YIPAN_INTAKE_FUZZ_DRAIN_H_
#define YIPAN_INTAKE_FUZZ_DRAIN_H_

#include <string_view>

#include "intake/crs.h"
#include "intake/geometry.h"
#include "intake/source.h"

namespace yipan::intake {

inline Limits fuzz_limits() {
  Limits limits;
  limits.cell_bytes_max = 1 << 12;
  limits.row_bytes_max = 1 << 14;
  limits.unzipped_bytes_max = 1 << 22;
  limits.feature_bytes_max = 1 << 16;
  limits.columns_max = 256;
  return limits;
}

inline void drain(Result<std::unique_ptr<RecordSource>> source) {
  if (!source) return;
  GeometryReader geometry;
  auto crs = CrsTransform::make("");
  RawRecord record;
  for (;;) {
    auto step = (*source)->next(&record);
    if (!step || *step == Step::end) return;
    if (*step == Step::problem) continue;
    CHECK(record.cells.size() == (*source)->columns().size());
    for (const RawCell& cell : record.cells) {
      if (cell.kind != RawCell::Kind::geometry) continue;
      std::string wkb;
      GeometryNotes notes;
      (void)geometry.read(cell.text, false, {"", true}, crs->get(), &wkb, &notes);
    }
  }
}

inline OpenRequest fuzz_request() {
  OpenRequest request;
  request.limits = fuzz_limits();
  return request;
}

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_FUZZ_DRAIN_H_
