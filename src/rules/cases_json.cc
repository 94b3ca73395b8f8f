// JSON to values, numbers to the last digit.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/cases_value.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  bool null() override { return add(Value()); }
  bool boolean(bool v) override { return add(Value::boolean(v)); }
  bool number_integer(number_integer_t v) override { return add(Value::number(v)); }
  bool number_unsigned(number_unsigned_t v) override { return number(std::to_string(v)); }
  bool number_float(number_float_t, const string_t& text) override { return number(text); }
  bool string(string_t& v) override { return add(Value::string(v)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return open(true); }
  bool start_array(size_t) override { return open(false); }
  bool key(string_t& v) override {
    const auto& entries = stack_.back().entries;
    const bool known =
        std::any_of(entries.begin(), entries.end(), [&v](const auto& e) { return e.first == v; });
    if (known) {
      return refuse(Error("rules.json.duplicate")
                        .zh(fmt::format("“{}”写了两次", v))
                        .en(fmt::format("'{}' is given twice", v))
                        .remedy("请删去一个", "remove one of them"));
    }
    stack_.back().entries.emplace_back(v, Value());
    return true;
  }
  bool end_object() override {
    Value value = Value::context(std::move(stack_.back().entries));
    stack_.pop_back();
    return add(std::move(value));
  }
  bool end_array() override {
    Value value = Value::list(std::move(stack_.back().items));
    stack_.pop_back();
    return add(std::move(value));
  }
  bool parse_error(size_t position, const std::string&,
                   const nlohmann::detail::exception& problem) override {
    const size_t at = std::min(position == 0 ? 0 : position - 1, text_.size());
    const auto line = static_cast<uint64_t>(std::count(
                          text_.begin(), text_.begin() + static_cast<ptrdiff_t>(at), '\n')) +
                      1;
    const size_t start = text_.substr(0, at).rfind('\n');
    const size_t first = start == std::string_view::npos ? 0 : start + 1;
    std::string_view what = problem.what();
    if (const size_t colon = what.rfind(": "); colon != std::string_view::npos) {
      what = what.substr(colon + 2);
    }
    return refuse(Error("rules.json.syntax")
                      .zh(fmt::format("JSON 写法有误：{}", what))
                      .en(fmt::format("malformed JSON: {}", what))
                      .line(line, at - first + 1)
                      .remedy("请改正；例：{\"面积\": 120, \"开工日期\": \"2022-11-30\"}",
                              "mend it; for example {\"area\": 120, \"start\": \"2022-11-30\"}"));
  }

  Result<Value> take() {
    if (problem_) return fail(*problem_);
    return std::move(result_);
  }

 private:
  struct Level {
    bool object = false;
    std::vector<std::pair<std::string, Value>> entries;
    std::vector<Value> items;
  };
  bool refuse(Error error) {
    problem_ = std::move(error.file(file_));
    return false;
  }
  bool open(bool object) {
    constexpr size_t kDepthMax = 100;
    if (stack_.size() == kDepthMax) {
      return refuse(
          Error("rules.json.depth").zh("JSON 嵌套太深").en("the JSON is nested too deep"));
    }
    stack_.push_back({object, {}, {}});
    return true;
  }
  bool number(const std::string& text) {
    const auto value = Decimal::parse(text);
    if (!value || !value->is_finite()) {
      return refuse(Error("rules.json.number")
                        .zh("数字超出范围：" + text)
                        .en("the number is out of range: " + text));
    }
    return add(Value::number(*value));
  }
  bool add(Value value) {
    if (stack_.empty()) {
      result_ = std::move(value);
    } else if (stack_.back().object) {
      stack_.back().entries.back().second = std::move(value);
    } else {
      stack_.back().items.push_back(std::move(value));
    }
    return true;
  }

  std::string_view text_;
  std::string_view file_;
  std::vector<Level> stack_;
  Value result_;
  std::optional<Error> problem_;
};

}  // namespace

Result<Value> value_of_json(std::string_view json, std::string_view file) {
  if (const size_t bad = find_invalid_utf8(json); bad != std::string_view::npos) {
    return fail(Error("rules.json.syntax")
                    .zh("文件不是合法的 UTF-8")
                    .en("the file is not well-formed UTF-8")
                    .file(file)
                    .byte_offset(bad)
                    .remedy("请存为 UTF-8", "save it as UTF-8"));
  }
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  Builder builder(json, file);
  nlohmann::json::sax_parse(json, &builder);
  return builder.take();
}

}  // namespace yipan::rules
