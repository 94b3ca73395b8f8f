// Unary tests: cells of decision tables and allowed values (DMN 1.5, 10.3.1.2, rules 7 to 17).
#include <fmt/format.h>

#include "rules/parser.h"

namespace yipan::rules {

Expr* Parser::parse_unary_tests(uint32_t unit, const Scope& scope, Name* input) {
  begin(unit, scope);
  input_ = input;
  input_uses_ = 0;
  Scope inner(&scope);
  inner.add(input);
  scope_ = &inner;
  Expr* e = guarded(&Parser::unary_tests);
  input_ = nullptr;
  return e;
}

Expr* Parser::unary_tests() {
  const auto size = static_cast<uint32_t>(ast_->unit(unit_).text.size());
  Expr* e = ast_->make(Ex::unary_tests, {unit_, 0, size});
  e->name = input_;
  e->type = Types::basic(Type::Form::boolean);
  if (now().type == Token::Type::end) return e;
  if (is("-") && ahead(1).type == Token::Type::end) return e;
  const size_t begin = at_;
  if (is("not") && ahead(1).is("(")) {
    take("not");
    take("(");
    e->flag = true;
    // An expression over `?` is negated as a whole: not(? > 5) is not a list of tests.
    positive_tests(e);
    expect(")");
    if (now().type == Token::Type::end) return e;
    e->flag = false;  // not(...) was only the beginning of an expression
    e->kids.clear();
    at_ = begin;
  }
  positive_tests(e);
  if (now().type != Token::Type::end) {
    fail(fmt::format("这里不应出现“{}”", now().text), fmt::format("unexpected '{}'", now().text));
  }
  return e;
}

Expr* Parser::positive_tests(Expr* out) {
  do {
    out->kids.push_back(positive_test());
  } while (take(","));
  return out;
}

Expr* Parser::operand_test(Op op) {
  const size_t begin = at_;
  take(now().text);
  Expr* operand = disjunction();
  Expr* e = make(Ex::test, begin);
  e->op = op;
  e->kids = {operand};
  e->type = Types::basic(Type::Form::boolean);
  return e;
}

Expr* Parser::positive_test() {
  const Nesting nesting(this);
  if (now().type == Token::Type::symbol) {
    if (is("<")) return operand_test(Op::less);
    if (is("<=")) return operand_test(Op::less_equal);
    if (is(">")) return operand_test(Op::greater);
    if (is(">=")) return operand_test(Op::greater_equal);
    if (is("=")) return operand_test(Op::equal);
    if (is("!=")) return operand_test(Op::not_equal);
  }
  const size_t begin = at_;
  const uint32_t uses = input_uses_;
  Expr* operand = expression();
  Expr* e = make(Ex::test, begin);
  e->kids = {operand};
  e->flag = input_uses_ != uses;
  e->type = Types::basic(Type::Form::boolean);
  return e;
}

}  // namespace yipan::rules
