#include <librsvg/rsvg.h>

#include <cmath>

#include "report/document.h"
#include "report/pango.h"

namespace yipan::report {

cairo_status_t append_to_string(void* closure, const unsigned char* data, unsigned int size) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), size);
  return CAIRO_STATUS_SUCCESS;
}

bool draw_svg(const std::string& svg, cairo_t* cairo, double x, double y, double width,
              double height) {
  std::unique_ptr<RsvgHandle, ObjectUnref> handle(
      rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), nullptr));
  if (handle == nullptr) return false;
  const RsvgRectangle viewport{x, y, width, height};
  return rsvg_handle_render_document(handle.get(), cairo, &viewport, nullptr) != FALSE;
}

std::string chart_png(const Chart& chart, double scale) {
  const double width = std::ceil(chart.width * scale);
  const double height = std::ceil(chart.height * scale);
  Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width),
                                             static_cast<int>(height)));
  if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) return "";
  Cairo cairo(cairo_create(surface.get()));
  cairo_set_source_rgb(cairo.get(), 1, 1, 1);
  cairo_paint(cairo.get());
  if (!draw_svg(chart.svg, cairo.get(), 0, 0, width, height)) return "";
  std::string out;
  if (cairo_surface_write_to_png_stream(surface.get(), append_to_string, &out) !=
      CAIRO_STATUS_SUCCESS) {
    return "";
  }
  return out;
}

}  // namespace yipan::report
