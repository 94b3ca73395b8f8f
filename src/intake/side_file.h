// NAME.refused.csv: the refused rows, to be mended and offered again.
//
// UTF-8 with a byte order mark, comma, CRLF. Columns: 原行号 (the row in the file), 退回原因,
// 处理办法, Reason, Remedy, then the file's own columns as they were. A mended file is this file
// with cells corrected; its rows take the place of the rows with the same 原行号.
#ifndef YIPAN_INTAKE_SIDE_FILE_H_
#define YIPAN_INTAKE_SIDE_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "intake/bytes.h"
#include "intake/geometry.h"
#include "intake/record.h"
#include "yipan/intake.h"

namespace yipan::intake {

inline constexpr std::string_view kSideRow = "原行号";
inline constexpr size_t kSideColumns = 5;  // before the file's own

// Appends a CSV cell, quoted where it must be.
void append_csv_cell(std::string_view text, std::string* out);

class SideFile {
 public:
  SideFile(Files& files, std::string path) : files_(files), path_(std::move(path)) {}
  // Writes to a temporary name until keep(); not kept: removed. An error of the disk says where.
  Result<> add(const std::vector<SourceColumn>& columns, const RawRecord& record,
               const std::vector<Issue>& issues);
  uint64_t rows() const { return rows_; }
  Result<> keep();
  ~SideFile();
  SideFile(const SideFile&) = delete;
  SideFile& operator=(const SideFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  Result<> flush();
  Files& files_;
  std::string path_;
  std::unique_ptr<File> file_;
  std::string buffer_;
  uint64_t written_ = 0;
  uint64_t rows_ = 0;
  bool kept_ = false;
  GeometryReader geometry_;
};

// The rows of a mended side file, by their row in the original.
class MendedRows {
 public:
  // Error "intake.mended.*" if the columns are not the original's, or a row number is doubled.
  static Result<MendedRows> read(const Input& input, const std::vector<SourceColumn>& columns,
                                 const Limits& limits);
  // Puts the mended cells into the record; false if that row was not mended.
  bool replace(RawRecord* record) const;
  size_t size() const { return rows_.size(); }

 private:
  std::unordered_map<uint64_t, std::vector<std::string>> rows_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_SIDE_FILE_H_
