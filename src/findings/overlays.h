// The measures of what lies in what (docs/formats/question-pack.md).
#ifndef YIPAN_FINDINGS_OVERLAYS_H_
#define YIPAN_FINDINGS_OVERLAYS_H_

#include "yipan/result.h"
#include "yipan/store.h"

namespace yipan::findings {

// `inside`: m_inside, from m_places and the areas that are no cells.
Result<> write_inside(store::Connection& db);
// `cover`: m_cover, from areas that are no cells and plan_zones.
Result<> write_cover(store::Connection& db);
// `zones`: m_zones, from parcels and plan_zones.
Result<> write_zones(store::Connection& db);

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_OVERLAYS_H_
