// Collects every fault of a compilation, with its place.
#ifndef YIPAN_RULES_FAULTS_H_
#define YIPAN_RULES_FAULTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "rules/ast.h"
#include "yipan/rules.h"

namespace yipan::rules {

class Faults {
 public:
  explicit Faults(const Ast* ast) : ast_(ast) {}

  // The error's place is taken from the span: file, element, line and column.
  void add(Severity severity, Span span, Error error);
  void add(Severity severity, Error error) { list_.push_back({severity, std::move(error)}); }

  // Puts words before the messages of the faults from number `first` on.
  void prefix(size_t first, std::string_view zh, std::string_view en);

  size_t size() const { return list_.size(); }
  size_t error_count() const;
  std::vector<Diagnostic> take() { return std::move(list_); }
  const std::vector<Diagnostic>& list() const { return list_; }

 private:
  const Ast* ast_;
  std::vector<Diagnostic> list_;
};

// The place of a span, and the text it covers.
Place place_of(const Unit& unit, uint32_t begin);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_FAULTS_H_
