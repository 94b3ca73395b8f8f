// Maps: areas shaded by value, and findings as marks. North is up.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "report/chart_kinds.h"
#include "report/numbers.h"
#include "yipan/text.h"

namespace yipan::report {
namespace {

constexpr double kWidth = 720;
constexpr double kHeightMax = 460;
constexpr double kMargin = 12;
constexpr double kHead = 20;  // for the title of what is shown
// One hue, equal steps of lightness; the darkest still carries white text, the rest black.
constexpr std::array<std::string_view, 5> kShades = {"#eef3f9", "#c5d6e9", "#93b3d4", "#5d8bbb",
                                                     "#1b4f8a"};
constexpr std::array<std::string_view, 3> kSeverityColours = {"#b00020", "#c46a00", "#6b6200"};
constexpr size_t kNamedMax = 24;  // areas that can be labelled

void add_all(const Area& area, Projection* projection) {
  for (const Ring& ring : area.rings) {
    for (const LonLat& p : ring) projection->add(p);
  }
}

// Points closer than half a unit of the page to the one before are left out.
std::string outline_path(const Area& area, const Projection& projection) {
  std::string d;
  for (const Ring& ring : area.rings) {
    double last_x = 0;
    double last_y = 0;
    bool first = true;
    for (const LonLat& p : ring) {
      const double x = projection.x(p);
      const double y = projection.y(p);
      if (!first && std::abs(x - last_x) < 0.5 && std::abs(y - last_y) < 0.5) continue;
      d += fmt::format("{}{} {}", first ? "M" : "L", fixed(x), fixed(y));
      first = false;
      last_x = x;
      last_y = y;
    }
    d += "Z";
  }
  return d;
}

// Middle of the widest ring's box: inside for the shapes that districts have.
LonLat middle_of(const Area& area) {
  LonLat best;
  double best_size = -1;
  for (const Ring& ring : area.rings) {
    if (ring.empty()) continue;
    double west = ring[0].lon, east = west, south = ring[0].lat, north = south;
    for (const LonLat& p : ring) {
      west = std::min(west, p.lon);
      east = std::max(east, p.lon);
      south = std::min(south, p.lat);
      north = std::max(north, p.lat);
    }
    const double size = (east - west) * (north - south);
    if (size > best_size) {
      best_size = size;
      best = {(west + east) / 2, (south + north) / 2};
    }
  }
  return best;
}

// Name and value, where there is room for them.
void label_area(const Area& area, const std::string& value, bool on_dark,
                const Projection& projection, Svg* svg) {
  constexpr double kColumn = 6.5;  // of one display column at 13 px
  constexpr double kLines = 32;    // two of them
  const LonLat middle = middle_of(area);
  const double x = projection.x(middle);
  const double y = projection.y(middle);
  double left = x, right = x, top = y, bottom = y;
  for (const Ring& ring : area.rings) {
    for (const LonLat& p : ring) {
      left = std::min(left, projection.x(p));
      right = std::max(right, projection.x(p));
      top = std::min(top, projection.y(p));
      bottom = std::max(bottom, projection.y(p));
    }
  }
  const size_t columns =
      std::max({display_width(area.name.zh), display_width(area.name.en), value.size()});
  const std::string_view ink = on_dark ? "#ffffff" : "#1a1a1a";
  if (bottom - top < kLines / 2 || right - left < static_cast<double>(value.size()) * kColumn) {
    return;
  }
  if (bottom - top < kLines || right - left < static_cast<double>(columns) * kColumn) {
    svg->text(x, y + 5, "middle", {value, value}, 12, ink);
    return;
  }
  svg->text(x, y - 2, "middle", area.name, 13, ink);
  svg->text(x, y + 14, "middle", {value, value}, 13, ink);
}

// Five equal steps; darker is more, or less where all values are negative: a loss.
struct Shading {
  double low = 0;
  double step = 1;
  bool loss = false;
  size_t shade_of_step(size_t i) const { return loss ? 4 - i : i; }
  size_t shade(double value) const {
    const auto i = static_cast<int>(std::floor((value - low) / step));
    return shade_of_step(static_cast<size_t>(std::clamp(i, 0, 4)));
  }
};

Shading shading_of(const std::vector<std::pair<const Area*, double>>& values) {
  double low = values.front().second;
  double high = low;
  for (const auto& [area, v] : values) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  return {low, high > low ? (high - low) / 5 : 1, high <= 0 && low < 0};
}

void legend(const Shading& shading, const ShownUnit& unit, double y, bool one_shade, Svg* svg) {
  const size_t shades = one_shade ? 1 : kShades.size();
  for (size_t i = 0; i < shades; ++i) {
    const double x = 12 + static_cast<double>(i) * 140;
    const double from = shading.low + static_cast<double>(i) * shading.step;
    const std::string low = unit.text(from);
    const std::string high = unit.text(from + shading.step);
    svg->rect(x, y, 20, 13, kShades[shading.shade_of_step(i)], "#444444");
    svg->text(x + 26, y + 11, "start",
              one_shade ? Text{low, low} : Text{low + " 至 " + high, low + " to " + high}, 11);
  }
}

// Findings so near to each other that their marks would cover one another are one mark, the
// gravest, with their number.
struct Mark {
  double x = 0;
  double y = 0;
  Severity severity = Severity::yellow;
  size_t count = 0;
};

std::vector<Mark> marks_of(const std::vector<const Finding*>& placed,
                           const Projection& projection) {
  constexpr double kCell = 14;
  std::map<std::pair<int64_t, int64_t>, Mark> cells;
  for (const Finding* f : placed) {
    const double x = projection.x({*f->lon, *f->lat});
    const double y = projection.y({*f->lon, *f->lat});
    Mark& m = cells[{std::llround(y / kCell), std::llround(x / kCell)}];
    if (m.count == 0) m = {x, y, f->severity, 0};
    m.severity = std::min(m.severity, f->severity);
    ++m.count;
  }
  std::vector<Mark> out;
  for (const auto& [cell, mark] : cells) out.push_back(mark);
  std::stable_sort(out.begin(), out.end(),
                   [](const Mark& a, const Mark& b) { return a.severity > b.severity; });
  return out;
}

void name_grounds(const std::vector<const Area*>& ground, const Projection& projection, Svg* svg) {
  if (ground.size() > kNamedMax) return;
  for (const Area* area : ground) {
    double top = projection.height();
    for (const Ring& ring : area->rings) {
      for (const LonLat& p : ring) top = std::min(top, projection.y(p));
    }
    svg->text(projection.x(middle_of(*area)), top + 17, "middle", area->name, 13, "#4a525c");
  }
}

void draw_marks(const std::vector<Mark>& marks, Svg* svg) {
  for (const Mark& m : marks) {
    const auto s = static_cast<size_t>(m.severity);
    svg->mark(m.x, m.y, s, kSeverityColours[s], 5);
    if (m.count > 1) {
      const std::string count = fmt::format("{}", m.count);
      svg->text(m.x + 8, m.y + 4, "start", {count, count}, 11);
    }
  }
}

}  // namespace

Chart draw_area_map(const findings::ViewData& view, const Series& series, const AreaMap& areas,
                    const ChartOptions& options) {
  std::vector<std::pair<const Area*, double>> values;
  Projection projection;
  for (size_t r = 0; r < series.areas.size(); ++r) {
    const Area* area = areas.find(series.areas[r]);
    if (area == nullptr || area->rings.empty() || !std::isfinite(series.values[0][r])) continue;
    add_all(*area, &projection);
    values.emplace_back(area, series.values[0][r]);
  }
  if (values.size() < 2) return {};
  projection.fit(kWidth, kHeightMax, kMargin, kHead);
  const double largest = std::max(series.largest, -series.smallest);
  const ShownUnit unit = shown_unit(view.unit, view.decimals, largest);
  const Shading shading = shading_of(values);
  Svg svg(kWidth, options);
  Text head = series.titles[0];
  if (!unit.label.zh.empty()) {
    head = {head.zh + "（" + unit.label.zh + "）", head.en + " (" + unit.label.en + ")"};
  }
  svg.text(12, 17, "start", head);
  const double height = projection.height();
  for (const auto& [area, value] : values) {
    svg.path(outline_path(*area, projection), kShades[shading.shade(value)], "#444444", 0.8);
  }
  for (const auto& [area, value] : values) {
    label_area(*area, unit.text(value), shading.shade(value) >= 3, projection, &svg);
  }
  legend(shading, unit, height + 6, !(series.largest > series.smallest), &svg);
  return svg.finish(height + 26, view.title,
                    {fmt::format("地图，{} 个区域，数值见下表", values.size()),
                     fmt::format("map of {} areas, values in the table below", values.size())});
}

Chart draw_findings_map(const Chapter& chapter, const AreaMap& areas, size_t points_max,
                        const ChartOptions& options) {
  std::vector<const Finding*> placed;
  for (const Group& group : chapter.groups) {
    for (const Finding* f : group.findings) {
      if (f->lon && f->lat && placed.size() < points_max) placed.push_back(f);
    }
  }
  if (placed.size() < 2) return {};
  const std::vector<const Area*> ground = areas.ground();
  Projection projection;
  for (const Area* area : ground) add_all(*area, &projection);
  for (const Finding* f : placed) projection.add({*f->lon, *f->lat});
  projection.fit(kWidth, kHeightMax, kMargin, 0);
  Svg svg(kWidth, options);
  for (const Area* area : ground) {
    svg.path(outline_path(*area, projection), "#f3f5f8", "#7a828c", 0.8);
  }
  name_grounds(ground, projection, &svg);
  draw_marks(marks_of(placed, projection), &svg);
  const double y = projection.height() + 16;
  for (size_t s = 0; s < 3; ++s) {
    const double x = 20 + static_cast<double>(s) * 140;
    svg.mark(x, y - 4, s, kSeverityColours[s], 5);
    svg.text(x + 12, y, "start", severity_title(static_cast<Severity>(s)), 12);
  }
  return svg.finish(
      y + 10, {"问题分布图", "Where the findings are"},
      {fmt::format("地图，{} 项发现，形状表示程度，数字是同一处的项数", placed.size()),
       fmt::format("map of {} findings; the shape says how grave, a number how many "
                   "stand there",
                   placed.size())});
}

}  // namespace yipan::report
