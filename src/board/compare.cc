#include "board/compare.h"

#include <fmt/format.h>

#include <algorithm>

#include "yipan/text.h"

namespace yipan::board {

Error table_problem(std::string_view table, std::string_view key, std::string_view column,
                    const std::string& zh, const std::string& en) {
  Error error("board.fsck.content");
  error.zh(zh).en(en);
  error.element(key.empty() ? std::string(table) : fmt::format("{}/{}", table, key));
  if (!column.empty()) error.column(column);
  error.remedy("运行 yipan rebuild，从账本重建总盘", "run yipan rebuild to derive the board anew");
  return error;
}

Error unreadable(std::string_view table, const Error& cause) {
  return Error("board.fsck.unreadable")
      .zh(fmt::format("表 {} 读不出来", table))
      .en(fmt::format("table {} cannot be read", table))
      .element(table)
      .remedy("运行 yipan rebuild；若仍不行，移走数据库文件再运行",
              "run yipan rebuild; if that fails, move the database away and run it again")
      .because(cause);
}

namespace {

// "text:E4B8" as a person would write the value.
std::string shown(const std::string& raw) {
  const size_t colon = raw.find(':');
  if (colon == std::string::npos) return raw;
  const std::string_view kind = std::string_view(raw).substr(0, colon);
  const std::string_view value = std::string_view(raw).substr(colon + 1);
  if (kind == "null") return "null";
  if (kind == "real" || kind == "blob") return std::string(value);
  const auto bytes = unhex(value);
  if (!bytes || find_invalid_utf8(*bytes) != std::string_view::npos) {
    return "0x" + std::string(value);
  }
  return *bytes;
}

// The rows of a table in order, one at a time.
class Cursor {
 public:
  Result<> open(store::Connection& db, const TableView& view, Compare how) {
    how_ = how;
    order_ = view.order_columns();
    std::vector<Type> types = how == Compare::exact ? view.exact_types() : types_of(view.spec);
    if (how == Compare::raw) std::fill(types.begin(), types.end(), Type::text);
    const std::string sql = how == Compare::raw     ? view.raw_sql()
                            : how == Compare::exact ? view.exact_sql()
                                                    : view.sql(db.dialect());
    YIPAN_ASSIGN(rows_, db.query(sql, {}, types));
    return advance();
  }
  bool at_end() const { return end_; }
  Result<> advance() {
    if (++row_ < batch_.rows()) return {};
    row_ = 0;
    YIPAN_ASSIGN(const bool more, rows_->next(&batch_));
    end_ = !more;
    return {};
  }
  int compare_keys(const Cursor& other) const {
    for (const size_t c : order_) {
      const Column& a = batch_.columns[c];
      const Column& b = other.batch_.columns[c];
      if (a.is_null(row_) || b.is_null(other.row_)) {
        if (a.is_null(row_) != b.is_null(other.row_)) return a.is_null(row_) ? -1 : 1;
        continue;
      }
      if (is_varlen(a.type())) {
        const int order = a.bytes_at(row_).compare(b.bytes_at(other.row_));
        if (order != 0) return order;
      } else if (a.int_at(row_) != b.int_at(other.row_)) {
        return a.int_at(row_) < b.int_at(other.row_) ? -1 : 1;
      }
    }
    return 0;
  }
  // Exact: "" is not null, and 1 is not 1.0.
  bool same(size_t c, const Cursor& other) const {
    const Column& a = batch_.columns[c];
    const Column& b = other.batch_.columns[c];
    if (a.is_null(row_) || b.is_null(other.row_)) return a.is_null(row_) == b.is_null(other.row_);
    if (is_varlen(a.type())) return a.bytes_at(row_) == b.bytes_at(other.row_);
    if (a.type() == Type::real) return a.real_at(row_) == b.real_at(other.row_);
    return a.int_at(row_) == b.int_at(other.row_);
  }
  std::string text(size_t c) const {
    const Column& column = batch_.columns[c];
    if (column.is_null(row_)) return "null";
    const std::string value = value_text(column, row_);
    return how_ == Compare::raw ? shown(value) : value;
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> out;
    for (size_t c = 0; c < batch_.columns.size(); ++c) out.push_back(text(c));
    return out;
  }
  std::string key() const {
    std::vector<std::string> parts;
    for (const size_t c : order_) parts.push_back(text(c));
    return join_key(parts);
  }

 private:
  std::unique_ptr<store::Rows> rows_;
  Batch batch_;
  size_t row_ = 0;
  std::vector<size_t> order_;
  Compare how_ = Compare::typed;
  bool end_ = false;
};

struct Lone {
  std::string key;
  std::vector<std::string> values;
};

class Comparer {
 public:
  Comparer(const Comparison& sides, const TableView& view, std::vector<Error>* problems)
      : sides_(sides), view_(view), problems_(problems) {}

  Result<> run() {
    YIPAN_TRY(board_.open(sides_.board, view_, sides_.how));
    YIPAN_TRY(truth_.open(sides_.truth, view_, sides_.how));
    while (!(board_.at_end() && truth_.at_end()) && problems_->size() < kProblemsMax) {
      const int order = board_.at_end() ? 1 : truth_.at_end() ? -1 : board_.compare_keys(truth_);
      if (order == 0) compare_row();
      if (order < 0) note(board_, &only_board_);
      if (order > 0) note(truth_, &only_truth_);
      if (order <= 0) YIPAN_TRY(board_.advance());
      if (order >= 0) YIPAN_TRY(truth_.advance());
    }
    return {};
  }

  // Rows that only one side has. Two that differ in one or two columns are one row whose key was
  // altered.
  void report_lone() {
    for (const Lone& row : only_board_) {
      const auto twin =
          std::find_if(only_truth_.begin(), only_truth_.end(),
                       [&](const Lone& other) { return differing(row, other).size() <= 2; });
      if (twin == only_truth_.end()) {
        if (sides_.extra_allowed) continue;
        add(row.key, "", "账本里没有这一行", "the ledger has no such row");
        continue;
      }
      for (const size_t c : differing(row, *twin)) {
        report_value(twin->key, c, row.values[c], twin->values[c]);
      }
      only_truth_.erase(twin);
    }
    for (const Lone& row : only_truth_) {
      add(row.key, "", "总盘里缺这一行", "the board lacks this row");
    }
  }

 private:
  static std::vector<size_t> differing(const Lone& a, const Lone& b) {
    std::vector<size_t> out;
    for (size_t c = 0; c < a.values.size(); ++c) {
      if (a.values[c] != b.values[c]) out.push_back(c);
    }
    return out;
  }
  void note(const Cursor& cursor, std::vector<Lone>* list) {
    if (list->size() < 100) {
      list->push_back({cursor.key(), cursor.texts()});
    } else if (!sides_.extra_allowed || list == &only_truth_) {
      add(cursor.key(), "", list == &only_truth_ ? "总盘里缺这一行" : "账本里没有这一行",
          list == &only_truth_ ? "the board lacks this row" : "the ledger has no such row");
    }
  }
  void compare_row() {
    for (size_t c = 0; c < view_.spec.columns.size(); ++c) {
      if (!board_.same(c, truth_)) report_value(truth_.key(), c, board_.text(c), truth_.text(c));
    }
  }
  void report_value(const std::string& key, size_t c, const std::string& board,
                    const std::string& truth) {
    add(key, view_.spec.columns[c].name, fmt::format("总盘里是“{}”，按账本应是“{}”", board, truth),
        fmt::format("the board has '{}', the ledger gives '{}'", board, truth));
  }
  void add(const std::string& key, std::string_view column, const std::string& zh,
           const std::string& en) {
    problems_->push_back(table_problem(view_.spec.name, key, column, zh, en));
  }

  const Comparison& sides_;
  const TableView& view_;
  std::vector<Error>* problems_;
  Cursor board_;
  Cursor truth_;
  std::vector<Lone> only_board_;
  std::vector<Lone> only_truth_;
};

bool storage_is_sound(store::Connection& board, const TableView& view) {
  const auto wrong = board.query_int(view.storage_check_sql());
  return wrong.has_value() && wrong->value_or(0) == 0;
}

}  // namespace

void compare_table(const Comparison& sides, const TableView& view, std::vector<Error>* problems) {
  Comparison how{sides.board, sides.truth, sides.how, sides.extra_allowed};
  if (how.how == Compare::exact && !storage_is_sound(sides.board, view)) how.how = Compare::raw;
  const size_t before = problems->size();
  Comparer comparer(how, view, problems);
  const auto done = comparer.run();
  if (!done && how.how == Compare::exact) {
    problems->erase(problems->begin() + static_cast<ptrdiff_t>(before), problems->end());
    return compare_table({sides.board, sides.truth, Compare::raw, sides.extra_allowed}, view,
                         problems);
  }
  comparer.report_lone();
  if (!done) problems->push_back(unreadable(view.spec.name, done.error()));
}

}  // namespace yipan::board
