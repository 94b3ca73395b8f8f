// What a vintage changed, field by field (y_changes).
#include <fmt/format.h>

#include "board/apply.h"

namespace yipan::board {

using store::Value;

namespace {

constexpr uint64_t kPage = 2048;

class Recorder {
 public:
  Recorder(const ApplyContext& context, const TableSchema& table, const std::string& dataset,
           const Diff& diff)
      : context_(context), table_(table), dataset_(dataset), diff_(diff) {
    for (const store::TableSpec& spec : bookkeeping_specs()) {
      if (spec.name == "y_changes") spec_ = spec;
    }
    out_ = Batch(types_of(spec_));
  }

  Result<> run() {
    for (uint64_t at = 0; at < diff_.changed; at += kPage) YIPAN_TRY(changed_page(at));
    for (uint64_t at = 0; at < diff_.removed; at += kPage) YIPAN_TRY(keys_page("removed", at));
    for (uint64_t at = 0; at < diff_.added; at += kPage) YIPAN_TRY(keys_page("added", at));
    return {};
  }

 private:
  // Old and new values side by side.
  Result<> changed_page(uint64_t at) {
    const auto fields = field_names(table_);
    const auto& key = table_.primary_key;
    const std::string sql = fmt::format(
        "SELECT {}, {} FROM y_changed c JOIN {} t ON {} JOIN {} h ON {} AND h.y_entry_end = {} "
        "WHERE c.y_pos > $1 AND c.y_pos <= $2 ORDER BY c.y_pos",
        sql_list(fields, "h"), sql_list(fields, "t"), q(table_.name), sql_equal("t", key, "c", key),
        q(history_name(table_.name)), sql_equal("h", key, "c", key), context_.index);
    std::vector<Type> types = table_.types();
    types.insert(types.end(), types.begin(), types.begin() + static_cast<ptrdiff_t>(fields.size()));
    YIPAN_ASSIGN(const auto rows, context_.db.query(sql, {Value(at), Value(at + kPage)}, types));
    Batch batch;
    while (true) {
      YIPAN_ASSIGN(const bool more, rows->next(&batch));
      if (!more) break;
      for (size_t i = 0; i < batch.rows(); ++i) compare(batch, i);
    }
    return write();
  }

  void compare(const Batch& batch, size_t row) {
    const size_t fields = table_.fields.size();
    std::vector<std::string> key;
    for (const std::string& name : table_.primary_key) {
      key.push_back(value_text(batch.columns[*table_.index_of(name)], row));
    }
    const std::string joined = join_key(key);
    for (size_t c = 0; c < fields; ++c) {
      const Column& before = batch.columns[c];
      const Column& after = batch.columns[fields + c];
      const std::string old_value = value_text(before, row);
      const std::string new_value = value_text(after, row);
      if (before.is_null(row) == after.is_null(row) && old_value == new_value) continue;
      add(joined, "changed", table_.fields[c].name);
      put(6, before.is_null(row), old_value);
      put(7, after.is_null(row), new_value);
    }
  }

  Result<> keys_page(std::string_view kind, uint64_t at) {
    const std::string sql =
        fmt::format("SELECT {} FROM y_{} WHERE y_pos > $1 AND y_pos <= $2 ORDER BY y_pos",
                    sql_list(table_.primary_key), kind);
    YIPAN_ASSIGN(const auto rows,
                 context_.db.query(sql, {Value(at), Value(at + kPage)}, key_types(table_)));
    Batch batch;
    while (true) {
      YIPAN_ASSIGN(const bool more, rows->next(&batch));
      if (!more) break;
      for (size_t i = 0; i < batch.rows(); ++i) {
        std::vector<std::string> key;
        for (const Column& column : batch.columns) key.push_back(value_text(column, i));
        add(join_key(key), kind, "");
        put(6, true, {});
        put(7, true, {});
      }
    }
    return write();
  }

  void add(const std::string& key, std::string_view kind, const std::string& field) {
    out_.columns[0].append_bytes(dataset_);
    out_.columns[1].append_int(static_cast<int64_t>(diff_.vintage));
    out_.columns[2].append_int(static_cast<int64_t>(++position_));
    out_.columns[3].append_bytes(key);
    out_.columns[4].append_bytes(kind);
    out_.columns[5].append_bytes(field);
  }
  void put(size_t column, bool null, const std::string& value) {
    if (null) {
      out_.columns[column].append_null();
    } else {
      out_.columns[column].append_bytes(value);
    }
  }

  Result<> write() {
    if (out_.rows() == 0) return {};
    YIPAN_ASSIGN(const auto writer, context_.db.bulk(spec_.name, spec_.columns));
    YIPAN_TRY(writer->append(out_));
    YIPAN_TRY(writer->finish());
    out_.clear();
    return {};
  }

  const ApplyContext& context_;
  const TableSchema& table_;
  const std::string& dataset_;
  const Diff& diff_;
  store::TableSpec spec_;
  Batch out_;
  uint64_t position_ = 0;
};

}  // namespace

Result<> record_changes(const ApplyContext& context, const TableSchema& table,
                        const std::string& dataset, const Diff& diff) {
  return Recorder(context, table, dataset, diff).run();
}

}  // namespace yipan::board
