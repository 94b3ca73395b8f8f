// Holds the board against a replay of the ledger.
#include <fmt/format.h>

#include "board/board_impl.h"
#include "board/compare.h"
#include "board/row_hash.h"

namespace yipan::board {

// Every row's own hash from the values that are stored beside it.
Result<> BoardImpl::check_hashes(const TableSchema& table, bool history,
                                 std::vector<Error>* problems) {
  const std::string name = history ? history_name(table.name) : table.name;
  std::vector<Type> types = table.types();
  types.push_back(Type::bytes);
  YIPAN_ASSIGN(const auto rows, db().query(fmt::format("SELECT {}, y_hash FROM {}",
                                                       sql_list(field_names(table)), q(name)),
                                           {}, types));
  RowEncoder encoder;
  Batch batch;
  const size_t fields = table.fields.size();
  while (problems->size() < kProblemsMax) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) break;
    for (size_t i = 0; i < batch.rows(); ++i) {
      if (encoder.hash(batch, i, fields).view() == batch.columns[fields].bytes_at(i)) continue;
      std::vector<std::string> key;
      for (const std::string& field : table.primary_key) {
        key.push_back(value_text(batch.columns[*table.index_of(field)], i));
      }
      problems->push_back(table_problem(name, join_key(key), "y_hash", "这一行的值与它的行哈希不符",
                                        "the row's values do not give its row hash"));
    }
  }
  return {};
}

Result<std::vector<Error>> BoardImpl::fsck() {
  YIPAN_TRY(usable(false));
  YIPAN_ASSIGN(const TempDir directory, TempDir::make(options_.scratch_directory));
  BoardOptions options;
  store::OpenOptions scratch;
  scratch.url = "sqlite:" + directory.path() + "/replay.gpkg";
  YIPAN_ASSIGN(options.connection, store::open(scratch));
  options.ledger = options_.ledger;
  options.logger = &Logger::none();
  BoardImpl replay(std::move(options));
  YIPAN_TRY(replay.derive(meta_.applied, {}));

  std::vector<Error> problems;
  const bool is_file = db().dialect() == store::Dialect::sqlite;
  if (is_file) compare_files(db(), replay.connection(), &problems);
  const Comparison sides{db(), replay.connection(), is_file ? Compare::exact : Compare::typed,
                         false};
  for (const TableView& view : table_views(replay.schemas())) {
    compare_table(sides, view, &problems);
  }
  for (const TableSchema& table : replay.schemas().all()) {
    for (const bool history : {false, true}) {
      const auto done = check_hashes(table, history, &problems);
      if (!done) {
        problems.push_back(
            unreadable(history ? history_name(table.name) : table.name, done.error()));
      }
    }
  }
  if (problems.size() > kProblemsMax)
    problems.erase(problems.begin() + kProblemsMax, problems.end());
  logger().info("board.fsck").kv("problems", static_cast<uint64_t>(problems.size()));
  return problems;
}

}  // namespace yipan::board
