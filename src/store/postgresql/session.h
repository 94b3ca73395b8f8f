// A connection to PostgreSQL with its prepared statements.
#ifndef YIPAN_STORE_POSTGRESQL_SESSION_H_
#define YIPAN_STORE_POSTGRESQL_SESSION_H_

#include <libpq-fe.h>

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "yipan/store.h"

namespace yipan::store {

struct ConnCloser {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ResultCloser {
  void operator()(PGresult* result) const { PQclear(result); }
};
using PgResult = std::unique_ptr<PGresult, ResultCloser>;

// Object identifiers of PostgreSQL's own types (pg_type.dat).
enum PgType : Oid {
  kOidBool = 16,
  kOidBytea = 17,
  kOidName = 19,
  kOidInt8 = 20,
  kOidInt2 = 21,
  kOidInt4 = 23,
  kOidText = 25,
  kOidOid = 26,
  kOidFloat4 = 700,
  kOidFloat8 = 701,
  kOidUnknown = 705,
  kOidBpchar = 1042,
  kOidVarchar = 1043,
  kOidDate = 1082,
  kOidTimestamp = 1114,
  kOidTimestamptz = 1184,
  kOidNumeric = 1700
};

// A query whose rows are still coming: it must let go when another statement wants the connection.
class Streaming {
 public:
  virtual ~Streaming() = default;
  virtual void read_rest() = 0;
};

// Parameters as libpq takes them: binary, but for text, whose type the server infers.
class Bound {
 public:
  Bound(const Values& parameters, Oid geometry_oid);
  Bound(Bound&&) = default;  // the pointers stay good: they point into data_
  Bound& operator=(Bound&&) = delete;
  Result<> error() const { return error_; }
  int count() const { return static_cast<int>(types.size()); }

  std::vector<Oid> types;
  std::vector<const char*> pointers;
  std::vector<int> lengths;
  std::vector<int> formats;

 private:
  friend struct ParameterWriter;
  Oid geometry_oid_;
  std::vector<std::string> data_;
  Result<> error_;
};

class Session {
 public:
  explicit Session(PGconn* connection, std::string display)
      : connection_(connection), display_(std::move(display)) {}

  PGconn* handle() { return connection_.get(); }
  const std::string& display() const { return display_; }
  Oid geometry_oid() const { return geometry_oid_; }
  void set_geometry_oid(Oid oid) { geometry_oid_ = oid; }

  // Lets a query that is still streaming read its rest into memory.
  void make_free();
  void set_streaming(Streaming* streaming) { streaming_ = streaming; }
  void end_streaming(const Streaming* streaming) {
    if (streaming_ == streaming) streaming_ = nullptr;
  }

  // Sends one statement; the results are the caller's to read. What is sent a second time is
  // prepared first.
  Result<> send(std::string_view sql, const Bound& bound);
  // The name under which `sql` is prepared with these types; prepares it if it is not.
  Result<std::string> prepare(std::string_view sql, const Bound& bound);
  // One statement, its result read to the end. Rows: binary.
  Result<PgResult> run(std::string_view sql, const Values& parameters = {});
  Result<> script(const std::string& sql);  // any number of statements
  void forget_statements();

  Error error(const PGresult* result, std::string_view sql = {});

 private:
  struct Prepared {
    std::string key;
    std::string name;  // "" = seen once, not prepared
  };
  static std::string key_of(std::string_view sql, const Bound& bound);
  Prepared* find(const std::string& key);

  std::unique_ptr<PGconn, ConnCloser> connection_;
  std::string display_;
  Oid geometry_oid_ = 0;
  Streaming* streaming_ = nullptr;
  std::list<Prepared> prepared_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_key_;
  uint64_t prepared_count_ = 0;
};

// Big-endian integers, as the wire has them.
inline void put_be16(uint16_t value, char* out) {
  value = __builtin_bswap16(value);
  __builtin_memcpy(out, &value, 2);
}
inline void put_be32(uint32_t value, char* out) {
  value = __builtin_bswap32(value);
  __builtin_memcpy(out, &value, 4);
}
inline void put_be64(uint64_t value, char* out) {
  value = __builtin_bswap64(value);
  __builtin_memcpy(out, &value, 8);
}
inline uint16_t get_be16(const char* at) {
  uint16_t value = 0;
  __builtin_memcpy(&value, at, 2);
  return __builtin_bswap16(value);
}
inline uint32_t get_be32(const char* at) {
  uint32_t value = 0;
  __builtin_memcpy(&value, at, 4);
  return __builtin_bswap32(value);
}
inline uint64_t get_be64(const char* at) {
  uint64_t value = 0;
  __builtin_memcpy(&value, at, 8);
  return __builtin_bswap64(value);
}

}  // namespace yipan::store

#endif  // YIPAN_STORE_POSTGRESQL_SESSION_H_
