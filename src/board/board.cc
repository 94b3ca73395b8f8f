// Opening, staging, catching up, rebuilding.
#include <fmt/format.h>

#include "board/board_impl.h"

namespace yipan::board {

namespace {

// A replay commits when so much has come together, so that many small entries share a commit.
constexpr uint64_t kGroupEntriesMax = 2'000;
constexpr uint64_t kGroupRowsMax = 200'000;

Error duplicates_error(const Applied& applied, uint64_t index) {
  const Violation& first = applied.violations.front();
  return Error("board.commit.duplicates")
      .zh(fmt::format("有 {} 处主键重复或悬空引用，第一处：{} 的键“{}”（另见 {}）",
                      applied.violation_count, first.table, first.key, first.references))
      .en(fmt::format("{} violations, among them doubled keys; the first: key '{}' of {} (see {})",
                      applied.violation_count, first.key, first.table, first.references))
      .element(fmt::format("entry {}", index))
      .row(first.source_row)
      .remedy("去掉重复的行后重新导入", "take the doubled rows out and import again");
}

}  // namespace

// ---- staged entries
// ------------------------------------------------------------------------------

class StagedImpl : public Staged {
 public:
  StagedImpl(BoardImpl* board, ledger::Entry entry, uint64_t index, Applied applied)
      : board_(board), entry_(std::move(entry)), index_(index), applied_(std::move(applied)) {}
  ~StagedImpl() override { end(); }

  const std::vector<Violation>& violations() const override { return applied_.violations; }
  uint64_t violation_count() const override { return applied_.violation_count; }
  const Diff& diff() const override { return applied_.diff; }

  Result<> commit() override {
    if (board_ == nullptr) {
      return fail(Error("board.commit.twice")
                      .zh("这个条目已经提交或放弃")
                      .en("this entry has been committed or dropped already")
                      .remedy("重新 stage", "stage it again"));
    }
    Result<> result = check();
    if (result) {
      const Schemas& schemas = applied_.schemas ? *applied_.schemas : board_->schemas_;
      result = board_->commit_at(index_ + 1, Schemas(schemas));
    }
    end();
    return result;
  }

 private:
  // The ledger must hold this very entry at this very place.
  Result<> check() const {
    if (applied_.duplicates) return fail(duplicates_error(applied_, index_));
    const ledger::Ledger& ledger = board_->ledger();
    YIPAN_ASSIGN(const std::string staged, entry_.encode());
    if (index_ < ledger.size()) {
      YIPAN_ASSIGN(const std::string written, ledger.entry_bytes(index_));
      if (written == staged) return {};
    }
    return fail(Error("board.commit.entry")
                    .zh(fmt::format("账本的第 {} 条不是这个条目", index_))
                    .en(fmt::format("the ledger's entry {} is not this one", index_))
                    .element(fmt::format("entry {}", index_))
                    .remedy("先把条目写入账本再提交；若另有人写入，请重新 stage",
                            "append the entry before the commit; if another was appended in "
                            "between, stage it again"));
  }

  void end() {
    if (board_ == nullptr) return;
    // A failed rollback means that the connection is gone, and the transaction with it.
    if (board_->db().in_transaction()) (void)board_->db().rollback();
    board_->staging_ = false;
    board_ = nullptr;
  }

  BoardImpl* board_;
  ledger::Entry entry_;
  uint64_t index_;
  Applied applied_;
};

// ---- opening
// -------------------------------------------------------------------------------------

BoardImpl::BoardImpl(BoardOptions options) : options_(std::move(options)) {}

const Logger& BoardImpl::logger() const {
  return options_.logger != nullptr ? *options_.logger : Logger::none();
}

Result<std::unique_ptr<Board>> Board::open(BoardOptions options) {
  CHECK(options.connection != nullptr && options.ledger != nullptr);
  auto board = std::make_unique<BoardImpl>(std::move(options));
  YIPAN_TRY(board->start());
  return std::unique_ptr<Board>(std::move(board));
}

Result<> BoardImpl::start() {
  if (options_.mode == BoardMode::rebuild) return rebuild(options_.progress);
  YIPAN_ASSIGN(auto meta, read_meta(db()));
  if (!meta && options_.mode == BoardMode::read) {
    return fail(Error("board.open.missing")
                    .zh("这里还没有总盘")
                    .en("there is no board here")
                    .remedy("运行 yipan rebuild，从账本导出总盘",
                            "run yipan rebuild to derive it from the ledger"));
  }
  if (!meta) {
    YIPAN_ASSIGN(auto transaction, store::Transaction::begin(db()));
    YIPAN_TRY(make_empty_board(db(), ledger()));
    YIPAN_TRY(transaction.commit());
    YIPAN_ASSIGN(meta, read_meta(db()));
  }
  YIPAN_TRY(check_meta(*meta, ledger()));
  meta_ = std::move(*meta);
  if (!meta_.schemas.empty()) {
    YIPAN_ASSIGN(schemas_, Schemas::parse_bundle(meta_.schemas));
  }
  if (options_.mode == BoardMode::read) return {};
  return catch_up(options_.progress);
}

Result<> BoardImpl::usable(bool writing) const {
  if (lost_) {
    return fail(Error("board.connection")
                    .zh("与数据库的连接在提交时中断，结果未知")
                    .en("the connection was lost during a commit; its outcome is unknown")
                    .remedy("重新打开总盘：它会按账本补齐",
                            "open the board again: it catches up with the ledger"));
  }
  if (writing && options_.mode == BoardMode::read) {
    return fail(Error("board.read_only")
                    .zh("总盘是只读打开的")
                    .en("the board was opened for reading")
                    .remedy("以写方式打开", "open it for writing"));
  }
  if (writing && staging_) {
    return fail(Error("board.stage.open")
                    .zh("还有一个条目未提交也未放弃")
                    .en("another entry is staged and neither committed nor dropped")
                    .remedy("先提交或放弃它", "commit or drop it first"));
  }
  return {};
}

// ---- staging
// -------------------------------------------------------------------------------------

Result<Applied> BoardImpl::try_apply(const ledger::Entry& entry, uint64_t index) {
  for (const bool directly : {true, false}) {
    YIPAN_TRY(db().begin());
    auto applied = apply_entry({db(), ledger(), schemas_, entry, index, directly});
    if (applied) return applied;
    YIPAN_TRY(db().rollback());
    if (!directly || applied.error().code() != kDirectLoadFailed) return applied;
  }
  CHECK_MSG(false, "the second try returns");
  return Applied{};
}

Result<std::unique_ptr<Staged>> BoardImpl::stage(const ledger::Entry& entry, uint64_t index) {
  YIPAN_TRY(usable(true));
  if (index != meta_.applied) {
    return fail(
        Error("board.stage.index")
            .zh(fmt::format("总盘已用到第 {} 条，不能直接放入第 {} 条", meta_.applied, index))
            .en(fmt::format("the board has {} entries applied; entry {} is not the next",
                            meta_.applied, index))
            .remedy("先 catch_up", "catch up first"));
  }
  YIPAN_ASSIGN(Applied applied, try_apply(entry, index));
  staging_ = true;
  return std::unique_ptr<Staged>(
      std::make_unique<StagedImpl>(this, entry, index, std::move(applied)));
}

// ---- committing
// ----------------------------------------------------------------------------------

Result<> BoardImpl::commit_at(uint64_t applied, const Schemas& schemas) {
  Meta next = meta_;
  next.applied = applied;
  YIPAN_ASSIGN(next.root, ledger().root_at(applied));
  if (!schemas.all().empty()) next.schemas = schemas.bundle();
  YIPAN_TRY(write_meta(db(), next));
  if (const auto committed = db().commit(); !committed) {
    YIPAN_TRY(settle_commit(next, committed.error()));
  }
  meta_ = std::move(next);
  schemas_ = schemas;
  return {};
}

// After a commit that failed or whose outcome is unknown: the database itself says whether it took
// place. If it did not, the ledger still has the entry, and catching up applies it.
Result<> BoardImpl::settle_commit(const Meta& wanted, const Error& error) {
  if (db().in_transaction()) (void)db().rollback();
  const auto found = read_meta(db());
  if (found && *found && (*found)->applied == wanted.applied && (*found)->root == wanted.root) {
    logger().warning("board.commit.found").kv("applied", wanted.applied).kv("error", error.code());
    return {};
  }
  lost_ = !found;
  return fail(Error("board.commit.failed")
                  .zh("总盘没有提交；账本里已有的条目不会丢失")
                  .en("the board was not committed; what is in the ledger is not lost")
                  .remedy("排除原因后重新打开总盘，它会按账本补齐",
                          "remove the cause and open the board again: it catches up with the "
                          "ledger")
                  .because(error));
}

// ---- replay
// --------------------------------------------------------------------------------------

// Applies entries from `from` in one transaction until a group is full; returns where it ended.
Result<uint64_t> BoardImpl::apply_group(uint64_t from, uint64_t to) {
  YIPAN_ASSIGN(auto transaction, store::Transaction::begin(db()));
  Schemas schemas = schemas_;
  uint64_t rows = 0;
  uint64_t index = from;
  while (index < to && index - from < kGroupEntriesMax && rows < kGroupRowsMax) {
    YIPAN_ASSIGN(const ledger::Entry entry, ledger().entry(index));
    auto applied = apply_entry({db(), ledger(), schemas, entry, index, true});
    if (applied && applied->duplicates) applied = fail(duplicates_error(*applied, index));
    if (!applied) {
      return fail(
          Error("board.apply.failed")
              .zh(fmt::format("账本的第 {} 条（{}）放不上总盘", index, entry.what))
              .en(fmt::format("the ledger's entry {} ({}) cannot be applied", index, entry.what))
              .element(fmt::format("entry {}", index))
              .remedy("看下面的原因；账本和证据可用 yipan fsck 检查",
                      "see the cause; yipan fsck checks the ledger and its evidence")
              .because(applied.error()));
    }
    if (applied->schemas) schemas = std::move(*applied->schemas);
    rows += applied->rows + applied->diff.removed;
    ++index;
  }
  YIPAN_TRY(commit_at(index, schemas));
  return index;  // `transaction` finds nothing open to roll back
}

Result<> BoardImpl::apply_until(uint64_t size, const Progress& progress) {
  while (meta_.applied < size) {
    YIPAN_ASSIGN(const uint64_t done, apply_group(meta_.applied, size));
    if (progress) progress(done, size);
  }
  return {};
}

Result<> BoardImpl::catch_up(const Progress& progress) {
  YIPAN_TRY(usable(true));
  const uint64_t from = meta_.applied;
  YIPAN_TRY(apply_until(ledger().size(), progress));
  if (meta_.applied != from) {
    logger().info("board.catch_up").kv("from", from).kv("to", meta_.applied);
  }
  return {};
}

Result<> BoardImpl::rebuild(const Progress& progress) {
  YIPAN_TRY(usable(true));
  logger().info("board.rebuild").kv("entries", ledger().size());
  return derive(ledger().size(), progress);
}

// One transaction takes away all that was there, so that a crash at any time leaves the old board
// or a new one that is shorter than the ledger.
Result<> BoardImpl::derive(uint64_t size, const Progress& progress) {
  YIPAN_ASSIGN(auto transaction, store::Transaction::begin(db()));
  YIPAN_TRY(drop_board(db(), ledger()));
  YIPAN_TRY(make_empty_board(db(), ledger()));
  YIPAN_TRY(transaction.commit());
  YIPAN_ASSIGN(auto meta, read_meta(db()));
  CHECK(meta.has_value());
  meta_ = std::move(*meta);
  schemas_ = Schemas();
  return apply_until(size, progress);
}

}  // namespace yipan::board
