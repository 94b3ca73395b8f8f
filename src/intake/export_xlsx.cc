// XLSX out: a sheet a table, with typed cells, and a sheet that says what each column means.
#include <fmt/format.h>
#include <xlsxwriter.h>

#include <cstring>

#include "intake/bytes.h"
#include "intake/export_rows.h"
#include "yipan/text.h"
#include "yipan/units.h"

namespace yipan::intake {
namespace {

constexpr uint64_t kRowsMax = 1048575;  // below the header
constexpr size_t kTextMax = 32767;      // characters in a cell
constexpr int64_t kExactMax = int64_t{1} << 53;
constexpr time_t kFixedTime = 1577836800;  // 2020-01-01: the same bytes from run to run

struct Formats {
  lxw_format* header;
  lxw_format* date;
  lxw_format* money;
  lxw_format* wrap;
};

class Book {
 public:
  explicit Book(const std::string& path) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(path.c_str(), &options);
    lxw_doc_properties properties{};
    properties.created = kFixedTime;
    workbook_set_properties(book_, &properties);
    formats_.header = workbook_add_format(book_);
    format_set_bold(formats_.header);
    format_set_bg_color(formats_.header, 0xDDE6F0);
    formats_.date = workbook_add_format(book_);
    format_set_num_format(formats_.date, "yyyy-mm-dd");
    formats_.money = workbook_add_format(book_);
    format_set_num_format(formats_.money, "#,##0.00");
    formats_.wrap = workbook_add_format(book_);
    format_set_text_wrap(formats_.wrap);
  }
  ~Book() {
    if (book_ != nullptr) (void)workbook_close(book_);
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;

  lxw_worksheet* sheet(const std::string& name) {
    return workbook_add_worksheet(book_, name.c_str());
  }
  const Formats& formats() const { return formats_; }
  Result<> close(const std::string& path) {
    lxw_error error = workbook_close(book_);
    book_ = nullptr;
    if (error == LXW_NO_ERROR) return {};
    return fail(Error("intake.export.xlsx")
                    .zh(fmt::format("不能写 XLSX：{}", lxw_strerror(error)))
                    .en(fmt::format("the XLSX cannot be written: {}", lxw_strerror(error)))
                    .file(path)
                    .remedy("请检查磁盘空间和文件夹权限",
                            "check the disk's space and the folder's rights"));
  }

 private:
  lxw_workbook* book_ = nullptr;
  Formats formats_{};
};

bool in_yuan(const board::Field* field) {
  return field != nullptr && field->type == Type::integer && field->unit == "fen";
}

std::string title_of(const board::TableSchema& table, const std::string& column) {
  const board::Field* field = table.find(column);
  if (field == nullptr) return column;
  if (in_yuan(field)) return field->title_zh + "（元）";
  return title_with_unit(*field);
}

// Sheet names: at most 31 characters, without []:*?/\ .
std::string sheet_name(const board::TableSchema& table) {
  const std::string& wanted = table.title_zh.empty() ? table.name : table.title_zh;
  std::string out;
  size_t count = 0;
  for (size_t pos = 0; pos < wanted.size() && count < 31; ++count) {
    char32_t c = next_code_point(wanted, &pos);
    append_utf8(c < 128 && std::strchr("[]:*?/\\'", static_cast<int>(c)) != nullptr ? U'_' : c,
                &out);
  }
  return out;
}

class TableSheet {
 public:
  TableSheet(lxw_worksheet* sheet, const Formats& formats, const board::TableSchema& table,
             std::vector<store::ColumnSpec> columns)
      : sheet_(sheet), formats_(formats), table_(table), columns_(std::move(columns)) {
    for (size_t c = 0; c < columns_.size(); ++c) {
      std::string title = title_of(table, columns_[c].name);
      worksheet_write_string(sheet_, 0, column(c), title.c_str(), formats_.header);
      const double width = static_cast<double>(std::min<size_t>(display_width(title) + 4, 40));
      worksheet_set_column(sheet_, column(c), column(c), width, nullptr);
    }
    worksheet_freeze_panes(sheet_, 1, 0);
  }

  Result<> append(const Batch& batch) {
    for (size_t r = 0; r < batch.rows(); ++r) {
      if (++row_ > kRowsMax) {
        return fail(Error("intake.export.rows")
                        .zh(fmt::format("表 {} 超过 {} 行，XLSX 放不下", table_.name, kRowsMax))
                        .en(fmt::format("the table {} has more than {} rows, too many for XLSX",
                                        table_.name, kRowsMax))
                        .remedy("请导出为 CSV 或 GeoPackage", "export it as CSV or GeoPackage"));
      }
      for (size_t c = 0; c < batch.columns.size(); ++c) {
        if (!batch.columns[c].is_null(r)) {
          YIPAN_TRY(cell(batch.columns[c], r, c));
        }
      }
    }
    return {};
  }
  void finish() {
    if (columns_.empty()) return;
    worksheet_autofilter(sheet_, 0, 0, static_cast<lxw_row_t>(row_), column(columns_.size() - 1));
  }

 private:
  static lxw_col_t column(size_t c) { return static_cast<lxw_col_t>(c); }
  void text(const std::string& value, size_t c) {
    std::string shown = value;
    if (code_point_count(value) > kTextMax) {
      size_t pos = 0;
      for (size_t n = 0; n < kTextMax - 1; ++n) next_code_point(value, &pos);
      shown = value.substr(0, pos) + "…";
    }
    worksheet_write_string(sheet_, static_cast<lxw_row_t>(row_), column(c), shown.c_str(), nullptr);
  }
  void number(double value, size_t c, lxw_format* format) {
    worksheet_write_number(sheet_, static_cast<lxw_row_t>(row_), column(c), value, format);
  }
  Result<> cell(const Column& values, size_t r, size_t c) {
    switch (values.type()) {
      case Type::integer: {
        const int64_t v = values.int_at(r);
        if (v >= kExactMax || v <= -kExactMax) {
          text(fmt::format("{}", v), c);
        } else if (in_yuan(table_.find(columns_[c].name))) {
          number(static_cast<double>(v) / 100, c, formats_.money);
        } else {
          number(static_cast<double>(v), c, nullptr);
        }
        return {};
      }
      case Type::real:
        number(values.real_at(r), c, nullptr);
        return {};
      case Type::boolean:
        worksheet_write_string(sheet_, static_cast<lxw_row_t>(row_), column(c),
                               values.int_at(r) != 0 ? "是" : "否", nullptr);
        return {};
      case Type::date:
        if (values.int_at(r) + 25569 > 60) {
          number(static_cast<double>(values.int_at(r) + 25569), c, formats_.date);
        } else {
          text(board::value_text(values, r), c);
        }
        return {};
      case Type::geometry: {
        YIPAN_ASSIGN(std::string wkt, reader_.to_wkt(values.bytes_at(r)));
        text(wkt, c);
        return {};
      }
      default:
        return code_or_text(values, r, c);
    }
  }
  Result<> code_or_text(const Column& values, size_t r, size_t c) {
    std::string value = board::value_text(values, r);
    const board::Field* field = table_.find(columns_[c].name);
    if (field != nullptr) {
      for (const board::CodeItem& item : field->codes) {
        if (item.code == value && !item.zh.empty()) {
          text(item.zh, c);
          return {};
        }
      }
    }
    text(value, c);
    return {};
  }

  lxw_worksheet* sheet_;
  const Formats& formats_;
  const board::TableSchema& table_;
  std::vector<store::ColumnSpec> columns_;
  GeometryReader reader_;
  uint64_t row_ = 0;
};

void write_definitions(Book* book, const std::vector<const board::TableSchema*>& tables) {
  lxw_worksheet* sheet = book->sheet("指标口径");
  const char* titles[] = {"表", "列", "字段", "单位", "说明", "Title", "Description", "代码"};
  const double widths[] = {16, 20, 20, 10, 40, 24, 40, 60};
  for (lxw_col_t c = 0; c < 8; ++c) {
    worksheet_write_string(sheet, 0, c, titles[c], book->formats().header);
    worksheet_set_column(sheet, c, c, widths[c], nullptr);
  }
  worksheet_freeze_panes(sheet, 1, 0);
  lxw_row_t row = 0;
  for (const board::TableSchema* table : tables) {
    for (const board::Field& f : table->fields) {
      ++row;
      const Unit* unit = f.unit.empty() ? nullptr : find_unit(f.unit);
      std::string codes;
      for (const board::CodeItem& i : f.codes)
        codes += (codes.empty() ? "" : "；") + i.zh + "=" + i.code;
      const std::string cells[] = {
          table->title_zh,  f.title_zh,
          f.name,           in_yuan(&f) ? "元" : (unit != nullptr ? std::string(unit->zh) : ""),
          f.description_zh, f.title_en,
          f.description_en, codes};
      for (lxw_col_t c = 0; c < 8; ++c) {
        if (!cells[c].empty()) {
          worksheet_write_string(sheet, row, c, cells[c].c_str(), book->formats().wrap);
        }
      }
    }
  }
}

}  // namespace

Result<uint64_t> export_xlsx(const Context& context, const std::string& path,
                             const ExportOptions& options) {
  YIPAN_ASSIGN(auto tables, export_tables(context, options));
  const std::string part = path + ".part";
  uint64_t rows = 0;
  {
    Book book(part);
    for (const board::TableSchema* table : tables) {
      auto columns = export_columns(*table, options);
      TableSheet sheet(book.sheet(sheet_name(*table)), book.formats(), *table, columns);
      YIPAN_ASSIGN(uint64_t n, each_batch(context, *table, options,
                                          [&](const Batch& b) { return sheet.append(b); }));
      sheet.finish();
      rows += n;
    }
    write_definitions(&book, tables);
    YIPAN_TRY(book.close(path));
  }
  YIPAN_TRY(context.files->rename(part, path));
  return rows;
}

}  // namespace yipan::intake
