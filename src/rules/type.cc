#include "rules/type.h"

#include <algorithm>
#include <array>

namespace yipan::rules {

const Type::Member* Type::find(std::string_view member) const {
  for (const Member& m : members) {
    if (m.name == member) return &m;
  }
  return nullptr;
}

const Type* Types::any() { return basic(Type::Form::any); }

const Type* Types::basic(Type::Form form) {
  static const std::array<Type, 14> basics = [] {
    std::array<Type, 14> out;
    for (size_t i = 0; i < out.size(); ++i) out[i].form = static_cast<Type::Form>(i);
    return out;
  }();
  return &basics[static_cast<size_t>(form)];
}

const Type* Types::of_kind(Kind kind) { return basic(form_of(kind)); }

const Type* Types::find_basic(std::string_view name) {
  using Form = Type::Form;
  static constexpr std::pair<std::string_view, Form> kNames[] = {
      {"Any", Form::any},
      {"any", Form::any},
      {"Null", Form::null},
      {"boolean", Form::boolean},
      {"number", Form::number},
      {"string", Form::string},
      {"date", Form::date},
      {"time", Form::time},
      {"date and time", Form::date_time},
      {"dateTime", Form::date_time},
      {"days and time duration", Form::days_duration},
      {"day and time duration", Form::days_duration},
      {"dayTimeDuration", Form::days_duration},
      {"years and months duration", Form::months_duration},
      {"year and month duration", Form::months_duration},
      {"yearMonthDuration", Form::months_duration},
      {"list", Form::list},
      {"range", Form::range},
      {"context", Form::context},
      {"function", Form::function},
  };
  for (const auto& [n, form] : kNames) {
    if (n == name) return basic(form);
  }
  return nullptr;
}

const Type* Types::list(const Type* element) {
  Type* t = make();
  t->form = Type::Form::list;
  t->element = element;
  return t;
}

const Type* Types::range(const Type* element) {
  Type* t = make();
  t->form = Type::Form::range;
  t->element = element;
  return t;
}

const Type* Types::context(std::vector<Type::Member> members) {
  Type* t = make();
  t->form = Type::Form::context;
  t->members = std::move(members);
  return t;
}

const Type* Types::function(std::vector<Type::Member> parameters, const Type* result, bool known) {
  Type* t = make();
  t->form = Type::Form::function;
  t->members = std::move(parameters);
  t->result = result;
  t->parameters_known = known;
  return t;
}

const Type* Types::join(const Type* a, const Type* b) {
  if (a == b || b->is(Type::Form::null)) return a;
  if (a->is(Type::Form::null)) return b;
  if (a->form != b->form) return any();
  switch (a->form) {
    case Type::Form::list:
      if (a->element == nullptr || b->element == nullptr) return a->element ? a : b;
      return list(join(a->element, b->element));
    case Type::Form::context: {
      std::vector<Type::Member> members = a->members;
      for (const auto& m : b->members) {
        auto at = std::find_if(members.begin(), members.end(),
                               [&](const auto& x) { return x.name == m.name; });
        if (at == members.end()) {
          members.push_back(m);
        } else {
          at->type = join(at->type, m.type);
        }
      }
      return context(std::move(members));
    }
    case Type::Form::range:
    case Type::Form::function:
      return same_type(*a, *b) ? a : basic(a->form);
    default:
      return basic(a->form);
  }
}

namespace {

std::string members_text(const std::vector<Type::Member>& members, bool names) {
  std::string out;
  for (const auto& m : members) {
    if (!out.empty()) out += ", ";
    if (names) out += m.name + ": ";
    out += to_string(*m.type);
  }
  return out;
}

bool same_optional(const Type* a, const Type* b) {
  if (a == nullptr) a = Types::any();
  if (b == nullptr) b = Types::any();
  return same_type(*a, *b);
}

}  // namespace

std::string to_string(const Type& type) {
  using Form = Type::Form;
  if (!type.name.empty()) return type.name;
  switch (type.form) {
    case Form::any:
      return "Any";
    case Form::null:
      return "Null";
    case Form::list:
    case Form::range:
      return std::string(type.is(Form::list) ? "list<" : "range<") +
             (type.element != nullptr ? to_string(*type.element) : "Any") + ">";
    case Form::context:
      return type.members.empty() ? "context" : "context<" + members_text(type.members, true) + ">";
    case Form::function:
      if (!type.parameters_known) return "function";
      return "function<" + members_text(type.members, false) + "> -> " +
             (type.result != nullptr ? to_string(*type.result) : "Any");
    default:
      return std::string(to_string(static_cast<Kind>(type.form)));
  }
}

bool same_type(const Type& a, const Type& b) {
  if (&a == &b) return true;
  if (a.form != b.form) return false;
  switch (a.form) {
    case Type::Form::list:
    case Type::Form::range:
      return same_optional(a.element, b.element);
    case Type::Form::context:
      if (a.members.size() != b.members.size()) return false;
      return std::all_of(a.members.begin(), a.members.end(), [&](const auto& m) {
        const auto* other = b.find(m.name);
        return other != nullptr && same_type(*m.type, *other->type);
      });
    case Type::Form::function:
      if (a.parameters_known != b.parameters_known || a.members.size() != b.members.size()) {
        return false;
      }
      for (size_t i = 0; i < a.members.size(); ++i) {
        if (!same_type(*a.members[i].type, *b.members[i].type)) return false;
      }
      return same_optional(a.result, b.result);
    default:
      return true;
  }
}

bool conforms(const Type& a, const Type& b) {
  if (b.is_any() || a.is(Type::Form::null) || same_type(a, b)) return true;
  if (a.form != b.form) return false;
  switch (a.form) {
    case Type::Form::list:
    case Type::Form::range:
      return b.element == nullptr || (a.element != nullptr && conforms(*a.element, *b.element));
    case Type::Form::context:
      return std::all_of(b.members.begin(), b.members.end(), [&](const auto& m) {
        const auto* own = a.find(m.name);
        return own != nullptr && conforms(*own->type, *m.type);
      });
    case Type::Form::function: {
      if (!b.parameters_known) return true;
      if (!a.parameters_known || a.members.size() != b.members.size()) return false;
      for (size_t i = 0; i < a.members.size(); ++i) {
        if (!conforms(*b.members[i].type, *a.members[i].type)) return false;
      }
      if (b.result == nullptr || b.result->is_any()) return true;
      return a.result != nullptr && conforms(*a.result, *b.result);
    }
    default:
      return true;
  }
}

const Type* element_or_self(const Type* type) {
  if (!type->is(Type::Form::list)) return type;
  return type->element != nullptr ? type->element : Types::any();
}

}  // namespace yipan::rules
