// Elements of a decision requirement graph, compiled.
#ifndef YIPAN_RULES_ELEMENT_H_
#define YIPAN_RULES_ELEMENT_H_

#include <string>
#include <vector>

#include "rules/program.h"
#include "yipan/rules.h"

namespace yipan::rules {

struct Element {
  enum class Type : uint8_t { input, decision, knowledge, service };
  Type type = Type::input;
  ElementInfo info;
  uint32_t function = kNone;                // of the program
  const rules::Type* value_type = nullptr;  // declared; nullptr: any
  uint32_t allowed = kNone;                 // of an input
  bool has_logic = true;
  std::vector<uint32_t> parameters;  // of a service: input data, then input decisions
  std::vector<uint32_t> outputs;     // of a service
  std::vector<uint32_t> inside;      // of a service: decisions computed anew in each call
  std::vector<uint32_t> requires_;   // what an explanation shows as inputs
};

struct Model::Data {
  Program program;
  std::vector<Element> elements;
  std::string name;
  std::string namespace_uri;
  Limits limits;
};

struct Expression::Data {
  Program program;
  uint32_t function = 0;
  std::string printed;
  std::string type;
  Limits limits;
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_ELEMENT_H_
