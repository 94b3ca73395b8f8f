#include "generate/population.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "generate/world.h"
#include "yipan/text.h"

namespace yipan::generate {
namespace {

constexpr size_t kGroups = 38;  // 19 age groups x 2 sexes, in the file's order

struct Group {
  int age_from = 0;
  int age_to = 0;
  char sex = 'M';
};

struct Census {
  std::vector<Group> groups;
  std::map<std::string, std::vector<double>> persons;  // district -> by group
};

Error census_error(const std::string& path, uint64_t row, std::string_view zh,
                   std::string_view en) {
  return Error("generate.census.invalid")
      .zh(zh)
      .en(en)
      .file(path)
      .row(row)
      .remedy("列为 area_id,source_code,age_from,age_to,sex,persons",
              "the columns are area_id,source_code,age_from,age_to,sex,persons");
}

std::optional<int> whole(std::string_view text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

Result<Census> read_census(Files& files, const std::string& path) {
  YIPAN_ASSIGN(const std::string text, read_file(files, path, uint64_t{1} << 20));
  Census census;
  uint64_t row = 0;
  for (std::string_view line : yipan::split(text, '\n')) {
    ++row;
    if (line.empty() || row == 1) continue;
    const auto cells = yipan::split(line, ',');
    if (cells.size() != 6) return fail(census_error(path, row, "应有六列", "six columns expected"));
    const auto from = whole(cells[2]);
    const auto to = whole(cells[3]);
    const auto persons = whole(cells[5]);
    if (!from || !to || !persons || (cells[4] != "M" && cells[4] != "F")) {
      return fail(census_error(path, row, "年龄、性别或人数不对", "age, sex or persons is wrong"));
    }
    std::vector<double>& of = census.persons[std::string(cells[0])];
    if (census.groups.size() < kGroups) census.groups.push_back({*from, *to, cells[4][0]});
    of.push_back(*persons);
  }
  for (const std::string& district : kDistricts) {
    if (census.persons[district].size() == kGroups) continue;
    return fail(census_error(path, row, fmt::format("{} 的年龄组不全", district),
                             fmt::format("{} lacks age groups", district)));
  }
  return census;
}

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum;
}

// People per unit of land, falling from the two cores outwards.
double density(const GridCell& cell, Random& random) {
  if (cell.water) return 0;
  const double noise = 0.4 + 0.6 * spread(random);
  if (!cell.urban) {
    // A county seat in the middle of each county, villages elsewhere.
    const double seat_x = cell.district == "C1" ? 31000 : cell.district == "C3" ? -31000 : 0;
    const double seat_y = cell.district == "C2" ? 21000 : 0;
    const double d2 =
        ((cell.x - seat_x) * (cell.x - seat_x) + (cell.y - seat_y) * (cell.y - seat_y)) / 1e6;
    return (1 + 25 / (1 + d2 / 6)) * noise;
  }
  const double area = cell.size * cell.size / 1e6;
  if (!cell.built_up) return 0.35 * area * noise;
  const double d2 = (cell.x * cell.x + cell.y * cell.y) / 1e6;
  return area * 9 * (1 + 0.9 / (1 + d2 / 5)) * noise;
}

// The old town is older, the edge younger: a tilt of the age structure with distance.
double age_tilt(const GridCell& cell, const Group& group) {
  if (!cell.urban) return 1;
  const double km = std::sqrt(cell.x * cell.x + cell.y * cell.y) / 1000;
  const double edge = std::min(km, 8.0) / 8 - 0.4;
  if (group.age_from >= 60) return 1 - 0.55 * edge;
  if (group.age_from < 15) return 1 + 0.75 * edge;
  return 1;
}

double registered_share(const GridCell& cell, const Group& group) {
  const bool young = group.age_from >= 20 && group.age_from < 40;
  if (!cell.urban) return young ? 1.12 : 1.05;
  return young ? 0.86 : 0.95;
}

struct Counts {
  std::vector<std::vector<int64_t>> by_cell;  // cell -> group
};

// Spreads each group's people over the given cells.
void spread_groups(const World& world, const Census& census, const std::vector<size_t>& cells,
                   const std::vector<int64_t>& by_group, const std::vector<double>& densities,
                   Counts* counts) {
  std::vector<double> weights(cells.size());
  for (size_t g = 0; g < kGroups; ++g) {
    for (size_t i = 0; i < cells.size(); ++i) {
      weights[i] = densities[cells[i]] * age_tilt(world.cells[cells[i]], census.groups[g]);
    }
    const std::vector<int64_t> parts = split(by_group[g], weights);
    for (size_t i = 0; i < cells.size(); ++i) counts->by_cell[cells[i]][g] = parts[i];
  }
}

Counts count_people(const World& world, const Census& census) {
  Random random = world.random(kStreamPopulation);
  std::vector<double> densities;
  for (const GridCell& cell : world.cells) densities.push_back(density(cell, random));
  Counts counts;
  counts.by_cell.assign(world.cells.size(), std::vector<int64_t>(kGroups));
  std::vector<double> urban_weights;
  std::vector<double> county_weights;
  for (const std::string& d : kDistricts) {
    (d[0] == 'D' ? urban_weights : county_weights).push_back(sum_of(census.persons.at(d)));
  }
  const int64_t urban = urban_residents(world);
  std::vector<int64_t> totals = split(urban, urban_weights);
  const std::vector<int64_t> counties = split(city_residents(world) - urban, county_weights);
  totals.insert(totals.end(), counties.begin(), counties.end());
  for (size_t d = 0; d < kDistricts.size(); ++d) {
    const std::vector<double>& weights = census.persons.at(kDistricts[d]);
    std::vector<int64_t> groups = split(totals[d], weights);
    std::vector<size_t> inside;
    std::vector<size_t> outside;
    for (size_t i = 0; i < world.cells.size(); ++i) {
      if (world.cells[i].district != kDistricts[d]) continue;
      (world.cells[i].quarter ? inside : outside).push_back(i);
    }
    if (!inside.empty()) {
      const std::vector<int64_t> quarter = split(world.figure("F109") * 10'000, weights);
      spread_groups(world, census, inside, quarter, densities, &counts);
      for (size_t g = 0; g < kGroups; ++g) groups[g] -= quarter[g];
    }
    spread_groups(world, census, outside, groups, densities, &counts);
  }
  return counts;
}

void write_population(World& world, const Census& census, const Counts& counts) {
  Table& table = world.table("population");
  for (size_t i = 0; i < world.cells.size(); ++i) {
    GridCell& cell = world.cells[i];
    for (size_t g = 0; g < kGroups; ++g) {
      const int64_t residents = counts.by_cell[i][g];
      cell.residents += residents;
      const Group& group = census.groups[g];
      table.add()
          .set("area_id", cell.id)
          .set("on_date", day(2021, 12, 31))
          .set("age_from", group.age_from)
          .set("age_to", group.age_to)
          .set("sex", std::string_view(&group.sex, 1))
          .set("resident_persons", residents)
          .set("registered_persons", int64_t{std::llround(static_cast<double>(residents) *
                                                          registered_share(cell, group))})
          .set("source", "2020年人口普查年龄结构分摊到网格");
    }
  }
}

// In 2021 the young leave (planted); otherwise somewhat more people come than go.
void write_migration(World& world, const Census& census) {
  Random random = world.random(kStreamMigration);
  Table& table = world.table("migration");
  for (int year = 2016; year <= 2021; ++year) {
    for (const std::string& district : kDistricts) {
      for (size_t g = 0; g < kGroups; ++g) {
        const Group& group = census.groups[g];
        const bool young = group.age_from >= 15 && group.age_from < 40;
        const double rate = young ? 0.011 : 0.0035;
        const double in = census.persons.at(district)[g] * rate * (0.85 + 0.3 * random.unit());
        const bool leaving = world.dirty() && year == 2021 && young;
        const double share = leaving ? 1.35 + 0.5 * random.unit() : 0.80 + 0.15 * random.unit();
        Row row = table.add();
        row.set("area_id", district).set("year", year);
        row.set("age_from", group.age_from).set("age_to", group.age_to);
        row.set("sex", std::string_view(&group.sex, 1));
        row.set("in_persons", int64_t{std::llround(in)});
        row.set("out_persons", int64_t{std::llround(in * share)}).set("source", "户籍登记");
        if (leaving) world.plant("young_leaving", "", 1, row);
      }
    }
  }
}

}  // namespace

int64_t urban_residents(const World& world) {
  // F095 in 万㎡ with two decimals is hundreds of m²; F098 in m² with two decimals.
  const int64_t floor_m2 = world.figure("F095", 2) * 100;
  return (floor_m2 * 100 + world.figure("F098", 2) / 2) / world.figure("F098", 2);
}

int64_t city_residents(const World& world) {
  const int64_t per_thousand = world.figure("F118", 2);
  return (world.figure("F117") * 100'000 + per_thousand / 2) / per_thousand;
}

Result<> make_population(World& world, Files& files) {
  YIPAN_ASSIGN(const Census census,
               read_census(files, world.options.city_dir + "/census_2020_age_sex.csv"));
  write_population(world, census, count_people(world, census));
  write_migration(world, census);
  return {};
}

}  // namespace yipan::generate
