#include "store/postgresql/pipeline.h"

#include <algorithm>
#include <charconv>

#include "store/checks.h"

namespace yipan::store {
namespace {

// Answers are read after so many statements, so that neither side waits for the other's buffer.
constexpr size_t kStatementsAtOnce = 250;

struct Ready {
  std::string name;
  Bound bound;
};

// A null has no type of its own: it takes that of the other rows.
std::vector<Oid> common_types(const std::vector<Ready>& ready) {
  std::vector<Oid> types;
  for (const Ready& row : ready) {
    types.resize(std::max(types.size(), row.bound.types.size()));
    for (size_t i = 0; i < row.bound.types.size(); ++i) {
      if (types[i] == 0) types[i] = row.bound.types[i];
    }
  }
  return types;
}

Result<std::vector<Ready>> prepare_rows(Session* session, std::string_view sql,
                                        const std::vector<Values>& rows, size_t from, size_t to) {
  std::vector<Ready> ready;
  ready.reserve(to - from);
  for (size_t i = from; i < to; ++i) {
    ready.push_back({"", Bound(rows[i], session->geometry_oid())});
    if (auto good = ready.back().bound.error(); !good) {
      good.error().row(i + 1);
      return fail(good.error());
    }
    if (highest_parameter(sql) != rows[i].size()) {
      return fail(parameter_count_error(rows[i].size()));
    }
  }
  const std::vector<Oid> types = common_types(ready);
  for (Ready& row : ready) {
    for (size_t i = 0; i < row.bound.types.size(); ++i) {
      if (row.bound.lengths[i] < 0) row.bound.types[i] = types[i];
    }
    YIPAN_ASSIGN(row.name, session->prepare(sql, row.bound));
  }
  return ready;
}

// Reads the answers up to the synchronisation point.
Result<int64_t> read_answers(Session* session, std::string_view sql, size_t count, size_t from) {
  int64_t changed = 0;
  Result<int64_t> outcome = 0;
  size_t row = from;
  bool synced = false;
  while (!synced && PQstatus(session->handle()) != CONNECTION_BAD) {
    const PgResult result(PQgetResult(session->handle()));
    if (!result) {
      if (row >= from + count + 1) break;
      ++row;  // a null result ends each statement's answers
      continue;
    }
    switch (PQresultStatus(result.get())) {
      case PGRES_PIPELINE_SYNC:
        synced = true;
        break;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        changed += rows_changed(result.get());
        break;
      case PGRES_PIPELINE_ABORTED:
        break;
      default:
        if (outcome) {
          Error error = session->error(result.get(), sql);
          error.row(row + 1);
          outcome = fail(std::move(error));
        }
    }
  }
  if (!synced && outcome) outcome = fail(session->error(nullptr, sql));
  if (outcome) outcome = changed;
  return outcome;
}

Result<int64_t> run_chunk(Session* session, std::string_view sql, const std::vector<Ready>& ready,
                          size_t from) {
  if (PQenterPipelineMode(session->handle()) != 1) return fail(session->error(nullptr, sql));
  bool good = true;
  for (const Ready& row : ready) {
    good = good && PQsendQueryPrepared(session->handle(), row.name.c_str(), row.bound.count(),
                                       row.bound.pointers.data(), row.bound.lengths.data(),
                                       row.bound.formats.data(), 1) == 1;
  }
  good = PQpipelineSync(session->handle()) == 1 && good;
  Result<int64_t> outcome =
      good ? read_answers(session, sql, ready.size(), from) : fail(session->error(nullptr, sql));
  if (PQstatus(session->handle()) != CONNECTION_BAD) {
    while (PQexitPipelineMode(session->handle()) != 1) {
      const PgResult rest(PQgetResult(session->handle()));
      if (PQstatus(session->handle()) == CONNECTION_BAD) break;
    }
  }
  return outcome;
}

}  // namespace

int64_t rows_changed(PGresult* result) {
  const std::string_view digits(PQcmdTuples(result));
  int64_t count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return count;
}

Result<int64_t> run_pipeline(Session* session, std::string_view sql,
                             const std::vector<Values>& rows) {
  session->make_free();
  int64_t changed = 0;
  for (size_t from = 0; from < rows.size(); from += kStatementsAtOnce) {
    const size_t to = std::min(rows.size(), from + kStatementsAtOnce);
    YIPAN_ASSIGN(const std::vector<Ready> ready, prepare_rows(session, sql, rows, from, to));
    YIPAN_ASSIGN(const int64_t more, run_chunk(session, sql, ready, from));
    changed += more;
  }
  return changed;
}

}  // namespace yipan::store
