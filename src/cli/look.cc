// show, history, trace: what is on the board, how it came there, and the proof.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "yipan/text.h"
#include "yipan/units.h"

namespace yipan::cli {

namespace {

using nlohmann::json;

std::string cell_text(const Column& column, size_t row) {
  if (column.is_null(row)) return "";
  switch (column.type()) {
    case Type::boolean:
      return column.int_at(row) != 0 ? "true" : "false";
    case Type::integer:
      return std::to_string(column.int_at(row));
    case Type::real:
      return fmt::format("{}", column.real_at(row));
    case Type::date:
      return Date::from_days(column.int_at(row)).to_string();
    case Type::instant:
      return Instant::from_micros(column.int_at(row)).to_string();
    case Type::text:
      return std::string(column.bytes_at(row));
    case Type::geometry:
      return fmt::format("WKB[{}]", column.bytes_at(row).size());
    case Type::bytes:
      return hex(column.bytes_at(row));
  }
  return "";
}

json cell_json(const Column& column, size_t row) {
  if (column.is_null(row)) return nullptr;
  switch (column.type()) {
    case Type::boolean:
      return column.int_at(row) != 0;
    case Type::integer:
      return column.int_at(row);
    case Type::real:
      return column.real_at(row);
    default:
      return cell_text(column, row);
  }
}

bool right_aligned(Type type) { return type == Type::integer || type == Type::real; }

Result<> print_rows(const Context& context, store::Rows& rows,
                    const std::vector<std::string>& titles) {
  const auto& columns = rows.columns();
  std::vector<std::string> header;
  for (size_t i = 0; i < columns.size(); ++i) {
    header.push_back(i < titles.size() && !titles[i].empty() ? titles[i] : columns[i].name);
  }
  TextTable table(header);
  for (size_t i = 0; i < columns.size(); ++i) {
    if (right_aligned(columns[i].type)) table.right_align(i);
  }
  json list = json::array();
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows.next(&batch));
    if (!more) break;
    for (size_t r = 0; r < batch.rows(); ++r) {
      if (context.json) {
        json object = json::object();
        for (size_t c = 0; c < columns.size(); ++c) {
          object[columns[c].name] = cell_json(batch.columns[c], r);
        }
        list.push_back(std::move(object));
        continue;
      }
      std::vector<std::string> cells;
      for (size_t c = 0; c < columns.size(); ++c) cells.push_back(cell_text(batch.columns[c], r));
      table.add(std::move(cells));
    }
  }
  if (context.json) {
    print_line(list.dump(2));
  } else {
    print(table.to_string());
  }
  return {};
}

Result<> show_overview(const Context& context, City& city) {
  store::Connection& db = city.board().connection();
  TextTable table({std::string(context.tr("表", "table")), std::string(context.tr("名称", "title")),
                   std::string(context.tr("行数", "rows"))});
  table.right_align(2);
  json list = json::array();
  for (const auto& schema : city.board().schemas().all()) {
    YIPAN_ASSIGN(const auto count,
                 db.query_int("SELECT count(*) FROM " + store::quote_identifier(schema.name)));
    const int64_t rows = count.value_or(0);
    if (rows == 0 && !context.json) continue;
    const std::string title(context.tr(schema.title_zh, schema.title_en));
    table.add({schema.name, title, with_thousands(static_cast<uint64_t>(rows))});
    list.push_back({{"table", schema.name}, {"title", title}, {"rows", rows}});
  }
  const uint64_t size = city.ledger().size();
  const std::string root = base64(city.ledger().root().view());
  if (context.json) {
    print_line(json{
        {"city", city.config().name},
        {"ledger_size", size},
        {"ledger_root", root},
        {"applied", city.board().applied()},
        {"tables",
         list}}.dump(2));
    return {};
  }
  print_line(fmt::format("{} {}", context.tr("城市", "city"), city.config().name));
  print(table.to_string());
  print_line(fmt::format("{} {}  {} {}", context.tr("账本条目", "ledger entries"), size,
                         context.tr("树根", "root"), root));
  return {};
}

// "2022-11-30", an instant, or a ledger size.
Result<uint64_t> parse_as_of(City& city, const std::string& text) {
  if (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos) {
    const uint64_t size = std::strtoull(text.c_str(), nullptr, 10);
    if (size <= city.ledger().size()) return size;
    return fail(Error("cli.as_of.beyond")
                    .zh(fmt::format("账本只有 {} 条", city.ledger().size()))
                    .en(fmt::format("the ledger has only {} entries", city.ledger().size()))
                    .remedy("给一个不大于它的数", "give a number that is not larger"));
  }
  if (const auto date = Date::parse(text)) {
    // A date means the end of that day.
    const int64_t micros_per_day = int64_t{86'400} * 1'000'000;
    return city.board().ledger_size_at(
        Instant::from_micros((date->days() + 1) * micros_per_day - 1));
  }
  const auto instant = Instant::parse(text);
  if (instant) return city.board().ledger_size_at(*instant);
  return fail(Error("cli.as_of.invalid")
                  .zh("看不懂时点“" + text + "”")
                  .en("cannot read the point in time '" + text + "'")
                  .remedy("写成 2022-11-30、2022-11-30T08:00:00Z 或账本条数",
                          "write 2022-11-30, 2022-11-30T08:00:00Z, or a ledger size"));
}

Error no_table(const Context&, const City&, const std::string& name) {
  return Error("cli.table.unknown")
      .zh("没有名为“" + name + "”的表")
      .en("there is no table '" + name + "'")
      .remedy("不带参数运行 yipan show，看有哪些表", "run yipan show alone to see the tables");
}

Result<> show_table(const Context& context, City& city, const ShowCommand& command) {
  const board::TableSchema* schema = city.board().schemas().find(command.table);
  if (schema == nullptr) return fail(no_table(context, city, command.table));
  std::string from = store::quote_identifier(command.table);
  if (!command.as_of.empty()) {
    YIPAN_ASSIGN(const uint64_t size, parse_as_of(city, command.as_of));
    YIPAN_ASSIGN(const std::string sql, city.board().as_of_sql(command.table, size));
    from = "(" + sql + ") AS t";
  }
  std::vector<std::string> names = command.columns;
  if (names.empty()) {
    for (const auto& field : schema->fields) {
      if (field.type != Type::geometry) names.push_back(field.name);
    }
  }
  std::string list;
  std::vector<std::string> titles;
  for (const std::string& name : names) {
    const board::Field* field = schema->find(name);
    if (field == nullptr && !name.starts_with("y_")) {
      return fail(Error("cli.column.unknown")
                      .zh("表 " + command.table + " 没有列 " + name)
                      .en("table " + command.table + " has no column " + name)
                      .column(name)
                      .remedy("见 docs/guide/tables.md 或 yipan show --json",
                              "see docs/guide/tables.md or yipan show --json"));
    }
    list += (list.empty() ? "" : ", ") + store::quote_identifier(name);
    std::string title = name;
    if (field != nullptr && !context.json) {
      title = std::string(context.tr(field->title_zh, field->title_en));
      const Unit* unit = find_unit(field->unit);
      if (unit != nullptr) title += fmt::format("（{}）", context.tr(unit->zh, unit->en));
    }
    titles.push_back(title);
  }
  YIPAN_ASSIGN(const std::string order, city.board().key_order_sql(command.table));
  const std::string sql = "SELECT " + list + " FROM " + from +
                          (command.where.empty() ? "" : " WHERE " + command.where) + " " + order +
                          " LIMIT " + std::to_string(command.limit);
  YIPAN_ASSIGN(auto rows, city.board().connection().query(sql));
  return print_rows(context, *rows, titles);
}

Result<> trace(const Context& context, const std::string& record) {
  YIPAN_ASSIGN(const RecordName name, parse_record(record));
  YIPAN_ASSIGN(City city, City::open(context, Access::read));
  YIPAN_ASSIGN(const board::Provenance p, city.board().trace(name.table, name.key));
  YIPAN_ASSIGN(const ledger::Entry entry, city.ledger().entry(p.entry));
  YIPAN_ASSIGN(const std::string bytes, city.ledger().entry_bytes(p.entry));
  const Hash256 leaf = ledger::leaf_hash(bytes);
  const uint64_t size = city.ledger().size();
  YIPAN_ASSIGN(const ledger::Proof proof, city.ledger().inclusion_proof(p.entry, size));
  const Hash256 root = city.ledger().root();
  YIPAN_TRY(ledger::verify_inclusion(p.entry, size, leaf, proof, root));
  if (context.json) {
    json values = json::object();
    for (const auto& [field, value] : p.values) values[field] = value;
    print_line(json{
        {"table", p.table},
        {"key", p.key},
        {"values", values},
        {"row_hash", p.row_hash.hex()},
        {"dataset", p.dataset},
        {"file", p.file},
        {"sheet", p.sheet},
        {"row", p.row},
        {"file_hash", p.file_hash.hex()},
        {"blob", city.ledger().blob_path(p.file_hash)},
        {"rowset_hash", p.rowset_hash.hex()},
        {"entry", p.entry},
        {"who", entry.who},
        {"when", entry.when.to_string()},
        {"what", entry.what},
        {"leaf_hash", leaf.hex()},
        {"ledger_size", size},
        {"root", root.hex()},
        {"proof_length", proof.size()},
        {"verified",
         true}}.dump(2));
    return {};
  }
  const auto line = [&](std::string_view zh, std::string_view en, const std::string& value) {
    print_line(fmt::format("  {}  {}", context.tr(zh, en), value));
  };
  print_line(fmt::format("{}/{}", p.table, p.key));
  for (const auto& [field, value] : p.values) {
    if (!value.empty()) print_line(fmt::format("    {} = {}", field, value));
  }
  const std::string sheet = p.sheet.empty() ? "" : " [" + p.sheet + "]";
  line("来源行　", "source row  ",
       fmt::format("{}{} {} {}", p.file, sheet, context.tr("第", "row"), p.row) +
           (context.lang == Lang::zh ? " 行" : ""));
  line("原件　　", "original    ", city.ledger().blob_path(p.file_hash));
  line("原件哈希", "file SHA-256", p.file_hash.hex());
  line("行哈希　", "row SHA-256 ", p.row_hash.hex());
  line("账本条目", "ledger entry",
       fmt::format("{}  {}  {}  {}", p.entry, entry.when.to_string(), entry.who, entry.what));
  line("证明　　", "proof       ",
       fmt::format("{} {} / {} {}", context.tr("哈希", "hashes"), proof.size(),
                   context.tr("树根", "root"), base64(root.view())));
  print_line(context.tr("  ✓ 该条目在账本中，证明成立",
                        "  ✓ the entry is in the ledger; the proof holds"));
  return {};
}

Result<> history(const Context& context, const std::string& record) {
  YIPAN_ASSIGN(const RecordName name, parse_record(record));
  YIPAN_ASSIGN(City city, City::open(context, Access::read));
  YIPAN_ASSIGN(const auto items, city.board().history(name.table, name.key));
  json list = json::array();
  std::vector<std::pair<std::string, std::string>> before;
  for (const board::HistoryItem& item : items) {
    if (context.json) {
      json values = json::object();
      for (const auto& [field, value] : item.values) values[field] = value;
      list.push_back({{"entry", item.entry},
                      {"entry_end", item.entry_end},
                      {"when", item.when.to_string()},
                      {"who", item.who},
                      {"reason", item.reason},
                      {"values", values}});
      continue;
    }
    const std::string reason = item.reason.empty()
                                   ? std::string(context.tr("未说明理由", "no reason given"))
                                   : item.reason;
    print_line(fmt::format("{} {}  {}  {}  {}", context.tr("条目", "entry"), item.entry,
                           item.when.to_string(), item.who, reason));
    for (const auto& [field, value] : item.values) {
      std::string old;
      bool seen = false;
      for (const auto& [f, v] : before) {
        if (f == field) {
          old = v;
          seen = true;
        }
      }
      if (!before.empty() && seen && old == value) continue;
      print_line(before.empty() ? fmt::format("    {} = {}", field, value)
                                : fmt::format("    {}: {} → {}", field, old, value));
    }
    before = item.values;
  }
  if (context.json) print_line(list.dump(2));
  return {};
}

int finish(const Context& context, const Result<>& result) {
  if (result) return kExitOk;
  print_error(context, result.error());
  return kExitError;
}

}  // namespace

Result<RecordName> parse_record(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) {
    return fail(Error("cli.record.invalid")
                    .zh("看不懂记录名“" + std::string(text) + "”")
                    .en("cannot read the record name '" + std::string(text) + "'")
                    .remedy("写成 表名/主键，例如 projects/XX-2022-0149",
                            "write TABLE/KEY, for example projects/XX-2022-0149"));
  }
  return RecordName{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
}

int run_show(const Context& context, const ShowCommand& command) {
  auto city = City::open(context, Access::read);
  if (!city) return finish(context, fail(city.error()));
  return finish(context, command.table.empty() ? show_overview(context, *city)
                                               : show_table(context, *city, command));
}

int run_query(const Context& context, const std::string& sql) {
  auto city = City::open(context, Access::read);
  if (!city) return finish(context, fail(city.error()));
  auto rows = city->board().connection().query(sql);
  return finish(context, rows ? print_rows(context, **rows, {}) : fail(rows.error()));
}

int run_history(const Context& context, const std::string& record) {
  return finish(context, history(context, record));
}

int run_trace(const Context& context, const std::string& record) {
  return finish(context, trace(context, record));
}

}  // namespace yipan::cli
