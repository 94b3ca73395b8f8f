// Enterprises by month: output beside electricity, payroll, tax and freight.
#include <fmt/format.h>

#include <cmath>

#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr int kMonths = 82;  // 2016-01 to 2022-10

struct Firm {
  int64_t output_fen;  // in an ordinary month
  double kwh_per_fen;
  int64_t persons;
  int trick;  // 0 none; 1 output inflated from 2021 on; 2 output without electricity
};

Firm draw_firm(const World& world, Random& random, size_t number) {
  Firm firm;
  firm.output_fen = around(random, 1'500'000'000, 1'000);
  firm.kwh_per_fen = 0.00045 * (0.7 + 0.6 * random.unit());
  firm.persons = 40 + firm.output_fen / 12'000'000;
  firm.trick = !world.dirty() ? 0 : number % 12 == 4 ? 1 : number % 30 == 17 ? 2 : 0;
  return firm;
}

// Seasons of an ordinary works: the spring festival is quiet.
double season(int month) {
  return month == 2 ? 0.78 : month == 1 ? 0.93 : month >= 11 ? 1.06 : 1.0;
}

void add_month(World& world, Random& random, const std::string& id, const Firm& firm, int m) {
  const Date month = *day(2016, 1, 1).plus_months(m);
  const double level = (1 + 0.0035 * m) * season(month.ymd().month) * (0.93 + 0.14 * random.unit());
  const double real = static_cast<double>(firm.output_fen) * level;
  const bool inflated = firm.trick == 1 && month >= day(2021, 1, 1);
  const bool dead = firm.trick == 2 && month >= day(2020, 7, 1);
  Row row = world.table("enterprise_months").add();
  row.set("organisation_id", id).set("month", month);
  row.set("output_fen", int64_t{std::llround(real * (inflated ? 2.1 : 1))});
  const double kwh = dead ? 0.02 : 1;
  row.set("electricity_kwh",
          int64_t{std::llround(real * firm.kwh_per_fen * kwh * (0.95 + 0.1 * random.unit()))});
  const int64_t persons = dead ? 2 : firm.persons + m / 6;
  row.set("payroll_persons", persons);
  row.set("payroll_fen", persons * (480'000 + m * 2'500));
  row.set("tax_fen", dead ? int64_t{0} : int64_t{std::llround(real * 0.031)});
  row.set("freight_tonne", dead ? int64_t{1} : int64_t{std::llround(real / 420'000)});
  if ((inflated || dead) && month >= day(2022, 1, 1)) {
    world.plant(inflated ? "output_without_electricity_growth" : "output_of_a_dead_works", "S01", 6,
                row);
  }
}

}  // namespace

void make_enterprise_months(World& world) {
  Random random = world.random(kStreamEnterprises);
  for (size_t i = 0; i < world.cast.manufacturers.size(); ++i) {
    const Firm firm = draw_firm(world, random, i);
    for (int m = 0; m < kMonths; ++m)
      add_month(world, random, world.cast.manufacturers[i], firm, m);
  }
}

}  // namespace yipan::generate
