// JSON Schema draft 4, as much of it as project-schema.json of OC4IDS uses: what does not fit, with
// its JSON pointer. For tests.
#ifndef YIPAN_INTAKE_JSON_SCHEMA_FOR_TESTS_H_
#define YIPAN_INTAKE_JSON_SCHEMA_FOR_TESTS_H_

#include <re2/re2.h>

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace yipan::intake {

class JsonSchema {
 public:
  using Json = nlohmann::json;
  // `projects`: the schema that the package schema refers to by its address.
  JsonSchema(Json package, Json project)
      : package_(std::move(package)), project_(std::move(project)) {}

  std::vector<std::string> check(const Json& value) {
    problems_.clear();
    visit(value, package_, package_, "");
    return problems_;
  }
  // Keywords of the schema that this checker does not know; a test wants none.
  const std::set<std::string>& unknown() const { return unknown_; }

 private:
  void problem(const std::string& pointer, const std::string& what) {
    problems_.push_back(pointer + ": " + what);
  }
  static bool has_type(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    return type == "null" && value.is_null();
  }
  void visit(const Json& value, const Json& schema, const Json& root, const std::string& at) {
    if (schema.contains("$ref")) {
      std::string ref = schema["$ref"];
      if (ref[0] == '#') return visit(value, root.at(Json::json_pointer(ref.substr(1))), root, at);
      return visit(value, project_, project_, at);
    }
    for (const auto& [key, rule] : schema.items()) keyword(key, rule, value, root, at);
  }
  void keyword(const std::string& key, const Json& rule, const Json& value, const Json& root,
               const std::string& at) {
    static const std::set<std::string> kSilent = {"id",
                                                  "$schema",
                                                  "title",
                                                  "description",
                                                  "definitions",
                                                  "format",
                                                  "codelist",
                                                  "openCodelist",
                                                  "mergeStrategy",
                                                  "wholeListMerge",
                                                  "omitWhenMerged",
                                                  "versionId",
                                                  "deprecated",
                                                  "uniqueItems",
                                                  "additionalProperties"};
    if (key == "type") {
      bool fits = rule.is_string() && has_type(value, rule.get<std::string>());
      if (rule.is_array()) {
        for (const Json& t : rule) fits |= has_type(value, t.get<std::string>());
      }
      if (!fits) problem(at, "should be of type " + rule.dump());
    } else if (key == "required") {
      for (const Json& name : rule) {
        if (value.is_object() && !value.contains(name.get<std::string>())) {
          problem(at, name.get<std::string>() + " is missing");
        }
      }
    } else if (key == "properties") {
      for (const auto& [name, sub] : rule.items()) {
        if (value.is_object() && value.contains(name))
          visit(value[name], sub, root, at + "/" + name);
      }
    } else if (key == "items") {
      for (size_t i = 0; value.is_array() && i < value.size(); ++i) {
        visit(value[i], rule, root, at + "/" + std::to_string(i));
      }
    } else {
      limit(key, rule, value, at, kSilent);
    }
  }
  void limit(const std::string& key, const Json& rule, const Json& value, const std::string& at,
             const std::set<std::string>& silent) {
    if (key == "enum") {
      if (std::find(rule.begin(), rule.end(), value) == rule.end()) problem(at, "not in the list");
    } else if (key == "minItems") {
      if (value.is_array() && value.size() < rule.get<size_t>()) problem(at, "too few items");
    } else if (key == "minLength") {
      if (value.is_string() && value.get<std::string>().empty()) problem(at, "is empty");
    } else if (key == "minProperties") {
      if (value.is_object() && value.size() < rule.get<size_t>())
        problem(at, "has too few members");
    } else if (key == "minimum" || key == "maximum") {
      const bool low = key == "minimum";
      if (value.is_number() && (low ? value < rule : value > rule)) problem(at, "is out of range");
    } else if (key == "pattern") {
      if (value.is_string() &&
          !RE2::PartialMatch(value.get<std::string>(), rule.get<std::string>())) {
        problem(at, "does not match " + rule.get<std::string>());
      }
    } else if (silent.count(key) == 0) {
      unknown_.insert(key);
    }
  }

  Json package_;
  Json project_;
  std::vector<std::string> problems_;
  std::set<std::string> unknown_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_JSON_SCHEMA_FOR_TESTS_H_
