// The requirements graph of a model as an SVG (DMN 1.5, chapter 6: shapes and lines).
#ifndef YIPAN_RULES_DOC_GRAPH_H_
#define YIPAN_RULES_DOC_GRAPH_H_

#include <string>
#include <string_view>

#include "rules/dmn_model.h"

namespace yipan::rules {

std::string escape_html(std::string_view text);
// The local id of an href, "#i1" -> "i1".
std::string_view local_id(std::string_view href);
// "" if there is nothing to draw. What other models define is drawn with a dashed border.
std::string graph_svg(const dmn::Definitions& model);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_DOC_GRAPH_H_
