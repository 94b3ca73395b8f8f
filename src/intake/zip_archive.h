// A zip archive read in place, with limits against archives made to burst (libzip).
#ifndef YIPAN_INTAKE_ZIP_ARCHIVE_H_
#define YIPAN_INTAKE_ZIP_ARCHIVE_H_

#include <memory>
#include <string>
#include <vector>

#include "intake/bytes.h"

namespace yipan::intake {

class ZipArchive {
 public:
  // Errors "intake.zip.truncated", "intake.zip.broken".
  static Result<std::unique_ptr<ZipArchive>> open(const Input& input, const Limits& limits);
  ~ZipArchive();
  const std::vector<std::string>& names() const { return names_; }
  bool has(const std::string& name) const;
  // The archive must outlive the stream. Errors of reading: "intake.zip.broken",
  // "intake.limit.unzipped".
  Result<std::unique_ptr<ByteStream>> open_entry(const std::string& name);
  Result<std::string> read_entry(const std::string& name, uint64_t size_max);

 private:
  struct State;
  ZipArchive();
  std::unique_ptr<State> state_;
  std::vector<std::string> names_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_ZIP_ARCHIVE_H_
