#include "intake/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "intake/header.h"
#include "yipan/units.h"

namespace yipan::intake {
namespace {

__extension__ typedef __int128 Int128;

struct Maker {
  const board::TableSchema& table;
  const Mapping* mapping;
  const std::vector<SourceColumn>& columns;
  const SourceFacts& facts;
  const std::string& file;
  std::set<size_t> used;
  Plan plan;

  std::optional<size_t> column_index(const std::string& name) const;
  Error mapping_error(std::string_view code, uint64_t line) const;
  Result<size_t> need_column(const std::string& name, uint64_t line);
  Result<> by_mapping(const ColumnMapping& c, FieldPlan* f);
  Result<> way_of(const ColumnMapping& c, FieldPlan* f);
  Result<> pattern_of(const ColumnMapping& c, FieldPlan* f);
  void by_name(const board::Field& field, FieldPlan* f);
  void constraints(const board::Field& field, FieldPlan* f);
  Result<> unit(const std::string& declared, FieldPlan* f);
  Result<> check_required() const;
  Result<> check_mapping_fields() const;
  Result<> filters();
  void leftovers();
  Result<Plan> make();
};

std::string all_names(const std::vector<SourceColumn>& columns) {
  std::vector<std::string_view> names;
  for (const SourceColumn& c : columns) {
    if (names.size() < 30) names.push_back(c.name);
  }
  std::string out = fmt::format("{}", fmt::join(names, "、"));
  if (columns.size() > names.size()) out += " …";
  return out;
}

std::optional<size_t> Maker::column_index(const std::string& name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    if (split_header_unit(columns[i].name).name == name) return i;
  }
  if (name.find('*') == std::string::npos) return std::nullopt;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (glob_match(name, columns[i].name)) return i;
  }
  return std::nullopt;
}

Error Maker::mapping_error(std::string_view code, uint64_t line) const {
  Error error(code);
  error.file(mapping->file);
  if (line > 0) error.line(line);
  return error;
}

Result<size_t> Maker::need_column(const std::string& name, uint64_t line) {
  if (auto index = column_index(name)) {
    used.insert(*index);
    return *index;
  }
  std::string names = all_names(columns);
  return fail(mapping_error("intake.mapping.column", line)
                  .zh(fmt::format("文件 {} 里没有“{}”列", file, name))
                  .en(fmt::format("{} has no column {}", file, name))
                  .column(name)
                  .remedy("文件里有：" + names, "the file has: " + names));
}

Result<> Maker::pattern_of(const ColumnMapping& c, FieldPlan* f) {
  f->way = FieldPlan::Way::pattern;
  std::string_view rest = c.pattern;
  while (true) {
    size_t open = rest.find('{');
    size_t close = open == std::string_view::npos ? open : rest.find('}', open);
    if (close == std::string_view::npos) break;
    std::string name = normal_name(rest.substr(open + 1, close - open - 1));
    YIPAN_ASSIGN(size_t index, need_column(name, c.line));
    f->pieces.push_back({std::string(rest.substr(0, open)), static_cast<int64_t>(index)});
    f->from_name += (f->from_name.empty() ? "" : "、") + name;
    rest.remove_prefix(close + 1);
  }
  f->pieces.push_back({std::string(rest), -1});
  return {};
}

Result<> Maker::way_of(const ColumnMapping& c, FieldPlan* f) {
  if (!c.pattern.empty()) return pattern_of(c, f);
  if (c.constant) {
    f->way = FieldPlan::Way::constant;
    f->constant = *c.constant;
    return {};
  }
  if (!c.lon.empty()) {
    if (f->field->type != Type::geometry) {
      return fail(mapping_error("intake.mapping.point", c.line)
                      .zh(fmt::format("“{}”不是几何列，不能用 lon 和 lat", c.field))
                      .en(fmt::format("{} is not a geometry, lon and lat do not fit", c.field))
                      .remedy("请改用 from", "use from"));
    }
    f->way = FieldPlan::Way::point;
    YIPAN_ASSIGN(size_t lon, need_column(c.lon, c.line));
    YIPAN_ASSIGN(size_t lat, need_column(c.lat, c.line));
    f->from = {lon, lat};
    f->from_name = c.lon + "、" + c.lat;
    return {};
  }
  if (c.from.empty()) return {};
  f->way = FieldPlan::Way::columns;
  for (const std::string& name : c.from) {
    YIPAN_ASSIGN(size_t index, need_column(name, c.line));
    f->from.push_back(index);
  }
  f->from_name = columns[f->from.front()].name;
  return {};
}

Result<> Maker::by_mapping(const ColumnMapping& c, FieldPlan* f) {
  YIPAN_TRY(way_of(c, f));
  f->otherwise = c.otherwise;
  f->rounding = c.rounding;
  f->numbers = c.numbers.value_or(mapping->numbers);
  f->dates = c.dates.empty() ? mapping->dates : c.dates;
  for (auto& [from, to] : c.codes) {
    if (from.find('*') == std::string::npos) {
      f->codes.emplace(from, to);
    } else {
      f->code_globs.emplace_back(from, to);
    }
  }
  std::stable_sort(f->code_globs.begin(), f->code_globs.end(),
                   [](auto& a, auto& b) { return a.first.size() > b.first.size(); });
  f->codes_otherwise = c.codes_otherwise;
  f->repair = c.repair;
  f->compute_area = c.compute_area;
  for (const auto* list : {&mapping->missing, &c.missing}) {
    for (const std::string& m : *list) {
      (m.find('*') == std::string::npos ? f->missing : f->missing_globs).push_back(m);
    }
  }
  if (!c.extract.empty()) {
    f->extract = std::make_unique<RE2>(c.extract, RE2::Quiet);
    if (!f->extract->ok() || f->extract->NumberOfCapturingGroups() != 1) {
      return fail(mapping_error("intake.mapping.extract", c.line)
                      .zh(fmt::format("extract“{}”应是含一个括号组的正则表达式 {}", c.extract,
                                      f->extract->error()))
                      .en(fmt::format("extract {} should be a regular expression with one group {}",
                                      c.extract, f->extract->error()))
                      .remedy("例如 ^(\\d+)岁", "for example ^(\\d+)"));
    }
  }
  return unit(c.unit, f);
}

void Maker::by_name(const board::Field& field, FieldPlan* f) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (used.count(i) != 0) continue;
    const bool geometry = field.type == Type::geometry && columns[i].geometry;
    if (!geometry && field_for_column(table, columns[i].name) != &field) continue;
    f->way = FieldPlan::Way::columns;
    f->from = {i};
    f->from_name = columns[i].name;
    used.insert(i);
    return;
  }
}

// The unit that values come in: declared, else in the header, else said in a title row.
Result<> Maker::unit(const std::string& declared, FieldPlan* f) {
  const board::Field& field = *f->field;
  f->unit_to = field.unit.empty() ? nullptr : find_unit(field.unit);
  const bool number = field.type == Type::integer || field.type == Type::real;
  if (!number || f->way == FieldPlan::Way::constant) return {};
  const Unit* from = declared.empty() ? nullptr : find_unit(declared);
  if (from == nullptr && f->way == FieldPlan::Way::columns) {
    from = split_header_unit(f->from_name).unit;
    if (from == nullptr && f->unit_to != nullptr && !facts.default_unit.empty()) {
      const Unit* title = find_unit(facts.default_unit);
      if (title != nullptr && title->kind == f->unit_to->kind) from = title;
    }
  }
  if (from == nullptr || f->unit_to == nullptr) {
    if (f->unit_to != nullptr && f->unit_to->kind == "money" && !f->from_name.empty() &&
        f->from_name != field.name) {
      plan.warnings.push_back(
          Issue{"intake.warning.no_unit", 0, f->from_name, field.name, "",
                fmt::format("“{}”没有写明单位，按{}读入", f->from_name, f->unit_to->zh),
                fmt::format("{} names no unit; read as {}", f->from_name, f->unit_to->en),
                "请在表头或映射中写明单位", "give the unit in the header or the mapping", 1});
    }
    return {};
  }
  auto factor = unit_factor(*from, *f->unit_to);
  if (!factor) {
    return fail(
        Error("intake.unit.kind")
            .zh(fmt::format("“{}”的单位是{}（{}），“{}”要求{}（{}）", f->from_name, from->zh,
                            from->kind, field.title_zh, f->unit_to->zh, f->unit_to->kind))
            .en(fmt::format("{} is in {} (a unit of {}), {} wants {} (a unit of {})", f->from_name,
                            from->en, from->kind, field.name, f->unit_to->en, f->unit_to->kind))
            .file(file)
            .column(f->from_name)
            .remedy("请检查列是否对应正确，或改正表头里的单位",
                    "check that the column is the right one, or correct the unit in the "
                    "header"));
  }
  f->unit_from = from;
  f->factor = *factor;
  return {};
}

void Maker::constraints(const board::Field& field, FieldPlan* f) {
  for (const board::CodeItem& item : field.codes) {
    f->enumeration.emplace(item.code, item.code);
    if (!item.zh.empty()) f->enumeration.emplace(item.zh, item.code);
    if (!item.en.empty()) f->enumeration.emplace(item.en, item.code);
  }
  if (!field.pattern.empty()) f->pattern = std::make_unique<RE2>(field.pattern, RE2::Quiet);
  f->missing_by_custom = field.type != Type::text && f->missing.empty() && f->missing_globs.empty();
}

Result<> Maker::check_mapping_fields() const {
  std::set<std::string> seen;
  for (const ColumnMapping& c : mapping->columns) {
    if (table.find(c.field) != nullptr && seen.insert(c.field).second) continue;
    std::vector<std::string_view> names;
    for (const board::Field& f : table.fields) names.push_back(f.name);
    std::string list = fmt::format("{}", fmt::join(names, ", "));
    return fail(mapping_error("intake.mapping.field", c.line)
                    .zh(fmt::format("表 {} 没有“{}”字段", table.name, c.field))
                    .en(fmt::format("the table {} has no field {}", table.name, c.field))
                    .remedy("字段有：" + list, "its fields are: " + list));
  }
  return {};
}

Result<> Maker::check_required() const {
  std::vector<std::string> lacking_zh;
  std::vector<std::string> lacking_en;
  for (const FieldPlan& f : plan.fields) {
    if (!f.field->required || f.way != FieldPlan::Way::none || f.otherwise || f.compute_area) {
      continue;
    }
    lacking_zh.push_back(fmt::format("{}（{}）", f.field->title_zh, f.field->name));
    lacking_en.push_back(f.field->name);
  }
  if (lacking_zh.empty()) return {};
  std::string have = all_names(columns);
  return fail(
      Error("intake.columns.missing")
          .zh(fmt::format("必填字段没有来源：{}", fmt::join(lacking_zh, "、")))
          .en(fmt::format("no column gives the required fields {}", fmt::join(lacking_en, ", ")))
          .file(mapping != nullptr ? mapping->file : file)
          .remedy("文件里的列：" + have +
                      "。请改表头，或写映射文件（yipan import --mapping-draft 可起草一份）",
                  "the file's columns: " + have +
                      ". Rename them, or write a mapping file (yipan import --mapping-draft)"));
}

Result<> Maker::filters() {
  for (const RowFilter& rule : mapping->only) {
    YIPAN_ASSIGN(size_t index, need_column(rule.column, rule.line));
    plan.filters.push_back({index, &rule});
  }
  return {};
}

void Maker::leftovers() {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (used.count(i) != 0) continue;
    const std::string& name = columns[i].name;
    const IgnoreRule* rule = nullptr;
    if (mapping != nullptr) {
      for (const IgnoreRule& r : mapping->ignore) {
        if (rule == nullptr && glob_match(r.pattern, name)) rule = &r;
      }
    }
    if (rule != nullptr) {
      plan.ignored.emplace_back(name, rule->reason);
      continue;
    }
    plan.unmapped.push_back(name);
    plan.warnings.push_back(Issue{
        "intake.warning.unmapped", 0, name, "", "", fmt::format("“{}”列没有用到", name),
        fmt::format("the column {} is not used", name), "不需要的列请在映射的 [[ignore]] 中写明",
        "list columns that are not needed under [[ignore]]", 1});
  }
}

Result<Plan> Maker::make() {
  plan.table = &table;
  if (mapping != nullptr) {
    YIPAN_TRY(check_mapping_fields());
  }
  plan.fields.resize(table.fields.size());
  for (size_t i = 0; i < table.fields.size(); ++i) {
    const board::Field& field = table.fields[i];
    FieldPlan& f = plan.fields[i];
    f.field = &field;
    const ColumnMapping* c = mapping != nullptr ? mapping->find(field.name) : nullptr;
    if (c != nullptr) {
      YIPAN_TRY(by_mapping(*c, &f));
    }
    if (field.type == Type::geometry && !plan.geometry_field) plan.geometry_field = i;
  }
  for (size_t i = 0; i < table.fields.size(); ++i) {
    FieldPlan& f = plan.fields[i];
    const bool mapped = mapping != nullptr && mapping->find(f.field->name) != nullptr;
    if (!mapped && (mapping == nullptr || mapping->columns.empty())) {
      by_name(*f.field, &f);
      YIPAN_TRY(unit("", &f));
    }
    constraints(*f.field, &f);
  }
  if (mapping != nullptr) {
    YIPAN_TRY(filters());
  }
  for (const std::string& name : table.primary_key) {
    for (size_t i = 0; i < table.fields.size(); ++i) {
      if (table.fields[i].name == name) plan.key_fields.push_back(i);
    }
  }
  YIPAN_TRY(check_required());
  leftovers();
  return std::move(plan);
}

}  // namespace

bool glob_match(std::string_view glob, std::string_view text) {
  size_t g = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t retry = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      retry = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

std::optional<Factor> unit_factor(const Unit& from, const Unit& to) {
  if (from.kind != to.kind) return std::nullopt;
  Int128 num = static_cast<Int128>(from.factor_num) * to.factor_den;
  Int128 den = static_cast<Int128>(from.factor_den) * to.factor_num;
  Int128 a = num < 0 ? -num : num;
  Int128 b = den;
  while (b != 0) {
    Int128 rest = a % b;
    a = b;
    b = rest;
  }
  num /= a;
  den /= a;
  CHECK(num <= INT64_MAX && den <= INT64_MAX);
  return Factor{static_cast<int64_t>(num), static_cast<int64_t>(den)};
}

const board::Field* field_for_column(const board::TableSchema& table, const std::string& name) {
  for (const board::Field& f : table.fields) {
    if (name == f.name) return &f;
  }
  const std::string bare = split_header_unit(name).name;
  for (const board::Field& f : table.fields) {
    if (name == f.title_zh || name == f.title_en) return &f;
  }
  for (const board::Field& f : table.fields) {
    if (!bare.empty() && (bare == f.title_zh || bare == f.title_en)) return &f;
  }
  return nullptr;
}

Result<Plan> make_plan(const board::TableSchema& table, const Mapping* mapping,
                       const std::vector<SourceColumn>& columns, const SourceFacts& facts,
                       const std::string& file) {
  Maker maker{table, mapping, columns, facts, file, {}, {}};
  return maker.make();
}

}  // namespace yipan::intake
