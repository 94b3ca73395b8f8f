// The demonstration city, generated, taken in and diagnosed: every planted problem is found, its
// twin without problems shows only what its totals force, and the answers give the speech's
// figures.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "support/generated_city.h"
#include "support/postgres.h"
#include "yipan/json.h"
#include "yipan/toml.h"
#include "yipan/units.h"

namespace yipan {
namespace {

using test::GeneratedCity;
using test::kSource;

// The city and its diagnosis, made once for all tests of this file.
struct Xx {
  std::unique_ptr<GeneratedCity> city;
  findings::Diagnosis diagnosis;
};
Xx make(bool clean) {
  Xx out;
  out.city = std::make_unique<GeneratedCity>(clean, test::memory());
  out.diagnosis = out.city->diagnose();
  return out;
}
const Xx& xx() {
  static const Xx city = make(false);
  return city;
}

using RowName = std::pair<std::string, std::string>;  // table, key

// Code -> rows of evidence of its findings and leads.
std::map<std::string, std::set<RowName>> evidence_by_code(const findings::Diagnosis& d) {
  std::map<std::string, std::set<RowName>> out;
  for (const findings::Answer& answer : d.answers) {
    for (const auto* list : {&answer.findings, &answer.leads}) {
      for (const findings::Finding& finding : *list) {
        for (const auto& e : finding.evidence) out[finding.code].emplace(e.table, e.key);
      }
    }
  }
  return out;
}

std::string key_text(const Json& key) {
  if (key.is_string()) return key.get<std::string>();
  return board::join_key(key.get<std::vector<std::string>>());
}

TEST(XxTest, EveryPlantedProblemIsFound) {
  const auto text = read_file(Files::posix(), xx().city->package() + "/planted.json");
  ASSERT_TRUE(text.has_value());
  const Json planted = parse_json(*text).value();
  ASSERT_GT(planted.size(), 100U);
  const auto found = evidence_by_code(xx().diagnosis);
  for (const Json& problem : planted) {
    const auto code = problem["code"].get<std::string>();
    const auto table = problem["table"].get<std::string>();
    const auto rows = found.find(code);
    if (rows == found.end()) {
      ADD_FAILURE() << "nothing is found of " << code << " (question " << problem["question"]
                    << ", " << table << ")";
      continue;
    }
    uint64_t missed = 0;
    std::string first;
    for (const Json& key : problem["keys"]) {
      if (rows->second.contains({table, key_text(key)})) continue;
      if (missed++ == 0) first = key_text(key);
    }
    EXPECT_EQ(missed, 0U) << code << ": of " << problem["keys"].size() << " rows, first " << first;
  }
}

TEST(XxTest, TheAnswersAreWhole) {
  ASSERT_EQ(xx().diagnosis.answers.size(), 8U);
  EXPECT_TRUE(xx().diagnosis.synthetic);
  for (const findings::Answer& answer : xx().diagnosis.answers) {
    EXPECT_FALSE(answer.sentence.zh.empty()) << answer.number;
    EXPECT_FALSE(answer.sentence.en.empty()) << answer.number;
    EXPECT_FALSE(answer.method_md.empty()) << answer.number;
    EXPECT_FALSE(answer.figures.empty()) << answer.number;
    for (const findings::Finding& finding : answer.findings) {
      EXPECT_FALSE(finding.lead_name.empty()) << finding.id;
      EXPECT_FALSE(finding.citations.empty()) << finding.id;
      EXPECT_GT(finding.evidence_total, 0U) << finding.id << " " << finding.code;
    }
  }
}

// What the twin keeps, because a total of the speech is the problem itself (docs/guide/city-xx.md,
// "What the clean twin keeps"). Nothing else may be found in it.
const std::map<std::string, std::string>& kept_by_the_twin() {
  static const std::map<std::string, std::string> kKept = {
      {"manufacturing_share_low", "46 % of signed and 44 % of received money"},
      {"duplicated_station", "the four stations"},
      {"too_many_agents", "more than ten construction agents"},
      {"core_too_dense", "centres around the core, as counted"},
      {"few_local_shops", "a third of the floor empty, by quarter (lead)"},
      {"floor_per_head_over_band", "3.46 m2 a head"},
      {"floor_vacant_above_alarm", "a third of the commercial floor empty"},
      {"new_centre_over_band", "each further centre at 3.46 m2 a head"},
      {"quarter_without_centre", "the quarter of 8 km2 and 90,000 people"},
      {"vacancy_of_forty_percent", "the three vacant centres"},
      {"beds_below_target", "4.58 beds per thousand"},
      {"doctors_below_target", "3.29 doctors per thousand"},
      {"nurses_below_target", "3.83 nurses per thousand"},
      {"far_from_service", "distances, reckoned in a straight line (lead)"},
      {"places_far_above_children", "school places against the ageing table (lead)"},
      {"relief_above_contributory", "8,000 against 5,097.6"},
      {"relief_near_contributory", "655 against 880"},
      {"land_without_approval", "the 604 parcels"},
  };
  return kKept;
}

TEST(XxTest, TheTwinShowsOnlyWhatItsTotalsForce) {
  const Xx twin = make(true);
  std::map<std::string, uint64_t> others;
  for (const findings::Answer& answer : twin.diagnosis.answers) {
    for (const auto* list : {&answer.findings, &answer.leads}) {
      for (const findings::Finding& finding : *list) {
        if (kept_by_the_twin().contains(finding.code)) continue;
        if (others[finding.code]++ == 0) {
          ADD_FAILURE() << finding.code << ": " << finding.claim.zh;
        }
      }
    }
  }
  for (const auto& [code, count] : others) ADD_FAILURE() << code << " x " << count;
}

// Whether a value is what the speech says, in the speech's own decimals.
::testing::AssertionResult agrees(const findings::FigureValue& figure, const toml::table& said) {
  const auto text = [&](const char* key) { return said[key].value_or(std::string()); };
  std::string value = text("value");
  const Unit* theirs = find_unit(text("unit"));
  const Unit* ours = find_unit(figure.unit);
  const auto number = [&](std::string_view digits) {
    const size_t slash = digits.find('/');
    Decimal out = Decimal::parse(digits.substr(0, slash)).value();
    if (slash != std::string_view::npos)
      out = out / Decimal::parse(digits.substr(slash + 1)).value();
    // Units of one kind are converted; a bare number of the pack is in the speech's unit.
    if (theirs == nullptr || ours == nullptr || theirs->id == ours->id) return out;
    return convert(out, *theirs, *ours).value();
  };
  const size_t point = value.find('.');
  const int decimals = point == std::string::npos ? 0 : static_cast<int>(value.size() - point - 1);
  const Decimal is = Decimal::from_double(figure.value.value());
  const Decimal should = number(value);
  const std::string bound = text("bound");
  bool good = false;
  if (bound == "exact") good = is.rounded(decimals, Decimal::Rounding::half_up) == should;
  if (bound == "above") good = is > should;
  if (bound == "at_least") good = is >= should;
  if (bound == "at_most") good = is <= should;
  if (bound == "below") good = is < should;
  if (bound == "range") good = is >= should && is <= number(text("value_max"));
  // "Nearly 300": less, but not by a tenth.
  if (bound == "nearly")
    good = is < should && is * Decimal::from_int(10) > should * Decimal::from_int(9);
  if (good) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << figure.id << " is " << is.to_string() << ", the speech says " << bound << " " << value
         << " " << text("unit");
}

TEST(XxTest, FiguresAreTheSpeechs) {
  const std::string path = kSource + "/cities/xx/figures.toml";
  const auto text = read_file(Files::posix(), path);
  ASSERT_TRUE(text.has_value());
  const auto parsed = parse_toml(*text, path, "test.figures");
  ASSERT_TRUE(parsed.has_value());
  std::map<std::string, const toml::table*> said;
  for (const toml::node& node : *(*parsed)["figure"].as_array()) {
    const toml::table& figure = *node.as_table();
    said[figure["id"].value_or(std::string())] = &figure;
  }
  uint64_t compared = 0;
  for (const findings::Answer& answer : xx().diagnosis.answers) {
    for (const findings::FigureValue& figure : answer.figures) {
      if (figure.speech.empty()) continue;
      ++compared;
      ASSERT_TRUE(said.contains(figure.speech)) << figure.id << ": " << figure.speech;
      ASSERT_TRUE(figure.value.has_value()) << figure.id;
      EXPECT_TRUE(agrees(figure, *said[figure.speech])) << "question " << answer.number;
    }
  }
  EXPECT_GE(compared, 60U);
}

// Everything that is said of a finding, as one text.
std::string text_of(const findings::Diagnosis& d) {
  std::string out;
  for (const findings::Answer& answer : d.answers) {
    out += answer.sentence.zh + "\n" + answer.sentence.en + "\n";
    for (const auto* list : {&answer.findings, &answer.leads}) {
      for (const findings::Finding& f : *list) {
        out += fmt::format("{} {} {} | {} | {} {}\n", f.id, f.code, f.claim.zh, f.claim.en,
                           f.money_fen.value_or(-1), f.evidence_total);
      }
    }
    for (const findings::ViewData& view : answer.views) {
      for (const auto& row : view.rows) {
        for (const std::string& cell : row) out += cell + ",";
        out += "\n";
      }
    }
  }
  return out;
}

TEST(XxTest, PostgreSqlGivesTheSameFindings) {
  if (test::postgres_cluster().url.empty()) {
    GTEST_SKIP() << "PostgreSQL: " << test::postgres_cluster().reason;
  }
  const test::ScratchDatabase place(store::Dialect::postgresql);
  GeneratedCity city(false, std::move(place.open().value()));
  const std::string theirs =
      text_of(city.diagnose(nullptr, [&place] { return place.open(); }));  // by two hands
  const std::string ours = text_of(xx().diagnosis);
  if (theirs == ours) return;
  // Name the first line that differs: the whole is some megabytes.
  size_t at = 0;
  while (at < std::min(ours.size(), theirs.size()) && ours[at] == theirs[at]) ++at;
  const size_t begin = ours.rfind('\n', at) + 1;
  FAIL() << "SQLite:     " << ours.substr(begin, ours.find('\n', at) - begin)
         << "\nPostgreSQL: " << theirs.substr(begin, theirs.find('\n', at) - begin);
}

}  // namespace
}  // namespace yipan
