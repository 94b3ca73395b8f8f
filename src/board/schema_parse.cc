#include "board/schema_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "yipan/date.h"
#include "yipan/units.h"

namespace yipan::board {

std::string pointer_step(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

Error schema_error(std::string_view what, const std::string& file, std::string_view pointer,
                   std::string_view zh, std::string_view en) {
  Error error("board.schema." + std::string(what));
  error.zh(zh).en(en).element(pointer.empty() ? "/" : pointer);
  if (!file.empty()) error.file(file);
  error.remedy("按 docs/formats/schema.md 改正", "correct it as docs/formats/schema.md says");
  return error;
}

namespace {

// A place in the document; its members are read and checked one by one.
class Node {
 public:
  Node(const Json& value, std::string pointer, const std::string& file,
       std::vector<Error>* problems)
      : value_(value), pointer_(std::move(pointer)), file_(file), problems_(problems) {}

  const Json& value() const { return value_; }
  const std::string& pointer() const { return pointer_; }
  void problem(std::string_view what, std::string_view zh, std::string_view en) const {
    problems_->push_back(schema_error(what, file_, pointer_, zh, en));
  }
  Node at(std::string_view name, const Json& value) const {
    return {value, pointer_ + pointer_step(name), file_, problems_};
  }
  Node at(size_t index) const {
    return {value_[index], pointer_ + "/" + std::to_string(index), file_, problems_};
  }

  bool is_object(std::initializer_list<std::string_view> known) const;
  // The member, if it is there and has the right type.
  std::optional<Node> member(std::string_view name, Json::value_t type, bool needed) const;
  std::string text(std::string_view name, bool needed) const;
  std::string text_here() const;
  std::vector<std::string> names(std::string_view name) const;  // a string or a list of them
  std::optional<double> number(std::string_view name, Type type) const;

 private:
  const Json& value_;
  std::string pointer_;
  const std::string& file_;
  std::vector<Error>* problems_;
};

std::string_view kind_zh(Json::value_t type) {
  switch (type) {
    case Json::value_t::object:
      return "对象";
    case Json::value_t::array:
      return "数组";
    case Json::value_t::string:
      return "字符串";
    case Json::value_t::boolean:
      return "真假值";
    default:
      return "数";
  }
}

std::string_view kind_en(Json::value_t type) {
  switch (type) {
    case Json::value_t::object:
      return "an object";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::boolean:
      return "a boolean";
    default:
      return "a number";
  }
}

bool Node::is_object(std::initializer_list<std::string_view> known) const {
  if (!value_.is_object()) {
    problem("type", "应为对象", "must be an object");
    return false;
  }
  for (const auto& [name, member] : value_.items()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const Node place = at(name, member);
    place.problem("unknown", fmt::format("不认识“{}”；可以有：{}", name, fmt::join(known, "、")),
                  fmt::format("'{}' is not known; known are: {}", name, fmt::join(known, ", ")));
  }
  return true;
}

std::optional<Node> Node::member(std::string_view name, Json::value_t type, bool needed) const {
  const auto it = value_.find(name);
  if (it == value_.end()) {
    if (needed) {
      problem("missing", fmt::format("缺少“{}”", name), fmt::format("'{}' is missing", name));
    }
    return {};
  }
  Node node = at(name, *it);
  const bool fits = it->type() == type || (type == Json::value_t::number_integer &&
                                           it->type() == Json::value_t::number_unsigned);
  if (fits) return node;
  node.problem("type", fmt::format("应为{}", kind_zh(type)),
               fmt::format("must be {}", kind_en(type)));
  return {};
}

std::string Node::text(std::string_view name, bool needed) const {
  const auto node = member(name, Json::value_t::string, needed);
  if (!node) return {};
  std::string text = node->value().get<std::string>();
  if (needed && text.empty()) node->problem("empty", "不能为空", "must not be empty");
  return text;
}

std::string Node::text_here() const {
  if (value_.is_string()) return value_.get<std::string>();
  problem("type", "应为字符串", "must be a string");
  return {};
}

std::vector<std::string> Node::names(std::string_view name) const {
  const auto it = value_.find(name);
  if (it == value_.end()) {
    problem("missing", fmt::format("缺少“{}”", name), fmt::format("'{}' is missing", name));
    return {};
  }
  const Node node = at(name, *it);
  if (it->is_string()) return {it->get<std::string>()};
  if (!it->is_array() || it->empty()) {
    node.problem("type", "应为字段名的数组", "must be an array of field names");
    return {};
  }
  std::vector<std::string> out;
  for (size_t i = 0; i < it->size(); ++i) out.push_back(node.at(i).text_here());
  if (std::set<std::string>(out.begin(), out.end()).size() != out.size()) {
    node.problem("doubled", "字段名重复", "a field is named twice");
  }
  return out;
}

std::optional<double> Node::number(std::string_view name, Type type) const {
  const auto it = value_.find(name);
  if (it == value_.end()) return {};
  const Node node = at(name, *it);
  std::optional<double> out;
  if (it->is_number()) {
    out = it->get<double>();
  } else if (it->is_string() && type == Type::date) {
    if (const auto date = Date::parse(it->get_ref<const std::string&>())) {
      out = static_cast<double>(date->days());
    }
  } else if (it->is_string()) {
    const std::string& text = it->get_ref<const std::string&>();
    double value = 0;
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong == std::errc() && end == text.data() + text.size()) out = value;
  }
  if (type != Type::integer && type != Type::real && type != Type::date) {
    node.problem("constraint", "只有数和日期才有上下限", "only numbers and dates have limits");
    return {};
  }
  if (!out || !std::isfinite(*out)) {
    node.problem("type", type == Type::date ? "应为日期“年-月-日”" : "应为数",
                 type == Type::date ? "must be a date 'YYYY-MM-DD'" : "must be a number");
    return {};
  }
  return out;
}

bool is_name(std::string_view name, size_t length_max) {
  if (name.empty() || name.size() > length_max || name[0] < 'a' || name[0] > 'z') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

// Names that a database or the board itself uses.
bool is_reserved(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames = {"fid",
                                                              "rowid",
                                                              "oid",
                                                              "ctid",
                                                              "xmin",
                                                              "xmax",
                                                              "cmin",
                                                              "cmax",
                                                              "geometry_columns",
                                                              "spatial_ref_sys",
                                                              "geography_columns",
                                                              "tableoid"};
  static constexpr std::array<std::string_view, 5> kPrefixes = {"y_", "sqlite_", "gpkg_", "rtree_",
                                                                "pg_"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
         name.ends_with("_history") ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::string parse_name(const Node& owner, size_t length_max) {
  const auto node = owner.member("name", Json::value_t::string, true);
  if (!node) return {};
  std::string name = node->value().get<std::string>();
  if (!is_name(name, length_max)) {
    node->problem(
        "name",
        fmt::format("名称“{}”应为小写字母开头，只含小写字母、数字和下划线，至多 {} 个字符", name,
                    length_max),
        fmt::format("the name '{}' must begin with a lower-case letter and hold only "
                    "lower-case letters, digits and underscores, at most {}",
                    name, length_max));
  } else if (is_reserved(name)) {
    node->problem("name", fmt::format("名称“{}”是保留的", name),
                  fmt::format("the name '{}' is reserved", name));
  }
  return name;
}

std::optional<Type> type_of(std::string_view name) {
  if (name == "string") return Type::text;
  if (name == "integer") return Type::integer;
  if (name == "number") return Type::real;
  if (name == "boolean") return Type::boolean;
  if (name == "date") return Type::date;
  if (name == "datetime") return Type::instant;
  if (name == "geojson") return Type::geometry;
  return {};
}

constexpr std::array<std::string_view, 8> kGeometries = {
    "geometry",   "point",           "linestring",   "polygon",
    "multipoint", "multilinestring", "multipolygon", "geometrycollection"};

void parse_format(const Node& node, Field* field) {
  const std::string geometry = node.text("geometry", field->type == Type::geometry);
  const std::string format = node.text("format", false);
  const auto at = [&](std::string_view name) { return node.at(name, *node.value().find(name)); };
  if (!geometry.empty()) {
    if (field->type != Type::geometry) {
      at("geometry")
          .problem("geometry", "只有 geojson 字段才有 geometry",
                   "only a geojson field has a geometry");
    } else if (std::find(kGeometries.begin(), kGeometries.end(), geometry) == kGeometries.end()) {
      at("geometry")
          .problem("geometry", fmt::format("不认识几何类型“{}”", geometry),
                   fmt::format("'{}' is not one of {}", geometry, fmt::join(kGeometries, ", ")));
    }
    field->format = geometry;
  }
  if (format.empty() || format == "default") return;
  if (field->type != Type::text || (format != "email" && format != "uri")) {
    at("format").problem("format", fmt::format("不认识格式“{}”", format),
                         fmt::format("the format '{}' is not known (strings: email, uri)", format));
  }
  field->format = format;
}

std::string code_text(const Node& node) {
  if (node.value().is_number_integer()) return fmt::format("{}", node.value().get<int64_t>());
  return node.text_here();
}

void parse_enum(const Node& constraints, Field* field) {
  const auto list = constraints.member("enum", Json::value_t::array, false);
  if (!list) return;
  for (size_t i = 0; i < list->value().size(); ++i) {
    const std::string code = code_text(list->at(i));
    const bool doubled = std::any_of(field->codes.begin(), field->codes.end(),
                                     [&](const CodeItem& item) { return item.code == code; });
    if (doubled) {
      list->at(i).problem("doubled", fmt::format("代码“{}”重复", code),
                          fmt::format("the code '{}' is given twice", code));
    }
    field->codes.push_back({code, code, code});
  }
  if (list->value().empty()) list->problem("empty", "不能为空", "must not be empty");
  if (field->type != Type::text && field->type != Type::integer) {
    list->problem("constraint", "只有 string 和 integer 字段才有 enum",
                  "only a string or integer field has an enum");
  }
}

void parse_constraints(const Node& field_node, Field* field) {
  const auto node = field_node.member("constraints", Json::value_t::object, false);
  if (!node) return;
  node->is_object({"required", "minimum", "maximum", "maxLength", "pattern", "enum"});
  if (const auto required = node->member("required", Json::value_t::boolean, false)) {
    field->required = required->value().get<bool>();
  }
  field->minimum = node->number("minimum", field->type);
  field->maximum = node->number("maximum", field->type);
  if (field->minimum && field->maximum && *field->minimum > *field->maximum) {
    node->problem("constraint", "minimum 大于 maximum", "minimum is above maximum");
  }
  if (const auto length = node->member("maxLength", Json::value_t::number_integer, false)) {
    const auto value = length->value().get<int64_t>();
    if (value < 1 || field->type != Type::text) {
      length->problem("constraint", "应为正整数，且只用于 string 字段",
                      "must be a positive integer, and on a string field");
    } else {
      field->length_max = static_cast<size_t>(value);
    }
  }
  if (const auto pattern = node->member("pattern", Json::value_t::string, false)) {
    field->pattern = pattern->value().get<std::string>();
    if (field->type != Type::text || field->pattern.empty()) {
      pattern->problem("constraint", "应为非空，且只用于 string 字段",
                       "must not be empty, and on a string field");
    }
  }
  parse_enum(*node, field);
}

void parse_categories(const Node& field_node, Field* field) {
  const auto list = field_node.member("categories", Json::value_t::array, false);
  if (!list) return;
  const bool listed = !field->codes.empty();
  for (size_t i = 0; i < list->value().size(); ++i) {
    const Node item = list->at(i);
    if (!item.is_object({"value", "label", "label_en"})) continue;
    const auto value = item.value().find("value");
    if (value == item.value().end()) {
      item.problem("missing", "缺少“value”", "'value' is missing");
      continue;
    }
    const std::string code = code_text(item.at("value", *value));
    const auto known = std::find_if(field->codes.begin(), field->codes.end(),
                                    [&](const CodeItem& c) { return c.code == code; });
    if (known == field->codes.end() && listed) {
      item.problem("categories", fmt::format("代码“{}”不在 enum 里", code),
                   fmt::format("the code '{}' is not in the enum", code));
      continue;
    }
    CodeItem* target = known == field->codes.end() ? &field->codes.emplace_back() : &*known;
    target->code = code;
    target->zh = item.text("label", true);
    target->en = item.text("label_en", true);
  }
}

Field parse_field(const Node& node) {
  Field field;
  if (!node.is_object({"name", "type", "format", "title", "title_en", "description",
                       "description_en", "unit", "geometry", "constraints", "categories"})) {
    return field;
  }
  field.name = parse_name(node, 60);
  if (const auto type = node.member("type", Json::value_t::string, true)) {
    const auto known = type_of(type->value().get_ref<const std::string&>());
    if (!known) {
      type->problem("type", "不认识的类型",
                    "the type is not one of string, integer, number, boolean, date, datetime, "
                    "geojson");
    }
    field.type = known.value_or(Type::text);
  }
  field.title_zh = node.text("title", true);
  field.title_en = node.text("title_en", true);
  field.description_zh = node.text("description", false);
  field.description_en = node.text("description_en", false);
  field.unit = node.text("unit", false);
  const Unit* unit = field.unit.empty() ? nullptr : find_unit(field.unit);
  if (!field.unit.empty() && (unit == nullptr || unit->id != field.unit)) {
    node.at("unit", *node.value().find("unit"))
        .problem(
            "unit", fmt::format("不认识单位“{}”", field.unit),
            fmt::format("the unit '{}' is not known (give its id, such as m2 or fen)", field.unit));
  }
  parse_format(node, &field);
  parse_constraints(node, &field);
  parse_categories(node, &field);
  return field;
}

void parse_fields(const Node& node, TableSchema* table) {
  const auto fields = node.member("fields", Json::value_t::array, true);
  if (!fields) return;
  if (fields->value().empty() || fields->value().size() > 500) {
    fields->problem("fields", "应有 1 至 500 个字段", "must hold 1 to 500 fields");
  }
  size_t geometries = 0;
  for (size_t i = 0; i < fields->value().size(); ++i) {
    const Node place = fields->at(i);
    Field field = parse_field(place);
    if (table->find(field.name) != nullptr) {
      place.problem("doubled", fmt::format("字段“{}”重复", field.name),
                    fmt::format("the field '{}' is there twice", field.name));
    }
    if (field.type == Type::geometry && ++geometries == 2) {
      place.problem("geometry", "一张表只能有一个几何字段（GeoPackage）",
                    "a table has at most one geometry field (GeoPackage)");
    }
    table->fields.push_back(std::move(field));
  }
}

// Names of fields that must exist. A problem for each that does not.
std::vector<std::string> parse_field_names(const Node& node, std::string_view member,
                                           const TableSchema& table) {
  std::vector<std::string> names = node.names(member);
  for (const std::string& name : names) {
    if (table.find(name) != nullptr) continue;
    node.at(member, *node.value().find(member))
        .problem("field", fmt::format("没有字段“{}”", name),
                 fmt::format("there is no field '{}'", name));
  }
  return names;
}

void parse_primary_key(const Node& node, TableSchema* table) {
  table->primary_key = parse_field_names(node, "primaryKey", *table);
  for (const std::string& name : table->primary_key) {
    const auto index = table->index_of(name);
    if (!index) continue;
    Field& field = table->fields[*index];
    field.required = true;
    if (field.type == Type::real || field.type == Type::geometry) {
      node.at("primaryKey", *node.value().find("primaryKey"))
          .problem("key", fmt::format("字段“{}”不能作主键：它是小数或几何", name),
                   fmt::format("the field '{}' cannot be a key: it is a real or a geometry", name));
    }
  }
}

void parse_foreign_keys(const Node& node, TableSchema* table) {
  const auto list = node.member("foreignKeys", Json::value_t::array, false);
  if (!list) return;
  for (size_t i = 0; i < list->value().size(); ++i) {
    const Node item = list->at(i);
    if (!item.is_object({"fields", "reference"})) continue;
    ForeignKey key;
    key.fields = parse_field_names(item, "fields", *table);
    const auto reference = item.member("reference", Json::value_t::object, true);
    if (!reference) continue;
    reference->is_object({"resource", "fields"});
    const auto resource = reference->member("resource", Json::value_t::string, true);
    if (resource) key.table = resource->value().get<std::string>();
    if (key.table.empty()) key.table = table->name;  // Table Schema: "" is the table itself
    key.references = reference->names("fields");
    table->foreign_keys.push_back(std::move(key));
  }
}

void parse_indexes(const Node& node, TableSchema* table) {
  const auto list = node.member("indexes", Json::value_t::array, false);
  if (!list) return;
  for (size_t i = 0; i < list->value().size(); ++i) {
    const Node item = list->at(i);
    std::vector<std::string> names;
    if (!item.value().is_array() || item.value().empty()) {
      item.problem("type", "应为字段名的数组", "must be an array of field names");
      continue;
    }
    for (size_t k = 0; k < item.value().size(); ++k) {
      names.push_back(item.at(k).text_here());
      const Field* field = table->find(names.back());
      if (field == nullptr) {
        item.at(k).problem("field", fmt::format("没有字段“{}”", names.back()),
                           fmt::format("there is no field '{}'", names.back()));
      } else if (field->type == Type::geometry) {
        item.at(k).problem("index", "几何字段不能建普通索引",
                           "a geometry field cannot be in an index");
      }
    }
    table->indexes.push_back(std::move(names));
  }
}

}  // namespace

TableSchema parse_table(const Json& doc, const std::string& file, std::vector<Error>* problems) {
  TableSchema table;
  const Node node(doc, "", file, problems);
  if (!node.is_object({"name", "title", "title_en", "description", "description_en", "fields",
                       "primaryKey", "foreignKeys", "indexes"})) {
    return table;
  }
  table.name = parse_name(node, 40);
  table.title_zh = node.text("title", true);
  table.title_en = node.text("title_en", true);
  table.description_zh = node.text("description", false);
  table.description_en = node.text("description_en", false);
  parse_fields(node, &table);
  parse_primary_key(node, &table);
  parse_foreign_keys(node, &table);
  parse_indexes(node, &table);
  return table;
}

}  // namespace yipan::board
