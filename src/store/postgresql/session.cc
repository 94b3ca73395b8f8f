#include "store/postgresql/session.h"

#include <fmt/core.h>

#include <bit>

#include "store/checks.h"
#include "store/postgresql/errors.h"

namespace yipan::store {
namespace {

constexpr size_t kPreparedMax = 100;

}  // namespace

// Writes one parameter in binary.
struct ParameterWriter {
  Bound* bound;

  void put(Oid type, std::string bytes, int format = 1) const {
    bound->types.push_back(type);
    bound->formats.push_back(format);
    bound->lengths.push_back(static_cast<int>(bytes.size()));
    bound->data_.push_back(std::move(bytes));
  }
  void put64(Oid type, uint64_t value) const {
    std::string bytes(8, '\0');
    put_be64(value, bytes.data());
    put(type, std::move(bytes));
  }
  void note(Result<> checked) const {
    if (!checked && bound->error_) {
      bound->error_ = std::move(checked);
      bound->error_.error().element(fmt::format("${}", bound->types.size() + 1));
    }
  }

  void operator()(std::monostate) const {
    put(0, {});
    bound->lengths.back() = -1;
  }
  void operator()(int64_t x) const { put64(kOidInt8, static_cast<uint64_t>(x)); }
  void operator()(double x) const {
    note(check_real(x));
    put64(kOidFloat8, std::bit_cast<uint64_t>(x + 0.0));
  }
  void operator()(bool x) const { put(kOidBool, std::string(1, x ? '\1' : '\0')); }
  // As text of unknown type, so that the server takes it for what the place wants.
  void operator()(const std::string& x) const {
    note(check_text(x));
    put(0, x, 0);
  }
  void operator()(Date x) const {
    note(check_date(x.days()));
    std::string bytes(4, '\0');
    put_be32(static_cast<uint32_t>(x.days() - kPostgresEpochDays), bytes.data());
    put(kOidDate, std::move(bytes));
  }
  void operator()(Instant x) const {
    note(check_instant(x.micros()));
    put64(kOidTimestamptz, static_cast<uint64_t>(x.micros() - kPostgresEpochDays * kMicrosPerDay));
  }
  void operator()(const Bytes& x) const { put(kOidBytea, x.data); }
  void operator()(const Geometry& x) const {
    std::string wkb;
    const auto info = append_iso_wkb(x.wkb, &wkb);
    if (info) {
      note(check_geometry(*info, 0));
    } else {
      note(fail(info.error()));
    }
    if (wkb.size() >= 9) {  // extended form: the type with its flag, then the SRID
      constexpr char kSridFlag = 0x20;
      wkb[4] = static_cast<char>(wkb[4] | kSridFlag);
      const auto srid = static_cast<uint32_t>(x.srid);
      wkb.insert(5, reinterpret_cast<const char*>(&srid), 4);
    }
    put(bound->geometry_oid_, std::move(wkb));
  }
};

Bound::Bound(const Values& parameters, Oid geometry_oid) : geometry_oid_(geometry_oid) {
  for (const Value& value : parameters) std::visit(ParameterWriter{this}, value.v);
  for (size_t i = 0; i < data_.size(); ++i) {
    pointers.push_back(lengths[i] < 0 ? nullptr : data_[i].c_str());
  }
}

void Session::make_free() {
  if (Streaming* streaming = std::exchange(streaming_, nullptr)) streaming->read_rest();
}

std::string Session::key_of(std::string_view sql, const Bound& bound) {
  std::string key;
  for (const Oid type : bound.types) key += fmt::format("{},", type);
  return key + ":" + std::string(sql);
}

Session::Prepared* Session::find(const std::string& key) {
  const auto it = by_key_.find(key);
  if (it == by_key_.end()) return nullptr;
  prepared_.splice(prepared_.begin(), prepared_, it->second);
  return &prepared_.front();
}

Result<std::string> Session::prepare(std::string_view sql, const Bound& bound) {
  std::string key = key_of(sql, bound);
  Prepared* entry = find(key);
  if (entry != nullptr && !entry->name.empty()) return entry->name;
  if (entry == nullptr) {
    prepared_.push_front({std::move(key), ""});
    by_key_.emplace(prepared_.front().key, prepared_.begin());
    entry = &prepared_.front();
  }
  const std::string name = fmt::format("y{}", ++prepared_count_);
  const PgResult made(PQprepare(handle(), name.c_str(), std::string(sql).c_str(), bound.count(),
                                bound.types.data()));
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) return fail(error(made.get(), sql));
  entry->name = name;
  if (prepared_.size() > kPreparedMax) {
    const Prepared& oldest = prepared_.back();
    if (!oldest.name.empty()) {
      const PgResult gone(PQexec(handle(), ("DEALLOCATE " + oldest.name).c_str()));
    }
    by_key_.erase(oldest.key);
    prepared_.pop_back();
  }
  return name;
}

Result<> Session::send(std::string_view sql, const Bound& bound) {
  YIPAN_TRY(bound.error());
  if (highest_parameter(sql) != bound.types.size()) {
    return fail(parameter_count_error(bound.types.size()));
  }
  make_free();
  const std::string key = key_of(sql, bound);
  int sent = 0;
  if (find(key) != nullptr) {
    YIPAN_ASSIGN(const std::string name, prepare(sql, bound));
    sent = PQsendQueryPrepared(handle(), name.c_str(), bound.count(), bound.pointers.data(),
                               bound.lengths.data(), bound.formats.data(), 1);
  } else {
    const std::string word = first_keyword(sql);
    if (word == "select" || word == "insert" || word == "update" || word == "delete" ||
        word == "with") {
      prepared_.push_front({key, ""});
      by_key_.emplace(prepared_.front().key, prepared_.begin());
    }
    sent = PQsendQueryParams(handle(), std::string(sql).c_str(), bound.count(), bound.types.data(),
                             bound.pointers.data(), bound.lengths.data(), bound.formats.data(), 1);
  }
  return sent == 1 ? Result<>() : fail(error(nullptr, sql));
}

Result<PgResult> Session::run(std::string_view sql, const Values& parameters) {
  const Bound bound(parameters, geometry_oid_);
  YIPAN_TRY(send(sql, bound));
  PgResult last;
  Result<PgResult> failure;
  bool failed = false;
  while (PGresult* raw = PQgetResult(handle())) {
    last.reset(raw);
    const ExecStatusType status = PQresultStatus(raw);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
      continue;
    }
    if (!failed) failure = fail(error(raw, sql));
    failed = true;
    if (status == PGRES_COPY_IN) (void)PQputCopyEnd(handle(), "not allowed here");
    if (PQstatus(handle()) == CONNECTION_BAD) break;
  }
  if (failed) return failure;
  if (!last) return fail(error(nullptr, sql));
  return last;
}

Result<> Session::script(const std::string& sql) {
  make_free();
  const PgResult result(PQexec(handle(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
    return {};
  }
  Error failed = error(result.get(), sql);
  if (status == PGRES_COPY_IN) (void)PQputCopyEnd(handle(), "not allowed here");
  while (PGresult* rest = PQgetResult(handle())) PQclear(rest);
  return fail(std::move(failed));
}

void Session::forget_statements() {
  by_key_.clear();
  prepared_.clear();
  if (PQtransactionStatus(handle()) == PQTRANS_INERROR) return;
  const PgResult gone(PQexec(handle(), "DEALLOCATE ALL"));
}

Error Session::error(const PGresult* result, std::string_view sql) {
  return postgresql_error(handle(), result, display_, sql);
}

}  // namespace yipan::store
