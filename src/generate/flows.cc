// Transfers between accounts, with circular flows planted, and levies.
#include <fmt/format.h>

#include <algorithm>

#include "generate/world.h"

namespace yipan::generate {
namespace {

Instant at_hour(Date date, int64_t minutes) {
  return Instant::from_micros((date.days() * 1440 + minutes) * 60'000'000);
}

struct Slip {
  std::string from;
  std::string to;
  int64_t amount_fen;
  const char* purpose;
  const char* booked_as;
};

struct Dated {
  Instant at;
  Slip slip;
  bool planted = false;
};

// Ordinary money flows down: treasury, bodies, platforms, contractors, suppliers. An account pays
// only accounts of a later tier, so that ordinary transfers never form a circle.
std::vector<std::vector<std::string>> tiers(const World& world) {
  const auto accounts = [](const std::vector<std::string>& organisations) {
    std::vector<std::string> out;
    for (const std::string& id : organisations) out.push_back("AC-" + id.substr(2));
    return out;
  };
  return {{"AC-TREASURY"},
          {"AC-ZJJ", "AC-JTJ", "AC-SLJ", "AC-WJW", "AC-JYJ", "AC-MZJ"},
          accounts(world.cast.districts),
          accounts(world.cast.platforms),
          accounts(world.cast.contractors),
          accounts(world.cast.manufacturers),
          accounts(world.cast.services)};
}

void ordinary(const World& world, Random& random, std::vector<Dated>* out) {
  const auto from_tiers = tiers(world);
  const size_t count = 4000 * static_cast<size_t>(world.options.scale);
  for (size_t i = 0; i < count; ++i) {
    const size_t low = random.below(from_tiers.size() - 1);
    const size_t high = low + 1 + random.below(from_tiers.size() - 1 - low);
    const Date on = working_day(draw_date(random, day(2019, 1, 2), day(2022, 10, 28)));
    Slip slip = {pick(random, from_tiers[low]), pick(random, from_tiers[high]),
                 around(random, 120'000'000, 100), "货款及工程款",
                 low < 3 ? "expenditure" : "trade"};
    slip.amount_fen += static_cast<int64_t>(random.below(9'999));
    out->push_back({at_hour(on, 60 + random.between(0, 420)), slip, false});
  }
}

// A sum that goes from the treasury through firms and comes back as revenue within days.
void circle(const World& world, Random& random, std::vector<Dated>* out) {
  const size_t hops = 2 + random.below(3);
  const std::string start = "AC-" + pick(random, world.cast.districts).substr(2);
  std::vector<std::string> path = {start};
  path.push_back("AC-" + pick(random, world.cast.platforms).substr(2));
  while (path.size() < hops + 1) {
    const std::string next = "AC-" + pick(random, world.cast.local_companies).substr(2);
    if (std::find(path.begin(), path.end(), next) == path.end()) path.push_back(next);
  }
  path.push_back(start);
  Date on = working_day(draw_date(random, day(2020, 3, 1), day(2022, 9, 20)));
  int64_t amount = random.between(300, 6'000) * 1'000'000;
  int64_t minutes = 70;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    const bool last = i + 2 == path.size();
    const Slip slip = {path[i], path[i + 1], amount,
                       i == 0 ? "项目扶持资金"
                       : last ? "税费缴入"
                              : "往来款",
                       i == 0 ? "expenditure"
                       : last ? "revenue"
                              : "internal"};
    out->push_back({at_hour(on, minutes), slip, true});
    amount -= amount / 1000 * static_cast<int64_t>(random.below(4));
    minutes += 25;
    if (random.chance(0.6)) on = plus_working_days(on, 1 + static_cast<int>(random.below(2)));
  }
}

void write_transfers(World& world, std::vector<Dated> all) {
  std::stable_sort(all.begin(), all.end(),
                   [](const Dated& a, const Dated& b) { return a.at < b.at; });
  Table& table = world.table("transfers");
  for (const Dated& entry : all) {
    Row row = table.add(id_of("W", table.size() + 1, 6));
    row.set("at", entry.at).set("from_account_id", entry.slip.from);
    row.set("to_account_id", entry.slip.to).set("amount_fen", entry.slip.amount_fen);
    row.set("purpose", entry.slip.purpose).set("booked_as", entry.slip.booked_as);
    if (entry.planted) world.plant("circular_transfer", "F01", 8, row);
  }
}

// Taxes and fees, collected after they fall due; some ahead of law, some without (planted).
void make_levies(World& world) {
  Random random = world.random(kStreamLevies);
  for (size_t i = 0; i < 640; ++i) {
    Row row = world.table("levies").add(id_of("LV", i + 1));
    const bool fee = i % 4 == 3;
    const Date due = draw_date(random, day(2019, 2, 1), day(2022, 10, 15));
    const int64_t amount = around(random, 90'000'000, 100) + 13;
    row.set("organisation_id", fee ? "O-ZJJ" : "O-SHW").set("kind", fee ? "fee" : "tax");
    row.set("payer_id", pick(random, i % 2 == 0 ? world.cast.manufacturers : world.cast.services));
    row.set("legal_basis", fee ? "城市基础设施配套费征收办法" : "税收征收管理法");
    row.set("period", fmt::format("{}-{:02}", due.ymd().year, due.ymd().month));
    row.set("due_on", due)
        .set("collected_on", due.plus_days(static_cast<int64_t>(random.below(10))));
    row.set("due_fen", amount).set("collected_fen", amount);
    if (!world.dirty()) continue;
    if (i % 32 == 4) {
      row.set("collected_on", due.plus_days(-random.between(40, 110)));
      row.set("target_ref", "关于确保完成全年收入任务的通知");
      world.plant("levied_ahead", "F02", 8, row);
    } else if (i % 80 == 7) {
      row.clear("legal_basis");
      world.plant("levied_without_basis", "F02", 8, row);
    } else if (i % 80 == 42) {
      row.set("collected_fen", amount / 100 * 135);
      world.plant("levied_too_much", "F02", 8, row);
    }
  }
}

}  // namespace

void make_transfers(World& world) {
  Random random = world.random(kStreamTransfers);
  std::vector<Dated> all;
  ordinary(world, random, &all);
  if (world.dirty()) {
    for (int i = 0; i < 24; ++i) circle(world, random, &all);
  }
  write_transfers(world, std::move(all));
  make_levies(world);
}

}  // namespace yipan::generate
