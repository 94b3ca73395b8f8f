// XLSX sheets as records (ECMA-376, part 1, 18.3).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <map>

#include "intake/date_format.h"
#include "intake/header.h"
#include "intake/number.h"
#include "intake/source.h"
#include "intake/xlsx_parts.h"
#include "intake/xml.h"
#include "yipan/text.h"

namespace yipan::intake {
namespace {

constexpr size_t kSampleRows = 60;

struct SheetCell {
  uint32_t column = 0;
  RawCell::Kind kind = RawCell::Kind::missing;
  bool percent = false;
  double number = 0;
  std::string text;
};
struct SheetRow {
  uint64_t row = 0;
  std::vector<SheetCell> cells;
};

// Turns the events of a sheet's XML into rows.
class SheetHandler : public XmlHandler {
 public:
  SheetHandler(const XlsxBook* book, const Limits& limits) : book_(book), limits_(limits) {}
  std::deque<SheetRow> rows;
  const std::optional<Error>& error() const { return error_; }

  void start(std::string_view name, const XmlAttributes& a) override {
    if (name == "row") {
      begin_row(a.get("r"));
    } else if (name == "c" && in_row_) {
      begin_cell(a);
    } else if (name == "v" || name == "t") {
      in_value_ = in_cell_;
    } else if (name == "rPh") {
      ++phonetic_;
    }
  }
  void end(std::string_view name) override {
    if (name == "v" || name == "t") in_value_ = false;
    if (name == "rPh") --phonetic_;
    if (name == "c" && in_cell_) end_cell();
    if (name == "row" && in_row_) {
      in_row_ = false;
      rows.push_back(std::move(current_));
      current_ = SheetRow();
    }
  }
  void text(std::string_view chars) override {
    if (!in_value_ || phonetic_ > 0) return;
    if (value_.size() + chars.size() > limits_.cell_bytes_max) {
      std::string limit = size_text(limits_.cell_bytes_max);
      error_ = Error("intake.limit.cell");
      error_->zh(fmt::format("单元格超过 {}", limit))
          .en(fmt::format("a cell is larger than {}", limit))
          .row(current_.row)
          .remedy("请把长文另存为附件", "keep long text as an attachment");
      return;
    }
    value_.append(chars);
  }

 private:
  void begin_row(std::string_view number) {
    uint64_t row = last_row_ + 1;
    if (!number.empty()) {
      uint64_t given = 0;
      std::from_chars(number.data(), number.data() + number.size(), given);
      if (given > last_row_) row = given;
    }
    last_row_ = row;
    current_.row = row;
    next_column_ = 0;
    in_row_ = true;
  }
  void begin_cell(const XmlAttributes& a) {
    in_cell_ = true;
    value_.clear();
    type_ = std::string(a.get("t"));
    std::string_view s = a.get("s");
    style_ = 0;
    std::from_chars(s.data(), s.data() + s.size(), style_);
    uint32_t row = 0;
    uint32_t column = 0;
    column_ = parse_reference(a.get("r"), &column, &row) ? column : next_column_;
    next_column_ = column_ + 1;
  }
  void end_cell() {
    in_cell_ = false;
    if (value_.empty() || current_.cells.size() > limits_.columns_max) return;
    SheetCell cell;
    cell.column = column_;
    fill(&cell);
    if (cell.kind != RawCell::Kind::missing) current_.cells.push_back(std::move(cell));
  }
  void fill(SheetCell* cell);
  void fill_number(SheetCell* cell);

  const XlsxBook* book_;
  const Limits& limits_;
  std::optional<Error> error_;
  SheetRow current_;
  uint64_t last_row_ = 0;
  uint32_t next_column_ = 0;
  uint32_t column_ = 0;
  size_t style_ = 0;
  std::string type_;
  std::string value_;
  bool in_row_ = false;
  bool in_cell_ = false;
  bool in_value_ = false;
  int phonetic_ = 0;
};

// 18.18.11, ST_CellType.
void SheetHandler::fill(SheetCell* cell) {
  cell->text = value_;
  cell->kind = RawCell::Kind::text;
  if (type_ == "s") {
    size_t index = 0;
    auto end = std::from_chars(value_.data(), value_.data() + value_.size(), index);
    if (end.ec == std::errc() && index < book_->strings.size()) {
      cell->text = std::string(book_->strings.at(index));
    } else {
      cell->kind = RawCell::Kind::error;
      cell->text = "#STRING!";
    }
    if (trim(cell->text).empty()) cell->kind = RawCell::Kind::missing;
  } else if (type_ == "b") {
    cell->kind = RawCell::Kind::boolean;
    cell->number = value_ == "1" || value_ == "true" ? 1 : 0;
    cell->text = cell->number != 0 ? "TRUE" : "FALSE";
  } else if (type_ == "e") {
    cell->kind = RawCell::Kind::error;
  } else if (type_.empty() || type_ == "n") {
    fill_number(cell);
  }
}

void SheetHandler::fill_number(SheetCell* cell) {
  double value = 0;
  auto end = std::from_chars(value_.data(), value_.data() + value_.size(), value);
  if (end.ec != std::errc() || end.ptr != value_.data() + value_.size() || !std::isfinite(value)) {
    cell->kind = RawCell::Kind::error;
    return;
  }
  const XlsxStyle style = style_ < book_->styles.size() ? book_->styles[style_] : XlsxStyle::plain;
  cell->number = value;
  if (style == XlsxStyle::date || style == XlsxStyle::datetime) {
    auto days = excel_days(value, book_->date_1904);
    if (!days) {
      cell->kind = RawCell::Kind::error;
      cell->text = fmt::format("日期序号 {}", value_);
      return;
    }
    cell->number = static_cast<double>(*days) + (value - std::floor(value));
    cell->kind = style == XlsxStyle::date ? RawCell::Kind::date : RawCell::Kind::datetime;
    cell->text = Date::from_days(*days).to_string();
    return;
  }
  cell->kind = RawCell::Kind::number;
  cell->percent = style == XlsxStyle::percent;
  cell->text = spreadsheet_text(value);
}

class XlsxSource : public RecordSource {
 public:
  XlsxSource(std::unique_ptr<ZipArchive> zip, XlsxBook book, Limits limits, bool fill_merged)
      : zip_(std::move(zip)),
        book_(std::move(book)),
        limits_(limits),
        fill_merged_(fill_merged),
        handler_(&book_, limits_),
        parser_(&handler_) {}

  Result<> start_sheet(size_t index, const HeaderOptions& options, const std::string& name);
  const std::vector<SourceColumn>& columns() const override { return header_.columns; }
  const SourceFacts& facts() const override { return facts_; }
  Result<Step> next(RawRecord* record) override;

 private:
  struct ActiveMerge {
    XlsxRange range;
    SheetCell value;
  };
  Result<bool> more();
  SampleRow sample_of(const SheetRow& row) const;
  int64_t header_depth(uint64_t row) const;
  void spread_merges(SheetRow* row);
  Error place(Error error) const { return std::move(error.file(name_).sheet(facts_.sheet)); }
  void remark_sheets(const XlsxSheet& used);

  std::unique_ptr<ZipArchive> zip_;
  XlsxBook book_;
  Limits limits_;
  bool fill_merged_;
  SheetHandler handler_;
  XmlParser parser_;
  std::unique_ptr<ByteStream> stream_;
  std::string block_ = std::string(size_t{1} << 16, '\0');
  bool ended_ = false;
  Header header_;
  SourceFacts facts_;
  std::string name_;
  std::vector<XlsxRange> merges_;
  size_t next_merge_ = 0;
  std::vector<ActiveMerge> active_;
  SheetRow current_;
};

// Reads on until there is a row. False at the end of the sheet.
Result<bool> XlsxSource::more() {
  while (handler_.rows.empty() && !ended_) {
    YIPAN_ASSIGN(size_t n, stream_->read(block_.data(), block_.size()));
    Result<> fed = parser_.feed({block_.data(), n}, n == 0);
    if (!fed) return fail(place(fed.error()));
    if (handler_.error()) return fail(place(*handler_.error()));
    ended_ = n == 0;
  }
  return !handler_.rows.empty();
}

// As text, with the values of merged cells in all the cells that they cover across.
SampleRow XlsxSource::sample_of(const SheetRow& row) const {
  SampleRow out{row.row, {}, {}};
  for (const SheetCell& cell : row.cells) {
    if (cell.column >= limits_.columns_max) continue;
    if (out.cells.size() <= cell.column) out.cells.resize(cell.column + 1);
    out.cells[cell.column] = cell.text;
  }
  out.spread = out.cells;
  for (const XlsxRange& m : merges_) {
    if (m.row_first != row.row || m.column_last >= limits_.columns_max) continue;
    if (m.column_first >= out.cells.size()) continue;
    if (out.spread.size() <= m.column_last) out.spread.resize(m.column_last + 1);
    for (uint32_t c = m.column_first; c <= m.column_last; ++c) {
      out.spread[c] = out.cells[m.column_first];
    }
  }
  return out;
}

// A header cell merged downwards says how many header rows there are; one merged across has its
// parts below it.
int64_t XlsxSource::header_depth(uint64_t row) const {
  int64_t depth = 1;
  for (const XlsxRange& m : merges_) {
    if (m.row_first != row) continue;
    const int64_t down = static_cast<int64_t>(m.row_last) - m.row_first + 1;
    depth = std::max(depth, down);
    if (m.column_last > m.column_first) depth = std::max<int64_t>(depth, down + 1);
  }
  return std::min<int64_t>(depth, 10);
}

void XlsxSource::remark_sheets(const XlsxSheet& used) {
  std::string hidden;
  std::string others;
  for (const XlsxSheet& s : book_.sheets) {
    facts_.sheets.push_back(s.hidden ? s.name + " (hidden)" : s.name);
    if (&s == &used) continue;
    std::string* list = s.hidden ? &hidden : &others;
    *list += (list->empty() ? "" : "、") + s.name;
  }
  if (!hidden.empty()) {
    facts_.remarks.emplace_back("工作簿中有隐藏的工作表，没有读：" + hidden,
                                "the workbook has hidden sheets that were not read: " + hidden);
  }
  if (!others.empty()) {
    facts_.remarks.emplace_back("工作簿中还有别的工作表，没有读：" + others,
                                "the workbook has other sheets that were not read: " + others);
  }
}

Result<> XlsxSource::start_sheet(size_t index, const HeaderOptions& options,
                                 const std::string& name) {
  const XlsxSheet& sheet = book_.sheets[index];
  name_ = name;
  facts_.format = "xlsx";
  facts_.sheet = sheet.name;
  remark_sheets(sheet);
  YIPAN_ASSIGN(merges_, read_merges(zip_.get(), sheet.part));
  YIPAN_ASSIGN(stream_, zip_->open_entry(sheet.part));
  std::deque<SheetRow> ahead;
  std::vector<SampleRow> sample;
  const size_t wanted = kSampleRows + static_cast<size_t>(std::max<int64_t>(options.header_row, 0));
  while (sample.size() < wanted) {
    YIPAN_ASSIGN(bool have, more());
    if (!have) break;
    sample.push_back(sample_of(handler_.rows.front()));
    if (sample.back().cells.empty()) sample.pop_back();
    ahead.push_back(std::move(handler_.rows.front()));
    handler_.rows.pop_front();
  }
  while (!ahead.empty()) {
    handler_.rows.push_front(std::move(ahead.back()));
    ahead.pop_back();
  }
  header_ = find_header(sample, options, [this](uint64_t row) { return header_depth(row); });
  facts_.header_row = header_.header_row;
  facts_.default_unit = header_.default_unit;
  return {};
}

// Cells that are merged with the one above or before them get its value.
void XlsxSource::spread_merges(SheetRow* row) {
  std::erase_if(active_, [&](const ActiveMerge& m) { return m.range.row_last < row->row; });
  for (; next_merge_ < merges_.size() && merges_[next_merge_].row_first <= row->row;
       ++next_merge_) {
    const XlsxRange& range = merges_[next_merge_];
    if (range.row_first != row->row) continue;
    for (const SheetCell& cell : row->cells) {
      if (cell.column == range.column_first) active_.push_back({range, cell});
    }
  }
  for (const ActiveMerge& m : active_) {
    for (uint32_t c = m.range.column_first; c <= m.range.column_last; ++c) {
      const bool there = std::any_of(row->cells.begin(), row->cells.end(),
                                     [c](const SheetCell& cell) { return cell.column == c; });
      if (there || c >= header_.columns.size()) continue;
      row->cells.push_back(m.value);
      row->cells.back().column = c;
    }
  }
}

Result<Step> XlsxSource::next(RawRecord* record) {
  for (;;) {
    YIPAN_ASSIGN(bool have, more());
    if (!have) return Step::end;
    current_ = std::move(handler_.rows.front());
    handler_.rows.pop_front();
    if (current_.row < header_.data_row) continue;
    if (fill_merged_ && !merges_.empty()) spread_merges(&current_);
    if (current_.cells.empty()) continue;
    record->row = current_.row;
    record->line = 0;
    record->cells.assign(header_.columns.size(), RawCell());
    const SheetCell* beyond = nullptr;
    for (const SheetCell& cell : current_.cells) {
      if (cell.column >= header_.columns.size()) {
        beyond = &cell;
        continue;
      }
      record->cells[cell.column] = {cell.kind, cell.percent, cell.number, cell.text};
    }
    if (beyond == nullptr) return Step::record;
    problem_ = std::make_shared<Error>(
        Error("intake.xlsx.beyond_header")
            .zh(fmt::format("表头右边没有列名的地方有内容：“{}”", beyond->text.substr(0, 60)))
            .en(fmt::format("there is something to the right of the header: {}",
                            beyond->text.substr(0, 60)))
            .row(current_.row)
            .remedy("请补上列名，或删去该内容", "give the column a name, or remove it"));
    return Step::problem;
  }
}

Result<const XlsxSheet*> choose_sheet(const XlsxBook& book, const std::string& wanted,
                                      const std::string& file) {
  std::string names;
  for (const XlsxSheet& s : book.sheets) {
    if (s.name == wanted) return &s;
    names += (names.empty() ? "" : "、") + s.name;
  }
  if (wanted.empty()) {
    for (const XlsxSheet& s : book.sheets) {
      if (!s.hidden) return &s;
    }
  }
  return fail(Error("intake.xlsx.sheet")
                  .zh(wanted.empty() ? "工作簿里没有可见的工作表"
                                     : fmt::format("工作簿里没有工作表“{}”", wanted))
                  .en(wanted.empty() ? "the workbook has no visible sheet"
                                     : fmt::format("the workbook has no sheet {}", wanted))
                  .file(file)
                  .remedy("工作表有：" + names, "its sheets are: " + names));
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_xlsx(const Input& input, const OpenRequest& request) {
  YIPAN_ASSIGN(auto zip, ZipArchive::open(input, request.limits));
  auto book = read_xlsx_book(zip.get(), input.name, request.limits);
  if (!book) return fail(Error(book.error()).file(input.name));
  const Mapping* m = request.mapping;
  std::string wanted = !request.sheet.empty() ? request.sheet : (m != nullptr ? m->sheet : "");
  YIPAN_ASSIGN(const XlsxSheet* found, choose_sheet(*book, wanted, input.name));
  const size_t index = static_cast<size_t>(found - book->sheets.data());
  HeaderOptions header;
  header.known = request.known;
  if (m != nullptr) {
    header.header_row = m->header_row;
    header.header_rows = m->header_rows;
  }
  auto source = std::make_unique<XlsxSource>(std::move(zip), std::move(*book), request.limits,
                                             m == nullptr || m->fill_merged);
  YIPAN_TRY(source->start_sheet(index, header, input.name));
  return source;
}

}  // namespace yipan::intake
