// Rows of one file that have the same primary key, found in bounded memory.
//
// Each key is hashed to 64 bits; (hash, row) pairs are sorted in runs, on disk if there are many.
// Equal hashes are only candidates: the caller compares the keys themselves.
#ifndef YIPAN_INTAKE_KEY_CHECK_H_
#define YIPAN_INTAKE_KEY_CHECK_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/file.h"
#include "yipan/result.h"

namespace yipan::intake {

uint64_t hash_key(std::string_view bytes, uint64_t seed);

class KeyCheck {
 public:
  struct Item {
    uint64_t hash;
    uint64_t ordinal;  // of the accepted row, from 0
  };
  explicit KeyCheck(Files& files, size_t run_items = size_t{4} << 20)
      : files_(files), run_items_(run_items) {}
  Result<> add(uint64_t hash, uint64_t ordinal);
  // Groups of ordinals whose hashes are equal, each with two or more, ascending.
  Result<std::vector<std::vector<uint64_t>>> candidates();

 private:
  Result<> spill();
  Files& files_;
  size_t run_items_;
  std::vector<Item> items_;
  std::unique_ptr<TempDir> directory_;
  std::vector<std::string> runs_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_KEY_CHECK_H_
