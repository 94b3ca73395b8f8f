// ST_IsEmpty, ST_MinX, ...: what the triggers of GeoPackage's R-tree extension call (GeoPackage
// 1.3, annex F.3, "the following functions are required").
#include "store/geopackage_blob.h"
#include "store/sqlite/functions.h"

namespace yipan::store {
namespace {

enum class Wanted : uint8_t { is_empty, min_x, max_x, min_y, max_y };

struct Extent {
  bool is_empty = true;
  Envelope envelope;
};

Result<Extent> extent_of(std::string_view blob) {
  YIPAN_ASSIGN(const GeoPackageHeader header, read_geopackage_header(blob));
  if (header.has_envelope) return Extent{false, header.envelope};
  if (header.is_empty) return Extent{};
  YIPAN_ASSIGN(const WkbInfo info, inspect_wkb(blob.substr(header.size)));
  return Extent{info.is_empty, info.envelope};
}

template <Wanted kWanted>
void call(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) != SQLITE_BLOB) return;  // null
  const auto* data = static_cast<const char*>(sqlite3_value_blob(values[0]));
  const auto size = static_cast<size_t>(sqlite3_value_bytes(values[0]));
  const auto extent = extent_of({data, size});
  if (!extent) {
    sqlite3_result_error(context, extent.error().message_en().c_str(), -1);
    return;
  }
  if constexpr (kWanted == Wanted::is_empty) {
    sqlite3_result_int(context, extent->is_empty ? 1 : 0);
  } else if (!extent->is_empty) {
    const Envelope& e = extent->envelope;
    sqlite3_result_double(context, kWanted == Wanted::min_x   ? e.min_x
                                   : kWanted == Wanted::max_x ? e.max_x
                                   : kWanted == Wanted::min_y ? e.min_y
                                                              : e.max_y);
  }
}

}  // namespace

Result<> register_geometry_functions(Db* db) {
  struct {
    const char* name;
    void (*call)(sqlite3_context*, int, sqlite3_value**);
  } const functions[] = {{"ST_IsEmpty", call<Wanted::is_empty>},
                         {"ST_MinX", call<Wanted::min_x>},
                         {"ST_MaxX", call<Wanted::max_x>},
                         {"ST_MinY", call<Wanted::min_y>},
                         {"ST_MaxY", call<Wanted::max_y>}};
  for (const auto& f : functions) {
    const int code = sqlite3_create_function_v2(
        db->handle, f.name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
        f.call, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(db->error(f.name, code));
  }
  return {};
}

}  // namespace yipan::store
