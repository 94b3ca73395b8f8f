#include "generate/table.h"

#include <fmt/format.h>

#include "yipan/check.h"

namespace yipan::generate {
namespace {

const FieldSpec& field_spec(const TableSpec& spec, std::string_view field) {
  const auto found = spec.index.find(std::string(field));
  CHECK_MSG(found != spec.index.end(), fmt::format("no field {} in {}", field, spec.name));
  return spec.fields[found->second];
}

void check_kind(const TableSpec& spec, std::string_view field, bool right) {
  CHECK_MSG(right, fmt::format("{}.{} is of another type", spec.name, field));
}

}  // namespace

Cell& Row::cell(std::string_view field) const {
  const auto found = table_->spec_->index.find(std::string(field));
  CHECK_MSG(found != table_->spec_->index.end(),
            fmt::format("no field {} in {}", field, table_->spec_->name));
  return table_->rows_[number_][found->second];
}

Row& Row::set(std::string_view field, std::string_view value) {
  const Kind kind = field_spec(table_->spec(), field).kind;
  check_kind(table_->spec(), field, kind == Kind::text || kind == Kind::geometry);
  cell(field) = std::string(value);
  return *this;
}

Row& Row::set(std::string_view field, int64_t value) {
  const Kind kind = field_spec(table_->spec(), field).kind;
  check_kind(table_->spec(), field, kind == Kind::integer || kind == Kind::number);
  if (kind == Kind::number) {
    cell(field) = static_cast<double>(value);
  } else {
    cell(field) = value;
  }
  return *this;
}

Row& Row::set(std::string_view field, double value) {
  check_kind(table_->spec(), field, field_spec(table_->spec(), field).kind == Kind::number);
  cell(field) = value;
  return *this;
}

Row& Row::set(std::string_view field, bool value) {
  check_kind(table_->spec(), field, field_spec(table_->spec(), field).kind == Kind::boolean);
  cell(field) = int64_t{value ? 1 : 0};
  return *this;
}

Row& Row::set(std::string_view field, Date value) {
  check_kind(table_->spec(), field, field_spec(table_->spec(), field).kind == Kind::date);
  cell(field) = value.days();
  return *this;
}

Row& Row::set(std::string_view field, Instant value) {
  check_kind(table_->spec(), field, field_spec(table_->spec(), field).kind == Kind::datetime);
  cell(field) = value.micros();
  return *this;
}

Row& Row::clear(std::string_view field) {
  cell(field) = std::monostate();
  return *this;
}

bool Row::has(std::string_view field) const {
  return !std::holds_alternative<std::monostate>(cell(field));
}

const std::string& Row::text(std::string_view field) const {
  static const std::string kEmpty;
  const auto* value = std::get_if<std::string>(&cell(field));
  return value == nullptr ? kEmpty : *value;
}

int64_t Row::integer(std::string_view field) const {
  const auto* value = std::get_if<int64_t>(&cell(field));
  return value == nullptr ? 0 : *value;
}

double Row::number(std::string_view field) const {
  const auto* value = std::get_if<double>(&cell(field));
  return value == nullptr ? 0.0 : *value;
}

Date Row::date(std::string_view field) const {
  CHECK_MSG(has(field), fmt::format("{} is empty", field));
  return Date::from_days(integer(field));
}

std::vector<std::string> Row::key() const {
  std::vector<std::string> out;
  for (const std::string& part : table_->spec().primary_key) {
    const Kind kind = field_spec(table_->spec(), part).kind;
    if (kind == Kind::text) {
      out.push_back(text(part));
    } else if (kind == Kind::date) {
      out.push_back(date(part).to_string());
    } else {
      out.push_back(std::to_string(integer(part)));
    }
  }
  return out;
}

const std::string& Row::table_name() const { return table_->spec().name; }

Row Table::add() {
  rows_.emplace_back(spec_->fields.size());
  Row row(this, rows_.size() - 1);
  row.set("synthetic", true);
  return row;
}

Row Table::add(std::string_view id) {
  Row row = add();
  row.set("id", id);
  return row;
}

}  // namespace yipan::generate
