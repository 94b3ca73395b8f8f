// The generated city as a whole: totals, twins, bytes, schemas, planted problems.
#include "yipan/generate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "generate/test_package.h"
#include "yipan/hash.h"

namespace yipan::generate {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::json;
using testing::Package;
using testing::Record;

constexpr const char* kCity = YIPAN_SOURCE_DIR "/cities/xx";
constexpr const char* kSchema = YIPAN_SOURCE_DIR "/rulebook/schema";

struct Made {
  TempDir dir;
  GenerateReport report;
};

Made make(uint64_t seed, bool clean, int scale = 1) {
  auto dir = TempDir::make();
  EXPECT_TRUE(dir.has_value());
  GenerateOptions options;
  options.seed = seed;
  options.clean = clean;
  options.with_planted = true;
  options.city_dir = kCity;
  options.schema_dir = kSchema;
  options.out_dir = dir->path() + "/xx";
  options.scale = scale;
  auto report = generate(Files::posix(), options);
  EXPECT_TRUE(report.has_value()) << (report ? "" : report.error().to_string_en());
  return {std::move(*dir), report ? *report : GenerateReport()};
}

std::string digest(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    names.push_back(entry.path().string());
  }
  std::sort(names.begin(), names.end());
  std::string all;
  for (const std::string& name : names) {
    all += std::filesystem::path(name).filename().string() + sha256(testing::slurp(name)).hex();
  }
  return sha256(all).hex();
}

// The figures, computed anew from the written files, with the numbers written out: a second
// opinion on generate()'s own verification.
void expect_totals(const Package& p) {
  int64_t signed_all = 0, signed_plants = 0, signed_services = 0, projects = 0;
  for (const Record& r : p.tables.at("investments")) {
    if (r.at("signed_on").get<std::string>() < "2022-01-01") continue;
    const int64_t fen = r.at("signed_fen");
    ++projects;
    signed_all += fen;
    if (r.at("sector") == "manufacturing") signed_plants += fen;
    if (r.at("sector") == "services") signed_services += fen;
  }
  EXPECT_EQ(projects, 149);
  EXPECT_EQ(signed_all, 16'614'400'000'000);
  EXPECT_EQ(signed_plants, 7'664'100'000'000);
  EXPECT_EQ(signed_services, 8'555'300'000'000);
  EXPECT_EQ(signed_all - signed_plants - signed_services, 395'000'000'000);
  EXPECT_EQ(p.tables.at("commercial_centres").size(), 63u);
  EXPECT_EQ(p.sum("commercial_centres", "floor_m2"), 4'260'500);
  int64_t complexes = 0, complex_m2 = 0;
  for (const Record& r : p.tables.at("commercial_centres")) {
    if (r.at("kind") != "complex") continue;
    ++complexes;
    complex_m2 += r.at("floor_m2").get<int64_t>();
  }
  EXPECT_EQ(complexes, 18);
  EXPECT_EQ(complex_m2, 2'246'000);
  EXPECT_GT(p.sum("commercial_centres", "vacant_m2") * 3, 4'260'500);
  EXPECT_EQ(p.tables.at("flats").size(), 10'218u);
  EXPECT_EQ(p.sum("waiting_households", "due_flats"), 5'801);
  EXPECT_EQ(p.tables.at("land_violations").size(), 604u);
  EXPECT_EQ(p.sum("population", "resident_persons"), 3'184'498);
}

// generate() itself verifies 55 figures against the tables before it writes; many seeds are cheap.
TEST(Generate, PropertyTotalsAreTheFiguresForEverySeed) {
  for (const uint64_t seed : {2ULL, 3ULL, 77ULL, 20221130ULL, ~0ULL}) {
    for (const bool clean : {false, true}) {
      SCOPED_TRACE(::testing::Message() << "seed " << seed << " clean " << clean);
      EXPECT_GE(make(seed, clean).report.figures.size(), 55u);
    }
  }
}

TEST(Generate, WrittenFilesKeepTheSchemasAndTheTotals) {
  for (const bool clean : {false, true}) {
    SCOPED_TRACE(::testing::Message() << "clean " << clean);
    const Made made = make(1, clean);
    const Package package = testing::read_package(made.dir.path() + "/xx");
    EXPECT_THAT(testing::violations(package), IsEmpty());
    expect_totals(package);
  }
}

TEST(Generate, SameSeedGivesTheSameBytes) {
  const Made a = make(7, false);
  const Made b = make(7, false);
  const Made c = make(8, false);
  EXPECT_EQ(digest(a.dir.path() + "/xx"), digest(b.dir.path() + "/xx"));
  EXPECT_NE(digest(a.dir.path() + "/xx"), digest(c.dir.path() + "/xx"));
}

TEST(Generate, EveryResourceAndRowSaysSynthetic) {
  const Made made = make(1, false);
  const Package package = testing::read_package(made.dir.path() + "/xx");
  EXPECT_EQ(package.descriptor["synthetic"], true);
  EXPECT_EQ(package.tables.size(), package.schemas.size());
  bool geojson = false, chinese = false;
  for (const json& resource : package.descriptor["resources"]) {
    EXPECT_EQ(resource["synthetic"], true) << resource["name"];
    geojson = geojson || resource["format"] == "geojson";
    chinese = chinese || resource["encoding"] == "gb18030";
  }
  EXPECT_TRUE(geojson);
  EXPECT_TRUE(chinese);
  for (const auto& [name, rows] : package.tables) {
    for (const Record& row : rows) {
      ASSERT_TRUE(row.count("synthetic") == 1 && row.at("synthetic") == true) << name;
    }
  }
}

std::set<std::string> keys_in(const Package& package, const std::string& table) {
  std::set<std::string> out;
  for (const Record& record : package.tables.at(table)) {
    std::string key;
    for (const json& part : package.schemas.at(table)["primaryKey"]) {
      const json& value = record.at(part.get<std::string>());
      key += (value.is_string() ? value.get<std::string>() : value.dump()) + "|";
    }
    out.insert(key);
  }
  return out;
}

TEST(Generate, PlantedProblemsStandInTheTablesAndCoverTheEightQuestions) {
  const Made made = make(3, false);
  const Package package = testing::read_package(made.dir.path() + "/xx");
  const json planted = json::parse(testing::slurp(made.dir.path() + "/xx/planted.json"));
  std::set<int> questions;
  for (const json& entry : planted) {
    questions.insert(entry["question"].get<int>());
    const std::set<std::string> keys = keys_in(package, entry["table"]);
    for (const json& key : entry["keys"]) {
      std::string joined;
      for (const json& part : key) joined += part.get<std::string>() + "|";
      EXPECT_EQ(keys.count(joined), 1u) << entry["code"] << " " << joined;
    }
  }
  EXPECT_EQ(questions, (std::set<int>{1, 2, 3, 4, 5, 6, 7, 8}));
  for (const json& resource : package.descriptor["resources"]) {
    EXPECT_NE(resource["path"], "planted.json");
  }
}

TEST(Generate, CleanTwinKeepsOnlyWhatTheFiguresForce) {
  const Made made = make(3, true);
  const json planted = json::parse(testing::slurp(made.dir.path() + "/xx/planted.json"));
  std::set<std::string> codes;
  for (const json& entry : planted) codes.insert(entry["code"].get<std::string>());
  EXPECT_EQ(codes, (std::set<std::string>{"duplicated_station", "land_without_approval",
                                          "vacancy_of_forty_percent"}));
}

TEST(Generate, ScaleMultipliesWhatTheSpeechDoesNotCount) {
  const Made one = make(1, false);
  const Made three = make(1, false, 3);
  const auto rows = [](const Made& made, std::string_view table) -> uint64_t {
    for (const TableReport& t : made.report.tables) {
      if (t.table == table) return t.rows;
    }
    return 0;
  };
  EXPECT_EQ(rows(three, "enterprise_months"), 3 * rows(one, "enterprise_months"));
  EXPECT_GT(rows(three, "transfers"), 2 * rows(one, "transfers"));
  EXPECT_EQ(rows(three, "commercial_centres"), 63u);
  EXPECT_EQ(rows(three, "flats"), rows(one, "flats"));
}

// A copy of the city's folder with one text replaced in one file.
Result<GenerateReport> with_change(const std::string& file, const std::string& from,
                                   const std::string& to) {
  auto dir = TempDir::make();
  const std::string city = dir->path() + "/city";
  std::filesystem::create_directory(city);
  for (const char* name : {"figures.toml", "census_2020_age_sex.csv"}) {
    std::string text = testing::slurp(std::string(kCity) + "/" + name);
    if (name == file) {
      const size_t at = text.find(from);
      EXPECT_NE(at, std::string::npos);
      text.replace(at, from.size(), to);
    }
    std::ofstream(city + "/" + name, std::ios::binary) << text;
  }
  GenerateOptions options;
  options.city_dir = city;
  options.schema_dir = kSchema;
  options.out_dir = dir->path() + "/out";
  return generate(Files::posix(), options);
}

TEST(GenerateErrors, PlacesInTheSpeechDoNotMatterToTheTables) {
  const auto result = with_change("figures.toml", "offset = 14659", "offset = 1");
  EXPECT_TRUE(result.has_value()) << result.error().to_string_en();
}

TEST(GenerateErrors, AgentsFewerThanTheFigure) {
  std::string text = testing::slurp(std::string(kCity) + "/figures.toml");
  const size_t at = text.find("id = \"F150\"");
  ASSERT_NE(at, std::string::npos);
  const size_t value = text.find("value = \"10\"", at);
  ASSERT_NE(value, std::string::npos);
  const std::string block = text.substr(at, value - at);
  const auto result =
      with_change("figures.toml", block + "value = \"10\"", block + "value = \"60\"");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.total");
  EXPECT_EQ(result.error().place().element, "F150");
  EXPECT_THAT(result.error().message_zh(), HasSubstr("F150"));
  EXPECT_THAT(result.error().remedy_en(), HasSubstr("conflicts"));
}

TEST(GenerateErrors, FigureOutOfBoundsIsRefusedBeforeAnythingIsDrawn) {
  const std::string text = testing::slurp(std::string(kCity) + "/figures.toml");
  const size_t at = text.find("id = \"F116\"");
  const size_t value = text.find("value = \"976\"", at);
  const std::string block = text.substr(at, value - at);
  const auto result =
      with_change("figures.toml", block + "value = \"976\"", block + "value = \"300\"");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.figures.bounds");
  EXPECT_EQ(result.error().place().element, "F116");
}

TEST(GenerateErrors, CensusRowIsNamed) {
  const auto result =
      with_change("census_2020_age_sex.csv", "C1,321181,0,0,F,2632", "C1,321181,0,0,X,2632");
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.census.invalid");
  EXPECT_EQ(result.error().place().row, 3u);
  EXPECT_THAT(result.error().message_zh(), HasSubstr("性别"));
}

TEST(GenerateErrors, ScaleAndFolders) {
  GenerateOptions options;
  options.city_dir = kCity;
  options.schema_dir = kSchema;
  options.out_dir = "/proc/nowhere/xx";
  auto result = generate(Files::posix(), options);
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().place().file, HasSubstr("/proc/nowhere"));
  options.scale = 0;
  result = generate(Files::posix(), options);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), "generate.options.scale");
  options.scale = 1;
  options.city_dir = "/nonexistent";
  result = generate(Files::posix(), options);
  ASSERT_FALSE(result.has_value());
  EXPECT_THAT(result.error().place().file, HasSubstr("figures.toml"));
}

}  // namespace
}  // namespace yipan::generate
