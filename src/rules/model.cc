#include "rules/element.h"
#include "rules/lexer.h"
#include "rules/table.h"

namespace yipan::rules {
namespace {

std::optional<ElementId> find(const Model::Data& data, Element::Type type, std::string_view name,
                              std::string_view ns) {
  const std::string wanted = normalize_name(name);
  std::optional<ElementId> elsewhere;
  for (const Element& e : data.elements) {
    if (e.type != type || e.info.name != wanted) continue;
    if (e.info.namespace_uri == (ns.empty() ? std::string_view(data.namespace_uri) : ns)) {
      return e.info.id;
    }
    if (ns.empty() && !elsewhere) elsewhere = e.info.id;  // imported, if the model has none
  }
  return elsewhere;
}

std::vector<ElementInfo> all(const Model::Data& data, Element::Type type) {
  std::vector<ElementInfo> out;
  for (const Element& e : data.elements) {
    if (e.type == type) out.push_back(e.info);
  }
  return out;
}

}  // namespace

Model::Model(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Model::~Model() = default;

const std::string& Model::name() const { return data_->name; }
std::optional<ElementId> Model::find_input(std::string_view n, std::string_view ns) const {
  return find(*data_, Element::Type::input, n, ns);
}
std::optional<ElementId> Model::find_decision(std::string_view n, std::string_view ns) const {
  return find(*data_, Element::Type::decision, n, ns);
}
std::optional<ElementId> Model::find_service(std::string_view n, std::string_view ns) const {
  return find(*data_, Element::Type::service, n, ns);
}
std::optional<ElementId> Model::find_knowledge(std::string_view n, std::string_view ns) const {
  return find(*data_, Element::Type::knowledge, n, ns);
}
std::vector<ElementInfo> Model::inputs() const { return all(*data_, Element::Type::input); }
std::vector<ElementInfo> Model::decisions() const { return all(*data_, Element::Type::decision); }
std::vector<ElementInfo> Model::services() const { return all(*data_, Element::Type::service); }
const ElementInfo& Model::element(ElementId id) const { return data_->elements[id].info; }

}  // namespace yipan::rules
