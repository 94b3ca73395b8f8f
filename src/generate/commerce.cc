// Commercial centres: 63 of 426.05 万㎡, of which 18 complexes of 224.6 万㎡ (F094 to F107).
#include <fmt/format.h>

#include "generate/places.h"
#include "generate/population.h"
#include "generate/world.h"

namespace yipan::generate {
namespace {

struct Site {
  const char* circle;  // "" outside of the circles
  Box box;             // metres
  size_t count;
  size_t complexes;
};

std::vector<Site> sites(const World& world) {
  const auto all = static_cast<size_t>(world.figure("F094"));
  const auto k1 = static_cast<size_t>(world.figure("F104"));
  const auto k2 = static_cast<size_t>(world.figure("F106"));
  const auto k3 = static_cast<size_t>(world.figure("F107"));
  const auto complexes = static_cast<size_t>(world.figure("F096"));
  const size_t rest = all - k1 - k2 - k3;
  return {{"K1", {-1150, -1150, 1150, 1150}, k1, 6},
          {"K2", {3100, -1200, 5700, 1400}, k2, 3},
          {"K3", {-5300, 900, -2700, 3500}, k3, 4},
          {"", {10500, -2500, 15500, 3500}, 8, 2},
          {"", {-6000, -3400, 3000, -2400}, rest - 18, complexes - 15 - 1},
          {"", {1300, 2500, 6500, 5500}, 10, 1}};
}

const char* kind_of(Random& random) {
  static const std::vector<const char*> kKinds = {"mall", "department_store", "supermarket",
                                                  "market"};
  return pick(random, kKinds);
}

struct Draft {
  Site site;
  bool complex = false;
};

void add_centre(World& world, Random& random, const Draft& draft, size_t number, int64_t floor_m2) {
  Row row = world.table("commercial_centres").add(id_of("CC", number, 3));
  const Place place = place_in(world, random, draft.site.box);
  row.set("name", fmt::format("{}{}号", draft.complex ? "城市综合体" : "商业中心", number));
  row.set("kind", draft.complex ? "complex" : kind_of(random));
  row.set("area_id", place.street).set("developer_id", pick(random, world.cast.developers));
  if (draft.site.circle[0] != '\0') row.set("circle_id", draft.site.circle);
  const Date approved = draw_date(random, day(2005, 1, 1), day(2017, 12, 31));
  row.set("state", "open").set("approved_on", approved);
  row.set("opened_on", approved.plus_days(700 + static_cast<int64_t>(random.below(500))));
  row.set("floor_m2", floor_m2).set("surveyed_on", day(2022, 9, 30));
  row.set("impact_assessed", true).set("geom", point_json(world.projection, place.at));
}

// Some are still being built; these count among the 63 as the speech says.
void mark_building(Random& random, Table& table) {
  for (size_t i = 5; i < table.size(); i += 13) {
    Row row = table.row(i);
    const Date approved = draw_date(random, day(2019, 1, 1), day(2020, 12, 31));
    row.set("state", "building").set("approved_on", approved).clear("opened_on");
  }
}

// Vacancy: at least a third of all (F103); three at 40 to 50 per cent (F093), planted.
void add_vacancy(World& world, Random& random) {
  Table& table = world.table("commercial_centres");
  int64_t vacant = 0;
  for (size_t i = 0; i < table.size(); ++i) {
    Row row = table.row(i);
    const bool named = i == 1 || i == 4 || i == 16;
    const int64_t permille = named ? 405 + static_cast<int64_t>(random.below(90))
                                   : 310 + static_cast<int64_t>(random.below(60));
    row.set("vacant_m2", row.integer("floor_m2") * permille / 1000);
    vacant += row.integer("vacant_m2");
    if (named) world.plant("vacancy_of_forty_percent", "", 3, row);
    if (world.dirty() && i % 9 == 3) {
      row.set("impact_assessed", false);
      world.plant("centre_without_assessment", "", 3, row);
    }
  }
  // Whatever the draw: one more square metre than a third.
  const int64_t total = world.figure("F095", 2) * 100;
  for (size_t i = 0; i < table.size() && vacant * 3 <= total; ++i) {
    Row row = table.row(i);
    const int64_t room = row.integer("floor_m2") * 385 / 1000 - row.integer("vacant_m2");
    const int64_t more = std::min(std::max<int64_t>(room, 0), total / 3 + 1 - vacant);
    row.set("vacant_m2", row.integer("vacant_m2") + more);
    vacant += more;
  }
}

}  // namespace

void make_commerce(World& world) {
  Random random = world.random(kStreamCommerce);
  std::vector<Draft> drafts;
  size_t complexes = 0;
  for (const Site& site : sites(world)) {
    for (size_t i = 0; i < site.count; ++i) drafts.push_back({site, i < site.complexes});
    complexes += site.complexes;
  }
  CHECK(complexes == static_cast<size_t>(world.figure("F096")));
  const int64_t all_m2 = world.figure("F095", 2) * 100;
  const int64_t complex_m2 = world.figure("F097", 2) * 100;
  const std::vector<int64_t> big = split_randomly(random, complex_m2, complexes, 60'000);
  const std::vector<int64_t> small =
      split_randomly(random, all_m2 - complex_m2, drafts.size() - complexes, 12'000);
  size_t b = 0;
  size_t s = 0;
  for (size_t i = 0; i < drafts.size(); ++i) {
    add_centre(world, random, drafts[i], i + 1, drafts[i].complex ? big[b++] : small[s++]);
  }
  Table& table = world.table("commercial_centres");
  mark_building(random, table);
  add_vacancy(world, random);
}

}  // namespace yipan::generate
