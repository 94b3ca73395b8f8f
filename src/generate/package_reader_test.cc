// The tests' own reader of packages and schemas.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "generate/test_package.h"
#include "yipan/date.h"
#include "yipan/text.h"

namespace yipan::generate::testing {
namespace {

const json* field_titled(const json& schema, const std::string& title) {
  for (const json& field : schema["fields"]) {
    if (field["title"] == title) return &field;
  }
  throw std::runtime_error("no field is titled " + title);
}

const json* field_named(const json& schema, const std::string& name) {
  for (const json& field : schema["fields"]) {
    if (field["name"] == name) return &field;
  }
  throw std::runtime_error("no field is named " + name);
}

// "12.5" with the point moved six digits to the right is 12500000, exactly.
int64_t shifted(const std::string& text, int digits) {
  std::string out;
  int after = -1;
  for (const char c : text) {
    if (c == '.') {
      after = 0;
      continue;
    }
    out.push_back(c);
    if (after >= 0) ++after;
  }
  if (after > digits) throw std::runtime_error("too many decimals: " + text);
  out.append(static_cast<size_t>(digits - std::max(after, 0)), '0');
  return std::stoll(out);
}

json value_of(const json& field, const std::string& text, const std::string& unit) {
  const std::string type = field["type"];
  if (type == "boolean") return text == "true" || text == "是";
  if (type == "number") return std::stod(text);
  if (type == "integer") {
    return shifted(text, unit == "万元" ? 6 : unit == "万千瓦时" ? 4 : 0);
  }
  if (field.contains("categories")) {
    for (const json& code : field["categories"]) {
      if (code["label"] == text) return code["value"];
    }
  }
  return text;
}

std::vector<Record> read_csv_table(const json& schema, const std::string& text) {
  const auto lines = parse_csv(text);
  std::vector<const json*> fields;
  std::vector<std::string> units;
  for (const std::string& head : lines.at(0)) {
    const size_t open = head.find("（");
    const bool chinese = static_cast<unsigned char>(head[0]) > 127;
    fields.push_back(chinese ? field_titled(schema, head.substr(0, open))
                             : field_named(schema, head));
    const std::string rest = open == std::string::npos ? "" : head.substr(open + 3);
    units.push_back(rest.substr(0, rest.find("）")));
  }
  std::vector<Record> out;
  for (size_t r = 1; r < lines.size(); ++r) {
    Record record;
    if (lines[r].size() != fields.size()) throw std::runtime_error("row of another width");
    for (size_t f = 0; f < fields.size(); ++f) {
      if (lines[r][f].empty()) continue;
      record[(*fields[f])["name"]] = value_of(*fields[f], lines[r][f], units[f]);
    }
    out.push_back(std::move(record));
  }
  return out;
}

std::vector<Record> read_geojson_table(const json& schema, const std::string& text) {
  std::string geometry;
  for (const json& field : schema["fields"]) {
    if (field["type"] == "geojson") geometry = field["name"];
  }
  std::vector<Record> out;
  const json collection = json::parse(text);
  for (const json& feature : collection["features"]) {
    Record record;
    for (const auto& [name, value] : feature["properties"].items()) {
      if (!value.is_null()) record[name] = value;
    }
    if (!feature["geometry"].is_null()) record[geometry] = feature["geometry"];
    out.push_back(std::move(record));
  }
  return out;
}

// One polygon of one closed, counter-clockwise ring: what the generator draws is simple.
std::string check_geometry(const json& value, const std::string& wanted) {
  const std::string kind = value["type"];
  if ((wanted == "point") != (kind == "Point")) return "another geometry";
  if (kind == "Point") return {};
  if (value["coordinates"].size() != 1) return "not one polygon";
  const json& ring = value["coordinates"][0][0];
  if (ring.size() < 5 || ring.front() != ring.back()) return "ring not closed";
  double twice_area = 0;
  for (size_t i = 0; i + 1 < ring.size(); ++i) {
    twice_area += (ring[i][0].get<double>() - 118) * (ring[i + 1][1].get<double>() - 33) -
                  (ring[i + 1][0].get<double>() - 118) * (ring[i][1].get<double>() - 33);
  }
  return twice_area > 0 ? "" : "ring not counter-clockwise";
}

std::string check_value(const json& field, const json& value) {
  const json constraints = field.value("constraints", json::object());
  if (constraints.contains("minimum") && value < constraints["minimum"]) return "below minimum";
  if (constraints.contains("maximum") && value > constraints["maximum"]) return "above maximum";
  if (constraints.contains("maxLength") &&
      code_point_count(value.get<std::string>()) > constraints["maxLength"]) {
    return "too long";
  }
  if (constraints.contains("enum")) {
    const json& codes = constraints["enum"];
    if (std::find(codes.begin(), codes.end(), value) == codes.end()) return "not a code";
  }
  if (field["type"] == "date" && !Date::parse(value.get<std::string>())) return "not a date";
  if (field["type"] == "datetime" && !Instant::parse(value.get<std::string>())) return "not a time";
  if (field["type"] == "geojson") return check_geometry(value, field["geometry"]);
  return {};
}

std::string key_of(const Record& record, const json& fields) {
  std::string key;
  for (const json& field : fields) {
    const auto found = record.find(field.get<std::string>());
    if (found == record.end()) return {};
    key.append(found->second.dump()).push_back('|');
  }
  return key;
}

void check_rows(const std::string& name, const json& schema, const std::vector<Record>& rows,
                std::vector<std::string>* out) {
  std::set<std::string> keys;
  for (const Record& record : rows) {
    const std::string key = key_of(record, schema["primaryKey"]);
    if (!keys.insert(key).second) out->push_back(fmt::format("{} {}: key twice", name, key));
    for (const json& field : schema["fields"]) {
      const std::string column = field["name"];
      const auto found = record.find(column);
      const bool required =
          field.contains("constraints") && field["constraints"].value("required", false);
      const std::string wrong = found != record.end() ? check_value(field, found->second)
                                : required            ? "required"
                                                      : "";
      if (!wrong.empty()) out->push_back(fmt::format("{}.{} {}: {}", name, column, key, wrong));
    }
    if (out->size() > 20) return;
  }
}

void check_references(const Package& package, const std::string& name, const json& schema,
                      std::vector<std::string>* out) {
  for (const json& reference : schema["foreignKeys"]) {
    const std::string target = reference["reference"]["resource"];
    std::set<std::string> there;
    for (const Record& record : package.tables.at(target)) {
      there.insert(key_of(record, reference["reference"]["fields"]));
    }
    for (const Record& record : package.tables.at(name)) {
      const std::string key = key_of(record, reference["fields"]);
      if (key.empty() || there.count(key) > 0) continue;
      out->push_back(fmt::format("{}.{} {}: not in {}", name,
                                 reference["fields"][0].get<std::string>(), key, target));
      if (out->size() > 20) return;
    }
  }
}

}  // namespace

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1);
  rows[0].emplace_back();
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        rows.back().back().push_back(text[++i]);
      } else if (c == '"') {
        quoted = false;
      } else {
        rows.back().back().push_back(c);
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\n') {
      rows.push_back({""});
    } else if (c != '\r') {
      rows.back().back().push_back(c);
    }
  }
  rows.pop_back();
  return rows;
}

Package read_package(const std::string& directory) {
  Package package;
  package.descriptor = json::parse(slurp(directory + "/datapackage.json"));
  for (const auto& entry :
       std::filesystem::directory_iterator(YIPAN_SOURCE_DIR "/rulebook/schema")) {
    const json schema = json::parse(slurp(entry.path().string()));
    // What a diagnosis writes is no source data: no package has it.
    if (schema["name"] == "findings" || schema["name"] == "finding_evidence") continue;
    package.schemas[schema["name"]] = schema;
  }
  for (const json& resource : package.descriptor["resources"]) {
    const std::string name = resource["name"];
    const json& schema = package.schemas.at(name);
    std::string text = slurp(directory + "/" + resource["path"].get<std::string>());
    if (resource["encoding"] == "gb18030") {
      const auto decoded = to_utf8(text, Encoding::gb18030);
      if (!decoded) throw std::runtime_error(decoded.error().to_string_en());
      text = *decoded;
    }
    package.tables[name] = resource["format"] == "geojson" ? read_geojson_table(schema, text)
                                                           : read_csv_table(schema, text);
  }
  return package;
}

std::vector<std::string> violations(const Package& package) {
  std::vector<std::string> out;
  for (const auto& [name, rows] : package.tables) {
    check_rows(name, package.schemas.at(name), rows, &out);
    check_references(package, name, package.schemas.at(name), &out);
    if (out.size() > 20) break;
  }
  return out;
}

int64_t Package::sum(const std::string& table, const std::string& field) const {
  int64_t total = 0;
  for (const Record& record : tables.at(table)) {
    const auto found = record.find(field);
    if (found != record.end()) total += found->second.get<int64_t>();
  }
  return total;
}

TEST(PackageReader, ShiftsThePointExactly) {
  const auto rows = parse_csv("a,\"b,\"\"c\"\"\"\n1,2\r\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0][1], "b,\"c\"");
  EXPECT_EQ(rows[1][1], "2");
  EXPECT_EQ(shifted("12.5", 6), 12'500'000);
  EXPECT_EQ(shifted("-0.000001", 6), -1);
}

}  // namespace yipan::generate::testing
