// The schemas themselves: complete in both languages, units known, references resolved.
#include "generate/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "generate/test_package.h"
#include "yipan/units.h"

namespace yipan::generate {
namespace {

using ::testing::HasSubstr;
using testing::json;

std::map<std::string, json> schemas() {
  std::map<std::string, json> out;
  for (const auto& entry :
       std::filesystem::directory_iterator(YIPAN_SOURCE_DIR "/rulebook/schema")) {
    const json schema = json::parse(testing::slurp(entry.path().string()));
    EXPECT_EQ(entry.path().filename().string(), schema["name"].get<std::string>() + ".json");
    out[schema["name"]] = schema;
  }
  return out;
}

void expect_words(const json& object, const std::string& where) {
  for (const char* key : {"title", "title_en", "description", "description_en"}) {
    ASSERT_TRUE(object.contains(key)) << where << " lacks " << key;
    EXPECT_FALSE(object[key].get<std::string>().empty()) << where << "." << key;
  }
}

TEST(Schema, EveryTableAndFieldIsNamedInBothLanguages) {
  const auto all = schemas();
  EXPECT_GE(all.size(), 40u);
  for (const auto& [name, schema] : all) {
    expect_words(schema, name);
    std::set<std::string> titles;
    for (const json& field : schema["fields"]) {
      const std::string where = name + "." + field["name"].get<std::string>();
      expect_words(field, where);
      EXPECT_TRUE(titles.insert(field["title"]).second) << where << ": the title stands twice";
      if (field.contains("unit")) {
        EXPECT_NE(find_unit(field["unit"].get<std::string>()), nullptr) << where;
      }
      EXPECT_EQ(field["type"] == "geojson", field.contains("geometry")) << where;
      if (field.contains("categories")) {
        json values = json::array();
        for (const json& code : field["categories"]) values.push_back(code["value"]);
        EXPECT_EQ(values, field["constraints"]["enum"]) << where;
      }
    }
  }
}

TEST(Schema, KeysAndReferencesResolve) {
  const auto all = schemas();
  for (const auto& [name, schema] : all) {
    std::set<std::string> fields;
    for (const json& field : schema["fields"]) fields.insert(field["name"].get<std::string>());
    EXPECT_FALSE(schema["primaryKey"].empty()) << name;
    for (const json& part : schema["primaryKey"]) {
      EXPECT_EQ(fields.count(part.get<std::string>()), 1u) << name;
    }
    for (const json& index : schema["indexes"]) {
      for (const json& part : index) EXPECT_EQ(fields.count(part.get<std::string>()), 1u) << name;
    }
    for (const json& key : schema["foreignKeys"]) {
      for (const json& part : key["fields"]) {
        EXPECT_EQ(fields.count(part.get<std::string>()), 1u) << name;
      }
      const auto target = all.find(key["reference"]["resource"].get<std::string>());
      ASSERT_NE(target, all.end()) << name;
      EXPECT_EQ(key["reference"]["fields"], target->second["primaryKey"]) << name;
    }
  }
}

TEST(SchemaErrors, NameTheFile) {
  auto dir = TempDir::make();
  ASSERT_TRUE(dir.has_value());
  const std::string path = dir->path() + "/bad.json";
  ASSERT_TRUE(write_file_atomic(Files::posix(), path,
                                R"({"name":"bad","fields":[{"name":"x","type":"money"}]})"));
  auto result = SchemaSet::load(Files::posix(), dir->path());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.schema.invalid");
  EXPECT_EQ(result.error().place().file, path);
  EXPECT_THAT(result.error().message_zh(), HasSubstr("字段“x”"));
  ASSERT_TRUE(Files::posix().remove(path));
  result = SchemaSet::load(Files::posix(), dir->path());
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().message_en(), HasSubstr("no table schema"));
}

}  // namespace
}  // namespace yipan::generate
