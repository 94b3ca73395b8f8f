#include "rules/cases_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rules/cases_value.h"
#include "rules/lexer.h"
#include "rules/mistakes.h"
#include "yipan/text.h"

namespace yipan::rules {
namespace {

const Type* type_of(const Model& model, ElementId element) {
  const Type* type = model.data().elements[element].value_type;
  return type != nullptr ? type : Types::any();
}

// The longest part before a point that `find` knows is the element; the rest are members.
template <typename Find>
std::optional<ValuePath> find_path(const Model& model, std::string_view text, const Find& find) {
  for (size_t end = text.size(); end != std::string_view::npos && end > 0;
       end = text.rfind('.', end - 1)) {
    const std::optional<ElementId> element = find(text.substr(0, end));
    if (!element) {
      if (text.find('.') >= end) break;
      continue;
    }
    ValuePath path{*element, {}, type_of(model, *element), normalize_name(text)};
    if (end < text.size()) {
      for (std::string_view member : split(text.substr(end + 1), '.')) {
        path.members.push_back(normalize_name(member));
        const Type::Member* known =
            path.type->is(Type::Form::context) ? path.type->find(path.members.back()) : nullptr;
        const bool open = path.type->is_any() || path.type->members.empty();
        if (known == nullptr && !open) return std::nullopt;
        path.type = known != nullptr ? known->type : Types::any();
      }
    }
    return path;
  }
  return std::nullopt;
}

}  // namespace

Value& ValueTree::at(const std::vector<std::string>& path) {
  ValueTree* tree = this;
  for (const std::string& name : path) {
    auto found = std::find_if(tree->members_.begin(), tree->members_.end(),
                              [&name](const auto& m) { return m.first == name; });
    if (found == tree->members_.end()) {
      tree->members_.emplace_back(name, ValueTree());
      found = std::prev(tree->members_.end());
    }
    tree = &found->second;
  }
  return tree->value_;
}

Value ValueTree::build() const {
  if (members_.empty()) return value_;
  std::vector<std::pair<std::string, Value>> entries;
  for (const auto& [name, tree] : members_) entries.emplace_back(name, tree.build());
  return Value::context(std::move(entries));
}

std::optional<ValuePath> find_given(const Model& model, std::string_view text) {
  return find_path(model, text, [&model](std::string_view name) {
    const auto input = model.find_input(name);
    return input ? input : model.find_decision(name);
  });
}

std::optional<ValuePath> find_output(const Model& model, std::string_view text) {
  return find_path(model, text, [&model](std::string_view name) {
    const auto decision = model.find_decision(name);
    return decision ? decision : model.find_service(name);
  });
}

Error unknown_column(const Model& model, std::string_view text, bool output) {
  std::vector<std::string> names;
  std::string list;
  const auto add = [&](const std::vector<ElementInfo>& elements) {
    for (const ElementInfo& e : elements) {
      names.push_back(e.name);
      list += (list.empty() ? "" : ", ") + e.name;
    }
  };
  if (!output) add(model.inputs());
  if (output) add(model.decisions());
  if (output) add(model.services());
  const std::string near = nearest_name(text.substr(0, text.find('.')), names);
  Error error("rules.cases.column");
  error.zh(fmt::format("模型里没有名为“{}”的{}", text, output ? "决策" : "输入"))
      .en(fmt::format("the model has no {} '{}'", output ? "decision" : "input", text))
      .column(text);
  if (!near.empty()) {
    error.remedy(fmt::format("是不是“{}”？", near), fmt::format("did you mean '{}'?", near));
  } else {
    error.remedy("模型里有：" + list, "the model has: " + list);
  }
  return error;
}

void RowInputs::add_column(const Model& model, size_t column, ValuePath path) {
  types_[path.element] = type_of(model, path.element);
  columns_.push_back({column, std::move(path)});
}

Result<> RowInputs::set(const CsvRow& row, std::string_view file, Evaluator* evaluator) const {
  std::map<ElementId, ValueTree> trees;
  for (const Column& column : columns_) {
    if (column.index >= row.fields.size()) continue;
    auto value = value_of_text(row.fields[column.index], *column.path.type, column.path.text);
    if (!value) return fail(Error(value.error()).file(file).row(row.row));
    trees[column.path.element].at(column.path.members) = std::move(*value);
  }
  for (const auto& [element, tree] : trees) {
    evaluator->set(element, complete(tree.build(), *types_.at(element)));
  }
  return {};
}

Result<> set_inputs(Evaluator* evaluator, const Model& model, std::string_view json,
                    std::string_view file) {
  YIPAN_ASSIGN(const Value all, value_of_json(json, file));
  if (!all.is(Kind::context)) {
    return fail(Error("rules.json.object")
                    .zh("输入应是一个 JSON 对象：名称对值")
                    .en("the inputs must be one JSON object: names to values")
                    .file(file)
                    .remedy("例：{\"面积\": 120}", "for example {\"area\": 120}"));
  }
  for (size_t i = 0; i < all.entry_count(); ++i) {
    const std::string name(all.entry_key(i).as_string());
    const auto path = find_given(model, name);
    if (!path || !path->members.empty()) {
      return fail(unknown_column(model, name, false).file(file));
    }
    auto value = coerce(all.entry_value(i), *path->type, name);
    if (!value) return fail(Error(value.error()).file(file));
    evaluator->set(path->element, complete(*value, *path->type));
  }
  return {};
}

}  // namespace yipan::rules
