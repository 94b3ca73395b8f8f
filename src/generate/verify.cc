#include "generate/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "generate/world.h"

namespace yipan::generate {
namespace {

using Where = std::function<bool(const Row&)>;

class Checker {
 public:
  explicit Checker(World& world) : world_(world) {}

  int64_t figure(std::string_view id) const { return world_.figure(id); }
  int64_t count(std::string_view table, const Where& where = {}) {
    int64_t n = 0;
    each(table, where, [&](const Row&) { ++n; });
    return n;
  }
  int64_t sum(std::string_view table, std::string_view field, const Where& where = {}) {
    int64_t total = 0;
    each(table, where, [&](const Row& row) { total += row.integer(field); });
    return total;
  }
  // Of a number column, in hundredths.
  int64_t sum_hundredths(std::string_view table, std::string_view field, const Where& where = {}) {
    int64_t total = 0;
    each(table, where, [&](const Row& row) { total += std::llround(row.number(field) * 100); });
    return total;
  }

  // `found` in the figure's unit x 10^digits must be the figure.
  void equals(std::string_view figure, int digits, int64_t found) {
    judge(figure, found, world_.figure(figure, digits), found == world_.figure(figure, digits));
  }
  void holds(std::string_view figure, int64_t found, bool condition) {
    judge(figure, found, world_.figure(figure, 2), condition);
  }
  // found per thousand people, rounded to the figure's own decimals, must be the figure.
  void per_thousand(std::string_view figure, int64_t found, int64_t people, int digits) {
    const int64_t scale = digits == 1 ? 10'000 : 100'000;
    equals(figure, digits, (found * scale + people / 2) / people);
  }

  Result<std::vector<std::string>> take() {
    if (error_) return fail(*error_);
    return std::move(verified_);
  }

 private:
  void each(std::string_view name, const Where& where, const std::function<void(const Row&)>& use) {
    Table& table = world_.table(name);
    for (size_t i = 0; i < table.size(); ++i) {
      const Row row = table.row(i);
      if (!where || where(row)) use(row);
    }
  }
  void judge(std::string_view figure, int64_t found, int64_t wanted, bool right) {
    if (right) {
      verified_.emplace_back(figure);
    } else if (!error_) {
      error_ = Error("generate.total")
                   .zh(fmt::format("生成的数据与 {} 不符：得到 {}，应为 {}", figure, found, wanted))
                   .en(fmt::format("the generated tables miss {}: {} instead of {}", figure, found,
                                   wanted))
                   .element(figure)
                   .remedy("figures.toml 中改动的数据与别的数据冲突；改回或一并修改",
                           "a changed figure conflicts with others; change it back or change both");
    }
  }

  World& world_;
  std::vector<std::string> verified_;
  std::optional<Error> error_;
};

Where is(std::string_view field, std::string_view value) {
  return [field, value](const Row& row) { return row.text(field) == value; };
}

void check_investment(Checker& c) {
  const Where now = [](const Row& row) { return row.date("signed_on") >= day(2022, 1, 1); };
  const auto now_in = [now](std::string_view sector) {
    return [now, sector](const Row& row) { return now(row) && row.text("sector") == sector; };
  };
  c.equals("F052", 0, c.count("investments", now));
  // 亿元 with two decimals are 10^8 fen.
  const auto signed_yi = [&](const Where& where) {
    return c.sum("investments", "signed_fen", where) / 100'000'000;
  };
  c.equals("F053", 2, signed_yi(now));
  c.equals("F054", 2, signed_yi(now_in("manufacturing")));
  c.equals("F056", 2, signed_yi(now_in("services")));
  const auto usd = [&](std::string_view sector) {
    return c.sum("investment_receipts", "amount_usd", [sector](const Row& row) {
      return row.date("month") >= day(2022, 1, 1) &&
             (sector.empty() || row.text("sector") == sector);
    });
  };
  c.equals("F058", 8, usd(""));
  c.equals("F059", 8, usd("manufacturing"));
}

void check_commerce(Checker& c, int64_t urban) {
  c.equals("F094", 0, c.count("commercial_centres"));
  c.equals("F095", 4, c.sum("commercial_centres", "floor_m2"));
  c.equals("F096", 0, c.count("commercial_centres", is("kind", "complex")));
  c.equals("F097", 4, c.sum("commercial_centres", "floor_m2", is("kind", "complex")));
  const int64_t floor = c.sum("commercial_centres", "floor_m2");
  c.equals("F098", 2, (floor * 100 + urban / 2) / urban);
  c.equals("F104", 0, c.count("commercial_centres", is("circle_id", "K1")));
  c.equals("F106", 0, c.count("commercial_centres", is("circle_id", "K2")));
  c.equals("F107", 0, c.count("commercial_centres", is("circle_id", "K3")));
  const int64_t vacant = c.sum("commercial_centres", "vacant_m2");
  c.holds("F093", vacant, c.count("commercial_centres", [](const Row& row) {
    const int64_t permille = row.integer("vacant_m2") * 1000 / row.integer("floor_m2");
    return permille >= 400 && permille <= 500;
  }) >= 3);
  const int64_t idle = c.sum_hundredths("assets", "idle_m2", is("kind", "commercial"));
  const int64_t near = c.figure("F008") * 1'000'000;
  c.holds("F008", idle, idle < near && idle > near / 100 * 96);
}

void check_health(Checker& c, int64_t urban, int64_t city) {
  const Where health = [](const Row& row) {
    const std::string& kind = row.text("kind");
    return kind == "hospital" || kind == "primary_care" || kind == "public_health";
  };
  const Where in_town = [health](const Row& row) {
    return health(row) && row.flag("built_up_area");
  };
  const Where primary = [in_town](const Row& row) {
    return in_town(row) && row.text("kind") == "primary_care";
  };
  c.equals("F116", 0, c.count("facilities", health));
  c.equals("F117", 0, c.sum("facilities", "beds", health));
  c.per_thousand("F118", c.sum("facilities", "beds", health), city, 2);
  c.per_thousand("F119",
                 c.sum("facilities", "beds",
                       [](const Row& row) {
                         return row.text("kind") == "hospital" &&
                                row.text("ownership") == "municipal_public";
                       }),
                 city, 2);
  c.per_thousand("F120", c.sum("facilities", "beds", in_town), urban, 1);
  c.per_thousand("F122", c.sum("facilities", "doctors", in_town), urban, 2);
  c.per_thousand("F123", c.sum("facilities", "nurses", in_town), urban, 2);
  c.per_thousand("F124", c.sum("facilities", "beds", primary), urban, 2);
  c.per_thousand("F125", c.sum("facilities", "doctors", primary), urban, 2);
  c.per_thousand("F126", c.sum("facilities", "nurses", primary), urban, 2);
  c.per_thousand("F127", c.sum("facilities", "general_practitioners", primary), urban, 1);
}

void check_places(Checker& c, World& world) {
  c.equals("F087", 0, c.count("facilities", is("kind", "railway_station")));
  const Where old_school = [](const Row& row) {
    return row.text("name") == "岚江三中" || row.text("name") == "岚江四中";
  };
  c.holds("F130", c.sum("facilities", "pupils", old_school),
          c.count("facilities", [&](const Row& row) {
            return old_school(row) && row.integer("pupils") > 500 && row.integer("pupils") < 600;
          }) == 2);
  int64_t quarter = 0;
  double built_up = 0;
  double urban = 0;
  for (const GridCell& cell : world.cells) {
    if (cell.quarter) quarter += cell.residents;
    if (cell.built_up) built_up += cell.size * cell.size / 1e6;
    if (cell.urban) urban += cell.size * cell.size / 1e6;
  }
  c.equals("F109", 4, quarter);
  c.equals("F043", 0, std::llround(urban));
  c.holds("F079", std::llround(built_up), built_up > static_cast<double>(world.figure("F079")));
  c.equals("F108", 6, c.sum("areas", "area_m2", is("id", "Z1")));
  std::set<std::string> agents;
  for (const Course& course : world.courses) agents.insert(course.agent);
  c.holds("F150", static_cast<int64_t>(agents.size()),
          static_cast<int64_t>(agents.size()) > world.figure("F150"));
}

void check_housing(Checker& c) {
  c.equals("F009", 0, c.count("flats"));
  c.equals("F010", 6, c.sum_hundredths("flats", "floor_m2"));
  c.equals("F011", 0, c.count("flats", is("use_intended", "resettlement")));
  c.equals("F012", 6, c.sum_hundredths("flats", "floor_m2", is("use_intended", "resettlement")));
  c.equals("F013", 0, c.count("flats", is("use_intended", "surplus")));
  c.equals("F014", 6, c.sum_hundredths("flats", "floor_m2", is("use_intended", "surplus")));
  c.equals("F011", 0, c.sum("waiting_households", "due_flats"));
  c.equals("F012", 6, c.sum_hundredths("waiting_households", "due_m2"));
  int64_t low = INT64_MAX;
  int64_t high = 0;
  c.count("waiting_households", [&](const Row& row) {
    low = std::min(low, row.integer("fee_fen"));
    high = std::max(high, row.integer("fee_fen"));
    return true;
  });
  c.equals("F144", 2, low);
  c.equals("F145", 2, high);
}

void check_rest(Checker& c) {
  const Where uncleared = is("state", "uncleared");
  c.equals("F017", 0, c.count("land_violations", uncleared));
  // 20,000 mu are 13,333,333.33 m².
  const int64_t mu = c.sum_hundredths("land_violations", "occupied_m2", uncleared) * 3 / 200'000;
  const int64_t over = c.figure("F018");
  c.holds("F018", mu, mu > over && mu < over + over / 20);
  const Where december = [](const Row& row) { return row.date("month") == day(2016, 12, 1); };
  c.equals("F133", 6, -c.sum("fund_months", "balance_fen", december));
  std::set<int64_t> values;
  const int64_t submissions = c.count("observations", [&](const Row& row) {
    if (row.text("indicator_id") != "zone_output") return false;
    values.insert(std::llround(row.number("value") * 100));
    return true;
  });
  c.equals("F147", 0, submissions);
  c.equals("F147", 0, static_cast<int64_t>(values.size()));
  const auto amount = [&](std::string_view policy, std::string_view name, std::string_view level) {
    return c.sum("policy_parameters", "amount_fen", [=](const Row& row) {
      return row.text("policy_id") == policy && row.text("name") == name &&
             row.text("level") == level;
    });
  };
  c.equals("F135", 2, amount("PO-DB", "guarantee", "city"));
  c.equals("F137", 2, amount("PO-ZG", "pension_lowest", "city"));
  c.equals("F138", 2, amount("PO-TP", "line", "province"));
  c.equals("F139", 2, amount("PO-TP", "line", "city"));
  c.equals("F141", 2, amount("PO-NB", "pension_highest", "city"));
  c.equals("F142", 2, amount("PO-NB", "pension_highest_year", "city"));
}

}  // namespace

Result<std::vector<std::string>> verify(World& world) {
  Checker checker(world);
  int64_t urban = 0;
  int64_t city = 0;
  Table& population = world.table("population");
  std::map<std::string, bool, std::less<>> in_town;
  for (const GridCell& cell : world.cells) in_town.emplace(cell.id, cell.urban);
  for (size_t i = 0; i < population.size(); ++i) {
    const Row row = population.row(i);
    city += row.integer("resident_persons");
    if (in_town.find(row.text("area_id"))->second) urban += row.integer("resident_persons");
  }
  check_investment(checker);
  check_commerce(checker, urban);
  check_health(checker, urban, city);
  check_places(checker, world);
  check_housing(checker);
  check_rest(checker);
  return checker.take();
}

}  // namespace yipan::generate
