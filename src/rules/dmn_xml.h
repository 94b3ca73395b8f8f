// XML helpers of the DMN reader: local names, lines, texts.
#ifndef YIPAN_RULES_DMN_XML_H_
#define YIPAN_RULES_DMN_XML_H_

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "rules/dmn_model.h"

namespace yipan::rules::dmn {

std::string_view local_name(const pugi::xml_node& node);
std::string_view attribute(const pugi::xml_node& node, const char* name);

class Reader {
 public:
  Reader(const Source& source, Faults* faults, uint32_t nesting_max);

  std::optional<Definitions> run();

  // dmn_read_boxed.cc
  bool is_boxed(std::string_view name) const;
  BoxedPtr boxed(const pugi::xml_node& node, uint32_t depth);
  BoxedPtr first_boxed(const pugi::xml_node& parent, uint32_t depth);

 private:
  bool parse(pugi::xml_document* document);
  void read_item(const pugi::xml_node& node, Item* out, uint32_t depth);
  void read_element(const pugi::xml_node& node, Drg::Form form);
  void read_requirements(const pugi::xml_node& node, Drg* out);
  void read_service(const pugi::xml_node& node, Drg* out);
  void read_validity(const pugi::xml_node& node, Drg* out);
  Variable variable(const pugi::xml_node& node) const;
  Text text_of(const pugi::xml_node& parent) const;  // of its <text> child
  Drg::Href href(const pugi::xml_node& node) const;
  uint64_t line(const pugi::xml_node& node) const;
  void fault(std::string_view code, const pugi::xml_node& node, std::string_view zh,
             std::string_view en, std::string_view remedy_zh = {}, std::string_view remedy_en = {});

  void read_context(const pugi::xml_node& node, Boxed* out, uint32_t depth);
  void read_relation(const pugi::xml_node& node, Boxed* out, uint32_t depth);
  void read_invocation(const pugi::xml_node& node, Boxed* out, uint32_t depth);
  void read_function(const pugi::xml_node& node, Boxed* out, uint32_t depth);
  void read_parts(const pugi::xml_node& node, Boxed* out, uint32_t depth);
  void read_table(const pugi::xml_node& node, Boxed* out, uint32_t depth);
  void read_rule(const pugi::xml_node& node, Table* out, uint32_t depth);
  HitPolicy hit_policy(const pugi::xml_node& node);

  const Source& source_;
  Faults* faults_;
  uint32_t nesting_max_;
  std::vector<size_t> line_starts_;
  Definitions out_;
};

}  // namespace yipan::rules::dmn

#endif  // YIPAN_RULES_DMN_XML_H_
