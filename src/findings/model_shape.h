// What the text of a DMN model shows and the compiled model does not: which input data a decision
// needs, which components and codes its table gives, and on which lines they stand.
#ifndef YIPAN_FINDINGS_MODEL_SHAPE_H_
#define YIPAN_FINDINGS_MODEL_SHAPE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yipan::findings {

struct DecisionShape {
  uint64_t line = 0;
  std::vector<std::string> inputs;  // names of input data that it requires, directly or not; sorted
  // Names of the components of its value, where its text says: outputs of a table, entries of a
  // boxed context.
  std::optional<std::vector<std::string>> components;
  // Texts in the output `code` of its table and of the tables it requires, with their lines.
  std::vector<std::pair<std::string, uint64_t>> codes;
  std::vector<uint64_t> row_lines;  // of a boxed relation
};
struct ModelShape {
  std::map<std::string, DecisionShape, std::less<>> decisions;  // by name
  uint64_t line_of(std::string_view decision) const;            // 0 if unknown
};
// Of well-formed XML; anything else gives an empty shape (compiling says what is wrong).
ModelShape read_shape(std::string_view xml);

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_MODEL_SHAPE_H_
