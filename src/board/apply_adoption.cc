// "schema.adopt": tables are made, or grow by fields at their end.
#include <fmt/format.h>

#include <algorithm>

#include "board/apply.h"

namespace yipan::board {
namespace {

constexpr size_t kBundleMax = size_t{64} << 20;

Error incompatible(const TableSchema& table, std::string_view field, const std::string& zh,
                   const std::string& en) {
  Error error("board.schema.incompatible");
  error.zh(zh).en(en).element(table.name);
  if (!field.empty()) error.column(field);
  error.remedy("已有的表和字段须保持原样；新字段加在表的末尾且不必填",
               "leave the tables and fields that are there as they are; add new fields at the "
               "end of the table, not required");
  return error;
}

// What the board has must stay; nothing if `next` only adds.
Result<> check_growth(const TableSchema& old, const TableSchema& next) {
  for (size_t i = 0; i < old.fields.size(); ++i) {
    const Field& before = old.fields[i];
    if (i >= next.fields.size() || next.fields[i].name != before.name) {
      return fail(incompatible(
          next, before.name,
          fmt::format("表 {} 的第 {} 个字段应仍是 {}", next.name, i + 1, before.name),
          fmt::format("field {} of table {} must still be {}", i + 1, next.name, before.name)));
    }
    const Field& after = next.fields[i];
    if (after.type != before.type || after.unit != before.unit ||
        (after.type == Type::geometry && after.format != before.format)) {
      return fail(incompatible(
          next, before.name, fmt::format("字段 {}.{} 的类型或单位变了", next.name, before.name),
          fmt::format("the type or unit of {}.{} has changed", next.name, before.name)));
    }
  }
  for (size_t i = old.fields.size(); i < next.fields.size(); ++i) {
    const Field& added = next.fields[i];
    if (!added.required) continue;
    return fail(incompatible(
        next, added.name, fmt::format("新字段 {}.{} 不能是必填", next.name, added.name),
        fmt::format("the new field {}.{} must not be required", next.name, added.name)));
  }
  if (old.primary_key != next.primary_key) {
    return fail(incompatible(next, "", fmt::format("表 {} 的主键变了", next.name),
                             fmt::format("the primary key of table {} has changed", next.name)));
  }
  return {};
}

class Adoption {
 public:
  Adoption(const ApplyContext& context, const Schemas& next) : context_(context), next_(next) {}

  Result<> run() {
    for (const TableSchema& old : context_.schemas.all()) {
      const TableSchema* table = next_.find(old.name);
      if (table == nullptr) {
        return fail(incompatible(old, "", fmt::format("表 {} 不见了", old.name),
                                 fmt::format("table {} is gone", old.name)));
      }
      YIPAN_TRY(check_growth(old, *table));
    }
    for (const TableSchema& table : next_.all()) {
      const TableSchema* old = context_.schemas.find(table.name);
      if (old == nullptr) {
        YIPAN_TRY(make(table));
      } else if (old->fields.size() != table.fields.size()) {
        YIPAN_TRY(grow(*old, table));
      } else {
        YIPAN_TRY(change_indexes(*old, table));
      }
    }
    return {};
  }

 private:
  Result<> make(const TableSchema& table) {
    YIPAN_TRY(context_.db.create_table(current_spec(table)));
    YIPAN_TRY(context_.db.create_table(history_spec(table)));
    return make_indexes(table);
  }

  Result<> make_indexes(const TableSchema& table) {
    for (const IndexSpec& index : index_specs(table, next_)) {
      YIPAN_TRY(context_.db.execute(index.create_sql()));
    }
    return context_.db.execute(history_index(table).create_sql());
  }

  // Fields of different databases' types cannot be added in one statement that both know, so the
  // table is made anew and its rows are carried over.
  Result<> grow(const TableSchema& old, const TableSchema& table) {
    YIPAN_TRY(carry_over(current_spec(old), current_spec(table)));
    YIPAN_TRY(carry_over(history_spec(old), history_spec(table)));
    return make_indexes(table);
  }

  Result<> carry_over(const store::TableSpec& old, const store::TableSpec& next) {
    store::TableSpec copy = old;
    copy.name = "y_copy";
    copy.listed = false;
    copy.temporary = true;
    const std::string columns = sql_list(column_names(old));
    store::Connection& db = context_.db;
    YIPAN_TRY(db.create_table(copy));
    YIPAN_TRY(db.execute(
        fmt::format("INSERT INTO y_copy ({}) SELECT {} FROM {}", columns, columns, q(old.name))));
    YIPAN_TRY(db.drop_table(old.name));
    YIPAN_TRY(db.create_table(next));
    YIPAN_TRY(db.execute(
        fmt::format("INSERT INTO {} ({}) SELECT {} FROM y_copy", q(next.name), columns, columns)));
    return db.drop_table("y_copy");
  }

  Result<> change_indexes(const TableSchema& old, const TableSchema& table) {
    const auto before = index_specs(old, context_.schemas);
    const auto after = index_specs(table, next_);
    const auto has = [](const std::vector<IndexSpec>& list, const IndexSpec& index) {
      return std::any_of(list.begin(), list.end(),
                         [&](const IndexSpec& other) { return other.name == index.name; });
    };
    for (const IndexSpec& index : before) {
      if (!has(after, index)) YIPAN_TRY(context_.db.execute(index.drop_sql()));
    }
    for (const IndexSpec& index : after) {
      if (!has(before, index)) YIPAN_TRY(context_.db.execute(index.create_sql()));
    }
    return {};
  }

  const ApplyContext& context_;
  const Schemas& next_;
};

Result<std::string> read_blob(const ledger::Ledger& ledger, const Hash256& hash) {
  YIPAN_ASSIGN(const auto file, ledger.open_blob(hash));
  YIPAN_ASSIGN(const uint64_t size, file->size());
  std::string bytes(std::min<uint64_t>(size, kBundleMax), '\0');
  YIPAN_ASSIGN(const size_t got, file->read_at(0, bytes.data(), bytes.size()));
  bytes.resize(got);
  if (sha256(bytes) == hash) return bytes;
  return fail(Error("board.schema.blob")
                  .zh("表结构合集的内容与它的哈希不符")
                  .en("the bundle of schemas does not have the hash that names it")
                  .file(ledger.blob_path(hash))
                  .remedy("运行 yipan fsck；从备份取回这个文件",
                          "run yipan fsck; fetch the blob from a backup"));
}

}  // namespace

Result<Applied> apply_adoption(const ApplyContext& context) {
  if (context.entry.evidence.empty()) {
    return fail(Error("board.schema.evidence")
                    .zh("schema.adopt 没有附表结构合集")
                    .en("schema.adopt has no bundle of schemas as its evidence")
                    .element(fmt::format("entry {}", context.index))
                    .remedy("证据 0 应为 Schemas::bundle() 的内容",
                            "evidence 0 must be what Schemas::bundle() wrote"));
  }
  YIPAN_ASSIGN(const std::string bundle, read_blob(context.ledger, context.entry.evidence[0]));
  Applied applied;
  YIPAN_ASSIGN(applied.schemas, Schemas::parse_bundle(bundle));
  YIPAN_TRY(Adoption(context, *applied.schemas).run());
  return applied;
}

}  // namespace yipan::board
