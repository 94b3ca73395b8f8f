// The board behind yipan/board.h. Its parts: board.cc (open, stage, catch up), board_read.cc
// (trace, history, datasets), content_hash.cc, fsck.cc.
#ifndef YIPAN_BOARD_BOARD_IMPL_H_
#define YIPAN_BOARD_BOARD_IMPL_H_

#include <memory>
#include <string>
#include <vector>

#include "board/apply.h"
#include "board/meta.h"
#include "yipan/board.h"

namespace yipan::board {

using Progress = std::function<void(uint64_t, uint64_t)>;

class BoardImpl : public Board {
 public:
  explicit BoardImpl(BoardOptions options);
  ~BoardImpl() override = default;

  Result<> start();

  store::Connection& connection() override { return *options_.connection; }
  const Schemas& schemas() const override { return schemas_; }
  uint64_t applied() const override { return meta_.applied; }
  Result<std::unique_ptr<Staged>> stage(const ledger::Entry& entry, uint64_t index) override;
  Result<> catch_up(const Progress& progress) override;
  Result<> rebuild(const Progress& progress) override;
  Result<Hash256> content_hash() override;
  Result<std::vector<Error>> fsck() override;
  Result<std::string> as_of_sql(std::string_view table, uint64_t ledger_size) override;
  Result<uint64_t> ledger_size_at(Instant when) override;
  Result<std::string> key_order_sql(std::string_view table) override;
  Result<Provenance> trace(std::string_view table, std::string_view key) override;
  Result<std::vector<HistoryItem>> history(std::string_view table, std::string_view key) override;
  Result<std::vector<DatasetInfo>> datasets() override;
  Result<std::vector<Vintage>> vintages(std::string_view dataset) override;
  Result<std::vector<Change>> changes(std::string_view dataset, uint64_t vintage, uint64_t position,
                                      size_t limit) override;

  // Applies entries until `size` are applied: replay.
  Result<> apply_until(uint64_t size, const Progress& progress);
  // An empty database becomes a board of the first `size` entries.
  Result<> derive(uint64_t size, const Progress& progress);

 private:
  friend class StagedImpl;

  store::Connection& db() { return *options_.connection; }
  const ledger::Ledger& ledger() const { return *options_.ledger; }
  const Logger& logger() const;
  Result<> usable(bool writing) const;
  Result<const TableSchema*> table_or_error(std::string_view name) const;
  Result<Applied> try_apply(const ledger::Entry& entry, uint64_t index);
  Result<> commit_at(uint64_t applied, const Schemas& schemas);
  Result<> settle_commit(const Meta& wanted, const Error& error);
  Result<uint64_t> apply_group(uint64_t from, uint64_t to);
  Result<> check_hashes(const TableSchema& table, bool history, std::vector<Error>* problems);
  Result<store::Values> key_parameters(const TableSchema& table, std::string_view key) const;

  BoardOptions options_;
  Schemas schemas_;
  Meta meta_;
  bool staging_ = false;
  bool lost_ = false;  // a commit's outcome could not be found out
};

}  // namespace yipan::board

#endif  // YIPAN_BOARD_BOARD_IMPL_H_
