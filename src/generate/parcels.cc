// Parcels and unlawful land use (F017, F018: 604 parcels of over 20,000 mu).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generate/places.h"
#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr double kMuM2 = 2000.0 / 3;

// A rectangle of the area inside the plot, aspect drawn at random; area in hundredths of a m².
Box rectangle(Random& random, const Box& plot, double area_m2) {
  const double edge = plot.east - plot.west - 12;
  double width = std::sqrt(area_m2) * (0.8 + 0.4 * random.unit());
  width = std::min(std::max(width, area_m2 / edge), edge);
  const double height = area_m2 / width;
  const double west = plot.west + 6 + random.unit() * (edge - width);
  const double south = plot.south + 6 + random.unit() * std::max(0.0, edge - height);
  return {west, south, west + width, south + height};
}

struct Use {
  const char* use;
  const char* supply;
};
constexpr Use kUses[] = {{"residential", "granted"},      {"residential", "granted"},
                         {"commercial", "granted"},       {"industrial", "granted"},
                         {"industrial", "granted"},       {"industrial", "granted"},
                         {"public_service", "allocated"}, {"logistics", "granted"},
                         {"utility", "allocated"},        {"green", "allocated"}};

// A lawful parcel: approved, contracted, started in time, built out.
Row add_lawful(World& world, Random& random, Plots& plots) {
  Table& table = world.table("parcels");
  const Plots::Plot plot = plots.take();
  const Use& use = kUses[random.below(std::size(kUses))];
  const double area = static_cast<double>(around(random, 1'900'000, 100)) / 100;
  const double fits = std::min(area, 54'000.0);
  Row row = table.add(id_of("L", table.size() + 1, 5));
  row.set("address", fmt::format("{}第{}号宗地", plot.district, table.size()));
  row.set("area_id", plot.district).set("area_m2", fits).set("approved_m2", fits);
  row.set("farmland_m2", 0.0).set("planned_use", use.use).set("actual_use", use.use);
  const Date approved = draw_date(random, day(2008, 1, 1), day(2020, 10, 31));
  const Date contracted = approved.plus_days(20 + static_cast<int64_t>(random.below(60)));
  const Date due = contracted.plus_days(300);
  const Date started = contracted.plus_days(60 + static_cast<int64_t>(random.below(230)));
  row.set("approval_no", fmt::format("岚土批〔{}〕{}号", approved.ymd().year, table.size()));
  row.set("approved_on", approved).set("approving_body_id", "O-GOV").set("supply_kind", use.supply);
  row.set("contracted_on", contracted).set("start_due_on", due).set("started_on", started);
  row.set("completed_on", started.plus_days(400)).set("started_m2", fits);
  const auto invest = static_cast<int64_t>(fits) * 180'000;
  row.set("invest_due_fen", invest).set("invested_fen", invest + invest / 20);
  row.set("price_fen", use.supply[0] == 'g' ? static_cast<int64_t>(fits) * 90'000 : int64_t{0});
  row.set("idle_cause", "none").set("idle_fee_fen", 0).set("floor_m2", fits * 1.5);
  row.set("land_value_fen", static_cast<int64_t>(fits) * 120'000);
  row.set("holder_id", use.supply[0] == 'g' ? pick(random, world.cast.developers) : "O-PT1");
  row.set("storeys", 6).set("source", "不动产登记");
  const Box box = rectangle(random, plot.box, fits);
  row.set("geom", box_json(world.projection, box));
  world.lawful_parcels.push_back({(box.west + box.east) / 2, (box.south + box.north) / 2});
  return row;
}

// Granted, and nothing done for `months` since the start was due (L02, L03).
void make_idle(World& world, Random& random, Row row, int months, bool started_a_little) {
  const Date due =
      world.as_of().plus_days(-(months * 30 + static_cast<int64_t>(random.below(120))));
  const Date contracted = due.plus_days(-300);
  row.set("approved_on", contracted.plus_days(-60)).set("contracted_on", contracted);
  row.set("start_due_on", due).set("actual_use", "vacant").set("idle_cause", "holder");
  row.clear("started_on").clear("completed_on").set("started_m2", 0.0).set("invested_fen", 0);
  row.set("floor_m2", 0.0).set("storeys", 0);
  if (started_a_little) {
    row.set("started_on", due.plus_days(-60)).set("stopped_on", due);
    row.set("started_m2", std::floor(row.number("area_m2") * 0.2));
    row.set("invested_fen", row.integer("invest_due_fen") / 5);
  }
}

void plant_idle_land(World& world, Random& random, const std::vector<size_t>& rows) {
  Table& table = world.table("parcels");
  for (size_t k = 0; k < rows.size(); ++k) {
    Row row = table.row(rows[k]);
    const int months = k < 40 ? 13 : 26;
    make_idle(world, random, row, months, k % 7 == 3);
    world.plant(k < 40 ? "idle_over_one_year" : "idle_over_two_years", "L03", 8, row);
  }
}

// The 604 parcels of the July survey, each without approval, over it, or not converted.
void add_unlawful(World& world, Random& random, Plots& plots) {
  Table& table = world.table("parcels");
  const auto count = static_cast<size_t>(world.figure("F017"));
  // "Over 20,000 mu": 20,386.5 of them, in hundredths of a square metre.
  const int64_t total =
      std::llround((static_cast<double>(world.figure("F018")) + 386.5) * kMuM2) * 100;
  std::vector<int64_t> areas = split_randomly(random, total, count, 120'000);
  // None may outgrow its plot: what is cut off goes to the smallest.
  std::sort(areas.begin(), areas.end());
  for (size_t big = count - 1, small = 0; areas[big] > 5'300'000; --big) {
    int64_t over = areas[big] - 5'300'000;
    areas[big] = 5'300'000;
    while (over > 0) {
      const int64_t give = std::min<int64_t>(over, 1'000'000);
      areas[small++ % (count / 2)] += give;
      over -= give;
    }
  }
  shuffle(random, &areas);
  for (size_t i = 0; i < count; ++i) {
    const Plots::Plot plot = plots.take();
    const double area = static_cast<double>(areas[i]) / 100;
    Row row = table.add(id_of("L", table.size() + 1, 5));
    row.set("address", fmt::format("{}违法用地{}", plot.district, i + 1));
    row.set("area_id", plot.district).set("area_m2", area).set("idle_cause", "none");
    row.set("planned_use", i % 3 == 0 ? "farmland" : "green").set("actual_use", "industrial");
    row.set("farmland_m2", i % 3 == 0 ? std::floor(area * 0.7) : 0.0).set("supply_kind", "none");
    const bool over = i % 5 == 1;
    if (over) {
      row.set("approved_m2", std::floor(area * 0.6)).set("supply_kind", "granted");
      row.set("approval_no", fmt::format("岚土批〔2016〕补{}号", i));
      row.set("approved_on", draw_date(random, day(2013, 1, 1), day(2018, 12, 31)));
    }
    const Date since =
        draw_date(random, i % 3 == 0 ? day(2009, 1, 1) : day(2018, 1, 1), day(2022, 5, 31));
    row.set("started_on", since).set("started_m2", area).set("source", "违法用地排查");
    row.set("geom", box_json(world.projection, rectangle(random, plot.box, area)));
    Row violation = world.table("land_violations").add(id_of("V", i + 1));
    violation.set("parcel_id", row.text("id")).set("occupied_m2", area).set("since", since);
    violation.set("kind", over ? "over_approval" : i % 3 == 0 ? "no_conversion" : "no_approval");
    const int month = static_cast<int>(world.figure("F016"));
    violation.set("found_on", draw_date(random, day(2022, month, 1), day(2022, month, 31)));
    violation.set("state", "uncleared").set("officer_id", "O-ZRZ");
    world.plant("land_without_approval", "L01", 8, row);
  }
}

}  // namespace

void make_parcels(World& world) {
  Random random = world.random(kStreamParcels);
  Plots plots(world, random, [](const GridCell&) { return true; });
  const size_t lawful = 2000 * static_cast<size_t>(std::min(world.options.scale, 8));
  std::vector<size_t> to_be_idle;
  for (size_t i = 0; i < lawful; ++i) {
    const Row row = add_lawful(world, random, plots);
    const bool granted = row.text("supply_kind") == "granted";
    if (granted && i >= 500 && to_be_idle.size() < 75) to_be_idle.push_back(i);
  }
  if (world.dirty()) plant_idle_land(world, random, to_be_idle);
  Random unlawful = world.random(kStreamViolations);
  add_unlawful(world, unlawful, plots);
}

}  // namespace yipan::generate
