// The kinds of chart, one file each.
#ifndef YIPAN_REPORT_CHART_KINDS_H_
#define YIPAN_REPORT_CHART_KINDS_H_

#include "report/chart.h"

namespace yipan::report {

Chart draw_bars(const findings::ViewData& view, const Series& series, const ChartOptions& options);
Chart draw_lines(const findings::ViewData& view, const Series& series, const ChartOptions& options);
// Nothing if fewer than two areas have a boundary.
Chart draw_area_map(const findings::ViewData& view, const Series& series, const AreaMap& areas,
                    const ChartOptions& options);

}  // namespace yipan::report

#endif  // YIPAN_REPORT_CHART_KINDS_H_
