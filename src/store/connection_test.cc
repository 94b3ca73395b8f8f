// What a connection does, on both databases alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "store/store_test_util.h"
#include "support/postgres.h"
#include "yipan/text.h"

namespace yipan::store {
namespace {

using ::testing::HasSubstr;

class ConnectionTest : public test::BothDatabases {};
YIPAN_ON_BOTH_DATABASES(ConnectionTest);

TEST_P(ConnectionTest, WritesInBulkAndReadsBackEveryType) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  const TableSpec table = all_types_table("all_types");
  ASSERT_OK(db->create_table(table));
  const Batch batch = all_types_batch(500);
  auto writer = db->bulk(table.name, table.columns);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->append(batch));
  auto written = (*writer)->finish();
  ASSERT_OK(written);
  EXPECT_EQ(*written, 500U);
  ASSERT_OK(db->create_indexes(table));
  ASSERT_OK(db->refresh_statistics({table.name}));

  const std::string list = "id, n, x, flag, d, at, b, geom";
  const Batch back = read_all(db.get(), "SELECT " + list + " FROM all_types ORDER BY n");
  expect_same(batch, back);
  // The same through views, subqueries and unions.
  ASSERT_OK(db->script("CREATE VIEW v AS SELECT " + list + " FROM all_types"));
  expect_same(batch, read_all(db.get(), "SELECT " + list + " FROM (SELECT " + list +
                                            " FROM v WHERE n < 100 UNION ALL SELECT " + list +
                                            " FROM v WHERE n >= 100) AS u ORDER BY n"));
}

TEST_P(ConnectionTest, BindsEveryTypeOfParameter) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  const TableSpec table = all_types_table("all_types");
  ASSERT_OK(db->create_table(table));
  const std::string point = wkb_point(120.5, 30.25);
  ASSERT_OK(
      db->execute("INSERT INTO all_types (id, n, x, flag, d, at, b, geom) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  {Value("甲"), Value(INT64_MAX), Value(-0.125), Value(true),
                   Value(*Date::from_ymd(2022, 11, 30)), Value(Instant::from_micros(-1)),
                   Value(Bytes{std::string("\0\xff", 2)}), Value(Geometry{point})}));
  EXPECT_EQ(db->changes(), 1);
  ASSERT_OK(
      db->execute("INSERT INTO all_types (id, n, x) VALUES ($1, $2, $2)", {Value(""), Value(7)}));
  const Batch all =
      read_all(db.get(), "SELECT id, n, x, flag, d, at, b, geom FROM all_types ORDER BY id DESC");
  ASSERT_EQ(all.rows(), 2U);
  EXPECT_EQ(all.columns[0].bytes_at(0), "甲");
  EXPECT_EQ(all.columns[1].int_at(0), INT64_MAX);
  EXPECT_EQ(all.columns[2].real_at(0), -0.125);
  EXPECT_EQ(all.columns[3].int_at(0), 1);
  EXPECT_EQ(Date::from_days(all.columns[4].int_at(0)).to_string(), "2022-11-30");
  EXPECT_EQ(all.columns[5].int_at(0), -1);
  EXPECT_EQ(all.columns[6].bytes_at(0), std::string_view("\0\xff", 2));
  EXPECT_EQ(hex(all.columns[7].bytes_at(0)), hex(point));
  EXPECT_EQ(all.columns[0].bytes_at(1), "");
  EXPECT_FALSE(all.columns[0].is_null(1));
  EXPECT_EQ(all.columns[2].real_at(1), 7.0);
  EXPECT_TRUE(all.columns[7].is_null(1));
  // A date as text, in a comparison with a date column.
  EXPECT_EQ(*db->query_int("SELECT count(*) FROM all_types WHERE d >= $1 AND at < $2",
                           {Value("2022-11-30"), Value("1970-01-01T00:00:00.000000Z")}),
            1);
}

TEST_P(ConnectionTest, RunsQueriesInsideQueries) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  ASSERT_OK(db->script("CREATE TABLE n (i BIGINT); CREATE TABLE m (i BIGINT)"));
  std::vector<Values> rows;
  for (int i = 0; i < 5000; ++i) rows.push_back({Value(i)});
  ASSERT_OK(db->execute_many("INSERT INTO n VALUES ($1)", rows));
  EXPECT_EQ(db->changes(), 5000);
  auto outer = db->query("SELECT i FROM n ORDER BY i");
  ASSERT_OK(outer);
  Batch batch;
  int64_t expected = 0;
  while (true) {
    auto more = (*outer)->next(&batch, 700);
    ASSERT_OK(more);
    if (!*more) break;
    for (size_t r = 0; r < batch.rows(); ++r) EXPECT_EQ(batch.columns[0].int_at(r), expected++);
    ASSERT_OK(db->execute("INSERT INTO m VALUES ($1)", {Value(expected)}));
    EXPECT_EQ(*db->query_int("SELECT max(i) FROM m"), expected);
  }
  EXPECT_EQ(expected, 5000);
  EXPECT_EQ(*db->query_int("SELECT count(*) FROM m"), 8);
  // A query dropped half-way leaves the connection usable.
  for (const bool in_transaction : {false, true}) {
    if (in_transaction) ASSERT_OK(db->begin());
    {
      auto dropped = db->query("SELECT a.i FROM n AS a CROSS JOIN m");
      ASSERT_OK(dropped);
      EXPECT_TRUE((*dropped)->next(&batch, 10).value());
    }
    EXPECT_EQ(*db->query_int("SELECT count(*) FROM n"), 5000);
    if (in_transaction) ASSERT_OK(db->commit());
  }
}

TEST_P(ConnectionTest, TransactionsCommitAndRollBack) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  ASSERT_OK(db->script("CREATE TABLE n (i BIGINT UNIQUE)"));
  {
    auto transaction = Transaction::begin(*db);
    ASSERT_OK(transaction);
    EXPECT_TRUE(db->in_transaction());
    ASSERT_OK(db->execute("INSERT INTO n VALUES (1)"));
  }
  EXPECT_FALSE(db->in_transaction());
  EXPECT_EQ(*db->query_int("SELECT count(*) FROM n"), 0);
  auto transaction = Transaction::begin(*db);
  ASSERT_OK(transaction);
  EXPECT_EQ(db->begin().error().code(), "store.transaction.nested");
  ASSERT_OK(db->execute("INSERT INTO n VALUES (1)"));
  ASSERT_OK(transaction->commit());
  EXPECT_EQ(transaction->commit().error().code(), "store.transaction.none");
  EXPECT_EQ(*db->query_int("SELECT count(*) FROM n"), 1);
  EXPECT_EQ(db->commit().error().code(), "store.transaction.none");
}

TEST_P(ConnectionTest, AnErrorSpendsTheTransaction) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  ASSERT_OK(db->create_table(
      {.name = "n", .columns = {{"i", Type::text, true, ""}}, .primary_key = {"i"}}));
  ASSERT_OK(db->execute("INSERT INTO n (i) VALUES ('1')"));
  ASSERT_OK(db->begin());
  ASSERT_OK(db->execute("INSERT INTO n (i) VALUES ('2')"));
  auto refused = db->execute("INSERT INTO n (i) VALUES ('1')");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.constraint.unique");
  EXPECT_EQ(refused.error().place().element, "n");
  EXPECT_THAT(refused.error().to_string_zh(), HasSubstr("键值重复"));
  EXPECT_THAT(refused.error().remedy_en(), HasSubstr("correct the key"));
  ASSERT_NE(refused.error().cause(), nullptr);
  EXPECT_EQ(db->execute("INSERT INTO n (i) VALUES ('3')").error().code(),
            "store.transaction.spent");
  EXPECT_EQ(db->query("SELECT i FROM n").error().code(), "store.transaction.spent");
  EXPECT_EQ(db->commit().error().code(), "store.transaction.spent");
  EXPECT_FALSE(db->in_transaction());
  EXPECT_EQ(*db->query_int("SELECT count(*) FROM n"), 1);
  auto null = db->execute("INSERT INTO n (i) VALUES (NULL)");
  ASSERT_FALSE(null);
  EXPECT_EQ(null.error().code(), "store.constraint.not_null");
  EXPECT_EQ(null.error().place().column, "i");
}

TEST_P(ConnectionTest, ExecuteManyIsAllOrNothing) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  ASSERT_OK(db->script("CREATE TABLE n (i BIGINT UNIQUE, t TEXT)"));
  std::vector<Values> rows;
  for (int i = 0; i < 1000; ++i) {
    rows.push_back({i % 3 == 0 && i != 777 ? Value(i) : Value(), Value(i == 5 ? "" : "字")});
  }
  rows[777][0] = Value(300);
  auto refused = db->execute_many("INSERT INTO n VALUES ($1, $2)", rows);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.constraint.unique");
  EXPECT_EQ(refused.error().place().row, 778U);
  EXPECT_EQ(*db->query_int("SELECT count(*) FROM n"), 0);
  rows[777][0] = Value();
  ASSERT_OK(db->execute_many("INSERT INTO n VALUES ($1, $2)", rows));
  EXPECT_EQ(*db->query_int("SELECT count(*) FROM n"), 1000);
  EXPECT_EQ(*db->query_int("SELECT count(i) FROM n"), 333);
}

TEST_P(ConnectionTest, SqlErrorsShowTheStatement) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  auto refused = db->query("SELECT nothing FROM nowhere");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.sql");
  EXPECT_THAT(refused.error().message_en(), HasSubstr("SELECT nothing FROM nowhere"));
  EXPECT_THAT(refused.error().message_en(), HasSubstr("nowhere"));
  EXPECT_THAT(refused.error().remedy_en(), HasSubstr("docs/formats/sql.md"));
  EXPECT_FALSE(db->execute("SELECT 1; SELECT 2"));
  // A double-quoted word is a name, never a string.
  EXPECT_FALSE(db->query("SELECT \"word\""));
  EXPECT_FALSE(db->query("SELECT $1 + $2", {Value(1)}));
  EXPECT_FALSE(db->query("SELECT 1", {Value(1)}));
}

TEST_P(ConnectionTest, TextThatNeitherMayStoreIsRefused) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  ASSERT_OK(db->script("CREATE TABLE n (t TEXT)"));
  const std::string insert = "INSERT INTO n VALUES ($1)";
  auto invalid = db->execute(insert, {Value("\xff")});
  ASSERT_FALSE(invalid);
  EXPECT_EQ(invalid.error().code(), "store.text.invalid");
  EXPECT_EQ(invalid.error().place().element, "$1");
  EXPECT_EQ(db->execute(insert, {Value(std::string("a\0b", 3))}).error().code(), "store.text.nul");
  EXPECT_EQ(db->execute(insert, {Value(NAN)}).error().code(), "store.real.not_finite");
  EXPECT_EQ(db->execute(insert, {Value(Date::from_days(-800'000))}).error().code(),
            "store.date.range");
}

TEST_P(ConnectionTest, ReadOnlyRefusesWrites) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  ASSERT_OK(db->script("CREATE TABLE n (i BIGINT)"));
  auto reader = connect(true);
  EXPECT_EQ(*reader->query_int("SELECT count(*) FROM n"), 0);
  auto refused = reader->execute("INSERT INTO n VALUES (1)");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.read_only");
  EXPECT_THAT(refused.error().message_zh(), HasSubstr("只读"));
  ASSERT_OK(reader->begin());
  EXPECT_EQ(*reader->query_int("SELECT count(*) FROM n"), 0);
  ASSERT_OK(db->execute("INSERT INTO n VALUES (1)"));
  EXPECT_EQ(*reader->query_int("SELECT count(*) FROM n"), 0) << "one snapshot per transaction";
  ASSERT_OK(reader->commit());
  EXPECT_EQ(*reader->query_int("SELECT count(*) FROM n"), 1);
}

TEST_P(ConnectionTest, TablesComeAndGo) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  TableSpec table = all_types_table("things");
  table.indexes = {{"n"}, {"d", "flag"}};
  EXPECT_FALSE(*db->has_table("things"));
  ASSERT_OK(db->create_table(table));
  ASSERT_OK(db->create_indexes(table));
  ASSERT_OK(db->create_indexes(table));
  EXPECT_TRUE(*db->has_table("things"));
  EXPECT_FALSE(db->create_table(table));
  ASSERT_OK(db->drop_table("things"));
  EXPECT_FALSE(*db->has_table("things"));
  ASSERT_OK(db->create_table(table));
  ASSERT_OK(db->create_indexes(table));
  TableSpec staging = table;
  staging.temporary = true;
  staging.name = "staging";
  ASSERT_OK(db->create_table(staging));
  ASSERT_OK(db->create_indexes(staging));
  EXPECT_TRUE(*db->has_table("staging"));
  EXPECT_FALSE(*connect()->has_table("staging"));
  table.name = "Things";
  EXPECT_EQ(db->create_table(table).error().code(), "store.name.invalid");
}

TEST_P(ConnectionTest, StatedTypesAreCheckedAndConverted) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  ASSERT_OK(db->create_table(
      {.name = "t", .columns = {{"d", Type::date, false, ""}, {"n", Type::integer, false, ""}}}));
  ASSERT_OK(db->execute("INSERT INTO t (d, n) VALUES ($1, 1), ($2, 3)",
                        {Value("2022-01-31"), Value("2023-05-06")}));
  const std::string sql = "SELECT max(d), max(n) > 2, sum(n), sum(n), max(d) FROM t";
  auto rows =
      db->query(sql, {}, {Type::date, Type::boolean, Type::integer, Type::real, Type::text});
  ASSERT_OK(rows);
  Batch batch;
  EXPECT_TRUE((*rows)->next(&batch).value());
  EXPECT_EQ(Date::from_days(batch.columns[0].int_at(0)).to_string(), "2023-05-06");
  EXPECT_EQ(batch.columns[1].int_at(0), 1);
  EXPECT_EQ(batch.columns[2].int_at(0), 4);
  EXPECT_EQ(batch.columns[3].real_at(0), 4.0);
  EXPECT_EQ(batch.columns[4].bytes_at(0), "2023-05-06");
  auto refused = db->query("SELECT 'word' AS w", {}, {Type::date});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.type.mismatch");
  EXPECT_EQ(refused.error().place().column, "w");
  EXPECT_EQ(db->query("SELECT 1, 2", {}, {Type::integer}).error().code(), "store.type.count");
  EXPECT_EQ(db->query("SELECT 0.5 AS h", {}, {Type::integer}).error().code(),
            "store.type.mismatch");
  // Sums of integers are exact integers; one beyond 64 bits is an error, not a rounding.
  EXPECT_EQ(*db->query_int("SELECT sum(x) FROM (SELECT 9007199254740993 AS x UNION ALL "
                           "SELECT 9007199254740994) AS big"),
            18014398509481987);
  EXPECT_FALSE(
      db->query_int("SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL "
                    "SELECT 1) AS big"));
}

TEST_P(ConnectionTest, BulkSaysWhereABadValueStands) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  const TableSpec table = all_types_table("t");
  ASSERT_OK(db->create_table(table));
  const auto refusal = [&](const Batch& batch) {
    auto writer = db->bulk("t", table.columns);
    EXPECT_OK(writer);
    auto refused = (*writer)->append(batch);
    EXPECT_FALSE(refused);
    EXPECT_FALSE(db->in_transaction());
    return refused ? Error("none") : refused.error();
  };
  Error e = refusal(all_types_batch(5, "字\xe5"));
  EXPECT_EQ(e.code(), "store.text.invalid");
  EXPECT_EQ(e.place().to_string(), "row 5, column id, byte 3, element t");
  e = refusal(all_types_batch(5, "x", INFINITY));
  EXPECT_EQ(e.code(), "store.real.not_finite");
  EXPECT_EQ(e.place().column, "x");
  e = refusal(all_types_batch(5, "x", 1, wkb_point(1, NAN)));
  EXPECT_EQ(e.code(), "store.geometry.invalid");
  EXPECT_EQ(e.place().row, 5U);
  EXPECT_EQ(e.place().column, "geom");
  std::string line = wkb_point(1, 2);
  line[1] = 2;
  e = refusal(all_types_batch(5, "x", 1, line));
  EXPECT_EQ(e.code(), "store.geometry.invalid");
  EXPECT_EQ(refusal(Batch({Type::text})).code(), "store.type.batch");
  Batch with_null = all_types_batch(3);
  for (Column& column : with_null.columns) column.append_null();
  e = refusal(with_null);
  EXPECT_EQ(e.code(), "store.constraint.not_null");
  EXPECT_EQ(e.place().to_string(), "row 4, column id, element t");
  EXPECT_EQ(*db->query_int("SELECT count(*) FROM t"), 0);
}

TEST_P(ConnectionTest, WritersAndStatementsMayInterleave) {
  YIPAN_NEED_DATABASE();
  auto db = connect();
  const TableSpec a = all_types_table("a");
  const TableSpec b = all_types_table("b");
  ASSERT_OK(db->create_table(a));
  ASSERT_OK(db->create_table(b));
  ASSERT_OK(db->begin());
  auto write_a = db->bulk("a", a.columns);
  auto write_b = db->bulk("b", b.columns);
  ASSERT_OK((*write_a)->append(all_types_batch(300)));
  ASSERT_OK((*write_b)->append(all_types_batch(200)));
  ASSERT_OK(db->query_int("SELECT count(*) FROM a"));
  ASSERT_OK((*write_a)->finish());
  ASSERT_OK((*write_b)->finish());
  ASSERT_OK(db->commit());
  EXPECT_EQ(*db->query_int("SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)"), 500);
}

}  // namespace
}  // namespace yipan::store
