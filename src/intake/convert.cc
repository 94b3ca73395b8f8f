#include "intake/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "yipan/text.h"

namespace yipan::intake {
namespace {

constexpr std::array<std::string_view, 12> kNoValue = {"-",   "--", "—",    "——",   "/",    "N/A",
                                                       "n/a", "NA", "null", "NULL", "暂无", "无"};
constexpr size_t kValueShown = 200;

// trim() only where it may have something to do.
std::string_view quick_trim(std::string_view text) {
  if (text.empty()) return text;
  const auto first = static_cast<unsigned char>(text.front());
  const auto last = static_cast<unsigned char>(text.back());
  if (first > ' ' && first < 0x80 && last > ' ' && last < 0x80) return text;
  return trim(text);
}

// "2.2E+072": what is left of 22E072 after a spreadsheet.
bool is_spoilt_id(std::string_view text) {
  if (text.size() < 5 || text.size() > 24) return false;
  const size_t e = text.find("E+");
  if (e == std::string_view::npos || e == 0) return false;
  std::string_view digits = text.substr(e + 2);
  return text.find_first_not_of("0123456789.", 0) == e && !digits.empty() &&
         digits.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string shortened(std::string_view value) {
  if (value.size() <= kValueShown) return std::string(value);
  size_t end = kValueShown;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return std::string(value.substr(0, end)) + "…";
}

struct WarnText {
  const char* code;
  const char* zh;
  const char* en;
  const char* remedy_zh;
  const char* remedy_en;
};

WarnText warn_text(Warn kind) {
  switch (kind) {
    case Warn::folded_width:
      return {"intake.warning.full_width", "全角数字按半角读入", "full-width digits were read", "",
              ""};
    case Warn::default_missing:
      return {"intake.warning.placeholder", "占位符按空值读入",
              "a placeholder was read as no value", "可在映射中用 missing 写明",
              "say so with missing in the mapping"};
    case Warn::used_default:
      return {"intake.warning.default", "空值用了映射中的默认值",
              "an empty cell got the mapping's default", "", ""};
    case Warn::unit_in_cell:
      return {"intake.warning.unit_in_cell", "单元格内带单位，已换算",
              "a cell names its own unit; it was converted", "单位宜写在表头",
              "units belong in the header"};
    case Warn::partial_date:
      return {"intake.warning.partial_date", "日期只到月，按该月第一天读入",
              "a date names the month only; read as its first day", "", ""};
    case Warn::rounded:
      return {"intake.warning.rounded", "换算后取整（四舍六入五成双）",
              "rounded half-even to a whole number of the unit", "", ""};
    case Warn::geometry_repaired:
      return {"intake.warning.geometry_repaired", "不合法的图形已自动修复",
              "an invalid geometry was repaired", "请核对修复后的图形",
              "check the repaired geometry"};
    case Warn::geometry_flattened:
      return {"intake.warning.geometry_flattened", "高程（Z）未读入", "heights (Z) were left off",
              "", ""};
    case Warn::no_zone:
      return {"intake.warning.no_zone", "时间没有时区，按北京时间读入",
              "a time without zone was read as Beijing time", "", ""};
    case Warn::odd_year:
      return {"intake.warning.odd_year", "年份早于 1900 或晚于 2100，请核对",
              "a year before 1900 or after 2100: please check", "", ""};
    case Warn::spoilt_id:
      return {"intake.warning.spoilt_id", "文字列中有科学记数法，可能是电子表格把编号当成了数字",
              "text in scientific notation: a spreadsheet may have taken an id for a number",
              "请向提供单位核对原编号", "ask the source for the id as it was"};
    case Warn::kCount:
      break;
  }
  return {"intake.warning", "", "", "", ""};
}

}  // namespace

RowConverter::RowConverter(const Plan* plan, CrsTransform* crs)
    : plan_(plan),
      crs_(crs),
      values_(plan->fields.size()),
      scratch_(plan->fields.size()),
      filled_(plan->fields.size()),
      counters_(plan->fields.size(), std::vector<Counter>(static_cast<size_t>(Warn::kCount))) {}

bool RowConverter::convert(const RawRecord& record, uint64_t row) {
  row_ = row;
  issues_.clear();
  bool good = true;
  for (size_t i = 0; i < values_.size(); ++i) {
    values_[i] = Value();
    good &= make(i, record);
  }
  if (plan_->geometry_field) compute_areas();
  for (size_t i = 0; i < values_.size(); ++i) {
    const FieldPlan& f = plan_->fields[i];
    if (!values_[i].null) {
      ++filled_[i];
      continue;
    }
    if (!f.field->required || has_issue(i)) continue;
    // An area that was to be computed is missing because the geometry is: that was said.
    if (f.compute_area && has_issue(*plan_->geometry_field)) continue;
    good = refuse(i, "",
                  Error("intake.value.required")
                      .zh(fmt::format("“{}”必填，这里是空的", f.field->title_zh))
                      .en(fmt::format("{} is required and is empty here", f.field->name))
                      .remedy("请补填；确无此数的，说明原因后由责任单位确认",
                              "fill it in, or have the department in charge confirm why not"));
  }
  return good;
}

bool RowConverter::has_issue(size_t field) const {
  return std::any_of(issues_.begin(), issues_.end(), [&](auto& x) { return x.field == field; });
}

bool RowConverter::kept(const RawRecord& record) const {
  for (const Plan::Filter& filter : plan_->filters) {
    std::string_view value = quick_trim(record.cells[filter.column].text);
    const auto has = [&](const std::vector<std::string>& list) {
      return std::any_of(list.begin(), list.end(), [&](auto& g) { return glob_match(g, value); });
    };
    if (!filter.rule->in.empty() && !has(filter.rule->in)) return false;
    if (has(filter.rule->not_in)) return false;
  }
  return true;
}

void RowConverter::append_to(Batch* batch) const {
  for (size_t i = 0; i < values_.size(); ++i) {
    Column& column = batch->columns[i];
    const Value& v = values_[i];
    if (v.null) {
      column.append_null();
    } else if (is_fixed_int(column.type())) {
      column.append_int(v.integer);
    } else if (column.type() == Type::real) {
      column.append_real(v.real);
    } else {
      column.append_bytes(v.text);
    }
  }
}

bool RowConverter::make(size_t field, const RawRecord& record) {
  const FieldPlan& f = plan_->fields[field];
  switch (f.way) {
    case FieldPlan::Way::none:
      break;
    case FieldPlan::Way::columns: {
      for (size_t column : f.from) {
        const RawCell& cell = record.cells[column];
        if (cell.kind == RawCell::Kind::missing) continue;
        if (cell.kind == RawCell::Kind::text && cell.text.empty()) continue;
        if (!from_cell(field, cell)) return false;
        if (!values_[field].null) return true;
      }
      break;
    }
    case FieldPlan::Way::pattern: {
      std::string text;
      bool any = false;
      for (const FieldPlan::Piece& piece : f.pieces) {
        text += piece.literal;
        if (piece.column < 0) continue;
        std::string_view part = quick_trim(record.cells[static_cast<size_t>(piece.column)].text);
        any |= !part.empty();
        if (is_spoilt_id(part)) warn(Warn::spoilt_id, field, part);
        text += part;
      }
      if (!any) break;
      scratch_[field] = std::move(text);
      return from_cell(field, RawCell::of_text(scratch_[field]));
    }
    case FieldPlan::Way::constant:
      return typed(field, f.constant, RawCell::of_text(f.constant));
    case FieldPlan::Way::point:
      if (!point(field, record)) return false;
      break;
  }
  if (values_[field].null && f.otherwise) {
    warn(Warn::used_default, field, *f.otherwise);
    return typed(field, *f.otherwise, RawCell::of_text(*f.otherwise));
  }
  return true;
}

bool RowConverter::is_missing(size_t field, std::string_view text) {
  if (text.empty()) return true;
  const FieldPlan& f = plan_->fields[field];
  for (const std::string& m : f.missing) {
    if (text == m) return true;
  }
  for (const std::string& m : f.missing_globs) {
    if (glob_match(m, text)) return true;
  }
  if (!f.missing_by_custom || text.size() > 6) return false;
  if (std::find(kNoValue.begin(), kNoValue.end(), text) == kNoValue.end()) return false;
  if (f.codes.count(std::string(text)) != 0 || f.enumeration.count(std::string(text)) != 0) {
    return false;
  }
  warn(Warn::default_missing, field, text);
  return true;
}

bool RowConverter::from_cell(size_t field, RawCell cell) {
  const Type type = plan_->fields[field].field->type;
  if (type == Type::text && cell.kind == RawCell::Kind::text && is_spoilt_id(cell.text)) {
    warn(Warn::spoilt_id, field, cell.text);
  }
  if (cell.kind == RawCell::Kind::error) {
    return refuse(field, cell.text,
                  Error("intake.value.cell_error")
                      .zh(fmt::format("单元格是错误值 {}", cell.text))
                      .en(fmt::format("the cell holds the error {}", cell.text))
                      .remedy("请在电子表格中修正公式后重新保存",
                              "correct the formula in the spreadsheet and save it again"));
  }
  if (cell.kind == RawCell::Kind::geometry) return typed(field, cell.text, cell);
  if (cell.kind == RawCell::Kind::text) cell.text = quick_trim(cell.text);
  if (cell.kind != RawCell::Kind::boolean && is_missing(field, cell.text)) return true;
  return take(field, cell.text, cell);
}

// What the mapping's codes make of a value; nullptr if they do not know it.
const std::string* RowConverter::code_of(const FieldPlan& f, std::string_view text) {
  auto found = f.codes.find(text);
  if (found != f.codes.end()) return &found->second;
  for (const auto& [glob, value] : f.code_globs) {
    if (glob_match(glob, text)) return &value;
  }
  return f.codes_otherwise ? &*f.codes_otherwise : nullptr;
}

// Codes and extraction come before the type: "0岁" may be the code of the number 0.
bool RowConverter::take(size_t field, std::string_view text, const RawCell& cell) {
  const FieldPlan& f = plan_->fields[field];
  if (const std::string* code = code_of(f, text)) {
    return code->empty() || typed(field, *code, RawCell::of_text(*code));
  }
  if (f.extract != nullptr) {
    re2::StringPiece part;
    if (!RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *f.extract, &part)) {
      return refuse(field, text,
                    Error("intake.value.extract")
                        .zh(fmt::format("“{}”不符合映射中的 extract {}", shortened(text),
                                        f.extract->pattern()))
                        .en(fmt::format("{} does not match the mapping's extract {}",
                                        shortened(text), f.extract->pattern()))
                        .remedy("请改正单元格，或改映射", "correct the cell, or the mapping"));
    }
    text = std::string_view(part.data(), part.size());
    if (text.empty()) return true;
    return typed(field, text, RawCell::of_text(text));
  }
  return typed(field, text, cell);
}

bool RowConverter::typed(size_t field, std::string_view text, const RawCell& cell) {
  switch (plan_->fields[field].field->type) {
    case Type::text:
      return as_text(field, text, cell);
    case Type::integer:
    case Type::real:
      return as_number(field, text, cell);
    case Type::date:
      return as_date(field, text, cell);
    case Type::instant:
      return as_instant(field, text, cell);
    case Type::boolean:
      return as_boolean(field, text, cell);
    case Type::geometry:
      return as_geometry(field, text, cell);
    case Type::bytes:
      break;
  }
  return refuse(field, text,
                Error("intake.value.bytes")
                    .zh("此列不能从文件导入")
                    .en("this column cannot be imported")
                    .remedy("请在映射中去掉", "take it out of the mapping"));
}

bool RowConverter::refuse(size_t field, std::string_view value, Error error) {
  const FieldPlan& f = plan_->fields[field];
  std::string column = f.from_name.empty() ? f.field->name : f.from_name;
  issues_.push_back({field, std::move(column), shortened(value), std::move(error)});
  return false;
}

void RowConverter::warn(Warn kind, size_t field, std::string_view value) {
  Counter& counter = counters_[field][static_cast<size_t>(kind)];
  if (counter.count++ > 0) return;
  counter.row = row_;
  counter.value = shortened(value);
}

std::vector<Issue> RowConverter::warnings() const {
  std::vector<Issue> out;
  for (size_t field = 0; field < counters_.size(); ++field) {
    for (size_t kind = 0; kind < counters_[field].size(); ++kind) {
      const Counter& counter = counters_[field][kind];
      if (counter.count == 0) continue;
      WarnText text = warn_text(static_cast<Warn>(kind));
      const FieldPlan& f = plan_->fields[field];
      out.push_back(Issue{text.code, counter.row, f.from_name, f.field->name, counter.value,
                          text.zh, text.en, text.remedy_zh, text.remedy_en, counter.count});
    }
  }
  return out;
}

}  // namespace yipan::intake
