#include "store/checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "yipan/text.h"

namespace yipan::store {
namespace {

constexpr size_t kNameSizeMax = 63;

uint32_t fnv1a(std::string_view text) {
  uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

Error spec_error(const TableSpec& table, std::string_view zh, std::string_view en) {
  return Error("store.table.spec")
      .zh(fmt::format("表 {} 的定义有误：{}", table.name, zh))
      .en(fmt::format("the definition of table {} is wrong: {}", table.name, en))
      .element(table.name)
      .remedy("请修改表的定义", "correct the table's definition");
}

Error null_error() {
  return Error("store.constraint.not_null")
      .zh("必填的列为空")
      .en("a column that must have a value is null")
      .remedy("请补填该列", "fill the column in");
}

// All texts of a column at once: the whole is UTF-8 without NUL, and no text begins inside a
// character.
bool are_texts_valid(const Column& column) {
  const std::string& bytes = column.bytes();
  if (find_invalid_utf8(bytes) != std::string_view::npos) return false;
  if (bytes.find('\0') != std::string::npos) return false;
  for (const uint32_t offset : column.offsets()) {
    if (offset < bytes.size() && (static_cast<unsigned char>(bytes[offset]) & 0xC0U) == 0x80U) {
      return false;
    }
  }
  return true;
}

Result<> check_key(const TableSpec& table, const std::vector<std::string>& key) {
  for (const std::string& name : key) {
    bool found = false;
    for (const ColumnSpec& column : table.columns) found = found || column.name == name;
    if (!found) {
      return fail(spec_error(table, fmt::format("键中的列 {} 不存在", name),
                             fmt::format("a key names column {}, which is not there", name)));
    }
  }
  return {};
}

}  // namespace

Result<> check_text(std::string_view text) {
  size_t at = find_invalid_utf8(text);
  const bool is_nul = at == std::string_view::npos;
  if (is_nul) at = text.find('\0');
  if (at == std::string_view::npos) return {};
  if (is_nul) {
    return fail(Error("store.text.nul")
                    .zh("文字中有 NUL 字符")
                    .en("the text holds a NUL character")
                    .byte_offset(at)
                    .remedy("请删去该字符，或把列改为字节类型",
                            "take it out, or store the column as bytes"));
  }
  return fail(Error("store.text.invalid")
                  .zh("文字不是 UTF-8")
                  .en("the text is not UTF-8")
                  .byte_offset(at)
                  .remedy("请先转换编码", "convert its encoding first"));
}

Error date_range_error(int64_t days) {
  return Error("store.date.range")
      .zh(fmt::format("日期 {} 不在 0001-01-01 至 9999-12-31 之间",
                      Date::from_days(days).to_string()))
      .en(fmt::format("the date {} is not within 0001-01-01 and 9999-12-31",
                      Date::from_days(days).to_string()))
      .remedy("请检查年份", "check the year");
}

Error instant_range_error(int64_t micros) {
  return Error("store.date.range")
      .zh(fmt::format("时刻 {} 不在 0001 至 9999 年之间", Instant::from_micros(micros).to_string()))
      .en(fmt::format("the instant {} is not within the years 0001 and 9999",
                      Instant::from_micros(micros).to_string()))
      .remedy("请检查年份", "check the year");
}

Error real_error() {
  return Error("store.real.not_finite")
      .zh("数值不是有限的数（NaN 或无穷大）")
      .en("the number is not finite (NaN or infinite)")
      .remedy("请检查计算；没有值时请用空值", "check the computation; use null for no value");
}

Result<> check_geometry(const WkbInfo& info, uint32_t declared_type) {
  if (info.has_z || info.has_m) {
    return fail(Error("store.geometry.dimension")
                    .zh("图形带有 Z 或 M 值，而列是二维的")
                    .en("the shape has Z or M values, and the column is two-dimensional")
                    .remedy("请去掉 Z 和 M 值", "drop the Z and M values"));
  }
  if (is_wkb_type_in(info.type, declared_type)) return {};
  return fail(Error("store.geometry.type")
                  .zh(fmt::format("图形是 {}，而列只收 {}", wkb_type_name(info.type),
                                  wkb_type_name(declared_type)))
                  .en(fmt::format("the shape is a {}, and the column takes {} only",
                                  wkb_type_name(info.type), wkb_type_name(declared_type)))
                  .remedy("请转换图形类型，或修改列的类型",
                          "convert the shape, or change the column's type"));
}

Result<> check_name(std::string_view name) {
  bool good = !name.empty() && name.size() <= kNameSizeMax && !(name[0] >= '0' && name[0] <= '9');
  for (const char c : name) {
    good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
  }
  if (good) return {};
  return fail(Error("store.name.invalid")
                  .zh(fmt::format("名称“{}”不能用作表名或列名", name))
                  .en(fmt::format("\"{}\" cannot be the name of a table or column", name))
                  .element(name)
                  .remedy("请只用小写英文字母、数字和下划线，不以数字开头，至多 63 个字符",
                          "use lower case ASCII letters, digits and underscores, no digit first, "
                          "63 characters at most"));
}

Result<> check_table_spec(const TableSpec& table) {
  YIPAN_TRY(check_name(table.name));
  if (table.columns.empty()) return fail(spec_error(table, "没有列", "it has no columns"));
  std::set<std::string_view> names;
  for (const ColumnSpec& column : table.columns) {
    YIPAN_TRY(check_name(column.name));
    if (!names.insert(column.name).second) {
      return fail(spec_error(table, fmt::format("列 {} 出现两次", column.name),
                             fmt::format("it has column {} twice", column.name)));
    }
    if (column.type == Type::geometry && wkb_type_of_name(column.geometry_type) == ~0U) {
      return fail(spec_error(table, fmt::format("未知的几何类型 {}", column.geometry_type),
                             fmt::format("unknown geometry type {}", column.geometry_type)));
    }
  }
  YIPAN_TRY(check_key(table, table.primary_key));
  for (const auto& index : table.indexes) YIPAN_TRY(check_key(table, index));
  return {};
}

bool is_required(const TableSpec& table, const ColumnSpec& column) {
  const auto& key = table.primary_key;
  return column.not_null || std::find(key.begin(), key.end(), column.name) != key.end();
}

Result<> check_batch(const Batch& batch, std::string_view table,
                     const std::vector<ColumnSpec>& columns) {
  bool good = batch.columns.size() == columns.size();
  for (size_t i = 0; good && i < columns.size(); ++i) {
    good = batch.columns[i].type() == columns[i].type && batch.columns[i].size() == batch.rows();
  }
  for (size_t i = 0; good && i < columns.size(); ++i) {
    const Column& column = batch.columns[i];
    if (!columns[i].not_null || column.null_count() == 0) continue;
    size_t row = 0;
    while (!column.is_null(row)) ++row;
    return fail(at_row(null_error(), table, columns[i].name, row));
  }
  for (size_t i = 0; good && i < columns.size(); ++i) {
    if (batch.columns[i].type() != Type::text || are_texts_valid(batch.columns[i])) continue;
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (auto checked = check_text(batch.columns[i].bytes_at(row)); !checked) {
        return fail(at_row(checked.error(), table, columns[i].name, row));
      }
    }
  }
  if (good) return {};
  return fail(Error("store.type.batch")
                  .zh("批次的列与表的列不一致")
                  .en("the batch's columns are not those of the table")
                  .remedy("请按表的列的次序和类型填写批次",
                          "fill the batch in the order and with the types of the columns"));
}

Error at_row(Error error, std::string_view table, std::string_view column, size_t row) {
  error.element(table).column(column).row(row + 1);
  return error;
}

std::string index_name(std::string_view table, const std::vector<std::string>& columns,
                       std::string_view suffix) {
  std::string name(table);
  name += '_';
  for (const std::string& column : columns) name += "_" + column;
  name += '_';
  name += suffix;
  if (name.size() <= kNameSizeMax) return name;
  const std::string tail = fmt::format("_{:08x}_{}", fnv1a(name), suffix);
  name.resize(kNameSizeMax - tail.size());
  return name + tail;
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    if (!list.empty()) list += ", ";
    list += quote_identifier(name);
  }
  return list;
}

std::string first_keyword(std::string_view sql) {
  size_t at = 0;
  while (at < sql.size()) {
    const char c = sql[at];
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '(') {
      ++at;
    } else if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql.substr(at, 2) == "/*") {
      const size_t end = sql.find("*/", at + 2);
      at = end == std::string_view::npos ? sql.size() : end + 2;
    } else {
      break;
    }
  }
  std::string word;
  for (; at < sql.size(); ++at) {
    const char c = static_cast<char>(sql[at] | 0x20);
    if (c < 'a' || c > 'z') break;
    word += c;
  }
  return word;
}

size_t highest_parameter(std::string_view sql) {
  size_t highest = 0;
  for (size_t at = 0; at < sql.size(); ++at) {
    const char c = sql[at];
    const std::string_view two = sql.substr(at, 2);
    if (c == '\'' || c == '"') {
      at = std::min(sql.find(c, at + 1), sql.size());
    } else if (two == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (two == "/*") {
      at = std::min(sql.find("*/", at + 2), sql.size());
    } else if (c == '$') {
      size_t number = 0;
      while (at + 1 < sql.size() && sql[at + 1] >= '0' && sql[at + 1] <= '9' && number < 100'000) {
        number = number * 10 + static_cast<size_t>(sql[++at] - '0');
      }
      highest = std::max(highest, number);
    }
  }
  return highest;
}

Error parameter_count_error(size_t given) {
  return Error("store.sql.parameters")
      .zh(fmt::format("语句的参数与给出的 {} 个值不符", given))
      .en(fmt::format("the statement's parameters do not match the {} values given", given))
      .remedy("参数写作 $1、$2 ……，每个都须用到",
              "write parameters as $1, $2, ... and use each of them");
}

Error type_mismatch(std::string_view column, std::string_view expected, std::string_view found) {
  return Error("store.type.mismatch")
      .zh(fmt::format("列 {} 应为 {}，却得到 {}", column, expected, found))
      .en(fmt::format("column {} is {}, but the value is {}", column, expected, found))
      .column(column)
      .remedy("请用 CAST 或圆整函数统一类型，或在查询时指明各列的类型",
              "unify the types with CAST, or state the columns' types with the query");
}

}  // namespace yipan::store
