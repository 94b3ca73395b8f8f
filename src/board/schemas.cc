// Sets of tables: loading, checking across tables, order, and the bundle.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "board/schema_parse.h"
#include "yipan/date.h"

namespace yipan::board {

const Field* TableSchema::find(std::string_view field) const {
  const auto index = index_of(field);
  return index ? &fields[*index] : nullptr;
}

std::optional<size_t> TableSchema::index_of(std::string_view field) const {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field) return i;
  }
  return {};
}

std::vector<Type> TableSchema::types() const {
  std::vector<Type> out;
  for (const Field& field : fields) out.push_back(field.type);
  return out;
}

store::TableSpec TableSchema::table_spec() const {
  store::TableSpec spec;
  spec.name = name;
  for (const Field& field : fields) {
    store::ColumnSpec column;
    column.name = field.name;
    column.type = field.type;
    column.not_null =
        std::find(primary_key.begin(), primary_key.end(), field.name) != primary_key.end();
    if (field.type == Type::geometry) {
      column.geometry_type = field.format;
      for (char& c : column.geometry_type) c = static_cast<char>(c - 'a' + 'A');
    }
    spec.columns.push_back(std::move(column));
  }
  spec.primary_key = primary_key;
  spec.indexes = indexes;
  spec.title = title_zh;
  spec.description = description_zh;
  return spec;
}

// ---- across tables
// -------------------------------------------------------------------------------

namespace {

const TableSchema* find_table(const std::vector<TableSchema>& tables, std::string_view name) {
  for (const TableSchema& table : tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

void check_foreign_key(const std::vector<TableSchema>& tables, const TableSchema& table,
                       const ForeignKey& key, const std::string& file, const std::string& pointer,
                       std::vector<Error>* problems) {
  const auto problem = [&](std::string_view step, const std::string& zh, const std::string& en) {
    problems->push_back(schema_error("foreign_key", file, pointer + std::string(step), zh, en));
  };
  const TableSchema* target = find_table(tables, key.table);
  if (target == nullptr) {
    return problem("/reference/resource", fmt::format("没有表“{}”", key.table),
                   fmt::format("there is no table '{}'", key.table));
  }
  if (key.fields.size() != key.references.size()) {
    return problem("", "两边的字段数不同", "the two sides have different numbers of fields");
  }
  for (size_t i = 0; i < key.fields.size(); ++i) {
    const Field* from = table.find(key.fields[i]);
    const Field* to = target->find(key.references[i]);
    if (to == nullptr) {
      problem("/reference/fields", fmt::format("表“{}”没有字段“{}”", key.table, key.references[i]),
              fmt::format("table '{}' has no field '{}'", key.table, key.references[i]));
    } else if (from != nullptr && from->type != to->type) {
      problem("", fmt::format("{} 与 {}.{} 类型不同", from->name, key.table, to->name),
              fmt::format("{} and {}.{} have different types", from->name, key.table, to->name));
    }
  }
}

// Tables that `table` refers to, itself left out.
std::set<std::string> references(const TableSchema& table) {
  std::set<std::string> out;
  for (const ForeignKey& key : table.foreign_keys) {
    if (key.table != table.name) out.insert(key.table);
  }
  return out;
}

using Graph = std::map<std::string, std::set<std::string>>;

std::set<std::string> reachable(const Graph& graph, const std::string& from) {
  std::set<std::string> seen;
  std::vector<std::string> todo{from};
  while (!todo.empty()) {
    const auto edges = graph.find(todo.back());
    todo.pop_back();
    if (edges == graph.end()) continue;
    for (const std::string& next : edges->second) {
      if (seen.insert(next).second) todo.push_back(next);
    }
  }
  return seen;
}

}  // namespace

void check_tables(const std::vector<TableSchema>& tables, const std::vector<std::string>& files,
                  std::vector<Error>* problems) {
  std::set<std::string> names;
  for (size_t i = 0; i < tables.size(); ++i) {
    const TableSchema& table = tables[i];
    if (!table.name.empty() && !names.insert(table.name).second) {
      problems->push_back(schema_error("doubled", files[i], "/name",
                                       fmt::format("表“{}”重复", table.name),
                                       fmt::format("the table '{}' is there twice", table.name)));
    }
    for (size_t k = 0; k < table.foreign_keys.size(); ++k) {
      check_foreign_key(tables, table, table.foreign_keys[k], files[i],
                        "/foreignKeys/" + std::to_string(k), problems);
    }
  }
}

std::vector<TableSchema> in_dependency_order(std::vector<TableSchema> tables) {
  std::sort(tables.begin(), tables.end(),
            [](const TableSchema& a, const TableSchema& b) { return a.name < b.name; });
  Graph graph;
  for (const TableSchema& table : tables) graph[table.name] = references(table);
  std::map<std::string, std::set<std::string>> reach;
  for (const auto& [name, edges] : graph) reach[name] = reachable(graph, name);
  std::vector<TableSchema> out;
  std::set<std::string> done;
  while (!tables.empty()) {
    // The first by name whose references are done, or lie in the same circle as itself.
    const auto ready = std::find_if(tables.begin(), tables.end(), [&](const TableSchema& table) {
      const auto& needs = reach[table.name];
      return std::all_of(needs.begin(), needs.end(), [&](const std::string& need) {
        return done.contains(need) || !graph.contains(need) || need == table.name ||
               reach[need].contains(table.name);
      });
    });
    CHECK(ready != tables.end());
    done.insert(ready->name);
    out.push_back(std::move(*ready));
    tables.erase(ready);
  }
  return out;
}

Error join_problems(const std::vector<Error>& problems) {
  CHECK(!problems.empty());
  if (problems.size() == 1) return problems.front();
  std::string zh = fmt::format("表结构有 {} 处问题：", problems.size());
  std::string en = fmt::format("the schemas have {} problems:", problems.size());
  for (const Error& problem : problems) {
    const std::string place = problem.place().file + "#" + problem.place().element;
    zh += fmt::format("\n  {}：{}", place, problem.message_zh());
    en += fmt::format("\n  {}: {}", place, problem.message_en());
  }
  Error error("board.schema.invalid");
  error.zh(zh).en(en).element(problems.front().place().element);
  if (!problems.front().place().file.empty()) error.file(problems.front().place().file);
  error.remedy("按 docs/formats/schema.md 逐条改正", "correct each as docs/formats/schema.md says");
  return error;
}

// ---- JSON
// ----------------------------------------------------------------------------------------

namespace {

std::string_view type_name(Type type) {
  switch (type) {
    case Type::integer:
      return "integer";
    case Type::real:
      return "number";
    case Type::boolean:
      return "boolean";
    case Type::date:
      return "date";
    case Type::instant:
      return "datetime";
    case Type::geometry:
      return "geojson";
    default:
      return "string";
  }
}

std::string limit_text(const Field& field, double value) {
  if (field.type != Type::date) return fmt::format("{}", value);
  return Date::from_days(static_cast<int64_t>(value)).to_string();
}

Json constraints_to_json(const Field& field) {
  Json out = Json::object();
  if (field.required) out["required"] = true;
  if (field.minimum) out["minimum"] = limit_text(field, *field.minimum);
  if (field.maximum) out["maximum"] = limit_text(field, *field.maximum);
  if (field.length_max != 0) out["maxLength"] = field.length_max;
  if (!field.pattern.empty()) out["pattern"] = field.pattern;
  for (const CodeItem& code : field.codes) out["enum"].push_back(code.code);
  return out;
}

Json field_to_json(const Field& field) {
  Json out = {{"name", field.name},
              {"type", std::string(type_name(field.type))},
              {"title", field.title_zh},
              {"title_en", field.title_en}};
  if (!field.description_zh.empty()) out["description"] = field.description_zh;
  if (!field.description_en.empty()) out["description_en"] = field.description_en;
  if (!field.unit.empty()) out["unit"] = field.unit;
  if (!field.format.empty()) {
    out[field.type == Type::geometry ? "geometry" : "format"] = field.format;
  }
  Json constraints = constraints_to_json(field);
  if (!constraints.empty()) out["constraints"] = std::move(constraints);
  for (const CodeItem& code : field.codes) {
    if (code.zh == code.code && code.en == code.code) continue;
    out["categories"].push_back({{"value", code.code}, {"label", code.zh}, {"label_en", code.en}});
  }
  return out;
}

}  // namespace

Json table_to_json(const TableSchema& table) {
  Json out = {{"name", table.name},
              {"title", table.title_zh},
              {"title_en", table.title_en},
              {"fields", Json::array()},
              {"primaryKey", table.primary_key}};
  if (!table.description_zh.empty()) out["description"] = table.description_zh;
  if (!table.description_en.empty()) out["description_en"] = table.description_en;
  for (const Field& field : table.fields) out["fields"].push_back(field_to_json(field));
  for (const ForeignKey& key : table.foreign_keys) {
    out["foreignKeys"].push_back(
        {{"fields", key.fields},
         {"reference", {{"resource", key.table}, {"fields", key.references}}}});
  }
  if (!table.indexes.empty()) out["indexes"] = table.indexes;
  return out;
}

// ---- Schemas
// -------------------------------------------------------------------------------------

struct SchemasBuilder {
  static Result<Schemas> build(std::vector<TableSchema> tables,
                               const std::vector<std::string>& files, std::vector<Error> found,
                               std::vector<Error>* problems) {
    check_tables(tables, files, &found);
    if (!found.empty()) {
      if (problems != nullptr) *problems = found;
      return fail(join_problems(found));
    }
    Schemas schemas;
    schemas.tables_ = in_dependency_order(std::move(tables));
    return schemas;
  }
};

Result<Schemas> Schemas::load(Files& files, const std::string& directory,
                              std::vector<Error>* problems) {
  YIPAN_ASSIGN(const std::vector<std::string> names, files.list(directory));
  std::vector<TableSchema> tables;
  std::vector<std::string> paths;
  std::vector<Error> found;
  for (const std::string& name : names) {
    if (!name.ends_with(".json")) continue;
    const std::string path = directory + "/" + name;
    YIPAN_ASSIGN(const std::string text, read_file(files, path));
    const auto doc = parse_json(text, path);
    if (!doc) {
      found.push_back(doc.error());
      continue;
    }
    TableSchema table = parse_table(*doc, path, &found);
    if (!table.name.empty() && table.name + ".json" != name) {
      found.push_back(schema_error("name", path, "/name",
                                   fmt::format("文件名应为 {}.json", table.name),
                                   fmt::format("the file must be named {}.json", table.name)));
    }
    tables.push_back(std::move(table));
    paths.push_back(path);
  }
  if (tables.empty() && found.empty()) {
    found.push_back(schema_error("none", directory, "", "文件夹里没有表结构（*.json）",
                                 "there are no schemas (*.json) in the folder"));
  }
  return SchemasBuilder::build(std::move(tables), paths, std::move(found), problems);
}

Result<Schemas> Schemas::parse_bundle(std::string_view canonical) {
  YIPAN_ASSIGN(const Json doc, parse_json(canonical));
  if (!doc.is_object() || doc.size() != 2 || doc.value("format", Json()) != "yipan-schemas/1" ||
      !doc.contains("tables") || !doc["tables"].is_array() || doc["tables"].size() > 10'000) {
    return fail(schema_error("bundle", "", "", "不是表结构合集（yipan-schemas/1）",
                             "this is not a bundle of schemas (yipan-schemas/1)"));
  }
  std::vector<TableSchema> tables;
  std::vector<std::string> files;
  std::vector<Error> found;
  for (size_t i = 0; i < doc["tables"].size(); ++i) {
    tables.push_back(parse_table(doc["tables"][i], "tables/" + std::to_string(i), &found));
    files.push_back("tables/" + std::to_string(i));
  }
  return SchemasBuilder::build(std::move(tables), files, std::move(found), nullptr);
}

std::string Schemas::bundle() const {
  Json tables = Json::array();
  for (const TableSchema& table : tables_) tables.push_back(table_to_json(table));
  const auto text =
      canonical_json(Json{{"format", "yipan-schemas/1"}, {"tables", std::move(tables)}});
  CHECK_MSG(text.has_value(), "schemas hold only what canonical JSON can write");
  return *text;
}

const TableSchema* Schemas::find(std::string_view table) const {
  return find_table(tables_, table);
}

}  // namespace yipan::board
