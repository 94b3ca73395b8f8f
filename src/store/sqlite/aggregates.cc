#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include "store/sqlite/functions.h"

namespace yipan::store {
namespace {

// SQLite hands out zeroed memory for an aggregate's state; a pointer to the state stands in it.
template <typename State>
State* state_of(sqlite3_context* context, bool make) {
  auto** slot = static_cast<State**>(sqlite3_aggregate_context(context, make ? sizeof(State*) : 0));
  if (slot == nullptr) return nullptr;
  if (*slot == nullptr && make) *slot = new State();
  return *slot;
}

template <typename State>
void step(sqlite3_context* context, int count, sqlite3_value** values) {
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(values[i]) == SQLITE_NULL) return;
  }
  try {
    if (State* state = state_of<State>(context, true)) {
      state->add(context, values);
    } else {
      sqlite3_result_error_nomem(context);
    }
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

template <typename State>
void finish(sqlite3_context* context) {
  State* state = state_of<State>(context, false);
  if (state == nullptr) return;  // no values: null
  try {
    state->result(context);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
  delete state;
}

bool is_number(sqlite3_context* context, sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) return true;
  sqlite3_result_error(context, "the aggregate needs numbers", -1);
  return false;
}

// Distinct texts in the order of their bytes, joined by the ideographic comma.
struct TextList {
  std::vector<std::string> texts;

  void add(sqlite3_context* context, sqlite3_value** values) {
    if (sqlite3_value_type(values[0]) != SQLITE_TEXT) {
      sqlite3_result_error(context, "text_list needs text", -1);
      return;
    }
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    texts.emplace_back(text, static_cast<size_t>(sqlite3_value_bytes(values[0])));
  }
  void result(sqlite3_context* context) {
    if (texts.empty()) return;
    std::sort(texts.begin(), texts.end());
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    std::string joined = texts.front();
    for (size_t i = 1; i < texts.size(); ++i) joined += "、" + texts[i];
    sqlite3_result_text64(context, joined.data(), joined.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  }
};

struct Numbers {
  std::vector<double> numbers;

  void add(sqlite3_context* context, sqlite3_value** values) {
    if (is_number(context, values[0])) numbers.push_back(sqlite3_value_double(values[0]));
  }
};

// Summed in ascending order: the last bit does not depend on the order of the rows.
struct Mean : Numbers {
  void result(sqlite3_context* context) {
    if (numbers.empty()) return;
    std::sort(numbers.begin(), numbers.end());
    double sum = numbers.front();
    for (size_t i = 1; i < numbers.size(); ++i) sum += numbers[i];
    sqlite3_result_double(context, sum / static_cast<double>(numbers.size()));
  }
};

// percentile_cont(0.5), by PostgreSQL's formula.
struct Median : Numbers {
  void result(sqlite3_context* context) {
    if (numbers.empty()) return;
    const auto middle = numbers.begin() + static_cast<ptrdiff_t>((numbers.size() - 1) / 2);
    std::nth_element(numbers.begin(), middle, numbers.end());
    const double low = *middle;
    if (numbers.size() % 2 == 1) {
      sqlite3_result_double(context, low);
      return;
    }
    const double high = *std::min_element(middle + 1, numbers.end());
    sqlite3_result_double(context, low + (0.5 * (high - low)));
  }
};

// regr_slope(y, x) by the recurrence of Youngs and Cramer (1971), in the order of operations of
// PostgreSQL 15's float8_regr_accum. The last bits depend on the order of the rows.
struct Slope {
  double n = 0, sx = 0, sxx = 0, sy = 0, sxy = 0;

  void add(sqlite3_context* context, sqlite3_value** values) {
    if (!is_number(context, values[0]) || !is_number(context, values[1])) return;
    const double y = sqlite3_value_double(values[0]);
    const double x = sqlite3_value_double(values[1]);
    const double n_before = n;
    n += 1.0;
    sx += x;
    sy += y;
    if (n_before > 0.0) {
      const double tmp_x = x * n - sx;
      const double tmp_y = y * n - sy;
      const double scale = 1.0 / (n * n_before);
      sxx += tmp_x * tmp_x * scale;
      sxy += tmp_x * tmp_y * scale;
    }
  }
  void result(sqlite3_context* context) const {
    if (n >= 1.0 && sxx != 0) sqlite3_result_double(context, sxy / sxx);
  }
};

template <typename State>
Result<> add_aggregate(Db* db, const char* name, int arguments) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  const int code = sqlite3_create_function_v2(db->handle, name, arguments, kFlags, nullptr, nullptr,
                                              step<State>, finish<State>, nullptr);
  return code == SQLITE_OK ? Result<>() : fail(db->error(name, code));
}

}  // namespace

Result<> register_aggregates(Db* db) {
  YIPAN_TRY(add_aggregate<TextList>(db, "text_list", 1));
  YIPAN_TRY(add_aggregate<Mean>(db, "mean", 1));
  YIPAN_TRY(add_aggregate<Median>(db, "median", 1));
  return add_aggregate<Slope>(db, "regr_slope", 2);
}

}  // namespace yipan::store
