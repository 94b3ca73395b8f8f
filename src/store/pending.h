// The first rows of a query, read ahead to learn the types of computed columns (and, for
// PostgreSQL, rows read ahead of time because another statement wants the connection).
#ifndef YIPAN_STORE_PENDING_H_
#define YIPAN_STORE_PENDING_H_

#include <deque>

#include "yipan/columns.h"

namespace yipan::store {

// Batches in order, handed out in pieces.
class Pending {
 public:
  void push(Batch batch) {
    if (batch.rows() > 0) batches_.push_back(std::move(batch));
  }
  bool empty() const { return batches_.empty(); }
  // Fills at most rows_max rows. Whole batches are swapped, not copied, when they fit.
  void take(Batch* batch, size_t rows_max) {
    Batch& front = batches_.front();
    if (at_ == 0 && front.rows() <= rows_max) {
      std::swap(*batch, front);
      batches_.pop_front();
      return;
    }
    const size_t end = std::min(front.rows(), at_ + rows_max);
    for (size_t c = 0; c < front.columns.size(); ++c) {
      for (size_t row = at_; row < end; ++row) {
        batch->columns[c].append_from(front.columns[c], row);
      }
    }
    at_ = end;
    if (at_ < front.rows()) return;
    batches_.pop_front();
    at_ = 0;
  }

 private:
  std::deque<Batch> batches_;
  size_t at_ = 0;
};

// A batch ends early when its values are this large: offsets are 32 bits wide.
inline constexpr size_t kBatchBytesMax = size_t{64} << 20;

// Makes `batch` one of these types, empty; memory is kept if it has them already.
inline void reset_batch(Batch* batch, const std::vector<Type>& types) {
  bool same = batch->columns.size() == types.size();
  for (size_t i = 0; same && i < types.size(); ++i) same = batch->columns[i].type() == types[i];
  if (same) {
    batch->clear();
  } else {
    *batch = Batch(types);
  }
}

}  // namespace yipan::store

#endif  // YIPAN_STORE_PENDING_H_
