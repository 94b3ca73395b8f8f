// Decisions, tasks, inspections, audits, interventions, suggestions, reviews.
#include <fmt/format.h>

#include <array>

#include "generate/world.h"

namespace yipan::generate {
namespace {

const std::vector<std::string>& departments() {
  static const std::vector<std::string> kIds = {"O-FGW", "O-CZJ", "O-ZRZ", "O-ZJJ", "O-JTJ",
                                                "O-SLJ", "O-WJW", "O-JYJ", "O-SWJ", "O-GXJ",
                                                "O-RSJ", "O-YBJ", "O-MZJ", "O-CGJ", "O-HBJ"};
  return kIds;
}

// A decision that went through every step of the regulation (国务院令713).
Row add_lawful_decision(World& world, Random& random, size_t number) {
  Row row = world.table("decisions").add(id_of("DE", number));
  const Date started = working_day(draw_date(random, day(2020, 1, 6), day(2021, 12, 20)));
  const Date comment = working_day(started.plus_days(random.between(15, 30)));
  const Date comment_end = comment.plus_days(random.between(31, 40));
  const Date hearing = working_day(comment_end.plus_days(random.between(5, 15)));
  const Date sent = working_day(hearing.plus_days(random.between(5, 15)));
  const Date reviewed = plus_working_days(sent, 8 + static_cast<int>(random.below(6)));
  const Date discussed = working_day(reviewed.plus_days(random.between(3, 12)));
  const Date decided = discussed.plus_days(1);
  const std::string& drafter = departments()[number % departments().size()];
  row.set("name", fmt::format("重大行政决策事项{}", number)).set("body_id", "O-GOV");
  row.set("kind", number % 3 == 0 ? "policy" : number % 3 == 1 ? "plan" : "other");
  row.set("drafter_id", drafter).set("executor_id", drafter).set("started_on", started);
  row.set("comment_from", comment).set("comment_to", comment_end).set("hearing_on", hearing);
  row.set("hearing_sent_on", hearing.plus_days(-random.between(8, 14)));
  row.set("experts", 3 + static_cast<int64_t>(random.below(4))).set("expert_interest", false);
  row.set("expert_signed", true).set("risk_assessed", true).set("related_checked", true);
  row.set("cost_forecast_fen", around(random, 3'000'000'000, 1'000'000));
  row.set("legality_sent_on", sent).set("legality_done_on", reviewed);
  row.set("legality_result", "lawful").set("discussed_on", discussed).set("minutes_kept", true);
  row.set("head_spoke_last", true)
      .set("decided_on", decided)
      .set("published_on", decided.plus_days(5));
  const Date due = decided.plus_days(random.between(150, 240));
  row.set("due_on", due)
      .set("done_on", std::min(due.plus_days(-random.between(2, 40)), world.as_of()));
  row.set("reported_on", row.date("done_on").plus_days(7));
  return row;
}

void spoil_decision(World& world, Random& random, Row row, size_t number) {
  switch (number % 12) {
    case 0:
      row.clear("legality_sent_on").clear("legality_done_on").set("legality_result", "none");
      world.plant("no_legality_review", "M01", 5, row);
      return;
    case 1:
      row.set("legality_done_on", plus_working_days(row.date("legality_sent_on"), 3));
      world.plant("legality_review_too_short", "M02", 5, row);
      return;
    case 2:
      row.set("comment_to", row.date("comment_from").plus_days(random.between(5, 14)));
      world.plant("comment_too_short", "M03", 5, row);
      return;
    case 3:
      row.set("hearing_sent_on", row.date("hearing_on").plus_days(-2));
      world.plant("hearing_material_late", "M04", 5, row);
      return;
    case 4:
      row.set("expert_interest", true).set("expert_signed", false);
      world.plant("expert_with_interest", "M05", 5, row);
      return;
    case 5:
      row.set("minutes_kept", false).set("head_spoke_last", false);
      world.plant("no_collective_discussion", "M06", 5, row);
      return;
    case 6:
      row.clear("cost_forecast_fen").set("related_checked", false);
      world.plant("decision_not_reckoned", "M07", 5, row);
      return;
    case 7:
      row.clear("executor_id").clear("reported_on");
      world.plant("decision_without_executor", "Q03", 7, row);
      return;
    case 8:
      row.clear("done_on").clear("reported_on");
      world.plant("decision_overdue", "Q03", 7, row);
      return;
    default:
      return;
  }
}

void add_decisions(World& world, Random& random) {
  for (size_t i = 1; i <= 72; ++i) {
    Row row = add_lawful_decision(world, random, i);
    if (world.dirty()) spoil_decision(world, random, row, i);
  }
}

void add_tasks(World& world, Random& random) {
  Table& decisions = world.table("decisions");
  for (size_t i = 1; i <= 280; ++i) {
    const Row decision = decisions.row(i % decisions.size());
    Row row = world.table("tasks").add(id_of("TK", i));
    const Date set_on = decision.date("decided_on").plus_days(7);
    const Date due = set_on.plus_days(random.between(60, 130));
    row.set("decision_id", decision.text("id")).set("name", fmt::format("任务{}", i));
    row.set("owner_id", departments()[(i * 7) % departments().size()]);
    row.set("set_on", set_on).set("due_on", due).set("state", "done");
    row.set("done_on", due.plus_days(-random.between(1, 30))).set("evidence", "办结报告");
    if (!world.dirty()) continue;
    if (i % 11 == 3) {
      row.set("state", "open").clear("done_on").clear("evidence");
      world.plant("task_overdue", "Q03", 7, row);
    } else if (i % 35 == 9) {
      row.clear("owner_id");
      world.plant("task_without_owner", "Q03", 7, row);
    }
  }
}

void add_inspections(World& world, Random& random) {
  for (size_t i = 1; i <= 320; ++i) {
    Row row = world.table("inspections").add(id_of("IS", i));
    const Date on = working_day(draw_date(random, day(2021, 1, 10), day(2022, 8, 20)));
    row.set("kind", i % 3 == 0 ? "appraisal" : "supervision").set("inspector_id", "O-DCS");
    row.set("inspected_id", pick(random, world.cast.districts));
    row.set("subject", fmt::format("督查事项{}", i)).set("on_date", on);
    row.set("listed_in_plan", true).set("authorised", true);
    row.set("concluded_on", on.plus_days(20)).set("result", i % 4 == 0 ? "problems" : "good");
    row.set("feedback_on", on.plus_days(26));
    if (i % 4 == 0) {
      row.set("rectify_due_on", on.plus_days(70)).set("rectified_on", on.plus_days(60));
    }
    if (!world.dirty()) continue;
    if (i % 23 == 5) {
      row.set("inspector_id", pick(random, departments())).set("authorised", false);
      row.set("listed_in_plan", false);
      world.plant("inspection_without_authority", "Q01", 7, row);
    } else if (i % 29 == 11) {
      row.clear("feedback_on");
      world.plant("inspection_without_feedback", "Q02", 7, row);
    }
  }
}

void add_audits(World& world, Random& random) {
  static const std::vector<const char*> kFindings = {"工程量多计", "建设管理费超标", "资料不全",
                                                     "资金拨付不及时"};
  for (size_t i = 1; i <= 90; ++i) {
    Row row = world.table("audits").add(id_of("AU", i));
    const Course& c = world.courses[(i * 13) % world.courses.size()];
    const Date on = working_day(draw_date(random, day(2020, 1, 10), day(2022, 6, 30)));
    row.set("project_id", c.id).set("organisation_id", c.owner).set("reported_on", on);
    row.set("finding", pick(random, kFindings)).set("amount_fen", around(random, 60'000'000, 100));
    row.set("due_on", on.plus_days(60)).set("rectified_on", on.plus_days(45));
    row.set("reported_back_on", on.plus_days(55));
    if (world.dirty() && i % 6 == 2) {
      row.clear("rectified_on").clear("reported_back_on");
      world.plant("audit_finding_not_rectified", "U02", 7, row);
    }
  }
}

void add_interventions(World& world, Random& random) {
  for (size_t i = 1; i <= 26; ++i) {
    Row row = world.table("interventions").add(id_of("IV", i));
    row.set("project_id", world.courses[(i * 31) % world.courses.size()].id);
    row.set("on_date", draw_date(random, day(2020, 2, 1), day(2022, 9, 30)));
    row.set("by_post", "分管负责人").set("organisation_id", pick(random, world.cast.districts));
    row.set("kind", "suggestion").set("effect", "none").set("recorded_by", "项目单位纪检岗位");
    if (!world.dirty() || i % 3 != 1) continue;
    row.set("kind", i % 2 == 0 ? "contractor_named" : "skip_step").set("effect", "followed");
    world.plant("intervention_followed", "", 2, row);
  }
}

void add_suggestions(World& world, Random& random) {
  static const std::array<const char*, 8> kContents = {
      "核实签约项目到位情况", "项目全部按程序组织实施", "严格控制新建商业综合体",
      "医疗资源向基层倾斜",   "政策出台前先行测算",     "统一数据出口",
      "明确事项主责单位",     "分类处置违法用地"};
  for (size_t i = 1; i <= 48; ++i) {
    Row row = world.table("suggestions").add(id_of("SG", i));
    const Date made = draw_date(random, day(2022, 1, 10), day(2022, 8, 30));
    row.set("made_on", made)
        .set("made_by", "务虚会")
        .set("question", static_cast<int64_t>(i % 8 + 1));
    row.set("content", kContents[i % 8]).set("handler_id", pick(random, departments()));
    row.set("reply_due_on", made.plus_days(60)).set("replied_on", made.plus_days(35));
    row.set("adopted", i % 3 != 0);
    if (world.dirty() && i % 9 == 4) {
      row.clear("replied_on").clear("adopted");
      world.plant("suggestion_unanswered", "", 7, row);
    }
  }
}

// Reviews: a reviewer that changes nothing in all its reviews does not review (planted).
void add_reviews(World& world) {
  Random random = world.random(kStreamReviews);
  Table& table = world.table("reviews");
  const auto add = [&](const char* kind, const char* reviewer, const Course& c, Date on,
                       bool never) {
    Row row = table.add(id_of("RV", table.size() + 1));
    const int64_t submitted = c.budget_fen / 1000 * 1040;
    const uint64_t luck = random.below(100);
    const bool changed = !never && luck < 38;
    const bool returned = !never && luck >= 92;
    row.set("kind", kind).set("reviewer_id", reviewer).set("applicant_id", c.owner);
    row.set("project_id", c.id).set("submitted_on", on.plus_days(-12)).set("concluded_on", on);
    row.set("submitted_fen", submitted);
    row.set("approved_fen", changed ? submitted / 1000 * 935 : returned ? int64_t{0} : submitted);
    row.set("outcome", returned ? "returned" : changed ? "changed" : "passed");
    row.set("opinion", changed ? "核减不合理费用" : returned ? "必要性论证不足" : "同意");
    if (never) world.plant("review_never_changes_anything", "", 7, row);
  };
  for (size_t i = 0; i < world.courses.size(); ++i) {
    const Course& c = world.courses[i];
    if (c.fiscal > world.as_of()) continue;
    if (i % 2 == 0) add("project", "O-FGW", c, c.feasibility, world.dirty());
    if (i % 3 == 0) add("fiscal", "O-CZJ", c, c.fiscal, false);
    if (i % 7 == 0) add("platform", "O-GZW", c, c.fiscal, world.dirty());
  }
}

}  // namespace

void make_governance(World& world) {
  Random random = world.random(kStreamGovernance);
  add_decisions(world, random);
  add_tasks(world, random);
  add_inspections(world, random);
  add_audits(world, random);
  add_interventions(world, random);
  add_suggestions(world, random);
  add_reviews(world);
}

}  // namespace yipan::generate
