// Evaluating a column plan: block by block, on one thread or several.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

#include "rules/columns_plan.h"
#include "yipan/text.h"

namespace yipan::rules {

namespace columns {
namespace {

constexpr size_t kLeftShare = 16;  // more than one row in so many leaves: compute in decimals

}  // namespace

BlockWorker::BlockWorker(const ColumnPlan::Data& plan, const Batch& in)
    : plan_(plan),
      in_(in),
      rows_(plan),
      doubts_(plan.track ? kBlock : 0),
      integers_(plan.integers.program, plan.model, plan.options.evaluator,
                [this](size_t row, uint32_t element) { return scalar(row, element); }) {
  rows_.start(in);
  if (plan.track) integers_.track(&doubts_);
}

Value BlockWorker::scalar(size_t row, uint32_t element) {
  Value v = rows_.evaluate(row, element);
  if (plan_.track && rows_.warned()) doubts_[row - first_] = 1;
  return v;
}

const Variant& BlockWorker::run_block(size_t first, size_t n, Runner** runner) {
  first_ = first;
  std::fill(doubts_.begin(), doubts_.end(), uint8_t{0});
  stats_.rows += n;
  integers_.run(in_, first, n);
  *runner = &integers_;
  const size_t left = integers_.any_left() ? integers_.left_count() : 0;
  if (left * kLeftShare <= n) {
    stats_.rows_left += left;
    return plan_.integers;
  }
  if (decimals_ == nullptr) {
    decimals_ = std::make_unique<Runner>(
        plan_.decimals.program, plan_.model, plan_.options.evaluator,
        [this](size_t row, uint32_t element) { return scalar(row, element); });
    if (plan_.track) decimals_->track(&doubts_);
  }
  decimals_->run(in_, first, n);
  *runner = decimals_.get();
  ++stats_.blocks_decimal;
  if (decimals_->any_left()) stats_.rows_left += decimals_->left_count();
  return plan_.decimals;
}

Result<void> BlockWorker::run(size_t first, size_t last, Batch* out) {
  for (; first < last; first += kBlock) {
    Runner* runner = nullptr;
    const Variant& variant = run_block(first, std::min(kBlock, last - first), &runner);
    YIPAN_TRY(write_block(plan_, variant, *runner, &rows_, first, out));
  }
  return {};
}

void BlockWorker::visit(const Visit& visit) {
  for (size_t first = 0; first < in_.rows(); first += kBlock) {
    Runner* runner = nullptr;
    const Variant& variant = run_block(first, std::min(kBlock, in_.rows() - first), &runner);
    visit(Block(*this, variant, *runner, first));
  }
}

Value BlockWorker::Block::value(size_t output, size_t i) const {
  return block_value(worker_.plan_, variant_, runner_, &worker_.rows_, first_, output, i);
}

bool BlockWorker::Block::doubtful(size_t i) const {
  return worker_.plan_.always || worker_.doubts_[i] != 0 || runner_.left(i);
}

}  // namespace columns

namespace {

using columns::kBlock;

Error wrong_input(std::string_view zh, std::string_view en) {
  return Error("rules.columns.input")
      .zh(zh)
      .en(en)
      .remedy("请按计划的输入提供各列", "give the columns as the plan's inputs say");
}

// The first day outside the years that FEEL knows, if any.
Result<void> check_dates(const Column& column, const ColumnInput& input) {
  static const int64_t first = Date::from_ymd(kYearMin, 1, 1)->days();
  static const int64_t last = Date::from_ymd(kYearMax, 12, 31)->days();
  const auto& days = column.ints();
  if (days.empty()) return {};
  int64_t low = 0, high = 0;
  columns::kernels().bounds(days.data(), days.size(), &low, &high);
  if (low >= first && high <= last) return {};
  const auto at =
      std::find_if(days.begin(), days.end(), [](int64_t d) { return d < first || d > last; });
  return fail(wrong_input(fmt::format("日期（第 {} 天）超出正负 999,999,999 年", *at),
                          fmt::format("the date (day {}) is beyond the years +-999,999,999", *at))
                  .row(static_cast<uint64_t>(at - days.begin()) + 1)
                  .column(input.name));
}

bool is_utf8(std::string_view text) { return find_invalid_utf8(text) == std::string_view::npos; }

// All texts at once: together they are UTF-8, and none begins inside a character.
Result<void> check_texts(const Column& column, const ColumnInput& input) {
  const std::string& bytes = column.bytes();
  const auto& offsets = column.offsets();
  const bool whole = std::none_of(offsets.begin(), offsets.end(), [&](uint32_t at) {
    return at < bytes.size() && (static_cast<uint8_t>(bytes[at]) & 0xC0) == 0x80;
  });
  if (whole && is_utf8(bytes)) return {};
  size_t row = 0;
  while (column.is_null(row) || is_utf8(column.bytes_at(row))) ++row;
  return fail(
      wrong_input("文本不是 UTF-8", "the text is not UTF-8").row(row + 1).column(input.name));
}

Result<void> check_batch(const ColumnPlan::Data& plan, const Batch& in) {
  if (in.columns.size() != plan.inputs.size()) {
    return fail(
        wrong_input(fmt::format("应有 {} 列，实有 {} 列", plan.inputs.size(), in.columns.size()),
                    fmt::format("{} columns are expected, {} are given", plan.inputs.size(),
                                in.columns.size())));
  }
  for (size_t i = 0; i < in.columns.size(); ++i) {
    const ColumnInput& input = plan.inputs[i];
    const Column& column = in.columns[i];
    if (column.size() != in.rows()) {
      return fail(wrong_input("各列的行数不同", "the columns have different numbers of rows")
                      .column(input.name));
    }
    if (plan.targets[i] == kNone) continue;
    if (column.type() != input.type) {
      return fail(
          wrong_input(fmt::format("列的类型是 {}，应为 {}", yipan::to_string(column.type()),
                                  yipan::to_string(input.type)),
                      fmt::format("the column is {}, not {}", yipan::to_string(column.type()),
                                  yipan::to_string(input.type)))
              .column(input.name));
    }
    if (input.type == yipan::Type::date) YIPAN_TRY(check_dates(column, input));
    if (input.type == yipan::Type::text) YIPAN_TRY(check_texts(column, input));
  }
  return {};
}

Batch empty_batch(const ColumnPlan::Data& plan) {
  std::vector<yipan::Type> types;
  for (const ColumnOutput& o : plan.outputs) types.push_back(o.type);
  return Batch(types);
}

void add(ColumnStats* total, const ColumnStats& part) {
  total->rows += part.rows;
  total->rows_left += part.rows_left;
  total->blocks_decimal += part.blocks_decimal;
}

// Workers take chunks in order and hand them over in order: one waits until its turn has come.
class Team {
 public:
  Team(const ColumnPlan::Data& plan, const Batch& in, const ColumnPlan::Sink& sink)
      : plan_(plan), in_(in), sink_(sink), chunks_((in.rows() + kChunk - 1) / kChunk) {}

  Result<ColumnStats> run(unsigned threads) {
    std::vector<std::thread> others;
    for (unsigned t = 1; t < threads && t < chunks_; ++t) {
      try {
        others.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        break;  // no more threads are to be had: fewer do it as well
      }
    }
    work();
    for (std::thread& t : others) t.join();
    if (error_) return fail(*error_);
    return stats_;
  }

 private:
  static constexpr size_t kChunk = 16 * kBlock;

  void work() {
    columns::BlockWorker worker(plan_, in_);
    Batch out = empty_batch(plan_);
    for (;;) {
      const size_t chunk = next_.fetch_add(1);
      if (chunk >= chunks_) break;
      const size_t first = chunk * kChunk;
      out.clear();
      auto done = worker.run(first, std::min(first + kChunk, in_.rows()), &out);
      std::unique_lock lock(mutex_);
      turn_.wait(lock, [&] { return delivered_ == chunk; });
      if (!error_ && done) done = sink_(out, first);
      if (!error_ && !done) error_ = std::move(done).error();
      ++delivered_;
      if (error_) next_ = chunks_;
      turn_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    add(&stats_, worker.stats());
  }

  const ColumnPlan::Data& plan_;
  const Batch& in_;
  const ColumnPlan::Sink& sink_;
  const size_t chunks_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable turn_;
  size_t delivered_ = 0;
  std::optional<Error> error_;
  ColumnStats stats_;
};

Result<void> append(const Column& from, const std::string& name, Column* to) {
  if (to->bytes().size() + from.bytes().size() > UINT32_MAX) {
    return fail(Error("rules.columns.size")
                    .zh("文本列的总长超过 4 GiB")
                    .en("a column of texts is longer than 4 GiB")
                    .column(name)
                    .remedy("请分批求值，或用 sink 逐批接收结果",
                            "evaluate fewer rows at a time, or take the results by a sink"));
  }
  for (size_t row = 0; row < from.size(); ++row) to->append_from(from, row);
  return {};
}

}  // namespace

Result<ColumnStats> ColumnPlan::evaluate(const Batch& in, const Sink& sink,
                                         unsigned threads) const {
  YIPAN_TRY(check_batch(*data_, in));
  return Team(*data_, in, sink).run(threads);
}

Result<ColumnStats> ColumnPlan::evaluate(const Batch& in, Batch* out, unsigned threads) const {
  YIPAN_TRY(check_batch(*data_, in));
  *out = empty_batch(*data_);
  for (Column& column : out->columns) column.reserve(in.rows());
  if (threads <= 1) {
    columns::BlockWorker worker(*data_, in);
    YIPAN_TRY(worker.run(0, in.rows(), out));
    return worker.stats();
  }
  const Sink sink = [this, out](const Batch& rows, size_t) -> Result<void> {
    for (size_t c = 0; c < rows.columns.size(); ++c) {
      YIPAN_TRY(append(rows.columns[c], data_->outputs[c].name, &out->columns[c]));
    }
    return {};
  };
  return Team(*data_, in, sink).run(threads);
}

namespace {

std::string paragraphs(const std::vector<ColumnReport>& report, bool zh) {
  std::string out;
  for (const ColumnReport& r : report) {
    if (r.vectorised) continue;
    Error e("rules.columns.row_by_row");
    e.zh(fmt::format("{}：{}：{}", r.decision, r.reason_zh, r.expression))
        .en(fmt::format("{}: {}: {}", r.decision, r.reason_en, r.expression));
    if (!r.place.file.empty()) e.file(r.place.file);
    if (r.place.line) e.line(*r.place.line, r.place.char_column.value_or(1));
    if (!r.place.element.empty()) e.element(r.place.element);
    out += (zh ? e.to_string_zh() : e.to_string_en()) + "\n";
  }
  return out;
}

}  // namespace

std::string to_text_zh(const std::vector<ColumnReport>& report) { return paragraphs(report, true); }
std::string to_text_en(const std::vector<ColumnReport>& report) {
  return paragraphs(report, false);
}

}  // namespace yipan::rules
