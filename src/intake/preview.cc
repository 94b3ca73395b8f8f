// What a file looks like, and a mapping to start from.
#include <fmt/format.h>

#include <algorithm>

#include "intake/date_format.h"
#include "intake/geometry.h"
#include "intake/header.h"
#include "intake/import.h"
#include "yipan/text.h"

namespace yipan::intake {
namespace {

constexpr size_t kSampleRows = 200;

enum class Looks : uint8_t { empty, integer, number, date, geometry, text };

Looks looks_of(const RawCell& cell) {
  std::string_view text = trim(cell.text);
  if (cell.kind == RawCell::Kind::geometry) return Looks::geometry;
  if (cell.kind == RawCell::Kind::date || cell.kind == RawCell::Kind::datetime) return Looks::date;
  if (text.empty()) return Looks::empty;
  ScaledNumber number;
  if (parse_number(text, {}, &number) == NumberFault::none) {
    return number.exponent >= 0 ? Looks::integer : Looks::number;
  }
  Date date;
  for (const DateFormat& f : common_date_formats()) {
    if (f.parse(text, &date) == DateFormat::Match::yes) return Looks::date;
  }
  return Looks::text;
}

// What fits both.
Looks wider(Looks a, Looks b) {
  if (a == b || b == Looks::empty) return a;
  if (a == Looks::empty) return b;
  const bool numbers =
      (a == Looks::integer || a == Looks::number) && (b == Looks::integer || b == Looks::number);
  return numbers ? Looks::number : Looks::text;
}

const char* word(Looks looks) {
  switch (looks) {
    case Looks::empty:
      return "empty";
    case Looks::integer:
      return "integer";
    case Looks::number:
      return "number";
    case Looks::date:
      return "date";
    case Looks::geometry:
      return "geometry";
    case Looks::text:
      break;
  }
  return "text";
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20 || c == '\t') {
      out += c;
    }
  }
  return out + "\"";
}

size_t fit(const board::TableSchema& table, const std::vector<SourceColumn>& columns) {
  size_t hits = 0;
  for (const SourceColumn& c : columns) hits += field_for_column(table, c.name) != nullptr ? 1 : 0;
  return hits;
}

const board::TableSchema* best_table(const PreviewOptions& options,
                                     const std::vector<SourceColumn>& columns) {
  if (options.schemas == nullptr) return nullptr;
  if (!options.table.empty()) return options.schemas->find(options.table);
  const board::TableSchema* best = nullptr;
  double score_best = 0;
  for (const board::TableSchema& t : options.schemas->all()) {
    const auto hits = static_cast<double>(fit(t, columns));
    double score = hits + hits / static_cast<double>(t.fields.size());
    if (score > score_best) {
      score_best = score;
      best = &t;
    }
  }
  return best;
}

std::string propose(const Preview& p, const board::TableSchema* table) {
  std::string out =
      fmt::format("dataset = \"CITY/{}\"\ntable = {}\n\n[source]\nformat = {}\n",
                  p.table.empty() ? "NAME" : p.table, toml_text(p.table), toml_text(p.format));
  if (!p.encoding.empty() && p.format == "csv") out += "encoding = " + toml_text(p.encoding) + "\n";
  if (!p.delimiter.empty()) {
    out += "delimiter = " + (p.delimiter == "\t" ? "\"\\t\"" : toml_text(p.delimiter)) + "\n";
  }
  if (!p.sheet.empty()) out += "sheet = " + toml_text(p.sheet) + "\n";
  if (p.header_row != 0) out += fmt::format("header_row = {}\n", p.header_row);
  std::string rest;
  for (const PreviewColumn& c : p.columns) {
    if (c.field.empty()) {
      rest += (rest.empty() ? "" : ", ") + toml_text(c.name);
      continue;
    }
    out += fmt::format("\n[columns.{}]\nfrom = {}\n", c.field, toml_text(c.name));
    if (!c.unit.empty()) out += fmt::format("unit = \"{}\"\n", c.unit);
  }
  if (table != nullptr) {
    for (const board::Field& f : table->fields) {
      const bool given = std::any_of(p.columns.begin(), p.columns.end(),
                                     [&](auto& c) { return c.field == f.name; });
      if (f.required && !given) {
        out += fmt::format("\n# required: {} ({})\n# [columns.{}]\n# from = \"\"\n", f.title_zh,
                           f.title_en, f.name);
      }
    }
  }
  if (!rest.empty()) out += "\n[[ignore]]\ncolumns = [" + rest + "]\nreason = \"\"\n";
  return out;
}

struct Sampler {
  GeometryReader geometry;
  std::vector<Looks> looks;
  std::vector<uint64_t> filled;

  std::vector<std::string> take(const RawRecord& record) {
    std::vector<std::string> row;
    for (size_t i = 0; i < record.cells.size(); ++i) {
      const RawCell& cell = record.cells[i];
      if (i < looks.size()) {
        looks[i] = wider(looks[i], looks_of(cell));
        if (looks_of(cell) != Looks::empty) ++filled[i];
      }
      if (cell.kind == RawCell::Kind::geometry) {
        row.push_back(geometry.to_wkt(cell.text).value_or("?").substr(0, 60));
      } else {
        row.emplace_back(cell.text);
      }
    }
    return row;
  }
};

}  // namespace

Result<Preview> preview(const Context& context, const PreviewOptions& options) {
  std::optional<Mapping> mapping;
  if (!options.mapping_path.empty()) {
    YIPAN_ASSIGN(std::string text, read_file(*context.files, options.mapping_path, 4 << 20));
    YIPAN_ASSIGN(Mapping parsed, parse_mapping(text, base_name(options.mapping_path)));
    mapping = std::move(parsed);
  }
  Input input = file_input(*context.files, options.path, base_name(options.path));
  OpenRequest request;
  request.mapping = mapping ? &*mapping : nullptr;
  request.sheet = options.sheet;
  request.limits = options.limits;
  const board::TableSchema* named =
      options.schemas != nullptr ? options.schemas->find(options.table) : nullptr;
  if (named != nullptr || mapping) request.known = known_names(named, request.mapping);
  request.sibling = [&](const std::string& name) -> Result<Input> {
    return file_input(*context.files, directory_of(options.path) + "/" + name, name);
  };
  YIPAN_ASSIGN(auto source, open_source(input, request));
  const SourceFacts& facts = source->facts();
  Preview out{facts.format,
              facts.encoding,
              facts.delimiter,
              facts.sheet,
              facts.crs,
              facts.sheets,
              facts.header_row,
              {},
              {},
              "",
              ""};
  Sampler sampler;
  sampler.looks.resize(source->columns().size());
  sampler.filled.resize(source->columns().size());
  RawRecord record;
  for (size_t i = 0; i < std::max(kSampleRows, options.rows_max); ++i) {
    YIPAN_ASSIGN(Step step, source->next(&record));
    if (step == Step::end) break;
    std::vector<std::string> row = sampler.take(record);
    if (out.rows.size() < options.rows_max) out.rows.push_back(std::move(row));
  }
  const board::TableSchema* table = best_table(options, source->columns());
  if (table != nullptr) out.table = table->name;
  for (size_t i = 0; i < source->columns().size(); ++i) {
    const SourceColumn& c = source->columns()[i];
    PreviewColumn p{c.name, "", "", word(sampler.looks[i]), sampler.filled[i]};
    const Unit* unit = split_header_unit(c.name).unit;
    if (unit != nullptr) p.unit = std::string(unit->id);
    const board::Field* field = table != nullptr ? field_for_column(*table, c.name) : nullptr;
    if (field != nullptr) p.field = field->name;
    out.columns.push_back(std::move(p));
  }
  out.mapping_toml = propose(out, table);
  return out;
}

}  // namespace yipan::intake
