// One hash over everything that the board holds (docs/formats/board.md, "Content hash").
#include <fmt/format.h>

#include <cstring>

#include "board/board_impl.h"
#include "board/row_hash.h"
#include "board/snapshot.h"

namespace yipan::board {
namespace {

void update_u64(Sha256* sha, uint64_t value) {
  char bytes[8];
  std::memcpy(bytes, &value, sizeof bytes);
  sha->update({bytes, sizeof bytes});
}

void update_text(Sha256* sha, std::string_view text) {
  update_u64(sha, text.size());
  sha->update(text);
}

Result<> hash_table(store::Connection& db, const TableView& view, Sha256* sha) {
  update_text(sha, view.spec.name);
  update_u64(sha, view.spec.columns.size());
  for (const store::ColumnSpec& column : view.spec.columns) {
    update_text(sha, column.name);
    update_text(sha, to_string(column.type));
  }
  YIPAN_ASSIGN(const auto rows, db.query(view.sql(db.dialect()), {}, types_of(view.spec)));
  RowEncoder encoder;
  Batch batch;
  uint64_t count = 0;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) break;
    for (size_t i = 0; i < batch.rows(); ++i) {
      update_text(sha, encoder.encode(batch, i, batch.columns.size()));
    }
    count += batch.rows();
  }
  update_u64(sha, UINT64_MAX);  // no row is as long
  update_u64(sha, count);
  return {};
}

}  // namespace

Result<Hash256> BoardImpl::content_hash() {
  YIPAN_TRY(usable(false));
  Sha256 sha;
  for (const TableView& view : table_views(schemas_)) YIPAN_TRY(hash_table(db(), view, &sha));
  return sha.finish();
}

}  // namespace yipan::board
