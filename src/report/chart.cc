#include "report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "report/chart_kinds.h"
#include "yipan/text.h"

namespace yipan::report {
namespace {

constexpr std::string_view kFonts =
    "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','SimHei',"
    "'WenQuanYi Zen Hei',sans-serif";
// Distinct in lightness, so that they are told apart in grey; each at least 3:1 on white.
constexpr std::array<std::string_view, 4> kColours = {"#1b4f8a", "#c46a00", "#3d8b6e", "#7a3b8f"};

size_t column_of(const findings::ViewData& view, std::string_view name) {
  for (size_t i = 0; i < view.columns.size(); ++i) {
    if (view.columns[i] == name) return i;
  }
  return view.columns.size();
}

std::string cell(const findings::ViewData& view, size_t row, size_t column) {
  return column < view.rows[row].size() ? view.rows[row][column] : std::string();
}

}  // namespace

size_t series_count_max() { return kColours.size(); }
std::string_view series_colour(size_t series) { return kColours[series % kColours.size()]; }

std::string fixed(double value) {
  std::string out = fmt::format("{:.1f}", value);
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out == "-0" ? "0" : out;
}

std::vector<LegendPlace> legend_places(const Series& series, const ShownUnit& unit, double width,
                                       bool both) {
  constexpr double kColumn = 7;  // of one display column at 13 px
  constexpr double kKey = 56;    // the mark and the space after the text
  const auto wide = [&](const Text& t) {
    const size_t columns =
        both ? std::max(display_width(t.zh), display_width(t.en)) : display_width(t.zh);
    return static_cast<double>(columns) * kColumn;
  };
  std::vector<LegendPlace> out;
  LegendPlace at{8, 0};
  for (const Text& title : series.titles) {
    const double needed = wide(title) + kKey;
    if (at.x > 8 && at.x + needed > width) at = {8, at.row + 1};
    out.push_back(at);
    at.x += needed;
  }
  const double unit_width = wide(unit.label) + 7 * kColumn;
  if (!unit.label.zh.empty() && at.x + unit_width > width) ++at.row;
  out.push_back({width - 8, at.row});
  return out;
}

double tick_step(double span, int count) {
  if (!(span > 0)) return 1;
  const double rough = span / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

std::string shortened(std::string_view text, size_t columns) {
  if (find_invalid_utf8(text) != std::string_view::npos) return shortened("?", columns);
  if (display_width(text) <= columns) return std::string(text);
  std::string out;
  size_t width = 0;
  for (size_t pos = 0; pos < text.size();) {
    const size_t begin = pos;
    next_code_point(text, &pos);
    width += display_width(text.substr(begin, pos - begin));
    if (width + 1 > columns) break;
    out.append(text.substr(begin, pos - begin));
  }
  return out + "…";
}

Series series_of(const findings::ViewData& view, const AreaMap& areas) {
  Series out;
  std::map<std::string_view, std::string_view> english;
  for (const Area& a : areas.areas) {
    if (!a.name.en.empty()) english.emplace(a.name.zh, a.name.en);
  }
  const size_t x = column_of(view, view.x);
  const size_t area = view.area.empty() ? view.columns.size() : column_of(view, view.area);
  const size_t count = std::min(view.y.size(), series_count_max());
  for (size_t r = 0; r < view.rows.size(); ++r) {
    out.labels.push_back(cell(view, r, x));
    const auto found = english.find(out.labels.back());
    out.labels_en.emplace_back(found == english.end() ? std::string_view(out.labels.back())
                                                      : found->second);
    out.areas.push_back(cell(view, r, area));
  }
  for (size_t s = 0; s < count; ++s) {
    out.titles.push_back(s < view.y_title.size() ? view.y_title[s] : Text{view.y[s], view.y[s]});
    const size_t column = column_of(view, view.y[s]);
    std::vector<double> values;
    for (size_t r = 0; r < view.rows.size(); ++r) {
      const auto value = number(cell(view, r, column));
      values.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
      if (!value) continue;
      out.any = true;
      out.smallest = std::min(out.smallest, *value);
      out.largest = std::max(out.largest, *value);
    }
    out.values.push_back(std::move(values));
  }
  return out;
}

void Svg::rect(double x, double y, double w, double h, std::string_view fill,
               std::string_view stroke) {
  body_.leaf("rect", {{"x", fixed(x)},
                      {"y", fixed(y)},
                      {"width", fixed(w)},
                      {"height", fixed(h)},
                      {"fill", std::string(fill)},
                      {"stroke", std::string(stroke)}});
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view stroke, double width,
               std::string_view dash) {
  body_.leaf("line", {{"x1", fixed(x1)},
                      {"y1", fixed(y1)},
                      {"x2", fixed(x2)},
                      {"y2", fixed(y2)},
                      {"stroke", std::string(stroke)},
                      {"stroke-width", fixed(width)},
                      {dash.empty() ? "" : "stroke-dasharray", std::string(dash)}});
}

void Svg::path(std::string_view d, std::string_view fill, std::string_view stroke, double width,
               std::string_view dash) {
  body_.leaf("path", {{"d", std::string(d)},
                      {"fill", std::string(fill)},
                      {"fill-rule", "evenodd"},
                      {"stroke", std::string(stroke)},
                      {"stroke-width", fixed(width)},
                      {"stroke-linejoin", "round"},
                      {dash.empty() ? "" : "stroke-dasharray", std::string(dash)}});
}

void Svg::text(double x, double y, std::string_view anchor, const Text& text, double size,
               std::string_view fill) {
  const auto one = [&](std::string_view content, std::string_view lang) {
    body_.element("text",
                  {{lang.empty() ? "" : "lang", std::string(lang)},
                   {"x", fixed(x)},
                   {"y", fixed(y)},
                   {"text-anchor", std::string(anchor)},
                   {"font-size", fixed(size)},
                   {"fill", std::string(fill)}},
                  content);
  };
  if (!options_.both || text.en.empty() || text.zh == text.en) return one(text.zh, "");
  one(text.zh, "zh");
  one(text.en, "en");
}

void Svg::mark(double x, double y, size_t shape, std::string_view fill, double size) {
  std::string d;
  if (shape == 0) {
    d = fmt::format("M{} {}h{}v{}h-{}z", fixed(x - size), fixed(y - size), fixed(2 * size),
                    fixed(2 * size), fixed(2 * size));
  } else if (shape == 1) {
    d = fmt::format("M{} {}l{} {}h-{}z", fixed(x), fixed(y - size * 1.3), fixed(size * 1.2),
                    fixed(size * 2.1), fixed(size * 2.4));
  } else if (shape == 2) {
    d = fmt::format("M{} {}a{} {} 0 1 0 {} 0a{} {} 0 1 0 -{} 0z", fixed(x - size), fixed(y),
                    fixed(size), fixed(size), fixed(2 * size), fixed(size), fixed(size),
                    fixed(2 * size));
  } else {
    d = fmt::format("M{} {}l{} {}l-{} {}l-{} -{}z", fixed(x), fixed(y - size * 1.3),
                    fixed(size * 1.3), fixed(size * 1.3), fixed(size * 1.3), fixed(size * 1.3),
                    fixed(size * 1.3), fixed(size * 1.3));
  }
  path(d, fill, "#ffffff", 0.8);
}

void Svg::hatch(std::string_view name, std::string_view ground, size_t pattern) {
  constexpr std::array<std::string_view, 4> kLines = {"", "M0 6L6 0", "M3 0V6", "M0 3H6"};
  defs_.open("pattern", {{"id", options_.id + std::string(name)},
                         {"width", "6"},
                         {"height", "6"},
                         {"patternUnits", "userSpaceOnUse"}});
  defs_.leaf("rect", {{"width", "6"}, {"height", "6"}, {"fill", std::string(ground)}});
  if (pattern % 4 != 0) {
    defs_.leaf(
        "path",
        {{"d", std::string(kLines[pattern % 4])}, {"stroke", "#ffffff"}, {"stroke-width", "1.4"}});
  }
  defs_.close();
}

std::string Svg::fill_of(std::string_view name) const {
  return fmt::format("url(#{}{})", options_.id, name);
}

Chart Svg::finish(double height, const Text& title, const Text& description) {
  Markup out;
  const std::string name = options_.both && title.zh != title.en && !title.en.empty()
                               ? title.zh + " / " + title.en
                               : title.zh;
  const std::string what = options_.both && !description.en.empty()
                               ? description.zh + " / " + description.en
                               : description.zh;
  out.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"viewBox", fmt::format("0 0 {} {}", fixed(width_), fixed(height))},
                   {"width", fixed(width_)},
                   {"height", fixed(height)},
                   {"font-family", std::string(kFonts)},
                   {"role", "img"},
                   {"aria-labelledby", options_.id + "t " + options_.id + "d"}});
  out.element("title", {{"id", options_.id + "t"}}, name);
  out.element("desc", {{"id", options_.id + "d"}}, what);
  const std::string defs = defs_.take();
  if (!defs.empty()) out.open("defs").raw(defs).close();
  out.raw(body_.take()).close();
  return {out.take(), width_, height, title};
}

Chart draw_view(const findings::ViewData& view, const AreaMap& areas, const ChartOptions& options) {
  const Series series = series_of(view, areas);
  if (!series.any || view.kind == "table") return {};
  if (view.kind == "line") return draw_lines(view, series, options);
  if (view.kind == "map") {
    Chart map = draw_area_map(view, series, areas, options);
    if (!map.svg.empty()) return map;
  }
  return draw_bars(view, series, options);
}

}  // namespace yipan::report
