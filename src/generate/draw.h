// Drawing with exact totals: every split adds up to what was to be split, to the last unit.
#ifndef YIPAN_GENERATE_DRAW_H_
#define YIPAN_GENERATE_DRAW_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/clock.h"
#include "yipan/date.h"

namespace yipan::generate {

// Splits total (>= 0) in proportion to the weights (>= 0, not all zero) by largest remainder; equal
// remainders go to the lower index. The parts add up to total.
std::vector<int64_t> split(int64_t total, const std::vector<double>& weights);
// Splits total into `count` random parts of at least `least` with a long tail of large ones.
// Needs total >= count x least.
std::vector<int64_t> split_randomly(Random& random, int64_t total, size_t count, int64_t least);

// A factor around 1 with a tail to the right, from products of uniform draws (no libm, so the same
// on every machine): between about 0.2 and 5.
double spread(Random& random);
// A value of about `middle` x spread(), rounded to a multiple of `step`, at least `step`.
int64_t around(Random& random, int64_t middle, int64_t step);

Date day(int year, int month, int day_of_month);
Date draw_date(Random& random, Date from, Date to);  // both ends possible
// A Monday to Friday on or after `date`.
Date working_day(Date date);
Date plus_working_days(Date date, int days);

template <typename T>
const T& pick(Random& random, const std::vector<T>& from) {
  return from[random.below(from.size())];
}
template <typename T>
void shuffle(Random& random, std::vector<T>* items) {
  for (size_t i = items->size(); i > 1; --i) std::swap((*items)[i - 1], (*items)[random.below(i)]);
}

std::string id_of(std::string_view prefix, size_t number, int width = 4);  // "P0001"

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_DRAW_H_
