// rulebook/schema as the generator needs it: names, types, units, titles, codes, references.
#ifndef YIPAN_GENERATE_SCHEMA_H_
#define YIPAN_GENERATE_SCHEMA_H_

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "yipan/file.h"
#include "yipan/result.h"

namespace yipan::generate {

enum class Kind : uint8_t { text, integer, number, boolean, date, datetime, geometry };

struct FieldSpec {
  std::string name;
  Kind kind = Kind::text;
  std::string title;
  std::string unit;
  std::string geometry;  // point, linestring, polygon, multipolygon
  std::vector<std::pair<std::string, std::string>> codes;  // value, Chinese label
};

struct TableSpec {
  std::string name;
  std::string title;
  std::vector<FieldSpec> fields;
  std::vector<std::string> primary_key;
  std::unordered_map<std::string, size_t> index;  // field name -> position
  std::string geometry_field() const;             // "" if none
};

class SchemaSet {
 public:
  // All *.json of the folder. Errors: "generate.schema.*" and those of Files.
  static Result<SchemaSet> load(Files& files, const std::string& directory);
  const TableSpec* find(std::string_view table) const;
  const std::map<std::string, TableSpec, std::less<>>& all() const { return tables_; }

 private:
  std::map<std::string, TableSpec, std::less<>> tables_;
};

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_SCHEMA_H_
