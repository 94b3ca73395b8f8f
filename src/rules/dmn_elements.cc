// Elements of the requirements graph: what each may name, in which order they are built.
#include <fmt/format.h>

#include <algorithm>

#include "rules/dmn_build.h"

namespace yipan::rules::dmn {

void ModelBuilder::build(uint32_t index) {
  Node& node = nodes_[index];
  if (node.state == Node::State::done) return;
  if (node.state == Node::State::building) {
    if (node.drg->form == Drg::Form::decision) {
      std::string chain;
      for (auto at = std::find(path_.begin(), path_.end(), index); at != path_.end(); ++at) {
        chain += nodes_[*at].drg->name + " -> ";
      }
      chain += node.drg->name;
      fault("rules.cycle", *node.document, node.drg->line, node.drg->id,
            fmt::format("决策相互依赖成环：{}", chain),
            fmt::format("decisions depend on each other: {}", chain), "请拆开其中一个需求关系",
            "remove one of the requirements");
    }
    return;
  }
  node.state = Node::State::building;
  path_.push_back(index);
  const std::string& ref = node.drg->variable.type_ref;
  node.declared = ref.empty()
                      ? nullptr
                      : resolve_type(node.document, ref, node.drg->variable.line, node.drg->id);
  switch (node.drg->form) {
    case Drg::Form::input:
      build_input(&node);
      break;
    case Drg::Form::decision:
      build_decision(&node);
      break;
    case Drg::Form::knowledge:
      build_knowledge(&node);
      break;
    case Drg::Form::service:
      build_service(&node);
      break;
  }
  add_citations(&node);
  Element& e = data_->elements[node.element];
  e.info.type = to_string(node.type != nullptr ? *node.type : *Types::any());
  path_.pop_back();
  node.state = Node::State::done;
}

Name* ModelBuilder::name_of(uint32_t index) {
  build(index);
  const Node& node = nodes_[index];
  const bool value = node.drg->form == Drg::Form::input || node.drg->form == Drg::Form::decision;
  const Type* type = node.type != nullptr ? node.type : node.declared;
  if (type == nullptr) type = value ? Types::any() : Types::basic(Type::Form::function);
  Name* name = ast_->make_name(value ? Name::Form::global : Name::Form::invocable,
                               node.drg->variable.name, type);
  name->index = node.element;
  return name;
}

// Makes another element's name visible: alone, or through its import's name.
void ModelBuilder::require(Node* node, uint32_t other, Scope* scope) {
  if (other == kNone) return;
  Name* name = name_of(other);
  Document* home = nodes_[other].document;
  data_->elements[node->element].requires_.push_back(nodes_[other].element);
  if (home == node->document) return scope->add(name);
  for (const Import& import : node->document->def.imports) {
    if (import.namespace_uri != home->def.namespace_uri) continue;
    if (import.name.empty()) return scope->add(name);
    Name* space = scope->find(import.name);
    if (space == nullptr || space->form != Name::Form::space) {
      space = ast_->make_name(Name::Form::space, import.name, Types::any());
      scopes_.push_back(std::make_unique<Scope>());
      space->scope = scopes_.back().get();
      scope->add(space);
    }
    const_cast<Scope*>(space->scope)->add(name);
    return;
  }
  fault("rules.dmn.import", *node->document, node->drg->line, node->drg->id,
        fmt::format("“{}”用到的模型 {} 没有导入", node->drg->name, home->def.namespace_uri),
        fmt::format("'{}' uses the model {}, which is not imported", node->drg->name,
                    home->def.namespace_uri),
        "请在模型里写上 import", "add an import to the model");
}

Scope* ModelBuilder::scope_for(Node* node) {
  scopes_.push_back(std::make_unique<Scope>(&parameters_));
  Scope* scope = scopes_.back().get();
  for (const auto* hrefs : {&node->drg->information, &node->drg->knowledge}) {
    for (const Drg::Href& href : *hrefs) {
      require(node, find_node(node->document, href, *node->drg), scope);
    }
  }
  return scope;
}

void ModelBuilder::add_citations(Node* node) {
  for (const Drg::Href& href : node->drg->authority) {
    const size_t hash = href.href.rfind('#');
    const std::string ns = hash == std::string::npos ? "" : href.href.substr(0, hash);
    const std::string id = hash == std::string::npos ? href.href : href.href.substr(hash + 1);
    const Document* home = ns.empty() ? node->document : find_document(ns);
    if (home == nullptr) continue;
    for (const KnowledgeSource& s : home->def.sources) {
      if (s.id != id) continue;
      data_->elements[node->element].info.citations.push_back(
          s.location.empty() ? s.name : s.name + " (" + s.location + ")");
    }
  }
}

void ModelBuilder::build_input(Node* node) {
  Element& e = data_->elements[node->element];
  node->type = node->declared != nullptr ? node->declared : Types::any();
  e.value_type = node->declared;
}

void ModelBuilder::build_decision(Node* node) {
  const Scope* scope = scope_for(node);
  const uint32_t element = node->element;
  data_->elements[element].value_type = node->declared;
  if (node->drg->logic == nullptr) {
    data_->elements[element].has_logic = false;
    node->type = node->declared;
    return;
  }
  const Place place{node->document, node->drg->id};
  Expr* body = lower(place, *node->drg->logic, *scope);
  if (body->kind == Ex::decision_table && body->table->name.empty()) {
    body->table->name = node->drg->name;
  }
  body = checked(body, node->declared);
  node->type = node->declared != nullptr ? node->declared : body->type;
  const uint32_t function = compiler_.add_function(node->drg->name, {}, {}, *body, nullptr);
  data_->elements[element].function = function;
}

void ModelBuilder::build_knowledge(Node* node) {
  const Boxed* logic = node->drg->logic.get();
  // The signature first, so that it can call itself.
  std::vector<Type::Member> members;
  std::vector<Name*> parameters;
  std::vector<const Type*> types;
  const Place place{node->document, node->drg->id};
  if (logic != nullptr) {
    for (const Variable& p : logic->variables) {
      const Type* t = resolve_type(node->document, p.type_ref, p.line, node->drg->id);
      if (t == nullptr) t = Types::any();
      members.push_back({p.name, t});
      types.push_back(t);
      parameters.push_back(ast_->make_name(Name::Form::local, p.name, t));
    }
  }
  const Type* result = nullptr;
  if (node->declared != nullptr) {
    // The variable's type is the function's type, or (older files) that of its result.
    result = node->declared->is(Type::Form::function) ? node->declared->result : node->declared;
  }
  node->type = ast_->types().function(members, result);
  Scope* scope = scope_for(node);
  if (logic == nullptr || logic->form == Boxed::Form::external || logic->kids.empty()) {
    const Boxed none;
    const bool external = logic != nullptr && logic->form == Boxed::Form::external;
    Expr* refused =
        make(external ? Ex::external : Ex::error, place, logic != nullptr ? *logic : none);
    refused->text = node->drg->name;
    if (refused->kind == Ex::external) {
      fault("rules.external", *node->document, node->drg->line, node->drg->id,
            fmt::format("“{}”是外部函数（{}），不能在此运行", node->drg->name, logic->text.text),
            fmt::format("'{}' is an external function ({}) and is not run here", node->drg->name,
                        logic->text.text),
            "请用 FEEL 写出这个函数", "write the function in FEEL");
    }
    const uint32_t function =
        compiler_.add_function(node->drg->name, parameters, types, *refused, nullptr);
    data_->elements[node->element].function = function;
    return;
  }
  Scope inner(scope);
  for (Name* p : parameters) inner.add(p);
  Expr* body = lower(place, *logic->kids[0], inner);
  if (body->kind == Ex::decision_table && body->table->name.empty()) {
    body->table->name = node->drg->name;
  }
  if (result == nullptr) {
    result = resolve_type(node->document, logic->type_ref, logic->line, node->drg->id);
    if (result != nullptr && result->is(Type::Form::function)) result = result->result;
  }
  node->type = ast_->types().function(members, result != nullptr ? result : body->type);
  const uint32_t function =
      compiler_.add_function(node->drg->name, parameters, types, *body, result);
  data_->elements[node->element].function = function;
}

// Decisions computed inside a service: all that its outputs need, up to its parameters.
void ModelBuilder::collect_inside(uint32_t element, const std::vector<uint32_t>& stop,
                                  std::vector<uint32_t>* out) {
  if (std::find(stop.begin(), stop.end(), element) != stop.end()) return;
  if (std::find(out->begin(), out->end(), element) != out->end()) return;
  if (data_->elements[element].type != Element::Type::decision) return;
  out->push_back(element);
  for (uint32_t next : data_->elements[element].requires_) collect_inside(next, stop, out);
}

void ModelBuilder::build_service(Node* node) {
  std::vector<uint32_t> parameters, outputs, inside;
  std::vector<Type::Member> members;
  const Drg& drg = *node->drg;
  for (const auto* hrefs : {&drg.input_data, &drg.input_decisions}) {
    for (const Drg::Href& href : *hrefs) {
      const uint32_t other = find_node(node->document, href, drg);
      if (other == kNone) continue;
      const Name* name = name_of(other);
      parameters.push_back(nodes_[other].element);
      members.push_back({name->text, name->type});
    }
  }
  const Type* output_type = nullptr;
  for (const Drg::Href& href : drg.outputs) {
    const uint32_t other = find_node(node->document, href, drg);
    if (other == kNone) continue;
    output_type = name_of(other)->type;
    outputs.push_back(nodes_[other].element);
  }
  for (const Drg::Href& href : drg.encapsulated) {
    const uint32_t other = find_node(node->document, href, drg);
    if (other != kNone) build(other);
  }
  for (uint32_t output : outputs) collect_inside(output, parameters, &inside);
  const Type* result = node->declared;
  if (result != nullptr && result->is(Type::Form::function)) result = result->result;
  if (outputs.size() != 1) output_type = nullptr;
  node->type = ast_->types().function(members, result != nullptr ? result : output_type);
  Element& e = data_->elements[node->element];
  e.value_type = result;
  e.parameters = std::move(parameters);
  e.outputs = std::move(outputs);
  e.inside = std::move(inside);
  if (e.outputs.empty()) {
    fault("rules.dmn.service", *node->document, drg.line, drg.id,
          fmt::format("决策服务“{}”没有输出决策", drg.name),
          fmt::format("the decision service '{}' has no output decision", drg.name),
          "请指明它的输出决策", "name its output decision");
  }
}

}  // namespace yipan::rules::dmn
