// What happens to a dataset on the board, on both databases.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/city_for_tests.h"
#include "support/postgres.h"

namespace yipan::board {
namespace {

using ::testing::HasSubstr;

constexpr char kProjects1[] =
    "A 2020 O1 100 0.5 2020-01-01 true 2020-01-02T03:04:05Z 117.1\n"
    "B 2020 O2 200 - - false - -\n"
    "C 2021 O1 300 0.25 2021-05-05 true - 117.3\n";
constexpr char kProjects2[] =
    "A 2020 O1 100 0.5 2020-01-01 true 2020-01-02T03:04:05Z 117.1\n"
    "B 2020 O1 250 - - false - -\n"
    "D 2022 O2 400 0.75 2022-02-02 - - 117.4\n";

class BoardTest : public test::BothDatabases {
 protected:
  void open(BoardMode mode = BoardMode::apply) {
    board_.reset();
    auto board = city_.board(connect(), mode);
    ASSERT_TRUE(board.has_value()) << board.error().to_string_en();
    board_ = std::move(*board);
  }
  Diff submit(const ledger::Entry& entry) {
    const auto diff = city_.submit(*board_, entry);
    EXPECT_TRUE(diff.has_value()) << (diff ? "" : diff.error().to_string_en());
    return diff.value_or(Diff{});
  }
  void begin_with_two_vintages() {
    open();
    submit(city_.adoption());
    submit(city_.import("xx/orgs", "organisations", "O1 甲 -\nO2 乙 O1\n"));
    submit(city_.import("xx/projects", "projects", kProjects1));
    submit(city_.import("xx/projects", "projects", kProjects2, "corrected"));
  }
  std::string projects(const std::string& from = "projects") {
    return dump(*board_, from, "id, year, owner_id, cost_fen, y_entry, y_row",
                board_->key_order_sql("projects").value());
  }
  void expect_sound() {
    const auto problems = board_->fsck();
    ASSERT_TRUE(problems.has_value()) << problems.error().to_string_en();
    for (const Error& problem : *problems) ADD_FAILURE() << problem.to_string_en();
  }

  TestCity city_;
  std::unique_ptr<Board> board_;
};

TEST_P(BoardTest, AnImportIsThereWithItsProvenance) {
  YIPAN_NEED_DATABASE();
  open();
  submit(city_.adoption());
  submit(city_.import("xx/orgs", "organisations", "O1 甲 -\nO2 乙 O1\n"));
  const Diff diff = submit(city_.import("xx/projects", "projects", kProjects1));
  EXPECT_EQ(diff.added, 3U);
  EXPECT_EQ(diff.vintage, 1U);
  EXPECT_EQ(
      dump(*board_, "projects",
           "id, year, owner_id, cost_fen, share, begun_on, done, seen_at, place", "ORDER BY id"),
      "A 2020 O1 100 0.5 2020-01-01 true 2020-01-02T03:04:05Z POINT (117.1 34.5)\n"
      "B 2020 O2 200 - - false - -\n"
      "C 2021 O1 300 0.25 2021-05-05 true - POINT (117.3 34.5)\n");
  const auto trace = board_->trace("projects", "B|2020");
  ASSERT_TRUE(trace.has_value()) << trace.error().to_string_en();
  EXPECT_EQ(trace->entry, 2U);
  EXPECT_EQ(trace->dataset, "xx/projects");
  EXPECT_EQ(trace->file, "xx/projects.csv");
  EXPECT_EQ(trace->row, 3U);
  EXPECT_EQ(trace->file_hash, sha256(kProjects1));
  EXPECT_EQ(trace->rowset_hash, city_.ledger().entry(2)->evidence[1]);
  EXPECT_EQ(trace->values[3], (std::pair<std::string, std::string>{"cost_fen", "200"}));
  expect_sound();
}

TEST_P(BoardTest, ALaterVintageKeepsWhatIsTheSameAndTheHistoryOfTheRest) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  EXPECT_EQ(projects(), "A 2020 O1 100 2 2\nB 2020 O1 250 3 3\nD 2022 O2 400 3 4\n");
  EXPECT_EQ(dump(*board_, "projects_history", "id, y_entry, y_entry_end", "ORDER BY id"),
            "B 2 3\nC 2 3\n");
  const auto vintages = board_->vintages("xx/projects");
  ASSERT_TRUE(vintages.has_value());
  ASSERT_EQ(vintages->size(), 2U);
  EXPECT_EQ((*vintages)[1].reason, "corrected");
  EXPECT_EQ((*vintages)[1].diff.added, 1U);
  EXPECT_EQ((*vintages)[1].diff.changed, 1U);
  EXPECT_EQ((*vintages)[1].diff.removed, 1U);
  EXPECT_EQ((*vintages)[1].diff.same, 1U);
  std::string changes;
  const auto listed = board_->changes("xx/projects", 2, 0, 100);
  ASSERT_TRUE(listed.has_value());
  for (const Change& c : *listed) {
    changes += std::to_string(c.position) + " " + c.key + " " +
               std::string(c.kind == Change::Kind::added     ? "added"
                           : c.kind == Change::Kind::changed ? "changed"
                                                             : "removed") +
               " " + c.field + " " + c.old_value + " " + c.new_value + "\n";
  }
  EXPECT_EQ(changes,
            "1 B|2020 changed owner_id O2 O1\n2 B|2020 changed cost_fen 200 250\n"
            "3 C|2021 removed   \n4 D|2022 added   \n");
  EXPECT_EQ(board_->changes("xx/projects", 2, 1, 1)->at(0).field, "cost_fen");
  submit(city_.import("xx/projects", "projects", kProjects2));
  EXPECT_EQ(board_->vintages("xx/projects")->at(2).reason, "none given");
  EXPECT_EQ(board_->vintages("xx/projects")->at(2).diff.same, 3U);
  expect_sound();
}

TEST_P(BoardTest, AnyTableAsOfAnyLedgerSizeOrDate) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  const auto as_of = [&](uint64_t size) {
    return projects("(" + board_->as_of_sql("projects", size).value() + ")");
  };
  EXPECT_EQ(as_of(2), "");
  EXPECT_EQ(as_of(3), "A 2020 O1 100 2 2\nB 2020 O2 200 2 3\nC 2021 O1 300 2 4\n");
  EXPECT_EQ(as_of(4), projects());
  EXPECT_EQ(board_->ledger_size_at(city_.ledger().entry(2)->when).value(), 3U);
  EXPECT_EQ(board_->ledger_size_at(Instant::parse("2000-01-01T00:00:00Z").value()).value(), 0U);
  EXPECT_EQ(board_->ledger_size_at(city_.clock().now()).value(), 4U);

  const auto history = board_->history("projects", "B|2020");
  ASSERT_TRUE(history.has_value()) << history.error().to_string_en();
  ASSERT_EQ(history->size(), 2U);
  EXPECT_EQ((*history)[0].entry_end, 3U);
  EXPECT_EQ((*history)[1].entry_end, 0U);
  EXPECT_EQ((*history)[1].reason, "corrected");
  EXPECT_EQ((*history)[1].who, "test");
}

TEST_P(BoardTest, AskingForWhatIsNotThereSaysSo) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  const auto gone = board_->trace("projects", "C|2021");
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().message_en(),
            "table projects has no row 'C|2021' (it is gone; the history has it)");
  EXPECT_EQ(gone.error().remedy_en(), "run yipan history");
  EXPECT_EQ(board_->trace("projects", "X|1").error().message_zh(), "表 projects 里没有“X|1”");
  EXPECT_EQ(board_->trace("projects", "X").error().code(), "board.key");
  EXPECT_EQ(board_->trace("projects", "X|last").error().message_en(),
            "'last' is not a key of type integer");
  EXPECT_EQ(board_->trace("plans", "X").error().message_en(), "there is no table 'plans'");
}

TEST_P(BoardTest, DoubledKeysAreNamedAndCannotBeCommitted) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  const std::string before = projects();
  const std::string doubled = std::string(kProjects2) + "D 2022 O9 1\nE 2022 O1 1\n";
  for (const std::string dataset : {"xx/projects", "yy/projects"}) {
    const auto entry = city_.import(dataset, "projects", doubled);
    const auto staged = board_->stage(entry, city_.ledger().size());
    ASSERT_TRUE(staged.has_value()) << staged.error().to_string_en();
    const auto& violations = (*staged)->violations();
    ASSERT_FALSE(violations.empty());
    EXPECT_EQ(violations[0].kind, Violation::Kind::duplicate_key);
    EXPECT_EQ(violations[0].source_row, 5U);
    EXPECT_EQ(violations[0].key, "D|2022");
    EXPECT_EQ(violations[0].references, "row 4");
    EXPECT_EQ(violations.back().kind, Violation::Kind::dangling_reference);
    EXPECT_EQ(violations.back().key, "O9");
    EXPECT_EQ(violations.back().references, "organisations.id");
    EXPECT_EQ((*staged)->violation_count(), dataset == "xx/projects" ? 2U : 6U);
    if (dataset == "yy/projects") {
      EXPECT_EQ(violations[1].references, "xx/projects: xx/projects.csv, row 2");
    }
    const auto committed = (*staged)->commit();
    ASSERT_FALSE(committed.has_value());
    EXPECT_EQ(committed.error().code(), "board.commit.duplicates");
    EXPECT_EQ(committed.error().place().row, 5U);
  }
  EXPECT_EQ(projects(), before);
  EXPECT_EQ(board_->applied(), 4U);
  expect_sound();
}

TEST_P(BoardTest, DoubledKeysInAFirstVintageAreNamedToo) {
  YIPAN_NEED_DATABASE();
  open();
  submit(city_.adoption());
  const auto staged =
      board_->stage(city_.import("xx/orgs", "organisations", "O1 甲 -\nO2 乙 -\nO1 丙 -\n"), 1);
  ASSERT_TRUE(staged.has_value()) << staged.error().to_string_en();
  ASSERT_EQ((*staged)->violations().size(), 1U);
  EXPECT_EQ((*staged)->violations()[0].source_row, 4U);
  EXPECT_EQ((*staged)->violations()[0].references, "row 2");
}

TEST_P(BoardTest, DanglingAndOrphanedReferencesAreNamedAndMayStay) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  const auto entry = city_.import("xx/orgs", "organisations", "O1 甲 O7\n", "O2 merged");
  {
    const auto staged = board_->stage(entry, city_.ledger().size());
    ASSERT_TRUE(staged.has_value()) << staged.error().to_string_en();
    ASSERT_EQ((*staged)->violations().size(), 2U);
    const Violation& own = (*staged)->violations()[0];
    EXPECT_EQ(own.kind, Violation::Kind::dangling_reference);
    EXPECT_EQ(own.key, "O7");
    EXPECT_EQ(own.table, "organisations");
    const Violation& other = (*staged)->violations()[1];
    EXPECT_EQ(other.kind, Violation::Kind::orphaned_reference);
    EXPECT_EQ(other.table, "projects");
    EXPECT_EQ(other.dataset, "xx/projects");
    EXPECT_EQ(other.key, "O2");
    EXPECT_EQ(other.source_row, 4U);
  }
  submit(entry);
  expect_sound();
}

TEST_P(BoardTest, AWithdrawnDatasetIsHistory) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  const Diff diff = submit(city_.withdrawal("xx/projects"));
  EXPECT_EQ(diff.removed, 3U);
  EXPECT_EQ(projects(), "");
  EXPECT_EQ(board_->vintages("xx/projects")->at(2).reason, "none given");
  EXPECT_TRUE(board_->datasets()->at(1).withdrawn);
  submit(city_.import("xx/projects", "projects", kProjects1));
  EXPECT_EQ(board_->datasets()->at(1).vintage, 4U);
  EXPECT_EQ(board_->history("projects", "A|2020")->size(), 2U);
  const auto unknown = board_->stage(city_.withdrawal("zz"), city_.ledger().size());
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().message_en(), "there is no dataset 'zz'");
  expect_sound();
}

TEST_P(BoardTest, ASchemaMayGrowAtTheEndOnly) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  std::string grown(kTestSchemas);
  const std::string last = R"("title":"位置","title_en":"Place"})";
  grown.replace(grown.find(last), last.size(),
                last + R"(,{"name":"note","type":"string","title":"备注","title_en":"Note"})");
  submit(city_.adoption(grown));
  EXPECT_EQ(projects(), "A 2020 O1 100 2 2\nB 2020 O1 250 3 3\nD 2022 O2 400 3 4\n");
  // Null in the new field: the rows are the same as before.
  const Diff same = submit(city_.import("xx/projects", "projects", kProjects2));
  EXPECT_EQ(same.same, 3U);
  const Diff noted = submit(city_.import(
      "xx/projects", "projects", "D 2022 O2 400 0.75 2022-02-02 - - 117.4 seen\n", "noted"));
  EXPECT_EQ(noted.changed, 1U);
  EXPECT_EQ(board_->changes("xx/projects", 4, 0, 1)->at(0).new_value, "seen");
  expect_sound();

  std::string altered = grown;
  altered.replace(altered.find(R"("name":"share")"), 14, R"("name":"ratio")");
  const auto refused = board_->stage(city_.adoption(altered), city_.ledger().size());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), "board.schema.incompatible");
  EXPECT_EQ(refused.error().message_en(), "field 5 of table projects must still be share");
}

TEST_P(BoardTest, ACrashBetweenLedgerAndBoardIsMadeGoodAtTheNextOpening) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  const std::string before = projects();
  {
    const auto entry = city_.import("xx/projects", "projects", kProjects1, "back again");
    const auto staged = board_->stage(entry, city_.ledger().size());
    ASSERT_TRUE(staged.has_value());
    ASSERT_TRUE(city_.ledger().append(entry).has_value());
  }  // dies here
  EXPECT_EQ(projects(), before);
  EXPECT_EQ(board_->applied(), 4U);
  board_.reset();
  city_.open();
  open();
  EXPECT_EQ(board_->applied(), 5U);
  EXPECT_EQ(board_->vintages("xx/projects")->at(2).reason, "back again");
  expect_sound();
}

TEST_P(BoardTest, CommitWantsTheVeryEntryInTheLedger) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  const auto entry = city_.import("xx/projects", "projects", kProjects1);
  auto staged = std::move(board_->stage(entry, 4).value());
  EXPECT_EQ(board_->stage(entry, 4).error().code(), "board.stage.open");
  ASSERT_TRUE(city_.ledger().append(city_.entry("note", "x", "{}")).has_value());
  const auto committed = staged->commit();
  ASSERT_FALSE(committed.has_value());
  EXPECT_EQ(committed.error().message_en(), "the ledger's entry 4 is not this one");
  EXPECT_EQ(staged->commit().error().code(), "board.commit.twice");
  EXPECT_EQ(board_->stage(entry, 5).error().code(), "board.stage.index");
  ASSERT_TRUE(board_->catch_up().has_value());  // a kind that it does not know
  EXPECT_EQ(dump(*board_, "y_entries", "entry, what", "ORDER BY entry DESC LIMIT 1"), "4 note\n");
  submit(entry);
  expect_sound();
}

TEST_P(BoardTest, ABoardOfAnotherLedgerIsRefusedAndCanBeRebuilt) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  board_.reset();
  TestCity other;
  const auto ahead = other.board(connect());
  ASSERT_FALSE(ahead.has_value());
  EXPECT_EQ(ahead.error().code(), "board.open.ahead");
  EXPECT_EQ(ahead.error().message_en(), "the board has 4 entries applied, the ledger only 0");
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(other.ledger().append(other.entry("note", "x", "{}")).has_value());
  }
  EXPECT_EQ(other.board(connect(), BoardMode::read).error().code(), "board.open.root");
  const auto rebuilt = other.board(connect(), BoardMode::rebuild);
  ASSERT_TRUE(rebuilt.has_value()) << rebuilt.error().to_string_en();
  EXPECT_EQ((*rebuilt)->applied(), 5U);
  EXPECT_TRUE((*rebuilt)->fsck()->empty());
}

TEST_P(BoardTest, RebuildGivesTheSameContent) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  submit(city_.withdrawal("xx/orgs", "all wrong"));
  const Hash256 before = board_->content_hash().value();
  uint64_t seen = 0;
  ASSERT_TRUE(board_->rebuild([&](uint64_t done, uint64_t) { seen = done; }).has_value());
  EXPECT_EQ(seen, 5U);
  EXPECT_EQ(board_->content_hash().value(), before);
  ASSERT_TRUE(board_->connection().execute("UPDATE projects SET cost_fen = 1").has_value());
  EXPECT_NE(board_->content_hash().value(), before);
}

TEST_P(BoardTest, ImportsThatDoNotFitAreRefused) {
  YIPAN_NEED_DATABASE();
  begin_with_two_vintages();
  const uint64_t next = city_.ledger().size();
  EXPECT_EQ(board_->stage(city_.import("xx/projects", "organisations", "O9 x -\n"), next)
                .error()
                .message_en(),
            "dataset 'xx/projects' belongs to table projects, not to organisations");
  auto entry = city_.import("xx/projects", "projects", kProjects1);
  std::swap(entry.evidence[0], entry.evidence[1]);
  EXPECT_EQ(board_->stage(entry, next).error().code(), "board.import.evidence");
  const auto empty = board_->stage(city_.import("xx/o2", "organisations", "- x -\n"), next);
  ASSERT_FALSE(empty.has_value());
  EXPECT_EQ(empty.error().message_en(), "the required field id is empty");
  EXPECT_EQ(empty.error().place().row, 2U);
  EXPECT_THAT(empty.error().remedy_en(), HasSubstr("fill it"));
  expect_sound();
}

YIPAN_ON_BOTH_DATABASES(BoardTest);

}  // namespace
}  // namespace yipan::board
