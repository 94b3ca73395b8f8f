// The board: 1,000,000 rows of 20 columns from a rowset onto either database, and back again by
// replay. The peer of each import is the same rows written straight through the store's BulkWriter,
// without key, hash or provenance; compare within one run.
//
// ROWS=100000 in the environment makes it shorter.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>

#include "board/city_for_tests.h"
#include "board/row_hash.h"
#include "board/tables.h"
#include "board/test_support.h"
#include "support/postgres.h"

namespace yipan::board {
namespace {

uint64_t row_count() {
  const char* given = std::getenv("ROWS");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 1'000'000;
}

std::string wide_bundle() {
  std::string fields = R"({"name":"id","type":"string","title":"编号","title_en":"Id"})";
  const auto add = [&](const std::string& name, const std::string& type, int count) {
    for (int i = 0; i < count; ++i) {
      fields += R"(,{"name":")" + name + std::to_string(i) + R"(","type":")" + type +
                R"(","title":"甲","title_en":"A"})";
    }
  };
  add("code", "string", 4);
  add("name", "string", 3);
  add("amount", "integer", 6);
  add("ratio", "number", 3);
  add("day", "date", 2);
  add("flag", "boolean", 1);
  return R"({"format":"yipan-schemas/1","tables":[{"name":"wide","title":"宽","title_en":"Wide",)"
         R"("fields":[)" +
         fields + R"(],"primaryKey":["id"]}]})";
}

// Values as in a city's files: ids, short codes, Chinese names, amounts in fen, dates.
void append_value(Random* random, uint64_t row, size_t column, Column* out) {
  static const char* const kNames[] = {"城投集团有限公司", "市住房和城乡建设局", "第三人民医院",
                                       "高新区管委会"};
  if (column != 0 && random->chance(0.05)) return out->append_null();
  switch (out->type()) {
    case Type::text:
      if (column == 0)
        return out->append_bytes(fmt::format("XX-{:08}", row * 2654435761 % 99999989));
      if (column < 5) return out->append_bytes(fmt::format("C{:03}", random->below(500)));
      return out->append_bytes(kNames[random->below(4)]);
    case Type::integer:
      return out->append_int(random->between(0, 5'000'000'000));
    case Type::real:
      return out->append_real(random->unit() * 100);
    case Type::date:
      return out->append_int(random->between(14'000, 19'300));
    default:
      return out->append_int(static_cast<int64_t>(random->below(2)));
  }
}

class WideCity {
 public:
  WideCity() : adoption_(city_.adoption(wide_bundle())) {
    schemas_ = std::move(Schemas::parse_bundle(wide_bundle()).value());
    header_ = {"wide", field_names(schemas_.all()[0]), schemas_.all()[0].types()};
  }
  TestCity& city() { return city_; }
  const ledger::Entry& adoption() const { return adoption_; }
  const TableSchema& table() const { return schemas_.all()[0]; }
  const RowsetHeader& header() const { return header_; }

  Batch batch(uint64_t from, size_t rows, uint64_t vintage = 0) const {
    Batch out(header_.types);
    for (uint64_t row = from; row < from + rows; ++row) {
      // One row in a hundred differs from vintage to vintage.
      Random random(row % 100 == 7 ? row + vintage * 1'000'000'007 : row);
      for (size_t c = 0; c < out.columns.size(); ++c) {
        append_value(&random, row, c, &out.columns[c]);
      }
    }
    return out;
  }
  ledger::Entry import(uint64_t rows, uint64_t vintage = 0) {
    DatasetImport body;
    body.dataset = "xx/wide";
    body.table = "wide";
    body.file_hash = city_.ledger().put_blob("file").value();
    auto blob = std::move(city_.ledger().new_blob().value());
    RowsetWriter writer(blob.get(), header_);
    for (uint64_t at = 0; at < rows; at += kRowsetBatchRows) {
      const size_t count = std::min<uint64_t>(kRowsetBatchRows, rows - at);
      std::vector<uint64_t> source(count);
      for (size_t i = 0; i < count; ++i) source[i] = at + i + 2;
      CHECK(writer.append(batch(at, count, vintage), source).has_value());
    }
    body.rows = writer.finish().value();
    body.rowset_hash = blob->commit().value();
    return city_.entry("dataset.import", body.dataset, body.to_json(),
                       {body.file_hash, body.rowset_hash});
  }

 private:
  TestCity city_;
  ledger::Entry adoption_;
  Schemas schemas_;
  RowsetHeader header_;
};

WideCity& wide_city() {
  static WideCity city;
  return city;
}

void rate(benchmark::State& state, uint64_t rows) {
  state.counters["rows/s"] =
      benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kIsIterationInvariantRate);
}

void peak_memory(benchmark::State& state) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

void BM_RowHash(benchmark::State& state) {
  const Batch batch = wide_city().batch(0, kRowsetBatchRows);
  RowEncoder encoder;
  for (auto _ : state) {
    for (size_t i = 0; i < batch.rows(); ++i) {
      benchmark::DoNotOptimize(encoder.hash(batch, i, batch.columns.size()));
    }
  }
  rate(state, kRowsetBatchRows);
}
BENCHMARK(BM_RowHash);

void BM_RowsetWrite(benchmark::State& state) {
  const Batch batch = wide_city().batch(0, kRowsetBatchRows);
  const std::vector<uint64_t> source(kRowsetBatchRows, 2);
  std::string bytes;
  for (auto _ : state) {
    bytes.clear();
    MemoryBlob blob(&bytes);
    RowsetWriter writer(&blob, wide_city().header());
    CHECK(writer.append(batch, source).has_value() && writer.finish().has_value());
  }
  rate(state, kRowsetBatchRows);
  state.counters["bytes/row"] = static_cast<double>(bytes.size()) / kRowsetBatchRows;
}
BENCHMARK(BM_RowsetWrite);

void BM_RowsetRead(benchmark::State& state) {
  const Batch batch = wide_city().batch(0, kRowsetBatchRows);
  std::string bytes;
  MemoryBlob blob(&bytes);
  RowsetWriter writer(&blob, wide_city().header());
  CHECK(writer.append(batch, std::vector<uint64_t>(kRowsetBatchRows, 2)).has_value());
  CHECK(writer.finish().has_value());
  Batch read;
  std::vector<uint64_t> rows;
  for (auto _ : state) {
    auto reader = std::move(RowsetReader::open(std::make_unique<MemoryFile>(bytes)).value());
    while (reader->next(&read, &rows).value()) benchmark::DoNotOptimize(read);
  }
  rate(state, kRowsetBatchRows);
}
BENCHMARK(BM_RowsetRead);

void BM_PeerBulkWriter(benchmark::State& state, store::Dialect dialect) {
  const store::TableSpec spec = wide_city().table().table_spec();
  for (auto _ : state) {
    state.PauseTiming();
    test::ScratchDatabase place(dialect);
    auto db = std::move(place.open().value());
    store::TableSpec bare = spec;
    bare.primary_key.clear();
    CHECK(db->create_table(bare).has_value());
    const Batch batch = wide_city().batch(0, kRowsetBatchRows);
    state.ResumeTiming();
    CHECK(db->begin().has_value());
    auto writer = std::move(db->bulk(bare.name, bare.columns).value());
    for (uint64_t rows = 0; rows < row_count(); rows += batch.rows()) {
      CHECK(writer->append(batch).has_value());
    }
    CHECK(writer->finish().has_value() && db->commit().has_value());
  }
  rate(state, row_count());
}

// Rowset in the ledger already; stage, append, commit.
void BM_Import(benchmark::State& state, store::Dialect dialect) {
  for (auto _ : state) {
    state.PauseTiming();
    WideCity city;
    test::ScratchDatabase place(dialect);
    auto board = std::move(city.city().board(std::move(place.open().value())).value());
    CHECK(city.city().submit(*board, city.adoption()).has_value());
    const ledger::Entry entry = city.import(row_count());
    state.ResumeTiming();
    CHECK(city.city().submit(*board, entry).has_value());
  }
  rate(state, row_count());
  peak_memory(state);
}

// A second vintage in which one row in a hundred is another.
void BM_Resubmit(benchmark::State& state, store::Dialect dialect) {
  for (auto _ : state) {
    state.PauseTiming();
    WideCity city;
    test::ScratchDatabase place(dialect);
    auto board = std::move(city.city().board(std::move(place.open().value())).value());
    CHECK(city.city().submit(*board, city.adoption()).has_value());
    CHECK(city.city().submit(*board, city.import(row_count())).has_value());
    const ledger::Entry entry = city.import(row_count(), 1);
    state.ResumeTiming();
    const auto diff = city.city().submit(*board, entry);
    CHECK(diff.has_value() && diff->changed == row_count() / 100);
  }
  rate(state, row_count());
  peak_memory(state);
}

enum class Whole { rebuild, content_hash, fsck };
void BM_Whole(benchmark::State& state, store::Dialect dialect, Whole what) {
  WideCity city;
  test::ScratchDatabase place(dialect);
  auto board = std::move(city.city().board(std::move(place.open().value())).value());
  CHECK(city.city().submit(*board, city.adoption()).has_value());
  CHECK(city.city().submit(*board, city.import(row_count())).has_value());
  for (auto _ : state) {
    if (what == Whole::rebuild) CHECK(board->rebuild().has_value());
    if (what == Whole::content_hash) CHECK(board->content_hash().has_value());
    if (what == Whole::fsck) CHECK(board->fsck()->empty());
  }
  rate(state, row_count());
  peak_memory(state);
}

constexpr auto kSqlite = store::Dialect::sqlite;
constexpr auto kPostgresql = store::Dialect::postgresql;
#define YIPAN_WHOLE_RUN Unit(benchmark::kMillisecond)->Iterations(1)->UseRealTime()
BENCHMARK_CAPTURE(BM_PeerBulkWriter, sqlite, kSqlite)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Import, sqlite, kSqlite)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Resubmit, sqlite, kSqlite)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Whole, sqlite_rebuild, kSqlite, Whole::rebuild)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Whole, sqlite_hash, kSqlite, Whole::content_hash)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Whole, sqlite_fsck, kSqlite, Whole::fsck)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_PeerBulkWriter, postgresql, kPostgresql)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Import, postgresql, kPostgresql)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Resubmit, postgresql, kPostgresql)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Whole, postgresql_rebuild, kPostgresql, Whole::rebuild)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Whole, postgresql_hash, kPostgresql, Whole::content_hash)->YIPAN_WHOLE_RUN;
BENCHMARK_CAPTURE(BM_Whole, postgresql_fsck, kPostgresql, Whole::fsck)->YIPAN_WHOLE_RUN;

}  // namespace
}  // namespace yipan::board
