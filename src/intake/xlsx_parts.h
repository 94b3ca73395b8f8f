// The parts of an XLSX workbook (ECMA-376, part 1, 18) besides the sheets themselves.
#ifndef YIPAN_INTAKE_XLSX_PARTS_H_
#define YIPAN_INTAKE_XLSX_PARTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "intake/zip_archive.h"

namespace yipan::intake {

struct XlsxSheet {
  std::string name;
  std::string part;  // "xl/worksheets/sheet1.xml"
  bool hidden = false;
};

// How a cell's number is shown, as far as it changes what the number means.
enum class XlsxStyle : uint8_t { plain, date, datetime, percent };

// Strings one after another; a workbook may have millions.
class StringTable {
 public:
  void begin() { starts_.push_back(bytes_.size()); }
  void append(std::string_view text) { bytes_.append(text); }
  size_t size() const { return starts_.size(); }
  size_t bytes() const { return bytes_.size() + starts_.size() * sizeof(size_t); }
  std::string_view at(size_t i) const {
    size_t end = i + 1 < starts_.size() ? starts_[i + 1] : bytes_.size();
    return std::string_view(bytes_).substr(starts_[i], end - starts_[i]);
  }

 private:
  std::string bytes_;
  std::vector<size_t> starts_;
};

struct XlsxBook {
  std::vector<XlsxSheet> sheets;
  std::vector<XlsxStyle> styles;  // by the cell's s attribute
  StringTable strings;
  bool date_1904 = false;
};

Result<XlsxBook> read_xlsx_book(ZipArchive* zip, const std::string& name, const Limits& limits);

struct XlsxRange {
  uint32_t row_first = 0, row_last = 0;        // from 1
  uint32_t column_first = 0, column_last = 0;  // from 0
};
// "B3:D4". False if it is no range.
bool parse_range(std::string_view text, XlsxRange* out);
// "AB12" -> 27, 12. False if it is no reference.
bool parse_reference(std::string_view text, uint32_t* column, uint32_t* row);
// The merged ranges of a sheet, which stand behind its data: found by a search of the text.
Result<std::vector<XlsxRange>> read_merges(ZipArchive* zip, const std::string& part);

// What a number format shows (18.8.30): numFmtId and, from 164 on, its code.
XlsxStyle style_of_format(int id, std::string_view code);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_XLSX_PARTS_H_
