// A commit that fails, that succeeds but says otherwise, or that takes the connection with it.
#include <gtest/gtest.h>

#include "board/city_for_tests.h"
#include "support/postgres.h"

namespace yipan::board {
namespace {

enum class Fault { none, before, after, lost };

// Passes everything on but the commit.
class FaultyConnection : public store::Connection {
 public:
  FaultyConnection(std::unique_ptr<store::Connection> real, const Fault* fault)
      : real_(std::move(real)), fault_(fault) {}
  store::Dialect dialect() const override { return real_->dialect(); }
  Result<> execute(std::string_view sql, const store::Values& parameters) override {
    return real_->execute(sql, parameters);
  }
  int64_t changes() const override { return real_->changes(); }
  Result<> script(std::string_view sql) override { return real_->script(sql); }
  Result<> execute_many(std::string_view sql, const std::vector<store::Values>& rows) override {
    return real_->execute_many(sql, rows);
  }
  Result<std::unique_ptr<store::Rows>> query(std::string_view sql, const store::Values& parameters,
                                             const std::vector<Type>& types) override {
    if (gone_) return fail(Error("store.connection"));
    return real_->query(sql, parameters, types);
  }
  Result<> create_table(const store::TableSpec& table) override {
    return real_->create_table(table);
  }
  Result<> create_indexes(const store::TableSpec& table) override {
    return real_->create_indexes(table);
  }
  Result<> drop_table(std::string_view name) override { return real_->drop_table(name); }
  Result<bool> has_table(std::string_view name) override {
    if (gone_) return fail(Error("store.connection"));
    return real_->has_table(name);
  }
  Result<std::unique_ptr<store::BulkWriter>> bulk(
      std::string_view table, const std::vector<store::ColumnSpec>& columns) override {
    return real_->bulk(table, columns);
  }
  Result<> refresh_statistics(const std::vector<std::string>& tables) override {
    return real_->refresh_statistics(tables);
  }
  Result<> begin() override { return real_->begin(); }
  Result<> commit() override {
    if (*fault_ == Fault::none) return real_->commit();
    if (*fault_ == Fault::after) YIPAN_TRY(real_->commit());
    if (*fault_ == Fault::lost) {
      YIPAN_TRY(real_->rollback());
      gone_ = true;
    }
    return fail(Error("store.commit.unknown").zh("连接中断").en("the connection was lost"));
  }
  Result<> rollback() override { return real_->rollback(); }
  bool in_transaction() const override { return real_->in_transaction(); }

 private:
  std::unique_ptr<store::Connection> real_;
  const Fault* fault_;
  bool gone_ = false;
};

class CommitTest : public test::BothDatabases {
 protected:
  void open() {
    board_.reset();
    fault_ = Fault::none;
    auto board = city_.board(std::make_unique<FaultyConnection>(connect(), &fault_));
    ASSERT_TRUE(board.has_value()) << board.error().to_string_en();
    board_ = std::move(*board);
  }
  void begin() {
    open();
    ASSERT_TRUE(city_.submit(*board_, city_.adoption()).has_value());
  }
  std::string rows() { return dump(*board_, "organisations", "id, y_entry", "ORDER BY id"); }

  TestCity city_;
  Fault fault_ = Fault::none;
  std::unique_ptr<Board> board_;
};

TEST_P(CommitTest, ThatFailsLeavesTheBoardAsItWasAndTheEntryIsAppliedLater) {
  YIPAN_NEED_DATABASE();
  begin();
  fault_ = Fault::before;
  const auto done = city_.submit(*board_, city_.import("o", "organisations", "O1 甲 -\n"));
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code(), "board.commit.failed");
  EXPECT_EQ(done.error().message_en(),
            "the board was not committed; what is in the ledger is not lost");
  EXPECT_EQ(done.error().cause()->code(), "store.commit.unknown");
  EXPECT_EQ(rows(), "");
  EXPECT_EQ(board_->applied(), 1U);
  fault_ = Fault::none;
  ASSERT_TRUE(board_->catch_up().has_value());
  EXPECT_EQ(rows(), "O1 1\n");
  EXPECT_TRUE(board_->fsck()->empty());
}

TEST_P(CommitTest, ThatTookPlaceAfterAllIsFoundOut) {
  YIPAN_NEED_DATABASE();
  begin();
  fault_ = Fault::after;
  const auto done = city_.submit(*board_, city_.import("o", "organisations", "O1 甲 -\n"));
  ASSERT_TRUE(done.has_value()) << done.error().to_string_en();
  EXPECT_EQ(board_->applied(), 2U);
  EXPECT_EQ(rows(), "O1 1\n");
}

TEST_P(CommitTest, WithTheConnectionLostEveryCallSaysToOpenAgain) {
  YIPAN_NEED_DATABASE();
  begin();
  fault_ = Fault::lost;
  EXPECT_FALSE(city_.submit(*board_, city_.import("o", "organisations", "O1 甲 -\n")).has_value());
  const auto next = board_->catch_up();
  ASSERT_FALSE(next.has_value());
  EXPECT_EQ(next.error().code(), "board.connection");
  EXPECT_EQ(next.error().remedy_en(), "open the board again: it catches up with the ledger");
  open();
  EXPECT_EQ(rows(), "O1 1\n");
}

YIPAN_ON_BOTH_DATABASES(CommitTest);

}  // namespace
}  // namespace yipan::board
