// Syntax trees as text that parses back to the same tree.
#include <algorithm>

#include "rules/print.h"

namespace yipan::rules {
namespace {

// How tightly a tree holds together when written, loosest first.
int strength(const Expr& e) {
  switch (e.kind) {
    case Ex::if_:
    case Ex::for_:
    case Ex::some:
    case Ex::every:
    case Ex::function:
      return 0;
    case Ex::binary:
      switch (e.op) {
        case Op::or_:
          return 1;
        case Op::and_:
          return 2;
        case Op::add:
        case Op::subtract:
          return 4;
        case Op::multiply:
        case Op::divide:
          return 5;
        case Op::power:
          return 6;
        default:
          return 3;
      }
    case Ex::between:
    case Ex::in:
      return 3;
    case Ex::negate:
      return 7;
    case Ex::literal:
      return e.value.is(Kind::number) && e.value.as_number().is_negative() ? 7 : 10;
    case Ex::instance_of:
      return 8;
    default:
      return 10;
  }
}

std::string wrapped(const Expr& e, int needed) {
  return strength(e) < needed ? "(" + print(e) + ")" : print(e);
}

std::string joined(const std::vector<Expr*>& kids, size_t from) {
  std::string out;
  for (size_t i = from; i < kids.size(); ++i) {
    if (i > from) out += ", ";
    out += print(*kids[i]);
  }
  return out;
}

std::string print_range(const Expr& e) {
  if (e.flag) return wrapped(*e.kids[0], 1) + ".." + wrapped(*e.kids[1], 1);
  if (e.op != Op::none) {
    const bool upper = e.op == Op::less || e.op == Op::less_equal;
    return "(" + std::string(to_string(e.op)) + " " + wrapped(*e.kids[upper ? 1 : 0], 1) + ")";
  }
  return std::string(e.low_included ? "[" : "(") + wrapped(*e.kids[0], 1) + ".." +
         wrapped(*e.kids[1], 1) + (e.high_included ? "]" : ")");
}

std::string print_iteration(const Expr& e, std::string_view word, std::string_view then) {
  std::string out(word);
  for (size_t i = 0; i + 1 < e.kids.size(); ++i) {
    out += (i == 0 ? " " : ", ") + e.names[i]->text + " in " + print(*e.kids[i]);
  }
  return out + " " + std::string(then) + " " + print(*e.kids.back());
}

std::string print_call(const Expr& e) {
  std::string out = wrapped(*e.kids[0], 10) + "(";
  for (size_t i = 1; i < e.kids.size(); ++i) {
    if (i > 1) out += ", ";
    if (!e.labels.empty()) out += e.labels[i - 1] + ": ";
    out += print(*e.kids[i]);
  }
  return out + ")";
}

std::string print_context(const Expr& e) {
  std::string out = "{";
  for (size_t i = 0; i < e.kids.size(); ++i) {
    if (i > 0) out += ", ";
    const bool plain = i < e.names.size() && !e.labels[i].empty();
    const bool word = plain &&
                      std::all_of(e.labels[i].begin(), e.labels[i].end(),
                                  [](char c) {
                                    return isalnum(static_cast<unsigned char>(c)) != 0 ||
                                           c == '_' || (c & 0x80) != 0;
                                  }) &&
                      isdigit(static_cast<unsigned char>(e.labels[i][0])) == 0;
    out += word ? e.labels[i] : internal::quote(e.labels[i]);
    out += ": " + print(*e.kids[i]);
  }
  return out + "}";
}

std::string print_function(const Expr& e) {
  std::string out = "function(";
  for (size_t i = 0; i < e.names.size(); ++i) {
    if (i > 0) out += ", ";
    out += e.names[i]->text;
    if (!e.names[i]->type->is_any()) out += ": " + to_string(*e.names[i]->type);
  }
  return out + ") " + print(*e.kids[0]);
}

std::string print_tests(const Expr& e) {
  if (e.kids.empty()) return "-";
  const std::string tests = joined(e.kids, 0);
  return e.flag ? "not(" + tests + ")" : tests;
}

std::string print_in(const Expr& e) {
  return wrapped(*e.kids[0], 4) + " in (" + joined(e.kids, 1) + ")";
}

}  // namespace

std::string print(const Expr& e) {
  switch (e.kind) {
    case Ex::error:
    case Ex::external:
      return "null";
    case Ex::literal:
      return internal::print_value(e.value, true);
    case Ex::name:
      return e.text;
    case Ex::member_or:
      return print(*e.kids[0]);
    case Ex::path:
      return e.flag ? e.text : wrapped(*e.kids[0], 10) + "." + e.text;
    case Ex::filter:
      return wrapped(*e.kids[0], 10) + "[" + print(*e.kids[1]) + "]";
    case Ex::call:
      return print_call(e);
    case Ex::list:
      return "[" + joined(e.kids, 0) + "]";
    case Ex::context:
      return print_context(e);
    case Ex::range:
      return print_range(e);
    case Ex::negate:
      return "-" + wrapped(*e.kids[0], 7);
    case Ex::binary: {
      const int s = strength(e);
      return wrapped(*e.kids[0], s) + " " + std::string(to_string(e.op)) + " " +
             wrapped(*e.kids[1], s + 1);
    }
    case Ex::between:
      return wrapped(*e.kids[0], 4) + " between " + wrapped(*e.kids[1], 4) + " and " +
             wrapped(*e.kids[2], 4);
    case Ex::in:
      return print_in(e);
    case Ex::instance_of:
      return wrapped(*e.kids[0], 8) + " instance of " + to_string(*e.operand_type);
    case Ex::if_:
      return "if " + print(*e.kids[0]) + " then " + print(*e.kids[1]) + " else " +
             print(*e.kids[2]);
    case Ex::for_:
      return print_iteration(e, "for", "return");
    case Ex::some:
      return print_iteration(e, "some", "satisfies");
    case Ex::every:
      return print_iteration(e, "every", "satisfies");
    case Ex::function:
      return print_function(e);
    case Ex::unary_tests:
      return print_tests(e);
    case Ex::test:
      return (e.op == Op::none ? "" : std::string(to_string(e.op)) + " ") + print(*e.kids[0]);
    case Ex::decision_table:
      return "decision table";
    case Ex::checked:
      return print(*e.kids[0]);
  }
  return {};
}

bool same_tree(const Expr& a, const Expr& b) {
  if (a.kind != b.kind || a.op != b.op || a.flag != b.flag || a.kids.size() != b.kids.size() ||
      a.labels != b.labels || a.low_included != b.low_included ||
      a.high_included != b.high_included || a.names.size() != b.names.size()) {
    return false;
  }
  if (a.kind == Ex::literal && !a.value.same_as(b.value)) return false;
  if ((a.kind == Ex::name || a.kind == Ex::path) && a.text != b.text) return false;
  for (size_t i = 0; i < a.names.size(); ++i) {
    if (a.names[i]->text != b.names[i]->text) return false;
  }
  for (size_t i = 0; i < a.kids.size(); ++i) {
    if (!same_tree(*a.kids[i], *b.kids[i])) return false;
  }
  return true;
}

}  // namespace yipan::rules
