// What of a model runs by columns, seen from its declared types alone.
#include "rules/columns_lower.h"

namespace yipan::rules {

using columns::Given;
using columns::Lowered;
using columns::Lowerer;

namespace {

// Binds each input to columns that it would have.
class Binder {
 public:
  explicit Binder(Lowerer* lowerer) : lowerer_(*lowerer) {}

  void bind(const Element& input) {
    const Type* type = input.value_type;
    if (type != nullptr && type->is(Type::Form::context) && !type->members.empty()) {
      std::vector<Given> given;
      leaves(*type, {}, &given);
      lowerer_.bind_members(input.info.id, given);
    } else if (const auto column = type != nullptr ? load(*type) : std::nullopt) {
      lowerer_.bind_element(input.info.id, *column);
    } else {
      lowerer_.bind_row_by_row(input.info.id);
    }
  }

 private:
  void leaves(const Type& type, const std::vector<std::string>& path, std::vector<Given>* out) {
    for (const Type::Member& m : type.members) {
      std::vector<std::string> inner = path;
      inner.push_back(m.name);
      if (m.type->is(Type::Form::context) && !m.type->members.empty()) {
        leaves(*m.type, inner, out);
        continue;
      }
      out->push_back({std::move(inner), load(*m.type).value_or(Lowered(kNone))});
    }
  }

  std::optional<Lowered> load(const Type& type) {
    ColumnInput column;
    switch (type.form) {
      case Type::Form::boolean:
        column.type = yipan::Type::boolean;
        break;
      case Type::Form::number:
        column.scale = 2;
        break;
      case Type::Form::string:
        column.type = yipan::Type::text;
        break;
      case Type::Form::date:
        column.type = yipan::Type::date;
        break;
      default:
        return std::nullopt;
    }
    auto loaded = lowerer_.load(column, count_++);
    if (!loaded) return std::nullopt;
    return *loaded;
  }

  Lowerer& lowerer_;
  uint32_t count_ = 0;
};

}  // namespace

std::vector<ColumnReport> column_report(const std::shared_ptr<const Model>& model) {
  columns::VProgram program;
  const Model::Data& data = model->data();
  Lowerer lowerer(data.program, model, &program, false);
  Binder binder(&lowerer);
  for (const Element& e : data.elements) {
    if (e.type == Element::Type::input) binder.bind(e);
  }
  for (const Element& e : data.elements) {
    if (e.type == Element::Type::decision) lowerer.decision(e.info.id);
  }
  std::vector<ColumnReport> out;
  for (const uint32_t element : lowerer.order()) {
    const ElementInfo& info = model->element(element);
    out.push_back(columns::report_of(lowerer.decision(element), info.name, info.xml_id));
  }
  return out;
}

}  // namespace yipan::rules
