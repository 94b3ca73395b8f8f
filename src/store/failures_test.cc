// What goes wrong in the world: locks, full disks, damaged files, lost connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "store/store_test_util.h"
#include "support/postgres.h"

namespace yipan::store {
namespace {

using ::testing::HasSubstr;

class SqliteFailuresTest : public ::testing::Test {
 protected:
  std::string path() const { return database_.options().url.substr(7); }
  test::ScratchDatabase database_{Dialect::sqlite};
};

TEST_F(SqliteFailuresTest, LockedByAnother) {
  auto first = database_.open();
  ASSERT_OK(first);
  ASSERT_OK((*first)->script("CREATE TABLE n (i BIGINT)"));
  OpenOptions impatient = database_.options();
  impatient.busy_timeout_ms = 20;
  auto second = open(impatient);
  ASSERT_OK(second);
  ASSERT_OK((*first)->begin());
  ASSERT_OK((*first)->execute("INSERT INTO n VALUES (1)"));
  auto refused = (*second)->execute("INSERT INTO n VALUES (2)");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.locked");
  EXPECT_THAT(refused.error().to_string_en(), HasSubstr(path()));
  EXPECT_THAT(refused.error().remedy_zh(), HasSubstr("QGIS"));
  EXPECT_EQ(*(*second)->query_int("SELECT count(*) FROM n"), 0) << "readers are not held up";
  ASSERT_OK((*first)->commit());
  ASSERT_OK((*second)->execute("INSERT INTO n VALUES (2)"));
}

TEST_F(SqliteFailuresTest, FullDisk) {
  auto db = database_.open();
  ASSERT_OK(db);
  ASSERT_OK((*db)->script("CREATE TABLE n (t TEXT); PRAGMA max_page_count = 60"));
  ASSERT_OK((*db)->begin());
  Result<> refused;
  for (int i = 0; i < 1000 && refused; ++i) {
    refused = (*db)->execute("INSERT INTO n VALUES ($1)", {Value(std::string(2000, 'x'))});
  }
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.full");
  EXPECT_THAT(refused.error().message_zh(), HasSubstr("磁盘已满"));
  EXPECT_FALSE((*db)->commit());
  EXPECT_EQ(*(*db)->query_int("SELECT count(*) FROM n"), 0);
}

TEST_F(SqliteFailuresTest, NotADatabaseAndForeignOnes) {
  std::ofstream(path()) << std::string(5000, 'x');
  auto refused = database_.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.not_a_database");
  EXPECT_EQ(refused.error().place().file, path());
  ASSERT_EQ(std::remove(path().c_str()), 0);
  const std::string command = "sqlite3 '" + path() + "' 'CREATE TABLE phone (book)'";
  if (std::system(command.c_str()) != 0) GTEST_SKIP() << "the sqlite3 shell is not installed";
  refused = database_.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.foreign");
  EXPECT_THAT(refused.error().remedy_en(), HasSubstr("read-only"));
  auto reader = database_.open(true);
  ASSERT_OK(reader);
  EXPECT_EQ(*(*reader)->query_int("SELECT count(*) FROM phone"), 0);
}

TEST_F(SqliteFailuresTest, DamagedFile) {
  {
    auto db = database_.open();
    ASSERT_OK(db);
    ASSERT_OK((*db)->script("CREATE TABLE n (t TEXT)"));
    std::vector<Values> rows(2000, {Value(std::string(200, 'x'))});
    ASSERT_OK((*db)->execute_many("INSERT INTO n VALUES ($1)", rows));
  }
  {
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100'000);
    file << std::string(100'000, '\x55');
  }
  auto db = database_.open();
  ASSERT_OK(db);
  const auto refused = (*db)->query_int("SELECT sum(length(t)) FROM n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.corrupt");
  EXPECT_THAT(refused.error().remedy_en(), HasSubstr("rebuild it from the ledger"));
  ASSERT_NE(refused.error().cause(), nullptr);
  EXPECT_EQ(refused.error().cause()->code(), "store.sqlite.11");
}

TEST_F(SqliteFailuresTest, MissingFolderAndMissingFile) {
  auto refused = open({.url = "sqlite:/nowhere/at/all.gpkg"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.open");
  EXPECT_THAT(refused.error().to_string_en(), HasSubstr("/nowhere/at/all.gpkg"));
  EXPECT_EQ(database_.open(true).error().code(), "store.open");
}

class PostgresqlFailuresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test::postgres_cluster().url.empty()) {
      GTEST_SKIP() << "PostgreSQL: " << test::postgres_cluster().reason;
    }
    database_ = std::make_unique<test::ScratchDatabase>(Dialect::postgresql);
    auto opened = database_->open();
    ASSERT_OK(opened);
    db_ = std::move(*opened);
    ASSERT_OK(db_->script("CREATE TABLE n (i BIGINT)"));
  }
  // Ends the server's side of db_.
  void kill() {
    const auto pid = db_->query_int("SELECT pg_backend_pid()");
    auto other = database_->open();
    ASSERT_OK(other);
    const auto killed =
        (*other)->query("SELECT pg_terminate_backend($1::integer, 5000)", {Value(**pid)});
    ASSERT_OK(killed);
  }
  std::unique_ptr<test::ScratchDatabase> database_;
  std::unique_ptr<Connection> db_;
};

TEST_F(PostgresqlFailuresTest, AConnectionLostDuringCommitLeavesTheOutcomeUnknown) {
  ASSERT_OK(db_->begin());
  ASSERT_OK(db_->execute("INSERT INTO n VALUES (1)"));
  kill();
  const auto refused = db_->commit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.commit.unknown");
  EXPECT_THAT(refused.error().message_zh(), HasSubstr("不知是否已写入"));
  ASSERT_NE(refused.error().cause(), nullptr);
  EXPECT_EQ(refused.error().cause()->code(), "store.connection");
  EXPECT_FALSE(db_->in_transaction());
  EXPECT_EQ(db_->execute("SELECT 1").error().code(), "store.connection");
  auto again = database_->open();
  ASSERT_OK(again);
  EXPECT_EQ(*(*again)->query_int("SELECT count(*) FROM n"), 0);
}

TEST_F(PostgresqlFailuresTest, ACommitThatTheServerRefusesIsKnown) {
  ASSERT_OK(db_->script("ALTER TABLE n ADD UNIQUE (i) DEFERRABLE INITIALLY DEFERRED"));
  ASSERT_OK(db_->begin());
  ASSERT_OK(db_->execute("INSERT INTO n VALUES (1), (1)"));
  const auto refused = db_->commit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.constraint.unique");
  EXPECT_EQ(*db_->query_int("SELECT count(*) FROM n"), 0);
}

TEST_F(PostgresqlFailuresTest, AConnectionLostInBulkInPipelineAndInQuery) {
  const std::vector<ColumnSpec> columns = {{"i", Type::integer, false, ""}};
  Batch batch({Type::integer});
  for (int i = 0; i < 1000; ++i) batch.columns[0].append_int(i);
  auto writer = db_->bulk("n", columns);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->append(batch));
  kill();
  EXPECT_EQ((*writer)->finish().error().code(), "store.connection");
  EXPECT_FALSE(db_->in_transaction());
  EXPECT_EQ(db_->query("SELECT i FROM n").error().code(), "store.connection");
  EXPECT_EQ(db_->execute_many("INSERT INTO n VALUES ($1)", {{Value(1)}}).error().code(),
            "store.connection");
  db_ = std::move(*database_->open());
  auto rows = db_->query("SELECT g FROM generate_series(1, 3000000) AS g");
  ASSERT_OK(rows);
  auto other = database_->open();
  ASSERT_OK((*other)->query(
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE "
      "'SELECT g FROM generate_series(1, 3000000)%' AND pid <> pg_backend_pid()"));
  Result<bool> more = true;
  while (more && *more) more = (*rows)->next(&batch);
  ASSERT_FALSE(more) << "a cut-off answer must not look like the end";
  EXPECT_EQ(more.error().code(), "store.connection");
}

TEST_F(PostgresqlFailuresTest, RefusedConnectionsSayWhyWithoutThePassword) {
  const std::string& url = database_->options().url;
  auto refused = open({.url = "postgresql:///no_such_db" + url.substr(url.find('?'))});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.connection");
  EXPECT_THAT(refused.error().remedy_zh(), HasSubstr("建库"));
  refused = open({.url = "postgresql://li:secret@/xx?host=/nowhere"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.connection");
  EXPECT_THAT(refused.error().to_string_en(), ::testing::Not(HasSubstr("secret")));
  EXPECT_THAT(refused.error().to_string_zh(), ::testing::Not(HasSubstr("secret")));
}

TEST_F(PostgresqlFailuresTest, TablesOfOtherTypesAreNamed) {
  ASSERT_OK(db_->script("CREATE TABLE small (i INTEGER, j JSONB)"));
  const auto refused = db_->bulk("small", {{"i", Type::integer, false, ""}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), "store.type.column");
  EXPECT_THAT(refused.error().remedy_en(), HasSubstr("bigint"));
  EXPECT_EQ(db_->query("SELECT j FROM small").error().code(), "store.type.unsupported");
}

}  // namespace
}  // namespace yipan::store
