// Keys and references: what can only be seen when all rows are there.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "intake/import.h"

namespace yipan::intake {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, "、"));
}

}  // namespace

std::string Importer::key_fields_text() const {
  std::vector<std::string> names;
  for (size_t k : plan_.key_fields) {
    const FieldPlan& f = plan_.fields[k];
    names.push_back(f.from_name.empty() ? f.field->name : f.from_name);
  }
  return joined(names);
}

// Of rows whose key hashes are equal, those whose keys are: all but the first of each.
Result<Importer::Removed> Importer::real_duplicates(
    const std::vector<std::vector<uint64_t>>& groups) {
  std::set<uint64_t> wanted;
  for (const auto& group : groups) wanted.insert(group.begin(), group.end());
  YIPAN_ASSIGN(auto file, context_.ledger->open_blob(rowset_hash_));
  YIPAN_ASSIGN(auto reader, board::RowsetReader::open(std::move(file)));
  std::map<std::string, uint64_t> first_row;
  Removed out;
  Batch batch;
  std::vector<uint64_t> rows;
  uint64_t ordinal = 0;
  auto next = wanted.begin();
  while (next != wanted.end()) {
    YIPAN_ASSIGN(bool more, reader->next(&batch, &rows));
    if (!more) break;
    for (; next != wanted.end() && *next < ordinal + rows.size(); ++next) {
      const size_t i = *next - ordinal;
      std::vector<std::string> parts;
      for (size_t k : plan_.key_fields) parts.push_back(board::value_text(batch.columns[k], i));
      std::string key = board::join_key(parts);
      auto [at, fresh] = first_row.emplace(key, rows[i]);
      if (fresh) continue;
      Error error("intake.key.duplicate");
      error.zh(fmt::format("{} {} 与第 {} 行重复", key_fields_text(), key, at->second))
          .en(fmt::format("{} {} is the same as in row {}", key_fields_text(), key, at->second))
          .remedy("请核对哪一行是对的，改正或删去另一行",
                  "find out which row is right; correct or remove the other");
      out.emplace(rows[i], issue_of(error, rows[i], key_fields_text(), "", key));
    }
    ordinal += rows.size();
  }
  return out;
}

Result<> Importer::check_duplicates() {
  progress(Progress::Phase::checking, log_.rows_read, log_.rows_read);
  YIPAN_ASSIGN(auto groups, keys_.candidates());
  if (groups.empty()) return {};
  YIPAN_ASSIGN(Removed removed, real_duplicates(groups));
  if (removed.empty()) return {};
  return remove_rows(removed);
}

// Writes the rowset again without these source rows, and the rows into the side file.
Result<> Importer::remove_rows(const Removed& removed) {
  YIPAN_ASSIGN(auto file, context_.ledger->open_blob(rowset_hash_));
  YIPAN_ASSIGN(auto reader, board::RowsetReader::open(std::move(file)));
  YIPAN_ASSIGN(auto blob, context_.ledger->new_blob());
  board::RowsetWriter writer(blob.get(), reader->header());
  Batch batch;
  Batch kept(reader->header().types);
  std::vector<uint64_t> rows;
  std::vector<uint64_t> kept_rows;
  uint64_t dropped = 0;
  for (;;) {
    YIPAN_ASSIGN(bool more, reader->next(&batch, &rows));
    if (!more) break;
    kept.clear();
    kept_rows.clear();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (removed.count(rows[i]) != 0) {
        ++dropped;
        continue;
      }
      for (size_t c = 0; c < batch.columns.size(); ++c) {
        kept.columns[c].append_from(batch.columns[c], i);
      }
      kept_rows.push_back(rows[i]);
    }
    YIPAN_TRY(writer.append(kept, kept_rows));
  }
  YIPAN_TRY(writer.finish());
  YIPAN_ASSIGN(rowset_hash_, blob->commit());
  log_.rows_refused += dropped;
  accepted_ -= dropped;
  return refuse_again(removed);
}

// A second reading, for the rows as they stood in the file.
Result<> Importer::refuse_again(const Removed& removed) {
  for (const auto& item : removed) refusals_.add(item.second);
  YIPAN_ASSIGN(auto again, open());
  RawRecord record;
  for (;;) {
    YIPAN_ASSIGN(Step step, again->next(&record));
    if (step == Step::end) return {};
    auto found = removed.find(record.row);
    if (found == removed.end()) continue;
    if (mended_) mended_->replace(&record);
    YIPAN_TRY(side_->add(again->columns(), record, {found->second}));
  }
}

Issue Importer::violation_issue(const board::Violation& v) const {
  const std::string fields = joined(v.fields);
  std::string column = fields;
  for (const FieldPlan& f : plan_.fields) {
    if (v.fields.size() == 1 && f.field->name == v.fields[0] && !f.from_name.empty()) {
      column = f.from_name;
    }
  }
  Error error("intake.key.duplicate");
  if (v.kind == board::Violation::Kind::duplicate_key) {
    error.zh(fmt::format("{} {} 已有（{}）", fields, v.key, v.references))
        .en(fmt::format("{} {} is there already ({})", fields, v.key, v.references))
        .remedy("请改正编号；确为同一记录的，应放在同一数据集中",
                "correct the id; one record belongs into one dataset");
  } else if (v.kind == board::Violation::Kind::dangling_reference) {
    error = Error("intake.reference.dangling");
    error.zh(fmt::format("{} 指向的 {} 在 {} 中不存在", column, v.key, v.references))
        .en(fmt::format("{} points to {}, which is not in {}", column, v.key, v.references))
        .remedy("请改正编号，或先导入它所指的表",
                "correct the id, or import the table it points to first");
  } else {
    error = Error("intake.reference.orphaned");
    error
        .zh(fmt::format("新文件少了 {}，而数据集 {} 的表 {} 第 {} 行还指向它", v.key, v.dataset,
                        v.table, v.source_row))
        .en(fmt::format("the new file no longer has {}, to which row {} of {} in the dataset {} "
                        "still points",
                        v.key, v.source_row, v.table, v.dataset))
        .remedy("请保留该行，或先更新指向它的数据集",
                "keep the row, or first update the dataset that points to it");
  }
  const bool ours = v.kind != board::Violation::Kind::orphaned_reference;
  return issue_of(error, ours ? v.source_row : 0, column, v.fields.empty() ? "" : v.fields[0],
                  v.key);
}

// The rows that keys and references speak against. Issues without a row concern the whole file.
Result<Importer::Removed> Importer::violating_rows(const board::Staged& staged) {
  Removed out;
  for (const board::Violation& v : staged.violations()) {
    Issue issue = violation_issue(v);
    if (issue.row == 0) {
      refusals_.add(issue);
      blocked_ = true;
      continue;
    }
    out.emplace(issue.row, std::move(issue));
  }
  const uint64_t listed = staged.violations().size();
  if (staged.violation_count() > listed && !options_.accept_partial) {
    const uint64_t more = staged.violation_count() - listed;
    file_warnings_.push_back(
        Issue{"intake.warning.more_violations", 0, "", "", "",
              fmt::format("编号或引用有问题的还有 {} 处，没有列出", more),
              fmt::format("{} more duplicate keys or dangling references are not listed", more), "",
              "", 1});
  }
  return out;
}

}  // namespace yipan::intake
