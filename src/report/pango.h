// Owning pointers for the C libraries that set and draw pages.
#ifndef YIPAN_REPORT_PANGO_H_
#define YIPAN_REPORT_PANGO_H_

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>

namespace yipan::report {

struct ObjectUnref {
  void operator()(void* object) const { g_object_unref(object); }
};
struct SurfaceDestroy {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
};
struct CairoDestroy {
  void operator()(cairo_t* c) const { cairo_destroy(c); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDestroy>;
using Cairo = std::unique_ptr<cairo_t, CairoDestroy>;
using Layout = std::unique_ptr<PangoLayout, ObjectUnref>;

// Draws an SVG into x, y, width, height of the page; false if it cannot be read.
bool draw_svg(const std::string& svg, cairo_t* cairo, double x, double y, double width,
              double height);
// For cairo's write callback: closure is a std::string.
cairo_status_t append_to_string(void* closure, const unsigned char* data, unsigned int size);

}  // namespace yipan::report

#endif  // YIPAN_REPORT_PANGO_H_
