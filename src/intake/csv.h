// CSV (RFC 4180, and what spreadsheets make of it). docs/formats/sources.md is the description.
#ifndef YIPAN_INTAKE_CSV_H_
#define YIPAN_INTAKE_CSV_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "intake/bytes.h"
#include "intake/header.h"
#include "intake/record.h"
#include "yipan/text.h"

namespace yipan::intake {

// What a mapping may say; what it does not say is detected.
struct CsvOptions {
  std::optional<Encoding> encoding;
  std::string delimiter;  // UTF-8, one character; "" = detect
  HeaderOptions header;
  bool pad_ragged = false;  // rows that are too short are filled up with missing cells
};

// Physical rows of cells, without any notion of a header.
class CsvRows {
 public:
  CsvRows(std::unique_ptr<ByteStream> stream, std::string name, Encoding encoding,
          std::string delimiter, const Limits& limits);
  CsvRows(CsvRows&&) noexcept;
  ~CsvRows();
  // Blank lines are passed over, but counted as rows.
  Result<Step> next(RawRecord* record);
  const Error& problem() const { return *problem_; }
  // For messages; before it is given, columns go by their number.
  void set_names(const std::vector<SourceColumn>* names) { names_ = names; }

 private:
  enum class Scan : uint8_t { row, more };
  struct Slice {
    size_t begin, end;
    bool escaped;
  };
  class Finder;

  Result<> fill();
  Result<> append_bytes();
  void check_utf8(bool at_end);
  Result<Scan> scan_row();
  Result<Scan> scan_cell(Finder* finder, size_t* pos, bool* row_done);
  Result<Scan> scan_quoted(Finder* finder, size_t* pos, bool* row_done);
  Result<Scan> end_cell(Slice slice, size_t at, size_t* pos, bool* row_done);
  void emit(RawRecord* record);
  bool delimiter_at(size_t pos) const;
  Error at_cell(Error error) const;
  Error too_big_cell() const;
  Error too_big_row() const;
  Error broken_byte() const;
  Error open_quote() const;

  std::unique_ptr<ByteStream> stream_;
  std::string name_;
  Encoding encoding_;
  std::string delimiter_;
  Limits limits_;
  std::optional<Decoder> decoder_;  // not for UTF-8, which is checked in place
  std::vector<char> buffer_;        // [begin_, limit_) is checked text; 64 bytes of slack behind
  std::string decoded_;
  std::vector<char> raw_;
  size_t begin_ = 0;
  size_t limit_ = 0;
  size_t end_ = 0;  // limit_ .. end_: the cut beginning of a character
  size_t next_begin_ = 0;
  bool eof_ = false;
  bool first_block_ = true;
  bool text_after_quote_ = false;
  bool row_has_quotes_ = false;
  std::optional<Error> decode_error_;
  std::vector<Slice> slices_;
  uint64_t row_ = 0;
  uint64_t line_ = 1;
  const std::vector<SourceColumn>* names_ = nullptr;
  std::shared_ptr<Error> problem_;
};

Result<std::unique_ptr<RecordSource>> open_csv(const Input& input, const CsvOptions& options,
                                               const Limits& limits);

// The encoding of the whole file: reads all of it. UTF-8 if it is valid UTF-8, else GB18030 if it
// is valid GB18030, else the one of the two that is valid for longer (the reader then names the
// byte). UTF-16 by its byte order mark.
Result<Encoding> detect_file_encoding(const Input& input, const Limits& limits);

// The delimiter that cuts the sample's rows into the most, and the most even, cells.
std::string detect_delimiter(std::string_view sample_utf8);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_CSV_H_
