// English names of the demonstration city's places and bodies.
#ifndef YIPAN_GENERATE_ENGLISH_H_
#define YIPAN_GENERATE_ENGLISH_H_

#include <string_view>

namespace yipan::generate {

// "" if it has none: people, firms and streets keep their Chinese names in English texts.
std::string_view english_name(std::string_view zh);

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_ENGLISH_H_
