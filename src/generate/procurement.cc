// Tenders and contracts of each project.
#include <fmt/format.h>

#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr int64_t kWan = 1'000'000;  // 万元 in fen

// From these amounts a tender is compulsory (发改委令16号 §5).
int64_t threshold(std::string_view category) {
  if (category == "works") return 400 * kWan;
  if (category == "goods") return 200 * kWan;
  return 100 * kWan;
}

struct Package {
  const char* category;
  const char* name;
  int64_t permille;  // of the budget
};
constexpr Package kPackages[] = {{"works", "施工总承包", 770},
                                 {"services", "勘察设计监理", 42},
                                 {"goods", "设备采购", 60},
                                 {"agency", "代建服务", 14}};

Row add_tender(World& world, Random& random, const Course& c, const Package& package,
               int64_t estimate, const std::string& winner, int64_t award) {
  Table& table = world.table("tenders");
  Row row = table.add(id_of("T", table.size() + 1, 5));
  const bool works = std::string_view(package.category) == "works";
  const bool is_short = works && c.problem == "tender_too_short";
  const Date deadline =
      c.notice.plus_days(is_short ? random.between(6, 14) : random.between(21, 26));
  row.set("project_id", c.id).set("package", package.name).set("method", "public");
  row.set("category", package.category).set("estimate_fen", estimate);
  const bool high_bond = works && c.problem == "bid_bond_too_high";
  row.set("bond_fen", estimate / 1000 * (high_bond ? 45 : 12));
  row.set("funded_on", c.notice.plus_days(-random.between(5, 30)));
  row.set("noticed_on", c.notice).set("deadline_on", deadline).set("opened_on", deadline);
  row.set("awarded_on", c.award).set("bidders", 3 + static_cast<int64_t>(random.below(9)));
  row.set("winner_id", winner).set("award_fen", award);
  if (works && c.problem == "invited_without_ground") {
    row.set("method", "invited").set("bidders", 3);
    world.plant(c.problem, "P24", 2, row);
  }
  if (is_short) world.plant(c.problem, "P22", 2, row);
  if (high_bond) world.plant(c.problem, "P25", 2, row);
  if (c.problem == "tender_before_approval") world.plant(c.problem, "P19", 2, row);
  return row;
}

Row add_contract(World& world, Random& random, const Course& c, const Package& package,
                 int64_t amount, const std::string& supplier) {
  Table& table = world.table("contracts");
  Row row = table.add(id_of("K", table.size() + 1, 5));
  row.set("project_id", c.id).set("name", fmt::format("{}{}合同", c.id, package.name));
  row.set("category", package.category).set("buyer_id", c.agent).set("supplier_id", supplier);
  row.set("signed_on", c.contract).set("start_on", std::max(c.start, c.contract));
  row.set("end_on", c.end).set("year", int64_t{c.contract.ymd().year});
  row.set("budget_fen", c.budget_fen / 1000 * package.permille).set("amount_fen", amount);
  row.set("prepaid_permille", 100 + static_cast<int64_t>(random.below(20)) * 10);
  row.set("retention_permille", 30).set("contractor_advances", false);
  if (c.completed) row.set("completed_on", c.end).set("final_fen", amount / 1000 * 990);
  row.set("source", "合同台账");
  return row;
}

void plant_in_works(World& world, Random& random, const Course& c, Row& row) {
  if (c.problem == "contract_late") {
    row.set("signed_on", c.award.plus_days(random.between(45, 90)));
    if (row.date("start_on") < row.date("signed_on")) row.set("start_on", row.date("signed_on"));
    world.plant(c.problem, "P23", 2, row);
  } else if (c.problem == "contractor_advances") {
    row.set("contractor_advances", true);
    world.plant(c.problem, "P11", 2, row);
  } else if (c.problem == "prepayment_out_of_range") {
    row.set("prepaid_permille", random.chance(0.5) ? 450 : 50);
    world.plant(c.problem, "P36", 2, row);
  } else if (c.problem == "retention_too_high") {
    row.set("retention_permille", 80);
    world.plant(c.problem, "P35", 2, row);
  } else if (c.problem == "over_budget") {
    const int64_t more = row.integer("amount_fen") / 100 * 142;
    row.set("amount_fen", more).set("final_fen", more / 1000 * 998);
    row.set("budget_fen", c.budget_fen / 1000 * 770);
  }
}

// One supplier, one month, several contracts each just under the threshold.
void add_split(World& world, Random& random, const Course& c, const Package& package,
               const std::string& supplier) {
  const size_t parts = 3 + random.below(3);
  for (size_t i = 0; i < parts; ++i) {
    const int64_t amount = threshold(package.category) - random.between(3, 40) * 100'000;
    Row row = add_contract(world, random, c, package, amount, supplier);
    row.set("method", "direct").set("signed_on", c.contract.plus_days(static_cast<int64_t>(i) * 4));
    row.set("name", fmt::format("{}{}（第{}段）", c.id, package.name, i + 1));
    if (row.date("start_on") < row.date("signed_on")) row.set("start_on", row.date("signed_on"));
    world.plant(c.problem, "P21", 2, row);
  }
}

void add_package(World& world, Random& random, const Course& c, const Package& package) {
  const std::string_view category = package.category;
  const bool works = category == "works";
  const int64_t estimate = c.budget_fen / 1000 * package.permille;
  const int64_t amount = estimate / 1000 * (950 + static_cast<int64_t>(random.below(45)));
  const std::string& supplier = works                  ? pick(random, world.cast.contractors)
                                : category == "agency" ? c.agent
                                : category == "goods"  ? pick(random, world.cast.manufacturers)
                                                       : pick(random, world.cast.designers);
  if (works && c.problem == "split_contracts") {
    add_split(world, random, c, package, supplier);
    return;
  }
  Row row = add_contract(world, random, c, package, amount, supplier);
  if (category == "agency") row.set("buyer_id", c.owner);
  const bool untendered = works && c.problem == "no_tender";
  if (amount >= threshold(category) && !untendered) {
    const Row tender = add_tender(world, random, c, package, estimate, supplier, amount);
    row.set("tender_id", tender.text("id")).set("method", "public");
  } else {
    row.set("method", "direct");
    if (untendered) world.plant(c.problem, "P20", 2, row);
  }
  if (works) plant_in_works(world, random, c, row);
}

}  // namespace

void make_procurement(World& world) {
  Random random = world.random(kStreamProcurement);
  for (const Course& c : world.courses) {
    if (c.contract > world.as_of()) continue;
    for (const Package& package : kPackages) {
      // Software and repairs need no equipment of their own; small works no construction agent.
      const bool small = c.budget_fen < 400 * kWan;
      if (small && std::string_view(package.category) != "works") continue;
      add_package(world, random, c, package);
    }
  }
}

}  // namespace yipan::generate
