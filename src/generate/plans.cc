// Plan versions and their zones: regular revisions, and changes made to suit a project (planted).
#include <fmt/format.h>

#include "generate/world.h"

namespace yipan::generate {
namespace {

struct Version {
  std::string plan;
  const char* kind;
  int number;
  std::string area;
  Date approved;
};

Row add_version(World& world, const Version& v) {
  Table& table = world.table("plan_versions");
  Row row = table.add(id_of("PV", table.size() + 1, 3));
  row.set("plan", v.plan).set("kind", v.kind).set("version", v.number).set("area_id", v.area);
  row.set("approved_on", v.approved).set("approved_by_id", "O-GOV");
  row.set("original_authority_id", "O-GOV");
  row.set("necessity_studied", true).set("parties_heard", true).set("authority_agreed", true);
  row.set("reason", v.number == 1 ? "首次编制" : "定期评估修编");
  return row;
}

const char* use_of(const GridCell& cell, Random& random) {
  static const std::vector<const char*> kCentre = {"residential", "residential", "commercial",
                                                   "mixed", "public_service"};
  static const std::vector<const char*> kPort = {"industrial", "industrial", "logistics",
                                                 "residential"};
  static const std::vector<const char*> kOther = {"residential", "residential", "green",
                                                  "public_service", "commercial"};
  if (cell.district == "D4") return pick(random, kPort);
  const bool centre = cell.x * cell.x + cell.y * cell.y < 9e6;
  return pick(random, centre ? kCentre : kOther);
}

void add_zone(World& world, Random& random, const Row& version, const GridCell& cell,
              const char* use) {
  Table& table = world.table("plan_zones");
  Row row = table.add(id_of("PZ", table.size() + 1, 5));
  // A zone is a block of its square, the roads around it left out.
  const double half = cell.size / 2 - 15;
  const Box box = {cell.x - half, cell.y - half, cell.x + half, cell.y + half};
  row.set("plan_version_id", version.text("id")).set("zone_code", "ZC" + cell.id.substr(1));
  row.set("area_id", cell.street).set("use", use).set("surface_m2", box.area());
  const bool dense = std::string_view(use) == "residential" || std::string_view(use) == "mixed";
  row.set("floor_ratio_max", dense ? 2.2 : 1.4).set("height_max_m", dense ? 80.0 : 36.0);
  row.set("planned_persons", dense ? 1800 + static_cast<int64_t>(random.below(1500)) : int64_t{0});
  row.set("geom", box_json(world.projection, box));
}

// Changes after a project was proposed, without study, hearing or consent (P32).
void plant_change(World& world, Random& random, Row& version, const Course& c) {
  version.set("approved_on", c.proposed.plus_days(random.between(60, 200)));
  version.set("project_id", c.id).set("reason", "因项目建设需要调整");
  version.set("necessity_studied", false).set("parties_heard", false);
  version.set("authority_agreed", false);
  world.plant("plan_follows_project", "P32", 2, version);
}

// The completed project proposed late enough to come after the first version.
const Course& prompting(const World& world, size_t number) {
  size_t seen = 0;
  for (const Course& c : world.courses) {
    if (!c.completed || c.proposed < day(2015, 1, 1)) continue;
    if (seen++ == number * 3) return c;
  }
  return world.courses.front();
}

void add_detailed(World& world, Random& random) {
  std::map<std::string, std::vector<size_t>> by_street;
  for (size_t i = 0; i < world.cells.size(); ++i) {
    if (world.cells[i].built_up) by_street[world.cells[i].street].push_back(i);
  }
  size_t number = 0;
  for (const auto& [street, cells] : by_street) {
    ++number;
    const std::string plan = fmt::format("{} 控制性详细规划", street);
    Row first = add_version(world, {plan, "detailed", 1, street, day(2012, 6, 20)});
    std::vector<const char*> uses;
    for (const size_t i : cells) {
      uses.push_back(use_of(world.cells[i], random));
      add_zone(world, random, first, world.cells[i], uses.back());
    }
    if (number % 3 == 0) continue;
    Row second = add_version(world, {plan, "detailed", 2, street, day(2018, 10, 12)});
    if (world.dirty()) plant_change(world, random, second, prompting(world, number));
    first.set("valid_to", second.date("approved_on"));
    for (size_t k = 0; k < cells.size(); ++k) {
      add_zone(world, random, second, world.cells[cells[k]], k % 9 == 4 ? "commercial" : uses[k]);
    }
  }
}

}  // namespace

void make_plans(World& world) {
  Random random = world.random(kStreamPlans);
  Row master = add_version(world, {"岚江市总体规划", "master", 1, "XX", day(2006, 3, 1)});
  Row revised = add_version(world, {"岚江市总体规划", "master", 2, "XX", day(2017, 9, 8)});
  master.set("valid_to", revised.date("approved_on"));
  add_version(world, {"商业网点规划", "commercial", 1, "XXU", day(2013, 5, 6)});
  add_version(world, {"医疗卫生设施规划", "health", 1, "XX", day(2016, 11, 2)});
  add_version(world, {"中小学布局规划", "school", 1, "XXU", day(2016, 8, 15)});
  // Land for building by the master plan: around both cores and the port's development zone; the
  // high-tech zone lies inside only in the clean twin (P33).
  const double west = world.dirty() ? -8500 : -13000;
  for (const Box& box : {Box{west, -9000, 9500, 6000}, Box{9600, -6000, 17000, 6000}}) {
    Table& table = world.table("plan_zones");
    Row row = table.add(id_of("PZ", table.size() + 1, 5));
    row.set("plan_version_id", revised.text("id")).set("zone_code", fmt::format("MP{}", box.east));
    row.set("area_id", "XXU").set("use", "mixed").set("surface_m2", box.area());
    row.set("geom", box_json(world.projection, box));
  }
  if (world.dirty()) {
    Table& areas = world.table("areas");
    for (size_t i = 0; i < areas.size(); ++i) {
      const Row row = areas.row(i);
      if (row.text("id") == "DZ2") world.plant("zone_outside_plan", "P33", 2, row);
    }
  }
  add_detailed(world, random);
}

}  // namespace yipan::generate
