// "dataset.import": the rows of a rowset become a vintage of their dataset.
#include <fmt/format.h>

#include <algorithm>

#include "board/apply.h"
#include "board/row_hash.h"

namespace yipan::board {

using store::Value;

namespace {

Error entry_error(const ApplyContext& context, std::string_view code, const std::string& zh,
                  const std::string& en) {
  return Error(code).zh(zh).en(en).element(fmt::format("entry {}", context.index));
}

class Import {
 public:
  Import(const ApplyContext& context, DatasetImport body)
      : context_(context), db_(context.db), body_(std::move(body)) {}
  Result<Applied> run();

 private:
  Result<> check_entry();
  Result<> open_rowset();
  Result<bool> is_direct();
  Result<> load(const store::TableSpec& spec, bool direct);
  Result<> load_batch(store::BulkWriter& writer, const store::TableSpec& spec, bool direct);
  Result<> check_batch() const;
  Result<> load_directly();
  Result<> load_through_stage();
  Result<> find_differences();
  Result<> make_set(std::string_view set, const std::string& order, const std::string& from,
                    uint64_t* count);
  Result<> move_rows();
  Result<> drop_sets();
  Result<> insert_source();
  Result<> insert_dataset();

  const ApplyContext& context_;
  store::Connection& db_;
  DatasetImport body_;
  const TableSchema* table_ = nullptr;
  LastVintage last_;
  std::unique_ptr<RowsetReader> reader_;
  Batch rows_;
  Batch full_;  // rows_ and provenance
  std::vector<uint64_t> source_rows_;
  RowEncoder encoder_;
  Applied out_;
};

Result<> Import::check_entry() {
  const auto& evidence = context_.entry.evidence;
  if (evidence.size() < 2 || evidence[0] != body_.file_hash || evidence[1] != body_.rowset_hash) {
    return fail(entry_error(context_, "board.import.evidence",
                            "证据与内容不符：应依次为来源文件和行集",
                            "the evidence is not what the body says: the file, then the rowset")
                    .remedy("按 DatasetImport 的次序附证据",
                            "attach the evidence in the order of DatasetImport"));
  }
  table_ = context_.schemas.find(body_.table);
  if (table_ == nullptr) {
    return fail(entry_error(context_, "board.import.table", fmt::format("没有表“{}”", body_.table),
                            fmt::format("there is no table '{}'", body_.table))
                    .remedy("先采用含有它的表结构", "adopt a schema that has it first"));
  }
  YIPAN_ASSIGN(last_, last_vintage(db_, body_.dataset));
  if (last_.vintage == 0 || last_.table == body_.table) return {};
  return fail(entry_error(context_, "board.import.dataset",
                          fmt::format("数据集“{}”属于表 {}，不能导入表 {}", body_.dataset,
                                      last_.table, body_.table),
                          fmt::format("dataset '{}' belongs to table {}, not to {}", body_.dataset,
                                      last_.table, body_.table))
                  .remedy("换一个数据集名称", "give the dataset another name"));
}

// The fields are the table's, or the first of them: it may have grown since the rows were written.
Result<> Import::open_rowset() {
  YIPAN_ASSIGN(auto file, context_.ledger.open_blob(body_.rowset_hash));
  YIPAN_ASSIGN(reader_, RowsetReader::open(std::move(file)));
  const RowsetHeader& header = reader_->header();
  bool fits = header.table == body_.table && header.fields.size() <= table_->fields.size();
  for (size_t i = 0; fits && i < header.fields.size(); ++i) {
    fits = header.fields[i] == table_->fields[i].name && header.types[i] == table_->fields[i].type;
  }
  if (fits) return {};
  return fail(entry_error(context_, "board.import.rowset",
                          fmt::format("行集的列不是表 {} 的列", body_.table),
                          fmt::format("the rowset's fields are not those of table {}", body_.table))
                  .file(context_.ledger.blob_path(body_.rowset_hash))
                  .remedy("用现行表结构重新导入", "import again with the schema that is in force"));
}

// Straight into the table with its indexes made afterwards, if the dataset has no rows there and
// those of others are not so many that indexing them again would cost more than it saves.
Result<bool> Import::is_direct() {
  if (!context_.may_load_directly || last_.rows != 0) return false;
  YIPAN_ASSIGN(const uint64_t others, table_rows(db_, body_.table));
  return others <= body_.rows;
}

Result<> Import::check_batch() const {
  for (size_t c = 0; c < table_->fields.size(); ++c) {
    const Field& field = table_->fields[c];
    const bool absent = c >= rows_.columns.size();
    if (!field.required || (!absent && rows_.columns[c].null_count() == 0)) continue;
    size_t row = 0;
    while (!absent && !rows_.columns[c].is_null(row)) ++row;
    return fail(
        entry_error(context_, "board.import.required",
                    fmt::format("必填字段 {} 是空的", field.name),
                    fmt::format("the required field {} is empty", field.name))
            .row(source_rows_[row])
            .column(field.name)
            .remedy("填上它，或让导入拒收这一行", "fill it, or let the import refuse the row"));
  }
  return {};
}

Result<> Import::load_batch(store::BulkWriter& writer, const store::TableSpec& spec, bool direct) {
  const size_t count = rows_.rows();
  const size_t given = rows_.columns.size();
  if (full_.columns.empty()) full_ = Batch(types_of(spec));
  full_.clear();
  size_t at = table_->fields.size();
  for (size_t c = given; c < at; ++c) {
    for (size_t i = 0; i < count; ++i) full_.columns[c].append_null();
  }
  for (int constants = direct ? 2 : 0; constants > 0; --constants) {
    for (size_t i = 0; i < count; ++i) {
      full_.columns[at].append_int(static_cast<int64_t>(context_.index));
    }
    ++at;
  }
  for (size_t i = 0; i < count; ++i) {
    full_.columns[at].append_int(static_cast<int64_t>(source_rows_[i]));
    full_.columns[at + 1].append_bytes(encoder_.hash(rows_, i, given).view());
  }
  for (size_t c = 0; c < given; ++c) std::swap(full_.columns[c], rows_.columns[c]);
  const auto written = writer.append(full_);
  for (size_t c = 0; c < given; ++c) std::swap(full_.columns[c], rows_.columns[c]);
  return written;
}

Result<> Import::load(const store::TableSpec& spec, bool direct) {
  YIPAN_ASSIGN(const auto writer, db_.bulk(spec.name, spec.columns));
  while (true) {
    YIPAN_ASSIGN(const bool more, reader_->next(&rows_, &source_rows_));
    if (!more) break;
    YIPAN_TRY(check_batch());
    YIPAN_TRY(load_batch(*writer, spec, direct));
    out_.rows += rows_.rows();
  }
  YIPAN_TRY(writer->finish());
  if (out_.rows == body_.rows) return {};
  return fail(
      entry_error(context_, "board.import.rows",
                  fmt::format("行集有 {} 行，条目说 {} 行", out_.rows, body_.rows),
                  fmt::format("the rowset has {} rows, the entry says {}", out_.rows, body_.rows))
          .remedy("条目和行集不是一对；重新导入",
                  "the entry and the rowset do not belong together; import again"));
}

Result<> Import::load_directly() {
  const auto indexes = index_specs(*table_, context_.schemas);
  for (const IndexSpec& index : indexes) YIPAN_TRY(db_.execute(index.drop_sql()));
  YIPAN_TRY(load(current_spec(*table_), true));
  for (const IndexSpec& index : indexes) YIPAN_TRY(db_.execute(index.create_sql()));
  out_.diff.added = out_.rows;
  NewRows rows;
  rows.from =
      fmt::format("(SELECT * FROM {} WHERE y_entry = {}) n", q(table_->name), context_.index);
  return find_dangling(context_, *table_, body_.dataset, rows, &out_);
}

// Which keys are changed, removed, added: three temporary tables with a position in key order. One
// pass over the import's rows finds those that are new or differ; if all the others account for all
// that the dataset had, none is removed.
Result<> Import::find_differences() {
  const auto& key = table_->primary_key;
  const std::string equal = sql_equal("s", key, "t", key);
  YIPAN_TRY(db_.execute(fmt::format(
      "CREATE TEMPORARY TABLE y_delta AS SELECT {}, CASE WHEN t.y_hash IS NULL THEN 1 ELSE 0 END "
      "AS y_new FROM y_stage s LEFT JOIN {} t ON {} "
      "WHERE t.y_hash IS NULL OR t.y_hash <> s.y_hash",
      sql_list(key, "s"), q(table_->name), equal)));
  const std::string order = sql_key_order(db_.dialect(), *table_, "t");
  YIPAN_TRY(make_set("y_changed", order, "y_delta t WHERE t.y_new = 0", &out_.diff.changed));
  YIPAN_TRY(make_set("y_added", order, "y_delta t WHERE t.y_new = 1", &out_.diff.added));
  const uint64_t met = out_.rows - out_.diff.added;
  // Data definition takes no parameters: y_mine holds what is this dataset's.
  YIPAN_TRY(db_.execute("CREATE TEMPORARY TABLE y_mine (entry BIGINT)"));
  YIPAN_TRY(db_.execute("INSERT INTO y_mine (entry) SELECT entry FROM y_sources WHERE dataset = $1",
                        {Value(body_.dataset)}));
  const std::string absent = fmt::format(
      "{} t WHERE t.y_source IN (SELECT entry FROM y_mine) "
      "AND NOT EXISTS (SELECT 1 FROM y_stage s WHERE {})",
      q(table_->name), equal);
  YIPAN_TRY(make_set("y_removed", order,
                     met == last_.rows ? q(table_->name) + " t WHERE 1 = 0" : absent,
                     &out_.diff.removed));
  out_.diff.same = met - out_.diff.changed;
  return {};
}

Result<> Import::make_set(std::string_view set, const std::string& order, const std::string& from,
                          uint64_t* count) {
  const auto& key = table_->primary_key;
  YIPAN_TRY(db_.execute(fmt::format(
      "CREATE TEMPORARY TABLE {} AS SELECT ROW_NUMBER() OVER (ORDER BY {}) AS y_pos, {} FROM {}",
      set, order, sql_list(key, "t"), from)));
  YIPAN_TRY(db_.execute(fmt::format("CREATE INDEX {}_key ON {} ({})", set, set, sql_list(key))));
  YIPAN_TRY(db_.execute(fmt::format("CREATE INDEX {}_pos ON {} (y_pos)", set, set)));
  YIPAN_TRY(db_.execute(fmt::format("ANALYZE {}", set)));
  YIPAN_ASSIGN(const auto rows, db_.query_int(fmt::format("SELECT COUNT(*) FROM {}", set)));
  *count = static_cast<uint64_t>(rows.value_or(0));
  return {};
}

Result<> Import::move_rows() {
  const std::string table = q(table_->name);
  const std::string fields = sql_list(field_names(*table_));
  const std::string key = sql_list(table_->primary_key);
  for (const char* set : {"y_changed", "y_removed"}) {
    YIPAN_TRY(db_.execute(fmt::format(
        "INSERT INTO {} ({}, y_entry, y_source, y_row, y_hash, y_entry_end) "
        "SELECT {}, t.y_entry, t.y_source, t.y_row, t.y_hash, {} FROM {} c JOIN {} t ON {}",
        q(history_name(table_->name)), fields, sql_list(field_names(*table_), "t"), context_.index,
        set, table, sql_equal("c", table_->primary_key, "t", table_->primary_key))));
    YIPAN_TRY(db_.execute(
        fmt::format("DELETE FROM {} WHERE ({}) IN (SELECT {} FROM {})", table, key, key, set)));
  }
  for (const char* set : {"y_changed", "y_added"}) {
    YIPAN_TRY(db_.execute(fmt::format(
        "INSERT INTO {} ({}, y_entry, y_source, y_row, y_hash) "
        "SELECT {}, {}, {}, s.y_row, s.y_hash FROM {} c JOIN y_stage s ON {}",
        table, fields, sql_list(field_names(*table_), "s"), context_.index, context_.index, set,
        sql_equal("c", table_->primary_key, "s", table_->primary_key))));
  }
  return {};
}

Result<> Import::drop_sets() {
  for (const char* set : {"y_stage", "y_changed", "y_removed", "y_added", "y_delta", "y_mine"}) {
    YIPAN_TRY(db_.execute(fmt::format("DROP TABLE IF EXISTS {}", set)));
  }
  return {};
}

Result<> Import::load_through_stage() {
  YIPAN_TRY(drop_sets());
  const store::TableSpec stage = stage_spec(*table_);
  YIPAN_TRY(db_.create_table(stage));
  YIPAN_TRY(load(stage, false));
  YIPAN_TRY(db_.execute(
      fmt::format("CREATE INDEX y_stage_key ON y_stage ({})", sql_list(table_->primary_key))));
  YIPAN_TRY(db_.execute("ANALYZE y_stage"));
  YIPAN_ASSIGN(const uint64_t all, table_rows(db_, body_.table));
  YIPAN_TRY(find_duplicates(context_, *table_, body_.dataset, all != last_.rows, &out_));
  NewRows rows;
  rows.from = "y_stage n";
  rows.applied = !out_.duplicates;
  if (out_.duplicates) return find_dangling(context_, *table_, body_.dataset, rows, &out_);
  YIPAN_TRY(find_differences());
  YIPAN_TRY(move_rows());
  if (last_.rows != 0 && out_.rows != 0) {
    YIPAN_TRY(record_changes(context_, *table_, body_.dataset, out_.diff));
  }
  YIPAN_TRY(find_dangling(context_, *table_, body_.dataset, rows, &out_));
  if (out_.diff.removed + out_.diff.changed != 0) {
    YIPAN_TRY(find_orphans(context_, *table_, body_.dataset, &out_));
  }
  return drop_sets();
}

Result<> Import::insert_source() {
  return db_.execute(
      "INSERT INTO y_sources (entry, dataset, table_name, file, sheet, encoding, file_hash, "
      "rowset_hash, imported_at, imported_by, synthetic) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
      {Value(context_.index), Value(body_.dataset), Value(body_.table), Value(body_.file),
       Value(body_.sheet), Value(body_.encoding),
       Value(store::Bytes{std::string(body_.file_hash.view())}),
       Value(store::Bytes{std::string(body_.rowset_hash.view())}), Value(context_.entry.when),
       Value(context_.entry.who), Value(body_.synthetic)});
}

Result<> Import::insert_dataset() {
  VintageRow row;
  row.dataset = body_.dataset;
  row.table = body_.table;
  row.kind = "import";
  row.reason = body_.reason.empty() && last_.vintage != 0 ? "none given" : body_.reason;
  row.entry = context_.index;
  row.rows = out_.rows;
  row.refused = body_.refused;
  row.diff = out_.diff;
  return insert_vintage(db_, row);
}

Result<Applied> Import::run() {
  YIPAN_TRY(check_entry());
  YIPAN_TRY(open_rowset());
  out_.diff.vintage = last_.vintage + 1;
  YIPAN_ASSIGN(const bool direct, is_direct());
  if (direct) {
    YIPAN_TRY(load_directly());
  } else {
    YIPAN_TRY(load_through_stage());
  }
  if (out_.duplicates) return std::move(out_);
  YIPAN_TRY(insert_source());
  YIPAN_TRY(insert_dataset());
  YIPAN_TRY(
      refresh_if_moved(db_, table_->name, out_.diff.added + out_.diff.changed + out_.diff.removed));
  return std::move(out_);
}

}  // namespace

Result<Applied> apply_import(const ApplyContext& context) {
  YIPAN_ASSIGN(DatasetImport body, DatasetImport::parse(context.entry.body));
  return Import(context, std::move(body)).run();
}

}  // namespace yipan::board
