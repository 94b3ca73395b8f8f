// Plain files out: CSV, and what all exports share. (Reports for people to read are report/'s.)
#include <fmt/format.h>

#include "intake/bytes.h"
#include "intake/export_rows.h"
#include "intake/side_file.h"
#include "yipan/units.h"

namespace yipan::intake {
namespace {

constexpr size_t kFlushBytes = size_t{1} << 18;

std::string select_sql(const board::TableSchema& table, const ExportOptions& options,
                       const std::string& from, const std::string& order) {
  std::string columns;
  for (const store::ColumnSpec& c : export_columns(table, options)) {
    columns += (columns.empty() ? "" : ", ") + store::quote_identifier(c.name);
  }
  return "SELECT " + columns + " FROM " + from + " " + order;
}

}  // namespace

Result<std::vector<const board::TableSchema*>> export_tables(const Context& context,
                                                             const ExportOptions& options) {
  const board::Schemas& schemas = context.board->schemas();
  std::vector<const board::TableSchema*> out;
  for (const std::string& name : options.tables) {
    const board::TableSchema* table = schemas.find(name);
    if (table == nullptr) {
      return fail(Error("intake.export.table")
                      .zh(fmt::format("没有“{}”这张表", name))
                      .en(fmt::format("there is no table {}", name))
                      .remedy("请核对表名", "check the table's name"));
    }
    out.push_back(table);
  }
  if (!options.tables.empty()) return out;
  for (const board::TableSchema& table : schemas.all()) {
    YIPAN_ASSIGN(auto any,
                 context.board->connection().query_int(
                     "SELECT 1 FROM " + store::quote_identifier(table.name) + " LIMIT 1"));
    if (any) out.push_back(&table);
  }
  return out;
}

std::vector<store::ColumnSpec> export_columns(const board::TableSchema& table,
                                              const ExportOptions& options) {
  std::vector<store::ColumnSpec> out;
  for (const store::ColumnSpec& c : table.table_spec().columns) {
    if (table.find(c.name) != nullptr) out.push_back(c);
  }
  if (options.provenance) {
    out.push_back({"y_entry", Type::integer, false, ""});
    out.push_back({"y_row", Type::integer, false, ""});
  }
  return out;
}

Result<uint64_t> each_batch(const Context& context, const board::TableSchema& table,
                            const ExportOptions& options,
                            const std::function<Result<>(const Batch&)>& each) {
  std::string from = store::quote_identifier(table.name);
  if (options.ledger_size) {
    YIPAN_ASSIGN(std::string sql, context.board->as_of_sql(table.name, *options.ledger_size));
    from = "(" + sql + ") AS t";
  }
  YIPAN_ASSIGN(std::string order, context.board->key_order_sql(table.name));
  YIPAN_ASSIGN(auto rows,
               context.board->connection().query(select_sql(table, options, from, order)));
  Batch batch;
  uint64_t count = 0;
  for (;;) {
    YIPAN_ASSIGN(bool more, rows->next(&batch));
    if (!more) return count;
    count += batch.rows();
    YIPAN_TRY(each(batch));
  }
}

std::string title_with_unit(const board::Field& field) {
  const Unit* unit = field.unit.empty() ? nullptr : find_unit(field.unit);
  const std::string& title = field.title_zh.empty() ? field.name : field.title_zh;
  return unit == nullptr ? title : fmt::format("{}（{}）", title, unit->zh);
}

Result<OutFile> OutFile::create(Files& files, const std::string& path) {
  YIPAN_ASSIGN(auto file, files.open(path + ".part", Open::create));
  YIPAN_TRY(file->truncate(0));
  return OutFile(files, path, std::move(file));
}

OutFile::~OutFile() {
  if (file_ == nullptr) return;
  file_.reset();
  (void)files_->remove(path_ + ".part");
}

Result<> OutFile::write(std::string_view bytes) {
  buffer_.append(bytes);
  if (buffer_.size() < kFlushBytes) return {};
  YIPAN_TRY(file_->write_at(written_, buffer_));
  written_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<> OutFile::keep() {
  YIPAN_TRY(file_->write_at(written_, buffer_));
  YIPAN_TRY(file_->sync_data());
  YIPAN_TRY(files_->rename(path_ + ".part", path_));
  file_.reset();
  return {};
}

Result<uint64_t> write_csv(const Context& context, const board::TableSchema& table,
                           const ExportOptions& options, GeometryText geometry,
                           const std::string& path) {
  YIPAN_ASSIGN(OutFile out, OutFile::create(*context.files, path));
  std::string text = options.bom ? "\xEF\xBB\xBF" : "";
  const auto columns = export_columns(table, options);
  for (size_t c = 0; c < columns.size(); ++c) {
    const board::Field* field = table.find(columns[c].name);
    if (c > 0) text += ',';
    append_csv_cell(
        options.titles_zh && field != nullptr ? title_with_unit(*field) : columns[c].name, &text);
  }
  text += "\r\n";
  GeometryReader reader;
  YIPAN_ASSIGN(uint64_t rows, each_batch(context, table, options, [&](const Batch& b) -> Result<> {
                 for (size_t r = 0; r < b.rows(); ++r) {
                   for (size_t c = 0; c < b.columns.size(); ++c) {
                     if (c > 0) text += ',';
                     const Column& column = b.columns[c];
                     if (column.is_null(r)) continue;
                     if (column.type() == Type::geometry) {
                       YIPAN_ASSIGN(std::string shape, geometry == GeometryText::wkt
                                                           ? reader.to_wkt(column.bytes_at(r))
                                                           : reader.to_geojson(column.bytes_at(r)));
                       append_csv_cell(shape, &text);
                     } else {
                       append_csv_cell(board::value_text(column, r), &text);
                     }
                   }
                   text += "\r\n";
                 }
                 YIPAN_TRY(out.write(text));
                 text.clear();
                 return {};
               }));
  YIPAN_TRY(out.write(text));
  YIPAN_TRY(out.keep());
  return rows;
}

Result<uint64_t> export_csv(const Context& context, const std::string& path,
                            const ExportOptions& options) {
  YIPAN_ASSIGN(auto tables, export_tables(context, options));
  if (tables.size() != 1) {
    return fail(Error("intake.export.one_table")
                    .zh("CSV 每个文件只放一张表")
                    .en("a CSV file holds exactly one table")
                    .file(base_name(path))
                    .remedy("请指定一张表，或改用 xlsx 或数据包",
                            "name one table, or use xlsx or a data package"));
  }
  return write_csv(context, *tables[0], options, GeometryText::wkt, path);
}

}  // namespace yipan::intake
