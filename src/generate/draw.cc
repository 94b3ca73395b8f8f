#include "generate/draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "yipan/check.h"

namespace yipan::generate {

std::vector<int64_t> split(int64_t total, const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  CHECK(total >= 0 && sum > 0);
  std::vector<int64_t> parts(weights.size());
  std::vector<std::pair<double, size_t>> rest(weights.size());
  int64_t given = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    const double share = static_cast<double>(total) * (weights[i] / sum);
    parts[i] = std::min(static_cast<int64_t>(std::floor(share)), total - given);
    given += parts[i];
    rest[i] = {-(share - std::floor(share)), i};
  }
  std::sort(rest.begin(), rest.end());
  for (size_t k = 0; given < total; k = (k + 1) % rest.size()) {
    if (weights[rest[k].second] <= 0) continue;
    ++parts[rest[k].second];
    ++given;
  }
  return parts;
}

std::vector<int64_t> split_randomly(Random& random, int64_t total, size_t count, int64_t least) {
  CHECK(count > 0 && total >= least * static_cast<int64_t>(count));
  std::vector<double> weights(count);
  for (double& weight : weights) weight = spread(random);
  std::vector<int64_t> parts = split(total - least * static_cast<int64_t>(count), weights);
  for (int64_t& part : parts) part += least;
  return parts;
}

double spread(Random& random) {
  const double a = 0.55 + 0.9 * random.unit();
  const double b = 0.55 + 0.9 * random.unit();
  const double c = 0.70 + 1.1 * random.unit() * random.unit();
  return a * b * c;
}

int64_t around(Random& random, int64_t middle, int64_t step) {
  const double value = static_cast<double>(middle) * spread(random) / static_cast<double>(step);
  return std::max<int64_t>(1, std::llround(value)) * step;
}

Date day(int year, int month, int day_of_month) {
  const auto date = Date::from_ymd(year, month, day_of_month);
  CHECK(date.has_value());
  return *date;
}

Date draw_date(Random& random, Date from, Date to) {
  CHECK(from <= to);
  return Date::from_days(random.between(from.days(), to.days()));
}

Date working_day(Date date) {
  while (date.weekday() > 5) date = date.plus_days(1);
  return date;
}

Date plus_working_days(Date date, int days) {
  for (; days > 0; --days) date = working_day(date.plus_days(1));
  return date;
}

std::string id_of(std::string_view prefix, size_t number, int width) {
  return fmt::format("{}{:0{}}", prefix, number, width);
}

}  // namespace yipan::generate
