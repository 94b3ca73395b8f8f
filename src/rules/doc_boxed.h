// Boxed expressions as HTML tables, in the shapes that DMN 1.5 gives them (8.3, 10.2.2).
#ifndef YIPAN_RULES_DOC_BOXED_H_
#define YIPAN_RULES_DOC_BOXED_H_

#include <string>

#include "rules/dmn_model.h"

namespace yipan::rules {

std::string boxed_html(const dmn::Boxed& boxed);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_DOC_BOXED_H_
