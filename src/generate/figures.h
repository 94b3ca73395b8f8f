// The figures of the speech (cities/xx/figures.toml; docs/formats/figures.md).
#ifndef YIPAN_GENERATE_FIGURES_H_
#define YIPAN_GENERATE_FIGURES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/date.h"
#include "yipan/decimal.h"
#include "yipan/file.h"
#include "yipan/result.h"

namespace yipan::generate {

struct Relation {
  std::string formula;
  bool holds = true;  // as the file says
};

struct Figure {
  std::string id;
  std::string kind;        // data, norm, year, date, time, count, enum
  std::string value_text;  // "766.41", "1/3", "18:00"
  std::optional<Decimal> value;
  std::optional<Decimal> value_max;
  std::string unit;   // an id of yipan/units.h, or "" for bare counts, years and times
  std::string bound;  // exact, above, below, nearly, at_least, at_most, range
  std::string scope;
  std::string subject;
  std::string subject_en;
  std::vector<Relation> relations;
};

class Figures {
 public:
  // Checks that every relation is as true as the file says: "generate.figures.relation".
  static Result<Figures> load(Files& files, const std::string& path);
  static Result<Figures> parse(std::string_view toml, const std::string& path);

  const Figure* find(std::string_view id) const;
  const std::vector<Figure>& all() const { return figures_; }
  Date as_of() const { return as_of_; }
  // value x 10^digits as a whole number; "generate.figures.missing" or ".inexact" otherwise.
  Result<int64_t> scaled(std::string_view id, int digits) const;

 private:
  Result<> check_relations(const std::string& path) const;
  std::vector<Figure> figures_;
  std::map<std::string, size_t, std::less<>> by_id_;
  Date as_of_;
};

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_FIGURES_H_
