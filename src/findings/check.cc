// What can be said about the packs without a city.
#include "findings/pack.h"
#include "yipan/board.h"
#include "yipan/store.h"

namespace yipan::findings {

std::vector<PackAnalysis> analyse_packs(const Rulebook& rulebook) {
  std::vector<PackAnalysis> out;
  for (const auto& pack : rulebook.data().packs) {
    out.push_back({pack->folder, pack->file("judge.dmn"), rules::analyse(pack->model)});
  }
  return out;
}

Result<> make_empty_board(store::Connection& connection, const board::Schemas& schemas) {
  for (const board::TableSchema& schema : schemas.all()) {
    store::TableSpec spec = schema.table_spec();
    spec.listed = false;
    for (const char* name : {"y_entry", "y_source", "y_row"}) {
      spec.columns.push_back({name, Type::integer, true, ""});
    }
    YIPAN_TRY(connection.create_table(spec));
  }
  return {};
}

}  // namespace yipan::findings
