// A register of 1,000,000 rows x 20 columns as CSV: into the board (checked, with provenance),
// beside `sqlite3 .import` of the same file (no checks, no types), in the same run; and the parts
// of the way there. Counters: rows/s, peak_MiB (of the process that did the work alone).
//
//   YIPAN_BENCH_ROWS=200000 bench_intake       for a quick look
//   YIPAN_BENCH_POSTGRES=postgresql://...      adds PostgreSQL
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "intake/csv.h"
#include "intake/import.h"
#include "yipan/intake.h"

namespace yipan::intake {
namespace {

uint64_t row_count() {
  const char* given = std::getenv("YIPAN_BENCH_ROWS");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 1'000'000;
}

std::string schema_text() {
  std::string fields = R"({"name":"id","type":"string","title":"编号","title_en":"Id",
    "constraints":{"required":true,"maxLength":40}})";
  const auto add = [&](const std::string& name, const std::string& rest) {
    fields += ",{\"name\":\"" + name + "\",\"title\":\"" + name + "\",\"title_en\":\"" + name +
              "\"," + rest + "}";
  };
  for (int i = 1; i <= 6; ++i) {
    add(fmt::format("t{}", i), R"("type":"string","constraints":{"maxLength":60})");
  }
  for (int i = 1; i <= 5; ++i) {
    add(fmt::format("fen{}", i),
        R"("type":"integer","unit":"fen","constraints":{"minimum":0,"maximum":1e15})");
  }
  for (int i = 1; i <= 3; ++i) add(fmt::format("m{}", i), R"("type":"number","unit":"m2")");
  for (int i = 1; i <= 3; ++i) add(fmt::format("d{}", i), R"("type":"date")");
  add("state", R"("type":"string","categories":[{"value":"building","label":"在建","label_en":"b"},
      {"value":"done","label":"完工","label_en":"d"}],"constraints":{"enum":["building","done"]})");
  add("yes", R"("type":"boolean")");
  return R"({"format":"yipan-schemas/1","tables":[{"name":"register","title":"登记",)"
         R"("title_en":"Register","primaryKey":["id"],"fields":[)" +
         fields + "]}]}";
}

// Written once and used by all; removed at the end.
class Register {
 public:
  Register() : folder_(std::move(TempDir::make().value())) {
    std::string text = "id";
    for (int i = 1; i <= 6; ++i) text += fmt::format(",t{}", i);
    for (int i = 1; i <= 5; ++i) text += fmt::format(",fen{}（万元）", i);
    text += ",m1,m2,m3,d1,d2,d3,state,yes\n";
    std::ofstream out(path(), std::ios::binary);
    Random random(20221123);
    for (uint64_t r = 0; r < row_count(); ++r) {
      text += fmt::format("XX-2022-{:07},项目名称{},city district {},", r, random.below(100000),
                          random.below(12));
      text += fmt::format("\"contractor, {}\",路{}号,C{:06},note,", random.below(5000),
                          random.below(900), random.below(1000000));
      for (int i = 0; i < 5; ++i) {
        text += fmt::format("{}.{:02},", random.below(1000000), random.below(100));
      }
      for (int i = 0; i < 3; ++i) {
        text += fmt::format("{}.{},", random.below(100000), random.below(10));
      }
      for (int i = 0; i < 3; ++i) {
        text += fmt::format("20{:02}-{:02}-{:02},", 10 + random.below(13), 1 + random.below(12),
                            1 + random.below(28));
      }
      text += random.chance(0.5) ? "在建,是\n" : "完工,否\n";
      if (text.size() > (1 << 20)) {
        out << text;
        text.clear();
      }
    }
    out << text;
  }
  std::string path() const { return folder_.path() + "/register.csv"; }
  std::string folder() const { return folder_.path(); }

 private:
  TempDir folder_;
};

Register& the_register() {
  static Register instance;
  return instance;
}

// Runs `work` in a process of its own: its seconds and its peak memory.
void measure(benchmark::State& state, const std::function<bool()>& work) {
  const std::string path = the_register().path();
  double peak_mib = 0;
  for (auto _ : state) {
    auto begin = std::chrono::steady_clock::now();
    pid_t child = fork();
    if (child == 0) _exit(work() ? 0 : 1);
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (status != 0) state.SkipWithError("the import failed");
    state.SetIterationTime(took.count());
    peak_mib = std::max(peak_mib, static_cast<double>(usage.ru_maxrss) / 1024);
  }
  state.counters["rows/s"] = benchmark::Counter(static_cast<double>(row_count()),
                                                benchmark::Counter::kIsIterationInvariantRate);
  state.counters["peak_MiB"] = peak_mib;
}

bool import_into(const std::string& folder, const std::string& url) {
  ManualClock clock(Instant::from_micros(1'669'190'400'000'000));
  auto signer = ledger::Signer::generate("bench.example/city", std::string(32, 's'));
  ledger::Options options;
  options.files = &Files::posix();
  options.clock = &clock;
  options.logger = &Logger::none();
  options.directory = folder + "/ledger";
  options.origin = "bench.example/city";
  options.signer = &*signer;
  auto ledger = ledger::Ledger::open(options);
  auto schemas = board::Schemas::parse_bundle(schema_text());
  if (!ledger || !schemas) return false;
  ledger::Entry entry{"bench", clock.now(), "schema.adopt", "schema", "{}", {}, ""};
  entry.evidence = {(*ledger)->put_blob(schemas->bundle()).value()};
  if (!(*ledger)->append(entry)) return false;
  board::BoardOptions board_options;
  board_options.connection = std::move(store::open({.url = url, .schema = "bench_intake"}).value());
  board_options.ledger = ledger->get();
  auto board = board::Board::open(std::move(board_options));
  if (!board) return false;
  ImportOptions import;
  import.path = the_register().path();
  import.dataset = "bench/register";
  import.table = "register";
  import.who = "bench";
  Context context{&Files::posix(), &clock, nullptr, ledger->get(), board->get()};
  auto outcome = import_file(context, import);
  if (!outcome) fmt::print(stderr, "{}\n", outcome.error().to_string_en());
  return outcome.has_value() && outcome->log.rows_accepted == row_count();
}

void BM_ImportIntoSqlite(benchmark::State& state) {
  measure(state, [] {
    auto folder = TempDir::make(the_register().folder());
    return import_into(folder->path(), "sqlite:" + folder->path() + "/board.gpkg");
  });
}
BENCHMARK(BM_ImportIntoSqlite)->UseManualTime()->Iterations(1)->Unit(benchmark::kSecond);

void BM_ImportIntoPostgresql(benchmark::State& state) {
  const char* url = std::getenv("YIPAN_BENCH_POSTGRES");
  if (url == nullptr) {
    state.SkipWithError("YIPAN_BENCH_POSTGRES is not set");
    return;
  }
  measure(state, [url] {
    {
      auto db = store::open({.url = url});
      if (!db || !(*db)->script("DROP SCHEMA IF EXISTS bench_intake CASCADE")) return false;
    }
    auto folder = TempDir::make(the_register().folder());
    return import_into(folder->path(), url);
  });
}
BENCHMARK(BM_ImportIntoPostgresql)->UseManualTime()->Iterations(1)->Unit(benchmark::kSecond);

// The peer: sqlite3's own importer, all columns as text.
void BM_Sqlite3DotImport(benchmark::State& state) {
  measure(state, [] {
    auto folder = TempDir::make(the_register().folder());
    std::string command = fmt::format("sqlite3 {}/peer.db '.mode csv' '.import {} register'",
                                      folder->path(), the_register().path());
    return std::system(command.c_str()) == 0;
  });
}
BENCHMARK(BM_Sqlite3DotImport)->UseManualTime()->Iterations(1)->Unit(benchmark::kSecond);

void BM_ScanCsv(benchmark::State& state) {
  Input input = file_input(Files::posix(), the_register().path(), "register.csv");
  for (auto _ : state) {
    CsvOptions options;
    options.encoding = Encoding::utf8;
    options.delimiter = ",";
    auto source = open_csv(input, options, Limits());
    RawRecord record;
    uint64_t rows = 0;
    while ((*source)->next(&record).value() == Step::record) ++rows;
    if (rows != row_count()) state.SkipWithError("rows were lost");
  }
  state.counters["rows/s"] = benchmark::Counter(static_cast<double>(row_count()),
                                                benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ScanCsv)->Unit(benchmark::kSecond);

void BM_ScanAndConvert(benchmark::State& state) {
  Input input = file_input(Files::posix(), the_register().path(), "register.csv");
  auto schemas = board::Schemas::parse_bundle(schema_text());
  const board::TableSchema* table = schemas->find("register");
  for (auto _ : state) {
    auto source = open_csv(input, {}, Limits());
    auto plan =
        make_plan(*table, nullptr, (*source)->columns(), (*source)->facts(), "register.csv");
    auto crs = CrsTransform::make("");
    RowConverter converter(&*plan, crs->get());
    Batch batch(table->types());
    RawRecord record;
    while ((*source)->next(&record).value() == Step::record) {
      if (!converter.convert(record, record.row)) state.SkipWithError("a row was refused");
      converter.append_to(&batch);
      if (batch.rows() == board::kRowsetBatchRows) batch.clear();
    }
  }
  state.counters["rows/s"] = benchmark::Counter(static_cast<double>(row_count()),
                                                benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ScanAndConvert)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace yipan::intake
