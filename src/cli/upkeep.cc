// init, rebuild, schema, version, generate: making a city and keeping it.
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlite3.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/version.h"

namespace yipan::cli {

namespace {

using nlohmann::json;

int finish(const Context& context, const Result<>& result) {
  if (result) return kExitOk;
  print_error(context, result.error());
  return kExitError;
}

Result<> init(const Context& context, const InitOptions& options) {
  YIPAN_ASSIGN(City city, City::create(context, options));
  const std::string vkey = city.config().vkey;
  if (context.json) {
    print_line(json{{"directory", options.directory},
                    {"origin", options.origin},
                    {"vkey", vkey},
                    {"tables", city.board().schemas().all().size()}}
                   .dump(2));
    return {};
  }
  print_line(fmt::format("{} {}", context.tr("已建立城市：", "city made:"), options.directory));
  print_line(
      fmt::format("  {} {}", context.tr("表", "tables"), city.board().schemas().all().size()));
  print_line(fmt::format("  {} {}", context.tr("公钥", "public key"), vkey));
  print_line(context.tr("  签名密钥在 keys/ledger.key：请备份并妥善保管。",
                        "  the signing key is keys/ledger.key: back it up and keep it safe."));
  return {};
}

Error rebuild_differs() {
  return Error("cli.rebuild.differs")
      .zh("重建前后的内容不同：旧的总盘曾被改动")
      .en("the content differs: the old board had been changed by other hands")
      .remedy("现在的总盘与账本一致；请查明谁改过总盘文件",
              "the board now agrees with the ledger; find out who wrote to the file");
}

// The content hash of the board as it stands, or why it cannot be told.
Result<Hash256> present_content(const Context& context) {
  YIPAN_ASSIGN(City city, City::open(context, Access::write));
  return city.board().content_hash();
}

Result<bool> rebuild(const Context& context) {
  const auto before = present_content(context);
  YIPAN_ASSIGN(City city, City::open(context, Access::rebuild));
  YIPAN_ASSIGN(const Hash256 after, city.board().content_hash());
  const bool same = before && *before == after;
  const std::string old = before ? before->hex() : "?";
  if (context.json) {
    print_line(json{{"before", old}, {"after", after.hex()}, {"same", same}}.dump(2));
  } else {
    print_line(fmt::format("{} {}", context.tr("重建前", "before"), old));
    print_line(fmt::format("{} {}", context.tr("重建后", "after "), after.hex()));
  }
  if (!before) {
    print_error(context, before.error());
    if (!context.json) {
      print_line(context.tr("旧的总盘打不开，已由账本重建",
                            "the old board could not be opened; it was derived from the ledger"));
    }
    return false;
  }
  if (!same) return fail(rebuild_differs());
  if (!context.json) print_line(context.tr("✓ 内容一致", "✓ the same content"));
  return true;
}

}  // namespace

int run_init(const Context& context, const InitOptions& options) {
  return finish(context, init(context, options));
}

int run_rebuild(const Context& context) {
  const auto same = rebuild(context);
  if (same) return *same ? kExitOk : kExitProblems;
  print_error(context, same.error());
  return same.error().code() == "cli.rebuild.differs" ? kExitProblems : kExitError;
}

int run_schema_update(const Context& context, const std::string& schema_dir) {
  auto city = City::open(context, Access::write);
  if (!city) return finish(context, fail(city.error()));
  const auto changed = adopt_schemas(context, *city, schema_dir);
  if (!changed) return finish(context, fail(changed.error()));
  print_line(*changed ? context.tr("表结构已更新并记入账本",
                                   "the schemas were adopted and recorded in the ledger")
                      : context.tr("表结构没有变化", "the schemas have not changed"));
  return kExitOk;
}

int run_version(const Context& context) {
  const std::string ssl = OpenSSL_version(OPENSSL_VERSION_STRING);
  if (context.json) {
    print_line(
        json{{"yipan", kVersion}, {"sqlite", sqlite3_libversion()}, {"openssl", ssl}}.dump(2));
  } else {
    print_line(
        fmt::format("yipan {} (SQLite {}, OpenSSL {})", kVersion, sqlite3_libversion(), ssl));
  }
  return kExitOk;
}

}  // namespace yipan::cli
