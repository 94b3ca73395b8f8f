// What can be said about the packs without a city.
#include "findings/pack.h"
#include "yipan/board.h"
#include "yipan/store.h"

namespace yipan::findings {
namespace {

using Columns = std::vector<store::ColumnSpec>;

void add_provenance(Columns* columns) {
  for (const char* name : {"y_entry", "y_source", "y_row"}) {
    columns->push_back({name, Type::integer, true, ""});
  }
}

// The board's own tables that a question may ask (yipan/board.h).
std::vector<store::TableSpec> bookkeeping() {
  const auto text = [](const char* name) { return store::ColumnSpec{name, Type::text, false, ""}; };
  const auto count = [](const char* name) {
    return store::ColumnSpec{name, Type::integer, false, ""};
  };
  const auto table = [](const char* name, Columns columns) {
    store::TableSpec out;
    out.name = name;
    out.columns = std::move(columns);
    out.listed = false;
    return out;
  };
  return {
      table("y_changes", {text("dataset"), count("vintage"), count("position"), text("key"),
                          text("kind"), text("field"), text("old_value"), text("new_value")}),
      table("y_datasets", {text("dataset"), count("vintage"), text("table_name"), count("entry"),
                           text("kind"), text("reason"), count("row_count"), count("refused"),
                           count("added"), count("changed"), count("removed"), count("same")}),
      table("y_entries", {count("entry"),
                          {"accepted_at", Type::instant, false, ""},
                          text("who"),
                          text("what"),
                          text("subject")}),
      table("y_sources", {count("entry"),
                          text("dataset"),
                          text("table_name"),
                          text("file"),
                          text("sheet"),
                          text("encoding"),
                          {"imported_at", Type::instant, false, ""},
                          text("imported_by"),
                          {"synthetic", Type::boolean, false, ""}})};
}

}  // namespace

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
    add_provenance(&spec.columns);
    YIPAN_TRY(connection.create_table(spec));
    spec.name += "_history";
    spec.primary_key.clear();
    spec.columns.push_back({"y_entry_end", Type::integer, true, ""});
    YIPAN_TRY(connection.create_table(spec));
  }
  for (const store::TableSpec& spec : bookkeeping()) YIPAN_TRY(connection.create_table(spec));
  return {};
}

}  // namespace yipan::findings
