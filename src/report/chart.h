// Charts and maps as SVG 1.1, drawn by ourselves: simple, labelled, readable without colour (values
// stand beside bars and in areas, series differ by pattern, dash and mark). No style attributes, no
// script, nothing fetched.
#ifndef YIPAN_REPORT_CHART_H_
#define YIPAN_REPORT_CHART_H_

#include <string>

#include "report/markup.h"
#include "report/numbers.h"
#include "report/outline.h"

namespace yipan::report {

struct ChartOptions {
  bool both = true;  // Chinese and English, one of which is shown; else Chinese only
  size_t bars_max = 30;
  std::string id;  // unique in the document, for references inside the SVG
};

struct Chart {
  std::string svg;  // "" if there is nothing to draw
  double width = 0;
  double height = 0;
  Text title;
};

// By ViewData::kind: bar, line, map. A map whose areas have no boundary becomes bars; a view of
// kind table, or without any number, gives nothing.
Chart draw_view(const findings::ViewData& view, const AreaMap& areas, const ChartOptions& options);

// Where the standing findings of a chapter are: at most `points_max`, gravest first. Nothing if
// fewer than two have a place.
Chart draw_findings_map(const Chapter& chapter, const AreaMap& areas, size_t points_max,
                        const ChartOptions& options);

// ---- parts shared by the kinds -----------------------------------------------------------------

// The numbers of a view: values[series][row], NaN where there is none.
struct Series {
  std::vector<std::string> labels;     // of rows
  std::vector<std::string> labels_en;  // the same, but an area's name in English
  std::vector<std::string> areas;      // ids, if the view has areas
  std::vector<Text> titles;            // of series
  std::vector<std::vector<double>> values;
  double smallest = 0;  // over all; 0 is always inside
  double largest = 0;
  bool any = false;
};
Series series_of(const findings::ViewData& view, const AreaMap& areas);

class Svg {
 public:
  Svg(double width, const ChartOptions& options) : width_(width), options_(options) {}
  void rect(double x, double y, double w, double h, std::string_view fill,
            std::string_view stroke = "none");
  void line(double x1, double y1, double x2, double y2, std::string_view stroke, double width = 1,
            std::string_view dash = "");
  void path(std::string_view d, std::string_view fill, std::string_view stroke, double width = 1,
            std::string_view dash = "");
  // anchor: start, middle, end.
  void text(double x, double y, std::string_view anchor, const Text& text, double size = 13,
            std::string_view fill = "#1a1a1a");
  void mark(double x, double y, size_t shape, std::string_view fill, double size = 4);
  void hatch(std::string_view name, std::string_view ground, size_t pattern);
  std::string fill_of(std::string_view name) const;  // "url(#...)"
  Chart finish(double height, const Text& title, const Text& description);

 private:
  double width_;
  const ChartOptions& options_;
  Markup body_;
  Markup defs_;
};

// Where the entries of a legend stand, row by row, the unit last and flush right: x and row of
// each.
struct LegendPlace {
  double x = 0;
  int row = 0;
};
std::vector<LegendPlace> legend_places(const Series& series, const ShownUnit& unit, double width,
                                       bool both);
std::string fixed(double value);  // one decimal, for coordinates
// Round steps of 1, 2, 2.5 or 5 times a power of ten, at most `count` of them.
double tick_step(double span, int count);
std::string shortened(std::string_view text, size_t columns);  // display columns, with …
size_t series_count_max();
std::string_view series_colour(size_t series);

}  // namespace yipan::report

#endif  // YIPAN_REPORT_CHART_H_
