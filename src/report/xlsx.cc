#include <fmt/format.h>
#include <xlsxwriter.h>

#include <algorithm>

#include "report/numbers.h"
#include "report/sheets.h"
#include "yipan/text.h"

namespace yipan::report {
namespace {

constexpr time_t kFixedTime = 1577836800;  // 2020-01-01: the same bytes from run to run
constexpr size_t kTextMax = 32767;         // characters in a cell

class Book {
 public:
  explicit Book(const std::string& path) : path_(path) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(path.c_str(), &options);
    lxw_doc_properties properties{};
    properties.created = kFixedTime;
    workbook_set_properties(book_, &properties);
    header = workbook_add_format(book_);
    format_set_bold(header);
    format_set_bg_color(header, 0xDDE6F0);
    format_set_border(header, LXW_BORDER_THIN);
    format_set_text_wrap(header);
    format_set_align(header, LXW_ALIGN_VERTICAL_CENTER);
    wrap = workbook_add_format(book_);
    format_set_text_wrap(wrap);
    format_set_align(wrap, LXW_ALIGN_VERTICAL_TOP);
    money = workbook_add_format(book_);
    format_set_num_format(money, "#,##0.00");
    format_set_align(money, LXW_ALIGN_VERTICAL_TOP);
    count = workbook_add_format(book_);
    format_set_num_format(count, "#,##0");
    format_set_align(count, LXW_ALIGN_VERTICAL_TOP);
    date = workbook_add_format(book_);
    format_set_num_format(date, "yyyy-mm-dd");
    format_set_align(date, LXW_ALIGN_VERTICAL_TOP);
  }
  ~Book() {
    if (book_ != nullptr) (void)workbook_close(book_);
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;
  lxw_workbook* get() { return book_; }
  Result<> close() {
    const lxw_error error = workbook_close(book_);
    book_ = nullptr;
    if (error == LXW_NO_ERROR) return {};
    return fail(Error("report.xlsx.failed")
                    .zh(fmt::format("不能写 XLSX：{}", lxw_strerror(error)))
                    .en(fmt::format("the XLSX cannot be written: {}", lxw_strerror(error)))
                    .file(path_)
                    .remedy("请检查临时文件夹（TMPDIR）所在磁盘的空间",
                            "check the space of the disk that holds $TMPDIR"));
  }
  lxw_format* decimals(int n) {
    while (static_cast<int>(decimals_.size()) <= n) {
      lxw_format* f = workbook_add_format(book_);
      const std::string code =
          decimals_.empty() ? "#,##0" : "#,##0." + std::string(decimals_.size(), '0');
      format_set_num_format(f, code.c_str());
      decimals_.push_back(f);
    }
    return decimals_[static_cast<size_t>(n)];
  }

  lxw_format* header = nullptr;
  lxw_format* wrap = nullptr;
  lxw_format* money = nullptr;
  lxw_format* count = nullptr;
  lxw_format* date = nullptr;

 private:
  std::string path_;
  lxw_workbook* book_ = nullptr;
  std::vector<lxw_format*> decimals_;
};

struct SheetColumn {
  const char* title;
  double width;
};

class Sheet {
 public:
  Sheet(Book* book, const char* name, const std::vector<SheetColumn>& columns)
      : book_(book), sheet_(workbook_add_worksheet(book->get(), name)), columns_(columns.size()) {
    for (size_t c = 0; c < columns.size(); ++c) {
      const auto i = static_cast<lxw_col_t>(c);
      worksheet_set_column(sheet_, i, i, columns[c].width, nullptr);
      worksheet_write_string(sheet_, 0, i, columns[c].title, book->header);
    }
    worksheet_freeze_panes(sheet_, 1, 1);
    worksheet_repeat_rows(sheet_, 0, 0);
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, 9);  // A4
    worksheet_fit_to_pages(sheet_, 1, 0);
  }
  void next_row() {
    ++row_;
    column_ = 0;
  }
  // Text is written as text: "=1+1" stays what it is.
  Sheet& text(std::string_view value) {
    if (!value.empty()) {
      std::string shown(value);
      if (find_invalid_utf8(value) != std::string_view::npos) shown = "?";
      if (code_point_count(shown) > kTextMax) {
        size_t pos = 0;
        for (size_t n = 0; n < kTextMax - 1; ++n) next_code_point(shown, &pos);
        shown = shown.substr(0, pos) + "…";
      }
      worksheet_write_string(sheet_, row_, column_, shown.c_str(), book_->wrap);
    }
    ++column_;
    return *this;
  }
  Sheet& number(double value, lxw_format* format) {
    worksheet_write_number(sheet_, row_, column_++, value, format);
    return *this;
  }
  Sheet& skip() {
    ++column_;
    return *this;
  }
  Sheet& date(const std::string& iso) {
    const Result<Date> day = Date::parse(iso);
    constexpr int64_t kExcelEpoch = 25569;  // 1970-01-01 as a serial number
    constexpr int64_t kLeapBug = 60;        // 1900-02-29, which Excel believes in
    if (!day || day->days() + kExcelEpoch <= kLeapBug) return text(iso);
    return number(static_cast<double>(day->days() + kExcelEpoch), book_->date);
  }
  void finish() { worksheet_autofilter(sheet_, 0, 0, row_, static_cast<lxw_col_t>(columns_ - 1)); }

 private:
  Book* book_;
  lxw_worksheet* sheet_;
  size_t columns_;
  lxw_row_t row_ = 0;
  lxw_col_t column_ = 0;
};

const std::vector<SheetColumn>& finding_columns() {
  static const std::vector<SheetColumn> kColumns = {
      {"编号", 18},       {"问题", 6},      {"严重程度", 9},  {"状态", 9},      {"标题", 24},
      {"发现", 60},       {"对象", 24},     {"区域", 14},     {"实际", 14},     {"标准值", 14},
      {"金额（元）", 18}, {"标准", 40},     {"依据", 40},     {"依据核对", 12}, {"责任单位", 22},
      {"配合单位", 26},   {"下一步", 50},   {"首次发现", 12}, {"最近发现", 12}, {"销号日期", 12},
      {"证据条数", 9},    {"经度", 11},     {"纬度", 11},     {"代码", 26},     {"规则编号", 9},
      {"事实", 20},       {"事实主键", 24}, {"缺少", 20},     {"Title", 24},    {"Finding", 60},
      {"Next step", 50}};
  return kColumns;
}

void finding_row(const Finding& f, Book* book, Sheet* sheet) {
  sheet->next_row();
  sheet->text(f.id).number(f.question, book->count);
  sheet->text(severity_title(f.severity).zh).text(state_title(f.state).zh);
  sheet->text(f.title.zh).text(f.claim.zh).text(f.subject).text(f.area.zh);
  for (const std::string& v : {f.value, f.norm_value}) {
    if (const auto n = number(v)) {
      sheet->number(*n, nullptr);
    } else {
      sheet->text(v);
    }
  }
  if (f.money_fen) {
    sheet->number(static_cast<double>(*f.money_fen) / 100, book->money);
  } else {
    sheet->skip();
  }
  sheet->text(f.norm.zh).text(joined_citations(f, true));
  sheet->text(f.citations.empty() ? "" : status_title(f.citation_status).zh);
  sheet->text(lead_of(f)).text(joined_names(f.support_names)).text(f.remedy.zh);
  sheet->date(f.first_seen_on).date(f.last_seen_on).date(f.cleared_on);
  sheet->number(static_cast<double>(std::max<uint64_t>(f.evidence_total, f.evidence.size())),
                book->count);
  for (const std::optional<double>& degrees : {f.lon, f.lat}) {
    if (degrees) {
      sheet->number(*degrees, nullptr);
    } else {
      sheet->skip();
    }
  }
  sheet->text(f.code).text(f.rule).text(f.fact).text(f.key);
  std::string lacks;
  for (const Text& t : f.lead_lacks) lacks += (lacks.empty() ? "" : "、") + t.zh;
  sheet->text(lacks).text(f.title.en).text(f.claim.en).text(f.remedy.en);
}

void findings_sheet(const Outline& outline, bool leads, Book* book) {
  Sheet sheet(book, leads ? "线索" : "发现", finding_columns());
  for (const Finding* f : all_findings(outline)) {
    if (f->lead == leads) finding_row(*f, book, &sheet);
  }
  sheet.finish();
}

Result<> evidence_sheet(const Outline& outline, Book* book) {
  Sheet sheet(book, "证据",
              {{"发现编号", 18}, {"表", 20}, {"主键", 30}, {"账本条目", 10}, {"源文件行", 10}});
  size_t rows = 0;
  const size_t most = std::min<size_t>(outline.options->limits.evidence_sheet, 1'048'575);
  for (const Finding* f : all_findings(outline)) {
    for (const findings::Evidence& e : f->evidence) {
      if (++rows > most) {
        return fail(Error("report.xlsx.rows")
                        .zh(fmt::format("证据超过 {} 行，XLSX 放不下", most))
                        .en(fmt::format("there are more than {} rows of evidence, too many for "
                                        "XLSX",
                                        most))
                        .remedy("请用 findings.gpkg，或用 --question 分问题诊断",
                                "use findings.gpkg, or diagnose by question with --question"));
      }
      sheet.next_row();
      sheet.text(f->id).text(e.table).text(e.key);
      sheet.number(static_cast<double>(e.entry), book->count);
      sheet.number(static_cast<double>(e.row), book->count);
    }
  }
  sheet.finish();
  return {};
}

void figures_sheet(const Outline& outline, Book* book) {
  Sheet sheet(book, "指标",
              {{"编号", 30},
               {"问题", 6},
               {"指标", 36},
               {"数值", 18},
               {"单位", 14},
               {"标准", 14},
               {"讲话数据编号", 14},
               {"Figure", 40},
               {"Unit", 18}});
  for (const Chapter& c : outline.chapters) {
    for (const findings::FigureValue& f : c.answer->figures) {
      const ShownUnit unit = shown_unit(f.unit, f.decimals, f.value.value_or(0));
      sheet.next_row();
      sheet.text(f.id).number(c.answer->number, book->count).text(f.title.zh);
      lxw_format* format = book->decimals(std::clamp(unit.decimals, 0, 6));
      const auto value = [&](const std::optional<double>& v) {
        if (v) {
          sheet.number(*v / unit.divisor, format);
        } else {
          sheet.skip();
        }
      };
      value(f.value);
      sheet.text(unit.label.zh);
      value(f.norm);
      sheet.text(f.speech).text(f.title.en).text(unit.label.en);
    }
  }
  sheet.finish();
}

}  // namespace

std::vector<const Finding*> all_findings(const Outline& outline) {
  std::vector<const Finding*> out;
  for (const Chapter& c : outline.chapters) {
    for (const std::vector<Group>* groups : {&c.groups, &c.leads}) {
      for (const Group& g : *groups) out.insert(out.end(), g.findings.begin(), g.findings.end());
    }
    out.insert(out.end(), c.cleared.begin(), c.cleared.end());
  }
  return out;
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& n : names) out += (out.empty() ? "" : "、") + n;
  return out;
}

std::string joined_citations(const Finding& finding, bool zh) {
  std::string out;
  for (const findings::Citation& c : finding.citations) {
    if (!out.empty()) out += zh ? "；" : "; ";
    out += zh ? c.label.zh : c.label.en;
  }
  return out;
}

Result<> write_xlsx(const Outline& outline, const std::string& path) {
  Book book(path);
  findings_sheet(outline, false, &book);
  YIPAN_TRY(evidence_sheet(outline, &book));
  findings_sheet(outline, true, &book);
  figures_sheet(outline, &book);
  return book.close();
}

}  // namespace yipan::report
