// The report as an official document: a row of blocks in Chinese that DOCX and PDF both set.
#ifndef YIPAN_REPORT_DOCUMENT_H_
#define YIPAN_REPORT_DOCUMENT_H_

#include <string>
#include <vector>

#include "report/chart.h"
#include "report/outline.h"

namespace yipan::report {

struct DocumentTable {
  std::vector<std::string> header;
  std::vector<double> widths;  // shares of the line, add up to 1
  std::vector<bool> numbers;   // set flush right
  std::vector<std::vector<std::string>> rows;
};

// The levels of GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）
struct Block {
  enum class Kind : uint8_t {
    title,
    subtitle,
    heading1,
    heading2,
    heading3,
    paragraph,
    note,
    table,
    picture,
    page_break,
  };
  Kind kind = Kind::paragraph;
  std::string text = {};  // picture: its description
  DocumentTable table = {};
  Chart chart = {};
};

struct Document {
  std::string title;
  std::string mark;  // stands on every page: synthetic data
  std::vector<Block> blocks;
};
Document make_document(const Outline& outline);

// A chart as PNG, `scale` pixels to a unit; "" if it cannot be drawn.
std::string chart_png(const Chart& chart, double scale);

Result<std::string> docx_bytes(const Document& document, Instant made_at);
Result<std::string> pdf_bytes(const Document& document, Instant made_at);

// Measures of the page in GB/T 9704-2012, 5.2: A4, type area 156 mm x 225 mm.
namespace page {
inline constexpr double kWidthMm = 210;
inline constexpr double kHeightMm = 297;
inline constexpr double kTopMm = 37;
inline constexpr double kBottomMm = 35;
inline constexpr double kLeftMm = 28;
inline constexpr double kRightMm = 26;
inline constexpr double kLinePt = 28;     // 22 lines a page
inline constexpr double kBodyPt = 16;     // 三号
inline constexpr double kTitlePt = 22;    // 二号
inline constexpr double kTablePt = 10.5;  // 五号
inline constexpr double kFootPt = 14;     // 四号
}  // namespace page

}  // namespace yipan::report

#endif  // YIPAN_REPORT_DOCUMENT_H_
