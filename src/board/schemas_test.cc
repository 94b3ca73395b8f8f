#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "board/schema_parse.h"
#include "yipan/text.h"

namespace yipan::board {
namespace {

std::string table_json(const std::string& name, const std::string& more = "",
                       const std::string& fields = "") {
  return R"({"name":")" + name + R"(","title":"表","title_en":"Table","fields":[)" +
         R"({"name":"id","type":"string","title":"编号","title_en":"Id"})" + fields +
         R"(],"primaryKey":["id"])" + more + "}";
}

std::string reference(const std::string& field, const std::string& table) {
  return R"({"fields":[")" + field + R"("],"reference":{"resource":")" + table +
         R"(","fields":["id"]}})";
}

std::string text_field(const std::string& name) {
  return R"(,{"name":")" + name + R"(","type":"string","title":"甲","title_en":"A"})";
}

class SchemaFolder {
 public:
  SchemaFolder() : directory_(std::move(TempDir::make().value())) {}
  void add(const std::string& file, const std::string& text) {
    std::ofstream(directory_.path() + "/" + file) << text;
  }
  Result<Schemas> load(std::vector<Error>* problems = nullptr) {
    return Schemas::load(Files::posix(), directory_.path(), problems);
  }

 private:
  TempDir directory_;
};

TEST(SchemasTest, ReadsAllThatTheFormatSays) {
  SchemaFolder folder;
  folder.add("parcels.json", R"({"name":"parcels","title":"地块","title_en":"Parcels",
    "description":"土地","description_en":"Land",
    "fields":[
     {"name":"id","type":"string","title":"编号","title_en":"Id",
      "constraints":{"maxLength":80,"pattern":"P[0-9]+"}},
     {"name":"area_m2","type":"number","title":"面积","title_en":"Area","unit":"m2",
      "constraints":{"required":true,"minimum":0.5,"maximum":"1e9"}},
     {"name":"granted_on","type":"date","title":"出让日期","title_en":"Granted",
      "constraints":{"minimum":"1949-10-01"}},
     {"name":"use","type":"string","title":"用途","title_en":"Use","constraints":{"enum":["r","c"]},
      "categories":[{"value":"c","label":"商业","label_en":"Commerce"}]},
     {"name":"shape","type":"geojson","geometry":"multipolygon","title":"图形","title_en":"Shape"}],
    "primaryKey":"id","indexes":[["use","granted_on"]]})");
  const auto schemas = folder.load();
  ASSERT_TRUE(schemas.has_value()) << schemas.error().to_string_en();
  const TableSchema* table = schemas->find("parcels");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->types(),
            (std::vector<Type>{Type::text, Type::real, Type::date, Type::text, Type::geometry}));
  EXPECT_TRUE(table->find("id")->required);  // a key is
  EXPECT_EQ(table->find("id")->length_max, 80U);
  EXPECT_EQ(table->find("area_m2")->minimum, 0.5);
  EXPECT_EQ(table->find("area_m2")->maximum, 1e9);
  EXPECT_EQ(table->find("granted_on")->minimum,
            static_cast<double>(Date::parse("1949-10-01")->days()));
  ASSERT_EQ(table->find("use")->codes.size(), 2U);
  EXPECT_EQ(table->find("use")->codes[0].zh, "r");
  EXPECT_EQ(table->find("use")->codes[1].zh, "商业");
  EXPECT_EQ(table->table_spec().columns[4].geometry_type, "MULTIPOLYGON");
  EXPECT_EQ(table->table_spec().title, "地块");

  const std::string bundle = schemas->bundle();
  const auto again = Schemas::parse_bundle(bundle);
  ASSERT_TRUE(again.has_value()) << again.error().to_string_en();
  EXPECT_EQ(again->bundle(), bundle);
  EXPECT_EQ(again->find("parcels")->find("granted_on")->minimum,
            table->find("granted_on")->minimum);
}

std::vector<std::string> order_of(const Schemas& schemas) {
  std::vector<std::string> out;
  for (const TableSchema& table : schemas.all()) out.push_back(table.name);
  return out;
}

TEST(SchemasTest, ReferencedTablesComeFirstAndCirclesGoByName) {
  SchemaFolder folder;
  folder.add("a.json",
             table_json("a", R"(,"foreignKeys":[)" + reference("x", "z") + "]", text_field("x")));
  folder.add("b.json",
             table_json("b", R"(,"foreignKeys":[)" + reference("x", "c") + "]", text_field("x")));
  folder.add(
      "c.json",
      table_json("c", R"(,"foreignKeys":[)" + reference("x", "b") + "," + reference("y", "z") + "]",
                 text_field("x") + text_field("y")));
  folder.add("m.json", table_json("m"));
  folder.add("z.json",
             table_json("z", R"(,"foreignKeys":[)" + reference("x", "") + "]", text_field("x")));
  const auto schemas = folder.load();
  ASSERT_TRUE(schemas.has_value()) << schemas.error().to_string_en();
  EXPECT_EQ(order_of(*schemas), (std::vector<std::string>{"m", "z", "a", "b", "c"}));
}

struct BadSchema {
  std::string json;
  std::string code;
  std::string pointer;
  std::string message;
};

TEST(SchemasTest, ErrorsNameFileAndPointer) {
  const std::vector<BadSchema> cases = {
      {R"([])", "board.schema.type", "/", "must be an object"},
      {table_json("t", R"(,"colour":1)"), "board.schema.unknown", "/colour",
       "'colour' is not known; known are: name, title, title_en, description, description_en, "
       "fields, primaryKey, foreignKeys, indexes"},
      {table_json("t", R"(,"indexes":[["no"]])"), "board.schema.field", "/indexes/0/0",
       "there is no field 'no'"},
      {table_json("t", "", text_field("Area")), "board.schema.name", "/fields/1/name",
       "the name 'Area' must begin with a lower-case letter and hold only lower-case letters, "
       "digits and underscores, at most 60"},
      {table_json("t", "", text_field("y_row")), "board.schema.name", "/fields/1/name",
       "the name 'y_row' is reserved"},
      {table_json("t", "", text_field("id")), "board.schema.doubled", "/fields/1",
       "the field 'id' is there twice"},
      {table_json("t", "", R"(,{"name":"a","type":"int","title":"a","title_en":"a"})"),
       "board.schema.type", "/fields/1/type",
       "the type is not one of string, integer, number, boolean, date, datetime, geojson"},
      {table_json("t", "",
                  R"(,{"name":"a","type":"number","title":"a","title_en":"a","unit":"acre-foot"})"),
       "board.schema.unit", "/fields/1/unit",
       "the unit 'acre-foot' is not known (give its id, such as m2 or fen)"},
      {table_json("t", "", R"(,{"name":"a","type":"geojson","title":"a","title_en":"a"})"),
       "board.schema.missing", "/fields/1", "'geometry' is missing"},
      {table_json("t", R"(,"foreignKeys":[)" + reference("id", "nowhere") + "]"),
       "board.schema.foreign_key", "/foreignKeys/0/reference/resource",
       "there is no table 'nowhere'"}};
  for (const BadSchema& bad : cases) {
    SchemaFolder folder;
    folder.add("t.json", bad.json);
    std::vector<Error> problems;
    ASSERT_FALSE(folder.load(&problems).has_value()) << bad.json;
    const auto found = std::find_if(problems.begin(), problems.end(), [&](const Error& error) {
      return error.message_en() == bad.message;
    });
    ASSERT_NE(found, problems.end()) << bad.message << "\n" << problems.front().to_string_en();
    EXPECT_EQ(found->code(), bad.code);
    EXPECT_EQ(found->place().element, bad.pointer);
    EXPECT_TRUE(found->place().file.ends_with("/t.json"));
    EXPECT_FALSE(found->message_zh().empty());
    EXPECT_FALSE(found->remedy_zh().empty());
  }
}

TEST(SchemasTest, AllProblemsAtOnce) {
  SchemaFolder folder;
  folder.add("a.json", table_json("b"));
  folder.add("c.json", "{");
  folder.add("d.json", table_json("d", R"(,"indexes":[["x"],["y"]])"));
  std::vector<Error> problems;
  const auto schemas = folder.load(&problems);
  ASSERT_FALSE(schemas.has_value());
  EXPECT_EQ(problems.size(), 4U);
  EXPECT_EQ(schemas.error().code(), "board.schema.invalid");
  EXPECT_TRUE(schemas.error().message_en().starts_with("the schemas have 4 problems:\n"));
  EXPECT_NE(schemas.error().message_en().find("a.json#/name: the file must be named b.json"),
            std::string::npos);
  EXPECT_NE(schemas.error().message_zh().find("表结构有 4 处问题："), std::string::npos);
}

TEST(SchemasTest, TheRulebooksOwnAreInOrder) {
  const std::string directory = std::string(YIPAN_SOURCE_DIR) + "/rulebook/schema";
  if (!std::filesystem::exists(directory) || std::filesystem::is_empty(directory)) {
    GTEST_SKIP() << "rulebook/schema is not there";
  }
  const auto schemas = Schemas::load(Files::posix(), directory);
  ASSERT_TRUE(schemas.has_value()) << schemas.error().to_string_en();
  EXPECT_EQ(Schemas::parse_bundle(schemas->bundle())->bundle(), schemas->bundle());
}

TEST(BodiesTest, ImportComesBackAsItWasWritten) {
  DatasetImport body;
  body.dataset = "xx/projects";
  body.table = "projects";
  body.file = "项目.csv";
  body.encoding = "gb18030";
  body.file_hash = sha256("file");
  body.rowset_hash = sha256("rows");
  body.mapping_hash = sha256("map");
  body.rows = 12;
  body.refused = 3;
  body.synthetic = true;
  const auto again = DatasetImport::parse(body.to_json());
  ASSERT_TRUE(again.has_value()) << again.error().to_string_en();
  EXPECT_EQ(again->to_json(), body.to_json());
  EXPECT_EQ(again->rows, 12U);
  EXPECT_FALSE(again->quality_log_hash.has_value());
}

TEST(BodiesTest, ErrorsNameTheMember) {
  const auto missing = DatasetImport::parse(R"({"dataset":"a"})");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().message_en(), "the body of dataset.import is wrong: table is missing");
  EXPECT_EQ(missing.error().place().element, "/table");
  const auto extra = DatasetWithdrawal::parse(R"({"dataset":"a","why":"b"})");
  ASSERT_FALSE(extra.has_value());
  EXPECT_EQ(extra.error().code(), "board.body.invalid");
  EXPECT_FALSE(DatasetWithdrawal::parse("[]").has_value());
}

}  // namespace
}  // namespace yipan::board
