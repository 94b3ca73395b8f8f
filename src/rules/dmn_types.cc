// Item definitions to types (DMN 1.5, 7.3.2 and 7.3.3).
#include <fmt/format.h>

#include "rules/dmn_build.h"

namespace yipan::rules::dmn {

void ModelBuilder::declare_types(Document* document) {
  document->types = std::make_unique<Scope>();
  for (const Item& item : document->def.items) {
    if (document->items.count(item.name) != 0) {
      fault("rules.dmn.duplicate", *document, item.line, item.id,
            fmt::format("类型“{}”定义了两次", item.name),
            fmt::format("the type '{}' is defined twice", item.name), "请改名或删去一个",
            "rename or remove one");
      continue;
    }
    Type* type = ast_->types().make();
    type->name = item.name;
    document->items[item.name] = type;
    document->types->add(ast_->make_name(Name::Form::local, item.name, type));
  }
}

void ModelBuilder::fill_types(Document* document) {
  for (const Import& import : document->def.imports) {
    Document* other = find_document(import.namespace_uri);
    if (other == nullptr) continue;
    if (import.name.empty()) {  // into the default namespace (DMN 1.5, 6.3.3)
      for (const auto& [name, type] : other->items) {
        if (document->items.count(name) == 0) {
          document->types->add(ast_->make_name(Name::Form::local, name, type));
        }
      }
      continue;
    }
    Name* space = ast_->make_name(Name::Form::space, import.name, Types::any());
    space->scope = other->types.get();
    document->types->add(space);
  }
  for (const Item& item : document->def.items) {
    fill_type(document, item, document->items[item.name]);
  }
}

const Type* ModelBuilder::resolve_type(Document* document, const std::string& ref, uint64_t line,
                                       std::string_view element) {
  std::string text = normalize_name(ref);
  if (const size_t colon = text.find(':'); colon != std::string::npos) {
    text = text.substr(colon + 1);  // "feel:number" of DMN 1.1
  }
  if (text.empty()) return nullptr;
  const uint32_t unit =
      ast_->add_unit({document->def.file, std::string(element), line, std::move(text)});
  Parser parser(ast_.get(), &faults_, document->types.get(), options_.limits.nesting);
  const Type* type = parser.parse_type_text(unit);
  if (type == nullptr) return nullptr;
  // A name met before its definition was read: fill it now.
  if (!type->name.empty()) {
    for (auto& d : documents_) {
      const auto found = d->items.find(type->name);
      if (found == d->items.end() || found->second != type) continue;
      for (const Item& item : d->def.items) {
        if (item.name == type->name) fill_type(d.get(), item, found->second);
      }
    }
  }
  return type;
}

void ModelBuilder::fill_type(Document* document, const Item& item, Type* out) {
  int& state = filling_[{document, out}];
  if (state == 2) return;
  if (state == 1) {  // recursive: through a list or component it is fine, alone it is not
    return;
  }
  state = 1;
  fill_base(document, item, out);
  state = 2;
}

void ModelBuilder::fill_base(Document* document, const Item& item, Type* out) {
  Type* inner = item.is_collection ? ast_->types().make() : out;
  if (!item.components.empty()) {
    inner->form = Type::Form::context;
    for (const Item& c : item.components) {
      inner->members.push_back({c.name, component_type(document, c)});
    }
  } else if (item.is_function) {
    inner->form = Type::Form::function;
    inner->parameters_known = true;
    for (const Variable& p : item.parameters) {
      const Type* t = resolve_type(document, p.type_ref, p.line, item.id);
      inner->members.push_back({p.name, t != nullptr ? t : Types::any()});
    }
    inner->result = resolve_type(document, item.output_type_ref, item.line, item.id);
  } else if (const Type* base = resolve_type(document, item.type_ref, item.line, item.id)) {
    if (const auto state = filling_.find({document, base});
        state != filling_.end() && state->second == 1 && !item.is_collection) {
      fault("rules.dmn.type_cycle", *document, item.line, item.id,
            fmt::format("类型“{}”由自己定义", item.name),
            fmt::format("the type '{}' is defined by itself", item.name), "请改其 typeRef",
            "change its typeRef");
      return;
    }
    const std::string name = out->name;
    *inner = *base;
    if (inner == out) inner->name = name;
  }
  if (item.allowed_values.present) add_constraint(document, item, item.allowed_values, inner);
  if (item.is_collection) {
    out->form = Type::Form::list;
    out->element = inner;
  }
  if (item.type_constraint.present) add_constraint(document, item, item.type_constraint, out);
}

const Type* ModelBuilder::component_type(Document* document, const Item& item) {
  if (!item.is_collection && !item.allowed_values.present && !item.type_constraint.present &&
      item.components.empty() && !item.is_function) {
    const Type* plain = resolve_type(document, item.type_ref, item.line, item.id);
    return plain != nullptr ? plain : Types::any();
  }
  Type* own = ast_->types().make();
  fill_base(document, item, own);
  return own;
}

// Unary tests over `?` as a function of one argument.
void ModelBuilder::add_constraint(Document* document, const Item& item, const Text& text,
                                  Type* out) {
  if (text.text.find_first_not_of(" \t\r\n") == std::string::npos) return;
  const uint32_t unit = ast_->add_unit({document->def.file, item.id, text.line, text.text});
  Type bare = *out;
  bare.name.clear();
  Type* input_type = ast_->types().make();
  *input_type = bare;
  Name* input = ast_->make_name(Name::Form::local, "?", input_type);
  Parser parser(ast_.get(), &faults_, document->types.get(), options_.limits.nesting);
  const Expr* tests = parser.parse_unary_tests(unit, parameters_, input);
  out->constraint = compiler_.add_function(item.name, {input}, {}, *tests, nullptr);
  out->constraint_text = normalize_name(text.text);
}

}  // namespace yipan::rules::dmn
