// Debts of the government and the platform companies; ceilings and capacity by year.
#include <fmt/format.h>

#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr int64_t kYi = 10'000'000'000;  // 亿元 in fen
constexpr int64_t kReferencePermille = 43;

// Balance by year: within the cap of F040 in the clean twin, far over it otherwise.
void add_limits(World& world, int64_t* last_balance) {
  const auto cap = world.figure("F040") * 10;
  int64_t balance = 286 * kYi;
  for (int year = 2016; year <= 2022; ++year) {
    const bool over = world.dirty() && year >= 2019;
    if (year > 2016) balance += balance / 1000 * (over ? 152 : 58);
    Row row = world.table("debt_limits").add();
    row.set("area_id", "XX").set("year", year).set("balance_fen", balance);
    const bool beyond = world.dirty() && year >= 2021;
    row.set("limit_fen", beyond ? balance / 1000 * 968 : balance / 1000 * 1045);
    row.set("capacity_fen", (365 + (year - 2016) * 18) * kYi);
    row.set("general_spending_fen", (350 + (year - 2016) * 15) * kYi);
    row.set("general_interest_fen", balance / 1000 * 21);
    row.set("growth_cap_permille", cap);
    if (over) world.plant("debt_grows_over_cap", "D04", 2, row);
    if (beyond) world.plant("debt_over_ceiling", "D02", 2, row);
  }
  *last_balance = balance;
}

Row add_debt(World& world, Random& random, const char* kind, std::string_view debtor,
             int64_t balance, Date borrowed) {
  Table& table = world.table("debts");
  Row row = table.add(id_of("DB", table.size() + 1));
  row.set("debtor_id", debtor).set("kind", kind).set("balance_fen", balance);
  row.set("principal_fen", balance / 100 * 112).set("borrowed_on", borrowed);
  row.set("due_on", borrowed.plus_days(365 * random.between(5, 15)));
  row.set("reference_permille", kReferencePermille).set("public_benefit", true);
  row.set("rate_permille", 36)
      .set("all_in_permille", 37)
      .set("repayment_source", "项目收益和财政预算");
  row.set("purpose", "公益性基础设施建设");
  return row;
}

void add_bonds(World& world, Random& random, int64_t balance) {
  const std::vector<int64_t> parts = split_randomly(random, balance / 1'000'000, 56, 2'000);
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool general = i % 5 < 2;
    const Date on = working_day(draw_date(random, day(2016, 3, 1), day(2022, 8, 31)));
    Row row = add_debt(world, random, general ? "general_bond" : "special_bond", "O-CZJ",
                       parts[i] * 1'000'000 + (i == 0 ? balance % 1'000'000 : 0), on);
    row.set("creditor", "省级人民政府转贷").set("on_budget", true);
    row.set("project_id", world.courses[random.below(world.courses.size())].id);
    if (!world.dirty() || general) continue;
    if (i % 11 == 4) {
      row.set("public_benefit", false).set("purpose", "机关运转及商业开发");
      world.plant("bond_for_other_purpose", "D03", 2, row);
    } else if (i % 11 == 7) {
      row.clear("repayment_source");
      world.plant("bond_without_repayment_source", "D03", 2, row);
    }
  }
}

// Loans of platforms: at ordinary rates, or through trusts, leases and guarantees (planted).
void add_loans(World& world, Random& random) {
  static const std::vector<const char*> kDear = {"trust", "lease", "fixed_return", "buyback"};
  for (size_t i = 0; i < 64; ++i) {
    const Date on = working_day(draw_date(random, day(2017, 1, 5), day(2022, 9, 30)));
    const std::string& who = world.cast.platforms[i % world.cast.platforms.size()];
    const bool dear = world.dirty() && i % 4 == 1;
    Row row = add_debt(world, random, dear ? kDear[i / 4 % kDear.size()] : "bank_loan", who,
                       around(random, 4 * kYi, 1'000'000), on);
    row.set("creditor", dear ? "江淮信托公司" : "岚江农村商业银行").set("on_budget", false);
    row.set("rate_permille", 45).set("all_in_permille", 47).set("purpose", "经营性项目");
    if (dear) {
      const int64_t rate = random.between(74, 92);
      row.set("rate_permille", rate).set("all_in_permille", rate + random.between(10, 28));
      world.plant("costly_borrowing", "", 1, row);
    } else if (world.dirty() && i % 8 == 3) {
      row.set("guarantor_id", "O-CZJ");
      world.plant("guaranteed_by_government", "D01", 2, row);
    }
  }
}

// What entered the investment figures as foreign or private money stands here as debt.
void add_disguised(World& world, Random& random) {
  Table& investments = world.table("investments");
  for (size_t i = 0; i < investments.size(); ++i) {
    Row investment = investments.row(i);
    if (investment.integer("fixed_return_permille") == 0) continue;
    const std::string form = investment.text("form");
    const char* kind = form == "ppp"             ? "ppp"
                       : form == "overseas_bond" ? "overseas_bond"
                       : form == "lease"         ? "lease"
                                                 : "fixed_return";
    Row row = add_debt(world, random, kind, investment.text("guarantor_id"),
                       investment.integer("received_fen"), investment.date("signed_on"));
    row.set("on_budget", false).set("investment_id", investment.text("id"));
    row.set("creditor", investment.text("investor_id")).set("public_benefit", false);
    row.set("rate_permille", investment.integer("fixed_return_permille"));
    row.set("all_in_permille", investment.integer("cost_permille"));
    row.clear("repayment_source").set("purpose", "以招商名义融资");
    world.plant("debt_behind_investment", "D01", 1, row);
  }
}

}  // namespace

void make_debts(World& world) {
  Random random = world.random(kStreamDebts);
  int64_t balance = 0;
  add_limits(world, &balance);
  add_bonds(world, random, balance);
  add_loans(world, random);
  add_disguised(world, random);
}

}  // namespace yipan::generate
