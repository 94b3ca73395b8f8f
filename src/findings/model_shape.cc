#include "findings/model_shape.h"

#include <algorithm>
#include <cstring>
#include <pugixml.hpp>
#include <set>

namespace yipan::findings {
namespace {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_node& c : node.children()) {
    if (local_name(c) == name) return c;
  }
  return {};
}

std::string_view text_of(const pugi::xml_node& node) {
  const pugi::xml_node text = child(node, "text");
  return text.text().get();
}

// "#id" or "namespace#id" -> "id".
std::string fragment(const pugi::xml_node& node) {
  const std::string_view href = node.attribute("href").value();
  const size_t hash = href.rfind('#');
  return std::string(hash == std::string_view::npos ? href : href.substr(hash + 1));
}

// A FEEL text literal -> its content; nothing if it is another expression.
std::optional<std::string> literal(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return std::nullopt;
  text = text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  const std::string_view inside = text.substr(1, text.size() - 2);
  if (inside.find_first_of("\"\\") != std::string_view::npos) return std::nullopt;
  return std::string(inside);
}

class Reader {
 public:
  explicit Reader(std::string_view xml) : xml_(xml) {
    for (size_t i = 0; i < xml.size(); ++i) {
      if (xml[i] == '\n') newlines_.push_back(i);
    }
  }

  ModelShape run() {
    ModelShape out;
    pugi::xml_document document;
    if (!document.load_buffer(xml_.data(), xml_.size(), pugi::parse_default, pugi::encoding_utf8)) {
      return out;
    }
    collect(document.document_element());
    for (const auto& [id, node] : decisions_) {
      DecisionShape shape = own(node);
      std::set<std::string> seen;
      std::set<std::string> inputs;
      follow(id, &seen, &inputs, &shape);
      shape.inputs.assign(inputs.begin(), inputs.end());
      out.decisions.insert_or_assign(node.attribute("name").value(), std::move(shape));
    }
    return out;
  }

 private:
  void collect(const pugi::xml_node& root) {
    for (const pugi::xml_node& node : root.children()) {
      const std::string_view kind = local_name(node);
      const std::string id = node.attribute("id").value();
      if (kind == "decision") decisions_.insert_or_assign(id, node);
      if (kind == "inputData") inputs_.insert_or_assign(id, node.attribute("name").value());
    }
  }
  uint64_t line(const pugi::xml_node& node) const {
    const auto offset = node.offset_debug();
    if (offset < 0) return 0;
    const auto after =
        std::lower_bound(newlines_.begin(), newlines_.end(), static_cast<size_t>(offset));
    return static_cast<uint64_t>(after - newlines_.begin()) + 1;
  }
  DecisionShape own(const pugi::xml_node& decision) const {
    DecisionShape shape;
    shape.line = line(decision);
    if (const auto table = child(decision, "decisionTable"); table) {
      std::vector<std::string> names;
      for (const pugi::xml_node& c : table.children()) {
        if (local_name(c) == "output") names.emplace_back(c.attribute("name").value());
      }
      if (names.size() > 1) shape.components = std::move(names);
    }
    if (const auto context = child(decision, "context"); context) {
      std::vector<std::string> names;
      for (const pugi::xml_node& c : context.children()) {
        const auto variable = child(c, "variable");
        if (local_name(c) != "contextEntry") continue;
        if (!variable) return shape;  // the context's result: anything
        names.emplace_back(variable.attribute("name").value());
      }
      shape.components = std::move(names);
    }
    if (const auto relation = child(decision, "relation"); relation) {
      for (const pugi::xml_node& c : relation.children()) {
        if (local_name(c) == "row") shape.row_lines.push_back(line(c));
      }
    }
    return shape;
  }
  void add_codes(const pugi::xml_node& decision, DecisionShape* shape) const {
    const auto table = child(decision, "decisionTable");
    std::optional<size_t> column;
    size_t outputs = 0;
    for (const pugi::xml_node& c : table.children()) {
      if (local_name(c) != "output") continue;
      if (std::strcmp(c.attribute("name").value(), "code") == 0) column = outputs;
      ++outputs;
    }
    if (!column) return;
    for (const pugi::xml_node& rule : table.children()) {
      if (local_name(rule) != "rule") continue;
      size_t index = 0;
      for (const pugi::xml_node& entry : rule.children()) {
        if (local_name(entry) != "outputEntry" || index++ != *column) continue;
        if (auto code = literal(text_of(entry))) shape->codes.emplace_back(*code, line(entry));
      }
    }
  }
  void follow(const std::string& id, std::set<std::string>* seen, std::set<std::string>* inputs,
              DecisionShape* shape) const {
    const auto found = decisions_.find(id);
    if (found == decisions_.end() || !seen->insert(id).second) return;
    add_codes(found->second, shape);
    for (const pugi::xml_node& need : found->second.children()) {
      if (local_name(need) != "informationRequirement") continue;
      const auto input = inputs_.find(fragment(child(need, "requiredInput")));
      if (input != inputs_.end()) inputs->insert(input->second);
      if (const auto decision = child(need, "requiredDecision"); decision) {
        follow(fragment(decision), seen, inputs, shape);
      }
    }
  }

  std::string_view xml_;
  std::vector<size_t> newlines_;
  std::map<std::string, pugi::xml_node> decisions_;
  std::map<std::string, std::string> inputs_;
};

}  // namespace

uint64_t ModelShape::line_of(std::string_view decision) const {
  const auto found = decisions.find(decision);
  return found == decisions.end() ? 0 : found->second.line;
}

ModelShape read_shape(std::string_view xml) { return Reader(xml).run(); }

}  // namespace yipan::findings
