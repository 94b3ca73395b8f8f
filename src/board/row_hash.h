// Row hashes with a buffer that is kept from row to row (docs/formats/rowset.md, "Row hash").
#ifndef YIPAN_BOARD_ROW_HASH_H_
#define YIPAN_BOARD_ROW_HASH_H_

#include <string>
#include <string_view>

#include "yipan/columns.h"
#include "yipan/hash.h"

namespace yipan::board {

class RowEncoder {
 public:
  // The canonical form of the first `columns` values; valid until the next call.
  std::string_view encode(const Batch& batch, size_t row, size_t columns);
  Hash256 hash(const Batch& batch, size_t row, size_t columns) {
    return sha256(encode(batch, row, columns));
  }

 private:
  std::string buffer_;
};

}  // namespace yipan::board

#endif  // YIPAN_BOARD_ROW_HASH_H_
