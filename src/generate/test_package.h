// Reads a generated package back, independently of the code that wrote it. For tests only.
#ifndef YIPAN_GENERATE_TEST_PACKAGE_H_
#define YIPAN_GENERATE_TEST_PACKAGE_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace yipan::generate::testing {

using json = nlohmann::json;

// One row: field -> value; dates as text, missing values absent. Geometry as a JSON object.
using Record = std::map<std::string, json>;

struct Package {
  json descriptor;
  std::map<std::string, json> schemas;  // as in rulebook/schema
  std::map<std::string, std::vector<Record>> tables;

  int64_t sum(const std::string& table, const std::string& field) const;
};

std::string slurp(const std::string& path);
std::vector<std::vector<std::string>> parse_csv(const std::string& text);
// Throws std::runtime_error naming the file and value if something cannot be read.
Package read_package(const std::string& directory);
// What breaks a schema: "projects.id P0001: required", at most 20 lines; empty if nothing does.
std::vector<std::string> violations(const Package& package);

}  // namespace yipan::generate::testing

#endif  // YIPAN_GENERATE_TEST_PACKAGE_H_
