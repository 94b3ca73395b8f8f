#include "rules/builtins.h"

#include "rules/machine.h"
#include "rules/scope.h"
#include "rules/typing.h"

namespace yipan::rules {

const std::vector<Builtin>& builtins() {
  static const std::vector<Builtin> all = [] {
    std::vector<Builtin> out;
    add_conversion_builtins(&out);
    add_boolean_builtins(&out);
    add_string_builtins(&out);
    add_list_builtins(&out);
    add_list_edit_builtins(&out);
    add_number_builtins(&out);
    add_temporal_builtins(&out);
    add_range_builtins(&out);
    add_context_builtins(&out);
    return out;
  }();
  return all;
}

const Scope& builtin_scope() {
  struct Everything {
    Ast ast;
    Scope scope;
  };
  static const Everything& everything = *[] {
    auto* e = new Everything();
    for (uint32_t i = 0; i < builtins().size(); ++i) {
      Name* name = e->ast.make_name(Name::Form::builtin, builtins()[i].name,
                                    Types::basic(Type::Form::function));
      name->index = i;
      e->scope.add(name);
    }
    return e;
  }();
  return everything.scope;
}

const Type* builtin_result(Types* types, uint32_t index, const Expr& call) {
  const Type* first = call.kids.size() > 1 ? call.kids[1]->type : Types::any();
  switch (builtins()[index].returns) {
    case Returns::number:
      return Types::basic(Type::Form::number);
    case Returns::string:
      return Types::basic(Type::Form::string);
    case Returns::boolean:
      return Types::basic(Type::Form::boolean);
    case Returns::date:
      return Types::basic(Type::Form::date);
    case Returns::time:
      return Types::basic(Type::Form::time);
    case Returns::date_time:
      return Types::basic(Type::Form::date_time);
    case Returns::days_duration:
      return Types::basic(Type::Form::days_duration);
    case Returns::months_duration:
      return Types::basic(Type::Form::months_duration);
    case Returns::range:
      return Types::basic(Type::Form::range);
    case Returns::list:
      return Types::basic(Type::Form::list);
    case Returns::strings:
      return types->list(Types::basic(Type::Form::string));
    case Returns::same_list:
      return first->is(Type::Form::list) ? first : types->list(Types::any());
    case Returns::element:
      return first->is(Type::Form::list) ? element_or_self(first) : Types::any();
    case Returns::context:
    case Returns::any:
      break;
  }
  return Types::any();
}

Value Call::fail(Why why, Value detail) const {
  if (detail.is_null()) detail = Value::string(name);
  return machine.fail(why, node, std::move(detail));
}

Value Call::wrong_argument(size_t index) const {
  const Value& v = args[index];
  if (v.is_null() && v.reason() != 0) return v;  // the reason is known already
  return machine.fail(Why::argument, node, Value::string(name), v.kind());
}

const Value* Call::want(size_t index, Kind kind) const {
  const Value& v = args[index];
  if (v.is(kind)) return &v;
  if (v.is(Kind::list) && v.as_list().size() == 1 && v.as_list()[0].is(kind)) {
    return &v.as_list()[0];
  }
  return nullptr;
}

std::optional<int64_t> Call::whole(size_t index) const {
  const Value* v = want(index, Kind::number);
  if (v == nullptr) return std::nullopt;
  return v->as_number().rounded(0, Decimal::Rounding::down).to_int64();
}

std::optional<std::span<const Value>> Call::items() const {
  if (given > 1) return std::span<const Value>(args.data(), given);
  if (given == 0 || args[0].is_null()) return std::nullopt;
  if (args[0].is(Kind::list)) return args[0].as_list();
  return std::span<const Value>(args.data(), 1);
}

}  // namespace yipan::rules
