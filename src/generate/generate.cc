#include <fmt/format.h>

#include "generate/package.h"
#include "generate/verify.h"
#include "generate/world.h"
#include "yipan/generate.h"

namespace yipan::generate {
namespace {

// Every figure the generator counts on, with the decimals it needs, so that the rest may take them
// for granted.
struct Needed {
  const char* id;
  int digits;
};
constexpr Needed kNeeded[] = {
    {"F008", 0}, {"F008", 2}, {"F009", 0}, {"F010", 0}, {"F011", 0}, {"F012", 0}, {"F013", 0},
    {"F014", 0}, {"F016", 0}, {"F017", 0}, {"F018", 0}, {"F040", 0}, {"F043", 0}, {"F051", 0},
    {"F052", 0}, {"F053", 2}, {"F054", 2}, {"F056", 2}, {"F058", 2}, {"F059", 2}, {"F079", 0},
    {"F087", 0}, {"F093", 0}, {"F094", 0}, {"F095", 2}, {"F096", 0}, {"F097", 2}, {"F098", 2},
    {"F104", 0}, {"F106", 0}, {"F107", 0}, {"F108", 0}, {"F109", 0}, {"F112", 2}, {"F116", 0},
    {"F117", 0}, {"F118", 2}, {"F119", 2}, {"F120", 2}, {"F122", 2}, {"F123", 2}, {"F124", 2},
    {"F125", 2}, {"F126", 2}, {"F127", 2}, {"F130", 0}, {"F132", 0}, {"F133", 0}, {"F135", 2},
    {"F136", 0}, {"F137", 2}, {"F138", 2}, {"F139", 2}, {"F140", 0}, {"F141", 2}, {"F142", 2},
    {"F144", 0}, {"F145", 0}, {"F147", 0}, {"F150", 0}};

Result<> check_options(const GenerateOptions& options) {
  if (options.scale >= 1 && options.scale <= 100) return {};
  return fail(Error("generate.options.scale")
                  .zh(fmt::format("规模倍数 {} 不在 1 到 100 之间", options.scale))
                  .en(fmt::format("the scale {} is not between 1 and 100", options.scale))
                  .remedy("给出 1 到 100 的整数", "give a whole number from 1 to 100"));
}

// The figures bound each other and the room that the city's plan has; outside of these bounds no
// city can be drawn.
bool drawable(const Figures& f, std::string_view id) {
  const auto v = [&](const char* name, int digits = 0) { return *f.scaled(name, digits); };
  if (id == "F008") return v("F008") >= v("F095", 2) / 250 + 10;
  if (id == "F009") return v("F009") > v("F011") && v("F010") > v("F012");
  if (id == "F012") {
    return v("F012") * 10'000 >= v("F011") * 46 &&
           (v("F010") - v("F012")) * 10'000 >= (v("F009") - v("F011")) * 46;
  }
  if (id == "F016") return v("F016") == 7;
  if (id == "F017") return v("F017") >= 2 && v("F017") <= 5'000;
  if (id == "F018") return v("F018") >= v("F017") * 2 && v("F018") <= v("F017") * 60;
  if (id == "F051") {
    const Figure* months = f.find("F051");
    if (!months->value_max) return false;
    const int64_t last = months->value_max->to_int64().value_or(0);
    return last >= 1 && last <= 12;
  }
  if (id == "F052") return v("F052") >= 80 && v("F052") <= 300;
  if (id == "F053") return v("F053", 2) - v("F054", 2) - v("F056", 2) >= 1'000;
  if (id == "F054") return v("F054", 2) >= 61 * 60 && v("F056", 2) >= (v("F052") - 69) * 60;
  if (id == "F059") return v("F059", 2) >= 2 && v("F058", 2) - v("F059", 2) >= 40;
  if (id == "F079") return v("F079") >= 60 && v("F079") <= 400;
  if (id == "F087") return v("F087") >= 0 && v("F087") <= 50;
  if (id == "F094") return v("F094") >= v("F104") + v("F106") + v("F107") + 18;
  if (id == "F096") return v("F096") >= 16 && v("F104") >= 6 && v("F106") >= 3 && v("F107") >= 4;
  if (id == "F097") {
    return v("F097", 2) * 100 >= v("F096") * 60'000 &&
           (v("F095", 2) - v("F097", 2)) * 100 >= (v("F094") - v("F096")) * 12'000;
  }
  if (id == "F098") return v("F098", 2) > 0 && v("F118", 2) > 0;
  if (id == "F109") return v("F109") >= 1 && v("F109") <= 20;
  if (id == "F116") return v("F116") > 442;
  if (id == "F132") return v("F132") >= 1950 && v("F132") <= 2100;
  if (id == "F133") return v("F133") >= 24 * 100;
  if (id == "F144") return v("F144") >= 0 && v("F144") <= v("F145");
  return true;
}

Result<> check_figures(const Figures& figures) {
  for (const Needed& needed : kNeeded) YIPAN_TRY(figures.scaled(needed.id, needed.digits));
  for (const Needed& needed : kNeeded) {
    if (drawable(figures, needed.id)) continue;
    return fail(Error("generate.figures.bounds")
                    .zh(fmt::format("数据 {} 与其他数据或城市的底图不相容", needed.id))
                    .en(fmt::format("figure {} does not go with the others or with the city's plan",
                                    needed.id))
                    .element(needed.id)
                    .remedy("核对该数据及与之相关的数据（docs/formats/figures.md）",
                            "check it and those related to it (docs/formats/figures.md)"));
  }
  return {};
}

Result<> make_tables(World& world, Files& files) {
  YIPAN_TRY(make_areas_and_population(world, files));
  make_organisations(world);
  make_facilities(world);
  make_commerce(world);
  make_parcels(world);
  make_projects(world);
  make_procedure(world);
  make_procurement(world);
  make_accounts_and_budget(world);
  make_housing(world);
  make_payments(world);
  make_transfers(world);
  make_investments(world);
  make_debts(world);
  make_plans(world);
  make_assets(world);
  make_funds_and_policies(world);
  make_statistics(world);
  make_enterprise_months(world);
  make_governance(world);
  return {};
}

}  // namespace

Result<GenerateReport> generate(Files& files, const GenerateOptions& options) {
  YIPAN_TRY(check_options(options));
  YIPAN_ASSIGN(Figures figures, Figures::load(files, options.city_dir + "/figures.toml"));
  YIPAN_TRY(check_figures(figures));
  YIPAN_ASSIGN(SchemaSet schemas, SchemaSet::load(files, options.schema_dir));
  World world(options, std::move(figures), std::move(schemas));
  YIPAN_TRY(make_tables(world, files));
  GenerateReport report;
  YIPAN_ASSIGN(report.figures, verify(world));
  YIPAN_ASSIGN(report.tables, write_package(files, world));
  if (options.with_planted) YIPAN_TRY(write_planted(files, world));
  for (const TableReport& table : report.tables) {
    report.rows += table.rows;
    report.bytes += table.bytes;
  }
  for (const Planted& entry : world.planted) report.planted += entry.keys.size();
  return report;
}

}  // namespace yipan::generate
