// A whole diagnosis of a large city: 5,280 projects, 1,097,910 payments, 203,235 observations, the
// 3.2 million people of xx by grid cell. Goal: 30 s on two cores, 2 GiB, on either database.
//
// Counters: seconds of fact SQL, rules, evidence, figures and views by question (q1_sql, q1_rules,
// q1_evidence, q1_views), and the peak of the
// whole process in MiB. The argument is how many times as many rows as xx has: ten times the rows
// should take no more than twelve times the time.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

#include "support/generated_city.h"
#include "support/postgres.h"

namespace yipan {
namespace {

// Rows copied `copies` times under keys with "~n" at their end, the keys they refer to likewise.
struct Family {
  const char* table;
  std::vector<std::string> keys;  // fields that get the ending
};

const std::vector<Family>& families() {
  static const std::vector<Family> kFamilies = {
      {"projects", {"id"}},
      {"annual_plans", {"project_id"}},
      {"approvals", {"id", "project_id"}},
      {"audits", {"id", "project_id"}},
      {"tenders", {"id", "project_id"}},
      {"contracts", {"id", "project_id", "tender_id"}},
      {"estimates", {"id", "project_id"}},
      {"project_reports", {"project_id"}},
      {"reviews", {"id", "project_id"}},
      {"payments", {"id", "project_id", "contract_id"}},
  };
  return kFamilies;
}

void must(const Result<>& done) {
  if (done) return;
  std::fprintf(stderr, "%s\n", done.error().to_string_en().c_str());
  std::abort();
}

void copy_rows(board::Board& board, const Family& family, int copies, char mark = '~') {
  const board::TableSchema* schema = board.schemas().find(family.table);
  std::string into;
  std::string from;
  for (const board::Field& field : schema->fields) {
    const bool key =
        std::find(family.keys.begin(), family.keys.end(), field.name) != family.keys.end();
    into += store::quote_identifier(field.name) + ", ";
    const std::string name = store::quote_identifier(field.name);
    from += (key ? name + " || '" + mark + "' || n.n" : name) + ", ";
  }
  for (const char* field : {"y_entry", "y_source", "y_row", "y_hash"}) {
    const bool last = std::string_view(field) == "y_hash";
    into += field + std::string(last ? "" : ", ");
    from += field + std::string(last ? "" : ", ");
  }
  std::string numbers = "SELECT 1 AS n";
  for (int n = 2; n <= copies; ++n) numbers += " UNION ALL SELECT " + std::to_string(n);
  const std::string table = family.table;
  must(board.connection().execute("INSERT INTO " + table + " (" + into + ") SELECT " + from +
                                  " FROM " + table + " CROSS JOIN (" + numbers + ") n"));
}

// xx with `copies` + 1 times its projects, ten times the payments of each contract, and
// 5 x (`copies` + 1) times its indicators, less one.
void enlarge(board::Board& board, int copies) {
  store::Connection& db = board.connection();
  must(db.begin());
  // Ten instalments for each payment: the sums stay what they are, but for the fen.
  must(db.execute("UPDATE payments SET amount_fen = amount_fen / 10"));
  copy_rows(board, {"payments", {"id"}}, 9, '#');
  for (const Family& family : families()) copy_rows(board, family, copies);
  const int indicators = 5 * copies;
  copy_rows(board, {"indicators", {"id"}}, indicators);
  copy_rows(board, {"observations", {"indicator_id"}}, indicators);
  must(db.commit());
  std::vector<std::string> tables{"indicators", "observations"};
  for (const Family& family : families()) tables.emplace_back(family.table);
  must(db.refresh_statistics(tables));
}

void report(const findings::Diagnosis& d, benchmark::State& state) {
  uint64_t rows = 0;
  uint64_t findings = 0;
  for (const findings::Answer& answer : d.answers) {
    double sql = 0;
    double rules = 0;
    for (const findings::FactStep& step : answer.steps) {
      sql += step.seconds_sql;
      rules += step.seconds_rules;
      rows += step.rows;
      if (step.seconds_sql > 1) state.counters[step.name + "_sql"] = step.seconds_sql;
    }
    findings += answer.findings.size() + answer.leads.size();
    const std::string name = "q" + std::to_string(answer.number);
    state.counters[name + "_sql"] = sql;
    state.counters[name + "_rules"] = rules;
    state.counters[name + "_evidence"] = answer.seconds_evidence;
    state.counters[name + "_views"] = answer.seconds_views;
  }
  state.counters["facts"] = static_cast<double>(rows);
  state.counters["findings"] = static_cast<double>(findings);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  constexpr double kKibPerMib = 1024;
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / kKibPerMib;
}

void diagnose_on(benchmark::State& state, store::Dialect dialect) {
  if (dialect == store::Dialect::postgresql && test::postgres_cluster().url.empty()) {
    state.SkipWithError(test::postgres_cluster().reason.c_str());
    return;
  }
  const test::ScratchDatabase place(dialect);
  test::GeneratedCity city(false, std::move(place.open().value()));
  if (state.range(0) > 1) enlarge(city.board(), static_cast<int>(state.range(0)) - 1);
  const auto connect = [&place] { return place.open(); };
  for (auto _ : state) report(city.diagnose(&Clock::system(), connect), state);
}

void BM_DiagnoseSqlite(benchmark::State& state) { diagnose_on(state, store::Dialect::sqlite); }
void BM_DiagnosePostgresql(benchmark::State& state) {
  diagnose_on(state, store::Dialect::postgresql);
}
BENCHMARK(BM_DiagnoseSqlite)->Arg(1)->Arg(11)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(BM_DiagnosePostgresql)->Arg(1)->Arg(11)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace yipan
