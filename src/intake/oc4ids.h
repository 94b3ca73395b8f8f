// OC4IDS 0.9.5 project packages: what of them goes into which field, in both directions.
// docs/formats/sources.md has the table; the codes are those of the standard's codelists.
#ifndef YIPAN_INTAKE_OC4IDS_H_
#define YIPAN_INTAKE_OC4IDS_H_

#include <memory>
#include <string_view>

#include "intake/bytes.h"
#include "intake/record.h"
#include "intake/source.h"

namespace yipan::intake {

// The tables that a package can fill, in dependency order.
inline constexpr std::string_view kOc4idsTables[] = {"organisations", "projects", "estimates",
                                                     "contracts"};

// projectSector -> projects.kind; "other" for what has no counterpart.
std::string_view kind_of_sector(std::string_view sector);
std::string_view sector_of_kind(std::string_view kind);  // "" if there is none
// projectStatus -> projects.state; "" for what has no counterpart.
std::string_view state_of_status(std::string_view status);
std::string_view status_of_state(std::string_view state);

// The package's objects that belong into the table `request.sheet`, as records whose columns are
// called like the table's fields.
Result<std::unique_ptr<RecordSource>> open_oc4ids(const Input& input, const OpenRequest& request);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_OC4IDS_H_
