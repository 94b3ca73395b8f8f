// if, for, some, every, function (DMN 1.5, 10.3.1.2, rules 44 to 48 and 55), and types (rule 57).
#include <fmt/format.h>

#include "rules/mistakes.h"
#include "rules/parser.h"

namespace yipan::rules {

Expr* Parser::if_expression() {
  const size_t begin = at_;
  take("if");
  Expr* condition = expression();
  expect("then");
  Expr* then = expression();
  expect("else");
  Expr* otherwise = expression();
  Expr* e = make(Ex::if_, begin);
  e->kids = {condition, then, otherwise};
  e->type = ast_->types().join(then->type, otherwise->type);
  return e;
}

// `x in list, i in 1..n`: each source sees the variables before it.
void Parser::iterations(Expr* out, Scope* scope) {
  do {
    const size_t begin = at_;
    size_t n = 0;
    while (ahead(n).type == Token::Type::word && !ahead(n).is("in")) ++n;
    if (n == 0) fail("这里应是循环变量的名称", "expected the name of a variable");
    const std::string text = text_of(begin, n);
    at_ += n;
    expect("in");
    Expr* source = expression();
    if (take("..")) {
      Expr* high = expression();
      Expr* range = ast_->make(Ex::range, source->span);
      range->span.end = high->span.end;
      range->kids = {source, high};
      range->low_included = range->high_included = true;
      range->flag = true;  // may run downwards
      range->type = ast_->types().range(source->type);
      source = range;
    }
    const Type* element = source->type;
    if (element->is(Type::Form::list) || element->is(Type::Form::range)) element = element->element;
    Name* name = local(text, element != nullptr ? element : Types::any());
    scope->add(name);
    out->kids.push_back(source);
    out->names.push_back(name);
  } while (take(","));
}

Expr* Parser::for_expression() {
  const size_t begin = at_;
  take("for");
  Expr* e = ast_->make(Ex::for_, span_from(begin));
  Scope inner(scope_);
  const Within within(this, &inner);
  iterations(e, &inner);
  expect("return");
  Name* partial = local("partial", Types::basic(Type::Form::list));
  inner.add(partial);
  e->names.push_back(partial);
  Expr* body = expression();
  e->kids.push_back(body);
  e->span = span_from(begin);
  e->type = ast_->types().list(body->type);
  return e;
}

Expr* Parser::quantified(Ex kind) {
  const size_t begin = at_;
  take(now().text);
  Expr* e = ast_->make(kind, span_from(begin));
  Scope inner(scope_);
  const Within within(this, &inner);
  iterations(e, &inner);
  expect("satisfies");
  e->kids.push_back(expression());
  e->span = span_from(begin);
  e->type = Types::basic(Type::Form::boolean);
  return e;
}

Expr* Parser::function_definition() {
  const size_t begin = at_;
  take("function");
  expect("(");
  Expr* e = ast_->make(Ex::function, span_from(begin));
  std::vector<Type::Member> parameters;
  Scope inner(scope_);
  const Within within(this, &inner);
  if (!is(")")) {
    do {
      size_t n = 0;
      while (!ahead(n).is(",") && !ahead(n).is(":") && !ahead(n).is(")") &&
             ahead(n).type != Token::Type::end) {
        ++n;
      }
      if (n == 0) fail("这里应是参数的名称", "expected the name of a parameter");
      const std::string text = text_of(at_, n);
      at_ += n;
      const Type* parameter_type = take(":") ? type() : Types::any();
      Name* name = local(text, parameter_type);
      inner.add(name);
      e->names.push_back(name);
      parameters.push_back({text, parameter_type});
    } while (take(","));
  }
  expect(")");
  const Type* declared = take(":") ? type() : nullptr;
  if (is("external")) return external_body(e);
  Expr* body = expression();
  e->kids = {body};
  e->span = span_from(begin);
  e->type = ast_->types().function(std::move(parameters), declared ? declared : body->type);
  e->operand_type = e->type;
  return e;
}

// 10.3.2.13.3: external functions are written in Java or PMML; this engine runs neither.
Expr* Parser::external_body(Expr* function) {
  take("external");
  Expr* body = expression();
  Expr* e = ast_->make(Ex::external, function->span);
  e->span.end = body->span.end;
  e->names = function->names;
  e->type = Types::basic(Type::Form::function);
  e->text = ast_->unit(unit_).text.substr(body->span.begin, body->span.end - body->span.begin);
  faults_->add(Severity::error, e->span,
               Error("rules.external")
                   .zh("外部函数（Java 或 PMML）不能在此运行")
                   .en("external functions (Java or PMML) are not run here")
                   .remedy("请用 FEEL 写出这个函数", "write the function in FEEL"));
  return e;
}

// ---- types --------------------------------------------------------------------------------------

const Type* Parser::type() {
  const Nesting nesting(this);
  if (now().type != Token::Type::word) fail("这里应是类型", "expected a type");
  if (ahead(1).is("<")) return generic_type();
  return type_name();
}

const Type* Parser::type_name() {
  // The longest run of words that is a basic type, or a name of the model.
  const Type* best = nullptr;
  size_t length = 0;
  for (size_t n = 1; n <= 5 && ahead(n - 1).type == Token::Type::word; ++n) {
    if (const Type* basic = Types::find_basic(text_of(at_, n))) {
      best = basic;
      length = n;
    }
  }
  size_t own_length = 0;
  if (types_ != nullptr) {
    const Scope* scope = types_;
    size_t at = at_;
    for (Name* n = scope->match(tokens_, at, &own_length); n != nullptr;) {
      at += own_length;
      if (n->form == Name::Form::space && tokens_[at].is(".") && n->scope != nullptr) {
        n = n->scope->match(tokens_, ++at, &own_length);
        continue;
      }
      if (at - at_ >= length) {
        best = n->type;
        length = at - at_;
      }
      break;
    }
  }
  if (best == nullptr) {
    std::vector<std::string> names;
    if (types_ != nullptr) types_->list_names(&names);
    const Hint hint = type_name_hint(now().text, std::move(names));
    fail(fmt::format("没有名为“{}”的类型", now().text),
         fmt::format("unknown type '{}'", now().text), &hint);
  }
  at_ += length;
  end_of_last_ = tokens_[at_ - 1].end;
  return best;
}

const Type* Parser::generic_type() {
  if (take("list")) {
    expect("<");
    const Type* element = type();
    expect(">");
    return ast_->types().list(element);
  }
  if (take("range")) {
    expect("<");
    const Type* element = type();
    expect(">");
    return ast_->types().range(element);
  }
  std::vector<Type::Member> members;
  const bool is_context = is("context");
  if (!is_context && !is("function")) return type_name();
  take(now().text);
  expect("<");
  if (!is(">")) {
    do {
      std::string name;
      if (is_context) {
        name = type_member_name();
        expect(":");
      }
      members.push_back({std::move(name), type()});
    } while (take(","));
  }
  expect(">");
  if (is_context) return ast_->types().context(std::move(members));
  expect("-");
  expect(">");
  return ast_->types().function(std::move(members), type());
}

std::string Parser::type_member_name() {
  if (now().type == Token::Type::string) {
    std::string name = now().decoded;
    ++at_;
    return name;
  }
  size_t n = 0;
  while (ahead(n).type != Token::Type::end && !ahead(n).is(":") && !ahead(n).is(">")) ++n;
  std::string name = text_of(at_, n);
  at_ += n;
  return name;
}

const Type* Parser::parse_type_text(uint32_t unit) {
  const Scope empty;
  begin(unit, empty);
  try {
    const Type* result = type();
    if (now().type != Token::Type::end) fail("类型写法有误", "the type is not well written");
    return result;
  } catch (const Syntax&) {
    return nullptr;
  }
}

}  // namespace yipan::rules
