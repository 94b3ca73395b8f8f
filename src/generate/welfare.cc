// The pooled fund (F132, F133), its claims, and policies with their amounts (F135 to F142).
#include <fmt/format.h>

#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr int64_t kWan = 1'000'000;  // 万元 in fen

// The balance falls to the deficit of F133 in December of F132's year; after that it falls on
// (planted), or recovers in the clean twin.
void add_fund_months(World& world, Random& random) {
  Row fund = world.table("funds").add("FD-MED");
  fund.set("name", "职工基本医疗保险统筹基金").set("kind", "medical");
  fund.set("manager_id", "O-YBJ").set("area_id", "XX");
  const int64_t deficit = world.figure("F133") * kWan;
  const auto year_of_deficit = static_cast<int>(world.figure("F132"));
  const Date start = day(year_of_deficit - 1, 1, 1);
  std::vector<int64_t> shortfalls = split_randomly(random, deficit, 24, 100 * kWan);
  int64_t balance = 0;
  for (int m = 0; m < 94; ++m) {
    const Date month = *start.plus_months(m);
    const int64_t income = (9'000 + m * 62) * kWan + static_cast<int64_t>(random.below(300)) * kWan;
    const bool before = m < 24;
    const int64_t gap = before          ? shortfalls[static_cast<size_t>(m)]
                        : world.dirty() ? (240 + m * 5) * kWan + random.between(0, 60) * kWan
                                        : -(230 + random.between(0, 40)) * kWan;
    balance -= gap;
    Row row = world.table("fund_months").add();
    row.set("fund_id", "FD-MED").set("month", month).set("income_fen", income);
    row.set("spending_fen", income + gap).set("balance_fen", balance);
    row.set("contributors", 690'000 - m * (world.dirty() ? 420 : -150));
    row.set("beneficiaries", 1'020'000 + m * 700).set("retired", 233'000 + m * 810);
    row.set("primary_spending_fen", (income + gap) / 100 * (world.dirty() ? 31 + m / 4 : 24));
    if (world.dirty() && m >= 24 && m % 12 == 11) world.plant("fund_in_deficit", "W03", 5, row);
  }
}

// Settled claims; planted: one person in two beds at once, and bed days that no bed could hold.
void add_claims(World& world) {
  Random random = world.random(kStreamClaims);
  std::vector<std::string> hospitals;
  Table& facilities = world.table("facilities");
  for (size_t i = 0; i < facilities.size(); ++i) {
    Row row = facilities.row(i);
    if (row.text("kind") == "hospital" && row.integer("beds") > 0) {
      hospitals.push_back(row.text("id"));
    }
  }
  Table& table = world.table("fund_claims");
  const auto add = [&](const std::string& person, Date in, int days) {
    Row row = table.add(id_of("CL", table.size() + 1, 5));
    row.set("fund_id", "FD-MED").set("facility_id", pick(random, hospitals));
    row.set("person_code", person).set("admitted_on", in).set("discharged_on", in.plus_days(days));
    row.set("kind", days == 0 ? "outpatient" : "inpatient");
    row.set("amount_fen", days == 0 ? around(random, 26'000, 1) : around(random, 640'000, 1));
    return row;
  };
  for (int i = 1; i <= 1'800; ++i) {
    const std::string person = id_of("PS", static_cast<size_t>(i), 6);
    const Date in = draw_date(random, day(2021, 11, 1), day(2022, 9, 30));
    const int days = i % 3 == 0 ? 0 : 3 + static_cast<int>(random.below(12));
    add(person, in, days);
    if (world.dirty() && days > 4 && i % 29 == 1) {
      const Row second = add(person, in.plus_days(2), days);
      world.plant("two_stays_at_once", "W03", 5, second);
    }
  }
}

struct PolicyPlan {
  const char* id;
  const char* name;
  const char* field;
  const char* owner;
  const char* basis;
  int64_t cost_wan;
};

constexpr PolicyPlan kPolicies[] = {
    {"PO-DB", "城乡居民最低生活保障标准", "assistance", "O-MZJ", "社会救助暂行办法", 21'000},
    {"PO-ZG", "职工基本养老保险最低档待遇", "pension", "O-RSJ", "社会保险法", 0},
    {"PO-NB", "城乡居民（农民）养老保险最高档待遇", "pension", "O-RSJ", "社会保险法", 0},
    {"PO-TP", "脱贫收入标准", "poverty", "O-MZJ", "省脱贫攻坚实施意见", 9'600},
    {"PO-YB", "职工医保待遇调整", "medical", "O-YBJ", "社会保险法", 31'000},
    {"PO-GD", "拆迁过渡费标准", "housing", "O-ZSJ", "国有土地上房屋征收与补偿条例", 18'000},
    {"PO-ZS", "招商引资奖励办法", "investment", "O-SWJ", "", 14'000}};

void add_amount(World& world, std::string_view policy, std::string_view name,
                std::string_view level, int64_t fen, const char* period, std::string_view title) {
  Row row = world.table("policy_parameters").add();
  row.set("policy_id", policy).set("name", name).set("level", level);
  row.set("valid_from", day(2022, 1, 1)).set("amount_fen", fen).set("period", period);
  row.set("title", title);
}

void add_years(World& world, std::string_view policy, int64_t years) {
  Row row = world.table("policy_parameters").add();
  row.set("policy_id", policy).set("name", "years_of_contribution").set("level", "city");
  row.set("valid_from", day(2022, 1, 1)).set("years", years).set("title", "最低缴费年限");
}

// The amounts are the speech's own in both cities; what differs is whether anyone reckoned.
void add_policies(World& world) {
  for (const PolicyPlan& plan : kPolicies) {
    Row row = world.table("policies").add(plan.id);
    row.set("name", plan.name).set("field", plan.field).set("owner_id", plan.owner);
    row.set("adopted_on", day(2021, 11, 26)).set("valid_from", day(2022, 1, 1));
    row.set("legal_basis", plan.basis);
    const bool tested = !world.dirty();
    row.set("affordability_tested", tested).set("related_checked", tested);
    if (tested) row.set("cost_fen", (plan.cost_wan + 100) * kWan);
    if (!tested) world.plant("policy_not_reckoned", "M07", 5, row);
  }
  add_amount(world, "PO-DB", "guarantee", "city", world.figure("F135", 2), "month",
             "每人每月低保标准");
  add_amount(world, "PO-ZG", "pension_lowest", "city", world.figure("F137", 2), "month",
             "按最低标准缴满年限后每月领取");
  add_years(world, "PO-ZG", world.figure("F136"));
  add_amount(world, "PO-TP", "line", "province", world.figure("F138", 2), "year",
             "省标准，人均每年");
  add_amount(world, "PO-TP", "line", "city", world.figure("F139", 2), "year", "本市标准，人均每年");
  add_years(world, "PO-NB", world.figure("F140"));
  add_amount(world, "PO-NB", "pension_highest", "city", world.figure("F141", 2), "month",
             "按最高标准缴满年限后每月领取");
  add_amount(world, "PO-NB", "pension_highest_year", "city", world.figure("F142", 2), "year",
             "同上，全年");
  add_amount(world, "PO-GD", "fee_lowest", "city", world.figure("F144", 2), "month",
             "每户每月下限");
  add_amount(world, "PO-GD", "fee_highest", "city", world.figure("F145", 2), "month",
             "每户每月上限");
}

}  // namespace

void make_funds_and_policies(World& world) {
  Random random = world.random(kStreamFunds);
  add_fund_months(world, random);
  add_claims(world);
  add_policies(world);
}

}  // namespace yipan::generate
