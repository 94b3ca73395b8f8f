// Codes of OC4IDS 0.9.5 (projectSector.csv, projectStatus.csv) and of the board.
#include <utility>

#include "intake/oc4ids.h"

namespace yipan::intake {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// The most particular sectors first; a sector "transport.road" also counts as "transport".
constexpr Pair kSectors[] = {
    {"transport.road", "road"},
    {"transport.urban", "road"},
    {"transport.rail", "rail_station"},
    {"naturalResources.floodProtection", "water"},
    {"waterAndWaste", "municipal"},
    {"health", "hospital"},
    {"education", "school"},
    {"governance", "office"},
    {"socialHousing", "resettlement"},
    {"cultureSportsAndRecreation", "culture_sport"},
    {"economy", "industrial_park"},
    {"communications", "digital"},
    {"naturalResources", "environment"},
};
constexpr Pair kStatuses[] = {
    {"identification", "proposed"}, {"preparation", "approved"}, {"implementation", "building"},
    {"completion", "completed"},    {"maintenance", "accepted"}, {"decommissioning", "accepted"},
    {"decommissioned", "accepted"}, {"cancelled", "cancelled"},
};

}  // namespace

std::string_view kind_of_sector(std::string_view sector) {
  for (const Pair& p : kSectors) {
    if (p.first == sector) return p.second;
  }
  return "other";
}

std::string_view sector_of_kind(std::string_view kind) {
  for (const Pair& p : kSectors) {
    if (p.second == kind) return p.first;
  }
  return "";
}

std::string_view state_of_status(std::string_view status) {
  for (const Pair& p : kStatuses) {
    if (p.first == status) return p.second;
  }
  return "";
}

std::string_view status_of_state(std::string_view state) {
  if (state == "suspended") return "implementation";
  for (const Pair& p : kStatuses) {
    if (p.second == state) return p.first;
  }
  return "";
}

}  // namespace yipan::intake
