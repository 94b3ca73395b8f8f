// The board equals the replay: whatever sequence of entries led to it, on either database.
#include <gtest/gtest.h>

#include <map>

#include "board/city_for_tests.h"
#include "support/postgres.h"

namespace yipan::board {
namespace {

// Makes entries at random: imports with doubled keys and dangling references among them,
// withdrawals, a growing schema, kinds that the board does not know.
class RandomCity {
 public:
  explicit RandomCity(uint64_t seed) : random_(seed) {}
  TestCity city;

  ledger::Entry next() {
    if (city.ledger().size() == 0) return city.adoption(bundle());
    switch (random_.below(12)) {
      case 0:
        return city.entry("desk.note", "x", "{\"n\":1}");
      case 1:
        return city.withdrawal(pick({"a/orgs", "b/orgs", "a/projects"}), pick({"", "wrong"}));
      case 2:
        ++extra_fields_;
        return city.adoption(bundle());
      case 3:
      case 4:
      case 5:
        return city.import(pick({"a/orgs", "b/orgs"}), "organisations", organisations());
      default:
        return city.import(pick({"a/projects", "b/projects"}), "projects", projects(),
                           pick({"", "corrected"}));
    }
  }

 private:
  std::string pick(std::initializer_list<const char*> of) {
    return *(of.begin() + random_.below(of.size()));
  }
  std::string word(const char* prefix, uint64_t count) {
    return prefix + std::to_string(random_.below(count));
  }
  std::string maybe(const std::string& text) { return random_.chance(0.2) ? "-" : text; }
  std::string bundle() const {
    std::string out(kTestSchemas);
    const std::string last = R"("title":"位置","title_en":"Place"})";
    std::string more = last;
    for (int i = 0; i < extra_fields_; ++i) {
      more += R"(,{"name":"n)" + std::to_string(i) +
              R"(","type":"string","title":"备注","title_en":"Note"})";
    }
    return out.replace(out.find(last), last.size(), more);
  }
  std::string organisations() {
    std::string out;
    for (uint64_t n = random_.below(12); n > 0; --n) {
      out += word("O", 1000) + " " + word("名", 3) + " " + maybe(word("O", 50)) + "\n";
    }
    return out;
  }
  std::string projects() {
    // Keys from a small set, each once unless chance wills it otherwise.
    std::map<std::string, std::string> rows;
    for (uint64_t n = random_.below(40); n > 0; --n) {
      const std::string key =
          word("P", 300) + "|" + " " + std::to_string(random_.between(2020, 2022));
      rows[key] = maybe(word("O", 30)) + " " + maybe(std::to_string(random_.between(-5, 5))) + " " +
                  maybe(pick({"0.5", "-0.0", "1e300", "0.1"})) + " " +
                  maybe(pick({"2020-02-29", "0001-01-01", "9999-12-31"})) + " " +
                  maybe(pick({"true", "false"})) + " " + maybe("2022-11-23T08:30:00.000001Z") +
                  " " + maybe(pick({"117.1", "117.2"}));
    }
    std::string out;
    for (const auto& [key, row] : rows) out += key + " " + row + "\n";
    if (!rows.empty() && random_.chance(0.05)) out += out;
    return out;
  }

  Random random_;
  int extra_fields_ = 0;
};

class ReplayTest : public test::BothDatabases {
 protected:
  static std::string contents(Board& board, uint64_t size) {
    std::string out;
    for (const char* table : {"organisations", "projects"}) {
      const auto sql = board.as_of_sql(table, size);
      if (!sql) continue;  // before the first adoption
      out += dump(board, "(" + *sql + ")",
                  table == std::string("projects")
                      ? "id, year, owner_id, cost_fen, share, place, y_entry, y_row"
                      : "id, name, parent_id, y_entry, y_row",
                  board.key_order_sql(table).value());
    }
    return out;
  }
};

TEST_P(ReplayTest, EqualsTheBoardThatTheEntriesMade) {
  YIPAN_NEED_DATABASE();
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    RandomCity random(seed);
    TestCity& city = random.city;
    test::ScratchDatabase place(GetParam());
    auto board = std::move(city.board(std::move(place.open().value())).value());
    std::vector<std::string> moments;
    for (int step = 0; step < 20; ++step) {
      const auto done = city.submit(*board, random.next());
      if (!done) {  // doubled keys, an unknown dataset, not a fault of the database
        ASSERT_TRUE(done.error().code() == "test.duplicates" ||
                    done.error().code() == "board.withdraw.unknown")
            << done.error().to_string_en();
      }
      moments.resize(board->applied() + 1);
      moments.back() = contents(*board, board->applied());
    }
    const uint64_t size = board->applied();
    for (uint64_t at = 0; at <= size; ++at) {
      if (moments[at].empty()) continue;
      EXPECT_EQ(contents(*board, at), moments[at]) << "as of " << at;
    }
    const Hash256 hash = board->content_hash().value();
    EXPECT_EQ(size, city.ledger().size());
    const auto rebuilt = board->rebuild();
    ASSERT_TRUE(rebuilt.has_value()) << rebuilt.error().to_string_en();
    EXPECT_EQ(board->content_hash().value(), hash);
    // The other database.
    test::ScratchDatabase other(store::Dialect::sqlite);
    const auto twin = city.board(std::move(other.open().value()));
    ASSERT_TRUE(twin.has_value()) << twin.error().to_string_en();
    EXPECT_EQ((*twin)->content_hash().value(), hash);
    const auto problems = board->fsck();
    ASSERT_TRUE(problems.has_value()) << problems.error().to_string_en();
    EXPECT_TRUE(problems->empty()) << problems->front().to_string_en();
  }
}

YIPAN_ON_BOTH_DATABASES(ReplayTest);

}  // namespace
}  // namespace yipan::board
