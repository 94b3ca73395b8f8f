// Accounts, budget lines, and every payment under contracts and for running departments.
#include <fmt/format.h>

#include <algorithm>

#include "generate/world.h"

namespace yipan::generate {
namespace {

struct Subject {
  const char* code;
  const char* name;
  bool special;
};
constexpr Subject kSubjects[] = {{"2140104", "公路建设", false},
                                 {"2130305", "水利工程建设", false},
                                 {"2050299", "其他普通教育支出", false},
                                 {"2100299", "其他公立医院支出", false},
                                 {"2120303", "小城镇基础设施建设", false},
                                 {"2120899", "其他国有土地使用权出让收入安排的支出", false},
                                 {"2010301", "行政运行", false},
                                 {"2082502", "其他农村生活救助", true},
                                 {"2110302", "水体", true},
                                 {"2210107", "保障性住房租金补贴", true}};

const char* subject_of(std::string_view kind) {
  if (kind == "road" || kind == "rail_station") return "2140104";
  if (kind == "water") return "2130305";
  if (kind == "school") return "2050299";
  if (kind == "hospital") return "2100299";
  if (kind == "resettlement") return "2120899";
  return "2120303";
}

std::string line_id(int year, std::string_view subject) {
  return fmt::format("BL-{}-{}", year, subject);
}

void add_account(World& world, std::string_view id, std::string_view holder, const char* kind,
                 Date opened) {
  Row row = world.table("accounts").add(id);
  row.set("organisation_id", holder).set("bank", "岚江农村商业银行").set("kind", kind);
  row.set("opened_on", opened).set("approved", true);
}

// A payment and its amount booked on its line.
Row pay(World& world, Date on, std::string_view from, std::string_view to, std::string_view subject,
        const char* kind, int64_t amount) {
  Table& table = world.table("payments");
  Row row = table.add(id_of("Y", table.size() + 1, 6));
  row.set("paid_on", on).set("payer_account_id", from).set("payee_account_id", to);
  row.set("budget_line_id", line_id(on.ymd().year, subject)).set("subject_code", subject);
  row.set("kind", kind).set("amount_fen", amount).set("approved_by", "国库支付中心");
  return row;
}

struct Bill {
  const Course* course;
  Row contract;
  std::string payee;
  const char* subject;
};

Row pay_bill(World& world, const Bill& bill, Date on, const char* kind, int64_t amount,
             int64_t completed_value) {
  Row row = pay(world, on, "AC-TREASURY", bill.payee, bill.subject, kind, amount);
  row.set("contract_id", bill.contract.text("id")).set("project_id", bill.course->id);
  row.set("completed_value_fen", completed_value);
  row.set("purpose", fmt::format("{}{}", bill.course->id, "合同款"));
  return row;
}

// Progress payments bring what is paid to 85 per cent of the value completed.
int64_t pay_progress(World& world, Random& random, const Bill& bill, int64_t paid) {
  const int64_t amount = bill.contract.integer("amount_fen");
  const Date from = bill.contract.date("start_on");
  const Date to = bill.course->end;
  const int steps = amount > 2'000'000'000 ? 6 : 3;
  for (int i = 1; i <= steps; ++i) {
    const int64_t days = (to.days() - from.days()) * i / steps;
    const Date on = working_day(from.plus_days(days + random.between(2, 12)));
    if (on > world.as_of() || (!bill.course->completed && i == steps)) break;
    const int64_t value = amount / steps * i;
    const int64_t due = value / 100 * 85 - paid;
    if (due <= 0) continue;
    pay_bill(world, bill, on, "progress", due, value);
    paid += due;
  }
  return paid;
}

void pay_contract(World& world, Random& random, const Bill& bill) {
  const Course& c = *bill.course;
  const int64_t amount = bill.contract.integer("amount_fen");
  const Date signed_on = bill.contract.date("signed_on");
  int64_t paid = amount / 1000 * bill.contract.integer("prepaid_permille");
  const Date first = working_day(signed_on.plus_days(random.between(10, 20)));
  if (first <= world.as_of()) pay_bill(world, bill, first, "prepayment", paid, 0);
  const bool works = bill.contract.text("category") == "works";
  if (works && c.problem == "payment_too_low") {
    const Date on = day(2022, 11, 10 + static_cast<int>(random.below(15)));
    const int64_t value = amount / 100 * 42;
    const Row row = pay_bill(world, bill, working_day(on), "progress", amount / 1000 * 25, value);
    world.plant(c.problem, "P35", 2, row);
    return;
  }
  if (!c.started) return;
  paid = pay_progress(world, random, bill, paid);
  if (!c.completed) return;
  const int64_t final_fen = bill.contract.integer("final_fen");
  const int64_t retention = final_fen / 1000 * bill.contract.integer("retention_permille");
  const Date settled = working_day(c.accounts.plus_days(random.between(10, 40)));
  if (settled > world.as_of()) return;
  if (final_fen - retention > paid) {
    pay_bill(world, bill, settled, "settlement", final_fen - retention - paid, final_fen);
  }
  const Date released = working_day(c.accepted.plus_days(735));
  if (released <= world.as_of()) {
    pay_bill(world, bill, released, "retention", retention, final_fen);
  }
}

// Earmarked money for a project it was not meant for (planted).
void divert(World& world, const Course& c) {
  Table& table = world.table("payments");
  int left = 2;
  for (size_t i = table.size(); i-- > 0 && left > 0;) {
    Row row = table.row(i);
    if (row.text("project_id") != c.id) break;
    if (row.text("kind") != "progress") continue;
    row.set("budget_line_id", line_id(row.date("paid_on").ymd().year, "2110302"));
    world.plant(c.problem, "F03", 8, row);
    --left;
  }
}

void pay_projects(World& world, Random& random) {
  std::map<std::string, std::vector<size_t>> contracts;
  Table& table = world.table("contracts");
  for (size_t i = 0; i < table.size(); ++i) {
    contracts[table.row(i).text("project_id")].push_back(i);
  }
  for (const Course& c : world.courses) {
    for (const size_t i : contracts[c.id]) {
      const Row contract = table.row(i);
      const Bill bill = {&c, contract, "AC-" + contract.text("supplier_id").substr(2),
                         subject_of(c.kind)};
      pay_contract(world, random, bill);
    }
    if (c.problem == "special_money_diverted") divert(world, c);
  }
}

// Running costs, some charged to a subject they do not belong to (planted).
void pay_running_costs(World& world, Random& random) {
  const std::vector<std::string> payers = {"AC-FGW", "AC-CZJ", "AC-ZRZ", "AC-ZJJ", "AC-JTJ",
                                           "AC-SLJ", "AC-WJW", "AC-JYJ", "AC-SWJ", "AC-MZJ"};
  size_t number = 0;
  for (int year = 2017; year <= 2022; ++year) {
    for (const std::string& payer : payers) {
      for (int month = 1; month <= (year == 2022 ? 10 : 12); month += 2) {
        const Date on = working_day(day(year, month, 5 + static_cast<int>(random.below(20))));
        Row row = pay(world, on, payer, "AC-" + pick(random, world.cast.services).substr(2),
                      "2010301", "operating", around(random, 40'000'000, 10'000) + 37);
        row.set("purpose", "办公运转支出");
        if (world.dirty() && ++number % 13 == 5) {
          row.set("budget_line_id", line_id(year, number % 2 == 0 ? "2082502" : "2210107"));
          world.plant("charged_to_other_subject", "F03", 8, row);
        }
      }
    }
  }
}

// Every line's budget covers what was charged to it, with a small reserve.
void set_budgets(World& world) {
  std::map<std::string, int64_t> spent;
  Table& payments = world.table("payments");
  for (size_t i = 0; i < payments.size(); ++i) {
    Row row = payments.row(i);
    spent[row.text("budget_line_id")] += row.integer("amount_fen");
  }
  Table& lines = world.table("budget_lines");
  for (size_t i = 0; i < lines.size(); ++i) {
    Row row = lines.row(i);
    const int64_t amount = spent[row.text("id")] / 100 * 103 + 500'000'000;
    row.set("amount_fen", amount / 1'000'000 * 1'000'000);
  }
}

}  // namespace

void make_accounts_and_budget(World& world) {
  Random random = world.random(kStreamBudget);
  add_account(world, "AC-TREASURY", "O-CZJ", "treasury", day(2005, 1, 1));
  Table& organisations = world.table("organisations");
  for (size_t i = 0; i < organisations.size(); ++i) {
    Row row = organisations.row(i);
    const std::string id = row.text("id");
    const bool firm = row.text("kind") == "enterprise";
    add_account(world, "AC-" + id.substr(2), id, firm ? "general" : "basic",
                draw_date(random, day(2006, 1, 1), day(2013, 12, 31)));
  }
  for (int year = 2014; year <= 2022; ++year) {
    for (const Subject& subject : kSubjects) {
      Row row = world.table("budget_lines").add(line_id(year, subject.code));
      row.set("year", year).set("organisation_id", "O-CZJ").set("subject_code", subject.code);
      row.set("subject_name", subject.name).set("special_fund", subject.special);
      row.set("kind", std::string_view(subject.code) == "2120899" ? "fund" : "general");
      row.set("amount_fen", 0);
    }
  }
}

void make_payments(World& world) {
  Random random = world.random(kStreamPayments);
  pay_projects(world, random);
  pay_running_costs(world, random);
  set_budgets(world);
}

}  // namespace yipan::generate
