// One value of each type, from text or from a spreadsheet's typed cell.
#include <fast_float/fast_float.h>
#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "intake/convert.h"
#include "yipan/text.h"
#include "yipan/units.h"

namespace yipan::intake {
namespace {

constexpr double kExactDigitsMax = 1e15;  // beyond it a spreadsheet has rounded the number
constexpr int64_t kMicrosPerDay = int64_t{86'400} * 1'000'000;

bool is_ascii(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

bool digits_at(std::string_view text, size_t from, size_t count, int64_t* out) {
  int64_t value = 0;
  for (size_t i = from; i < from + count; ++i) {
    const char c = text[i];
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  *out = value;
  return true;
}

bool is_field_unit_number(const FieldPlan& f) { return f.unit_from != nullptr && !f.factor.one(); }

}  // namespace

// ---- text -------------------------------------------------------------------------------------

bool RowConverter::as_text(size_t field, std::string_view text, const RawCell& cell) {
  const FieldPlan& f = plan_->fields[field];
  if (cell.kind == RawCell::Kind::number && std::fabs(cell.number) >= kExactDigitsMax) {
    return refuse(field, text,
                  Error("intake.value.long_number")
                      .zh(fmt::format("“{}”是超过 15 位的数字，电子表格已将其舍入", text))
                      .en(fmt::format("{} is a number of more than 15 digits: the spreadsheet has "
                                      "rounded it",
                                      text))
                      .remedy("请把该列设为文本格式后重新填写",
                              "make the column text and type the value again"));
  }
  if (cell.kind == RawCell::Kind::date || cell.kind == RawCell::Kind::datetime) {
    scratch_[field] = Date::from_days(static_cast<int64_t>(std::floor(cell.number))).to_string();
    text = scratch_[field];
  }
  if (!f.enumeration.empty()) {
    auto found = f.enumeration.find(text);
    if (found == f.enumeration.end()) {
      std::string list;
      for (const board::CodeItem& item : f.field->codes) {
        list += (list.empty() ? "" : "、") + (item.zh.empty() ? item.code : item.zh);
      }
      std::string list_en;
      for (const board::CodeItem& item : f.field->codes) {
        list_en += (list_en.empty() ? "" : ", ") + item.code;
      }
      return refuse(field, text,
                    Error("intake.value.code")
                        .zh(fmt::format("“{}”不在代码表中", text))
                        .en(fmt::format("{} is not in the code list", text))
                        .remedy("可用的值：" + list + "；或在映射的 codes 中对应",
                                "allowed: " + list_en + "; or map it under codes"));
    }
    values_[field] = {false, 0, 0, found->second};
    return true;
  }
  if (std::memchr(text.data(), '\0', text.size()) != nullptr) {
    return refuse(field, "",
                  Error("intake.value.control")
                      .zh("文字中有空字符（U+0000）")
                      .en("the text holds U+0000")
                      .remedy("请重新输入", "type it again"));
  }
  if (f.field->length_max > 0 && text.size() > f.field->length_max) {
    const size_t length = code_point_count(text);
    if (length > f.field->length_max) {
      return refuse(
          field, text,
          Error("intake.value.length")
              .zh(fmt::format("有 {} 个字，最多 {} 个", length, f.field->length_max))
              .en(fmt::format("{} characters, at most {} are allowed", length, f.field->length_max))
              .remedy("请缩短", "shorten it"));
    }
  }
  if (f.pattern != nullptr &&
      !RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *f.pattern)) {
    return refuse(field, text,
                  Error("intake.value.pattern")
                      .zh(fmt::format("“{}”不符合格式 {}", text, f.field->pattern))
                      .en(fmt::format("{} does not match {}", text, f.field->pattern))
                      .remedy("请按格式改正", "correct it to the pattern"));
  }
  values_[field] = {false, 0, 0, text};
  return true;
}

// ---- numbers ----------------------------------------------------------------------------------

bool RowConverter::as_number(size_t field, std::string_view text, const RawCell& cell) {
  const FieldPlan& f = plan_->fields[field];
  if (cell.percent && f.unit_to != nullptr) return percent(field, text);
  if (f.field->type == Type::real && f.factor.one() && f.numbers.decimal_mark == '.') {
    double value = 0;
    auto end = fast_float::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec == std::errc() && end.ptr == text.data() + text.size() && std::isfinite(value)) {
      if (!check_range(field, value, text)) return false;
      values_[field] = {false, 0, value == 0 ? 0.0 : value, {}};
      return true;
    }
  }
  ScaledNumber number;
  NumberFault fault = parse_number(text, f.numbers, &number);
  if (fault == NumberFault::none) return set_number(field, text, number, f.factor);
  return number_with_unit(field, text, fault);
}

// A spreadsheet's percentage is a ratio, whatever unit the header names.
bool RowConverter::percent(size_t field, std::string_view text) {
  const FieldPlan& f = plan_->fields[field];
  const Unit* ratio = find_unit("ratio");
  auto factor = ratio != nullptr ? unit_factor(*ratio, *f.unit_to) : std::nullopt;
  ScaledNumber number;
  NumberFault fault = parse_number(text, {}, &number);
  if (fault != NumberFault::none) return number_with_unit(field, text, fault);
  return set_number(field, text, number, factor.value_or(f.factor));
}

// "１２３", "35%", "3.5 万元", "1000户": full-width forms, and a unit behind the number.
bool RowConverter::number_with_unit(size_t field, std::string_view text, NumberFault fault) {
  const FieldPlan& f = plan_->fields[field];
  std::string folded;
  std::string_view plain = text;
  if (!is_ascii(text)) {
    folded = fold_width(text);
    plain = trim(folded);
  }
  ScaledNumber number;
  if (plain != text && parse_number(plain, f.numbers, &number) == NumberFault::none) {
    warn(Warn::folded_width, field, text);
    return set_number(field, text, number, f.factor);
  }
  size_t end = plain.find_first_not_of("0123456789+-.,() ");
  if (end != std::string_view::npos && end > 0 && f.unit_to != nullptr) {
    const Unit* unit = find_unit(trim(plain.substr(end)));
    std::string_view head = trim(plain.substr(0, end));
    if (unit != nullptr && parse_number(head, f.numbers, &number) == NumberFault::none) {
      auto factor = unit_factor(*unit, *f.unit_to);
      if (factor) {
        warn(Warn::unit_in_cell, field, text);
        return set_number(field, text, number, *factor);
      }
      return refuse(field, text,
                    Error("intake.unit.kind")
                        .zh(fmt::format("“{}”的单位是{}（{}），此列要求{}（{}）", text, unit->zh,
                                        unit->kind, f.unit_to->zh, f.unit_to->kind))
                        .en(fmt::format("{} is in {} (a unit of {}), this column wants {} (a unit "
                                        "of {})",
                                        text, unit->en, unit->kind, f.unit_to->en, f.unit_to->kind))
                        .remedy("请改正单位", "correct the unit"));
    }
  }
  Error error(fault == NumberFault::grouping ? "intake.value.grouping" : "intake.value.number");
  if (fault == NumberFault::too_long) {
    error.zh(fmt::format("“{}”超过 18 位有效数字", text))
        .en(fmt::format("{} has more than 18 significant digits", text));
  } else if (fault == NumberFault::grouping) {
    error.zh(fmt::format("“{}”的千位分隔符位置不对", text))
        .en(fmt::format("{} has a group separator in the wrong place", text));
  } else {
    error.zh(fmt::format("“{}”不是数字", text)).en(fmt::format("{} is not a number", text));
  }
  error.remedy("请只填数字，单位写在表头；小数点不是“.”的，在映射中写 decimal",
               "write the number only, with the unit in the header; if the decimal mark is not a "
               "point, say so with decimal in the mapping");
  return refuse(field, text, std::move(error));
}

bool RowConverter::set_number(size_t field, std::string_view text, const ScaledNumber& n,
                              const Factor& factor) {
  const FieldPlan& f = plan_->fields[field];
  if (f.field->type == Type::real) {
    double value = scale_to_real(n, factor);
    if (!std::isfinite(value)) {
      return refuse(field, text,
                    Error("intake.value.overflow")
                        .zh(fmt::format("“{}”太大", text))
                        .en(fmt::format("{} is too large", text))
                        .remedy("请核对", "check it"));
    }
    if (!check_range(field, value, text)) return false;
    values_[field] = {false, 0, value == 0 ? 0.0 : value, {}};
    return true;
  }
  int64_t value = 0;
  IntFault fault = scale_to_int(n, factor, Rounding::exact, &value);
  if (fault == IntFault::fraction && f.rounding == Rounding::half_even) {
    warn(Warn::rounded, field, text);
    fault = scale_to_int(n, factor, Rounding::half_even, &value);
  }
  if (fault != IntFault::none) return fraction_issue(field, text, n, factor, fault);
  if (!check_range(field, static_cast<double>(value), text)) return false;
  values_[field] = {false, value, 0, {}};
  return true;
}

bool RowConverter::fraction_issue(size_t field, std::string_view text, const ScaledNumber& n,
                                  const Factor& factor, IntFault fault) {
  const FieldPlan& f = plan_->fields[field];
  const bool converted = is_field_unit_number(f) || !factor.one();
  const std::string to_zh = f.unit_to != nullptr ? std::string(f.unit_to->zh) : "";
  const std::string to_en = f.unit_to != nullptr ? std::string(f.unit_to->en) : "";
  if (fault == IntFault::overflow) {
    return refuse(field, text,
                  Error("intake.value.overflow")
                      .zh(fmt::format("“{}”太大，超出 64 位整数", text))
                      .en(fmt::format("{} is beyond 64-bit integers", text))
                      .remedy("请核对单位", "check the unit"));
  }
  const std::string exact = scaled_text(n, factor);
  Error error("intake.value.fraction");
  if (converted) {
    error.zh(fmt::format("“{}”换算后是 {} {}，不是整数，不能精确保存", text, exact, to_zh))
        .en(fmt::format("{} is {} {} when converted: not a whole number, so it cannot be kept "
                        "exactly",
                        text, exact, to_en));
  } else {
    error.zh(fmt::format("“{}”不是整数", text)).en(fmt::format("{} is not a whole number", text));
  }
  error.remedy("请减少小数位；允许取整的，在映射中写 round = \"half_even\"",
               "give fewer decimals; if rounding is right, write round = \"half_even\" in the "
               "mapping");
  return refuse(field, text, std::move(error));
}

bool RowConverter::check_range(size_t field, double value, std::string_view text) {
  const board::Field& f = *plan_->fields[field].field;
  const bool low = f.minimum && value < *f.minimum;
  const bool high = f.maximum && value > *f.maximum;
  if (!low && !high) return true;
  std::string bound_zh;
  std::string bound_en;
  if (f.type == Type::date) {
    bound_zh = Date::from_days(static_cast<int64_t>(low ? *f.minimum : *f.maximum)).to_string();
    bound_en = bound_zh;
  } else {
    const Unit* unit = f.unit.empty() ? nullptr : find_unit(f.unit);
    bound_zh = bound_en = fmt::format("{}", low ? *f.minimum : *f.maximum);
    if (unit != nullptr) {
      bound_zh += fmt::format(" {}", unit->zh);
      bound_en += fmt::format(" {}", unit->en);
    }
  }
  return refuse(
      field, text,
      Error(low ? "intake.value.minimum" : "intake.value.maximum")
          .zh(fmt::format("{} {}{} {}", f.title_zh, text, low ? " 小于下限" : " 大于上限",
                          bound_zh))
          .en(fmt::format("{} {} is {} {}", f.name, text, low ? "below" : "above", bound_en))
          .remedy("请核对数值和单位", "check the value and its unit"));
}

// ---- dates and times
// -----------------------------------------------------------------------------

bool RowConverter::as_date(size_t field, std::string_view text, const RawCell& cell) {
  const FieldPlan& f = plan_->fields[field];
  Date date;
  int64_t y = 0, m = 0, d = 0;
  if (cell.kind == RawCell::Kind::date || cell.kind == RawCell::Kind::datetime) {
    date = Date::from_days(static_cast<int64_t>(std::floor(cell.number)));
    y = date.ymd().year;
  } else if (text.size() == 10 && text[4] == '-' && text[7] == '-' && f.dates.empty() &&
             digits_at(text, 0, 4, &y) && digits_at(text, 5, 2, &m) && digits_at(text, 8, 2, &d)) {
    auto found = Date::from_ymd(y, static_cast<int>(m), static_cast<int>(d));
    if (!found) return date_from_text(field, text, &date);
    date = *found;
  } else {
    if (!date_from_text(field, text, &date)) return false;
    y = date.ymd().year;
  }
  if (y < 1900 || y > 2100) {
    if (y < 1 || y > 9999) {
      return refuse(field, text,
                    Error("intake.value.date")
                        .zh(fmt::format("“{}”的年份超出 1 至 9999", text))
                        .en(fmt::format("the year of {} is beyond 1 to 9999", text))
                        .remedy("请核对", "check it"));
    }
    warn(Warn::odd_year, field, text);
  }
  if (!check_range(field, static_cast<double>(date.days()), text)) return false;
  values_[field] = {false, date.days(), 0, {}};
  return true;
}

bool RowConverter::date_from_text(size_t field, std::string_view text, Date* out) {
  const FieldPlan& f = plan_->fields[field];
  const std::vector<DateFormat>& formats = f.dates.empty() ? common_date_formats() : f.dates;
  std::string folded;
  std::string_view plain = text;
  if (!is_ascii(text)) {
    folded = fold_width(text);
    plain = trim(folded);
  }
  bool no_such_day = false;
  for (const DateFormat& format : formats) {
    DateFormat::Match match = format.parse(plain, out);
    if (match == DateFormat::Match::yes) {
      if (format.partial() && f.dates.empty()) warn(Warn::partial_date, field, text);
      return true;
    }
    no_such_day |= match == DateFormat::Match::no_day;
  }
  if (no_such_day) {
    return refuse(field, text,
                  Error("intake.value.date")
                      .zh(fmt::format("日期 {} 不存在", text))
                      .en(fmt::format("the date {} does not exist", text))
                      .remedy("请核对年、月、日", "check year, month and day"));
  }
  std::string list;
  for (const DateFormat& format : f.dates) list += (list.empty() ? "" : "、") + format.text();
  return refuse(
      field, text,
      Error("intake.value.date")
          .zh(fmt::format("“{}”不是能识别的日期", text))
          .en(fmt::format("{} is not a date that is understood", text))
          .remedy(list.empty() ? "请写成 2022-11-03，或在映射中用 dates 写明格式"
                               : "映射规定的格式：" + list,
                  list.empty() ? "write it as 2022-11-03, or give the format with dates in "
                                 "the mapping"
                               : "formats in the mapping: " + list));
}

bool RowConverter::as_instant(size_t field, std::string_view text, const RawCell& cell) {
  if (cell.kind == RawCell::Kind::date || cell.kind == RawCell::Kind::datetime) {
    warn(Warn::no_zone, field, text);
    const double seconds = std::round(cell.number * 86400) - 8 * 3600;
    values_[field] = {false, static_cast<int64_t>(seconds) * 1'000'000, 0, {}};
    return true;
  }
  auto instant = Instant::parse(text);
  if (!instant && text.size() >= 10) {
    std::string with_zone(text);
    if (with_zone.size() == 10) with_zone += " 00:00";
    if (with_zone.size() == 16) with_zone += ":00";
    with_zone[10] = 'T';
    auto beijing = Instant::parse(with_zone + "+08:00");
    if (beijing) {
      warn(Warn::no_zone, field, text);
      instant = beijing;
    }
  }
  if (!instant || instant->micros() / kMicrosPerDay > 2932896) {
    return refuse(
        field, text,
        Error("intake.value.instant")
            .zh(fmt::format("“{}”不是能识别的时间", text))
            .en(fmt::format("{} is not a time that is understood", text))
            .remedy("请写成 2022-11-03T08:30:00+08:00", "write it as 2022-11-03T08:30:00+08:00"));
  }
  values_[field] = {false, instant->micros(), 0, {}};
  return true;
}

// ---- booleans and geometries
// -----------------------------------------------------------------------

bool RowConverter::as_boolean(size_t field, std::string_view text, const RawCell& cell) {
  if (cell.kind == RawCell::Kind::boolean) {
    values_[field] = {false, cell.number != 0 ? 1 : 0, 0, {}};
    return true;
  }
  std::string word(text);
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  for (std::string_view yes : {"true", "1", "yes", "y", "t", "是", "有", "√", "对"}) {
    if (word == yes) {
      values_[field] = {false, 1, 0, {}};
      return true;
    }
  }
  for (std::string_view no : {"false", "0", "no", "n", "f", "否", "无", "×", "没有"}) {
    if (word == no) {
      values_[field] = {false, 0, 0, {}};
      return true;
    }
  }
  return refuse(field, text,
                Error("intake.value.boolean")
                    .zh(fmt::format("“{}”不是“是”或“否”", text))
                    .en(fmt::format("{} is neither yes nor no", text))
                    .remedy("请填 是 或 否", "write yes or no"));
}

bool RowConverter::as_geometry(size_t field, std::string_view text, const RawCell& cell) {
  const FieldPlan& f = plan_->fields[field];
  GeometryNotes notes;
  std::string wkb;
  const bool is_text = cell.kind != RawCell::Kind::geometry;
  Result<> read = geometry_.read(text, is_text, {f.field->format, f.repair}, crs_, &wkb, &notes);
  if (!read) return refuse(field, is_text ? text : std::string_view(), read.error());
  if (!notes.repaired.empty()) warn(Warn::geometry_repaired, field, notes.repaired);
  if (notes.flattened) warn(Warn::geometry_flattened, field, "");
  scratch_[field] = std::move(wkb);
  values_[field] = {false, 0, 0, scratch_[field]};
  return true;
}

bool RowConverter::point(size_t field, const RawRecord& record) {
  const FieldPlan& f = plan_->fields[field];
  double xy[2] = {0, 0};
  int missing = 0;
  for (size_t i = 0; i < 2; ++i) {
    std::string_view text = trim(record.cells[f.from[i]].text);
    if (is_missing(field, text)) {
      ++missing;
      continue;
    }
    ScaledNumber number;
    if (parse_number(text, f.numbers, &number) != NumberFault::none) {
      return refuse(
          field, text,
          Error("intake.value.number")
              .zh(fmt::format("坐标“{}”不是数字", text))
              .en(fmt::format("the coordinate {} is not a number", text))
              .remedy("请填十进制度，如 116.3975", "write decimal degrees, such as 116.3975"));
    }
    xy[i] = scale_to_real(number, {});
  }
  if (missing == 2) return true;
  if (missing == 1) {
    return refuse(field, "",
                  Error("intake.value.half_point")
                      .zh("只有经度或纬度之一")
                      .en("only one of longitude and latitude")
                      .remedy("请补齐另一个", "fill in the other"));
  }
  std::string wkb = point_wkb(xy[0], xy[1]);
  return as_geometry(field, wkb, {RawCell::Kind::geometry, false, 0, wkb});
}

void RowConverter::compute_areas() {
  const Value& geometry = values_[*plan_->geometry_field];
  if (geometry.null) return;
  for (size_t i = 0; i < values_.size(); ++i) {
    const FieldPlan& f = plan_->fields[i];
    if (!f.compute_area || !values_[i].null) continue;
    const double area_m2 = geodesic_area_m2(geometry.text);
    if (f.field->type == Type::real) {
      values_[i] = {false, 0, area_m2, {}};
    } else {
      values_[i] = {false, static_cast<int64_t>(std::llround(area_m2)), 0, {}};
    }
  }
}

}  // namespace yipan::intake
