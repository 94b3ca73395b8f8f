// Models for tests, from readable text.
//
//   table_model("U", {{"a", "number"}}, {{"o", "string"}}, {"<10 | \"x\"", ">=10 | \"y\""})
//
// A rule is its cells and its results, parted by bars. The decision is called d; an input may have
// allowed values: {"a", "string", "\"x\",\"y\""}.
#ifndef YIPAN_RULES_TEST_TABLES_H_
#define YIPAN_RULES_TEST_TABLES_H_

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "yipan/rules.h"
#include "yipan/text.h"

namespace yipan::rules {

inline std::string xml_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out;
}

struct TestColumn {
  std::string name;
  std::string type;
  std::string values = {};
};

inline std::string definitions(std::string_view body) {
  return fmt::format(
      "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"m\" "
      "namespace=\"urn:test\">\n{}\n</definitions>\n",
      body);
}

inline std::string values_xml(std::string_view tag, const std::string& values) {
  if (values.empty()) return "";
  return fmt::format("<{0}><text>{1}</text></{0}>", tag, xml_text(values));
}

inline std::string table_xml(std::string_view policy, const std::vector<TestColumn>& inputs,
                             const std::vector<TestColumn>& outputs,
                             const std::vector<std::string>& rules) {
  std::string out = fmt::format("<decisionTable id=\"t\" hitPolicy=\"{}\">\n", policy);
  for (const TestColumn& in : inputs) {
    out += fmt::format(
        "<input><inputExpression typeRef=\"{}\"><text>{}</text></inputExpression>{}"
        "</input>\n",
        in.type, in.name, values_xml("inputValues", in.values));
  }
  for (const TestColumn& o : outputs) {
    out += fmt::format("<output name=\"{}\" typeRef=\"{}\">{}</output>\n", o.name, o.type,
                       values_xml("outputValues", o.values));
  }
  for (size_t r = 0; r < rules.size(); ++r) {
    out += fmt::format("<rule id=\"r{}\">", r + 1);
    size_t cell = 0;
    for (const std::string_view text : split(rules[r], '|')) {
      const std::string_view tag = cell++ < inputs.size() ? "inputEntry" : "outputEntry";
      out += fmt::format("<{0}><text>{1}</text></{0}>", tag, xml_text(trim(text)));
    }
    out += "</rule>\n";
  }
  return out + "</decisionTable>";
}

inline std::string input_xml(const TestColumn& in) {
  return fmt::format(
      "<inputData id=\"i_{0}\" name=\"{0}\"><variable name=\"{0}\" typeRef=\"{1}\"/></inputData>\n",
      in.name, in.type);
}

// A decision `name` over the inputs with the logic given.
inline std::string decision_xml(std::string_view name, const std::vector<TestColumn>& inputs,
                                std::string_view logic, std::string_view type = "") {
  std::string out = fmt::format("<decision id=\"{0}\" name=\"{0}\"><variable name=\"{0}\"{1}/>\n",
                                name, type.empty() ? "" : fmt::format(" typeRef=\"{}\"", type));
  for (const TestColumn& in : inputs) {
    out += fmt::format(
        "<informationRequirement><requiredInput href=\"#i_{}\"/>"
        "</informationRequirement>\n",
        in.name);
  }
  return out + std::string(logic) + "\n</decision>";
}

inline std::string literal_xml(std::string_view feel) {
  return fmt::format("<literalExpression><text>{}</text></literalExpression>", xml_text(feel));
}

inline std::string table_model(std::string_view policy, const std::vector<TestColumn>& inputs,
                               const std::vector<TestColumn>& outputs,
                               const std::vector<std::string>& rules) {
  std::string body;
  for (const TestColumn& in : inputs) body += input_xml(in);
  return definitions(body + decision_xml("d", inputs, table_xml(policy, inputs, outputs, rules)));
}

// decision d = feel, over the inputs.
inline std::string literal_model(const std::vector<TestColumn>& inputs, std::string_view feel,
                                 std::string_view type = "") {
  std::string body;
  for (const TestColumn& in : inputs) body += input_xml(in);
  return definitions(body + decision_xml("d", inputs, literal_xml(feel), type));
}

}  // namespace yipan::rules

#endif  // YIPAN_RULES_TEST_TABLES_H_
