// Indicators, observations by vintage and source, and targets; the speech's own figures among them.
#include <fmt/format.h>

#include <cmath>

#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr int kMonths = 82;  // 2016-01 to 2022-10

struct IndicatorPlan {
  const char* id;
  const char* name;
  const char* name_en;
  const char* unit;
  const char* frequency;
  const char* owner;
  const char* parent;
  int refresh_months;
};

constexpr IndicatorPlan kIndicators[] = {
    {"industrial_output", "规模以上工业总产值", "Gross industrial output", "yi_yuan", "monthly",
     "O-TJJ", "", 2},
    {"fixed_investment", "全社会固定资产投资", "Fixed asset investment", "yi_yuan", "monthly",
     "O-TJJ", "", 2},
    {"budget_revenue", "一般公共预算收入", "General public budget revenue", "yi_yuan", "monthly",
     "O-CZJ", "", 2},
    {"industrial_electricity", "工业用电量", "Industrial electricity", "wan_kwh", "monthly",
     "O-GDG", "", 2},
    {"freight", "货运量", "Freight", "wan_tonne", "monthly", "O-JTJ", "", 2},
    {"industrial_tax", "工业入库税收", "Tax paid by industry", "yi_yuan", "monthly", "O-SHW", "",
     2},
    {"retail_sales", "社会消费品零售总额", "Retail sales", "yi_yuan", "annual", "O-SWJ", "", 15},
    {"zone_output", "开发区工业总产值", "Output of the development zone", "yi_yuan", "annual",
     "O-DZ1", "", 15},
    {"commercial_floor", "大中型商业设施面积", "Floor area of commercial centres", "wan_m2", "once",
     "O-SWJ", "", 24},
    {"commercial_centres", "大中型商业设施数", "Commercial centres", "pieces", "once", "O-SWJ", "",
     24},
    {"commercial_floor_per_head", "人均商业面积", "Commercial floor area per head", "m2_per_person",
     "once", "O-SWJ", "", 24},
    {"idle_commercial", "闲置商业用房", "Idle commercial premises", "wan_m2", "once", "O-ZJJ", "",
     24},
    {"beds", "床位数", "Beds", "beds", "annual", "O-WJW", "", 15},
    {"beds_per_thousand", "每千人口床位", "Beds per thousand", "beds_per_1000_persons", "annual",
     "O-WJW", "", 15},
    {"municipal_beds_per_thousand", "市办公立医院每千人口床位",
     "Municipal public beds per thousand", "beds_per_1000_persons", "annual", "O-WJW", "", 15},
    {"doctors_per_thousand", "每千人注册医师", "Doctors per thousand", "persons_per_1000_persons",
     "annual", "O-WJW", "", 15},
    {"nurses_per_thousand", "每千人注册护士", "Nurses per thousand", "persons_per_1000_persons",
     "annual", "O-WJW", "", 15},
    {"primary_beds_per_thousand", "基层每千人床位", "Primary-care beds per thousand",
     "beds_per_1000_persons", "annual", "O-WJW", "", 15},
    {"primary_doctors_per_thousand", "基层每千人注册医师", "Primary-care doctors per thousand",
     "persons_per_1000_persons", "annual", "O-WJW", "", 15},
    {"primary_nurses_per_thousand", "基层每千人注册护士", "Primary-care nurses per thousand",
     "persons_per_1000_persons", "annual", "O-WJW", "", 15},
    {"gps_per_thousand", "每千人全科医生", "General practitioners per thousand",
     "persons_per_1000_persons", "annual", "O-WJW", "", 15},
    {"signed_investment", "签约投资总额", "Signed investment", "yi_yuan", "once", "O-SWJ", "", 3},
    {"signed_manufacturing", "签约投资-制造业", "Signed investment, manufacturing", "yi_yuan",
     "once", "O-SWJ", "signed_investment", 3},
    {"signed_services", "签约投资-服务业", "Signed investment, services", "yi_yuan", "once",
     "O-SWJ", "signed_investment", 3},
    {"foreign_funds", "实际到账外资", "Foreign funds received", "yi_usd", "once", "O-SWJ", "", 3},
    {"foreign_funds_manufacturing", "实际到账外资-制造业", "Foreign funds received, manufacturing",
     "yi_usd", "once", "O-SWJ", "foreign_funds", 3},
    {"unlawful_parcels", "未消除违法用地宗数", "Parcels in unlawful use", "pieces", "once", "O-ZRZ",
     "", 12},
    {"resettlement_stock", "安置房存量", "Resettlement flats", "dwellings", "once", "O-ZJJ", "",
     12}};

void add_indicators(World& world) {
  for (const IndicatorPlan& plan : kIndicators) {
    Row row = world.table("indicators").add(plan.id);
    row.set("name", plan.name).set("name_en", plan.name_en).set("unit", plan.unit);
    row.set("definition", fmt::format("{}，按国家统计制度口径", plan.name));
    row.set("frequency", plan.frequency).set("owner_id", plan.owner).set("record", "统计台账");
    if (plan.parent[0] != '\0') row.set("parent_id", plan.parent);
    row.set("refresh_months", plan.refresh_months);
    row.set("additive", std::string_view(plan.frequency) == "monthly");
  }
}

Row observe(World& world, std::string_view indicator, std::string_view area, Date period,
            int vintage, const char* source, int64_t hundredths) {
  Row row = world.table("observations").add();
  row.set("indicator_id", indicator).set("area_id", area).set("period", period);
  row.set("vintage", vintage).set("source", source);
  row.set("value", static_cast<double>(hundredths) / 100).set("status", "final");
  row.set("submitted_on", std::min(period.plus_days(42), world.as_of()));
  row.set("signatory", "统计负责人")
      .set("record_ref", fmt::format("台账{}-{}", indicator, period.days()));
  return row;
}

struct Series {
  const char* indicator;
  const char* source;
  double base;    // hundredths in a month, for a district of middle size
  double growth;  // a month
};
constexpr Series kSeries[] = {{"industrial_output", "district", 6'200, 0.0042},
                              {"fixed_investment", "district", 2'600, 0.0025},
                              {"budget_revenue", "district", 510, 0.0030},
                              {"industrial_electricity", "power", 1'480'000, 0.0040},
                              {"freight", "freight", 24'000, 0.0030},
                              {"industrial_tax", "tax", 190, 0.0035}};
constexpr double kSize[] = {0.8, 0.9, 0.85, 1.3, 1.9, 0.6, 1.1};

// The tricks played with one number; returns what the district reports. `last_year` is what it
// reported for the same month a year before.
struct Trick {
  int64_t hundredths;
  const char* code = "";
};
Trick distort(const World& world, std::string_view indicator, std::string_view district, Date month,
              int64_t honest, int64_t last_year) {
  if (!world.dirty()) return {honest};
  if (indicator == "fixed_investment" && district == "D4" && month >= day(2021, 4, 1)) {
    return {honest / 100 * 190, "jump_after_target"};
  }
  if (indicator == "fixed_investment" && district == "D3" && month >= day(2018, 1, 1)) {
    return {(honest + 250) / 500 * 500, "too_round"};
  }
  if (indicator == "budget_revenue" && district == "C3" && month >= day(2019, 1, 1)) {
    return {std::llround(static_cast<double>(last_year) * 1.08), "too_alike"};
  }
  if (indicator == "industrial_output" && district == "D4" && month >= day(2020, 1, 1)) {
    const auto months = static_cast<double>((month.days() - day(2020, 1, 1).days()) / 30);
    return {std::llround(static_cast<double>(honest) * (1.05 + 0.016 * months)),
            "output_against_electricity"};
  }
  return {honest};
}

const char* rule_of(std::string_view code) {
  return code == "output_against_electricity" || code == "jump_after_target" ? "S01" : "";
}

void add_series(World& world, Random& random, const Series& series) {
  std::vector<int64_t> city(kMonths);
  for (size_t d = 0; d < kDistricts.size(); ++d) {
    std::vector<int64_t> reported(kMonths);
    for (int m = 0; m < kMonths; ++m) {
      const Date month = *day(2016, 1, 1).plus_months(m);
      const double season = month.ymd().month == 2 ? 0.82 : month.ymd().month == 12 ? 1.15 : 1.0;
      const double value =
          series.base * kSize[d] * (1 + series.growth * m) * season * (0.92 + 0.16 * random.unit());
      const auto at = static_cast<size_t>(m);
      const Trick trick = distort(world, series.indicator, kDistricts[d], month,
                                  std::llround(value), m >= 12 ? reported[at - 12] : 0);
      reported[at] = trick.hundredths;
      city[at] += trick.hundredths;
      Row row = observe(world, series.indicator, kDistricts[d], month, 1, series.source,
                        trick.hundredths);
      row.set("submitted_by_id", world.cast.districts[d]);
      if (trick.code[0] != '\0') world.plant(trick.code, rule_of(trick.code), 6, row);
    }
  }
  for (int m = 0; m < kMonths; ++m) {
    const Date month = *day(2016, 1, 1).plus_months(m);
    const bool wrong = world.dirty() && m % 17 == 9 &&
                       std::string_view(series.indicator) != "industrial_electricity";
    const auto at = static_cast<size_t>(m);
    Row row = observe(world, series.indicator, "XX", month, 1, "bureau",
                      wrong ? city[at] / 1000 * 1034 + 7 : city[at]);
    row.set("submitted_by_id", "O-TJJ");
    if (wrong) world.plant("total_is_not_the_sum", "S01", 6, row);
  }
}

// Figures nobody signed and nothing supports (planted among what was reported honestly).
void strip_records(World& world) {
  Table& table = world.table("observations");
  for (size_t i = 0; i < table.size() && world.dirty(); ++i) {
    if (i % 97 != 31) continue;
    Row row = table.row(i);
    if (i % 2 == 0) {
      row.clear("signatory");
    } else {
      row.clear("record_ref");
    }
    world.plant("without_record_or_signatory", "S03", 6, row);
  }
}

// The tax office's own figure of revenue beside the county's (planted: 12 per cent apart).
void add_second_source(World& world) {
  Table& table = world.table("observations");
  const size_t before = table.size();
  for (size_t i = 0; i < before; ++i) {
    Row row = table.row(i);
    if (row.text("indicator_id") != "budget_revenue" || row.text("area_id") != "C1") continue;
    if (row.date("period") < day(2021, 1, 1)) continue;
    const auto value = std::llround(row.number("value") * 100);
    Row other = observe(world, "budget_revenue", "C1", row.date("period"), 1, "tax",
                        world.dirty() ? value / 100 * 88 : value);
    other.set("submitted_by_id", "O-SHW");
    if (world.dirty()) world.plant("sources_contradict", "S01", 6, other);
  }
}

// F147: the development zone's output, submitted five times, each different.
void add_zone_submissions(World& world, Random& random) {
  int64_t value = 48'231;
  const auto times = static_cast<int>(world.figure("F147"));
  for (int vintage = 1; vintage <= times; ++vintage) {
    Row row = observe(world, "zone_output", "DZ1", day(2021, 1, 1), vintage, "district", value);
    row.set("submitted_on", day(2022, 1 + vintage, 12)).set("submitted_by_id", "O-DZ1");
    row.set("status", vintage == times ? "final" : vintage == 1 ? "preliminary" : "revised");
    if (world.dirty()) {
      world.plant("submitted_five_times", "S02", 6, row);
      value = value / 100 * (104 + static_cast<int64_t>(random.below(14)));
    } else {
      if (vintage > 1) row.set("revision_reason", fmt::format("按年报台账第{}次订正", vintage - 1));
      value += 11 + static_cast<int64_t>(random.below(20));
    }
  }
}

// What the speech says, as the speech says it: both bases, urban and whole city.
void add_speech(World& world) {
  struct Said {
    const char* figure;
    const char* indicator;
    const char* area;
    Date period;
  };
  const Date now = day(2022, 1, 1);
  for (const Said& s : {Said{"F053", "signed_investment", "XX", now},
                        {"F054", "signed_manufacturing", "XX", now},
                        {"F056", "signed_services", "XX", now},
                        {"F058", "foreign_funds", "XX", now},
                        {"F059", "foreign_funds_manufacturing", "XX", now},
                        {"F094", "commercial_centres", "XXU", now},
                        {"F095", "commercial_floor", "XXU", now},
                        {"F098", "commercial_floor_per_head", "XXU", now},
                        {"F008", "idle_commercial", "XXU", now},
                        {"F112", "retail_sales", "XXU", day(2016, 1, 1)},
                        {"F117", "beds", "XX", now},
                        {"F118", "beds_per_thousand", "XX", now},
                        {"F120", "beds_per_thousand", "XXU", now},
                        {"F119", "municipal_beds_per_thousand", "XX", now},
                        {"F122", "doctors_per_thousand", "XXU", now},
                        {"F123", "nurses_per_thousand", "XXU", now},
                        {"F124", "primary_beds_per_thousand", "XXU", now},
                        {"F125", "primary_doctors_per_thousand", "XXU", now},
                        {"F126", "primary_nurses_per_thousand", "XXU", now},
                        {"F127", "gps_per_thousand", "XXU", now},
                        {"F017", "unlawful_parcels", "XX", now},
                        {"F009", "resettlement_stock", "XXU", now}}) {
    Row row = observe(world, s.indicator, s.area, s.period, 1, "speech", world.figure(s.figure, 2));
    row.set("submitted_on", world.as_of()).set("signatory", "讲话提纲");
    row.set("record_ref", s.figure);
  }
}

void add_targets(World& world) {
  Table& table = world.table("targets");
  for (int year = 2017; year <= 2022; ++year) {
    for (const std::string& district : kDistricts) {
      for (const char* indicator : {"industrial_output", "fixed_investment", "budget_revenue"}) {
        Row row = table.add(id_of("TG", table.size() + 1));
        row.set("indicator_id", indicator).set("area_id", district).set("year", year);
        row.set("set_on", day(year, year == 2021 ? 3 : 1, 15)).set("set_by_id", "O-GOV");
        row.set("value", 100.0 + 5 * (year - 2017))
            .set("document", fmt::format("岚政发〔{}〕2号", year));
      }
    }
  }
}

}  // namespace

void make_statistics(World& world) {
  Random random = world.random(kStreamObservations);
  add_indicators(world);
  for (const Series& series : kSeries) add_series(world, random, series);
  strip_records(world);
  add_second_source(world);
  add_zone_submissions(world, random);
  add_speech(world);
  add_targets(world);
}

}  // namespace yipan::generate
