#include "generate/world.h"

#include <fmt/format.h>

namespace yipan::generate {

World::World(const GenerateOptions& given, Figures read, SchemaSet schema)
    : options(given), figures(std::move(read)), schemas(std::move(schema)) {
  for (const auto& [name, spec] : schemas.all()) tables_.emplace(name, Table(&spec));
}

Table& World::table(std::string_view name) {
  const auto found = tables_.find(name);
  CHECK_MSG(found != tables_.end(), fmt::format("no schema for table {}", name));
  return found->second;
}

int64_t World::figure(std::string_view id, int digits) const {
  const auto value = figures.scaled(id, digits);
  CHECK_MSG(value.has_value(), fmt::format("figure {} was not checked before use", id));
  return *value;
}

void World::plant(std::string_view code, std::string_view rule, int question, const Row& row) {
  const std::string& table_name = row.table_name();
  for (Planted& entry : planted) {
    if (entry.code == code && entry.table == table_name) {
      entry.keys.push_back(row.key());
      return;
    }
  }
  planted.push_back({std::string(code), std::string(rule), question, table_name, {row.key()}});
}

}  // namespace yipan::generate
