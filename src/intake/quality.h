// Collecting what goes into a quality log.
#ifndef YIPAN_INTAKE_QUALITY_H_
#define YIPAN_INTAKE_QUALITY_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yipan/intake.h"
#include "yipan/result.h"

namespace yipan::intake {

Issue issue_of(const Error& error, uint64_t row, std::string_view column, std::string_view field,
               std::string_view value);

// Keeps the first refusals, and counts all of them by code and column.
class RefusalList {
 public:
  explicit RefusalList(size_t kept_max) : kept_max_(kept_max) {}
  void add(const Issue& issue);
  bool empty() const { return by_kind_.empty(); }
  void fill(QualityLog* log) const;

 private:
  size_t kept_max_;
  std::vector<Issue> kept_;
  std::map<std::pair<std::string, std::string>, Issue> by_kind_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_QUALITY_H_
