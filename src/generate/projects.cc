// Projects and the course of each through the lawful procedure; which problem is planted in which.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generate/places.h"
#include "generate/world.h"

namespace yipan::generate {
namespace {

constexpr size_t kProjects = 480;

struct KindPlan {
  const char* kind;
  const char* name;
  const char* supervisor;
  int64_t norm_fen_per_m2;  // 0: linear works
  int64_t middle_fen;
};

constexpr KindPlan kKinds[] = {{"road", "道路工程", "O-JTJ", 0, 9'000'000'000},
                               {"road", "桥梁工程", "O-JTJ", 0, 16'000'000'000},
                               {"municipal", "管网工程", "O-ZJJ", 0, 3'500'000'000},
                               {"water", "河道整治工程", "O-SLJ", 0, 5'000'000'000},
                               {"school", "学校工程", "O-ZJJ", 480'000, 12'000'000'000},
                               {"hospital", "医院工程", "O-ZJJ", 750'000, 30'000'000'000},
                               {"resettlement", "安置房工程", "O-ZJJ", 420'000, 40'000'000'000},
                               {"culture_sport", "文体中心工程", "O-ZJJ", 820'000, 18'000'000'000},
                               {"industrial_park", "产业园工程", "O-ZJJ", 350'000, 22'000'000'000},
                               {"renewal", "老旧小区改造", "O-ZJJ", 0, 2'600'000'000},
                               {"environment", "污水处理工程", "O-ZJJ", 0, 7'000'000'000},
                               {"digital", "信息化工程", "O-ZJJ", 0, 330'000'000}};

struct ProblemPlan {
  const char* code;
  size_t count;
  bool wants_completed;
  bool wants_building;  // with a floor area
};

// Those that fit few projects come first.
constexpr ProblemPlan kProblems[] = {{"payment_too_low", 6, false, false},
                                     {"over_scale", 12, true, true},
                                     {"splendid_training_centre", 3, true, true},
                                     {"over_standard", 12, false, true},
                                     {"office_over_standard", 4, false, true},
                                     {"over_budget", 14, true, false},
                                     {"used_without_acceptance", 6, true, false},
                                     {"filing_late", 5, true, false},
                                     {"no_planning_verification", 5, true, false},
                                     {"no_final_accounts", 8, true, false},
                                     {"adjusted_without_audit", 5, true, false},
                                     {"step_skipped", 14, false, false},
                                     {"tender_before_approval", 16, false, false},
                                     {"no_budget", 12, false, false},
                                     {"started_before_permit", 18, false, false},
                                     {"no_platform_code", 10, false, false},
                                     {"approval_without_findings", 12, false, false},
                                     {"major_without_assessment", 8, false, false},
                                     {"budget_over_estimate", 10, false, false},
                                     {"no_tender", 14, false, false},
                                     {"split_contracts", 8, false, false},
                                     {"tender_too_short", 8, false, false},
                                     {"contract_late", 8, false, false},
                                     {"bid_bond_too_high", 6, false, false},
                                     {"contractor_advances", 8, false, false},
                                     {"no_planning_permit", 8, false, false},
                                     {"outside_plan", 14, false, false},
                                     {"no_progress_reports", 8, false, false},
                                     {"prepayment_out_of_range", 5, false, false},
                                     {"retention_too_high", 5, false, false},
                                     {"agent_is_supervisor", 12, false, false},
                                     {"plan_before_approval", 6, false, false},
                                     {"plan_row_incomplete", 8, false, false},
                                     {"special_money_diverted", 4, false, false},
                                     {"invited_without_ground", 5, false, false}};

Date later(Random& random, Date from, int days_min, int days_max) {
  return working_day(from.plus_days(random.between(days_min, days_max)));
}

// Dates in the lawful order, each step some weeks after the one before.
void set_dates(Random& random, Course& c, Date proposed) {
  c.proposed = working_day(proposed);
  c.proposal = later(random, c.proposed, 14, 40);
  c.feasibility = later(random, c.proposal, 40, 90);
  c.design = later(random, c.feasibility, 40, 80);
  c.budget = later(random, c.design, 14, 30);
  c.fiscal = later(random, c.budget, 14, 30);
  c.plan_permit = later(random, c.budget, 20, 40);
  c.drawing = later(random, c.plan_permit, 20, 40);
  c.notice = later(random, c.fiscal, 20, 45);
  c.award = later(random, c.notice, 30, 40);
  c.contract = later(random, c.award, 8, 24);
  const Date ready = std::max(c.contract, c.drawing);
  c.permit = later(random, ready, 14, 30);
  c.start = later(random, c.permit, 5, 30);
  c.end = later(random, c.start, 330, 720);
  c.verified = later(random, c.end, 10, 30);
  c.accepted = later(random, c.verified, 7, 30);
  c.filed = later(random, c.accepted, 4, 10);
  c.accounts = later(random, c.accepted, 90, 300);
}

void set_money(Random& random, Course& c, const KindPlan& kind) {
  const bool small = random.chance(0.08);
  c.estimate_fen = small
                       ? random.between(200, 330) * 1'000'000
                       : std::max<int64_t>(around(random, kind.middle_fen, 1'000'000), 900'000'000);
  c.budget_fen = c.estimate_fen / 1'000'000 * (960 + static_cast<int64_t>(random.below(90))) * 1000;
  c.norm_fen_per_m2 = kind.norm_fen_per_m2;
  c.building = kind.norm_fen_per_m2 > 0;
  if (c.building) {
    const double unit = static_cast<double>(c.norm_fen_per_m2) * (0.84 + 0.12 * random.unit());
    c.floor_m2 = std::ceil(static_cast<double>(c.budget_fen) / unit);
  }
  c.major = c.budget_fen >= 50'000'000'000;
}

std::string owner_for(const World& world, Random& random, std::string_view kind) {
  if (kind == "school" && random.chance(0.5)) return "O-JYJ";
  if (kind == "hospital" && random.chance(0.5)) return "O-WJW";
  if (kind == "road") return "O-PT2";
  if (kind == "water") return "O-PT3";
  return random.chance(0.5) ? pick(random, world.cast.districts)
                            : pick(random, world.cast.platforms);
}

Course make_course(World& world, Random& random, size_t number, const KindPlan& kind) {
  Course c;
  c.id = id_of("P", number);
  c.kind = kind.kind;
  c.owner = owner_for(world, random, kind.kind);
  c.agent = world.cast.agents[number % world.cast.agents.size()];
  c.supervisor = kind.supervisor;
  const size_t phase = number % 10;
  if (phase < 7) {
    set_dates(random, c, draw_date(random, day(2014, 2, 1), day(2018, 5, 31)));
    c.completed = c.started = true;
  } else if (phase < 9) {
    set_dates(random, c, draw_date(random, day(2020, 6, 1), day(2021, 3, 31)));
    c.started = true;
    const Date later_on = world.as_of().plus_days(random.between(40, 500));
    if (c.end < world.as_of().plus_days(30)) c.end = working_day(later_on);
  } else {
    set_dates(random, c, draw_date(random, day(2022, 1, 10), day(2022, 3, 20)));
  }
  set_money(random, c, kind);
  return c;
}

// Each planted problem goes to projects that can have it, one problem a project.
void deal_problems(World& world, Random& random) {
  std::vector<size_t> order(world.courses.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  shuffle(random, &order);
  for (const ProblemPlan& plan : kProblems) {
    size_t left = plan.count;
    const bool must_be_new = std::string_view(plan.code) == "payment_too_low";
    for (const size_t i : order) {
      Course& c = world.courses[i];
      if (left == 0) break;
      const bool fits = c.problem.empty() && c.started && c.budget_fen >= 1'500'000'000 &&
                        (!plan.wants_completed || c.completed) &&
                        (!plan.wants_building || c.building) && (!must_be_new || !c.completed) &&
                        c.kind != "rail_station";
      if (!fits) continue;
      c.problem = plan.code;
      --left;
    }
    CHECK_MSG(left == 0, plan.code);
  }
}

// What a problem changes in the course itself.
void bend(World& world, Random& random, Course& c) {
  if (c.problem == "started_before_permit") c.permit = c.start.plus_days(random.between(30, 150));
  if (c.problem == "tender_before_approval") {
    const Date early = c.feasibility.plus_days(-random.between(5, 40));
    const int64_t shift = c.notice.days() - early.days();
    c.notice = working_day(early);
    c.award = working_day(c.award.plus_days(-shift));
    c.contract = working_day(c.award.plus_days(14));
  }
  if (c.problem == "budget_over_estimate") c.budget_fen = c.estimate_fen / 100 * 124;
  if (c.problem == "major_without_assessment") {
    c.major = true;
    const int64_t more = 52'000'000'000 + random.between(0, 9'000) * 1'000'000;
    c.floor_m2 =
        std::ceil(c.floor_m2 * static_cast<double>(more) / static_cast<double>(c.budget_fen));
    c.budget_fen = more;
    c.estimate_fen = more / 100 * 99;
  }
  if (c.problem == "payment_too_low") {
    // The rule on payment holds for contracts from August 2022 on.
    const int64_t shift = day(2022, 8, 8).days() + random.between(0, 10) - c.contract.days();
    for (Date Course::*when :
         {&Course::proposed, &Course::proposal, &Course::feasibility, &Course::design,
          &Course::budget, &Course::fiscal, &Course::plan_permit, &Course::drawing, &Course::notice,
          &Course::award, &Course::contract, &Course::permit, &Course::start, &Course::end}) {
      c.*when = working_day((c.*when).plus_days(shift));
    }
  }
  if (c.problem == "office_over_standard") c.floor_m2 = std::floor(c.floor_m2 / 1.45);
  if (c.problem == "over_standard") c.floor_m2 = std::floor(c.floor_m2 / 1.55);
  if (c.problem == "office_over_standard" || c.problem == "splendid_training_centre") {
    c.kind = "office";
  }
  if (c.problem == "agent_is_supervisor") c.agent = c.supervisor;
  if (c.building && c.problem == "budget_over_estimate") {
    c.floor_m2 = std::ceil(static_cast<double>(c.budget_fen) /
                           (0.9 * static_cast<double>(c.norm_fen_per_m2)));
  }
  c.major = c.major || c.budget_fen >= 50'000'000'000;
  CHECK(world.dirty());
}

void set_progress(Row& row, const Course& c) {
  if (c.started) row.set("started_on", c.start);
  if (c.completed) {
    row.set("completed_on", c.end);
    const bool early = c.problem == "used_without_acceptance";
    row.set("used_since", early ? c.end.plus_days(5) : c.accepted.plus_days(10));
  }
  row.set("state", c.completed ? "accepted" : c.started ? "building" : "approved");
  if (c.problem == "used_without_acceptance") row.set("state", "completed");
  // What is reckoned to be the final cost: within the budget unless planted otherwise.
  const bool over = c.problem == "over_budget";
  const int64_t forecast = c.budget_fen / 1000 * (over ? 1280 : 960);
  row.set("forecast_fen", forecast);
  row.set("spent_fen", c.completed ? forecast : c.started ? forecast * 6 / 10 : int64_t{0});
}

void write_project(World& world, Random& random, const Course& c, std::string_view name,
                   size_t number) {
  Row row = world.table("projects").add(c.id);
  row.set("name", name).set("kind", c.kind).set("investment_mode", "direct");
  row.set("description", fmt::format("{}，由{}建设", name, c.owner));
  if (c.problem != "no_platform_code") {
    row.set("platform_code", fmt::format("{}-320000-{:06}", c.proposed.ymd().year, number));
  }
  row.set("owner_id", c.owner).set("agent_id", c.agent).set("supervisor_id", c.supervisor);
  row.set("in_adopted_plan", c.problem != "outside_plan");
  row.set("proposed_on", c.proposed).set("planned_start_on", c.start.plus_days(20));
  row.set("planned_end_on", c.end.plus_days(30));
  set_progress(row, c);
  row.set("invest_total_fen", c.budget_fen);
  // Fiscal money: all of it, so that audit law reaches every project.
  row.set("fiscal_fen", c.budget_fen);
  if (c.building) {
    row.set("scale_m2", c.floor_m2);
    const bool over = c.problem == "over_scale";
    row.set("built_m2", std::floor(c.floor_m2 * (over ? 1.22 : 0.99)));
  } else {
    row.set("length_m", std::floor(200 + 4000 * random.unit()));
  }
  row.set("service_level", "district").set("source", "投资项目在线审批监管平台");
  const Metres at = world.lawful_parcels[number - 1];
  Row parcel = world.table("parcels").row(number - 1);
  row.set("area_id", parcel.text("area_id")).set("geom", point_json(world.projection, at));
  if (c.building) row.set("parcel_id", parcel.text("id"));
  static const std::map<std::string, std::pair<const char*, int>> kHere = {
      {"over_scale", {"P10", 2}},          {"outside_plan", {"P33", 2}},
      {"no_platform_code", {"P02", 2}},    {"started_before_permit", {"P26", 2}},
      {"over_budget", {"P12", 2}},         {"used_without_acceptance", {"P28", 2}},
      {"agent_is_supervisor", {"P38", 8}}, {"splendid_training_centre", {"P34", 8}},
      {"office_over_standard", {"P34", 8}}};
  const auto found = kHere.find(c.problem);
  if (found != kHere.end()) {
    world.plant(c.problem, found->second.first, found->second.second, row);
  }
}

}  // namespace

void make_projects(World& world) {
  Random random = world.random(kStreamProjects);
  std::vector<std::string> names;
  for (size_t i = 1; i <= kProjects; ++i) {
    // The four stations of F087 come first; their works are long finished.
    static const KindPlan kStation = {"rail_station", "铁路站房及配套", "O-JTJ", 900'000,
                                      60'000'000'000};
    const bool station = i <= static_cast<size_t>(world.figure("F087"));
    const KindPlan& kind = station ? kStation : kKinds[random.below(std::size(kKinds))];
    Course c = make_course(world, random, i, kind);
    names.push_back(fmt::format("岚江{}{}", kind.name, i));
    world.courses.push_back(c);
  }
  if (world.dirty()) {
    deal_problems(world, random);
    for (Course& c : world.courses) bend(world, random, c);
  }
  for (size_t i = 0; i < world.courses.size(); ++i) {
    Course& c = world.courses[i];
    if (c.kind == "office") {
      names[i] = c.problem == "splendid_training_centre" ? "岚江职工培训中心" : "岚江业务用房";
    }
    write_project(world, random, c, names[i], i + 1);
  }
}

}  // namespace yipan::generate
