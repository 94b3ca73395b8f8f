// The FEEL parser (DMN 1.5, 10.3.1.2): a text and a scope in, a typed tree out. Recursive descent;
// names are resolved while parsing, because only the scope says where a name ends.
//
// A syntax error ends the text: the tree is one Ex::error. An unknown name does not: its node is an
// Ex::error and parsing goes on, so that one pass finds them all.
#ifndef YIPAN_RULES_PARSER_H_
#define YIPAN_RULES_PARSER_H_

#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "rules/faults.h"
#include "rules/lexer.h"
#include "rules/scope.h"

namespace yipan::rules {

struct Hint;  // mistakes.h

class Parser {
 public:
  // `types`: names of item definitions and imported models. All must outlive the Parser.
  Parser(Ast* ast, Faults* faults, const Scope* types, uint32_t nesting_max)
      : ast_(ast), faults_(faults), types_(types), nesting_max_(nesting_max) {}

  Expr* parse_expression(uint32_t unit, const Scope& scope);
  // `input` is what `?` stands for; its type is known. "-" and an empty text test nothing.
  Expr* parse_unary_tests(uint32_t unit, const Scope& scope, Name* input);
  // A type as text ("list<number>", "tPerson", "myimport.tPerson"); nullptr and a fault if unknown.
  const Type* parse_type_text(uint32_t unit);

 private:
  struct Syntax {};  // thrown inside the parser only, to leave a text at its first syntax error

  // parser.cc
  void begin(uint32_t unit, const Scope& scope);
  Expr* guarded(Expr* (Parser::*parse)());
  Expr* whole();
  Expr* expression();
  Expr* disjunction();
  Expr* conjunction();
  Expr* comparison();
  Expr* between(Expr* value);
  Expr* in(Expr* value);
  Expr* additive();
  Expr* multiplicative();
  Expr* power();
  Expr* unary();
  Expr* instance_of();
  Expr* postfix();
  Expr* path(Expr* object);
  Expr* filter(Expr* list);
  Expr* call(Expr* function);
  bool argument_label(std::string* label);
  Expr* binary(Op op, Expr* left, Expr* right);

  // parser_primary.cc
  Expr* primary();
  Expr* literal();
  Expr* parenthesis();
  Expr* bracket();
  Expr* context();
  std::string context_key();
  Expr* range_rest(size_t begin, bool low_included, Expr* low);
  Expr* comparison_range(size_t begin);
  bool closes_range() const;
  Expr* name_expression();
  Expr* keyword();
  Expr* unknown_name();
  size_t plain_name_length(size_t at) const;
  struct Match {
    Name* name = nullptr;  // either a name
    Name* item = nullptr;  // or a member of an item
    const Type::Member* member = nullptr;
    size_t length = 0;
    std::vector<Name*> open_items;  // items of unknown type that are nearer: they may hide it
  };
  Match match_name() const;
  Match prefer_variable(Match match) const;
  Expr* space_member(Expr* at, Name* space);
  Expr* member_of(Name* item, const std::string& member, const Type* type, size_t begin);

  // parser_constructs.cc
  Expr* if_expression();
  Expr* for_expression();
  Expr* quantified(Ex kind);
  void iterations(Expr* out, Scope* scope);
  Expr* function_definition();
  Expr* external_body(Expr* function);
  const Type* type();
  const Type* type_name();
  const Type* generic_type();
  std::string type_member_name();

  // parser_tests.cc
  Expr* unary_tests();
  Expr* positive_tests(Expr* out);
  Expr* positive_test();
  Expr* operand_test(Op op);

  // tokens
  const Token& now() const { return tokens_[at_]; }
  const Token& ahead(size_t n) const {
    return tokens_[at_ + n < tokens_.size() ? at_ + n : tokens_.size() - 1];
  }
  bool is(std::string_view text) const { return now().is(text); }
  bool take(std::string_view text);
  void expect(std::string_view text);
  // The remedy is what the text suggests, unless a better one is given.
  [[noreturn]] void fail(std::string_view zh, std::string_view en, const Hint* remedy = nullptr);
  void check_bad_token();
  Span span_from(size_t begin) const;  // from token `begin` to the last one taken
  Expr* make(Ex kind, size_t begin) { return ast_->make(kind, span_from(begin)); }
  std::string text_of(size_t begin, size_t count) const;  // of tokens, as a normal name
  Name* local(std::string_view text, const Type* type) {
    return ast_->make_name(Name::Form::local, text, type);
  }

  struct Nesting {
    explicit Nesting(Parser* parser);
    ~Nesting() { --parser_->nesting_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    Parser* parser_;
  };
  // Makes `scope` the current one while it lives.
  struct Within {
    Within(Parser* parser, const Scope* scope) : parser_(parser), outer_(parser->scope_) {
      parser->scope_ = scope;
    }
    ~Within() { parser_->scope_ = outer_; }
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;
    Parser* parser_;
    const Scope* outer_;
  };

  Ast* ast_;
  Faults* faults_;
  const Scope* types_;
  uint32_t nesting_max_;
  uint32_t nesting_ = 0;
  uint32_t unit_ = 0;
  const Scope* scope_ = nullptr;
  Name* input_ = nullptr;    // `?`, in unary tests
  uint32_t input_uses_ = 0;  // how often `?` was met
  std::vector<Token> tokens_;
  size_t at_ = 0;
  uint32_t end_of_last_ = 0;
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_PARSER_H_
