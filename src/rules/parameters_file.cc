// Dated parameters in TOML: docs/formats/parameters.md.
#include <fmt/format.h>

#include <algorithm>

#include "rules/lexer.h"
#include "yipan/rules.h"
#include "yipan/text.h"
#include "yipan/toml.h"

namespace yipan::rules {
namespace {

class Reader {
 public:
  Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {
    line_starts_.push_back(0);
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') line_starts_.push_back(i + 1);
    }
  }

  Result<std::vector<Parameter>> run() {
    YIPAN_ASSIGN(const toml::table root, parse_toml(text_, file_, "rules.parameter.syntax"));
    for (auto&& [key, node] : root) {
      if (key.str() != "parameter" || !node.is_array_of_tables()) {
        return fail(at(key.source(), "rules.parameter.key")
                        .zh(fmt::format("不认识的项“{}”", key.str()))
                        .en(fmt::format("unknown key '{}'", key.str()))
                        .remedy("每个参数写成 [[parameter]] 一节",
                                "write every parameter as a section [[parameter]]"));
      }
      for (const toml::node& item : *node.as_array()) YIPAN_TRY(parameter(*item.as_table()));
    }
    return std::move(out_);
  }

 private:
  Error at(const toml::source_region& where, std::string_view code) const {
    Error error(code);
    error.file(file_);
    if (where.begin.line != 0) error.line(where.begin.line, where.begin.column);
    return error;
  }

  Error missing(const toml::table& table, std::string_view key, const std::string& name) const {
    return at(table.source(), "rules.parameter.missing")
        .zh(fmt::format("参数“{}”缺少 {}", name, key))
        .en(fmt::format("the parameter '{}' lacks '{}'", name, key))
        .element(name)
        .remedy(fmt::format("请补上 {} = ...", key), fmt::format("add {} = ...", key));
  }

  Result<> known_keys(const toml::table& table, std::initializer_list<std::string_view> keys) {
    for (auto&& [key, node] : table) {
      if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
      return fail(at(key.source(), "rules.parameter.key")
                      .zh(fmt::format("不认识的项“{}”", key.str()))
                      .en(fmt::format("unknown key '{}'", key.str()))
                      .remedy(fmt::format("这里可以写：{}", fmt::join(keys, ", ")),
                              fmt::format("known here: {}", fmt::join(keys, ", "))));
    }
    return {};
  }

  Result<> parameter(const toml::table& table) {
    YIPAN_TRY(known_keys(table, {"name", "unit", "description", "value"}));
    Parameter p;
    p.name = normalize_name(table["name"].value_or(std::string_view()));
    if (p.name.empty()) return fail(missing(table, "name", "?"));
    for (const Parameter& other : out_) {
      if (other.name != p.name) continue;
      return fail(at(table.source(), "rules.parameter.duplicate")
                      .zh(fmt::format("参数“{}”写了两次", p.name))
                      .en(fmt::format("the parameter '{}' is given twice", p.name))
                      .element(p.name)
                      .remedy("把各时期的取值写在同一个参数之下",
                              "put the values of all times under one parameter"));
    }
    const toml::array* values = table["value"].as_array();
    if (values == nullptr || values->empty())
      return fail(missing(table, "[[parameter.value]]", p.name));
    const std::string unit = table["unit"].value_or(std::string());
    for (const toml::node& item : *values) {
      const toml::table* entry = item.as_table();
      if (entry == nullptr) return fail(missing(table, "[[parameter.value]]", p.name));
      YIPAN_TRY(dated_value(*entry, unit, &p));
    }
    std::sort(p.values.begin(), p.values.end(),
              [](const DatedValue& a, const DatedValue& b) { return a.from < b.from; });
    out_.push_back(std::move(p));
    return {};
  }

  Result<> dated_value(const toml::table& table, const std::string& unit, Parameter* p) {
    YIPAN_TRY(known_keys(table, {"from", "value", "feel", "unit", "citation"}));
    DatedValue v;
    YIPAN_ASSIGN(v.from, date_of(table, "from", p->name));
    v.unit = table["unit"].value_or(unit);
    v.citation = table["citation"].value_or(std::string());
    if (v.citation.empty()) return fail(missing(table, "citation", p->name));
    const toml::node* node = table.get("value");
    const toml::node* feel = table.get("feel");
    if ((node == nullptr) == (feel == nullptr)) return fail(missing(table, "value", p->name));
    if (node != nullptr) {
      YIPAN_ASSIGN(v.value, value_of(*node, p->name));
    } else {
      YIPAN_ASSIGN(v.value, feel_value(*feel, p->name));
    }
    for (const DatedValue& other : p->values) {
      if (other.from != v.from) continue;
      return fail(at(table.source(), "rules.parameter.duplicate")
                      .zh(fmt::format("参数“{}”有两个自 {} 起的取值", p->name, v.from.to_string()))
                      .en(fmt::format("the parameter '{}' has two values from {}", p->name,
                                      v.from.to_string()))
                      .element(p->name)
                      .remedy("请改正其中一个的起始日", "correct one of the dates"));
    }
    p->values.push_back(std::move(v));
    return {};
  }

  Result<Date> date_of(const toml::table& table, std::string_view key, const std::string& name) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return fail(missing(table, key, name));
    std::string text;
    if (const auto date = node->value<toml::date>(); node->is_date() && date) {
      text = fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
    } else {
      text = node->value_or(std::string());
    }
    auto parsed = Date::parse(text);
    if (parsed) return parsed;
    return fail(at(node->source(), "rules.parameter.date")
                    .zh(fmt::format("参数“{}”的 {} 不是日期", name, key))
                    .en(fmt::format("'{}' of the parameter '{}' is not a date", key, name))
                    .element(name)
                    .remedy("请按 年-月-日 填写，例如 2018-10-01",
                            "write it as year-month-day, such as 2018-10-01"));
  }

  // A number exactly as it is written: TOML's own reader would make a double of it.
  std::string written(const toml::node& node) const {
    const auto& where = node.source();
    size_t begin = line_starts_[where.begin.line - 1];
    for (uint32_t i = 1; i < where.begin.column && begin < text_.size(); ++i) {
      next_code_point(text_, &begin);  // TOML's columns are code points
    }
    std::string out;
    for (size_t i = begin; i < text_.size(); ++i) {
      const char c = text_[i];
      const bool part = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' ||
                        c == 'E' || c == '_';
      if (!part) break;
      if (c != '_' && !(c == '+' && out.empty())) out += c;
    }
    return out;
  }

  Result<Value> feel_value(const toml::node& node, const std::string& name) {
    const std::string text = node.value_or(std::string());
    Value value;
    if (!text.empty()) {
      const auto expression = compile_expression(text);
      if (!expression) {
        return fail(at(node.source(), "rules.parameter.value")
                        .zh(fmt::format("参数“{}”的 feel 写法有误", name))
                        .en(fmt::format("the parameter '{}' has a malformed feel value", name))
                        .element(name)
                        .because(expression.error()));
      }
      Evaluator evaluator;
      value = evaluator.evaluate(*expression);
    }
    if (!value.is_null()) return value;
    return fail(
        at(node.source(), "rules.parameter.value")
            .zh(fmt::format("参数“{}”的 feel 没有得出值", name))
            .en(fmt::format("the feel text of the parameter '{}' gives no value", name))
            .element(name)
            .remedy("例如 feel = 'duration(\"P30D\")'", "such as feel = 'duration(\"P30D\")'"));
  }

  Result<Value> value_of(const toml::node& node, const std::string& name) {
    if (node.is_string()) return Value::string(*node.value<std::string_view>());
    if (node.is_boolean()) return Value::boolean(*node.value<bool>());
    if (node.is_date()) {
      const auto date = *node.value<toml::date>();
      const auto parsed =
          Date::parse(fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day));
      if (parsed) return Value::date(*parsed);
    }
    if (node.is_number()) {
      const std::string text = written(node);
      const auto number = Decimal::parse(text);
      if (number && number->is_finite()) return Value::number(*number);
    }
    if (const toml::array* array = node.as_array()) {
      std::vector<Value> items;
      for (const toml::node& item : *array) {
        YIPAN_ASSIGN(Value value, value_of(item, name));
        items.push_back(std::move(value));
      }
      return Value::list(std::move(items));
    }
    if (const toml::table* table = node.as_table()) {
      std::vector<std::pair<std::string, Value>> entries;
      for (auto&& [key, item] : *table) {
        YIPAN_ASSIGN(Value value, value_of(item, name));
        entries.emplace_back(normalize_name(key.str()), std::move(value));
      }
      return Value::context(std::move(entries));
    }
    return fail(at(node.source(), "rules.parameter.value")
                    .zh(fmt::format("参数“{}”的取值不能用", name))
                    .en(fmt::format("the parameter '{}' has a value that cannot be used", name))
                    .element(name)
                    .remedy("可以是数、文字、日期、true/false、列表、表；时长写 feel = '...'",
                            "a decimal number, text, date, true/false, array or table; for "
                            "durations feel = '...'"));
  }

  std::string_view text_;
  std::string_view file_;
  std::vector<size_t> line_starts_;
  std::vector<Parameter> out_;
};

}  // namespace

Result<std::vector<Parameter>> parse_parameters(std::string_view toml, std::string_view file) {
  if (const size_t bad = find_invalid_utf8(toml); bad != std::string_view::npos) {
    return fail(Error("rules.parameter.syntax")
                    .zh("文件不是合法的 UTF-8")
                    .en("the file is not well-formed UTF-8")
                    .file(file)
                    .byte_offset(bad)
                    .remedy("请存为 UTF-8", "save it as UTF-8"));
  }
  if (toml.starts_with("\xEF\xBB\xBF")) toml.remove_prefix(3);
  return Reader(toml, file).run();
}

}  // namespace yipan::rules
