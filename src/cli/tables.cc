// tables: what tables and columns there are, from the schemas themselves; also the guide's page.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "yipan/units.h"

namespace yipan::cli {

namespace {

std::string unit_name(const Context& context, const board::Field& field) {
  const Unit* unit = find_unit(field.unit);
  if (unit == nullptr) return field.unit;
  return std::string(context.tr(unit->zh, unit->en));
}

std::string rules_of(const Context& context, const board::TableSchema& table,
                     const board::Field& field) {
  std::string out;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  for (const std::string& key : table.primary_key) {
    if (key == field.name) add(std::string(context.tr("主键", "key")));
  }
  if (field.required) add(std::string(context.tr("必填", "required")));
  if (field.minimum) add(fmt::format("≥ {}", *field.minimum));
  if (field.maximum) add(fmt::format("≤ {}", *field.maximum));
  for (const board::ForeignKey& key : table.foreign_keys) {
    if (key.fields.size() == 1 && key.fields[0] == field.name) {
      add(fmt::format("→ {}.{}", key.table, key.references[0]));
    }
  }
  std::string codes;
  for (const board::CodeItem& code : field.codes) {
    const std::string label(context.tr(code.zh, code.en));
    codes += (codes.empty() ? "" : ", ") + code.code + (label.empty() ? "" : " " + label);
  }
  if (!codes.empty()) add(codes);
  return out;
}

std::string markdown_cell(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

void print_markdown(const Context& context, const board::TableSchema& table) {
  print_line(fmt::format("## {} {}\n\n{}\n", table.name, context.tr(table.title_zh, table.title_en),
                         context.tr(table.description_zh, table.description_en)));
  print_line(context.tr("| 列 | 名称 | 类型 | 单位 | 规则 | 说明 |\n|---|---|---|---|---|---|",
                        "| column | title | type | unit | rules | meaning |\n"
                        "|---|---|---|---|---|---|"));
  for (const board::Field& field : table.fields) {
    print_line(fmt::format(
        "| {} | {} | {} | {} | {} | {} |", field.name, context.tr(field.title_zh, field.title_en),
        to_string(field.type), unit_name(context, field),
        markdown_cell(rules_of(context, table, field)),
        markdown_cell(std::string(context.tr(field.description_zh, field.description_en)))));
  }
  print_line("");
}

void print_text(const Context& context, const board::TableSchema& table) {
  print_line(fmt::format("{}  {}", table.name, context.tr(table.title_zh, table.title_en)));
  print_line(fmt::format("  {}\n", context.tr(table.description_zh, table.description_en)));
  TextTable out({std::string(context.tr("列", "column")), std::string(context.tr("名称", "title")),
                 std::string(context.tr("类型", "type")), std::string(context.tr("单位", "unit")),
                 std::string(context.tr("规则", "rules"))});
  for (const board::Field& field : table.fields) {
    out.add({field.name, std::string(context.tr(field.title_zh, field.title_en)),
             std::string(to_string(field.type)), unit_name(context, field),
             rules_of(context, table, field)});
  }
  print(out.to_string());
}

Result<> tables(const Context& context, const TablesCommand& command) {
  YIPAN_ASSIGN(const board::Schemas schemas,
               board::Schemas::load(*context.files, command.schema_dir));
  if (!command.table.empty()) {
    const board::TableSchema* table = schemas.find(command.table);
    if (table == nullptr) {
      return fail(Error("cli.table.unknown")
                      .zh("没有名为“" + command.table + "”的表")
                      .en("there is no table '" + command.table + "'")
                      .remedy("不带参数运行 yipan tables，看有哪些表",
                              "run yipan tables alone to see the tables"));
    }
    if (command.markdown) {
      print_markdown(context, *table);
    } else {
      print_text(context, *table);
    }
    return {};
  }
  if (command.markdown) {
    print_line(context.tr("# 总盘上的表\n\n由 rulebook/schema 生成：`yipan tables --markdown`。\n",
                          "# The tables of the board\n\nMade from rulebook/schema by "
                          "`yipan --lang en tables --markdown`.\n"));
    for (const board::TableSchema& table : schemas.all()) print_markdown(context, table);
    return {};
  }
  TextTable out({std::string(context.tr("表", "table")), std::string(context.tr("名称", "title")),
                 std::string(context.tr("说明", "meaning"))});
  for (const board::TableSchema& table : schemas.all()) {
    out.add({table.name, std::string(context.tr(table.title_zh, table.title_en)),
             std::string(context.tr(table.description_zh, table.description_en))});
  }
  print(out.to_string());
  return {};
}

}  // namespace

int run_tables(const Context& context, const TablesCommand& command) {
  const Result<> result = tables(context, command);
  if (result) return kExitOk;
  print_error(context, result.error());
  return kExitError;
}

}  // namespace yipan::cli
