// Literals, lists, contexts, ranges, and names (DMN 1.5, 10.3.1.2, rules 5 to 42 and 52 to 66).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "rules/mistakes.h"
#include "rules/parser.h"
#include "rules/temporal.h"
#include "rules/typing.h"

namespace yipan::rules {
namespace {

constexpr std::array<std::string_view, 8> kKeywords = {"if",   "for",      "some",  "every",
                                                       "true", "function", "false", "null"};
// Words that end a name whose extent is not known from the scope.
constexpr std::array<std::string_view, 10> kStops = {
    "and", "or", "then", "else", "in", "return", "satisfies", "between", "instance", "external"};

template <size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_range_operator(const Token& t) {
  constexpr std::array<std::string_view, 6> kOps = {"<", "<=", ">", ">=", "=", "!="};
  return t.type == Token::Type::symbol && contains(kOps, t.text);
}

}  // namespace

Expr* Parser::primary() {
  const Nesting nesting(this);
  check_bad_token();
  switch (now().type) {
    case Token::Type::number:
    case Token::Type::string:
    case Token::Type::at_string:
      return literal();
    case Token::Type::word:
      return name_expression();
    case Token::Type::symbol:
      if (is("(")) return parenthesis();
      if (is("[")) return bracket();
      if (is("{")) return context();
      if (is("]")) {
        const size_t begin = at_;
        take("]");
        Expr* low = expression();
        return range_rest(begin, false, low);
      }
      break;
    default:
      break;
  }
  fail(fmt::format("这里应是一个值，却是“{}”", now().text),
       fmt::format("expected a value, found '{}'", now().text));
}

Expr* Parser::literal() {
  const size_t begin = at_;
  const Token& token = now();
  end_of_last_ = token.end;
  ++at_;
  Expr* e = make(Ex::literal, begin);
  if (token.type == Token::Type::number) {
    const auto number = Decimal::parse(token.text);
    e->value = number && number->is_finite() ? Value::number(*number) : Value::null();
    e->type = Types::basic(Type::Form::number);
  } else if (token.type == Token::Type::string) {
    e->value = Value::string(token.decoded);
    e->type = Types::basic(Type::Form::string);
  } else {
    e->value = parse_temporal(token.decoded);
    e->type = Types::of_kind(e->value.kind());
    if (e->value.is_null()) {
      e->kind = Ex::error;
      e->text = fmt::format("'{}' is not a date, time or duration", token.decoded);
      faults_->add(Severity::error, e->span,
                   Error("rules.date.invalid")
                       .zh(fmt::format("“{}”不是日期、时刻或时长", token.decoded))
                       .en(e->text)
                       .remedy("例如 @\"2022-11-30\"、@\"P1D\"",
                               "for example @\"2022-11-30\", "
                               "@\"P1D\""));
    }
  }
  return e;
}

Expr* Parser::parenthesis() {
  const size_t begin = at_;
  take("(");
  if (is_range_operator(now())) return comparison_range(begin);
  Expr* e = expression();
  if (is("..")) return range_rest(begin, false, e);
  expect(")");
  return e;
}

// (< 10), (>= a), (= 5): a range by one comparison (DMN 1.5, rule 7 as an expression).
Expr* Parser::comparison_range(size_t begin) {
  const std::string_view op = now().text;
  take(op);
  Expr* bound = disjunction();
  expect(")");
  Expr* none = ast_->make(Ex::literal, bound->span);
  none->type = Types::basic(Type::Form::null);
  Expr* e = make(Ex::range, begin);
  e->type = ast_->types().range(bound->type);
  const bool included = op == "<=" || op == ">=" || op == "=";
  if (op == "<" || op == "<=") {
    e->op = included ? Op::less_equal : Op::less;
    e->kids = {none, bound};
    e->high_included = included;
  } else if (op == ">" || op == ">=") {
    e->op = included ? Op::greater_equal : Op::greater;
    e->kids = {bound, none};
    e->low_included = included;
  } else {
    e->op = op == "=" ? Op::equal : Op::not_equal;
    e->kids = {bound, bound};
    e->low_included = e->high_included = included;
  }
  return e;
}

Expr* Parser::range_rest(size_t begin, bool low_included, Expr* low) {
  expect("..");
  Expr* high = disjunction();
  const bool included = is("]");
  if (!included && !is(")") && !is("[")) {
    fail("区间应以 ]、) 或 [ 结束", "a range ends with ], ) or [");
  }
  take(now().text);
  Expr* e = make(Ex::range, begin);
  e->kids = {low, high};
  e->low_included = low_included;
  e->high_included = included;
  e->type = ast_->types().range(low->type->is(Type::Form::null) ? high->type : low->type);
  return e;
}

// `[` after the end of a range, as in [1..10[ : what follows cannot begin an expression.
bool Parser::closes_range() const {
  const Token& next = ahead(1);
  switch (next.type) {
    case Token::Type::end:
      return true;
    case Token::Type::symbol: {
      constexpr std::array<std::string_view, 14> kAfter = {".", ",",  ")",  "]", "=", "!=", "<",
                                                           ">", "<=", ">=", "*", "/", "**", "+"};
      return contains(kAfter, next.text);
    }
    case Token::Type::word:
      return contains(kStops, next.text);
    default:
      return false;
  }
}

Expr* Parser::bracket() {
  const size_t begin = at_;
  take("[");
  Expr* e = ast_->make(Ex::list, span_from(begin));
  const Type* element = nullptr;
  if (!is("]")) {
    do {
      Expr* item = expression();
      if (e->kids.empty() && is("..")) return range_rest(begin, true, item);
      e->kids.push_back(item);
      element = element == nullptr ? item->type : ast_->types().join(element, item->type);
    } while (take(","));
  }
  expect("]");
  e->span = span_from(begin);
  e->type = ast_->types().list(element == nullptr ? Types::any() : element);
  return e;
}

std::string Parser::context_key() {
  if (now().type == Token::Type::string) {
    std::string key = now().decoded;
    end_of_last_ = now().end;
    ++at_;
    return key;
  }
  size_t n = 0;
  while (ahead(n).type != Token::Type::end && !ahead(n).is(":") && !ahead(n).is(",") &&
         !ahead(n).is("}") && !ahead(n).is("{")) {
    ++n;
  }
  if (n == 0 || now().type != Token::Type::word) {
    fail("这里应是条目的名称", "expected the name of an entry");
  }
  std::string key = text_of(at_, n);
  at_ += n;
  return key;
}

Expr* Parser::context() {
  const size_t begin = at_;
  take("{");
  Expr* e = ast_->make(Ex::context, span_from(begin));
  std::vector<Type::Member> members;
  Scope inner(scope_);
  const Within within(this, &inner);
  if (!is("}")) {
    do {
      const size_t key_at = at_;
      std::string key = context_key();
      expect(":");
      if (std::find(e->labels.begin(), e->labels.end(), key) != e->labels.end()) {
        at_ = key_at;
        fail(fmt::format("条目“{}”重复", key), fmt::format("duplicate entry '{}'", key));
      }
      Name* name = local(key, Types::any());
      if (is("function")) inner.add(name);  // may call itself
      Expr* value = expression();
      name->type = value->type;
      inner.add(name);
      e->labels.push_back(key);
      e->kids.push_back(value);
      e->names.push_back(name);
      members.push_back({std::move(key), value->type});
    } while (take(","));
  }
  expect("}");
  e->span = span_from(begin);
  e->type = ast_->types().context(std::move(members));
  return e;
}

// ---- names
// ---------------------------------------------------------------------------------------

Parser::Match Parser::match_name() const {
  Match best;
  std::vector<Name*> open_items;
  for (const Scope* s = scope_; s != nullptr; s = s->parent()) {
    size_t length = 0;
    if (Name* item = s->item(); item != nullptr) {
      if (const auto* m = match_member(item->type->members, tokens_, at_, &length);
          m != nullptr && item->type->is(Type::Form::context) && length > best.length) {
        best = {nullptr, item, m, length, open_items};
      }
    }
    if (Name* name = s->match(tokens_, at_, &length); name != nullptr && length > best.length) {
      best = {name, nullptr, nullptr, length, open_items};
    }
    if (Name* item = s->item(); item != nullptr && (best.length == 0 || best.name == nullptr)) {
      const bool open = item->type->is_any() ||
                        (item->type->is(Type::Form::context) && item->type->members.empty());
      if (open) open_items.push_back(item);
    }
  }
  if (best.length == 0) best.open_items = std::move(open_items);
  return best;
}

// "date and time > x" may be variables `date` and `time`; "date(" is the function even if a
// variable that is no function has the name.
Parser::Match Parser::prefer_variable(Match match) const {
  if (match.name == nullptr || match.length == 0) return match;
  const bool called = ahead(match.length).is("(");
  const bool builtin = match.name->form == Name::Form::builtin;
  const Type* type = match.name->type;
  if (builtin == called || (called && (type->is_any() || type->is(Type::Form::function)))) {
    return match;
  }
  for (const Scope* s = scope_; s != nullptr; s = s->parent()) {
    size_t length = 0;
    Name* other = s->match(tokens_, at_, &length);
    if (other == nullptr || (other->form == Name::Form::builtin) == builtin) continue;
    if (called ? length == match.length : length < match.length) {
      if (called || !ahead(length).is("(")) return {other, nullptr, nullptr, length, {}};
    }
  }
  return match;
}

Expr* Parser::member_of(Name* item, const std::string& member, const Type* type, size_t begin) {
  Expr* object = make(Ex::name, begin);
  object->name = item;
  object->type = item->type;
  object->text = item->text;
  Expr* e = make(Ex::path, begin);
  e->kids = {object};
  e->text = member;
  e->type = type;
  e->flag = true;  // the item is not written
  return e;
}

Expr* Parser::name_expression() {
  const size_t begin = at_;
  Match match = prefer_variable(match_name());
  if (match.length <= 1 && contains(kKeywords, now().text)) return keyword();
  if (match.length == 0) return unknown_name();
  at_ += match.length;
  end_of_last_ = tokens_[at_ - 1].end;
  if (match.member != nullptr) {
    return member_of(match.item, match.member->name, match.member->type, begin);
  }
  if (match.name == input_) ++input_uses_;
  Expr* e = make(Ex::name, begin);
  e->name = match.name;
  e->text = match.name->text;
  e->type = match.name->type;
  if (match.name->form == Name::Form::space) return space_member(e, match.name);
  if (match.name->form == Name::Form::builtin && is("(")) return e;
  const std::string member = e->text;
  for (auto item = match.open_items.rbegin(); item != match.open_items.rend(); ++item) {
    Expr* or_member = make(Ex::member_or, begin);
    or_member->kids = {e};
    or_member->name = *item;
    or_member->text = member;
    or_member->type = Types::any();
    e = or_member;
  }
  return e;
}

// Names of an imported model: `import.name` (DMN 1.5, 6.3.3).
Expr* Parser::space_member(Expr* at, Name* space) {
  const size_t begin = at_;
  expect(".");
  size_t length = 0;
  Name* name = space->scope == nullptr ? nullptr : space->scope->match(tokens_, at_, &length);
  if (name == nullptr) {
    length = std::max<size_t>(plain_name_length(at_), 1);
    const std::string text = text_of(at_, length);
    at_ += length;
    end_of_last_ = tokens_[at_ - 1].end;
    Expr* e = make(Ex::error, begin);
    e->text = fmt::format("'{}' has no '{}'", space->text, text);
    faults_->add(
        Severity::error, e->span,
        Error("rules.name.unknown")
            .zh(fmt::format("导入的模型“{}”里没有“{}”", space->text, text))
            .en(e->text)
            .remedy("请检查名称，以及是否写了需求关系", "check the name and the requirement"));
    return e;
  }
  at_ += length;
  end_of_last_ = tokens_[at_ - 1].end;
  at->name = name;
  at->span.end = end_of_last_;
  at->text = space->text + "." + name->text;
  at->type = name->type;
  return name->form == Name::Form::space ? space_member(at, name) : at;
}

size_t Parser::plain_name_length(size_t at) const {
  size_t n = 0;
  while (at + n < tokens_.size() && tokens_[at + n].type == Token::Type::word &&
         (n == 0 || !contains(kStops, tokens_[at + n].text))) {
    ++n;
  }
  return n;
}

Expr* Parser::unknown_name() {
  const size_t begin = at_;
  const Match match = match_name();
  const size_t length = std::max<size_t>(plain_name_length(at_), 1);
  const std::string text = text_of(at_, length);
  at_ += length;
  end_of_last_ = tokens_[at_ - 1].end;
  if (!match.open_items.empty()) {
    Expr* e = member_of(match.open_items.back(), text, Types::any(), begin);
    for (auto item = std::next(match.open_items.rbegin()); item != match.open_items.rend();
         ++item) {
      Expr* or_member = make(Ex::member_or, begin);
      or_member->kids = {e};
      or_member->name = *item;
      or_member->text = text;
      e = or_member;
    }
    return e;
  }
  Expr* e = make(Ex::error, begin);
  e->text = fmt::format("unknown name '{}'", text);
  std::vector<std::string> names;
  for (const Scope* s = scope_; s != nullptr; s = s->parent()) s->list_names(&names);
  const Hint hint = name_hint(text, names, input_ != nullptr);
  faults_->add(Severity::error, e->span,
               Error("rules.name.unknown")
                   .zh(fmt::format("没有名为“{}”的变量或函数", text))
                   .en(e->text)
                   .remedy(hint.zh, hint.en));
  return e;
}

Expr* Parser::keyword() {
  if (is("if")) return if_expression();
  if (is("for")) return for_expression();
  if (is("some")) return quantified(Ex::some);
  if (is("every")) return quantified(Ex::every);
  if (is("function")) return function_definition();
  const size_t begin = at_;
  const std::string_view word = now().text;
  take(word);
  Expr* e = make(Ex::literal, begin);
  if (word != "null") e->value = Value::boolean(word == "true");
  e->type = Types::of_kind(e->value.kind());
  return e;
}

}  // namespace yipan::rules
