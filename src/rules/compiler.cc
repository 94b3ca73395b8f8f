#include "rules/compiler.h"

#include "rules/builtins.h"
#include "rules/lexer.h"
#include "rules/machine.h"
#include "rules/print.h"
#include "rules/table.h"
#include "yipan/check.h"

namespace yipan::rules {

Program::Program() = default;
Program::~Program() = default;

uint32_t Compiler::add_function(const std::string& name, const std::vector<Name*>& parameters,
                                const std::vector<const Type*>& parameter_types, const Expr& body,
                                const Type* result) {
  Frame frame;
  frame.outer = frame_;
  Frame* outer = frame_;
  frame_ = &frame;
  for (const Name* p : parameters) declare(p);
  const uint32_t root = compile(body);
  frame_ = outer;
  const auto index = static_cast<uint32_t>(program_->functions.size());
  Function& f = program_->functions.emplace_back();
  f.name = name;
  f.root = root;
  f.slots = frame.next_slot;
  for (const Name* p : parameters) f.parameters.push_back(p->text);
  f.parameter_types = parameter_types;
  f.result = result;
  return index;
}

uint32_t Compiler::emit(Code code, const Expr& e, uint32_t a, uint32_t b, uint32_t c, uint8_t flags,
                        uint32_t count) {
  program_->nodes.push_back({code, flags, 0, count, a, b, c});
  program_->spans.push_back(e.span);
  return static_cast<uint32_t>(program_->nodes.size() - 1);
}

uint32_t Compiler::constant(Value value) {
  program_->constants.push_back(std::move(value));
  return static_cast<uint32_t>(program_->constants.size() - 1);
}

uint32_t Compiler::emit_constant(const Expr& e, Value value) {
  return emit(Code::constant, e, constant(std::move(value)));
}

uint32_t Compiler::key(std::string_view text) {
  if (auto known = keys_.find(text); known != keys_.end()) return known->second;
  const uint32_t index = constant(Value::string(text));
  keys_.emplace(std::string(text), index);
  return index;
}

uint32_t Compiler::labels(const std::vector<std::string>& texts) {
  const auto first = static_cast<uint32_t>(program_->labels.size());
  for (const std::string& text : texts) program_->labels.push_back(program_->constants[key(text)]);
  return first;
}

uint32_t Compiler::type_index(const Type* type) {
  program_->types.push_back(type);
  return static_cast<uint32_t>(program_->types.size() - 1);
}

uint32_t Compiler::kids(const std::vector<uint32_t>& nodes) {
  const auto first = static_cast<uint32_t>(program_->kids.size());
  program_->kids.insert(program_->kids.end(), nodes.begin(), nodes.end());
  return first;
}

uint32_t Compiler::kids_of(const Expr& e, size_t from) {
  std::vector<uint32_t> nodes;
  for (size_t i = from; i < e.kids.size(); ++i) nodes.push_back(compile(*e.kids[i]));
  return kids(nodes);
}

uint32_t Compiler::declare(const Name* name) {
  const uint32_t slot = frame_->next_slot++;
  frame_->slots[name] = slot;
  return slot;
}

uint32_t Compiler::slot_of(const Name* name, Frame* frame) {
  if (auto known = frame->slots.find(name); known != frame->slots.end()) return known->second;
  const uint32_t slot = frame->next_slot;
  if (name == frame->self) {
    frame->self_capture = static_cast<int32_t>(frame->captures.size());
    frame->captures.push_back({false, kNone, slot});
  } else {
    CHECK_MSG(frame->closure && frame->outer != nullptr, "a name without a slot");
    const uint32_t outer = slot_of(name, frame->outer);
    frame->captures.push_back({false, outer, slot});
  }
  ++frame->next_slot;
  frame->slots[name] = slot;
  return slot;
}

// Inside a closure an element's value is captured when the closure is made.
uint32_t Compiler::global_slot(uint32_t element, Frame* frame) {
  if (auto known = frame->global_slots.find(element); known != frame->global_slots.end()) {
    return known->second;
  }
  const uint32_t slot = frame->next_slot;
  if (frame->outer != nullptr && frame->outer->closure) {
    const uint32_t outer = global_slot(element, frame->outer);
    frame->captures.push_back({false, outer, slot});
  } else {
    frame->captures.push_back({true, element, slot});
  }
  ++frame->next_slot;
  frame->global_slots[element] = slot;
  return slot;
}

namespace {

Code code_of(Op op) {
  constexpr Code kCodes[] = {Code::broken, Code::add,        Code::subtract, Code::multiply,
                             Code::divide, Code::power,      Code::equal,    Code::not_equal,
                             Code::less,   Code::less_equal, Code::greater,  Code::greater_equal,
                             Code::and_,   Code::or_};
  return kCodes[static_cast<size_t>(op)];
}

}  // namespace

uint32_t Compiler::compile(const Expr& e) {
  switch (e.kind) {
    case Ex::error:
      return emit(Code::broken, e, constant(Value::string(e.text)), 0, 0,
                  static_cast<uint8_t>(Why::broken));
    case Ex::external:
      return emit(Code::external, e, constant(Value::string(e.text)));
    case Ex::literal:
      return emit_constant(e, e.value);
    case Ex::name:
      return compile_name(e);
    case Ex::member_or: {
      const uint32_t otherwise = compile(*e.kids[0]);
      return emit(Code::member_or, e, slot_of(e.name, frame_), key(e.text), otherwise);
    }
    case Ex::path:
      return compile_path(e);
    case Ex::filter:
      return compile_filter(e);
    case Ex::call:
      return compile_call(e);
    case Ex::list: {
      const uint32_t first = kids_of(e);
      return emit(Code::list, e, first, 0, 0, 0, static_cast<uint32_t>(e.kids.size()));
    }
    case Ex::context:
      return compile_context(e);
    case Ex::range:
      return compile_range(e);
    case Ex::negate:
      if (auto value = constant_value(e)) return emit_constant(e, std::move(*value));
      return emit(Code::negate, e, compile(*e.kids[0]));
    case Ex::binary:
      return compile_binary(e);
    case Ex::between: {
      const uint32_t first = kids_of(e);
      return emit(Code::between, e, first, 0, 0, 0, 3);
    }
    case Ex::in:
      return compile_in(e);
    case Ex::instance_of:
      return emit(Code::instance_of, e, compile(*e.kids[0]), type_index(e.operand_type));
    case Ex::if_: {
      const uint32_t first = kids_of(e);
      const bool known = e.kids[0]->type != nullptr && e.kids[0]->type->is(Type::Form::boolean);
      return emit(Code::if_, e, first, 0, 0, known ? 0 : 1, 3);
    }
    case Ex::for_:
      return compile_iteration(e, Code::for_);
    case Ex::some:
      return compile_iteration(e, Code::some);
    case Ex::every:
      return compile_iteration(e, Code::every);
    case Ex::function:
      return compile_function(e, nullptr);
    case Ex::unary_tests:
    case Ex::test:
      return e.kind == Ex::test ? compile_test(e, 0) : compile_tests(e);
    case Ex::decision_table:
      return compile_table(e);
    case Ex::checked:
      return emit(Code::checked, e, compile(*e.kids[0]), type_index(e.operand_type));
  }
  return 0;
}

uint32_t Compiler::compile_name(const Expr& e) {
  switch (e.name->form) {
    case Name::Form::local:
      return emit(Code::local, e, slot_of(e.name, frame_));
    case Name::Form::global:
      if (frame_->closure) return emit(Code::local, e, global_slot(e.name->index, frame_));
      return emit(Code::global, e, e.name->index);
    case Name::Form::invocable:
      return emit(Code::invocable, e, e.name->index);
    case Name::Form::constant:
      return emit_constant(e, e.name->value);
    case Name::Form::builtin:
      return emit(Code::builtin, e, e.name->index);
    case Name::Form::space:
      break;
  }
  return emit(Code::broken, e, constant(Value::string("an imported model is not a value")));
}

uint32_t Compiler::compile_path(const Expr& e) {
  const uint32_t object = compile(*e.kids[0]);
  return emit(Code::path, e, object, key(e.text), 0, static_cast<uint8_t>(property_of(e.text)));
}

namespace {

bool mentions(const Expr& e, const Name* name) {
  if (e.name == name) return true;
  for (const Expr* kid : e.kids) {
    if (mentions(*kid, name)) return true;
  }
  return false;
}

}  // namespace

uint32_t Compiler::compile_filter(const Expr& e) {
  const uint32_t list = compile(*e.kids[0]);
  const uint32_t slot = declare(e.name);
  const uint32_t condition = compile(*e.kids[1]);
  uint8_t flags = 0;
  if (e.kids[1]->type->is(Type::Form::number)) flags |= kFilterIndex;
  if (e.kids[1]->type->is(Type::Form::boolean)) flags |= kFilterBoolean;
  if (!mentions(*e.kids[1], e.name)) flags |= kFilterNoItem;
  return emit(Code::filter, e, list, condition, slot, flags);
}

uint32_t Compiler::compile_call(const Expr& e) {
  const Expr& function = *e.kids[0];
  if (function.kind == Ex::name && function.name->form == Name::Form::builtin) {
    if (auto value = constant_value(e)) return emit_constant(e, std::move(*value));
    return compile_builtin_call(e, function);
  }
  if (function.kind == Ex::name && function.name->form == Name::Form::invocable &&
      (e.labels.empty() || function.type->parameters_known)) {
    return compile_invocable_call(e, function);
  }
  const uint32_t label = e.labels.empty() ? kNone : labels(e.labels);
  const uint32_t first = kids_of(e);
  return emit(Code::call_value, e, first, label, 0, 0, static_cast<uint32_t>(e.kids.size()));
}

uint32_t Compiler::compile_invocable_call(const Expr& e, const Expr& function) {
  std::vector<uint32_t> arguments;
  const auto& parameters = function.type->members;
  if (e.labels.empty()) {
    for (size_t i = 1; i < e.kids.size(); ++i) arguments.push_back(compile(*e.kids[i]));
  } else {
    for (const auto& p : parameters) {
      for (size_t i = 0; i < e.labels.size(); ++i) {
        if (name_tokens(e.labels[i]) == name_tokens(p.name)) {
          arguments.push_back(compile(*e.kids[i + 1]));
        }
      }
    }
    if (arguments.size() != parameters.size() || e.labels.size() != parameters.size()) {
      return emit(Code::broken, e, constant(Value::string(function.name->text)), 0, 0,
                  static_cast<uint8_t>(Why::argument_name));
    }
  }
  const uint32_t first = kids(arguments);
  return emit(Code::call_invocable, e, first, function.name->index, 0, 0,
              static_cast<uint32_t>(arguments.size()));
}

uint32_t Compiler::compile_context(const Expr& e) {
  std::vector<uint32_t> nodes;
  std::vector<uint32_t> slots;
  for (size_t i = 0; i < e.kids.size(); ++i) {
    const Name* name = i < e.names.size() ? e.names[i] : nullptr;
    nodes.push_back(compile_entry(*e.kids[i], name));
    slots.push_back(name != nullptr ? declare(name) : kNone);
  }
  const uint32_t first = kids(nodes);
  const auto first_slot = static_cast<uint32_t>(program_->slot_lists.size());
  program_->slot_lists.insert(program_->slot_lists.end(), slots.begin(), slots.end());
  return emit(e.flag ? Code::sequence : Code::context, e, first, labels(e.labels), first_slot, 0,
              static_cast<uint32_t>(e.kids.size()));
}

// The value of a context entry; a function there may call itself by the entry's name.
uint32_t Compiler::compile_entry(const Expr& e, const Name* name) {
  if (e.kind == Ex::function) return compile_function(e, name);
  if (e.kind == Ex::checked && e.kids[0]->kind == Ex::function) {
    return emit(Code::checked, e, compile_function(*e.kids[0], name), type_index(e.operand_type));
  }
  return compile(e);
}

uint32_t Compiler::compile_iteration(const Expr& e, Code code) {
  std::vector<uint32_t> nodes;
  std::vector<uint32_t> slots;
  for (size_t i = 0; i + 1 < e.kids.size(); ++i) {
    nodes.push_back(compile(*e.kids[i]));
    slots.push_back(declare(e.names[i]));
  }
  const bool has_partial = e.names.size() == e.kids.size();
  const bool partial_used = has_partial && mentions(*e.kids.back(), e.names.back());
  slots.push_back(partial_used ? declare(e.names.back()) : kNone);
  nodes.push_back(compile(*e.kids.back()));
  const uint32_t first = kids(nodes);
  const auto first_slot = static_cast<uint32_t>(program_->slot_lists.size());
  program_->slot_lists.insert(program_->slot_lists.end(), slots.begin(), slots.end());
  return emit(code, e, first, first_slot, 0, e.flag ? 1 : 0, static_cast<uint32_t>(e.kids.size()));
}

uint32_t Compiler::compile_range(const Expr& e) {
  if (!e.flag) {
    if (auto value = constant_value(e)) return emit_constant(e, std::move(*value));
  }
  const uint32_t low = compile(*e.kids[0]);
  const uint32_t high = compile(*e.kids[1]);
  uint8_t flags = 0;
  if (e.low_included) flags |= kRangeLow;
  if (e.high_included) flags |= kRangeHigh;
  if (e.flag) flags |= kRangeEitherWay;
  return emit(Code::range, e, low, high, static_cast<uint32_t>(range_form_of(e.op)), flags);
}

uint32_t Compiler::compile_binary(const Expr& e) {
  const uint32_t left = compile(*e.kids[0]);
  const uint32_t right = compile(*e.kids[1]);
  return emit(code_of(e.op), e, left, right);
}

uint32_t Compiler::compile_in(const Expr& e) {
  const uint32_t value = compile(*e.kids[0]);
  const uint32_t slot = declare(e.name);
  std::vector<uint32_t> tests;
  for (size_t i = 1; i < e.kids.size(); ++i) tests.push_back(compile_test(*e.kids[i], slot));
  const uint32_t first = kids(tests);
  return emit(Code::in, e, value, first, slot, 0, static_cast<uint32_t>(tests.size()));
}

uint32_t Compiler::compile_test(const Expr& e, uint32_t slot) {
  if (e.kind == Ex::error) return compile(e);
  const uint32_t operand = compile(*e.kids[0]);
  if (e.flag) return emit(Code::test_boolean, e, operand, 0, slot);
  return emit(Code::test, e, operand, 0, slot, static_cast<uint8_t>(e.op));
}

uint32_t Compiler::compile_tests(const Expr& e) {
  const uint32_t slot = e.name != nullptr ? slot_of(e.name, frame_) : 0;
  std::vector<uint32_t> tests;
  for (const Expr* kid : e.kids) tests.push_back(compile_test(*kid, slot));
  const uint32_t first = kids(tests);
  return emit(Code::unary_tests, e, first, 0, slot, e.flag ? 1 : 0,
              static_cast<uint32_t>(tests.size()));
}

uint32_t Compiler::compile_function(const Expr& e, const Name* self) {
  if (e.kind == Ex::error || e.kids.empty()) return compile(e);
  Frame frame;
  frame.outer = frame_;
  frame.closure = true;
  frame.self = self;
  frame_ = &frame;
  for (const Name* p : e.names) declare(p);
  const uint32_t root = compile(*e.kids[0]);
  frame_ = frame.outer;
  const auto index = static_cast<uint32_t>(program_->functions.size());
  Function& f = program_->functions.emplace_back();
  f.root = root;
  f.slots = frame.next_slot;
  for (const Name* p : e.names) {
    f.parameters.push_back(p->text);
    f.parameter_types.push_back(p->type);
  }
  f.captures = std::move(frame.captures);
  f.self = frame.self_capture;
  f.type = e.type;
  return emit(Code::function, e, index);
}

}  // namespace yipan::rules
