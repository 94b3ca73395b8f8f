// Boxed expressions to syntax trees (DMN 1.5, 10.2.1 and 10.2.2): every box is the FEEL expression
// that the specification says it stands for.
#include <fmt/format.h>

#include "rules/dmn_build.h"
#include "rules/mistakes_check.h"
#include "rules/typing.h"

namespace yipan::rules::dmn {

uint32_t ModelBuilder::unit(const Place& place, const Text& text, const std::string& id) {
  return ast_->add_unit(
      {place.document->def.file, id.empty() ? place.element : id, text.line, text.text});
}

Expr* ModelBuilder::make(Ex kind, const Place& place, const Boxed& boxed) {
  Text text = boxed.text;
  if (text.line == 0) text.line = boxed.line;
  const uint32_t u = unit(place, text, boxed.id);
  return ast_->make(kind, {u, 0, static_cast<uint32_t>(text.text.size())});
}

Expr* ModelBuilder::null_literal(const Place& place, const Boxed& boxed) {
  Expr* e = make(Ex::literal, place, boxed);
  e->type = Types::basic(Type::Form::null);
  return e;
}

Expr* ModelBuilder::checked(Expr* e, const Type* type) {
  if (type == nullptr || (type->is_any() && type->constraint == kNone)) return e;
  Expr* out = ast_->make(Ex::checked, e->span);
  out->kids = {e};
  out->operand_type = type;
  out->type = type;
  return out;
}

Expr* ModelBuilder::lower(const Place& place, const Boxed& boxed, const Scope& scope) {
  Expr* e = nullptr;
  switch (boxed.form) {
    case Boxed::Form::literal:
      e = lower_literal(place, boxed, scope);
      break;
    case Boxed::Form::context:
      e = lower_context(place, boxed, scope);
      break;
    case Boxed::Form::list:
      e = lower_list(place, boxed, scope);
      break;
    case Boxed::Form::relation:
      e = lower_relation(place, boxed, scope);
      break;
    case Boxed::Form::invocation:
      e = lower_invocation(place, boxed, scope);
      break;
    case Boxed::Form::function:
    case Boxed::Form::external:
      return lower_function(place, boxed, scope);
    case Boxed::Form::conditional:
      e = lower_conditional(place, boxed, scope);
      break;
    case Boxed::Form::filter:
      e = lower_filter(place, boxed, scope);
      break;
    case Boxed::Form::for_:
    case Boxed::Form::some:
    case Boxed::Form::every:
      e = lower_iterator(place, boxed, scope);
      break;
    case Boxed::Form::table:
      return lower_table(place, boxed, scope);
  }
  const Type* type = boxed.type_ref.empty()
                         ? nullptr
                         : resolve_type(place.document, boxed.type_ref, boxed.line, boxed.id);
  return checked(e, type);
}

Expr* ModelBuilder::lower_literal(const Place& place, const Boxed& boxed, const Scope& scope) {
  if (boxed.text.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return null_literal(place, boxed);
  }
  Parser parser(ast_.get(), &faults_, place.document->types.get(), options_.limits.nesting);
  return parser.parse_expression(unit(place, boxed.text, boxed.id), scope);
}

Expr* ModelBuilder::lower_list(const Place& place, const Boxed& boxed, const Scope& scope) {
  Expr* e = make(Ex::list, place, boxed);
  const Type* element = nullptr;
  for (const BoxedPtr& kid : boxed.kids) {
    e->kids.push_back(lower(place, *kid, scope));
    const Type* t = e->kids.back()->type;
    element = element == nullptr ? t : ast_->types().join(element, t);
  }
  e->type = ast_->types().list(element != nullptr ? element : Types::any());
  return e;
}

Expr* ModelBuilder::lower_context(const Place& place, const Boxed& boxed, const Scope& scope) {
  Expr* e = make(Ex::context, place, boxed);
  Scope inner(&scope);
  std::vector<Type::Member> members;
  for (size_t i = 0; i < boxed.kids.size(); ++i) {
    const Variable& variable = boxed.variables[i];
    const bool is_result = variable.name.empty();
    const Type* declared =
        is_result ? nullptr
                  : resolve_type(place.document, variable.type_ref, variable.line, boxed.id);
    Name* name = nullptr;
    if (!is_result) {
      name = ast_->make_name(Name::Form::local, variable.name,
                             declared != nullptr ? declared : Types::any());
      const Boxed& kid = *boxed.kids[i];
      const size_t start = kid.text.text.find_first_not_of(" \t\r\n");
      const bool is_function =
          kid.form == Boxed::Form::function ||
          (start != std::string::npos && kid.text.text.compare(start, 8, "function") == 0);
      if (is_function) inner.add(name);  // it may call itself
    }
    Expr* value = checked(lower(place, *boxed.kids[i], inner), declared);
    e->kids.push_back(value);
    e->labels.push_back(variable.name);
    if (is_result) {
      e->flag = true;
      e->type = value->type;
      break;  // the result is the last entry
    }
    name->type = value->type;
    e->names.push_back(name);
    inner.add(name);
    members.push_back({variable.name, value->type});
  }
  if (!e->flag) e->type = ast_->types().context(std::move(members));
  return e;
}

Expr* ModelBuilder::lower_relation(const Place& place, const Boxed& boxed, const Scope& scope) {
  Expr* e = make(Ex::list, place, boxed);
  const size_t columns = boxed.variables.size();
  const Type* element = nullptr;
  for (size_t at = 0; columns != 0 && at + columns <= boxed.kids.size(); at += columns) {
    Expr* row = make(Ex::context, place, boxed);
    std::vector<Type::Member> members;
    for (size_t c = 0; c < columns; ++c) {
      const Variable& column = boxed.variables[c];
      const Type* declared = resolve_type(place.document, column.type_ref, column.line, boxed.id);
      row->kids.push_back(checked(lower(place, *boxed.kids[at + c], scope), declared));
      row->labels.push_back(column.name);
      members.push_back({column.name, row->kids.back()->type});
    }
    row->type = ast_->types().context(std::move(members));
    element = element == nullptr ? row->type : ast_->types().join(element, row->type);
    e->kids.push_back(row);
  }
  e->type = ast_->types().list(element != nullptr ? element : Types::any());
  return e;
}

Expr* ModelBuilder::lower_invocation(const Place& place, const Boxed& boxed, const Scope& scope) {
  Expr* e = make(Ex::call, place, boxed);
  for (const BoxedPtr& kid : boxed.kids) e->kids.push_back(lower(place, *kid, scope));
  for (const Variable& v : boxed.variables) e->labels.push_back(v.name);
  e->span = e->kids[0]->span;
  e->type = call_type(&ast_->types(), *e);
  return e;
}

Expr* ModelBuilder::lower_function(const Place& place, const Boxed& boxed, const Scope& scope) {
  if (boxed.form == Boxed::Form::external || boxed.kids.empty()) {
    Expr* e = make(Ex::external, place, boxed);
    e->text = boxed.text.text;
    e->type = Types::basic(Type::Form::function);
    fault("rules.external", *place.document, boxed.line,
          boxed.id.empty() ? place.element : boxed.id,
          fmt::format("外部函数（{}）不能在此运行", boxed.text.text),
          fmt::format("external functions ({}) are not run here", boxed.text.text),
          "请用 FEEL 写出这个函数", "write the function in FEEL");
    return e;
  }
  Expr* e = make(Ex::function, place, boxed);
  Scope inner(&scope);
  std::vector<Type::Member> members;
  for (const Variable& p : boxed.variables) {
    const Type* t = resolve_type(place.document, p.type_ref, p.line, boxed.id);
    if (t == nullptr) t = Types::any();
    Name* name = ast_->make_name(Name::Form::local, p.name, t);
    inner.add(name);
    e->names.push_back(name);
    members.push_back({p.name, t});
  }
  const Type* result = resolve_type(place.document, boxed.type_ref, boxed.line, boxed.id);
  if (result != nullptr && result->is(Type::Form::function)) result = result->result;
  Expr* body = checked(lower(place, *boxed.kids[0], inner), result);
  e->kids = {body};
  e->type = ast_->types().function(std::move(members), body->type);
  return e;
}

Expr* ModelBuilder::lower_conditional(const Place& place, const Boxed& boxed, const Scope& scope) {
  Expr* e = make(Ex::if_, place, boxed);
  for (const BoxedPtr& kid : boxed.kids) e->kids.push_back(lower(place, *kid, scope));
  e->type = ast_->types().join(e->kids[1]->type, e->kids[2]->type);
  return e;
}

Expr* ModelBuilder::lower_filter(const Place& place, const Boxed& boxed, const Scope& scope) {
  Expr* e = make(Ex::filter, place, boxed);
  Expr* list = lower(place, *boxed.kids[0], scope);
  const Type* element = element_or_self(list->type);
  e->name = ast_->make_name(Name::Form::local, "item", element);
  Scope inner(&scope);
  if (element->find("item") == nullptr) inner.add(e->name);
  inner.set_item(e->name);
  Expr* match = lower(place, *boxed.kids[1], inner);
  e->kids = {list, match};
  e->type = list->type->is(Type::Form::list) ? list->type : ast_->types().list(element);
  return e;
}

Expr* ModelBuilder::lower_iterator(const Place& place, const Boxed& boxed, const Scope& scope) {
  const bool is_for = boxed.form == Boxed::Form::for_;
  Expr* e = make(is_for                            ? Ex::for_
                 : boxed.form == Boxed::Form::some ? Ex::some
                                                   : Ex::every,
                 place, boxed);
  Expr* source = lower(place, *boxed.kids[0], scope);
  const Type* element = source->type;
  if (element->is(Type::Form::list) || element->is(Type::Form::range)) element = element->element;
  Name* name = ast_->make_name(Name::Form::local, boxed.variables[0].name,
                               element != nullptr ? element : Types::any());
  Scope inner(&scope);
  inner.add(name);
  e->names = {name};
  if (is_for) {
    Name* partial = ast_->make_name(Name::Form::local, "partial", Types::basic(Type::Form::list));
    inner.add(partial);
    e->names.push_back(partial);
  }
  Expr* body = lower(place, *boxed.kids[1], inner);
  e->kids = {source, body};
  e->type = is_for ? ast_->types().list(body->type) : Types::basic(Type::Form::boolean);
  e->flag = !is_for;
  return e;
}

// ---- decision tables
// -----------------------------------------------------------------------------

void ModelBuilder::lower_output(const Place& place, const Table::Output& from, const Scope& scope,
                                TableAst* to) {
  TableAst::Output& out = to->outputs.emplace_back();
  out.name = from.name;
  out.type = resolve_type(place.document, from.type_ref, 0, place.element);
  if (from.default_value != nullptr) out.default_value = lower(place, *from.default_value, scope);
  if (from.values.text.find_first_not_of(" \t\r\n") == std::string::npos) return;
  out.variable =
      ast_->make_name(Name::Form::local, "?", out.type != nullptr ? out.type : Types::any());
  Parser parser(ast_.get(), &faults_, place.document->types.get(), options_.limits.nesting);
  out.values = parser.parse_unary_tests(unit(place, from.values, ""), scope, out.variable);
  for (Expr* test : out.values->kids) {
    if (test->kind == Ex::test && test->op == Op::none && !test->flag) {
      out.order.push_back(test->kids[0]);
    }
  }
}

Expr* ModelBuilder::lower_table(const Place& place, const Boxed& boxed, const Scope& scope) {
  Expr* e = make(Ex::decision_table, place, boxed);
  e->table = ast_->make_table();
  TableAst& out = *e->table;
  const Table& table = *boxed.table;
  out.policy = table.policy;
  out.id = boxed.id;
  out.name = table.output_label;
  Parser parser(ast_.get(), &faults_, place.document->types.get(), options_.limits.nesting);
  for (const Table::Input& in : table.inputs) {
    TableAst::Input& to = out.inputs.emplace_back();
    to.label = normalize_name(in.expression->text.text);
    to.title = in.label;
    to.expression = lower_literal(place, *in.expression, scope);
    const Type* type = to.expression->type;
    if (type->is_any()) {
      const Type* declared = resolve_type(place.document, in.expression->type_ref,
                                          in.expression->line, in.expression->id);
      if (declared != nullptr) type = declared;
    }
    to.variable = ast_->make_name(Name::Form::local, "?", type);
    if (in.values.text.find_first_not_of(" \t\r\n") == std::string::npos) continue;
    to.values = parser.parse_unary_tests(unit(place, in.values, ""), scope, to.variable);
  }
  for (const Table::Output& o : table.outputs) lower_output(place, o, scope, &out);
  for (const Table::Rule& rule : table.rules) {
    TableAst::Rule& to = out.rules.emplace_back();
    to.id = rule.id;
    to.annotation = rule.annotation;
    const size_t number = out.rules.size() - 1;
    for (size_t i = 0; i < rule.tests.size(); ++i) {
      const size_t faults_before = faults_.size();
      to.tests.push_back(parser.parse_unary_tests(unit(place, rule.tests[i], rule.id), scope,
                                                  out.inputs[i].variable));
      name_cell(out, number, i, faults_before, &faults_);
    }
    for (const BoxedPtr& result : rule.results) {
      const size_t faults_before = faults_.size();
      to.results.push_back(lower(place, *result, scope));
      const size_t column = out.inputs.size() + to.results.size() - 1;
      name_cell(out, number, column, faults_before, &faults_);
    }
  }
  check_table(out, &faults_);
  e->type = Types::any();
  if (out.outputs.size() == 1 && out.outputs[0].type != nullptr) e->type = out.outputs[0].type;
  const Type* declared = resolve_type(place.document, boxed.type_ref, boxed.line, boxed.id);
  return checked(e, declared);
}

}  // namespace yipan::rules::dmn
