// Approvals, estimates, annual plans and progress reports along each project's course.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "generate/world.h"

namespace yipan::generate {
namespace {

struct Step {
  const char* kind;
  const char* authority;
  Date Course::*decided;
  int days_before;  // extra days back, for steps dated from another
};

// What every government project passes before work begins.
constexpr Step kBefore[] = {{"proposal", "O-FGW", &Course::proposal, 0},
                            {"land_prereview", "O-ZRZ", &Course::feasibility, 20},
                            {"environment", "O-HBJ", &Course::feasibility, 12},
                            {"feasibility", "O-FGW", &Course::feasibility, 0},
                            {"preliminary_design", "O-FGW", &Course::design, 0},
                            {"budget", "O-FGW", &Course::budget, 0},
                            {"fiscal_review", "O-CZJ", &Course::fiscal, 0},
                            {"land_planning_permit", "O-ZRZ", &Course::plan_permit, 15},
                            {"project_planning_permit", "O-ZRZ", &Course::plan_permit, 0},
                            {"survey", "O-ZJJ", &Course::drawing, 14},
                            {"design", "O-ZJJ", &Course::drawing, 7},
                            {"drawing_review", "O-ZJJ", &Course::drawing, 0},
                            {"construction_permit", "O-SPJ", &Course::permit, 0}};

constexpr Step kAfter[] = {{"planning_verification", "O-ZRZ", &Course::verified, 0},
                           {"completion_acceptance", "O-ZJJ", &Course::accepted, 0},
                           {"acceptance_filing", "O-ZJJ", &Course::filed, 0},
                           {"final_accounts", "O-CZJ", &Course::accounts, 0},
                           {"audit", "O-SJJ", &Course::accounts, -40}};

struct Rule {
  const char* problem;
  const char* step;  // the step left out
  const char* rule;
  int question;
};
constexpr Rule kLeftOut[] = {{"step_skipped", "feasibility", "P01", 2},
                             {"no_budget", "budget", "P01", 2},
                             {"no_planning_permit", "project_planning_permit", "P31", 8},
                             {"no_planning_verification", "planning_verification", "P30", 2},
                             {"no_final_accounts", "final_accounts", "P14", 2},
                             {"used_without_acceptance", "completion_acceptance", "P28", 2}};

bool left_out(const Course& c, std::string_view step) {
  for (const Rule& rule : kLeftOut) {
    if (c.problem == rule.problem && step == rule.step) return true;
  }
  // What can only follow from what was left out.
  if (c.problem == "used_without_acceptance") {
    return step == "acceptance_filing" || step == "final_accounts" || step == "audit";
  }
  if (c.problem == "no_final_accounts") return step == "audit";
  if (c.problem == "no_budget") return step == "preliminary_design" || step == "fiscal_review";
  return false;
}

void set_findings(Row& row, const Course& c, std::string_view kind) {
  const bool bare = c.problem == "approval_without_findings";
  if (kind == "proposal") row.set("necessity_found", !bare);
  if (kind == "feasibility") {
    row.set("feasibility_found", !bare).set("funding_found", !bare);
    const bool assessed = c.major && c.problem != "major_without_assessment";
    row.set("agency_assessed", assessed).set("public_took_part", assessed);
    row.set("experts_reviewed", assessed).set("risk_assessed", assessed);
  }
  if (kind == "preliminary_design" || kind == "budget") row.set("conformity_found", !bare);
}

void add_approval(World& world, Random& random, const Course& c, const Step& step) {
  if (left_out(c, step.kind)) return;
  Date decided = working_day((c.*(step.decided)).plus_days(-step.days_before));
  if (decided > world.as_of()) return;
  const std::string_view kind = step.kind;
  if (kind == "acceptance_filing" && c.problem == "filing_late") decided = c.accepted.plus_days(75);
  Table& table = world.table("approvals");
  Row row = table.add(id_of("A", table.size() + 1, 5));
  row.set("project_id", c.id).set("kind", kind).set("authority_id", step.authority);
  row.set("applied_on", decided.plus_days(-random.between(5, 9))).set("decided_on", decided);
  row.set("result", kind == "acceptance_filing" ? "filed" : "approved");
  row.set("document_no", fmt::format("岚批〔{}〕{}号", decided.ymd().year, table.size()));
  if (c.problem != "no_platform_code") {
    row.set("platform_code",
            fmt::format("{}-320000-{:06}", c.proposed.ymd().year, std::stoi(c.id.substr(1))));
  }
  if (kind == "feasibility") row.set("amount_fen", c.estimate_fen);
  if (kind == "budget" || kind == "fiscal_review") row.set("amount_fen", c.budget_fen);
  if (c.building && (kind == "feasibility" || kind == "project_planning_permit")) {
    row.set("scale_m2", c.floor_m2);
  }
  set_findings(row, c, kind);
  if (c.problem == "approval_without_findings" && kind == "feasibility") {
    world.plant(c.problem, "P03", 2, row);
  }
  if (c.problem == "major_without_assessment" && kind == "feasibility") {
    world.plant(c.problem, "P04", 2, row);
  }
  if (c.problem == "filing_late" && kind == "acceptance_filing") {
    world.plant(c.problem, "P29", 2, row);
  }
}

void add_approvals(World& world, Random& random, const Course& c) {
  for (const Step& step : kBefore) add_approval(world, random, c, step);
  if (c.completed) {
    for (const Step& step : kAfter) add_approval(world, random, c, step);
  }
  for (const Rule& rule : kLeftOut) {
    if (c.problem != rule.problem || c.problem == "used_without_acceptance") continue;
    Row project = world.table("projects").row(static_cast<size_t>(std::stoi(c.id.substr(1))) - 1);
    world.plant(c.problem, rule.rule, rule.question, project);
  }
}

Row add_estimate(World& world, const Course& c, const char* stage, int64_t amount, Date prepared,
                 Date approved) {
  Table& table = world.table("estimates");
  Row row = table.add(id_of("B", table.size() + 1, 5));
  row.set("project_id", c.id).set("stage", stage).set("version", 1).set("amount_fen", amount);
  if (c.building) {
    row.set("floor_m2", c.floor_m2).set("norm_unit_cost_fen", c.norm_fen_per_m2);
    row.set("unit_cost_fen", int64_t{std::llround(static_cast<double>(amount) / c.floor_m2)});
  }
  row.set("prepared_by_id", c.owner).set("approved_by_id", "O-FGW");
  row.set("prepared_on", prepared).set("approved_on", approved);
  return row;
}

void add_estimates(World& world, Random& random, const Course& c) {
  if (c.problem != "step_skipped" && c.feasibility <= world.as_of()) {
    add_estimate(world, c, "estimate", c.estimate_fen, c.proposal.plus_days(10), c.feasibility);
  }
  if (c.problem != "no_budget" && c.budget <= world.as_of()) {
    Row budget = add_estimate(world, c, "budget", c.budget_fen, c.design, c.budget);
    if (c.problem == "budget_over_estimate") world.plant(c.problem, "P05", 2, budget);
    if (c.problem == "over_standard") world.plant(c.problem, "P05", 8, budget);
  }
  if (c.drawing.plus_days(5) > world.as_of()) return;
  const int64_t working = c.budget_fen / 1000 * (940 + static_cast<int64_t>(random.below(50)));
  add_estimate(world, c, "working_budget", working, c.drawing, c.drawing.plus_days(5))
      .set("approved_by_id", "O-CZJ");
  if (c.problem == "adjusted_without_audit") {
    Row row = add_estimate(world, c, "adjusted_budget", c.budget_fen / 100 * 118,
                           c.start.plus_days(150), c.start.plus_days(180));
    row.set("adjust_reason", "price").set("audited_first", false);
    row.clear("floor_m2").clear("unit_cost_fen").clear("norm_unit_cost_fen");
    world.plant(c.problem, "P18", 2, row);
  }
  if (!c.completed || c.problem == "no_final_accounts" || c.problem == "used_without_acceptance") {
    return;
  }
  Row project = world.table("projects").row(static_cast<size_t>(std::stoi(c.id.substr(1))) - 1);
  Row accounts = add_estimate(world, c, "final_accounts", project.integer("spent_fen"),
                              c.accounts.plus_days(-30), c.accounts);
  accounts.set("approved_by_id", "O-CZJ");
  if (c.problem == "over_scale") accounts.set("floor_m2", project.number("built_m2"));
}

// Rows of the yearly plan; only for what is approved and budgeted, unless planted otherwise.
void add_plan_rows(World& world, const Course& c) {
  if (!c.started || c.problem == "step_skipped" || c.problem == "no_budget") return;
  const bool early = c.problem == "plan_before_approval";
  const int first = early ? c.proposal.ymd().year : c.start.ymd().year;
  const int last = std::min(2022, int{c.end.ymd().year});
  const int years = last - first + 1;
  for (int year = first; year <= last; ++year) {
    Row row = world.table("annual_plans").add();
    row.set("year", year).set("project_id", c.id).set("invest_total_fen", c.budget_fen);
    row.set("year_fen", c.budget_fen / years).set("fund_source", "市级财政资金");
    row.set("content", "按批准的建设内容和规模").set("months", 24);
    Date listed = std::max(day(year, 1, 20), c.fiscal.plus_days(10));
    if (early && year == first) listed = c.proposed.plus_days(5);
    row.set("listed_on", listed);
    if (early && year == first) world.plant(c.problem, "P06", 2, row);
    if (c.problem == "plan_row_incomplete" && year == first) {
      row.clear("fund_source").clear("months");
      world.plant(c.problem, "P07", 2, row);
    }
  }
}

Date first_of_month(Date date) { return day(date.ymd().year, date.ymd().month, 1); }

void add_reports(World& world, const Course& c) {
  if (!c.started) return;
  if (c.problem == "no_progress_reports") {
    world.plant(c.problem, "P16", 2,
                world.table("projects").row(static_cast<size_t>(std::stoi(c.id.substr(1))) - 1));
    return;
  }
  const Date last = std::min(c.completed ? c.end : world.as_of(), world.as_of());
  const int64_t days = std::max<int64_t>(1, c.end.days() - c.start.days());
  Table& table = world.table("project_reports");
  Date month = first_of_month(c.start);
  for (int i = 0; month <= first_of_month(last); month = *month.plus_months(3), ++i) {
    const int64_t part = std::min<int64_t>(1000, (month.days() - c.start.days()) * 1000 / days);
    Row row = table.add();
    row.set("project_id", c.id).set("month", month).set("kind", i == 0 ? "start" : "progress");
    row.set("progress_permille", std::max<int64_t>(0, part));
    row.set("invested_fen", c.budget_fen / 1000 * std::max<int64_t>(0, part) * 96 / 100);
    row.set("reported_on", std::max(month.plus_days(4), c.start));
  }
  if (!c.completed) return;
  Row row = table.add();
  row.set("project_id", c.id).set("month", first_of_month(c.end)).set("kind", "completion");
  row.set("progress_permille", 1000).set("invested_fen", c.budget_fen / 100 * 96);
  row.set("reported_on", c.end.plus_days(3));
}

}  // namespace

void make_procedure(World& world) {
  Random random = world.random(kStreamProcedure);
  for (const Course& c : world.courses) {
    add_approvals(world, random, c);
    add_estimates(world, random, c);
    add_plan_rows(world, c);
    add_reports(world, c);
  }
}

}  // namespace yipan::generate
