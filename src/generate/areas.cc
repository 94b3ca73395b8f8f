// Areas: the city, its urban area, districts, streets, zones, commercial circles, grid cells.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "generate/english.h"
#include "generate/population.h"
#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr double kKm = 1000;

struct DistrictPlan {
  const char* id;
  const char* name;
  const char* kind;
  Box box;                       // kilometres
  std::vector<double> street_x;  // inner cuts, kilometres
  std::vector<double> street_y;
};

// The four districts tile 34 km x 32 km = 1,088 km² exactly (F043).
const std::vector<DistrictPlan>& plans() {
  static const std::vector<DistrictPlan> kPlans = {
      {"D1", "望江区", "district", {-17, 0, 0, 16}, {-8}, {5, 10}},
      {"D2", "临湖区", "district", {0, 0, 10, 16}, {5}, {5, 10}},
      {"D3", "南屏区", "district", {-17, -16, 10, 0}, {-8, 0}, {-10, -5}},
      {"D4", "新港区", "district", {10, -16, 17, 16}, {}, {-8, 0, 8}},
      {"C1", "青岚市", "county", {17, -20, 45, 20}, {31}, {0}},
      {"C2", "白沙洲市", "county", {-17, 16, 17, 26}, {1}, {}},
      {"C3", "云桥市", "county", {-45, -20, -17, 20}, {-31}, {0}}};
  return kPlans;
}

constexpr std::array<const char*, 48> kStreetNames = {
    "青石", "柳营",   "西津渡", "北固桥", "望江门", "南浦", "临湖",   "东篱", "荷塘",   "云锦",
    "竹林", "镜湖",   "南屏",   "石桥",   "松岗",   "桃坞", "梅溪",   "白鹭", "长堤",   "花园里",
    "双井", "新港",   "滨江",   "银河",   "星湖",   "青岚", "茶亭",   "凤鸣", "栖霞里", "白沙",
    "芦荡", "云桥",   "枫林",   "古渡",   "上元",   "平湖", "龙泉里", "清溪", "大港头", "玉带",
    "永安", "和平里", "万春",   "雨花巷", "石鼓",   "烟墩", "铁佛",   "向阳"};

Box metres(const Box& km) { return {km.west * kKm, km.south * kKm, km.east * kKm, km.north * kKm}; }

std::vector<Box> streets_of(const DistrictPlan& plan) {
  std::vector<double> xs = {plan.box.west};
  xs.insert(xs.end(), plan.street_x.begin(), plan.street_x.end());
  xs.push_back(plan.box.east);
  std::vector<double> ys = {plan.box.south};
  ys.insert(ys.end(), plan.street_y.begin(), plan.street_y.end());
  ys.push_back(plan.box.north);
  std::vector<Box> out;
  for (size_t j = 0; j + 1 < ys.size(); ++j) {
    for (size_t i = 0; i + 1 < xs.size(); ++i) {
      out.push_back({xs[i], ys[j], xs[i + 1], ys[j + 1]});
    }
  }
  return out;
}

Row add_area(World& world, std::string_view id, std::string_view name, std::string_view kind,
             std::string_view parent, int64_t area_m2, const std::string& geometry) {
  Row row = world.table("areas").add(id);
  row.set("name", name).set("kind", kind).set("area_m2", area_m2).set("geom", geometry);
  if (!parent.empty()) row.set("parent_id", parent);
  row.set("valid_from", day(2010, 1, 1));
  if (const auto en = english_name(name); !en.empty()) row.set("name_en", en);
  return row;
}

// Nearness to one of the two built-up cores, in kilometres.
double distance_from_core(double x_km, double y_km) {
  const double old_town = std::sqrt(x_km * x_km + y_km * y_km);
  const double port = std::sqrt((x_km - 13.5) * (x_km - 13.5) + y_km * y_km) + 2.8;
  return std::min(old_town, port);
}

bool in_quarter(double x_km, double y_km) {
  return x_km > kQuarter.west && x_km < kQuarter.east && y_km > kQuarter.south &&
         y_km < kQuarter.north;
}

// The square kilometres that are built up: the quarter, and those nearest to a core, off the river.
std::set<std::pair<int, int>> built_up_tiles(size_t count) {
  std::vector<std::pair<double, std::pair<int, int>>> scored;
  for (int x = -17; x < 17; ++x) {
    for (int y = -16; y < 16; ++y) {
      const double cx = x + 0.5;
      const double cy = y + 0.5;
      if (near_river({cx * kKm, cy * kKm}, 500)) continue;
      const double score = in_quarter(cx, cy) ? 0 : distance_from_core(cx, cy);
      scored.push_back({score, {x, y}});
    }
  }
  std::sort(scored.begin(), scored.end());
  std::set<std::pair<int, int>> out;
  for (size_t i = 0; i < count; ++i) out.insert(scored[i].second);
  return out;
}

void add_cell(World& world, const DistrictPlan& plan, double west, double south, double edge,
              bool built_up) {
  GridCell cell;
  cell.id = id_of("G", world.cells.size() + 1, 5);
  cell.district = plan.id;
  cell.x = (west + edge / 2) * kKm;
  cell.y = (south + edge / 2) * kKm;
  cell.size = edge * kKm;
  cell.urban = plan.id[0] == 'D';
  cell.built_up = built_up;
  cell.water = near_river({cell.x, cell.y}, cell.size / 4);
  cell.quarter = in_quarter(cell.x / kKm, cell.y / kKm);
  const std::vector<Box> streets = streets_of(plan);
  for (size_t i = 0; i < streets.size(); ++i) {
    const Box b = metres(streets[i]);
    if (cell.x > b.west && cell.x < b.east && cell.y > b.south && cell.y < b.north) {
      cell.street = fmt::format("{}S{:02}", plan.id, i + 1);
    }
  }
  CHECK(!cell.street.empty());
  const Box box = {cell.x - cell.size / 2, cell.y - cell.size / 2, cell.x + cell.size / 2,
                   cell.y + cell.size / 2};
  add_area(world, cell.id, fmt::format("网格 {}", cell.id), "cell", cell.street,
           std::llround(box.area()), box_json(world.projection, box))
      .set("built_up_m2", built_up ? int64_t{std::llround(box.area())} : int64_t{0});
  world.cells.push_back(cell);
}

void add_cells(World& world, const std::set<std::pair<int, int>>& built_up) {
  for (const DistrictPlan& plan : plans()) {
    const bool urban = plan.id[0] == 'D';
    const int step = urban ? 1 : 2;
    for (int y = static_cast<int>(plan.box.south); y < plan.box.north; y += step) {
      for (int x = static_cast<int>(plan.box.west); x < plan.box.east; x += step) {
        if (!urban || built_up.count({x, y}) == 0) {
          add_cell(world, plan, x, y, step, false);
          continue;
        }
        for (const auto& [dx, dy] : {std::pair{0.0, 0.0}, {0.5, 0.0}, {0.0, 0.5}, {0.5, 0.5}}) {
          add_cell(world, plan, x + dx, y + dy, 0.5, true);
        }
      }
    }
  }
}

void add_zone(World& world, std::string_view id, std::string_view name, std::string_view kind,
              std::string_view parent, const Box& km, const char* reason) {
  const Box box = metres(km);
  add_area(world, id, name, kind, parent, std::llround(box.area()), box_json(world.projection, box))
      .set("name_en", reason);
}

void add_districts(World& world, size_t built_up_km2) {
  double all_m2 = 0;
  double urban_m2 = 0;
  for (const DistrictPlan& plan : plans()) {
    all_m2 += metres(plan.box).area();
    if (plan.id[0] == 'D') urban_m2 += metres(plan.box).area();
  }
  // The outline of the districts together: no shared edges inside, so that the ring is simple.
  std::vector<Metres> outline;
  for (const auto& [x, y] : {std::pair{-45, -20},
                             {-17, -20},
                             {-17, -16},
                             {17, -16},
                             {17, -20},
                             {45, -20},
                             {45, 20},
                             {17, 20},
                             {17, 26},
                             {-17, 26},
                             {-17, 20},
                             {-45, 20}}) {
    outline.push_back({x * kKm, y * kKm});
  }
  add_area(world, "XX", "岚江市", "city", "", std::llround(all_m2),
           ring_json(world.projection, outline));
  add_area(world, "XXU", "岚江市市区", "urban", "XX", std::llround(urban_m2),
           box_json(world.projection, metres({-17, -16, 17, 16})))
      .set("built_up_m2", static_cast<int64_t>(built_up_km2) * 1'000'000);
  size_t name = 0;
  for (const DistrictPlan& plan : plans()) {
    const Box box = metres(plan.box);
    add_area(world, plan.id, plan.name, plan.kind, plan.id[0] == 'D' ? "XXU" : "XX",
             std::llround(box.area()), box_json(world.projection, box));
    const std::vector<Box> streets = streets_of(plan);
    for (size_t i = 0; i < streets.size(); ++i) {
      const Box street = metres(streets[i]);
      add_area(world, fmt::format("{}S{:02}", plan.id, i + 1),
               fmt::format("{}{}", kStreetNames[name++], plan.id[0] == 'D' ? "街道" : "镇"),
               "street", plan.id, std::llround(street.area()), box_json(world.projection, street));
    }
  }
}

void add_zones(World& world) {
  add_zone(world, "Z1", "南屏片区", "zone", "D3", kQuarter, "Nanping quarter");
  add_zone(world, "Z2", "镜湖新城", "zone", "D2", {3, 1, 6, 3}, "Jinghu new town");
  add_zone(world, "Z3", "站前新城", "zone", "D3", {5, -5, 8, -3}, "Station new town");
  add_zone(world, "K1", "核心商圈", "core_circle", "XXU", {-1.2, -1.2, 1.2, 1.2}, "Core circle");
  // Radius of two kilometres (F105): the square around it.
  add_zone(world, "K2", "站前商圈", "core_circle", "D2", {2.4, -1.9, 6.4, 2.1}, "Station circle");
  add_zone(world, "K3", "青石商圈", "core_circle", "D1", {-5.6, 0.6, -2.4, 3.8}, "Qingshi circle");
  add_zone(world, "DZ1", "新港经济开发区", "development_zone", "D4", {10, -4, 17, 4},
           "Xingang development zone");
  add_zone(world, "DZ2", "南屏高新区", "development_zone", "D3", {-12, -8, -6, -3},
           "Nanping high-tech zone");
  std::vector<Metres> river;
  const std::vector<double> xs = {-45000, -12000, -3000, 6000, 15000, 45000};
  for (const double x : xs) river.push_back({x, river_northing(x) - kRiverHalfWidth});
  for (auto x = xs.rbegin(); x != xs.rend(); ++x) {
    river.push_back({*x, river_northing(*x) + kRiverHalfWidth});
  }
  add_area(world, "R1", "岚江", "other", "XX", 90'000 * 2 * int64_t{260},
           ring_json(world.projection, river));
}

}  // namespace

Result<> make_areas_and_population(World& world, Files& files) {
  const auto built_up_km2 = static_cast<size_t>(world.figure("F079")) + 2;
  add_districts(world, built_up_km2);
  add_zones(world);
  add_cells(world, built_up_tiles(built_up_km2));
  return make_population(world, files);
}

}  // namespace yipan::generate
