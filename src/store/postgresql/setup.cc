#include "store/postgresql/setup.h"

#include <fmt/core.h>

#include "store/checks.h"
#include "store/postgresql/functions.h"

namespace yipan::store {
namespace {

// Taken while something is made in the database, so that two programs that open it for the first
// time do not make it twice. ("yipan" in ASCII.)
constexpr int64_t kSetupLock = 0x796970616E;

struct Found {
  bool functions = false;
  bool schema = false;
  Oid geometry_oid = 0;
  std::string postgis_schema;
};

void ignore_notice(void* /*unused*/, const char* /*unused*/) {}

Result<Found> look(Session* session, const std::string& schema) {
  YIPAN_ASSIGN(
      const PgResult result,
      session->run("SELECT to_regnamespace($1) IS NOT NULL, to_regnamespace($2) IS NOT NULL, "
                   "t.oid::bigint, n.nspname::text FROM (SELECT 1) AS one "
                   "LEFT JOIN pg_extension e ON e.extname = 'postgis' "
                   "LEFT JOIN pg_namespace n ON n.oid = e.extnamespace "
                   "LEFT JOIN pg_type t ON t.typnamespace = n.oid AND t.typname = 'geometry'",
                   {Value(kFunctionsSchema), Value(quote_identifier(schema))}));
  PGresult* row = result.get();
  Found found;
  found.functions = *PQgetvalue(row, 0, 0) != 0;
  found.schema = *PQgetvalue(row, 0, 1) != 0;
  if (PQgetisnull(row, 0, 2) == 0) {
    found.geometry_oid = static_cast<Oid>(get_be64(PQgetvalue(row, 0, 2)));
    found.postgis_schema = PQgetvalue(row, 0, 3);
  }
  return found;
}

Result<> make_what_is_missing(Session* session, const std::string& schema) {
  YIPAN_TRY(session->script(fmt::format("BEGIN; SELECT pg_advisory_xact_lock({})", kSetupLock)));
  const auto make = [&]() -> Result<> {
    YIPAN_ASSIGN(const Found found, look(session, schema));
    if (!found.schema) YIPAN_TRY(session->script("CREATE SCHEMA " + quote_identifier(schema)));
    if (found.geometry_oid == 0) {
      YIPAN_TRY(session->script("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public"));
    }
    if (!found.functions) YIPAN_TRY(session->script(kFunctionsSql));
    return session->script("COMMIT");
  };
  auto made = make();
  if (!made) (void)session->script("ROLLBACK");
  return made;
}

Error missing_error(std::string_view what, const Url& url) {
  return Error("store.setup")
      .zh(fmt::format("数据库 {} 中缺少 {}", url.display, what))
      .en(fmt::format("the database {} lacks {}", url.display, what))
      .remedy("请以可写方式打开一次，或由数据库管理员执行 CREATE EXTENSION postgis",
              "open it for writing once, or have its administrator run CREATE EXTENSION postgis");
}

// Queries are short: compiling one to machine code (jit) takes longer than running it.
Result<> set_up(Session* session, const Url& url, const OpenOptions& options) {
  YIPAN_TRY(session->script(fmt::format(
      "SET client_min_messages = warning; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; "
      "SET standard_conforming_strings = on; SET search_path = pg_catalog; "
      "SET jit = off; SET lock_timeout = {}",
      options.busy_timeout_ms)));
  const std::string schema = options.schema.empty() ? "public" : options.schema;
  YIPAN_ASSIGN(Found found, look(session, schema));
  const bool complete = found.functions && found.schema && found.geometry_oid != 0;
  if (!complete && !options.read_only) {
    YIPAN_TRY(make_what_is_missing(session, schema));
    session->forget_statements();
    YIPAN_ASSIGN(found, look(session, schema));
  }
  if (!found.schema) return fail(missing_error("schema " + schema, url));
  if (!found.functions) return fail(missing_error(kFunctionsSchema, url));
  if (found.geometry_oid == 0) return fail(missing_error("PostGIS", url));
  session->set_geometry_oid(found.geometry_oid);
  return session->script(
      fmt::format("SET search_path = {}, {}, {}{}", quote_identifier(schema), kFunctionsSchema,
                  quote_identifier(found.postgis_schema),
                  options.read_only ? "; SET default_transaction_read_only = on" : ""));
}

}  // namespace

Result<std::shared_ptr<Session>> connect(const Url& url, const OpenOptions& options) {
  if (!options.schema.empty()) YIPAN_TRY(check_name(options.schema));
  // What stands before dbname is a default that the URL may override.
  const char* const keywords[] = {"connect_timeout", "application_name", "dbname",
                                  "client_encoding", nullptr};
  const char* const values[] = {"10", "yipan", url.target.c_str(), "UTF8", nullptr};
  PGconn* raw = PQconnectdbParams(keywords, values, 1);
  auto session = std::make_shared<Session>(raw, url.display);
  if (PQstatus(raw) != CONNECTION_OK) return fail(session->error(nullptr));
  PQsetNoticeProcessor(raw, ignore_notice, nullptr);
  const char* encoding = PQparameterStatus(raw, "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
    return fail(Error("store.encoding")
                    .zh(fmt::format("数据库 {} 的编码不是 UTF8", url.display))
                    .en(fmt::format("the encoding of the database {} is not UTF8", url.display))
                    .remedy("请以 ENCODING 'UTF8' 重建该库",
                            "make the database again with ENCODING 'UTF8'"));
  }
  YIPAN_TRY(set_up(session.get(), url, options));
  return session;
}

}  // namespace yipan::store
