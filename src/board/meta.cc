#include "board/meta.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "board/tables.h"

namespace yipan::board {

using store::Value;

namespace {

Error meta_error(std::string_view name) {
  return Error("board.meta")
      .zh(fmt::format("总盘的 y_meta 缺少“{}”或内容不对", name))
      .en(fmt::format("'{}' in the board's y_meta is missing or wrong", name))
      .element("y_meta")
      .column(name)
      .remedy("运行 yipan rebuild，从账本重建总盘", "run yipan rebuild to derive the board anew");
}

Error open_error(std::string_view what, const std::string& zh, const std::string& en) {
  return Error("board.open." + std::string(what)).zh(zh).en(en).element("y_meta");
}

}  // namespace

Result<std::optional<Meta>> read_meta(store::Connection& db) {
  YIPAN_ASSIGN(const bool there, db.has_table("y_meta"));
  if (!there) return std::optional<Meta>();
  YIPAN_ASSIGN(const auto rows,
               db.query("SELECT name, value FROM y_meta", {}, {Type::text, Type::text}));
  std::map<std::string, std::string, std::less<>> values;
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) break;
    for (size_t i = 0; i < batch.rows(); ++i) {
      values[std::string(batch.columns[0].bytes_at(i))] = batch.columns[1].bytes_at(i);
    }
  }
  for (const char* name : {"format", "origin", "applied", "root", "schemas"}) {
    if (!values.contains(name)) return fail(meta_error(name));
  }
  Meta meta;
  meta.format = values["format"];
  meta.origin = values["origin"];
  meta.schemas = values["schemas"];
  const std::string& applied = values["applied"];
  const auto [end, wrong] =
      std::from_chars(applied.data(), applied.data() + applied.size(), meta.applied);
  if (wrong != std::errc() || end != applied.data() + applied.size()) {
    return fail(meta_error("applied"));
  }
  const auto root = Hash256::from_hex(values["root"]);
  if (!root) return fail(meta_error("root"));
  meta.root = *root;
  return std::optional<Meta>(std::move(meta));
}

Result<> write_meta(store::Connection& db, const Meta& meta) {
  const std::vector<std::pair<const char*, std::string>> values = {
      {"format", meta.format},
      {"origin", meta.origin},
      {"applied", std::to_string(meta.applied)},
      {"root", meta.root.hex()},
      {"schemas", meta.schemas}};
  for (const auto& [name, value] : values) {
    YIPAN_TRY(
        db.execute("INSERT INTO y_meta (name, value) VALUES ($1, $2) "
                   "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                   {Value(name), Value(value)}));
  }
  return {};
}

Result<> make_empty_board(store::Connection& db, const ledger::Ledger& ledger) {
  for (const store::TableSpec& spec : bookkeeping_specs()) {
    YIPAN_TRY(db.create_table(spec));
    YIPAN_TRY(db.create_indexes(spec));
  }
  Meta meta;
  meta.format = kBoardFormat;
  meta.origin = ledger.origin();
  meta.root = ledger::empty_root();
  return write_meta(db, meta);
}

namespace {

// Both tables of every schema that the entry adopts; none if it adopts nothing.
Result<> add_adopted(const ledger::Ledger& ledger, std::string_view entry_bytes,
                     std::set<std::string>* tables) {
  YIPAN_ASSIGN(const ledger::Entry entry, ledger::Entry::decode(entry_bytes));
  if (entry.what != "schema.adopt" || entry.evidence.empty()) return {};
  YIPAN_ASSIGN(const auto file, ledger.open_blob(entry.evidence[0]));
  YIPAN_ASSIGN(const uint64_t size, file->size());
  std::string bundle(size, '\0');
  YIPAN_TRY(file->read_at(0, bundle.data(), bundle.size()));
  YIPAN_ASSIGN(const Schemas schemas, Schemas::parse_bundle(bundle));
  for (const TableSchema& table : schemas.all()) {
    tables->insert(table.name);
    tables->insert(history_name(table.name));
  }
  return {};
}

}  // namespace

Result<> drop_board(store::Connection& db, const ledger::Ledger& ledger) {
  std::set<std::string> tables;
  const auto each = [&](uint64_t, std::string_view bytes) {
    return add_adopted(ledger, bytes, &tables);
  };
  YIPAN_TRY(ledger.scan(0, ledger.size(), each));
  // What a damaged or foreign y_meta says is of help only if it can be read.
  if (const auto meta = read_meta(db); meta && *meta && !(*meta)->schemas.empty()) {
    if (const auto schemas = Schemas::parse_bundle((*meta)->schemas)) {
      for (const TableSchema& table : schemas->all()) {
        tables.insert(table.name);
        tables.insert(history_name(table.name));
      }
    }
  }
  for (const store::TableSpec& spec : bookkeeping_specs()) tables.insert(spec.name);
  for (const std::string& table : tables) {
    YIPAN_ASSIGN(const bool there, db.has_table(table));
    if (there) YIPAN_TRY(db.drop_table(table));
  }
  return {};
}

Result<> check_meta(const Meta& meta, const ledger::Ledger& ledger) {
  if (meta.format != kBoardFormat) {
    return fail(open_error("format", fmt::format("总盘的格式是“{}”", meta.format),
                           fmt::format("the board has the format '{}'", meta.format))
                    .remedy("用现在的程序运行 yipan rebuild",
                            "run yipan rebuild with this version of the program"));
  }
  if (meta.origin != ledger.origin()) {
    return fail(open_error("root",
                           fmt::format("总盘来自账本“{}”，不是“{}”", meta.origin, ledger.origin()),
                           fmt::format("the board was derived from the ledger '{}', not '{}'",
                                       meta.origin, ledger.origin()))
                    .remedy("核对 city.toml 里的总盘和账本，或运行 yipan rebuild",
                            "check the board and the ledger in city.toml, or run yipan rebuild"));
  }
  if (meta.applied > ledger.size()) {
    return fail(
        open_error("ahead",
                   fmt::format("总盘已用到第 {} 条，账本只有 {} 条", meta.applied, ledger.size()),
                   fmt::format("the board has {} entries applied, the ledger only {}", meta.applied,
                               ledger.size()))
            .remedy("账本可能是旧的备份：先找回新的账本；确认账本无误后运行 yipan rebuild",
                    "the ledger may be an old backup: look for the newer one first; if "
                    "the ledger is right, run yipan rebuild"));
  }
  YIPAN_ASSIGN(const Hash256 root, ledger.root_at(meta.applied));
  if (root == meta.root) return {};
  return fail(open_error("root", fmt::format("账本前 {} 条的树根与总盘所记不同", meta.applied),
                         fmt::format("the ledger's root at size {} is not the one that the board "
                                     "was derived from",
                                     meta.applied))
                  .remedy("先运行 yipan verify 查账本；账本无误则运行 yipan rebuild",
                          "verify the ledger first (yipan verify); if it is right, run yipan "
                          "rebuild"));
}

}  // namespace yipan::board
