// Operators, from the loosest to the tightest (DMN 1.5, 10.3.1.2, rules 1 to 4 and 45 to 51).
#include "rules/parser.h"

#include <fmt/format.h>

#include "rules/mistakes.h"
#include "rules/mistakes_check.h"
#include "rules/typing.h"
#include "yipan/text.h"

namespace yipan::rules {

void Parser::begin(uint32_t unit, const Scope& scope) {
  unit_ = unit;
  scope_ = &scope;
  tokens_ = tokenize(ast_->unit(unit).text);
  at_ = 0;
  end_of_last_ = 0;
  nesting_ = 0;
}

Expr* Parser::guarded(Expr* (Parser::*parse)()) {
  const Scope* scope = scope_;
  try {
    return (this->*parse)();
  } catch (const Syntax&) {
    scope_ = scope;
    Expr* e =
        ast_->make(Ex::error, {unit_, 0, static_cast<uint32_t>(ast_->unit(unit_).text.size())});
    e->text = faults_->list().back().error.message_en();
    return e;
  }
}

Expr* Parser::whole() {
  Expr* e = expression();
  if (now().type != Token::Type::end) {
    fail(fmt::format("这里不应出现“{}”", now().text), fmt::format("unexpected '{}'", now().text));
  }
  return e;
}

Expr* Parser::parse_expression(uint32_t unit, const Scope& scope) {
  begin(unit, scope);
  input_ = nullptr;
  return guarded(&Parser::whole);
}

bool Parser::take(std::string_view text) {
  if (!is(text)) return false;
  end_of_last_ = now().end;
  ++at_;
  return true;
}

void Parser::check_bad_token() {
  if (now().type != Token::Type::bad) return;
  std::string_view what = now().problem;
  std::string_view zh = "不认识的字符";
  if (what == "comment without end") zh = "注释没有结束";
  if (what == "bad escape") zh = "字符串里的转义写错";
  if (what == "string without end") {
    zh = "引号没有结束";
    what = "the text has no closing quote";
  }
  const std::string& text = ast_->unit(unit_).text;
  const Hint hint = syntax_hint(text, now().begin, now().end);
  size_t shown_end = 0;
  constexpr int kShownMax = 8;
  for (int i = 0; i < kShownMax && shown_end < now().text.size(); ++i) {
    next_code_point(now().text, &shown_end);
  }
  const std::string_view shown = now().text.substr(0, shown_end);
  faults_->add(Severity::error, {unit_, now().begin, now().end},
               Error("rules.syntax")
                   .zh(fmt::format("{}：{}", zh, shown))
                   .en(fmt::format("{}: {}", what, shown))
                   .remedy(hint.zh, hint.en));
  throw Syntax{};
}

void Parser::fail(std::string_view zh, std::string_view en, const Hint* remedy) {
  check_bad_token();
  const Hint hint = remedy != nullptr
                        ? *remedy
                        : syntax_hint(ast_->unit(unit_).text, now().begin, now().end);
  if (now().type == Token::Type::end) {
    zh = zh.substr(0, zh.find("，却是"));
    en = en.substr(0, en.find(", found"));
    faults_->add(Severity::error, {unit_, now().begin, now().end},
                 Error("rules.syntax")
                     .zh(fmt::format("表达式没有写完：{}", zh))
                     .en(fmt::format("the expression ends too early: {}", en))
                     .remedy(hint.zh, hint.en));
  } else {
    faults_->add(Severity::error, {unit_, now().begin, now().end},
                 Error("rules.syntax").zh(zh).en(en).remedy(hint.zh, hint.en));
  }
  throw Syntax{};
}

void Parser::expect(std::string_view text) {
  if (take(text)) return;
  fail(fmt::format("这里应有“{}”，却是“{}”", text, now().text),
       fmt::format("expected '{}', found '{}'", text, now().text));
}

Span Parser::span_from(size_t begin) const {
  const uint32_t b = tokens_[begin].begin;
  return {unit_, b, end_of_last_ > b ? end_of_last_ : tokens_[begin].end};
}

std::string Parser::text_of(size_t begin, size_t count) const {
  if (count == 0) return {};
  const uint32_t b = tokens_[begin].begin, e = tokens_[begin + count - 1].end;
  return normalize_name(std::string_view(ast_->unit(unit_).text).substr(b, e - b));
}

Parser::Nesting::Nesting(Parser* parser) : parser_(parser) {
  if (++parser->nesting_ > parser->nesting_max_) {
    --parser->nesting_;
    parser->faults_->add(
        Severity::error, {parser->unit_, parser->now().begin, parser->now().end},
        Error("rules.limit.nesting")
            .zh(fmt::format("表达式嵌套超过 {} 层", parser->nesting_max_))
            .en(fmt::format("the expression is nested deeper than {}", parser->nesting_max_))
            .remedy("请拆成几个上下文条目或决策", "split it into context entries or decisions"));
    throw Syntax{};
  }
}

Expr* Parser::expression() {
  const Nesting nesting(this);
  return disjunction();
}

Expr* Parser::binary(Op op, Expr* left, Expr* right) {
  Expr* e = ast_->make(Ex::binary, {unit_, left->span.begin, right->span.end});
  e->op = op;
  e->kids = {left, right};
  e->type = binary_type(op, left->type, right->type);
  if (operand_clash(op, left->type, right->type)) {
    const Hint hint = type_hint(op, *left, *right);
    faults_->add(Severity::warning, e->span,
                 Error("rules.type.operands")
                     .zh(fmt::format("{} 不能用于{}和{}：结果总是 null", to_string(op),
                                     type_zh(*left->type), type_zh(*right->type)))
                     .en(fmt::format("{} of {} and {} is always null", to_string(op),
                                     to_string(*left->type), to_string(*right->type)))
                     .remedy(hint.zh, hint.en));
  }
  return e;
}

Expr* Parser::disjunction() {
  Expr* left = conjunction();
  while (take("or")) left = binary(Op::or_, left, conjunction());
  return left;
}

Expr* Parser::conjunction() {
  Expr* left = comparison();
  while (take("and")) left = binary(Op::and_, left, comparison());
  return left;
}

Expr* Parser::comparison() {
  Expr* left = additive();
  constexpr std::pair<std::string_view, Op> kOps[] = {
      {"=", Op::equal}, {"!=", Op::not_equal},     {"<=", Op::less_equal},
      {"<", Op::less},  {">=", Op::greater_equal}, {">", Op::greater}};
  for (bool again = true; again;) {
    again = false;
    for (const auto& [text, op] : kOps) {
      if (now().type == Token::Type::symbol && take(text)) {
        left = binary(op, left, additive());
        again = true;
        break;
      }
    }
    if (take("between")) {
      left = between(left);
      again = true;
    } else if (take("in")) {
      left = in(left);
      again = true;
    }
  }
  return left;
}

Expr* Parser::between(Expr* value) {
  Expr* e = ast_->make(Ex::between, value->span);
  Expr* low = additive();
  expect("and");
  Expr* high = additive();
  e->kids = {value, low, high};
  e->span.end = high->span.end;
  e->type = Types::basic(Type::Form::boolean);
  return e;
}

// value in test, value in (test, test, ...): rule 49 b and c.
Expr* Parser::in(Expr* value) {
  Expr* e = ast_->make(Ex::in, value->span);
  e->type = Types::basic(Type::Form::boolean);
  Name* outer = input_;
  const uint32_t uses = input_uses_;
  input_ = local("?", value->type);
  e->name = input_;
  e->kids = {value};
  Scope inner(scope_);
  inner.add(input_);
  {
    const Within within(this, &inner);
    if (is("(") && now().type == Token::Type::symbol) {
      const size_t begin = at_;
      take("(");
      e->kids.push_back(positive_test());
      if (is("..")) {  // it was an interval that began with its parenthesis
        Expr* test = e->kids.back();
        test->kids[0] = range_rest(begin, false, test->kids[0]);
      } else {
        while (take(",")) e->kids.push_back(positive_test());
        expect(")");
      }
    } else {
      e->kids.push_back(positive_test());
    }
  }
  input_ = outer;
  input_uses_ = uses;
  e->span = span_from(at_ - 1);
  e->span.begin = value->span.begin;
  return e;
}

Expr* Parser::additive() {
  Expr* left = multiplicative();
  while (now().type == Token::Type::symbol && (is("+") || is("-"))) {
    const Op op = is("+") ? Op::add : Op::subtract;
    take(now().text);
    left = binary(op, left, multiplicative());
  }
  return left;
}

Expr* Parser::multiplicative() {
  Expr* left = power();
  while (now().type == Token::Type::symbol && (is("*") || is("/"))) {
    const Op op = is("*") ? Op::multiply : Op::divide;
    take(now().text);
    left = binary(op, left, power());
  }
  return left;
}

Expr* Parser::power() {
  Expr* left = unary();
  while (take("**")) left = binary(Op::power, left, unary());
  return left;
}

Expr* Parser::unary() {
  const size_t begin = at_;
  if (now().type == Token::Type::symbol && take("-")) {
    const Nesting nesting(this);
    Expr* operand = unary();
    Expr* e = make(Ex::negate, begin);
    e->kids = {operand};
    e->type = operand->type;
    return e;
  }
  return instance_of();
}

Expr* Parser::instance_of() {
  const size_t begin = at_;
  Expr* value = postfix();
  while (is("instance") && ahead(1).is("of")) {
    take("instance");
    take("of");
    const Type* operand = type();
    Expr* e = make(Ex::instance_of, begin);
    e->kids = {value};
    e->operand_type = operand;
    e->type = Types::basic(Type::Form::boolean);
    value = e;
  }
  return value;
}

Expr* Parser::postfix() {
  Expr* e = primary();
  for (;;) {
    if (now().type != Token::Type::symbol) return e;
    if (is(".")) {
      e = path(e);
    } else if (is("[") && !closes_range()) {
      e = filter(e);
    } else if (is("(")) {
      e = call(e);
    } else {
      return e;
    }
  }
}

Expr* Parser::path(Expr* object) {
  const size_t begin = at_;
  take(".");
  if (now().type != Token::Type::word) {
    fail("点号后面应是名称", "expected a name after the point");
  }
  const Type* inner = element_or_self(object->type);
  size_t length = 0;
  const Type* type = nullptr;
  std::string member;
  if (const auto* known = match_member(members_of(inner), tokens_, at_, &length)) {
    type = known->type;
    member = known->name;
  } else {
    length = plain_name_length(at_);
    member = text_of(at_, length);
    type = Types::any();
  }
  at_ += length;
  end_of_last_ = tokens_[at_ - 1].end;
  Expr* e = make(Ex::path, begin);
  e->span.begin = object->span.begin;
  e->kids = {object};
  e->text = member;
  e->type = object->type->is(Type::Form::list) ? ast_->types().list(type) : type;
  return e;
}

Expr* Parser::filter(Expr* list) {
  const Nesting nesting(this);
  const size_t begin = at_;
  take("[");
  const Type* element = element_or_self(list->type);
  Name* item = local("item", element);
  Scope inner(scope_);
  if (element->find("item") == nullptr) inner.add(item);
  inner.set_item(item);
  Expr* condition = nullptr;
  {
    const Within within(this, &inner);
    condition = disjunction();
  }
  expect("]");
  Expr* e = make(Ex::filter, begin);
  e->span.begin = list->span.begin;
  e->kids = {list, condition};
  e->name = item;
  e->type = filter_type(&ast_->types(), list->type, condition->type);
  return e;
}

// Rule 43: `name with spaces :` before an argument.
bool Parser::argument_label(std::string* label) {
  size_t n = 0;
  while (ahead(n).type == Token::Type::word || ahead(n).type == Token::Type::number ||
         (n > 0 && ahead(n).type == Token::Type::symbol &&
          std::string_view("+-*/.'").find(ahead(n).text) != std::string_view::npos)) {
    ++n;
  }
  if (n == 0 || !ahead(n).is(":")) return false;
  *label = text_of(at_, n);
  at_ += n + 1;
  end_of_last_ = tokens_[at_ - 1].end;
  return true;
}

Expr* Parser::call(Expr* function) {
  const Nesting nesting(this);
  const size_t begin = at_;
  take("(");
  Expr* e = ast_->make(Ex::call, function->span);
  e->kids = {function};
  if (!is(")")) {
    do {
      std::string label;
      const bool named = argument_label(&label);
      if (e->kids.size() > 1 && named == e->labels.empty()) {
        fail("参数要么都写名称，要么都不写", "name all arguments or none");
      }
      if (named) e->labels.push_back(std::move(label));
      e->kids.push_back(disjunction());
    } while (take(","));
  }
  expect(")");
  e->span = span_from(begin);
  e->span.begin = function->span.begin;
  e->type = call_type(&ast_->types(), *e);
  check_call(*e, faults_);
  return e;
}

}  // namespace yipan::rules
