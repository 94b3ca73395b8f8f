// What a mapping puts around a reader: [unpivot] and [[join]].
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "intake/number.h"
#include "intake/source.h"
#include "yipan/decimal.h"
#include "yipan/text.h"

namespace yipan::intake {
namespace {

constexpr size_t kJoinBytesMax = size_t{256} << 20;

Error at_line(std::string_view code, const Mapping& mapping, uint64_t line) {
  Error error(code);
  error.file(mapping.file);
  if (line > 0) error.line(line);
  return error;
}

std::optional<size_t> find_column(const RecordSource& source, const std::string& name) {
  for (size_t i = 0; i < source.columns().size(); ++i) {
    if (source.columns()[i].name == name) return i;
  }
  return std::nullopt;
}

class Unpivoted : public RecordSource {
 public:
  // A column that becomes rows: its place, and what the pattern's groups found in its name.
  struct Melted {
    size_t column;
    std::vector<std::string> groups;
  };
  Unpivoted(std::unique_ptr<RecordSource> inner, std::vector<size_t> kept,
            std::vector<Melted> melted, std::vector<SourceColumn> columns, bool skip_empty)
      : inner_(std::move(inner)),
        kept_(std::move(kept)),
        melted_(std::move(melted)),
        columns_(std::move(columns)),
        skip_empty_(skip_empty) {}
  const std::vector<SourceColumn>& columns() const override { return columns_; }
  const SourceFacts& facts() const override { return inner_->facts(); }

  Result<Step> next(RawRecord* record) override {
    for (;;) {
      if (at_ == melted_.size()) {
        YIPAN_ASSIGN(Step step, inner_->next(&current_));
        if (step == Step::end) return step;
        if (step == Step::problem) {
          problem_ = std::make_shared<Error>(inner_->problem());
          record->row = current_.row;
          record->line = current_.line;
          record->cells.assign(columns_.size(), RawCell());
          return step;
        }
        at_ = 0;
      }
      const Melted& m = melted_[at_++];
      const RawCell& value = current_.cells[m.column];
      if (skip_empty_ && trim(value.text).empty() && value.kind != RawCell::Kind::boolean) continue;
      fill(m, value, record);
      return Step::record;
    }
  }

 private:
  void fill(const Melted& m, const RawCell& value, RawRecord* record) const {
    record->row = current_.row;
    record->line = current_.line;
    record->cells.clear();
    for (size_t c : kept_) record->cells.push_back(current_.cells[c]);
    for (const std::string& group : m.groups) {
      record->cells.push_back(RawCell::of_text(group));
    }
    record->cells.push_back(value);
  }

  std::unique_ptr<RecordSource> inner_;
  std::vector<size_t> kept_;
  std::vector<Melted> melted_;
  std::vector<SourceColumn> columns_;
  bool skip_empty_;
  RawRecord current_;
  size_t at_ = static_cast<size_t>(-1);

 public:
  void start() { at_ = melted_.size(); }
};

// ---- join
// -----------------------------------------------------------------------------------------

struct JoinedRow {
  std::vector<std::string> cells;
};

class Joined : public RecordSource {
 public:
  Joined(std::unique_ptr<RecordSource> inner, size_t key, size_t width,
         std::unordered_map<std::string, JoinedRow> rows, std::vector<SourceColumn> columns)
      : inner_(std::move(inner)),
        key_(key),
        width_(width),
        rows_(std::move(rows)),
        columns_(std::move(columns)) {}
  const std::vector<SourceColumn>& columns() const override { return columns_; }
  const SourceFacts& facts() const override { return inner_->facts(); }
  Result<Step> next(RawRecord* record) override {
    YIPAN_ASSIGN(Step step, inner_->next(record));
    if (step == Step::end) return step;
    if (step == Step::problem) {
      problem_ = std::make_shared<Error>(inner_->problem());
      return step;
    }
    auto found = rows_.find(std::string(trim(record->cells[key_].text)));
    for (size_t i = 0; i < width_; ++i) {
      RawCell cell;
      if (found != rows_.end()) cell = RawCell::of_text(found->second.cells[i]);
      record->cells.push_back(cell);
    }
    return Step::record;
  }

 private:
  std::unique_ptr<RecordSource> inner_;
  size_t key_;
  size_t width_;
  std::unordered_map<std::string, JoinedRow> rows_;
  std::vector<SourceColumn> columns_;
};

// Adds b to a where both are numbers; what is not a number counts as nothing.
void add_numbers(std::string* a, std::string_view b) {
  ScaledNumber left, right;
  if (parse_number(trim(b), {}, &right) != NumberFault::none) return;
  if (parse_number(trim(*a), {}, &left) != NumberFault::none) {
    *a = std::string(trim(b));
    return;
  }
  *a = (Decimal::from_int(0) + *Decimal::parse(scaled_text(left, {})) +
        *Decimal::parse(scaled_text(right, {})))
           .to_string();
}

struct JoinReader {
  const Join& rule;
  const Mapping& mapping;
  size_t key;
  std::vector<bool> summed;
  std::unordered_map<std::string, JoinedRow> rows;
  size_t bytes = 0;

  Result<> take(const RawRecord& record) {
    std::string k(trim(record.cells[key].text));
    if (k.empty()) return {};
    auto [at, fresh] = rows.try_emplace(std::move(k));
    if (!fresh && rule.repeated == Join::Repeated::error) {
      return fail(
          at_line("intake.join.repeated", mapping, rule.line)
              .zh(fmt::format("{} 第 {} 行：“{}”重复出现", rule.file, record.row, at->first))
              .en(fmt::format("{}, row {}: {} is there twice", rule.file, record.row, at->first))
              .remedy("请改正，或在 [[join]] 中写 repeated = \"first\" 或 sum = [...]",
                      "correct it, or write repeated = \"first\" or sum = [...] under "
                      "[[join]]"));
    }
    for (size_t i = 0; i < record.cells.size(); ++i) {
      std::string_view text = record.cells[i].text;
      if (fresh) {
        at->second.cells.emplace_back(text);
        bytes += text.size() + sizeof(std::string);
      } else if (summed[i]) {
        add_numbers(&at->second.cells[i], text);
      }
    }
    if (bytes <= kJoinBytesMax) return {};
    return fail(at_line("intake.limit.join", mapping, rule.line)
                    .zh(fmt::format("{} 太大，不能用来连接", rule.file))
                    .en(fmt::format("{} is too large to be joined", rule.file))
                    .remedy("请先在电子表格或数据库中合并", "merge the two files beforehand"));
  }
};

}  // namespace

Result<std::unique_ptr<RecordSource>> unpivot(std::unique_ptr<RecordSource> inner,
                                              const Mapping& mapping) {
  const Unpivot& rule = mapping.unpivot;
  RE2 pattern(rule.pattern, RE2::Quiet);
  if (!pattern.ok()) {
    return fail(
        at_line("intake.mapping.unpivot", mapping, rule.line)
            .zh("unpivot.columns 不是正确的正则表达式：" + pattern.error())
            .en("unpivot.columns is not a regular expression: " + pattern.error())
            .remedy("例如 ^(?P<sex>男|女)_(?P<age>.+)$", "for example ^(?P<sex>M|F)_(?P<age>.+)$"));
  }
  const int groups = pattern.NumberOfCapturingGroups();
  std::vector<size_t> kept;
  std::vector<Unpivoted::Melted> melted;
  std::vector<SourceColumn> columns;
  const auto& have = inner->columns();
  for (size_t c = 0; c < have.size(); ++c) {
    std::vector<re2::StringPiece> found(static_cast<size_t>(groups) + 1);
    re2::StringPiece name(have[c].name);
    if (!pattern.Match(name, 0, name.size(), RE2::ANCHOR_BOTH, found.data(), groups + 1)) {
      kept.push_back(c);
      columns.push_back(have[c]);
      continue;
    }
    Unpivoted::Melted m{c, {}};
    for (int g = 1; g <= groups; ++g) {
      const auto& part = found[static_cast<size_t>(g)];
      m.groups.emplace_back(part.data(), part.size());
    }
    melted.push_back(std::move(m));
  }
  if (melted.empty()) {
    return fail(at_line("intake.mapping.unpivot", mapping, rule.line)
                    .zh("没有一列符合 unpivot.columns：" + rule.pattern)
                    .en("no column matches unpivot.columns: " + rule.pattern)
                    .remedy("请核对列名", "check the columns' names"));
  }
  std::map<int, std::string> names = pattern.CapturingGroupNames();
  for (int g = 1; g <= groups; ++g) {
    columns.push_back({names.count(g) != 0 ? names[g] : fmt::format("group{}", g), false});
  }
  columns.push_back({rule.value, false});
  auto out = std::make_unique<Unpivoted>(std::move(inner), std::move(kept), std::move(melted),
                                         std::move(columns), rule.skip_empty);
  out->start();
  return out;
}

Result<std::unique_ptr<RecordSource>> join(std::unique_ptr<RecordSource> inner, const Join& rule,
                                           const Mapping& mapping, const OpenRequest& request) {
  OpenRequest plain = request;
  plain.mapping = nullptr;
  plain.known = [&](const std::string& name) { return name == rule.right; };
  plain.sheet.clear();
  YIPAN_ASSIGN(Input input, request.sibling(rule.file));
  YIPAN_ASSIGN(Format format, detect_format(input, request.limits));
  YIPAN_ASSIGN(auto other, open_format(input, format, plain));
  auto left = find_column(*inner, rule.left);
  auto right = find_column(*other, rule.right);
  if (!left || !right) {
    const std::string& name = left ? rule.right : rule.left;
    return fail(at_line("intake.mapping.join", mapping, rule.line)
                    .zh(fmt::format("连接用的“{}”列不存在", name))
                    .en(fmt::format("the column {} of the join is not there", name))
                    .column(name)
                    .remedy("请核对 left 与 right", "check left and right"));
  }
  std::vector<SourceColumn> columns = inner->columns();
  JoinReader reader{rule, mapping, *right, {}, {}, 0};
  for (const SourceColumn& c : other->columns()) {
    columns.push_back({rule.prefix + c.name, false});
    reader.summed.push_back(std::find(rule.sum.begin(), rule.sum.end(), c.name) != rule.sum.end());
  }
  RawRecord record;
  for (;;) {
    YIPAN_ASSIGN(Step step, other->next(&record));
    if (step == Step::end) break;
    if (step == Step::problem) return fail(Error(other->problem()).file(rule.file));
    YIPAN_TRY(reader.take(record));
  }
  return std::make_unique<Joined>(std::move(inner), *left, other->columns().size(),
                                  std::move(reader.rows), std::move(columns));
}

}  // namespace yipan::intake
