// Bulk writing and columnar reading, beside what each database's own tools do with the same rows:
// the C API in a hand-written loop and `sqlite3 .import`, `psql \copy`.
//
// 200,000 rows of 20 columns: 6 integers, 4 reals, 6 texts, 2 dates, 1 boolean, 1 instant.
// PostgreSQL is started with tools/pg-test in a temporary folder; without it those are skipped.
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "yipan/clock.h"
#include "yipan/file.h"
#include "yipan/store.h"

namespace yipan::store {
namespace {

constexpr int kRows = 200'000;

const TableSpec& table() {
  static const TableSpec spec = [] {
    TableSpec t;
    t.name = "t";
    const Type types[20] = {Type::text,    Type::integer, Type::integer, Type::real, Type::text,
                            Type::date,    Type::integer, Type::real,    Type::text, Type::text,
                            Type::boolean, Type::integer, Type::integer, Type::real, Type::text,
                            Type::date,    Type::instant, Type::real,    Type::text, Type::integer};
    for (int i = 0; i < 20; ++i) t.columns.push_back({fmt::format("c{}", i), types[i], false, ""});
    return t;
  }();
  return spec;
}

const Batch& data() {
  static const Batch batch = [] {
    constexpr uint64_t kSeed = 7;
    Random random(kSeed);
    std::vector<Type> types;
    for (const ColumnSpec& column : table().columns) types.push_back(column.type);
    Batch b(types);
    for (int row = 0; row < kRows; ++row) {
      for (Column& column : b.columns) {
        if (column.type() == Type::text) {
          column.append_bytes(fmt::format("项目{}号", random.below(1'000'000)));
        } else if (column.type() == Type::real) {
          column.append_real(random.unit() * 1e6);
        } else if (column.type() == Type::date) {
          column.append_int(random.between(10'000, 20'000));
        } else if (column.type() == Type::boolean) {
          column.append_int(static_cast<int64_t>(random.below(2)));
        } else {
          column.append_int(static_cast<int64_t>(random.below(1'000'000'000'000)));
        }
      }
    }
    return b;
  }();
  return batch;
}

std::string cell(const Column& column, size_t row) {
  switch (column.type()) {
    case Type::text:
      return std::string(column.bytes_at(row));
    case Type::real:
      return fmt::format("{}", column.real_at(row));
    case Type::date:
      return Date::from_days(column.int_at(row)).to_string();
    case Type::instant:
      return Instant::from_micros(column.int_at(row)).to_string();
    default:
      return fmt::format("{}", column.int_at(row));
  }
}

struct Place {
  std::unique_ptr<TempDir> folder = std::make_unique<TempDir>(std::move(*TempDir::make()));
  std::string csv = folder->path() + "/t.csv";
  std::string postgres;
  Place() {
    std::ofstream out(csv);
    for (size_t row = 0; row < data().rows(); ++row) {
      for (size_t c = 0; c < 20; ++c) out << (c == 0 ? "" : ",") << cell(data().columns[c], row);
      out << '\n';
    }
    const std::string start = fmt::format("{}/tools/pg-test start {}/pg --while {} 2>/dev/null",
                                          YIPAN_SOURCE_DIR, folder->path(), getpid());
    if (FILE* pipe = popen(start.c_str(), "r")) {
      char line[512] = "";
      if (std::fgets(line, sizeof line, pipe) != nullptr) postgres = line;
      if (pclose(pipe) != 0) postgres.clear();
    }
    while (!postgres.empty() && postgres.back() == '\n') postgres.pop_back();
  }
  ~Place() {
    const std::string stop =
        fmt::format("{}/tools/pg-test stop {}/pg", YIPAN_SOURCE_DIR, folder->path());
    (void)std::system(stop.c_str());
  }
};
Place& place() {
  static Place p;
  return p;
}

std::unique_ptr<Connection> fresh(benchmark::State& state, bool postgresql) {
  if (postgresql && place().postgres.empty()) {
    state.SkipWithError("PostgreSQL is not installed");
    return nullptr;
  }
  const std::string path = place().folder->path() + "/t.gpkg";
  if (!postgresql) {
    for (const char* end : {"", "-wal", "-shm"}) std::remove((path + end).c_str());
  }
  auto db = open({.url = postgresql ? place().postgres : "sqlite:" + path});
  if (!db) state.SkipWithError(db.error().message_en().c_str());
  if (!db) return nullptr;
  if (auto dropped = (*db)->drop_table("t"); !dropped) state.SkipWithError("drop");
  return std::move(*db);
}

bool write_all(Connection* db) {
  if (!db->create_table(table())) return false;
  auto writer = db->bulk("t", table().columns);
  return writer && (*writer)->append(data()) && (*writer)->finish();
}

void bulk_write(benchmark::State& state, bool postgresql) {
  (void)data();
  for (auto _ : state) {
    state.PauseTiming();
    auto db = fresh(state, postgresql);
    if (!db) return;
    state.ResumeTiming();
    if (!write_all(db.get())) state.SkipWithError("write");
    db.reset();  // SQLite: the checkpoint, as in the peer
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK_CAPTURE(bulk_write, sqlite, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(bulk_write, postgresql, true)->Unit(benchmark::kMillisecond)->UseRealTime();

// Peer: the shell's own import of the same rows from CSV, in one transaction.
void sqlite_import(benchmark::State& state) {
  (void)place();
  const std::string path = place().folder->path() + "/import.db";
  std::string create = "CREATE TABLE t (";
  for (int i = 0; i < 20; ++i) {
    const Type type = table().columns[static_cast<size_t>(i)].type;
    create += fmt::format("{}c{} {}", i == 0 ? "" : ", ", i,
                          type == Type::real      ? "REAL"
                          : type == Type::integer ? "INTEGER"
                          : type == Type::boolean ? "INTEGER"
                                                  : "TEXT");
  }
  const std::string command = fmt::format(
      "sqlite3 -csv {} 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; {})' "
      "'.import {} t' > /dev/null",
      path, create, place().csv);
  for (auto _ : state) {
    state.PauseTiming();
    for (const char* end : {"", "-wal", "-shm"}) std::remove((path + end).c_str());
    state.ResumeTiming();
    if (std::system(command.c_str()) != 0) state.SkipWithError("the sqlite3 shell is missing");
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(sqlite_import)->Unit(benchmark::kMillisecond)->UseRealTime();

// Peer: psql's \copy of the same rows from CSV.
void psql_copy(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    auto db = fresh(state, true);
    if (!db || !db->create_table(table())) return;
    db.reset();
    state.ResumeTiming();
    const std::string command =
        fmt::format("psql -q -X '{}' -c \"\\copy t FROM '{}' CSV\"", place().postgres, place().csv);
    if (std::system(command.c_str()) != 0) state.SkipWithError("psql");
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(psql_copy)->Unit(benchmark::kMillisecond)->UseRealTime();

void columnar_read(benchmark::State& state, bool postgresql) {
  auto db = fresh(state, postgresql);
  if (!db || !write_all(db.get())) return;
  std::string columns = "c0";
  for (int i = 1; i < 20; ++i) columns += fmt::format(", c{}", i);
  Batch batch;
  for (auto _ : state) {
    auto rows = db->query("SELECT " + columns + " FROM t");
    size_t count = 0;
    while (rows && (*rows)->next(&batch).value_or(false)) count += batch.rows();
    if (count != kRows) state.SkipWithError("rows are missing");
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK_CAPTURE(columnar_read, sqlite, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(columnar_read, postgresql, true)->Unit(benchmark::kMillisecond)->UseRealTime();

// Peer: a loop by hand over the C API of the same file, each value summed or measured.
void sqlite_hand_loop(benchmark::State& state) {
  auto writer = fresh(state, false);
  if (!writer || !write_all(writer.get())) return;
  sqlite3* db = nullptr;
  sqlite3_open((place().folder->path() + "/t.gpkg").c_str(), &db);
  std::string columns = "c0";
  for (int i = 1; i < 20; ++i) columns += fmt::format(", c{}", i);
  for (auto _ : state) {
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(db, ("SELECT " + columns + " FROM t").c_str(), -1, &statement, nullptr);
    double sum = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      for (int i = 0; i < 20; ++i) {
        switch (sqlite3_column_type(statement, i)) {
          case SQLITE_INTEGER:
            sum += static_cast<double>(sqlite3_column_int64(statement, i));
            break;
          case SQLITE_FLOAT:
            sum += sqlite3_column_double(statement, i);
            break;
          default:
            benchmark::DoNotOptimize(sqlite3_column_text(statement, i));
            sum += sqlite3_column_bytes(statement, i);
        }
      }
    }
    benchmark::DoNotOptimize(sum);
    sqlite3_finalize(statement);
  }
  sqlite3_close(db);
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(sqlite_hand_loop)->Unit(benchmark::kMillisecond)->UseRealTime();

// Peer: psql's \copy of the table to a file in binary.
void psql_copy_out(benchmark::State& state) {
  auto db = fresh(state, true);
  if (!db || !write_all(db.get())) return;
  const std::string command = fmt::format(
      "psql -q -X '{}' -c \"\\copy t TO '/dev/null' (FORMAT binary)\"", place().postgres);
  for (auto _ : state) {
    if (std::system(command.c_str()) != 0) state.SkipWithError("psql");
  }
  state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(psql_copy_out)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace yipan::store
