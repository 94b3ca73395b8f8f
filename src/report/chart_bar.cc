// Horizontal bars: Chinese labels are read without turning one's head.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chart_kinds.h"
#include "report/numbers.h"

namespace yipan::report {
namespace {

constexpr double kWidth = 720;
constexpr double kLabels = 190;  // left of the bars
constexpr double kValues = 90;   // right of them
constexpr double kBar = 15;
constexpr double kGap = 11;

// The first series is plain, the others hatched.
std::string fill_of_series(const Svg& svg, size_t s) {
  return s == 0 ? std::string(series_colour(0)) : svg.fill_of(fmt::format("s{}", s));
}

void legend(const Series& series, const ShownUnit& unit, bool both, double* y, Svg* svg) {
  constexpr double kRow = 20;
  const std::vector<LegendPlace> places = legend_places(series, unit, kWidth, both);
  for (size_t s = 0; s < series.titles.size(); ++s) {
    const double top = *y + places[s].row * kRow;
    svg->rect(places[s].x, top - 11, 13, 13, fill_of_series(*svg, s));
    svg->text(places[s].x + 18, top, "start", series.titles[s]);
  }
  const LegendPlace& last = places.back();
  if (!unit.label.zh.empty()) {
    svg->text(last.x, *y + last.row * kRow, "end",
              {"单位：" + unit.label.zh, "unit: " + unit.label.en}, 12, "#444444");
  }
  *y += 16 + last.row * kRow;
}

struct Scale {
  double low = 0;
  double high = 1;
  double x(double value) const {
    return kLabels + (value - low) / (high - low) * (kWidth - kLabels - kValues);
  }
};

Scale scale_of(const findings::ViewData& view, const Series& series) {
  Scale scale{std::min(0.0, series.smallest), series.largest};
  if (view.norm) {
    scale.low = std::min(scale.low, *view.norm);
    scale.high = std::max(scale.high, *view.norm);
  }
  if (!(scale.high > scale.low)) scale.high = scale.low + 1;
  return scale;
}

void norm_line(const findings::ViewData& view, const ShownUnit& unit, const Scale& scale,
               double top, double bottom, Svg* svg) {
  if (!view.norm) return;
  const double x = scale.x(*view.norm);
  svg->line(x, top - 4, x, bottom, "#1a1a1a", 1.6, "5 3");
  const std::string value = norm_text(*view.norm, unit);
  const bool right = x > kWidth - 2 * kValues;
  svg->text(x + (right ? -4 : 4), bottom + 13, right ? "end" : "start",
            {"标准 " + value, "norm " + value}, 12);
}

}  // namespace

Chart draw_bars(const findings::ViewData& view, const Series& series, const ChartOptions& options) {
  Svg svg(kWidth, options);
  const ShownUnit unit =
      shown_unit(view.unit, view.decimals, std::max(series.largest, -series.smallest));
  for (size_t s = 1; s < series.values.size(); ++s) {
    svg.hatch(fmt::format("s{}", s), series_colour(s), s);
  }
  double y = 18;
  legend(series, unit, options.both, &y, &svg);
  const Scale scale = scale_of(view, series);
  const double top = y;
  const size_t rows = std::min(series.labels.size(), options.bars_max);
  for (size_t r = 0; r < rows; ++r) {
    const double block = kBar * static_cast<double>(series.values.size());
    svg.text(kLabels - 8, y + block / 2 + 5, "end",
             {shortened(series.labels[r], 26), shortened(series.labels_en[r], 26)});
    for (const std::vector<double>& values : series.values) {
      const auto s = static_cast<size_t>(&values - series.values.data());
      const double v = values[r];
      if (std::isfinite(v)) {
        const double from = std::min(scale.x(0), scale.x(v));
        const double to = std::max(scale.x(0), scale.x(v));
        svg.rect(from, y + 1, std::max(to - from, 0.6), kBar - 2, fill_of_series(svg, s));
        svg.text(to + 5, y + kBar - 3, "start", {unit.text(v), unit.text(v)}, 12);
      } else {
        svg.text(scale.x(0) + 5, y + kBar - 3, "start", {"未填", "not stated"}, 12, "#555555");
      }
      y += kBar;
    }
    y += kGap;
  }
  svg.line(scale.x(0), top - 2, scale.x(0), y - kGap + 3, "#444444");
  norm_line(view, unit, scale, top, y - kGap + 3, &svg);
  if (view.norm) y += 14;
  if (rows < series.labels.size()) {
    const size_t more = series.labels.size() - rows;
    svg.text(kLabels, y + 8, "start",
             {fmt::format("另有 {} 行，见下表", more), fmt::format("{} more in the table", more)},
             12, "#444444");
    y += 18;
  }
  return svg.finish(y + 2, view.title,
                    {fmt::format("条形图，{} 行，数值见下表", rows),
                     fmt::format("bar chart of {} rows, values in the table below", rows)});
}

}  // namespace yipan::report
