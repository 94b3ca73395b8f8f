#include "rules/typing.h"

#include "rules/builtins.h"

namespace yipan::rules {
namespace {

using Form = Type::Form;

bool is_duration(const Type* t) {
  return t->is(Form::days_duration) || t->is(Form::months_duration);
}
bool is_moment(const Type* t) {
  return t->is(Form::date) || t->is(Form::time) || t->is(Form::date_time);
}

const Type* sum_type(Op op, const Type* a, const Type* b) {
  if (a->is(Form::number) && b->is(Form::number)) return Types::basic(Form::number);
  if (a->is(Form::string) && b->is(Form::string) && op == Op::add)
    return Types::basic(Form::string);
  if (is_duration(a) && a->form == b->form) return Types::basic(a->form);
  if (is_moment(a) && is_duration(b)) return Types::basic(a->form);
  if (is_duration(a) && is_moment(b) && op == Op::add) return Types::basic(b->form);
  if (is_moment(a) && is_moment(b) && op == Op::subtract) return Types::basic(Form::days_duration);
  return Types::any();
}

const Type* product_type(Op op, const Type* a, const Type* b) {
  if (a->is(Form::number) && b->is(Form::number)) return Types::basic(Form::number);
  if (is_duration(a) && b->is(Form::number)) return Types::basic(a->form);
  if (a->is(Form::number) && is_duration(b) && op == Op::multiply) return Types::basic(b->form);
  if (is_duration(a) && a->form == b->form && op == Op::divide) return Types::basic(Form::number);
  return Types::any();
}

std::vector<Type::Member> numbers(std::initializer_list<const char*> names) {
  std::vector<Type::Member> out;
  for (const char* n : names) out.push_back({n, Types::basic(Form::number)});
  return out;
}

std::vector<Type::Member> with_zone(std::vector<Type::Member> members) {
  members.push_back({"time offset", Types::basic(Form::days_duration)});
  members.push_back({"timezone", Types::basic(Form::string)});
  return members;
}

}  // namespace

const Type* binary_type(Op op, const Type* left, const Type* right) {
  switch (op) {
    case Op::add:
    case Op::subtract:
      return sum_type(op, left, right);
    case Op::multiply:
    case Op::divide:
    case Op::power:
      return product_type(op, left, right);
    default:
      return Types::basic(Form::boolean);
  }
}

bool operand_clash(Op op, const Type* left, const Type* right) {
  const auto open = [](const Type* t) {
    return t->is_any() || t->is(Form::null) || t->is(Form::list);
  };
  if (open(left) || open(right)) return false;
  switch (op) {
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::power:
      return binary_type(op, left, right)->is_any();
    case Op::and_:
    case Op::or_:
    case Op::none:
      return false;
    default:
      return left->form != right->form;
  }
}

const Type* filter_type(Types* types, const Type* list, const Type* condition) {
  const Type* element = element_or_self(list);
  if (condition->is(Form::number)) return element;
  if (condition->is(Form::boolean)) return list->is(Form::list) ? list : types->list(element);
  return Types::any();
}

const Type* call_type(Types* types, const Expr& call) {
  const Expr& function = *call.kids[0];
  if (function.kind == Ex::name && function.name->form == Name::Form::builtin) {
    return builtin_result(types, function.name->index, call);
  }
  if (function.type->is(Form::function) && function.type->result != nullptr) {
    return function.type->result;
  }
  return Types::any();
}

const std::vector<Type::Member>& members_of(const Type* type) {
  static const std::vector<Type::Member> none;
  static const std::vector<Type::Member> date = numbers({"year", "month", "day", "weekday"});
  static const std::vector<Type::Member> time = with_zone(numbers({"hour", "minute", "second"}));
  static const std::vector<Type::Member> date_time =
      with_zone(numbers({"year", "month", "day", "weekday", "hour", "minute", "second"}));
  static const std::vector<Type::Member> days = numbers({"days", "hours", "minutes", "seconds"});
  static const std::vector<Type::Member> months = numbers({"years", "months"});
  static const std::vector<Type::Member> range = {{"start", Types::any()},
                                                  {"end", Types::any()},
                                                  {"start included", Types::basic(Form::boolean)},
                                                  {"end included", Types::basic(Form::boolean)}};
  static const std::vector<Type::Member> any = {{"time offset", Types::any()},
                                                {"start included", Types::any()},
                                                {"end included", Types::any()}};
  switch (type->form) {
    case Form::date:
      return date;
    case Form::time:
      return time;
    case Form::date_time:
      return date_time;
    case Form::days_duration:
      return days;
    case Form::months_duration:
      return months;
    case Form::range:
      return range;
    case Form::context:
      return type->members.empty() ? any : type->members;
    case Form::any:
      return any;
    default:
      return none;
  }
}

}  // namespace yipan::rules
