#include "generate/formula.h"

#include <fmt/format.h>

#include <string>

#include "yipan/check.h"

namespace yipan::generate {
namespace {

constexpr int kDepthMax = 50;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

class Parser {
 public:
  Parser(std::string_view text, const FigureValue& value) : text_(text), value_(value) {}

  Result<bool> relation() {
    YIPAN_ASSIGN(const Decimal left, sum(0));
    const std::string_view op = comparator();
    if (op.empty()) return fail(syntax("这里应是 = < <= > >=", "a comparator is expected here"));
    YIPAN_ASSIGN(const Decimal right, sum(0));
    skip();
    if (at_ != text_.size()) return fail(syntax("式子已经结束", "the relation ended before this"));
    if (!left.is_finite() || !right.is_finite()) return fail(undefined());
    if (op == "=") return left == right;
    if (op == "<") return left < right;
    if (op == "<=") return left <= right;
    if (op == ">") return left > right;
    return left >= right;
  }

 private:
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(std::string_view token) {
    skip();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  std::string_view comparator() {
    for (std::string_view op : {"<=", ">=", "=", "<", ">"}) {
      if (take(op)) return op;
    }
    return {};
  }
  Error syntax(std::string_view zh, std::string_view en) const {
    return Error("generate.formula.syntax")
        .zh(fmt::format("关系式第 {} 个字符：{}", at_ + 1, zh))
        .en(fmt::format("character {} of the relation: {}", at_ + 1, en))
        .element(text_)
        .remedy("写法见 docs/formats/figures.md", "see docs/formats/figures.md for the notation");
  }
  Error undefined() const {
    return Error("generate.formula.undefined")
        .zh("关系式没有确定的值（除数为零或溢出）")
        .en("the relation has no value (division by zero, or overflow)")
        .element(text_)
        .remedy("检查除数", "check the divisors");
  }

  Result<Decimal> sum(int depth) {
    if (depth > kDepthMax) return fail(syntax("括号太深", "too many nested parentheses"));
    YIPAN_ASSIGN(Decimal total, product(depth));
    while (true) {
      const bool plus = take("+");
      if (!plus && !take("-")) return total;
      YIPAN_ASSIGN(const Decimal next, product(depth));
      total = plus ? total + next : total - next;
    }
  }
  Result<Decimal> product(int depth) {
    YIPAN_ASSIGN(Decimal total, factor(depth));
    while (true) {
      const bool times = take("*");
      if (!times && !take("/")) return total;
      YIPAN_ASSIGN(const Decimal next, factor(depth));
      total = times ? total * next : total / next;
    }
  }
  Result<Decimal> factor(int depth) {
    if (take("round(")) return rounded(depth);
    if (take("(")) {
      YIPAN_ASSIGN(const Decimal inner, sum(depth + 1));
      if (!take(")")) return fail(syntax("缺少右括号", "a closing parenthesis is missing"));
      return inner;
    }
    skip();
    if (at_ < text_.size() && is_digit(text_[at_])) return number();
    if (at_ < text_.size() && text_[at_] == 'F') return figure();
    return fail(syntax("这里应是数或数据编号", "a number or a figure's id is expected here"));
  }
  Result<Decimal> rounded(int depth) {
    YIPAN_ASSIGN(const Decimal inner, sum(depth + 1));
    if (!take(",")) return fail(syntax("round 缺少逗号", "round needs a comma"));
    skip();
    if (at_ >= text_.size() || !is_digit(text_[at_])) {
      return fail(syntax("round 缺少位数", "round needs a number of digits"));
    }
    const int digits = text_[at_++] - '0';
    if (!take(")")) return fail(syntax("缺少右括号", "a closing parenthesis is missing"));
    if (!inner.is_finite()) return fail(undefined());
    return inner.rounded(digits, Decimal::Rounding::half_up);
  }
  Result<Decimal> number() {
    const size_t start = at_;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) ++at_;
    const auto parsed = Decimal::parse(text_.substr(start, at_ - start), false);
    if (!parsed) {
      at_ = start;
      return fail(syntax("不是一个数", "this is not a number"));
    }
    return *parsed;
  }
  Result<Decimal> figure() {
    const size_t start = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    if (text_.substr(at_, 4) == ".max") at_ += 4;
    const std::string_view name = text_.substr(start, at_ - start);
    const auto found = value_(name);
    if (found) return *found;
    return fail(Error("generate.formula.unknown")
                    .zh(fmt::format("没有编号为 {} 的数据", name))
                    .en(fmt::format("there is no figure {}", name))
                    .element(text_)
                    .remedy("改正编号，或在 figures.toml 中补上这条数据",
                            "correct the id, or add the figure to figures.toml"));
  }

  std::string_view text_;
  const FigureValue& value_;
  size_t at_ = 0;
};

}  // namespace

Result<bool> evaluate_relation(std::string_view formula, const FigureValue& value) {
  CHECK(value != nullptr);
  return Parser(formula, value).relation();
}

}  // namespace yipan::generate
