#include "generate/schema.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "yipan/json.h"

namespace yipan::generate {
namespace {

Error invalid(const std::string& path, std::string_view what_zh, std::string_view what_en) {
  return Error("generate.schema.invalid")
      .zh(what_zh)
      .en(what_en)
      .file(path)
      .remedy("按 rulebook/schema 其他文件的写法改正",
              "write it as the other files of rulebook/schema are written");
}

std::optional<Kind> kind_of(std::string_view type) {
  if (type == "string") return Kind::text;
  if (type == "integer") return Kind::integer;
  if (type == "number") return Kind::number;
  if (type == "boolean") return Kind::boolean;
  if (type == "date") return Kind::date;
  if (type == "datetime") return Kind::datetime;
  if (type == "geojson") return Kind::geometry;
  return std::nullopt;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<FieldSpec> read_field(const Json& json, const std::string& path) {
  if (!json.is_object()) return fail(invalid(path, "字段应是对象", "a field must be an object"));
  FieldSpec field;
  field.name = text_of(json, "name");
  const auto kind = kind_of(text_of(json, "type"));
  if (field.name.empty() || !kind) {
    return fail(invalid(path, fmt::format("字段“{}”的 name 或 type 不对", field.name),
                        fmt::format("field \"{}\": name or type is wrong", field.name)));
  }
  field.kind = *kind;
  field.title = text_of(json, "title");
  field.unit = text_of(json, "unit");
  field.geometry = text_of(json, "geometry");
  if (const auto codes = json.find("categories"); codes != json.end() && codes->is_array()) {
    for (const Json& code : *codes) {
      if (code.is_object())
        field.codes.emplace_back(text_of(code, "value"), text_of(code, "label"));
    }
  }
  return field;
}

Result<TableSpec> read_table(std::string_view text, const std::string& path) {
  YIPAN_ASSIGN(const Json json, parse_json(text, path));
  if (!json.is_object()) return fail(invalid(path, "应是一个对象", "it must be an object"));
  TableSpec table;
  table.name = text_of(json, "name");
  table.title = text_of(json, "title");
  const auto fields = json.find("fields");
  if (table.name.empty() || fields == json.end() || !fields->is_array()) {
    return fail(invalid(path, "缺少 name 或 fields", "name or fields is missing"));
  }
  for (const Json& entry : *fields) {
    YIPAN_ASSIGN(FieldSpec field, read_field(entry, path));
    table.index.emplace(field.name, table.fields.size());
    table.fields.push_back(std::move(field));
  }
  if (const auto key = json.find("primaryKey"); key != json.end() && key->is_array()) {
    for (const Json& part : *key) {
      if (part.is_string()) table.primary_key.push_back(part.get<std::string>());
    }
  }
  return table;
}

// Tables of results, which a diagnosis writes: no source data, so no package has them.
bool is_result(const std::string& table) {
  return table == "findings" || table == "finding_evidence";
}

}  // namespace

std::string TableSpec::geometry_field() const {
  for (const FieldSpec& field : fields) {
    if (field.kind == Kind::geometry) return field.name;
  }
  return {};
}

Result<SchemaSet> SchemaSet::load(Files& files, const std::string& directory) {
  YIPAN_ASSIGN(const std::vector<std::string> names, files.list(directory));
  SchemaSet out;
  for (const std::string& name : names) {
    if (!name.ends_with(".json")) continue;
    const std::string path = directory + "/" + name;
    YIPAN_ASSIGN(const std::string text, read_file(files, path, uint64_t{16} << 20));
    YIPAN_ASSIGN(TableSpec table, read_table(text, path));
    if (!is_result(table.name)) out.tables_.emplace(table.name, std::move(table));
  }
  if (out.tables_.empty()) {
    return fail(invalid(directory, "文件夹里没有表结构", "the folder holds no table schema"));
  }
  return out;
}

const TableSpec* SchemaSet::find(std::string_view table) const {
  const auto found = tables_.find(table);
  return found == tables_.end() ? nullptr : &found->second;
}

}  // namespace yipan::generate
