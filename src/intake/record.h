// Records: the one shape in which every reader hands over what it reads.
//
// A record is a row of raw cells under the source's columns, with the row number that a person
// sees in the file. The cells' text belongs to the reader and is good until the next call.
#ifndef YIPAN_INTAKE_RECORD_H_
#define YIPAN_INTAKE_RECORD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/result.h"

namespace yipan::intake {

struct RawCell {
  enum class Kind : uint8_t {
    missing,   // no cell, JSON null, SQL NULL
    text,      // as written; empty text is not yet missing
    number,    // text holds it as written; number its value
    date,      // number is a count of days since 1970-01-01; whole
    datetime,  // number is days since 1970-01-01 with a fraction, no zone
    boolean,   // number is 0 or 1
    error,     // the spreadsheet's own error; text is "#REF!"
    geometry,  // text is little-endian WKB in the source's coordinates
  };
  Kind kind = Kind::missing;
  bool percent = false;  // a number that the spreadsheet shows as a percentage
  double number = 0;
  std::string_view text;

  static RawCell of_text(std::string_view value) {
    RawCell cell;
    cell.kind = Kind::text;
    cell.text = value;
    return cell;
  }
};

struct RawRecord {
  uint64_t row = 0;   // from 1
  uint64_t line = 0;  // of text files, if it is not the row; else 0
  std::vector<RawCell> cells;
};

enum class Step : uint8_t {
  record,   // the record is whole
  problem,  // this row cannot be read: why is in problem(); reading goes on after it
  end,
};

struct SourceColumn {
  std::string name;  // unique; header rows joined by "/", unit in it: "总投资/中央（万元）"
  bool geometry = false;
};

// What was found out about the file, for the quality log and the preview.
struct SourceFacts {
  std::string format;    // "csv", "xlsx", "geojson", "topojson", "gpkg", "shapefile"
  std::string encoding;  // text formats
  std::string delimiter;
  std::string sheet;
  std::vector<std::string> sheets;
  uint64_t header_row = 0;
  std::string default_unit;  // id; from a title row such as 单位：万元
  std::string crs;           // as the file names it; "" = not named
  std::vector<std::pair<std::string, std::string>> remarks;  // zh, en: hidden sheets, ...
};

class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual const std::vector<SourceColumn>& columns() const = 0;
  virtual const SourceFacts& facts() const = 0;
  // Fills `record`, whose cells number columns().size(). An error ends the reading.
  virtual Result<Step> next(RawRecord* record) = 0;
  // After Step::problem; record->row says which row, record->cells what could be read of it.
  const Error& problem() const { return *problem_; }

 protected:
  std::shared_ptr<Error> problem_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_RECORD_H_
