// WordprocessingML (ECMA-376, part 1, chapter 17), set as GB/T 9704-2012 asks of official
// documents.
#include <fmt/format.h>

#include <cmath>

#include "report/document.h"
#include "report/numbers.h"
#include "report/zip_writer.h"

namespace yipan::report {
namespace {

using Kind = Block::Kind;

constexpr double kTwipsPerMm = 1440 / 25.4;
constexpr double kEmuPerMm = 36000;
constexpr double kLineMm = page::kWidthMm - page::kLeftMm - page::kRightMm;

std::string twips(double mm) { return fmt::format("{}", std::lround(mm * kTwipsPerMm)); }
std::string half_points(double pt) { return fmt::format("{}", std::lround(pt * 2)); }

constexpr std::string_view kXml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kW = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

struct Style {
  std::string_view id;
  std::string_view name;
  std::string_view font;
  double size_pt;
  std::string_view align;
  bool indent;  // two characters
  int level;    // of the outline, -1 for none
  bool keep;    // with the next
  double line_pt;
};

constexpr Style kStyles[] = {
    {"Body", "正文公文", "仿宋_GB2312", page::kBodyPt, "both", true, -1, false, page::kLinePt},
    {"DocTitle", "公文标题", "方正小标宋简体", page::kTitlePt, "center", false, -1, true, 32},
    {"Subtitle", "副标题", "楷体_GB2312", page::kBodyPt, "center", false, -1, false, page::kLinePt},
    {"Heading1", "heading 1", "黑体", page::kBodyPt, "left", true, 0, true, page::kLinePt},
    {"Heading2", "heading 2", "楷体_GB2312", page::kBodyPt, "left", true, 1, true, page::kLinePt},
    {"Heading3", "heading 3", "仿宋_GB2312", page::kBodyPt, "left", true, 2, true, page::kLinePt},
    {"Note", "说明", "楷体_GB2312", 12, "both", true, -1, false, 20},
    {"TableText", "表格文字", "仿宋_GB2312", page::kTablePt, "left", false, -1, false, 16},
    {"TableHead", "表头", "黑体", page::kTablePt, "center", false, -1, true, 16},
    {"Picture", "图片", "黑体", 12, "center", false, -1, false, 0},
};

void style(const Style& s, Markup* out) {
  out->open("w:style", {{"w:type", "paragraph"},
                        {"w:styleId", std::string(s.id)},
                        {s.level < 0 ? "w:customStyle" : "", "1"}});
  out->leaf("w:name", {{"w:val", std::string(s.name)}});
  out->leaf("w:qFormat");
  out->open("w:pPr");
  if (s.keep) out->leaf("w:keepNext");
  out->leaf("w:widowControl");
  if (s.line_pt > 0) {
    out->leaf("w:spacing", {{"w:before", "0"},
                            {"w:after", "0"},
                            {"w:line", fmt::format("{}", std::lround(s.line_pt * 20))},
                            {"w:lineRule", s.size_pt < 12 ? "atLeast" : "exact"}});
  }
  if (s.indent) out->leaf("w:ind", {{"w:firstLineChars", "200"}});
  out->leaf("w:jc", {{"w:val", std::string(s.align)}});
  if (s.level >= 0) out->leaf("w:outlineLvl", {{"w:val", fmt::format("{}", s.level)}});
  out->close().open("w:rPr");
  out->leaf("w:rFonts", {{"w:ascii", "Times New Roman"},
                         {"w:hAnsi", "Times New Roman"},
                         {"w:eastAsia", std::string(s.font)}});
  out->leaf("w:sz", {{"w:val", half_points(s.size_pt)}});
  out->close().close();
}

std::string styles_xml() {
  Markup out;
  out.raw(kXml).open("w:styles", {{"xmlns:w", std::string(kW)}});
  out.open("w:docDefaults").open("w:rPrDefault").open("w:rPr");
  out.leaf("w:rFonts", {{"w:ascii", "Times New Roman"}, {"w:eastAsia", "仿宋_GB2312"}});
  out.leaf("w:lang", {{"w:val", "en-US"}, {"w:eastAsia", "zh-CN"}});
  out.close().close().close();
  for (const Style& s : kStyles) style(s, &out);
  out.close();
  return out.take();
}

void run(std::string_view text, Markup* out) {
  out->open("w:r").element("w:t", {{"xml:space", "preserve"}}, text).close();
}

void paragraph(std::string_view style_id, std::string_view text, Markup* out,
               std::string_view align = "", bool new_page = false) {
  out->open("w:p").open("w:pPr").leaf("w:pStyle", {{"w:val", std::string(style_id)}});
  if (new_page) out->leaf("w:pageBreakBefore");
  if (!align.empty()) out->leaf("w:jc", {{"w:val", std::string(align)}});
  out->close();
  run(text, out);
  out->close();
}

void table_row(const DocumentTable& t, const std::vector<std::string>& cells, bool header,
               Markup* out) {
  out->open("w:tr").open("w:trPr").leaf("w:cantSplit");
  if (header) out->leaf("w:tblHeader");
  out->close();
  for (size_t c = 0; c < t.header.size(); ++c) {
    out->open("w:tc").open("w:tcPr");
    out->leaf("w:tcW", {{"w:w", twips(t.widths[c] * kLineMm)}, {"w:type", "dxa"}}).close();
    const bool right = !header && t.numbers[c];
    paragraph(header ? "TableHead" : "TableText", c < cells.size() ? cells[c] : "", out,
              right ? "right" : "");
    out->close();
  }
  out->close();
}

void table(const DocumentTable& t, Markup* out) {
  out->open("w:tbl").open("w:tblPr");
  out->leaf("w:tblW", {{"w:w", twips(kLineMm)}, {"w:type", "dxa"}});
  out->open("w:tblBorders");
  for (const std::string_view side :
       {"w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"}) {
    out->leaf(side, {{"w:val", "single"}, {"w:sz", "4"}, {"w:space", "0"}, {"w:color", "808080"}});
  }
  out->close().leaf("w:tblLayout", {{"w:type", "fixed"}}).close();
  out->open("w:tblGrid");
  for (const double w : t.widths) out->leaf("w:gridCol", {{"w:w", twips(w * kLineMm)}});
  out->close();
  table_row(t, t.header, true, out);
  for (const auto& row : t.rows) table_row(t, row, false, out);
  out->close();
  paragraph("TableText", "", out);
}

// DrawingML (ECMA-376, part 1, 20.4.2.8): a picture in the line of text.
void picture(const Block& block, size_t number, Markup* out) {
  const double width_mm = kLineMm;
  const double height_mm = width_mm * block.chart.height / block.chart.width;
  const std::string cx = fmt::format("{}", std::lround(width_mm * kEmuPerMm));
  const std::string cy = fmt::format("{}", std::lround(height_mm * kEmuPerMm));
  const std::string id = fmt::format("{}", number);
  out->open("w:p").open("w:pPr").leaf("w:keepNext").leaf("w:jc", {{"w:val", "center"}}).close();
  out->open("w:r").open("w:drawing");
  out->open("wp:inline", {{"distT", "0"}, {"distB", "0"}, {"distL", "0"}, {"distR", "0"}});
  out->leaf("wp:extent", {{"cx", cx}, {"cy", cy}});
  out->leaf("wp:docPr", {{"id", id}, {"name", "图" + id}, {"descr", block.text}});
  out->open("a:graphic");
  out->open("a:graphicData", {{"uri", "http://schemas.openxmlformats.org/drawingml/2006/picture"}});
  out->open("pic:pic").open("pic:nvPicPr");
  out->leaf("pic:cNvPr", {{"id", id}, {"name", "chart" + id + ".png"}, {"descr", block.text}});
  out->leaf("pic:cNvPicPr").close();
  out->open("pic:blipFill").leaf("a:blip", {{"r:embed", "chart" + id}});
  out->open("a:stretch").leaf("a:fillRect").close().close();
  out->open("pic:spPr").open("a:xfrm").leaf("a:off", {{"x", "0"}, {"y", "0"}});
  out->leaf("a:ext", {{"cx", cx}, {"cy", cy}}).close();
  out->open("a:prstGeom", {{"prst", "rect"}}).leaf("a:avLst").close().close();
  out->close().close().close().close().close().close().close();
  paragraph("Picture", fmt::format("图{} {}", number, block.text), out);
}

std::string_view style_of(Kind kind) {
  switch (kind) {
    case Kind::title:
      return "DocTitle";
    case Kind::subtitle:
      return "Subtitle";
    case Kind::heading1:
      return "Heading1";
    case Kind::heading2:
      return "Heading2";
    case Kind::heading3:
      return "Heading3";
    case Kind::note:
      return "Note";
    default:
      return "Body";
  }
}

void section_properties(Markup* out) {
  out->open("w:sectPr");
  out->leaf("w:headerReference", {{"w:type", "default"}, {"r:id", "header"}});
  out->leaf("w:footerReference", {{"w:type", "default"}, {"r:id", "footer"}});
  out->leaf("w:pgSz", {{"w:w", twips(page::kWidthMm)}, {"w:h", twips(page::kHeightMm)}});
  out->leaf("w:pgMar", {{"w:top", twips(page::kTopMm)},
                        {"w:right", twips(page::kRightMm)},
                        {"w:bottom", twips(page::kBottomMm)},
                        {"w:left", twips(page::kLeftMm)},
                        {"w:header", twips(20)},
                        {"w:footer", twips(25)},
                        {"w:gutter", "0"}});
  out->close();
}

std::string document_xml(const Document& document) {
  Markup out;
  out.raw(kXml).open(
      "w:document",
      {{"xmlns:w", std::string(kW)},
       {"xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"},
       {"xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"},
       {"xmlns:a", "http://schemas.openxmlformats.org/drawingml/2006/main"},
       {"xmlns:pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"}});
  out.open("w:body");
  size_t pictures = 0;
  bool new_page = false;
  for (const Block& b : document.blocks) {
    if (b.kind == Kind::table) {
      table(b.table, &out);
    } else if (b.kind == Kind::picture) {
      picture(b, ++pictures, &out);
    } else if (b.kind == Kind::page_break) {
      new_page = true;
    } else {
      paragraph(style_of(b.kind), b.text, &out, "", new_page);
      new_page = false;
    }
  }
  section_properties(&out);
  out.close().close();
  return out.take();
}

void page_number_run(std::string_view content, Markup* out) {
  out->open("w:r").open("w:rPr");
  out->leaf("w:rFonts", {{"w:ascii", "宋体"}, {"w:hAnsi", "宋体"}, {"w:eastAsia", "宋体"}});
  out->leaf("w:sz", {{"w:val", half_points(page::kFootPt)}}).close().raw(content).close();
}

// GB/T 9704-2012, 7.5: the page's number between two dashes.
std::string footer_xml() {
  Markup out;
  out.raw(kXml).open("w:ftr", {{"xmlns:w", std::string(kW)}});
  out.open("w:p").open("w:pPr").leaf("w:jc", {{"w:val", "center"}}).close();
  page_number_run("<w:t xml:space=\"preserve\">— </w:t>", &out);
  page_number_run("<w:fldChar w:fldCharType=\"begin\"/>", &out);
  page_number_run("<w:instrText xml:space=\"preserve\"> PAGE </w:instrText>", &out);
  page_number_run("<w:fldChar w:fldCharType=\"separate\"/>", &out);
  page_number_run("<w:t>1</w:t>", &out);
  page_number_run("<w:fldChar w:fldCharType=\"end\"/>", &out);
  page_number_run("<w:t xml:space=\"preserve\"> —</w:t>", &out);
  out.close().close();
  return out.take();
}

std::string header_xml(const Document& document) {
  Markup out;
  out.raw(kXml).open("w:hdr", {{"xmlns:w", std::string(kW)}});
  paragraph("TableText", document.mark, &out, "right");
  out.close();
  return out.take();
}

std::string relationships(size_t pictures) {
  constexpr std::string_view kType =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  Markup out;
  out.raw(kXml).open("Relationships",
                     {{"xmlns", "http://schemas.openxmlformats.org/package/2006/relationships"}});
  const auto add = [&](const std::string& id, std::string_view type, const std::string& target) {
    out.leaf("Relationship",
             {{"Id", id}, {"Type", std::string(kType) + std::string(type)}, {"Target", target}});
  };
  add("styles", "styles", "styles.xml");
  add("header", "header", "header1.xml");
  add("footer", "footer", "footer1.xml");
  for (size_t i = 1; i <= pictures; ++i) {
    add(fmt::format("chart{}", i), "image", fmt::format("media/chart{}.png", i));
  }
  out.close();
  return out.take();
}

constexpr std::string_view kContentTypes =
    R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
    R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.)"
    R"(relationships+xml"/>)"
    R"(<Default Extension="xml" ContentType="application/xml"/>)"
    R"(<Default Extension="png" ContentType="image/png"/>)"
    R"(<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-)"
    R"(officedocument.wordprocessingml.document.main+xml"/>)"
    R"(<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-)"
    R"(officedocument.wordprocessingml.styles+xml"/>)"
    R"(<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-)"
    R"(officedocument.wordprocessingml.header+xml"/>)"
    R"(<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-)"
    R"(officedocument.wordprocessingml.footer+xml"/>)"
    R"(<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-)"
    R"(package.core-properties+xml"/></Types>)";

constexpr std::string_view kPackageRelationships =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
    R"(<Relationship Id="document" Type="http://schemas.openxmlformats.org/officeDocument/2006/)"
    R"(relationships/officeDocument" Target="word/document.xml"/>)"
    R"(<Relationship Id="core" Type="http://schemas.openxmlformats.org/package/2006/relationships/)"
    R"(metadata/core-properties" Target="docProps/core.xml"/></Relationships>)";

std::string core_xml(const Document& document, Instant made_at) {
  Markup out;
  const std::string when =
      Instant::from_micros(made_at.micros() / 1'000'000 * 1'000'000).to_string();
  out.raw(kXml).open(
      "cp:coreProperties",
      {{"xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"},
       {"xmlns:dc", "http://purl.org/dc/elements/1.1/"},
       {"xmlns:dcterms", "http://purl.org/dc/terms/"},
       {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"}});
  out.element("dc:title", {}, document.title);
  out.element("dc:creator", {}, "Yipan");
  out.element("dc:language", {}, "zh-CN");
  out.element("dcterms:created", {{"xsi:type", "dcterms:W3CDTF"}}, when);
  out.close();
  return out.take();
}

}  // namespace

Result<std::string> docx_bytes(const Document& document, Instant made_at) {
  std::vector<std::pair<std::string, std::string>> parts;
  parts.emplace_back("[Content_Types].xml", std::string(kXml) + std::string(kContentTypes));
  parts.emplace_back("_rels/.rels", std::string(kXml) + std::string(kPackageRelationships));
  parts.emplace_back("docProps/core.xml", core_xml(document, made_at));
  parts.emplace_back("word/document.xml", document_xml(document));
  parts.emplace_back("word/styles.xml", styles_xml());
  parts.emplace_back("word/header1.xml", header_xml(document));
  parts.emplace_back("word/footer1.xml", footer_xml());
  size_t pictures = 0;
  for (const Block& b : document.blocks) {
    if (b.kind != Kind::picture) continue;
    parts.emplace_back(fmt::format("word/media/chart{}.png", ++pictures), chart_png(b.chart, 2));
  }
  parts.emplace_back("word/_rels/document.xml.rels", relationships(pictures));
  return zip_bytes(parts);
}

}  // namespace yipan::report
