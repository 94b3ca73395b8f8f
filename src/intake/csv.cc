#include "intake/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace yipan::intake {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 18;
constexpr size_t kSlack = 64;  // the finder looks at 64 bytes at a time
constexpr size_t kNone = static_cast<size_t>(-1);

// Bit i is set if byte i of the 64 is one of the three.
uint64_t match3(const char* p, char a, char b, char c) {
#ifdef __SSE2__
  const __m128i va = _mm_set1_epi8(a);
  const __m128i vb = _mm_set1_epi8(b);
  const __m128i vc = _mm_set1_epi8(c);
  uint64_t mask = 0;
  for (int i = 0; i < 4; ++i) {
    __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + 16 * i));
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, va),
                               _mm_or_si128(_mm_cmpeq_epi8(v, vb), _mm_cmpeq_epi8(v, vc)));
    mask |= static_cast<uint64_t>(static_cast<uint16_t>(_mm_movemask_epi8(hit))) << (16 * i);
  }
  return mask;
#else
  uint64_t mask = 0;
  for (int i = 0; i < 64; ++i) {
    mask |= static_cast<uint64_t>(p[i] == a || p[i] == b || p[i] == c) << i;
  }
  return mask;
#endif
}

bool all_empty(const std::vector<RawCell>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](auto& c) { return trim(c.text).empty(); });
}

}  // namespace

// Finds the next delimiter or line end at or behind a position, 64 bytes at a time.
class CsvRows::Finder {
 public:
  Finder(const char* data, size_t limit, char delimiter)
      : data_(data), limit_(limit), delimiter_(delimiter) {}
  size_t next(size_t pos) {
    if (pos < base_ || pos >= base_ + 64) load(pos);
    uint64_t rest = mask_ & (~uint64_t{0} << (pos - base_));
    while (rest == 0) {
      if (base_ + 64 >= limit_) return limit_;
      load(base_ + 64);
      rest = mask_;
    }
    size_t found = base_ + static_cast<size_t>(__builtin_ctzll(rest));
    return found < limit_ ? found : limit_;
  }

 private:
  void load(size_t base) {
    base_ = base;
    mask_ = match3(data_ + base, delimiter_, '\n', '\r');
  }
  const char* data_;
  size_t limit_;
  char delimiter_;
  size_t base_ = kNone - 64;
  uint64_t mask_ = 0;
};

CsvRows::CsvRows(std::unique_ptr<ByteStream> stream, std::string name, Encoding encoding,
                 std::string delimiter, const Limits& limits)
    : stream_(std::move(stream)),
      name_(std::move(name)),
      encoding_(encoding),
      delimiter_(std::move(delimiter)),
      limits_(limits),
      buffer_(2 * kBlockBytes + kSlack) {
  CHECK(!delimiter_.empty());
  if (encoding_ != Encoding::utf8 && encoding_ != Encoding::utf8_bom) {
    decoder_.emplace(encoding_);
    raw_.resize(kBlockBytes);
  }
}

CsvRows::CsvRows(CsvRows&&) noexcept = default;
CsvRows::~CsvRows() = default;

// Makes room behind end_ and reads one block.
Result<> CsvRows::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    limit_ -= begin_;
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - kSlack - end_ < kBlockBytes) buffer_.resize(buffer_.size() * 2);
  YIPAN_TRY(append_bytes());
  if (first_block_ && limit_ >= 3) {
    first_block_ = false;
    if (std::string_view(buffer_.data(), 3) == "\xEF\xBB\xBF") begin_ = 3;
  }
  return {};
}

Result<> CsvRows::append_bytes() {
  if (!decoder_) {
    YIPAN_ASSIGN(size_t n, stream_->read(buffer_.data() + end_, kBlockBytes));
    end_ += n;
    eof_ = n == 0;
    check_utf8(eof_);
    return {};
  }
  YIPAN_ASSIGN(size_t n, stream_->read(raw_.data(), raw_.size()));
  decoded_.clear();
  Result<> fed = n == 0 ? decoder_->finish() : decoder_->feed({raw_.data(), n}, &decoded_);
  eof_ = n == 0;
  if (!fed) {
    decode_error_ = fed.error();
    eof_ = true;
  }
  if (buffer_.size() - kSlack - end_ < decoded_.size()) {
    buffer_.resize(end_ + decoded_.size() + kBlockBytes + kSlack);
  }
  std::memcpy(buffer_.data() + end_, decoded_.data(), decoded_.size());
  end_ += decoded_.size();
  limit_ = end_;
  return {};
}

void CsvRows::check_utf8(bool at_end) {
  std::string_view fresh(buffer_.data() + limit_, end_ - limit_);
  size_t bad = find_invalid_utf8(fresh);
  if (bad == std::string_view::npos) {
    limit_ = end_;
    return;
  }
  limit_ += bad;
  const bool cut = end_ - limit_ < 4 && !at_end;  // perhaps only the beginning of a character
  if (cut) return;
  decode_error_ =
      Error("intake.encoding.utf8")
          .zh(fmt::format("字节 0x{:02X} 不是 UTF-8", static_cast<unsigned char>(buffer_[limit_])))
          .en(fmt::format("byte 0x{:02X} is not UTF-8",
                          static_cast<unsigned char>(buffer_[limit_])));
  end_ = limit_;
  eof_ = true;
}

bool CsvRows::delimiter_at(size_t pos) const {
  if (delimiter_.size() == 1) return true;  // the finder has seen it
  return limit_ - pos >= delimiter_.size() &&
         std::memcmp(buffer_.data() + pos, delimiter_.data(), delimiter_.size()) == 0;
}

// `at` is where the cell ends: a delimiter, a line end, or the end of what is there.
Result<CsvRows::Scan> CsvRows::end_cell(Slice slice, size_t at, size_t* pos, bool* row_done) {
  if (slice.end - slice.begin > limits_.cell_bytes_max) return fail(too_big_cell());
  if (at == limit_) {
    if (!eof_ || decode_error_) return Scan::more;
    slices_.push_back(slice);
    *pos = at;
    *row_done = true;
    return Scan::row;
  }
  const char c = buffer_[at];
  if (c == '\r') {
    if (at + 1 == limit_ && !eof_) return Scan::more;
    *pos = at + (at + 1 < limit_ && buffer_[at + 1] == '\n' ? 2 : 1);
    *row_done = true;
  } else if (c == '\n') {
    *pos = at + 1;
    *row_done = true;
  } else {
    *pos = at + delimiter_.size();
  }
  slices_.push_back(slice);
  if (slices_.size() > limits_.columns_max) {
    return fail(at_cell(Error("intake.limit.columns")
                            .zh(fmt::format("超过 {} 列", limits_.columns_max))
                            .en(fmt::format("more than {} columns", limits_.columns_max))
                            .remedy("请检查分隔符是否正确", "check that the delimiter is right")));
  }
  return Scan::row;
}

// RFC 4180, 2.5 to 2.7: the cell begins with a quote; two quotes stand for one.
Result<CsvRows::Scan> CsvRows::scan_quoted(Finder* finder, size_t* pos, bool* row_done) {
  row_has_quotes_ = true;
  Slice slice{*pos + 1, *pos + 1, false};
  size_t from = slice.begin;
  for (;;) {
    const void* hit =
        from < limit_ ? std::memchr(buffer_.data() + from, '"', limit_ - from) : nullptr;
    if (hit == nullptr) {
      if (limit_ - slice.begin > limits_.cell_bytes_max) return fail(too_big_cell());
      if (eof_ && !decode_error_) return fail(open_quote());
      return Scan::more;
    }
    size_t quote = static_cast<size_t>(static_cast<const char*>(hit) - buffer_.data());
    if (quote + 1 == limit_ && !eof_) return Scan::more;
    if (quote + 1 < limit_ && buffer_[quote + 1] == '"') {
      slice.escaped = true;
      from = quote + 2;
      continue;
    }
    slice.end = quote;
    size_t at = finder->next(quote + 1);
    while (at < limit_ && buffer_[at] == delimiter_[0] && !delimiter_at(at)) {
      at = finder->next(at + 1);
    }
    if (at != quote + 1) text_after_quote_ = true;
    return end_cell(slice, at, pos, row_done);
  }
}

Result<CsvRows::Scan> CsvRows::scan_cell(Finder* finder, size_t* pos, bool* row_done) {
  if (*pos < limit_ && buffer_[*pos] == '"') return scan_quoted(finder, pos, row_done);
  size_t at = finder->next(*pos);
  while (at < limit_ && buffer_[at] == delimiter_[0] && !delimiter_at(at)) {
    if (limit_ - at < delimiter_.size() && !eof_) return Scan::more;
    at = finder->next(at + 1);
  }
  return end_cell({*pos, at, false}, at, pos, row_done);
}

Result<CsvRows::Scan> CsvRows::scan_row() {
  slices_.clear();
  text_after_quote_ = false;
  row_has_quotes_ = false;
  Finder finder(buffer_.data(), limit_, delimiter_[0]);
  size_t pos = begin_;
  bool row_done = false;
  while (!row_done) {
    YIPAN_ASSIGN(Scan scan, scan_cell(&finder, &pos, &row_done));
    if (scan == Scan::more) {
      if (limit_ - begin_ > limits_.row_bytes_max) return fail(too_big_row());
      return scan;
    }
  }
  next_begin_ = pos;
  return Scan::row;
}

// Hands the slices over as cells; doubled quotes are made single in place.
void CsvRows::emit(RawRecord* record) {
  record->row = row_;
  record->line = line_ == row_ ? 0 : line_;
  record->cells.resize(slices_.size());
  for (size_t i = 0; i < slices_.size(); ++i) {
    Slice& s = slices_[i];
    RawCell& cell = record->cells[i];
    cell.kind = RawCell::Kind::text;
    if (s.escaped) {
      char* to = buffer_.data() + s.begin;
      for (size_t from = s.begin; from < s.end; ++from) {
        *to++ = buffer_[from];
        if (buffer_[from] == '"') ++from;
      }
      s.end = static_cast<size_t>(to - buffer_.data());
    }
    cell.text = std::string_view(buffer_.data() + s.begin, s.end - s.begin);
  }
}

Result<Step> CsvRows::next(RawRecord* record) {
  for (;;) {
    if (begin_ == limit_ && eof_) {
      if (decode_error_) return fail(broken_byte());
      return Step::end;
    }
    Scan scan = Scan::more;
    if (begin_ < limit_) {
      YIPAN_ASSIGN(scan, scan_row());
    } else {
      slices_.clear();
    }
    if (scan == Scan::more) {
      if (eof_) return fail(broken_byte());
      YIPAN_TRY(fill());
      continue;
    }
    ++row_;
    uint64_t lines = 1;
    if (row_has_quotes_) {
      lines = static_cast<uint64_t>(
          std::count(buffer_.data() + begin_, buffer_.data() + next_begin_, '\n'));
    }
    begin_ = next_begin_;
    emit(record);
    line_ += std::max<uint64_t>(lines, 1);
    if (text_after_quote_) {
      problem_ = std::make_shared<Error>(at_cell(
          Error("intake.csv.text_after_quote")
              .zh("引号结束后还有文字")
              .en("there is text behind a closing quote")
              .remedy("单元格内的引号请写成两个引号", "write a quote inside a cell twice")));
      return Step::problem;
    }
    if (record->cells.size() == 1 && trim(record->cells[0].text).empty() && !row_has_quotes_) {
      continue;
    }
    return Step::record;
  }
}

Error CsvRows::at_cell(Error error) const {
  error.file(name_);
  if (error.place().row == std::nullopt) error.row(row_);
  return error;
}

Error CsvRows::broken_byte() const {
  const size_t cell = slices_.size();
  std::string column = names_ != nullptr && cell < names_->size() ? (*names_)[cell].name
                                                                  : fmt::format("列{}", cell + 1);
  if (!decode_error_) {
    return Error("intake.csv.cut")
        .zh("文件在一行中间结束")
        .en("the file ends inside a row")
        .file(name_)
        .row(row_ + 1)
        .remedy("请重新取得完整文件", "get the whole file again");
  }
  const std::string& bad_zh = decode_error_->message_zh();
  const std::string& bad_en = decode_error_->message_en();
  Error error("intake.encoding.byte");
  error.zh(fmt::format("第 {} 行“{}”列有不能识别的字节：{}", row_ + 1, column, bad_zh))
      .en(fmt::format("row {}, column {}: a byte that cannot be read as {}: {}", row_ + 1, column,
                      to_string(encoding_), bad_en))
      .file(name_)
      .row(row_ + 1)
      .column(column)
      .remedy("请在该单元格重新输入这个字，或把文件另存为 UTF-8",
              "type the character in that cell again, or save the file as UTF-8");
  if (decode_error_->place().byte_offset) error.byte_offset(*decode_error_->place().byte_offset);
  return error;
}

Error CsvRows::too_big_cell() const {
  const size_t cell = slices_.size();
  std::string column = names_ != nullptr && cell < names_->size() ? (*names_)[cell].name
                                                                  : fmt::format("列{}", cell + 1);
  std::string limit = size_text(limits_.cell_bytes_max);
  return Error("intake.limit.cell")
      .zh(fmt::format("单元格超过 {}", limit))
      .en(fmt::format("a cell is larger than {}", limit))
      .file(name_)
      .row(row_ + 1)
      .column(column)
      .remedy("常见原因是这一行有一个引号没有结束；请检查该行，或把长文另存为附件",
              "most often a quote in this row is never closed: look there; or keep long text as an "
              "attachment");
}

Error CsvRows::too_big_row() const {
  std::string limit = size_text(limits_.row_bytes_max);
  return Error("intake.limit.row")
      .zh(fmt::format("一行超过 {}", limit))
      .en(fmt::format("a row is larger than {}", limit))
      .file(name_)
      .row(row_ + 1)
      .remedy("请检查换行和引号", "check line ends and quotes");
}

Error CsvRows::open_quote() const {
  return Error("intake.csv.quote_open")
      .zh("单元格以引号开始，到文件末尾也没有结束")
      .en("a cell begins with a quote that is not closed before the end of the file")
      .file(name_)
      .row(row_ + 1)
      .line(line_)
      .remedy("请在该行补上引号，或删去多余的引号", "close the quote in this row, or remove it");
}

// ---- with a header -----------------------------------------------------------------------------

namespace {

class CsvSource : public RecordSource {
 public:
  CsvSource(Header header, SourceFacts facts, bool pad, CsvRows rows)
      : header_(std::move(header)), facts_(std::move(facts)), pad_(pad), rows_(std::move(rows)) {
    rows_.set_names(&header_.columns);
  }
  const std::vector<SourceColumn>& columns() const override { return header_.columns; }
  const SourceFacts& facts() const override { return facts_; }

  Result<Step> next(RawRecord* record) override {
    for (;;) {
      YIPAN_ASSIGN(Step step, rows_.next(record));
      if (step == Step::end) return step;
      if (record->row < header_.data_row) continue;
      if (step == Step::problem) {
        problem_ = std::make_shared<Error>(rows_.problem());
        return step;
      }
      if (record->cells.size() == header_.columns.size()) {
        if (record->cells[0].text.empty() && all_empty(record->cells)) continue;
        return step;
      }
      if (all_empty(record->cells)) continue;
      return fit(record);
    }
  }

 private:
  Result<Step> fit(RawRecord* record) {
    const size_t width = header_.columns.size();
    while (record->cells.size() > width && trim(record->cells.back().text).empty()) {
      record->cells.pop_back();
    }
    if (record->cells.size() < width && pad_) record->cells.resize(width);
    if (record->cells.size() == width) return Step::record;
    const size_t have = record->cells.size();
    Error error("intake.csv.ragged");
    error.zh(fmt::format("这一行有 {} 个单元格，表头有 {} 列", have, width))
        .en(fmt::format("this row has {} cells, the header has {}", have, width))
        .row(record->row);
    if (record->line != 0) error.line(record->line);
    if (have > width) {
      error.remedy("单元格中含分隔符的，请加引号",
                   "put quotes around a cell that holds the delimiter");
    } else {
      error.remedy("请补齐缺少的单元格；确实省略末尾空列的，在映射中写 ragged = \"pad\"",
                   "add the cells that are missing; if trailing empty cells were left out, say "
                   "ragged = \"pad\" in the mapping");
    }
    problem_ = std::make_shared<Error>(std::move(error));
    return Step::problem;
  }

  Header header_;
  SourceFacts facts_;
  bool pad_;
  CsvRows rows_;
};

Result<std::vector<SampleRow>> sample_rows(const Input& input, Encoding encoding,
                                           const std::string& delimiter, const Limits& limits,
                                           uint64_t rows_max) {
  YIPAN_ASSIGN(auto stream, open_stream(input, limits));
  CsvRows rows(std::move(stream), input.name, encoding, delimiter, limits);
  std::vector<SampleRow> sample;
  RawRecord record;
  while (sample.size() < rows_max) {
    Result<Step> step = rows.next(&record);
    if (!step) {
      if (sample.empty()) return fail(step.error());
      break;  // the reader proper will meet it again, with the columns' names
    }
    if (*step == Step::end) break;
    SampleRow row{record.row, {}, {}};
    for (const RawCell& cell : record.cells) row.cells.emplace_back(cell.text);
    sample.push_back(std::move(row));
  }
  return sample;
}

Result<std::string> sample_text(const Input& input, Encoding encoding, const Limits& limits) {
  constexpr size_t kSampleBytes = size_t{64} << 10;
  YIPAN_ASSIGN(auto stream, open_stream(input, limits));
  std::string raw(kSampleBytes, '\0');
  size_t have = 0;
  while (have < raw.size()) {
    YIPAN_ASSIGN(size_t n, stream->read(raw.data() + have, raw.size() - have));
    if (n == 0) break;
    have += n;
  }
  raw.resize(have);
  std::string out;
  Decoder decoder(encoding);
  Result<> fed = decoder.feed(raw, &out);
  if (!fed) out.resize(out.size() - std::min<size_t>(out.size(), 4));
  size_t bad = find_invalid_utf8(out);
  if (bad != std::string::npos) out.resize(bad);
  return out;
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_csv(const Input& input, const CsvOptions& options,
                                               const Limits& limits) {
  Encoding encoding;
  if (options.encoding) {
    encoding = *options.encoding;
  } else {
    YIPAN_ASSIGN(encoding, detect_file_encoding(input, limits));
  }
  std::string delimiter = options.delimiter;
  if (delimiter.empty()) {
    YIPAN_ASSIGN(std::string sample, sample_text(input, encoding, limits));
    delimiter = detect_delimiter(sample);
  }
  const auto rows_max = static_cast<uint64_t>(std::max<int64_t>(options.header.header_row, 0)) + 60;
  YIPAN_ASSIGN(auto sample, sample_rows(input, encoding, delimiter, limits, rows_max));
  Header header = find_header(sample, options.header);
  SourceFacts facts;
  facts.format = "csv";
  facts.encoding = std::string(to_string(encoding));
  facts.delimiter = delimiter;
  facts.header_row = header.header_row;
  facts.default_unit = header.default_unit;
  YIPAN_ASSIGN(auto stream, open_stream(input, limits));
  return std::make_unique<CsvSource>(
      std::move(header), std::move(facts), options.pad_ragged,
      CsvRows(std::move(stream), input.name, encoding, delimiter, limits));
}

}  // namespace yipan::intake
