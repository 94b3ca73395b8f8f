#include "intake/side_file.h"

#include <fmt/format.h>

#include <charconv>

#include "intake/csv.h"

namespace yipan::intake {
namespace {

constexpr size_t kFlushBytes = size_t{1} << 18;
constexpr uint64_t kMendedBytesMax = uint64_t{128} << 20;

}  // namespace

void append_csv_cell(std::string_view text, std::string* out) {
  const bool plain = text.find_first_of("\",\r\n") == std::string_view::npos &&
                     (text.empty() || (text.front() != ' ' && text.back() != ' '));
  if (plain) {
    out->append(text);
    return;
  }
  out->push_back('"');
  for (char c : text) {
    if (c == '"') out->push_back('"');
    out->push_back(c);
  }
  out->push_back('"');
}

SideFile::~SideFile() {
  if (file_ == nullptr || kept_) return;
  file_.reset();
  (void)files_.remove(path_ + ".part");
}

Result<> SideFile::flush() {
  YIPAN_TRY(file_->write_at(written_, buffer_));
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<> SideFile::add(const std::vector<SourceColumn>& columns, const RawRecord& record,
                       const std::vector<Issue>& issues) {
  if (file_ == nullptr) {
    auto opened = files_.open(path_ + ".part", Open::create);
    if (!opened) {
      return fail(Error("intake.side_file")
                      .zh(fmt::format("不能写退回行文件 {}", path_))
                      .en(fmt::format("the file of refused rows, {}, cannot be written", path_))
                      .file(path_)
                      .because(opened.error())
                      .remedy("请给文件夹写权限，或用 side_directory 指定别的文件夹",
                              "allow writing to the folder, or give another with side_directory"));
    }
    file_ = std::move(*opened);
    YIPAN_TRY(file_->truncate(0));
    buffer_ = "\xEF\xBB\xBF原行号,退回原因,处理办法,Reason,Remedy";
    for (const SourceColumn& c : columns) {
      buffer_ += ',';
      append_csv_cell(c.name, &buffer_);
    }
    buffer_ += "\r\n";
  }
  std::string text[4];
  for (const Issue& i : issues) {
    for (std::string& t : text) t += t.empty() ? "" : "; ";
    text[0] += i.column.empty() ? i.zh : i.column + "：" + i.zh;
    text[1] += i.remedy_zh;
    text[2] += i.column.empty() ? i.en : i.column + ": " + i.en;
    text[3] += i.remedy_en;
  }
  buffer_ += fmt::format("{}", record.row);
  for (const std::string& t : text) {
    buffer_ += ',';
    append_csv_cell(t, &buffer_);
  }
  for (const RawCell& cell : record.cells) {
    buffer_ += ',';
    if (cell.kind == RawCell::Kind::geometry) {
      append_csv_cell(geometry_.to_wkt(cell.text).value_or(""), &buffer_);
    } else if (cell.kind == RawCell::Kind::boolean) {
      buffer_ += cell.number != 0 ? "true" : "false";
    } else {
      append_csv_cell(cell.text, &buffer_);
    }
  }
  buffer_ += "\r\n";
  ++rows_;
  if (buffer_.size() >= kFlushBytes) {
    YIPAN_TRY(flush());
  }
  return {};
}

Result<> SideFile::keep() {
  if (file_ == nullptr || kept_) return {};
  YIPAN_TRY(flush());
  YIPAN_TRY(file_->sync_data());
  YIPAN_TRY(files_.rename(path_ + ".part", path_));
  kept_ = true;
  return {};
}

// ---- reading it back
// ------------------------------------------------------------------------------

Result<MendedRows> MendedRows::read(const Input& input, const std::vector<SourceColumn>& columns,
                                    const Limits& limits) {
  CsvOptions options;
  options.header.header_row = 1;
  options.pad_ragged = true;
  YIPAN_ASSIGN(auto source, open_csv(input, options, limits));
  const auto& have = source->columns();
  bool same = have.size() >= kSideColumns && have[0].name == kSideRow;
  std::vector<int64_t> at(columns.size(), -1);
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t c = kSideColumns; c < have.size(); ++c) {
      if (have[c].name == columns[i].name) at[i] = static_cast<int64_t>(c);
    }
    same &= at[i] >= 0;
  }
  if (!same) {
    return fail(Error("intake.mended.columns")
                    .zh("改正后的文件应保留退回行文件的全部列（第一列是 原行号）")
                    .en("a mended file has to keep all columns of the file of refused rows (the "
                        "first is 原行号)")
                    .file(input.name)
                    .remedy("请在退回行文件上直接修改", "correct the cells in that file itself"));
  }
  MendedRows out;
  RawRecord record;
  uint64_t bytes = 0;
  for (;;) {
    YIPAN_ASSIGN(Step step, source->next(&record));
    if (step == Step::end) break;
    uint64_t row = 0;
    std::string_view number = record.cells.empty() ? "" : trim(record.cells[0].text);
    auto end = std::from_chars(number.data(), number.data() + number.size(), row);
    const bool good =
        step == Step::record && end.ec == std::errc() && end.ptr == number.data() + number.size();
    std::vector<std::string> cells;
    for (int64_t c : at) {
      if (good) cells.emplace_back(record.cells[static_cast<size_t>(c)].text);
      if (good) bytes += cells.back().size() + sizeof(std::string);
    }
    if (!good || !out.rows_.emplace(row, std::move(cells)).second) {
      return fail(Error("intake.mended.row")
                      .zh("原行号不是数字，或有两行写着同一个原行号")
                      .en("the 原行号 is not a number, or two rows have the same one")
                      .file(input.name)
                      .row(record.row)
                      .column(kSideRow)
                      .remedy("请恢复该行的原行号", "restore the row's own number"));
    }
    if (bytes > kMendedBytesMax) {
      return fail(Error("intake.limit.mended")
                      .zh("改正的行过多，请直接改原文件")
                      .file(input.name)
                      .en("there are too many mended rows: correct the original file instead")
                      .remedy("请改原文件", "correct the original file"));
    }
  }
  return out;
}

bool MendedRows::replace(RawRecord* record) const {
  auto found = rows_.find(record->row);
  if (found == rows_.end()) return false;
  record->cells.resize(found->second.size());
  for (size_t i = 0; i < found->second.size(); ++i) {
    record->cells[i] = RawCell::of_text(found->second[i]);
  }
  return true;
}

}  // namespace yipan::intake
