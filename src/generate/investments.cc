// Signed investment (F052 to F057) and foreign funds received (F058 to F060), with the evidence
// that they are real, or its absence.
#include <fmt/format.h>

#include <algorithm>

#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr int64_t kMillionYuan = 100'000'000;  // in fen
constexpr int64_t kReferencePermille = 43;

struct Draft {
  const char* sector;
  int64_t signed_fen;
  Date signed_on;
  std::string problem;  // "", "disguised_borrowing", "nothing_behind_it", "no_evidence"
};

Row add_row(World& world, Random& random, const Draft& draft, size_t number) {
  Row row = world.table("investments").add(id_of("INV", number));
  const bool plant = std::string_view(draft.sector) == "manufacturing";
  const std::string area = pick(random, kDistricts);
  row.set("name", fmt::format("{}项目{}", plant ? "制造" : "服务业", number)).set("area_id", area);
  row.set("investor_id", pick(random, world.cast.investors));
  row.set("company_id", world.cast.local_companies[number % world.cast.local_companies.size()]);
  row.set("sector", draft.sector).set("form", plant ? "greenfield" : "equity");
  row.set("foreign_funded", number % 3 == 0).set("signed_on", draft.signed_on);
  row.set("signed_fen", draft.signed_fen).set("buyback", false).set("fixed_return_permille", 0);
  row.set("reported_by_id", "O-" + area);
  return row;
}

// Filed, land, permit, started, paid in, electricity, payroll and tax in keeping with its age.
void make_real(World& world, Random& random, Row& row, size_t number) {
  const Date signed_on = row.date("signed_on");
  const int64_t age = world.as_of().days() - signed_on.days();
  const int64_t amount = row.integer("signed_fen");
  const auto step = [&](int from, int to) { return signed_on.plus_days(random.between(from, to)); };
  row.set("filed_on", step(5, 20));
  row.set("filing_code", fmt::format("{}-320000-B{:05}", signed_on.ymd().year, number));
  const int64_t permille = std::min<int64_t>(960, 60 + age * 7 / 10);
  row.set("received_fen", amount / 1000 * permille);
  row.set("parcel_id", world.table("parcels").row(700 + number).text("id"));
  if (age > 120) {
    row.set("land_granted_on", step(40, 100));
    row.set("permit_no", fmt::format("施许{}", 20000 + number));
  }
  if (age > 200) row.set("started_on", step(110, 180));
  if (age > 900) row.set("produced_on", step(600, 850));
  const int64_t yuan_wan = amount / 1'000'000;
  const bool running = age > 900;
  const bool plant = row.text("sector") == "manufacturing";
  row.set("electricity_kwh", yuan_wan * (running ? (plant ? 260 : 60) : age > 200 ? 12 : 0));
  row.set("payroll_persons", 5 + yuan_wan / (running ? 180 : 2500));
  row.set("tax_fen", amount / 1000 * (running ? 22 : age > 200 ? 2 : 0));
}

// A loan in the dress of an investment: fixed return, buy-back, a platform's guarantee.
void make_borrowing(World& world, Random& random, Row& row, size_t number) {
  static const std::vector<const char*> kForms = {"ppp", "overseas_bond", "fund", "lease"};
  const char* form = kForms[number % kForms.size()];
  const int64_t rate = random.between(72, 98);
  row.set("form", form).set("fixed_return_permille", rate);
  row.set("buyback", number % 4 != 1).set("guarantor_id", pick(random, world.cast.platforms));
  row.set("cost_permille", rate + random.between(12, 30));
  row.set("reference_permille", kReferencePermille);
  row.set("received_fen", row.integer("signed_fen") / 1000 * random.between(150, 700));
  row.set("filed_on", row.date("signed_on").plus_days(10));
  row.set("filing_code", fmt::format("{}-320000-B{:05}", row.date("signed_on").ymd().year, number));
  row.set("electricity_kwh", 0).set("payroll_persons", 0).set("tax_fen", 0);
  world.plant("disguised_borrowing", "D01", 1, row);
}

void finish(World& world, Random& random, const Draft& draft, Row row, size_t number) {
  if (draft.problem == "disguised_borrowing") {
    make_borrowing(world, random, row, number);
  } else if (draft.problem == "nothing_behind_it") {
    row.set("received_fen", row.integer("signed_fen") / 1000 * random.between(0, 12));
    row.set("electricity_kwh", 0).set("payroll_persons", 0).set("tax_fen", 0);
    world.plant("signed_and_nothing_followed", "S06", 1, row);
  } else if (draft.problem == "no_evidence") {
    make_real(world, random, row, number);
    row.clear("parcel_id").clear("land_granted_on").clear("permit_no");
    row.set("electricity_kwh", 0).set("payroll_persons", 0).set("tax_fen", 0);
    world.plant("reported_without_evidence", "S01", 1, row);
  } else {
    make_real(world, random, row, number);
  }
}

std::string problem_of(const World& world, std::string_view sector, size_t i) {
  if (!world.dirty()) return {};
  if (sector == "services" && i % 7 < 2) return "disguised_borrowing";
  if (sector == "services" && i % 7 == 4) return "nothing_behind_it";
  if (sector == "manufacturing" && i % 9 == 5) return "nothing_behind_it";
  if (sector == "manufacturing" && i % 11 == 3) return "no_evidence";
  return {};
}

// The 149 of this year, whose sums are the speech's to the last yuan.
std::vector<Draft> this_year(World& world, Random& random) {
  const auto all = static_cast<size_t>(world.figure("F052"));
  const int64_t total = world.figure("F053", 2);
  const int64_t plants = world.figure("F054", 2);
  const int64_t services = world.figure("F056", 2);
  struct Part {
    const char* sector;
    size_t count;
    int64_t hundredths;  // of 亿元, which are millions of yuan
  };
  const int64_t rest = total - plants - services;
  const std::vector<Part> parts = {{"manufacturing", 61, plants},
                                   {"services", all - 61 - 8, services},
                                   {"primary", 5, rest * 6 / 10},
                                   {"other", 3, rest - rest * 6 / 10}};
  std::vector<Draft> out;
  const auto last_month =
      static_cast<int>(world.figures.find("F051")->value_max->to_int64().value_or(10));
  for (const Part& part : parts) {
    const std::vector<int64_t> sums = split_randomly(random, part.hundredths, part.count, 60);
    for (size_t i = 0; i < part.count; ++i) {
      const Date on = working_day(draw_date(random, day(2022, 1, 5), day(2022, last_month, 28)));
      out.push_back({part.sector, sums[i] * kMillionYuan, on, problem_of(world, part.sector, i)});
    }
  }
  return out;
}

std::vector<Draft> earlier_years(World& world, Random& random) {
  std::vector<Draft> out;
  for (size_t i = 0; i < 230; ++i) {
    const char* sector = i % 5 < 3 ? "manufacturing" : "services";
    const Date on = working_day(draw_date(random, day(2017, 2, 1), day(2021, 5, 31)));
    out.push_back(
        {sector, around(random, 800, 1) * kMillionYuan, on, problem_of(world, sector, i / 2)});
  }
  return out;
}

struct Money {
  const char* sector;
  int64_t usd;
  size_t count;
};

Row add_receipt(World& world, Random& random, const char* sector, int64_t usd, Date on) {
  Table& table = world.table("investment_receipts");
  Row row = table.add(id_of("RC", table.size() + 1));
  row.set("area_id", pick(random, kDistricts)).set("sector", sector);
  row.set("month", day(on.ymd().year, on.ymd().month, 1)).set("received_on", on);
  row.set("amount_usd", usd).set("nature", "capital");
  row.set("voucher_no", fmt::format("VC{}{:05}", on.ymd().year, table.size()));
  row.set("account_id", "AC-" + pick(random, world.cast.local_companies).substr(2));
  if (!world.dirty()) return row;
  if (table.size() % 14 == 6 && std::string_view(sector) == "services") {
    row.set("left_on", on.plus_days(random.between(3, 9))).set("left_usd", usd / 100 * 99);
    world.plant("funds_received_left_again", "F01", 1, row);
  } else if (table.size() % 31 == 9) {
    row.clear("voucher_no");
    world.plant("receipt_without_voucher", "S03", 1, row);
  }
  return row;
}

void add_receipts(World& world) {
  Random random = world.random(kStreamReceipts);
  for (int year = 2019; year <= 2021; ++year) {
    for (int i = 0; i < 110; ++i) {
      const Date on = working_day(draw_date(random, day(year, 1, 4), day(year, 12, 26)));
      add_receipt(world, random, i % 2 == 0 ? "manufacturing" : "services",
                  around(random, 9'000'000, 1000), on);
    }
  }
  const int64_t all = world.figure("F058", 2) * 1'000'000;  // 亿美元 with two decimals
  const int64_t plants = world.figure("F059", 2) * 1'000'000;
  const int64_t other = (all - plants) / 20;
  for (const Money& part : {Money{"manufacturing", plants, 52},
                            {"services", all - plants - other, 66},
                            {"other", other, 6}}) {
    const std::vector<int64_t> sums = split_randomly(random, part.usd / 100, part.count, 2'000);
    for (size_t i = 0; i < part.count; ++i) {
      const Date on = working_day(draw_date(random, day(2022, 1, 4), day(2022, 10, 27)));
      add_receipt(world, random, part.sector, sums[i] * 100, on);
    }
  }
}

}  // namespace

void make_investments(World& world) {
  Random random = world.random(kStreamInvestments);
  std::vector<Draft> drafts = this_year(world, random);
  const std::vector<Draft> older = earlier_years(world, random);
  drafts.insert(drafts.end(), older.begin(), older.end());
  for (size_t i = 0; i < drafts.size(); ++i) {
    finish(world, random, drafts[i], add_row(world, random, drafts[i], i + 1), i + 1);
  }
  add_receipts(world);
}

}  // namespace yipan::generate
