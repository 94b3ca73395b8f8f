#include "intake/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "intake/header.h"
#include "yipan/toml.h"
#include "yipan/units.h"

namespace yipan::intake {
namespace {

// Reads one table's keys; every key that is asked for is known, any other is an error at finish().
class Reader {
 public:
  Reader(const toml::table& table, std::string path, std::string file)
      : table_(table), path_(std::move(path)), file_(std::move(file)) {}

  const toml::node* node(std::string_view key) {
    known_.emplace_back(key);
    return table_.get(key);
  }
  std::string text(std::string_view key, std::string fallback = "") {
    const toml::node* n = node(key);
    if (n == nullptr) return fallback;
    if (auto value = n->value<std::string>()) return *value;
    wrong(*n, key, "文字（加引号）", "a string");
    return fallback;
  }
  // Numbers and booleans are taken as written, too: constant = 2014.
  std::optional<std::string> scalar(std::string_view key) {
    const toml::node* n = node(key);
    if (n == nullptr) return std::nullopt;
    return scalar_of(*n, key);
  }
  std::optional<std::string> scalar_of(const toml::node& n, std::string_view key) {
    if (auto value = n.value_exact<std::string>()) return *value;
    if (auto value = n.value_exact<int64_t>()) return fmt::format("{}", *value);
    if (auto value = n.value_exact<bool>()) return *value ? "true" : "false";
    if (auto value = n.value_exact<double>()) return fmt::format("{}", *value);
    if (auto d = n.value_exact<toml::date>()) {
      return fmt::format("{:04}-{:02}-{:02}", d->year, d->month, d->day);
    }
    wrong(n, key, "一个值", "one value");
    return std::nullopt;
  }
  bool boolean(std::string_view key, bool fallback) {
    const toml::node* n = node(key);
    if (n == nullptr) return fallback;
    if (auto value = n->value_exact<bool>()) return *value;
    wrong(*n, key, "true 或 false", "true or false");
    return fallback;
  }
  int64_t integer(std::string_view key, int64_t low, int64_t high, int64_t fallback) {
    const toml::node* n = node(key);
    if (n == nullptr) return fallback;
    auto value = n->value_exact<int64_t>();
    if (value && *value >= low && *value <= high) return *value;
    wrong(*n, key, fmt::format("{} 到 {} 的整数", low, high),
          fmt::format("an integer from {} to {}", low, high));
    return fallback;
  }
  // A string, or a list of them.
  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    const toml::node* n = node(key);
    if (n == nullptr) return out;
    if (const toml::array* list = n->as_array()) {
      for (const toml::node& item : *list) {
        if (auto value = item.value_exact<std::string>()) {
          out.push_back(*value);
        } else {
          wrong(item, key, "文字的列表", "a list of strings");
        }
      }
    } else if (auto value = n->value_exact<std::string>()) {
      out.push_back(*value);
    } else {
      wrong(*n, key, "文字或文字的列表", "a string or a list of strings");
    }
    return out;
  }
  std::string choice(std::string_view key, std::initializer_list<std::string_view> allowed) {
    std::string value = text(key);
    if (value.empty()) return value;
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
    std::string list = fmt::format("{}", fmt::join(allowed, ", "));
    wrong(*table_.get(key), key, list, list);
    return "";
  }
  void wrong(const toml::node& n, std::string_view key, std::string_view zh, std::string_view en) {
    set(Error("intake.mapping.value")
            .zh(fmt::format("“{}”应为：{}", full(key), zh))
            .en(fmt::format("{} should be: {}", full(key), en)),
        n);
  }
  void set(Error error, const toml::node& n) {
    if (error_) return;
    const toml::source_position& at = n.source().begin;
    error_ = std::move(error).file(file_).line(at.line, at.column);
    if (error_->remedy_zh().empty()) {
      error_->remedy("写法见 docs/formats/mapping.md",
                     "docs/formats/mapping.md says how to write it");
    }
  }
  std::string full(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  }
  uint64_t line() const { return table_.source().begin.line; }
  const toml::table& table() const { return table_; }
  const std::string& file() const { return file_; }
  bool failed() const { return error_.has_value(); }

  Result<> finish() {
    for (const auto& [key, value] : table_) {
      if (error_) break;
      if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
      std::string list = fmt::format("{}", fmt::join(known_, ", "));
      set(Error("intake.mapping.key")
              .zh(fmt::format("没有“{}”这个键", full(key.str())))
              .en(fmt::format("there is no key {}", full(key.str())))
              .remedy("这里可用的键：" + list, "keys that may stand here: " + list),
          value);
    }
    if (error_) return fail(*error_);
    return {};
  }

 private:
  const toml::table& table_;
  std::string path_;
  std::string file_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

std::vector<DateFormat> read_dates(Reader* in, std::string_view key) {
  std::vector<DateFormat> out;
  for (const std::string& text : in->texts(key)) {
    auto format = DateFormat::compile(text);
    if (!format) {
      in->wrong(*in->table().get(key), key, "含 YYYY、M、D 的日期格式，如 YYYY年M月D日",
                "a date format of YYYY, M, D, such as D/M/YYYY");
      break;
    }
    out.push_back(std::move(*format));
  }
  return out;
}

NumberStyle read_style(Reader* in, NumberStyle style) {
  std::string mark = in->choice("decimal", {".", ","});
  if (!mark.empty()) {
    style.decimal_mark = mark[0];
    style.thousands = mark[0] == ',' ? '.' : ',';
  }
  if (const toml::node* n = in->node("thousands")) {
    auto value = n->value_exact<std::string>();
    if (value && value->size() <= 1 && *value != std::string(1, style.decimal_mark)) {
      style.thousands = value->empty() ? '\0' : (*value)[0];
    } else {
      in->wrong(*n, "thousands", "一个字符，或空", "one character, or empty");
    }
  }
  return style;
}

Result<> read_source(const toml::table& table, Mapping* m) {
  Reader in(table, "source", m->file);
  m->format =
      in.choice("format", {"csv", "xlsx", "geojson", "topojson", "gpkg", "shapefile", "oc4ids"});
  m->sheet = in.text("sheet");
  if (std::string name = in.text("encoding"); !name.empty()) {
    m->encoding = parse_encoding(name);
    if (!m->encoding) {
      in.wrong(*table.get("encoding"), "encoding", "utf-8、gb18030 或 utf-16",
               "utf-8, gb18030 or utf-16");
    }
  }
  m->delimiter = in.text("delimiter");
  if (!m->delimiter.empty() && (code_point_count(m->delimiter) != 1 || m->delimiter == "\"")) {
    in.wrong(*table.get("delimiter"), "delimiter", "一个字符", "one character");
  }
  m->header_row = in.integer("header_row", 0, 1000, -1);
  m->header_rows = in.integer("header_rows", 1, 10, -1);
  m->pad_ragged = in.choice("ragged", {"refuse", "pad"}) == "pad";
  m->fill_merged = in.boolean("fill_merged", true);
  m->crs = in.text("crs");
  m->missing = in.texts("missing");
  m->numbers = read_style(&in, m->numbers);
  m->dates = read_dates(&in, "dates");
  return in.finish();
}

void read_codes(Reader* in, ColumnMapping* c) {
  if (const toml::node* n = in->node("codes")) {
    if (const toml::table* codes = n->as_table()) {
      for (const auto& [key, value] : *codes) {
        if (auto code = in->scalar_of(value, "codes")) c->codes.emplace_back(key.str(), *code);
      }
    } else {
      in->wrong(*n, "codes", "{ \"文件中的值\" = \"代码\" }",
                "{ \"value in the file\" = \"code\" }");
    }
  }
  c->codes_otherwise = in->scalar("codes_otherwise");
}

void read_unit(Reader* in, ColumnMapping* c) {
  c->unit = in->text("unit");
  if (c->unit.empty()) return;
  const Unit* unit = find_unit(c->unit);
  if (unit != nullptr) {
    c->unit = std::string(unit->id);
    return;
  }
  in->set(
      Error("intake.mapping.unit")
          .zh(fmt::format("不认识单位“{}”", c->unit))
          .en(fmt::format("the unit {} is not known", c->unit))
          .remedy("请写单位名称或编号，如 万元、亩、m2", "name a unit, such as wan_yuan, mu, m2"),
      *in->table().get("unit"));
}

Result<ColumnMapping> read_column(const toml::table& table, const std::string& field,
                                  const Mapping& m) {
  Reader in(table, "columns." + field, m.file);
  ColumnMapping c;
  c.field = field;
  c.line = in.line();
  for (const std::string& name : in.texts("from")) c.from.push_back(normal_name(name));
  c.pattern = in.text("template");
  c.constant = in.scalar("constant");
  c.otherwise = in.scalar("default");
  c.lon = normal_name(in.text("lon"));
  c.lat = normal_name(in.text("lat"));
  read_unit(&in, &c);
  read_codes(&in, &c);
  c.dates = read_dates(&in, "dates");
  if (table.contains("decimal") || table.contains("thousands")) {
    c.numbers = read_style(&in, m.numbers);
  }
  c.missing = in.texts("missing");
  c.extract = in.text("extract");
  c.rounding = in.choice("round", {"exact", "half_even"}) == "half_even" ? Rounding::half_even
                                                                         : Rounding::exact;
  c.repair = in.choice("geometry", {"refuse", "repair"}) == "repair";
  c.compute_area = in.choice("compute", {"area"}) == "area";
  YIPAN_TRY(in.finish());
  const int sources = (c.from.empty() ? 0 : 1) + (c.pattern.empty() ? 0 : 1) +
                      (c.constant ? 1 : 0) + (c.lon.empty() ? 0 : 1);
  if (sources > 1 || (sources == 0 && !c.compute_area && !c.otherwise) ||
      c.lon.empty() != c.lat.empty()) {
    return fail(Error("intake.mapping.from")
                    .zh(fmt::format("“columns.{}”须写且只写其一：from、template、constant、"
                                    "lon 与 lat",
                                    field))
                    .en(fmt::format("columns.{} needs exactly one of: from, template, constant, "
                                    "lon with lat",
                                    field))
                    .file(m.file)
                    .line(c.line)
                    .remedy("写法见 docs/formats/mapping.md",
                            "docs/formats/mapping.md says how to write it"));
  }
  return c;
}

Result<> read_columns(Reader* in, Mapping* m) {
  const toml::node* n = in->node("columns");
  if (n == nullptr) return {};
  const toml::table* table = n->as_table();
  if (table == nullptr) {
    in->wrong(*n, "columns", "[columns.字段] 的表", "tables [columns.FIELD]");
    return in->finish();
  }
  std::vector<std::pair<uint64_t, ColumnMapping>> found;
  for (const auto& [key, value] : *table) {
    if (auto from = value.value_exact<std::string>()) {  // field = "column", in short
      ColumnMapping c;
      c.field = std::string(key.str());
      c.from.push_back(normal_name(*from));
      c.line = value.source().begin.line;
      found.emplace_back(c.line, std::move(c));
    } else if (const toml::table* column = value.as_table()) {
      YIPAN_ASSIGN(ColumnMapping c, read_column(*column, std::string(key.str()), *m));
      found.emplace_back(c.line, std::move(c));
    } else {
      in->wrong(value, "columns." + std::string(key.str()), "列名或表",
                "a column's name or a table");
      return in->finish();
    }
  }
  std::stable_sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.first < b.first; });
  for (auto& item : found) m->columns.push_back(std::move(item.second));
  return {};
}

// [[name]] or [name]: calls `each` for every table.
template <typename Each>
Result<> each_table(Reader* in, std::string_view name, const Each& each) {
  const toml::node* n = in->node(name);
  if (n == nullptr) return {};
  if (const toml::table* one = n->as_table()) return each(*one);
  const toml::array* list = n->as_array();
  if (list == nullptr) {
    in->wrong(*n, name, "[[" + std::string(name) + "]] 的表",
              "tables [[" + std::string(name) + "]]");
    return in->finish();
  }
  for (const toml::node& item : *list) {
    if (const toml::table* one = item.as_table()) {
      YIPAN_TRY(each(*one));
    } else {
      in->wrong(item, name, "表", "a table");
      return in->finish();
    }
  }
  return {};
}

Result<> read_rules(Reader* root, Mapping* m) {
  YIPAN_TRY(each_table(root, "ignore", [&](const toml::table& t) -> Result<> {
    Reader in(t, "ignore", m->file);
    std::string reason = in.text("reason");
    for (const std::string& c : in.texts("columns")) m->ignore.push_back({normal_name(c), reason});
    return in.finish();
  }));
  YIPAN_TRY(each_table(root, "only", [&](const toml::table& t) -> Result<> {
    Reader in(t, "only", m->file);
    RowFilter f{normal_name(in.text("column")), in.texts("in"), in.texts("not_in"), in.line()};
    m->only.push_back(std::move(f));
    return in.finish();
  }));
  YIPAN_TRY(each_table(root, "join", [&](const toml::table& t) -> Result<> {
    Reader in(t, "join", m->file);
    Join j;
    j.file = in.text("file");
    j.left = normal_name(in.text("left"));
    j.right = normal_name(in.text("right"));
    j.prefix = in.text("prefix");
    for (const std::string& c : in.texts("sum")) j.sum.push_back(normal_name(c));
    const bool first = in.choice("repeated", {"error", "first"}) == "first" || !j.sum.empty();
    j.repeated = first ? Join::Repeated::first : Join::Repeated::error;
    j.line = in.line();
    if (j.right.empty()) j.right = j.left;
    m->joins.push_back(std::move(j));
    return in.finish();
  }));
  return each_table(root, "unpivot", [&](const toml::table& t) -> Result<> {
    Reader in(t, "unpivot", m->file);
    m->unpivot = Unpivot{in.text("columns"), in.text("value", "value"),
                         in.boolean("skip_empty", true), in.line()};
    return in.finish();
  });
}

}  // namespace

const ColumnMapping* Mapping::find(std::string_view field) const {
  for (const ColumnMapping& c : columns) {
    if (c.field == field) return &c;
  }
  return nullptr;
}

Result<Mapping> parse_mapping(std::string_view text, std::string_view file) {
  YIPAN_ASSIGN(const toml::table root, parse_toml(text, file, "intake.mapping.syntax"));
  Mapping m;
  m.file = std::string(file);
  Reader in(root, "", m.file);
  m.dataset = in.text("dataset");
  m.table = in.text("table");
  m.description = in.text("description");
  m.reason = in.text("reason");
  m.currency = in.text("currency");
  m.synthetic = in.boolean("synthetic", false);
  m.repeated_first = in.choice("repeated_keys", {"refuse", "first"}) == "first";
  if (const toml::node* n = in.node("source")) {
    if (const toml::table* source = n->as_table()) {
      YIPAN_TRY(read_source(*source, &m));
    } else {
      in.wrong(*n, "source", "[source] 表", "a table [source]");
    }
  }
  YIPAN_TRY(read_columns(&in, &m));
  YIPAN_TRY(read_rules(&in, &m));
  YIPAN_TRY(in.finish());
  return m;
}

}  // namespace yipan::intake
