// Calls of built-in functions: which signature is meant is decided once, here.
#include <algorithm>

#include "rules/builtins.h"
#include "rules/compiler.h"
#include "rules/machine.h"
#include "rules/scope.h"

namespace yipan::rules {
namespace {

// The signature that takes these names, and where each argument goes.
std::optional<size_t> by_names(const Builtin& builtin, const std::vector<std::string>& labels,
                               std::vector<size_t>* places) {
  for (size_t s = 0; s < builtin.signatures.size(); ++s) {
    const Signature& signature = builtin.signatures[s];
    places->clear();
    for (const std::string& label : labels) {
      const auto at = std::find(signature.parameters.begin(), signature.parameters.end(), label);
      if (at == signature.parameters.end()) break;
      const auto place = static_cast<size_t>(at - signature.parameters.begin());
      if (std::find(places->begin(), places->end(), place) != places->end()) break;
      places->push_back(place);
    }
    if (places->size() != labels.size()) continue;
    bool complete = true;
    for (size_t r = 0; r < signature.required; ++r) {
      if (std::find(places->begin(), places->end(), r) == places->end()) complete = false;
    }
    if (complete) return s;
  }
  return std::nullopt;
}

std::optional<size_t> by_count(const Builtin& builtin, size_t count) {
  for (size_t s = 0; s < builtin.signatures.size(); ++s) {
    const Signature& signature = builtin.signatures[s];
    if (count >= signature.required &&
        (count <= signature.parameters.size() || signature.variadic)) {
      return s;
    }
  }
  return std::nullopt;
}

// Functions of literals that give the same always: dates of a cell, for one.
bool is_foldable(std::string_view name) {
  constexpr std::string_view kNames[] = {"date",     "time",   "date and time",
                                         "duration", "number", "years and months duration"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool is_constant(const Expr& e) {
  switch (e.kind) {
    case Ex::literal:
      return true;
    case Ex::name:
      return e.name->form == Name::Form::constant;
    case Ex::negate:
    case Ex::range:
    case Ex::list:
      break;
    case Ex::binary:
      if (e.op == Op::and_ || e.op == Op::or_) return false;
      break;
    case Ex::call:
      if (e.kids[0]->kind != Ex::name || e.kids[0]->name->form != Name::Form::builtin ||
          !is_foldable(e.kids[0]->name->text) || e.kids.size() == 1) {
        return false;
      }
      return std::all_of(e.kids.begin() + 1, e.kids.end(),
                         [](const Expr* kid) { return is_constant(*kid); });
    default:
      return false;
  }
  return std::all_of(e.kids.begin(), e.kids.end(),
                     [](const Expr* kid) { return is_constant(*kid); });
}

// The same tree without folding, so that folding does not call itself.
class Folder {
 public:
  Value run(const Expr& e) {
    if (e.kind == Ex::literal) return e.value;
    if (e.kind == Ex::name) return e.name->value;
    std::vector<Value> kids;
    for (size_t i = e.kind == Ex::call ? 1 : 0; i < e.kids.size(); ++i) {
      kids.push_back(run(*e.kids[i]));
    }
    switch (e.kind) {
      case Ex::negate:
        return machine_.negate(kids[0], 0);
      case Ex::binary:
        return machine_.binary(e.op, kids[0], kids[1], 0);
      case Ex::range:
        return machine_.make_range(kids[0], e.low_included, kids[1], e.high_included,
                                   range_form_of(e.op), 0);
      case Ex::list:
        return Value::list(std::move(kids));
      default:
        return call(e, kids);
    }
  }

 private:
  Value call(const Expr& e, std::vector<Value>& arguments) {
    const uint32_t index = e.kids[0]->name->index;
    const Builtin& builtin = builtins()[index];
    std::vector<size_t> places;
    const auto signature = e.labels.empty() ? by_count(builtin, arguments.size())
                                            : by_names(builtin, e.labels, &places);
    if (!signature) return Value();
    const auto given = static_cast<uint32_t>(arguments.size());
    std::vector<Value> all(
        std::max(arguments.size(), builtin.signatures[*signature].parameters.size()));
    for (size_t i = 0; i < arguments.size(); ++i) {
      all[places.empty() ? i : places[i]] = std::move(arguments[i]);
    }
    return builtin.signatures[*signature].run({machine_, all, given, 0, builtin.name});
  }
  Machine machine_;
};

}  // namespace

std::optional<Value> constant_value(const Expr& e) {
  if (!is_constant(e)) return std::nullopt;
  Value value = Folder().run(e);
  if (value.is_null() && e.kind != Ex::literal) return std::nullopt;
  return value;
}

uint32_t Compiler::compile_builtin_call(const Expr& e, const Expr& function) {
  const Builtin& builtin = builtins()[function.name->index];
  const size_t given = e.kids.size() - 1;
  std::vector<size_t> places;
  const auto signature =
      e.labels.empty() ? by_count(builtin, given) : by_names(builtin, e.labels, &places);
  if (!signature) {
    const Why why = e.labels.empty() ? Why::arity : Why::argument_name;
    return emit(Code::broken, e, constant(Value::string(builtin.name)), 0, 0,
                static_cast<uint8_t>(why));
  }
  const size_t count = std::max(given, builtin.signatures[*signature].parameters.size());
  std::vector<uint32_t> arguments(count, kNone);
  for (size_t i = 0; i < given; ++i) {
    arguments[places.empty() ? i : places[i]] = compile(*e.kids[i + 1]);
  }
  const uint32_t first = kids(arguments);
  const uint32_t node = emit(Code::call_builtin, e, first, function.name->index,
                             static_cast<uint32_t>(*signature), 0, static_cast<uint32_t>(count));
  program_->nodes[node].extra = static_cast<uint16_t>(std::min<size_t>(given, 0xFFFF));
  return node;
}

}  // namespace yipan::rules
