#include "rules/faults.h"

#include <algorithm>

#include "rules/lexer.h"

namespace yipan::rules {

Place place_of(const Unit& unit, uint32_t begin) {
  const LineColumn at = line_column(unit.text, begin);
  Place place;
  place.file = unit.file;
  place.element = unit.element;
  place.line = (unit.line == 0 ? 1 : unit.line) + at.line - 1;
  place.char_column = at.column;
  return place;
}

void Faults::add(Severity severity, Span span, Error error) {
  const Place place = place_of(ast_->unit(span.unit), span.begin);
  if (!place.file.empty()) error.file(place.file);
  if (!place.element.empty()) error.element(place.element);
  error.line(*place.line, *place.char_column);
  list_.push_back({severity, std::move(error)});
}

void Faults::prefix(size_t first, std::string_view zh, std::string_view en) {
  for (size_t i = first; i < list_.size(); ++i) {
    Error& error = list_[i].error;
    error.zh(std::string(zh) + error.message_zh());
    error.en(std::string(en) + error.message_en());
  }
}

size_t Faults::error_count() const {
  return static_cast<size_t>(std::count_if(list_.begin(), list_.end(), [](const Diagnostic& d) {
    return d.severity == Severity::error;
  }));
}

}  // namespace yipan::rules
