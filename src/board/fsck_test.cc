// Whatever is altered on a board is named.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "board/city_for_tests.h"
#include "board/snapshot.h"
#include "support/postgres.h"

namespace yipan::board {
namespace {

using store::Value;

Value value_of(const Column& column, size_t row) {
  if (column.is_null(row)) return Value();
  switch (column.type()) {
    case Type::boolean:
      return Value(column.int_at(row) != 0);
    case Type::integer:
      return Value(column.int_at(row));
    case Type::real:
      return Value(column.real_at(row));
    case Type::date:
      return Value(Date::from_days(column.int_at(row)));
    case Type::instant:
      return Value(Instant::from_micros(column.int_at(row)));
    case Type::geometry:
      return Value(store::Geometry{std::string(column.bytes_at(row))});
    case Type::bytes:
      return Value(store::Bytes{std::string(column.bytes_at(row))});
    case Type::text:
      return Value(column.bytes_at(row));
  }
  return Value();
}

// As little as can be: the next value of its type; something where there was nothing.
Value altered(const Column& column, size_t row) {
  const bool null = column.is_null(row);
  const int64_t number = null || !is_fixed_int(column.type()) ? 0 : column.int_at(row);
  const std::string bytes(null || !is_varlen(column.type()) ? "" : column.bytes_at(row));
  switch (column.type()) {
    case Type::boolean:
      return Value(number == 0);
    case Type::integer:
      return Value(number + 1'000'000);
    case Type::real:
      return Value(null ? 0.5 : std::nextafter(column.real_at(row), 1e9));
    case Type::date:
      return Value(Date::from_days(number + 1));
    case Type::instant:
      return Value(Instant::from_micros(number + 1));
    case Type::geometry:
      return Value(store::Geometry{point_wkb(117.10000001, 34.5)});
    case Type::bytes:
      return Value(store::Bytes{bytes.substr(0, bytes.size() - 1) + "!"});
    case Type::text:
      return Value(bytes + "x");
  }
  return Value();
}

class FsckTest : public test::BothDatabases {
 protected:
  void make_city() {
    auto board = city_.board(connect());
    ASSERT_TRUE(board.has_value()) << board.error().to_string_en();
    board_ = std::move(*board);
    submit(city_.adoption());
    submit(city_.import("xx/orgs", "organisations", "O1 甲 -\nO2 乙 O1\n"));
    submit(city_.import("xx/projects", "projects",
                        "A 2020 O1 100 0.5 2020-01-01 true 2020-01-02T03:04:05Z 117.1\n"
                        "B 2020 O2 200 - - false - -\n"));
    submit(city_.import("xx/projects", "projects",
                        "A 2020 O1 101 0.5 2020-01-01 true 2020-01-02T03:04:05Z 117.1\n", "new"));
    submit(city_.import("xx/orgs", "organisations", "O1 丙 -\nO2 乙 O1\n"));
  }
  void submit(const ledger::Entry& entry) {
    const auto done = city_.submit(*board_, entry);
    ASSERT_TRUE(done.has_value()) << done.error().to_string_en();
  }
  // Alters the column in the table's first row; returns the row's key, "" if there is none.
  std::string alter(const TableView& view, size_t column) {
    const auto types = types_of(view.spec);
    auto rows = std::move(board_->connection().query(view.sql(GetParam()), {}, types).value());
    Batch batch;
    if (!rows->next(&batch, 1).value()) return "";
    rows.reset();
    std::vector<std::string> key;
    std::string where;
    store::Values values{altered(batch.columns[column], 0)};
    for (const size_t c : view.order_columns()) {
      key.push_back(value_text(batch.columns[c], 0));
      values.push_back(value_of(batch.columns[c], 0));
      where += (where.empty() ? " WHERE " : " AND ") + q(view.spec.columns[c].name) + " = $" +
               std::to_string(values.size());
    }
    const auto done =
        board_->connection().execute("UPDATE " + q(view.spec.name) + " SET " +
                                         q(view.spec.columns[column].name) + " = $1" + where,
                                     values);
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().to_string_en());
    return view.spec.name + "/" + join_key(key);
  }

  TestCity city_;
  std::unique_ptr<Board> board_;
};

TEST_P(FsckTest, AnAlteredValueIsNamedInEveryColumnOfEveryTable) {
  YIPAN_NEED_DATABASE();
  make_city();
  const std::vector<TableView> views = table_views(board_->schemas());
  size_t columns_max = 0;
  for (const TableView& view : views) columns_max = std::max(columns_max, view.spec.columns.size());
  size_t checked = 0;
  for (size_t column = 0; column < columns_max; ++column) {
    ASSERT_TRUE(board_->connection().begin().has_value());
    std::set<std::pair<std::string, std::string>> expected;
    for (const TableView& view : views) {
      if (column >= view.spec.columns.size()) continue;
      const std::string key = alter(view, column);
      ASSERT_NE(key, "") << view.spec.name << " has no row to alter";
      expected.insert({key, view.spec.columns[column].name});
    }
    const auto problems = board_->fsck();
    ASSERT_TRUE(problems.has_value()) << problems.error().to_string_en();
    std::set<std::pair<std::string, std::string>> found;
    for (const Error& problem : *problems) {
      found.insert({problem.place().element, problem.place().column});
      EXPECT_EQ(problem.remedy_en(), "run yipan rebuild to derive the board anew");
    }
    for (const auto& place : expected) {
      EXPECT_TRUE(found.contains(place)) << place.first << " " << place.second;
      ++checked;
    }
    ASSERT_TRUE(board_->connection().rollback().has_value());
  }
  EXPECT_GT(checked, 70U);
  EXPECT_TRUE(board_->fsck()->empty());
}

TEST_P(FsckTest, RowsThatAreTooManyOrMissingAreNamed) {
  YIPAN_NEED_DATABASE();
  make_city();
  ASSERT_TRUE(board_->connection()
                  .script("DELETE FROM organisations WHERE id = 'O1';"
                          "INSERT INTO projects (id, year, y_entry, y_source, y_row, y_hash) "
                          "SELECT 'Z', 1999, y_entry, y_source, y_row, y_hash FROM projects")
                  .has_value());
  const auto problems = board_->fsck();
  ASSERT_TRUE(problems.has_value());
  std::string all;
  for (const Error& problem : *problems) {
    all +=
        problem.place().element + " " + problem.place().column + ": " + problem.message_en() + "\n";
  }
  EXPECT_NE(all.find("organisations/O1 : the board lacks this row\n"), std::string::npos) << all;
  EXPECT_NE(all.find("projects/Z|1999 : the ledger has no such row\n"), std::string::npos) << all;
  EXPECT_NE(all.find("projects/Z|1999 y_hash: the row's values do not give its row hash\n"),
            std::string::npos)
      << all;
}

YIPAN_ON_BOTH_DATABASES(FsckTest);

// ---- bytes of a SQLite file
// ------------------------------------------------------------------------

class FsckFileTest : public FsckTest {
 protected:
  std::string path() const { return database().options().url.substr(7); }
  std::string file_bytes() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write_bytes(const std::string& bytes) const {
    std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    for (const char* tail : {"-wal", "-shm"}) std::filesystem::remove(path() + tail);
  }
  // Errors at opening count: whoever cannot open a board is told why.
  bool is_named(const Hash256& content, bool* same) {
    *same = false;
    auto connection = database().open(true);
    if (!connection) return true;
    auto board = city_.board(std::move(*connection), BoardMode::read);
    if (!board) return true;
    const auto hash = (*board)->content_hash();
    *same = hash.has_value() && *hash == content;
    const auto problems = (*board)->fsck();
    return !problems || !problems->empty();
  }
};

TEST_P(FsckFileTest, AFlippedByteThatAltersContentIsNamed) {
  make_city();
  const Hash256 content = board_->content_hash().value();
  board_.reset();
  const std::string bytes = file_bytes();
  const uint64_t seed = 20221123;
  SCOPED_TRACE(seed);
  Random random(seed);
  size_t named = 0;
  for (int run = 0; run < 150; ++run) {
    // Only where something is written: most of a small file is empty.
    size_t at = random.below(bytes.size());
    while (bytes[at] == 0) at = (at + 1) % bytes.size();
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8)));
    write_bytes(damaged);
    bool same = false;
    const bool found = is_named(content, &same);
    EXPECT_TRUE(found || same) << "byte " << at;
    named += found ? 1 : 0;
  }
  EXPECT_GT(named, 100U);
  write_bytes(bytes);
  bool same = false;
  EXPECT_FALSE(is_named(content, &same));
  EXPECT_TRUE(same);
}

INSTANTIATE_TEST_SUITE_P(On, FsckFileTest, ::testing::Values(store::Dialect::sqlite),
                         test::dialect_name);

}  // namespace
}  // namespace yipan::board
