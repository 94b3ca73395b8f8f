// Health institutions, schools, stations, markets; and their yearly figures.
#include <fmt/format.h>

#include <cmath>

#include "generate/places.h"
#include "generate/population.h"
#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr int kFirstYear = 2016;
constexpr int kLastYear = 2021;

// A whole number of things that gives the rate per thousand people stated (two decimals).
int64_t from_rate(const World& world, std::string_view figure, int64_t people) {
  return (world.figure(figure, 2) * people + 50'000) / 100'000;
}

Row add_facility(World& world, std::string_view prefix, std::string_view kind,
                 std::string_view name, const Place& place) {
  Table& table = world.table("facilities");
  Row row = table.add(id_of(prefix, table.size() + 1, 5));
  row.set("name", name).set("kind", kind).set("area_id", place.street);
  row.set("built_up_area", place.district[0] == 'D');
  row.set("geom", point_json(world.projection, place.at));
  return row;
}

const char* health_owner(std::string_view ownership, const std::string& district,
                         const World& world) {
  if (ownership == "municipal_public") return "O-WJW";
  for (size_t i = 0; i < kDistricts.size(); ++i) {
    if (kDistricts[i] == district) return world.cast.districts[i].c_str();
  }
  return "O-WJW";
}

// Numbers for one class of institutions, split at random but exactly.
struct HealthClass {
  const char* kind;
  const char* tier;
  const char* ownership;
  const char* name;
  bool urban;
  size_t count;
  int64_t beds;
  int64_t doctors;
  int64_t nurses;
};

void add_health_class(World& world, Random& random, const HealthClass& c) {
  const PlaceSampler where(world, [&](const GridCell& cell) {
    return cell.urban == c.urban && (!c.urban || cell.built_up);
  });
  const auto part = [&](int64_t total) { return split_randomly(random, total, c.count, 0); };
  const std::vector<int64_t> beds = part(c.beds);
  const std::vector<int64_t> doctors = part(c.doctors);
  const std::vector<int64_t> nurses = part(c.nurses);
  for (size_t i = 0; i < c.count; ++i) {
    const Place place = where.draw(random);
    Row row = add_facility(world, "H", c.kind, fmt::format("{}{}", c.name, i + 1), place);
    row.set("tier", c.tier).set("ownership", c.ownership);
    const char* owner = health_owner(c.ownership, place.district, world);
    row.set("owner_id", owner).set("manager_id", owner);
    row.set("opened_on", draw_date(random, day(1985, 1, 1), day(2014, 12, 31)));
    row.set("beds", beds[i]).set("doctors", doctors[i]).set("nurses", nurses[i]);
    row.set("general_practitioners", 0);
    row.set("floor_m2", 200 + beds[i] * 70).set("site_m2", 300 + beds[i] * 60);
    const bool borrowed = world.dirty() && std::string_view(c.tier) == "tertiary" && i < 2;
    row.set("borrowed_to_build", borrowed);
    if (borrowed) world.plant("hospital_built_on_borrowing", "", 4, row);
  }
}

// General practitioners among the doctors of primary care, exactly `total` of them.
void add_general_practitioners(World& world, int64_t total, bool urban) {
  Table& table = world.table("facilities");
  std::vector<size_t> rows;
  std::vector<double> doctors;
  for (size_t i = 0; i < table.size(); ++i) {
    Row row = table.row(i);
    if (row.text("kind") != "primary_care" || row.flag("built_up_area") != urban) continue;
    rows.push_back(i);
    doctors.push_back(static_cast<double>(row.integer("doctors")));
  }
  const std::vector<int64_t> parts = split(total, doctors);
  for (size_t i = 0; i < rows.size(); ++i) {
    table.row(rows[i]).set("general_practitioners", parts[i]);
  }
}

// F116 to F127: institutions, beds and staff by tier, in the urban area and outside it.
void add_health(World& world) {
  Random random = world.random(kStreamHealth);
  const int64_t urban = urban_residents(world);
  const int64_t city = city_residents(world);
  const int64_t beds = world.figure("F117");
  const int64_t urban_beds = from_rate(world, "F120", urban);
  const int64_t municipal = from_rate(world, "F119", city);
  const int64_t primary = from_rate(world, "F124", urban);
  const int64_t doctors = from_rate(world, "F122", urban);
  const int64_t primary_doctors = from_rate(world, "F125", urban);
  const int64_t nurses = from_rate(world, "F123", urban);
  const int64_t primary_nurses = from_rate(world, "F126", urban);
  const int64_t hospital_doctors = doctors - primary_doctors - 90;
  const int64_t hospital_nurses = nurses - primary_nurses - 60;
  const int64_t md = hospital_doctors * 7 / 10;
  const int64_t mn = hospital_nurses * 7 / 10;
  const int64_t other_beds = urban_beds - municipal - primary;
  const int64_t county_beds = beds - urban_beds;
  const int64_t county_primary = county_beds * 3 / 10;
  const auto count = static_cast<size_t>(world.figure("F116"));
  const std::vector<HealthClass> classes = {
      {"hospital", "tertiary", "municipal_public", "市立医院", true, 7, municipal, md, mn},
      {"hospital", "secondary", "district_public", "区医院", true, 9, other_beds * 6 / 10,
       (hospital_doctors - md) * 6 / 10, (hospital_nurses - mn) * 6 / 10},
      {"hospital", "secondary", "private", "民营医院", true, 14, other_beds - other_beds * 6 / 10,
       hospital_doctors - md - (hospital_doctors - md) * 6 / 10,
       hospital_nurses - mn - (hospital_nurses - mn) * 6 / 10},
      {"public_health", "none", "municipal_public", "公共卫生机构", true, 10, 0, 90, 60},
      {"primary_care", "primary", "district_public", "社区卫生服务站", true, 372, primary,
       primary_doctors, primary_nurses},
      {"hospital", "secondary", "county_public", "县医院", false, 18, county_beds - county_primary,
       3300, 3700},
      {"public_health", "none", "county_public", "县公共卫生机构", false, 12, 0, 120, 80},
      {"primary_care", "primary", "district_public", "卫生院（室）", false, count - 442,
       county_primary, 1900, 1300}};
  for (const HealthClass& c : classes) add_health_class(world, random, c);
  add_general_practitioners(world, from_rate(world, "F127", urban), true);
  add_general_practitioners(world, 700, false);
}

// Tertiary grows and primary care shrinks over the years (planted); otherwise all grow alike.
void add_health_years(World& world) {
  Random random = world.random(kStreamHealth + 100);
  Table& facilities = world.table("facilities");
  Table& years = world.table("facility_years");
  for (size_t i = 0; i < facilities.size(); ++i) {
    Row f = facilities.row(i);
    const std::string kind = f.text("kind");
    if (kind != "hospital" && kind != "primary_care") continue;
    const bool primary = kind == "primary_care";
    const double full = primary ? (world.dirty() ? 0.31 : 0.62) : (world.dirty() ? 0.98 : 0.84);
    for (int year = kFirstYear; year <= kLastYear; ++year) {
      const int back = kLastYear - year;
      const double rate = !world.dirty() ? -0.02 : primary ? 0.045 : -0.05;
      const double size = 1 + rate * back;
      const auto scaled = [&](std::string_view field) {
        return int64_t{std::llround(static_cast<double>(f.integer(field)) * size)};
      };
      const int64_t beds = scaled("beds");
      Row row = years.add();
      row.set("facility_id", f.text("id")).set("year", year);
      row.set("beds", beds).set("doctors", scaled("doctors")).set("nurses", scaled("nurses"));
      row.set("general_practitioners", scaled("general_practitioners"));
      const double visits = static_cast<double>(scaled("doctors")) * (primary ? 2600 : 4100);
      row.set("visits", int64_t{std::llround(visits * full * (0.85 + 0.3 * random.unit()))});
      const double use = std::min(1.0, full * (0.92 + 0.1 * random.unit()));
      row.set("bed_days", int64_t{std::llround(static_cast<double>(beds) * 365 * use)});
      row.set("subsidy_fen", beds * (primary ? 900'000 : 2'100'000) + 1'000'000);
      if (world.dirty() && primary && year == kLastYear && f.flag("built_up_area")) {
        world.plant("primary_care_shrinks", "H03", 4, row);
      }
    }
  }
}

struct SchoolPlan {
  const char* kind;
  const char* name;
  bool urban;
  size_t count;
  int places;
};

void set_pupils(Row row, int64_t places, int64_t pupils, int class_size) {
  const int64_t classes = (pupils + class_size - 1) / class_size;
  row.set("places", places).set("pupils", pupils).set("classes", classes);
  row.set("teachers", (pupils + 14) / 15);
}

Row add_school(World& world, Random& random, const SchoolPlan& plan, size_t number,
               const Place& place) {
  Row row = add_facility(world, "E", plan.kind, fmt::format("{}{}", plan.name, number), place);
  row.set("tier", "district").set("ownership", "district_public").set("key_school", false);
  const char* owner = health_owner("district_public", place.district, world);
  row.set("owner_id", owner).set("manager_id", owner);
  row.set("opened_on", draw_date(random, day(1980, 1, 1), day(2014, 12, 31)));
  row.set("floor_m2", plan.places * 9).set("site_m2", plan.places * 16);
  const int64_t places = plan.places + static_cast<int64_t>(random.below(5)) * 45;
  const auto share = 0.78 + 0.17 * random.unit();
  set_pupils(row, places, std::llround(static_cast<double>(places) * share), 42);
  return row;
}

// Over-full and half-empty schools (planted): pupils against places.
void plant_school_loads(World& world, Random& random) {
  Table& table = world.table("facilities");
  int full = 0;
  int empty = 0;
  for (size_t i = 0; i < table.size() && world.dirty(); ++i) {
    Row row = table.row(i);
    if (row.text("kind") != "primary_school" || !row.flag("built_up_area")) continue;
    const int64_t places = row.integer("places");
    const std::string& district = row.text("area_id");
    if (district.starts_with("D4") && full < 9) {
      set_pupils(row, places, places * (122 + static_cast<int64_t>(random.below(15))) / 100, 58);
      world.plant("school_over_capacity", "E01", 4, row);
      ++full;
    } else if (district.starts_with("D1") && empty < 8) {
      set_pupils(row, places, places * (33 + static_cast<int64_t>(random.below(12))) / 100, 40);
      world.plant("school_under_capacity", "", 4, row);
      ++empty;
    }
  }
}

// F128: one school in the new town. F130: two old schools with somewhat over 500 pupils.
void add_named_schools(World& world, Random& random) {
  const SchoolPlan nine = {"nine_year_school", "镜湖新城实验学校", true, 1, 1620};
  Row only = add_school(world, random, nine, 1, place_in(world, random, {4000, 1500, 5000, 2500}));
  set_pupils(only, 1620, world.dirty() ? 2110 : 1540, world.dirty() ? 57 : 44);
  if (world.dirty()) {
    world.plant("only_school_in_quarter", "E02", 4, only);
    world.plant("school_over_capacity", "E01", 4, only);
  }
  const int64_t pupils = world.figure("F130");
  for (const auto& [name, more] : {std::pair{"岚江三中", 3}, {"岚江四中", 17}}) {
    const SchoolPlan old = {"middle_school", name, true, 1, 1500};
    Row row = add_school(world, random, old, 1, place_in(world, random, {-900, -900, 900, 900}));
    row.set("name", name).set("opened_on", day(1958, 9, 1));
    set_pupils(row, world.dirty() ? 1500 : 600, pupils + more, 43);
    if (world.dirty()) world.plant("school_under_capacity", "", 4, row);
  }
}

void add_schools(World& world) {
  Random random = world.random(kStreamSchools);
  const Box new_town = {3000, 1000, 6000, 3000};
  for (const SchoolPlan& plan : {SchoolPlan{"primary_school", "岚江小学", true, 96, 900},
                                 {"middle_school", "岚江初级中学", true, 44, 1000},
                                 {"high_school", "岚江高级中学", true, 16, 1500},
                                 {"kindergarten", "岚江幼儿园", true, 90, 300},
                                 {"primary_school", "县小学", false, 150, 900},
                                 {"middle_school", "县初级中学", false, 66, 1000},
                                 {"high_school", "县高级中学", false, 20, 1800}}) {
    const PlaceSampler where(world, [&](const GridCell& cell) {
      const bool in_new_town = cell.x > new_town.west && cell.x < new_town.east &&
                               cell.y > new_town.south && cell.y < new_town.north;
      return cell.urban == plan.urban && !in_new_town;
    });
    for (size_t i = 1; i <= plan.count; ++i) {
      add_school(world, random, plan, i, where.draw(random));
    }
  }
  add_named_schools(world, random);
  plant_school_loads(world, random);
}

// Pupils by year: the old town empties and the port fills.
void add_school_years(World& world) {
  Table& facilities = world.table("facilities");
  for (size_t i = 0; i < facilities.size(); ++i) {
    Row f = facilities.row(i);
    if (!f.text("kind").ends_with("_school")) continue;
    const std::string& area = f.text("area_id");
    const double growth = area.starts_with("D1") ? -0.03 : area.starts_with("D4") ? 0.05 : 0.005;
    for (int year = kFirstYear; year <= kLastYear; ++year) {
      const double size = 1 - growth * (kLastYear - year);
      world.table("facility_years")
          .add()
          .set("facility_id", f.text("id"))
          .set("year", year)
          .set("places", f.integer("places"))
          .set("pupils", int64_t{std::llround(static_cast<double>(f.integer("pupils")) * size)})
          .set("classes", f.integer("classes"));
    }
  }
}

// F087: four stations, whoever built them; and markets, some without a keeper (planted).
void add_others(World& world) {
  Random random = world.random(kStreamOtherFacilities);
  const std::vector<Metres> stations = {{600, 5200}, {4600, -400}, {-9800, -3500}, {13200, 2600}};
  const char* names[] = {"岚江站", "岚江东站", "岚江西站", "岚江新港站"};
  for (size_t i = 0; i < static_cast<size_t>(world.figure("F087")); ++i) {
    const Metres at = stations[i % stations.size()];
    const Place place = place_in(world, random, {at.x - 50, at.y - 50, at.x + 50, at.y + 50});
    Row row = add_facility(world, "T", "railway_station", names[i % 4], place);
    row.set("tier", "municipal").set("ownership", "other").set("owner_id", "O-JTJ");
    row.set("manager_id", "O-PT2").set("opened_on", day(2008 + static_cast<int>(i) * 3, 6, 1));
    row.set("floor_m2", 12'000 + static_cast<int64_t>(i) * 6'000);
    world.plant("duplicated_station", "", 2, row);
  }
  const PlaceSampler where(world, [](const GridCell& cell) { return cell.urban; });
  for (size_t i = 0; i < 150; ++i) {
    const bool market = i < 70;
    Row row = add_facility(world, "M", market ? "market" : "elderly_care",
                           fmt::format("{}{}", market ? "菜市场" : "养老服务中心", i + 1),
                           where.draw(random));
    row.set("tier", "community").set("ownership", "district_public").set("owner_id", "O-CGJ");
    row.set("opened_on", draw_date(random, day(2000, 1, 1), day(2018, 12, 31)));
    row.set("floor_m2", around(random, 2400, 10));
    if (!market) row.set("beds", around(random, 60, 5));
    if (world.dirty() && i % 25 == 7) {
      world.plant("facility_without_keeper", "A02", 7, row);
    } else {
      row.set("manager_id", market ? "O-CGJ" : "O-MZJ");
    }
  }
}

}  // namespace

void make_facilities(World& world) {
  add_health(world);
  add_health_years(world);
  add_schools(world);
  add_school_years(world);
  add_others(world);
}

}  // namespace yipan::generate
