#include "rules/cases_value.h"

#include <fmt/format.h>

#include "rules/builtins.h"
#include "rules/compiler.h"
#include "rules/ops.h"
#include "rules/parser.h"
#include "rules/print.h"
#include "rules/temporal.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

Error wrong_type(const std::string& path, std::string_view given, const Type& type) {
  const bool basic = type.form <= Type::Form::string;
  const auto kind = static_cast<Kind>(type.form);
  std::string example_zh, example_en;
  switch (type.form) {
    case Type::Form::date:
      example_zh = "，例如 2022-11-30", example_en = ", such as 2022-11-30";
      break;
    case Type::Form::number:
      example_zh = "，例如 1200.5；不带单位和千分位";
      example_en = ", such as 1200.5, without unit or thousands separators";
      break;
    case Type::Form::boolean:
      example_zh = "：true 或 false", example_en = ": true or false";
      break;
    case Type::Form::date_time:
      example_zh = "，例如 2022-11-30T08:00:00", example_en = ", such as 2022-11-30T08:00:00";
      break;
    case Type::Form::days_duration:
      example_zh = "，例如 P5D", example_en = ", such as P5D";
      break;
    case Type::Form::months_duration:
      example_zh = "，例如 P1Y6M", example_en = ", such as P1Y6M";
      break;
    default:
      break;
  }
  const std::string wanted_zh = basic ? std::string(to_string_zh(kind)) : to_string(type);
  const std::string wanted_en = basic ? std::string(to_string(kind)) : to_string(type);
  return Error("rules.input.type")
      .zh(fmt::format("“{}”应是{}，却是 {}", path, wanted_zh, given))
      .en(fmt::format("'{}' must be a {}, but is {}", path, wanted_en, given))
      .column(path)
      .remedy(fmt::format("请写成{}{}", wanted_zh, example_zh),
              fmt::format("write it as a {}{}", wanted_en, example_en));
}

// Numbers of spreadsheets have a thousands separator or full-width digits: not guessed, refused.
Value scalar_of_text(std::string_view text, Type::Form form) {
  switch (form) {
    case Type::Form::boolean:
      if (text == "true" || text == "TRUE" || text == "是") return Value::boolean(true);
      if (text == "false" || text == "FALSE" || text == "否") return Value::boolean(false);
      return Value();
    case Type::Form::number: {
      const auto number = Decimal::parse(text);
      return number && number->is_finite() ? Value::number(*number) : Value();
    }
    case Type::Form::date: {
      const auto date = parse_date(text);
      return date ? Value::date(*date) : Value();
    }
    case Type::Form::time: {
      const auto time = parse_time(text);
      return time ? Value::time(*time) : Value();
    }
    case Type::Form::date_time: {
      const auto value = parse_date_time(text);
      return value ? Value::date_time(*value) : Value();
    }
    case Type::Form::days_duration: {
      const auto value = parse_days_duration(text);
      return value ? Value::duration(*value) : Value();
    }
    case Type::Form::months_duration: {
      const auto value = parse_months_duration(text);
      return value ? Value::months(*value) : Value();
    }
    default:
      return Value();
  }
}

// The value of a text that is a constant in FEEL.
std::optional<Value> literal(std::string_view text) {
  Ast ast;
  Faults faults(&ast);
  const uint32_t unit = ast.add_unit({"", "", 0, std::string(text)});
  constexpr uint32_t kNestingMax = 100;
  Parser parser(&ast, &faults, nullptr, kNestingMax);
  const Expr* tree = parser.parse_expression(unit, builtin_scope());
  if (faults.error_count() != 0) return std::nullopt;
  return constant_value(*tree);
}

}  // namespace

Result<Value> coerce(const Value& value, const Type& type, const std::string& path) {
  if (value.is_null() || type.is_any()) return value;
  if (value.is(Kind::string) && !type.is(Type::Form::string)) {
    Value parsed = scalar_of_text(value.as_string(), type.form);
    if (!parsed.is_null()) return parsed;
  }
  if (type.is(Type::Form::date_time) && value.is(Kind::date)) {
    return Value::date_time(make_date_time(value.as_date(), TimeOfDay{}));
  }
  if (type.is(Type::Form::list) && value.is(Kind::list) && type.element != nullptr) {
    std::vector<Value> items;
    for (const Value& item : value.as_list()) {
      YIPAN_ASSIGN(Value fitted, coerce(item, *type.element, path));
      items.push_back(std::move(fitted));
    }
    return Value::list(std::move(items));
  }
  if (type.is(Type::Form::context) && value.is(Kind::context)) {
    std::vector<std::pair<std::string, Value>> entries;
    for (size_t i = 0; i < value.entry_count(); ++i) {
      const std::string key(value.entry_key(i).as_string());
      const Type::Member* member = type.find(key);
      if (member == nullptr) {
        entries.emplace_back(key, value.entry_value(i));
        continue;
      }
      YIPAN_ASSIGN(Value fitted, coerce(value.entry_value(i), *member->type, path + "." + key));
      entries.emplace_back(key, std::move(fitted));
    }
    return Value::context(std::move(entries));
  }
  const bool same = form_of(value.kind()) == type.form || type.is(Type::Form::range) ||
                    type.is(Type::Form::function);
  if (!same) return fail(wrong_type(path, internal::print_value(value, true), type));
  return value;
}

Value complete(const Value& value, const Type& type) {
  if (value.is(Kind::list) && type.is(Type::Form::list) && type.element != nullptr) {
    std::vector<Value> items;
    for (const Value& item : value.as_list()) items.push_back(complete(item, *type.element));
    return Value::list(std::move(items));
  }
  if (!value.is(Kind::context) || !type.is(Type::Form::context)) return value;
  std::vector<std::pair<std::string, Value>> entries;
  for (const Type::Member& member : type.members) {
    const Value* given = value.find(member.name);
    entries.emplace_back(member.name, given != nullptr ? complete(*given, *member.type) : Value());
  }
  for (size_t i = 0; i < value.entry_count(); ++i) {
    const std::string key(value.entry_key(i).as_string());
    if (type.find(key) == nullptr) entries.emplace_back(key, value.entry_value(i));
  }
  return Value::context(std::move(entries));
}

Result<Value> value_of_text(std::string_view text, const Type& type, const std::string& path) {
  const std::string_view cell = trim(text);
  if (cell.empty() || cell == "null") return Value();
  const bool quoted = cell.size() >= 2 && cell.front() == '"' && cell.back() == '"';
  if (type.is(Type::Form::string)) {
    if (!quoted) return Value::string(cell);
    const auto value = literal(cell);
    return value && value->is(Kind::string) ? *value : Value::string(cell);
  }
  if (Value plain = scalar_of_text(cell, type.form); !plain.is_null()) return plain;
  const auto value = literal(cell);
  if (type.is_any()) return value ? *value : Value::string(cell);
  if (!value) return fail(wrong_type(path, "“" + std::string(cell) + "”", type));
  return coerce(*value, type, path);
}

std::string text_of_value(const Value& value, const Type& type) {
  if (value.is_null()) return "null";
  if (value.is(Kind::string)) {
    const std::string text(value.as_string());
    const auto back = value_of_text(text, type, "");
    return back && back->same_as(value) ? text : internal::quote(text);
  }
  const bool plain = form_of(value.kind()) == type.form && value.kind() < Kind::string;
  return internal::print_value(value, !plain);
}

}  // namespace yipan::rules
