// Resettlement flats and waiting households (F009 to F014, F143 to F145), and idle public property
// (F008).
#include <fmt/format.h>

#include <algorithm>

#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr size_t kEstates = 26;

struct Estate {
  std::string name;
  std::string area;
  Date completed;
};

std::vector<Estate> estates(Random& random) {
  std::vector<Estate> out;
  for (size_t i = 0; i < kEstates; ++i) {
    out.push_back({fmt::format("岚江安居苑{}区", i + 1), kUrbanDistricts[i % 4],
                   draw_date(random, day(2015, 1, 1), day(2020, 6, 30))});
  }
  return out;
}

void add_flat(World& world, Random& random, const Estate& estate, int64_t hundredths, bool due) {
  Table& table = world.table("flats");
  Row row = table.add(id_of("FL", table.size() + 1, 5));
  row.set("area_id", estate.area).set("estate", estate.name);
  row.set("building", fmt::format("{}幢", 1 + random.below(24)));
  row.set("floor_m2", static_cast<double>(hundredths) / 100);
  row.set("completed_on", estate.completed).set("accepted", true);
  row.set("state", due ? "reserved" : "idle").set("use_intended", due ? "resettlement" : "surplus");
  if (!due) row.set("idle_since", estate.completed.plus_days(90));
  row.set("keeper_id", "O-ZSJ");
}

// 10,218 flats of 101 万㎡: 5,801 of 58 due to waiting households, 4,417 of 43 to spare.
void add_flats(World& world) {
  Random random = world.random(kStreamFlats);
  const std::vector<Estate> all = estates(random);
  const auto due = static_cast<size_t>(world.figure("F011"));
  const auto stock = static_cast<size_t>(world.figure("F009"));
  const int64_t due_m2 = world.figure("F012") * 10'000;
  const int64_t stock_m2 = world.figure("F010") * 10'000;
  std::vector<int64_t> sizes = split_randomly(random, due_m2 * 100, due, 4'500);
  const std::vector<int64_t> spare =
      split_randomly(random, (stock_m2 - due_m2) * 100, stock - due, 4'500);
  for (size_t i = 0; i < stock; ++i) {
    add_flat(world, random, all[i % all.size()], i < due ? sizes[i] : spare[i - due], i < due);
  }
}

struct Waiting {
  size_t flats;
  int64_t hundredths;  // of a square metre
  bool old;            // moved out before 2009, to come back to the same site
};

void add_household(World& world, Random& random, const Waiting& w, int64_t fee_yuan) {
  Table& table = world.table("waiting_households");
  Row row = table.add(id_of("HH", table.size() + 1, 5));
  row.set("area_id", pick(random, kUrbanDistricts))
      .set("persons", 2 + static_cast<int64_t>(random.below(5)));
  row.set("due_m2", static_cast<double>(w.hundredths) / 100);
  row.set("due_flats", static_cast<int64_t>(w.flats));
  const bool fresh = !world.dirty();
  const Date agreed = w.old   ? draw_date(random, day(2005, 3, 1), day(2008, 11, 30))
                      : fresh ? draw_date(random, day(2021, 6, 1), day(2022, 6, 30))
                              : draw_date(random, day(2014, 1, 1), day(2021, 12, 31));
  const Date moved = agreed.plus_days(random.between(20, 60));
  row.set("agreement_on", agreed).set("moved_out_on", moved);
  row.set("resettle_mode", w.old ? "same_site" : "other_site");
  row.set("promised_on", agreed.plus_days(fresh ? 720 : 1080));
  if (fresh) row.set("offered_on", day(2022, 10, 8));
  row.set("fee_fen", fee_yuan * 100).set("fee_since", moved);
  row.set("school_need", random.chance(0.3)).set("accessible_need", random.chance(0.06));
  if (w.old) {
    world.plant("waiting_since_before_2009", "W04", 5, row);
  } else if (world.dirty() && agreed < day(2019, 1, 1)) {
    world.plant("fee_paid_while_flats_stand_idle", "W04", 5, row);
  }
}

// Households whose flats due add up to 5,801 and 58 万㎡; fees from 3,000 to 9,000 yuan a month.
void add_households(World& world) {
  Random random = world.random(kStreamHouseholds);
  auto left = static_cast<size_t>(world.figure("F011"));
  std::vector<Waiting> all;
  while (left > 0) {
    const size_t flats =
        std::min(left, size_t{1} + (random.chance(0.38) ? 1 : 0) + (random.chance(0.06) ? 1 : 0));
    all.push_back({flats, 0, world.dirty() && all.size() % 61 == 5});
    left -= flats;
  }
  std::vector<double> weights;
  for (const Waiting& w : all) weights.push_back(static_cast<double>(w.flats) * spread(random));
  const std::vector<int64_t> areas = split(world.figure("F012") * 1'000'000, weights);
  const int64_t low = world.figure("F144");
  const int64_t high = world.figure("F145");
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].hundredths = areas[i];
    int64_t fee = std::clamp(around(random, 3'900, 50), low, high);
    if (i == 5) fee = low;
    if (i == 66) fee = high;
    add_household(world, random, all[i], fee);
  }
}

int64_t months_between(Date from, Date to) {
  const YearMonthDay a = from.ymd();
  const YearMonthDay b = to.ymd();
  return (int64_t{b.year} - a.year) * 12 + b.month - a.month;
}

// What the treasury paid in transition fees, by district and month, from the households' own rows.
void pay_fees(World& world) {
  Table& households = world.table("waiting_households");
  const Date first = day(2018, 1, 1);
  std::map<std::string, std::vector<int64_t>> sums;
  for (const std::string& d : kUrbanDistricts) sums[d].assign(58, 0);
  for (size_t i = 0; i < households.size(); ++i) {
    Row row = households.row(i);
    std::vector<int64_t>& of = sums[row.text("area_id")];
    const int64_t from = std::max<int64_t>(0, months_between(first, row.date("fee_since")));
    for (size_t m = static_cast<size_t>(from); m < of.size(); ++m) of[m] += row.integer("fee_fen");
  }
  Table& payments = world.table("payments");
  for (const auto& [district, months] : sums) {
    for (size_t m = 0; m < months.size(); ++m) {
      if (months[m] == 0) continue;
      const Date month = *first.plus_months(static_cast<int64_t>(m));
      Row row = payments.add(id_of("Y", payments.size() + 1, 6));
      row.set("paid_on", working_day(month.plus_days(9))).set("payer_account_id", "AC-TREASURY");
      row.set("payee_account_id", "AC-ZSJ").set("kind", "transition_fee");
      row.set("budget_line_id", fmt::format("BL-{}-2120899", month.ymd().year));
      row.set("subject_code", "2120899").set("amount_fen", months[m]);
      row.set("approved_by", "国库支付中心").set("purpose", fmt::format("{}过渡费", district));
    }
  }
}

}  // namespace

void make_housing(World& world) {
  add_flats(world);
  add_households(world);
  pay_fees(world);
}

// Idle commercial premises of "nearly 300 万㎡" (F008): what stands empty in the centres, and the
// street premises of public owners; and some offices and factories besides.
void make_assets(World& world) {
  Random random = world.random(kStreamAssets);
  Table& assets = world.table("assets");
  Table& centres = world.table("commercial_centres");
  int64_t left = world.figure("F008") * 10'000 - 21'400;
  const auto add = [&](std::string_view kind, std::string_view name, double floor, double idle) {
    Row row = assets.add(id_of("AS", assets.size() + 1));
    row.set("name", fmt::format("{}{}", name, assets.size())).set("kind", kind);
    row.set("floor_m2", floor)
        .set("idle_m2", idle)
        .set("value_fen", static_cast<int64_t>(floor) * 500'000);
    row.set("area_id", pick(random, kUrbanDistricts))
        .set("on_ledger", true)
        .set("reuse_tried", true);
    row.set("owner_id", pick(random, world.cast.platforms)).set("keeper_id", "O-GZW");
    if (idle > 0) row.set("idle_since", draw_date(random, day(2018, 1, 1), day(2021, 10, 31)));
    return row;
  };
  for (size_t i = 0; i < centres.size(); ++i) {
    Row centre = centres.row(i);
    const auto vacant = centre.integer("vacant_m2");
    Row row = add("commercial", "商业中心空置部分", static_cast<double>(vacant),
                  static_cast<double>(vacant));
    row.set("centre_id", centre.text("id")).set("owner_id", centre.text("developer_id"));
    left -= vacant;
  }
  CHECK(left > 0);
  const std::vector<int64_t> street = split_randomly(random, left, 260, 200);
  for (size_t i = 0; i < street.size(); ++i) {
    const auto floor = static_cast<double>(street[i]);
    Row row = add("commercial", "沿街商铺", floor, floor);
    if (world.dirty() && i % 20 == 3) {
      row.set("reuse_tried", false);
      world.plant("idle_without_reuse_tried", "A01", 7, row);
    } else if (world.dirty() && i % 40 == 11) {
      row.clear("keeper_id");
      world.plant("asset_without_keeper", "A02", 7, row);
    }
  }
  for (int i = 0; i < 90; ++i) {
    const double floor = static_cast<double>(around(random, 5'200, 10));
    Row row =
        add(i % 3 == 0 ? "factory" : "office", i % 3 == 0 ? "标准厂房" : "办公用房", floor, 0);
    if (world.dirty() && i % 18 == 7) {
      row.set("on_ledger", false);
      world.plant("asset_off_ledger", "A03", 7, row);
    }
  }
}

}  // namespace yipan::generate
