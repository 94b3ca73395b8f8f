// PDF: the document's blocks set with Pango and drawn with Cairo, page by page.
#include <cairo-pdf.h>
#include <fmt/format.h>

#include <algorithm>

#include "report/document.h"
#include "report/pango.h"

namespace yipan::report {
namespace {

using Kind = Block::Kind;

constexpr double kPtPerMm = 72 / 25.4;
constexpr double kWidth = page::kWidthMm * kPtPerMm;
constexpr double kHeight = page::kHeightMm * kPtPerMm;
constexpr double kTop = page::kTopMm * kPtPerMm;
constexpr double kBottom = (page::kHeightMm - page::kBottomMm) * kPtPerMm;
constexpr double kLeft = page::kLeftMm * kPtPerMm;
constexpr double kLine = (page::kWidthMm - page::kLeftMm - page::kRightMm) * kPtPerMm;
constexpr double kCellPad = 4;
constexpr double kTablePitch = 15;

// The fonts that GB/T 9704-2012 asks for, then those that stand in for them where they are missing.
constexpr const char* kFang =
    "FangSong_GB2312,FangSong,STFangsong,Noto Serif CJK SC,SimSun,"
    "AR PL UMing CN,WenQuanYi Zen Hei";
constexpr const char* kKai =
    "KaiTi_GB2312,KaiTi,STKaiti,AR PL UKai CN,Noto Serif CJK SC,"
    "WenQuanYi Zen Hei";
constexpr const char* kHei = "SimHei,Noto Sans CJK SC,STHeiti,WenQuanYi Zen Hei";
constexpr const char* kSong =
    "FZXiaoBiaoSong-B05S,STZhongsong,Noto Serif CJK SC Bold,SimSun,"
    "WenQuanYi Zen Hei";

struct TextStyle {
  const char* font;
  double size;
  double pitch;   // from line to line
  double indent;  // of the first line
  PangoAlignment align = PANGO_ALIGN_LEFT;
  bool justify = false;
  bool keep = false;  // a heading: stays with what follows
  bool bold = false;
};

TextStyle style_of(Kind kind) {
  constexpr double kIndent = 2 * page::kBodyPt;
  switch (kind) {
    case Kind::title:
      return {kSong, page::kTitlePt, 34, 0, PANGO_ALIGN_CENTER, false, true, true};
    case Kind::subtitle:
      return {kKai, page::kBodyPt, page::kLinePt, 0, PANGO_ALIGN_CENTER};
    case Kind::heading1:
      return {kHei, page::kBodyPt, page::kLinePt, kIndent, PANGO_ALIGN_LEFT, false, true};
    case Kind::heading2:
      return {kKai, page::kBodyPt, page::kLinePt, kIndent, PANGO_ALIGN_LEFT, false, true};
    case Kind::heading3:
      return {kFang, page::kBodyPt, page::kLinePt, kIndent, PANGO_ALIGN_LEFT, false, true, true};
    case Kind::note:
      return {kKai, 12, 20, 24};
    default:
      return {kFang, page::kBodyPt, page::kLinePt, kIndent, PANGO_ALIGN_LEFT, true};
  }
}

struct Cell {
  Layout layout;
  int lines = 0;
};

class PdfPages {
 public:
  PdfPages(const Document& document, Instant made_at)
      : document_(document),
        surface_(cairo_pdf_surface_create_for_stream(append_to_string, &bytes_, kWidth, kHeight)),
        cairo_(cairo_create(surface_.get())) {
    metadata(made_at);
    context_.reset(pango_cairo_create_context(cairo_.get()));
    pango_cairo_context_set_resolution(context_.get(), 72);  // a point is a point
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context_.get(), options);
    cairo_font_options_destroy(options);
    pango_context_set_language(context_.get(), pango_language_from_string("zh-cn"));
  }

  bool has_chinese_font() {
    Layout sample = layout("一盘诊断", {kFang, 12, 20, 0}, kLine);
    return pango_layout_get_unknown_glyphs_count(sample.get()) == 0;
  }

  std::string run() {
    for (size_t i = 0; i < document_.blocks.size(); ++i) {
      const Block& b = document_.blocks[i];
      if (b.kind == Kind::table) {
        table(b.table);
      } else if (b.kind == Kind::picture) {
        picture(b);
      } else if (b.kind == Kind::page_break) {
        if (y_ > kTop) end_page();
      } else {
        text(b, room_after(i));
      }
    }
    if (y_ > kTop || page_ == 1) end_page();
    cairo_.reset();
    cairo_surface_finish(surface_.get());
    return cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS ? std::move(bytes_) : "";
  }

 private:
  void metadata(Instant made_at) {
    const std::string when =
        Instant::from_micros(made_at.micros() / 1'000'000 * 1'000'000).to_string();
    const auto set = [&](cairo_pdf_metadata_t what, const std::string& value) {
      cairo_pdf_surface_set_metadata(surface_.get(), what, value.c_str());
    };
    set(CAIRO_PDF_METADATA_TITLE, document_.title);
    set(CAIRO_PDF_METADATA_CREATOR, "Yipan");
    set(CAIRO_PDF_METADATA_CREATE_DATE, when);
    set(CAIRO_PDF_METADATA_MOD_DATE, when);
  }

  Layout layout(std::string_view content, const TextStyle& style, double width) {
    Layout out(pango_layout_new(context_.get()));
    PangoFontDescription* font = pango_font_description_new();
    pango_font_description_set_family(font, style.font);
    pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
    if (style.bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(out.get(), font);
    pango_font_description_free(font);
    pango_layout_set_width(out.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_indent(out.get(), static_cast<int>(style.indent * PANGO_SCALE));
    pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(out.get(), style.align);
    pango_layout_set_justify(out.get(), style.justify ? TRUE : FALSE);
    std::string clean;
    for (const char c : content) clean.push_back(c == '\0' ? ' ' : c);
    pango_layout_set_text(out.get(), clean.c_str(), static_cast<int>(clean.size()));
    return out;
  }

  void draw_line(PangoLayout* layout, int index, double x, double y, double pitch) {
    PangoLayoutLine* line = pango_layout_get_line_readonly(layout, index);
    PangoRectangle ink;
    PangoRectangle logical;
    pango_layout_line_get_extents(line, &ink, &logical);
    double offset = 0;
    const double free =
        (pango_layout_get_width(layout) - logical.width) / static_cast<double>(PANGO_SCALE);
    switch (pango_layout_get_alignment(layout)) {
      case PANGO_ALIGN_CENTER:
        offset = free / 2;
        break;
      case PANGO_ALIGN_RIGHT:
        offset = free;
        break;
      default:
        if (index == 0) {
          offset = pango_layout_get_indent(layout) / static_cast<double>(PANGO_SCALE);
        }
    }
    const double ascent = -logical.y / static_cast<double>(PANGO_SCALE);
    const double height = logical.height / static_cast<double>(PANGO_SCALE);
    cairo_move_to(cairo_.get(), x + offset, y + (pitch - height) / 2 + ascent);
    pango_cairo_show_layout_line(cairo_.get(), line);
  }

  // What a heading must have below it on its page: the next block's beginning, through headings.
  double room_after(size_t i) const {
    double room = 0;
    for (++i; i < document_.blocks.size(); ++i) {
      const Block& next = document_.blocks[i];
      if (next.kind == Kind::picture) return room + picture_height(next) + 40;
      if (next.kind == Kind::table) return room + 6 * kTablePitch;
      room += style_of(next.kind).pitch;
      if (!style_of(next.kind).keep) return room + page::kLinePt;
    }
    return room;
  }
  static double picture_height(const Block& block) {
    const double height = kLine * block.chart.height / block.chart.width;
    return std::min(height, kBottom - kTop - 100);
  }

  void text(const Block& block, double room) {
    const TextStyle style = style_of(block.kind);
    Layout content = layout(block.text, style, kLine);
    if (style.keep && y_ > kTop && y_ + style.pitch + room > kBottom) end_page();
    if (block.kind == Kind::heading1 || block.kind == Kind::heading2) bookmark(block);
    const int lines = pango_layout_get_line_count(content.get());
    for (int i = 0; i < lines; ++i) {
      if (y_ + style.pitch > kBottom + 0.5) end_page();
      draw_line(content.get(), i, kLeft, y_, style.pitch);
      y_ += style.pitch;
    }
  }

  void bookmark(const Block& block) {
    const bool first = block.kind == Kind::heading1;
    const std::string link = fmt::format("page={} pos=[{:.1f} {:.1f}]", page_, kLeft, y_);
    const int id = cairo_pdf_surface_add_outline(
        surface_.get(), first ? CAIRO_PDF_OUTLINE_ROOT : chapter_, block.text.c_str(), link.c_str(),
        static_cast<cairo_pdf_outline_flags_t>(0));
    if (first) chapter_ = id;
  }

  // GB/T 9704-2012, 7.5: page numbers between dashes, 7 mm below the type area.
  void end_page() {
    Layout number = layout(fmt::format("— {} —", page_),
                           {kSong, page::kFootPt, 20, 0, PANGO_ALIGN_CENTER}, kLine);
    draw_line(number.get(), 0, kLeft, kBottom + 7 * kPtPerMm, 20);
    if (!document_.mark.empty()) {
      Layout mark = layout(document_.mark, {kHei, 9, 14, 0, PANGO_ALIGN_RIGHT}, kLine);
      draw_line(mark.get(), 0, kLeft, 20 * kPtPerMm, 14);
    }
    cairo_show_page(cairo_.get());
    ++page_;
    y_ = kTop;
  }

  void picture(const Block& block) {
    const double h = picture_height(block);
    const double w = h * block.chart.width / block.chart.height;
    if (y_ + h + 24 > kBottom) end_page();
    if (!draw_svg(block.chart.svg, cairo_.get(), kLeft + (kLine - w) / 2, y_ + 4, w, h)) return;
    cairo_set_source_rgb(cairo_.get(), 0, 0, 0);
    y_ += h + 6;
    Layout caption = layout(fmt::format("图{} {}", ++pictures_, block.text),
                            {kHei, 12, 18, 0, PANGO_ALIGN_CENTER}, kLine);
    draw_line(caption.get(), 0, kLeft, y_, 18);
    y_ += 24;
  }

  std::vector<Cell> cells(const DocumentTable& t, const std::vector<std::string>& texts,
                          bool header) {
    std::vector<Cell> out;
    for (size_t c = 0; c < t.header.size(); ++c) {
      TextStyle style{header ? kHei : kFang, page::kTablePt, kTablePitch, 0};
      if (header) {
        style.align = PANGO_ALIGN_CENTER;
      } else if (t.numbers[c]) {
        style.align = PANGO_ALIGN_RIGHT;
      }
      Cell cell;
      cell.layout =
          layout(c < texts.size() ? texts[c] : "", style, t.widths[c] * kLine - 2 * kCellPad);
      cell.lines = pango_layout_get_line_count(cell.layout.get());
      out.push_back(std::move(cell));
    }
    return out;
  }

  // Lines `from` to `to` of every cell, with borders.
  void draw_cells(const DocumentTable& t, const std::vector<Cell>& row, int from, int to,
                  bool header) {
    const double height = (to - from) * kTablePitch + 2 * kCellPad;
    cairo_t* c = cairo_.get();
    if (header) {
      cairo_set_source_rgb(c, 0.93, 0.95, 0.97);
      cairo_rectangle(c, kLeft, y_, kLine, height);
      cairo_fill(c);
      cairo_set_source_rgb(c, 0, 0, 0);
    }
    double x = kLeft;
    for (size_t i = 0; i < row.size(); ++i) {
      const double width = t.widths[i] * kLine;
      for (int l = from; l < std::min(to, row[i].lines); ++l) {
        draw_line(row[i].layout.get(), l, x + kCellPad, y_ + kCellPad + (l - from) * kTablePitch,
                  kTablePitch);
      }
      cairo_set_source_rgb(c, 0.5, 0.5, 0.5);
      cairo_set_line_width(c, 0.5);
      cairo_rectangle(c, x, y_, width, height);
      cairo_stroke(c);
      cairo_set_source_rgb(c, 0, 0, 0);
      x += width;
    }
    y_ += height;
  }

  static int line_count(const std::vector<Cell>& row) {
    int lines = 1;
    for (const Cell& c : row) lines = std::max(lines, c.lines);
    return lines;
  }

  // A row that fits on a page is never split; one that does not goes on overleaf.
  void table_row(const DocumentTable& t, const std::vector<Cell>& head,
                 const std::vector<Cell>& row) {
    const int lines = line_count(row);
    const auto fitting = [&] {
      return static_cast<int>((kBottom - y_ - 2 * kCellPad) / kTablePitch);
    };
    const int head_lines = line_count(head);
    const int page_lines =
        static_cast<int>((kBottom - kTop - 4 * kCellPad) / kTablePitch) - head_lines;
    if (lines > fitting() && (lines <= page_lines || fitting() < 3)) {
      end_page();
      draw_cells(t, head, 0, head_lines, true);
    }
    for (int from = 0; from < lines;) {
      if (from > 0) {
        end_page();
        draw_cells(t, head, 0, head_lines, true);
      }
      const int to = std::min(lines, from + std::max(1, fitting()));
      draw_cells(t, row, from, to, false);
      from = to;
    }
  }

  void table(const DocumentTable& t) {
    const std::vector<Cell> head = cells(t, t.header, true);
    const std::vector<Cell> first = cells(t, t.rows.front(), false);
    const double wanted = (line_count(head) + std::min(line_count(first), 6)) * kTablePitch + 20;
    if (y_ + wanted > kBottom) end_page();
    y_ += 4;
    draw_cells(t, head, 0, line_count(head), true);
    for (const auto& row : t.rows) table_row(t, head, cells(t, row, false));
    y_ += 10;
  }

  const Document& document_;
  std::string bytes_;
  Surface surface_;
  Cairo cairo_;
  std::unique_ptr<PangoContext, ObjectUnref> context_;
  double y_ = kTop;
  int page_ = 1;
  int chapter_ = CAIRO_PDF_OUTLINE_ROOT;
  size_t pictures_ = 0;
};

}  // namespace

Result<std::string> pdf_bytes(const Document& document, Instant made_at) {
  PdfPages pages(document, made_at);
  if (!pages.has_chinese_font()) {
    return fail(Error("report.pdf.font")
                    .zh("没有安装中文字体，不能生成 PDF")
                    .en("no Chinese font is installed, so that no PDF can be made")
                    .remedy("请安装 fonts-noto-cjk（或仿宋、楷体、黑体、小标宋），再运行一次",
                            "install fonts-noto-cjk and run again"));
  }
  std::string bytes = pages.run();
  if (bytes.empty()) {
    return fail(Error("report.pdf.failed")
                    .zh("PDF 排版失败")
                    .en("the PDF could not be set")
                    .remedy("请检查内存是否充足", "check that there is enough memory"));
  }
  return bytes;
}

}  // namespace yipan::report
