// A database for a test, on either engine.
//
//   class PlanTest : public test::BothDatabases {};
//   TEST_P(PlanTest, KeepsOrder) {
//     YIPAN_NEED_DATABASE();                      // skips, with the reason, without PostgreSQL
//     auto db = connect();                        // a fresh database; again: the same one
//     ...
//   }
//   YIPAN_ON_BOTH_DATABASES(PlanTest);
//
// PostgreSQL: the cluster of $YIPAN_TEST_POSTGRES, or the one whose URL stands in
// ${YIPAN_BINARY_DIR}/pg/url (ctest's fixture), or one that this process starts with tools/pg-test
// and that ends with it. Each test has a schema of its own, dropped when it ends.
// SQLite: a file in a temporary folder.
#ifndef YIPAN_TESTS_SUPPORT_POSTGRES_H_
#define YIPAN_TESTS_SUPPORT_POSTGRES_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "yipan/file.h"
#include "yipan/store.h"

namespace yipan::test {

struct PostgresCluster {
  std::string url;     // "" if there is none
  std::string reason;  // why there is none
};

inline std::string first_line_of(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

inline bool is_postgres_up(const std::string& url) {
  return !url.empty() && store::open({.url = url}).has_value();
}

inline PostgresCluster start_postgres() {
  const std::string tool = std::string(YIPAN_SOURCE_DIR) + "/tools/pg-test";
  const std::string command = "'" + tool + "' start /tmp/yipan-pg-" + std::to_string(getpid()) +
                              " --while " + std::to_string(getpid()) + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {"", "cannot run tools/pg-test"};
  std::string output;
  char block[256];
  while (std::fgets(block, sizeof block, pipe) != nullptr) output += block;
  const int status = pclose(pipe);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  const std::string last = output.substr(output.rfind('\n') + 1);
  if (status == 0 && is_postgres_up(last)) return {last, ""};
  return {"", output.empty() ? "tools/pg-test failed" : output};
}

// Found or started once for each process.
inline const PostgresCluster& postgres_cluster() {
  static const PostgresCluster cluster = [] {
    const char* given = std::getenv("YIPAN_TEST_POSTGRES");
    if (given != nullptr && is_postgres_up(given)) return PostgresCluster{given, ""};
    const std::string url = first_line_of(std::string(YIPAN_BINARY_DIR) + "/pg/url");
    if (is_postgres_up(url)) return PostgresCluster{url, ""};
    return start_postgres();
  }();
  return cluster;
}

// A database that is gone when this dies.
class ScratchDatabase {
 public:
  explicit ScratchDatabase(store::Dialect dialect) {
    static std::atomic<int> count = 0;
    if (dialect == store::Dialect::sqlite) {
      auto folder = TempDir::make();
      EXPECT_TRUE(folder.has_value());
      if (!folder) return;
      folder_ = std::make_unique<TempDir>(std::move(*folder));
      options_.url = "sqlite:" + folder_->path() + "/test.gpkg";
      return;
    }
    options_.url = postgres_cluster().url;
    options_.schema = "t_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  }
  ~ScratchDatabase() {
    if (options_.schema.empty()) return;
    if (auto connection = store::open({.url = options_.url})) {
      EXPECT_TRUE((*connection)->script("DROP SCHEMA IF EXISTS " + options_.schema + " CASCADE"));
    }
  }
  ScratchDatabase(const ScratchDatabase&) = delete;
  ScratchDatabase& operator=(const ScratchDatabase&) = delete;

  const store::OpenOptions& options() const { return options_; }
  Result<std::unique_ptr<store::Connection>> open(bool read_only = false) const {
    store::OpenOptions options = options_;
    options.read_only = read_only;
    return store::open(options);
  }

 private:
  std::unique_ptr<TempDir> folder_;
  store::OpenOptions options_;
};

class BothDatabases : public ::testing::TestWithParam<store::Dialect> {
 protected:
  bool is_available() const {
    return GetParam() == store::Dialect::sqlite || !postgres_cluster().url.empty();
  }
  // A new connection to the test's own database.
  std::unique_ptr<store::Connection> connect(bool read_only = false) {
    if (!database_) database_ = std::make_unique<ScratchDatabase>(GetParam());
    auto connection = database_->open(read_only);
    EXPECT_TRUE(connection.has_value()) << (connection ? "" : connection.error().to_string_en());
    return connection ? std::move(*connection) : nullptr;
  }
  const ScratchDatabase& database() const { return *database_; }

 private:
  std::unique_ptr<ScratchDatabase> database_;
};

inline std::string dialect_name(const ::testing::TestParamInfo<store::Dialect>& info) {
  return info.param == store::Dialect::sqlite ? "sqlite" : "postgresql";
}

}  // namespace yipan::test

#define YIPAN_NEED_DATABASE() \
  if (!is_available()) GTEST_SKIP() << "PostgreSQL: " << ::yipan::test::postgres_cluster().reason
#define YIPAN_ON_BOTH_DATABASES(Suite)                                                         \
  INSTANTIATE_TEST_SUITE_P(                                                                    \
      On, Suite,                                                                               \
      ::testing::Values(::yipan::store::Dialect::sqlite, ::yipan::store::Dialect::postgresql), \
      ::yipan::test::dialect_name)

#endif  // YIPAN_TESTS_SUPPORT_POSTGRES_H_
