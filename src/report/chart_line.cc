#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/chart_kinds.h"
#include "report/numbers.h"
#include "yipan/text.h"

namespace yipan::report {
namespace {

constexpr double kWidth = 720;
constexpr double kLeft = 74;
constexpr double kRight = 28;
constexpr double kTop = 56;  // two rows of legend
constexpr double kPlot = 220;
constexpr std::array<std::string_view, 4> kDashes = {"", "7 4", "2 3", "9 3 2 3"};

struct Frame {
  double low = 0;
  double high = 1;
  double step = 1;
  size_t points = 1;
  double x(size_t i) const {
    if (points < 2) return kLeft + (kWidth - kLeft - kRight) / 2;
    return kLeft +
           static_cast<double>(i) / static_cast<double>(points - 1) * (kWidth - kLeft - kRight);
  }
  double y(double value) const { return kTop + kPlot - (value - low) / (high - low) * kPlot; }
};

// From zero, unless all values lie so far from it that the line would be flat; then the axis says
// where it begins.
Frame frame_of(const findings::ViewData& view, const Series& series) {
  double low = series.largest;
  double high = series.smallest;
  for (const auto& values : series.values) {
    for (const double v : values) {
      if (!std::isfinite(v)) continue;
      low = std::min(low, v);
      high = std::max(high, v);
    }
  }
  if (view.norm) {
    low = std::min(low, *view.norm);
    high = std::max(high, *view.norm);
  }
  if (low > 0 && (high - low) > 0.25 * high) low = 0;
  if (high < 0) high = 0;
  if (!(high > low)) {
    low = std::min(0.0, low);
    high = std::max(high, low + 1);
  }
  Frame frame;
  frame.step = tick_step(high - low, 5);
  frame.low = std::floor(low / frame.step + 1e-9) * frame.step;
  frame.high = std::ceil(high / frame.step - 1e-9) * frame.step;
  frame.points = series.labels.size();
  return frame;
}

// As many as a step of an axis needs: 20 none, 2.5 one, 0.05 two.
int decimals_of(double step) {
  int decimals = 0;
  double scaled = step;
  while (decimals < 4 && std::abs(scaled - std::round(scaled)) > 1e-6 * scaled) {
    scaled *= 10;
    ++decimals;
  }
  return decimals;
}

void axes(const Frame& frame, const Series& series, const ShownUnit& unit, Svg* svg) {
  ShownUnit ticks = unit;
  ticks.decimals = decimals_of(frame.step / unit.divisor);
  for (double v = frame.low; v <= frame.high + frame.step / 2; v += frame.step) {
    svg->line(kLeft, frame.y(v), kWidth - kRight, frame.y(v), "#d5d9df");
    svg->text(kLeft - 8, frame.y(v) + 4, "end", {ticks.text(v), ticks.text(v)}, 12);
  }
  svg->line(kLeft, kTop + kPlot, kWidth - kRight, kTop + kPlot, "#444444");
  size_t widest = 1;
  for (const std::string& label : series.labels) {
    widest = std::max(widest, display_width(shortened(label, 12)));
  }
  const double room = static_cast<double>(widest) * 6.5 + 14;
  const double gap = frame.points > 1 ? frame.x(1) - frame.x(0) : room;
  const auto every = static_cast<size_t>(std::max(1.0, std::ceil(room / gap)));
  for (size_t i = 0; i < series.labels.size(); i += every) {
    const std::string label = shortened(series.labels[i], 12);
    svg->text(frame.x(i), kTop + kPlot + 18, "middle", {label, label}, 12);
  }
}

void legend(const Series& series, const ShownUnit& unit, bool both, Svg* svg) {
  constexpr double kRow = 18;
  constexpr double kFirst = 14;
  const std::vector<LegendPlace> places = legend_places(series, unit, kWidth, both);
  for (size_t s = 0; s < series.titles.size(); ++s) {
    const double x = places[s].x;
    const double y = kFirst + places[s].row * kRow;
    svg->line(x, y, x + 26, y, series_colour(s), 2.2, kDashes[s % kDashes.size()]);
    svg->mark(x + 13, y, s, series_colour(s));
    svg->text(x + 32, y + 4, "start", series.titles[s]);
  }
  if (!unit.label.zh.empty()) {
    svg->text(places.back().x, kFirst + 4 + places.back().row * kRow, "end",
              {"单位：" + unit.label.zh, "unit: " + unit.label.en}, 12, "#444444");
  }
}

void draw_one(const Frame& frame, const std::vector<double>& values, size_t s, Svg* svg) {
  std::string d;
  bool pen_down = false;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      pen_down = false;
      continue;
    }
    d += fmt::format("{}{} {}", pen_down ? "L" : "M", fixed(frame.x(i)), fixed(frame.y(values[i])));
    pen_down = true;
  }
  svg->path(d, "none", series_colour(s), 2.2, kDashes[s % kDashes.size()]);
  const size_t every = std::max<size_t>(1, values.size() / 40);
  for (size_t i = 0; i < values.size(); i += every) {
    if (std::isfinite(values[i])) svg->mark(frame.x(i), frame.y(values[i]), s, series_colour(s));
  }
}

void last_value(const Frame& frame, const std::vector<double>& values, const ShownUnit& unit,
                size_t s, Svg* svg) {
  for (size_t i = values.size(); i-- > 0;) {
    if (!std::isfinite(values[i])) continue;
    const std::string value = unit.text(values[i]);
    svg->text(frame.x(i) + 4, frame.y(values[i]) - 9, "end", {value, value}, 12, series_colour(s));
    return;
  }
}

}  // namespace

Chart draw_lines(const findings::ViewData& view, const Series& series,
                 const ChartOptions& options) {
  Svg svg(kWidth, options);
  const ShownUnit unit =
      shown_unit(view.unit, view.decimals, std::max(series.largest, -series.smallest));
  const Frame frame = frame_of(view, series);
  legend(series, unit, options.both, &svg);
  axes(frame, series, unit, &svg);
  if (view.norm) {
    const double y = frame.y(*view.norm);
    svg.line(kLeft, y, kWidth - kRight, y, "#1a1a1a", 1.6, "5 3");
    svg.text(kLeft + 4, y - 5, "start",
             {"标准 " + norm_text(*view.norm, unit), "norm " + norm_text(*view.norm, unit)}, 12);
  }
  for (size_t s = 0; s < series.values.size(); ++s) draw_one(frame, series.values[s], s, &svg);
  for (size_t s = 0; s < series.values.size(); ++s) {
    last_value(frame, series.values[s], unit, s, &svg);
  }
  const size_t points = series.labels.size();
  return svg.finish(kTop + kPlot + 28, view.title,
                    {fmt::format("折线图，{} 个时点，数值见下表", points),
                     fmt::format("line chart of {} periods, values in the table below", points)});
}

}  // namespace yipan::report
