// OC4IDS 0.9.5 in and out, against the standard's own example and schema where they are there.
#include "intake/oc4ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "intake/city_for_tests.h"
#include "intake/json_schema_for_tests.h"

namespace yipan::intake {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

const std::string kOc4ids = std::string(YIPAN_SHARED_DIR) + "/data/oc4ids/";
const std::string kSchemas = std::string(YIPAN_SOURCE_DIR) + "/rulebook/schema";

constexpr char kPackage[] = R"({"uri":"u","version":"0.9","publishedDate":"2022-11-23T00:00:00Z",
 "publisher":{"name":"n"},"projects":[
 {"id":"P1","title":"河道整治","sector":["naturalResources","naturalResources.floodProtection"],
  "status":"implementation","period":{"startDate":"2022-01-01T00:00:00Z"},
  "budget":{"amount":{"amount":1234.5,"currency":"CNY"}},
  "publicAuthority":{"id":"O1","name":"水务局"},
  "locations":[{"id":"1","geometry":{"type":"Point","coordinates":[117.2,34.3]}}],
  "parties":[{"id":"O1","name":"水务局","roles":["publicAuthority"]},
             {"id":"O2","name":"甲公司","roles":["supplier"]}],
  "contractingProcesses":[{"id":"C1","summary":{"title":"一标段","nature":["construction"],
    "suppliers":[{"id":"O2","name":"甲公司"}],"contractValue":{"amount":1000,"currency":"CNY"},
    "contractPeriod":{"startDate":"2022-03-01T00:00:00Z"}}},{"id":"C2","summary":{}}]},
 {"id":"P2"}]})";

class Oc4idsTest : public ::testing::Test {
 protected:
  Oc4idsTest() : city_(kSchemas) {}
  PackageOutcome import(TestCity* city, const std::string& path) {
    ImportOptions options = city->options(path, "");
    options.dataset = "xx/oc4ids";
    options.side_directory = city->path("");
    auto o = import_oc4ids(city->context(), options);
    if (!o) {
      ADD_FAILURE() << o.error().to_string_en();
      return {};
    }
    for (const ImportOutcome& r : o->resources) {
      EXPECT_NE(r.status, Status::refused) << r.log.summary_en();
    }
    return std::move(*o);
  }
  Json exported(TestCity* city) {
    Oc4idsOptions options;
    options.prefix = "oc4ids-abc123";
    options.publisher = "市发改委";
    options.uri = "https://example.org/oc4ids.json";
    auto n = export_oc4ids(city->context(), city->path("out.json"), options);
    if (!n) ADD_FAILURE() << n.error().to_string_en();
    return Json::parse(city->read(city->path("out.json")));
  }
  TestCity city_;
};

TEST_F(Oc4idsTest, AProjectGoesInAndComesOut) {
  PackageOutcome o = import(&city_, city_.write("p.json", kPackage));
  EXPECT_TRUE(o.complete);
  EXPECT_EQ(o.resources.size(), 4U);
  EXPECT_EQ(city_.rows("SELECT id, name, kind, state, owner_id, invest_total_fen FROM projects "
                       "ORDER BY id"),
            "P1|河道整治|water|building|O1|123450\nP2|P2|other|||\n");
  EXPECT_EQ(city_.rows("SELECT id, project_id, supplier_id, amount_fen, start_on FROM contracts"),
            "C1|P1|O2|100000|2022-03-01\n");
  EXPECT_EQ(city_.rows("SELECT id, kind FROM organisations ORDER BY id"),
            "O1|department\nO2|enterprise\n");
  Json out = exported(&city_);
  const Json& p1 = out["projects"][0];
  EXPECT_EQ(p1["id"], "oc4ids-abc123-P1");
  EXPECT_EQ(p1["identifiers"][0]["id"], "P1");
  EXPECT_EQ(p1["status"], "implementation");
  EXPECT_EQ(p1["sector"], Json({"naturalResources", "naturalResources.floodProtection"}));
  EXPECT_EQ(p1["budget"]["amount"]["amount"], 1234.5);
  EXPECT_EQ(p1["publicAuthority"]["name"], "水务局");
  EXPECT_EQ(p1["locations"][0]["geometry"]["coordinates"], Json({117.2, 34.3}));
  EXPECT_EQ(p1["contractingProcesses"][0]["summary"]["contractValue"]["amount"], 1000);
  EXPECT_EQ(p1["parties"][1]["roles"], Json({"supplier"}));
  EXPECT_EQ(out["projects"][1],
            Json({{"id", "oc4ids-abc123-P2"},
                  {"title", "P2"},
                  {"identifiers", Json::array({{{"id", "P2"}, {"scheme", "internal"}}})}}));
}

TEST_F(Oc4idsTest, WhatGoesOutFitsTheSchema) {
  if (!Files::posix().exists(kOc4ids + "project-schema.json").value_or(false)) {
    GTEST_SKIP() << "skipped validation: " << kOc4ids << " is not there";
  }
  JsonSchema schema(Json::parse(city_.read(kOc4ids + "project-package-schema.json")),
                    Json::parse(city_.read(kOc4ids + "project-schema.json")));
  Json example = Json::parse(city_.read(kOc4ids + "example.json"));
  EXPECT_THAT(schema.check(example), IsEmpty());
  Json broken = example;
  broken["projects"][0]["budget"]["amount"]["currency"] = "XYZ";
  broken["projects"][0].erase("id");
  EXPECT_EQ(schema.check(broken).size(), 2U);
  import(&city_, kOc4ids + "example.json");
  EXPECT_THAT(schema.check(exported(&city_)), IsEmpty());
  EXPECT_THAT(schema.unknown(), IsEmpty());
}

TEST_F(Oc4idsTest, TheStandardsFixturesAreReadOrRefusedWithAReason) {
  if (!Files::posix().exists(kOc4ids + "lib-cove-fixtures/example-data.json").value_or(false)) {
    GTEST_SKIP() << "skipped the fixtures: " << kOc4ids << " is not there";
  }
  for (const char* name :
       {"invalid-json.json", "rubbish.json", "example-additional-checks-no-projects.json"}) {
    ImportOptions options = city_.options(kOc4ids + "lib-cove-fixtures/" + name, "");
    options.side_directory = city_.path("");
    auto o = import_oc4ids(city_.context(), options);
    if (o) {
      EXPECT_TRUE(o->resources.empty()) << name;
    } else {
      EXPECT_THAT(o.error().code(), testing::AnyOf(HasSubstr("json"), HasSubstr("oc4ids"))) << name;
      EXPECT_FALSE(o.error().remedy_zh().empty()) << name;
    }
  }
  // This package holds one project twice.
  ImportOptions options = city_.options(kOc4ids + "oc4idskit_project_package.json", "");
  options.side_directory = city_.path("");
  auto o = import_oc4ids(city_.context(), options);
  ASSERT_TRUE(o.has_value()) << o.error().to_string_en();
  EXPECT_FALSE(o->complete);
  EXPECT_EQ(o->resources.back().log.refusals[0].code, "intake.key.duplicate");
  EXPECT_EQ(o->resources.back().log.refusals[0].row, 2U);
}

}  // namespace
}  // namespace yipan::intake
