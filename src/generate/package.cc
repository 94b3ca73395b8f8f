#include "generate/package.h"

#include <fmt/format.h>

#include <cmath>

#include "generate/world.h"
#include "yipan/json.h"
#include "yipan/text.h"
#include "yipan/units.h"

namespace yipan::generate {
namespace {

enum class Format { csv, csv_gb18030, geojson };

Format format_of(const TableSpec& spec) {
  if (spec.name == "contracts" || spec.name == "investments" || spec.name == "flats") {
    return Format::csv_gb18030;
  }
  return spec.geometry_field().empty() ? Format::csv : Format::geojson;
}

std::string file_name(const TableSpec& spec, Format format) {
  if (format == Format::csv_gb18030) return spec.title + ".csv";
  return spec.name + (format == Format::geojson ? ".geojson" : ".csv");
}

// The unit in which a Chinese office would write the column, and the decimals it needs.
struct LocalUnit {
  const char* id;
  const char* zh;
  int shift;  // digits by which the stored whole number is moved
};
LocalUnit local_unit(const FieldSpec& field) {
  if (field.kind == Kind::integer && field.unit == "fen") return {"wan_yuan", "万元", 6};
  if (field.unit == "m2") return {"m2", "平方米", 0};
  if (field.unit == "kwh") return {"wan_kwh", "万千瓦时", 4};
  if (field.unit == "permille") return {"permille", "‰", 0};
  if (field.unit == "persons") return {"persons", "人", 0};
  return {"", "", 0};
}

void append_shifted(int64_t value, int shift, std::string* out) {
  if (shift == 0) {
    out->append(std::to_string(value));
    return;
  }
  std::string digits = std::to_string(value < 0 ? -value : value);
  const auto width = static_cast<size_t>(shift) + 1;
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  std::string fraction = digits.substr(digits.size() - static_cast<size_t>(shift));
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  if (value < 0) out->push_back('-');
  out->append(digits, 0, digits.size() - static_cast<size_t>(shift));
  if (!fraction.empty()) out->append("." + fraction);
}

void append_csv_text(std::string_view text, std::string* out) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out->append(text);
    return;
  }
  out->push_back('"');
  for (const char c : text) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

std::string plain_text(const FieldSpec& field, const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<double>(&cell)) return fmt::format("{}", *number);
  const auto* value = std::get_if<int64_t>(&cell);
  if (value == nullptr) return {};
  if (field.kind == Kind::boolean) return *value != 0 ? "true" : "false";
  if (field.kind == Kind::date) return Date::from_days(*value).to_string();
  if (field.kind == Kind::datetime) return Instant::from_micros(*value).to_string();
  return std::to_string(*value);
}

std::string csv(const Table& table) {
  std::string out;
  const TableSpec& spec = table.spec();
  for (size_t f = 0; f < spec.fields.size(); ++f) {
    if (f > 0) out.push_back(',');
    out.append(spec.fields[f].name);
  }
  out.push_back('\n');
  for (size_t r = 0; r < table.size(); ++r) {
    const std::vector<Cell>& cells = table.cells(r);
    for (size_t f = 0; f < cells.size(); ++f) {
      if (f > 0) out.push_back(',');
      append_csv_text(plain_text(spec.fields[f], cells[f]), &out);
    }
    out.push_back('\n');
  }
  return out;
}

std::string chinese_cell(const FieldSpec& field, const Cell& cell) {
  const auto* value = std::get_if<int64_t>(&cell);
  if (value != nullptr && field.kind == Kind::boolean) return *value != 0 ? "是" : "否";
  if (value != nullptr && field.kind == Kind::integer) {
    std::string out;
    append_shifted(*value, local_unit(field).shift, &out);
    return out;
  }
  const std::string text = plain_text(field, cell);
  for (const auto& [code, label] : field.codes) {
    if (code == text) return label;
  }
  return text;
}

// As an office sends it: Chinese headers with units, labels for codes, 是 and 否. Columns that are
// empty in every row are left out; the package is of this encoding and these units on purpose.
Result<std::string> chinese_csv(const Table& table) {
  const TableSpec& spec = table.spec();
  std::vector<size_t> used;
  for (size_t f = 0; f < spec.fields.size(); ++f) {
    bool filled = false;
    for (size_t r = 0; r < table.size() && !filled; ++r) {
      filled = !std::holds_alternative<std::monostate>(table.cells(r)[f]);
    }
    if (filled) used.push_back(f);
  }
  std::string out;
  for (const size_t f : used) {
    if (f != used.front()) out.push_back(',');
    const LocalUnit unit = local_unit(spec.fields[f]);
    out.append(spec.fields[f].title);
    if (unit.zh[0] != '\0') out.append(fmt::format("（{}）", unit.zh));
  }
  out.append("\r\n");
  for (size_t r = 0; r < table.size(); ++r) {
    for (const size_t f : used) {
      if (f != used.front()) out.push_back(',');
      append_csv_text(chinese_cell(spec.fields[f], table.cells(r)[f]), &out);
    }
    out.append("\r\n");
  }
  return from_utf8(out, Encoding::gb18030);
}

void append_property(const FieldSpec& field, const Cell& cell, std::string* out) {
  append_json_string(field.name, out);
  out->push_back(':');
  const std::string text = plain_text(field, cell);
  const bool bare =
      field.kind == Kind::integer || field.kind == Kind::number || field.kind == Kind::boolean;
  if (std::holds_alternative<std::monostate>(cell)) {
    out->append("null");
  } else if (bare) {
    out->append(text);
  } else {
    append_json_string(text, out);
  }
}

std::string geojson(const Table& table) {
  const TableSpec& spec = table.spec();
  const size_t geometry = spec.index.find(spec.geometry_field())->second;
  std::string out = "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":";
  out.append("{\"name\":\"urn:ogc:def:crs:EPSG::4490\"}},\"features\":[\n");
  for (size_t r = 0; r < table.size(); ++r) {
    const std::vector<Cell>& cells = table.cells(r);
    if (r > 0) out.append(",\n");
    out.append("{\"type\":\"Feature\",\"properties\":{");
    bool first = true;
    for (size_t f = 0; f < cells.size(); ++f) {
      if (f == geometry) continue;
      if (!first) out.push_back(',');
      first = false;
      append_property(spec.fields[f], cells[f], &out);
    }
    out.append("},\"geometry\":");
    const auto* shape = std::get_if<std::string>(&cells[geometry]);
    out.append(shape == nullptr ? "null" : *shape);
    out.push_back('}');
  }
  return out + "\n]}\n";
}

std::string resource_json(const TableSpec& spec, Format format, uint64_t rows, size_t bytes) {
  std::string out = "    {\"name\": ";
  append_json_string(spec.name, &out);
  out.append(", \"title\": ");
  append_json_string(spec.title, &out);
  out.append(", \"path\": ");
  append_json_string(file_name(spec, format), &out);
  const bool geo = format == Format::geojson;
  out.append(fmt::format(", \"format\": \"{}\", \"mediatype\": \"{}\", \"encoding\": \"{}\"",
                         geo ? "geojson" : "csv", geo ? "application/geo+json" : "text/csv",
                         format == Format::csv_gb18030 ? "gb18030" : "utf-8"));
  out.append(fmt::format(", \"schema\": \"{0}\", \"table\": \"{0}\", \"rows\": {1}, \"bytes\": {2}",
                         spec.name, rows, bytes));
  return out + ", \"synthetic\": true}";
}

std::string package_json(const World& world, const std::vector<std::string>& resources) {
  std::string out = "{\n  \"name\": \"xx\",\n  \"profile\": \"data-package\",\n";
  out.append("  \"title\": \"岚江市（虚构）示范数据包\",\n  \"synthetic\": true,\n");
  out.append(
      "  \"description\": \"由 yipan generate 合成，不是任何城市的真实记录。"
      "Made by yipan generate; no record of any real city.\",\n");
  out.append(fmt::format("  \"generator\": {{\"seed\": {}, \"clean\": {}, \"scale\": {}}},\n",
                         world.options.seed, world.options.clean ? "true" : "false",
                         world.options.scale));
  out.append(fmt::format("  \"created\": \"{}T00:00:00Z\",\n", world.as_of().to_string()));
  out.append(
      "  \"sources\": [{\"title\": \"2020 census by county (age structure)\", \"path\": "
      "\"cities/xx/README.md\"}],\n  \"resources\": [\n");
  for (size_t i = 0; i < resources.size(); ++i) {
    out.append(resources[i]).append(i + 1 < resources.size() ? ",\n" : "\n");
  }
  return out + "  ]\n}\n";
}

}  // namespace

Result<std::vector<TableReport>> write_package(Files& files, const World& world) {
  YIPAN_TRY(files.make_directories(world.options.out_dir));
  std::vector<TableReport> reports;
  std::vector<std::string> resources;
  for (const auto& [name, table] : world.tables()) {
    if (table.size() == 0) continue;
    const Format format = format_of(table.spec());
    std::string text;
    if (format == Format::csv) text = csv(table);
    if (format == Format::geojson) text = geojson(table);
    if (format == Format::csv_gb18030) {
      YIPAN_ASSIGN(text, chinese_csv(table));
    }
    const std::string file = file_name(table.spec(), format);
    YIPAN_TRY(write_file_atomic(files, world.options.out_dir + "/" + file, text));
    reports.push_back({name, file, table.size(), text.size()});
    resources.push_back(resource_json(table.spec(), format, table.size(), text.size()));
  }
  YIPAN_TRY(write_file_atomic(files, world.options.out_dir + "/datapackage.json",
                              package_json(world, resources)));
  return reports;
}

Result<> write_planted(Files& files, const World& world) {
  std::string out = "[\n";
  for (size_t i = 0; i < world.planted.size(); ++i) {
    const Planted& entry = world.planted[i];
    out.append("  {\"code\": ");
    append_json_string(entry.code, &out);
    out.append(", \"rule\": ");
    append_json_string(entry.rule, &out);
    out.append(fmt::format(", \"question\": {}, \"table\": ", entry.question));
    append_json_string(entry.table, &out);
    out.append(", \"keys\": [");
    for (size_t k = 0; k < entry.keys.size(); ++k) {
      out.append(k > 0 ? ", [" : "[");
      for (size_t p = 0; p < entry.keys[k].size(); ++p) {
        if (p > 0) out.push_back(',');
        append_json_string(entry.keys[k][p], &out);
      }
      out.push_back(']');
    }
    out.append(i + 1 < world.planted.size() ? "]},\n" : "]}\n");
  }
  out.append("]\n");
  return write_file_atomic(files, world.options.out_dir + "/planted.json", out);
}

}  // namespace yipan::generate
