#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "rules/test_tables.h"
#include "yipan/clock.h"

namespace yipan::rules {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<const Model> compiled(const std::string& xml) {
  const Compilation built = compile_model({{"m.dmn", xml}});
  EXPECT_TRUE(built.ok()) << (built.diagnostics.empty()
                                  ? ""
                                  : built.diagnostics[0].error.to_string_en());
  return built.model;
}

const std::vector<TestColumn> kInputs = {{"面积", "number"}, {"用途", "string"}};
const std::vector<TestColumn> kOutput = {{"o", "string"}};

std::string table(const std::vector<std::string>& rules, std::string_view policy = "UNIQUE") {
  return table_model(policy, kInputs, kOutput, rules);
}

TEST(Difference, NothingChanged) {
  const std::string xml = table({"<100 | - | \"a\""});
  EXPECT_TRUE(compare_models(compiled(xml), compiled(xml)).empty());
}

TEST(Difference, AMovedBoundIsOneRegion) {
  const auto all = compare_models(compiled(table({"<100 | - | \"小\"", ">=100 | - | \"大\""})),
                                  compiled(table({"<120 | - | \"小\"", ">=120 | - | \"大\""})));
  ASSERT_EQ(all.size(), 1U);
  ASSERT_EQ(all[0].regions.size(), 1U) << to_text_en(all[0]);
  const auto& r = all[0].regions[0];
  EXPECT_EQ(r.region[0].second, "[100..120)");
  EXPECT_EQ(r.before, "\"大\"");
  EXPECT_EQ(r.after, "\"小\"");
  EXPECT_TRUE(r.verified);
  EXPECT_THAT(to_text_zh(all[0]), HasSubstr("原：\"大\"  →  现：\"小\""));
  EXPECT_THAT(to_text_zh(all[0]), HasSubstr("范围：面积 [100..120)"));
}

TEST(Difference, RewrittenButTheSame) {
  const auto all =
      compare_models(compiled(table({"<100 | - | \"小\"", ">=100 | - | \"大\""})),
                     compiled(table({">=100 | - | \"大\"", "not(>=100) | - | \"小\""})));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].regions.empty()) << to_text_en(all[0]);
  EXPECT_THAT(all[0].zh, HasSubstr("结果处处相同"));
}

TEST(Difference, ANewInputOfATable) {
  const auto before = compiled(table_model("UNIQUE", {kInputs[0]}, kOutput, {"- | \"a\""}));
  const auto after = compiled(table({"- | not(\"商业\") | \"a\"", "- | \"商业\" | \"b\""}));
  const auto all = compare_models(before, after);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].type, Difference::Type::added);
  ASSERT_EQ(all[1].regions.size(), 1U) << to_text_en(all[1]);
  EXPECT_EQ(all[1].regions[0].region[1].second, "\"商业\"");
}

TEST(Difference, LogicIsSampledAndSaysSo) {
  const auto before = compiled(literal_model({{"a", "number"}}, "if a > 10 then 1 else 2"));
  const auto after = compiled(literal_model({{"a", "number"}}, "if a >= 10 then 1 else 2"));
  const auto all = compare_models(before, after);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].type, Difference::Type::logic);
  ASSERT_EQ(all[0].regions.size(), 1U);
  EXPECT_EQ(all[0].regions[0].example[0].second.to_string(), "10");
  EXPECT_THAT(to_text_zh(all[0]), HasSubstr("抽样"));
}

TEST(Difference, GoesThroughToWhatDependsOnIt) {
  const auto model = [](const char* limit) {
    const std::string second =
        "<decision id=\"e\" name=\"e\"><variable name=\"e\"/><informationRequirement>"
        "<requiredDecision href=\"#d\"/></informationRequirement>" +
        literal_xml("d = true") + "</decision>";
    return compiled(definitions(
        input_xml({"a", "number"}) +
        decision_xml("d", {{"a", "number"}}, literal_xml(fmt::format("a > {}", limit))) + second));
  };
  const auto all = compare_models(model("5"), model("6"));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].type, Difference::Type::through);
  EXPECT_EQ(all[1].element, "e");
  EXPECT_FALSE(all[1].regions.empty());
}

// ---- property ----------------------------------------------------------------------------------

std::string random_rule(Random* random) {
  const char* uses[] = {"-", "\"a\"", "\"b\"", "not(\"a\")"};
  const uint64_t low = random->below(6), high = low + random->below(3);
  const std::string cells[] = {"-", fmt::format("< {}", low), fmt::format("[{}..{}]", low, high),
                               fmt::format("> {}", low)};
  return fmt::format("{} | {} | \"{}\"", cells[random->below(4)], uses[random->below(4)],
                     random->below(3));
}

bool within(const std::string& tests, const Value& value) {
  if (tests == "-") return true;
  const auto e = compile_unary_tests(tests);
  EXPECT_TRUE(e.has_value()) << tests;
  return e && Evaluator().evaluate(*e, {value}).is_true();
}

void expect_all_found(const std::shared_ptr<const Model>& a, const std::shared_ptr<const Model>& b,
                      const std::vector<Difference::Region>& regions, const std::string& what) {
  Evaluator old_one(a), new_one(b);
  for (int half = -1; half <= 19; ++half) {
    for (const char* use : {"a", "b", "其他"}) {
      const Value area = Value::number(Decimal::from_scaled(half * 5, 1));
      const Value text = Value::string(use);
      const auto decide = [&](Evaluator* e, const Model& m) {
        e->clear();
        e->set(*m.find_input("面积"), area);
        e->set(*m.find_input("用途"), text);
        return e->evaluate(*m.find_decision("d"));
      };
      const bool differs = !decide(&old_one, *a).same_as(decide(&new_one, *b));
      bool told = false;
      for (const auto& r : regions) {
        told = told || (within(r.region[0].second, area) && within(r.region[1].second, text));
      }
      EXPECT_EQ(differs, told) << area.to_string() << " " << use << "\n" << what;
    }
  }
}

TEST(DifferenceProperty, RegionsAreExactlyWhatChanged) {
  const uint64_t seed = std::random_device()();
  std::clog << "DifferenceProperty seed " << seed << "\n";
  Random random(seed);
  for (int round = 0; round < 80; ++round) {
    std::vector<std::string> rules;
    for (uint64_t r = 0; r < 1 + random.below(4); ++r) rules.push_back(random_rule(&random));
    std::vector<std::string> changed = rules;
    changed[random.below(changed.size())] = random_rule(&random);
    const char* policies[] = {"UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"};
    const char* policy = policies[random.below(5)];
    const auto a = compiled(table(rules, policy)), b = compiled(table(changed, policy));
    const auto all = compare_models(a, b);
    std::string what = fmt::format("seed {} {}\n", seed, policy);
    for (size_t i = 0; i < rules.size(); ++i) what += rules[i] + "   =>   " + changed[i] + "\n";
    std::vector<Difference::Region> regions;
    for (const Difference& d : all) {
      what += to_text_en(d);
      EXPECT_TRUE(d.complete);
      regions.insert(regions.end(), d.regions.begin(), d.regions.end());
    }
    for (const auto& r : regions) EXPECT_TRUE(r.verified) << what;
    expect_all_found(a, b, regions, what);
  }
}

}  // namespace
}  // namespace yipan::rules
