// What the board's own tests and fuzz targets share: bytes as a file, bytes as a blob.
#ifndef YIPAN_BOARD_TEST_SUPPORT_H_
#define YIPAN_BOARD_TEST_SUPPORT_H_

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "yipan/board.h"

namespace yipan::board {

class MemoryFile : public File {
 public:
  explicit MemoryFile(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<size_t> read_at(uint64_t offset, char* buffer, size_t size) override {
    if (offset >= bytes_.size()) return size_t{0};
    const size_t count = std::min<size_t>(size, bytes_.size() - offset);
    std::memcpy(buffer, bytes_.data() + offset, count);
    return count;
  }
  Result<> write_at(uint64_t, std::string_view) override { return fail(Error("test.read_only")); }
  Result<> sync_data() override { return {}; }
  Result<> truncate(uint64_t) override { return fail(Error("test.read_only")); }
  Result<uint64_t> size() override { return bytes_.size(); }

 private:
  std::string bytes_;
};

class MemoryBlob : public ledger::Ledger::BlobWriter {
 public:
  explicit MemoryBlob(std::string* out) : out_(out) {}
  Result<> write(std::string_view bytes) override {
    out_->append(bytes);
    return {};
  }
  Result<Hash256> commit() override { return sha256(*out_); }

 private:
  std::string* out_;
};

}  // namespace yipan::board

#endif  // YIPAN_BOARD_TEST_SUPPORT_H_
