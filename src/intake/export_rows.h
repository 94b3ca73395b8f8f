// Rows of the board on their way out, in key order.
#ifndef YIPAN_INTAKE_EXPORT_ROWS_H_
#define YIPAN_INTAKE_EXPORT_ROWS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "intake/geometry.h"
#include "yipan/intake.h"

namespace yipan::intake {

// The tables that are meant: the given ones, or all that have rows. Error "intake.export.table".
Result<std::vector<const board::TableSchema*>> export_tables(const Context& context,
                                                             const ExportOptions& options);

// The table's columns (then y_entry, y_row with provenance), and its rows batch by batch.
std::vector<store::ColumnSpec> export_columns(const board::TableSchema& table,
                                              const ExportOptions& options);
Result<uint64_t> each_batch(const Context& context, const board::TableSchema& table,
                            const ExportOptions& options,
                            const std::function<Result<>(const Batch&)>& each);

// "投资额（分）".
std::string title_with_unit(const board::Field& field);

// Writes to PATH.part; keep() gives it its name. Not kept: removed.
class OutFile {
 public:
  static Result<OutFile> create(Files& files, const std::string& path);
  OutFile(OutFile&&) noexcept = default;
  OutFile& operator=(OutFile&&) = delete;
  ~OutFile();
  Result<> write(std::string_view bytes);
  Result<> keep();

 private:
  OutFile(Files& files, std::string path, std::unique_ptr<File> file)
      : files_(&files), path_(std::move(path)), file_(std::move(file)) {}
  Files* files_;
  std::string path_;
  std::unique_ptr<File> file_;
  std::string buffer_;
  uint64_t written_ = 0;
};

enum class GeometryText : uint8_t { wkt, geojson };
// One table as CSV. Returns the rows.
Result<uint64_t> write_csv(const Context& context, const board::TableSchema& table,
                           const ExportOptions& options, GeometryText geometry,
                           const std::string& path);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_EXPORT_ROWS_H_
