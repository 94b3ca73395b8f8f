#include "intake/header.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "yipan/text.h"
#include "yipan/units.h"

namespace yipan::intake {
namespace {

constexpr size_t kRowsLookedAt = 30;

size_t filled(const SampleRow& row) {
  return static_cast<size_t>(
      std::count_if(row.cells.begin(), row.cells.end(), [](auto& c) { return !trim(c).empty(); }));
}

size_t usual_width(const std::vector<SampleRow>& sample) {
  std::map<size_t, size_t> counts;
  for (const SampleRow& row : sample) ++counts[filled(row)];
  auto best = std::max_element(counts.begin(), counts.end(), [](auto& a, auto& b) {
    return a.second != b.second ? a.second < b.second : a.first < b.first;
  });
  return best == counts.end() ? 0 : best->first;
}

bool distinct(const SampleRow& row) {
  std::set<std::string> seen;
  for (const std::string& cell : row.cells) {
    if (!trim(cell).empty() && !seen.insert(normal_name(cell)).second) return false;
  }
  return true;
}

bool all_text(const SampleRow& row) {
  return std::none_of(row.cells.begin(), row.cells.end(), [](auto& c) { return looks_numeric(c); });
}

// The row with the most names that are known, if it has any.
int64_t by_known_names(const std::vector<SampleRow>& sample, const HeaderOptions& options) {
  if (!options.known) return -1;
  int64_t best = -1;
  size_t hits_best = 0;
  for (size_t i = 0; i < std::min(sample.size(), kRowsLookedAt); ++i) {
    size_t hits = 0;
    for (const std::string& cell : sample[i].cells) {
      if (!trim(cell).empty() && options.known(normal_name(cell))) ++hits;
    }
    if (hits > hits_best) {
      hits_best = hits;
      best = static_cast<int64_t>(i);
    }
  }
  return best;
}

int64_t by_shape(const std::vector<SampleRow>& sample) {
  const size_t width = usual_width(sample);
  const size_t needed = std::max<size_t>(width <= 1 ? 1 : 2, (width + 1) / 2);
  for (size_t i = 0; i < std::min(sample.size(), kRowsLookedAt); ++i) {
    if (filled(sample[i]) >= needed && all_text(sample[i])) return static_cast<int64_t>(i);
    if (filled(sample[i]) >= needed) break;
  }
  // Headers such as 2010, 2011, 2012: distinct, and a text stands over a number.
  if (sample.size() < 2 || !distinct(sample[0])) return -1;
  for (size_t c = 0; c < std::min(sample[0].cells.size(), sample[1].cells.size()); ++c) {
    const std::string& top = sample[0].cells[c];
    if (!trim(top).empty() && !looks_numeric(top) && looks_numeric(sample[1].cells[c])) return 0;
  }
  return -1;
}

bool is_unit_row(const SampleRow& row) {
  size_t units = 0;
  for (const std::string& cell : row.cells) {
    std::string_view text = trim(cell);
    if (text.empty() || text == "-" || text == "—") continue;
    HeaderUnit split = split_header_unit(text);
    if (find_unit(text) == nullptr && (split.unit == nullptr || !split.name.empty())) return false;
    ++units;
  }
  return units > 0;
}

std::string unit_in_titles(const std::vector<SampleRow>& sample, size_t header) {
  for (size_t i = 0; i < header; ++i) {
    for (const std::string& cell : sample[i].cells) {
      if (cell.find("单位") == std::string::npos) continue;
      HeaderUnit split = split_header_unit(trim(cell));
      if (split.unit != nullptr) return std::string(split.unit->id);
    }
  }
  return "";
}

std::vector<SourceColumn> join_names(const std::vector<SampleRow>& sample, size_t first,
                                     size_t rows, size_t width) {
  std::vector<SourceColumn> columns(width);
  for (size_t c = 0; c < width; ++c) {
    std::string last;
    for (size_t r = first; r < std::min(first + rows, sample.size()); ++r) {
      const auto& cells = sample[r].spread.empty() ? sample[r].cells : sample[r].spread;
      if (c >= cells.size()) continue;
      std::string part = normal_name(cells[c]);
      if (part.empty() || part == last) continue;
      if (!columns[c].name.empty()) columns[c].name += '/';
      columns[c].name += part;
      last = part;
    }
  }
  return columns;
}

void add_unit_row(const SampleRow& row, std::vector<SourceColumn>* columns) {
  for (size_t c = 0; c < std::min(row.cells.size(), columns->size()); ++c) {
    std::string unit = normal_name(row.cells[c]);
    if (unit.empty() || unit == "-" || unit == "—") continue;
    HeaderUnit split = split_header_unit(unit);
    if (find_unit(unit) == nullptr && split.unit != nullptr) unit = std::string(split.unit->zh);
    (*columns)[c].name += "（" + unit + "）";
  }
}

}  // namespace

std::string normal_name(std::string_view name) {
  std::string out;
  bool gap = false;
  for (char c : trim(name)) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      gap = true;
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

bool looks_numeric(std::string_view text) {
  text = trim(text);
  if (text.empty()) return false;
  size_t digits = 0;
  for (char c : text) {
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (std::string_view("+-.,/%eE: ").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return digits > 0;
}

void finish_names(std::vector<SourceColumn>* columns) {
  std::set<std::string> seen;
  for (size_t c = 0; c < columns->size(); ++c) {
    std::string& name = (*columns)[c].name;
    if (name.empty()) name = fmt::format("列{}", c + 1);
    std::string base = name;
    for (int n = 2; !seen.insert(name).second; ++n) name = fmt::format("{} ({})", base, n);
  }
}

Header find_header(const std::vector<SampleRow>& sample, const HeaderOptions& options,
                   const std::function<int64_t(uint64_t row)>& depth) {
  Header header;
  int64_t at = -1;
  if (options.header_row > 0) {
    for (size_t i = 0; i < sample.size(); ++i) {
      if (sample[i].row == static_cast<uint64_t>(options.header_row)) at = static_cast<int64_t>(i);
    }
  } else if (options.header_row < 0) {
    at = by_known_names(sample, options);
    if (at < 0) at = by_shape(sample);
  }
  size_t width = 0;
  for (const SampleRow& row : sample) width = std::max(width, row.cells.size());
  if (at < 0) {
    header.columns.resize(width);
    header.data_row = sample.empty() ? 1 : sample.front().row;
    finish_names(&header.columns);
    return header;
  }
  const auto first = static_cast<size_t>(at);
  size_t rows = 1;
  if (options.header_rows > 0) {
    rows = static_cast<size_t>(options.header_rows);
  } else if (depth) {
    rows = static_cast<size_t>(std::max<int64_t>(1, depth(sample[first].row)));
  }
  width = 0;
  for (size_t r = first; r < std::min(first + rows, sample.size()); ++r) {
    const auto& cells = sample[r].spread.empty() ? sample[r].cells : sample[r].spread;
    size_t used = cells.size();
    while (used > 0 && trim(cells[used - 1]).empty()) --used;
    width = std::max(width, used);
  }
  header.header_row = sample[first].row;
  header.columns = join_names(sample, first, rows, width);
  size_t next = first + rows;
  if (options.header_rows < 0 && next < sample.size() && is_unit_row(sample[next])) {
    add_unit_row(sample[next], &header.columns);
    ++next;
  }
  header.data_row = next < sample.size() ? sample[next].row : sample.back().row + 1;
  header.default_unit = unit_in_titles(sample, first);
  finish_names(&header.columns);
  return header;
}

}  // namespace yipan::intake
