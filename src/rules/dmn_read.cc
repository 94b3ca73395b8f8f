// DMN 1.1 to 1.5 XML to dmn_model.h. The versions differ in namespaces and in elements that came
// later; local names are enough to read them all.
#include <fmt/format.h>

#include <algorithm>

#include "rules/dmn_xml.h"
#include "rules/lexer.h"
#include "yipan/text.h"

namespace yipan::rules::dmn {

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view attribute(const pugi::xml_node& node, const char* name) {
  return node.attribute(name).value();
}

Reader::Reader(const Source& source, Faults* faults, uint32_t nesting_max)
    : source_(source), faults_(faults), nesting_max_(nesting_max) {
  line_starts_.push_back(0);
  for (size_t i = 0; i < source.text.size(); ++i) {
    if (source.text[i] == '\n') line_starts_.push_back(i + 1);
  }
}

uint64_t Reader::line(const pugi::xml_node& node) const {
  const ptrdiff_t offset = node.offset_debug();
  if (offset < 0) return 0;
  const auto after =
      std::upper_bound(line_starts_.begin(), line_starts_.end(), static_cast<size_t>(offset));
  return static_cast<uint64_t>(after - line_starts_.begin());
}

void Reader::fault(std::string_view code, const pugi::xml_node& node, std::string_view zh,
                   std::string_view en, std::string_view remedy_zh, std::string_view remedy_en) {
  Error error(code);
  error.zh(zh).en(en).file(source_.name).line(line(node));
  const std::string_view id = attribute(node, "id");
  if (!id.empty()) error.element(id);
  if (!remedy_zh.empty()) error.remedy(remedy_zh, remedy_en);
  faults_->add(Severity::error, std::move(error));
}

bool Reader::parse(pugi::xml_document* document) {
  if (const size_t bad = find_invalid_utf8(source_.text); bad != std::string_view::npos) {
    faults_->add(Severity::error, Error("rules.xml.encoding")
                                      .zh("文件不是合法的 UTF-8")
                                      .en("the file is not well-formed UTF-8")
                                      .file(source_.name)
                                      .byte_offset(bad)
                                      .remedy("请存为 UTF-8", "save it as UTF-8"));
    return false;
  }
  const auto result =
      document->load_buffer(source_.text.data(), source_.text.size(),
                            pugi::parse_default | pugi::parse_doctype, pugi::encoding_utf8);
  if (!result) {
    const auto at = std::upper_bound(line_starts_.begin(), line_starts_.end(),
                                     static_cast<size_t>(std::max<ptrdiff_t>(result.offset, 0)));
    faults_->add(Severity::error,
                 Error("rules.xml.syntax")
                     .zh(fmt::format("XML 有误：{}", result.description()))
                     .en(fmt::format("bad XML: {}", result.description()))
                     .file(source_.name)
                     .line(static_cast<uint64_t>(at - line_starts_.begin()))
                     .remedy("请用建模工具重新导出", "export it again from the modelling tool"));
    return false;
  }
  for (const pugi::xml_node& child : document->children()) {
    if (child.type() != pugi::node_doctype) continue;
    fault("rules.xml.doctype", child, "不接受带 DOCTYPE 的 XML", "XML with a DOCTYPE is refused",
          "请删去 DOCTYPE", "remove the DOCTYPE");
    return false;
  }
  return true;
}

std::optional<Definitions> Reader::run() {
  pugi::xml_document document;
  if (!parse(&document)) return std::nullopt;
  const pugi::xml_node root = document.document_element();
  if (local_name(root) != "definitions") {
    fault("rules.dmn.root", root, fmt::format("这不是 DMN 文件：根元素是 {}", root.name()),
          fmt::format("not a DMN file: its root is {}", root.name()), "请用建模工具导出 DMN",
          "export DMN from the modelling tool");
    return std::nullopt;
  }
  out_.file = source_.name;
  out_.name = attribute(root, "name");
  out_.namespace_uri = attribute(root, "namespace");
  for (const pugi::xml_node& child : root.children()) {
    const std::string_view name = local_name(child);
    if (name == "import") {
      out_.imports.push_back({normalize_name(attribute(child, "name")),
                              std::string(attribute(child, "namespace")), line(child)});
    } else if (name == "itemDefinition") {
      read_item(child, &out_.items.emplace_back(), 0);
    } else if (name == "inputData") {
      read_element(child, Drg::Form::input);
    } else if (name == "decision") {
      read_element(child, Drg::Form::decision);
    } else if (name == "businessKnowledgeModel") {
      read_element(child, Drg::Form::knowledge);
    } else if (name == "decisionService") {
      read_element(child, Drg::Form::service);
    } else if (name == "knowledgeSource") {
      KnowledgeSource& s = out_.sources.emplace_back();
      s.name = attribute(child, "name");
      s.id = attribute(child, "id");
      s.location = attribute(child, "locationURI");
      s.line = line(child);
      for (const pugi::xml_node& part : child.children()) {
        if (local_name(part) == "type") s.type = part.text().get();
      }
    }
  }
  return std::move(out_);
}

Variable Reader::variable(const pugi::xml_node& node) const {
  Variable v;
  v.name = normalize_name(attribute(node, "name"));
  v.type_ref = attribute(node, "typeRef");
  if (v.type_ref.empty()) {  // DMN 1.1: an element
    for (const pugi::xml_node& child : node.children()) {
      if (local_name(child) == "typeRef") v.type_ref = child.text().get();
    }
  }
  v.line = line(node);
  return v;
}

Text Reader::text_of(const pugi::xml_node& parent) const {
  Text out;
  for (const pugi::xml_node& child : parent.children()) {
    if (local_name(child) != "text") continue;
    out.present = true;
    out.line = line(child);
    for (const pugi::xml_node& piece : child.children()) {
      if (piece.type() != pugi::node_pcdata && piece.type() != pugi::node_cdata) continue;
      if (out.text.empty()) out.line = line(piece);
      out.text += piece.value();
    }
    return out;
  }
  return out;
}

Drg::Href Reader::href(const pugi::xml_node& node) const {
  return {std::string(attribute(node, "href")), line(node)};
}

void Reader::read_item(const pugi::xml_node& node, Item* out, uint32_t depth) {
  if (depth > nesting_max_) {
    return fault("rules.limit.nesting", node, "类型嵌套太深", "the type is nested too deep");
  }
  out->name = normalize_name(attribute(node, "name"));
  out->id = attribute(node, "id");
  out->line = line(node);
  out->is_collection = attribute(node, "isCollection") == "true";
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_name(child);
    if (name == "typeRef") {
      out->type_ref = child.text().get();
    } else if (name == "allowedValues") {
      out->allowed_values = text_of(child);
    } else if (name == "typeConstraint") {
      out->type_constraint = text_of(child);
    } else if (name == "itemComponent") {
      read_item(child, &out->components.emplace_back(), depth + 1);
    } else if (name == "functionItem") {
      out->is_function = true;
      out->output_type_ref = attribute(child, "outputTypeRef");
      for (const pugi::xml_node& p : child.children()) {
        if (local_name(p) == "parameters") out->parameters.push_back(variable(p));
      }
    }
  }
}

void Reader::read_requirements(const pugi::xml_node& node, Drg* out) {
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_name(child);
    if (name == "requiredDecision" || name == "requiredInput") {
      out->information.push_back(href(child));
    } else if (name == "requiredKnowledge") {
      out->knowledge.push_back(href(child));
    } else if (name == "requiredAuthority") {
      out->authority.push_back(href(child));
    }
  }
}

void Reader::read_service(const pugi::xml_node& node, Drg* out) {
  const std::string_view name = local_name(node);
  if (name == "outputDecision") out->outputs.push_back(href(node));
  if (name == "encapsulatedDecision") out->encapsulated.push_back(href(node));
  if (name == "inputDecision") out->input_decisions.push_back(href(node));
  if (name == "inputData") out->input_data.push_back(href(node));
}

// <validity from="2020-01-01" until="2022-01-01"/>, an extension: docs/formats/rules.md.
void Reader::read_validity(const pugi::xml_node& node, Drg* out) {
  for (const pugi::xml_node& child : node.children()) {
    if (local_name(child) != "validity") continue;
    Validity validity;
    for (const char* name : {"from", "until"}) {
      const std::string_view text = attribute(child, name);
      if (text.empty()) continue;
      const auto date = Date::parse(text);
      if (!date) {
        fault("rules.version.date", child, fmt::format("有效期 {} 不是日期：{}", name, text),
              fmt::format("the validity's {} is not a date: {}", name, text), "请按 年-月-日 填写",
              "write it as year-month-day");
        continue;
      }
      (std::string_view(name) == "from" ? validity.from : validity.until) = *date;
    }
    out->validity = validity;
  }
}

void Reader::read_element(const pugi::xml_node& node, Drg::Form form) {
  Drg& out = out_.elements.emplace_back();
  out.form = form;
  out.name = normalize_name(attribute(node, "name"));
  out.id = attribute(node, "id");
  out.line = line(node);
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_name(child);
    if (name == "variable") {
      out.variable = variable(child);
    } else if (name == "description") {
      out.description = child.text().get();
    } else if (name == "informationRequirement" || name == "knowledgeRequirement" ||
               name == "authorityRequirement") {
      read_requirements(child, &out);
    } else if (name == "extensionElements") {
      read_validity(child, &out);
    } else if (name == "encapsulatedLogic") {
      out.logic = std::make_unique<Boxed>();
      out.logic->id = attribute(child, "id");
      out.logic->line = line(child);
      out.logic->type_ref = attribute(child, "typeRef");
      read_function(child, out.logic.get(), 0);
    } else if (form == Drg::Form::decision && is_boxed(name)) {
      out.logic = boxed(child, 0);
    } else if (form == Drg::Form::service) {
      read_service(child, &out);
    }
  }
  if (out.variable.name.empty()) out.variable.name = out.name;
  if (out.name.empty()) out.name = out.variable.name;
}

std::optional<Definitions> read(const Source& source, Faults* faults, uint32_t nesting_max) {
  return Reader(source, faults, nesting_max).run();
}

}  // namespace yipan::rules::dmn
