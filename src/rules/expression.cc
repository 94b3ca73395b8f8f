// FEEL texts on their own: compile_expression, compile_unary_tests.
#include <fmt/format.h>

#include "rules/builtins.h"
#include "rules/compiler.h"
#include "rules/element.h"
#include "rules/parser.h"
#include "rules/print.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

// All faults as one error whose place is the first one's.
Error join_faults(const std::vector<Diagnostic>& list) {
  const Error* first = nullptr;
  std::string zh, en;
  for (const Diagnostic& d : list) {
    if (d.severity != Severity::error) continue;
    if (first == nullptr) first = &d.error;
    if (!zh.empty()) {
      zh += "；";
      en += "; ";
    }
    zh += d.error.message_zh();
    en += d.error.message_en();
  }
  Error out(first->code());
  out.zh(zh).en(en).remedy(first->remedy_zh(), first->remedy_en());
  const Place& place = first->place();
  out.line(place.line.value_or(1), place.char_column.value_or(1));
  return out;
}

class Builder {
 public:
  explicit Builder(const Limits& limits)
      : data_(std::make_shared<Expression::Data>()),
        ast_(std::make_shared<Ast>()),
        faults_(ast_.get()),
        scope_(&builtin_scope()),
        limits_(limits) {}

  Result<Expression> build(std::string_view text, const std::vector<Variable>& variables,
                           const std::string_view* input_type) {
    if (const size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
      return fail(Error("rules.syntax")
                      .zh("文本不是合法的 UTF-8")
                      .en("the text is not well-formed UTF-8")
                      .byte_offset(bad));
    }
    Name* input = nullptr;
    if (input_type != nullptr) {
      input = declare({"?", std::string(*input_type)});
    }
    for (const Variable& v : variables) declare(v);
    const uint32_t unit = ast_->add_unit({"", "", 0, std::string(text)});
    Parser parser(ast_.get(), &faults_, nullptr, limits_.nesting);
    Expr* tree = input != nullptr ? parser.parse_unary_tests(unit, scope_, input)
                                  : parser.parse_expression(unit, scope_);
    if (faults_.error_count() != 0) return fail(join_faults(faults_.list()));
    data_->printed = print(*tree);
    data_->type = to_string(*tree->type);
    data_->limits = limits_;
    data_->program.ast = ast_;
    Compiler compiler(&data_->program);
    data_->function = compiler.add_function("", parameters_, types_, *tree, nullptr);
    data_->program.units = ast_->take_units();
    return Expression(std::move(data_));
  }

 private:
  Name* declare(const Variable& v) {
    const uint32_t unit = ast_->add_unit({"", "", 0, v.type});
    Parser parser(ast_.get(), &faults_, nullptr, limits_.nesting);
    const Type* type = parser.parse_type_text(unit);
    Name* name = ast_->make_name(Name::Form::local, normalize_name(v.name),
                                 type != nullptr ? type : Types::any());
    scope_.add(name);
    parameters_.push_back(name);
    types_.push_back(name->type);
    return name;
  }

  std::shared_ptr<Expression::Data> data_;
  std::shared_ptr<Ast> ast_;
  Faults faults_;
  Scope scope_;
  Limits limits_;
  std::vector<Name*> parameters_;
  std::vector<const Type*> types_;
};

}  // namespace

std::string Expression::to_string() const { return data_->printed; }
std::string Expression::type() const { return data_->type; }

Result<Expression> compile_expression(std::string_view text, const std::vector<Variable>& variables,
                                      const Limits& limits) {
  return Builder(limits).build(text, variables, nullptr);
}

Result<Expression> compile_unary_tests(std::string_view text, std::string_view input_type,
                                       const std::vector<Variable>& variables,
                                       const Limits& limits) {
  return Builder(limits).build(text, variables, &input_type);
}

}  // namespace yipan::rules
